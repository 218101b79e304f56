/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of fields: request headers, cookies, media types, response headers. */
#include "http/guard.h"

Str http_field(const HttpFields *fields, Str name)
{
    for (size_t i = 0; i < fields->len; i++)
        if (str_eq(fields->at[i].name, name))
            return fields->at[i].value;
    return S("");
}

bool http_has(const HttpFields *fields, Str name)
{
    for (size_t i = 0; i < fields->len; i++)
        if (str_eq(fields->at[i].name, name))
            return true;
    return false;
}

static bool server_owned(Str name)
{
    return str_eq_ascii_nocase(name, S("Content-Length")) || str_eq_ascii_nocase(name, S("Transfer-Encoding")) ||
           str_eq_ascii_nocase(name, S("Connection")) || str_eq_ascii_nocase(name, S("Date")) ||
           str_eq_ascii_nocase(name, S("Server"));
}

static bool header_text(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.at[i] < 0x20 && s.at[i] != '\t') || s.at[i] == 0x7F)
            return false;
    return true;
}

void http_set(HttpTask *t, Str name, Str value)
{
    if (!name.len || server_owned(name) || !header_text(name) || !header_text(value) || str_has(name, S(":")) ||
        str_has(name, S(" ")))
        return;
    HttpFields *list = &t->res.headers;
    if (!str_eq_ascii_nocase(name, S("Set-Cookie")))
        for (size_t i = 0; i < list->len; i++)
            if (str_eq_ascii_nocase(list->at[i].name, name)) {
                list->at[i].value = value;
                return;
            }
    *list_add(t->arena, list) = (HttpField){ name, value };
}

void cookies_read(Arena *a, Str header, HttpFields *out)
{
    while (header.len) {
        StrPair p = str_cut(header, ';'), nv = str_cut(p.head, '=');
        Str     name = str_trim(nv.head), value = str_trim(nv.tail);
        header = p.tail;
        if (nv.head.len == p.head.len || !name.len)
            continue;                            /* no "=": not a cookie of ours */
        if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
            value = (Str){ value.at + 1, value.len - 2 };
        *list_add(a, out) = (HttpField){ name, value };
    }
}

Str media_type(Arena *a, Str header)
{
    return str_lower_ascii(a, str_trim(str_cut(header, ';').head));
}

/* Reads one value, quoted or plain, from *s up to the next ';'. */
static bool param_value(Arena *a, Str *s, Str *out)
{
    if (!s->len || s->at[0] != '"') {
        StrPair p = str_cut(*s, ';');
        *out      = str_trim(p.head);
        *s        = p.head.len < s->len ? (Str){ p.tail.at - 1, p.tail.len + 1 } : S("");
        return !str_has(*out, S("\"")) && !str_has(*out, S(" "));
    }
    char  *at = arena_take(a, s->len, 1, 1);
    size_t n = 0, i = 1;
    for (; i < s->len && s->at[i] != '"'; i++) {
        /* Browsers send a quote in a file name as %22 and a backslash as itself; "\"" comes from other clients. */
        if (s->at[i] == '\\' && i + 1 < s->len && s->at[i + 1] == '"')
            i++;
        at[n++] = s->at[i];
    }
    if (i >= s->len)
        return false;
    *out = (Str){ at, n };
    *s   = str_trim(str_skip(*s, i + 1));
    return s->len == 0 || s->at[0] == ';';
}

int media_param(Arena *a, Str header, Str name, Str *out)
{
    Str rest  = str_skip(header, str_cut(header, ';').head.len);
    int found = 0;
    *out      = S("");
    while (rest.len) {                           /* rest starts with ';' */
        rest = str_trim(str_skip(rest, 1));
        if (!rest.len)
            break;
        StrPair p = str_cut(rest, '=');
        Str     value;
        if (p.head.len == rest.len || str_has(p.head, S(";")) || str_has(p.head, S("\"")))
            return -1;
        rest = str_trim(p.tail);
        if (!param_value(a, &rest, &value))
            return -1;
        if (!str_eq_ascii_nocase(str_trim(p.head), name))
            continue;
        if (found++)
            return -1;
        *out = value;
    }
    return found;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Percent coding, paths, queries and url-encoded forms. */
#include "http/guard.h"

int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static bool unreserved(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

Str url_encode(Arena *a, Str s)
{
    static const char digits[] = "0123456789ABCDEF";
    char *at = arena_take(a, s.len, 3, 1), *to = at;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (unreserved(s.at[i])) {
            *to++ = s.at[i];
        } else {
            *to++ = '%';
            *to++ = digits[c >> 4];
            *to++ = digits[c & 15];
        }
    }
    return (Str){ at, (size_t)(to - at) };
}

bool url_decode(Arena *a, Str s, bool plus_is_space, Str *out)
{
    if (!s.len || (!memchr(s.at, '%', s.len) && !(plus_is_space && memchr(s.at, '+', s.len)))) {
        *out = s;
        return true;
    }
    char *at = arena_take(a, s.len, 1, 1), *to = at;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '%') {
            if (s.len - i < 3 || hex_value(s.at[i + 1]) < 0 || hex_value(s.at[i + 2]) < 0)
                return false;
            *to++ = (char)(hex_value(s.at[i + 1]) << 4 | hex_value(s.at[i + 2]));
            i += 2;
        } else {
            *to++ = plus_is_space && s.at[i] == '+' ? ' ' : s.at[i];
        }
    }
    *out = (Str){ at, (size_t)(to - at) };
    return true;
}

/* Length of the well-formed character at p (n bytes left), 0 when there is none. */
static size_t utf8_step(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    size_t len = p[0] >= 0xC2 && p[0] <= 0xDF ? 2
               : (p[0] & 0xF0) == 0xE0        ? 3
               : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4 : 0;
    if (len == 0 || len > n)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool beyond   = (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF4 && p[1] > 0x8F);
    return overlong || beyond ? 0 : len;
}

bool utf8_whole(Str s)
{
    for (size_t i = 0; i < s.len;) {
        size_t n = utf8_step((const unsigned char *)s.at + i, s.len - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

/* One segment, still encoded. */
static int segment_read(Arena *a, Str raw, Str *out)
{
    Str s;
    if (!url_decode(a, raw, false, &s))
        return 400;
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7F || s.at[i] == '/' || s.at[i] == '\\')
            return 400;
    if (str_eq(s, S(".")) || str_eq(s, S("..")) || !utf8_whole(s))
        return 400;
    *out = s;
    return 0;
}

static bool plain_path(Str raw)
{
    for (size_t i = 0; i < raw.len; i++)
        if (!unreserved(raw.at[i]) && raw.at[i] != '/')
            return false;
    return !str_has(raw, S("//")) && !str_has(raw, S("/."));
}

int path_read(Arena *a, Str raw, Str *out)
{
    if (raw.len == 0 || raw.at[0] != '/')
        return 400;
    if (plain_path(raw)) {
        *out = raw;
        return 0;
    }
    char *at = arena_take(a, raw.len + 1, 1, 1), *to = at;
    for (Str rest = str_skip(raw, 1);;) {
        StrPair p     = str_cut(rest, '/');
        bool    last  = p.head.len == rest.len;
        Str     clean = { 0 };
        int     bad   = segment_read(a, p.head, &clean);
        if (bad)
            return bad;
        if (clean.len || to == at || last) {
            if (to == at || to[-1] != '/')
                *to++ = '/';
            to = clean.len ? mempcpy(to, clean.at, clean.len) : to;
        }
        if (last)
            break;
        rest = p.tail;
    }
    *out = (Str){ at, (size_t)(to - at) };
    return 0;
}

static bool clean_text(Str s)
{
    return !s.len || (!memchr(s.at, '\0', s.len) && utf8_whole(s));
}

Err url_form_parse(Arena *a, Str body, const HttpLimits *l, HttpFields *out)
{
    while (body.len) {
        StrPair   p = str_cut(body, '&'), nv = str_cut(p.head, '=');
        HttpField f;
        body = p.tail;
        if (!p.head.len)
            continue;
        if (out->len >= (size_t)l->form_fields)
            return err_new(a, ERR_TOO_LARGE, S("too many form fields"));
        if (!url_decode(a, nv.head, true, &f.name) || !url_decode(a, nv.tail, true, &f.value))
            return err_new(a, ERR_INVALID, S("broken percent coding"));
        if (f.value.len > (size_t)l->value_bytes || f.name.len > (size_t)l->value_bytes)
            return err_new(a, ERR_INVALID, S("a form value is too long"));
        if (!clean_text(f.name) || !clean_text(f.value))
            return err_new(a, ERR_INVALID, S("form text is not UTF-8"));
        *list_add(a, out) = f;
    }
    return OK;
}

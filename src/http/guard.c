/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The request guard: what a request line and headers may look like. Two readers of the same bytes (a proxy and this
 * server) must never see different requests, so whatever RFC 9112 lets a recipient guess about is refused. */
#include "http/guard.h"

#define LENGTH_DIGITS 15

enum { TOKEN = 1, UPPER = 2, VALUE = 4, TARGET = 8 };
static const uint8_t kinds[256] = {
    ['\t'] = VALUE,        [' '] = VALUE,
    ['!'] = TOKEN | VALUE | TARGET, ['"'] = VALUE, ['#'] = TOKEN | VALUE,
    ['$' ... '\''] = TOKEN | VALUE | TARGET, ['('] = VALUE | TARGET, [')'] = VALUE | TARGET,
    ['*'] = TOKEN | VALUE | TARGET, ['+'] = TOKEN | VALUE | TARGET, [','] = VALUE | TARGET,
    ['-'] = TOKEN | VALUE | TARGET, ['.'] = TOKEN | VALUE | TARGET, ['/'] = VALUE | TARGET,
    ['0' ... '9'] = TOKEN | VALUE | TARGET, [':'] = VALUE | TARGET, [';'] = VALUE | TARGET, ['<'] = VALUE,
    ['='] = VALUE | TARGET, ['>'] = VALUE, ['?'] = VALUE | TARGET, ['@'] = VALUE | TARGET,
    ['A' ... 'Z'] = TOKEN | UPPER | VALUE | TARGET, ['['] = VALUE | TARGET, ['\\'] = VALUE | TARGET,
    [']'] = VALUE | TARGET, ['^' ... '`'] = TOKEN | VALUE | TARGET, ['a' ... 'z'] = TOKEN | VALUE | TARGET,
    ['{'] = VALUE | TARGET, ['|'] = TOKEN | VALUE | TARGET, ['}'] = VALUE | TARGET, ['~'] = TOKEN | VALUE | TARGET,
    [0x80 ... 0xFF] = VALUE,
};

static bool all_of(Str s, int kind)
{
    for (size_t i = 0; i < s.len; i++)
        if (!(kinds[(unsigned char)s.at[i]] & kind))
            return false;
    return true;
}

bool token_byte(char c)
{
    return kinds[(unsigned char)c] & TOKEN;
}

/* ---- Finding the end of a head --------------------------------------------------------------- */

/* "HTTP/1.1" or "HTTP/1.0" at the end of the line; 505 for another version, 400 for none. */
static int version_read(Str line, int *out_minor)
{
    if (line.len < 9 || line.at[line.len - 9] != ' ')
        return 400;
    const char *v = line.at + line.len - 8;
    if (memcmp(v, "HTTP/", 5) != 0 || v[5] < '0' || v[5] > '9' || v[6] != '.' || v[7] < '0' || v[7] > '9')
        return 400;
    if (v[5] != '1' || v[7] > '1')
        return 505;
    *out_minor = v[7] - '0';
    return 0;
}

/* A line has ended at end (its LF). Sets *done at the empty line after the headers. */
static int line_ended(HeadScan *s, Str bytes, size_t end, const HttpLimits *l, bool *done)
{
    if (end == s->line || bytes.at[end - 1] != '\r')
        return 400;
    Str line = { bytes.at + s->line, end - 1 - s->line };
    s->line  = end + 1;
    if (s->fields_at == 0) {
        int minor;
        if (line.len == 0 && s->start == 0) {   /* RFC 9112 2.2: one empty line before the request is let pass */
            s->start = s->line;
            return 0;
        }
        s->fields_at = s->line;
        return line.len > (size_t)l->line_bytes ? 414 : version_read(line, &minor);
    }
    *done = line.len == 0;
    if (*done)
        return 0;
    return ++s->fields > l->header_fields || s->line - s->fields_at > (size_t)l->header_bytes ? 431 : 0;
}

int head_scan(HeadScan *s, Str bytes, const HttpLimits *l, size_t *out_end)
{
    *out_end = 0;
    while (s->at < bytes.len) {
        if (s->at == s->line && s->fields_at == 0 && bytes.at[s->at] != '\r' && !token_byte(bytes.at[s->at]))
            return 400;                         /* not HTTP at all, TLS for instance: no need to wait for a line */
        const char *lf = memchr(bytes.at + s->at, '\n', bytes.len - s->at);
        if (!lf) {
            s->at = bytes.len;
            break;
        }
        bool   done = false;
        size_t end  = (size_t)(lf - bytes.at);
        int    bad  = line_ended(s, bytes, end, l, &done);
        if (bad)
            return bad;
        s->at = end + 1;
        if (done) {
            *out_end = s->at;
            return 0;
        }
    }
    if (s->fields_at == 0)                      /* one byte more for the CR */
        return bytes.len - s->line > (size_t)l->line_bytes + 1 ? 414 : 0;
    return bytes.len - s->fields_at > (size_t)l->header_bytes + 1 ? 431 : 0;
}

/* ---- Request line ---------------------------------------------------------------------------- */

static const struct { Str name; Method method; int status; } methods[] = {
    { S_INIT("GET"), GET, 0 },
    { S_INIT("POST"), POST, 0 },
    { S_INIT("HEAD"), HEAD, 0 },
    { S_INIT("PUT"), PUT, 0 },
    { S_INIT("DELETE"), DELETE, 0 },
    { S_INIT("OPTIONS"), METHOD_OTHER, 0 },
    { S_INIT("PATCH"), METHOD_OTHER, 0 },
    { S_INIT("TRACE"), METHOD_OTHER, 405 },
    { S_INIT("TRACK"), METHOD_OTHER, 405 },
    { S_INIT("CONNECT"), METHOD_OTHER, 405 },
};

static int method_read(Str name, Method *out)
{
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (str_eq(name, methods[i].name)) {
            *out = methods[i].method;
            return methods[i].status;
        }
    return name.len && all_of(name, TOKEN) ? 501 : 400;
}

bool host_valid(Str host)
{
    size_t i = 0;
    if (host.len && host.at[0] == '[') {
        for (i = 1; i < host.len && host.at[i] != ']'; i++)
            if (!strchr("0123456789abcdefABCDEF:.", host.at[i]) || host.at[i] == '\0')
                return false;
        if (i < 3 || i++ >= host.len)
            return false;
    } else {
        while (i < host.len && (kinds[(unsigned char)host.at[i]] & TOKEN) && !strchr("!#$%&'*+^`|~", host.at[i]))
            i++;
    }
    if (i == 0 || i > 255)
        return false;
    int64_t port;
    return i == host.len ||
           (host.at[i] == ':' && host.len - i >= 2 && host.len - i <= 6 && host.at[i + 1] != '-' &&
            str_to_i64((Str){ host.at + i + 1, host.len - i - 1 }, &port) && port > 0 && port <= 65535);
}

/* Splits a target into authority (empty in origin form), path and query. */
static int target_read(Str target, Str *authority, Str *path, Str *query)
{
    if (!all_of(target, TARGET))
        return 400;
    if (str_eq(target, S("*")))
        return 501;
    if (target.len == 0 || target.at[0] != '/') {
        size_t skip = str_eq_ascii_nocase(str_take(target, 7), S("http://")) ? 7
                    : str_eq_ascii_nocase(str_take(target, 8), S("https://")) ? 8 : 0;
        if (!skip)
            return 400;
        Str rest = str_skip(target, skip);
        size_t n = 0;
        while (n < rest.len && rest.at[n] != '/' && rest.at[n] != '?')
            n++;
        *authority = str_take(rest, n);
        target     = str_skip(rest, n);
        if (!host_valid(*authority))
            return 400;
    }
    StrPair parts = str_cut(target, '?');
    *path         = parts.head.len ? parts.head : S("/");
    *query        = parts.tail;
    return 0;
}

/* ---- Headers --------------------------------------------------------------------------------- */

typedef struct Framing { Str host, length, coding; int hosts, lengths, codings; size_t cookie_bytes; } Framing;

/* "Content_Length" or "transfer.encoding": a name that some reader may take for a framing header. */
static bool disguised(Str name)
{
    char   plain[20];
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] >= 'a' && name.at[i] <= 'z') {
            if (n == sizeof plain)
                return false;
            plain[n++] = name.at[i];
        }
    }
    Str p = { plain, n };
    return str_eq(p, S("contentlength")) || str_eq(p, S("transferencoding")) || str_eq(p, S("host"));
}

static void framing_note(Framing *f, Str name, Str value)
{
    if (str_eq(name, S("host"))) {
        f->host = value;
        f->hosts++;
    } else if (str_eq(name, S("content-length"))) {
        f->length = value;
        f->lengths++;
    } else if (str_eq(name, S("transfer-encoding"))) {
        f->coding = value;
        f->codings++;
    } else if (str_eq(name, S("cookie"))) {
        f->cookie_bytes += value.len;
    }
}

/* One line without its end. The name is lowered in place. */
static int field_read(char *at, size_t len, HttpField *out)
{
    size_t n     = 0;
    bool   plain = true;
    for (; n < len && at[n] != ':'; n++) {
        unsigned char c = (unsigned char)at[n];
        if (!(kinds[c] & TOKEN))
            return 400;                        /* a blank before the colon, a folded line, a control */
        if (kinds[c] & UPPER)
            at[n] = (char)(c | 0x20);
        else if ((c < 'a' || c > 'z') && c != '-')
            plain = false;
    }
    if (n == 0 || n == len)
        return 400;
    Str value = { at + n + 1, len - n - 1 };
    if (!all_of(value, VALUE))
        return 400;
    out->name  = (Str){ at, n };
    out->value = str_trim(value);
    return !plain && disguised(out->name) ? 400 : 0;
}

static int fields_read(Arena *a, char *at, size_t len, HttpFields *out, Framing *f)
{
    while (len > 2) {
        char *end = memchr(at, '\r', len);
        if (!end || (size_t)(end - at) + 1 >= len || end[1] != '\n')
            return 400;                        /* a bare CR */
        HttpField field;
        int       bad = field_read(at, (size_t)(end - at), &field);
        if (bad)
            return bad;
        framing_note(f, field.name, field.value);
        *list_add(a, out) = field;
        len -= (size_t)(end + 2 - at);
        at = end + 2;
    }
    return 0;
}

static bool digits_only(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

/* RFC 9112 6: how long the body is, with every doubt refused. */
static int length_read(const Framing *f, Method method, Str method_name, int minor, int64_t *out)
{
    *out = 0;
    if (f->lengths > 1 || f->codings > 1 || (f->lengths && f->codings))
        return 400;
    if (f->codings) {
        *out = -1;
        if (minor == 0)
            return 400;
        return str_eq_ascii_nocase(f->coding, S("chunked")) ? 0 : 501;
    }
    if (f->lengths) {
        if (!digits_only(f->length))
            return 400;
        return f->length.len > LENGTH_DIGITS ? 413 : str_to_i64(f->length, out) ? 0 : 400;
    }
    return method == POST || method == PUT || str_eq(method_name, S("PATCH")) ? 411 : 0;
}

static bool has_token(Str list, Str token)
{
    while (list.len) {
        StrPair p = str_cut(list, ',');
        if (str_eq_ascii_nocase(str_trim(p.head), token))
            return true;
        list = p.tail;
    }
    return false;
}

static int rest_read(Arena *a, const HttpLimits *l, int minor, Head *h)
{
    h->close = minor == 0;
    for (size_t i = 0; i < h->fields.len; i++) {
        const HttpField *f = &h->fields.at[i];
        if (str_eq(f->name, S("connection")))
            h->close |= has_token(f->value, S("close"));
        else if (str_eq(f->name, S("cookie")))
            cookies_read(a, f->value, &h->cookies);
        else if (str_eq(f->name, S("expect"))) {
            if (!str_eq_ascii_nocase(f->value, S("100-continue")))
                return 417;
            h->expect = minor == 1 && h->length != 0;
        }
    }
    Err e = h->raw_query.len ? url_form_parse(a, h->raw_query, l, &h->query) : OK;
    return !e ? 0 : err_is(e, ERR_TOO_LARGE) ? 414 : 400;
}

int head_read(Arena *a, Str bytes, const HttpLimits *l, Head *out)
{
    if (str_starts(bytes, S("\r\n")))
        bytes = str_skip(bytes, 2);
    char *at = arena_c(a, bytes);
    char *cr = memchr(at, '\r', bytes.len);
    if (!cr || cr[1] != '\n')
        return 400;
    Head    h    = { 0 };
    Str     line = { at, (size_t)(cr - at) }, authority = { 0 }, path;
    Framing f    = { 0 };
    int     minor, bad;
    if ((bad = version_read(line, &minor)))
        return bad;
    StrPair words = str_cut(str_take(line, line.len - 9), ' ');
    if ((bad = method_read(words.head, &h.method)) ||
        (bad = target_read(words.tail, &authority, &path, &h.raw_query)) || (bad = path_read(a, path, &h.path)))
        return bad;
    if ((bad = fields_read(a, cr + 2, bytes.len - line.len - 2, &h.fields, &f)))
        return bad;
    if (f.hosts > 1 || (minor == 1 && !f.hosts) || (f.hosts && !host_valid(f.host)))
        return 400;
    if (authority.len && f.hosts && !str_eq_ascii_nocase(authority, f.host))
        return 400;
    h.host = str_lower_ascii(a, f.hosts ? f.host : authority);
    if ((bad = length_read(&f, h.method, words.head, minor, &h.length)))
        return bad;
    if (f.cookie_bytes > (size_t)l->cookie_bytes)
        return 431;
    if ((bad = rest_read(a, l, minor, &h)))
        return bad;
    *out = h;
    return 0;
}

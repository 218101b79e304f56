/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Growing bytes, numbers and JSON text. */
#include "base/buf.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

Buf buf_new(Arena *a, size_t room)
{
    Buf b = { .a = a };
    buf_room(&b, room ? room : 64);
    return b;
}

void buf_room(Buf *b, size_t more)
{
    if (b->cap - b->len >= more)
        return;
    size_t cap = b->cap ? b->cap : 64;
    while (cap - b->len < more)
        cap *= 2;
    if (b->at && b->at + b->cap == b->a->at && (size_t)(b->a->end - b->a->at) >= cap - b->cap) {
        arena_take(b->a, cap - b->cap, 1, 1);      /* last in the arena: grows in place */
    } else {
        char *to = arena_take(b->a, cap, 1, 1);
        if (b->len)
            memcpy(to, b->at, b->len);
        b->at = to;
    }
    b->cap = cap;
}

void buf_add(Buf *b, Str s)
{
    if (!s.len)
        return;
    buf_room(b, s.len);
    memcpy(b->at + b->len, s.at, s.len);
    b->len += s.len;
}

void buf_byte(Buf *b, char c)
{
    buf_room(b, 1);
    b->at[b->len++] = c;
}

void buf_i64(Buf *b, int64_t n)
{
    char text[24];
    int  len = snprintf(text, sizeof text, "%lld", (long long)n);
    buf_add(b, (Str){ text, (size_t)len });
}

void buf_f64(Buf *b, double x)
{
    char text[40];
    if (isnan(x)) {
        buf_lit(b, "NaN");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    buf_add(b, str_from_c(text));
}

void buf_fmt(Buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    buf_room(b, (size_t)n + 1);
    vsnprintf(b->at + b->len, (size_t)n + 1, format, again);
    b->len += (size_t)n;
    va_end(again);
    va_end(args);
}

void buf_json_str(Buf *b, Str s)
{
    buf_byte(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7F)
            continue;
        buf_add(b, (Str){ s.at + from, i - from });
        from = i + 1;
        switch (c) {
        case '"':  buf_lit(b, "\\\""); break;
        case '\\': buf_lit(b, "\\\\"); break;
        case '\n': buf_lit(b, "\\n"); break;
        case '\r': buf_lit(b, "\\r"); break;
        case '\t': buf_lit(b, "\\t"); break;
        default:   buf_fmt(b, "\\u%04x", c);     /* '<' too: the text may stand in a page */
        }
    }
    if (from < s.len)
        buf_add(b, (Str){ s.at + from, s.len - from });
    buf_byte(b, '"');
}

void buf_json_f64(Buf *b, double x)
{
    if (isfinite(x))
        buf_f64(b, x);
    else
        buf_lit(b, "null");
}

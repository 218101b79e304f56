/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Taking from arenas, texts and lists in them. Where their memory comes from: arena_map.c. */
#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

size_t arena_used(const Arena *a)
{
    return (size_t)(a->at - a->base);
}

/* As it lies: for what is written at once. */
static char *place(Arena *a, size_t count, size_t size, size_t align)
{
    size_t bytes, pad = (size_t)(-(uintptr_t)a->at & (align - 1));
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > (size_t)(a->end - a->at) ||
        pad > (size_t)(a->end - a->at) - bytes) {
        if (a->full)
            longjmp(*a->full, 1);
        fputs("arena: the reserve is used up\n", stderr);
        abort();
    }
    char *at = a->at + pad;
    a->at    = at + bytes;
    return at;
}

void *arena_take(Arena *a, size_t count, size_t size, size_t align)
{
    char  *at    = place(a, count, size, align);
    size_t bytes = count * size;
    return bytes ? memset(at, 0, bytes) : at;
}

Str arena_str(Arena *a, Str s)
{
    char *at = place(a, s.len, 1, 1);
    if (s.len)
        memcpy(at, s.at, s.len);
    return (Str){ at, s.len };
}

char *arena_c(Arena *a, Str s)
{
    char *at = arena_take(a, s.len + 1, 1, 1);
    if (s.len)
        memcpy(at, s.at, s.len);
    return at;
}

Str arena_fmt(Arena *a, const char *format, ...)
{
    char    small[128];                  /* most are short: those are written once */
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, args);
    assert(n >= 0);
    char *at = arena_take(a, (size_t)n + 1, 1, 1);
    if ((size_t)n < sizeof small)
        memcpy(at, small, (size_t)n);
    else
        vsnprintf(at, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return (Str){ at, (size_t)n };
}

Str str_join(Arena *a, const Str *parts, size_t n, Str between)
{
    size_t len = n ? (n - 1) * between.len : 0;
    for (size_t i = 0; i < n; i++)
        len += parts[i].len;
    char *at = place(a, len, 1, 1), *to = at;
    for (size_t i = 0; i < n; i++) {
        if (i && between.len)
            to = mempcpy(to, between.at, between.len);
        if (parts[i].len)
            to = mempcpy(to, parts[i].at, parts[i].len);
    }
    return (Str){ at, len };
}

Str str_concat(Arena *a, Str x, Str y)
{
    return str_join(a, (Str[]){ x, y }, 2, S(""));
}

Str str_lower_ascii(Arena *a, Str s)
{
    char *at = arena_take(a, s.len, 1, 1);
    for (size_t i = 0; i < s.len; i++)
        at[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] + 32) : s.at[i];
    return (Str){ at, s.len };
}

Str str_replace(Arena *a, Str s, Str what, Str with)
{
    assert(what.len);
    StrList parts = { 0 };
    size_t  at;
    while (str_find(s, what, &at)) {
        *list_add(a, &parts) = str_take(s, at);
        s                    = str_skip(s, at + what.len);
    }
    *list_add(a, &parts) = s;
    return str_join(a, parts.at, parts.len, with);
}

Str str_hex(Arena *a, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t    *from     = bytes;
    char             *at       = arena_take(a, 2 * n, 1, 1);
    for (size_t i = 0; i < n; i++) {
        at[2 * i]     = digits[from[i] >> 4];
        at[2 * i + 1] = digits[from[i] & 15];
    }
    return (Str){ at, 2 * n };
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool str_unhex(Str hex, void *out, size_t n)
{
    if (hex.len != 2 * n)
        return false;
    for (size_t i = 0; i < hex.len; i++)
        if (hex_digit(hex.at[i]) < 0)
            return false;
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)out)[i] = (uint8_t)(hex_digit(hex.at[2 * i]) << 4 | hex_digit(hex.at[2 * i + 1]));
    return true;
}

void list_grow(Arena *a, void **at, size_t *cap, size_t len, size_t size)
{
    size_t room = *cap ? 2 * *cap : 8;
    void  *to   = arena_take(a, room, size, 16);
    if (len)
        memcpy(to, *at, len * size);
    *at  = to;
    *cap = room;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Code points in and out, and checking whole texts eight bytes at a time where they are ASCII. */
#include "base/utf8.h"

static bool tail_byte(Str s, size_t i)
{
    return i < s.len && ((unsigned char)s.at[i] & 0xC0) == 0x80;
}

int32_t utf8_next(Str *s)
{
    const unsigned char *c = (const unsigned char *)s->at;
    if (c[0] < 0x80) {
        *s = str_skip(*s, 1);
        return c[0];
    }
    if (c[0] >= 0xC2 && c[0] < 0xE0 && tail_byte(*s, 1)) {
        *s = str_skip(*s, 2);
        return (c[0] & 0x1F) << 6 | (c[1] & 0x3F);
    }
    if ((c[0] & 0xF0) == 0xE0 && tail_byte(*s, 1) && tail_byte(*s, 2)) {
        int32_t cp = (c[0] & 0x0F) << 12 | (c[1] & 0x3F) << 6 | (c[2] & 0x3F);
        if (cp >= 0x800 && (cp < 0xD800 || cp > 0xDFFF)) {
            *s = str_skip(*s, 3);
            return cp;
        }
    }
    if (c[0] >= 0xF0 && c[0] < 0xF5 && tail_byte(*s, 1) && tail_byte(*s, 2) && tail_byte(*s, 3)) {
        int32_t cp = (c[0] & 0x07) << 18 | (c[1] & 0x3F) << 12 | (c[2] & 0x3F) << 6 | (c[3] & 0x3F);
        if (cp >= 0x10000 && cp <= 0x10FFFF) {
            *s = str_skip(*s, 4);
            return cp;
        }
    }
    *s = str_skip(*s, 1);
    return -1;
}

size_t utf8_put(char *out, int32_t cp)
{
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    if (n == 1) {
        out[0] = (char)cp;
        return 1;
    }
    static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = n - 1; i > 0; i--, cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3F));
    out[0] = (char)(lead[n] | cp);
    return n;
}

size_t utf8_fault(Str s)
{
    Str rest = s;
    while (rest.len) {
        uint64_t word;
        while (rest.len >= sizeof word) {
            memcpy(&word, rest.at, sizeof word);
            if (word & UINT64_C(0x8080808080808080))
                break;
            rest = str_skip(rest, sizeof word);
        }
        if (rest.len && (unsigned char)*rest.at < 0x80) {          /* short cells are all tail */
            rest = str_skip(rest, 1);
            continue;
        }
        if (!rest.len)
            break;
        size_t at = s.len - rest.len;
        if (utf8_next(&rest) < 0)
            return at;
    }
    return s.len;
}

bool utf8_valid(Str s)
{
    return utf8_fault(s) == s.len;
}

size_t utf8_count(Str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    return n;
}

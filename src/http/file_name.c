/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* File names as sent by strangers, made fit to be shown and stored. */
#include "http/multipart.h"

#define FILE_NAME_BYTES 255

/* Browsers write CR, LF and the quote of a name as %0D, %0A and %22; only these are undone (HTML standard). */
static Str unquote(Arena *a, Str s)
{
    if (!str_has(s, S("%")))
        return s;
    s = str_replace(a, s, S("%22"), S("\""));
    s = str_replace(a, s, S("%0D"), S(" "));
    return str_replace(a, s, S("%0A"), S(" "));
}

static Str last_part(Str s)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.at[i - 1] == '/' || s.at[i - 1] == '\\')
            return str_skip(s, i);
    return s;
}

/* Bytes at s that must not stay: controls, zero-width and direction marks (U+061C, U+200B–U+200F, U+2028–U+202E,
 * U+2066–U+2069, U+FEFF). */
static size_t unwanted(Str s)
{
    const unsigned char *p = (const unsigned char *)s.at;
    if (p[0] < 0x20 || p[0] == 0x7F)
        return 1;
    if (s.len >= 2 && ((p[0] == 0xC2 && p[1] < 0xA0) || (p[0] == 0xD8 && p[1] == 0x9C)))
        return 2;
    if (s.len < 3)
        return 0;
    bool marks    = p[0] == 0xE2 && p[1] == 0x80 && ((p[2] >= 0x8B && p[2] <= 0x8F) || (p[2] >= 0xA8 && p[2] <= 0xAE));
    bool isolates = p[0] == 0xE2 && p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9;
    return marks || isolates || (p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF) ? 3 : 0;
}

static Str cut_at_character(Str s, size_t most)
{
    if (s.len <= most)
        return s;
    while (most && ((unsigned char)s.at[most] & 0xC0) == 0x80)
        most--;
    return str_take(s, most);
}

Str file_name_clean(Arena *a, Str name)
{
    Str s   = last_part(unquote(a, name));
    Buf out = buf_new(a, s.len + 1);
    while (s.len) {
        size_t skip = unwanted(s);
        if (!skip)
            buf_byte(&out, s.at[0]);
        s = str_skip(s, skip ? skip : 1);
    }
    Str clean = str_trim(buf_str(&out));
    if (str_eq(clean, S(".")) || str_eq(clean, S("..")))
        return S("_");
    if (clean.len <= FILE_NAME_BYTES)
        return clean;
    StrPair p = str_cut_last(clean, '.');
    if (!p.tail.len || p.tail.len > 16 || p.head.len == clean.len)
        return cut_at_character(clean, FILE_NAME_BYTES);
    return str_join(a, (Str[]){ cut_at_character(p.head, FILE_NAME_BYTES - 1 - p.tail.len), p.tail }, 2, S("."));
}

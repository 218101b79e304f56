/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stands in for libraries of the server: chance, normal forms and folded letters come from the browser, XML comes packed. */
#include "base/base.h"
#include "base/xml.h"
#include "i18n/i18n.h"

#include <unistd.h>

void random_bytes(void *out, size_t n)
{
    for (char *to = out; n;) {
        size_t some = n < 256 ? n : 256;
        if (getentropy(to, some))
            __builtin_trap();
        to += some;
        n  -= some;
    }
}

__attribute__((import_module("page"), import_name("nfc"))) size_t page_nfc(const char *at, size_t len, char *out, size_t room);

/* NFC of UTF-8 is at most three times as long. */
Str text_nfc(Arena *a, Str s)
{
    size_t room = 3 * s.len + 1;
    char  *at   = arena_take(a, room, 1, 1);
    return (Str){ at, page_nfc(s.at, s.len, at, room) };
}

__attribute__((import_module("page"), import_name("fold"))) size_t page_fold(const char *at, size_t len, char *out, size_t room);
__attribute__((import_module("page"), import_name("match"))) int page_match(const char *at, size_t len, const char *typed, size_t typed_len);

/* The longest compatible form, U+FDFA, is eleven times as long. */
Str text_fold(Arena *a, Str s)
{
    size_t room = 16 * s.len + 1;
    char  *at   = arena_take(a, room, 1, 1);
    return (Str){ at, page_fold(s.at, s.len, at, room) };
}

int text_match(Arena scratch, Str s, Str q)
{
    return page_match(s.at, s.len, q.at, q.len);
}

/* The server has read the bytes and kept to its limits. */
Err xml_parse(Arena *a, Str bytes, XmlLimits limits, Xml **out)
{
    return xml_unpack(a, bytes, out);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Text as it is kept: NFC, no control characters. */
#include "i18n/i18n.h"

/* Control characters, marks that turn the reading direction around, and code points that are none. */
static bool forbidden(int32_t cp)
{
    if (cp < 0x20)
        return cp != '\n' && cp != '\t' && cp != '\r';
    return (cp >= 0x7F && cp < 0xA0) || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) ||
           (cp >= 0xFDD0 && cp <= 0xFDEF) || (cp & 0xFFFE) == 0xFFFE;
}

/* Code points that are in NFC whatever stands beside them; the rest is for ICU to judge. */
static bool plainly_nfc(int32_t cp)
{
    return cp < 0x300 || (cp >= 0x1E00 && cp < 0x1F00) || (cp >= 0x2010 && cp < 0x2028) || cp == 0x20AB;
}

static Str lines_joined(Arena *a, Str s)
{
    Buf b = buf_new(a, s.len);
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\r' && i + 1 < s.len && s.at[i + 1] == '\n')
            continue;
        buf_byte(&b, s.at[i] == '\r' ? '\n' : s.at[i]);
    }
    return buf_str(&b);
}

bool text_clean(Arena *a, Str s, Str *out)
{
    bool plain = true, returns = false;
    for (Str rest = s; rest.len;) {
        int32_t cp = utf8_next(&rest);
        if (cp < 0 || forbidden(cp))
            return false;
        plain &= plainly_nfc(cp);
        returns |= cp == '\r';
    }
    if (returns)
        s = lines_joined(a, s);
    if (!plain) {
        if (s.len > INT32_MAX / 4)
            return false;
        s = text_nfc(a, s);
    }
    *out = s;
    return true;
}

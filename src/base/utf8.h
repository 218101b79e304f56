/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing past U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

bool    utf8_valid(Str s);
size_t  utf8_fault(Str s);                    /* bytes before the first that is wrong; s.len when all are right */
size_t  utf8_count(Str s);                    /* code points */
/* Takes one code point off a text that is not empty; -1 for a byte that begins none (one byte is taken). */
int32_t utf8_next(Str *s);
size_t  utf8_put(char *out, int32_t cp);      /* up to 4 bytes; how many */

#endif

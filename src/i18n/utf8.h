/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Code points of UTF-8 text, for the files of this module. */
#ifndef I18N_UTF8_H
#define I18N_UTF8_H

#include "base/str.h"

/* Takes one code point off valid or invalid UTF-8; -1 for a byte that begins none (one byte is taken). */
int32_t utf8_next(Str *s);
size_t  utf8_put(char *out, int32_t cp);     /* up to 4 bytes */

#endif

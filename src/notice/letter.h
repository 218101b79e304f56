/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A letter as bytes (RFC 5322): text/plain in UTF-8. Headers come from typed writers, so that no text of a person becomes a header. */
#ifndef NOTICE_LETTER_H
#define NOTICE_LETTER_H

#include "base/base.h"

typedef struct Letter { Str from, to, subject, text; int64_t id; Time at; } Letter;
/* An address as mail takes it: ASCII, one @, no blanks, quotes, brackets, commas or line ends; 254 bytes at most. */
bool letter_address(Str s);
/* Encoded words of RFC 2047 where more than plain ASCII stands, folded; no line end of the text survives. */
void letter_words(Buf *b, Str text);
/* from and to have passed letter_address. The Message-ID follows from id and the domain of from: the same each time. */
Str letter_write(Arena *a, const Letter *l);

#endif

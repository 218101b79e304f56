/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Text as a slice: a pointer and a length into a request, a row or a literal. Read-only, never owned. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str { const char *at; size_t len; } Str;
typedef struct StrPair { Str head, tail; } StrPair;

/* A string literal as Str; anything but a literal does not compile. */
#define S(literal) ((Str){ "" literal, sizeof(literal) - 1 })
/* The same for static tables, where a compound literal is not constant. */
#define S_INIT(literal) { "" literal, sizeof(literal) - 1 }
/* printf-style pair for "%.*s" in logs and tests. */
#define STR_ARG(s) (int)(s).len, (s).at

Str  str_from_c(const char *zero_terminated);          /* NULL gives the empty Str */
bool str_eq(Str a, Str b);
bool str_eq_ascii_nocase(Str a, Str b);
int  str_cmp(Str a, Str b);                             /* by bytes; shorter first on a tie */
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
bool str_find(Str s, Str needle, size_t *out_at);
bool str_has(Str s, Str needle);
bool str_has_word(Str words, Str word);                 /* words apart by single blanks, as choices of an answer are */
Str  str_trim(Str s);                                   /* ASCII blanks at both ends */
Str  str_skip(Str s, size_t n);                         /* without the first n bytes */
Str  str_take(Str s, size_t n);                         /* at most the first n bytes */
/* Splits at the first mark; without a mark head is all of s and tail is empty. */
StrPair str_cut(Str s, char mark);
StrPair str_cut_last(Str s, char mark);
/* Whole text as a number in base 10; false (and *out untouched) on anything else or overflow. */
bool str_to_i64(Str s, int64_t *out);
bool str_to_f64(Str s, double *out);
/* Keyed hash for tables fed by outsiders; the key is drawn once per process. */
uint64_t str_hash(Str s);

#endif

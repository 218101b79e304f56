/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Catalogues (vi, en), numbers, dates, Vietnamese order and search folding (ICU). */
#ifndef I18N_I18N_H
#define I18N_I18N_H

#include "base/base.h"
#include "base/utf8.h"     /* utf8_valid, utf8_count */

typedef enum Lang { LANG_VI, LANG_EN, LANG_COUNT } Lang;
Str  lang_code(Lang l);                                  /* "vi", "en" */
Str  lang_own_name(Lang l);                              /* "Tiếng Việt", "English" */
bool lang_parse(Str code, Lang *out);

/* ---- Catalogue: locale/<lang>/<module>.txt, lines "key = text"; a missing key fails the build.
 * text_of takes a literal key, resolved once per call site. */
Str text_find(Lang l, Str key);                          /* empty when unknown: for keys kept in tables (check them by test) */
int  text_id(const char *key);
Str  text_by_id(Lang l, int id);
#define text_of(lang, key)                                                                         \
    (__extension__({                                                                               \
        static _Atomic int text_id_;                                                               \
        int text_at_ = text_id_;                                                                   \
        if (!text_at_) text_id_ = text_at_ = text_id("" key);                                      \
        text_by_id((lang), text_at_);                                                              \
    }))
/* The ids of keys that begin so, one after the other: for (int id = 0; (id = text_next(prefix, id)) > 0;) … */
int  text_next(Str prefix, int after);
Str  text_key(int id);
/* Fills {name} places; {n|one|other} chooses by the number n (Vietnamese has one form only). */
typedef struct TextArg { const char *name; Str text; int64_t num; enum { ARG_TEXT, ARG_NUM } kind; } TextArg;
Str text_fill(Arena *a, Lang l, Str pattern, const TextArg *args, size_t n);
#define text_fmt(a, lang, key, ...)                                                                \
    text_fill((a), (lang), text_of((lang), key), (TextArg[]){ __VA_ARGS__ },                       \
              sizeof((TextArg[]){ __VA_ARGS__ }) / sizeof(TextArg))
#define ARG_S(k, s) { .name = (k), .text = (s), .kind = ARG_TEXT }
#define ARG_N(k, v) { .name = (k), .num = (v), .kind = ARG_NUM }

/* ---- Numbers and dates as people read them: vi 36.525 and 84,35; en 36,525 and 84.35 -------- */
Str num_text(Arena *a, Lang l, int64_t n);
Str size_text(Arena *a, Lang l, int64_t bytes);          /* "0,3 kB", "88 kB", "4,2 MB": thousands and millions of bytes */
Str real_text(Arena *a, Lang l, double x, int decimals); /* NAN gives "–" */
Str date_text(Arena *a, Lang l, Date d);                 /* 22/11/2026; en 22 Nov 2026 */
Str date_long_text(Arena *a, Lang l, Date d);            /* ngày 22 tháng 11 năm 2026 */
Str clock_text(Arena *a, Time t);                        /* 17:05 */
Str time_text(Arena *a, Lang l, Time t);                 /* 17:05 22/11/2026 */
/* "1.234,5" or "1234.5" typed by a person; false when ambiguous or no number. */
bool real_parse_typed(Lang l, Str s, double *out);

/* ---- Unicode ------------------------------------------------------------------------------- */
/* NFC, control characters but newline and tab refused: false for invalid UTF-8 or forbidden characters. */
bool text_clean(Arena *a, Str s, Str *out);
Str  text_nfc(Arena *a, Str s);                          /* s is valid UTF-8 below 512 MB */
Str  text_fold(Arena *a, Str s);                         /* for search: lower case, marks off, đ to d, spaces joined */
Str  text_slug(Arena *a, Str s);                         /* ASCII letters, digits, '-' */
int  text_cmp(Lang l, Str x, Str y);                     /* order of the alphabet, tones ngang huyền hỏi ngã sắc nặng */
Str  text_sort_key(Arena *a, Lang l, Str s);             /* bytes that sort by text_cmp */
/* Which of n codes is typed: itself, or what a catalogue of any language has under prefix + code, without regard to case and marks; -1: none. */
int  text_code_meant(Arena scratch, Str typed, const char *prefix, Str (*code)(int), int n);
/* How well q matches s: 0 none, 1 folded, 2 exact marks, 3 exact start with marks. */
int  text_match(Arena scratch, Str s, Str q);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signs of poor data in interviews: straight lines, near-duplicates, interviewer effects, heaped ages, error rates. Pure numbers;
 * codes of answers are small integers, -1: not answered. */
#ifndef STATS_QUALITY_H
#define STATS_QUALITY_H

#include "base/base.h"

/* ---- Intervals of counts ------------------------------------------------------------------------------------------------ */
typedef struct Interval { double low, high; } Interval;
/* Exact interval of a share of x in n, level 0..1 (0.95). n = 0: 0..1. Source: Clopper and Pearson 1934. */
Interval clopper_pearson(int64_t x, int64_t n, double level);
/* Score interval. Source: Wilson 1927. z: 1.959964 for 95 %. */
Interval wilson(int64_t x, int64_t n, double z);

/* ---- One answer sheet ------------------------------------------------------------------------------------------------ */
/* All answered items are equal, and at least min_answered are. */
bool straight_line(const int16_t *code, size_t n, size_t min_answered);
/* Longest run of equal answers in order; items not answered are skipped and do not break it. */
int  longstring(const int16_t *code, size_t n);

/* Groups of at least two equal sheets, missing answers included, and the sheets in them. code: rows × items; skip (may be NULL): left out. */
typedef struct Duplicates { size_t groups, rows; } Duplicates;
Duplicates exact_duplicates(Arena scratch, const int16_t *code, size_t rows, size_t items, const bool *skip);

/* ---- Near-duplicates: maximum percent match (match.c) ------------------------------------------------------------------ */
/* Rows of answers packed by bit: a plane for each bit of the code and one for "answered", 64 items a word. */
typedef struct MatchTable { size_t rows, items, words; int planes; uint64_t *at; } MatchTable;
/* codes: the largest code + 1. Memory: rows * words * (planes + 1) * 8 bytes. */
MatchTable match_table(Arena *a, size_t rows, size_t items, int codes);
void match_set(MatchTable *t, size_t row, size_t item, int code);       /* code >= 0; items not set are not answered */
/* equal items of both answered ones; partner -1: no partner has enough items in common. */
typedef struct Match { int32_t partner; uint16_t equal, both; } Match;
double match_share(const Match *m);                                     /* 0..1; NAN without a partner */
/* For each row the best partner in its own group and in the other groups (the lowest row among equals). Exact: every pair is
 * compared, rows * rows / 2. least: items both must have answered. skip (may be NULL): rows left out. group NULL: all in one.
 * Source: Kuriakose and Robbins 2016; docs/statistics.md, section 9. */
void match_maxima(const MatchTable *t, const int32_t *group, const bool *skip, size_t least, Match *same, Match *other);

/* ---- Interviewer effect ------------------------------------------------------------------------------------------------- */
/* Intraclass correlation by one-way analysis of variance: (MSB - MSW) / (MSB + (n0 - 1) MSW), n0 = (N - sum n_i^2 / N) / (k - 1),
 * F = MSB / MSW and its upper tail; deff = 1 + (N / k - 1) icc. NAN where it is not defined (one group, no spread).
 * y may hold NAN: left out. group: 0 … groups - 1. */
typedef struct Icc { double icc, f, df1, df2, p, n0, msb, msw, deff; int64_t n, groups; } Icc;
Icc icc_anova(Arena scratch, const double *y, const int32_t *group, size_t n, size_t groups);

/* ---- Ages ------------------------------------------------------------------------------------------------------------------ */
/* count[age], ages 0 … 119. Whipple's index: 5 * (ages 23-62 that end in 0 or 5) / (ages 23-62) * 100: 100 none, 500 all. */
double whipple(const int64_t count[120]);
/* Myers' blended index over ages from … from + 69 (from a multiple of ten): 0 none, 90 all on one digit; digit_share[10] (may be NULL)
 * gets the blended percentages, 10 each without preference. Source: Myers 1940. NAN without ages. */
double myers(const int64_t count[120], int from, double *digit_share);

#endif

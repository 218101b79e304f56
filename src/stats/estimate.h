/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Means, totals and ratios as functions of weights with their influence values (docs/statistics.md, section 2). */
#ifndef STATS_ESTIMATE_H
#define STATS_ESTIMATE_H

#include "stats/design.h"

/* One part: over rows used, sum w num / sum w den; den NULL: 1, a mean or share. Values of rows that are not used may be NAN.
 * used  n rows; NULL = all. Nobody used, or sum w den = 0: NAN with influence 0. */
typedef struct StatsPart { const double *num, *den; const bool *used; } StatsPart;
/* p parts of n rows. total: sum w num instead; NAN when nobody is used. */
typedef struct StatsParts { size_t n, p; bool total; const StatsPart *at; } StatsParts;
/* A StatsTheta: what is a StatsParts. */
void stats_parts(const void *parts, Arena scratch, const double *weight, double *estimate, double *z);

/* Finite population variance: the mean over rows used of n/(n-1) (y - R)², n = asked: rows of the domain before missing answers left. */
typedef struct StatsSpread { size_t n, asked; const double *y; const bool *used; } StatsSpread;
void stats_spread(const void *spread, Arena scratch, const double *weight, double *estimate, double *z);

/* Mean over items of the satisfied share, each over those who answered it, for each level of a code: index A.
 * satisfied   n_items columns of n: 1, 0, NAN not answered
 * item_weight n_items, >= 0; scaled to sum 1
 * code        n: level 0 … n_levels - 1, UINT32_MAX nowhere; used: n. A level where an item was never answered: NAN       */
typedef struct StatsIndex {
    size_t n, n_items, n_levels;
    double *const  *satisfied;
    const double   *item_weight;
    const uint32_t *code;
    const bool     *used;
} StatsIndex;
void stats_index(const void *index, Arena scratch, const double *weight, double *estimate, double *z);

/* Design effect of one estimate. S² = n/(n-1) sum w d (y - R)² / W, n rows used; wor: times 1 - n/W; totals: times W² below the line.
 * NAN when S² = 0 or n < 2. */
double stats_deff(size_t n, const double *y, const bool *used, const double *weight, double variance, bool total, bool without_replacement);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Means, totals and ratios as functions of weights with their influence values (statistics.md, section 2). */
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

/* Design effect of one estimate. S² = n/(n-1) sum w d (y - R)² / W, n rows used; wor: times 1 - n/W; totals: times W² below the line.
 * NAN when S² = 0 or n < 2. */
double stats_deff(size_t n, const double *y, const bool *used, const double *weight, double variance, bool total, bool without_replacement);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cohen's kappa of two coders. */
#ifndef STATS_KAPPA_H
#define STATS_KAPPA_H

#include "base/base.h"

/* How far two different codes still agree: not at all, 1 - |a - b| / range, 1 - ((a - b) / range)^2. */
typedef enum KappaScheme { KAPPA_UNWEIGHTED, KAPPA_LINEAR, KAPPA_QUADRATIC, KAPPA_SCHEME_COUNT } KappaScheme;

/* Shares 0..1. kappa and what follows from it are NAN when nothing was coded twice, or both used a single code. low, high: 95 %. */
typedef struct Kappa { int64_t n; double kappa, se, low, high, agreement, expected; } Kappa;
/* table[i * levels + j]: how many got code i from the first coder and j from the second.
 * Source: Cohen 1960; standard error of Fleiss, Cohen and Everitt 1969. */
Kappa kappa_of(Arena scratch, size_t levels, const int64_t *table);
/* The same by a scheme; value: levels, the codes' values, NULL: 0, 1, 2 … */
Kappa kappa_by(Arena scratch, size_t levels, const int64_t *table, const double *value, KappaScheme scheme);

/* Of shares p[i * levels + j] that are estimates. z, for each pair of codes: the influence of one unit of weight, to be divided by the sum of the
 * weights (NULL: not asked). Source: docs/statistics.md, section 8. */
Kappa kappa_of_shares(Arena scratch, size_t levels, const double *p, const double *value, KappaScheme scheme, double *z);

#endif

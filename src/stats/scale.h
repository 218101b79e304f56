/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Scales: reliability, structure, correlation. Over complete cases, weighted or not. Undefined is NAN. Source: docs/statistics.md, section 8. */
#ifndef STATS_SCALE_H
#define STATS_SCALE_H

#include "base/base.h"

/* used[i] &= row i has a value in each of k columns of n. Returns how many rows are left. */
size_t stats_complete(size_t n, size_t k, double *const *x, bool *used);
/* Covariances (k × k) over the n rows used; weight NULL: each counts as one. Divided by the sum of the weights: their ratios are what scales need.
 * out_mean may be NULL. No row or no weight: NAN. */
void stats_moments(Arena scratch, size_t n, size_t k, double *const *x, const double *weight, const bool *used, double *out_mean, double *out_v);

/* Cronbach's alpha from the covariances of k items. without, rest (may be NULL): k, alpha without the item, and the item's correlation with the sum
 * of the others. */
double stats_alpha(size_t k, const double *v, double *without, double *rest);

/* Principal components of the correlation matrix. value: k eigenvalues, largest first; loading: k, of the first, signed so that they add up to
 * more than 0. kmo: Kaiser, Meyer and Olkin; bartlett: chi-square of Bartlett's test on df; both NAN for items that determine each other (singular
 * is set). n: rows behind v. */
typedef struct StatsPca { double kmo, bartlett, df, p; size_t n_kaiser; bool singular; } StatsPca;
StatsPca stats_pca(Arena scratch, size_t k, const double *v, size_t n, double *value, double *loading);

/* Correlation of two columns over the rows used; Spearman's takes mid-ranks W(< x) + W(= x) / 2 first. */
double stats_correlation(Arena scratch, size_t n, const double *x, const double *y, const double *weight, const bool *used);
/* Mid-ranks of the rows used, others NAN. */
void   stats_mid_ranks(Arena scratch, size_t n, const double *x, const double *weight, const bool *used, double *out);

#endif

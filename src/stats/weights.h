/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Weights that meet known figures of the population: post-strata, raking, calibration; trimming; and the residuals their variance needs.
 * What is kept lies in keep; working memory is taken from it too, and given back. An Err's detail starts with a code of docs/statistics.md section 14
 * and a colon. Rows are counted from 1 in errors. Source: section 5. */
#ifndef STATS_WEIGHTS_H
#define STATS_WEIGHTS_H

#include "base/base.h"

/* One adjustment that was made. residual: puts in place of p columns of n influence values (which hold the weights after it; 0 outside the
 * domain, all rows of the sample) their residuals under this adjustment. With several, call it for the last one first. */
typedef struct StatsAdjustment StatsAdjustment;
struct StatsAdjustment {
    void (*residual)(const StatsAdjustment *adj, Arena scratch, size_t n, size_t p, double *z);
    const void   *state;
    const double *before, *after;    /* n weights */
};

/* Rows by group with the groups' totals in the population. code: 0 … n_groups - 1, anything else: missing. */
typedef struct StatsMargin { const uint32_t *code; size_t n_groups; const double *total; } StatsMargin;

/* w' = w N_c / sum of w in c. weight: n, > 0; the adjustment keeps pointing at it and at the codes. "bad_weight", "bad_value" (a total below 0),
 * "missing_values" (a row without a group), "cells_mismatch" (a total without rows, or rows without a total). */
MUST_USE Err stats_poststratify(Arena *keep, size_t n, const double *weight, const StatsMargin *cells, StatsAdjustment *out);

typedef struct StatsSweeps { int sweeps; double misfit; size_t margin, group; } StatsSweeps;       /* misfit: the worst, relative, and where; from 0 */
typedef struct StatsStop { double epsilon; int most; StatsSweeps *told; } StatsStop;      /* zero: 1e-10, 200; told: NULL, or how it went, also on failure */
/* Iterative proportional fitting until every margin is met to epsilon, relative. Besides the errors above "margins_disagree" (their sums differ by
 * more than 1e-9), "not_converged" with the worst misfit, "too_large". Source: Deming and Stephan 1940. */
MUST_USE Err stats_rake(Arena *keep, size_t n, const double *weight, size_t n_margins, const StatsMargin margin[], StatsStop stop,
                        StatsAdjustment *out);

/* The residuals of weights that were raked before, trimmed in between or not: weight as before all of it, after as it is used. margin: as it was raked. */
MUST_USE Err stats_rake_fit(Arena *keep, size_t n, const double *weight, const double *after, size_t n_margins, const StatsMargin margin[],
                            StatsAdjustment *out);

typedef enum StatsDistance { STATS_LINEAR, STATS_RAKING, STATS_LOGIT, STATS_DISTANCE_COUNT } StatsDistance;
/* low, high: bounds of g = w' / w, low < 1 < high; both 0: none (LOGIT needs them). */
typedef struct StatsCalibration { StatsDistance distance; double low, high; StatsStop stop; } StatsCalibration;
/* w' = w F(x'eta) with sum of w' x = total. x: p columns of n. A column that depends on those before it is left out when its total agrees
 * ("margins_disagree" otherwise). "missing_values" names the row, "not_converged" the worst misfit: bounds that cannot hold end there.
 * Source: Deville and Särndal 1992. */
MUST_USE Err stats_calibrate(Arena *keep, size_t n, const double *weight, size_t p, const double *x, const double *total,
                             StatsCalibration how, StatsAdjustment *out);

/* The same for weights that met totals of post-strata and are known after it alone: z less weight times its post-stratum's mean of z.
 * Rows or sums of rows: n post-strata (0: none, left as it is) with weights and influence values. */
void stats_post_residual(Arena scratch, size_t n, const uint32_t *post, size_t n_posts, const double *weight, double *z);

/* Cuts weights to `cap` medians of the positive weights; out may be weight itself. Returns the share of the sum that was cut off, 0..1: adjust again. */
double stats_trim(Arena scratch, size_t n, const double *weight, double cap, double *out);

/* Of n weights beside those before: Kish's design effect 1 + cv^2 and n / it; the smallest and largest g = after / before. n = 0: NAN. */
typedef struct StatsWeightSummary { double sum, min, max, kish_deff, kish_n_eff, min_g, max_g; } StatsWeightSummary;
StatsWeightSummary stats_weights_summary(size_t n, const double *before, const double *after);

#endif

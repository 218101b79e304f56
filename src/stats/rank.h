/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ranks of units whose values are estimates, and what can be said of them. Rank 1 = largest. Source: docs/statistics.md, section 10. */
#ifndef STATS_RANK_H
#define STATS_RANK_H

#include "base/base.h"

/* Adjusted p-values of n tests, capped at 1: Holm for claims, Benjamini and Hochberg for screening. NAN stays NAN and is not counted. */
void stats_holm(Arena scratch, size_t n, const double *p, double *out);
void stats_benjamini_hochberg(Arena scratch, size_t n, const double *p, double *out);

/* Of one unit. rank: of the estimate, ties the smaller number. expected: 1 + sum over the others of the chance that they are above.
 * holm_*: 1 + clearly above … n - clearly below, by pairwise tests with Holm's correction; joint_*: by simultaneous intervals (Bonferroni; Klein,
 * Wright and Wieczorek 2020). A unit without estimate has NAN everywhere and counts nowhere. */
typedef struct UnitRank { double rank, expected, holm_low, holm_high, joint_low, joint_high; } UnitRank;
/* Pairs (k, j), k < j, stand at place stats_pair(units, k, j) of p and holm: n_pairs each, two-sided normal. */
typedef struct StatsRanks { size_t units, n_pairs, below_raw, below_holm, below_bh; UnitRank *unit; double *se, *p, *holm; } StatsRanks;
static inline size_t stats_pair(size_t units, size_t k, size_t j) { return k * (2 * units - k - 1) / 2 + j - k - 1; }
/* theta: units; v: their covariance; level: 0.95. */
StatsRanks stats_ranks(Arena *keep, size_t units, const double *theta, const double *v, double level);

/* Degrees of freedom of a difference of two independent estimates with variances v and degrees df (Satterthwaite 1946): for published tests. */
double stats_pair_df(double v_a, double df_a, double v_b, double df_b);
/* Each unit against a value it is part of: clearly above, not distinguished, clearly below, by Holm's correction over the units.
 * theta: units + 1, the common value last; v: their covariance; df: units + 1, NULL: normal; level: 0.95. out_p: units corrected p-values,
 * NAN where nothing can be said (then UNIT_NOT_DISTINGUISHED). */
typedef enum UnitStanding { UNIT_BELOW = -1, UNIT_NOT_DISTINGUISHED, UNIT_ABOVE } UnitStanding;
void stats_against(Arena scratch, size_t units, const double *theta, const double *v, const double *df, double level, UnitStanding *out, double *out_p);

/* What draws theta* ~ N(theta, v) make of the ranks: a description, wider than a test. median and 5 to 95 %; chance[k * units + m]: that unit k
 * is at rank m + 1 or better (NULL: not asked). False, nothing written, when an estimate or covariance is not a number. */
typedef struct RankDraw { double median, low, high; } RankDraw;
bool stats_rank_draws(Arena scratch, size_t units, const double *theta, const double *v, uint64_t seed, size_t draws, RankDraw *out, double *chance);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Intervals of shares, quantiles with their intervals (docs/statistics.md, section 4). */
#ifndef STATS_INTERVAL_H
#define STATS_INTERVAL_H

#include "base/base.h"

/* STATS_CI_LOGIT is the product's default; STATS_CI_BETA its choice for n < 100 or shares outside 5–95 %. */
typedef enum StatsInterval { STATS_CI_LOGIT, STATS_CI_XLOGIT, STATS_CI_BETA, STATS_CI_MEAN, STATS_CI_ASIN, STATS_CI_WILSON } StatsInterval;
typedef struct StatsBounds { double low, high; } StatsBounds;

/* Half the width of an interval in standard errors: t with df degrees of freedom, df INFINITY the normal; NAN when df <= 0. level: 0.95. */
double stats_critical(double level, double df);
StatsBounds stats_mean_interval(double estimate, double se, double df, double level);
/* Interval of a share p, 0..1, with its standard error. n: persons of the domain before missing answers leave (BETA, WILSON). NAN: undefined. */
StatsBounds stats_share_interval(StatsInterval method, double p, double se, double n, double df, double level);
/* Of a share of 0 or 1, whose standard error says nothing: Clopper and Pearson with n / deff persons. deff: of other items of the
 * domain (median, at least 1); 1.5 without any. */
StatsBounds stats_bound_interval(double p, double n, double deff, double level);

/* ---- Quantiles (quantile.c) -------------------------------------------------------------------------------------------- */
typedef enum StatsQuantileRule { STATS_Q_MATH, STATS_Q_SCHOOL, STATS_Q_HF7 } StatsQuantileRule;
/* Values of rows used, ascending, with their running sums of weights. */
typedef struct StatsSorted { size_t n; double *value, *cumulated; } StatsSorted;
/* Rows used with weight > 0. used NULL: all. */
StatsSorted stats_sorted(Arena *keep, Arena scratch, size_t n, const double *y, const bool *used, const double *weight);
/* p outside 0..1 or no rows: NAN. */
double stats_quantile(const StatsSorted *s, StatsQuantileRule rule, double p);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two estimates beside each other (statistics.md, section 7). */
#ifndef STATS_COMPARE_H
#define STATS_COMPARE_H

#include "base/base.h"

/* a - b with its standard error, t, two-sided p and 95 % interval; se_if_independent leaves the covariance out, to show its size.
 * NAN where undefined: df <= 0, or no spread. */
typedef struct StatsDifference { double diff, se, df, t, p, low, high, se_if_independent; } StatsDifference;
/* estimate, v: of a and b, v 2 × 2 row-major. df: of the whole design. */
StatsDifference stats_difference(const double estimate[2], const double v[4], double df);

/* A figure at two times, from samples drawn apart: after - before with its 95 % interval and two-sided p. sign: 0 while the interval holds 0.
 * x NAN: one of the two is not known; low, high, p NAN: an error is not. */
typedef struct StatsChange { double before, x, low, high, p; int sign; } StatsChange;
/* df: of both designs together; INFINITY where it is not told. */
StatsChange stats_change(double before, double before_se, double after, double after_se, double df);
/* Changes told side by side: only those keep their sign that hold after Holm's correction for all n. */
void stats_changes_hold(Arena scratch, StatsChange *x, size_t n);

/* Influence total of a primary unit; codes as in the frame, the same in both samples. */
typedef struct StatsUnitTotal { uint32_t stratum, unit; double z; } StatsUnitTotal;
/* Covariance of two statistics of two samples that share some primary units (rotation; years with other units): over units in both,
 * centred per stratum, n_c / (n_c - 1); strata with fewer than two common units add nothing. The correlation is kept within -1 … 1 by v_a, v_b, the variances
 * of each from its own design. Source: statistics.md, section 7, marked as our choice: check by simulation before publishing. */
double stats_shared_covariance(Arena scratch, size_t n, const StatsUnitTotal a[], size_t m, const StatsUnitTotal b[], double v_a, double v_b);

#endif

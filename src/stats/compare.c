/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Differences of estimates, and the covariance of samples that overlap. */
#include "stats/compare.h"

#include "stats/design.h"
#include "stats/interval.h"
#include "stats/rank.h"
#include "stats/special.h"

#include <math.h>
#include <stdlib.h>

StatsDifference stats_difference(const double estimate[2], const double v[4], double df)
{
    double          both = v[0] + v[3], square = both - v[1] - v[2];
    StatsDifference d    = { .diff = estimate[0] - estimate[1], .df = df, .se_if_independent = sqrt(both) };
    d.se = sqrt(square < 0 ? 0 : square);                /* rounding may leave less than nothing of two equal ones */
    d.t  = d.se > 0 ? d.diff / d.se : NAN;
    d.p  = df > 0 ? t_both(d.t, df) : NAN;
    StatsBounds b = stats_mean_interval(d.diff, d.se, df, 0.95);
    d.low  = b.low;
    d.high = b.high;
    return d;
}

StatsChange stats_change(double before, double before_se, double after, double after_se, double df)
{
    StatsChange c = { before, after - before, NAN, NAN, NAN, 0 };
    StatsDifference d = stats_difference((double[]){ after, before }, (double[]){ after_se * after_se, 0, 0, before_se * before_se }, df);
    if (!(d.se > 0) || isnan(d.p))
        return c;
    c.low  = d.low;
    c.high = d.high;
    c.p    = d.p;
    c.sign = c.low > 0 ? 1 : c.high < 0 ? -1 : 0;
    return c;
}

void stats_changes_hold(Arena scratch, StatsChange *x, size_t n)
{
    double *p = arena_new(&scratch, double, n + 1), *adjusted = arena_new(&scratch, double, n + 1);
    for (size_t i = 0; i < n; i++)
        p[i] = x[i].p;
    stats_holm(scratch, n, p, adjusted);
    for (size_t i = 0; i < n; i++)
        if (!(adjusted[i] < 0.05))
            x[i].sign = 0;
}

static int by_unit(const void *x, const void *y)
{
    const StatsUnitTotal *p = x, *q = y;
    if (p->stratum != q->stratum)
        return p->stratum < q->stratum ? -1 : 1;
    return (p->unit > q->unit) - (p->unit < q->unit);
}

static StatsUnitTotal *sorted_units(Arena *a, size_t n, const StatsUnitTotal *from)
{
    StatsUnitTotal *to = arena_new(a, StatsUnitTotal, n + 1);
    if (n)
        memcpy(to, from, n * sizeof *to);
    qsort(to, n, sizeof *to, by_unit);
    return to;
}

/* Cross products of k pairs about their means, times k / (k - 1). */
static double centred(size_t k, const double *x, const double *y)
{
    double mean_x = stats_sum(k, x) / k, mean_y = stats_sum(k, y) / k, sum = 0;
    for (size_t i = 0; i < k; i++)
        sum += (x[i] - mean_x) * (y[i] - mean_y);
    return k < 2 ? 0 : sum * k / (k - 1);
}

double stats_shared_covariance(Arena scratch, size_t n, const StatsUnitTotal a[], size_t m, const StatsUnitTotal b[], double v_a, double v_b)
{
    StatsUnitTotal *p = sorted_units(&scratch, n, a), *q = sorted_units(&scratch, m, b);
    double         *x = arena_new(&scratch, double, n + 1), *y = arena_new(&scratch, double, n + 1);
    StatsAcc        sum = { 0 };
    size_t          k = 0;
    for (size_t i = 0, j = 0; i < n && j < m;) {
        int order = by_unit(&p[i], &q[j]);
        if (order == 0) {
            x[k]   = p[i].z;
            y[k++] = q[j].z;
        }
        uint32_t stratum = p[i].stratum;
        i += order <= 0;
        j += order >= 0;
        if (i == n || p[i].stratum != stratum) {         /* the stratum of a is over */
            acc_add(&sum, centred(k, x, y));
            k = 0;
        }
    }
    acc_add(&sum, centred(k, x, y));                     /* b ended first */
    double most = sqrt(v_a * v_b), v = acc_value(&sum);
    return v > most ? most : v < -most ? -most : v;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Intervals of means and shares. */
#include "stats/interval.h"

#include "stats/special.h"

#include <math.h>

static const StatsBounds undefined = { NAN, NAN };

double stats_critical(double level, double df)
{
    return df > 0 ? t_quantile((1 - level) / 2, df) : NAN;
}

StatsBounds stats_mean_interval(double estimate, double se, double df, double level)
{
    double half = stats_critical(level, df) * se;
    return (StatsBounds){ estimate - half, estimate + half };
}

static double expit(double x)
{
    return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

/* Korn and Graubard 1998: Clopper and Pearson with the effective number of persons. */
static StatsBounds beta_interval(double p, double se, double n, double df, double level)
{
    double ratio = stats_critical(level, n - 1) / stats_critical(level, df), m = p * (1 - p) / (se * se) * ratio * ratio, tail = (1 - level) / 2;
    if (!isfinite(m) || m <= 0)
        return undefined;
    return (StatsBounds){ beta_quantile(m * p, m * (1 - p) + 1, tail), beta_quantile(m * p + 1, m * (1 - p), 1 - tail) };
}

static StatsBounds wilson_interval(double p, double se, double n, double df, double level)
{
    double t = stats_critical(level, df), m = se > 0 ? p * (1 - p) / (se * se) : n, tt = t * t;
    double centre = (p + tt / (2 * m)) / (1 + tt / m), half = t * sqrt(p * (1 - p) / m + tt / (4 * m * m)) / (1 + tt / m);
    return (StatsBounds){ fmax(0, centre - half), fmin(1, centre + half) };
}

static StatsBounds asin_interval(double p, double se, double t)
{
    double x = asin(sqrt(p)), half = t * se / (2 * sqrt(p * (1 - p))), low = sin(x - half), high = sin(x + half);
    return (StatsBounds){ low * low, high * high };
}

StatsBounds stats_share_interval(StatsInterval method, double p, double se, double n, double df, double level)
{
    double t = stats_critical(level, df), half = t * se / (p * (1 - p));
    if (!(p >= 0 && p <= 1) || !(se >= 0) || isnan(t))
        return undefined;
    switch (method) {
    case STATS_CI_MEAN:   return stats_mean_interval(p, se, df, level);
    case STATS_CI_BETA:   return beta_interval(p, se, n, df, level);
    case STATS_CI_WILSON: return wilson_interval(p, se, n, df, level);
    case STATS_CI_ASIN:   return p > 0 && p < 1 ? asin_interval(p, se, t) : undefined;
    case STATS_CI_LOGIT:
    case STATS_CI_XLOGIT: break;
    }
    double logit = log(p / (1 - p));
    return p > 0 && p < 1 ? (StatsBounds){ expit(logit - half), expit(logit + half) } : undefined;
}

StatsBounds stats_bound_interval(double p, double n, double deff, double level)
{
    double m = n / fmax(deff, 1), tail = (1 - level) / 2;
    if (!(m > 0))
        return undefined;
    return p < 0.5 ? (StatsBounds){ 0, beta_quantile(1, m, 1 - tail) } : (StatsBounds){ beta_quantile(m, 1, tail), 1 };
}

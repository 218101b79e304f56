/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Incomplete beta function with its inverse, and the intervals that follow from it. */
#include "stats/quality.h"

#include <math.h>

enum { FRACTION_STEPS = 1000, HALVINGS = 200 };

/* The continued fraction of I_x(a, b), which converges fast for x < (a + 1) / (a + b + 2). */
static double fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m <= FRACTION_STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd  = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + even * d, d = 1 / (fabs(d) < tiny ? tiny : d);
        c = 1 + even / c, c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        d = 1 + odd * d, d = 1 / (fabs(d) < tiny ? tiny : d);
        c = 1 + odd / c, c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-16)
            break;
    }
    return h;
}

double beta_share(double a, double b, double x)
{
    if (!(x > 0))
        return isnan(x) ? NAN : 0;
    if (x >= 1)
        return 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a : 1 - front * fraction(b, a, 1 - x) / b;
}

double beta_quantile(double a, double b, double p)
{
    double low = 0, high = 1;
    for (int i = 0; i < HALVINGS && high - low > 1e-15 * high; i++) {
        double mid = (low + high) / 2;
        if (beta_share(a, b, mid) < p)
            low = mid;
        else
            high = mid;
    }
    return (low + high) / 2;
}

double f_upper(double f, double d1, double d2)
{
    return isnan(f) ? NAN : f <= 0 ? 1 : isinf(f) ? 0 : beta_share(d2 / 2, d1 / 2, d2 / (d2 + d1 * f));
}

Interval clopper_pearson(int64_t x, int64_t n, double level)
{
    double tail = (1 - level) / 2, k = (double)x, rest = (double)(n - x);
    if (n <= 0)
        return (Interval){ 0, 1 };
    return (Interval){ x == 0 ? 0 : beta_quantile(k, rest + 1, tail), x == n ? 1 : beta_quantile(k + 1, rest, 1 - tail) };
}

Interval wilson(int64_t x, int64_t n, double z)
{
    if (n <= 0)
        return (Interval){ 0, 1 };
    double m = (double)n, p = (double)x / m, zz = z * z;
    double centre = (p + zz / (2 * m)) / (1 + zz / m), half = z * sqrt(p * (1 - p) / m + zz / (4 * m * m)) / (1 + zz / m);
    return (Interval){ x == 0 ? 0 : centre - half, x == n ? 1 : centre + half };
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Incomplete beta and gamma functions and what follows from them. The common factor x^a y^b / B(a, b) is taken at its saddle point (Loader
 * 2000), so that large parameters lose no digits; then continued fraction, series, or, where these would take long, quadrature. */
#include "stats/special.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

enum { STEPS = 20000, TRIES = 200 };
static const double TINY = 1e-300, LARGE = 1e5, ENDLESS = 1e20;

/* ---- Factors --------------------------------------------------------------------------------------------------------------- */

/* ln gamma(z + 1) - (z + 1/2) ln z + z - ln(2 pi) / 2: what Stirling's formula leaves. DLMF 5.11.1. */
static double stirling_rest(double z)
{
    double sum = 0;
    for (; z < 16; z++)
        sum += (z + 0.5) * log1p(1 / z) - 1;
    double s = 1 / (z * z);
    return sum + (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * 691 / 360360))))) / z;
}

/* u - ln(1 + u) without cancellation; ratio: 1 + u, exact where u is near -1. */
static double excess(double u, double ratio)
{
    if (u < -0.5)
        return u - log(ratio);
    if (fabs(u) > 0.1)
        return u - log1p(u);
    double t = u / (2 + u), s = t * t, sum = 0;              /* ln(1 + u) = 2 artanh t */
    for (int k = 19; k >= 3; k -= 2)
        sum = sum * s + 1.0 / k;
    return u * t - 2 * t * s * sum;
}

/* (a + b) x - a by the smaller of x and y = 1 - x: how far x is from the mean. */
static double off_mean(double a, double b, double x, double y)
{
    return x <= y ? fma(a + b, x, -a) : -fma(a + b, y, -b);
}

/* x^a y^b / B(a, b), y = 1 - x: the density of the logit of a beta variable. off: as of off_mean. */
static double beta_front(double a, double b, double x, double y, double off)
{
    double n = a + b;
    if (!(x > 0 && y > 0))
        return 0;
    double power = a * excess(off / a, n * x / a) + b * excess(-off / b, n * y / b);
    return sqrt(a / n * b / (2 * M_PI)) * exp(stirling_rest(n) - stirling_rest(a) - stirling_rest(b) - power);
}

/* x^a e^-x / gamma(a): the density of the logarithm of a gamma variable. off: x - a. */
static double gamma_front(double a, double x, double off)
{
    return x > 0 ? sqrt(a / (2 * M_PI)) * exp(-stirling_rest(a) - a * excess(off / a, x / a)) : 0;
}

/* ---- Tails ------------------------------------------------------------------------------------------------------------------- */

/* The continued fraction of I_x(a, b), which converges fast for x < (a + 1) / (a + b + 2): the even part of DLMF 8.17.22 (Didonato and Morris
 * 1992), which keeps its digits where x is near 1, by modified Lentz. */
static double beta_fraction(double a, double b, double x, double y, double off)
{
    double first = a / (a + 1) * (1 - off), h = fabs(first) < TINY ? TINY : first, c = h, d = 0;
    for (int n = 1; n <= STEPS; n++) {
        double m = a + 2 * n, over = (a + n - 1) / (m - 1) * ((a + b + n - 1) / (m - 1)) * n * (b - n) * x * x;
        double under = n + n * (b - n) * x / (m - 1) + (a + n) / (m + 1) * (1 - off + n * (1 + y));
        d = under + over * d, d = 1 / (fabs(d) < TINY ? TINY : d);
        c = under + over / c, c = fabs(c) < TINY ? TINY : c;
        h *= c * d;
        if (fabs(c * d - 1) < 2e-16)
            break;
    }
    return 1 / h;
}

/* The front of the beta (b = 0: gamma) distribution at t past the logit (logarithm) of x. */
static double front_past(double a, double b, double x, double y, double off, double t)
{
    double more = x * expm1(t), sum = b > 0 ? 1 + more : 1;
    return b > 0 ? beta_front(a, b, (x + more) / sum, y / sum, (off + b * more) / sum) : gamma_front(a, x + more, off + more);
}

/* The front's integral from x outwards (side -1: below, 1: above), by panels of ten points of Gauss and Legendre. */
static double tail_integral(double a, double b, double x, double y, double off, int side)
{
    static const double node[]   = { 0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717 };
    static const double weight[] = { 0.2955242247147529, 0.2692667193099963, 0.2190863625159820, 0.1494513491505806, 0.0666713443086881 };
    double width = sqrt(1 / a + (b > 0 ? 1 / b : 0)), from = (b > 0 ? log(x / y) - log(a / b) : log(x / a)) / width;
    double half = side * 0.25 * width / (1 + fabs(from) / 4), sum = 0;
    for (int panel = 0; panel < 4000; panel++) {
        double part = 0, mid = (2 * panel + 1) * half;
        for (size_t i = 0; i < 5; i++)
            part += weight[i] * (front_past(a, b, x, y, off, mid - half * node[i]) + front_past(a, b, x, y, off, mid + half * node[i]));
        sum += part;
        if (part <= 1e-18 * sum && side * (mid / width + from) > 0)
            break;
    }
    return sum * fabs(half);
}

/* I_x(a, b) with y = 1 - x known as exactly as x. */
static double beta_tail(double a, double b, double x, double y)
{
    if (!(x > 0))
        return isnan(x) ? NAN : 0;
    if (!(y > 0))
        return isnan(y) ? NAN : 1;
    bool   below = x * (a + b + 2) < a + 1;
    double off   = off_mean(a, b, x, y);
    if (a > LARGE && b > LARGE) {
        double part = tail_integral(a, b, x, y, off, below ? -1 : 1);
        return below ? part : 1 - part;
    }
    double front = beta_front(a, b, x, y, off);
    return below ? front * beta_fraction(a, b, x, y, off) : 1 - front * beta_fraction(b, a, y, x, -off);
}

static double gamma_series(double a, double x)
{
    double term = 1 / a, sum = term;
    for (int n = 1; n < STEPS && term > sum * 1e-17; n++)
        sum += term *= x / (a + n);
    return sum * gamma_front(a, x, x - a);
}

static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1 / TINY, d = 1 / b, h = d;
    for (int n = 1; n < STEPS; n++) {
        double an = -n * (n - a);
        b += 2;
        d = an * d + b, d = fabs(d) < TINY ? TINY : d;
        c = b + an / c, c = fabs(c) < TINY ? TINY : c;
        d = 1 / d;
        h *= d * c;
        if (fabs(d * c - 1) < 2e-16)
            break;
    }
    return h * gamma_front(a, x, x - a);
}

static double gamma_tail(double a, double x, bool upper)
{
    if (isnan(x) || !(a > 0))
        return NAN;
    if (x <= 0 || isinf(x))
        return (x <= 0) == upper;
    bool   low  = x < a + 1;
    double part = a > LARGE ? tail_integral(a, 0, x, 0, x - a, low ? -1 : 1) : low ? gamma_series(a, x) : gamma_fraction(a, x);
    return low == upper ? 1 - part : part;
}

/* ---- Quantiles: Newton on the logarithm of a tail, kept between what is known to be too low and too high ----------------------- */

/* Front and tail in v: the logit of x, or with b = 0 the logarithm of x. */
static double front_at(double a, double b, double v)
{
    double x = 1 / (1 + exp(-v)), y = 1 / (1 + exp(v));
    return b > 0 ? beta_front(a, b, x, y, off_mean(a, b, x, y)) : gamma_front(a, exp(v), exp(v) - a);
}

static double tail_at(double a, double b, double v, bool upper)
{
    double x = 1 / (1 + exp(-v)), y = 1 / (1 + exp(v));
    return b > 0 ? upper ? beta_tail(b, a, y, x) : beta_tail(a, b, x, y) : gamma_tail(a, exp(v), upper);
}

/* v whose tail is p. */
static double solve(double a, double b, double p, bool upper)
{
    double low = -INFINITY, high = INFINITY, v = b > 0 ? log(a / b) : log(a), reach = 1;
    for (int i = 0; i < TRIES; i++) {
        double tail = tail_at(a, b, v, upper), slope = front_at(a, b, v);
        if ((tail < p) == upper)
            high = v;
        else
            low = v;
        double next = v + (upper ? -1 : 1) * (log(p) - log(tail)) * tail / slope;
        if (!(next > low && next < high)) {
            next = isinf(low) ? high - reach : isinf(high) ? low + reach : (low + high) / 2;
            reach *= 2;
        }
        if (fabs(next - v) <= 1e-15 || next == v)
            return next;
        v = next;
    }
    return v;
}

/* The smaller of both tails decides, for it has more digits. */
static double solve_upper(double a, double b, double p_upper)
{
    return p_upper <= 0.5 ? solve(a, b, p_upper, true) : solve(a, b, 1 - p_upper, false);
}

/* ---- Normal ------------------------------------------------------------------------------------------------------------------- */

double normal_upper(double x)
{
    double r = x * M_SQRT1_2, lost = fma(x, M_SQRT1_2, -r) + x * -4.833646656726457e-17;   /* the rest of the root of 1/2 */
    return 0.5 * erfc(r) * (r > 1 && isfinite(r) ? 1 - 2 * r * lost : 1);
}

static double ratio_of(const double num[8], const double den[8], double r)
{
    double above = 0, below = 0;
    for (int i = 7; i >= 0; i--) {
        above = above * r + num[i];
        below = below * r + den[i];
    }
    return above / below;
}

double normal_quantile(double p)
{
    static const double a[] = { 3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
                                4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3 };
    static const double b[] = { 1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
                                2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3 };
    static const double c[] = { 1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
                                1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4 };
    static const double d[] = { 1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
                                1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9 };
    static const double e[] = { 6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7 };
    static const double f[] = { 1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
                                7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15 };
    double q = p - 0.5;
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (fabs(q) <= 0.425)
        return q * ratio_of(a, b, 0.180625 - q * q);
    double tail = q < 0 ? p : 1 - p;
    if (tail == 0)
        return q < 0 ? -INFINITY : INFINITY;
    double r = sqrt(-log(tail)), x = r <= 5 ? ratio_of(c, d, r - 1.6) : ratio_of(e, f, r - 5);
    return q < 0 ? -x : x;
}

/* ---- Beta, gamma, t, F, chi-square ------------------------------------------------------------------------------------------------ */

double beta_share(double a, double b, double x)
{
    return a > 0 && b > 0 ? x >= 1 ? 1 : beta_tail(a, b, x, 1 - x) : NAN;
}

double beta_quantile(double a, double b, double p)
{
    if (!(a > 0 && b > 0 && p >= 0 && p <= 1))
        return NAN;
    return p == 0 ? 0 : p == 1 ? 1 : 1 / (1 + exp(-(p <= 0.5 ? solve(a, b, p, false) : solve(a, b, 1 - p, true))));
}

double gamma_lower(double a, double x) { return gamma_tail(a, x, false); }
double gamma_upper(double a, double x) { return gamma_tail(a, x, true); }

double gamma_quantile(double a, double p)
{
    if (!(a > 0 && p >= 0 && p <= 1))
        return NAN;
    return p == 0 ? 0 : p == 1 ? INFINITY : exp(p <= 0.5 ? solve(a, 0, p, false) : solve(a, 0, 1 - p, true));
}

double chi_upper(double x, double df)
{
    return isinf(df) && df > 0 && !isnan(x) ? !isinf(x) : gamma_tail(df / 2, x / 2, true);
}

double chi_lower(double x, double df)
{
    return isinf(df) && df > 0 && !isnan(x) ? isinf(x) : gamma_tail(df / 2, x / 2, false);
}

double chi_quantile(double p_upper, double df)
{
    if (!(p_upper > 0 && p_upper < 1) || !(df > 0))
        return NAN;
    return isinf(df) ? INFINITY : 2 * exp(solve_upper(df / 2, 0, p_upper));
}

static double f_tail(double f, double d1, double d2, bool upper)
{
    if (isnan(f) || !(d1 > 0) || !(d2 > 0))
        return NAN;
    if (f <= 0 || isinf(f))
        return (f <= 0) == upper;
    if (d1 > ENDLESS && d2 > ENDLESS)
        return f == 1 ? 0.5 : (f < 1) == upper;
    if (d2 > ENDLESS)
        return gamma_tail(d1 / 2, d1 * f / 2, upper);
    if (d1 > ENDLESS)
        return gamma_tail(d2 / 2, d2 / f / 2, !upper);
    double r = d1 * f / d2, x = isinf(r) ? 1 : r / (1 + r), y = 1 / (1 + r);
    return upper ? beta_tail(d2 / 2, d1 / 2, y, x) : beta_tail(d1 / 2, d2 / 2, x, y);
}

double f_upper(double f, double d1, double d2) { return f_tail(f, d1, d2, true); }
double f_lower(double f, double d1, double d2) { return f_tail(f, d1, d2, false); }

double f_quantile(double p_upper, double d1, double d2)
{
    if (!(p_upper > 0 && p_upper < 1) || !(d1 > 0) || !(d2 > 0))
        return NAN;
    if (d1 > ENDLESS && d2 > ENDLESS)
        return 1;
    if (d2 > ENDLESS)
        return exp(solve_upper(d1 / 2, 0, p_upper)) * 2 / d1;
    if (d1 > ENDLESS)
        return d2 / 2 / exp(p_upper <= 0.5 ? solve(d2 / 2, 0, p_upper, false) : solve(d2 / 2, 0, 1 - p_upper, true));
    return d2 / d1 * exp(solve_upper(d1 / 2, d2 / 2, p_upper));
}

double t_both(double t, double df)
{
    if (isnan(t) || !(df > 0))
        return NAN;
    return df > ENDLESS ? 2 * normal_upper(fabs(t)) : f_tail(t * t, 1, df, true);
}

double t_upper(double t, double df)
{
    double both = t_both(t, df);
    return t < 0 ? 1 - both / 2 : both / 2;
}

double t_quantile(double p_upper, double df)
{
    if (!(p_upper > 0 && p_upper < 1) || !(df > 0))
        return NAN;
    if (df > ENDLESS)
        return -normal_quantile(p_upper);
    if (p_upper > 0.5)
        return -t_quantile(1 - p_upper, df);
    if (p_upper == 0.5)
        return 0;
    double v = p_upper <= 0.25 ? solve(0.5, df / 2, 2 * p_upper, true) : solve(0.5, df / 2, 1 - 2 * p_upper, false);
    return sqrt(df) * exp(v / 2);
}

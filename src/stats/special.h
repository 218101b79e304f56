/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Distribution functions: tails computed directly, never as 1 minus the other, and their quantiles. Relative error about 1e-13 in either
 * tail for parameters up to 1e10; tails down to the smallest double. Degrees of freedom are real, > 0, and may be INFINITY (the limit).
 * NAN for NAN and for parameters without meaning. p_upper: the probability of a larger value. Source: docs/statistics.md, section 13. */
#ifndef STATS_SPECIAL_H
#define STATS_SPECIAL_H

double normal_upper(double x);                            /* P(Z >= x); the lower tail is normal_upper(-x) */
double normal_quantile(double p);                         /* x with P(Z <= x) = p; Wichura 1988, AS 241; 0 and 1: -/+ infinity */

/* Regularised incomplete beta function I_x(a, b), a, b > 0, x in 0..1: the lower tail of the beta distribution. DLMF 8.17. */
double beta_share(double a, double b, double x);
double beta_quantile(double a, double b, double p);       /* x with beta_share(a, b, x) = p; p outside 0..1: NAN */

/* Regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P. DLMF 8.7.1, 8.9.2. */
double gamma_lower(double a, double x);
double gamma_upper(double a, double x);
double gamma_quantile(double a, double p);                /* x with gamma_lower(a, x) = p */

double t_upper(double t, double df);                      /* P(T >= t) */
double t_both(double t, double df);                       /* P(|T| >= |t|): the two-sided p */
double t_quantile(double p_upper, double df);             /* t_quantile(0.025, df) makes 95 % intervals */
double f_upper(double f, double d1, double d2);           /* P(F >= f) */
double f_lower(double f, double d1, double d2);
double f_quantile(double p_upper, double d1, double d2);
double chi_upper(double x, double df);                    /* P(X >= x) of chi-square */
double chi_lower(double x, double df);
double chi_quantile(double p_upper, double df);           /* the critical value; NAN unless 0 < p_upper < 1 */

#endif

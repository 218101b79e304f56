/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Agreement of two people who coded the same things. */
#include "stats/kappa.h"

#include <math.h>

/* How far codes i and j agree, 0..1. */
static double agree(size_t levels, const double *value, KappaScheme scheme, size_t i, size_t j)
{
    double first = value ? value[0] : 0, last = value ? value[levels - 1] : (double)levels - 1;
    double off   = i == j ? 0 : fabs((value ? value[i] : (double)i) - (value ? value[j] : (double)j)) / (last - first);
    return scheme == KAPPA_LINEAR ? 1 - off : scheme == KAPPA_QUADRATIC ? 1 - off * off : i == j;
}

/* The mean agreement of each code of the first with the second's codes, and of each code of the second with the first's. */
static void means(Arena scratch, size_t levels, const double *p, const double *value, KappaScheme scheme, double *first, double *second)
{
    double *row = arena_new(&scratch, double, levels), *column = arena_new(&scratch, double, levels);
    for (size_t i = 0; i < levels; i++)
        for (size_t j = 0; j < levels; j++) {
            row[i] += p[i * levels + j];
            column[j] += p[i * levels + j];
        }
    for (size_t i = 0; i < levels; i++)
        for (size_t j = 0; j < levels; j++) {
            first[i] += column[j] * agree(levels, value, scheme, i, j);
            second[i] += row[j] * agree(levels, value, scheme, i, j);
        }
}

Kappa kappa_of_shares(Arena scratch, size_t levels, const double *p, const double *value, KappaScheme scheme, double *z)
{
    Kappa   k      = { .kappa = NAN, .se = NAN, .low = NAN, .high = NAN, .agreement = 0, .expected = 0 };
    double *first  = arena_new(&scratch, double, levels), *second = arena_new(&scratch, double, levels), sum = 0;
    means(scratch, levels, p, value, scheme, first, second);
    for (size_t i = 0; i < levels; i++)
        for (size_t j = 0; j < levels; j++) {
            k.agreement += p[i * levels + j] * agree(levels, value, scheme, i, j);
            k.expected += p[i * levels + j] * first[i];
        }
    double rest = 1 - k.expected;
    if (!(rest >= 1e-12))                /* both used one code only: nothing to agree on beyond chance */
        return k;
    k.kappa = (k.agreement - k.expected) / rest;
    for (size_t i = 0; i < levels; i++)
        for (size_t j = 0; j < levels; j++) {
            double v = agree(levels, value, scheme, i, j), chance = first[i] + second[j], part = v - chance * (1 - k.kappa);
            sum += p[i * levels + j] * part * part;
            if (z)
                z[i * levels + j] = (v - k.agreement) / rest - (1 - k.agreement) / (rest * rest) * (chance - 2 * k.expected);
        }
    double mean = k.kappa - k.expected * (1 - k.kappa);
    k.se = sqrt(fmax(0, sum - mean * mean)) / rest;        /* of one pair */
    return k;
}

Kappa kappa_by(Arena scratch, size_t levels, const int64_t *table, const double *value, KappaScheme scheme)
{
    double *p = arena_new(&scratch, double, levels * levels);
    int64_t n = 0;
    for (size_t i = 0; i < levels * levels; i++)
        n += table[i];
    if (!n)
        return (Kappa){ .kappa = NAN, .se = NAN, .low = NAN, .high = NAN, .agreement = NAN, .expected = NAN };
    for (size_t i = 0; i < levels * levels; i++)
        p[i] = (double)table[i] / (double)n;
    Kappa k = kappa_of_shares(scratch, levels, p, value, scheme, NULL);
    k.n     = n;
    k.se    = k.se / sqrt((double)n);
    if (isnan(k.kappa))
        return k;
    k.low  = fmax(-1, k.kappa - 1.959963984540054 * k.se);
    k.high = fmin(1, k.kappa + 1.959963984540054 * k.se);
    return k;
}

Kappa kappa_of(Arena scratch, size_t levels, const int64_t *table)
{
    return kappa_by(scratch, levels, table, NULL, KAPPA_UNWEIGHTED);
}

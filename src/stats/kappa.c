/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Agreement of two people who coded the same things. */
#include "stats/kappa.h"

#include <math.h>

Kappa kappa_of(size_t levels, const int64_t *table)
{
    Kappa  k = { .kappa = NAN, .se = NAN, .low = NAN, .high = NAN, .agreement = NAN, .expected = NAN };
    double po = 0, pe = 0, sum = 0;
    for (size_t i = 0; i < levels * levels; i++)
        k.n += table[i];
    if (!k.n)
        return k;
    double n = (double)k.n;
    for (size_t i = 0; i < levels; i++) {
        double row = 0, column = 0;
        for (size_t j = 0; j < levels; j++) {
            row += (double)table[i * levels + j] / n;
            column += (double)table[j * levels + i] / n;
        }
        po += (double)table[i * levels + i] / n;
        pe += row * column;
    }
    k.agreement = po;
    k.expected  = pe;
    if (1 - pe < 1e-12)                  /* both used one code only: nothing to agree on beyond chance */
        return k;
    k.kappa = (po - pe) / (1 - pe);
    for (size_t i = 0; i < levels; i++)
        for (size_t j = 0; j < levels; j++) {
            double column = 0, row = 0;
            for (size_t m = 0; m < levels; m++) {
                column += (double)table[m * levels + i] / n;     /* share of i by the second */
                row += (double)table[j * levels + m] / n;        /* share of j by the first */
            }
            double part = (i == j) - (column + row) * (1 - k.kappa);
            sum += (double)table[i * levels + j] / n * part * part;
        }
    double rest = k.kappa - pe * (1 - k.kappa);
    k.se   = sqrt(fmax(0, sum - rest * rest) / (n * (1 - pe) * (1 - pe)));
    k.low  = fmax(-1, k.kappa - 1.959963984540054 * k.se);
    k.high = fmin(1, k.kappa + 1.959963984540054 * k.se);
    return k;
}

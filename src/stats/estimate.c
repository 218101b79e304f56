/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Means, totals, ratios and their influence values. */
#include "stats/estimate.h"

#include <math.h>

/* Weighted sums over rows used: of num, of den (or of 1). Both compensated, in the order of rows. */
static void part_sums(const StatsPart *part, size_t n, const double *w, double *out_num, double *out_den, size_t *out_rows)
{
    StatsAcc num = { 0 }, den = { 0 };
    size_t   rows = 0;
    for (size_t i = 0; i < n; i++) {
        if (part->used && !part->used[i])
            continue;
        acc_add(&num, w[i] * part->num[i]);
        acc_add(&den, part->den ? w[i] * part->den[i] : w[i]);
        rows++;
    }
    *out_num  = acc_value(&num);
    *out_den  = acc_value(&den);
    *out_rows = rows;
}

static double one_part(const StatsPart *part, size_t n, bool total, const double *w, double *z)
{
    double num, den;
    size_t rows;
    part_sums(part, n, w, &num, &den, &rows);
    if (!rows || (!total && den == 0))
        return NAN;
    double r = total ? num : num / den;
    for (size_t i = 0; z && i < n; i++)
        if (!part->used || part->used[i])
            z[i] = total ? w[i] * part->num[i] : w[i] * (part->num[i] - r * (part->den ? part->den[i] : 1)) / den;
    return r;
}

void stats_parts(const void *what, Arena scratch, const double *weight, double *estimate, double *z)
{
    const StatsParts *parts = what;
    for (size_t j = 0; j < parts->p; j++)
        estimate[j] = one_part(&parts->at[j], parts->n, parts->total, weight, z ? z + j * parts->n : NULL);
}

double stats_deff(size_t n, const double *y, const bool *used, const double *weight, double variance, bool total, bool without_replacement)
{
    StatsPart part = { y, NULL, used };
    double    sum, W;
    size_t    rows;
    part_sums(&part, n, weight, &sum, &W, &rows);
    StatsAcc  squares = { 0 };
    for (size_t i = 0; i < n; i++)
        if (!used || used[i])
            acc_add(&squares, weight[i] * (y[i] - sum / W) * (y[i] - sum / W));
    double m = (double)rows, simple = acc_value(&squares) / W * m / (m - 1) / m;
    if (without_replacement)
        simple *= 1 - m / W;
    if (total)
        simple *= W * W;
    return rows > 1 && simple > 0 ? variance / simple : NAN;
}

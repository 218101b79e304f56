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

/* What rounding left in r = num / den: the weighted mean of the residuals. Beside 1e12 it is 1e-4, and would stand in every influence value. */
static double rounding_of(const StatsPart *part, size_t n, const double *w, double r, double den)
{
    StatsAcc rest = { 0 };
    for (size_t i = 0; i < n; i++)
        if (!part->used || part->used[i])
            acc_add(&rest, w[i] * (part->num[i] - r * (part->den ? part->den[i] : 1)));
    return acc_value(&rest) / den;
}

static double one_part(const StatsPart *part, size_t n, bool total, const double *w, double *z)
{
    double num, den;
    size_t rows;
    part_sums(part, n, w, &num, &den, &rows);
    if (!rows || (!total && den == 0))
        return NAN;
    double r = total ? num : num / den, rest = z && !total ? rounding_of(part, n, w, r, den) : 0;
    for (size_t i = 0; z && i < n; i++)
        if (!part->used || part->used[i]) {
            double x = part->den ? part->den[i] : 1;
            z[i] = total ? w[i] * part->num[i] : w[i] * (part->num[i] - r * x - rest * x) / den;
        }
    return r;
}

void stats_parts(const void *what, Arena scratch, const double *weight, double *estimate, double *z)
{
    const StatsParts *parts = what;
    for (size_t j = 0; j < parts->p; j++)
        estimate[j] = one_part(&parts->at[j], parts->n, parts->total, weight, z ? z + j * parts->n : NULL);
}

void stats_spread(const void *what, Arena scratch, const double *weight, double *estimate, double *z)
{
    const StatsSpread *s = what;
    StatsPart part = { s->y, NULL, s->used };
    double    sum, W, *u = arena_new(&scratch, double, s->n + 1), m = (double)s->asked;
    size_t    rows;
    part_sums(&part, s->n, weight, &sum, &W, &rows);
    estimate[0] = NAN;
    if (m < 2 || !rows || W == 0)
        return;
    double rest = rounding_of(&part, s->n, weight, sum / W, W);
    for (size_t i = 0; i < s->n; i++) {
        double d = s->y[i] - sum / W - rest;
        u[i] = m / (m - 1) * d * d;
    }
    part.num    = u;
    estimate[0] = one_part(&part, s->n, false, weight, z);
}

/* Sums of one item over the levels, then its share of the index. */
static void index_item(const StatsIndex *x, const double *y, double a, const double *w, StatsAcc *sum, StatsAcc *all, double *estimate, double *z)
{
    memset(sum, 0, x->n_levels * sizeof *sum);
    memset(all, 0, x->n_levels * sizeof *all);
    for (size_t i = 0; i < x->n; i++)
        if (x->used[i] && x->code[i] != UINT32_MAX && !isnan(y[i])) {
            acc_add(&sum[x->code[i]], w[i] * y[i]);
            acc_add(&all[x->code[i]], w[i]);
        }
    for (size_t l = 0; l < x->n_levels; l++)
        estimate[l] += a * acc_value(&sum[l]) / acc_value(&all[l]);              /* 0 / 0: not defined */
    for (size_t i = 0; z && i < x->n; i++)
        if (x->used[i] && x->code[i] != UINT32_MAX && !isnan(y[i])) {
            uint32_t l = x->code[i];
            double   W = acc_value(&all[l]);
            z[l * x->n + i] += a * w[i] * (y[i] - acc_value(&sum[l]) / W) / W;
        }
}

void stats_index(const void *what, Arena scratch, const double *weight, double *estimate, double *z)
{
    const StatsIndex *x   = what;
    StatsAcc         *sum = arena_new(&scratch, StatsAcc, x->n_levels + 1), *all = arena_new(&scratch, StatsAcc, x->n_levels + 1);
    double            scale = stats_sum(x->n_items, x->item_weight);
    memset(estimate, 0, x->n_levels * sizeof *estimate);
    for (size_t j = 0; j < x->n_items; j++)
        if (x->item_weight[j] > 0)
            index_item(x, x->satisfied[j], x->item_weight[j] / scale, weight, sum, all, estimate, z);
}

double stats_deff(size_t n, const double *y, const bool *used, const double *weight, double variance, bool total, bool without_replacement)
{
    StatsPart part = { y, NULL, used };
    double    sum, W;
    size_t    rows;
    part_sums(&part, n, weight, &sum, &W, &rows);
    StatsAcc squares = { 0 };
    double   rest = rounding_of(&part, n, weight, sum / W, W);
    for (size_t i = 0; i < n; i++)
        if (!used || used[i]) {
            double d = y[i] - sum / W - rest;
            acc_add(&squares, weight[i] * d * d);
        }
    double m = (double)rows, simple = acc_value(&squares) / W * m / (m - 1) / m;
    if (without_replacement)
        simple *= 1 - m / W;
    if (total)
        simple *= W * W;
    return rows > 1 && simple > 0 ? variance / simple : NAN;
}

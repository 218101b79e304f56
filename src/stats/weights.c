/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Post-strata and raking, both on the table of crossed groups; trimming; summary. */
#include "stats/weights.h"

#include "stats/design.h"
#include "stats/matrix.h"

#include <math.h>
#include <stdlib.h>

static const double SUMS_AGREE = 1e-9;
static const double ROUNDING = 1e-13;      /* sums are not closer than that */
enum { CELLS_MOST = 1 << 24 };

/* ---- Cells ------------------------------------------------------------------------------------------------------------------ */

/* Rows by cell. basis: orthonormal, `rank` columns over the cells, of what the weights were fitted to; NULL: to every cell by itself. */
typedef struct Cells { const uint32_t *code; size_t len, rank; double *weight; double *basis; } Cells;

static Err weights_positive(Arena *keep, size_t n, const double *weight)
{
    for (size_t i = 0; i < n; i++)
        if (!(weight[i] > 0) || isinf(weight[i]))
            return err_fmt(keep, ERR_INVALID, "bad_weight: the weight of row %zu is not above 0", i + 1);
    return OK;
}

static Err margin_check(Arena *keep, size_t n, const StatsMargin *m, size_t number)
{
    Arena scratch = *keep;
    bool *seen = arena_new(&scratch, bool, m->n_groups);
    for (size_t i = 0; i < n; i++) {
        if (m->code[i] >= m->n_groups)
            return err_fmt(keep, ERR_INVALID, "missing_values: row %zu has no group in margin %zu", i + 1, number);
        seen[m->code[i]] = true;
    }
    for (size_t g = 0; g < m->n_groups; g++) {
        if (!(m->total[g] >= 0) || isinf(m->total[g]))
            return err_fmt(keep, ERR_INVALID, "bad_value: group %zu of margin %zu: the total is not a number from 0", g + 1, number);
        if (seen[g] != (m->total[g] > 0))
            return err_fmt(keep, ERR_INVALID, "cells_mismatch: group %zu of margin %zu has %s; join it with another", g + 1, number,
                           seen[g] ? "rows, but no total above 0" : "a total, but no row of the sample");
    }
    return OK;
}

/* Influence values less their fit by weighted least squares, the weights before: a fit of cells is one of their sums. */
static void cells_residual(const StatsAdjustment *adj, Arena scratch, size_t n, size_t p, double *z)
{
    const Cells *c    = adj->state;
    double      *fit  = arena_new(&scratch, double, c->len), *rest = arena_new(&scratch, double, c->len);
    StatsAcc    *sum  = arena_new(&scratch, StatsAcc, c->len);
    for (size_t j = 0; j < p; j++, z += n) {
        memset(sum, 0, c->len * sizeof *sum);
        for (size_t i = 0; i < n; i++) {
            z[i] /= adj->after[i];
            acc_add(&sum[c->code[i]], adj->before[i] * z[i]);
        }
        for (size_t k = 0; k < c->len; k++)
            fit[k] = acc_value(&sum[k]) / sqrt(c->weight[k]);
        if (c->basis) {
            memcpy(rest, fit, c->len * sizeof *fit);
            matrix_residual(c->len, c->rank, c->basis, rest);
            for (size_t k = 0; k < c->len; k++)
                fit[k] -= rest[k];
        }
        for (size_t i = 0; i < n; i++)
            z[i] = adj->after[i] * (z[i] - fit[c->code[i]] / sqrt(c->weight[c->code[i]]));
    }
}

void stats_post_residual(Arena scratch, size_t n, const uint32_t *post, size_t n_posts, const double *weight, double *z)
{
    StatsAcc *sum = arena_new(&scratch, StatsAcc, n_posts), *of = arena_new(&scratch, StatsAcc, n_posts);
    for (size_t i = 0; i < n; i++) {
        acc_add(&sum[post[i]], z[i]);
        acc_add(&of[post[i]], weight[i]);
    }
    for (size_t i = 0; i < n; i++)
        if (post[i])
            z[i] -= weight[i] * acc_value(&sum[post[i]]) / acc_value(&of[post[i]]);
}

static Cells *cells_new(Arena *keep, size_t n, const double *weight, const uint32_t *code, size_t len)
{
    Cells *c  = arena_new(keep, Cells, 1);
    *c        = (Cells){ code, len, 0, arena_new(keep, double, len), NULL };
    Arena scratch = *keep;
    StatsAcc *sum = arena_new(&scratch, StatsAcc, len);
    for (size_t i = 0; i < n; i++)
        acc_add(&sum[code[i]], weight[i]);
    for (size_t k = 0; k < len; k++)
        c->weight[k] = acc_value(&sum[k]);
    return c;
}

Err stats_poststratify(Arena *keep, size_t n, const double *weight, const StatsMargin *cells, StatsAdjustment *out)
{
    TRY(weights_positive(keep, n, weight));
    TRY(margin_check(keep, n, cells, 1));
    Cells  *c     = cells_new(keep, n, weight, cells->code, cells->n_groups);
    double *after = arena_new(keep, double, n);
    for (size_t i = 0; i < n; i++)
        after[i] = weight[i] * (cells->total[c->code[i]] / c->weight[c->code[i]]);
    for (size_t k = 0; k < c->len; k++)
        c->weight[k] = c->weight[k] > 0 ? c->weight[k] : 1;      /* a group of neither rows nor total */
    *out = (StatsAdjustment){ cells_residual, c, weight, after };
    return OK;
}

/* ---- Raking ------------------------------------------------------------------------------------------------------------------- */

/* Joins a margin to the codes so far, giving a code to each pair that occurs, ascending. *len: codes so far. */
static bool cross(Arena scratch, size_t n, const StatsMargin *m, uint32_t *code, size_t *len)
{
    if (*len * m->n_groups > CELLS_MOST)
        return false;
    uint32_t *number = arena_new(&scratch, uint32_t, *len * m->n_groups), next = 0;
    for (size_t i = 0; i < n; i++) {
        code[i] = (uint32_t)(code[i] * m->n_groups + m->code[i]);
        number[code[i]] = 1;
    }
    for (size_t k = 0; k < *len * m->n_groups; k++)
        number[k] = number[k] ? next++ : 0;
    for (size_t i = 0; i < n; i++)
        code[i] = number[code[i]];
    *len = next;
    return true;
}

static Err margins_agree(Arena *keep, size_t n_margins, const StatsMargin *margin)
{
    double first = stats_sum(margin[0].n_groups, margin[0].total);
    for (size_t m = 1; m < n_margins; m++) {
        double sum = stats_sum(margin[m].n_groups, margin[m].total);
        if (fabs(sum - first) > SUMS_AGREE * first)
            return err_fmt(keep, ERR_INVALID, "margins_disagree: margin 1 adds up to %.15g, margin %zu to %.15g", first, m + 1, sum);
    }
    return OK;
}

/* The table that is raked: its cells' weights, and the group of each cell in each margin (group[m * len + k]). */
typedef struct Table { size_t len, n_margins; const StatsMargin *margin; double *weight, *sum; uint32_t *group; } Table;

static void margin_sums(const Table *t, size_t m)
{
    const uint32_t *group = t->group + m * t->len;
    memset(t->sum, 0, t->margin[m].n_groups * sizeof *t->sum);
    for (size_t k = 0; k < t->len; k++)
        t->sum[group[k]] += t->weight[k];
}

/* The worst relative misfit over all margins; *out_margin, *out_group: where. */
static double table_misfit(const Table *t, size_t *out_margin, size_t *out_group)
{
    double worst = 0;
    for (size_t m = 0; m < t->n_margins; m++) {
        margin_sums(t, m);
        for (size_t g = 0; g < t->margin[m].n_groups; g++) {
            double off = t->margin[m].total[g] > 0 ? fabs(t->sum[g] / t->margin[m].total[g] - 1) : 0;
            if (!(off <= worst)) {
                worst       = off;
                *out_margin = m;
                *out_group  = g;
            }
        }
    }
    return worst;
}

static Err table_rake(Arena *keep, Table *t, StatsStop stop)
{
    double epsilon = fmax(stop.epsilon > 0 ? stop.epsilon : 1e-10, ROUNDING), worst = INFINITY;
    size_t margin = 0, group = 0;
    int    most = stop.most > 0 ? stop.most : 200, sweep = 0;
    for (; sweep < most && !(worst <= epsilon); sweep++) {
        for (size_t m = 0; m < t->n_margins; m++) {
            margin_sums(t, m);
            for (size_t k = 0; k < t->len; k++) {
                uint32_t g = t->group[m * t->len + k];
                t->weight[k] *= t->margin[m].total[g] / t->sum[g];
            }
        }
        worst = table_misfit(t, &margin, &group);
    }
    if (stop.told)
        *stop.told = (StatsSweeps){ sweep, worst, margin, group };
    if (!(worst <= epsilon))
        return err_fmt(keep, ERR_INVALID, "not_converged: after %d sweeps group %zu of margin %zu is off by %.3g of its total; join groups", most,
                       group + 1, margin + 1, worst);
    return OK;
}

/* What raking was fitted to: a column for each group of each margin, over the cells, times the root of the cell's weight. */
static void fit_margins(Arena *keep, Cells *c, const Table *t)
{
    size_t p = 0, at = 0;
    for (size_t m = 0; m < t->n_margins; m++)
        p += t->margin[m].n_groups;
    double *x = c->basis = arena_new(keep, double, p * c->len);
    Arena     scratch = *keep;
    uint32_t *kept    = arena_new(&scratch, uint32_t, p);
    for (size_t m = 0; m < t->n_margins; at += t->margin[m++].n_groups)
        for (size_t k = 0; k < c->len; k++)
            x[(at + t->group[m * t->len + k]) * c->len + k] = sqrt(c->weight[k]);
    c->rank = matrix_basis(c->len, p, x, 1e-9, kept, NULL);
}

static Err margins_check(Arena *keep, size_t n, size_t n_margins, const StatsMargin margin[])
{
    if (!n_margins)
        return err_new(keep, ERR_INVALID, S("bad_value: no margin to rake to"));
    for (size_t m = 0; m < n_margins; m++)
        TRY(margin_check(keep, n, &margin[m], m + 1));
    return margins_agree(keep, n_margins, margin);
}

/* The table of cells, before raking; lives in keep. */
static Table table_new(Arena *keep, size_t n, const Cells *c, size_t n_margins, const StatsMargin margin[])
{
    size_t widest = 1;
    for (size_t m = 0; m < n_margins; m++)
        widest = margin[m].n_groups > widest ? margin[m].n_groups : widest;
    Table t = { c->len, n_margins, margin, arena_new(keep, double, c->len), arena_new(keep, double, widest), arena_new(keep, uint32_t, n_margins * c->len) };
    memcpy(t.weight, c->weight, c->len * sizeof *t.weight);
    for (size_t m = 0; m < n_margins; m++)
        for (size_t i = 0; i < n; i++)
            t.group[m * c->len + c->code[i]] = margin[m].code[i];
    return t;
}

/* The cells of the crossed margins. */
static Err cross_margins(Arena *keep, size_t n, const double *weight, size_t n_margins, const StatsMargin margin[], Cells **out)
{
    uint32_t *code = arena_new(keep, uint32_t, n);
    size_t    len  = 1;
    for (size_t m = 0; m < n_margins; m++)
        if (!cross(*keep, n, &margin[m], code, &len))
            return err_new(keep, ERR_INVALID, S("too_large: the margins cross to too many cells"));
    *out = cells_new(keep, n, weight, code, len);
    return OK;
}

Err stats_rake(Arena *keep, size_t n, const double *weight, size_t n_margins, const StatsMargin margin[], StatsStop stop, StatsAdjustment *out)
{
    Cells *c;
    TRY(weights_positive(keep, n, weight));
    TRY(margins_check(keep, n, n_margins, margin));
    TRY(cross_margins(keep, n, weight, n_margins, margin, &c));
    double *after = arena_new(keep, double, n);
    Table   t     = table_new(keep, n, c, n_margins, margin);
    TRY(table_rake(keep, &t, stop));
    for (size_t k = 0; k < c->len; k++)
        t.weight[k] /= c->weight[k];
    for (size_t i = 0; i < n; i++)
        after[i] = weight[i] * t.weight[c->code[i]];
    fit_margins(keep, c, &t);
    *out = (StatsAdjustment){ cells_residual, c, weight, after };
    return OK;
}

Err stats_rake_fit(Arena *keep, size_t n, const double *weight, const double *after, size_t n_margins, const StatsMargin margin[],
                   StatsAdjustment *out)
{
    Cells *c;
    TRY(weights_positive(keep, n, weight));
    TRY(weights_positive(keep, n, after));
    TRY(margins_check(keep, n, n_margins, margin));
    TRY(cross_margins(keep, n, weight, n_margins, margin, &c));
    Table t = table_new(keep, n, c, n_margins, margin);
    fit_margins(keep, c, &t);
    *out = (StatsAdjustment){ cells_residual, c, weight, after };
    return OK;
}

/* ---- Trimming and summary -------------------------------------------------------------------------------------------------------- */

static int by_size(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return (p > q) - (p < q);
}

double stats_trim(Arena scratch, size_t n, const double *weight, double cap, double *out)
{
    double *sorted = arena_new(&scratch, double, n), sum = stats_sum(n, weight);
    size_t  m      = 0;
    for (size_t i = 0; i < n; i++)
        if (weight[i] > 0)
            sorted[m++] = weight[i];
    qsort(sorted, m, sizeof *sorted, by_size);
    double median = m ? (sorted[(m - 1) / 2] + sorted[m / 2]) / 2 : NAN, most = cap * median;
    for (size_t i = 0; i < n; i++)
        out[i] = weight[i] > most ? most : weight[i];
    return m ? (sum - stats_sum(n, out)) / sum : NAN;
}

StatsWeightSummary stats_weights_summary(size_t n, const double *before, const double *after)
{
    if (!n)
        return (StatsWeightSummary){ NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    StatsWeightSummary s = { .sum = stats_sum(n, after), .min = INFINITY, .max = -INFINITY, .min_g = INFINITY, .max_g = -INFINITY };
    for (size_t i = 0; i < n; i++) {
        double g = after[i] / before[i];
        s.min    = fmin(s.min, after[i]);
        s.max    = fmax(s.max, after[i]);
        s.min_g  = fmin(s.min_g, g);
        s.max_g  = fmax(s.max_g, g);
    }
    s.kish_deff  = (double)n * stats_dot(n, after, after) / (s.sum * s.sum);
    s.kish_n_eff = (double)n / s.kish_deff;
    return s;
}

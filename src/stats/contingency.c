/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tests of independence. */
#include "stats/contingency.h"

#include "stats/design.h"
#include "stats/matrix.h"
#include "stats/special.h"

#include <math.h>

static bool is_wald(const ContingencyTable *t)
{
    return t->method == CONTINGENCY_WALD || t->method == CONTINGENCY_ADJ_WALD;
}

size_t contingency_parts(const ContingencyTable *t)
{
    return is_wald(t) ? (t->rows - 1) * (t->columns - 1) : t->rows * t->columns;
}

/* Weighted counts of cells, rows, columns, all. */
typedef struct Counts { double *cell, *row, *column, all; } Counts;

static Counts counts_of(const ContingencyTable *t, Arena *a, const double *weight)
{
    size_t    cells = t->rows * t->columns;
    Counts    c     = { arena_new(a, double, cells), arena_new(a, double, t->rows), arena_new(a, double, t->columns), 0 };
    StatsAcc *sum   = arena_new(a, StatsAcc, cells);
    for (size_t i = 0; i < t->n; i++)
        if (t->cell[i] != UINT32_MAX)
            acc_add(&sum[t->cell[i]], weight[i]);
    for (size_t k = 0; k < cells; k++) {
        c.cell[k] = acc_value(&sum[k]);
        c.row[k / t->columns] += c.cell[k];
        c.column[k % t->columns] += c.cell[k];
        c.all += c.cell[k];
    }
    return c;
}

static void shares(const ContingencyTable *t, const Counts *c, const double *weight, double *estimate, double *z)
{
    for (size_t k = 0; k < t->rows * t->columns; k++) {
        estimate[k] = c->cell[k] / c->all;
        for (size_t i = 0; i < t->n && z; i++)
            if (t->cell[i] != UINT32_MAX)
                z[k * t->n + i] = weight[i] * ((t->cell[i] == k) - estimate[k]) / c->all;
    }
}

/* T_ij - T_i. T_.j / T of all rows and columns but the first. */
static void residuals(const ContingencyTable *t, const Counts *c, const double *weight, double *estimate, double *z)
{
    for (size_t r = 1, part = 0; r < t->rows; r++)
        for (size_t s = 1; s < t->columns; s++, part++) {
            double expected = c->row[r] * c->column[s] / c->all;
            estimate[part]  = c->cell[r * t->columns + s] - expected;
            for (size_t i = 0; i < t->n && z; i++) {
                size_t k = t->cell[i];
                if (k == UINT32_MAX)
                    continue;
                bool   row = k / t->columns == r, column = k % t->columns == s;
                double margins = (row * c->column[s] + column * c->row[r]) / c->all;
                z[part * t->n + i] = weight[i] * ((row && column) - margins + expected / c->all);
            }
        }
}

void contingency_theta(const void *table, Arena scratch, const double *weight, double *estimate, double *z)
{
    const ContingencyTable *t = table;
    Counts c = counts_of(t, &scratch, weight);
    if (is_wald(t))
        residuals(t, &c, weight, estimate, z);
    else
        shares(t, &c, weight, estimate, z);
}

/* Interaction dummies (levels from the second on) of the cells, made orthogonal to constant, row and column dummies: columns of `cells`. */
static double *interactions(const ContingencyTable *t, Arena *a)
{
    size_t    cells = t->rows * t->columns, mains = t->rows + t->columns - 1, q = (t->rows - 1) * (t->columns - 1);
    double   *x     = arena_new(a, double, cells * q), *base = arena_new(a, double, cells * mains);
    uint32_t *kept  = arena_new(a, uint32_t, mains);
    for (size_t k = 0; k < cells; k++) {
        size_t r = k / t->columns, s = k % t->columns;
        base[k]  = 1;
        if (r)
            base[r * cells + k] = 1;
        if (s)
            base[(t->rows - 1 + s) * cells + k] = 1;
        if (r && s)
            x[((r - 1) * (t->columns - 1) + s - 1) * cells + k] = 1;
    }
    size_t rank = matrix_basis(cells, mains, base, 1e-9, kept, NULL);
    for (size_t j = 0; j < q; j++)
        matrix_residual(cells, rank, base, x + j * cells);
    return x;
}

/* Design effects of the interactions: (C'D^-1 C / n)^-1 (C'D^-1 V D^-1 C), q × q. False when the first is singular. */
static bool effects(const ContingencyTable *t, Arena scratch, const double *p, const double *v, double n, double *out)
{
    size_t  cells = t->rows * t->columns, q = (t->rows - 1) * (t->columns - 1);
    double *c = interactions(t, &scratch), *dc = arena_new(&scratch, double, cells * q), *vc = arena_new(&scratch, double, cells);
    double *under = arena_new(&scratch, double, q * q), *over = arena_new(&scratch, double, q * q);
    for (size_t j = 0; j < q; j++)
        for (size_t k = 0; k < cells; k++)
            dc[j * cells + k] = p[k] > 0 ? c[j * cells + k] / p[k] : 0;
    for (size_t j = 0; j < q; j++) {
        for (size_t k = 0; k < cells; k++)
            vc[k] = stats_dot(cells, v + k * cells, dc + j * cells);
        for (size_t l = 0; l < q; l++) {
            under[l * q + j] = stats_dot(cells, c + l * cells, dc + j * cells) / n;
            over[l * q + j]  = stats_dot(cells, dc + l * cells, vc);
        }
    }
    return matrix_solve(scratch, q, under, q, over, out);
}

static Contingency rao_scott(const ContingencyTable *t, Arena scratch, const double *p, const double *v, double nu, double n)
{
    size_t      q = (t->rows - 1) * (t->columns - 1);
    Contingency c = { NAN, NAN, NAN, NAN, false };
    double     *delta = arena_new(&scratch, double, q * q), *row = arena_new(&scratch, double, t->rows), *column = arena_new(&scratch, double, t->columns);
    double      x2 = 0, trace = 0, trace_square = 0;
    for (size_t k = 0; k < t->rows * t->columns; k++) {
        row[k / t->columns] += p[k];
        column[k % t->columns] += p[k];
    }
    for (size_t k = 0; k < t->rows * t->columns; k++) {
        double expected = row[k / t->columns] * column[k % t->columns];
        x2 += n * (p[k] - expected) * (p[k] - expected) / expected;
    }
    c.singular = !effects(t, scratch, p, v, n, delta);
    if (c.singular)
        return c;
    for (size_t i = 0; i < q; i++) {
        trace += delta[i * q + i];
        for (size_t j = 0; j < q; j++)
            trace_square += delta[i * q + j] * delta[j * q + i];
    }
    if (t->method == CONTINGENCY_CHISQ)
        return (Contingency){ x2, (double)q, NAN, chi_upper(x2 / (trace / (double)q), (double)q), false };
    double d0 = trace * trace / trace_square, f = x2 / trace;
    return (Contingency){ f, d0, d0 * nu, f_upper(f, d0, d0 * nu), false };
}

Contingency contingency_test(const ContingencyTable *t, Arena scratch, const double *estimate, const double *v, double nu, double n)
{
    Contingency none = { NAN, NAN, NAN, NAN, false };
    if (t->rows < 2 || t->columns < 2)
        return none;
    if (!is_wald(t))
        return rao_scott(t, scratch, estimate, v, nu, n);
    size_t  q = contingency_parts(t);
    double *x = arena_new(&scratch, double, q), k = (double)q;
    none.singular = !matrix_solve(scratch, q, v, 1, estimate, x);
    if (none.singular)
        return none;
    double wald = stats_dot(q, estimate, x);
    double df2  = t->method == CONTINGENCY_WALD ? nu : nu - k + 1, f = t->method == CONTINGENCY_WALD ? wald / k : wald * df2 / (k * nu);
    return (Contingency){ f, k, df2, f_upper(f, k, df2), false };
}

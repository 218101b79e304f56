/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Variances from replicate weights: the statistic is computed anew with each replicate; the factors hold the design. */
#include "stats/design.h"

#include <math.h>

static void weights_of(const StatsReplicates *r, size_t at, double *w)
{
    for (size_t i = 0; i < r->n; i++)
        w[i] = r->weight[i] * r->factor[r->psu[i] * r->len + at];
}

static double factor_of(const StatsReplicates *r, size_t k)
{
    return r->rscale ? r->rscale[k] : 1;
}

/* Mean of part j over the replicates that count. */
static double centre(const StatsReplicates *r, const bool *keep, size_t p, size_t j, const double *theta)
{
    StatsAcc sum   = { 0 };
    double   count = 0;
    for (size_t k = 0; k < r->len; k++)
        if (keep[k] && factor_of(r, k) > 0) {
            acc_add(&sum, theta[k * p + j]);
            count++;
        }
    return acc_value(&sum) / count;
}

/* Which replicates define every part that the whole sample defines: one that left out the last unit of a small group does not. */
static size_t find_defined(const StatsReplicates *r, size_t p, const double *estimate, const double *theta, bool *keep)
{
    size_t left_out = 0;
    for (size_t k = 0; k < r->len; k++) {
        keep[k] = true;
        for (size_t j = 0; j < p; j++)
            keep[k] = keep[k] && (isnan(estimate[j]) || !isnan(theta[k * p + j]));
        left_out += !keep[k];
    }
    return left_out;
}

static double covariance(const StatsReplicates *r, const bool *keep, size_t p, size_t i, size_t j, const double *theta)
{
    StatsAcc sum = { 0 };
    for (size_t k = 0; k < r->len; k++)
        if (keep[k] && factor_of(r, k) != 0)
            acc_add(&sum, factor_of(r, k) * theta[k * p + i] * theta[k * p + j]);
    return r->scale * acc_value(&sum);
}

size_t stats_replicate_variance(const StatsReplicates *r, Arena scratch, size_t p, StatsTheta *f, const void *what, double *out_estimate, double *out_v)
{
    double *w    = arena_new(&scratch, double, r->n + 1), *theta = arena_new(&scratch, double, r->len * p + 1);
    bool   *keep = arena_new(&scratch, bool, r->len + 1);
    f(what, scratch, r->weight, out_estimate, NULL);
    for (size_t k = 0; k < r->len; k++) {
        weights_of(r, k, w);
        f(what, scratch, w, theta + k * p, NULL);
    }
    size_t left_out = find_defined(r, p, out_estimate, theta, keep);
    for (size_t j = 0; j < p; j++) {
        double c = r->mse ? out_estimate[j] : centre(r, keep, p, j, theta);
        for (size_t k = 0; k < r->len; k++)
            theta[k * p + j] -= c;
    }
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j <= i; j++)
            out_v[i * p + j] = out_v[j * p + i] = left_out < r->len ? covariance(r, keep, p, i, j, theta) : NAN;
    return left_out;
}

/* Rank by orthogonalising one column after the other; a column whose length falls below 1e-5 of what it was depends on those before. The
 * same limited pivoting as the usual QR of statistics packages, so that degrees of freedom agree. */
static size_t rank_of(size_t rows, size_t columns, double *x)
{
    size_t rank = 0;
    for (size_t j = 0; j < columns && rank < rows; j++) {
        double *col = x + j * rows, before = sqrt(stats_dot(rows, col, col));
        for (int pass = 0; pass < 2; pass++)         /* twice: the first pass leaves rounding behind */
            for (size_t k = 0; k < rank; k++) {
                double *q = x + k * rows, dot = stats_dot(rows, q, col);
                for (size_t i = 0; i < rows; i++)
                    col[i] -= dot * q[i];
            }
        double after = sqrt(stats_dot(rows, col, col));
        if (!(after > 1e-5 * before) || before == 0)
            continue;
        double *to = x + rank++ * rows;
        for (size_t i = 0; i < rows; i++)
            to[i] = col[i] / after;
    }
    return rank;
}

double stats_replicate_df(const StatsReplicates *r, Arena scratch, const bool *used)
{
    bool   *holds = arena_new(&scratch, bool, r->n_psu + 1);
    size_t  rows  = 0;
    for (size_t i = 0; i < r->n; i++)
        if ((!used || used[i]) && !holds[r->psu[i]]) {
            holds[r->psu[i]] = true;
            rows++;
        }
    double *x = arena_new(&scratch, double, rows * r->len + 1);
    for (size_t k = 0; k < r->len; k++)
        for (size_t g = 0, at = 0; g < r->n_psu; g++)
            if (holds[g])
                x[k * rows + at++] = r->factor[g * r->len + k];
    return (double)rank_of(rows, r->len, x) - 1;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Variances from replicate weights: the statistic is computed anew with each replicate; the factors hold the design. */
#include "stats/design.h"

#include <math.h>

static void weights_of(const StatsReplicates *r, size_t at, double *w)
{
    for (size_t i = 0; i < r->n; i++)
        w[i] = r->weight[i] * r->factor[r->psu[i] * r->len + at];
}

/* Mean of part j over the replicates that count. */
static double centre(const StatsReplicates *r, size_t p, size_t j, const double *theta)
{
    StatsAcc sum   = { 0 };
    double   count = 0;
    for (size_t k = 0; k < r->len; k++)
        if (!r->rscale || r->rscale[k] > 0) {
            acc_add(&sum, theta[k * p + j]);
            count++;
        }
    return acc_value(&sum) / count;
}

void stats_replicate_variance(const StatsReplicates *r, Arena scratch, size_t p, StatsTheta *f, const void *what, double *out_estimate, double *out_v)
{
    double *w = arena_new(&scratch, double, r->n + 1), *theta = arena_new(&scratch, double, r->len * p + 1);
    f(what, scratch, r->weight, out_estimate, NULL);
    for (size_t k = 0; k < r->len; k++) {
        weights_of(r, k, w);
        f(what, scratch, w, theta + k * p, NULL);
    }
    for (size_t j = 0; j < p; j++) {
        double c = r->mse ? out_estimate[j] : centre(r, p, j, theta);
        for (size_t k = 0; k < r->len; k++)
            theta[k * p + j] -= c;
    }
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j <= i; j++) {
            StatsAcc sum = { 0 };
            for (size_t k = 0; k < r->len; k++)
                if (!r->rscale || r->rscale[k] != 0)
                    acc_add(&sum, (r->rscale ? r->rscale[k] : 1) * theta[k * p + i] * theta[k * p + j]);
            out_v[i * p + j] = out_v[j * p + i] = r->scale * acc_value(&sum);
        }
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

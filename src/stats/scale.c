/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reliability, structure, correlation. */
#include "stats/scale.h"

#include "stats/design.h"
#include "stats/matrix.h"
#include "stats/special.h"

#include <math.h>
#include <stdlib.h>

size_t stats_complete(size_t n, size_t k, double *const *x, bool *used)
{
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < k && used[i]; j++)
            used[i] = !isnan(x[j][i]);
        left += used[i];
    }
    return left;
}

void stats_moments(Arena scratch, size_t n, size_t k, double *const *x, const double *weight, const bool *used, double *out_mean, double *out_v)
{
    double *w = arena_new(&scratch, double, n), *wc = arena_new(&scratch, double, n), *c = arena_new(&scratch, double, n * k);
    size_t  m = 0;
    for (size_t i = 0; i < n; i++)
        if (used[i])
            w[m++] = weight ? weight[i] : 1;
    double total = stats_sum(m, w);
    for (size_t j = 0; j < k; j++) {
        double *col = c + j * m;
        size_t  at  = 0;
        for (size_t i = 0; i < n; i++)
            if (used[i])
                col[at++] = x[j][i];
        double mean = stats_dot(m, w, col) / total;
        for (size_t i = 0; i < m; i++)
            col[i] -= mean;
        if (out_mean)
            out_mean[j] = mean;
    }
    for (size_t j = 0; j < k; j++) {
        for (size_t i = 0; i < m; i++)
            wc[i] = w[i] * c[j * m + i];
        for (size_t l = 0; l <= j; l++)
            out_v[j * k + l] = out_v[l * k + j] = m ? stats_dot(m, wc, c + l * m) / total : NAN;
    }
}

double stats_alpha(size_t k, const double *v, double *without, double *rest)
{
    double items = 0, total = 0, m = (double)k;
    for (size_t i = 0; i < k; i++) {
        items += v[i * k + i];
        for (size_t j = 0; j < k; j++)
            total += v[i * k + j];
    }
    for (size_t i = 0; i < k && without; i++) {
        double own = v[i * k + i], with = 0;
        for (size_t j = 0; j < k; j++)
            with += v[i * k + j];
        double others = total - 2 * with + own;
        without[i] = k > 2 && others > 0 ? (m - 1) / (m - 2) * (1 - (items - own) / others) : NAN;
        rest[i]    = own > 0 && others > 0 ? (with - own) / sqrt(own * others) : NAN;
    }
    return k > 1 && total > 0 ? m / (m - 1) * (1 - items / total) : NAN;
}

/* Kaiser, Meyer and Olkin's measure: correlations beside what is left of them when the other items are held. */
static double kmo_of(size_t k, const double *r, const double *inverse)
{
    double plain = 0, partial = 0;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double anti = inverse[i * k + j] / sqrt(inverse[i * k + i] * inverse[j * k + j]);
            plain += i == j ? 0 : r[i * k + j] * r[i * k + j];
            partial += i == j ? 0 : anti * anti;
        }
    return plain + partial > 0 ? plain / (plain + partial) : NAN;
}

StatsPca stats_pca(Arena scratch, size_t k, const double *v, size_t n, double *value, double *loading)
{
    double  *r = arena_new(&scratch, double, k * k), *vector = arena_new(&scratch, double, k * k), sum = 0, log_det;
    StatsPca p = { .kmo = NAN, .bartlett = NAN, .df = (double)k * ((double)k - 1) / 2, .p = NAN };
    for (size_t i = 0; i < k; i++) {
        value[i] = loading[i] = NAN;
        p.singular = p.singular || !(v[i * k + i] > 0);
    }
    if (p.singular || k == 0)
        return p;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            r[i * k + j] = i == j ? 1 : v[i * k + j] / sqrt(v[i * k + i] * v[j * k + j]);
    matrix_eigen(scratch, k, r, value, vector);
    for (size_t i = 0; i < k; i++) {
        sum += vector[i * k];
        p.n_kaiser += value[i] > 1;
    }
    for (size_t i = 0; i < k; i++)
        loading[i] = (sum < 0 ? -1 : 1) * vector[i * k] * sqrt(fmax(0, value[0]));
    p.singular = !matrix_inverse(scratch, k, r, vector, &log_det);
    if (p.singular)
        return p;
    p.kmo      = kmo_of(k, r, vector);
    p.bartlett = -((double)n - 1 - (2 * (double)k + 5) / 6) * log_det;
    p.p        = chi_upper(p.bartlett, p.df);
    return p;
}

double stats_correlation(Arena scratch, size_t n, const double *x, const double *y, const double *weight, const bool *used)
{
    double v[4], *both[] = { arena_new(&scratch, double, n), arena_new(&scratch, double, n) };
    memcpy(both[0], x, n * sizeof *x);
    memcpy(both[1], y, n * sizeof *y);
    stats_moments(scratch, n, 2, both, weight, used, NULL, v);
    return v[0] > 0 && v[3] > 0 ? v[1] / sqrt(v[0] * v[3]) : NAN;
}

typedef struct Ranked { double x; size_t row; } Ranked;

static int by_value(const void *p, const void *q)
{
    const Ranked *a = p, *b = q;
    return a->x != b->x ? a->x < b->x ? -1 : 1 : (a->row > b->row) - (a->row < b->row);
}

void stats_mid_ranks(Arena scratch, size_t n, const double *x, const double *weight, const bool *used, double *out)
{
    Ranked *sorted = arena_new(&scratch, Ranked, n);
    size_t  m      = 0;
    StatsAcc below = { 0 };
    for (size_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (used[i])
            sorted[m++] = (Ranked){ x[i], i };
    }
    qsort(sorted, m, sizeof *sorted, by_value);
    for (size_t from = 0, to; from < m; from = to) {
        StatsAcc equal = { 0 };
        for (to = from; to < m && sorted[to].x == sorted[from].x; to++)
            acc_add(&equal, weight ? weight[sorted[to].row] : 1);
        for (size_t i = from; i < to; i++)
            out[sorted[i].row] = acc_value(&below) + acc_value(&equal) / 2;
        acc_add(&below, acc_value(&equal));
    }
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small dense linear algebra. */
#include "stats/matrix.h"

#include "stats/design.h"

#include <math.h>

static const double PIVOT_LEAST = 1e-11;

static void swap(double *x, double *y)
{
    double t = *x;
    *x = *y;
    *y = t;
}

/* Exchanges rows and columns i < j of a symmetric matrix of which the lower triangle is kept. */
static void exchange(size_t n, double *a, uint32_t *order, size_t i, size_t j)
{
    uint32_t name = order[i];
    order[i] = order[j];
    order[j] = name;
    swap(&a[i * n + i], &a[j * n + j]);
    for (size_t k = 0; k < i; k++)
        swap(&a[i * n + k], &a[j * n + k]);
    for (size_t k = i + 1; k < j; k++)
        swap(&a[k * n + i], &a[j * n + k]);
    for (size_t k = j + 1; k < n; k++)
        swap(&a[k * n + i], &a[k * n + j]);
}

size_t matrix_cholesky(size_t n, double *a, uint32_t *order)
{
    double largest = 0;
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        order[i] = (uint32_t)i;
        largest  = fmax(largest, a[i * n + i]);
    }
    for (; k < n; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            best = a[i * n + i] > a[best * n + best] ? i : best;
        if (!(a[best * n + best] > PIVOT_LEAST * largest))
            break;
        if (best != k)
            exchange(n, a, order, k, best);
        double pivot = a[k * n + k] = sqrt(a[k * n + k]);
        for (size_t i = k + 1; i < n; i++)
            a[i * n + k] /= pivot;
        for (size_t j = k + 1; j < n; j++)
            for (size_t i = j; i < n; i++)
                a[i * n + j] -= a[i * n + k] * a[j * n + k];
    }
    for (size_t j = k; j < n; j++)
        for (size_t i = j; i < n; i++)
            a[i * n + j] = 0;
    return k;
}

bool matrix_solve(Arena scratch, size_t n, const double *a, size_t m, const double *b, double *x)
{
    double   *l     = arena_new(&scratch, double, n * n), *y = arena_new(&scratch, double, n);
    uint32_t *order = arena_new(&scratch, uint32_t, n);
    for (size_t i = 0; i < n * n; i++) {
        if (!isfinite(a[i]))
            return false;
        l[i] = a[i];
    }
    if (matrix_cholesky(n, l, order) < n)
        return false;
    for (size_t c = 0; c < m; c++) {
        for (size_t i = 0; i < n; i++) {
            y[i] = b[order[i] * m + c];
            for (size_t k = 0; k < i; k++)
                y[i] -= l[i * n + k] * y[k];
            y[i] /= l[i * n + i];
        }
        for (size_t i = n; i-- > 0;) {
            for (size_t k = i + 1; k < n; k++)
                y[i] -= l[k * n + i] * y[k];
            y[i] /= l[i * n + i];
        }
        for (size_t i = 0; i < n; i++)
            x[order[i] * m + c] = y[i];
    }
    return true;
}

bool matrix_inverse(Arena scratch, size_t n, const double *a, double *out, double *log_det)
{
    double   *unit  = arena_new(&scratch, double, n * n);
    uint32_t *order = arena_new(&scratch, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        unit[i * n + i] = 1;
    if (!matrix_solve(scratch, n, a, n, unit, out))
        return false;
    if (log_det) {
        *log_det = 0;
        memcpy(unit, a, n * n * sizeof *a);
        matrix_cholesky(n, unit, order);
        for (size_t i = 0; i < n; i++)
            *log_det += 2 * log(unit[i * n + i]);
    }
    return true;
}

/* Turns rows and columns i and j so that their entry becomes 0. */
static void rotate(size_t n, double *a, double *v, size_t i, size_t j)
{
    double off = a[i * n + j];
    if (off == 0)
        return;
    double theta = (a[j * n + j] - a[i * n + i]) / (2 * off), t = 1 / (fabs(theta) + hypot(theta, 1)), c, s;
    t = theta < 0 ? -t : t;
    c = 1 / sqrt(t * t + 1);
    s = t * c;
    for (size_t k = 0; k < n; k++) {
        double x = a[k * n + i], y = a[k * n + j];
        a[k * n + i] = c * x - s * y;
        a[k * n + j] = s * x + c * y;
        x = v[k * n + i], y = v[k * n + j];
        v[k * n + i] = c * x - s * y;
        v[k * n + j] = s * x + c * y;
    }
    for (size_t k = 0; k < n; k++) {
        double x = a[i * n + k], y = a[j * n + k];
        a[i * n + k] = c * x - s * y;
        a[j * n + k] = s * x + c * y;
    }
    a[i * n + j] = a[j * n + i] = 0;
}

void matrix_eigen(Arena scratch, size_t n, const double *a, double *values, double *vectors)
{
    double *b = arena_new(&scratch, double, n * n), *v = arena_new(&scratch, double, n * n), size = 0;
    for (size_t i = 0; i < n * n; i++) {
        b[i] = a[i];
        size += a[i] * a[i];
    }
    for (size_t i = 0; i < n; i++)
        v[i * n + i] = 1;
    for (int sweep = 0; sweep < 60; sweep++) {
        double off = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                off += b[i * n + j] * b[i * n + j];
        if (!(off > 1e-34 * size))
            break;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                rotate(n, b, v, i, j);
    }
    for (size_t k = 0; k < n; k++) {                       /* selection, largest first */
        size_t best = k;
        for (size_t i = k + 1; i < n; i++)
            best = b[i * n + i] > b[best * n + best] ? i : best;
        swap(&b[k * n + k], &b[best * n + best]);
        for (size_t i = 0; i < n && best != k; i++)
            swap(&v[i * n + k], &v[i * n + best]);
        values[k] = b[k * n + k];
    }
    if (vectors)
        memcpy(vectors, v, n * n * sizeof *v);
}

static void take_off(size_t n, double c, const double *q, double *y)
{
    for (size_t i = 0; i < n; i++)
        y[i] -= c * q[i];
}

size_t matrix_basis(size_t n, size_t p, double *x, double tolerance, uint32_t *kept, double *r)
{
    size_t rank = 0;
    if (r)
        memset(r, 0, p * p * sizeof *r);
    for (size_t j = 0; j < p; j++) {
        double *y = x + rank * n, size;
        if (rank != j)
            memmove(y, x + j * n, n * sizeof *x);
        size = sqrt(stats_dot(n, y, y));
        for (int pass = 0; pass < 2; pass++)
            for (size_t k = 0; k < rank; k++) {
                double c = stats_dot(n, x + k * n, y);
                take_off(n, c, x + k * n, y);
                if (r)
                    r[k * p + j] += c;
            }
        double rest = sqrt(stats_dot(n, y, y));
        if (!(rest > tolerance * size))
            continue;
        for (size_t i = 0; i < n; i++)
            y[i] /= rest;
        if (r)
            r[rank * p + j] = rest;
        kept[rank++] = (uint32_t)j;
    }
    return rank;
}

void matrix_residual(size_t n, size_t q, const double *basis, double *y)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < q; k++)
            take_off(n, stats_dot(n, basis + k * n, y), basis + k * n, y);
}

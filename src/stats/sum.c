/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sums whose rounding does not depend on who asks: the tree of additions is fixed by the count. */
#include "stats/design.h"

enum { BLOCK = 128 };

/* Four chains in a block: the compiler keeps them apart, so the order is the same everywhere. */
static double block_sum(size_t n, const double *x)
{
    double s[4] = { 0 };
    size_t i    = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++)
            s[k] += x[i + k];
    for (; i < n; i++)
        s[i % 4] += x[i];
    return (s[0] + s[1]) + (s[2] + s[3]);
}

static double block_dot(size_t n, const double *x, const double *y)
{
    double s[4] = { 0 };
    size_t i    = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++)
            s[k] += x[i + k] * y[i + k];
    for (; i < n; i++)
        s[i % 4] += x[i] * y[i];
    return (s[0] + s[1]) + (s[2] + s[3]);
}

/* The left part takes whole blocks. */
static size_t left_part(size_t n)
{
    size_t blocks = (n + BLOCK - 1) / BLOCK;
    return (blocks + 1) / 2 * BLOCK;
}

double stats_sum(size_t n, const double *x)
{
    if (n <= BLOCK)
        return block_sum(n, x);
    size_t left = left_part(n);
    return stats_sum(left, x) + stats_sum(n - left, x + left);
}

double stats_dot(size_t n, const double *x, const double *y)
{
    if (n <= BLOCK)
        return block_dot(n, x, y);
    size_t left = left_part(n);
    return stats_dot(left, x, y) + stats_dot(n - left, x + left, y + left);
}

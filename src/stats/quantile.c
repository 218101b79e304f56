/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Quantiles of weighted values. */
#include "stats/interval.h"

#include "stats/design.h"

#include <math.h>
#include <stdlib.h>

typedef struct Weighed { double value, weight; uint32_t row; } Weighed;

static int by_value(const void *x, const void *y)
{
    const Weighed *p = x, *q = y;
    return p->value != q->value ? (p->value < q->value ? -1 : 1) : (p->row > q->row) - (p->row < q->row);
}

StatsSorted stats_sorted(Arena *keep, Arena scratch, size_t n, const double *y, const bool *used, const double *weight)
{
    Weighed    *at = arena_new(&scratch, Weighed, n + 1);
    StatsSorted s  = { .value = arena_new(keep, double, n + 1), .cumulated = arena_new(keep, double, n + 1) };
    StatsAcc    sum = { 0 };
    for (size_t i = 0; i < n; i++)
        if ((!used || used[i]) && weight[i] > 0 && !isnan(y[i]))
            at[s.n++] = (Weighed){ y[i], weight[i], (uint32_t)i };
    qsort(at, s.n, sizeof *at, by_value);
    for (size_t i = 0; i < s.n; i++) {
        acc_add(&sum, at[i].weight);
        s.value[i]     = at[i].value;
        s.cumulated[i] = acc_value(&sum);
    }
    return s;
}

/* Running shares meet p when they are this near: never bitwise. */
static const double equal = 1e-12;

/* Rows of one value keep their order: hf7 bends at the weight of the last of them. Linear through (0, x_1), (C_1 / C_{n-1}, x_2) … (1, x_n). */
static double between(const StatsSorted *s, double p)
{
    if (s->n == 1)
        return s->value[0];
    double last = s->cumulated[s->n - 2], before = 0;
    for (size_t i = 1; i < s->n; i++) {
        double share = s->cumulated[i - 1] / last;
        if (p <= share || i + 1 == s->n)
            return p >= share ? s->value[i] : s->value[i - 1] + (s->value[i] - s->value[i - 1]) * (p - before) / (share - before);
        before = share;
    }
    return NAN;
}

double stats_quantile(const StatsSorted *s, StatsQuantileRule rule, double p)
{
    if (!s->n || !(p >= 0 && p <= 1))
        return NAN;
    if (rule == STATS_Q_HF7)
        return between(s, p);
    double total = s->cumulated[s->n - 1];
    size_t low = 0, high = s->n;                 /* the first row whose running share reaches p */
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (s->cumulated[mid] / total < p - equal)
            low = mid + 1;
        else
            high = mid;
    }
    size_t at = low < s->n ? low : s->n - 1;
    bool meets = fabs(s->cumulated[at] / total - p) < equal;
    return meets && rule == STATS_Q_SCHOOL && at + 1 < s->n ? (s->value[at] + s->value[at + 1]) / 2 : s->value[at];
}

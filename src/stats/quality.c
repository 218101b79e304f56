/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Intervals of counts, straight lines, interviewer effect, heaped ages. */
#include "stats/quality.h"

#include "stats/special.h"

#include <math.h>
#include <stdlib.h>

Interval clopper_pearson(int64_t x, int64_t n, double level)
{
    double tail = (1 - level) / 2, k = (double)x, rest = (double)(n - x);
    if (n <= 0)
        return (Interval){ 0, 1 };
    return (Interval){ x == 0 ? 0 : beta_quantile(k, rest + 1, tail), x == n ? 1 : beta_quantile(k + 1, rest, 1 - tail) };
}

Interval wilson(int64_t x, int64_t n, double z)
{
    if (n <= 0)
        return (Interval){ 0, 1 };
    double m = (double)n, p = (double)x / m, zz = z * z;
    double centre = (p + zz / (2 * m)) / (1 + zz / m), half = z * sqrt(p * (1 - p) / m + zz / (4 * m * m)) / (1 + zz / m);
    return (Interval){ x == 0 ? 0 : centre - half, x == n ? 1 : centre + half };
}

bool straight_line(const int16_t *code, size_t n, size_t min_answered)
{
    size_t answered = 0;
    int    first    = -1;
    for (size_t i = 0; i < n; i++) {
        if (code[i] < 0)
            continue;
        if (answered++ && code[i] != first)
            return false;
        first = code[i];
    }
    return answered >= min_answered && answered > 0;
}

int longstring(const int16_t *code, size_t n)
{
    int most = 0, run = 0, last = -1;
    for (size_t i = 0; i < n; i++) {
        if (code[i] < 0)
            continue;
        run  = code[i] == last ? run + 1 : 1;
        last = code[i];
        most = run > most ? run : most;
    }
    return most;
}

typedef struct Sheet { const int16_t *code; size_t items; } Sheet;

static int by_sheet(const void *x, const void *y)
{
    const Sheet *p = x, *q = y;
    return memcmp(p->code, q->code, p->items * sizeof *p->code);
}

Duplicates exact_duplicates(Arena scratch, const int16_t *code, size_t rows, size_t items, const bool *skip)
{
    Sheet     *sheet = arena_new(&scratch, Sheet, rows);
    size_t     n     = 0;
    Duplicates d     = { 0 };
    for (size_t i = 0; i < rows; i++)
        if (!skip || !skip[i])
            sheet[n++] = (Sheet){ code + i * items, items };
    qsort(sheet, n, sizeof *sheet, by_sheet);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && by_sheet(&sheet[from], &sheet[to]) == 0;)
            to++;
        d.groups += to - from > 1;
        d.rows += to - from > 1 ? to - from : 0;
    }
    return d;
}

static double first_known(const double *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(y[i]))
            return y[i];
    return 0;
}

Icc icc_anova(Arena scratch, const double *y, const int32_t *group, size_t n, size_t groups)
{
    double  *sum   = arena_new(&scratch, double, groups), total = 0, within = 0, between = 0, squares = 0;
    int64_t *count = arena_new(&scratch, int64_t, groups);
    Icc      r     = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0, 0 };
    double   origin = first_known(y, n);               /* a large mean would take the digits of the differences */
    for (size_t i = 0; i < n; i++)
        if (!isnan(y[i])) {
            sum[group[i]] += y[i] - origin;
            count[group[i]]++;
            total += y[i] - origin;
            r.n++;
        }
    for (size_t g = 0; g < groups; g++) {
        r.groups += count[g] > 0;
        squares += (double)count[g] * (double)count[g];
    }
    if (r.groups < 2 || r.n <= r.groups)
        return r;
    for (size_t i = 0; i < n; i++)
        if (!isnan(y[i])) {
            double d = y[i] - origin - sum[group[i]] / (double)count[group[i]];
            within += d * d;
        }
    for (size_t g = 0; g < groups; g++)
        if (count[g]) {
            double d = sum[g] / (double)count[g] - total / (double)r.n;
            between += (double)count[g] * d * d;
        }
    double N = (double)r.n, k = (double)r.groups;
    r.df1  = k - 1;
    r.df2  = N - k;
    r.msb  = between / r.df1;
    r.msw  = within / r.df2;
    r.n0   = (N - squares / N) / (k - 1);
    r.f    = r.msw > 0 ? r.msb / r.msw : r.msb > 0 ? INFINITY : NAN;
    r.p    = f_upper(r.f, r.df1, r.df2);
    r.icc  = r.msb + r.msw > 0 ? (r.msb - r.msw) / (r.msb + (r.n0 - 1) * r.msw) : NAN;
    r.deff = 1 + (N / k - 1) * r.icc;
    return r;
}

double whipple(const int64_t count[120])
{
    int64_t all = 0, heaped = 0;
    for (int age = 23; age <= 62; age++) {
        all += count[age];
        heaped += age % 5 == 0 ? count[age] : 0;
    }
    return all ? 500.0 * (double)heaped / (double)all : NAN;
}

double myers(const int64_t count[120], int from, double *digit_share)
{
    double blended[10], all = 0, off = 0;
    for (int d = 0; d < 10; d++) {
        double lower = 0, upper = 0;
        for (int k = 0; k < 6; k++) {
            lower += (double)count[from + 10 * k + d];
            upper += (double)count[from + 10 * (k + 1) + d];
        }
        blended[d] = (d + 1) * lower + (9 - d) * upper;
        all += blended[d];
    }
    for (int d = 0; d < 10; d++) {
        double share = all > 0 ? 100 * blended[d] / all : NAN;
        off += fabs(share - 10) / 2;
        if (digit_share)
            digit_share[d] = share;
    }
    return all > 0 ? off : NAN;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sample sizes and allocation over strata: arithmetic only. */
#include "sample/sample.h"

#include <math.h>

/* Upper tail of the normal distribution inverted by Newton on erfc, which is exact to a few ulp; t in (0, 0.5). */
static double normal_quantile_upper(double t)
{
    double z = sqrt(-2 * log(t));
    for (int i = 0; i < 60; i++) {
        double f    = erfc(z / sqrt(2.0)) / 2 - t;
        double step = f / (exp(-z * z / 2) / sqrt(2 * M_PI));
        z += step > 1 ? 1 : step < -1 ? -1 : step;
        if (fabs(step) < 1e-14)
            break;
    }
    return z;
}

static bool sensible(double p, double level, double deff, double population)
{
    return p > 0 && p < 1 && level > 0 && level < 1 && deff >= 1 && population >= 0;
}

double sample_size(double p, double margin, double level, double deff, double population)
{
    if (!sensible(p, level, deff, population) || !(margin > 0 && margin < 1))
        return NAN;
    double z = normal_quantile_upper((1 - level) / 2), n0 = z * z * p * (1 - p) * deff / (margin * margin);
    return population > 0 ? n0 / (1 + n0 / population) : n0;
}

double sample_margin(double p, double n, double level, double deff, double population)
{
    if (!sensible(p, level, deff, population) || !(n > 0) || (population > 0 && n > population))
        return NAN;
    double n0 = population > 0 ? (n < population ? n / (1 - n / population) : INFINITY) : n;
    return normal_quantile_upper((1 - level) / 2) * sqrt(p * (1 - p) * deff / n0);
}

double sample_size_2012(double population, double margin)
{
    return population > 0 && margin > 0 && margin < 1 ? population / (1 + population * margin * margin) : NAN;
}

/* ---- Allocation ------------------------------------------------------------------------------------- */
typedef struct Cell { double exact; int64_t low, high; bool settled; } Cell;

/* Settles strata whose exact share lies beyond a bound at that bound, and shares the rest among the others, until
 * none lies beyond. Those below their floor go first: what they take is taken from the others. */
static void settle(Cell *cell, size_t n, const double m[], double left)
{
    for (;;) {
        double open = 0, rest = left;
        for (size_t i = 0; i < n; i++) {
            open += cell[i].settled ? 0 : m[i];
            rest -= cell[i].settled ? cell[i].exact : 0;
        }
        bool low = false, high = false;
        for (size_t i = 0; i < n; i++) {
            if (cell[i].settled)
                continue;
            cell[i].exact = open > 0 && rest > 0 ? rest * (m[i] / open) : 0;
            low           = low || cell[i].exact < (double)cell[i].low;
            high          = high || cell[i].exact > (double)cell[i].high;
        }
        if (!low && !high)
            return;
        for (size_t i = 0; i < n; i++)
            if (!cell[i].settled && (low ? cell[i].exact < (double)cell[i].low : cell[i].exact > (double)cell[i].high)) {
                cell[i].exact   = (double)(low ? cell[i].low : cell[i].high);
                cell[i].settled = true;
            }
    }
}

void sample_allocate(Arena scratch, int64_t n, size_t strata, const double m[], const int64_t room[], int64_t least, int64_t most, int64_t out[])
{
    Cell   *cell = arena_new(&scratch, Cell, strata);
    int64_t floors = 0, sum = 0;
    for (size_t i = 0; i < strata; i++) {
        int64_t top = most > 0 && most < room[i] ? most : room[i];
        cell[i].high = m[i] > 0 ? top : 0;
        cell[i].low  = least < cell[i].high ? least : cell[i].high;
        floors += cell[i].low;
    }
    settle(cell, strata, m, (double)(n > floors ? n : floors));
    for (size_t i = 0; i < strata; i++) {
        out[i] = (int64_t)floor(cell[i].exact + 1e-9);      /* a sum such as 2.9999999996 is 3 */
        sum += out[i];
    }
    for (int64_t want = n > floors ? n : floors; sum < want; sum++) {
        size_t best = strata;
        for (size_t i = 0; i < strata; i++)
            if (out[i] < cell[i].high && (best == strata || cell[i].exact - (double)out[i] > cell[best].exact - (double)out[best] + 1e-9))
                best = i;
        if (best == strata)
            return;                                        /* every stratum is full */
        out[best]++;
    }
}

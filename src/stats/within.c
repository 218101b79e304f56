/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One group beside the others of the same places, and two profiles of counts. */
#include "stats/within.h"

#include "stats/special.h"

#include <math.h>
#include <stdlib.h>

/* ---- Two profiles ----------------------------------------------------------------------------------------------------- */

ChiTest profile_test(const int64_t *own, const int64_t *rest, size_t cells, double least)
{
    ChiTest t  = { .chi2 = NAN, .p = NAN };
    double  n1 = 0, n0 = 0, a = 0, b = 0, chi2 = 0, left_a = 0, left_b = 0;
    int     used = 0;
    for (size_t i = 0; i < cells; i++) {
        n1 += (double)own[i];
        n0 += (double)rest[i];
    }
    t.n = (int64_t)n1;
    if (n1 <= 0 || n0 <= 0)
        return t;
    left_a = n1, left_b = n0;
    for (size_t i = 0; i < cells; i++) {
        a += (double)own[i];
        b += (double)rest[i];
        double n = n1 + n0, small = n1 < n0 ? n1 : n0;
        bool   last   = i + 1 == cells;
        bool   enough = (a + b) * small / n >= least && (left_a + left_b - a - b) * small / n >= least;
        if (!last && !enough)
            continue;                    /* joins its neighbours until enough is expected, and leaves enough for the rest */
        double e1 = (a + b) * n1 / n, e0 = (a + b) * n0 / n;
        if (a + b > 0) {
            chi2 += (a - e1) * (a - e1) / e1 + (b - e0) * (b - e0) / e0;
            used++;
        }
        left_a -= a, left_b -= b;
        a = b = 0;
    }
    if (used < 2)
        return t;
    t.chi2 = chi2;
    t.df   = used - 1;
    t.p    = chi_upper(chi2, t.df);
    return t;
}

/* ---- One group within places ---------------------------------------------------------------------------------------------- */

typedef struct Cell { int32_t place, group; double n, sum, squares; } Cell;
typedef struct Place { double n, sum, squares; size_t groups; } Place;

static int by_cell(const void *x, const void *y)
{
    const Cell *p = x, *q = y;
    if (p->group != q->group)
        return p->group < q->group ? -1 : 1;
    return (p->place > q->place) - (p->place < q->place);
}

static size_t join_cells(Cell *cell, size_t n)
{
    size_t m = 0;
    qsort(cell, n, sizeof *cell, by_cell);
    for (size_t i = 0; i < n; i++) {
        if (m && cell[m - 1].group == cell[i].group && cell[m - 1].place == cell[i].place) {
            cell[m - 1].n++;
            cell[m - 1].sum += cell[i].sum;
            cell[m - 1].squares += cell[i].squares;
        } else {
            cell[m++] = cell[i];
        }
    }
    return m;
}

/* Over places where the group and others both have values: the coefficient of "is of this group" beside one mean for each place. */
static Within fit(const Cell *cell, size_t n, const Place *place)
{
    Within w = { .diff = NAN, .se = NAN, .t = NAN, .p = NAN, .mean = NAN, .others_mean = NAN };
    double weight = 0, lifted = 0, spread = 0, all = 0, sum = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        const Place *p  = &place[cell[i].place];
        double       n1 = cell[i].n, n0 = p->n - n1;
        if (n0 <= 0)
            continue;
        double d = cell[i].sum / n1 - (p->sum - cell[i].sum) / n0, v = n1 * n0 / p->n;
        weight += v;
        lifted += v * d;
        spread += p->squares - p->sum * p->sum / p->n;
        all += p->n;
        sum += cell[i].sum;
        rest += n1 * (p->sum - cell[i].sum) / n0;          /* what the others of its places would have given in its place */
        w.n += (int64_t)n1;
        w.others += (int64_t)n0;
        w.places++;
    }
    w.df = all - (double)w.places - 1;
    if (weight <= 0)
        return w;
    w.diff        = lifted / weight;
    w.mean        = sum / (double)w.n;
    w.others_mean = rest / (double)w.n;
    double left   = spread - w.diff * w.diff * weight;
    if (w.df < 1 || left <= 1e-12 * (spread + 1e-300))
        return w;
    w.se = sqrt(left / w.df / weight);
    w.t  = w.diff / w.se;
    w.p  = t_both(w.t, w.df);
    return w;
}

void within_places(Arena scratch, const double *y, const int32_t *group, const int32_t *place, size_t n, size_t groups, size_t places, Within *out)
{
    Cell  *cell = arena_new(&scratch, Cell, n + 1);
    Place *at   = arena_new(&scratch, Place, places + 1);
    size_t m    = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t p = place ? place[i] : 0;
        if (isnan(y[i]) || group[i] < 0 || p < 0)
            continue;
        cell[m++] = (Cell){ p, group[i], 1, y[i], y[i] * y[i] };
        at[p].n++;
        at[p].sum += y[i];
        at[p].squares += y[i] * y[i];
    }
    m = join_cells(cell, m);
    size_t from = 0;
    for (size_t g = 0; g < groups; g++) {
        size_t to = from;
        while (to < m && cell[to].group == (int32_t)g)
            to++;
        out[g] = fit(cell + from, to - from, at);
        from   = to;
    }
}

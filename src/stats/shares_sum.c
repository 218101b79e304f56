/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the units' sums to totals and variances: the same V(z) as stats_variance over all items and cells of a stratum together. */
#include "stats/shares_parts.h"

#include <math.h>

static double weight_of(const SharesEntry *e, size_t j)
{
    return e->w ? e->w[j] : e->weight;
}

static uint32_t rows_of(const SharesEntry *e, size_t j)
{
    return e->n ? e->n[j] : e->rows;
}

void shares_totals(const SharesPass *p, const SharesEntries *e, SharesSum *sum, SharesCell *cell)
{
    for (const SharesEntry *x = e->at; x < e->at + e->len; x++) {
        SharesSum *to = sum + x->cell * p->n_items;
        cell[x->cell].rows += x->rows;
        cell[x->cell].psu++;
        for (size_t j = 0; j < p->n_items; j++) {
            uint32_t n = rows_of(x, j);
            acc_add(&to[j].s, x->s[j]);
            acc_add(&to[j].w, weight_of(x, j));
            to[j].n += n;
            to[j].psu += n > 0;
            to[j].yes |= x->yes >> j & 1;
            to[j].no |= x->no >> j & 1;
        }
    }
}

/* One item in one cell of the stratum at hand. */
typedef struct Spread { double mean, squares, centred; uint32_t held; } Spread;
typedef struct Stratum { Spread *spread; uint32_t *touched, *units, *stamp; size_t n_touched; double *share, *total; } Stratum;

/* Influence value of a unit's total. */
static inline double influence(const SharesEntry *x, size_t j, double share, double total)
{
    return rows_of(x, j) ? (x->s[j] - share * weight_of(x, j)) / total : 0;
}

static void gather(const SharesPass *p, const SharesEntry *from, const SharesEntry *to, uint32_t mark, Stratum *h, double *z)
{
    size_t m = p->n_items;
    for (const SharesEntry *x = from; x < to; x++) {
        Spread *s = h->spread + x->cell * m;
        if (h->stamp[x->cell] != mark) {
            h->stamp[x->cell] = mark;
            h->units[x->cell] = 0;
            h->touched[h->n_touched++] = x->cell;
            memset(s, 0, m * sizeof *s);
        }
        h->units[x->cell]++;
        for (size_t j = 0; j < m; j++) {
            double v = influence(x, j, h->share[x->cell * m + j], h->total[x->cell * m + j]);
            s[j].mean += v;
            s[j].squares += v * v;
            s[j].held += rows_of(x, j) > 0;
            if (z)
                z[(j * p->cells + x->cell) * p->d->n_psu + x->psu] = v;
        }
    }
}

static void centre(const SharesPass *p, const SharesEntry *from, const SharesEntry *to, double n, Stratum *h)
{
    size_t m = p->n_items;
    for (size_t k = 0; k < h->n_touched; k++)
        for (size_t j = 0; j < m; j++)
            h->spread[h->touched[k] * m + j].mean /= n;
    for (const SharesEntry *x = from; x < to; x++)
        for (size_t j = 0; j < m; j++) {
            Spread *s = &h->spread[x->cell * m + j];
            double  v = influence(x, j, h->share[x->cell * m + j], h->total[x->cell * m + j]) - s->mean;
            s->centred += v * v;
        }
}

/* What one stratum of n units adds to one item in one cell; units: those with rows of the cell, the others hold zeros. */
static void add_stratum(const StatsDesign *d, const Spread *s, double n, double f, uint32_t units, SharesSum *to)
{
    if (!s->held)
        return;
    to->strata++;
    bool census = 1 - f < 1e-7, alone = n > 1 && s->held == 1 && d->adjust_domain_lonely && (d->lonely == STATS_ADJUST || d->lonely == STATS_AVERAGE);
    bool lonely = !census && (n == 1 || alone);
    to->good += !(lonely && d->lonely == STATS_AVERAGE);
    to->lonely += lonely;
    double scale = (1 - f) * (n > 1 ? n / (n - 1) : 1);
    if (!census && !lonely)
        acc_add(&to->v, scale * (s->centred + (n - units) * s->mean * s->mean));
    else if (lonely && d->lonely == STATS_ADJUST)
        acc_add(&to->v, scale * s->squares);
}

/* What the rows of one unit add to one item in its cell; f: the stratum's sampled share. */
static bool add_later(const StatsDesign *d, const SharesEntry *x, size_t j, double f, double v, SharesSum *to)
{
    const StatsLevel *units = &d->level[1];
    double n = units->first[x->psu + 1] - units->first[x->psu], own = n / units->pop[x->psu], rest = f * (1 - own);
    bool   alone = n > 1 && rows_of(x, j) == 1 && d->adjust_domain_lonely && (d->lonely == STATS_ADJUST || d->lonely == STATS_AVERAGE);
    if (!rows_of(x, j) || 1 - own < 1e-7)
        return true;
    if (n > 1 && !alone) {
        acc_add(&to->later, rest * n / (n - 1) * x->later[j]);
        return true;
    }
    to->lonely++;
    to->undefined |= d->lonely == STATS_AVERAGE;
    if (d->lonely == STATS_ADJUST)
        acc_add(&to->later, rest * (n > 1 ? n / (n - 1) : 1) * v * v);       /* v: the one row's influence is the unit's */
    return d->lonely != STATS_FAIL;
}

static bool add_later_all(const SharesPass *p, const SharesEntry *from, const SharesEntry *to, double f, const Stratum *h, SharesSum *sum)
{
    bool fine = true;
    for (const SharesEntry *x = from; x < to && p->d->n_levels > 1; x++)
        for (size_t j = 0; j < p->n_items; j++) {
            size_t at = x->cell * p->n_items + j;
            fine &= add_later(p->d, x, j, f, influence(x, j, h->share[at], h->total[at]), &sum[at]);
        }
    return fine;
}

static Stratum stratum_new(Arena *a, const SharesPass *p, const SharesSum *sum)
{
    size_t  all = p->cells * p->n_items;
    Stratum h   = { .spread = arena_new(a, Spread, all + 1), .touched = arena_new(a, uint32_t, p->cells + 1), .units = arena_new(a, uint32_t, p->cells + 1),
                    .stamp = arena_new(a, uint32_t, p->cells + 1), .share = arena_new(a, double, all + 1), .total = arena_new(a, double, all + 1) };
    for (size_t i = 0; i < all; i++) {
        h.total[i] = acc_value(&sum[i].w);
        h.share[i] = acc_value(&sum[i].s) / h.total[i];
    }
    return h;
}

Err shares_variances(Arena *a, const SharesPass *p, const SharesEntries *e, SharesSum *sum, SharesCell *cell, double *z)
{
    Arena             scratch = *a;
    const StatsLevel *strata  = &p->d->level[0];
    Stratum           h       = stratum_new(&scratch, p, sum);
    size_t            m       = p->n_items, at = 0, lonely = 0;
    for (size_t g = 0; g < strata->len; g++) {
        size_t end = at;
        double n   = strata->first[g + 1] - strata->first[g], f = n / strata->pop[g];
        while (end < e->len && e->at[end].psu < strata->first[g + 1])
            end++;
        h.n_touched = 0;
        gather(p, e->at + at, e->at + end, (uint32_t)g + 1, &h, z);
        centre(p, e->at + at, e->at + end, n, &h);
        lonely = !add_later_all(p, e->at + at, e->at + end, f, &h, sum) && !lonely ? g + 1 : lonely;
        for (size_t k = 0; k < h.n_touched; k++) {
            uint32_t c = h.touched[k];
            cell[c].strata++;
            for (size_t j = 0; j < m; j++)
                add_stratum(p->d, &h.spread[c * m + j], n, f, h.units[c], &sum[c * m + j]);
            lonely = n == 1 && 1 - f >= 1e-7 && p->d->lonely == STATS_FAIL && !lonely ? g + 1 : lonely;
        }
        at = end;
    }
    if (lonely)
        return err_fmt(a, ERR_INVALID, "lonely_psu: stratum %zu, or a unit of it, holds one sampled unit; choose adjust, average, certainty or remove", lonely);
    return OK;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Shares of many items in many cells. Designs of one stage take one pass over the rows, those whose second stage
 * draws rows a second one; others go item by item and cell by cell through stats_variance. */
#include "stats/shares_parts.h"

#include "stats/estimate.h"

#include <math.h>
#include <pthread.h>

enum { THREADS_MOST = 16, COVARIANCE_MOST = 1 << 27 };      /* values of z kept for a covariance */

size_t stats_cells(size_t n_by, const StatsCodes by[])
{
    size_t cells = 0;
    for (size_t i = 0; i < n_by; i++)
        cells += by[i].n_levels;
    return n_by ? cells : 1;
}

/* ---- The pass, by one or several threads -------------------------------------------------------------------------------- */

typedef struct Hand {
    const SharesPass *pass;
    size_t        from, to;              /* units */
    Arena         arena;
    SharesEntries entries;
    const double *share, *total;         /* of the second pass; NULL: the first */
    pthread_t     thread;
    bool          own;
} Hand;

static void *hand_run(void *x)
{
    Hand *h = x;
    if (h->share)
        shares_later(&h->arena, h->pass, h->entries.at, h->entries.at + h->entries.len, h->share, h->total);
    else
        h->entries = shares_entries(&h->arena, h->pass, h->from, h->to);
    return NULL;
}

/* The units in ranges of about as many rows. */
static size_t share_out(const SharesPass *p, size_t threads, Hand *hand)
{
    size_t n = 0, unit = 0;
    for (size_t t = 0; t < threads && unit < p->d->n_psu; t++) {
        size_t from = unit, goal = p->d->n * (t + 1) / threads;
        while (unit < p->d->n_psu && (unit == from || p->begin[unit + 1] <= goal || t + 1 == threads))
            unit++;
        hand[n] = (Hand){ .pass = p, .from = from, .to = unit };
        if (!arena_try(&hand[n].arena, shares_room(p, from, unit)))
            break;
        n++;
    }
    return n && hand[n - 1].to == p->d->n_psu ? n : 0;
}

static void hands_close(Hand *hand, size_t n)
{
    for (size_t i = 0; i < n; i++)
        arena_close(&hand[i].arena);
}

static void hands_run(Hand *hand, size_t n)
{
    for (size_t i = 1; i < n; i++)
        hand[i].own = pthread_create(&hand[i].thread, NULL, hand_run, &hand[i]) == 0;
    hand_run(&hand[0]);
    for (size_t i = 1; i < n; i++) {
        if (hand[i].own)
            pthread_join(hand[i].thread, NULL);
        else
            hand_run(&hand[i]);
    }
}

/* The second pass, about the shares of the first. */
static void run_later(Arena scratch, const SharesPass *p, Hand *hand, size_t n, const SharesSum *sum)
{
    size_t  all   = p->cells * p->n_items;
    double *share = arena_new(&scratch, double, all + 1), *total = arena_new(&scratch, double, all + 1);
    for (size_t i = 0; i < all; i++) {
        total[i] = acc_value(&sum[i].w);
        share[i] = acc_value(&sum[i].s) / total[i];
    }
    for (size_t i = 0; i < n; i++)
        hand[i].share = share, hand[i].total = total;
    hands_run(hand, n);
}

static Err pass_sum(Arena *a, const SharesPass *p, size_t threads, SharesSum *sum, SharesCell *cell, double *z)
{
    Hand   hand[THREADS_MOST];
    size_t n = share_out(p, threads < 1 ? 1 : threads > THREADS_MOST ? THREADS_MOST : threads, hand);
    if (!n && p->d->n_psu)
        return err_new(a, ERR_TOO_LARGE, S("too_large: no address space for the sums"));
    Arena         scratch = *a;
    SharesEntries all     = { 0 };
    if (n)
        hands_run(hand, n);
    for (size_t i = 0; i < n; i++)
        shares_totals(p, &hand[i].entries, sum, cell);
    if (n && p->d->n_levels > 1)
        run_later(scratch, p, hand, n, sum);
    for (size_t i = 0; i < n; i++)
        all.len += hand[i].entries.len;
    all.at = arena_new(&scratch, SharesEntry, all.len + 1);
    for (size_t i = 0, at = 0; i < n; at += hand[i++].entries.len)
        memcpy(all.at + at, hand[i].entries.at, hand[i].entries.len * sizeof *all.at);
    Err bad = shares_variances(&scratch, p, &all, sum, cell, z);
    hands_close(hand, n);
    return bad;
}

/* ---- One by one: several stages, or rows as units -------------------------------------------------------------------------- */

static void cell_codes(const SharesPass *p, size_t cell, bool *in)
{
    size_t first = 0, x = 0;
    while (x < p->n_by && cell >= first + p->by[x].n_levels)
        first += p->by[x++].n_levels;
    for (size_t i = 0; i < p->d->n; i++)
        in[i] = !p->n_by || p->by[x].code[i] == cell - first;
}

static Err one_by_one(Arena *a, const SharesPass *p, SharesSum *sum, SharesCell *cell, double *z)
{
    size_t  n = p->d->n;
    bool   *in = arena_new(a, bool, n + 1), *used = arena_new(a, bool, n + 1);
    double *y  = arena_new(a, double, n + 1), *own = arena_new(a, double, n + 1);
    for (size_t c = 0; c < p->cells; c++) {
        cell_codes(p, c, in);
        StatsDf df = stats_df(p->d, *a, in);
        cell[c] = (SharesCell){ df.n, df.psu, df.strata };
        for (size_t j = 0; j < p->n_items; j++) {
            SharesSum *to    = &sum[c * p->n_items + j];
            unsigned   flags = 0;
            double     v, share, *column = z ? z + (j * p->cells + c) * n : own;
            for (size_t i = 0; i < n; i++) {
                used[i] = in[i] && p->item[j].answer[i];
                y[i]    = p->item[j].answer[i] && p->item[j].answer[i] >= p->item[j].satisfied_from;
                acc_add(&to->s, used[i] ? p->d->weight[i] * y[i] : 0);
                acc_add(&to->w, used[i] ? p->d->weight[i] : 0);
                to->yes |= used[i] && y[i] > 0;
                to->no |= used[i] && y[i] == 0;
            }
            memset(column, 0, n * sizeof *column);
            StatsPart  part  = { y, NULL, used };
            StatsParts parts = { n, 1, false, &part };
            stats_parts(&parts, *a, p->d->weight, &share, column);
            Arena work = *a;
            TRY(stats_variance(p->d, &work, 1, column, used, &v, &flags));
            df = stats_df(p->d, *a, used);
            to->n = df.n, to->psu = df.psu, to->strata = to->good = df.strata;
            to->lonely = flags & STATS_LONELY_PSU;
            to->v.sum  = v;
        }
    }
    return OK;
}

/* ---- Estimates --------------------------------------------------------------------------------------------------------------- */

static StatsEstimate estimate_of(const StatsDesign *d, const SharesSum *s, const SharesCell *cell)
{
    double   W = acc_value(&s->w), p = !s->n ? NAN : !s->no ? 1 : !s->yes ? 0 : acc_value(&s->s) / W, n = s->n, v = acc_value(&s->v);
    uint32_t flags = s->n ? 0 : STATS_EMPTY;
    if (s->good < s->strata)
        v *= s->good ? (double)s->strata / s->good : NAN;
    v = s->undefined ? NAN : v + acc_value(&s->later);
    StatsEstimate e = { .value = p, .se = s->n ? sqrt(v) : NAN, .low = NAN, .high = NAN, .df = (double)cell->psu - cell->strata, .n = s->n, .n_psu = s->psu,
                        .n_strata = s->strata, .deff = NAN, .n_eff = NAN };
    double simple = p * (1 - p) / (n - 1);               /* S² / n */
    bool nothing = s->lonely && !(v > 1e-20 * simple);   /* a lonely unit against itself: nothing but rounding */
    if (n > 1 && simple > 0 && v > 0 && !nothing) {
        e.deff  = v / simple;
        e.n_eff = n / e.deff;
    }
    flags |= (s->lonely ? STATS_LONELY_PSU : 0) | (e.df <= 0 ? STATS_DF_LE_0 : 0) | (p == 0 || p == 1 ? STATS_P_AT_BOUND : 0);
    flags |= (d->probability ? 0 : STATS_NONPROB) | (s->n < 30 ? STATS_SMALL_N : 0);
    if (flags & STATS_P_AT_BOUND || !d->probability || nothing)
        e.se = NAN;                                      /* a zero that is not knowledge */
    if (!d->probability)
        e.deff = e.n_eff = NAN;
    e.flags = flags;
    return e;
}

/* Median design effect of the cell's other items, at least 1; 1.5 when there is none. */
static double usual_deff(const StatsEstimate *cell, size_t n_items, size_t cells)
{
    double x[64];
    size_t n = 0;
    for (size_t j = 0; j < n_items && n < COUNT_OF(x); j++) {
        double deff = cell[j * cells].deff;
        size_t at   = n;
        if (isnan(deff))
            continue;
        for (; at > 0 && x[at - 1] > deff; at--)
            x[at] = x[at - 1];
        x[at] = deff;
        n++;
    }
    return !n ? 1.5 : fmax(1, (x[(n - 1) / 2] + x[n / 2]) / 2);
}

static void add_intervals(size_t n_items, size_t cells, const StatsOptions *opt, const SharesCell *cell, StatsEstimate *out)
{
    double level = opt->level > 0 ? opt->level : 0.95;
    for (size_t c = 0; c < cells; c++)
        for (size_t j = 0; j < n_items; j++) {
            StatsEstimate *e = &out[j * cells + c];
            StatsBounds    b = { NAN, NAN };
            if (e->flags & STATS_NONPROB)
                continue;
            if (e->flags & STATS_P_AT_BOUND)
                b = stats_bound_interval(e->value, e->n, usual_deff(out + c, n_items, cells), level);
            else if (!isnan(e->se))
                b = stats_share_interval(opt->interval, e->value, e->se, cell[c].rows, e->df, level);
            e->low  = b.low;
            e->high = b.high;
        }
}

/* ---- The call ----------------------------------------------------------------------------------------------------------------- */

static Err covariance(Arena *a, const StatsDesign *d, bool fused, size_t p, const double *z, double *out)
{
    StatsDesign units = *d;
    unsigned    flags = 0;
    if (fused) {                                         /* a row for each primary unit */
        uint32_t *same = arena_new(a, uint32_t, d->n_psu + 1);
        for (size_t i = 0; i < d->n_psu; i++)
            same[i] = (uint32_t)i;
        units.n     = d->n_psu;
        units.order = units.psu = units.leaf = same;
    }
    return stats_variance(&units, a, p, z, NULL, out, &flags);
}

static bool rows_sorted(const StatsDesign *d)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->order[i] != i)
            return false;
    return true;
}

static const uint32_t *unit_begins(Arena *a, const StatsDesign *d)
{
    uint32_t *begin = arena_new(a, uint32_t, d->n_psu + 1);
    for (size_t i = d->n; i-- > 0;)
        begin[d->psu[i]] = (uint32_t)i;
    begin[d->n_psu] = (uint32_t)d->n;
    return begin;
}

Err stats_shares(Arena *keep, Arena scratch, const StatsDesign *d, size_t n_items, const StatsItem item[], size_t n_by, const StatsCodes by[],
                 const StatsOptions *opt, StatsEstimate *out_cell, double *out_cov)
{
    static const StatsOptions plain;
    size_t      cells = stats_cells(n_by, by);
    bool        rows  = d->n_levels == 2 && !out_cov && d->level[1].first[d->level[1].len] == d->n;      /* the second stage draws rows */
    bool        fused = (d->n_levels == 1 || rows) && d->n_psu < d->n;
    SharesPass  pass  = { .d = d, .by = by, .n_by = n_by, .cells = cells, .begin = unit_begins(&scratch, d), .sorted = rows_sorted(d) };
    SharesCell *cell  = arena_new(&scratch, SharesCell, cells + 1);
    size_t      width = fused ? d->n_psu : d->n;
    if (out_cov && n_items * cells * width > COVARIANCE_MOST)
        return err_new(keep, ERR_TOO_LARGE, S("too_large: the covariance of so many cells; ask for fewer at once"));
    double *z = out_cov ? arena_new(&scratch, double, n_items * cells * width + 1) : NULL;
    opt = opt ? opt : &plain;
    for (size_t from = 0; from < n_items; from += SHARES_ITEMS) {
        Arena work   = scratch;
        pass.item    = item + from;
        pass.n_items = n_items - from < SHARES_ITEMS ? n_items - from : SHARES_ITEMS;
        SharesSum *sum  = arena_new(&work, SharesSum, cells * pass.n_items + 1);
        double    *part = z ? z + from * cells * width : NULL;
        memset(cell, 0, cells * sizeof *cell);
        Err e = fused ? pass_sum(&work, &pass, opt->threads, sum, cell, part) : one_by_one(&work, &pass, sum, cell, part);
        if (e)
            return err_new(keep, e->kind, arena_str(keep, e->detail));
        for (size_t j = 0; j < pass.n_items; j++)
            for (size_t c = 0; c < cells; c++)
                out_cell[(from + j) * cells + c] = estimate_of(d, &sum[c * pass.n_items + j], &cell[c]);
    }
    add_intervals(n_items, cells, opt, cell, out_cell);
    Err e = z ? covariance(&scratch, d, fused, n_items * cells, z, out_cov) : OK;
    return e ? err_new(keep, e->kind, arena_str(keep, e->detail)) : OK;
}

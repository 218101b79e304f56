/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* V(z): totals of influence values by unit, centred in each stratum or parent, squared, with the finite population correction of the stage and the
 * recursion into later stages. Two passes: z is centred before it is squared. */
#include "stats/design.h"

#include <math.h>

/* Working state of one call: totals of the units of each level, which of them hold rows used, and the running matrix. */
typedef struct Work {
    const StatsDesign *d;
    size_t    p;
    double   *total[STATS_STAGES + 1];       /* len × p of the members of level l */
    uint32_t *holds[STATS_STAGES + 1];       /* len: rows used in the member (or members that hold some) */
    double   *mean;                          /* p */
    StatsAcc *v, *part;                      /* p × p, lower half; part: of the strata that `average` counts */
    unsigned *flags;
    bool      lonely_fault, undefined;
    uint32_t  fault_group;
    size_t    fault_level;
} Work;

static size_t members(const StatsDesign *d, size_t l)
{
    return d->level[l].first[d->level[l].len];
}

/* Totals of the leaves from the rows, then of the units above them. */
static void totals(Work *w, Arena *a, const double *z, const bool *used)
{
    const StatsDesign *d = w->d;
    size_t last = d->n_levels - 1, p = w->p;
    for (size_t l = 0; l < d->n_levels; l++) {
        w->total[l] = arena_new(a, double, members(d, l) * p + 1);
        w->holds[l] = arena_new(a, uint32_t, members(d, l) + 1);
    }
    for (size_t j = 0; j < p; j++) {
        StatsAcc acc = { 0 };
        for (size_t i = 0; i < d->n; i++) {
            if (i && d->leaf[i] != d->leaf[i - 1])
                acc = (StatsAcc){ 0 };
            acc_add(&acc, z[j * d->n + d->order[i]]);
            w->total[last][d->leaf[i] * p + j] = acc_value(&acc);
        }
    }
    for (size_t i = 0; i < d->n; i++)
        w->holds[last][d->leaf[i]] += !used || used[d->order[i]];
    for (size_t l = last; l-- > 0;)
        for (size_t g = 0; g < d->level[l + 1].len; g++)
            for (uint32_t m = d->level[l + 1].first[g]; m < d->level[l + 1].first[g + 1]; m++) {
                w->holds[l][g] += w->holds[l + 1][m];
                for (size_t j = 0; j < p; j++)
                    w->total[l][g * p + j] += w->total[l + 1][m * p + j];
            }
}

static void add_square(Work *w, StatsAcc *to, double scale, const double *z, const double *centre)
{
    for (size_t j = 0; j < w->p; j++) {
        double x = scale * (z[j] - (centre ? centre[j] : 0));
        if (x != 0)
            for (size_t k = 0; k <= j; k++)
                acc_add(&to[j * w->p + k], x * (z[k] - (centre ? centre[k] : 0)));
    }
}

/* What the members of one group add to `to`; scale holds the shares of the stages above. False: the group is lonely under `average`. */
static bool add_group(Work *w, size_t l, size_t g, double scale, StatsAcc *to)
{
    const StatsLevel *level = &w->d->level[l];
    uint32_t from = level->first[g], n = level->first[g + 1] - from, held = 0;
    double   f = n / level->pop[g], rest = scale * (1 - f), *z = w->total[l] + (size_t)from * w->p;      /* n / INFINITY is 0 */
    for (uint32_t i = 0; i < n; i++)
        held += w->holds[l][from + i] > 0;
    if (1 - f < 1e-7)
        return true;
    bool domain_lonely = n > 1 && held == 1 && w->d->adjust_domain_lonely;
    if (n > 1 && !(domain_lonely && (w->d->lonely == STATS_ADJUST || w->d->lonely == STATS_AVERAGE))) {
        memset(w->mean, 0, w->p * sizeof *w->mean);
        for (uint32_t i = 0; i < n; i++)
            for (size_t j = 0; j < w->p; j++)
                w->mean[j] += z[i * w->p + j] / n;
        for (uint32_t i = 0; i < n; i++)
            add_square(w, to, rest * n / (n - 1), z + i * w->p, w->mean);
        return true;
    }
    if (!held)
        return true;
    *w->flags |= STATS_LONELY_PSU;
    if (w->d->lonely == STATS_FAIL && !w->lonely_fault) {
        w->lonely_fault = true;
        w->fault_group  = (uint32_t)g;
        w->fault_level  = l;
    }
    for (uint32_t i = 0; w->d->lonely == STATS_ADJUST && i < n; i++)
        add_square(w, to, n > 1 ? rest * n / (n - 1) : rest, z + i * w->p, NULL);
    return w->d->lonely != STATS_AVERAGE;
}

/* The later stages of group g's members. */
static void add_below(Work *w, size_t l, size_t g, double scale)
{
    const StatsLevel *level = &w->d->level[l];
    if (l + 1 >= w->d->n_levels)
        return;
    scale *= (level->first[g + 1] - level->first[g]) / level->pop[g];
    for (uint32_t m = level->first[g]; m < level->first[g + 1]; m++) {
        w->undefined |= !add_group(w, l + 1, m, scale, w->v);
        add_below(w, l + 1, m, scale);
    }
}

/* Strata that are lonely stand for the average of the others. */
static void add_strata(Work *w)
{
    const StatsLevel *strata = &w->d->level[0];
    double held = 0, good = 0;
    for (size_t h = 0; h < strata->len; h++) {
        bool holds = false;
        for (uint32_t m = strata->first[h]; m < strata->first[h + 1]; m++)
            holds |= w->holds[0][m] > 0;
        bool fine = add_group(w, 0, h, 1, w->part);
        held += holds;
        good += holds && fine;
        add_below(w, 0, h, 1);
    }
    double factor = held > good ? held / good : 1;          /* no good stratum: infinite times nothing, undefined */
    for (size_t i = 0; i < w->p * w->p; i++)
        acc_add(&w->v[i], factor == 1 ? acc_value(&w->part[i]) : factor * acc_value(&w->part[i]));
}

Err stats_variance(const StatsDesign *d, Arena *a, size_t p, const double *z, const bool *used, double *out_v, unsigned *flags)
{
    Arena scratch = *a;
    Work  w = { .d = d, .p = p, .flags = flags, .mean = arena_new(&scratch, double, p + 1), .v = arena_new(&scratch, StatsAcc, p * p + 1),
                .part = arena_new(&scratch, StatsAcc, p * p + 1) };
    for (size_t i = 0; !d->probability && i < p * p; i++)
        out_v[i] = NAN;
    if (!d->probability) {
        *flags |= STATS_NONPROB;
        return OK;
    }
    totals(&w, &scratch, z, used);
    add_strata(&w);
    if (w.lonely_fault)
        return err_fmt(a, ERR_INVALID, "lonely_psu: %s %u holds a single sampled unit; choose adjust, average, certainty or remove",
                       w.fault_level ? "unit" : "stratum", (unsigned)w.fault_group + 1);
    for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k <= j; k++)
            out_v[j * p + k] = out_v[k * p + j] = w.undefined ? NAN : acc_value(&w.v[j * p + k]);
    return OK;
}

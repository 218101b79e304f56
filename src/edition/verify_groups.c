/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Weighted figures of groups. Rows tell a group only where weights are raked to it: those figures are computed again. Of other groups the package tells
 * counts: a weighted share or mean lies between what as many of the heaviest and of the lightest answers give.
 * docs/adr/0057-figures-of-groups-in-a-package.md */
#include "edition/verify.h"

#include <math.h>
#include <stdlib.h>

/* Weights of those who gave an answer to an item, ascending; hidden: answers that stand without a row, of any weight. */
typedef struct Answers { double *weight; size_t n; int64_t hidden; } Answers;
struct GroupCheck {
    const Dataset *d;
    bool   **told;                   /* of each breakdown, items × domains: rows hold every answer of the cell; NULL: rows do not tell the group */
    Answers *of;                     /* items × steps */
    double   least, most;            /* of all weights */
};

/* ---- Groups that rows tell ---------------------------------------------------------------------------------------------------- */

static void read_group(Arena *a, Dataset *d, const Breakdown *group)
{
    Breakdown *b = break_find(d, group->question);
    if (!b)
        return;
    b->of = arena_new(a, uint8_t, d->records + 1);
    for (size_t r = 0; r < d->records; r++)
        b->of[r] = (uint8_t)(group->of[r] ? breakdown_domain(b, group->domains.at[group->of[r]].code) : 0);
}

static bool *told_cells(Arena *a, const Dataset *d, const Breakdown *b)
{
    size_t   cells = d->items.len * b->domains.len;
    bool    *told  = arena_new(a, bool, cells + 1), none = dataset_how(d)->no_opinion == NO_OPINION_LOWEST;
    Arena    work  = *a;
    CellSum *sum   = arena_new(&work, CellSum, cells + 1);
    for (size_t r = 0; r < d->records; r++)
        for (size_t i = 0; i < d->items.len; i++)
            cell_add(&sum[i * b->domains.len + b->of[r]], d->values[r * d->items.len + i]);
    for (size_t k = 0; k < cells; k++) {
        const CellSum *x = &sum[k], *y = &b->at[k];
        told[k] = x->n == y->n && x->satisfied == y->satisfied && x->points == y->points && (!none || x->none == y->none);
    }
    return told;
}

/* ---- Answers by weight ---------------------------------------------------------------------------------------------------------- */

static int by_weight(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return (p > q) - (p < q);
}

static void sort_answers(Arena *a, const Dataset *d, size_t item, Answers *of)
{
    size_t n[LIKERT_STEPS] = { 0 };
    for (size_t r = 0; r < d->records; r++) {
        uint8_t v = d->values[r * d->items.len + item];
        if (v >= 1 && v <= LIKERT_STEPS)
            n[v - 1]++;
    }
    for (size_t k = 0; k < LIKERT_STEPS; k++)
        of[k] = (Answers){ arena_new(a, double, n[k] + 1), 0, tally_at(&d->unplaced, item, 0)->at[k] };
    for (size_t r = 0; r < d->records; r++) {
        uint8_t v = d->values[r * d->items.len + item];
        if (v >= 1 && v <= LIKERT_STEPS)
            of[v - 1].weight[of[v - 1].n++] = d->weights->weight[r];
    }
    for (size_t k = 0; k < LIKERT_STEPS; k++)
        qsort(of[k].weight, of[k].n, sizeof(double), by_weight);
}

GroupCheck *group_check_new(Arena *a, Dataset *d)
{
    GroupCheck *g = arena_new(a, GroupCheck, 1);
    *g = (GroupCheck){ d, arena_new(a, bool *, d->breaks.len + 1), arena_new(a, Answers, d->items.len * LIKERT_STEPS + 1), d->weights->mean, d->weights->mean };
    for (size_t i = 0; i < d->groups.len; i++)
        read_group(a, d, &d->groups.at[i]);
    for (size_t i = 0; i < d->breaks.len; i++)
        g->told[i] = d->breaks.at[i].of ? told_cells(a, d, &d->breaks.at[i]) : NULL;
    for (size_t i = 0; i < d->items.len; i++)
        sort_answers(a, d, i, g->of + i * LIKERT_STEPS);
    for (size_t r = 0; r < d->records; r++) {
        g->least = fmin(g->least, d->weights->weight[r]);
        g->most  = fmax(g->most, d->weights->weight[r]);
    }
    return g;
}

/* ---- One figure ----------------------------------------------------------------------------------------------------------------- */

/* The items of a figure: the one of its code, or those below a node. */
static void items_of(const Dataset *d, Str name, bool *items)
{
    Str code = str_cut(name, '.').tail;
    for (size_t i = 0; i < d->items.len; i++) {
        items[i] = str_eq(d->items.at[i].code, code);
        for (size_t k = 0; k < d->nodes.len && !items[i]; k++)
            items[i] = str_eq(d->nodes.at[k].code, code) && node_within(d, d->items.at[i].node, (int)k);
    }
}

/* The greatest sum of weight × value that n answers of steps first … last give. Each step's answers are taken from the end that gives most. */
static double greatest(const GroupCheck *g, const Answers *of, const double *value, size_t first, size_t last, int64_t n)
{
    int64_t taken[LIKERT_STEPS] = { 0 };
    double  sum = 0;
    for (; n > 0; n--) {
        size_t best = LIKERT_STEPS;
        double most = -INFINITY;
        for (size_t k = first; k <= last; k++) {
            int64_t row = taken[k] - of[k].hidden;
            if (row >= (int64_t)of[k].n)
                continue;
            double weight = row < 0 ? (value[k] > 0 ? g->most : g->least) : of[k].weight[value[k] > 0 ? of[k].n - 1 - (size_t)row : (size_t)row];
            if (value[k] * weight > most) {
                most = value[k] * weight;
                best = k;
            }
        }
        if (best == LIKERT_STEPS)
            return -INFINITY;                /* more answers than there are */
        sum += most;
        taken[best]++;
    }
    return sum;
}

/* Some choice of as many answers as the counts tell gives the figure, or more (up), or less. */
static bool reachable(const GroupCheck *g, const Breakdown *b, size_t domain, const bool *items, const double *part, const Figure *f, bool up)
{
    double value[LIKERT_STEPS], sum = 0, size = 0;
    for (size_t k = 0; k < LIKERT_STEPS; k++)
        value[k] = up ? part[k] - f->x : f->x - part[k];
    for (size_t i = 0; i < g->d->items.len; i++) {
        const CellSum *c = &b->at[i * b->domains.len + domain];
        if (!items[i])
            continue;
        sum += greatest(g, g->of + i * LIKERT_STEPS, value, 3, 4, c->satisfied) + greatest(g, g->of + i * LIKERT_STEPS, value, 0, 2, c->n - c->satisfied);
        size += g->most * (double)c->n;
    }
    return sum >= -1e-7 * size;
}

GroupFit group_fit(const GroupCheck *g, Arena work, const Figure *f)
{
    static const double satisfied[LIKERT_STEPS] = { 0, 0, 0, 100, 100 }, mean[LIKERT_STEPS] = { 1, 2, 3, 4, 5 };
    const Breakdown *b      = break_find(g->d, f->by);
    size_t           domain = breakdown_domain(b, f->value);
    bool            *items  = arena_new(&work, bool, g->d->items.len + 1), *told = g->told[b - g->d->breaks.at];
    items_of(g->d, f->name, items);
    bool all = told != NULL;
    for (size_t i = 0; all && i < g->d->items.len; i++)
        all = !items[i] || told[i * b->domains.len + domain];
    if (all)
        return GROUP_TOLD;
    bool fits = isfinite(f->x) && !(f->low > f->x) && !(f->high < f->x) && !(f->se < 0);
    const double *part = str_starts(f->name, S("satisfied.")) ? satisfied : str_starts(f->name, S("mean.")) ? mean : NULL;
    if (fits && part)
        fits = reachable(g, b, domain, items, part, f, true) && reachable(g, b, domain, items, part, f, false);
    return fits ? GROUP_BOUNDED : GROUP_WRONG;
}

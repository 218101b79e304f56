/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From columns to the tree of strata, units and rows, sorted so that a unit's rows stand together. */
#include "stats/design.h"

#include <math.h>
#include <stdlib.h>

const char *stats_flag_name(unsigned bit)
{
    static const char *const names[STATS_FLAG_COUNT] = { "LONELY_PSU", "DF_LE_0", "P_AT_BOUND", "SMALL_N", "NONPROB", "RANK", "EMPTY", "SEPARATED" };
    return bit < STATS_FLAG_COUNT ? names[bit] : "?";
}

/* ---- Order ------------------------------------------------------------------------------------------------------------ */

/* Stable: rows of equal codes keep their order. Sixteen bits at a time; halves that say nothing are skipped. */
static void sort_by_code(Arena scratch, size_t n, const uint32_t *code, uint32_t **order, uint32_t **spare)
{
    uint32_t *count = arena_new(&scratch, uint32_t, 65536 + 1), all = 0, any = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        all |= code[i];
        any &= code[i];
    }
    for (int shift = 0; shift < 32; shift += 16) {
        if (!((all ^ any) >> shift & 0xFFFF))
            continue;
        memset(count, 0, (65536 + 1) * sizeof *count);
        for (size_t i = 0; i < n; i++)
            count[(code[i] >> shift & 0xFFFF) + 1]++;
        for (size_t k = 0; k < 65536; k++)
            count[k + 1] += count[k];
        for (size_t i = 0; i < n; i++) {
            uint32_t row = (*order)[i];
            (*spare)[count[code[row] >> shift & 0xFFFF]++] = row;
        }
        uint32_t *swap = *order;
        *order = *spare;
        *spare = swap;
    }
}

typedef struct Keyed { uint64_t key; uint32_t row; } Keyed;

static int by_key(const void *x, const void *y)
{
    const Keyed *p = x, *q = y;
    return p->key != q->key ? (p->key < q->key ? -1 : 1) : (p->row > q->row) - (p->row < q->row);
}

static uint32_t *order_rows(Arena *keep, Arena scratch, const StatsSample *s)
{
    uint32_t *order = arena_new(keep, uint32_t, s->n + 1), *work = arena_new(&scratch, uint32_t, s->n + 1), *spare = arena_new(&scratch, uint32_t, s->n + 1);
    Keyed    *keyed = s->row_key ? arena_new(&scratch, Keyed, s->n + 1) : NULL;
    for (size_t i = 0; i < s->n; i++) {
        work[i] = (uint32_t)i;
        if (keyed)
            keyed[i] = (Keyed){ s->row_key[i], (uint32_t)i };
    }
    if (keyed) {
        qsort(keyed, s->n, sizeof *keyed, by_key);
        for (size_t i = 0; i < s->n; i++)
            work[i] = keyed[i].row;
    }
    for (uint32_t stage = s->n_stages; stage-- > 0;)
        sort_by_code(scratch, s->n, s->unit[stage], &work, &spare);
    if (s->stratum)
        sort_by_code(scratch, s->n, s->stratum, &work, &spare);
    memcpy(order, work, s->n * sizeof *order);
    return order;
}

/* ---- The tree ---------------------------------------------------------------------------------------------------------- */

/* begins[i]: position i starts a new group at this depth: 0 strata, s + 1 units of stage s. */
static size_t mark_begins(const StatsSample *s, const uint32_t *order, uint32_t depth, const bool *above, bool *begins)
{
    const uint32_t *code  = depth ? s->unit[depth - 1] : s->stratum;
    size_t          count = 0;
    for (size_t i = 0; i < s->n; i++) {
        begins[i] = i == 0 || (above && above[i]) || (code && code[order[i]] != code[order[i - 1]]);
        count += begins[i];
    }
    return count;
}

/* Groups of `begins` with their members: places of `member_begins`, or positions when it is NULL. */
static StatsLevel level_new(Arena *keep, size_t n, size_t groups, const bool *begins, const bool *member_begins)
{
    StatsLevel l = { .len = groups, .first = arena_new(keep, uint32_t, groups + 1), .pop = arena_new(keep, double, groups + 1) };
    uint32_t   g = 0, member = 0;
    for (size_t i = 0; i < n; i++) {
        if (begins[i])
            l.first[g++] = member;               /* members begun before this row belong to groups before */
        member += !member_begins || member_begins[i];
    }
    l.first[groups] = member;
    return l;
}

static Err level_pop(Arena *a, const StatsSample *s, const uint32_t *order, const bool *begins, const double *pop, StatsLevel *l)
{
    size_t g = 0;
    for (size_t i = 0; i < s->n; i++) {
        double N = pop ? pop[order[i]] : INFINITY;
        g += begins[i];
        if (!pop) {
            l->pop[g - 1] = N;
            continue;
        }
        if (!isfinite(N) || N <= 0)
            return err_fmt(a, ERR_INVALID, "bad_fpc: row %lu: the population size is missing or not above 0", (unsigned long)order[i] + 1);
        if (!begins[i] && N != l->pop[g - 1])
            return err_fmt(a, ERR_INVALID, "bad_fpc: row %lu: population size %.10g, but %.10g elsewhere in the same stratum or unit",
                           (unsigned long)order[i] + 1, N, l->pop[g - 1]);
        l->pop[g - 1] = N;
        size_t sampled = l->first[g] - l->first[g - 1];
        if (N < (double)sampled)
            return err_fmt(a, ERR_INVALID, "bad_fpc: row %lu: population size %.10g below the %zu sampled units", (unsigned long)order[i] + 1, N, sampled);
    }
    return OK;
}

/* How many stages count for the variance: those with population sizes from the first on, at least one. */
static size_t stages_counted(const StatsSample *s)
{
    size_t most = s->n_stages ? s->n_stages : 1, count = 0;
    while (count < most && s->pop[count])
        count++;
    return count ? count : 1;
}

/* Numbers the groups of `begins` by position. */
static uint32_t *number_groups(Arena *keep, size_t n, const bool *begins)
{
    uint32_t *at = arena_new(keep, uint32_t, n + 1), group = 0;
    for (size_t i = 0; i < n; i++) {
        group += !begins || begins[i];
        at[i] = group - 1;
    }
    return at;
}

/* weight *= frame / sampled of one stage. */
static void weights_of_stage(const StatsDesign *d, const StatsLevel *l, const bool *begins, double *weight)
{
    size_t g = 0;
    for (size_t i = 0; i < d->n; i++) {
        g += begins[i];
        if (!isinf(l->pop[g - 1]))
            weight[d->order[i]] *= l->pop[g - 1] / (l->first[g] - l->first[g - 1]);
    }
}

static Err tree_build(Arena *keep, Arena scratch, const StatsSample *s, StatsDesign *d)
{
    bool   *begins[STATS_STAGES + 1];
    size_t  groups[STATS_STAGES + 1];
    double *weight = s->weight ? NULL : arena_new(keep, double, s->n + 1);
    for (uint32_t depth = 0; depth <= s->n_stages; depth++) {
        begins[depth] = arena_new(&scratch, bool, s->n + 1);
        groups[depth] = mark_begins(s, d->order, depth, depth ? begins[depth - 1] : NULL, begins[depth]);
    }
    for (size_t i = 0; weight && i < s->n; i++)
        weight[i] = 1;
    d->n_levels = stages_counted(s);
    d->n_strata = groups[0];
    d->n_psu    = s->n_stages ? groups[1] : s->n;
    for (size_t l = 0; l < d->n_levels; l++) {
        d->level[l] = level_new(keep, s->n, groups[l], begins[l], l < s->n_stages ? begins[l + 1] : NULL);
        TRY(level_pop(keep, s, d->order, begins[l], s->pop[l], &d->level[l]));
        if (weight)
            weights_of_stage(d, &d->level[l], begins[l], weight);
    }
    if (weight)
        d->weight = weight;
    d->psu         = number_groups(keep, s->n, s->n_stages ? begins[1] : NULL);
    d->leaf        = d->n_levels == 1 ? d->psu : number_groups(keep, s->n, d->n_levels <= s->n_stages ? begins[d->n_levels] : NULL);
    d->psu_stratum = arena_new(keep, uint32_t, d->n_psu + 1);
    uint32_t *stratum = number_groups(&scratch, s->n, begins[0]);
    for (size_t i = 0; i < s->n; i++)
        d->psu_stratum[d->psu[i]] = stratum[i];
    return OK;
}

static Err weights_check(Arena *a, const StatsSample *s)
{
    for (size_t i = 0; s->weight && i < s->n; i++)
        if (!isfinite(s->weight[i]) || s->weight[i] <= 0)
            return err_fmt(a, ERR_INVALID, "bad_weight: row %zu: the weight must be a number above 0%s", i + 1, isnan(s->weight[i]) ? ", and is missing" : "");
    return OK;
}

Err stats_design_init(Arena *keep, Arena scratch, const StatsSample *s, StatsDesign *out)
{
    StatsDesign d = { .n = s->n, .weight = s->weight, .probability = s->probability };
    if (s->n_stages > STATS_STAGES)
        return err_fmt(keep, ERR_INVALID, "bad_value: %u stages, at most %d", (unsigned)s->n_stages, STATS_STAGES);
    if (s->n >= UINT32_MAX)
        return err_new(keep, ERR_TOO_LARGE, S("too_large: more rows than can be counted"));
    TRY(weights_check(keep, s));
    d.order = order_rows(keep, scratch, s);
    TRY(tree_build(keep, scratch, s, &d));
    *out = d;
    return OK;
}

/* ---- Degrees of freedom ---------------------------------------------------------------------------------------------------- */

StatsDf stats_df(const StatsDesign *d, Arena scratch, const bool *used)
{
    StatsDf df      = { 0 };
    bool   *psu     = arena_new(&scratch, bool, d->n_psu + 1), *stratum = arena_new(&scratch, bool, d->n_strata + 1);
    for (size_t i = 0; i < d->n; i++)
        if (!used || used[d->order[i]]) {
            psu[d->psu[i]] = true;
            df.n++;
        }
    for (size_t i = 0; i < d->n_psu; i++) {
        df.psu += psu[i];
        if (psu[i])
            stratum[d->psu_stratum[i]] = true;
    }
    for (size_t h = 0; h < d->n_strata; h++)
        df.strata += stratum[h];
    df.df = (double)df.psu - (double)df.strata;
    return df;
}

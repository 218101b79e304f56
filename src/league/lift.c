/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What would lift a unit: each criterion at its maximum, the others as they are. */
#include "league/league.h"

#include <math.h>
#include <stdlib.h>

static double grid(double x)
{
    return round(x * 1e9);
}

/* Where ties are broken by criteria, a unit with an equal total stands above when the first criterion that differs says so. */
static bool above(const League *l, const SchemeResult *x, const SchemeResult *y)
{
    if (grid(x->total) != grid(y->total))
        return x->total > y->total;
    for (size_t i = 0; i < l->rules.by.len && l->rules.ties == TIES_CRITERIA; i++) {
        int at = scheme_find(l->scheme, l->rules.by.at[i]);
        if (at >= 0 && grid(x->at[at].points) != grid(y->at[at].points))
            return x->at[at].points > y->at[at].points;
    }
    return false;
}

int league_rank_with(const League *l, size_t row, const SchemeResult *then)
{
    int rank = 1;
    if (!l->at[row].rank || isnan(then->total))
        return 0;
    for (size_t i = 0; i < l->ranked; i++) {
        size_t next    = i > 0 && i - 1 == row ? i - 1 : i;      /* the place of the unit itself is free: who stands before it is the one before */
        bool   counted = l->rules.ties != TIES_DENSE || next == 0 || l->at[i].rank != l->at[next - 1].rank;
        rank += i != row && counted && above(l, &l->at[i].result, then);
    }
    return rank;
}

static int by_gain(const void *x, const void *y)
{
    const LeagueLift *a = x, *b = y;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->gain != b->gain)
        return a->gain > b->gain ? -1 : 1;
    return a->at - b->at;
}

LeagueLifts league_lifts(Arena *a, const League *l, size_t row)
{
    LeagueLifts         out = { 0 };
    const SchemeResult *x   = &l->at[row].result;
    const Scheme       *s   = l->scheme;
    double              left = x->max - x->left_out, scale = s->rescale && left > 0 ? x->max / left : 1;
    for (size_t i = 0; i < s->len && !isnan(x->total); i++) {
        if (s->at[i].group || s->at[i].effect == EFFECT_BONUS || x->at[i].state != STATE_SCORED)
            continue;
        bool   penalty = s->at[i].effect == EFFECT_PENALTY;
        double more    = penalty ? -x->at[i].points : x->at[i].max - x->at[i].points;
        if (!(more > 1e-9))
            continue;
        SchemeResult then = *x;
        then.total += more * (penalty ? 1 : scale);
        *list_add(a, &out) = (LeagueLift){ (int)i, more, then.total - x->total, league_rank_with(l, row, &then) };
    }
    if (out.len)
        qsort(out.at, out.len, sizeof *out.at, by_gain);
    return out;
}

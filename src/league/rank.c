/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From totals to a ranking. */
#include "league/league.h"

#include "stats/rank.h"

#include <math.h>
#include <stdlib.h>

/* What two units are compared by: the total, then the points of the criteria of the ties rule; on a grid of 1e-9, so that equal means equal
 * for everybody and in any order. */
typedef struct Standing { double key[1 + LEAGUE_TIE_CODES]; size_t n, from; bool ranked; } Standing;

static double grid(double x)
{
    return isnan(x) ? -INFINITY : round(x * 1e9);
}

static Standing standing_of(const Scheme *s, const LeagueRules *r, int64_t unit, const SchemeResult *x, size_t from)
{
    Standing st = { .from = from, .ranked = !isnan(x->total) && !league_without(r, unit) };
    st.key[st.n++] = grid(x->total);
    for (size_t i = 0; i < r->by.len && r->ties == TIES_CRITERIA; i++) {
        int at = scheme_find(s, r->by.at[i]);
        st.key[st.n++] = at < 0 ? 0 : grid(x->at[at].points);
    }
    return st;
}

/* Positive: x stands above y. */
static int compare(const Standing *x, const Standing *y)
{
    for (size_t i = 0; i < x->n; i++)
        if (x->key[i] != y->key[i])
            return x->key[i] > y->key[i] ? 1 : -1;
    return 0;
}

static int by_standing(const void *x, const void *y)
{
    const Standing *a = x, *b = y;
    if (a->ranked != b->ranked)
        return a->ranked ? -1 : 1;
    int order = compare(b, a);
    return order ? order : (a->from > b->from) - (a->from < b->from);
}

/* Where 90 of 100 draws of the totals put each unit; errors of units are independent. */
static bool ranges(Arena *keep, const LeagueRules *r, LeagueRow *rows, size_t n)
{
    Arena     scratch = *keep;
    RankDraw *draw    = arena_new(&scratch, RankDraw, n);
    double   *theta   = arena_new(&scratch, double, n), *v = arena_new(&scratch, double, n * n);
    bool      any     = false;
    for (size_t i = 0; i < n; i++) {
        double se = isnan(rows[i].result.se) ? 0 : rows[i].result.se;
        theta[i]     = rows[i].result.total;
        v[i * n + i] = se * se;
        any |= se > 0;
    }
    if (!any || !stats_rank_draws(scratch, n, theta, v, r->seed, LEAGUE_DRAWS, draw, NULL))
        return false;
    for (size_t i = 0; i < n; i++) {
        rows[i].low  = (int)draw[i].low < rows[i].rank ? (int)draw[i].low : rows[i].rank;
        rows[i].high = (int)draw[i].high > rows[i].rank ? (int)draw[i].high : rows[i].rank;
    }
    return true;
}

static void domains_of(Arena *keep, const Scheme *s, League *out)
{
    out->domain = arena_new(keep, int, s->len);
    for (size_t i = 0; i < s->len; i++)
        if (s->at[i].up < 0 && s->at[i].effect == EFFECT_POINTS)
            out->domain[out->domains++] = (int)i;
}

void league_rank(Arena *keep, const Scheme *s, const LeagueRules *r, LeagueRow *rows, size_t n, League *out)
{
    *out = (League){ .scheme = s, .rules = *r, .at = arena_new(keep, LeagueRow, n), .len = n, .mean = NAN };
    domains_of(keep, s, out);
    Arena     scratch = *keep;
    Standing *order   = arena_new(&scratch, Standing, n);
    double    sum     = 0;
    for (size_t i = 0; i < n; i++)
        order[i] = standing_of(s, r, rows[i].unit, &rows[i].result, i);
    qsort(order, n, sizeof *order, by_standing);
    for (size_t i = 0, dense = 0; i < n; i++) {
        LeagueRow *row = &out->at[i];
        bool       tie = i && !compare(&order[i], &order[i - 1]);
        *row       = rows[order[i].from];
        row->low   = row->high = row->rank = 0;
        row->group = isnan(row->result.percent) ? -1 : league_group(r, row->result.percent);
        if (!order[i].ranked)
            continue;
        dense    += !tie;
        row->rank = tie ? out->at[i - 1].rank : r->ties == TIES_DENSE ? (int)dense : (int)i + 1;
        sum      += row->result.total;
        out->ranked++;
    }
    if (out->ranked)
        out->mean = sum / (double)out->ranked;
    out->ranges = out->ranked > 1 && out->ranked <= LEAGUE_RANGES && ranges(&scratch, r, out->at, out->ranked);
}

/* ---- Weights of domains ------------------------------------------------------------------------------------------------ */

/* The share of a domain's points that a unit has, of those that apply to it; NAN: none applies. */
static double domain_share(const Scheme *s, const SchemeResult *x, int top)
{
    double points = 0, max = 0;
    for (size_t i = (size_t)top; i < s->len && (i == (size_t)top || s->at[i].level > s->at[top].level); i++)
        if (!s->at[i].group && s->at[i].effect == EFFECT_POINTS && x->at[i].state == STATE_SCORED) {
            points += x->at[i].points;
            max    += x->at[i].max;
        }
    return max > 0 ? points / max : NAN;
}

Sensitivity league_sensitivity(Arena *keep, const League *l)
{
    size_t    n     = l->ranked, m = l->domains;
    double   *score = arena_new(keep, double, n * m), *weight = arena_new(keep, double, m), *one = arena_new(keep, double, m);
    uint32_t *dim   = arena_new(keep, uint32_t, m), *group = arena_new(keep, uint32_t, n);
    for (size_t d = 0; d < m; d++) {
        weight[d] = scheme_max(l->scheme, l->domain[d]);
        one[d]    = 1;
        dim[d]    = (uint32_t)d;
    }
    for (size_t i = 0; i < n; i++) {
        group[i] = (uint32_t)(l->at[i].group + 1);
        for (size_t d = 0; d < m; d++)
            score[i * m + d] = domain_share(l->scheme, &l->at[i].result, l->domain[d]);
    }
    Composite c = { .units = n, .items = m, .dims = m, .dim = dim, .item_weight = one, .dim_weight = weight, .score = (const double *const[]){ score } };
    return stats_sensitivity(keep, &c, (SensitivityPlan){ .vary = 1u << SENSITIVITY_WEIGHTS, .noise = 0.25, .runs = 1000, .seed = l->rules.seed,
                                                          .group = group });
}

const LeagueRow *league_row(const League *l, int64_t unit)
{
    for (size_t i = 0; l && i < l->len; i++)
        if (l->at[i].unit == unit)
            return &l->at[i];
    return NULL;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Primary and complementary suppression. */
#include "stats/suppress.h"

#include <math.h>

static StatsLimits limits_of(const StatsLimits *given)
{
    StatsLimits l = given ? *given : (StatsLimits){ 0 };
    l.secret       = l.secret ? l.secret : 5;
    l.alike        = l.alike ? l.alike : 30;
    l.reliable_n   = l.reliable_n ? l.reliable_n : 30;
    l.reliable_psu = l.reliable_psu ? l.reliable_psu : 5;
    l.reliable_df  = l.reliable_df > 0 ? l.reliable_df : 1;
    l.reliable_cv  = l.reliable_cv > 0 ? l.reliable_cv : 0.30;
    return l;
}

/* What a cell says of itself. */
static StatsShow own_show(const StatsCell *c, const StatsLimits *l)
{
    double rarer = fmin(c->value, 1 - c->value);
    if (c->secret)                               /* of nobody too: "nobody" tells what those said who left */
        return STATS_SECRET;
    if (!c->n)
        return STATS_NO_DATA;
    if (c->n < l->secret)
        return STATS_SECRET;
    if (rarer <= 0 && c->n < l->alike)
        return STATS_ALIKE;
    bool reliable = c->n >= l->reliable_n && c->n_psu >= l->reliable_psu && c->df >= l->reliable_df && c->se <= l->reliable_cv * rarer;
    return reliable ? STATS_SHOWN : STATS_UNRELIABLE;
}

static bool is_hidden(StatsShow s)
{
    return s == STATS_SECRET || s == STATS_ALIKE || s == STATS_COMPLEMENT;
}

/* Persons in no part. */
static uint32_t rest_of(const StatsRelation *r, const StatsCell cell[])
{
    uint32_t sum = 0;
    for (size_t i = 0; i < r->n_parts; i++)
        sum += cell[r->part[i]].n;
    return cell[r->total].n - sum;
}

static Err relations_check(Arena *a, size_t n, const StatsCell cell[], size_t n_relations, const StatsRelation relation[])
{
    for (size_t k = 0; k < n_relations; k++) {
        uint64_t sum = 0;
        bool     known = relation[k].total < n;
        for (size_t i = 0; i < relation[k].n_parts && known; i++) {
            known = relation[k].part[i] < n;
            sum += known ? cell[relation[k].part[i]].n : 0;
        }
        if (!known || sum > cell[relation[k].total].n)
            return err_fmt(a, ERR_INVALID, "relation %zu does not add up: its parts are more than its total", k + 1);
    }
    return OK;
}

/* Hides the shown part with the fewest persons (the first among equals), or the total when no part is left. False: all is hidden. */
static bool hide_one(const StatsRelation *r, const StatsCell cell[], StatsShow out[])
{
    uint32_t best = UINT32_MAX;
    for (size_t i = 0; i < r->n_parts; i++) {
        uint32_t p = r->part[i];
        if (cell[p].n && !is_hidden(out[p]) && (best == UINT32_MAX || cell[p].n < cell[best].n))
            best = p;
    }
    if (best == UINT32_MAX && !is_hidden(out[r->total]) && cell[r->total].n)
        best = r->total;
    if (best != UINT32_MAX)
        out[best] = STATS_COMPLEMENT;
    return best != UINT32_MAX;
}

/* One relation: true when it needed another cell hidden. */
static bool protect(const StatsRelation *r, const StatsCell cell[], uint32_t secret, StatsShow out[])
{
    uint32_t rest = rest_of(r, cell), cells = is_hidden(out[r->total]), persons = cells ? cell[r->total].n : 0;
    for (size_t i = 0; i < r->n_parts; i++)
        if (is_hidden(out[r->part[i]])) {
            cells++;
            persons += cell[r->part[i]].n;
        }
    if (rest && (cells || rest < secret)) {      /* nobody publishes the rest, but the difference does */
        cells++;
        persons += rest;
    }
    return cells && (cells < 2 || persons < secret) && hide_one(r, cell, out);
}

/* ---- Audit ------------------------------------------------------------------------------------------------------------------------- */

/* rows equations in vars unknown counts from 0: sum of at[v] x_v = at[vars]. */
typedef struct System { size_t rows, vars; double *at; } System;

static double *row_of(const System *s, size_t row)
{
    return s->at + row * (s->vars + 1);
}

/* Unknown are hidden cells and the rest of each relation that has one or hides one. */
static System system_new(Arena *a, size_t n, const uint32_t count[], const bool hidden[], size_t n_relations, const StatsRelation relation[], uint32_t *var)
{
    System s = { 0 };
    for (size_t i = 0; i < n; i++)
        var[i] = hidden[i] ? (uint32_t)s.vars++ : UINT32_MAX;
    size_t cells = s.vars;
    s.vars += n_relations;
    s.at = arena_new(a, double, 2 * n_relations * (s.vars + 1));      /* the second half is for the reduced form */
    for (size_t k = 0; k < n_relations; k++) {
        const StatsRelation *r = &relation[k];
        double  *row = row_of(&s, s.rows), *right = &row[s.vars];
        uint32_t sum = 0;
        bool     any = hidden[r->total];
        *right = hidden[r->total] ? 0 : count[r->total];
        if (any)
            row[var[r->total]] = -1;
        for (size_t i = 0; i < r->n_parts; i++) {
            sum += count[r->part[i]];
            any = any || hidden[r->part[i]];
            if (hidden[r->part[i]])
                row[var[r->part[i]]] += 1;
            else
                *right -= count[r->part[i]];
        }
        if (sum < count[r->total])
            row[cells + k] = 1;
        if (any || sum < count[r->total])
            s.rows++;
        else
            memset(row, 0, (s.vars + 1) * sizeof *row);
    }
    return s;
}

/* Adds the equations reduced to each other (Gauss and Jordan). */
static void reduce(System *s)
{
    size_t first = s->rows, rank = 0, wide = s->vars + 1;
    memcpy(row_of(s, first), s->at, s->rows * wide * sizeof *s->at);
    for (size_t v = 0; v < s->vars && rank < s->rows; v++) {
        size_t best = rank;
        for (size_t i = rank; i < s->rows; i++)
            best = fabs(row_of(s, first + i)[v]) > fabs(row_of(s, first + best)[v]) ? i : best;
        double *pivot = row_of(s, first + rank), *from = row_of(s, first + best), scale = from[v];
        if (fabs(scale) < 1e-9)
            continue;
        for (size_t j = 0; j < wide; j++) {
            double x = from[j];
            from[j]  = pivot[j];
            pivot[j] = x / scale;
        }
        for (size_t i = 0; i < s->rows; i++) {
            double *row = row_of(s, first + i), factor = row[v];
            for (size_t j = 0; j < wide && i != rank && factor != 0; j++)
                row[j] = fabs(row[j] - factor * pivot[j]) < 1e-9 ? 0 : row[j] - factor * pivot[j];
        }
        rank++;
    }
    s->rows += rank;
}

/* Narrows the bounds by one equation; true when one moved. */
static bool narrow(const double *row, size_t vars, CountBounds *b)
{
    bool moved = false;
    for (size_t v = 0; v < vars; v++) {
        double low = row[vars], high = row[vars];           /* of row[v] x_v */
        if (row[v] == 0)
            continue;
        for (size_t j = 0; j < vars; j++)
            if (j != v && row[j] != 0) {
                low -= row[j] > 0 ? row[j] * b[j].high : row[j] * b[j].low;
                high -= row[j] > 0 ? row[j] * b[j].low : row[j] * b[j].high;
            }
        double least = (row[v] > 0 ? low : high) / row[v], most = (row[v] > 0 ? high : low) / row[v];
        least = ceil(least - 1e-6), most = floor(most + 1e-6);         /* counts are whole */
        if (least > b[v].low)
            b[v].low = least, moved = true;
        if (most < b[v].high)
            b[v].high = most, moved = true;
    }
    return moved;
}

void stats_count_bounds(Arena scratch, size_t n, const uint32_t count[], const bool hidden[], size_t n_relations, const StatsRelation relation[],
                        CountBounds out[])
{
    uint32_t    *var = arena_new(&scratch, uint32_t, n);
    System       s   = system_new(&scratch, n, count, hidden, n_relations, relation, var);
    CountBounds *b   = arena_new(&scratch, CountBounds, s.vars);
    for (size_t v = 0; v < s.vars; v++)
        b[v] = (CountBounds){ 0, INFINITY };
    reduce(&s);
    bool moved = true;
    for (int pass = 0; pass < 1000 && moved; pass++) {
        moved = false;
        for (size_t i = 0; i < s.rows; i++)
            moved = narrow(row_of(&s, i), s.vars, b) || moved;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = hidden[i] ? b[var[i]] : (CountBounds){ count[i], count[i] };
}

/* The first hidden cell whose count is bounded too closely; n: none. */
static size_t audit(Arena scratch, size_t n, const StatsCell cell[], size_t n_relations, const StatsRelation relation[], uint32_t secret, const StatsShow out[])
{
    uint32_t    *count  = arena_new(&scratch, uint32_t, n);
    bool        *hidden = arena_new(&scratch, bool, n);
    CountBounds *bounds = arena_new(&scratch, CountBounds, n);
    for (size_t i = 0; i < n; i++) {
        count[i]  = cell[i].n;
        hidden[i] = is_hidden(out[i]);
    }
    stats_count_bounds(scratch, n, count, hidden, n_relations, relation, bounds);
    for (size_t i = 0; i < n; i++)
        if (hidden[i] && !(bounds[i].high - bounds[i].low >= secret))
            return i;
    return n;
}

/* Hides one more cell beside a cell that is bounded too closely; false: there is none. */
static bool hide_beside(size_t at, const StatsCell cell[], size_t n_relations, const StatsRelation relation[], StatsShow out[])
{
    for (size_t k = 0; k < n_relations; k++) {
        bool in = relation[k].total == at;
        for (size_t i = 0; i < relation[k].n_parts && !in; i++)
            in = relation[k].part[i] == at;
        if (in && hide_one(&relation[k], cell, out))
            return true;
    }
    return false;
}

/* Any cell at all, the smallest first: what bounds a count may stand relations away. */
static bool hide_any(size_t n, const StatsCell cell[], StatsShow out[])
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (cell[i].n && !is_hidden(out[i]) && (best == n || cell[i].n < cell[best].n))
            best = i;
    if (best < n)
        out[best] = STATS_COMPLEMENT;
    return best < n;
}

Err stats_suppress(Arena *a, size_t n, const StatsCell cell[], size_t n_relations, const StatsRelation relation[], const StatsLimits *limits,
                   StatsShow out[])
{
    StatsLimits l = limits_of(limits);
    TRY(relations_check(a, n, cell, n_relations, relation));
    for (size_t i = 0; i < n; i++)
        out[i] = own_show(&cell[i], &l);
    for (;;) {
        bool moved = true;
        while (moved) {
            moved = false;
            for (size_t k = 0; k < n_relations; k++)
                moved = protect(&relation[k], cell, l.secret, out) || moved;
        }
        size_t bad = audit(*a, n, cell, n_relations, relation, l.secret, out);
        if (bad == n)
            return OK;
        if (!hide_beside(bad, cell, n_relations, relation, out) && !hide_any(n, cell, out))
            return err_fmt(a, ERR_CONFLICT, "the count of cell %zu stays bounded by what is known of the others; nothing may be published", bad + 1);
    }
}

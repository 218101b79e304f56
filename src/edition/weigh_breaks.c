/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Weighted figures of breakdowns. Their cells cut across strata and units, so influence values are summed over the sampling units of the whole sample:
 * a unit without anybody of the cell adds a zero. Time grows with the rows of a cell and with units, not with rows times cells.
 * Source: docs/statistics.md, sections 2 and 3. */
#include "edition/weighting.h"

#include "stats/design.h"
#include "stats/estimate.h"
#include "stats/interval.h"

#include <math.h>

typedef uint16_t CellCounts[TALLY_CELLS];
typedef struct RowList { uint32_t *row; size_t *first; } RowList;      /* rows of domain k: row[first[k]] … */

/* Units are rows of the design: the sums of their influence values are all that its variance needs. */
struct BreakWeigher {
    Arena         *a;
    const Dataset *d;
    StatsDesign    design;
    size_t         units;
    uint32_t      *unit;                 /* of each record */
    uint32_t      *place;                /* of each unit: the post-stratum, 0 none */
    double        *unit_weight;
    RowList       *rows;                 /* of each breakdown */
    const bool    *of;                   /* the items that count holds */
    CellCounts    *count;
    double        *z;                    /* of each unit */
    double        *row_z;                /* of each record, of raked weights: their residuals stand outside the cell too */
    bool          *used;
};

/* ---- Units of the whole sample ---------------------------------------------------------------------------------------------- */

/* A record that is told with its place stands in its unit; any other is a unit of stratum 0 by itself. */
static Err number_units(BreakWeigher *w)
{
    const Dataset     *d = w->d;
    const DataWeights *x = d->weights;
    Arena              scratch = arena_open((size_t)4 << 30);
    uint32_t          *stratum = arena_new(&scratch, uint32_t, d->records + 1), *unit = arena_new(&scratch, uint32_t, d->records + 1);
    StatsDesign        all;
    for (size_t r = 0; r < d->records; r++) {
        bool placed = d->opened->told[r] && d->domain_of[r];
        stratum[r]  = placed ? x->stratum[r] : 0;
        unit[r]     = placed && x->unit[r] ? x->unit[r] : (uint32_t)(UINT32_MAX - r);
    }
    StatsSample s = { .n = d->records, .n_stages = 1, .probability = x->probability, .weight = x->weight, .stratum = stratum, .unit = { unit } };
    Arena inner = arena_open((size_t)4 << 30);
    Err   e     = stats_design_init(&scratch, inner, &s, &all);
    arena_close(&inner);
    w->unit  = arena_new(w->a, uint32_t, d->records + 1);
    w->units = e ? 0 : all.n_psu;
    uint32_t *of_unit = arena_new(w->a, uint32_t, w->units + 1);
    for (size_t i = 0; !e && i < d->records; i++) {
        w->unit[all.order[i]] = all.psu[i];
        of_unit[all.psu[i]]   = all.psu_stratum[all.psu[i]];
    }
    double *one = arena_new(w->a, double, w->units + 1);
    for (size_t i = 0; i < w->units; i++)
        one[i] = 1;
    StatsSample units = { .n = w->units, .probability = x->probability, .weight = one, .stratum = of_unit };
    if (!e)
        e = stats_design_init(w->a, scratch, &units, &w->design);
    if (e)
        e = err_new(w->a, e->kind, e->detail);
    arena_close(&scratch);
    return e;
}

static void weigh_units(BreakWeigher *w)
{
    const Dataset *d = w->d;
    w->place        = arena_new(w->a, uint32_t, w->units + 1);
    w->unit_weight  = arena_new(w->a, double, w->units + 1);
    for (size_t r = 0; r < d->records; r++) {
        if (!d->opened->told[r] || !d->domain_of[r])
            continue;
        w->place[w->unit[r]] = d->domain_of[r];
        w->unit_weight[w->unit[r]] += d->weights->weight[r];
    }
}

static void list_rows(BreakWeigher *w)
{
    const Dataset *d = w->d;
    w->rows = arena_new(w->a, RowList, d->breaks.len);
    for (size_t b = 0; b < d->breaks.len; b++) {
        size_t   cells = d->breaks.at[b].domains.len;
        RowList *l     = &w->rows[b];
        if (!d->breaks.at[b].of)
            continue;
        l->row   = arena_new(w->a, uint32_t, d->records + 1);
        l->first = arena_new(w->a, size_t, cells + 2);
        for (size_t r = 0; r < d->records; r++)
            l->first[d->breaks.at[b].of[r] + 2]++;
        for (size_t k = 2; k < cells + 2; k++)
            l->first[k] += l->first[k - 1];
        for (size_t r = 0; r < d->records; r++)
            l->row[l->first[d->breaks.at[b].of[r] + 1]++] = (uint32_t)r;
    }
}

Err break_weigher_new(Arena *a, const Dataset *d, BreakWeigher **out)
{
    BreakWeigher *w = arena_new(a, BreakWeigher, 1);
    *w = (BreakWeigher){ .a = a, .d = d, .count = arena_new(a, CellCounts, d->records + 1) };
    TRY(number_units(w));
    weigh_units(w);
    list_rows(w);
    w->z    = arena_new(a, double, w->units + 1);
    w->row_z = arena_new(a, double, d->records + 1);
    w->used = arena_new(a, bool, w->units + 1);
    *out = w;
    return OK;
}

/* ---- One figure ------------------------------------------------------------------------------------------------------------- */

/* Answers of every record to the items of the set; kept while the set is the same. */
static void count_rows(BreakWeigher *w, const bool *items)
{
    const Dataset *d     = w->d;
    Arena          arena = *w->a;
    uint32_t      *in    = arena_new(&arena, uint32_t, d->items.len + 1);
    size_t         n     = 0;
    for (size_t i = 0; i < d->items.len; i++)
        if (items[i])
            in[n++] = (uint32_t)i;
    for (size_t r = 0; w->of != items && r < d->records; r++) {
        uint16_t      *count  = memset(w->count[r], 0, sizeof *w->count);
        const uint8_t *values = d->values + r * d->items.len;
        for (size_t i = 0; i < n; i++)
            if (values[in[i]])
                count[values[in[i]] == 9 ? TALLY_NONE : values[in[i]] - 1]++;
    }
    w->of = items;
}

typedef struct Ratio { double x, den; size_t rows; } Ratio;

static void row_values(const BreakWeigher *w, const WeighOrder *x, uint32_t row, double *num, double *den)
{
    const uint16_t *count = w->count[row];
    *num = *den = 0;
    for (int k = 0; k < TALLY_CELLS; k++) {
        *num += x->part[k] * count[k];
        *den += k < TALLY_NONE || x->none ? count[k] : 0;
    }
}

static Ratio ratio_of(BreakWeigher *w, const WeighOrder *x, const RowList *l)
{
    StatsAcc num = { 0 }, den = { 0 };
    size_t   rows = 0;
    for (size_t i = l->first[x->domain]; i < l->first[x->domain + 1]; i++) {
        double n, d, weight = w->d->weights->weight[l->row[i]];
        row_values(w, x, l->row[i], &n, &d);
        rows += d > 0;
        acc_add(&num, weight * n);
        acc_add(&den, weight * d);
    }
    return (Ratio){ acc_value(&num) / acc_value(&den), acc_value(&den), rows };
}

static void add_influence(BreakWeigher *w, const WeighOrder *x, const RowList *l, const Ratio *s, double weight)
{
    for (size_t i = l->first[x->domain]; i < l->first[x->domain + 1]; i++) {
        uint32_t row = l->row[i];
        double   n, d;
        row_values(w, x, row, &n, &d);
        if (d > 0) {
            double *to = w->d->weights->steps ? &w->row_z[row] : &w->z[w->unit[row]];
            *to += weight * w->d->weights->weight[row] * (n - s->x * d) / s->den;
            w->used[w->unit[row]] = true;
        }
    }
}

static void set_interval(BreakWeigher *w, const WeighOrder *x, double variance, double rows, Figure *f)
{
    if (x->share && (!(f->x > 1e-9) || !(f->x < 100 - 1e-9))) {
        StatsBounds range = stats_bound_interval(f->x / 100, rows, 1.5, 0.95);
        f->low  = 100 * range.low;
        f->high = 100 * range.high;
        return;
    }
    StatsDf df = stats_df(&w->design, *w->a, w->used);
    if (!(sqrt(variance) > 1e-9) || !(df.df > 0))
        return;
    f->se = sqrt(variance);
    weigh_interval(f, x->share, df.df, rows);
}

/* Residuals of influence values, by unit. A unit lies in one post-stratum; raked margins cut across units. */
static void take_residuals(BreakWeigher *w)
{
    const DataWeights *x = w->d->weights;
    if (x->adjusted && !x->steps)
        stats_post_residual(*w->a, w->units, w->place, w->d->domains.len, w->unit_weight, w->z);
    if (!x->steps)
        return;
    steps_residual(x->steps, *w->a, w->row_z);
    for (size_t r = 0; r < w->d->records; r++)
        w->z[w->unit[r]] += w->row_z[r];
}

Err weigh_break(BreakWeigher *w, const WeighOrder *x, size_t breakdown, Figure *f)
{
    const RowList *l     = &w->rows[breakdown];
    double         v     = 0;
    unsigned       flags = 0;
    size_t         rows  = 0;
    f->x = 0;
    memset(w->z, 0, w->units * sizeof *w->z);
    memset(w->used, 0, w->units * sizeof *w->used);
    memset(w->row_z, 0, w->d->records * sizeof *w->row_z);
    for (size_t i = 0; i < x->parts; i++) {
        count_rows(w, x->of[i].items);
        Ratio s = ratio_of(w, x, l);
        f->x += x->of[i].weight * s.x;
        rows = s.rows > rows ? s.rows : rows;
        if (!s.rows)
            return OK;
        add_influence(w, x, l, &s, x->of[i].weight);
    }
    if (!w->d->weights->probability)
        return OK;
    take_residuals(w);
    TRY(stats_variance(&w->design, w->a, 1, w->z, w->used, &v, &flags));
    set_interval(w, x, v, (double)rows, f);
    return OK;
}

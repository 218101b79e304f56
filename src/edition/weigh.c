/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Weighted figures: pooled ratios with linearised standard errors over strata and sampling units, and their intervals.
 * Source: docs/statistics.md, sections 2 to 5; docs/adr/0033. */
#include "edition/weighting.h"

#include "stats/design.h"
#include "stats/estimate.h"
#include "stats/interval.h"

#include <math.h>
#include <stdlib.h>

const Str weight_column[WEIGHT_COLUMNS] = { S_INIT("weight"), S_INIT("stratum"), S_INIT("psu") };

void weight_cells(Buf *b, const DataWeights *w, size_t record, bool told)
{
    buf_byte(b, ',');
    if (told)
        buf_f64(b, w->weight[record]);
    buf_byte(b, ',');
    if (told)
        buf_i64(b, w->stratum[record]);
    buf_byte(b, ',');
    if (told && w->unit[record])
        buf_i64(b, w->unit[record]);
}

typedef uint16_t CellCounts[TALLY_CELLS];
/* The rows of one domain, or of the whole: records, and for the whole the hidden answers one by one. */
typedef struct Ground {
    StatsDesign design;
    size_t      n;
    uint32_t   *record;              /* of each row; records and above: hidden answers */
    uint32_t   *cell, *stratum, *unit;
    double     *weight, *num, *den, *z;
    bool       *used;
    const bool *of;                  /* the items whose answers stand in count, by cell of a tally */
    CellCounts *count;
} Ground;

typedef struct Bound { size_t at, domain; double rows; } Bound;     /* a figure of 0 or 100 % */
typedef struct Deffs { LIST(double) of; } Deffs;
struct Weigher {
    Arena         *a;
    const Dataset *d;
    Ground        *ground;           /* of each domain; 0: the whole */
    uint32_t      *hidden_item;
    uint8_t       *hidden_value;
    size_t         hidden;
    LIST(Bound)    bounds;
    Deffs         *deff;             /* of the items, by domain */
    /* Of raked weights, whose residuals stand outside the domain too: by record and hidden answer, then by row of the whole. */
    double        *of_z, *all_z;
    bool          *of_used, *of_in, *all_used, *all_in;
};

static void hidden_answers(Arena *a, Weigher *w)
{
    const TallyTable *t = &w->d->opened->unplaced;
    int64_t n = 0;
    for (size_t i = 0; i < t->items; i++)
        for (int k = 0; k < TALLY_CELLS; k++)
            n += tally_at(t, i, 0)->at[k];
    w->hidden_item  = arena_new(a, uint32_t, (size_t)n + 1);
    w->hidden_value = arena_new(a, uint8_t, (size_t)n + 1);
    for (size_t i = 0; i < t->items; i++)
        for (int k = 0; k < TALLY_CELLS; k++)
            for (int64_t j = 0; j < tally_at(t, i, 0)->at[k]; j++) {
                w->hidden_item[w->hidden]    = (uint32_t)i;
                w->hidden_value[w->hidden++] = (uint8_t)k;
            }
}

static Ground ground_new(Arena *a, size_t n)
{
    return (Ground){ .record = arena_new(a, uint32_t, n + 1), .cell = arena_new(a, uint32_t, n + 1), .stratum = arena_new(a, uint32_t, n + 1),
                     .unit = arena_new(a, uint32_t, n + 1), .weight = arena_new(a, double, n + 1), .num = arena_new(a, double, n + 1),
                     .den = arena_new(a, double, n + 1), .z = arena_new(a, double, n + 1), .used = arena_new(a, bool, n + 1),
                     .count = arena_new(a, CellCounts, n + 1) };
}

/* A row without a sampling unit is one by itself: numbers above all others. */
static void ground_row(Ground *g, const Dataset *d, size_t record, size_t cell)
{
    const DataWeights *w = d->weights;
    bool   placed = record < d->records && cell > 0;
    size_t i      = g->n++;
    g->record[i]  = (uint32_t)record;
    g->cell[i]    = (uint32_t)cell;
    g->weight[i]  = placed ? w->weight[record] : w->mean;
    g->stratum[i] = placed ? w->stratum[record] : 0;
    g->unit[i]    = placed && w->unit[record] ? w->unit[record] : (uint32_t)(UINT32_MAX - i);
}

static Err ground_design(Arena *a, Ground *g, bool probability)
{
    if (g->n == 0)
        return OK;
    StatsSample s = { .n = g->n, .n_stages = 1, .probability = probability, .weight = g->weight, .stratum = g->stratum, .unit = { g->unit } };
    Arena scratch = arena_open((size_t)1 << 32);
    Err   e = stats_design_init(a, scratch, &s, &g->design);
    arena_close(&scratch);
    return e;
}

static void room_for_all(Arena *a, Weigher *w)
{
    size_t n = w->d->records + w->hidden + 1;
    w->of_z     = arena_new(a, double, n);
    w->all_z    = arena_new(a, double, n);
    w->of_used  = arena_new(a, bool, n);
    w->of_in    = arena_new(a, bool, n);
    w->all_used = arena_new(a, bool, n);
    w->all_in   = arena_new(a, bool, n);
}

Err weigher_new(Arena *a, const Dataset *d, Weigher **out)
{
    Weigher *w = arena_new(a, Weigher, 1);
    size_t  *n = arena_new(a, size_t, d->domains.len);
    w->a       = a;
    w->d       = d;
    w->ground  = arena_new(a, Ground, d->domains.len);
    w->deff    = arena_new(a, Deffs, d->domains.len);
    hidden_answers(a, w);
    for (size_t r = 0; r < d->records; r++)
        n[d->domain_of[r]] += d->opened->told[r];
    w->ground[0] = ground_new(a, d->records + w->hidden);
    for (size_t k = 1; k < d->domains.len; k++)
        w->ground[k] = ground_new(a, n[k]);
    for (size_t r = 0; r < d->records; r++) {
        size_t k = d->domain_of[r];
        if (!d->opened->told[r])
            continue;
        ground_row(&w->ground[0], d, r, k);
        if (k)
            ground_row(&w->ground[k], d, r, k);
    }
    for (size_t j = 0; j < w->hidden; j++)
        ground_row(&w->ground[0], d, d->records + j, 0);
    if (d->weights->steps)
        room_for_all(a, w);
    for (size_t k = 0; k < d->domains.len; k++)
        TRY(ground_design(a, &w->ground[k], d->weights->probability));
    *out = w;
    return OK;
}

/* Answers of each row to the items of the set; kept while the set is the same. */
static void count_rows(const Weigher *w, Ground *g, const bool *items)
{
    const Dataset *d     = w->d;
    Arena          arena = *w->a;
    uint32_t      *in    = arena_new(&arena, uint32_t, d->items.len);
    size_t         n     = 0;
    for (size_t i = 0; i < d->items.len; i++)
        if (items[i])
            in[n++] = (uint32_t)i;
    for (size_t r = 0; g->of != items && r < g->n; r++) {
        uint16_t *count = memset(g->count[r], 0, sizeof *g->count);
        if (g->record[r] >= d->records) {
            count[w->hidden_value[g->record[r] - d->records]] = items[w->hidden_item[g->record[r] - d->records]];
            continue;
        }
        const uint8_t *values = d->opened->values + g->record[r] * d->items.len;
        for (size_t i = 0; i < n; i++)
            if (values[in[i]])
                count[values[in[i]] == 9 ? TALLY_NONE : values[in[i]] - 1]++;
    }
    g->of = items;
}

typedef struct RowSums { double ratio, den; size_t used; } RowSums;

static RowSums row_sums(const Weigher *w, Ground *g, const WeighOrder *x, const bool *items)
{
    StatsAcc num = { 0 }, den = { 0 };
    size_t   used = 0;
    count_rows(w, g, items);
    for (size_t i = 0; i < g->n; i++) {
        const uint16_t *count = g->count[i];
        double num_i = 0, den_i = 0;
        for (int k = 0; k < TALLY_CELLS; k++) {
            num_i += x->part[k] * count[k];
            den_i += k < TALLY_NONE || x->none ? count[k] : 0;
        }
        g->num[i]  = num_i;
        g->den[i]  = den_i;
        g->used[i] |= g->den[i] > 0;
        used += g->den[i] > 0;
        acc_add(&num, g->weight[i] * g->num[i]);
        acc_add(&den, g->weight[i] * g->den[i]);
    }
    return (RowSums){ acc_value(&num) / acc_value(&den), acc_value(&den), used };
}

/* Adds the influence values of one part, w (num - R den) / W times what the part weighs. */
static void influence(Ground *g, const RowSums *s, double weight)
{
    for (size_t i = 0; i < g->n; i++)
        g->z[i] += g->den[i] > 0 ? weight * (g->weight[i] * (g->num[i] - s->ratio * g->den[i]) / s->den) : 0;
}

void weigh_interval(Figure *f, bool share, double df, double rows)
{
    if (!(f->se > 0) || !(df > 0))
        return;
    double        p      = f->x / 100, unit = share ? 100 : 1;
    StatsInterval method = rows < 100 || p < 0.05 || p > 0.95 ? STATS_CI_BETA : STATS_CI_LOGIT;
    StatsBounds   b      = share ? stats_share_interval(method, p, f->se / 100, rows, df, 0.95) : stats_mean_interval(f->x, f->se, df, 0.95);
    f->low  = unit * b.low;
    f->high = unit * b.high;
}

static void keep_deff(Weigher *w, const Ground *g, const WeighOrder *x, double variance)
{
    double deff = stats_deff(g->n, g->num, g->used, g->weight, variance, false, false);
    if (isfinite(deff))
        *list_add(w->a, &w->deff[x->domain].of) = deff;
}

/* The mean over the parts with its influence values; false: a part has no answers here, so the mean is not known. */
static bool mean_of_parts(Weigher *w, Ground *g, const WeighOrder *x, size_t *out_used, double *out)
{
    *out = 0;
    memset(g->z, 0, g->n * sizeof *g->z);
    memset(g->used, 0, g->n * sizeof *g->used);
    for (size_t i = 0; i < x->parts; i++) {
        RowSums s = row_sums(w, g, x, x->of[i].items);
        *out += x->of[i].weight * s.ratio;
        *out_used = s.used;
        if (!s.used)
            return false;
        influence(g, &s, x->of[i].weight);
    }
    if (w->d->weights->adjusted && !w->d->weights->steps)
        stats_post_residual(*w->a, g->n, g->cell, w->d->domains.len, g->weight, g->z);
    return true;
}

/* What a variance stands on: the rows of the domain, or with raked weights all rows. counted: those that degrees of freedom count; NULL: all. */
typedef struct Stand { const StatsDesign *design; const double *z; const bool *used, *counted; } Stand;

static Stand stand_on(Weigher *w, const Ground *g, bool pooled)
{
    const WeightSteps *steps = w->d->weights->steps;
    const Ground      *all   = &w->ground[0];
    size_t             n     = w->d->records + w->hidden;
    if (!steps)
        return (Stand){ &g->design, g->z, g->used, pooled ? NULL : g->used };
    memset(w->of_z, 0, n * sizeof *w->of_z);
    memset(w->of_used, 0, n * sizeof *w->of_used);
    memset(w->of_in, 0, n * sizeof *w->of_in);
    for (size_t i = 0; i < g->n; i++) {
        w->of_z[g->record[i]]    = g->z[i];
        w->of_used[g->record[i]] = g->used[i];
        w->of_in[g->record[i]]   = pooled || g->used[i];
    }
    steps_residual(steps, *w->a, w->of_z);
    for (size_t i = 0; i < all->n; i++) {
        w->all_z[i]    = w->of_z[all->record[i]];
        w->all_used[i] = w->of_used[all->record[i]];
        w->all_in[i]   = w->of_in[all->record[i]];
    }
    return (Stand){ &all->design, w->all_z, w->all_used, w->all_in };
}

Err weigh_figure(Weigher *w, const WeighOrder *x, size_t at, Figure *f)
{
    Ground  *g     = &w->ground[x->domain];
    double   v     = 0;
    unsigned flags = 0;
    size_t   used  = 0;
    bool     known = mean_of_parts(w, g, x, &used, &f->x);
    if (!known || !w->d->weights->probability)
        return OK;
    Stand s = stand_on(w, g, x->pooled);
    TRY(stats_variance(s.design, w->a, 1, s.z, s.used, &v, &flags));
    bool at_bound = x->share && (!(f->x > 1e-9) || !(f->x < 100 - 1e-9));
    if (at_bound)                      /* its plain standard error is 0 and says nothing */
        *list_add(w->a, &w->bounds) = (Bound){ at, x->domain, (double)used };
    if (at_bound || !(sqrt(v) > 1e-9))
        return OK;
    StatsDf df = stats_df(s.design, *w->a, s.counted);
    f->se = sqrt(v);
    weigh_interval(f, x->share, df.df, x->pooled ? (double)g->n : (double)used);
    if (!(df.df > 0))
        f->se = NAN;
    if (x->share && !x->pooled && x->part[TALLY_NONE] == 0 && x->part[LIKERT_STEPS - 1] > 0)
        keep_deff(w, g, x, v);
    return OK;
}

static int by_size(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return (p > q) - (p < q);
}

/* Clopper–Pearson with n over the median design effect of the domain's items, at least 1; without any 1.5. */
void weigher_bounds(const Weigher *w, Figures *f)
{
    for (size_t i = 0; i < w->bounds.len; i++) {
        const Bound *b    = &w->bounds.at[i];
        size_t       m    = w->deff[b->domain].of.len;
        double      *all  = w->deff[b->domain].of.at, deff = 1.5;
        if (m) {
            qsort(all, m, sizeof *all, by_size);
            deff = (all[(m - 1) / 2] + all[m / 2]) / 2;
        }
        Figure     *x = &f->at[b->at];
        StatsBounds range = stats_bound_interval(x->x / 100, b->rows, deff, 0.95);
        x->low  = 100 * range.low;
        x->high = 100 * range.high;
    }
}

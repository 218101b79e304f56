/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of groups: ratios with their standard errors and intervals, what is clearly above what, a test of independence, and what may be shown. */
#include "desk/engine_parts.h"

#include "stats/compare.h"
#include "stats/contingency.h"
#include "stats/interval.h"
#include "stats/rank.h"
#include "stats/weights.h"

#include <math.h>

typedef struct Work {
    Arena *a; const DeskRows *rows; Groups g;
    double *z; uint32_t *post; size_t posts; bool *used;
    DeskResult *out;
} Work;

static bool inside(const Group *g, size_t i, size_t j)
{
    return !g->out && (!i || g->i == i) && (!j || g->j == j);
}

static bool answers(const Work *w, const Group *g)
{
    return w->rows->cat ? g->cat != 0 : g->answered > 0;
}

/* Above the line, of one group. */
static double part(const Group *g, const DeskWanted *x)
{
    return x->coefficient ? x->coefficient[g->cat] * g->w : g->s;
}

/* Sums over one place. e2: of weighted squares of (above - ratio × below). */
typedef struct Sums { double ratio, d, w, n, rows, e2; } Sums;

static Sums sums_of(Work *w, const DeskWanted *x, size_t i, size_t j)
{
    StatsAcc s = { 0 }, d = { 0 };
    Sums     t = { 0 };
    for (size_t k = 0; k < w->g.len; k++) {
        const Group *g = &w->g.at[k];
        bool in = inside(g, i, j);
        t.rows += in ? g->rows : 0;
        w->used[k] = in && answers(w, g);
        if (!w->used[k])
            continue;
        t.n += g->answered;
        t.w += g->w;
        acc_add(&s, part(g, x));
        acc_add(&d, g->d);
    }
    t.d     = acc_value(&d);
    t.ratio = t.d > 0 ? acc_value(&s) / t.d : NAN;
    for (size_t k = 0; k < w->g.len; k++) {
        const Group *g = &w->g.at[k];
        double c = x->coefficient ? x->coefficient[g->cat] : 0;
        if (w->used[k])
            t.e2 += x->coefficient ? g->w * (c - t.ratio) * (c - t.ratio) : g->ss - 2 * t.ratio * g->sd + t.ratio * t.ratio * g->dd;
    }
    return t;
}

static void residuals(Work *w, double *z)
{
    if (w->rows->adjusted)
        stats_post_residual(*w->a, w->g.len, w->post, w->posts, w->g.weight, z);
}

static void influence(Work *w, const DeskWanted *x, const Sums *t, double *z)
{
    for (size_t k = 0; k < w->g.len; k++)
        z[k] = w->used[k] ? (part(&w->g.at[k], x) - t->ratio * w->g.at[k].d) / t->d : 0;
    residuals(w, z);
}

/* Percent by logit, or Korn and Graubard where few answered or the share is extreme; means: x ± t se. Source: docs/statistics.md, section 4. */
static void interval(DeskFigure *f, bool share, double rows)
{
    StatsBounds b;
    if (share && !(f->x > 1e-12 && f->x < 1 - 1e-12)) {
        b     = stats_bound_interval(f->x > 0.5, rows, 1.5, 0.95);
        f->se = NAN;
    } else if (!(f->se > 1e-12) || !(f->df > 0)) {
        f->se = NAN;
        return;
    } else if (share) {
        b = stats_share_interval(rows < 100 || f->x < 0.05 || f->x > 0.95 ? STATS_CI_BETA : STATS_CI_LOGIT, f->x, f->se, rows, f->df, 0.95);
    } else {
        b = stats_mean_interval(f->x, f->se, f->df, 0.95);
    }
    f->low  = b.low;
    f->high = b.high;
}

static Err estimate(Work *w, const DeskWanted *x, size_t i, size_t j, DeskFigure *f)
{
    Sums   t = sums_of(w, x, i, j);
    double v = NAN;
    *f = (DeskFigure){ .x = t.ratio, .se = NAN, .low = NAN, .high = NAN, .df = NAN, .deff = NAN, .n_eff = NAN,
                       .n = (uint32_t)llround(t.n), .alike = t.e2 <= 1e-12 * t.w };
    if (!f->n || !w->rows->probability)
        return OK;
    influence(w, x, &t, w->z);
    TRY(stats_variance(&w->g.design, w->a, 1, w->z, w->used, &v, &f->flags));
    for (size_t k = 0; w->rows->den && k < w->g.len; k++)        /* pooled items: degrees of freedom before missing answers leave */
        w->used[k] = inside(&w->g.at[k], i, j);
    StatsDf df  = stats_df(&w->g.design, *w->a, w->used);
    double  spread = t.n > 1 ? t.n / (t.n - 1) * t.e2 / t.w : NAN, mean = t.d / t.w;
    f->n_psu    = df.psu;
    f->n_strata = df.strata;
    f->df       = df.df;
    f->se       = sqrt(v);
    f->deff     = spread > 0 ? v / (spread / (t.n * mean * mean)) : NAN;
    f->n_eff    = t.n / f->deff;
    interval(f, x->share, w->rows->den ? t.rows : t.n);
    return OK;
}

/* ---- What is clearly above what ------------------------------------------------------------------------------------------ */

enum { COMPARED_MOST = 64 };

static DeskFigure *level_figure(const Work *w, size_t i, bool columns, size_t level)
{
    return columns ? desk_at(w->out, 0, i, level) : desk_at(w->out, 0, level, 0);
}

/* Levels of one breakdown, within place i of the other: pairwise tests with their covariance, Holm's correction over all pairs. Source: section 7. */
static Err compare(Work *w, const DeskWanted *x, size_t i, bool columns, double df)
{
    size_t   levels = columns ? w->out->columns - 2 : w->out->rows - 2, n = 0, *level = arena_new(w->a, size_t, levels + 1);
    Arena    mine   = *w->a;
    unsigned flags  = 0;
    double  *z      = arena_new(&mine, double, levels * w->g.len + 1), *v = arena_new(&mine, double, levels * levels + 1);
    double  *p      = arena_new(&mine, double, levels * levels + 1), *holm = arena_new(&mine, double, levels * levels + 1);
    StatsDifference *d = arena_new(&mine, StatsDifference, levels * levels + 1);
    for (size_t k = 1; k <= levels; k++) {
        const DeskFigure *f = level_figure(w, i, columns, k);
        if (f->show != STATS_SHOWN || !(f->se > 0))
            continue;
        Sums t = sums_of(w, x, columns ? i : k, columns ? k : 0);
        influence(w, x, &t, z + n * w->g.len);
        level[n++] = k;
    }
    if (n < 2)
        return OK;
    TRY(stats_variance(&w->g.design, &mine, n, z, NULL, v, &flags));
    size_t pairs = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t k = s + 1; k < n; k++) {
            double both[2] = { level_figure(w, i, columns, level[s])->x, level_figure(w, i, columns, level[k])->x };
            d[pairs]   = stats_difference(both, (double[]){ v[s * n + s], v[s * n + k], v[k * n + s], v[k * n + k] }, df);
            p[pairs]   = isnan(d[pairs].p) ? 1 : d[pairs].p;
            pairs++;
        }
    stats_holm(mine, pairs, p, holm);
    pairs = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t k = s + 1; k < n; k++, pairs++) {
            bool first = d[pairs].diff > 0;
            if (holm[pairs] < 0.05)
                level_figure(w, i, columns, level[first ? s : k])->above |= UINT64_C(1) << (level[first ? k : s] - 1);
        }
    return OK;
}

static Err compare_all(Work *w, const DeskWanted *x)
{
    bool   columns = w->rows->levels[1] > 0;
    size_t levels  = w->rows->levels[columns ? 1 : 0];
    if (!w->rows->probability || w->out->wanted != 1 || levels < 2 || levels > COMPARED_MOST || levels * w->g.len > (size_t)1 << 26)
        return OK;
    double df = stats_df(&w->g.design, *w->a, NULL).df;
    for (size_t i = 0; i < (columns ? w->out->rows : 1); i++)
        TRY(compare(w, x, i, columns, df));
    return OK;
}

/* ---- Independence -------------------------------------------------------------------------------------------------------- */

static Err independence(Work *w)
{
    size_t           n = w->g.len, rows = w->rows->levels[0], columns = w->g.categories - 1, parts = rows * columns;
    uint32_t        *cell = arena_new(w->a, uint32_t, n + 1);
    ContingencyTable t = { .n = n, .rows = rows, .columns = columns, .cell = cell, .method = CONTINGENCY_F };
    unsigned         flags = 0;
    double           people = 0;
    if (!w->rows->probability || rows < 2 || columns < 2 || parts > 200 || parts * n > (size_t)1 << 25)
        return OK;
    for (size_t k = 0; k < n; k++) {
        const Group *g = &w->g.at[k];
        bool in = !g->out && g->cat && g->i >= 1 && g->i <= rows;
        cell[k] = in ? (uint32_t)((g->i - 1u) * columns + g->cat - 1u) : UINT32_MAX;
        people += g->rows;
    }
    double *estimate_of = arena_new(w->a, double, parts), *z = arena_new(w->a, double, parts * n), *v = arena_new(w->a, double, parts * parts);
    contingency_theta(&t, *w->a, w->g.weight, estimate_of, z);
    for (size_t k = 0; k < parts; k++)
        residuals(w, z + k * n);
    TRY(stats_variance(&w->g.design, w->a, parts, z, NULL, v, &flags));
    Contingency c = contingency_test(&t, *w->a, estimate_of, v, stats_df(&w->g.design, *w->a, NULL).df, people);
    w->out->test = (DeskTest){ !isnan(c.p), c.statistic, c.df1, c.df2, c.p, (uint32_t)rows, (uint32_t)columns };
    return OK;
}

/* ---- What may be shown ----------------------------------------------------------------------------------------------------- */

/* The whole is what its parts hold, so that rounded persons of divided units add up. */
static void add_margins(StatsCell *cell, size_t rows, size_t columns)
{
    for (size_t i = 1; i < rows && columns > 1; i++)
        for (size_t j = 1; j < columns; j++)
            cell[i * columns].n += cell[i * columns + j].n;
    for (size_t j = 0; j < columns && rows > 1; j++)
        for (size_t i = 1; i < rows; i++)
            cell[j].n += cell[i * columns + j].n;
    for (size_t j = 1; j < columns && rows == 1; j++)
        cell[0].n += cell[j].n;
}

/* The share that is nearest to all or nobody decides; means count as alike when nothing spreads. */
static StatsCell showing_cell(const Work *w, const DeskWanted *wanted, size_t place)
{
    size_t    i = place / w->out->columns, j = place % w->out->columns;
    StatsCell c = { .value = 0.5, .df = 1e9, .n_psu = UINT32_MAX };
    for (size_t f = 0; f < w->out->wanted; f++) {
        const DeskFigure *x = desk_at(w->out, f, i, j);
        if (wanted[f].share && (f == 0 || x->x > c.value))
            c.value = x->x;
        else if (!wanted[f].share && x->alike)
            c.value = 1;
        if (w->rows->probability) {
            c.df    = x->df;
            c.n_psu = x->n_psu;
            if (w->out->wanted == 1 && wanted[f].share)
                c.se = isnan(x->se) ? 0 : x->se;
        }
    }
    return c;
}

/* What was decided for all tables together, and what the figures of this one say of themselves: few, alike, not reliable. */
static Err show(Work *w, const DeskWanted *wanted)
{
    size_t     rows = w->out->rows, columns = w->out->columns, places = rows * columns;
    StatsCell *cell = arena_new(w->a, StatsCell, places);
    StatsShow *own  = arena_new(w->a, StatsShow, places);
    for (size_t k = 0; k < places; k++) {
        bool atom = (rows == 1 || k / columns) && (columns == 1 || k % columns);
        cell[k]   = showing_cell(w, wanted, k);
        cell[k].n = atom ? desk_at(w->out, 0, k / columns, k % columns)->n : 0;
    }
    add_margins(cell, rows, columns);
    TRY(stats_suppress(w->a, places, cell, 0, NULL, NULL, own));
    for (size_t f = 0; f < w->out->wanted; f++)
        for (size_t k = 0; k < places; k++) {
            DeskFigure *x = desk_at(w->out, f, k / columns, k % columns);
            StatsShow   s = (StatsShow)w->rows->show[f * places + k];
            x->show = s == STATS_SHOWN || s == STATS_NO_DATA ? own[k] : s;
            bool counted = x->show == STATS_SHOWN || x->show == STATS_UNRELIABLE;
            if (x->show != STATS_SHOWN)
                *x = (DeskFigure){ .x = NAN, .se = NAN, .low = NAN, .high = NAN, .df = NAN, .deff = NAN, .n_eff = NAN,
                                   .n = counted ? cell[k].n : 0, .show = x->show };
            else
                x->n = cell[k].n;
        }
    return OK;
}

/* ---- All together ------------------------------------------------------------------------------------------------------------ */

typedef struct Asked { Arena *keep; Work w; const DeskWanted *wanted; size_t categories; bool test; } Asked;

static void describe(const Groups *g, DeskResult *out)
{
    double n = (double)g->n;
    out->groups = g->len;
    out->psu    = g->design.n_psu;
    out->strata = g->design.n_strata;
    out->sample = g->n;
    out->weight_sum = g->sum;
    out->weight_min = g->least;
    out->weight_max = g->most;
    out->kish       = n * g->squares / (g->sum * g->sum);
}

static Err compute(void *self)
{
    Asked *x = self;
    Work  *w = &x->w;
    TRY(groups_gather(w->a, w->rows, x->categories, &w->g));
    w->z    = arena_new(w->a, double, w->g.len + 1);
    w->used = arena_new(w->a, bool, w->g.len + 1);
    w->post = arena_new(w->a, uint32_t, w->g.len + 1);
    for (size_t k = 0; k < w->g.len; k++) {
        w->post[k] = w->g.at[k].post;
        w->posts   = w->post[k] >= w->posts ? w->post[k] + 1u : w->posts;
    }
    describe(&w->g, w->out);
    for (size_t f = 0; f < w->out->wanted; f++)
        for (size_t i = 0; i < w->out->rows; i++)
            for (size_t j = 0; j < w->out->columns; j++) {
                Arena own = *w->a, *all = w->a;
                w->a  = &own;
                Err e = estimate(w, &x->wanted[f], i, j, desk_at(w->out, f, i, j));
                w->a  = all;
                TRY(e);
            }
    if (x->test && w->rows->cat && w->g.len)
        TRY(independence(w));
    TRY(show(w, x->wanted));
    return compare_all(w, x->wanted);
}

Err desk_compute(Arena *keep, const DeskRows *rows, size_t categories, const DeskWanted *wanted, size_t n_wanted, bool test, DeskResult *out)
{
    Arena mine = arena_open((size_t)1 << 33);
    *out = (DeskResult){ .wanted = n_wanted, .rows = rows->levels[0] ? rows->levels[0] + 2 : 1, .columns = rows->levels[1] ? rows->levels[1] + 2 : 1 };
    out->at = arena_new(keep, DeskFigure, n_wanted * out->rows * out->columns);
    Asked x = { .keep = keep, .w = { .a = &mine, .rows = rows, .out = out }, .wanted = wanted, .categories = categories, .test = test };
    Err   e = arena_guarded(&mine, compute, &x);
    if (e)
        e = err_make(keep, e->kind, arena_str(keep, e->detail), e->file, e->line);
    arena_close(&mine);
    return e;
}

typedef struct Listing { Arena *keep, *a; const DeskRows *rows; size_t i, j; DeskUnitRow *out; size_t n; } Listing;

static Err list_units(void *self)
{
    Listing *x = self;
    Groups   g;
    TRY(groups_gather(x->a, x->rows, 255, &g));
    x->out = arena_new(x->keep, DeskUnitRow, g.design.n_psu + 1);
    for (size_t k = 0; k < g.len; k++) {
        const Group *from = &g.at[g.design.order[k]];
        DeskUnitRow *to   = x->n ? &x->out[x->n - 1] : NULL;
        if (!inside(from, x->i, x->j) || !(x->rows->cat ? from->cat : from->answered > 0))
            continue;
        if (!to || to->stratum != from->stratum || to->unit != from->unit) {
            to  = &x->out[x->n++];
            *to = (DeskUnitRow){ .stratum = from->stratum, .unit = from->unit };
        }
        to->n      += (uint32_t)llround(from->answered);
        to->weight += from->w;
    }
    return OK;
}

Err desk_units(Arena *keep, const DeskRows *rows, size_t i, size_t j, DeskUnitRow **out, size_t *out_n)
{
    Arena   mine = arena_open((size_t)1 << 33);
    Listing x    = { keep, &mine, rows, i, j, NULL, 0 };
    Err     e    = arena_guarded(&mine, list_units, &x);
    if (e)
        e = err_make(keep, e->kind, arena_str(keep, e->detail), e->file, e->line);
    arena_close(&mine);
    *out   = x.out;
    *out_n = x.n;
    return e;
}

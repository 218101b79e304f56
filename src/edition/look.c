/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures as a tree of contents. */
#include "edition/look.h"

#include "stats/rank.h"
#include "stats/stats.h"

#include <math.h>

bool look_shown(const Figure *f)
{
    return f && !f->suppressed && !isnan(f->x);
}

Str look_label(const Figure *f, Lang l)
{
    return l == LANG_EN && f->label_en.len ? f->label_en : f->label_vi;
}

int look_node(const Look *l, Str code)
{
    for (size_t i = 0; i < l->nodes.len; i++)
        if (str_eq(l->nodes.at[i].code, code))
            return (int)i;
    return -1;
}

const Figure *look_figure(const Look *l, Arena *a, Str measure, Str code, Str province)
{
    Str name = str_join(a, (Str[]){ measure, code }, 2, S("."));
    for (size_t i = 0; i < l->figures.len; i++) {
        const Figure *f = &l->figures.at[i];
        if (str_eq(f->value, province) && str_eq(f->name, name) && str_eq(f->by, province.len ? l->place : S("")))
            return f;
    }
    return NULL;
}

/* Codes nest by what they begin with: "B2.1" below "B2", "B2" below "B". The longest one that fits. */
static int parent_of(const Look *l, Str code)
{
    int    found = -1;
    size_t best = 0;
    for (size_t i = 0; i < l->nodes.len; i++) {
        Str  up    = l->nodes.at[i].code;
        bool below = code.len > up.len && str_starts(code, up);
        bool digit = below && up.at[up.len - 1] >= '0' && up.at[up.len - 1] <= '9';
        if (below && (code.at[up.len] == '.' || !digit) && up.len > best) {
            found = (int)i;
            best  = up.len;
        }
    }
    return found;
}

static void add_node(Arena *a, Look *l, Str code, const Figure *whole)
{
    LookNode n = { .code = code, .whole = whole, .parent = parent_of(l, code) };
    if (n.parent >= 0) {
        n.depth = l->nodes.at[n.parent].depth + 1;
        l->nodes.at[n.parent].children++;
    }
    *list_add(a, &l->nodes) = n;
}

static bool has_province(const Figures *f, Str place, Str code)
{
    for (size_t i = 0; i < f->len; i++)
        if (str_eq(f->at[i].value, code) && str_eq(f->at[i].by, place))
            return true;
    return false;
}

Err look_open(Db *db, Arena *a, const Figures *f, Str place, Date on, Look *out)
{
    Look  l = { .figures = *f, .main = S("satisfied"), .place = place };
    Units all;
    TRY(unit_list(db, a, UNIT_PROVINCE, on, &all));
    for (size_t i = 0; i < f->len; i++) {
        l.intervals |= !isnan(f->at[i].low);
        if (str_starts(f->at[i].name, S("index.")))
            l.main = S("index");
    }
    for (size_t i = 0; i < f->len; i++) {
        Str code = str_cut(f->at[i].name, '.').tail;
        if (!f->at[i].by.len && str_starts(f->at[i].name, S("satisfied.")) && look_node(&l, code) < 0)
            add_node(a, &l, code, &f->at[i]);
    }
    for (size_t i = 0; place.len && i < all.len; i++)
        if (has_province(f, place, all.at[i].code))
            *list_add(a, &l.provinces) = all.at[i];
    *out = l;
    return OK;
}

bool look_likert(const Look *l, Out *o, Str code, LikertRow *out)
{
    static const Str steps[LIKERT_STEPS] = { S_INIT("step1"), S_INIT("step2"), S_INIT("step3"), S_INIT("step4"), S_INIT("step5") };
    Arena        *a = o->buf.a;
    const Figure *share = look_figure(l, a, S("satisfied"), code, S("")), *none = look_figure(l, a, S("none"), code, S(""));
    const Figure *first = look_figure(l, a, steps[0], code, S("")), *mean = look_figure(l, a, S("mean"), code, S(""));
    if (!share || !none || !first)
        return false;
    *out = (LikertRow){ .label = look_label(first, o->lang), .n = first->n, .none = none->x / 100, .low = share->low, .high = share->high,
                        .mean = mean ? mean->x : NAN };
    for (int k = 0; k < LIKERT_STEPS; k++) {
        const Figure *f = look_figure(l, a, steps[k], code, S(""));
        out->share[k]   = f ? f->x / 100 : NAN;
        out->suppressed |= !look_shown(f);
    }
    return true;
}

LookRank *look_ranks(const Look *l, Arena *a, Str code)
{
    size_t    n     = l->provinces.len;
    LookRank *out   = arena_new(a, LookRank, n + 1);
    double   *theta = arena_new(a, double, n + 1), *v = arena_new(a, double, n * n + 1);
    for (size_t i = 0; i < n; i++) {
        const Figure *f = look_figure(l, a, l->main, code, l->provinces.at[i].code);
        bool          shown = look_shown(f) && !isnan(f->se);
        theta[i]     = shown ? f->x : NAN;
        v[i * n + i] = shown ? f->se * f->se : NAN;
    }
    if (!l->intervals || !n)
        return out;
    StatsRanks ranks = stats_ranks(a, n, theta, v, 0.95);
    for (size_t i = 0; i < n; i++)
        if (!isnan(theta[i]))
            out[i] = (LookRank){ (int)ranks.unit[i].holm_low, (int)ranks.unit[i].holm_high };
    return out;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The figures of an edition by name and domain, the tree of what they are about, the provinces and their ranks. */
#include "report/parts.h"

#include "method/method.h"

#include "stats/rank.h"

#include <ctype.h>
#include <math.h>

/* ---- Figures by name ---------------------------------------------------------------------------------------------- */

static size_t slot_of(const ReportSource *s, Str name, Str by, Str value)
{
    return (str_hash(name) * 31 + str_hash(by) * 7 + str_hash(value)) & (s->slot_count - 1);
}

static bool is_named(const Figure *f, Str name, Str by, Str value)
{
    return str_eq(f->name, name) && str_eq(f->value, value) && str_eq(f->by, by);
}

static void index_figures(Arena *a, ReportSource *s)
{
    for (s->slot_count = 64; s->slot_count < 2 * s->figures.len; s->slot_count *= 2) {}
    s->slots = arena_new(a, const Figure *, s->slot_count);
    for (size_t i = 0; i < s->figures.len; i++) {
        const Figure *f = &s->figures.at[i];
        size_t        k = slot_of(s, f->name, f->by, f->value);
        while (s->slots[k] && !is_named(s->slots[k], f->name, f->by, f->value))
            k = (k + 1) & (s->slot_count - 1);
        if (!s->slots[k])
            s->slots[k] = f;
        s->intervals |= !isnan(f->low);
    }
}

const Figure *source_figure(const ReportSource *s, const char *prefix, Str code, Str province)
{
    char   room[160];
    size_t n = strlen(prefix);
    if (n + 1 + code.len > sizeof room)
        return NULL;
    memcpy(room, prefix, n);
    room[n] = '.';
    memcpy(room + n + 1, code.at, code.len);
    Str name = { room, n + 1 + code.len }, by = province.len ? s->by : S("");
    for (size_t k = slot_of(s, name, by, province); s->slots[k]; k = (k + 1) & (s->slot_count - 1))
        if (is_named(s->slots[k], name, by, province))
            return s->slots[k];
    return NULL;
}

bool figure_shown(const Figure *f)
{
    return f && !f->suppressed && !isnan(f->x);
}

/* ---- What figures are about --------------------------------------------------------------------------------------- */

/* "B2" lies below "B", "B2.1" below "B2", "B2.1.3" below "B2.1". */
static bool below(Str code, Str top)
{
    return code.len > top.len && str_starts(code, top) && (code.at[top.len] == '.' || (!str_has(top, S(".")) && isdigit((unsigned char)code.at[top.len])));
}

static int parent_of(const ReportSource *s, Str code)
{
    int best = -1;
    for (size_t i = 0; i < s->topics.len; i++)
        if (below(code, s->topics.at[i].code) && (best < 0 || s->topics.at[i].code.len > s->topics.at[best].code.len))
            best = (int)i;
    return best;
}

static void find_topics(Arena *a, ReportSource *s)
{
    for (size_t i = 0; i < s->figures.len; i++) {
        const Figure *f = &s->figures.at[i];
        if (!f->by.len && str_starts(f->name, S("satisfied.")))
            *list_add(a, &s->topics) = (Topic){ .code = str_skip(f->name, 10), .parent = -1, .question = true, .first = f };
    }
    int most = 0;
    s->top   = -1;
    for (size_t i = 0; i < s->topics.len; i++) {
        Topic *t  = &s->topics.at[i];
        t->parent = parent_of(s, t->code);
        if (t->parent >= 0)
            s->topics.at[t->parent].question = false;
    }
    for (size_t i = 0; i < s->topics.len; i++) {
        Topic *t = &s->topics.at[i];
        int    n = 0;
        for (int p = t->parent; p >= 0; p = s->topics.at[p].parent)
            t->depth++;
        for (size_t k = 0; k < s->topics.len; k++)
            n += below(s->topics.at[k].code, t->code);
        if (t->parent < 0 && n > most) {
            most   = n;
            s->top = (int)i;
        }
    }
}

Str topic_label(const Topic *t, Lang l)
{
    return l == LANG_EN && t->first->label_en.len ? t->first->label_en : t->first->label_vi;
}

/* ---- Provinces ------------------------------------------------------------------------------------------------------ */

Str province_label(const Unit *u, Lang l)
{
    Str name = tile_name(u->code);
    return l == LANG_VI && !str_eq(name, u->code) ? name : unit_name(u, l);
}

const Unit *province_of(const ReportSource *s, Str code)
{
    for (size_t i = 0; i < s->provinces.len; i++)
        if (str_eq(s->provinces.at[i].code, code))
            return &s->provinces.at[i];
    return NULL;
}

void report_provinces(Arena *a, const ReportSource *s, StrList *out)
{
    for (size_t i = 0; i < s->provinces.len; i++)
        *list_add(a, out) = s->provinces.at[i].code;
}

/* The question whose answers are codes of provinces: the one with the most of them. */
static void find_provinces(Arena *a, ReportSource *s, const Units *all)
{
    int most = 0;
    Str name = s->topics.at[s->top].first->name;
    for (size_t i = 0; i < s->figures.len; i++) {
        const Figure *f = &s->figures.at[i];
        if (!f->by.len || !str_eq(f->name, name) || str_eq(f->by, s->by))
            continue;
        Str before = s->by;
        int n      = 0;
        s->by      = f->by;
        for (size_t k = 0; k < all->len; k++)
            n += source_figure(s, "satisfied", s->topics.at[s->top].code, all->at[k].code) != NULL;
        if (n > most)
            most = n;
        else
            s->by = before;
    }
    for (size_t k = 0; s->by.len && k < all->len && s->provinces.len < PROVINCE_MOST; k++)
        if (source_figure(s, "satisfied", s->topics.at[s->top].code, all->at[k].code))
            *list_add(a, &s->provinces) = all->at[k];
}

/* Ranks that cannot be told apart, by pairwise tests with Holm's correction; provinces are strata, so nothing is shared between them. */
static void find_ranks(Arena *a, ReportSource *s)
{
    size_t  n = s->provinces.len;
    double *theta = arena_new(a, double, n + 1), *v = arena_new(a, double, n * n + 1);
    for (size_t i = 0; i < n; i++) {
        const Figure *f = source_figure(s, "satisfied", s->topics.at[s->top].code, s->provinces.at[i].code);
        bool          known = figure_shown(f) && !isnan(f->se);
        theta[i]     = known ? f->x : NAN;
        v[i * n + i] = known ? f->se * f->se : NAN;
    }
    StatsRanks ranks = stats_ranks(a, n, theta, v, 0.95);
    for (size_t i = 0; i < n; i++)
        for (int l = 0; l < LANG_COUNT && !isnan(theta[i]); l++)
            s->rank[l][i] = text_fmt(a, (Lang)l, "results.rank.range", ARG_N("low", (int64_t)ranks.unit[i].holm_low),
                                     ARG_N("high", (int64_t)ranks.unit[i].holm_high));
}

ReportSource *source_make(Arena *a, const EditionRow *e, const Figures *figures, const Units *provinces)
{
    ReportSource *s = arena_new(a, ReportSource, 1);
    s->e       = *e;
    for (int l = 0; l < LANG_COUNT; l++)
        s->method[l] = e->method;
    s->figures = *figures;
    index_figures(a, s);
    find_topics(a, s);
    if (s->top >= 0)
        find_provinces(a, s, provinces);
    if (s->intervals && s->provinces.len)
        find_ranks(a, s);
    return s;
}

Err report_source(Db *db, Store *store, Arena *a, const EditionRow *e, ReportSource **out)
{
    Figures figures;
    Units   provinces;
    TRY(edition_figures(db, store, a, e, &figures));
    TRY(unit_list(db, a, UNIT_PROVINCE, date_of(e->published_at), &provinces));
    *out = source_make(a, e, &figures, &provinces);
    for (int l = 0; l < LANG_COUNT; l++)
        TRY(method_title_of(db, a, (Lang)l, e->method, &(*out)->method[l]));
    return OK;
}

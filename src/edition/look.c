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

size_t look_head(const Look *l)
{
    return l->top < 0 ? 0 : (size_t)l->top;
}

/* ---- Figures by name --------------------------------------------------------------------------------------------------- */

static size_t slot_hash(uint64_t name, uint64_t by, Str value)
{
    return name * 31 + by * 7 + str_hash(value);
}

static const Figure **slot_from(const Look *l, size_t hash, Str name, Str by, Str value)
{
    size_t k = hash & (l->slot_count - 1);
    while (l->slots[k] && !(str_eq(l->slots[k]->name, name) && str_eq(l->slots[k]->by, by) && str_eq(l->slots[k]->value, value)))
        k = (k + 1) & (l->slot_count - 1);
    return &l->slots[k];
}

static const Figure **slot_at(const Look *l, Str name, Str by, Str value)
{
    return slot_from(l, slot_hash(str_hash(name), str_hash(by), value), name, by, value);
}

static void index_figures(Arena *a, Look *l)
{
    for (l->slot_count = 64; l->slot_count < 2 * l->figures.len; l->slot_count *= 2) {}
    l->slots = arena_new(a, const Figure *, l->slot_count);
    uint64_t name = 0, by = 0;                           /* figures of one name stand in a row, those of one question too */
    for (size_t i = 0; i < l->figures.len; i++) {
        const Figure *f = &l->figures.at[i];
        name = i && str_eq(f->name, f[-1].name) ? name : str_hash(f->name);
        by   = i && str_eq(f->by, f[-1].by) ? by : str_hash(f->by);
        const Figure **at = slot_from(l, slot_hash(name, by, f->value), f->name, f->by, f->value);
        *at = *at ? *at : f;
        l->intervals |= !isnan(f->low);
        if (str_starts(f->name, S("index.")))
            l->main = S("index");
    }
}

const Figure *look_figure(const Look *l, Str measure, Str code, Str province)
{
    char room[160];
    if (measure.len + 1 + code.len > sizeof room)
        return NULL;
    memcpy(room, measure.at, measure.len);
    room[measure.len] = '.';
    memcpy(room + measure.len + 1, code.at, code.len);
    return *slot_at(l, (Str){ room, measure.len + 1 + code.len }, province.len ? l->place : S(""), province);
}

const Figure *look_main(const Look *l, Str code, Str province)
{
    return look_figure(l, l->main, code, province);
}

/* ---- What figures are about ------------------------------------------------------------------------------------------------ */

static int parent_of(const Look *l, const SurveyMethod *how, const LookNode *n)
{
    int node = n->item ? method_place(how, n->code, NULL) : method_node(how, n->code);
    Str up   = node < 0 ? S("") : n->item ? how->nodes.at[node].code : how->nodes.at[node].parent;
    return up.len ? look_node(l, up) : -1;
}

static void find_nodes(Arena *a, Look *l, const SurveyMethod *how)
{
    for (size_t i = 0; i < l->figures.len; i++) {
        const Figure *f    = &l->figures.at[i];
        Str           code = str_cut(f->name, '.').tail;
        if (!f->by.len && str_starts(f->name, S("satisfied.")) && look_node(l, code) < 0)
            *list_add(a, &l->nodes) = (LookNode){ .code = code, .whole = look_main(l, code, S("")), .parent = -1, .item = method_node(how, code) < 0 };
    }
    for (size_t i = 0; i < l->nodes.len; i++) {
        LookNode *n = &l->nodes.at[i];
        n->parent   = parent_of(l, how, n);
        if (n->parent >= 0)
            l->nodes.at[n->parent].children++;
    }
    for (size_t i = 0; i < l->nodes.len; i++) {
        LookNode *n = &l->nodes.at[i];
        for (int p = n->parent; p >= 0; p = l->nodes.at[p].parent)
            n->depth++;
        if (l->top < 0 && !n->item && n->parent < 0)
            l->top = (int)i;
    }
}

/* ---- Provinces ------------------------------------------------------------------------------------------------------------------ */

static bool is_province(const Units *provinces, Str code)
{
    for (size_t k = 0; k < provinces->len; k++)
        if (str_eq(provinces->at[k].code, code))
            return true;
    return false;
}

/* Questions stand one after the other in figures of one name: those of the first that has any. */
Str look_place(const Figures *f, const Units *provinces, Str asked)
{
    Str best = S(""), by = S(""), name = S("");
    int most = 0, n = 0;
    for (size_t i = 0; i < f->len; i++) {
        const Figure *x = &f->at[i];
        if (!x->by.len || (name.len && !str_eq(x->name, name)))
            continue;
        if (str_eq(x->by, asked))
            return asked;
        name = x->name;
        n    = str_eq(x->by, by) ? n : 0;
        by   = x->by;
        n   += is_province(provinces, x->value);
        if (n > most) {
            most = n;
            best = by;
        }
    }
    return best;
}

static void find_provinces(Arena *a, Look *l, const Units *provinces)
{
    const LookNode *n = &l->nodes.at[look_head(l)];
    for (size_t i = 0; i < provinces->len; i++)
        if (look_main(l, n->code, provinces->at[i].code))
            *list_add(a, &l->provinces) = provinces->at[i];
}

void look_make(Arena *a, const Figures *f, const SurveyMethod *how, Str place, const Units *provinces, Look *out)
{
    *out = (Look){ .figures = *f, .main = S("satisfied"), .place = look_place(f, provinces, place), .top = -1 };
    index_figures(a, out);
    find_nodes(a, out, how);
    if (out->place.len && out->nodes.len)
        find_provinces(a, out, provinces);
}

Err look_open(Db *db, Arena *a, const Figures *f, Str method, Str place, Date on, Look *out)
{
    Units        provinces;
    SurveyMethod how;
    TRY(unit_list(db, a, UNIT_PROVINCE, on, &provinces));
    TRY(method_load(db, a, method, &how));
    look_make(a, f, &how, place, &provinces, out);
    return OK;
}

bool look_likert(const Look *l, Lang lang, Str code, LikertRow *out)
{
    static const Str steps[LIKERT_STEPS] = { S_INIT("step1"), S_INIT("step2"), S_INIT("step3"), S_INIT("step4"), S_INIT("step5") };
    const Figure *share = look_figure(l, S("satisfied"), code, S("")), *none = look_figure(l, S("none"), code, S(""));
    const Figure *first = look_figure(l, steps[0], code, S("")), *mean = look_figure(l, S("mean"), code, S(""));
    if (!share || !none || !first)
        return false;
    *out = (LikertRow){ .label = look_label(first, lang), .n = first->n, .none = isnan(none->x) ? 0 : none->x / 100, .low = share->low,
                        .high = share->high, .mean = mean ? mean->x : NAN, .suppressed = !look_shown(share) };
    for (int k = 0; k < LIKERT_STEPS; k++) {
        const Figure *f = look_figure(l, steps[k], code, S(""));
        out->share[k]   = f ? f->x / 100 : NAN;
        out->suppressed |= !look_shown(f);
    }
    return true;
}

static bool own_tile(const Unit *u)
{
    Str name = tile_name(u->code);
    return !str_eq(name, u->code) && str_ends(name, unit_name(u, LANG_VI));
}

Str look_province_name(const Unit *u, Lang l)
{
    return l == LANG_VI && own_tile(u) ? tile_name(u->code) : unit_name(u, l);
}

bool look_mapped(const Units *provinces)
{
    for (size_t i = 0; i < provinces->len; i++)
        if (!own_tile(&provinces->at[i]))
            return false;
    return provinces->len > 0;
}

LookRank *look_ranks(const Look *l, Arena *a, Str code)
{
    size_t    n     = l->provinces.len;
    LookRank *out   = arena_new(a, LookRank, n + 1);
    double   *theta = arena_new(a, double, n + 1), *v = arena_new(a, double, n * n + 1);
    for (size_t i = 0; i < n; i++) {
        const Figure *f = look_figure(l, l->main, code, l->provinces.at[i].code);
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

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Series made of published figures: through the years, within one year, part by part. Gaps stay gaps. */
#include "indices/parts.h"

#include <math.h>
#include <stdlib.h>

static bool whole(const PublishedValue *v)
{
    return v->component.len == 0;
}

YearSpan series_span(const PublishedValues *v)
{
    YearSpan s = { 0, 0 };
    for (size_t i = 0; i < v->len; i++) {
        int year = v->at[i].year;
        s.first  = !s.first || year < s.first ? year : s.first;
        s.last   = year > s.last ? year : s.last;
    }
    return s;
}

bool series_has_year(const PublishedValues *v, int year)
{
    for (size_t i = 0; i < v->len; i++)
        if (v->at[i].year == year)
            return true;
    return false;
}

/* The figure of each year that pick chooses first. */
static LinePoints points(Arena *a, const PublishedValues *v, bool (*pick)(const PublishedValue *v))
{
    LinePoints p    = { 0 };
    YearSpan   span = series_span(v);
    for (int year = span.first; span.first && year <= span.last; year++) {
        LinePoint *at = list_add(a, &p);
        *at           = (LinePoint){ year, NAN, NAN, NAN };
        for (size_t i = 0; i < v->len && isnan(at->x); i++)
            if (v->at[i].year == year && whole(&v->at[i]) && pick(&v->at[i]))
                at->x = v->at[i].score;
    }
    return p;
}

static bool is_average(const PublishedValue *v)
{
    return v->level == LEVEL_AVERAGE && !v->area.len;
}

static bool is_first(const PublishedValue *v)
{
    return v->level == LEVEL_UNIT && v->rank == 1;
}

LinePoints series_average(Arena *a, const PublishedValues *v)
{
    return points(a, v, is_average);
}

LinePoints series_first(Arena *a, const PublishedValues *v)
{
    return points(a, v, is_first);
}

bool series_ends(const LinePoints *p, LinePoint *out_from, LinePoint *out_to)
{
    const LinePoint *from = NULL, *to = NULL;
    for (size_t i = 0; i < p->len; i++)
        if (!isnan(p->at[i].x)) {
            from = from ? from : &p->at[i];
            to   = &p->at[i];
        }
    if (from == to)
        return false;
    *out_from = *from;
    *out_to   = *to;
    return true;
}

/* ---- Units through the years ---------------------------------------------------------------------- */

static bool same_unit(const PublishedValue *x, const PublishedValue *y)
{
    if (x->unit_id.v || y->unit_id.v)
        return x->unit_id.v == y->unit_id.v;
    return x->level == y->level && str_eq(x->unit[LANG_VI], y->unit[LANG_VI]) && str_eq(x->area, y->area);
}

static bool is_unit(const PublishedValue *v)
{
    return whole(v) && v->unit[LANG_VI].len && (v->level == LEVEL_UNIT || v->level >= LEVEL_DEPARTMENT);
}

static int by_area_and_name(const void *x, const void *y, void *with)
{
    const PublishedValue *v = ((const UnitSeries *)x)->any, *w = ((const UnitSeries *)y)->any;
    Lang                  l = *(const Lang *)with;
    int                   c = text_cmp(l, v->area, w->area);
    c                       = c ? c : (v->level > w->level) - (v->level < w->level);
    return c ? c : text_cmp(l, v->unit[l], w->unit[l]);
}

UnitSeriesList series_units(Arena *a, const PublishedValues *v, YearSpan span, Lang l)
{
    UnitSeriesList list = { 0 };
    for (size_t i = 0; i < v->len; i++) {
        const PublishedValue *x = &v->at[i];
        if (!is_unit(x))
            continue;
        size_t k = 0;
        while (k < list.len && !same_unit(list.at[k].any, x))
            k++;
        if (k == list.len)
            *list_add(a, &list) = (UnitSeries){ x, arena_new(a, const PublishedValue *, (size_t)(span.last - span.first + 1)) };
        list.at[k].any                         = x->year >= list.at[k].any->year ? x : list.at[k].any;
        list.at[k].years[x->year - span.first] = x;
    }
    if (list.len)
        qsort_r(list.at, list.len, sizeof *list.at, by_area_and_name, &l);
    return list;
}

/* ---- One year --------------------------------------------------------------------------------------- */

static int by_rank(const void *x, const void *y, void *with)
{
    const PublishedValue *v = *(const PublishedValue *const *)x, *w = *(const PublishedValue *const *)y;
    Lang                  l = *(const Lang *)with;
    int                   c = text_cmp(l, v->area, w->area);
    c                       = c ? c : (v->level > w->level) - (v->level < w->level);
    if (!c && (v->rank || w->rank))
        c = !v->rank ? 1 : !w->rank ? -1 : (v->rank > w->rank) - (v->rank < w->rank);
    if (!c && (!isnan(v->score) || !isnan(w->score)))
        c = isnan(v->score) ? 1 : isnan(w->score) ? -1 : (v->score < w->score) - (v->score > w->score);
    return c ? c : text_cmp(l, v->unit[l], w->unit[l]);
}

ValueRefs series_year(Arena *a, const PublishedValues *v, int year, unsigned levels, Lang l)
{
    ValueRefs list = { 0 };
    for (size_t i = 0; i < v->len; i++)
        if (v->at[i].year == year && whole(&v->at[i]) && (levels & LEVEL_BIT(v->at[i].level)))
            *list_add(a, &list) = &v->at[i];
    if (list.len)
        qsort_r(list.at, list.len, sizeof *list.at, by_rank, &l);
    return list;
}

static int by_score(const void *x, const void *y)
{
    double v = *(const double *)x, w = *(const double *)y;
    return (v > w) - (v < w);
}

Scores series_scores(Arena *a, const ValueRefs *units)
{
    Scores s = { arena_new(a, double, units->len), 0 };
    for (size_t i = 0; i < units->len; i++)
        if (!isnan(units->at[i]->score))
            s.at[s.len++] = units->at[i]->score;
    if (s.len)
        qsort(s.at, s.len, sizeof(double), by_score);
    return s;
}

static size_t component_at(Arena *a, StrList *list, Str code)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i], code))
            return i;
    *list_add(a, list) = code;
    return list->len - 1;
}

static size_t unit_at(Arena *a, ValueRefs *list, const PublishedValue *v)
{
    for (size_t i = 0; i < list->len; i++)
        if (same_unit(list->at[i], v))
            return i;
    *list_add(a, list) = v;
    return list->len - 1;
}

static int by_code(const void *x, const void *y)
{
    return str_cmp(*(const Str *)x, *(const Str *)y);
}

ComponentTable series_components(Arena *a, const PublishedValues *v, int year)
{
    ComponentTable t = { 0 };
    for (size_t i = 0; i < v->len; i++)
        if (v->at[i].year == year && !whole(&v->at[i])) {
            component_at(a, &t.components, v->at[i].component);
            unit_at(a, &t.units, &v->at[i]);
        }
    if (!t.units.len)
        return t;
    qsort(t.components.at, t.components.len, sizeof(Str), by_code);
    t.cells = arena_new(a, const PublishedValue *, t.units.len * t.components.len);
    t.max   = arena_new(a, double, t.components.len);
    for (size_t k = 0; k < t.components.len; k++)
        t.max[k] = NAN;
    for (size_t i = 0; i < v->len; i++)
        if (v->at[i].year == year && !whole(&v->at[i])) {
            size_t k = component_at(a, &t.components, v->at[i].component);
            t.cells[unit_at(a, &t.units, &v->at[i]) * t.components.len + k] = &v->at[i];
            t.max[k] = isnan(v->at[i].max_points) ? t.max[k] : v->at[i].max_points;
        }
    return t;
}

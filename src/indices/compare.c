/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Units of one year against indices: which figure stands in which cell, and what moved since the year before. */
#include "indices/compare.h"

#include <math.h>
#include <stdlib.h>

static bool of_unit(const PublishedValue *v)
{
    return v->level == LEVEL_UNIT && v->unit_id.v && !v->component.len && !v->area.len;
}

static const PublishedIndex *index_of(const PublishedIndices *indices, Str code, Str unit_kind)
{
    for (size_t i = 0; i < indices->len; i++)
        if (str_eq(indices->at[i].code, code))
            return str_eq(indices->at[i].unit_kind, unit_kind) ? &indices->at[i] : NULL;
    return NULL;
}

static int newest_first(const void *x, const void *y)
{
    int v = *(const int *)x, w = *(const int *)y;
    return (v < w) - (v > w);
}

Years compare_years(Arena *a, const PublishedIndices *indices, const PublishedValues *v, Str unit_kind)
{
    Years list = { 0 };
    for (size_t i = 0; i < v->len; i++) {
        if (!of_unit(&v->at[i]) || !index_of(indices, v->at[i].index, unit_kind))
            continue;
        size_t k = 0;
        while (k < list.len && list.at[k] != v->at[i].year)
            k++;
        if (k == list.len)
            *list_add(a, &list) = v->at[i].year;
    }
    if (list.len)
        qsort(list.at, list.len, sizeof *list.at, newest_first);
    return list;
}

/* The figure of the whole year before one of a part of it. */
static const PublishedValue *figure(const PublishedValues *v, Str index, UnitId unit, int year)
{
    const PublishedValue *part = NULL;
    for (size_t i = 0; i < v->len; i++) {
        const PublishedValue *x = &v->at[i];
        if (!of_unit(x) || x->unit_id.v != unit.v || x->year != year || !str_eq(x->index, index))
            continue;
        if (!x->period[LANG_VI].len)
            return x;
        part = part ? part : x;
    }
    return part;
}

static bool new_rules(const PublishedFacts *schemes, Str index, int year)
{
    for (size_t i = 0; i < schemes->len; i++)
        if (schemes->at[i].kind == FACT_SCHEME && schemes->at[i].year == year && str_eq(schemes->at[i].index, index))
            return true;
    return false;
}

static double change_of(const PublishedValues *v, const PublishedFacts *schemes, const PublishedValue *now)
{
    if (!now || now->period[LANG_VI].len || new_rules(schemes, now->index, now->year))
        return NAN;
    const PublishedValue *then = figure(v, now->index, now->unit_id, now->year - 1);
    return then && !then->period[LANG_VI].len ? now->score - then->score : NAN;
}

static int by_name(const void *x, const void *y, void *with)
{
    Lang l = *(const Lang *)with;
    return text_cmp(l, ((const CompareRow *)x)->any->unit[l], ((const CompareRow *)y)->any->unit[l]);
}

/* The columns and, without their cells, the rows. */
static void fill_heads(Arena *a, const PublishedIndices *indices, const PublishedValues *v, Str unit_kind, CompareTable *t)
{
    bool *used = arena_new(a, bool, indices->len);
    for (size_t i = 0; i < v->len; i++) {
        const PublishedValue *x  = &v->at[i];
        const PublishedIndex *of = x->year == t->year && of_unit(x) ? index_of(indices, x->index, unit_kind) : NULL;
        if (!of)
            continue;
        used[of - indices->at] = true;
        size_t k               = 0;
        while (k < t->rows.len && t->rows.at[k].any->unit_id.v != x->unit_id.v)
            k++;
        if (k == t->rows.len)
            *list_add(a, &t->rows) = (CompareRow){ .any = x };
    }
    for (size_t i = 0; i < indices->len; i++)
        if (used[i])
            *list_add(a, &t->indices) = &indices->at[i];
}

CompareTable compare_table(Arena *a, const PublishedIndices *indices, const PublishedValues *v, const PublishedFacts *schemes,
                           Str unit_kind, int year, Lang l)
{
    CompareTable t = { .year = year };
    fill_heads(a, indices, v, unit_kind, &t);
    for (size_t i = 0; i < t.rows.len; i++) {
        CompareRow *row = &t.rows.at[i];
        row->cells      = arena_new(a, const PublishedValue *, t.indices.len);
        row->change     = arena_new(a, double, t.indices.len);
        for (size_t k = 0; k < t.indices.len; k++) {
            row->cells[k]  = figure(v, t.indices.at[k]->code, row->any->unit_id, year);
            row->change[k] = change_of(v, schemes, row->cells[k]);
        }
    }
    if (t.rows.len)
        qsort_r(t.rows.at, t.rows.len, sizeof *t.rows.at, by_name, &l);
    return t;
}

/* Negative: x stands above y. A score above a rank alone, that above a gap. */
static int cell_order(const PublishedValue *x, const PublishedValue *y)
{
    int x_kind = !x ? 2 : isnan(x->score), y_kind = !y ? 2 : isnan(y->score);
    if (x_kind != y_kind)
        return x_kind - y_kind;
    if (x_kind == 0)
        return (x->score < y->score) - (x->score > y->score);
    if (x_kind == 2 || !x->rank || !y->rank)
        return x_kind == 2 ? 0 : !x->rank - !y->rank;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

void compare_sort(CompareTable *t, size_t column)
{
    for (size_t i = 1; i < t->rows.len; i++) {     /* some dozens of rows, and equal ones keep the order of the alphabet */
        CompareRow row = t->rows.at[i];
        size_t     k   = i;
        for (; k > 0 && cell_order(t->rows.at[k - 1].cells[column], row.cells[column]) > 0; k--)
            t->rows.at[k] = t->rows.at[k - 1];
        t->rows.at[k] = row;
    }
}

Str index_short_name(Str name)
{
    size_t open = name.len;
    if (!name.len || name.at[name.len - 1] != ')')
        return name;
    while (open > 0 && name.at[open - 1] != '(')
        open--;
    return open ? (Str){ name.at + open, name.len - open - 1 } : name;
}

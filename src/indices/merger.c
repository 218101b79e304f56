/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of provinces that were merged, seen from those of today: nothing is moved, the old ones stand in the new one that took them. */
#include "indices/parts.h"

#include <math.h>
#include <stdlib.h>

static MergedUnit *merged_of(Arena *a, MergedUnits *list, UnitId unit)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].unit.v == unit.v)
            return &list->at[i];
    MergedUnit *m = list_add(a, list);
    *m = (MergedUnit){ .unit = unit };
    return m;
}

static int by_mean(const void *x, const void *y)
{
    const MergedUnit *p = x, *q = y;
    if (isnan(p->mean) != isnan(q->mean))
        return isnan(p->mean) - isnan(q->mean);
    return p->mean < q->mean ? 1 : p->mean > q->mean ? -1 : (p->unit.v > q->unit.v) - (p->unit.v < q->unit.v);
}

static void mean_fill(MergedUnit *m)
{
    double sum = 0;
    for (size_t i = 0; i < m->parts.len; i++)
        sum += m->parts.at[i].value ? m->parts.at[i].value->score : NAN;
    m->mean = sum / (double)m->parts.len;
}

/* Old units that went there too, but have no figure. */
static void others_add(Arena *a, MergedUnit *m, const Successions *merger)
{
    for (size_t k = 0; k < merger->len; k++) {
        const Succession *s = &merger->at[k];
        bool there = s->new_unit.v != m->unit.v;
        for (size_t i = 0; i < m->parts.len; i++)
            there |= m->parts.at[i].old.v == s->old_unit.v;
        if (!there)
            *list_add(a, &m->parts) = (MergedPart){ .old = s->old_unit, .share = s->share };
    }
}

MergedUnits series_merged(Arena *a, const ValueRefs *units, const Successions *merger)
{
    MergedUnits list   = { 0 };
    bool        merged = false;
    for (size_t i = 0; i < units->len; i++) {
        const PublishedValue *v = units->at[i];
        bool                  went = false;
        if (v->level != LEVEL_UNIT || !v->unit_id.v)
            continue;
        for (size_t k = 0; k < merger->len; k++)
            if (merger->at[k].old_unit.v == v->unit_id.v) {
                *list_add(a, &merged_of(a, &list, merger->at[k].new_unit)->parts) = (MergedPart){ v->unit_id, S(""), v, merger->at[k].share };
                went = true;
            }
        if (!went)
            *list_add(a, &merged_of(a, &list, v->unit_id)->parts) = (MergedPart){ v->unit_id, S(""), v, 1 };
        merged |= went;
    }
    if (!merged)
        return (MergedUnits){ 0 };
    for (size_t i = 0; i < list.len; i++) {
        others_add(a, &list.at[i], merger);
        mean_fill(&list.at[i]);
    }
    qsort(list.at, list.len, sizeof *list.at, by_mean);
    return list;
}

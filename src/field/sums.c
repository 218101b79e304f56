/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What became of the cases, by province: for pages of other modules. */
#include "field/parts.h"

#include <math.h>

static Err province_of(Db *db, Arena *a, UnitId unit, Date on, UnitId *out)
{
    Units path = { 0 };
    *out = (UnitId){ 0 };
    Err e = unit.v ? unit_path(db, a, unit, on, &path) : OK;
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    for (size_t i = 0; i < path.len; i++)
        *out = path.at[i].kind == UNIT_PROVINCE ? path.at[i].id : *out;
    return OK;
}

static FieldSum *sum_of(Arena *a, FieldSums *list, UnitId province)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].province.v == province.v)
            return &list->at[i];
    FieldSum *s = list_add(a, list);
    *s = (FieldSum){ .province = province };
    return s;
}

void field_sum_add(FieldSum *sum, const FieldSum *more)
{
    sum->cases     += more->cases;
    sum->attempted += more->attempted;
    sum->final     += more->final;
    for (int o = 0; o < OUTCOME_COUNT; o++)
        sum->outcome[o] += more->outcome[o];
}

FieldRates field_sum_rates(const FieldSum *s)
{
    double n[GROUP_COUNT] = { 0 };
    for (int o = 0; o < OUTCOME_COUNT; o++)
        n[outcome_group((Outcome)o)] += (double)s->outcome[o];
    return field_rates(n, NAN);
}

Err field_sums(Db *db, Arena *a, RoundId round, Date on, FieldSums *out)
{
    CaseCounts counts = { 0 };
    FieldSums  sums   = { 0 };
    UnitId     unit   = { -1 }, province = { 0 };
    TRY(field_case_counts(db, a, round, &counts));
    for (size_t i = 0; i < counts.len; i++) {
        const CaseCount *x = &counts.at[i];
        if (x->unit.v != unit.v)
            TRY(province_of(db, a, x->unit, on, &province));
        unit = x->unit;
        FieldSum *s = sum_of(a, &sums, province);
        s->cases     += x->n;
        s->attempted += x->attempted;
        s->final     += outcome_final(x->outcome) ? x->n : 0;
        s->outcome[x->outcome] += x->n;
    }
    *out = sums;
    return OK;
}

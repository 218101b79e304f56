/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fieldwork of a round that runs: what became of its cases, by province. */
#include "board/parts.h"

#include <stdlib.h>

typedef struct Named { FieldSum sum; Str name; } Named;

static int by_name(const void *x, const void *y)
{
    const Named *p = x, *q = y;
    int last = (p->sum.province.v == 0) - (q->sum.province.v == 0);
    return last ? last : text_cmp(LANG_VI, p->name, q->name);
}

/* Names of the round's day: a province of before a merger keeps its own. */
static Err name_all(Ctx *c, Date on, Named *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Unit u;
        rows[i].name = text_of(c->lang, "field.no_unit");
        if (!rows[i].sum.province.v)
            continue;
        TRY(unit_load(c->db, c->arena, rows[i].sum.province, on, &u));
        rows[i].name = unit_name(&u, c->lang);
    }
    return OK;
}

Err board_field(Ctx *c, const Round *r, UnitId province, RunningRound *out)
{
    FieldSums sums;
    Date      on = round_day(r);
    size_t    n  = 0;
    TRY(field_sums(c->db, c->arena, r->id, on, &sums));
    Named *rows = arena_new(c->arena, Named, sums.len + 1);
    for (size_t i = 0; i < sums.len; i++)
        if (!province.v || sums.at[i].province.v == province.v)
            rows[n++].sum = sums.at[i];
    TRY(name_all(c, on, rows, n));
    qsort(rows, n, sizeof *rows, by_name);
    out->field_name = arena_new(c->arena, Str, n + 1);
    for (size_t i = 0; i < n; i++) {
        out->field_name[i] = rows[i].name;
        *list_add(c->arena, &out->field) = rows[i].sum;
        field_sum_add(&out->field_all, &rows[i].sum);
    }
    return OK;
}

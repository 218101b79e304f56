/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where a person may use a right: the answer for one unit is kept, for rows of one unit come in hundreds. */
#include "org/scope_page.h"

Err scope_open(Db *db, Arena *a, PersonId person, Right right, UnitId owner, Date today, RightScope *out)
{
    RightScope s = { .db = db, .a = a, .today = today };
    if (owner.v)
        TRY(may(db, a, person, right, owner, today, &s.all));
    if (!s.all)
        TRY(may_where(db, a, person, right, today, &s.tops));
    *out = s;
    return OK;
}

static bool in(const UnitIds *list, UnitId unit)
{
    for (size_t i = list->len; i-- > 0;)                /* rows of one unit follow each other */
        if (list->at[i].v == unit.v)
            return true;
    return false;
}

bool scope_has(RightScope *s, UnitId unit)
{
    bool yes = false;
    if (s->all)
        return true;
    if (!unit.v || in(&s->no, unit))
        return false;
    if (in(&s->yes, unit))
        return true;
    if (unit_within_any(s->db, unit, &s->tops, s->today, &yes))
        yes = false;
    *list_add(s->a, yes ? &s->yes : &s->no) = unit;
    return yes;
}

bool scope_reaches(RightScope *s, UnitId unit)
{
    UnitIds own   = { 0 };
    bool    above = scope_has(s, unit);
    *list_add(s->a, &own) = unit;
    for (size_t i = 0; i < s->tops.len && !above; i++)
        if (unit_within_any(s->db, s->tops.at[i], &own, s->today, &above))
            above = false;
    return above;
}

bool scope_page_counts(ScopePage *p, bool seen)
{
    int64_t at = p->all;
    p->all += seen;
    return seen && at >= p->first && at < p->first + p->most;
}

bool scope_page_takes(ScopePage *p, UnitId unit)
{
    return scope_page_counts(p, scope_has(p->scope, unit));
}

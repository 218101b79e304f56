/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A national round is followed in each province by its own people: whoever holds the right on the round's owner sees all of it,
 * others the cases of their units. */
#include "field/parts.h"

Err scope_open(Ctx *c, Right right, UnitId owner, Scope *out)
{
    *out = (Scope){ .all = right_has(c, right, owner) };
    return out->all ? OK : may_where(c->db, c->arena, c->session.person, right, c->today, &out->tops);
}

static bool in(const UnitIds *list, UnitId unit)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].v == unit.v)
            return true;
    return false;
}

bool scope_has(Ctx *c, Scope *s, UnitId unit)
{
    bool yes = false;
    if (s->all)
        return true;
    if (!unit.v || in(&s->no, unit))
        return false;
    if (in(&s->yes, unit))
        return true;
    if (unit_within_any(c->db, unit, &s->tops, c->today, &yes))
        yes = false;
    *list_add(c->arena, yes ? &s->yes : &s->no) = unit;
    return yes;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What pages of several modules read and say in the same way: days typed by people, names of units, units to choose from. */
#include "web/parts.h"

static bool day_of_parts(Str day, Str month, Str year, Date *out)
{
    int64_t d, m, y;
    if (!str_to_i64(day, &d) || !str_to_i64(month, &m) || !str_to_i64(year, &y) || y < 1900 || y > 9999)
        return false;
    Date date = date_from_ymd((int)y, m > 0 && m < 13 ? (int)m : 13, d > 0 && d < 32 ? (int)d : 32);
    if (!date_is_none(date))
        *out = date;
    return !date_is_none(date);
}

bool date_typed(Ctx *c, FieldReader read, const char *name, TypedDate *typed, Date *out)
{
    Str key      = str_from_c(name);
    typed->day   = read(c, arena_c(c->arena, str_concat(c->arena, key, S("_day"))));
    typed->month = read(c, arena_c(c->arena, str_concat(c->arena, key, S("_month"))));
    typed->year  = read(c, arena_c(c->arena, str_concat(c->arena, key, S("_year"))));
    *out         = DATE_NONE;
    return typed->day.len + typed->month.len + typed->year.len == 0 || day_of_parts(typed->day, typed->month, typed->year, out);
}

TypedDate date_boxes(Arena *a, Date d)
{
    if (date_is_none(d))
        return (TypedDate){ 0 };
    Ymd x = date_ymd(d);
    return (TypedDate){ arena_fmt(a, "%02d", x.day), arena_fmt(a, "%02d", x.month), arena_fmt(a, "%d", x.year) };
}

bool date_loose(Str s, Date *out)
{
    StrPair day = str_cut(s, '/'), rest = str_cut(day.tail, '/');
    return rest.tail.len ? day_of_parts(day.head, rest.head, rest.tail, out) : date_parse(s, out);
}

Str unit_name_today(Ctx *c, UnitId id)
{
    Unit u;
    return id.v && unit_load(c->db, c->arena, id, c->today, &u) == OK ? unit_name(&u, c->lang) : S("–");
}

Str person_name_of(Ctx *c, PersonId id)
{
    Person p;
    return id.v && person_load(c->db, c->arena, id, &p) == OK ? p.name : S("");
}

static void unit_choice(Ctx *c, Choices *out, UnitId unit, Str label, UnitId chosen)
{
    *list_add(c->arena, out) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)unit.v), .label = label, .chosen = unit.v == chosen.v };
}

Err owner_choices(Ctx *c, Right right, UnitId chosen, Choices *out)
{
    UnitIds tops;
    TRY(may_where(c->db, c->arena, c->session.person, right, c->today, &tops));
    for (size_t i = 0; i < tops.len; i++) {
        Units below = { 0 };
        unit_choice(c, out, tops.at[i], unit_name_today(c, tops.at[i]), chosen);
        TRY(unit_children(c->db, c->arena, tops.at[i], c->today, &below));
        for (size_t k = 0; k < below.len; k++)
            unit_choice(c, out, below.at[k].id, str_concat(c->arena, S("– "), unit_name(&below.at[k], c->lang)), chosen);
    }
    return OK;
}

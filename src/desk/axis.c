/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Breakdowns: the codes of a column as levels. Units may be seen as the answers name them, as of today, or as of a year: successions lead from
 * one day to another, a divided unit by its shares. Back in time only a unit that had a single predecessor can be placed. */
#include "desk/desk_parts.h"

bool desk_view_day(Str view, Date today, Date *out)
{
    int64_t year;
    *out = DATE_NONE;
    if (!view.len)
        return true;
    if (str_eq(view, S("now")))
        *out = today;
    else if (view.len == 4 && str_to_i64(view, &year) && year >= 1990 && year <= 2100)
        *out = date_from_ymd((int)year, 12, 31);
    return !date_is_none(*out);
}

static Str choice_label(const FormChoice *c, Lang l)
{
    return c->label[l].len ? c->label[l] : c->label[LANG_VI].len ? c->label[LANG_VI] : c->name;
}

static void target_one(Arena *a, Targets *t, size_t level)
{
    t->at    = arena_new(a, Target, 1);
    t->len   = 1;
    t->at[0] = (Target){ (uint16_t)level, 1 };
}

static void channel_axis(const DeskAsk *x, DeskAxis *out, AxisMap *map)
{
    out->at     = arena_new(x->a, DeskLevel, CHANNEL_COUNT);
    map->target = arena_new(x->a, Targets, CHANNEL_COUNT + 1);
    map->codes  = CHANNEL_COUNT + 1;
    for (int c = 0; c < CHANNEL_COUNT; c++) {
        Str code = channel_code((Channel)c);
        out->at[out->levels++] = (DeskLevel){ .key = code, .label = text_find(x->lang, str_concat(x->a, S("analysis.channel."), code)) };
        target_one(x->a, &map->target[c + 1], out->levels);
    }
}

static void choice_axis(const DeskAsk *x, const FormList *list, DeskAxis *out, AxisMap *map)
{
    out->at     = arena_new(x->a, DeskLevel, list->choices.len + 1);
    map->codes  = list->choices.len + 1;
    map->target = arena_new(x->a, Targets, map->codes);
    for (size_t k = 0; k < list->choices.len; k++) {
        const FormChoice *c = &list->choices.at[k];
        if (c->missing != CHOICE_PLAIN || out->levels == DESK_LEVELS_MOST)
            continue;
        out->at[out->levels++] = (DeskLevel){ .key = c->name, .label = choice_label(c, x->lang) };
        target_one(x->a, &map->target[k + 1], out->levels);
    }
}

/* ---- Units of another day ------------------------------------------------------------------------------------------------ */

typedef struct Moved { UnitId unit; double share; } Moved;
typedef LIST(Moved) MovedUnits;
enum { DEPTH_MOST = 12 };

static bool lives(const Unit *u, Date on)
{
    return (date_is_none(u->from) || u->from.day <= on.day) && (date_is_none(u->to) || on.day < u->to.day);
}

/* Adds what a unit is on the day, by shares; nothing when that is not known. */
static Err follow(const DeskAsk *x, UnitId id, double share, Date to, int depth, MovedUnits *out)
{
    Unit       u;
    UnitEvents events;
    size_t     before = 0;
    TRY(unit_load(x->db, x->a, id, to, &u));
    if (lives(&u, to)) {
        *list_add(x->a, out) = (Moved){ id, share };
        return OK;
    }
    bool forward = !date_is_none(u.to) && u.to.day <= to.day;
    TRY(unit_history(x->db, x->a, id, &events));
    for (size_t i = 0; i < events.len; i++)
        before += events.at[i].kind == UNIT_EVENT_SUCCEEDS;
    for (size_t i = 0; i < events.len && depth < DEPTH_MOST; i++) {
        const UnitEvent *e = &events.at[i];
        if (forward ? e->kind == UNIT_EVENT_SUCCEEDED : e->kind == UNIT_EVENT_SUCCEEDS && before == 1 && e->share > 1 - 1e-9)
            TRY(follow(x, e->other, forward ? share * e->share : share, to, depth + 1, out));
    }
    return OK;
}

static size_t unit_level(const DeskAxis *axis, UnitId id)
{
    for (size_t i = 0; i < axis->levels; i++)
        if (axis->at[i].unit.v == id.v)
            return i + 1;
    return 0;
}

static Err place_code(const DeskAsk *x, const Round *r, const FormChoice *c, Date on, DeskAxis *axis, Targets *out, bool *divided)
{
    Unit       u;
    MovedUnits moved = { 0 };
    double     known = 0;
    if (unit_by_code(x->db, x->a, UNIT_PROVINCE, c->name, round_day(r), &u))
        return OK;
    TRY(follow(x, u.id, 1, on, 0, &moved));
    out->at = arena_new(x->a, Target, moved.len + 1);
    for (size_t i = 0; i < moved.len; i++) {
        size_t level = unit_level(axis, moved.at[i].unit);
        if (!level)
            continue;
        out->at[out->len++] = (Target){ (uint16_t)level, moved.at[i].share };
        known += moved.at[i].share;
    }
    for (size_t i = 0; i < out->len; i++) {
        out->at[i].share /= known;
        if (out->len > 1)
            axis->at[out->at[i].level - 1].estimated = *divided = true;
    }
    return OK;
}

static Err unit_axis(const DeskAsk *x, const FormList *list, const Round *r, Date on, DeskAxis *axis, AxisMap *map)
{
    Units   units;
    StrList lost = { 0 };
    TRY(unit_list(x->db, x->a, UNIT_PROVINCE, on, &units));
    axis->at    = arena_new(x->a, DeskLevel, units.len + 1);
    map->codes  = list->choices.len + 1;
    map->target = arena_new(x->a, Targets, map->codes);
    for (size_t i = 0; i < units.len && axis->levels < DESK_LEVELS_MOST; i++)
        axis->at[axis->levels++] = (DeskLevel){ .key = units.at[i].code, .label = unit_name(&units.at[i], x->lang), .unit = units.at[i].id };
    for (size_t k = 0; k < list->choices.len; k++) {
        const FormChoice *c = &list->choices.at[k];
        if (c->missing != CHOICE_PLAIN)
            continue;
        TRY(place_code(x, r, c, on, axis, &map->target[k + 1], &map->divided));
        if (!map->target[k + 1].len)
            *list_add(x->a, &lost) = choice_label(c, x->lang);
    }
    map->lost = lost.len ? unit_names_text(x->a, x->lang, &lost) : S("");
    return OK;
}

Err desk_axis(const DeskAsk *x, const DeskMenu *m, const Round *r, Str name, Str view, DeskAxis *out, AxisMap *map)
{
    const DeskThing *thing = desk_axis_thing(m, name);
    Date on;
    *out = (DeskAxis){ 0 };
    *map = (AxisMap){ 0 };
    if (!name.len)
        return OK;
    if (!thing || !desk_view_day(view, x->today, &on))
        return err_new(x->a, ERR_INVALID, S("no such breakdown"));
    out->name  = name;
    out->label = thing->label;
    if (thing->variable < 0)
        channel_axis(x, out, map);
    else if (str_eq(name, r->unit_question) && !date_is_none(on))
        return unit_axis(x, desk_choice_list(m, thing->variable), r, on, out, map);
    else
        choice_axis(x, desk_choice_list(m, thing->variable), out, map);
    return OK;
}

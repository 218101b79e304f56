/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows as a tree. */
#include "builder/outline.h"

static bool is_begin(const TypeCell *t)
{
    return t->word && t->word->shape == TYPE_BEGIN;
}

static bool is_end(const TypeCell *t)
{
    return t->word && t->word->shape == TYPE_END;
}

static void link_siblings(Outline *o)
{
    for (size_t i = 0; i < o->items.len; i++) {
        OutlineItem *x = &o->items.at[i];
        x->previous = x->next = -1;
        for (int k = (int)i - 1; k >= 0 && k != x->parent && x->previous < 0; k--)
            if (o->items.at[k].parent == x->parent)
                x->previous = k;
        if (x->previous >= 0)
            o->items.at[x->previous].next = (int)i;
    }
}

Outline outline_of(Arena *a, const Grid *g)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    Outline          o = { 0 };
    int              open = -1;
    for (size_t i = 0; i < s->rows.len; i++) {
        TypeCell t = type_read(a, grid_cell(s, &s->rows.at[i], COL_TYPE, S("")));
        if (is_end(&t)) {
            o.broken |= open < 0 || o.items.at[open].type.word->type != t.word->type;
            if (open >= 0) {
                o.items.at[open].end = i;
                open                 = o.items.at[open].parent;
            }
            continue;
        }
        *list_add(a, &o.items) = (OutlineItem){ .at = i, .end = i, .id = s->rows.at[i].id, .parent = open, .type = t, .holds = is_begin(&t),
                                                .depth = open < 0 ? 0 : o.items.at[open].depth + 1 };
        if (is_begin(&t))
            open = (int)o.items.len - 1;
    }
    for (o.broken |= open >= 0; open >= 0; open = o.items.at[open].parent)
        o.items.at[open].end = s->rows.len ? s->rows.len - 1 : 0;
    link_siblings(&o);
    return o;
}

int outline_find(const Outline *o, int64_t id)
{
    for (size_t i = 0; i < o->items.len; i++)
        if (o->items.at[i].id == id)
            return (int)i;
    return -1;
}

bool outline_may(const Outline *o, int item, OutlineMove move)
{
    const OutlineItem *x = &o->items.at[item];
    if (o->broken)
        return false;
    switch (move) {
    case MOVE_UP: return x->previous >= 0;
    case MOVE_DOWN: return x->next >= 0;
    case MOVE_IN: return (x->previous >= 0 && o->items.at[x->previous].holds) || (x->next >= 0 && o->items.at[x->next].holds);
    default: return x->parent >= 0;
    }
}

void outline_move(Arena *a, Grid *g, const Outline *o, int item, OutlineMove move)
{
    const OutlineItem *x = &o->items.at[item], *at = o->items.at;
    size_t             to;
    if (!outline_may(o, item, move))
        return;
    if (move == MOVE_UP)
        to = at[x->previous].at;
    else if (move == MOVE_DOWN)
        to = at[x->next].end + 1;
    else if (move == MOVE_OUT)
        to = at[x->parent].end + 1;
    else
        to = x->previous >= 0 && at[x->previous].holds ? at[x->previous].end : at[x->next].at + 1;
    grid_move(a, grid_sheet(g, SHEET_SURVEY), x->at, x->end - x->at + 1, to);
}

size_t outline_place(const Outline *o, const Grid *g, int item, bool inside)
{
    if (item < 0)
        return grid_sheet(g, SHEET_SURVEY)->rows.len;
    return inside && o->items.at[item].holds ? o->items.at[item].end : o->items.at[item].end + 1;
}

int64_t outline_add(Arena *a, Grid *g, const Outline *o, int item, bool inside, Str type, Str name)
{
    GridSheet *s  = grid_sheet(g, SHEET_SURVEY);
    size_t     to = outline_place(o, g, item, inside);
    TypeCell   t  = type_read(a, type);
    GridRow  *row = grid_insert(a, g, s, to);
    int64_t    id = row->id;
    grid_put(a, s, row, COL_TYPE, S(""), type);
    grid_put(a, s, row, COL_NAME, S(""), grid_free_name(a, g, name));
    if (is_begin(&t)) {
        row = grid_insert(a, g, s, to + 1);
        grid_put(a, s, row, COL_TYPE, S(""), t.word->type == Q_REPEAT ? S("end_repeat") : S("end_group"));
    }
    return id;
}

int64_t outline_copy(Arena *a, Grid *g, const Outline *o, int item)
{
    const OutlineItem *x   = &o->items.at[item];
    GridSheet         *s   = grid_sheet(g, SHEET_SURVEY);
    size_t             n   = x->end - x->at + 1;
    StrList            old = { 0 }, fresh = { 0 };
    for (size_t i = 0; i < n; i++) {
        GridRow *row  = grid_copy_row(a, g, s, x->at + i, x->end + 1 + i);
        Str      name = grid_cell(s, row, COL_NAME, S(""));
        if (!name.len)
            continue;
        *list_add(a, &old)   = name;
        grid_put(a, s, row, COL_NAME, S(""), S(""));
        *list_add(a, &fresh) = grid_free_name(a, g, name);
        grid_put(a, s, row, COL_NAME, S(""), fresh.at[fresh.len - 1]);
        grid_put(a, s, row, COL_TD_CODE, S(""), S(""));
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < s->columns.len; k++) {
            Str *cell = &s->rows.at[x->end + 1 + i].cells[k];
            *cell = grid_renamed(a, *cell, &old, &fresh);
        }
    return s->rows.at[x->end + 1].id;
}

void outline_remove(Grid *g, const Outline *o, int item)
{
    const OutlineItem *x = &o->items.at[item];
    grid_remove(grid_sheet(g, SHEET_SURVEY), x->at, x->end - x->at + 1);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is told of each item in places and breakdowns: one decision over all of them, for each is a part of the same whole. */
#include "edition/parts.h"

#include "stats/suppress.h"

#include <math.h>
#include <stdio.h>

/* The cells of one item: the whole, its places, then the cells of each breakdown. */
typedef struct Cells { size_t n, relations; StatsCell *at; bool *own; StatsRelation *relation; StatsShow *show; } Cells;

static StatsCell cell_of(int64_t n, int64_t satisfied)
{
    /* Figures have no reliability limit here: everything but persons and answers is as good as can be. */
    return (StatsCell){ .value = n ? (double)satisfied / (double)n : NAN, .se = 0, .df = INFINITY, .n = (uint32_t)n, .n_psu = UINT32_MAX };
}

static Cells cells_new(Arena *a, const Dataset *d)
{
    Cells c = { .n = d->domains.len, .relations = d->breaks.len + (d->domains.len > 1) };
    for (size_t i = 0; i < d->breaks.len; i++)
        c.n += d->breaks.at[i].domains.len - 1;
    c.at       = arena_new(a, StatsCell, c.n);
    c.own      = arena_new(a, bool, c.n);
    c.show     = arena_new(a, StatsShow, c.n);
    c.relation = arena_new(a, StatsRelation, c.relations + 1);
    uint32_t *part = arena_new(a, uint32_t, c.n);
    for (size_t i = 0; i < c.n; i++)
        part[i] = (uint32_t)i;
    size_t at = 1, r = 0;
    if (d->domains.len > 1)
        c.relation[r++] = (StatsRelation){ 0, part + 1, d->domains.len - 1 };
    at = d->domains.len;
    for (size_t i = 0; i < d->breaks.len; i++) {
        c.relation[r++] = (StatsRelation){ 0, part + at, d->breaks.at[i].domains.len - 1 };
        at += d->breaks.at[i].domains.len - 1;
    }
    return c;
}

/* Two editions that hide different cells would give both away: the cell one of them tells, taken from the whole of the other. */
static void keep_hidden(const Dataset *d, size_t item, Cells *c)
{
    char   buf[128];
    Str    code = str_take(d->items.at[item].code, sizeof buf - 16);
    Str    name = { buf, (size_t)snprintf(buf, sizeof buf, "satisfied.%.*s", STR_ARG(code)) };
    size_t at   = d->domains.len;
    if (!d->earlier.len)
        return;
    c->at[0].secret = hidden_earlier(&d->earlier, name, S(""), S(""));
    for (size_t k = 1; k < d->domains.len; k++)
        c->at[k].secret = hidden_earlier(&d->earlier, name, d->by, d->domains.at[k].code);
    for (size_t i = 0; i < d->breaks.len; i++)
        for (size_t k = 1; k < d->breaks.at[i].domains.len; k++)
            c->at[at++].secret = hidden_earlier(&d->earlier, name, d->breaks.at[i].question, d->breaks.at[i].domains.at[k].code);
}

/* Answers without an opinion alone are told of nobody either: a cell of one to four of them is hidden. */
static void fill_cells(const Dataset *d, size_t item, Cells *c)
{
    Tally  whole = { 0 };
    size_t at    = d->domains.len;
    for (size_t k = 0; k < d->domains.len; k++) {
        const Tally *t = tally_at(&d->table, item, k);
        tally_add(&whole, t);
        c->at[k]  = cell_of(tally_opinions(t), t->at[3] + t->at[4]);
        c->own[k] = tally_few(t, LEAST_CELL);
    }
    c->at[0]  = cell_of(tally_opinions(&whole), whole.at[3] + whole.at[4]);
    c->own[0] = tally_few(&whole, LEAST_CELL);
    for (size_t i = 0; i < d->breaks.len; i++)
        for (size_t k = 1; k < d->breaks.at[i].domains.len; k++, at++) {
            const CellSum *x = break_cell(d, i, item, k);
            c->at[at]  = cell_of(x->n, x->satisfied);
            c->own[at] = x->n + x->none > 0 && x->n + x->none < LEAST_CELL;
        }
}

static bool hides(const Cells *c, size_t i)
{
    StatsShow s = c->show[i];
    return c->own[i] || s == STATS_SECRET || s == STATS_ALIKE || s == STATS_COMPLEMENT;
}

/* Cells of no opinion alone are told of nobody, so they protect nobody: beside one the hidden opinions of its relation are at least LEAST_CELL. */
static void fill_up(Cells *c, const StatsRelation *r)
{
    bool needs = false;
    for (size_t i = 0; i < r->n_parts; i++)
        needs |= c->own[r->part[i]] && !c->at[r->part[i]].n;
    while (needs) {
        int64_t  hidden = c->at[0].n;                    /* with those in no part */
        uint32_t least  = 0;
        for (size_t i = 0; i < r->n_parts; i++) {
            uint32_t p = r->part[i];
            hidden -= hides(c, p) ? 0 : c->at[p].n;
            if (!hides(c, p) && c->at[p].n && (!least || c->at[p].n < c->at[least].n))
                least = p;
        }
        needs = hidden < LEAST_CELL && least;
        if (needs)
            c->own[least] = true;
    }
}

static void hide_item(Arena scratch, Dataset *d, size_t item, Cells *c)
{
    const StatsLimits limits = { .secret = LEAST_CELL, .alike = LEAST_ALIKE };
    size_t at = d->domains.len;
    fill_cells(d, item, c);
    keep_hidden(d, item, c);
    bool none = stats_suppress(&scratch, c->n, c->at, c->relations, c->relation, &limits, c->show) != OK;
    for (size_t k = 0; k < c->relations; k++)
        fill_up(c, &c->relation[k]);
    d->few[item] = none || hides(c, 0);
    d->hidden[item * d->domains.len] = true;
    for (size_t k = 1; k < d->domains.len; k++)
        d->hidden[item * d->domains.len + k] = none || hides(c, k);
    for (size_t i = 0; i < d->breaks.len; i++) {
        Breakdown *b = &d->breaks.at[i];
        for (size_t k = 1; k < b->domains.len; k++, at++)
            b->hidden[item * b->domains.len + k] = none || hides(c, at);
    }
}

void dataset_hide(Arena *a, Dataset *d)
{
    d->hidden = arena_new(a, bool, d->items.len * d->domains.len);
    d->few    = arena_new(a, bool, d->items.len);
    Arena work = arena_open((size_t)256 << 20);
    Cells c    = cells_new(&work, d);
    for (size_t i = 0; i < d->items.len; i++)
        hide_item(work, d, i, &c);
    arena_close(&work);
}

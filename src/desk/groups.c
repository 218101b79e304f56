/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One pass over the rows: sums by sampling unit, place and category. */
#include "desk/engine_parts.h"

#include <math.h>

/* Where the groups of the unit at hand stand, by place and category; valid while the mark is the unit's. */
typedef struct Slots { uint32_t *mark, *group; uint32_t now; } Slots;

static Group *group_of(Arena *a, Groups *g, Slots *s, size_t slot, bool *out_new)
{
    *out_new = s->mark[slot] != s->now;
    if (!*out_new)
        return &g->at[s->group[slot]];
    s->mark[slot]  = s->now;
    s->group[slot] = (uint32_t)g->len;
    Group *x = list_add(a, g);
    *x = (Group){ 0 };
    return x;
}

/* What a row adds above and below the line; false when it was not answered. Categories have their part of the line from the coefficients later. */
static bool row_parts(const DeskRows *x, size_t r, double *s, double *d)
{
    *s = 0;
    *d = 1;
    if (x->cat)
        return x->cat[r] != 0;
    if (x->den) {
        *s = x->num[r];
        *d = x->den[r];
        return x->den[r] != 0;
    }
    *s = x->value[r];
    return !isnan(x->value[r]);
}

static void add_row(Group *g, double w, double rows, bool answered, double s, double d)
{
    g->w    += w;
    g->rows += rows;
    if (!answered)
        return;
    g->answered += rows;
    g->s  += w * s;
    g->d  += w * d;
    g->ss += w * s * s;
    g->sd += w * s * d;
    g->dd += w * d * d;
}

static void count_weight(Groups *g, double w)
{
    g->sum     += w;
    g->squares += w * w;
    g->least    = g->n++ ? fmin(g->least, w) : w;
    g->most     = fmax(g->most, w);
}

static void gather_entry(Arena *a, Groups *g, Slots *slots, const DeskRows *x, size_t e)
{
    size_t r = x->row ? x->row[e] : e, cell = x->row ? x->entry_cell[e] : x->cell[r];
    double share = x->row ? x->share[e] : 1, w = x->weight[r] * share, s, d;
    bool   answered = row_parts(x, r, &s, &d), out = x->left_out && x->left_out[r], fresh;
    size_t slot = out ? g->rows * g->columns * g->categories : cell * g->categories + (x->cat ? x->cat[r] : 0);
    Group *to = group_of(a, g, slots, slot, &fresh);
    if (fresh)
        *to = (Group){ .stratum = x->stratum[r], .unit = x->unit[r], .post = x->post[r], .i = (uint16_t)(cell / g->columns), .j = (uint16_t)(cell % g->columns),
                       .cat = x->cat ? x->cat[r] : 0, .out = out };
    add_row(to, w, share, answered && !out, s, d);
}

static Err make_design(Arena *a, Groups *g, bool probability)
{
    double   *weight  = arena_new(a, double, g->len + 1);
    uint32_t *stratum = arena_new(a, uint32_t, g->len + 1), *unit = arena_new(a, uint32_t, g->len + 1);
    for (size_t i = 0; i < g->len; i++) {
        weight[i]  = g->at[i].w;
        stratum[i] = g->at[i].stratum;
        unit[i]    = g->at[i].unit;
    }
    g->weight = weight;
    StatsSample s = { .n = g->len, .n_stages = 1, .probability = probability, .weight = weight, .stratum = stratum, .unit = { unit } };
    Arena scratch = arena_open((size_t)1 << 32);
    Err   e = stats_design_init(a, scratch, &s, &g->design);
    arena_close(&scratch);
    return e;
}

Err groups_gather(Arena *a, const DeskRows *x, size_t categories, Groups *g)
{
    *g = (Groups){ .rows = x->levels[0] ? x->levels[0] + 2 : 1, .columns = x->levels[1] ? x->levels[1] + 2 : 1, .categories = x->cat ? categories + 1 : 1 };
    size_t places = g->rows * g->columns, n = x->row ? x->entries : x->n;
    if (places > 65535)
        return err_new(a, ERR_TOO_LARGE, S("the table has too many cells"));
    Slots slots = { arena_new(a, uint32_t, places * g->categories + 2), arena_new(a, uint32_t, places * g->categories + 2), 0 };
    for (size_t r = 0; r < x->n; r++)
        count_weight(g, x->weight[r]);
    for (size_t e = 0, before = 0; e < n; e++) {
        size_t r = x->row ? x->row[e] : e;
        bool   same = e && x->unit[r] == x->unit[before] && x->stratum[r] == x->stratum[before];
        slots.now += !(same || (e && !x->probability && x->post[r] == x->post[before]));
        gather_entry(a, g, &slots, x, e);
        before = r;
    }
    return g->len ? make_design(a, g, x->probability) : OK;
}

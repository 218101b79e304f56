/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What happened to a unit, read off its periods and successions; and who carried a code when. */
#include "org/unit_tree.h"

#include <stdlib.h>

static Str name_on(const UnitTree *t, Arena *a, UnitId id, Date on)
{
    const UnitLife *life = tree_life(t, id);
    return life ? tree_unit(t, a, life, on).full_name_vi : S("");
}

static UnitEvent *event_add(Arena *a, UnitEvents *events, Date on, UnitEventKind kind, Str before, Str after, Str source)
{
    UnitEvent *e = list_add(a, events);
    *e = (UnitEvent){ .on = on, .kind = kind, .before = arena_str(a, before), .after = arena_str(a, after),
                      .source = arena_str(a, source) };
    return e;
}

/* The unit that carried this code last before a day; NULL: nobody, or this unit itself. */
static const UnitLife *holder_before(const UnitTree *t, const UnitLife *life, Str code, Date on)
{
    const UnitLife *best = NULL;
    Date            last = DATE_NONE;
    for (size_t i = 0; i < t->codes.len; i++) {
        const UnitCode *c = &t->codes.at[i];
        if (c->kind != life->kind || !str_eq(c->code, code) || date_is_none(c->when.to) || c->when.to.day > on.day)
            continue;
        if (c->when.to.day < last.day) continue;
        best = tree_life(t, c->unit);
        last = c->when.to;
    }
    return best == life ? NULL : best;
}

/* The code a predecessor of the same name carried, when it was another one. */
static Str code_of_namesake(const UnitTree *t, const UnitLife *life, const UnitVersion *v)
{
    for (size_t i = 0; i < t->successions.len; i++) {
        const Succession *s = &t->successions.at[i];
        if (s->new_unit.v != life->id.v || s->on.day != v->when.from.day) continue;
        const UnitLife    *old  = tree_life(t, s->old_unit);
        const UnitVersion *last = old ? life_on(old, s->on) : NULL;
        if (last && str_eq(last->name_vi, v->name_vi) && !str_eq(last->code, v->code)) return last->code;
    }
    return S("");
}

/* A code that somebody else carried before is worth a line, unless it passed on together with the name. */
static void event_code(const UnitTree *t, Arena *a, const UnitLife *life, const UnitVersion *v, Str before,
                       UnitEvents *out)
{
    const UnitLife *holder = holder_before(t, life, v->code, v->when.from);
    const UnitVersion *held = holder ? life_on(holder, v->when.from) : NULL;
    bool other_name = held && !str_eq(held->name_vi, v->name_vi);
    if (!before.len && !other_name) return;
    UnitEvent *e = event_add(a, out, v->when.from, UNIT_EVENT_CODED, before, v->code, v->source);
    if (!other_name) return;
    e->other      = holder->id;
    e->other_name = name_on(t, a, holder->id, v->when.from);
}

static void events_between(const UnitTree *t, Arena *a, const UnitLife *life, const UnitVersion *x, const UnitVersion *y,
                           UnitEvents *out)
{
    Date on = y->when.from;
    Date last = { on.day - 1 };
    if (!str_eq(x->name_vi, y->name_vi) || !str_eq(x->full_name_vi, y->full_name_vi))
        event_add(a, out, on, UNIT_EVENT_NAMED, tree_unit(t, a, life, last).full_name_vi,
                  tree_unit(t, a, life, on).full_name_vi, y->source);
    if (!str_eq(x->subtype, y->subtype)) event_add(a, out, on, UNIT_EVENT_KIND, x->subtype, y->subtype, y->source);
    if (!str_eq(x->code, y->code)) event_code(t, a, life, y, x->code, out);
    if (x->parent.v != y->parent.v) {
        UnitEvent *e  = event_add(a, out, on, UNIT_EVENT_MOVED, name_on(t, a, x->parent, last), S(""), y->source);
        e->other      = y->parent;
        e->other_name = e->after = name_on(t, a, y->parent, on);
    }
}

static void events_of_successions(const UnitTree *t, Arena *a, const UnitLife *life, UnitEvents *out)
{
    for (size_t i = 0; i < t->successions.len; i++) {
        const Succession *s = &t->successions.at[i];
        bool is_old = s->old_unit.v == life->id.v;
        if (!is_old && s->new_unit.v != life->id.v) continue;
        UnitEvent *e =
            event_add(a, out, s->on, is_old ? UNIT_EVENT_SUCCEEDED : UNIT_EVENT_SUCCEEDS, S(""), S(""), s->source);
        e->other      = is_old ? s->new_unit : s->old_unit;
        e->other_name = name_on(t, a, e->other, is_old ? s->on : (Date){ s->on.day - 1 });
        e->share      = s->share;
    }
}

static int event_order(const void *x, const void *y)
{
    const UnitEvent *p = x, *q = y;
    if (p->on.day != q->on.day) return p->on.day < q->on.day ? -1 : 1;
    if (p->kind != q->kind) return (int)p->kind - (int)q->kind;
    int by_name = text_cmp(LANG_VI, p->other_name, q->other_name);
    return by_name ? by_name : (p->other.v > q->other.v) - (p->other.v < q->other.v);
}

void tree_history(const UnitTree *t, Arena *a, const UnitLife *life, UnitEvents *out)
{
    UnitEvents events = { 0 };
    for (size_t i = 0; i < life->versions.len; i++) {
        const UnitVersion *v = &life->versions.at[i];
        if (i) {
            events_between(t, a, life, v - 1, v, &events);
        } else if (!date_is_none(life->when.from)) {
            event_add(a, &events, life->when.from, UNIT_EVENT_CREATED, S(""),
                      tree_unit(t, a, life, life->when.from).full_name_vi, v->source);
            event_code(t, a, life, v, code_of_namesake(t, life, v), &events);
        }
    }
    if (!date_is_none(life->when.to))
        event_add(a, &events, life->when.to, UNIT_EVENT_ENDED, S(""), S(""), life->end_source);
    events_of_successions(t, a, life, &events);
    if (events.len) qsort(events.at, events.len, sizeof *events.at, event_order);
    *out = events;
}

static int holder_order(const void *x, const void *y)
{
    const CodeHolder *p = x, *q = y;
    return p->from.day < q->from.day ? -1 : p->from.day > q->from.day;
}

void tree_code_holders(const UnitTree *t, Arena *a, UnitKind kind, Str code, CodeHolders *out)
{
    CodeHolders spans = { 0 }, holders = { 0 };
    for (size_t i = 0; i < t->codes.len; i++) {
        const UnitCode *c = &t->codes.at[i];
        if (c->kind == kind && str_eq(c->code, code))
            *list_add(a, &spans) = (CodeHolder){ c->unit, S(""), c->when.from, c->when.to };
    }
    if (spans.len) qsort(spans.at, spans.len, sizeof *spans.at, holder_order);
    for (size_t i = 0; i < spans.len; i++) {
        CodeHolder *last = holders.len ? &holders.at[holders.len - 1] : NULL;
        if (last && last->unit.v == spans.at[i].unit.v && last->to.day == spans.at[i].from.day) last->to = spans.at[i].to;
        else *list_add(a, &holders) = spans.at[i];
    }
    for (size_t i = 0; i < holders.len; i++) {
        CodeHolder *h = &holders.at[i];
        h->name = name_on(t, a, h->unit, date_is_none(h->to) ? (Date){ INT32_MAX } : (Date){ h->to.day - 1 });
    }
    *out = holders;
}

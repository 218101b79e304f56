/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Acts on units: create, change, merge, split, abolish. Each is tried on the plan's own tree. */
#include "org/unit_rules.h"

#include <math.h>

/* ---- Small edits ----------------------------------------------------------------------------------- */
static void edit_open(UnitPlan *p, UnitLife *life, const UnitDraft *d, Period when)
{
    UnitDraft draft = *d;
    draft.kind      = life->kind;
    UnitVersion v   = { .when = when, .parent = d->parent, .code = d->code, .name_vi = d->name_vi, .name_en = d->name_en,
                        .full_name_vi = d->full_name_vi, .subtype = d->subtype, .source = d->source };
    tree_add_version(p->a, p->a, p->tree, life, &v);
    *list_add(p->a, &p->edits) =
        (UnitEdit){ .kind = UNIT_EDIT_OPEN, .unit = life->id, .from = when.from, .to = when.to, .version = draft };
}

static void edit_close(UnitPlan *p, UnitLife *life, size_t at, Date on)
{
    Date from = life->versions.at[at].when.from;
    tree_close_version(p->tree, life, at, on);
    *list_add(p->a, &p->edits) = (UnitEdit){ .kind = UNIT_EDIT_CLOSE, .unit = life->id, .from = from, .to = on };
}

static void edit_end(UnitPlan *p, UnitLife *life, Date on, Str source)
{
    edit_close(p, life, life->versions.len - 1, on);
    life->when.to    = on;
    life->end_source = source;
    *list_add(p->a, &p->edits) = (UnitEdit){ .kind = UNIT_EDIT_END, .unit = life->id, .to = on, .source = source };
}

static UnitId edit_create(UnitPlan *p, UnitKind kind, const UnitDraft *d, Date on)
{
    UnitId id = { id_new() };
    *list_add(p->a, &p->edits) =
        (UnitEdit){ .kind = UNIT_EDIT_CREATE, .unit = id, .unit_kind = kind, .from = on, .to = DATE_NONE };
    UnitLife *life = tree_add_life(p->a, p->tree, id, kind, (Period){ on, DATE_NONE });
    edit_open(p, life, d, (Period){ on, DATE_NONE });
    return id;
}

static void edit_succession(UnitPlan *p, Succession s)
{
    *list_add(p->a, &p->tree->successions) = s;
    *list_add(p->a, &p->edits) = (UnitEdit){ .kind = UNIT_EDIT_SUCCESSION, .succession = s };
}

static Str name_of(UnitPlan *p, const UnitLife *life, Date on)
{
    return tree_unit(p->tree, p->a, life, on).full_name_vi;
}

static size_t version_at(const UnitLife *life, Date on)
{
    return (size_t)(life_on(life, on) - life->versions.at);
}

static UnitDraft draft_of(const UnitVersion *v)
{
    return (UnitDraft){ .parent = v->parent, .code = v->code, .name_vi = v->name_vi, .name_en = v->name_en,
                        .full_name_vi = v->full_name_vi, .subtype = v->subtype };
}

/* ---- Create and change ------------------------------------------------------------------------------ */
bool unit_plan_create(UnitPlan *p, const UnitDraft *d, Date on, UnitId *out)
{
    size_t before = p->faults.len;
    if (!check_day(p, on)) return false;
    check_draft(p, d->kind, d, (Period){ on, DATE_NONE }, (UnitId){ 0 }, NULL, 0);
    if (p->faults.len > before) return false;
    *out = edit_create(p, d->kind, d, on);
    return true;
}

/* What holds after the change: d where it says something, v elsewhere. */
static UnitDraft draft_over(const UnitVersion *v, const UnitDraft *d)
{
    UnitDraft after = draft_of(v);
    if (d->parent.v) after.parent = d->parent;
    if (d->code.len) after.code = d->code;
    if (d->name_en.len) after.name_en = d->name_en;
    if (d->subtype.len) after.subtype = d->subtype;
    if (d->name_vi.len) after.name_vi = d->name_vi;
    if (d->full_name_vi.len) after.full_name_vi = d->full_name_vi;
    else if (!str_eq(after.name_vi, v->name_vi) || !str_eq(after.subtype, v->subtype)) after.full_name_vi = S("");
    after.source = d->source;
    return after;
}

static bool draft_same(const UnitVersion *v, const UnitDraft *d)
{
    return v->parent.v == d->parent.v && str_eq(v->code, d->code) && str_eq(v->name_vi, d->name_vi) &&
           str_eq(v->name_en, d->name_en) && str_eq(v->full_name_vi, d->full_name_vi) && str_eq(v->subtype, d->subtype);
}

/* Closes the period that holds on that day and opens one with what d says, or keeps where d is empty. */
static bool change_to(UnitPlan *p, UnitId id, const UnitDraft *d, Date on, bool keep_empty)
{
    size_t before = p->faults.len;
    if (!check_day(p, on)) return false;
    UnitLife *life = check_living(p, id, on, S("on"));
    if (!life) return false;
    size_t      at  = version_at(life, on);
    UnitVersion now = life->versions.at[at];
    if (now.when.from.day == on.day) {
        plan_fault(p, UNIT_FAULT_SAME_DAY, S("on"), name_of(p, life, on), S(""), on);
        return false;
    }
    UnitDraft after = draft_over(&now, d);
    if (!keep_empty) {
        after.name_vi = d->name_vi;
        after.name_en = d->name_en;
        after.subtype = d->subtype;
        after.code    = d->code;
    }
    if (draft_same(&now, &after)) {
        plan_fault(p, UNIT_FAULT_NOTHING, S("name_vi"), name_of(p, life, on), S(""), on);
        return false;
    }
    Period when = { on, now.when.to };
    check_draft(p, life->kind, &after, when, id, NULL, 0);
    if (p->faults.len > before) return false;
    edit_close(p, life, at, on);
    edit_open(p, life, &after, when);
    return true;
}

bool unit_plan_change(UnitPlan *p, UnitId id, const UnitDraft *d, Date on)
{
    return change_to(p, id, d, on, true);
}

bool unit_plan_replace(UnitPlan *p, UnitId id, const UnitDraft *d, Date on)
{
    return change_to(p, id, d, on, false);
}

/* ---- Ends --------------------------------------------------------------------------------------------- */
/* The unit when it can end on that day: living, and without changes entered for that day or later. */
static UnitLife *check_ending(UnitPlan *p, UnitId id, Date on, Str field)
{
    UnitLife *life = check_living(p, id, on, field);
    if (!life) return NULL;
    const UnitVersion *last = &life->versions.at[life->versions.len - 1];
    if (last->when.from.day >= on.day || !date_is_none(life->when.to)) {
        plan_fault(p, UNIT_FAULT_LATER_CHANGES, field, name_of(p, life, on), S(""),
                   date_is_none(life->when.to) ? last->when.from : life->when.to);
        return NULL;
    }
    return life;
}

/* Does a period of the child lie under the parent on or after that day? */
static const UnitVersion *below_after(const UnitLife *child, UnitId parent, Date on)
{
    Period rest = { on, DATE_NONE };
    for (size_t i = 0; i < child->versions.len; i++)
        if (child->versions.at[i].parent.v == parent.v && period_overlaps(child->versions.at[i].when, rest))
            return &child->versions.at[i];
    return NULL;
}

/* A child can change hands on that day when nothing was entered for that day or later. */
static bool child_can_move(UnitPlan *p, const UnitLife *child, Date on)
{
    const UnitVersion *last = &child->versions.at[child->versions.len - 1];
    if (last->when.from.day < on.day) return true;
    plan_fault(p, UNIT_FAULT_LATER_CHANGES, S("children"), name_of(p, child, on), S(""), last->when.from);
    return false;
}

static void child_move(UnitPlan *p, UnitLife *child, UnitId parent, Date on, Str source)
{
    size_t    at    = version_at(child, on);
    Period    when  = { on, child->versions.at[at].when.to };
    UnitDraft after = draft_of(&child->versions.at[at]);
    after.parent    = parent;
    after.source    = source;
    edit_close(p, child, at, on);
    edit_open(p, child, &after, when);
}

static bool end_below(UnitPlan *p, UnitId id, Date on, Str reason, int depth)
{
    if (depth > UNIT_DEPTH_MAX) return false;
    for (size_t i = 0; i < p->tree->lives.len; i++) {
        UnitLife *child = &p->tree->lives.at[i];
        if (!below_after(child, id, on)) continue;
        if (!check_ending(p, child->id, on, S("children"))) return false;
        if (!end_below(p, child->id, on, reason, depth + 1)) return false;
        edit_end(p, &p->tree->lives.at[i], on, reason);
    }
    return true;
}

bool unit_plan_abolish(UnitPlan *p, UnitId id, Date on, Str reason, bool with_children)
{
    if (!check_day(p, on)) return false;
    UnitLife *life = check_ending(p, id, on, S("on"));
    if (!life) return false;
    if (!life->versions.at[0].parent.v) {
        plan_fault(p, UNIT_FAULT_ROOT, S("on"), name_of(p, life, on), S(""), on);
        return false;
    }
    int64_t children = 0;
    for (size_t i = 0; i < p->tree->lives.len; i++) children += below_after(&p->tree->lives.at[i], id, on) != NULL;
    if (children && !with_children) {
        plan_fault(p, UNIT_FAULT_HAS_CHILDREN, S("with_children"), name_of(p, life, on),
                   arena_fmt(p->a, "%lld", (long long)children), on);
        return false;
    }
    if (children && !end_below(p, id, on, reason, 0)) return false;
    edit_end(p, tree_life(p->tree, id), on, reason);
    return true;
}

/* ---- Merge -------------------------------------------------------------------------------------------- */
static bool merge_check(UnitPlan *p, const UnitId *old, size_t n, UnitId into, Date on, UnitKind *out_kind)
{
    size_t before = p->faults.len;
    if (n + (into.v != 0) < 2) plan_fault(p, UNIT_FAULT_TOO_FEW, S("old"), S(""), S(""), on);
    UnitKind kind = UNIT_KIND_COUNT;
    for (size_t i = 0; i < n; i++) {
        UnitLife *life = check_ending(p, old[i], on, S("old"));
        if (!life) continue;
        if (kind == UNIT_KIND_COUNT) kind = life->kind;
        if (kind != life->kind) plan_fault(p, UNIT_FAULT_KINDS_DIFFER, S("old"), name_of(p, life, on), S(""), on);
        for (size_t j = 0; j < i; j++)
            if (old[j].v == old[i].v) plan_fault(p, UNIT_FAULT_TWICE, S("old"), name_of(p, life, on), S(""), on);
        if (old[i].v == into.v) plan_fault(p, UNIT_FAULT_TWICE, S("into"), name_of(p, life, on), S(""), on);
        for (size_t c = 0; c < p->tree->lives.len; c++)
            if (below_after(&p->tree->lives.at[c], old[i], on)) child_can_move(p, &p->tree->lives.at[c], on);
    }
    if (into.v) {
        UnitLife *target = check_living(p, into, on, S("into"));
        if (target && !date_is_none(target->when.to))
            plan_fault(p, UNIT_FAULT_ENDED, S("into"), name_of(p, target, on), S(""), target->when.to);
        if (target && kind != UNIT_KIND_COUNT && target->kind != kind)
            plan_fault(p, UNIT_FAULT_KINDS_DIFFER, S("into"), name_of(p, target, on), S(""), on);
    }
    *out_kind = kind;
    return p->faults.len == before;
}

bool unit_plan_merge(UnitPlan *p, const UnitId *old, size_t n, const UnitDraft *into, UnitId into_existing, Date on,
                     UnitId *out)
{
    size_t   before = p->faults.len;
    UnitKind kind;
    if (!check_day(p, on) || !merge_check(p, old, n, into_existing, on, &kind)) return false;
    if (!into_existing.v) check_draft(p, kind, into, (Period){ on, DATE_NONE }, (UnitId){ 0 }, old, n);
    if (p->faults.len > before) return false;
    for (size_t i = 0; i < n; i++) edit_end(p, tree_life(p->tree, old[i]), on, into->source);
    UnitId target = into_existing.v ? into_existing : edit_create(p, kind, into, on);
    for (size_t i = 0; i < n; i++) {
        for (size_t c = 0; c < p->tree->lives.len; c++)
            if (below_after(&p->tree->lives.at[c], old[i], on))
                child_move(p, &p->tree->lives.at[c], target, on, into->source);
        edit_succession(p, (Succession){ old[i], target, on, 1, S("whole"), into->source });
    }
    *out = target;
    return true;
}

/* ---- Split -------------------------------------------------------------------------------------------- */
static void split_check_shares(UnitPlan *p, const UnitSplit *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        sum += s->shares[i];
        if (s->shares[i] > 0 && s->shares[i] <= 1) continue;
        plan_fault(p, UNIT_FAULT_SHARE_RANGE, S("share"), s->parts[i].name_vi, S(""), DATE_NONE);
        p->faults.at[p->faults.len - 1].row = i;
    }
    if (isfinite(sum) && fabs(sum - 1) > 1e-6)        /* a missing share has its own fault */
        plan_fault(p, UNIT_FAULT_SHARES_SUM, S("share"), real_text(p->a, LANG_VI, 100 * sum, 2), S(""), DATE_NONE);
}

static void split_check_parts(UnitPlan *p, const UnitSplit *s, UnitKind kind, Date on)
{
    for (size_t i = 0; i < s->n; i++) {
        size_t from = p->faults.len;
        check_draft(p, kind, &s->parts[i], (Period){ on, DATE_NONE }, (UnitId){ 0 }, &s->old, 1);
        for (size_t j = 0; j < i; j++)
            if (s->parts[i].code.len && str_eq(s->parts[i].code, s->parts[j].code))
                plan_fault(p, UNIT_FAULT_CODE_TAKEN, S("code"), s->parts[i].code, s->parts[j].name_vi, on);
        for (size_t f = from; f < p->faults.len; f++) p->faults.at[f].row = i;
    }
}

static bool split_check(UnitPlan *p, const UnitSplit *s, const Units *children, Date on)
{
    size_t before = p->faults.len;
    UnitLife *life = check_ending(p, s->old, on, S("on"));
    if (!life) return false;
    if (s->n < 2) plan_fault(p, UNIT_FAULT_TOO_FEW, S("parts"), S(""), S(""), on);
    split_check_shares(p, s);
    split_check_parts(p, s, life->kind, on);
    for (size_t i = 0; i < children->len; i++) {
        if (i >= s->homes || s->home[i] >= s->n)
            plan_fault(p, UNIT_FAULT_CHILD_NOWHERE, S("children"), children->at[i].full_name_vi, S(""), on);
        child_can_move(p, tree_life(p->tree, children->at[i].id), on);
    }
    return p->faults.len == before;
}

bool unit_plan_split(UnitPlan *p, const UnitSplit *s, Date on, UnitId *out_ids)
{
    if (!check_day(p, on)) return false;
    Units children = { 0 };
    tree_children(p->tree, p->a, s->old, on, &children);
    if (!split_check(p, s, &children, on)) return false;
    UnitKind kind = tree_life(p->tree, s->old)->kind;
    edit_end(p, tree_life(p->tree, s->old), on, s->parts[0].source);
    double rest = 1;
    for (size_t i = 0; i < s->n; i++) {
        double share = i + 1 < s->n ? s->shares[i] : rest;       /* the shares add up to 1 exactly */
        rest -= share;
        out_ids[i] = edit_create(p, kind, &s->parts[i], on);
        edit_succession(p, (Succession){ s->old, out_ids[i], on, share, s->basis, s->parts[i].source });
    }
    for (size_t i = 0; i < children.len; i++)
        child_move(p, tree_life(p->tree, children.at[i].id), out_ids[s->home[i]], on, s->parts[s->home[i]].source);
    return true;
}

bool unit_plan_unit(const UnitPlan *p, Arena *a, UnitId id, Date on, Unit *out)
{
    const UnitLife *life = tree_life(p->tree, id);
    if (!life) return false;
    *out = tree_unit(p->tree, a, life, on);
    return true;
}

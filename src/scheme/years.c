/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From year to year: the same scheme with its days moved, and what differs between two. */
#include "scheme/store.h"

#include <math.h>

/* ---- Another year ---------------------------------------------------------------------------------------------- */

static void move_due(Arena *a, SchemeRule *r, int by)
{
    Date due;
    if (r->kind == RULE_DEADLINE && date_parse(r->due, &due) && !date_is_none(due)) {
        Ymd  d     = date_ymd(due);
        Date moved = date_from_ymd(d.year + by, d.month, d.day);
        if (date_is_none(moved))                                 /* 29 February */
            moved = date_from_ymd(d.year + by, d.month, d.day - 1);
        r->due     = date_iso(a, moved);
        r->due_day = moved;
    }
    for (size_t i = 0; i < r->part_count; i++)
        move_due(a, &r->parts[i], by);
}

void scheme_for_year(Arena *a, Scheme *s, int year)
{
    int by = s->year ? year - s->year : 0;
    Str was = arena_fmt(a, "%d", s->year), is = arena_fmt(a, "%d", year);
    if (s->year) {
        s->code  = str_replace(a, s->code, was, is);
        s->title = str_replace(a, s->title, was, is);
    }
    s->year = year;
    for (size_t i = 0; i < s->len; i++)
        move_due(a, &s->at[i].rule, by);
}

/* ---- What differs ------------------------------------------------------------------------------------------------- */

static void differs(Arena *a, SchemeChanges *out, SchemeChangeKind kind, const SchemeCriterion *c, Str before, Str after)
{
    if (!str_eq(before, after))
        *list_add(a, out) = (SchemeChange){ kind, c->code, c->name, before, after };
}

static Str points_text(Arena *a, Lang l, const Scheme *s, int at)
{
    Str points = scheme_num(a, (SchemeWords){ .lang = l }, scheme_max(s, at));
    return s->at[at].effect == EFFECT_POINTS
               ? points
               : str_join(a, (Str[]){ text_find(l, str_concat(a, S("scheme.effect."), scheme_effect_code(s->at[at].effect))), points }, 2, S(" "));
}

static Str rule_text(Arena *a, Lang l, const SchemeCriterion *c)
{
    StrList words = scheme_rule_words(a, l, c);
    return c->group ? S("") : str_join(a, words.at, words.len, S(" · "));
}

static void compare(Arena *a, Lang l, const Scheme *from, int i, const Scheme *to, int k, SchemeChanges *out)
{
    const SchemeCriterion *x = &from->at[i], *y = &to->at[k];
    differs(a, out, SCHEME_NAME, y, x->name, y->name);
    differs(a, out, SCHEME_PLACE, y, x->parent, y->parent);
    differs(a, out, SCHEME_POINTS, y, points_text(a, l, from, i), points_text(a, l, to, k));
    differs(a, out, SCHEME_RULE, y, rule_text(a, l, x), rule_text(a, l, y));
    differs(a, out, SCHEME_METHOD, y, text_find(l, str_concat(a, S("scheme.method."), scheme_method_code(x->method))),
            text_find(l, str_concat(a, S("scheme.method."), scheme_method_code(y->method))));
    differs(a, out, SCHEME_EVIDENCE, y, str_join(a, x->evidence.at, x->evidence.len, S("; ")), str_join(a, y->evidence.at, y->evidence.len, S("; ")));
}

void scheme_changes(Arena *a, Lang l, const Scheme *from, const Scheme *to, SchemeChanges *out)
{
    for (size_t k = 0; k < to->len; k++) {
        int i = scheme_find(from, to->at[k].code);
        if (i >= 0)
            compare(a, l, from, i, to, (int)k, out);
        else
            differs(a, out, SCHEME_ADDED, &to->at[k], S(""), points_text(a, l, to, (int)k));
    }
    for (size_t i = 0; i < from->len; i++)
        if (scheme_find(to, from->at[i].code) < 0)
            differs(a, out, SCHEME_REMOVED, &from->at[i], points_text(a, l, from, (int)i), S(""));
}

Str scheme_change_text(Lang l, SchemeChangeKind kind)
{
    switch (kind) {
    case SCHEME_ADDED: return text_of(l, "scheme.change.added");
    case SCHEME_REMOVED: return text_of(l, "scheme.change.removed");
    case SCHEME_NAME: return text_of(l, "scheme.change.name");
    case SCHEME_PLACE: return text_of(l, "scheme.change.place");
    case SCHEME_POINTS: return text_of(l, "scheme.change.points");
    case SCHEME_RULE: return text_of(l, "scheme.change.rule");
    case SCHEME_METHOD: return text_of(l, "scheme.change.method");
    default: return text_of(l, "scheme.change.evidence");
    }
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Changes of a tree of criteria that need not add up yet: put, remove, move; the order that readers see. */
#include "scheme/draft.h"

#include <math.h>

static bool is_child(const Scheme *s, size_t at, Str parent)
{
    return str_eq(s->at[at].parent, parent);
}

static void order_below(Scheme *s, Str parent, int up, int level, SchemeCriterion *out, size_t *n, bool *taken)
{
    for (size_t i = 0; i < s->len && level < SCHEME_LEVELS; i++) {
        if (taken[i] || !is_child(s, i, parent))
            continue;
        taken[i] = true;
        int me   = (int)(*n)++;
        out[me]  = s->at[i];
        out[me].up    = up;
        out[me].level = level;
        out[me].group = false;
        if (up >= 0)
            out[up].group = true;
        order_below(s, s->at[i].code, me, level + 1, out, n, taken);
    }
}

void scheme_draft_order(Arena *a, Scheme *s)
{
    SchemeCriterion *out   = arena_new(a, SchemeCriterion, s->len + 1);
    bool            *taken = arena_new(a, bool, s->len + 1);
    size_t           n     = 0;
    order_below(s, S(""), -1, 0, out, &n, taken);
    for (size_t i = 0; i < s->len; i++)
        if (!taken[i]) {
            out[n] = s->at[i];
            out[n].up = -1;
            out[n++].level = 0;
        }
    s->at = out;
}

size_t scheme_draft_end(const Scheme *s, size_t at)
{
    size_t end = at + 1;
    while (end < s->len && s->at[end].level > s->at[at].level)
        end++;
    return end;
}

Str scheme_draft_next_code(Arena *a, const Scheme *s, Str parent)
{
    size_t n = 1;
    for (size_t i = 0; i < s->len; i++)
        n += is_child(s, i, parent);
    for (;; n++) {
        Str code = parent.len ? arena_fmt(a, "%.*s.%zu", STR_ARG(parent), n) : arena_fmt(a, "%zu", n);
        if (scheme_find(s, code) < 0)
            return code;
    }
}

void scheme_draft_put(Arena *a, Scheme *s, size_t at, const SchemeCriterion *c)
{
    SchemeCriterion *grown = arena_new(a, SchemeCriterion, s->len + 1);
    for (size_t i = 0; i < s->len; i++) {
        grown[i] = s->at[i];
        if (at < s->len && i != at && is_child(s, i, s->at[at].code))
            grown[i].parent = c->code;
    }
    grown[at] = *c;
    s->len += at == s->len;
    s->at = grown;
    scheme_draft_order(a, s);
    for (size_t i = 0; i < s->len; i++)                      /* what was scored by hand before it had others below it */
        s->at[i].has_rule &= !(s->at[i].group && s->at[i].rule.kind == RULE_MANUAL);
}

void scheme_draft_remove(Scheme *s, size_t at)
{
    size_t end = scheme_draft_end(s, at);
    memmove(s->at + at, s->at + end, (s->len - end) * sizeof *s->at);
    s->len -= end - at;
}

bool scheme_draft_move(Arena *a, Scheme *s, size_t at, int by)
{
    size_t other = s->len;
    for (size_t i = 0; i < s->len; i++)
        if (i != at && is_child(s, i, s->at[at].parent) && (by < 0 ? i < at : i > at && other == s->len))
            other = i;
    if (other == s->len)
        return false;
    SchemeCriterion moved = s->at[at];
    s->at[at]    = s->at[other];
    s->at[other] = moved;
    scheme_draft_order(a, s);
    return true;
}

double scheme_draft_points(const Scheme *s, size_t at)
{
    double sum = 0;
    for (size_t i = at + 1, end = scheme_draft_end(s, at); i < end; i++)
        if (!s->at[i].group && s->at[i].effect == s->at[at].effect && !isnan(s->at[i].max))
            sum += s->at[i].max;
    return s->at[at].group ? sum : s->at[at].max;
}

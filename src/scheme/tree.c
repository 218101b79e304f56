/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A list of criteria becomes a tree in order: codes, parents, cycles, points that add up, rules where they belong. */
#include "scheme/parts.h"

static const double POINTS_SAME = 1e-9;

int scheme_find(const Scheme *s, Str code)
{
    for (size_t i = 0; i < s->len; i++)
        if (str_eq(s->at[i].code, code))
            return (int)i;
    return -1;
}

static Str points_text(Arena *a, double x)
{
    Buf b = buf_new(a, 32);
    buf_f64(&b, isnan(x) ? x : round(x * 1e9) / 1e9);
    return buf_str(&b);
}

static void wrong(Arena *a, SchemeFaults *f, SchemeFaultKind kind, const SchemeCriterion *c, Str column, Str value, Str more)
{
    scheme_fault(a, f, (SchemeFault){ .kind = kind, .code = c->code, .row = c->row, .column = column, .value = value, .more = more });
}

/* ---- Codes and parents ------------------------------------------------------------------------------------------ */

/* Codes by a table of twice their number. */
typedef struct CodeTable { int *at; size_t mask; } CodeTable;

static int *code_slot(const Scheme *s, const CodeTable *t, Str code)
{
    size_t i = str_hash(code) & t->mask;
    while (t->at[i] && !str_eq(s->at[t->at[i] - 1].code, code))
        i = (i + 1) & t->mask;
    return &t->at[i];
}

static void find_parents(Arena *keep, Arena work, Scheme *s, SchemeFaults *f)
{
    CodeTable t = { .mask = 15 };
    while (t.mask < 2 * s->len)
        t.mask = 2 * t.mask + 1;
    t.at = arena_new(&work, int, t.mask + 1);
    for (size_t i = 0; i < s->len; i++) {
        SchemeCriterion *c = &s->at[i];
        if (!c->code.len || c->code.len > SCHEME_CODE_BYTES || c->code.at[0] == '+') {
            wrong(keep, f, SCHEME_FAULT_CODE, c, S("code"), arena_fmt(keep, "%zu", i + 1), S(""));
            continue;
        }
        int *slot = code_slot(s, &t, c->code);
        if (*slot)
            wrong(keep, f, SCHEME_FAULT_TWICE, c, S("code"), c->code, s->at[*slot - 1].row ? arena_fmt(keep, "%d", s->at[*slot - 1].row) : S(""));
        else
            *slot = (int)i + 1;
    }
    for (size_t i = 0; i < s->len; i++) {
        SchemeCriterion *c = &s->at[i];
        c->up = c->parent.len ? *code_slot(s, &t, c->parent) - 1 : -1;
        if (c->parent.len && c->up < 0)
            wrong(keep, f, SCHEME_FAULT_PARENT, c, S("parent"), c->parent, S(""));
        if (c->up >= 0)
            s->at[c->up].group = true;
    }
}

/* Children follow their parent, in the order they were listed. What no root leads to is a cycle. */
static bool order(Arena *keep, Arena work, Scheme *s, SchemeFaults *f)
{
    int *first = arena_new(&work, int, s->len + 1), *next = arena_new(&work, int, s->len + 1), *place = arena_new(&work, int, s->len);
    SchemeCriterion *sorted = arena_new(keep, SchemeCriterion, s->len);
    size_t n = 0, depth = 0;
    int    at, path[SCHEME_LEVELS + 1];
    for (size_t i = s->len; i-- > 0;) {                  /* places from 1; first[0]: the roots */
        int up = s->at[i].up + 1;
        next[i + 1] = first[up];
        first[up]   = (int)i + 1;
    }
    for (path[0] = at = first[0]; at;) {
        SchemeCriterion *c = &sorted[n];
        *c          = s->at[at - 1];
        place[at - 1] = (int)n++;
        c->level    = (int)depth;
        c->up       = depth ? place[path[depth - 1] - 1] : -1;
        if (first[at] && depth + 1 >= SCHEME_LEVELS) {
            wrong(keep, f, SCHEME_FAULT_DEEP, c, S("parent"), S(""), S(""));
            return false;
        }
        if (first[at]) {
            path[++depth] = at = first[at];
            continue;
        }
        while (depth && !next[path[depth]])
            depth--;
        path[depth] = at = next[path[depth]];
    }
    bool *seen = arena_new(&work, bool, s->len);
    for (size_t i = 0; i < n; i++)
        seen[scheme_find(s, sorted[i].code)] = true;
    for (size_t i = 0; i < s->len; i++)
        if (!seen[i])
            wrong(keep, f, SCHEME_FAULT_CYCLE, &s->at[i], S("parent"), s->at[i].parent, S(""));
    s->at = sorted;
    bool whole = n == s->len;
    s->len = n;
    return whole;
}

/* ---- Points -------------------------------------------------------------------------------------------------------- */

double scheme_max(const Scheme *s, int at)
{
    if (!isnan(s->at[at].max))
        return s->at[at].max;
    double sum = 0;
    for (size_t i = (size_t)at + 1; i < s->len && s->at[i].level > s->at[at].level; i++)
        if (s->at[i].up == at && s->at[i].effect == s->at[at].effect)
            sum += scheme_max(s, (int)i);
    return sum;
}

/* Below a bonus everything is one; so below a penalty. */
static void inherit_effects(Arena *keep, Scheme *s, SchemeFaults *f)
{
    for (size_t i = 0; i < s->len; i++) {
        SchemeCriterion *c = &s->at[i], *up = c->up >= 0 ? &s->at[c->up] : NULL;
        if (!up || up->effect == EFFECT_POINTS)
            continue;
        if (c->has_effect && c->effect != up->effect)
            wrong(keep, f, SCHEME_FAULT_EFFECT, c, S("effect"), scheme_effect_code(c->effect), up->code);
        c->effect = up->effect;
    }
}

static void check_max(Arena *keep, const Scheme *s, SchemeFaults *f)
{
    double roots = 0;
    for (size_t i = 0; i < s->len; i++) {
        const SchemeCriterion *c = &s->at[i];
        if ((!c->group && isnan(c->max)) || c->max < 0 || (!c->group && c->max == 0) || isinf(c->max))
            wrong(keep, f, SCHEME_FAULT_MAX, c, S("max"), points_text(keep, c->max), S(""));
        if (c->up < 0 && c->effect == EFFECT_POINTS)
            roots += scheme_max(s, (int)i);
        if (!c->group || isnan(c->max) || c->effect != EFFECT_POINTS)
            continue;
        double sum = 0;
        for (size_t k = i + 1; k < s->len && s->at[k].level > c->level; k++)
            if (s->at[k].up == (int)i && s->at[k].effect == EFFECT_POINTS)
                sum += scheme_max(s, (int)k);
        if (!(fabs(sum - c->max) <= POINTS_SAME * fmax(1, c->max)))
            wrong(keep, f, SCHEME_FAULT_POINTS, c, S("max"), points_text(keep, sum), points_text(keep, c->max));
    }
    SchemeFault total = { .code = s->code.len ? s->code : S("scheme"), .column = S("max"), .value = points_text(keep, roots),
                          .more = points_text(keep, s->max) };
    total.kind = isnan(s->max) || s->max <= 0 ? SCHEME_FAULT_MAX : SCHEME_FAULT_TOTAL;
    if (total.kind == SCHEME_FAULT_MAX || !(fabs(roots - s->max) <= POINTS_SAME * fmax(1, s->max)))
        scheme_fault(keep, f, total);
}

/* ---- Rules ---------------------------------------------------------------------------------------------------------- */

/* A label of what no rule reads would be a slip of the pen that nobody sees. */
static void check_labels(SchemeReader *r, const SchemeCriterion *c)
{
    for (size_t k = 0; k < c->labels.len; k++) {
        bool read = false;
        for (size_t i = 0; i < c->input_count; i++)
            read |= str_eq(c->inputs[i], c->labels.at[k].name);
        if (!read)
            scheme_wrong(r, SCHEME_FAULT_LABEL, S("inputs"), c->labels.at[k].name);
    }
}

static void settle_rules(Arena *keep, Arena work, Scheme *s, SchemeFaults *f)
{
    for (size_t i = 0; i < s->len; i++) {
        SchemeCriterion *c = &s->at[i];
        SchemeReader     r = { .a = keep, .faults = f, .code = c->code, .row = c->row };
        size_t           before = f->all;
        if (c->group) {
            if (c->has_rule)
                scheme_wrong(&r, SCHEME_FAULT_GROUP_RULE, S("rule"), S(""));
            check_labels(&r, c);
            continue;
        }
        StrList names = { 0 };
        if (c->has_rule)
            scheme_rule_settle(&r, work, c, &c->rule, &names);
        else
            c->rule = (SchemeRule){ .max = c->max, .points = NAN, .floor = NAN, .full = NAN, .each = NAN, .cap = NAN };
        c->inputs      = names.at;
        c->input_count = names.len;
        if (f->all == before)
            check_labels(&r, c);
    }
}

bool scheme_settle(Arena *keep, Arena work, Scheme *s, SchemeFaults *faults)
{
    size_t before = faults->all;
    find_parents(keep, work, s, faults);
    if (faults->all != before || !order(keep, work, s, faults))
        return false;
    inherit_effects(keep, s, faults);
    check_max(keep, s, faults);
    settle_rules(keep, work, s, faults);
    return faults->all == before;
}

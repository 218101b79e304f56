/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as a phone sent them, against the questionnaire: each rule that is broken becomes a finding. */
#include "form/form_parts.h"

#include <math.h>

Str form_finding_code(FindingKind k)
{
    static const Str codes[FINDING_COUNT] = {
        S_INIT("required_missing"), S_INIT("constraint"), S_INIT("irrelevant_value"), S_INIT("calc_differs"), S_INIT("choice_unknown"),
        S_INIT("type"), S_INIT("repeat_count"), S_INIT("element_unknown"), S_INIT("not_checked") };
    return codes[k];
}

typedef struct Recheck { Arena *a; FormState s; FormFindings *out; } Recheck;

static void add(Recheck *r, FindingKind kind, int node, int instance, Str expected, Str found)
{
    *list_add(r->a, r->out) = (FormFinding){ kind, node, instance, form_node_path(r->a, r->s.p, r->s.x, node, instance), expected, found };
}

/* ---- Are two texts the same value? ------------------------------------------------------------------------------- */

static bool yes(Str s) { return str_eq(s, S("1")) || str_eq(s, S("true")); }
static bool no(Str s) { return str_eq(s, S("0")) || str_eq(s, S("false")); }

static bool is_day(Str s)
{
    return s.len >= 10 && s.at[4] == '-' && s.at[7] == '-';
}

/* Both spellings of truths; numbers within 1e-9; a day beside an instant of that day; an instant in another zone. */
static bool same_value(Str x, Str y)
{
    Time t, u;
    if (str_eq(x, y) || (yes(x) && yes(y)) || (no(x) && no(y)))
        return true;
    if (is_day(x) && is_day(y)) {
        if ((x.len == 10) != (y.len == 10))
            return str_eq(str_take(x, 10), str_take(y, 10));
        return x.len > 10 && time_parse_iso(x, &t) && time_parse_iso(y, &u) && t.ms == u.ms;
    }
    double a = expr_number_read(x), b = expr_number_read(y);
    return !isnan(a) && !isnan(b) && fabs(a - b) <= 1e-9 * fmax(1, fabs(b));
}

/* ---- Nodes ------------------------------------------------------------------------------------------------------------ */

static FindingKind kind_of(AnswerFault f)
{
    switch (f) {
    case ANSWER_REQUIRED: return FINDING_REQUIRED_MISSING;
    case ANSWER_CONSTRAINT: return FINDING_CONSTRAINT;
    case ANSWER_CHOICE: return FINDING_CHOICE_UNKNOWN;
    case ANSWER_LIMIT: return FINDING_NOT_CHECKED;
    default: return FINDING_TYPE;
    }
}

static Str rule_of(const FormNode *n, AnswerFault f)
{
    return f == ANSWER_CONSTRAINT ? n->constraint_src : f == ANSWER_REQUIRED ? n->required_src
           : f == ANSWER_CHOICE && n->choice_filter_src.len ? n->choice_filter_src : n->type_word;
}

static void check_node(Recheck *r, int node, int instance)
{
    const FormNode *n    = &r->s.p->nodes.at[node];
    const Str      *cell = form_cell(r->s.p, r->s.x, node, instance);
    if (!cell)
        return;
    if (!form_state_relevant(&r->s, node, instance)) {
        if (cell->len)
            add(r, FINDING_IRRELEVANT_VALUE, node, instance, S(""), *cell);
        return;
    }
    if (form_calculates(n)) {
        Str made = form_state_value(&r->s, node, instance);
        if (!same_value(*cell, made))
            add(r, FINDING_CALC_DIFFERS, node, instance, made, *cell);
        return;
    }
    AnswerFault f = form_check_at(&r->s, r->a, node, instance);
    if (f != ANSWER_OK)
        add(r, kind_of(f), node, instance, rule_of(n, f), *cell);
}

/* Is the repeat asked for in this parent? Without instances its own condition is seen from the parent. */
static bool repeat_wanted(Recheck *r, int repeat, int parent, const FormRange *range)
{
    const FormNode *n = &r->s.p->nodes.at[repeat];
    if (n->parent >= 0 && !form_state_relevant(&r->s, n->parent, parent))
        return false;
    if (range->total)
        return form_state_relevant(&r->s, repeat, r->s.in->sorted[range->first]);
    return n->relevant < 0 || form_is_true(&r->s, r->a, n->relevant, parent, true);
}

static void check_count(Recheck *r, int repeat)
{
    const FormProgram *p = r->s.p;
    int outer = form_outer_repeat(p, repeat), up = p->nodes.at[repeat].parent;
    for (int i = 0; i < r->s.in->of_repeat_count[outer + 1]; i++) {
        int              parent = r->s.in->of_repeat[outer + 1][i];
        const FormRange *range  = &r->s.in->at[parent].kids[p->code->tree.repeat_number[repeat]];
        if (range->wanted < 0 || range->wanted == range->total || !repeat_wanted(r, repeat, parent, range))
            continue;
        Str in = up < 0 ? S("/data") : form_node_path(r->a, p, r->s.x, up, parent);
        *list_add(r->a, r->out) = (FormFinding){ FINDING_REPEAT_COUNT, repeat, parent,
            arena_fmt(r->a, "%.*s/%.*s", STR_ARG(in), STR_ARG(p->nodes.at[repeat].leaf)), arena_fmt(r->a, "%d", range->wanted),
            arena_fmt(r->a, "%d", range->total) };
    }
}

FormState form_recheck(Arena *a, const FormProgram *p, const FormAnswers *x, Time now, FormFindings *out)
{
    Recheck r = { a, form_state_sent(p, a, x, now), out };
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->type == Q_REPEAT)
            check_count(&r, (int)i);
        if (n->repeat < 0)
            check_node(&r, (int)i, 0);
        for (int k = 0; n->repeat >= 0 && k < r.s.in->of_repeat_count[n->repeat + 1]; k++)
            check_node(&r, (int)i, r.s.in->of_repeat[n->repeat + 1][k]);
    }
    if (r.s.stopped)
        *list_add(a, out) = (FormFinding){ .kind = FINDING_NOT_CHECKED, .node = -1, .path = S("/data"), .expected = S("1,000,000 steps") };
    return r.s;
}

void form_strip_sent(const FormProgram *p, Arena *a, FormAnswers *x, Time now)
{
    FormState s = form_state_sent(p, a, x, now);
    form_strip_by(&s, a, x);
}

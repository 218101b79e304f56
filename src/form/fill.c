/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What happens while a questionnaire is filled in: it begins with defaults, an instance is added, an answer changes and
 * triggers others, repeat_count asks for instances. */
#include "form/form_parts.h"

enum { MAX_CHAIN = 100 };                        /* triggers that set off one another */

/* ---- Defaults -------------------------------------------------------------------------------------------------------- */

/* The device fills these in; we know the clock. */
static Str preloaded(Arena *a, QuestionType t, Time now)
{
    if (t == Q_TODAY)
        return date_iso(a, date_of(now));
    return t == Q_START ? form_time_text(a, now) : S("");
}

static void fixed_default(const FormProgram *p, Arena *a, const FormAnswers *x, Time now, int node, int instance)
{
    const FormNode *n  = &p->nodes.at[node];
    Str            *to = form_cell(p, x, node, instance);
    if (!to)
        return;
    *to = n->default_src.len && n->default_value < 0 ? form_default_text(a, n) : preloaded(a, n->type, now);
}

/* Defaults that are expressions, in the order of the form, each seeing the ones before; in instances from one on. */
static void moving_defaults(const FormProgram *p, Arena *a, FormAnswers *x, Time now, int from)
{
    FormState s    = { 0 };
    bool      made = false;
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->default_value < 0 || n->cell < 0 || (from && n->repeat < 0))
            continue;
        if (!made)
            s = form_state(p, a, x, now);
        made = true;
        for (int k = from; k <= (int)x->instances.len; k++) {
            Str *to = form_cell(p, x, (int)i, k);
            if (to)
                form_eval_text(&s, a, n->default_value, k, to);
        }
        form_state_change(&s, a, (int)i);
    }
}

/* ---- Instances ---------------------------------------------------------------------------------------------------------- */

/* A new instance with fixed defaults, and the first instance of each repeat in it that no repeat_count governs. */
static int add_instance(const FormProgram *p, Arena *a, FormAnswers *x, Time now, int repeat, int parent)
{
    int made = form_instance_add(a, p, x, repeat, parent);
    for (size_t i = (size_t)repeat; made && i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->repeat == repeat)
            fixed_default(p, a, x, now, (int)i, made);
    }
    return made;
}

static void first_instances(const FormProgram *p, Arena *a, FormAnswers *x, Time now, int from)
{
    for (size_t r = 0; r < p->nodes.len; r++) {
        const FormNode *n = &p->nodes.at[r];
        if (n->type != Q_REPEAT || n->repeat_count >= 0)
            continue;
        int outer = form_outer_repeat(p, (int)r);
        for (int i = from; i <= (int)x->instances.len; i++)
            if ((i ? x->instances.at[i - 1].repeat : -1) == outer && !form_instance_count(x, (int)r, i))
                add_instance(p, a, x, now, (int)r, i);
    }
}

int form_repeat_add(const FormProgram *p, Arena *a, FormAnswers *x, Time now, int repeat, int parent)
{
    int made = add_instance(p, a, x, now, repeat, parent);
    if (!made)
        return 0;
    first_instances(p, a, x, now, made);
    moving_defaults(p, a, x, now, made);
    form_settle(p, a, x, now);
    return made;
}

/* One repeat that has fewer instances than repeat_count asks for; false: none. */
static bool fill_count(const FormProgram *p, Arena *a, FormAnswers *x, Time now, const FormState *s)
{
    for (size_t r = 0; s->in && r < p->nodes.len; r++) {
        if (p->nodes.at[r].type != Q_REPEAT || p->nodes.at[r].repeat_count < 0)
            continue;
        int outer = form_outer_repeat(p, (int)r), added = 0;
        for (int i = 0; i < s->in->of_repeat_count[outer + 1]; i++) {
            int              parent = s->in->of_repeat[outer + 1][i];
            const FormRange *range  = &s->in->at[parent].kids[p->code->tree.repeat_number[r]];
            for (int k = range->total; s->in->at[parent].there && k < range->wanted; k++) {
                int made = add_instance(p, a, x, now, (int)r, parent);
                if (!made)
                    break;
                first_instances(p, a, x, now, made);
                added = added ? added : made;
            }
        }
        if (added) {
            moving_defaults(p, a, x, now, added);
            return true;
        }
    }
    return false;
}

static void keep_calculated(const FormProgram *p, const FormState *s, FormAnswers *x)
{
    for (size_t i = 0; i < p->nodes.len; i++)
        for (int k = 0; form_calculates(&p->nodes.at[i]) && k <= (int)x->instances.len; k++) {
            Str *to = form_cell(p, x, (int)i, k);
            if (to && form_state_relevant(s, (int)i, k))
                *to = form_state_value(s, (int)i, k);
        }
}

void form_settle(const FormProgram *p, Arena *a, FormAnswers *x, Time now)
{
    FormState s = form_state(p, a, x, now);
    for (int round = 0; round < 2 * p->code->tree.repeats && fill_count(p, a, x, now, &s); round++)
        s = form_state(p, a, x, now);
    if (s.calculated)
        keep_calculated(p, &s, x);
}

static bool lies_in(const FormAnswers *x, int instance, int outer)
{
    while (instance && instance != outer)
        instance = x->instances.at[instance - 1].parent;
    return instance == outer;
}

/* ---- Beginning and answering ------------------------------------------------------------------------------------------------ */

void form_begin(const FormProgram *p, Arena *a, FormAnswers *x, Time now)
{
    *x = form_answers_new(a, p);
    for (size_t i = 0; i < p->nodes.len; i++)
        fixed_default(p, a, x, now, (int)i, 0);
    first_instances(p, a, x, now, 0);
    moving_defaults(p, a, x, now, 0);
    form_settle(p, a, x, now);
}

/* What the change of a node sets: in the same instance, or in all that lie in it. */
static void trigger(const FormProgram *p, Arena *a, FormAnswers *x, Time now, int node, int instance, int chain)
{
    const struct FormCode *code = p->code;
    for (int i = code->triggered_first[node]; i < code->triggered_first[node + 1] && chain < MAX_CHAIN; i++) {
        int             target = code->triggered[i];
        const FormNode *n      = &p->nodes.at[target];
        FormState       s      = form_state(p, a, x, now);
        int             from   = instance;
        while (s.in && s.in->at[from].level > code->tree.depth[target])
            from = x->instances.at[from - 1].parent;
        for (int k = 0; k <= (int)x->instances.len; k++) {
            Str *to = form_cell(p, x, target, k), text = S("");
            if (!to || !lies_in(x, k, from) || (n->calculation >= 0 && !form_eval_text(&s, a, n->calculation, k, &text)) || str_eq(*to, text))
                continue;
            *to = text;
            trigger(p, a, x, now, target, k, chain + 1);
        }
    }
}

void form_put(const FormProgram *p, Arena *a, FormAnswers *x, Time now, int node, int instance, Str text)
{
    Str *to = form_cell(p, x, node, instance);
    if (!to || str_eq(*to, text))
        return;
    *to = text;
    form_settle(p, a, x, now);                   /* what is triggered sees instances and calculations of the new answer */
    if (p->code->triggered_first[node] == p->code->triggered_first[node + 1])
        return;
    trigger(p, a, x, now, node, instance, 0);
    form_settle(p, a, x, now);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Relevance and calculated values of one set of answers, node by node in the fixed order, each node in all its instances. */
#include "form/form_parts.h"

#include <math.h>

/* ---- Where things are ---------------------------------------------------------------------------------------------- */

static const FormInstance *instance_at(const FormState *s, int instance)
{
    return &s->x->instances.at[instance - 1];
}

static bool *relevant_at(const FormState *s, int node, int instance)
{
    return instance ? &s->in->at[instance].relevant[s->p->code->tree.slot[node]] : &s->relevant[node];
}

static Str *calculated_at(const FormState *s, int node, int instance)
{
    return instance ? &s->in->at[instance].calculated[s->p->code->tree.slot[node]] : &s->calculated[node];
}

bool form_calculates(const FormNode *n)
{
    return n->calculation >= 0 && !n->trigger_count;
}

bool form_state_relevant(const FormState *s, int node, int instance)
{
    return s->p->nodes.at[node].repeat < 0 ? s->relevant[node] : instance > 0 && s->in->at[instance].there && *relevant_at(s, node, instance);
}

Str form_state_value(const FormState *s, int node, int instance)
{
    const Str *cell = form_cell(s->p, s->x, node, instance);
    if (form_calculates(&s->p->nodes.at[node]))
        return *calculated_at(s, node, instance);
    return cell ? *cell : S("");
}

bool form_state_there(const FormState *s, int instance)
{
    return !instance || (s->in && s->in->at[instance].there);
}

int form_state_instances(const FormState *s, int repeat, int parent, const int32_t **out)
{
    const FormRange *r = &s->in->at[parent].kids[s->p->code->tree.repeat_number[repeat]];
    *out = s->in->sorted + r->first;
    return r->shown;
}

/* ---- What expressions ask ---------------------------------------------------------------------------------------------- */

static int climb(const FormState *s, int from, int level)
{
    while (s->in && s->in->at[from].level > level)
        from = instance_at(s, from)->parent;
    return from;
}

static bool read_node(void *self, int node, int instance, Str *out)
{
    const FormState *s = self;
    if (!*relevant_at(s, node, instance))
        return false;
    *out = form_state_value(s, node, instance);
    return true;
}

static int locate(void *self, const ExprRef *ref, int from)
{
    return climb(self, from, ref->pin);
}

static int expand(void *self, Arena *a, const ExprRef *ref, int from, const int32_t **out)
{
    const FormState *s = self;
    int32_t         *one = arena_new(a, int32_t, 1);
    const int32_t   *now = one;
    int              count = 1;
    *one = (int32_t)climb(s, from, ref->pin);
    for (int d = ref->pin; d < ref->depth; d++) {
        LIST(int32_t) next = { 0 };
        if (count == 1) {                        /* one parent: its instances lie side by side */
            count = form_state_instances(s, ref->around[d], now[0], &now);
            continue;
        }
        for (int i = 0; i < count; i++) {
            const int32_t *kids;
            int            n = form_state_instances(s, ref->around[d], now[i], &kids);
            for (int k = 0; k < n; k++)
                *list_add(a, &next) = kids[k];
        }
        now   = next.at;
        count = (int)next.len;
    }
    *out = now;
    return count;
}

static int position(void *self, int node, int instance)
{
    const FormState *s = self;
    return s->p->nodes.at[node].type == Q_REPEAT && instance ? instance_at(s, instance)->position : 1;
}

ExprHost form_host(FormState *s, int instance)
{
    ExprHost host = { .self = s, .instance = instance, .node = read_node, .now = s->now, .english = s->english };
    if (s->in) {
        host.locate   = locate;
        host.expand   = expand;
        host.position = position;
    }
    return host;
}

bool form_is_true(FormState *s, Arena *a, int expr, int instance, bool otherwise)
{
    const ExprCode *code = &s->p->code->exprs[expr];
    ExprValue       v;
    if (code->step_count == 1 && code->value_count == 1)     /* yes, no and other constants */
        return expr_to_boolean(&code->values[0]);
    Arena    work = *a;                                      /* nothing of it is kept */
    ExprHost host = form_host(s, instance);
    if (expr_eval(code, &work, &host, &v)) {
        s->stopped = true;
        return otherwise;
    }
    return expr_to_boolean(&v);
}

bool form_eval_text(FormState *s, Arena *a, int expr, int instance, Str *out)
{
    Arena     work = *a;
    ExprHost  host = form_host(s, instance);
    ExprValue v;
    if (expr_eval(&s->p->code->exprs[expr], &work, &host, &v)) {
        s->stopped = true;
        return false;
    }
    if (v.kind == EXPR_STRING || v.text.len)
        a->at = work.at;                                     /* the text may lie there */
    *out = expr_to_answer(a, &v);
    return true;
}

bool form_repeat_open(const FormState *s, Arena scratch, int repeat, int parent)
{
    const FormNode *n     = &s->p->nodes.at[repeat];
    FormState       state = *s;                              /* only whether a limit was reached would be noted */
    return form_state_there(s, parent) && (n->parent < 0 || *relevant_at(s, n->parent, parent)) &&
           (n->relevant < 0 || form_is_true(&state, &scratch, n->relevant, parent, true));
}

/* ---- Evaluating ------------------------------------------------------------------------------------------------------------- */

/* Random values stay what they were until something they depend on changes. */
static void calculate(FormState *s, Arena *a, int node, int instance, bool fresh)
{
    const FormNode *n  = &s->p->nodes.at[node];
    Str            *to = calculated_at(s, node, instance);
    unsigned        uses = s->p->code->exprs[n->calculation].uses;
    if (s->as_sent ? uses & (EXPR_USES_RANDOM | EXPR_USES_NOW | EXPR_USES_ONCE) : !fresh && to->len && (uses & EXPR_USES_RANDOM))
        return;
    form_eval_text(s, a, n->calculation, instance, to);
}

static void evaluate_at(FormState *s, Arena *a, int node, int instance, bool fresh)
{
    const FormNode *n  = &s->p->nodes.at[node];
    int             up = n->type == Q_REPEAT ? instance_at(s, instance)->parent : instance;
    bool            in = n->parent < 0 || *relevant_at(s, n->parent, up);
    bool           *to = relevant_at(s, node, instance);
    *to = in && (n->relevant < 0 || form_is_true(s, a, n->relevant, instance, true));
    if (form_calculates(n) && *to)
        calculate(s, a, node, instance, fresh);
}

static bool asked_around(const FormState *s, int repeat, int parent)
{
    int around = s->p->nodes.at[repeat].parent;
    return around < 0 || *relevant_at(s, around, s->p->nodes.at[around].repeat < 0 ? 0 : parent);
}

/* How many instances repeat_count asks for; those beyond are not there. */
static void count_instances(FormState *s, Arena *a, int repeat, int parent)
{
    FormPlace *place = &s->in->at[parent];
    FormRange *r     = &place->kids[s->p->code->tree.repeat_number[repeat]];
    int        expr  = s->p->nodes.at[repeat].repeat_count;
    Str        text  = S("");
    r->wanted        = -1;
    if (expr >= 0 && place->there && form_eval_text(s, a, expr, parent, &text)) {
        double x  = expr_number_read(text);
        r->wanted = !(x >= 1) ? 0 : x > FORM_MAX_INSTANCES ? FORM_MAX_INSTANCES : (int)x;
    }
    /* In a group that is not asked nothing can be counted: instances stay, not relevant, until it is asked again. */
    if (!asked_around(s, repeat, parent))
        r->wanted = -1;
    r->shown = r->wanted >= 0 && r->wanted < r->total && !s->as_sent ? r->wanted : r->total;
    for (int i = 0; i < r->total; i++)
        s->in->at[s->in->sorted[r->first + i]].there = place->there && i < r->shown;
}

static void evaluate(FormState *s, Arena *a, int node, bool fresh)
{
    const FormNode *n = &s->p->nodes.at[node];
    if (n->repeat < 0) {
        evaluate_at(s, a, node, 0, fresh);
        return;
    }
    if (n->type == Q_REPEAT) {
        int outer = form_outer_repeat(s->p, node);
        for (int i = 0; i < s->in->of_repeat_count[outer + 1]; i++)
            count_instances(s, a, node, s->in->of_repeat[outer + 1][i]);
    }
    for (int i = 0; i < s->in->of_repeat_count[n->repeat + 1]; i++) {
        int instance = s->in->of_repeat[n->repeat + 1][i];
        if (s->in->at[instance].there)
            evaluate_at(s, a, node, instance, fresh);
    }
}

/* ---- The table of instances ---------------------------------------------------------------------------------------------------- */

/* Instances of one parent and repeat side by side, by position. */
static void sort_instances(FormState *s, Arena *a)
{
    const FormTree    *t  = &s->p->code->tree;
    struct FormPlaces *in = s->in;
    size_t n = s->x->instances.len;
    int    next = 0;
    for (size_t i = 0; i <= n; i++) {
        int repeat     = i ? s->x->instances.at[i - 1].repeat : -1;
        in->at[i].kids = arena_new(a, FormRange, (size_t)t->blocks[repeat + 1].repeats);
    }
    for (size_t i = 0; i < n; i++) {
        const FormInstance *x = &s->x->instances.at[i];
        in->at[x->parent].kids[t->repeat_number[x->repeat]].total++;
    }
    for (size_t i = 0; i <= n; i++) {
        int repeat = i ? s->x->instances.at[i - 1].repeat : -1;
        for (int k = 0; k < t->blocks[repeat + 1].repeats; k++) {
            FormRange *r = &in->at[i].kids[k];
            r->first     = next;
            r->shown     = r->total;
            r->wanted    = -1;
            next += r->total;
        }
    }
    for (size_t i = 0; i < n; i++) {
        const FormInstance *x = &s->x->instances.at[i];
        in->sorted[in->at[x->parent].kids[t->repeat_number[x->repeat]].first + x->position - 1] = (int32_t)i + 1;
    }
}

/* All instances of each repeat in the order of the form; outer repeats have lower node numbers. */
static void list_instances(FormState *s, Arena *a)
{
    struct FormPlaces *in = s->in;
    size_t n = s->p->nodes.len;
    in->of_repeat          = arena_new(a, int32_t *, n + 1);
    in->of_repeat_count    = arena_new(a, int, n + 1);
    in->of_repeat[0]       = arena_new(a, int32_t, 1);
    in->of_repeat_count[0] = 1;
    for (size_t r = 0; r < n; r++) {
        if (s->p->nodes.at[r].type != Q_REPEAT)
            continue;
        int outer = form_outer_repeat(s->p, (int)r), count = 0;
        for (size_t i = 0; i < s->x->instances.len; i++)
            count += s->x->instances.at[i].repeat == (int)r;
        int32_t *to = in->of_repeat[r + 1] = arena_new(a, int32_t, (size_t)count);
        for (int i = 0; i < in->of_repeat_count[outer + 1]; i++) {
            const int32_t *kids;
            int            m = form_state_instances(s, (int)r, in->of_repeat[outer + 1][i], &kids);
            memcpy(to + in->of_repeat_count[r + 1], kids, sizeof *to * (size_t)m);
            in->of_repeat_count[r + 1] += m;
        }
    }
}

static void make_places(FormState *s, Arena *a)
{
    size_t n   = s->x->instances.len;
    s->in      = arena_new(a, struct FormPlaces, 1);
    s->in->at  = arena_new(a, FormPlace, n + 1);
    s->in->sorted      = arena_new(a, int32_t, n);
    s->in->at[0].there = true;
    for (size_t i = 1; i <= n; i++) {
        const FormInstance *x = &s->x->instances.at[i - 1];
        int nodes    = s->p->code->tree.blocks[x->repeat + 1].nodes;
        s->in->at[i] = (FormPlace){ .level = s->in->at[x->parent].level + 1, .there = true,
                                    .relevant = arena_new(a, bool, (size_t)nodes), .calculated = arena_new(a, Str, (size_t)nodes) };
    }
    sort_instances(s, a);
    list_instances(s, a);
}

/* once() and random() begin with what is kept beside the answers. */
static void begin_calculated(FormState *s)
{
    for (size_t i = 0; i < s->p->nodes.len; i++) {
        const FormNode *n = &s->p->nodes.at[i];
        if (!form_calculates(n) || n->cell < 0 || !s->p->code->exprs[n->calculation].uses)
            continue;
        if (n->repeat < 0)
            s->calculated[i] = s->x->at[n->cell];
        for (int k = 0; n->repeat >= 0 && k < s->in->of_repeat_count[n->repeat + 1]; k++) {
            int instance = s->in->of_repeat[n->repeat + 1][k];
            *calculated_at(s, (int)i, instance) = *form_cell(s->p, s->x, (int)i, instance);
        }
    }
}

static FormState state_make(const FormProgram *p, Arena *a, const FormAnswers *x, Time now, bool as_sent)
{
    size_t    n = p->nodes.len;
    FormState s = { .p = p, .x = x, .now = now, .relevant = arena_new(a, bool, n), .as_sent = as_sent };
    if (p->code->plain) {
        memset(s.relevant, true, n);
        return s;
    }
    s.calculated = arena_new(a, Str, n);
    if (p->code->tree.repeats)
        make_places(&s, a);
    begin_calculated(&s);
    for (size_t i = 0; i < n; i++)
        evaluate(&s, a, p->code->order[i], false);
    return s;
}

FormState form_state(const FormProgram *p, Arena *a, const FormAnswers *x, Time now)
{
    return state_make(p, a, x, now, false);
}

FormState form_state_sent(const FormProgram *p, Arena *a, const FormAnswers *x, Time now)
{
    return state_make(p, a, x, now, true);
}

void form_state_change(FormState *s, Arena *a, int node)
{
    const struct FormCode *code = s->p->code;
    size_t n     = s->p->nodes.len, open = 0;
    bool  *dirty = arena_new(a, bool, n);
    int   *queue = arena_new(a, int, n + 1);
    if (code->plain)
        return;
    queue[open++] = node;
    while (open) {
        int x = queue[--open];
        for (int i = code->behind_first[x]; i < code->behind_first[x + 1]; i++)
            if (!dirty[code->behind[i]]) {
                dirty[code->behind[i]] = true;
                queue[open++]          = code->behind[i];
            }
    }
    for (size_t i = 0; i < n; i++)
        if (dirty[code->order[i]])
            evaluate(s, a, code->order[i], true);
}

/* ---- Asked of a state ----------------------------------------------------------------------------------------------------------- */

bool form_state_read_only(FormState *s, Arena *a, int node, int instance)
{
    int expr = s->p->nodes.at[node].read_only;
    return form_calculates(&s->p->nodes.at[node]) || (expr >= 0 && form_is_true(s, a, expr, instance, false));
}

bool form_required_at(const FormState *s, Arena scratch, int node, int instance)
{
    FormState copy = *s;
    int       expr = s->p->nodes.at[node].required;
    return expr >= 0 && form_state_relevant(s, node, instance) && form_is_true(&copy, &scratch, expr, instance, false);
}

bool form_required(const FormState *s, Arena scratch, int node)
{
    return form_required_at(s, scratch, node, 0);
}

bool form_relevant(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node)
{
    bool conditions = false;
    for (int i = node; i >= 0; i = p->nodes.at[i].parent)
        conditions |= p->nodes.at[i].relevant >= 0;
    if (!conditions)
        return p->nodes.at[node].repeat < 0;
    FormState s = form_state(p, &scratch, x, now);
    return s.relevant[node];
}

/* The rows a filter leaves; all of them without one or past the work limit. */
static int32_t *rows_left(FormState *s, Arena *a, int node, int instance, int *out_count)
{
    const FormNode *n    = &s->p->nodes.at[node];
    int             all  = (int)s->p->lists.at[n->list].choices.len;
    int32_t        *rows = arena_new(a, int32_t, (size_t)all);
    ExprHost        host = form_host(s, instance);
    ExprValue       v;
    Err             e    = OK;
    *out_count = all;
    if (n->choice_filter >= 0 && !(e = expr_eval(&s->p->code->exprs[n->choice_filter], a, &host, &v))) {
        *out_count = v.set->count;
        for (int i = 0; i < v.set->count; i++)
            rows[i] = v.set->at ? v.set->at[i] : i;
        return rows;
    }
    s->stopped |= e != OK;
    for (int i = 0; i < all; i++)
        rows[i] = i;
    return rows;
}

/* Another one for each question and entry. */
static double chance_of(const FormState *s, int node, int instance)
{
    uint64_t by = (uint64_t)(s->x->mix ? s->x->mix : s->now.ms);
    by = (by ^ (uint64_t)node * 2654435761u ^ (uint64_t)instance * 40503u) * UINT64_C(0x9E3779B97F4A7C15);
    return (double)((by >> 33) % 2147483646);
}

int form_choices_left(FormState *s, Arena *a, int node, int instance, const int32_t **out)
{
    const FormNode *n = &s->p->nodes.at[node];
    int             count;
    int32_t        *rows = rows_left(s, a, node, instance, &count);
    *out = rows;
    if (!str_eq(form_param(n, S("randomize")), S("true")))
        return count;
    Str      seed  = S("");
    int32_t *order = arena_new(a, int32_t, (size_t)count), *mixed = arena_new(a, int32_t, (size_t)count);
    if (n->seed >= 0)
        form_eval_text(s, a, n->seed, instance, &seed);
    expr_shuffle(order, count, n->seed >= 0 ? expr_seed_of(seed) : chance_of(s, node, instance));
    for (int i = 0; i < count; i++)
        mixed[i] = rows[order[i]];
    *out = mixed;
    return count;
}

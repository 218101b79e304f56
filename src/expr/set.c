/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sets while an expression runs: nodes of the host in their instances, rows of tables. */
#include "expr/table.h"

#include <math.h>

ExprValue expr_set_new(ExprRun *run, ExprSet s)
{
    ExprSet *set = arena_new(run->a, ExprSet, 1);
    *set         = s;
    return (ExprValue){ .kind = EXPR_NODES, .set = set };
}

const ExprRef *expr_set_ref(const ExprSet *s, int i)
{
    return s->refs ? s->refs[i] : s->ref;
}

int expr_set_instance(const ExprSet *s, int i)
{
    return s->at ? s->at[i] : i;
}

bool expr_run_node(ExprRun *run, const ExprValue *nodes, int i, Str *out_text)
{
    const ExprSet *s = nodes->set;
    *out_text        = S("");
    expr_run_work(run, 1);
    if (!s->table && run->host->values) {
        *out_text = expr_to_text(run->a, &run->host->values[expr_set_ref(s, i)->node]);
        return true;
    }
    if (!s->table)
        return run->host->node && run->host->node(run->host->self, expr_set_ref(s, i)->node, expr_set_instance(s, i), out_text);
    if (s->column >= 0)
        *out_text = expr_table_cell(s->table, expr_set_instance(s, i), s->column);
    return s->column < 0 || out_text->len > 0;
}

ExprValue expr_set_value(ExprRun *run, const ExprSet *s, int i, bool *out_there)
{
    ExprValue nodes = { .kind = EXPR_NODES, .set = s };
    Str       text;
    if (!s->table && run->host->values) {
        *out_there = true;
        return run->host->values[expr_set_ref(s, i)->node];
    }
    *out_there = expr_run_node(run, &nodes, i, &text);
    return s->table ? expr_string(text) : expr_read(expr_set_ref(s, i)->kind, *out_there ? text : S(""));
}

/* The first node that is there stands for the set. */
ExprValue expr_set_first(ExprRun *run, const ExprSet *s)
{
    for (int i = 0; i < s->count && !run->stopped; i++) {
        bool      there;
        ExprValue v = expr_set_value(run, s, i, &there);
        if (there)
            return v;
    }
    return expr_string(S(""));
}

ExprValue expr_set_pick(ExprRun *run, const ExprSet *s, double index)
{
    ExprSet one = *s;
    int     i   = !(index >= 1) ? 0 : index > s->count ? s->count : (int)index - 1;
    one.count   = i < s->count;
    if (one.count) {
        int32_t *at = arena_new(run->a, int32_t, 1);
        *at      = expr_set_instance(s, i);
        one.at   = at;
        one.ref  = s->table ? NULL : expr_set_ref(s, i);
        one.refs = NULL;
    }
    return expr_set_new(run, one);
}

/* ---- Paths ------------------------------------------------------------------------------------------------- */

/* All instances of one ref, seen from one instance. */
static int instances_of(ExprRun *run, const ExprRef *ref, int from, const int32_t **out)
{
    const ExprHost *host = run->host;
    if (host->expand)
        return host->expand(host->self, run->a, ref, from, out);
    *out = arena_new(run->a, int32_t, 1);
    return 1;
}

/* Sets of different nodes, or from different instances, are put together here. */
typedef struct Gather { LIST(int32_t) at; LIST(const ExprRef *) refs; } Gather;

static void gather_add(ExprRun *run, Gather *g, const ExprRef *ref, int from)
{
    const int32_t *at;
    int            n = instances_of(run, ref, from, &at);
    expr_run_work(run, 1 + (size_t)n / 8);
    for (int i = 0; i < n && !run->stopped; i++) {
        size_t len = g->at.len;
        if (len && g->at.at[len - 1] == at[i] && g->refs.at[len - 1] == ref)
            continue;                                    /* two nodes of a repeat lead up to the same one */
        *list_add(run->a, &g->at)   = at[i];
        *list_add(run->a, &g->refs) = ref;
    }
}

static ExprValue gathered(ExprRun *run, const Gather *g)
{
    return expr_set_new(run, (ExprSet){ .column = -1, .count = (int)g->at.len, .refs = g->refs.at, .at = g->at.at });
}

ExprValue expr_set_of_refs(ExprRun *run, int first, int count, int from)
{
    const ExprRef *refs = run->code->refs + first;
    ExprSet        s    = { .column = -1, .ref = refs };
    Gather         g    = { 0 };
    if (count == 1) {
        s.count = instances_of(run, refs, from, &s.at);
        expr_run_work(run, 1 + (size_t)s.count / 8);
        return expr_set_new(run, s);
    }
    for (int i = 0; i < count; i++)
        gather_add(run, &g, &refs[i], from);
    return gathered(run, &g);
}

ExprValue expr_set_walk(ExprRun *run, const ExprSet *s, int first, int count)
{
    Gather g = { 0 };
    for (int i = 0; i < s->count && !run->stopped; i++)
        for (int k = 0; k < count; k++)
            gather_add(run, &g, &run->code->refs[first + k], expr_set_instance(s, i));
    return gathered(run, &g);
}

/* ---- Order of chance ------------------------------------------------------------------------------------------ */

void expr_shuffle(int32_t *out, int n, double seed)
{
    int64_t state = isnan(seed) || fabs(seed) > 9e18 ? 0 : (int64_t)seed % 2147483647;
    if (state <= 0)
        state += 2147483646;
    for (int i = 0; i < n; i++) {
        state = state * 16807 % 2147483647;
        int j = (int)((double)(state - 1) / 2147483646.0 * (i + 1));
        if (j != i)
            out[i] = out[j];
        out[j] = i;
    }
}

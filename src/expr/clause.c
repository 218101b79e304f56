/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The shape of a condition, for telling it to a person: which question, which comparison, which value. */
#include "expr/expr_parts.h"

typedef struct Shaper { Compiler *c; int fn_selected, fn_not; } Shaper;

static ExprClause shape(Shaper *s, const Tree *t);

static ExprClause joined(Shaper *s, ExprClauseKind kind, const Tree *t)
{
    ExprClause *parts = arena_new(s->c->keep, ExprClause, (size_t)t->kid_count);
    for (int i = 0; i < t->kid_count; i++)
        parts[i] = shape(s, t->kids[i]);
    return (ExprClause){ .kind = kind, .parts = parts, .part_count = t->kid_count };
}

static bool is_node(const Tree *t)
{
    return t->op == TREE_NODES && t->count == 1 && !t->kid_count;
}

static Str value_text(Shaper *s, const Tree *t)
{
    return arena_str(s->c->keep, expr_to_text(s->c->keep, &t->value));
}

/* A question on one side, a value on the other; "18 < ${age}" is turned round. */
static ExprClause comparison(Shaper *s, const Tree *t)
{
    static const ExprOrder order[] = { ORDER_EQ, ORDER_NE, ORDER_LT, ORDER_LE, ORDER_GT, ORDER_GE };
    static const ExprOrder turned[] = { ORDER_EQ, ORDER_NE, ORDER_GT, ORDER_GE, ORDER_LT, ORDER_LE };
    const Tree *x = t->kids[0], *y = t->kids[1];
    bool        turn = is_node(y) && x->op == TREE_VALUE;
    if (!turn && !(is_node(x) && y->op == TREE_VALUE))
        return (ExprClause){ 0 };
    return (ExprClause){ .kind = CLAUSE_COMPARE, .order = turn ? turned[t->op - TREE_EQ] : order[t->op - TREE_EQ],
                         .node = s->c->refs.at[turn ? y->first : x->first].node, .value = value_text(s, turn ? x : y) };
}

static ExprClause shape(Shaper *s, const Tree *t)
{
    if (t->op == TREE_AND || t->op == TREE_OR)
        return joined(s, t->op == TREE_AND ? CLAUSE_ALL : CLAUSE_ANY, t);
    if (t->op >= TREE_EQ && t->op <= TREE_GE)
        return comparison(s, t);
    if (t->op != TREE_CALL || t->of_host)
        return (ExprClause){ 0 };
    if (t->fn == s->fn_not)
        return joined(s, CLAUSE_NOT, t);
    if (t->fn == s->fn_selected && is_node(t->kids[0]) && t->kids[1]->op == TREE_VALUE)
        return (ExprClause){ .kind = CLAUSE_SELECTED, .node = s->c->refs.at[t->kids[0]->first].node, .value = value_text(s, t->kids[1]) };
    return (ExprClause){ 0 };
}

bool expr_clause(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library, ExprClause *out)
{
    ExprFaults faults = { 0 };
    Compiler   c = { .keep = keep, .scratch = &scratch, .source = source, .names = names, .library = library, .faults = &faults };
    Shaper     s = { &c, expr_function_find(expr_functions, expr_function_count, S("selected")),
                     expr_function_find(expr_functions, expr_function_count, S("not")) };
    Tree *t = source.len > EXPR_MAX_BYTES ? NULL : expr_parse(&c);
    if (!t || c.failed)
        return false;
    *out = shape(&s, t);
    return true;
}

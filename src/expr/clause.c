/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The shape of a condition, for telling it to a person: which question, which comparison, which value. */
#include "expr/expr_parts.h"

typedef enum ShapedCall { CALL_SELECTED, CALL_NOT, CALL_CONTAINS, CALL_REGEX, CALL_LENGTH, CALL_COUNT, CALL_TODAY, CALL_KINDS } ShapedCall;
typedef struct Shaper { Compiler *c; int fn[CALL_KINDS]; } Shaper;

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

static bool is_call(const Shaper *s, const Tree *t, ShapedCall which)
{
    return t->op == TREE_CALL && !t->of_host && t->fn == s->fn[which];
}

/* The node in string-length(node) and the like; NULL: it is none. */
static const Tree *measured(const Shaper *s, const Tree *t, ExprClauseKind *kind)
{
    bool length = is_call(s, t, CALL_LENGTH), count = is_call(s, t, CALL_COUNT);
    if ((!length && !count) || t->kid_count != 1 || !is_node(t->kids[0]))
        return NULL;
    *kind = length ? CLAUSE_LENGTH : CLAUSE_COUNT;
    return t->kids[0];
}

static bool is_side(const Shaper *s, const Tree *t)
{
    ExprClauseKind kind;
    return is_node(t) || measured(s, t, &kind);
}

/* A question on one side, a value on the other; "18 < ${age}" is turned round. */
static ExprClause comparison(Shaper *s, const Tree *t)
{
    static const ExprOrder order[] = { ORDER_EQ, ORDER_NE, ORDER_LT, ORDER_LE, ORDER_GT, ORDER_GE };
    static const ExprOrder turned[] = { ORDER_EQ, ORDER_NE, ORDER_GT, ORDER_GE, ORDER_LT, ORDER_LE };
    bool        turn = is_side(s, t->kids[1]) && !is_side(s, t->kids[0]);
    const Tree *x = t->kids[turn], *y = t->kids[!turn], *of;
    ExprClause  out = { .kind = CLAUSE_COMPARE, .order = turn ? turned[t->op - TREE_EQ] : order[t->op - TREE_EQ] };
    if (!is_side(s, x))
        return (ExprClause){ 0 };
    of       = is_node(x) ? x : measured(s, x, &out.kind);
    out.node = s->c->refs.at[of->first].node;
    if (is_call(s, y, CALL_TODAY) && out.kind == CLAUSE_COMPARE) {
        out.kind = CLAUSE_TODAY;
        return out;
    }
    if (y->op != TREE_VALUE)
        return (ExprClause){ 0 };
    out.value      = value_text(s, y);
    out.value_kind = y->value.kind;
    return out;
}

static ExprClause about(Shaper *s, ExprClauseKind kind, const Tree *t)
{
    if (t->kid_count != 2 || !is_node(t->kids[0]) || t->kids[1]->op != TREE_VALUE)
        return (ExprClause){ 0 };
    return (ExprClause){ .kind = kind, .node = s->c->refs.at[t->kids[0]->first].node, .value = value_text(s, t->kids[1]) };
}

static ExprClause shape(Shaper *s, const Tree *t)
{
    if (t->op == TREE_AND || t->op == TREE_OR)
        return joined(s, t->op == TREE_AND ? CLAUSE_ALL : CLAUSE_ANY, t);
    if (t->op >= TREE_EQ && t->op <= TREE_GE)
        return comparison(s, t);
    if (is_call(s, t, CALL_NOT))
        return joined(s, CLAUSE_NOT, t);
    if (is_call(s, t, CALL_SELECTED))
        return about(s, CLAUSE_SELECTED, t);
    if (is_call(s, t, CALL_CONTAINS))
        return about(s, CLAUSE_CONTAINS, t);
    if (is_call(s, t, CALL_REGEX))
        return about(s, CLAUSE_MATCHES, t);
    return (ExprClause){ 0 };
}

bool expr_clause(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library, ExprClause *out)
{
    ExprFaults faults = { 0 };
    Compiler   c = { .keep = keep, .scratch = &scratch, .source = source, .names = names, .library = library, .faults = &faults };
    static const char *const calls[CALL_KINDS] = { "selected", "not", "contains", "regex", "string-length", "count-selected", "today" };
    Shaper     s = { .c = &c };
    for (int i = 0; i < CALL_KINDS; i++)
        s.fn[i] = expr_function_find(expr_functions, expr_function_count, str_from_c(calls[i]));
    Tree *t = source.len > EXPR_MAX_BYTES ? NULL : expr_parse(&c);
    if (!t || c.failed)
        return false;
    *out = shape(&s, t);
    return true;
}

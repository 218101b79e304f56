/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The order of evaluation: each node after what its conditions and calculation read, and after its group.
 * A loop is refused, with the rows along it. Constraints may name their own node. */
#include "form/form_parts.h"

typedef struct Edge { int to; int expr; } Edge;             /* expr -1: the group */
typedef LIST(Edge) Edges;
typedef struct Visit { int node; size_t next; int by; } Visit;

/* A running total reads its own node in earlier instances: no loop, they are evaluated in order. */
static void edges_of_expr(Reader *r, const struct FormCode *code, int node, int expr, Edges *out)
{
    if (expr < 0)
        return;
    for (int i = 0; i < code->exprs[expr].ref_count; i++) {
        const ExprRef *ref = &code->exprs[expr].refs[i];
        if (!ref->once && !(ref->earlier && ref->node == node))
            *list_add(r->scratch, out) = (Edge){ ref->node, expr };
    }
}

static Edges edges_of(Reader *r, const struct FormCode *code, int node)
{
    const FormNode *n = &r->p->nodes.at[node];
    Edges edges = { 0 };
    if (n->parent >= 0)
        *list_add(r->scratch, &edges) = (Edge){ n->parent, -1 };
    edges_of_expr(r, code, node, n->relevant, &edges);
    if (!n->trigger_count)
        edges_of_expr(r, code, node, n->calculation, &edges);
    edges_of_expr(r, code, node, n->required, &edges);
    edges_of_expr(r, code, node, n->read_only, &edges);
    edges_of_expr(r, code, node, n->repeat_count, &edges);
    edges_of_expr(r, code, node, n->choice_filter, &edges);
    return edges;
}

static ColumnId column_of(const FormNode *n, int expr)
{
    return expr == n->relevant ? COL_RELEVANT : expr == n->calculation ? COL_CALCULATION : expr == n->read_only ? COL_READ_ONLY
           : expr == n->repeat_count ? COL_REPEAT_COUNT : expr == n->choice_filter ? COL_CHOICE_FILTER : COL_REQUIRED;
}

/* path[0] … path[len - 1] and back to path[0]; the first of them whose own expression leads on is blamed. */
static void report_cycle(Reader *r, const Visit *path, const int *by, size_t len)
{
    size_t first = 0;
    while (first < len && by[first] < 0)
        first++;
    first = first == len ? 0 : first;
    const FormNode *n = &r->p->nodes.at[path[first].node];
    Buf rows = buf_new(r->keep, 64), vi = buf_new(r->keep, 64), en = buf_new(r->keep, 64);
    for (size_t i = 0; i <= len; i++) {
        const FormNode *x = &r->p->nodes.at[path[(first + i) % len].node];
        buf_fmt(&rows, i ? " -> %d" : "%d", x->row);
        if (i == len)
            break;
        const FormNode *y = &r->p->nodes.at[path[(first + i + 1) % len].node];
        buf_fmt(&vi, "%s“%.*s” cần “%.*s”", i ? ", " : "", STR_ARG(x->leaf), STR_ARG(y->leaf));
        buf_fmt(&en, "%s“%.*s” needs “%.*s”", i ? ", " : "", STR_ARG(x->leaf), STR_ARG(y->leaf));
    }
    int   column = r->survey.first[column_of(n, by[first])][LANG_NONE];
    Place at     = { SHEET_SURVEY, n->row, column < 0 ? 0 : column, column < 0 ? S("") : r->survey.at[column].header };
    form_issue(r, at, "E-CYCLE", SAY("vòng lặp ở hàng %.*s: %.*s. Bỏ một trong các điều kiện này.", STR_ARG(buf_str(&rows)), STR_ARG(buf_str(&vi))),
               SAY("a loop in rows %.*s: %.*s. Take one of these conditions away.", STR_ARG(buf_str(&rows)), STR_ARG(buf_str(&en))));
}

/* A back edge from the top of the stack to a node that is still open. */
static void found_cycle(Reader *r, const Visit *stack, size_t depth, int to, int expr)
{
    size_t from = depth;
    while (stack[from - 1].node != to)
        from--;
    size_t len = depth - (from - 1);
    int   *by  = arena_new(r->scratch, int, len);
    for (size_t i = 0; i + 1 < len; i++)
        by[i] = stack[from + i].by;
    by[len - 1] = expr;
    report_cycle(r, &stack[from - 1], by, len);
}

/* "after comes after before", for all pairs: items of node n are items[first[n]] … items[first[n + 1] - 1]. */
typedef struct Pair { int before, after; } Pair;
typedef LIST(Pair) Pairs;

static void lists_of(Arena *keep, size_t n, const Pairs *pairs, int **out_first, int **out_items)
{
    int *first = arena_new(keep, int, n + 2), *items = arena_new(keep, int, pairs->len);
    for (size_t i = 0; i < pairs->len; i++)
        first[pairs->at[i].before + 2]++;
    for (size_t i = 1; i < n + 2; i++)
        first[i] += first[i - 1];
    for (size_t i = 0; i < pairs->len; i++)      /* first[n + 1] runs from the begin of n to its end */
        items[first[pairs->at[i].before + 1]++] = pairs->at[i].after;
    *out_first = first;
    *out_items = items;
}

static void find_behind(Reader *r, struct FormCode *code, const Edges *edges)
{
    size_t n = r->p->nodes.len;
    Pairs  behind = { 0 }, triggered = { 0 };
    for (size_t i = 0; i < n; i++) {
        const FormNode *x = &r->p->nodes.at[i];
        for (size_t k = 0; k < edges[i].len; k++)
            *list_add(r->scratch, &behind) = (Pair){ edges[i].at[k].to, (int)i };
        for (size_t k = 0; k < x->trigger_count; k++)
            *list_add(r->scratch, &triggered) = (Pair){ x->triggers[k], (int)i };
    }
    lists_of(r->keep, n, &behind, &code->behind_first, &code->behind);
    lists_of(r->keep, n, &triggered, &code->triggered_first, &code->triggered);
}

void form_order(Reader *r, struct FormCode *code)
{
    size_t n     = r->p->nodes.len, done = 0;
    char  *state = arena_new(r->scratch, char, n);           /* 0 new, 1 open, 2 done */
    Visit *stack = arena_new(r->scratch, Visit, n + 1);
    Edges *edges = arena_new(r->scratch, Edges, n);
    code->order  = arena_new(r->keep, int, n);
    code->plain  = true;
    for (size_t i = 0; i < n; i++) {
        edges[i] = edges_of(r, code, (int)i);
        code->plain &= r->p->nodes.at[i].relevant < 0 && r->p->nodes.at[i].calculation < 0 && r->p->nodes.at[i].type != Q_REPEAT;
    }
    find_behind(r, code, edges);
    for (size_t i = 0; i < n; i++) {
        size_t depth = 0;
        if (state[i])
            continue;
        stack[depth++] = (Visit){ (int)i, 0, -1 };
        state[i]       = 1;
        while (depth) {
            Visit *v = &stack[depth - 1];
            if (v->next == edges[v->node].len) {
                state[v->node]      = 2;
                code->order[done++] = v->node;
                depth--;
                continue;
            }
            Edge e = edges[v->node].at[v->next++];
            if (state[e.to] == 1)
                found_cycle(r, stack, depth, e.to, e.expr);
            if (state[e.to])
                continue;
            stack[depth++] = (Visit){ e.to, 0, e.expr };
            state[e.to]    = 1;
        }
    }
}

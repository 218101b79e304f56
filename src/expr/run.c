/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The loop over flat steps with a value stack. No recursion; memory only for texts that functions make. */
#include "expr/expr_parts.h"

#include <math.h>

Arena *expr_run_arena(ExprRun *run) { return run->a; }
const ExprHost *expr_run_host(ExprRun *run) { return run->host; }

void expr_run_work(ExprRun *run, size_t steps)
{
    run->work += steps;
    if (run->work > EXPR_MAX_WORK)
        run->stopped = true;
}

bool expr_run_node(ExprRun *run, const ExprValue *nodes, int i, Str *out_text)
{
    const ExprRef *ref = &run->code->refs[nodes->first + i];
    *out_text          = S("");
    expr_run_work(run, 1);
    return run->host->node && run->host->node(run->host->self, ref->node, out_text);
}

static ExprValue node_value(ExprRun *run, int first)
{
    Str       text;
    ExprValue one = { .kind = EXPR_NODES, .first = first, .count = 1 };
    if (!expr_run_node(run, &one, 0, &text))
        text = S("");
    return expr_read(run->code->refs[first].kind, text);
}

/* JavaRosa's rule: a boolean makes it boolean, a number numeric (within 1e-12), else the bytes decide. */
static bool equal(Arena *a, const ExprValue *x, const ExprValue *y)
{
    if (x->kind == EXPR_BOOLEAN || y->kind == EXPR_BOOLEAN)
        return expr_to_boolean(x) == expr_to_boolean(y);
    if (x->kind == EXPR_STRING && y->kind == EXPR_STRING)
        return str_eq(x->text, y->text);
    return fabs(expr_to_number(x) - expr_to_number(y)) < 1e-12;
}

static ExprValue binary(ExprRun *run, TreeOp op, const ExprValue *x, const ExprValue *y)
{
    if (op == TREE_EQ || op == TREE_NE)
        return expr_boolean(equal(run->a, x, y) == (op == TREE_EQ));
    double a = expr_to_number(x), b = expr_to_number(y);
    switch (op) {
    case TREE_LT: return expr_boolean(a < b);
    case TREE_LE: return expr_boolean(a <= b);
    case TREE_GT: return expr_boolean(a > b);
    case TREE_GE: return expr_boolean(a >= b);
    case TREE_ADD: return expr_number(a + b);
    case TREE_SUB: return expr_number(a - b);
    case TREE_MUL: return expr_number(a * b);
    case TREE_DIV: return expr_number(a / b);
    default: return expr_number(fmod(a, b));
    }
}

static bool is_something(const ExprValue *v)
{
    return v->kind == EXPR_STRING ? v->text.len > 0 : !isnan(v->number);
}

static ExprValue call(ExprRun *run, const ExprFunction *table, const ExprStep *s, const ExprValue *args)
{
    return table[s->arg].call(run, args, s->count);
}

/* Runs from step 0; top points one above the last value. */
static ExprValue *run_steps(ExprRun *run, ExprValue *top)
{
    const ExprCode *code = run->code;
    for (int i = 0; i < code->step_count && !run->stopped; i++) {
        const ExprStep *s = &code->steps[i];
        expr_run_work(run, 1);
        switch (s->op) {
        case STEP_VALUE: *top++ = code->values[s->arg]; break;
        case STEP_NODE: *top++ = node_value(run, s->arg); break;
        case STEP_NODES: *top++ = (ExprValue){ .kind = EXPR_NODES, .first = s->arg, .count = s->count }; break;
        case STEP_BOOLEAN: top[-1] = expr_boolean(expr_to_boolean(&top[-1])); break;
        case STEP_JUMP: i = s->arg - 1; break;
        case STEP_JUMP_FALSE:
            if (!expr_to_boolean(--top))
                i = s->arg - 1;
            break;
        case STEP_AND:
        case STEP_OR:
            if (expr_to_boolean(&top[-1]) == (s->op == STEP_OR))
                i = s->arg - 1;
            else
                top--;
            break;
        case STEP_COALESCE:
            if (is_something(&top[-1]))
                i = s->arg - 1;
            else
                top--;
            break;
        case STEP_NEG: top[-1] = expr_number(-expr_to_number(&top[-1])); break;
        case STEP_PATTERN:
            top[-1] = expr_boolean(regex_match(run, code->patterns[s->arg], expr_to_text(run->a, &top[-1])));
            break;
        case STEP_CALL:
        case STEP_CALL_HOST:
            top -= s->count;
            *top = call(run, s->op == STEP_CALL ? expr_functions : code->library->functions, s, top);
            top++;
            break;
        default:
            top[-2] = binary(run, (TreeOp)(s->op - STEP_BINARY), &top[-2], &top[-1]);
            top--;
        }
    }
    return top;
}

Err expr_eval(const ExprCode *code, Arena *a, const ExprHost *host, ExprValue *out)
{
    ExprValue  few[16];
    ExprRun    run   = { .code = code, .a = a, .host = host };
    ExprValue *stack = code->stack <= (int)COUNT_OF(few) ? few : arena_new(a, ExprValue, (size_t)code->stack);
    ExprValue *top   = run_steps(&run, stack);
    if (run.stopped)
        return err_new(a, ERR_LIMIT, S("an expression took more than 1,000,000 steps"));
    *out = top[-1];
    return OK;
}

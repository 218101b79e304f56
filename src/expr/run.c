/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The loop over flat steps with a value stack. No recursion; memory only for texts that functions make. */
#include "expr/table.h"

#include <math.h>

Arena *expr_run_arena(ExprRun *run) { return run->a; }
const ExprHost *expr_run_host(ExprRun *run) { return run->host; }

void expr_run_work(ExprRun *run, size_t steps)
{
    run->work += steps;
    if (run->work > EXPR_MAX_WORK)
        run->stopped = true;
}

/* The instance that frame f stands in. */
static int frame_instance(const ExprRun *run, int f)
{
    return f ? expr_set_instance(run->frames[f].set, run->frames[f].at) : run->host->instance;
}

static ExprValue node_value(ExprRun *run, const ExprStep *s)
{
    const ExprHost *host = run->host;
    const ExprRef  *ref  = &run->code->refs[s->arg];
    if (host->values)
        return host->values[ref->node];
    int             from = frame_instance(run, s->fn), at = host->locate ? host->locate(host->self, ref, from) : 0;
    Str             text = S("");
    if (at < 0 || !host->node || !host->node(host->self, ref->node, at, &text))
        text = S("");
    return expr_read(ref->kind, text);
}

static ExprValue cell_value(const ExprRun *run, const ExprStep *s)
{
    const Frame *f = &run->frames[s->fn];
    return expr_string(expr_table_cell(f->set->table, expr_set_instance(f->set, f->at), s->arg));
}

/* ---- Conditions on sets ------------------------------------------------------------------------------- */

/* False: nothing to filter, the set itself is the result. */
static bool filter_begin(ExprRun *run, int frame, const ExprSet *set)
{
    Frame *f = &run->frames[frame];
    if (!set->count)
        return false;
    *f = (Frame){ .set = set, .kept_at = arena_new(run->a, int32_t, (size_t)set->count),
                  .kept_refs = set->refs ? arena_new(run->a, const ExprRef *, (size_t)set->count) : NULL };
    return true;
}

/* True: on to the next one. False: *out is what was kept. */
static bool filter_keep(ExprRun *run, int frame, const ExprValue *v, ExprValue *out)
{
    Frame *f    = &run->frames[frame];
    bool   keep = v->kind == EXPR_NUMBER && !v->text.len ? v->number == f->at + 1 : expr_to_boolean(v);
    if (keep) {
        if (f->kept_refs)
            f->kept_refs[f->kept] = expr_set_ref(f->set, f->at);
        f->kept_at[f->kept++] = expr_set_instance(f->set, f->at);
    }
    if (++f->at < f->set->count)
        return true;
    ExprSet set = *f->set;
    set.count = f->kept;
    set.at    = f->kept_at;
    set.refs  = f->kept_refs;
    *out      = expr_set_new(run, set);
    return false;
}

static ExprValue column_of(ExprRun *run, const ExprSet *rows, int column)
{
    ExprSet set = *rows;
    set.column  = column;
    return expr_set_new(run, set);
}

/* ---- Operators ------------------------------------------------------------------------------------------ */

/* JavaRosa's rule: a boolean makes it boolean, a number numeric (within 1e-12), else the bytes decide. */
bool expr_equal(const ExprValue *x, const ExprValue *y)
{
    if (x->kind == EXPR_BOOLEAN || y->kind == EXPR_BOOLEAN)
        return expr_to_boolean(x) == expr_to_boolean(y);
    if (x->kind == EXPR_STRING && y->kind == EXPR_STRING)
        return str_eq(x->text, y->text);
    return fabs(expr_to_number(x) - expr_to_number(y)) < 1e-12;
}

void expr_refuse(ExprRun *run, const char *why)
{
    if (!run->refused)
        run->refused = why;
    run->stopped = true;
}

static ExprValue binary(ExprRun *run, TreeOp op, const ExprValue *x, const ExprValue *y)
{
    if (op == TREE_EQ || op == TREE_NE)
        return expr_boolean(expr_equal(x, y) == (op == TREE_EQ));
    double a = expr_to_number(x), b = expr_to_number(y);
    if (run->host->strict && (isnan(a) || isnan(b)))
        expr_refuse(run, EXPR_NO_NUMBER);
    if (run->host->strict && b == 0 && (op == TREE_DIV || op == TREE_MOD))
        expr_refuse(run, EXPR_BY_ZERO);
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
    ExprValue v = table[s->arg].call(run, args, s->count);
    if (run->host->strict && v.kind == EXPR_NUMBER && isnan(v.number))
        expr_refuse(run, EXPR_NO_NUMBER);
    return v;
}

static ExprValue *set_step(ExprRun *run, const ExprStep *s, ExprValue *top)
{
    switch (s->op) {
    case STEP_SET: *top++ = expr_set_of_refs(run, s->arg, s->count, frame_instance(run, s->fn)); break;
    case STEP_WALK: top[-1] = expr_set_walk(run, top[-1].set, s->arg, s->count); break;
    case STEP_ROWS: *top++ = expr_set_new(run, (ExprSet){ run->code->tables[s->arg], -1, run->code->tables[s->arg]->row_count, NULL, NULL, NULL });
        break;
    case STEP_LOOKUP: top[-1] = expr_set_lookup(run, run->code->tables[s->arg], s->fn | s->count << 8, &top[-1]); break;
    case STEP_COLUMN: top[-1] = column_of(run, top[-1].set, s->arg); break;
    case STEP_FIRST: top[-1] = expr_set_first(run, top[-1].set); break;
    default:
        top[-2] = expr_set_pick(run, top[-2].set, expr_to_number(&top[-1]));
        top--;
    }
    return top;
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
        case STEP_NODE: *top++ = node_value(run, s); break;
        case STEP_CELL: *top++ = cell_value(run, s); break;
        case STEP_POSITION: *top++ = expr_number(run->frames[s->fn].at + 1); break;
        case STEP_SET: case STEP_WALK: case STEP_ROWS: case STEP_LOOKUP: case STEP_COLUMN: case STEP_PICK: case STEP_FIRST:
            top = set_step(run, s, top);
            break;
        case STEP_FILTER:
            if (filter_begin(run, s->fn, top[-1].set))
                top--;
            else
                i = s->arg - 1;
            break;
        case STEP_KEEP: {
            ExprValue kept;
            if (filter_keep(run, s->fn, --top, &kept))
                i = s->arg - 1;
            else
                *top++ = kept;
            break;
        }
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
    Frame      shallow[4];
    ExprRun    run   = { .code = code, .a = a, .host = host };
    ExprValue *stack = code->stack <= (int)COUNT_OF(few) ? few : arena_new(a, ExprValue, (size_t)code->stack);
    run.frames       = code->frames < (int)COUNT_OF(shallow) ? shallow : arena_new(a, Frame, (size_t)code->frames + 1);
    ExprValue *top   = run_steps(&run, stack);
    if (run.refused)
        return err_new(a, ERR_INVALID, str_from_c(run.refused));
    if (run.stopped)
        return err_new(a, ERR_LIMIT, S("an expression took more than 1,000,000 steps"));
    *out = top[-1];
    return OK;
}

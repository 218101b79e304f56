/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tree to flat steps: operands first, if and or coalesce as jumps. Counts how deep the value stack grows. */
#include "expr/expr_parts.h"

static int step_add(Compiler *c, StepOp op, int fn, int count, int arg, int grow)
{
    *list_add(c->keep, &c->steps) = (ExprStep){ (uint8_t)op, (uint8_t)fn, (uint16_t)count, arg };
    c->stack += grow;
    if (c->stack > c->stack_max)
        c->stack_max = c->stack;
    return (int)c->steps.len - 1;
}

static void jump_here(Compiler *c, int step)
{
    c->steps.at[step].arg = (int)c->steps.len;
}

static void emit_logic(Compiler *c, const Tree *t)
{
    expr_emit(c, t->kids[0], false);
    step_add(c, STEP_BOOLEAN, 0, 0, 0, 0);
    int end = step_add(c, t->op == TREE_AND ? STEP_AND : STEP_OR, 0, 0, 0, -1);
    expr_emit(c, t->kids[1], false);
    step_add(c, STEP_BOOLEAN, 0, 0, 0, 0);
    jump_here(c, end);
}

static void emit_if(Compiler *c, const Tree *t)
{
    expr_emit(c, t->kids[0], false);
    int otherwise = step_add(c, STEP_JUMP_FALSE, 0, 0, 0, -1);
    expr_emit(c, t->kids[1], false);
    int end = step_add(c, STEP_JUMP, 0, 0, 0, -1);
    jump_here(c, otherwise);
    expr_emit(c, t->kids[2], false);
    jump_here(c, end);
}

/* Each COALESCE leaves a value that is something and jumps to the end, or drops it. */
static void emit_coalesce(Compiler *c, const Tree *t)
{
    int *ends = arena_new(c->scratch, int, (size_t)t->kid_count);
    for (int i = 0; i < t->kid_count; i++) {
        expr_emit(c, t->kids[i], false);
        if (i + 1 < t->kid_count)
            ends[i] = step_add(c, STEP_COALESCE, 0, 0, 0, -1);
    }
    for (int i = 0; i + 1 < t->kid_count; i++)
        jump_here(c, ends[i]);
}

static bool takes_nodes(const Compiler *c, const Tree *t, int i)
{
    const char *args = (t->of_host ? c->library->functions : expr_functions)[t->fn].args;
    char        last = 'a';
    for (; *args; args++) {
        if (*args == '?' || *args == '*')
            continue;
        last = *args;
        if (i-- == 0)
            break;
    }
    return last == 'N' || last == 'M';
}

static void emit_call(Compiler *c, const Tree *t)
{
    if (t->pattern) {
        expr_emit(c, t->kids[0], false);
        *list_add(c->keep, &c->patterns) = t->pattern;
        step_add(c, STEP_PATTERN, 0, 0, (int)c->patterns.len - 1, 0);
        return;
    }
    for (int i = 0; i < t->kid_count; i++)
        expr_emit(c, t->kids[i], takes_nodes(c, t, i));
    step_add(c, t->of_host ? STEP_CALL_HOST : STEP_CALL, 0, t->kid_count, t->fn, 1 - t->kid_count);
}

void expr_emit(Compiler *c, const Tree *t, bool as_nodes)
{
    if (c->steps.len > EXPR_MAX_STEPS)
        return;                                  /* reported by expr_compile */
    switch (t->op) {
    case TREE_VALUE:
        *list_add(c->keep, &c->values) = t->value;
        step_add(c, STEP_VALUE, 0, 0, (int)c->values.len - 1, 1);
        break;
    case TREE_NODES: step_add(c, as_nodes ? STEP_NODES : STEP_NODE, 0, t->count, t->first, 1); break;
    case TREE_CALL: emit_call(c, t); break;
    case TREE_IF: emit_if(c, t); break;
    case TREE_COALESCE: emit_coalesce(c, t); break;
    case TREE_OR:
    case TREE_AND: emit_logic(c, t); break;
    case TREE_NEG:
        expr_emit(c, t->kids[0], false);
        step_add(c, STEP_NEG, 0, 0, 0, 0);
        break;
    default:
        expr_emit(c, t->kids[0], false);
        expr_emit(c, t->kids[1], false);
        step_add(c, (StepOp)(STEP_BINARY + t->op), 0, 0, 0, -1);
    }
}

/* Texts of values point into the source or the working memory: copies that live with the code. */
static void keep_values(Compiler *c)
{
    for (size_t i = 0; i < c->values.len; i++)
        c->values.at[i].text = arena_str(c->keep, c->values.at[i].text);
}

bool expr_compile(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library,
                  ExprFaults *faults, ExprCode *out)
{
    Compiler c = { .keep = keep, .scratch = &scratch, .source = source, .names = names, .library = library, .faults = faults };
    if (source.len > EXPR_MAX_BYTES) {
        expr_fail(&c, EXPR_MAX_BYTES, "E-LIMIT", S("biểu thức dài quá 8.192 byte. Tách thành nhiều câu tính (calculate) nhỏ hơn."),
                  S("the expression is longer than 8,192 bytes. Split it into several calculate rows."));
        return false;
    }
    Tree *t = expr_parse(&c);
    if (t && t->op == TREE_NODES && t->count != 1)
        expr_fail(&c, t->at, "E-PATH",
                  S("đường dẫn này trỏ tới nhiều câu hỏi, ở đây chỉ dùng được một. Viết tên một câu hỏi."),
                  S("this path leads to several questions where one value is needed. Name one question."));
    if (c.failed)
        return false;
    expr_emit(&c, t, false);
    if (c.steps.len > EXPR_MAX_STEPS) {
        expr_fail(&c, 0, "E-LIMIT", S("biểu thức quá 4.096 bước tính. Tách thành nhiều câu tính (calculate) nhỏ hơn."),
                  S("the expression has more than 4,096 steps. Split it into several calculate rows."));
        return false;
    }
    keep_values(&c);
    ExprRef *refs = arena_new(keep, ExprRef, c.refs.len);
    for (size_t i = 0; i < c.refs.len; i++) {
        refs[i]    = c.refs.at[i];
        refs[i].at = (int)expr_char_count(str_take(source, (size_t)refs[i].at));
    }
    *out = (ExprCode){ c.steps.at, c.values.at, refs, c.patterns.at, library, (int)c.steps.len, (int)c.values.len,
                       (int)c.refs.len, c.stack_max, t->kind };
    return true;
}

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
    char        letter = expr_letter_of(args, i);
    return letter == 'N' || letter == 'M';
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

static void emit_nodes(Compiler *c, const Tree *t)
{
    if (t->kid_count) {
        expr_emit(c, t->kids[0], true);
        step_add(c, STEP_WALK, 0, t->count, t->first, 0);
        return;
    }
    step_add(c, STEP_SET, t->frame, t->count, t->first, 1);
}

static void emit_rows(Compiler *c, const Tree *t)
{
    if (t->kid_count) {
        expr_emit(c, t->kids[0], true);
        step_add(c, STEP_COLUMN, 0, 0, t->column, 0);
        return;
    }
    if (t->key) {
        expr_emit(c, t->key, false);
        step_add(c, STEP_LOOKUP, t->by & 255, t->by >> 8, t->table, 0);
    } else
        step_add(c, STEP_ROWS, 0, 0, t->table, 1);
    if (t->column >= 0)
        step_add(c, STEP_COLUMN, 0, 0, t->column, 0);
}

static void emit_filter(Compiler *c, const Tree *t)
{
    expr_emit(c, t->kids[0], true);
    int begin = step_add(c, STEP_FILTER, t->frame, 0, 0, -1);
    expr_emit(c, t->kids[1], false);
    step_add(c, STEP_KEEP, t->frame, 0, begin + 1, 0);
    jump_here(c, begin);
}

static bool is_one_node(const Compiler *c, const Tree *t)
{
    return t->op == TREE_NODES && !t->kid_count && t->count == 1 && c->refs.at[t->first].pin == c->refs.at[t->first].depth;
}

static void emit_set(Compiler *c, const Tree *t, bool as_nodes)
{
    if (!as_nodes && is_one_node(c, t)) {
        step_add(c, STEP_NODE, t->frame, 1, t->first, 1);
        return;
    }
    switch (t->op) {
    case TREE_NODES: emit_nodes(c, t); break;
    case TREE_ROWS: emit_rows(c, t); break;
    case TREE_FILTER: emit_filter(c, t); break;
    default:
        expr_emit(c, t->kids[0], true);
        expr_emit(c, t->kids[1], false);
        step_add(c, STEP_PICK, 0, 0, 0, -1);
    }
    if (!as_nodes)
        step_add(c, STEP_FIRST, 0, 0, 0, 0);
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
    case TREE_NODES: case TREE_ROWS: case TREE_FILTER: case TREE_PICK: emit_set(c, t, as_nodes); break;
    case TREE_CELL: step_add(c, STEP_CELL, t->frame, 0, t->column, 1); break;
    case TREE_POSITION: step_add(c, STEP_POSITION, t->frame, 0, 0, 1); break;
    case TREE_CALL:
        emit_call(c, t);
        if (t->kind == EXPR_NODES && !as_nodes)
            step_add(c, STEP_FIRST, 0, 0, 0, 0);
        break;
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

static bool too_long(Compiler *c)
{
    if (c->source.len <= EXPR_MAX_BYTES)
        return false;
    expr_fail(c, EXPR_MAX_BYTES, "E-LIMIT", S("biểu thức dài quá 8.192 byte. Tách thành nhiều câu tính (calculate) nhỏ hơn."),
              S("the expression is longer than 8,192 bytes. Split it into several calculate rows."));
    return true;
}

/* Steps of the tree into *out; false when there are too many. */
static bool finish(Compiler *c, const Tree *t, bool as_nodes, ExprCode *out)
{
    if (c->failed)
        return false;
    expr_emit(c, t, as_nodes);
    if (c->steps.len > EXPR_MAX_STEPS) {
        expr_fail(c, 0, "E-LIMIT", S("biểu thức quá 4.096 bước tính. Tách thành nhiều câu tính (calculate) nhỏ hơn."),
                  S("the expression has more than 4,096 steps. Split it into several calculate rows."));
        return false;
    }
    keep_values(c);
    ExprRef *refs = arena_new(c->keep, ExprRef, c->refs.len);
    for (size_t i = 0; i < c->refs.len; i++) {
        refs[i]    = c->refs.at[i];
        refs[i].at = (int)expr_char_count(str_take(c->source, (size_t)refs[i].at));
    }
    *out = (ExprCode){ .steps = c->steps.at, .values = c->values.at, .refs = refs, .patterns = c->patterns.at,
                       .tables = (const ExprTable *const *)c->tables.at, .library = c->library, .step_count = (int)c->steps.len,
                       .value_count = (int)c->values.len, .ref_count = (int)c->refs.len, .stack = c->stack_max,
                       .frames = c->frame_max, .kind = as_nodes ? EXPR_NODES : t->kind, .uses = c->uses };
    return true;
}

bool expr_compile(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library,
                  ExprFaults *faults, ExprCode *out)
{
    Compiler c = { .keep = keep, .scratch = &scratch, .source = source, .names = names, .library = library, .faults = faults };
    if (too_long(&c))
        return false;
    Tree *t = expr_parse(&c);
    return t && expr_tree_single(&c, t) && finish(&c, t, false, out);
}

bool expr_compile_set(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library,
                      ExprFaults *faults, ExprCode *out)
{
    Compiler c = { .keep = keep, .scratch = &scratch, .source = source, .names = names, .library = library, .faults = faults };
    if (too_long(&c))
        return false;
    Tree *t = expr_parse(&c);
    if (t && !expr_tree_is_set(t) && t->kind != EXPR_NODES)
        expr_fail(&c, t->at, "E-PATH", S("ở đây cần một danh sách, không phải một giá trị. Viết instance('…')/root/item."),
                  S("a list is wanted here, not a value. Write instance('…')/root/item."));
    return t && finish(&c, t, true, out);
}

bool expr_compile_filter(Arena *keep, Arena scratch, Str source, ExprTable *rows, const ExprNames *names,
                         const ExprLibrary *library, ExprFaults *faults, ExprCode *out)
{
    Compiler c = { .keep = keep, .scratch = &scratch, .source = source, .names = names, .library = library, .faults = faults };
    if (too_long(&c))
        return false;
    *list_add(keep, &c.tables) = rows;
    Tree *set   = expr_tree_new(&c, 0, TREE_ROWS, EXPR_STRING, 0);
    set->column = -1;
    if (!expr_scope_enter(&c, set))
        return false;
    Tree *t = expr_parse(&c);
    t       = t ? expr_tree_filter(&c, set, t) : NULL;
    return t && finish(&c, t, true, out);
}

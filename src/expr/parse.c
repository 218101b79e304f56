/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tokens to a typed tree: a precedence parser. Nesting is limited, so recursion is shallow; a long chain
 * of operators of one rank is a loop. */
#include "expr/expr_parts.h"

static Tree *parse_rank(Compiler *c, int rank);

static Tree *parse_fail(Compiler *c, Str vi, Str en)
{
    expr_fail(c, c->token.at, "E-XPATH", vi, en);
    return NULL;
}

static Tree *unexpected(Compiler *c)
{
    switch (c->token.kind) {
    case TOKEN_END:
        return parse_fail(c, S("biểu thức dừng giữa chừng. Viết nốt phần còn thiếu."),
                          S("the expression stops half-way. Write the part that is missing."));
    case TOKEN_CLOSE:
        return parse_fail(c, S("dấu “)” không có dấu “(” hoặc thiếu giá trị trước nó. Xem lại các dấu ngoặc."),
                          S("“)” has no “(”, or a value is missing before it. Look at the brackets again."));
    case TOKEN_OPERATOR:
        return parse_fail(c, S("thiếu giá trị trước toán tử này. Thêm giá trị hoặc bỏ toán tử."),
                          S("a value is missing before this operator. Add a value or delete the operator."));
    default:
        return parse_fail(c, S("chỗ này viết không đúng cú pháp. Thêm toán tử hoặc xóa phần thừa."),
                          S("this does not follow the grammar. Add an operator or delete what is too much."));
    }
}

static bool deeper(Compiler *c)
{
    if (++c->depth <= EXPR_MAX_NESTING)
        return true;
    expr_fail(c, c->token.at, "E-LIMIT",
              S("biểu thức lồng nhau quá 64 mức. Tách thành nhiều câu tính (calculate) nhỏ hơn."),
              S("the expression is nested more than 64 deep. Split it into several calculate rows."));
    return false;
}

/* ---- Paths ------------------------------------------------------------------------------------------ */

typedef LIST(ExprStepName) StepNames;

static bool path_step(Compiler *c, StepNames *steps)
{
    ExprAxis axis = EXPR_CHILD;
    if (c->token.kind == TOKEN_AXIS) {
        Str name = c->token.text;
        axis = str_eq(name, S("parent")) ? EXPR_PARENT : str_eq(name, S("self")) ? EXPR_SELF : EXPR_CHILD;
        if (axis == EXPR_CHILD && !str_eq(name, S("child")))
            return parse_fail(c, S("trục này chưa hỗ trợ. Chỉ dùng child, parent (..) và self (.)."),
                              S("this axis is not supported. Use child, parent (..) and self (.) only."));
        expr_next(c);
    }
    ExprStepName step = { axis, c->token.text };
    if (c->token.kind == TOKEN_DOT)
        step = (ExprStepName){ EXPR_SELF, S("*") };
    else if (c->token.kind == TOKEN_DOTS)
        step = (ExprStepName){ EXPR_PARENT, S("*") };
    else if (c->token.kind != TOKEN_NAME && c->token.kind != TOKEN_STAR)
        return unexpected(c);
    *list_add(c->scratch, steps) = step;
    expr_next(c);
    return true;
}

/* [condition] [condition] … behind a set. */
static Tree *parse_conditions(Compiler *c, Tree *set)
{
    while (set && c->token.kind == TOKEN_BRACKET) {
        if (!deeper(c))
            return NULL;
        expr_next(c);
        if (!expr_scope_enter(c, set))
            return NULL;
        Tree *condition = parse_rank(c, 1);
        if (!condition)
            return NULL;
        if (c->token.kind != TOKEN_BRACKET_END)
            return c->token.kind == TOKEN_END
                       ? parse_fail(c, S("thiếu dấu “]”. Đóng ngoặc vuông."), S("“]” is missing. Close the square bracket."))
                       : unexpected(c);
        set = expr_tree_filter(c, set, condition);
        c->depth--;
        expr_next(c);
    }
    return set;
}

/* Steps, conditions, steps … from base, or from where the scope is. */
static Tree *parse_path(Compiler *c, Tree *base, StepNames *steps, bool absolute, bool own, size_t at)
{
    while (true) {
        if (!path_step(c, steps))
            return NULL;
        if (c->token.kind == TOKEN_SLASH) {
            expr_next(c);
            continue;
        }
        bool     open = c->token.kind == TOKEN_BRACKET;
        ExprPath path = { .absolute = absolute && !base, .steps = steps->at, .step_count = (int)steps->len };
        base          = expr_tree_path(c, at, base, &path, own, open);
        if (!open)
            return base;
        base = base && !expr_tree_is_set(base) ? unexpected(c) : parse_conditions(c, base);
        if (!base || c->token.kind != TOKEN_SLASH)
            return base;
        *steps = (StepNames){ 0 };
        at     = c->token.at;
        expr_next(c);
    }
}

/* What follows ${x}, instance('L') and the like. */
static Tree *parse_onward(Compiler *c, Tree *base)
{
    StepNames steps = { 0 };
    base = parse_conditions(c, base);
    if (!base || c->token.kind != TOKEN_SLASH)
        return base;
    size_t at = c->token.at;
    expr_next(c);
    return parse_path(c, base, &steps, false, false, at);
}

static Tree *parse_absolute(Compiler *c)
{
    size_t    at    = c->token.at;
    StepNames steps = { 0 };
    expr_next(c);
    return parse_path(c, NULL, &steps, true, false, at);
}

/* ---- Calls ------------------------------------------------------------------------------------------ */

static bool parse_arguments(Compiler *c, TreeList *args)
{
    expr_next(c);
    if (c->token.kind == TOKEN_CLOSE) {
        expr_next(c);
        return true;
    }
    while (true) {
        Tree *arg = parse_rank(c, 1);
        if (!arg)
            return false;
        *list_add(c->scratch, args) = arg;
        if (c->token.kind == TOKEN_COMMA) {
            expr_next(c);
            continue;
        }
        if (c->token.kind != TOKEN_CLOSE)
            return c->token.kind == TOKEN_END
                       ? parse_fail(c, S("thiếu dấu “)”. Đóng ngoặc của hàm."), S("“)” is missing. Close the function."))
                       : unexpected(c);
        expr_next(c);
        return true;
    }
}

/* current()/../x is the path ../x from the expression's own node, in square brackets too. */
static Tree *parse_current(Compiler *c, size_t at)
{
    StepNames steps = { 0 };
    *list_add(c->scratch, &steps) = (ExprStepName){ EXPR_SELF, S("*") };
    if (c->token.kind == TOKEN_SLASH) {
        expr_next(c);
        return parse_path(c, NULL, &steps, false, true, at);
    }
    ExprPath path = { .steps = steps.at, .step_count = 1 };
    return expr_tree_path(c, at, NULL, &path, true, false);
}

/* instance('L')/root/item */
static Tree *parse_instance(Compiler *c, size_t at, const TreeList *args)
{
    const Tree *name = args->len == 1 ? args->at[0] : NULL;
    if (!name || name->op != TREE_VALUE || name->kind != EXPR_STRING) {
        expr_fail(c, at, "E-ARG", S("instance cần tên danh sách trong dấu nháy. Viết instance('tên')/root/item."),
                  S("instance takes the name of a list in quotes. Write instance('name')/root/item."));
        return NULL;
    }
    Tree *t = expr_tree_table(c, at, name->value.text);
    if (t && c->token.kind != TOKEN_SLASH)
        return parse_fail(c, S("sau instance('…') cần /root/item. Viết nốt đường dẫn."),
                          S("behind instance('…') comes /root/item. Write the rest of the path."));
    return t ? parse_onward(c, t) : NULL;
}

static Tree *parse_name(Compiler *c)
{
    Token  name = c->token;
    size_t at   = c->next;
    while (at < c->source.len && (c->source.at[at] == ' ' || c->source.at[at] == '\t'))
        at++;
    if (at == c->source.len || c->source.at[at] != '(') {
        StepNames steps = { 0 };
        return parse_path(c, NULL, &steps, false, false, name.at);
    }
    TreeList args = { 0 };
    expr_next(c);
    if (!deeper(c) || !parse_arguments(c, &args))
        return NULL;
    c->depth--;
    if (str_eq(name.text, S("current")) && !args.len)
        return parse_current(c, name.at);
    if (str_eq(name.text, S("instance")))
        return parse_instance(c, name.at, &args);
    Tree *call = expr_tree_call(c, name.at, name.text, &args);
    if (call && (c->token.kind == TOKEN_SLASH || c->token.kind == TOKEN_BRACKET))
        return parse_fail(c, S("không đi tiếp được từ kết quả của một hàm. Viết đường dẫn đầy đủ hoặc ${tên}."),
                          S("a path cannot go on from the result of a function. Write the whole path or ${name}."));
    return call;
}

/* ---- Operands and operators --------------------------------------------------------------------------- */

static Tree *parse_group(Compiler *c)
{
    if (!deeper(c))
        return NULL;
    expr_next(c);
    Tree *t = parse_rank(c, 1);
    if (!t)
        return NULL;
    if (c->token.kind != TOKEN_CLOSE)
        return c->token.kind == TOKEN_END
                   ? parse_fail(c, S("thiếu dấu “)”. Đóng ngoặc đã mở."), S("“)” is missing. Close the bracket."))
                   : unexpected(c);
    c->depth--;
    expr_next(c);
    return t;
}

static Tree *parse_operand(Compiler *c)
{
    Token token = c->token;
    switch (token.kind) {
    case TOKEN_NUMBER:
        expr_next(c);
        return expr_tree_value(c, token.at, expr_number(expr_number_read(token.text)));
    case TOKEN_TEXT:
        expr_next(c);
        return expr_tree_value(c, token.at, expr_string(token.text));
    case TOKEN_VARIABLE: {
        expr_next(c);
        ExprPath path = { .variable = token.text };
        Tree    *t    = expr_tree_path(c, token.at, NULL, &path, false, c->token.kind == TOKEN_BRACKET);
        return t ? parse_onward(c, t) : NULL;
    }
    case TOKEN_NAME: return parse_name(c);
    case TOKEN_OPEN: return parse_group(c);
    case TOKEN_SLASH: return parse_absolute(c);
    case TOKEN_DOT:
    case TOKEN_DOTS:
    case TOKEN_STAR:
    case TOKEN_AXIS: {
        StepNames steps = { 0 };
        return parse_path(c, NULL, &steps, false, false, token.at);
    }
    default: return unexpected(c);
    }
}

static Tree *parse_unary(Compiler *c)
{
    if (c->token.kind != TOKEN_OPERATOR || c->token.op != TREE_SUB)
        return parse_operand(c);
    size_t at = c->token.at;
    if (!deeper(c))
        return NULL;
    expr_next(c);
    Tree *x = parse_unary(c);
    c->depth--;
    return x ? expr_tree_negate(c, at, x) : NULL;
}

/* Operators of this rank and above: 1 or, 2 and, 3 = !=, 4 < <= > >=, 5 + -, 6 * div mod. */
static Tree *parse_rank(Compiler *c, int rank)
{
    Tree *left = rank > 6 ? parse_unary(c) : parse_rank(c, rank + 1);
    if (rank > 6)
        return left;
    while (left && c->token.kind == TOKEN_OPERATOR && c->token.rank == rank) {
        Token op = c->token;
        expr_next(c);
        Tree *right = parse_rank(c, rank + 1);
        left        = right ? expr_tree_binary(c, op.at, op.op, left, right) : NULL;
    }
    return left;
}

Tree *expr_parse(Compiler *c)
{
    expr_next(c);
    if (c->token.kind == TOKEN_END)
        return parse_fail(c, S("biểu thức trống. Viết biểu thức hoặc để ô trống."),
                          S("the expression is empty. Write one or leave the cell empty."));
    Tree *t = parse_rank(c, 1);
    if (t && c->token.kind != TOKEN_END)
        return unexpected(c);
    return c->failed ? NULL : t;
}

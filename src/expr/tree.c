/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Typing: every tree node knows its kind, calls have the right arguments, constants are folded. */
#include "expr/expr_parts.h"

#include <math.h>

Tree *expr_tree_new(Compiler *c, size_t at, TreeOp op, ExprKind kind, int kids)
{
    Tree *t      = arena_new(c->scratch, Tree, 1);
    t->op        = op;
    t->kind      = kind;
    t->at        = at;
    t->kids      = arena_new(c->scratch, Tree *, (size_t)kids);
    t->kid_count = kids;
    return t;
}

Tree *expr_tree_value(Compiler *c, size_t at, ExprValue v)
{
    Tree *t  = expr_tree_new(c, at, TREE_VALUE, v.kind, 0);
    t->value = v;
    return t;
}

/* ---- Folding ---------------------------------------------------------------------------------------- */

static bool pure(const Compiler *c, const Tree *t)
{
    if (expr_tree_is_set(t) || t->op == TREE_CELL || t->op == TREE_POSITION)
        return false;
    if (t->op == TREE_CALL && (t->of_host ? c->library->functions : expr_functions)[t->fn].impure)
        return false;
    for (int i = 0; i < t->kid_count; i++)
        if (t->kids[i]->op != TREE_VALUE)
            return false;
    return true;
}

/* A tree of constants is its value. */
static Tree *fold(Compiler *c, Tree *t)
{
    if (!pure(c, t))
        return t;
    Compiler part = { .keep = c->scratch, .scratch = c->scratch, .library = c->library };
    expr_emit(&part, t, false);
    ExprCode code = { .steps = part.steps.at, .values = part.values.at, .patterns = part.patterns.at, .library = c->library,
                      .step_count = (int)part.steps.len, .value_count = (int)part.values.len, .stack = part.stack_max, .kind = t->kind };
    ExprValue v;
    if (expr_eval(&code, c->keep, &(ExprHost){ .strict = c->names && c->names->arithmetic }, &v))
        return t;
    return expr_tree_value(c, t->at, v);
}

/* ---- Operators -------------------------------------------------------------------------------------- */

static bool day_kind(const Tree *t) { return t->kind == EXPR_DATE || t->kind == EXPR_DATETIME; }

static bool day_literal(const Tree *t)
{
    double days;
    bool   time;
    return t->op == TREE_VALUE && t->kind == EXPR_STRING && expr_day_read(t->value.text, &days, &time);
}

/* What phones compute otherwise: dates written as text, now() beside today(). */
static void warn_days(Compiler *c, size_t at, TreeOp op, const Tree *x, const Tree *y)
{
    bool order = op == TREE_LT || op == TREE_LE || op == TREE_GT || op == TREE_GE;
    if (order && ((day_literal(x) && (day_kind(y) || day_literal(y))) || (day_literal(y) && day_kind(x))))
        expr_warn(c, at, "E-PORT", S("so sánh với ngày viết dạng chữ cho kết quả khác trên điện thoại. Viết date('2026-02-28')."),
                  S("comparing with a date written as text gives another result on phones. Write date('2026-02-28')."));
    if ((order || op == TREE_EQ || op == TREE_NE) && day_kind(x) && day_kind(y) && x->kind != y->kind)
        expr_warn(c, at, "E-PORT", S("so sánh ngày với thời điểm cho kết quả khác trên điện thoại. Dùng decimal-date-time()."),
                  S("comparing a day with an instant gives another result on phones. Use decimal-date-time()."));
}

/* A time of day is no number and engines write it differently: only "is it empty" may be asked. */
static bool check_times(Compiler *c, const Tree *x, const Tree *y)
{
    const Tree *time = x->kind == EXPR_TIME ? x : y->kind == EXPR_TIME ? y : NULL, *other = time == x ? y : x;
    if (!time || (other->op == TREE_VALUE && other->kind == EXPR_STRING && !other->value.text.len))
        return true;
    expr_fail(c, time->at, "E-ARG", S("không so sánh trực tiếp giờ được. Viết decimal-time(${tên}) < decimal-time('08:30')."),
              S("a time of day cannot be compared as it is. Write decimal-time(${name}) < decimal-time('08:30')."));
    return false;
}

Tree *expr_tree_binary(Compiler *c, size_t at, TreeOp op, Tree *x, Tree *y)
{
    if (!expr_tree_single(c, x) || !expr_tree_single(c, y))
        return NULL;
    if (op >= TREE_EQ && op <= TREE_GE && !check_times(c, x, y))
        return NULL;
    warn_days(c, at, op, x, y);
    Tree *t    = expr_tree_new(c, at, op, op <= TREE_GE ? EXPR_BOOLEAN : EXPR_NUMBER, 2);
    t->kids[0] = x;
    t->kids[1] = y;
    return fold(c, t);
}

Tree *expr_tree_negate(Compiler *c, size_t at, Tree *x)
{
    if (!expr_tree_single(c, x))
        return NULL;
    Tree *t    = expr_tree_new(c, at, TREE_NEG, EXPR_NUMBER, 1);
    t->kids[0] = x;
    return fold(c, t);
}

/* ---- Calls ------------------------------------------------------------------------------------------ */

static Tree *unknown_function(Compiler *c, size_t at, Str name)
{
    if (expr_function_later(name)) {
        expr_fail(c, at, "E-FUNC",
                  arena_fmt(c->scratch, "hàm “%.*s” chưa hỗ trợ. Bỏ hàm này hoặc viết biểu thức theo cách khác.", STR_ARG(name)),
                  arena_fmt(c->scratch, "the function “%.*s” is not supported yet. Write the expression without it.", STR_ARG(name)));
        return NULL;
    }
    StrList known = { 0 };
    for (int i = 0; i < expr_function_count; i++)
        *list_add(c->scratch, &known) = str_from_c(expr_functions[i].name);
    for (int i = 0; c->library && i < c->library->count; i++)
        *list_add(c->scratch, &known) = str_from_c(c->library->functions[i].name);
    Str near = expr_nearest(name, known.at, known.len);
    if (near.len)
        expr_fail(c, at, "E-FUNC",
                  arena_fmt(c->scratch, "không có hàm “%.*s”. Có phải “%.*s”?", STR_ARG(name), STR_ARG(near)),
                  arena_fmt(c->scratch, "there is no function “%.*s”. Did you mean “%.*s”?", STR_ARG(name), STR_ARG(near)));
    else
        expr_fail(c, at, "E-FUNC",
                  arena_fmt(c->scratch, "không có hàm “%.*s”. Xem danh sách hàm trong hướng dẫn viết phiếu.", STR_ARG(name)),
                  arena_fmt(c->scratch, "there is no function “%.*s”. See the list of functions in the guide.", STR_ARG(name)));
    return NULL;
}

/* Least and most arguments of "sn?n*". -1: no limit. */
static void arity(const char *args, int *least, int *most)
{
    *least = *most = 0;
    bool option = false;
    for (; *args; args++) {
        if (*args == '?')
            option = true;
        else if (*args == '*')
            *most = -1;
        else {
            *least += !option;
            *most += 1;
        }
    }
}

char expr_letter_of(const char *args, int i)
{
    char last = 'a';
    for (; *args; args++) {
        if (*args == '?' || *args == '*')
            continue;
        last = *args;
        if (i-- == 0)
            break;
    }
    return last;
}

static bool check_count(Compiler *c, size_t at, Str name, const char *args, int n)
{
    int least, most;
    arity(args, &least, &most);
    if (n >= least && (most < 0 || n <= most))
        return true;
    Str want_vi = most < 0 ? arena_fmt(c->scratch, "ít nhất %d", least)
                  : most > least ? arena_fmt(c->scratch, "%d đến %d", least, most) : arena_fmt(c->scratch, "%d", least);
    Str want_en = most < 0 ? arena_fmt(c->scratch, "at least %d", least)
                  : most > least ? arena_fmt(c->scratch, "%d to %d", least, most) : arena_fmt(c->scratch, "%d", least);
    expr_fail(c, at, "E-ARG",
              arena_fmt(c->scratch, "hàm “%.*s” cần %.*s tham số, đang có %d. Sửa số tham số trong ngoặc.", STR_ARG(name),
                        STR_ARG(want_vi), n),
              arena_fmt(c->scratch, "“%.*s” takes %.*s arguments and has %d. Correct the number of arguments.", STR_ARG(name),
                        STR_ARG(want_en), n));
    return false;
}

/* sum(/data/r/m) inside r reads one m only; the author may have meant all. */
static void warn_own_repeat(Compiler *c, Str name, const Tree *arg)
{
    const ExprRef *ref = arg->op == TREE_NODES && arg->absolute && arg->count == 1 ? &c->refs.at[arg->first] : NULL;
    if (ref && ref->depth && ref->pin == ref->depth && !str_eq(name, S("position")))
        expr_warn(c, arg->at, "E-PORT", S("trong nhóm lặp, đường dẫn này chỉ là lần đang trả lời. Muốn lấy mọi lần, viết ../../nhóm/tên."),
                  S("inside a repeat this path means the current instance only. For all of them write ../../repeat/name."));
}

static bool check_argument(Compiler *c, Str name, char letter, const Tree *arg)
{
    bool set = expr_tree_is_set(arg) || arg->kind == EXPR_NODES;
    if (letter == 'N' && !set) {
        expr_fail(c, arg->at, "E-ARG",
                  arena_fmt(c->scratch, "hàm “%.*s” cần một câu hỏi, không phải một giá trị. Viết ${tên} trong ngoặc.", STR_ARG(name)),
                  arena_fmt(c->scratch, "“%.*s” takes a question, not a value. Write ${name} in the brackets.", STR_ARG(name)));
        return false;
    }
    if (letter == 't' && (arg->kind == EXPR_NUMBER || arg->kind == EXPR_BOOLEAN)) {
        expr_fail(c, arg->at, "E-ARG",
                  arena_fmt(c->scratch, "tham số này của “%.*s” phải là chữ. Đặt giá trị trong dấu nháy, như '1'.", STR_ARG(name)),
                  arena_fmt(c->scratch, "this argument of “%.*s” must be text. Put the value in quotes, such as '1'.", STR_ARG(name)));
        return false;
    }
    if (letter == 'N' || letter == 'M') {
        warn_own_repeat(c, name, arg);
        return true;
    }
    return expr_tree_single(c, arg);
}

/* The kind of a choice between two values. */
static ExprKind either(const Tree *x, const Tree *y)
{
    return x->kind == y->kind ? x->kind : EXPR_ANY;
}

static Tree *call_if(Compiler *c, size_t at, TreeList *args)
{
    if (!check_count(c, at, S("if"), "baa", (int)args->len))
        return NULL;
    Tree *t = expr_tree_new(c, at, TREE_IF, either(args->at[1], args->at[2]), 3);
    for (int i = 0; i < 3; i++) {
        if (!expr_tree_single(c, args->at[i]))
            return NULL;
        t->kids[i] = args->at[i];
    }
    return fold(c, t);
}

static Tree *call_coalesce(Compiler *c, size_t at, TreeList *args)
{
    if (!check_count(c, at, S("coalesce"), "aa*", (int)args->len))
        return NULL;
    Tree *t = expr_tree_new(c, at, TREE_COALESCE, args->at[0]->kind, (int)args->len);
    for (size_t i = 0; i < args->len; i++) {
        if (!expr_tree_single(c, args->at[i]))
            return NULL;
        t->kind    = t->kind == args->at[i]->kind ? t->kind : EXPR_ANY;
        t->kids[i] = args->at[i];
    }
    return fold(c, t);
}

/* once(x): what the node holds, or x when it holds nothing. */
static Tree *call_once(Compiler *c, size_t at, TreeList *args)
{
    if (!check_count(c, at, S("once"), "a", (int)args->len))
        return NULL;
    ExprPath self = { .steps = &(ExprStepName){ EXPR_SELF, S("*") }, .step_count = 1 };
    Tree    *node = expr_tree_path(c, at, NULL, &self, true, false);
    if (!node || !expr_tree_single(c, node))
        return NULL;
    c->refs.at[node->first].once = true;
    c->uses |= EXPR_USES_ONCE;
    TreeList pair = { 0 };
    *list_add(c->scratch, &pair) = node;
    *list_add(c->scratch, &pair) = args->at[0];
    return call_coalesce(c, at, &pair);
}

/* A literal pattern is compiled now, so that its faults are the author's. */
static bool check_pattern(Compiler *c, Tree *call)
{
    const Tree *pattern = call->kids[1];
    if (pattern->op != TREE_VALUE)
        return true;
    const char *code;
    Str         vi, en, text = expr_to_text(c->scratch, &pattern->value);
    call->pattern = regex_compile(c->keep, *c->scratch, text, &code, &vi, &en);
    if (!call->pattern) {
        expr_fail(c, pattern->at, code, vi, en);
        return false;
    }
    if (!str_starts(text, S("^")) || !str_ends(text, S("$")))
        expr_warn(c, pattern->at, "W-REGEX", S("regex so cả đoạn chữ chứ không tìm một phần. Thêm ^ ở đầu và $ ở cuối mẫu cho rõ."),
                  S("regex matches the whole text, it does not search. Add ^ in front and $ behind to make that plain."));
    return true;
}

static bool check_literals(Compiler *c, Str name, Tree *call)
{
    if (str_eq(name, S("regex")))
        return check_pattern(c, call);
    const Tree *first = call->kid_count ? call->kids[0] : NULL;
    if (!first || first->op != TREE_VALUE || first->kind != EXPR_STRING || !first->value.text.len)
        return true;
    if (str_eq(name, S("number")) && day_literal(first))
        expr_warn(c, first->at, "E-PORT", S("number() của ngày viết dạng chữ không tính được trên điện thoại. Viết number(date('2026-03-01'))."),
                  S("number() of a date written as text is empty on phones. Write number(date('2026-03-01'))."));
    double days;
    bool   time;
    if (!str_eq(name, S("date")) || expr_day_read(first->value.text, &days, &time))
        return true;
    expr_fail(c, first->at, "E-DATE", S("không có ngày này. Viết ngày dạng 2026-02-28."),
              S("there is no such day. Write it as 2026-02-28."));
    return false;
}

/* The path of a question in quotes, 'path' or '${x}', becomes the number of its node. */
static Tree *node_number(Compiler *c, Tree *arg)
{
    ExprFaults faults = { 0 };
    Compiler   part   = { .keep = c->scratch, .scratch = c->scratch, .source = arg->value.text, .names = c->names, .faults = &faults };
    Tree      *t      = arg->op == TREE_VALUE ? expr_parse(&part) : NULL;
    if (t && t->op == TREE_NODES && t->count == 1)
        return expr_tree_value(c, arg->at, expr_number(part.refs.at[t->first].node));
    if (faults.len)
        expr_fail(c, arg->at, faults.at[0].code, faults.at[0].vi, faults.at[0].en);
    else
        expr_fail(c, arg->at, "E-ARG", S("tham số này là tên câu hỏi đặt trong dấu nháy. Viết '${tên}'."),
                  S("this argument is the name of a question in quotes. Write '${name}'."));
    return NULL;
}

static unsigned uses_of(Str name)
{
    return str_eq(name, S("today")) ? EXPR_USES_TODAY : str_eq(name, S("now")) ? EXPR_USES_NOW
           : str_eq(name, S("random")) || str_eq(name, S("uuid")) || str_eq(name, S("randomize")) ? EXPR_USES_RANDOM : 0;
}

static Tree *call_function(Compiler *c, size_t at, Str name, const ExprFunction *f, int fn, bool of_host, TreeList *args)
{
    if (!check_count(c, at, name, f->args, (int)args->len))
        return NULL;
    Tree *t    = expr_tree_new(c, at, TREE_CALL, f->result, (int)args->len);
    t->fn      = fn;
    t->of_host = of_host;
    for (int i = 0; i < t->kid_count; i++) {
        char letter = expr_letter_of(f->args, i);
        t->kids[i]  = letter == 'p' ? node_number(c, args->at[i]) : args->at[i];
        if (!t->kids[i] || !check_argument(c, name, letter, t->kids[i]))
            return NULL;
    }
    if (!of_host && !check_literals(c, name, t))
        return NULL;
    c->uses |= f->impure ? uses_of(name) : 0;
    return fold(c, t);
}

/* position() of what the square brackets filter. */
static Tree *call_position(Compiler *c, size_t at)
{
    if (!c->frame) {
        expr_fail(c, at, "E-ARG", S("position() chỉ dùng trong ngoặc vuông. Viết position(..) để lấy số thứ tự của lần lặp."),
                  S("position() is for square brackets only. Write position(..) for the number of the repeat."));
        return NULL;
    }
    Tree *t  = expr_tree_new(c, at, TREE_POSITION, EXPR_NUMBER, 0);
    t->frame = c->frame;
    return t;
}

static Tree *call_pulldata(Compiler *c, size_t at, TreeList *args)
{
    return check_count(c, at, S("pulldata"), "aaaa", (int)args->len) ? expr_tree_pulldata(c, at, args) : NULL;
}

static Tree *call_indexed(Compiler *c, size_t at, TreeList *args)
{
    if (args->len % 2 == 0)                      /* the number after the last repeat is missing */
        return check_count(c, at, S("indexed-repeat"), "aaa", (int)(args->len == 2 ? 2 : args->len)) ? NULL : NULL;
    return check_count(c, at, S("indexed-repeat"), "aaa?aaaa", (int)args->len) ? expr_tree_indexed(c, at, args) : NULL;
}

typedef struct Special { const char *name; Tree *(*call)(Compiler *, size_t, TreeList *); } Special;
static const Special specials[] = {
    { "if", call_if }, { "coalesce", call_coalesce }, { "once", call_once }, { "pulldata", call_pulldata },
    { "indexed-repeat", call_indexed } };

Tree *expr_tree_call(Compiler *c, size_t at, Str name, TreeList *args)
{
    for (size_t i = 0; i < COUNT_OF(specials); i++)
        if (str_eq(name, str_from_c(specials[i].name)))
            return specials[i].call(c, at, args);
    if (str_eq(name, S("position")) && !args->len)
        return call_position(c, at);
    int fn = expr_function_find(expr_functions, expr_function_count, name);
    if (fn >= 0)
        return call_function(c, at, name, &expr_functions[fn], fn, false, args);
    fn = c->library ? expr_function_find(c->library->functions, c->library->count, name) : -1;
    if (fn >= 0)
        return call_function(c, at, name, &c->library->functions[fn], fn, true, args);
    return unknown_function(c, at, name);
}

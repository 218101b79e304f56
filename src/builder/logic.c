/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tests and bounds to expressions and back. Reading goes through the language's own parser (expr_clause). */
#include "builder/logic.h"

static const Str codes[TEST_COUNT] = { S_INIT(""), S_INIT("is"), S_INIT("is_not"), S_INIT("below"), S_INIT("most"), S_INIT("above"),
    S_INIT("least"), S_INIT("has"), S_INIT("has_not"), S_INIT("given"), S_INIT("empty") };

Str test_code(TestKind k)
{
    return codes[k];
}

TestKind test_parse(Str code)
{
    for (int i = 1; i < TEST_COUNT; i++)
        if (str_eq(code, codes[i]))
            return (TestKind)i;
    return TEST_NONE;
}

bool test_needs_value(TestKind k)
{
    return k != TEST_NONE && k != TEST_GIVEN && k != TEST_EMPTY;
}

const GridRow *logic_row(const Grid *g, Str name)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    for (size_t i = 0; name.len && i < s->rows.len; i++)
        if (str_eq(grid_cell(s, &s->rows.at[i], COL_NAME, S("")), name))
            return &s->rows.at[i];
    return NULL;
}

QuestionType logic_type(Arena *a, const Grid *g, Str name)
{
    const GridRow *row = logic_row(g, name);
    TypeCell       t   = type_read(a, row ? grid_cell(grid_sheet(g, SHEET_SURVEY), row, COL_TYPE, S("")) : S(""));
    return t.word && t.word->fate == TYPE_READY ? t.word->type : Q_TYPE_COUNT;
}

/* ---- Reading ------------------------------------------------------------------------------------------------------------ */

enum { OWN_ROW = 1 << 30 };
typedef struct Namer { const Grid *g; QuestionType own; } Namer;

static ExprKind kind_of(QuestionType t)
{
    switch (t) {
    case Q_INTEGER: case Q_DECIMAL: case Q_RANGE: return EXPR_NUMBER;
    case Q_DATE: case Q_TODAY: return EXPR_DATE;
    case Q_DATETIME: return EXPR_DATETIME;
    default: return EXPR_STRING;
    }
}

/* ${x} is the row of that name, "." the row itself. */
static bool name_resolve(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *fault)
{
    Namer *n = self;
    if (path->variable.len) {
        const GridRow *row = logic_row(n->g, path->variable);
        if (row)
            *list_add(a, out) = (ExprRef){ .node = grid_row_at(grid_sheet(n->g, SHEET_SURVEY), row->id),
                                           .kind = kind_of(logic_type(a, n->g, path->variable)) };
        if (row)
            return true;
    } else if (!path->absolute && path->step_count == 1 && path->steps[0].axis == EXPR_SELF) {
        *list_add(a, out) = (ExprRef){ .node = OWN_ROW, .kind = kind_of(n->own) };
        return true;
    }
    *fault = (ExprFault){ .code = "E-VAR", .vi = S("không có câu hỏi này."), .en = S("there is no such question.") };
    return false;
}

static bool clause_read(Arena *a, Arena work, const Grid *g, QuestionType own, Str source, ExprClause *out)
{
    Namer     n     = { g, own };
    ExprNames names = { .self = &n, .resolve = name_resolve };
    return expr_clause(a, work, source, &names, NULL, out);
}

static bool test_of(const Grid *g, const ExprClause *c, bool negated, LogicTest *out)
{
    static const TestKind order[] = { TEST_IS, TEST_IS_NOT, TEST_BELOW, TEST_MOST, TEST_ABOVE, TEST_LEAST };
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    if (c->kind == CLAUSE_NOT && !negated && c->part_count == 1 && c->parts[0].kind != CLAUSE_COMPARE)
        return test_of(g, &c->parts[0], true, out);
    if (c->kind != CLAUSE_COMPARE && c->kind != CLAUSE_SELECTED && c->kind != CLAUSE_CONTAINS)
        return false;
    if (c->node == OWN_ROW)
        return false;
    out->name  = grid_cell(s, &s->rows.at[c->node], COL_NAME, S(""));
    out->value = c->value;
    if (c->kind == CLAUSE_COMPARE) {
        out->kind = order[c->order];
        if (!c->value.len && c->order <= ORDER_NE)
            out->kind = c->order == ORDER_EQ ? TEST_EMPTY : TEST_GIVEN;
        return !negated && (c->value.len || c->order <= ORDER_NE);
    }
    out->kind = negated ? TEST_HAS_NOT : TEST_HAS;
    return c->value.len > 0;
}

static bool tests_of(Arena *a, const Grid *g, const ExprClause *c, ExprClauseKind joined, Logic *out)
{
    LogicTest t = { 0 };
    if (c->kind == joined) {
        for (int i = 0; i < c->part_count; i++)
            if (!tests_of(a, g, &c->parts[i], joined, out))
                return false;
        return true;
    }
    if (!test_of(g, c, false, &t))
        return false;
    *list_add(a, &out->tests) = t;
    return true;
}

bool logic_read(Arena *a, const Grid *g, Str source, Logic *out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)16 << 20);
    ExprClause c;
    *out = (Logic){ 0 };
    work.full = a->full;
    if (!str_trim(source).len)
        return true;
    if (!clause_read(a, work, g, Q_TYPE_COUNT, source, &c))
        return false;
    out->any = c.kind == CLAUSE_ANY;
    return tests_of(a, g, &c, c.kind == CLAUSE_ANY ? CLAUSE_ANY : CLAUSE_ALL, out);
}

/* ---- Writing ---------------------------------------------------------------------------------------------------------------- */

Str logic_quoted(Arena *a, Str text)
{
    if (!str_has(text, S("'")))
        return arena_fmt(a, "'%.*s'", STR_ARG(text));
    if (!str_has(text, S("\"")))
        return arena_fmt(a, "\"%.*s\"", STR_ARG(text));
    return arena_fmt(a, "concat('%.*s')", STR_ARG(str_replace(a, text, S("'"), S("', \"'\", '"))));
}

static Str value_written(Arena *a, QuestionType type, Str value)
{
    Date   d;
    double x;
    if ((type == Q_DATE || type == Q_TODAY || type == Q_DATETIME) && date_parse(value, &d))
        return arena_fmt(a, "date('%.*s')", STR_ARG(value));
    if (kind_of(type) == EXPR_NUMBER && str_to_f64(value, &x))
        return value;
    return logic_quoted(a, value);
}

static Str test_written(Arena *a, const Grid *g, const LogicTest *t)
{
    static const char *const signs[] = { [TEST_IS] = "=", [TEST_IS_NOT] = "!=", [TEST_BELOW] = "<", [TEST_MOST] = "<=", [TEST_ABOVE] = ">",
                                         [TEST_LEAST] = ">=" };
    QuestionType type = logic_type(a, g, t->name);
    bool         many = type == Q_SELECT_MULTIPLE || type == Q_RANK || type == Q_SELECT_ONE;
    Str          q    = arena_fmt(a, "${%.*s}", STR_ARG(t->name));
    if (t->kind == TEST_GIVEN || t->kind == TEST_EMPTY)
        return arena_fmt(a, "%.*s %s ''", STR_ARG(q), t->kind == TEST_GIVEN ? "!=" : "=");
    if (t->kind == TEST_HAS || t->kind == TEST_HAS_NOT) {
        Str test = arena_fmt(a, "%s(%.*s, %.*s)", many ? "selected" : "contains", STR_ARG(q), STR_ARG(logic_quoted(a, t->value)));
        return t->kind == TEST_HAS ? test : arena_fmt(a, "not(%.*s)", STR_ARG(test));
    }
    return arena_fmt(a, "%.*s %s %.*s", STR_ARG(q), signs[t->kind], STR_ARG(value_written(a, type, t->value)));
}

Str logic_write(Arena *a, const Grid *g, const Logic *l)
{
    StrList parts = { 0 };
    for (size_t i = 0; i < l->tests.len; i++)
        *list_add(a, &parts) = test_written(a, g, &l->tests.at[i]);
    return str_join(a, parts.at, parts.len, l->any ? S(" or ") : S(" and "));
}

/* ---- Bounds ------------------------------------------------------------------------------------------------------------------- */

const KnownPattern known_patterns[] = {
    { "phone", "0[0-9]{9}" }, { "identity", "[0-9]{12}" }, { "email", "[^@ ]+@[^@ ]+\\.[A-Za-z]{2,}" }, { "digits", "[0-9]+" }, { NULL, NULL } };

static bool put_once(Str *to, Str value)
{
    if (to->len || !value.len)
        return false;
    *to = value;
    return true;
}

static bool bound_of(const ExprClause *c, Bounds *out)
{
    bool least = c->order == ORDER_GE, most = c->order == ORDER_LE;
    if (c->node != OWN_ROW)
        return false;
    switch (c->kind) {
    case CLAUSE_MATCHES: return put_once(&out->pattern, c->value);
    case CLAUSE_COMPARE: return (least && put_once(&out->least, c->value)) || (most && put_once(&out->most, c->value));
    case CLAUSE_LENGTH: return (least && put_once(&out->length_least, c->value)) || (most && put_once(&out->length_most, c->value));
    case CLAUSE_COUNT: return (least && put_once(&out->count_least, c->value)) || (most && put_once(&out->count_most, c->value));
    case CLAUSE_TODAY:
        out->not_future |= most;
        out->not_past |= least;
        return most || least;
    default: return false;
    }
}

static bool bounds_of(const ExprClause *c, Bounds *out)
{
    if (c->kind != CLAUSE_ALL)
        return bound_of(c, out);
    for (int i = 0; i < c->part_count; i++)
        if (!bounds_of(&c->parts[i], out))
            return false;
    return true;
}

bool bounds_read(Arena *a, const Grid *g, QuestionType type, Str source, Bounds *out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)16 << 20);
    ExprClause c;
    work.full = a->full;
    *out      = (Bounds){ 0 };
    if (!str_trim(source).len)
        return true;
    return clause_read(a, work, g, type, source, &c) && bounds_of(&c, out);
}

static void add_bound(Arena *a, StrList *parts, const char *what, const char *sign, Str value)
{
    if (value.len)
        *list_add(a, parts) = arena_fmt(a, "%s %s %.*s", what, sign, STR_ARG(value));
}

Str bounds_write(Arena *a, QuestionType type, const Bounds *b)
{
    StrList parts = { 0 };
    add_bound(a, &parts, ".", ">=", b->least.len ? value_written(a, type, b->least) : S(""));
    add_bound(a, &parts, ".", "<=", b->most.len ? value_written(a, type, b->most) : S(""));
    add_bound(a, &parts, ".", "<=", b->not_future ? S("today()") : S(""));
    add_bound(a, &parts, ".", ">=", b->not_past ? S("today()") : S(""));
    add_bound(a, &parts, "string-length(.)", ">=", b->length_least);
    add_bound(a, &parts, "string-length(.)", "<=", b->length_most);
    add_bound(a, &parts, "count-selected(.)", ">=", b->count_least);
    add_bound(a, &parts, "count-selected(.)", "<=", b->count_most);
    if (b->pattern.len)
        *list_add(a, &parts) = arena_fmt(a, "regex(., %.*s)", STR_ARG(logic_quoted(a, b->pattern)));
    return str_join(a, parts.at, parts.len, S(" and "));
}

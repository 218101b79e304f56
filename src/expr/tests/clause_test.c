/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Shapes of conditions: what is recognised, turned round, and left as other. */
#include "base/test.h"
#include "expr/expr.h"

/* ${a} is node 0, ${b} node 1 … */
static bool by_letter(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *fault)
{
    *list_add(a, out) = (ExprRef){ .node = path->variable.len ? path->variable.at[0] - 'a' : 25, .kind = EXPR_STRING };
    return true;
}

/* "all(0=1 sel(1,x))" */
static void write_clause(Buf *b, const ExprClause *c)
{
    static const char *const order[ORDER_COUNT] = { "=", "!=", "<", "<=", ">", ">=" };
    static const char *const joined[] = { [CLAUSE_ALL] = "all", [CLAUSE_ANY] = "any", [CLAUSE_NOT] = "not" };
    switch (c->kind) {
    case CLAUSE_COMPARE: buf_fmt(b, "%d%s%.*s", c->node, order[c->order], STR_ARG(c->value)); return;
    case CLAUSE_SELECTED: buf_fmt(b, "sel(%d,%.*s)", c->node, STR_ARG(c->value)); return;
    case CLAUSE_CONTAINS: buf_fmt(b, "has(%d,%.*s)", c->node, STR_ARG(c->value)); return;
    case CLAUSE_MATCHES: buf_fmt(b, "like(%d,%.*s)", c->node, STR_ARG(c->value)); return;
    case CLAUSE_LENGTH: buf_fmt(b, "length(%d)%s%.*s", c->node, order[c->order], STR_ARG(c->value)); return;
    case CLAUSE_COUNT: buf_fmt(b, "count(%d)%s%.*s", c->node, order[c->order], STR_ARG(c->value)); return;
    case CLAUSE_TODAY: buf_fmt(b, "%d%stoday", c->node, order[c->order]); return;
    case CLAUSE_OTHER: buf_lit(b, "?"); return;
    default: break;
    }
    buf_fmt(b, "%s(", joined[c->kind]);
    for (int i = 0; i < c->part_count; i++) {
        buf_add(b, i ? S(" ") : S(""));
        write_clause(b, &c->parts[i]);
    }
    buf_lit(b, ")");
}

static Str shape_of(Arena *a, const char *source)
{
    AUTO(arena_close) Arena work = arena_open(1 << 20);
    ExprNames  names = { NULL, by_letter };
    ExprClause c;
    Buf        b = buf_new(a, 64);
    if (!expr_clause(a, work, str_from_c(source), &names, NULL, &c))
        return S("fault");
    write_clause(&b, &c);
    return buf_str(&b);
}

TEST(clauses_name_question_comparison_and_value)
{
    CHECK_STR(shape_of(a, "${a} = '1'"), S("0=1"));
    CHECK_STR(shape_of(a, "18 <= ${b}"), S("1>=18"));
    CHECK_STR(shape_of(a, "selected(${c}, 'co')"), S("sel(2,co)"));
    CHECK_STR(shape_of(a, "${a} = '1' and (${b} > 3 or selected(${c}, 'x'))"), S("all(0=1 any(1>3 sel(2,x)))"));
    CHECK_STR(shape_of(a, "not(selected(${c}, 'x'))"), S("not(sel(2,x))"));
    CHECK_STR(shape_of(a, "${a} != ''"), S("0!="));
}

TEST(clauses_tell_lengths_counts_patterns_and_days)
{
    CHECK_STR(shape_of(a, "count-selected(${a}) > 2"), S("count(0)>2"));
    CHECK_STR(shape_of(a, "${a} = '1' or 2 < string-length(${b})"), S("any(0=1 length(1)>2)"));
    CHECK_STR(shape_of(a, "contains(${a}, 'x') and not(regex(., '[0-9]+'))"), S("all(has(0,x) not(like(25,[0-9]+)))"));
    CHECK_STR(shape_of(a, "today() >= ."), S("25<=today"));
    CHECK_STR(shape_of(a, ". > date('2026-01-31')"), S("25>2026-01-31"));
}

TEST(clauses_without_a_shape_are_other)
{
    CHECK_STR(shape_of(a, "${a} = ${b}"), S("?"));
    CHECK_STR(shape_of(a, "count(${a}) > 2"), S("?"));
    CHECK_STR(shape_of(a, "${a} = '1' or string-length(${b}) + 1 > 2"), S("any(0=1 ?)"));
    CHECK_STR(shape_of(a, "contains('x', ${a})"), S("?"));
    CHECK_STR(shape_of(a, "${a} ="), S("fault"));
}

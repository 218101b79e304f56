/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Expressions: the table expr.tsv, limits, offsets, dependencies, a library of a host. */
#include "base/test.h"
#include "expr/tests/expr_host.h"
#include "source_root.h"

#include <stdio.h>

/* Working memory apart from the test's arena; by value, so one is enough. */
static Arena work(void)
{
    static Arena a;
    if (!a.base)
        a = arena_open(1 << 24);
    return a;
}

/* A set as "text text …", a value as text, or the code of the first fault. */
static Str value_text(Arena *a, const ExprCode *code, const ExprHost *host, const ExprValue *v)
{
    Buf b = buf_new(a, 64);
    if (v->kind != EXPR_NODES)
        return expr_to_text(a, v);
    for (int i = 0; i < v->set->count; i++) {
        int row = v->set->at ? v->set->at[i] : i;
        Str text = S("?");
        if (v->set->table)
            text = v->set->table->cells[row * v->set->table->column_count + (v->set->column < 0 ? 0 : v->set->column)];
        else
            host->node(host->self, (v->set->refs ? v->set->refs[i] : v->set->ref)->node, row, &text);
        buf_fmt(&b, i ? " %.*s" : "%.*s", STR_ARG(text));
    }
    return buf_str(&b);
}

/* "{filter} …" filters the table xa; "set: path" gives a set; else a value. */
static Str run(Arena *a, Str source, Str answers, ExprFaults *faults)
{
    Answers   x     = answers_read(a, answers);
    ExprNames names = answers_names(&x);
    ExprCode  code;
    bool      set = str_starts(source, S("set: ")), filter = str_starts(source, S("{")) && str_ends(source, S("}")), ok;
    if (filter)
        ok = expr_compile_filter(a, work(), (Str){ source.at + 1, source.len - 2 }, names.table(&x, S("xa")), &names, NULL, faults, &code);
    else
        ok = (set ? expr_compile_set : expr_compile)(a, work(), set ? str_skip(source, 5) : source, &names, NULL, faults, &code);
    if (!ok) {
        for (size_t i = 0; i < faults->len; i++)
            if (!faults->at[i].warning)
                return str_from_c(faults->at[i].code);
        return S("no fault");
    }
    ExprHost  host = answers_host(&x);
    ExprValue v;
    if (expr_eval(&code, a, &host, &v))
        return S("E-EVAL");
    return value_text(a, &code, &host, &v);
}

/* ---- The table --------------------------------------------------------------------------------------- */

static Str file_read(Arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return S("");
    Buf    b = buf_new(a, 1 << 16);
    char   part[4096];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&b, (Str){ part, n });
    fclose(f);
    return buf_str(&b);
}

TEST(expressions_give_what_the_table_says)
{
    Str text = file_read(a, SOURCE_ROOT "/src/expr/tests/expr.tsv");
    int rows = 0, line = 0;
    CHECK(text.len > 0);
    while (text.len) {
        StrPair cut = str_cut(text, '\n');
        text        = cut.tail;
        line++;
        if (!cut.head.len || cut.head.at[0] == '#')
            continue;
        StrPair    source = str_cut(cut.head, '\t'), answers = str_cut(source.tail, '\t'), want = str_cut(answers.tail, '\t');
        Str        warning = str_cut(want.tail, '\t').head;
        ExprFaults faults  = { 0 };
        Arena      scratch = *a;
        Str        got     = run(&scratch, source.head, answers.head, &faults);
        Str        warned  = faults.len && faults.at[0].warning ? str_from_c(faults.at[0].code) : S("");
        if (!str_eq(got, want.head))
            test_fail("expr.tsv", line, "%.*s gives \"%.*s\", want \"%.*s\"", STR_ARG(source.head), STR_ARG(got), STR_ARG(want.head));
        if (!str_eq(warned, warning))
            test_fail("expr.tsv", line, "%.*s warns \"%.*s\", want \"%.*s\"", STR_ARG(source.head), STR_ARG(warned), STR_ARG(warning));
        rows++;
    }
    CHECK(rows >= 250);
}

/* ---- Faults name place and remedy ----------------------------------------------------------------------- */

TEST(a_fault_has_the_character_offset_and_the_nearest_name)
{
    ExprFaults faults = { 0 };
    CHECK_STR(run(a, S("'Đường' = selectd(${m}, '1')"), S("m=1"), &faults), S("E-FUNC"));
    CHECK_INT(faults.at[0].at, 10);
    CHECK_STR(faults.at[0].vi, S("không có hàm “selectd”. Có phải “selected”?"));
    CHECK_STR(faults.at[0].en, S("there is no function “selectd”. Did you mean “selected”?"));
    faults = (ExprFaults){ 0 };
    run(a, S("geofence('x')"), S(""), &faults);
    CHECK(str_has(faults.at[0].vi, S("chưa hỗ trợ")));
    faults = (ExprFaults){ 0 };
    run(a, S("1 + substr('a')"), S(""), &faults);
    CHECK_STR(faults.at[0].vi, S("hàm “substr” cần 2 đến 3 tham số, đang có 1. Sửa số tham số trong ngoặc."));
}

/* ---- Limits ----------------------------------------------------------------------------------------------- */

static Str repeated(Arena *a, const char *head, const char *part, int times, const char *tail, int tails)
{
    Buf b = buf_new(a, 64);
    buf_add(&b, str_from_c(head));
    for (int i = 0; i < times; i++)
        buf_add(&b, str_from_c(part));
    for (int i = 0; i < tails; i++)
        buf_add(&b, str_from_c(tail));
    return buf_str(&b);
}

TEST(limits_of_length_nesting_and_steps_are_faults)
{
    ExprFaults f = { 0 };
    CHECK_STR(run(a, repeated(a, "1", "+10000", 1365, "", 0), S(""), &f), S("13650001"));        /* 8,191 bytes */
    CHECK_STR(run(a, repeated(a, "1", "+10000", 1366, "", 0), S(""), &f), S("E-LIMIT"));
    f = (ExprFaults){ 0 };
    CHECK_STR(run(a, repeated(a, "1", "", 0, "", 0), S(""), &f), S("1"));
    CHECK_STR(run(a, str_concat(a, repeated(a, "", "(", 64, "", 0), repeated(a, "1", "", 0, ")", 64)), S(""), &f), S("1"));
    CHECK_STR(run(a, str_concat(a, repeated(a, "", "(", 65, "", 0), repeated(a, "1", "", 0, ")", 65)), S(""), &f), S("E-LIMIT"));
    f = (ExprFaults){ 0 };
    CHECK_STR(run(a, repeated(a, "x", "+x", 2047, "", 0), S("x:n=1"), &f), S("2048"));            /* 4,095 steps */
    CHECK_STR(run(a, repeated(a, "x", "+x", 2049, "", 0), S("x:n=1"), &f), S("E-LIMIT"));
    f = (ExprFaults){ 0 };
    CHECK_STR(run(a, repeated(a, "", "-", 65, "1", 1), S(""), &f), S("E-LIMIT"));
}

TEST(an_evaluation_stops_after_a_million_steps)
{
    Answers   x     = { .a = a };
    Str       aaaa  = repeated(a, "", "a", 30000, "", 0);
    ExprNames names = answers_names(&x);
    *list_add(a, &x.list) = (Answer){ .name = S("x"), .text = aaaa };
    ExprFaults f = { 0 };
    ExprCode   code;
    CHECK(expr_compile(a, work(), S("regex(${x}, '^.*.{0,60}b$')"), &names, NULL, &f, &code));
    ExprHost  host = answers_host(&x);
    ExprValue v;
    CHECK_ERR(expr_eval(&code, a, &host, &v), ERR_LIMIT);
}

/* ---- What hosts build on ------------------------------------------------------------------------------------ */

TEST(code_lists_the_nodes_it_reads_and_marks_once)
{
    Answers    x     = answers_read(a, S("p=1;q=2;.=3"));
    ExprNames  names = answers_names(&x);
    ExprFaults f     = { 0 };
    ExprCode   code;
    CHECK(expr_compile(a, work(), S("once(concat(${q}, 'ê', ${p}))"), &names, NULL, &f, &code));
    CHECK_INT(code.ref_count, 3);
    CHECK_INT(code.refs[0].node, 1);
    CHECK_INT(code.refs[1].node, 0);
    CHECK_INT(code.refs[1].at, 23);
    CHECK_INT(code.refs[2].node, 2);
    CHECK(code.refs[2].once && !code.refs[0].once);
    CHECK_INT(code.kind, EXPR_STRING);
}

TEST(constants_are_folded_into_one_step)
{
    ExprFaults f = { 0 };
    ExprCode   code;
    CHECK(expr_compile(a, work(), S("if(1 + 1 = 2, concat('a', 'b'), 3)"), NULL, NULL, &f, &code));
    CHECK_INT(code.step_count, 1);
    CHECK_STR(code.values[0].text, S("ab"));
}

static ExprValue double_of(ExprRun *r, const ExprValue *args, int n)
{
    return (ExprValue){ .kind = EXPR_NUMBER, .number = 2 * expr_to_number(&args[0]) };
}

TEST(a_host_adds_functions_of_its_own)
{
    static const ExprFunction own[]   = { { "score_double", "n", EXPR_NUMBER, double_of, false } };
    static const ExprLibrary  library = { own, 1 };
    Answers    x     = answers_read(a, S("p:n=21"));
    ExprNames  names = answers_names(&x);
    ExprFaults f     = { 0 };
    ExprCode   code;
    CHECK(expr_compile(a, work(), S("score_double(${p})"), &names, &library, &f, &code));
    ExprHost  host = answers_host(&x);
    ExprValue v;
    CHECK_OK(expr_eval(&code, a, &host, &v));
    CHECK_NEAR(v.number, 42, 0);
    CHECK(!expr_compile(a, work(), S("score_duble(1)"), &names, &library, &f, &code));
    CHECK(str_has(f.at[0].en, S("score_double")));
}

TEST(names_are_letters_of_any_language)
{
    CHECK(expr_is_name(S("tinh")) && expr_is_name(S("_x.1-a")) && expr_is_name(S("địa_bàn")));
    CHECK(!expr_is_name(S("1a")) && !expr_is_name(S("a b")) && !expr_is_name(S("")) && !expr_is_name(S("a“b")));
}

TEST(booleans_and_numbers_are_stored_in_canonical_form)
{
    ExprValue nan = { .kind = EXPR_NUMBER, .number = NAN }, yes = { .kind = EXPR_BOOLEAN, .number = 1 };
    CHECK_STR(expr_to_answer(a, &nan), S(""));
    CHECK_STR(expr_to_text(a, &nan), S("NaN"));
    CHECK_STR(expr_to_answer(a, &yes), S("true"));
}

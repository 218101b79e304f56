/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of a questionnaire: nothing is lost through draft, workbook and back; moving; conditions picked and read back. */
#include "builder/logic.h"
#include "builder/outline.h"
#include "form/tests/form_test_book.h"

#include <stdio.h>

static const char *const lines =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|relevant|td_bank|ghi chú riêng|constraint\n"
    "note|loi|Xin chào|Hello\n"
    "begin_group|g|Phần một|Part one\nselect_one yn|a|Có không?|Yes or no?||7.1|của tôi\ninteger|b|Bao nhiêu?|How many?|${a} = '1'|||. >= 0 and . <= 120\n"
    "end_group\n"
    "begin_repeat|r|Mỗi người|Each\ntext|ten|Tên|Name\nend_repeat\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|label::English (en)|tinh\nyn|1|Có|Yes|01\nyn|0|Không|No|02\n"
    "[settings]\nform_id|version|form_title::Tiếng Việt (vi)|default_language\nthu|1|Phiếu thử|Tiếng Việt (vi)\n"
    "[ghi chép]\nviệc|ai\nhỏi lại|Lan\n";

static Grid *grid_of(Arena *a, const char *book_lines)
{
    FormBook book = test_book(a, book_lines);
    return grid_of_book(a, &book);
}

static void same_book(Arena *a, const Grid *g, const Grid *h)
{
    CHECK_INT(g->sheets.len, h->sheets.len);
    for (size_t i = 0; i < g->sheets.len; i++) {
        const GridSheet *x = &g->sheets.at[i], *y = &h->sheets.at[i];
        CHECK_STR(x->name, y->name);
        CHECK_INT(x->columns.len, y->columns.len);
        CHECK_INT(x->rows.len, y->rows.len);
        for (size_t k = 0; k < x->columns.len; k++)
            CHECK_STR(x->columns.at[k].header, y->columns.at[k].header);
        for (size_t r = 0; r < x->rows.len; r++)
            CHECK(grid_row_same(x, &x->rows.at[r], y, &y->rows.at[r]));
    }
}

static void through_workbook(Arena *a, const Grid *g, Grid **out)
{
    Arena      work   = arena_open(64 << 20);
    FormIssues issues = { 0 };
    FormBook   book;
    Str        bytes;
    CHECK_OK(grid_xlsx(a, g, &bytes));
    CHECK_OK(form_book_read(a, work, bytes, &issues, &book));
    CHECK_INT(issues.len, 0);
    arena_close(&work);
    *out = grid_of_book(a, &book);
}

TEST(builder_rows_go_through_draft_and_workbook_without_loss)
{
    Grid *g = grid_of(a, lines), *h;
    CHECK_OK(grid_parse(a, grid_json(a, g), &h));
    same_book(a, g, h);
    CHECK_INT(h->next, g->next);
    through_workbook(a, g, &h);
    same_book(a, g, h);
    CHECK_STR(grid_cell(grid_sheet(h, SHEET_SURVEY), &grid_sheet(h, SHEET_SURVEY)->rows.at[2], COL_LABEL, S("English (en)")), S("Yes or no?"));
    CHECK_STR(grid_title(h, LANG_VI), S("Phiếu thử"));
}

TEST(builder_the_model_of_a_workbook_written_again_is_equal)
{
    FormProgram *p = test_form(a, lines), *q;
    FormIssues   issues = { 0 };
    Arena        work   = arena_open(64 << 20);
    Str          bytes;
    CHECK_OK(grid_xlsx(a, grid_of(a, lines), &bytes));
    CHECK_OK(form_read_xlsx(a, work, bytes, &issues, &q));
    CHECK(q != NULL);
    CHECK_STR(form_xform_write(a, p), form_xform_write(a, q));
    CHECK_INT(form_changes(a, p, q, LANG_VI).len, 0);
    arena_close(&work);
}

static Str order(Arena *a, const Grid *g)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    StrList names = { 0 };
    for (size_t i = 0; i < s->rows.len; i++) {
        Str name = grid_cell(s, &s->rows.at[i], COL_NAME, S(""));
        *list_add(a, &names) = name.len ? name : S("/");
    }
    return str_join(a, names.at, names.len, S(" "));
}

static void move(Arena *a, Grid *g, const char *name, OutlineMove how)
{
    Outline o = outline_of(a, g);
    outline_move(a, g, &o, outline_find(&o, logic_row(g, str_from_c(name))->id), how);
}

TEST(builder_questions_move_with_what_they_hold)
{
    Grid *g = grid_of(a, lines);
    CHECK_STR(order(a, g), S("loi g a b / r ten /"));
    move(a, g, "g", MOVE_DOWN);
    CHECK_STR(order(a, g), S("loi r ten / g a b /"));
    move(a, g, "r", MOVE_UP);
    CHECK_STR(order(a, g), S("r ten / loi g a b /"));
    move(a, g, "loi", MOVE_IN);
    CHECK_STR(order(a, g), S("r ten loi / g a b /"));
    move(a, g, "loi", MOVE_OUT);
    CHECK_STR(order(a, g), S("r ten / loi g a b /"));
    move(a, g, "b", MOVE_UP);
    CHECK_STR(order(a, g), S("r ten / loi g b a /"));
    move(a, g, "b", MOVE_UP);
    CHECK_STR(order(a, g), S("r ten / loi g b a /"));
    Outline o = outline_of(a, g);
    outline_copy(a, g, &o, outline_find(&o, logic_row(g, S("g"))->id));
    CHECK_STR(order(a, g), S("r ten / loi g b a / g_2 b_2 a_2 /"));
    CHECK_STR(grid_cell(grid_sheet(g, SHEET_SURVEY), logic_row(g, S("b_2")), COL_RELEVANT, S("")), S("${a_2} = '1'"));
    o = outline_of(a, g);
    outline_remove(g, &o, outline_find(&o, logic_row(g, S("g"))->id));
    CHECK_STR(order(a, g), S("r ten / loi g_2 b_2 a_2 /"));
    grid_rename(a, g, S("a_2"), S("chinh"));
    CHECK_STR(grid_cell(grid_sheet(g, SHEET_SURVEY), logic_row(g, S("b_2")), COL_RELEVANT, S("")), S("${chinh} = '1'"));
    o = outline_of(a, g);
    CHECK(!o.broken);
}

/* Numbers, days, choices, several choices, words. */
static const char *const kinds =
    "[survey]\ntype|name|label\nselect_one yn|a|A\nselect_multiple yn|m|M\ninteger|n|N\ndecimal|x|X\ndate|d|D\ntext|t|T\n"
    "[choices]\nlist_name|name|label\nyn|1|Có\nyn|0|Không\n[settings]\nform_id\nthu\n";

TEST(builder_conditions_are_read_as_tests_and_written_back)
{
    static const char *const shaped[] = {
        "${a} = '1'", "${a} != '1' and ${n} >= 18", "selected(${m}, '1') or selected(${m}, '0')", "not(selected(${m}, '1'))", "${t} != ''", "${n} = ''",
        "contains(${t}, \"it's\")", "${d} >= date('2026-01-31')", "${x} < 2.5 or ${a} = '0' or ${n} > 3" };
    static const char *const other[] = { "${a} = '1' and (${n} > 1 or ${n} < 0)", "${n} + 1 > 2", "true()", "${n} > ${x}", "${khong} = 1", "${a} = ", ". > 1" };
    Grid *g = grid_of(a, kinds);
    Logic l;
    for (size_t i = 0; i < COUNT_OF(shaped); i++) {
        CHECK(logic_read(a, g, str_from_c(shaped[i]), &l));
        CHECK_STR(logic_write(a, g, &l), str_from_c(shaped[i]));
    }
    for (size_t i = 0; i < COUNT_OF(other); i++)
        CHECK(!logic_read(a, g, str_from_c(other[i]), &l));
    CHECK(logic_read(a, g, S(""), &l) && !l.tests.len);
    CHECK(logic_read(a, g, S("18 < ${n}"), &l));
    CHECK_STR(logic_write(a, g, &l), S("${n} > 18"));
    CHECK_STR(logic_quoted(a, S("a'b\"c")), S("concat('a', \"'\", 'b\"c')"));
}

TEST(builder_bounds_are_read_and_written_back)
{
    static const struct { QuestionType type; const char *source; } shaped[] = {
        { Q_INTEGER, ". >= 18 and . <= 120" }, { Q_DECIMAL, ". <= 2.5" }, { Q_DATE, ". >= date('2026-01-01') and . <= today()" },
        { Q_TEXT, "string-length(.) >= 3 and string-length(.) <= 20 and regex(., '0[0-9]{9}')" },
        { Q_SELECT_MULTIPLE, "count-selected(.) <= 3" } };
    Grid  *g = grid_of(a, kinds);
    Bounds b;
    for (size_t i = 0; i < COUNT_OF(shaped); i++) {
        CHECK(bounds_read(a, g, shaped[i].type, str_from_c(shaped[i].source), &b));
        CHECK_STR(bounds_write(a, shaped[i].type, &b), str_from_c(shaped[i].source));
    }
    CHECK(!bounds_read(a, g, Q_INTEGER, S(". > 18"), &b));
    CHECK(!bounds_read(a, g, Q_INTEGER, S(". >= 18 or . = 0"), &b));
    CHECK(!bounds_read(a, g, Q_INTEGER, S(". >= ${n}"), &b));
    CHECK(!bounds_read(a, g, Q_INTEGER, S(". >= 1 and . >= 2"), &b));
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Items of the bank: cut out, put in, versions, uses that follow the draft. */
#include "builder/bank.h"
#include "builder/parts.h"
#include "form/tests/form_test_book.h"
#include "store/test_store.h"

#include <stdio.h>

static const char *const lines =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|td_code|td_role|relevant\ninteger|n|Bao nhiêu?|How many?\n"
    "select_one yn|a|Có không?|Yes or no?|A1|satisfaction|${n} > 1\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|label::English (en)\nyn|1|Có|Yes\nyn|0|Không|No\n"
    "[settings]\nform_id\nthu\n";

static Grid *grid_of(Arena *a, const char *book_lines)
{
    FormBook book = test_book(a, book_lines);
    return grid_of_book(a, &book);
}

static Str cell(const Grid *g, int row, ColumnId id)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    return grid_cell(s, &s->rows.at[row], id, S(""));
}

TEST(bank_a_question_goes_from_one_questionnaire_to_another_with_its_list)
{
    Grid    *g = grid_of(a, lines);
    Grid    *h = grid_of(a, "[survey]\ntype|name|label::Tiếng Việt (vi)\ntext|a|Tên\n"
                            "[choices]\nlist_name|name|label::Tiếng Việt (vi)\nyn|x|Khác\n");
    Grid    *content = bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[1].id);
    int64_t  item, version, row = bank_paste(a, h, content, 77, 3, 0);
    CHECK_INT(grid_row_at(grid_sheet(h, SHEET_SURVEY), row), 1);
    CHECK_STR(cell(h, 1, COL_NAME), S("a_2"));
    CHECK_STR(cell(h, 1, COL_TYPE), S("select_one yn_2"));
    CHECK_STR(cell(h, 1, COL_TD_CODE), S("A1"));
    CHECK_STR(cell(h, 1, COL_RELEVANT), S(""));
    CHECK_STR(grid_cell(grid_sheet(h, SHEET_SURVEY), grid_row(grid_sheet(h, SHEET_SURVEY), row), COL_LABEL, S("English (en)")), S("Yes or no?"));
    CHECK(bank_source(h, grid_row(grid_sheet(h, SHEET_SURVEY), row), &item, &version));
    CHECK_INT(item, 77);
    CHECK_INT(version, 3);
    CHECK_INT(grid_sheet(h, SHEET_CHOICES)->rows.len, 3);
    bank_paste(a, h, content, 77, 3, 0);
    CHECK_STR(cell(h, 2, COL_TYPE), S("select_one yn_2"));           /* the same choices are shared */
    CHECK_INT(grid_sheet(h, SHEET_CHOICES)->rows.len, 3);
}

TEST(bank_words_find_the_column_of_their_language)
{
    Grid *g = grid_of(a, "[survey]\ntype|name|label\ntext|a|Tên\n[settings]\nform_id|default_language\nx|Tiếng Việt (vi)\n");
    Grid *h = grid_of(a, lines), *content = bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[0].id);
    size_t   columns = grid_sheet(h, SHEET_SURVEY)->columns.len;
    int64_t  row = bank_paste(a, h, content, 1, 1, 0);
    GridRow *q   = grid_row(grid_sheet(h, SHEET_SURVEY), row);
    CHECK_STR(grid_cell(grid_sheet(h, SHEET_SURVEY), q, COL_LABEL, S("Tiếng Việt (vi)")), S("Tên"));
    CHECK_INT(grid_sheet(h, SHEET_SURVEY)->columns.len, columns + 1);          /* td_bank alone */
}

TEST_EACH_STORE(bank_items_have_versions_and_uses_follow_the_draft)
{
    Db      *db = test_take(store, a);
    Grid    *g  = grid_of(a, lines), *content;
    BankItem x  = { .unit = { 1 }, .subject = S("Một cửa"), .at = { 5 } }, y;
    int64_t  id;
    bool     done;
    FormDraft    d;
    BankUses     uses;
    BankVersions versions;
    BankItems    all;
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    CHECK_OK(bank_keep(db, a, &x, bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[1].id), S("đầu"), S("thu")));
    CHECK_OK(bank_keep(db, a, &x, bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[1].id), S("sau"), S("thu")));
    CHECK_OK(bank_load(db, a, x.id, &y));
    CHECK_INT(y.version, 2);
    CHECK_STR(y.title, S("Có không?"));
    CHECK_STR(y.role, S("satisfaction"));
    CHECK_OK(bank_versions(db, a, x.id, &versions));
    CHECK_INT(versions.len, 2);
    CHECK_STR(versions.at[0].note, S("sau"));
    CHECK_OK(form_draft_new(db, a, (UnitId){ 1 }, S(""), (PersonId){ 1 }, (Time){ 1 }, &id));
    CHECK_OK(form_draft_load(db, a, id, &d));
    CHECK_OK(form_draft_content(db, a, &d, 1, &g, NULL));
    CHECK_OK(bank_content(db, a, x.id, 2, &content));
    bank_paste(a, g, content, x.id, 2, 0);
    CHECK_OK(form_draft_save(db, a, &d, g, "bank", S("x"), (PersonId){ 1 }, (Time){ 2 }));
    CHECK_OK(bank_uses(db, a, x.id, &uses));
    CHECK_INT(uses.len, 1);
    CHECK_OK(form_draft_undo(db, a, &d, false, (PersonId){ 1 }, (Time){ 3 }, &done));
    CHECK_OK(bank_uses(db, a, x.id, &uses));
    CHECK_INT(uses.len, 0);
    CHECK_OK(bank_withdraw(db, x.id));
    CHECK_OK(bank_list(db, a, &all));
    CHECK_INT(all.len, 0);
    CHECK_OK(db_commit(db));
}

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
    Grid    *content = bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[1].id, NULL);
    int64_t  item, version, row = bank_paste(a, h, content, 77, 3, 0, false);
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
    bank_paste(a, h, content, 77, 3, 0, false);
    CHECK_STR(cell(h, 2, COL_TYPE), S("select_one yn_2"));           /* the same choices are shared */
    CHECK_INT(grid_sheet(h, SHEET_CHOICES)->rows.len, 3);
}

TEST(bank_words_find_the_column_of_their_language)
{
    Grid *g = grid_of(a, "[survey]\ntype|name|label\ntext|a|Tên\n[settings]\nform_id|default_language\nx|Tiếng Việt (vi)\n");
    Grid *h = grid_of(a, lines), *content = bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[0].id, NULL);
    size_t   columns = grid_sheet(h, SHEET_SURVEY)->columns.len;
    int64_t  row = bank_paste(a, h, content, 1, 1, 0, false);
    GridRow *q   = grid_row(grid_sheet(h, SHEET_SURVEY), row);
    CHECK_STR(grid_cell(grid_sheet(h, SHEET_SURVEY), q, COL_LABEL, S("Tiếng Việt (vi)")), S("Tên"));
    CHECK_INT(grid_sheet(h, SHEET_SURVEY)->columns.len, columns + 1);          /* td_bank alone */
}

static const char *const with_group =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|relevant|calculation|repeat_count\ninteger|n|Bao nhiêu?|How many?|||\n"
    "begin group|nha|Nhà ở|Housing|${n} > 1||\nselect_one yn|a|Có không?|Yes or no?|||\ntext|b|Vì sao?|Why?|${a} = '0' and ${nha} != 'x'||\n"
    "text|e|Ở đâu?|Where?|${a} = '0'||\ncalculate|d|||| instance('yn')/root/item[name = ${a}]/label|\n"
    "begin repeat|r|Lần|Visit|||${n}\ntext|f|Ngày?|Day?|||\nend repeat||||||\nend group||||||\ntext|z|Hết|End|${e} != ''||\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|label::English (en)\nyn|1|Có|Yes\nyn|0|Không|No\nkhac|1|Khác|Other\n"
    "[settings]\nform_id\nthu\n";

static Str cell_of(const Grid *g, Str name, ColumnId id)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    for (size_t i = 0; i < s->rows.len; i++)
        if (str_eq(grid_cell(s, &s->rows.at[i], COL_NAME, S("")), name))
            return grid_cell(s, &s->rows.at[i], id, S(""));
    return S("none");
}

TEST(bank_a_group_goes_with_its_questions_choices_and_logic)
{
    Grid *g = grid_of(a, with_group);
    Grid *h = grid_of(a, "[survey]\ntype|name|label::Tiếng Việt (vi)|relevant\nbegin group|g|Khung|\ntext|a|Tên|\ntext|a_2|Tuổi|${a} != ''\nend group|||\n"
                         "text|sau|Sau|\n[choices]\nlist_name|name|label::Tiếng Việt (vi)\nyn|x|Khác\n");
    BankLefts left    = { 0 };
    Grid     *content = bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[1].id, &left);
    CHECK_INT(grid_sheet(content, SHEET_SURVEY)->rows.len, 9);
    CHECK_INT(grid_sheet(content, SHEET_CHOICES)->rows.len, 2);             /* the list it asks from, not the other */
    CHECK_INT(left.len, 2);                                                 /* the group's own condition and the count, which name n */
    CHECK_STR(left.at[0].source, S("${n} > 1"));
    CHECK(left.at[1].column == COL_REPEAT_COUNT);
    CHECK_STR(cell_of(content, S("b"), COL_RELEVANT), S("${a} = '0' and ${nha} != 'x'"));
    int64_t first = bank_paste(a, h, content, 9, 1, grid_sheet(h, SHEET_SURVEY)->rows.at[0].id, true);
    CHECK_INT(grid_row_at(grid_sheet(h, SHEET_SURVEY), first), 3);          /* at the end of the group */
    CHECK_STR(cell_of(h, S("a_3"), COL_TYPE), S("select_one yn_2"));
    CHECK_STR(cell_of(h, S("e"), COL_RELEVANT), S("${a_3} = '0'"));
    CHECK_STR(cell_of(h, S("a_2"), COL_RELEVANT), S("${a} != ''"));         /* what was there keeps its names */
    CHECK_STR(cell_of(h, S("d"), COL_CALCULATION), S("instance('yn_2')/root/item[name = ${a_3}]/label"));
    CHECK(!outline_of(a, h).broken);
    int64_t behind = bank_paste(a, h, content, 9, 1, first, false);
    CHECK_INT(grid_row_at(grid_sheet(h, SHEET_SURVEY), behind), 12);        /* behind the whole group */
    CHECK_STR(cell_of(h, S("e_2"), COL_RELEVANT), S("${a_4} = '0'"));
}

TEST(bank_lists_whose_fresh_names_chain_keep_apart)
{
    Grid *g = grid_of(a, "[survey]\ntype|name|label::Tiếng Việt (vi)|calculation\nbegin group|nha|Nhà|\nselect_one yn|p|P?|\nselect_one yn_2|q|Q?|\n"
                         "calculate|d||concat(instance('yn')/root/item[name = ${p}]/label, instance(\"yn_2\")/root/item[name = ${q}]/label)\nend group|||\n"
                         "[choices]\nlist_name|name|label::Tiếng Việt (vi)\nyn|1|Có\nyn_2|2|Không\n");
    Grid *h = grid_of(a, "[survey]\ntype|name|label::Tiếng Việt (vi)\ntext|t|Tên\n[choices]\nlist_name|name|label::Tiếng Việt (vi)\nyn|x|Khác\n");
    Grid *content = bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[0].id, NULL);
    bank_paste(a, h, content, 1, 1, 0, false);
    CHECK_STR(cell_of(h, S("p"), COL_TYPE), S("select_one yn_2"));
    CHECK_STR(cell_of(h, S("q"), COL_TYPE), S("select_one yn_2_2"));
    CHECK_STR(cell_of(h, S("d"), COL_CALCULATION),
              S("concat(instance('yn_2')/root/item[name = ${p}]/label, instance(\"yn_2_2\")/root/item[name = ${q}]/label)"));
}

TEST(bank_versions_of_an_item_are_compared_as_questionnaires_are)
{
    Grid *one = bank_cut(a, grid_of(a, with_group), grid_sheet(grid_of(a, with_group), SHEET_SURVEY)->rows.at[1].id, NULL);
    Grid *g   = grid_of(a, with_group);
    GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    grid_put(a, s, &s->rows.at[2], COL_LABEL, S("English (en)"), S("Yes?"));
    grid_put(a, s, &s->rows.at[4], COL_CONSTRAINT, S(""), S(". != ${n}"));
    grid_put(a, s, &s->rows.at[4], COL_TD_ROLE, S(""), S("open"));
    grid_put(a, grid_sheet(g, SHEET_CHOICES), &grid_sheet(g, SHEET_CHOICES)->rows.at[1], COL_LABEL, S("Tiếng Việt (vi)"), S("Chưa"));
    Grid       *two = bank_cut(a, g, s->rows.at[1].id, NULL);
    FormIssues  issues  = { 0 };
    FormChanges changes = { 0 };
    CHECK(bank_changes(a, one, two, LANG_VI, &issues, &changes));
    CHECK_INT(changes.len, 4);
    CHECK(changes.at[0].kind == CHANGE_LABEL);
    CHECK_STR(changes.at[0].language, S("English (en)"));
    CHECK_STR(changes.at[0].after, S("Yes?"));
    CHECK(changes.at[1].kind == CHANGE_CONSTRAINT);
    CHECK(changes.at[2].kind == CHANGE_ROLE);
    CHECK(changes.at[3].kind == CHANGE_CHOICE_LABEL);
    CHECK_STR(changes.at[3].before, S("Không"));
    CHECK(bank_changes(a, one, one, LANG_VI, &issues, &changes));
    CHECK_INT(changes.len, 0);
}

TEST(bank_versions_with_a_file_of_choices_are_compared_without_it)
{
    const char *const text = "[survey]\ntype|name|label|choice_filter|parameters\nselect_one_from_file xa.csv|xa|Xã nào?|tinh = ${t}|value=ma\n";
    Grid *one = grid_of(a, text), *two = grid_of(a, text);
    FormIssues  issues  = { 0 };
    FormChanges changes = { 0 };
    grid_put(a, grid_sheet(two, SHEET_SURVEY), &grid_sheet(two, SHEET_SURVEY)->rows.at[0], COL_CHOICE_FILTER, S(""), S("huyen = ${h}"));
    CHECK(bank_changes(a, one, two, LANG_VI, &issues, &changes));
    CHECK_INT(changes.len, 1);
    CHECK(changes.at[0].kind == CHANGE_FILTER);
    grid_put(a, grid_sheet(two, SHEET_SURVEY), &grid_sheet(two, SHEET_SURVEY)->rows.at[0], COL_TYPE, S(""), S("khong_co"));
    CHECK(!bank_changes(a, one, two, LANG_VI, &issues, &changes));
    CHECK(form_issues_bad(&issues));
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
    CHECK_OK(bank_keep(db, a, &x, bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[1].id, NULL), S("đầu"), S("thu")));
    CHECK_OK(bank_keep(db, a, &x, bank_cut(a, g, grid_sheet(g, SHEET_SURVEY)->rows.at[1].id, NULL), S("sau"), S("thu")));
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
    bank_paste(a, g, content, x.id, 2, 0, false);
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

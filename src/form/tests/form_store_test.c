/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Versions are kept with their bytes; the same key with other bytes is refused. */
#include "form_test_book.h"
#include "store/test_store.h"

#include <stdio.h>

static const char *const small =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|required|relevant|constraint\n"
    "begin_group|g|Nhóm|Group||${a} > 1\ninteger|b|Số|Number|yes|${a} < 9|. > 0\nend_group\ninteger|a|A|A\nnote|n|Lời|Word\nselect_one l|s|S|S|no\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|label::English (en)\nl|1|Một|One\nl|2|Hai|Two\n"
    "[settings]\nform_id|version|form_title\nsmall|1|Phiếu nhỏ\n";

static Str xlsx_with(Arena *a, Str what, Str with)
{
    Str lines = str_from_c(small);
    return test_xlsx(a, arena_c(a, what.len ? str_replace(a, lines, what, with) : lines));
}

static Err save(Db *db, Store *store, Arena *a, Str bytes, FormIssues *issues, FormId *out)
{
    Err e = db_begin_write(db);
    if (!e)
        e = form_save_xlsx(db, store, a, bytes, (UnitId){ 7 }, (PersonId){ 9 }, test_now(), issues, out);
    if (e)
        db_rollback(db);
    else
        e = db_commit(db);
    return e;
}

TEST_EACH_STORE(a_version_is_kept_with_its_bytes_and_compiled_once)
{
    Db         *db     = test_take(store, a);
    Str         bytes  = xlsx_with(a, S(""), S("")), kept;
    FormIssues  issues = { 0 };
    FormId      id = { 0 }, again = { 0 };
    FormRow     row;
    const FormProgram *p, *q;
    CHECK_OK(save(db, store, a, bytes, &issues, &id));
    CHECK_OK(form_load(db, a, id, &row));
    CHECK_STR(row.title, S("Phiếu nhỏ"));
    CHECK_STR(row.state, S("published"));
    CHECK_INT(row.questions, 3);
    CHECK_INT(row.owner.v, 7);
    CHECK_OK(form_bytes(db, store, a, id, &kept));
    CHECK_STR(kept, bytes);
    CHECK_OK(save(db, store, a, bytes, &issues, &again));
    CHECK_INT(again.v, id.v);
    CHECK_OK(form_program(db, store, a, id, &p));
    CHECK_OK(form_program(db, store, a, id, &q));
    CHECK(p == q);
    CHECK_STR(p->form_id, S("small"));
    CHECK_INT(p->id.v, id.v);
}

TEST_EACH_STORE(the_same_key_with_other_bytes_is_refused)
{
    Db        *db     = test_take(store, a);
    FormIssues issues = { 0 };
    FormId     id = { 0 }, other = { 0 };
    CHECK_OK(save(db, store, a, xlsx_with(a, S(""), S("")), &issues, &id));
    CHECK_ERR(save(db, store, a, xlsx_with(a, S("Phiếu nhỏ"), S("Phiếu khác")), &issues, &other), ERR_CONFLICT);
    CHECK_OK(save(db, store, a, xlsx_with(a, S("small|1|"), S("small|2|")), &issues, &other));
    CHECK(other.v != id.v);
    FormRow row;
    CHECK_OK(form_by_key(db, a, S("small"), S(""), &row));
    CHECK_STR(row.version, S("2"));
    CHECK_OK(form_by_key(db, a, S("small"), S("1"), &row));
    CHECK_INT(row.id.v, id.v);
    CHECK_ERR(form_by_key(db, a, S("none"), S(""), &row), ERR_NOT_FOUND);
}

TEST_EACH_STORE(a_blank_version_takes_the_day_and_a_number)
{
    Db        *db     = test_take(store, a);
    FormIssues issues = { 0 };
    FormId     id = { 0 };
    FormRow    row;
    CHECK_OK(save(db, store, a, xlsx_with(a, S("small|1|"), S("small||")), &issues, &id));
    CHECK_OK(form_load(db, a, id, &row));
    CHECK_STR(row.version, S("2026112201"));
    CHECK_OK(save(db, store, a, xlsx_with(a, S("small|1|Phiếu nhỏ"), S("small||Phiếu mới")), &issues, &id));
    CHECK_OK(form_load(db, a, id, &row));
    CHECK_STR(row.version, S("2026112202"));
    const FormProgram *p;
    CHECK_OK(form_program(db, store, a, id, &p));
    CHECK_STR(p->version, S("2026112202"));
}

TEST_EACH_STORE(a_faulty_file_is_stored_nowhere)
{
    Db        *db     = test_take(store, a);
    FormIssues issues = { 0 };
    FormId     id = { 0 };
    FormRows   rows;
    CHECK_ERR(save(db, store, a, xlsx_with(a, S("${a} > 1"), S("${zz} > 1")), &issues, &id), ERR_INVALID);
    CHECK_STR(issues.at[0].code, S("E-VAR"));
    CHECK_ERR(save(db, store, a, S("no workbook"), &issues, &id), ERR_INVALID);
    CHECK_ERR(save(db, store, a, xlsx_with(a, S("small|1|"), S("|1|")), &issues, &id), ERR_INVALID);
    CHECK_OK(form_list(db, a, &rows));
    CHECK_INT(rows.len, 0);
}

TEST_EACH_STORE(a_version_is_closed_and_opened_again)
{
    Db        *db     = test_take(store, a);
    FormIssues issues = { 0 };
    FormId     id = { 0 };
    CHECK_OK(save(db, store, a, xlsx_with(a, S(""), S("")), &issues, &id));
    CHECK_OK(db_begin_write(db));
    CHECK_OK(form_set_state(db, a, id, FORM_CLOSED));
    CHECK_ERR(form_set_state(db, a, id, FORM_CLOSED), ERR_CONFLICT);
    CHECK_OK(form_set_state(db, a, id, FORM_PUBLISHED));
    CHECK_ERR(form_set_state(db, a, id, FORM_DRAFT), ERR_CONFLICT);
    db_rollback(db);
}

TEST(the_api_lists_questions_with_the_groups_condition)
{
    FormProgram *p = test_form(a, small);
    Buf          b = buf_new(a, 64);
    form_questions_json(&b, p, LANG_EN);
    CHECK_STR(buf_str(&b), S("[{\"name\":\"b\",\"type\":\"integer\",\"label\":\"Number\",\"required\":true,\"relevant\":\"(${a} > 1) and (${a} \\u003c 9)\","
                             "\"constraint\":\". > 0\"},{\"name\":\"a\",\"type\":\"integer\",\"label\":\"A\",\"required\":false},"
                             "{\"name\":\"n\",\"type\":\"note\",\"label\":\"Word\",\"required\":false},{\"name\":\"s\",\"type\":\"select_one\",\"label\":\"S\","
                             "\"required\":false,\"choices\":[{\"name\":\"1\",\"label\":\"One\"},{\"name\":\"2\",\"label\":\"Two\"}]}]"));
}

TEST(form_check_says_what_is_wrong_and_exits_65)
{
    Str  folder = test_folder(a), path = str_concat(a, folder, S("/f.xlsx"));
    int  code   = -1;
    Buf  out    = buf_new(a, 64);
    Str  bytes  = xlsx_with(a, S("${a} > 1"), S("${zz} > 1"));
    FILE *f     = fopen(arena_c(a, path), "wb");
    CHECK(f && fwrite(bytes.at, 1, bytes.len, f) == bytes.len && fclose(f) == 0);
    CHECK_OK(form_command_check(a, path, true, &out, &code));
    CHECK_INT(code, 65);
    CHECK_STR(buf_str(&out), S("{\"ok\":false,\"errors\":[{\"sheet\":\"survey\",\"row\":2,\"column\":\"relevant\",\"code\":\"E-VAR\","
                               "\"message_vi\":\"không có câu hỏi “zz”. Thêm câu hỏi hoặc sửa tên.\","
                               "\"message_en\":\"there is no question “zz”. Add it or correct the name.\"}],"
                               "\"warnings\":[]}\n"));
    CHECK_ERR(form_command_check(a, S("/nowhere/x.xlsx"), true, &out, &code), ERR_NOT_FOUND);
}

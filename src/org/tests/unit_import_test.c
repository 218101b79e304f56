/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of units: what each kind of row does, and that a list with faults changes nothing. */
#include "org/unit_import.h"
#include "store/test_store.h"

static Date day(int y, int m, int d)
{
    return date_from_ymd(y, m, d);
}

static Db *units_db(Store *store, Arena *a)
{
    Db *db = test_take(store, a);
    if (db_begin_write(db) || unit_load_reference(db, a, NULL, NULL))
        test_fail(__FILE_NAME__, __LINE__, "reference units");
    return db;
}

static UnitImport try_list(Db *db, Arena *a, Str bytes)
{
    UnitImport i = { 0 };
    if (unit_import_try(db, a, bytes, (UnitId){ UNIT_ROOT }, &i)) test_fail(__FILE_NAME__, __LINE__, "import");
    return i;
}

static void check_fault(const UnitImport *i, size_t at, UnitFaultKind kind, int line, int column)
{
    if (at >= i->plan.faults.len) {
        test_fail(__FILE_NAME__, __LINE__, "only %zu faults", i->plan.faults.len);
        return;
    }
    const UnitFault *f = &i->plan.faults.at[at];
    if (f->kind != kind || f->line != line || f->column != column)
        test_fail(__FILE_NAME__, __LINE__, "fault %zu: kind %d line %d column %d, want %d %d %d", at, (int)f->kind,
                  f->line, f->column, (int)kind, line, column);
}

TEST_EACH_STORE(unit_import_does_what_rows_say)
{
    Db        *db = units_db(store, a);
    UnitImport i  = try_list(db, a, S(
        "kind,code,name_vi,subtype,parent_code,from,end,former_codes,source\n"
        "province,98,Cao Lạng,tỉnh,,2027-01-01,,04 20,Nghị quyết thử\n"                 /* merge */
        "commune,00004,Ba Đình Mới,,,2027-01-01,,,\n"                                   /* change of name */
        "commune,00009,,,,2027-01-01,,00008,\n"                                         /* change of code */
        "department,SNV-98,Sở Nội vụ,sở,98,2027-01-01,,,\n"                             /* under the unit made above */
        "commune,00025,Giảng Võ,phường,01,2027-01-01,,,\n"                              /* nothing differs */
        "commune,00070,,,,,2027-06-01,,Thử nghiệm\n"));                                 /* ends */
    for (size_t f = 0; f < i.plan.faults.len; f++)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(unit_fault_text(a, LANG_EN, &i.plan.faults.at[f])));
    CHECK_INT(i.count[UNIT_IMPORT_MERGE], 1);
    CHECK_INT(i.count[UNIT_IMPORT_CHANGE], 2);
    CHECK_INT(i.count[UNIT_IMPORT_CREATE], 1);
    CHECK_INT(i.count[UNIT_IMPORT_SAME], 1);
    CHECK_INT(i.count[UNIT_IMPORT_END], 1);
    CHECK_INT(i.items.len, 6);
    CHECK_STR(i.items.at[1].diffs.at[0].before, S("Ba Đình"));
    CHECK_STR(i.items.at[1].diffs.at[0].after, S("Ba Đình Mới"));
    CHECK_STR(i.items.at[2].diffs.at[0].before, S("00008"));
    CHECK_OK(unit_plan_save(db, &i.plan));
    Unit u = { 0 };
    CHECK_OK(unit_by_code(db, a, UNIT_PROVINCE, S("98"), day(2027, 1, 1), &u));
    CHECK_INT(u.children, 56 + 65 + 1);
    CHECK_OK(unit_by_code(db, a, UNIT_COMMUNE, S("00009"), day(2027, 1, 1), &u));
    CHECK_STR(u.full_name_vi, S("Phường Ngọc Hà"));
    CHECK_ERR(unit_by_code(db, a, UNIT_COMMUNE, S("00070"), day(2027, 6, 1), &u), ERR_NOT_FOUND);
    CHECK_OK(unit_by_code(db, a, UNIT_COMMUNE, S("00070"), day(2027, 5, 31), &u));
}

TEST_EACH_STORE(unit_import_twice_changes_nothing)
{
    Db *db = units_db(store, a);
    Str list = S("loại;mã;tên;phân loại;mã cấp trên;từ ngày\nxã;99001;Mới Một;xã;01;31/12/2027\ntỉnh;04;Cao Bằng "
                 "Mới;;;31/12/2027\n");
    UnitImport i = try_list(db, a, list);
    CHECK_INT(i.plan.faults.len, 0);
    CHECK_OK(unit_plan_save(db, &i.plan));
    i = try_list(db, a, list);
    CHECK_INT(i.plan.faults.len, 0);
    CHECK_INT(i.count[UNIT_IMPORT_SAME], 2);
    CHECK_INT(i.plan.edits.len, 0);
}

TEST_EACH_STORE(unit_import_names_line_and_column)
{
    Db        *db = units_db(store, a);
    UnitImport i  = try_list(db, a, S("kind,code,name_vi,subtype,parent_code,from,end,former_codes\n"
                                      "planet,01,X,,,2027-01-01,,\n"
                                      "commune,1,X,xã,01,2027-01-01,,\n"
                                      "commune,99002,X,xã,01,2027-02-30,,\n"
                                      "\n"
                                      "commune,99003,\"Tên \"\"hai\"\" dòng\",xã,77,2027-01-01,,\n"
                                      "commune,99004,X,xã,01,2027-01-01,,,,\n"
                                      "commune,99005,X,xã,01,,,\n"
                                      "province,97,X,tỉnh,,2027-01-01,,04 27\n"
                                      "commune,99006,X,xã,01,2027-01-01,,\n"
                                      "commune,99006,Y,xã,01,2027-01-01,,\n"
                                      "commune,99007,,xã,01,2027-01-01,,\n"));
    check_fault(&i, 0, UNIT_FAULT_KIND_UNKNOWN, 2, 1);
    check_fault(&i, 1, UNIT_FAULT_CODE_DIGITS, 3, 2);
    check_fault(&i, 2, UNIT_FAULT_DATE_BAD, 4, 6);
    check_fault(&i, 3, UNIT_FAULT_PARENT_UNKNOWN, 6, 5);
    check_fault(&i, 4, UNIT_FAULT_CELLS_TOO_MANY, 7, 9);
    check_fault(&i, 5, UNIT_FAULT_DATE_MISSING, 8, 6);
    check_fault(&i, 6, UNIT_FAULT_UNIT_UNKNOWN, 9, 8);                      /* 27 ended in 2025 */
    check_fault(&i, 7, UNIT_FAULT_ROW_TWICE, 11, 2);
    check_fault(&i, 8, UNIT_FAULT_NAME_MISSING, 12, 3);
    CHECK_INT(i.plan.faults.len, 9);
    CHECK_ERR(unit_plan_save(db, &i.plan), ERR_INVALID);
    Unit u = { 0 };
    CHECK_ERR(unit_by_code(db, a, UNIT_COMMUNE, S("99006"), day(2027, 1, 1), &u),
              ERR_NOT_FOUND); /* nothing half-imported */
}

TEST_EACH_STORE(unit_import_refuses_broken_files)
{
    Db *db = units_db(store, a);
    const struct { Str text; UnitFaultKind fault; } cases[] = {
        { S(""), UNIT_FAULT_FILE_EMPTY },
        { S("kind,code,from\n"), UNIT_FAULT_FILE_EMPTY },
        { S("kind,name_vi\nprovince,X\n"), UNIT_FAULT_COLUMN_MISSING },
        { S("kind,code,colour\nprovince,01,red\n"), UNIT_FAULT_COLUMN_UNKNOWN },
        { S("kind,code,code\nprovince,01,02\n"), UNIT_FAULT_COLUMN_TWICE },
        { S("kind,code,from\n\"province,01,2027-01-01\n"), UNIT_FAULT_FILE_BROKEN },
        { S("kind,code,from\nprovince,\xff\xfe,2027-01-01\n"), UNIT_FAULT_FILE_BROKEN },
        { S("PK\x03\x04 not a list"), UNIT_FAULT_COLUMN_UNKNOWN },
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        UnitImport i = try_list(db, a, cases[c].text);
        if (!i.plan.faults.len || i.plan.faults.at[0].kind != cases[c].fault)
            test_fail(__FILE_NAME__, __LINE__, "case %zu: fault %d of %zu", c,
                      i.plan.faults.len ? (int)i.plan.faults.at[0].kind : -1, i.plan.faults.len);
        else CHECK(unit_fault_text(a, LANG_VI, &i.plan.faults.at[0]).len > 10);
        CHECK_ERR(unit_plan_save(db, &i.plan), ERR_INVALID);
    }
}

TEST_EACH_STORE(unit_import_keeps_hostile_names_as_text)
{
    Db        *db = units_db(store, a);
    UnitImport i = try_list(db, a,
                            S("kind,code,name_vi,subtype,parent_code,from\n"
                              "commune,99010,<script>alert(1)</script>,xã,01,2027-01-01\n"
                              "commune,99011,\"'; DROP TABLE units; --\",xã,01,2027-01-01\n"
                              "commune,99012,A\xCC\x82n Ha\xCC\x80,xã,01,2027-01-01\n")); /* NFD */
    CHECK_INT(i.plan.faults.len, 0);
    CHECK_OK(unit_plan_save(db, &i.plan));
    Unit u = { 0 };
    CHECK_OK(unit_by_code(db, a, UNIT_COMMUNE, S("99010"), day(2027, 1, 1), &u));
    CHECK_STR(u.name_vi, S("<script>alert(1)</script>"));
    CHECK_OK(unit_by_code(db, a, UNIT_COMMUNE, S("99012"), day(2027, 1, 1), &u));
    CHECK_STR(u.name_vi, S("Ân Hà"));
    Units found = { 0 };
    CHECK_OK(unit_search(db, a, S("ân hà"), day(2027, 1, 1), 5, &found));
    CHECK_INT(found.len, 1); /* not "Ngân hàng": words match from their start */
}

TEST_EACH_STORE(unit_import_stays_in_scope)
{
    Db        *db = units_db(store, a);
    Unit       province = { 0 };
    UnitImport i;
    CHECK_OK(unit_by_code(db, a, UNIT_PROVINCE, S("24"), day(2027, 1, 1), &province));
    CHECK_OK(unit_import_try(db, a, S("kind,code,name_vi,parent_code,from,former_codes\n"
                                      "department,SNV,Sở Nội vụ,,2027-01-01,\n"              /* under the scope itself */
                                      "department,SYT,Sở Y tế,01,2027-01-01,\n"              /* under Hà Nội */
                                      "commune,00004,Tên khác,,2027-01-01,\n"                /* of Hà Nội */
                                      "province,24,Tên khác,,2027-01-01,24 04\n"), province.id, &i));
    check_fault(&i, 0, UNIT_FAULT_OUT_OF_SCOPE, 3, 4);
    check_fault(&i, 1, UNIT_FAULT_OUT_OF_SCOPE, 4, 2);
    check_fault(&i, 2, UNIT_FAULT_OUT_OF_SCOPE, 5, 6);
    CHECK_INT(i.plan.faults.len, 3);
    CHECK_INT(i.count[UNIT_IMPORT_CREATE], 1);
}

TEST_EACH_STORE(unit_export_reads_back)
{
    Db *db  = units_db(store, a);
    Str csv = S("");
    CHECK_OK(unit_export(db, a, UNIT_COMMUNE, day(2026, 11, 22), LANG_VI, &csv));
    UnitImport i = try_list(db, a, csv);
    for (size_t f = 0; f < i.plan.faults.len && f < 3; f++)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(unit_fault_text(a, LANG_EN, &i.plan.faults.at[f])));
    CHECK_INT(i.count[UNIT_IMPORT_SAME], 3321);
    CHECK_INT(i.plan.edits.len, 0);
}

TEST_EACH_STORE(unit_uploads_are_applied_once)
{
    Db        *db = units_db(store, a);
    UnitUpload u = { .made_at = { 5 },
                     .person = { 3 },
                     .file_name = S("xã.csv"),
                     .body = S("kind\0code"),
                     .scope = { UNIT_ROOT } },
               back;
    CHECK_OK(unit_upload_save(db, &u));
    CHECK_OK(unit_upload_load(db, a, u.id, &back));
    CHECK_STR(back.body, u.body);
    CHECK_STR(back.file_name, S("xã.csv"));
    CHECK_INT(back.applied_at.ms, 0);
    CHECK_OK(unit_upload_applied(db, u.id, (Time){ 7 }));
    CHECK_ERR(unit_upload_applied(db, u.id, (Time){ 8 }), ERR_CONFLICT);
    CHECK_ERR(unit_upload_load(db, a, 1, &back), ERR_NOT_FOUND);
}

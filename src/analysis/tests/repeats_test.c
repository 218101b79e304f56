/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questionnaires with repeats: a table of records and one of each repeat, whose keys join, in every format. */
#include "analysis_fixture.h"

#include "base/csv.h"
#include "base/xlsx.h"
#include "base/xml.h"
#include "base/zip.h"

static const char *const household =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)\n"
    "select_one tinh|tinh|Tỉnh, thành phố|Province\n"
    "image|anh|Ảnh nhà|Photograph of the house\n"
    "begin repeat|nha|Người trong nhà|Members\n"
    "integer|tuoi|Tuổi|Age\n"
    "select_multiple viec|viec|Việc làm|Work\n"
    "begin repeat|giay|Giấy tờ|Papers\n"
    "text|ten|Tên giấy|Name of the paper\n"
    "end repeat|||\n"
    "end repeat|||\n"
    "begin repeat|xe|Xe|Vehicles\n"
    "text|bien|Biển số|Plate\n"
    "end repeat|||\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|label::English (en)\n"
    "tinh|01|Hà Nội|Ha Noi\ntinh|24|Bắc Ninh|Bac Ninh\n"
    "viec|ruong|Làm ruộng|Farming\nviec|cho|Bán hàng|Trade\n"
    "[settings]\nform_id|version|form_title\nho|1|Phiếu hộ\n";

/* Three households: two members and papers, none at all, one member without papers and a vehicle whose plate looks like a formula. */
static RoundId filled(AnalysisFixture *f, Arena *a)
{
    const FormProgram *p;
    RoundId round = fixture_round(f, a, S("ho"), household, &p);
    fixture_add_json(f, a, round, p, S("{\"tinh\":\"01\",\"anh\":\"nha-1.jpg\",\"nha\":[{\"tuoi\":\"41\",\"viec\":\"ruong cho\",\"giay\":["
        "{\"ten\":\"Căn cước\"},"
        "{\"ten\":\"Bảo hiểm\"}]},{\"tuoi\":\"9\",\"giay\":[{\"ten\":\"Khai sinh\"}]}]}"));
    fixture_add_json(f, a, round, p, S("{\"tinh\":\"24\"}"));
    fixture_add_json(f, a, round, p, S("{\"tinh\":\"24\",\"nha\":[{\"tuoi\":\"70\"}],\"xe\":[{\"bien\":\"=1+1\"}]}"));
    return round;
}

static CsvTable csv_of(Arena *a, Str bytes)
{
    CsvTable t = { 0 };
    CHECK(csv_read(a, bytes, CSV_LIMITS, &t) == OK);
    return t;
}

static Str cell(const CsvTable *t, size_t row, Str column)
{
    int at = csv_column(&t->at[0], column);
    CHECK(at >= 0);
    return at >= 0 ? csv_cell(&t->at[row], (size_t)at) : S("");
}

static Str part(Arena *a, const ZipReader *z, Str name)
{
    size_t at;
    Str    bytes = S("");
    CHECK(zip_reader_find(z, name, &at));
    CHECK(zip_reader_load(z, a, at, &bytes) == OK);
    return bytes;
}

static size_t row_with(const CsvTable *t, Str column, Str value)
{
    for (size_t i = 1; i < t->len; i++)
        if (str_eq(cell(t, i, column), value))
            return i;
    test_fail(__FILE_NAME__, __LINE__, "no row with %.*s", STR_ARG(value));
    return 1;
}

TEST_EACH_STORE(repeats_are_tables_whose_keys_join_their_parents)
{
    AnalysisFixture f = analysis_fixture(store, a);
    RoundId  round = filled(&f, a);
    Str      file  = fixture_export(&f, a, &round, 1, (ExportOptions){ .format = EXPORT_CSV });
    AUTO_ZIP z = { 0 };
    CHECK_OK(zip_reader_open(a, file, ZIP_LIMITS, &z));
    CHECK_INT(z.len, 4);
    CsvTable records = csv_of(a, part(a, &z, S("ho.csv"))), members = csv_of(a, part(a, &z, S("ho-nha.csv")));
    CsvTable papers = csv_of(a, part(a, &z, S("ho-giay.csv"))), cars = csv_of(a, part(a, &z, S("ho-xe.csv")));
    CHECK_INT(records.len, 4);
    CHECK_INT(members.len, 4);
    CHECK_INT(papers.len, 4);
    CHECK_INT(cars.len, 2);
    CHECK_INT(csv_column(&records.at[0], S("tuoi")), -1);
    Str key = cell(&records, row_with(&records, S("anh"), S("nha-1.jpg")), S("td_record"));       /* a picture is its file's name */
    size_t child = row_with(&members, S("tuoi"), S("9")), birth = row_with(&papers, S("ten"), S("Khai sinh"));
    CHECK_STR(cell(&members, child, S("td_parent")), key);
    CHECK_STR(cell(&members, child, S("td_position")), S("2"));
    CHECK_STR(cell(&papers, birth, S("td_parent")), cell(&members, child, S("td_row")));
    CHECK_STR(cell(&papers, birth, S("td_record")), key);
    CHECK_STR(cell(&papers, row_with(&papers, S("ten"), S("Bảo hiểm")), S("td_row")), str_concat(a, key, S("/1/2")));
    CHECK_STR(cell(&members, row_with(&members, S("tuoi"), S("41")), S("viec/cho")), S("1"));
    CHECK_STR(cell(&members, child, S("viec/cho")), S(""));
    CHECK_STR(cell(&cars, 1, S("bien")), S("'=1+1"));
}

TEST_EACH_STORE(one_table_alone_is_a_plain_file)
{
    AnalysisFixture f = analysis_fixture(store, a);
    RoundId  round = filled(&f, a);
    CsvTable papers  = csv_of(a, fixture_export(&f, a, &round, 1, (ExportOptions){ .format = EXPORT_CSV, .table = S("giay") }));
    CsvTable records = csv_of(a, fixture_export(&f, a, &round, 1, (ExportOptions){ .format = EXPORT_CSV, .table = S("-") }));
    CHECK_INT(papers.len, 4);
    CHECK_INT(records.len, 4);
    ExportMade    made;
    ExportOptions o = { .format = EXPORT_CSV, .table = S("khong-co"), .now = f.now };
    CHECK_OK(db_begin_read(f.db));
    Err e = analysis_export(f.db, f.store, a, &round, 1, &o, -1, &made);
    CHECK(err_is(e, ERR_INVALID) && str_has(e->detail, S("-, nha, giay, xe")));
    db_rollback(f.db);
}

TEST_EACH_STORE(statistical_files_of_repeats_read_back_from_their_archive)
{
    AnalysisFixture f = analysis_fixture(store, a);
    RoundId  round = filled(&f, a);
    AUTO_ZIP sav = { 0 };
    AUTO_ZIP dta = { 0 };
    CHECK_OK(zip_reader_open(a, fixture_export(&f, a, &round, 1, (ExportOptions){ .format = EXPORT_SAV }), ZIP_LIMITS, &sav));
    CHECK_OK(zip_reader_open(a, fixture_export(&f, a, &round, 1, (ExportOptions){ .format = EXPORT_DTA }), ZIP_LIMITS, &dta));
    ReadBack members = read_sav(a, part(a, &sav, S("ho-nha.sav"))), papers = read_dta(a, part(a, &dta, S("ho-giay.dta")));
    CHECK_INT(members.row_count, 3);
    CHECK_INT(papers.row_count, 3);
    CHECK_INT(read_sav(a, part(a, &sav, S("ho.sav"))).row_count, 3);
    bool child = false, birth = false;
    for (size_t i = 0; i < 3; i++) {
        child |= str_eq(read_cell(&members, i, S("tuoi")), S("9")) && str_eq(read_cell(&members, i, S("td_position")), S("2"));
        birth |= str_eq(read_cell(&papers, i, S("ten")), S("Khai sinh")) && str_ends(read_cell(&papers, i, S("td_row")), S("/2/1"));
    }
    CHECK(child);
    CHECK(birth);
}

TEST_EACH_STORE(a_workbook_has_a_sheet_and_a_codebook_a_file_for_each_repeat)
{
    AnalysisFixture f = analysis_fixture(store, a);
    RoundId   round = filled(&f, a);
    XlsxBook  book;
    XlsxFault fault = { 0 };
    CHECK_OK(xlsx_read(a, fixture_export(&f, a, &round, 1, (ExportOptions){ .format = EXPORT_XLSX }), XLSX_LIMITS, &book, &fault));
    CHECK_INT(book.len, 5);
    CHECK_STR(book.at[2].name, S("giay"));
    CHECK_INT(book.at[2].len, 4);
    bool of_table = false;
    for (size_t i = 0; i < book.at[4].len; i++)
        of_table |= str_eq(xlsx_cell(&book.at[4].at[i], 0), S("bien")) && str_eq(xlsx_cell(&book.at[4].at[i], 10), S("xe"));
    CHECK(of_table);
    Xml *root;
    CHECK_OK(xml_parse(a, fixture_export(&f, a, &round, 1, (ExportOptions){ .format = EXPORT_DDI }), XML_LIMITS, &root));
    Xml *file = xml_child(root, S("fileDscr"));
    const Str names[] = { S("ho.csv"), S("ho-nha.csv"), S("ho-giay.csv"), S("ho-xe.csv") }, cases[] = { S("3"), S("3"), S("3"), S("1") };
    for (size_t i = 0; i < COUNT_OF(names); i++, file = file ? xml_next(file, S("fileDscr")) : NULL) {
        Xml *text = file ? xml_child(file, S("fileTxt")) : NULL;
        CHECK(text != NULL);
        CHECK_STR(text ? xml_text(a, xml_child(text, S("fileName"))) : S(""), names[i]);
        CHECK_STR(text ? xml_text(a, xml_child(xml_child(text, S("dimensns")), S("caseQnty"))) : S(""), cases[i]);
    }
    CHECK(file == NULL);
}

/* ---- Weights ---------------------------------------------------------------------------------------------------------- */

#define SHA "'0'"
static void drawn_case(Db *db)
{
    test_sql(db, SQL("INSERT INTO frames (id, owner_unit, title, file_name, upload_sha, state, made_at, made_by) "
                     "VALUES (1, 1, 'F', 'f.csv', " SHA ", 'ready', 1, 1)"));
    test_sql(db, SQL("INSERT INTO samples (id, frame_id, owner_unit, title, design, seed, program, design_sha, frame_sha, list_sha, sha256, document_sha, "
                     "list_file, main_count, reserve_count, drawn_at, drawn_by) "
                     "VALUES (1, 1, 1, 'S', '{}', 's', 'p', " SHA ", " SHA ", " SHA ", " SHA ", " SHA ", 'x', 1, 0, 1, 1)"));
    test_sql(db, SQL("INSERT INTO sample_cases (sample_id, number, code, reserve, cell, line, weight, parts, keep) "
                     "VALUES (1, 7, '00007-1', 0, 'c', 2, 12.5, "
                     "'[{\"stratum\":\"01\",\"unit\":\"01X0\",\"n\":1,\"pop\":2,\"prob\":0.5},"
                     "{\"stratum\":\"\",\"unit\":\"nha-17\",\"n\":5,\"pop\":20,\"prob\":0.25}]', '{}')"));
    test_sql(db, SQL("INSERT INTO field_rounds (round_id, sample_id, due_day, erase_days, opened_at, opened_by) "
                     "SELECT round_id, 1, '2026-12-01', 7, 1, 1 FROM submissions GROUP BY round_id"));
    test_sql(db, SQL("INSERT INTO field_cases (id, round_id, number, code, cell, place, reserve, active, weight) "
                     "SELECT 11, round_id, 7, '00007-1', 'c', '', 0, 1, 12.5 FROM field_rounds"));
    test_sql(db, SQL("INSERT INTO case_links (case_id, round_id, submission_id) SELECT 11, round_id, MIN(id) FROM submissions GROUP BY round_id"));
}

TEST_EACH_STORE(records_of_drawn_cases_carry_weight_and_stages_but_not_who_was_drawn)
{
    AnalysisFixture f = analysis_fixture(store, a);
    fixture_add(&f, a, f.round, (const char *const[]){ "hai_long", "3", NULL });
    fixture_add(&f, a, f.round, (const char *const[]){ "hai_long", "1", NULL });
    CsvTable before = csv_of(a, fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_CSV }));
    CHECK_INT(csv_column(&before.at[0], S("td_weight")), -1);
    drawn_case(f.db);
    Str      file = fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_CSV });
    CsvTable t    = csv_of(a, file);
    CHECK_STR(cell(&t, 1, S("td_weight")), S("12.5"));
    CHECK_STR(cell(&t, 1, S("td_stratum_1")), S("01"));
    CHECK_STR(cell(&t, 1, S("td_psu_1")), S("01X0"));
    CHECK_STR(cell(&t, 1, S("td_pop_2")), S("20"));
    CHECK_STR(cell(&t, 2, S("td_weight")), S(""));
    CHECK_INT(csv_column(&t.at[0], S("td_psu_2")), -1);
    CHECK(!str_has(file, S("nha-17")) && !str_has(file, S("00007-1")));
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Exports read back: by readers written apart for .sav and .dta, by base's own for CSV, workbooks and XML. */
#include "analysis_fixture.h"
#include "analysis/rows.h"

#include "base/csv.h"
#include "base/xlsx.h"
#include "base/xml.h"

/* 700 bytes of two-byte letters and blanks, so that segments cut words anywhere. */
static Str long_opinion(Arena *a)
{
    Buf b = buf_new(a, 4096);
    for (int i = 0; b.len < 700; i++)
        buf_fmt(&b, "ý kiến thứ %d ", i);
    b.len = cut_utf8(buf_str(&b), 700).len;
    b.at[b.len - 1] = '.';
    return buf_str(&b);
}

static Str longest(Arena *a, Str opinion, size_t least)
{
    Buf b = buf_new(a, least + 1024);
    while (b.len < least)
        buf_add(&b, opinion);
    return buf_str(&b);
}

static AnalysisFixture filled(Store *store, Arena *a)
{
    AnalysisFixture f = analysis_fixture(store, a);
    Str opinion = long_opinion(a), more = longest(a, opinion, 3000);
    fixture_add(&f, a, f.round, (const char *const[]){ "hai_long", "3", "kenh", "web loa", "gop_y", arena_c(a, more), "tuoi", "41", "gio", "-0.25",
        "ngay", "2026-10-05", "tinh", "01", "with", "nong_dan_va_ngu_dan", NULL });
    fixture_add(&f, a, f.round, (const char *const[]){ "hai_long", "9", "kenh", "loa", "gop_y", "=HYPERLINK(\"http://x\")", "tuoi", "300", "tinh", "24",
        "with", "tu_choi", NULL });
    fixture_add(&f, a, f.round, (const char *const[]){ "gop_y", "Dòng một,\n\"dòng hai\"", NULL });
    return f;
}

static size_t row_of(const ReadBack *r, Str name, Str value)
{
    for (size_t i = 0; i < r->row_count; i++)
        if (str_eq(read_cell(r, i, name), value))
            return i;
    test_fail(__FILE_NAME__, __LINE__, "no row with %.*s = %.*s", STR_ARG(name), STR_ARG(value));
    return 0;
}

TEST_EACH_STORE(a_csv_export_holds_codes_marks_and_no_formula)
{
    AnalysisFixture f = filled(store, a);
    Str      file = fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_CSV });
    CsvTable t;
    CHECK_OK(csv_read(a, file, CSV_LIMITS, &t));
    CHECK_INT(t.len, 4);
    CHECK(str_starts(file, S("td_record,td_round,td_version,td_day,td_channel,td_unit,td_simulated,td_flagged,td_flag,hai_long,kenh,kenh/web,kenh/loa,gop_y")));
    for (size_t i = 1; i < t.len; i++) {
        Str level = csv_cell(&t.at[i], (size_t)csv_column(&t.at[0], S("hai_long")));
        Str text  = csv_cell(&t.at[i], (size_t)csv_column(&t.at[0], S("gop_y")));
        if (str_eq(level, S("3"))) {
            CHECK_STR(csv_cell(&t.at[i], (size_t)csv_column(&t.at[0], S("kenh/web"))), S("1"));
            CHECK_STR(csv_cell(&t.at[i], (size_t)csv_column(&t.at[0], S("gio"))), S("-0.25"));
            CHECK_STR(csv_cell(&t.at[i], (size_t)csv_column(&t.at[0], S("tinh"))), S("01"));
            CHECK_STR(csv_cell(&t.at[i], (size_t)csv_column(&t.at[0], S("td_unit"))), S("01"));
        } else if (str_eq(level, S("9"))) {
            CHECK_STR(csv_cell(&t.at[i], (size_t)csv_column(&t.at[0], S("kenh/web"))), S("0"));
            CHECK_STR(text, S("'=HYPERLINK(\"http://x\")"));
        } else {
            CHECK_STR(csv_cell(&t.at[i], (size_t)csv_column(&t.at[0], S("kenh/web"))), S(""));
            CHECK_STR(text, S("Dòng một,\n\"dòng hai\""));
        }
    }
}

TEST_EACH_STORE(labels_and_a_mark_at_the_beginning_are_written_when_asked_for)
{
    AnalysisFixture f = filled(store, a);
    Str file = fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_CSV, .labels = true, .lang = LANG_EN, .bom = true });
    CHECK(str_starts(file, S("\xEF\xBB\xBFtd_record,")));
    CHECK(str_has(file, S(",Satisfied,\"Web; Loudspeaker\",1,1,")));
    CHECK(str_has(file, S(",Ha Noi,Farmers and fishers\r\n")));
    Str vi = fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_CSV, .labels = true });
    CHECK(str_has(vi, S(",Hài lòng,\"Trang tin; Loa phường\",1,1,")));
}

TEST_EACH_STORE(versions_of_a_questionnaire_share_the_union_of_their_columns)
{
    AnalysisFixture f = filled(store, a);
    fixture_add(&f, a, f.later, (const char *const[]){ "hai_long", "1", "moi", "-", "kenh", "mang web", "tuoi", "bốn mươi", "tinh", "24", NULL });
    RoundId  both[] = { f.round, f.later };
    CsvTable t;
    CHECK_OK(csv_read(a, fixture_export(&f, a, both, 2, (ExportOptions){ .format = EXPORT_CSV }), CSV_LIMITS, &t));
    CHECK_INT(t.len, 5);
    const CsvRow *head = &t.at[0], *last = &t.at[4];
    CHECK_INT(csv_column(head, S("moi")), csv_column(head, S("hai_long")) + 1);
    CHECK_INT(csv_column(head, S("kenh/mang")), csv_column(head, S("kenh")) + 3);
    CHECK_STR(csv_cell(last, (size_t)csv_column(head, S("td_version"))), S("2"));
    CHECK_STR(csv_cell(last, (size_t)csv_column(head, S("td_round"))), S("thu-2"));
    CHECK_STR(csv_cell(last, (size_t)csv_column(head, S("kenh/mang"))), S("1"));
    CHECK_STR(csv_cell(last, (size_t)csv_column(head, S("tuoi"))), S("bốn mươi"));
    CHECK_STR(csv_cell(last, (size_t)csv_column(head, S("moi"))), S("'-"));
    CHECK_STR(csv_cell(last, (size_t)csv_column(head, S("gop_y"))), S(""));
}

TEST_EACH_STORE(a_sav_export_reads_back_with_labels_and_very_long_texts)
{
    AnalysisFixture f = filled(store, a);
    ReadBack r = read_sav(a, fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_SAV }));
    CHECK_INT(r.row_count, 3);
    size_t one = row_of(&r, S("hai_long"), S("3")), two = row_of(&r, S("hai_long"), S("9")), three = row_of(&r, S("hai_long"), S("."));
    CHECK_STR(read_cell(&r, one, S("gop_y")), longest(a, long_opinion(a), 3000));
    CHECK_STR(read_cell(&r, one, S("gio")), S("-0.25"));
    CHECK_STR(read_cell(&r, one, S("ngay")), S("14010537600"));       /* 2026-10-05 in seconds since 1582-10-14 */
    CHECK_STR(read_cell(&r, one, S("tinh")), S("01"));
    CHECK_STR(read_cell(&r, one, S("with_2")), S("nong_dan_va_ngu_dan"));
    CHECK_STR(read_cell(&r, two, S("kenh_web")), S("0"));
    CHECK_STR(read_cell(&r, two, S("tuoi")), S("300"));
    CHECK_STR(read_cell(&r, two, S("gop_y")), S("=HYPERLINK(\"http://x\")"));
    CHECK_STR(read_cell(&r, three, S("kenh_web")), S("."));
    CHECK(read_has_label(&r, S("hai_long|3|Hài lòng")));
    CHECK(read_has_label(&r, S("tinh|01|Hà Nội")));
    CHECK(read_has_label(&r, S("with_2|nong_dan_va_ngu_dan|Nông dân, ngư dân")));
    CHECK_STR(r.variable_labels.at[9], S("Ông/bà hài lòng không?"));
}

TEST_EACH_STORE(a_dta_export_reads_back_with_labels_and_long_texts)
{
    AnalysisFixture f = filled(store, a);
    ReadBack r = read_dta(a, fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_DTA, .lang = LANG_EN }));
    CHECK_INT(r.row_count, 3);
    size_t one = row_of(&r, S("hai_long"), S("3")), two = row_of(&r, S("hai_long"), S(".a")), three = row_of(&r, S("hai_long"), S("."));
    CHECK_STR(read_cell(&r, one, S("gop_y")), longest(a, long_opinion(a), 3000));
    CHECK_STR(read_cell(&r, one, S("gio")), S("-0.25"));
    CHECK_STR(read_cell(&r, one, S("ngay")), S("24384"));             /* days since 1960-01-01 */
    CHECK_STR(read_cell(&r, one, S("tinh")), S("1"));
    CHECK_STR(read_cell(&r, one, S("with_2")), S("1"));
    CHECK_STR(read_cell(&r, two, S("with_2")), S(".a"));
    CHECK_STR(read_cell(&r, two, S("kenh_web")), S("0"));
    CHECK_STR(read_cell(&r, two, S("gio")), S("."));
    CHECK_STR(read_cell(&r, three, S("kenh_web")), S("."));
    CHECK(read_has_label(&r, S("hai_long|3|Satisfied")));
    CHECK(read_has_label(&r, S("hai_long|.a|Don't know")));
    CHECK(read_has_label(&r, S("td_mark|1|Chosen")));
}

/* From a telephone with an older list, say: kept as answered, with a code and a label that says so. */
TEST_EACH_STORE(answers_outside_their_list_keep_a_code_in_sav_and_dta)
{
    AnalysisFixture f = filled(store, a);
    fixture_add(&f, a, f.round, (const char *const[]){ "gop_y", "lạ", "hai_long", "7", "with", "tho_ren", "tinh", "99", NULL });
    ReadBack r = read_dta(a, fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_DTA }));
    size_t odd = row_of(&r, S("gop_y"), S("lạ"));
    CHECK_STR(read_cell(&r, odd, S("hai_long")), S("7"));
    CHECK_STR(read_cell(&r, odd, S("tinh")), S("99"));
    CHECK_STR(read_cell(&r, odd, S("with_2")), S("4"));
    CHECK(read_has_label(&r, S("hai_long|7|7 (ngoài danh sách)")));
    CHECK(read_has_label(&r, S("with_2|4|tho_ren (ngoài danh sách)")));
    CHECK(read_has_label(&r, S("hai_long|3|Hài lòng")));
    r   = read_sav(a, fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_SAV }));
    odd = row_of(&r, S("gop_y"), S("lạ"));
    CHECK_STR(read_cell(&r, odd, S("hai_long")), S("7"));
    CHECK_STR(read_cell(&r, odd, S("tinh")), S("99"));
    CHECK_STR(read_cell(&r, odd, S("with_2")), S("tho_ren"));
    CHECK(read_has_label(&r, S("hai_long|7|7 (ngoài danh sách)")));
}

TEST_EACH_STORE(many_answers_outside_their_list_stand_as_texts)
{
    AnalysisFixture f = filled(store, a);
    for (int i = 0; i <= OUTSIDE_MOST; i++)
        fixture_add(&f, a, f.round, (const char *const[]){ "hai_long", arena_c(a, arena_fmt(a, "x%d", i)), NULL });
    ReadBack r = read_dta(a, fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_DTA }));
    CHECK_STR(read_cell(&r, row_of(&r, S("hai_long"), S("x200")), S("td_channel")), read_cell(&r, row_of(&r, S("hai_long"), S("3")), S("td_channel")));
}

TEST_EACH_STORE(a_workbook_holds_typed_cells_and_a_codebook)
{
    AnalysisFixture f = filled(store, a);
    XlsxBook  book;
    XlsxFault fault = { 0 };
    Str file = fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_XLSX });
    CHECK_OK(xlsx_read(a, file, XLSX_LIMITS, &book, &fault));
    CHECK_INT(book.len, 2);
    CHECK_STR(book.at[0].name, S("Dữ liệu"));
    CHECK_INT(book.at[0].len, 4);
    bool formula = false, day = false;
    for (size_t i = 1; i < 4; i++)
        for (size_t k = 0; k < book.at[0].at[i].len; k++) {
            formula |= str_eq(book.at[0].at[i].at[k], S("=HYPERLINK(\"http://x\")"));
            day |= str_eq(book.at[0].at[i].at[k], S("2026-10-05"));
        }
    CHECK(formula);
    CHECK(day);
    bool labelled = false;
    for (size_t i = 0; i < book.at[1].len; i++)
        labelled |= str_eq(xlsx_cell(&book.at[1].at[i], 0), S("hai_long")) && str_eq(xlsx_cell(&book.at[1].at[i], 5), S("9")) &&
                    str_eq(xlsx_cell(&book.at[1].at[i], 7), S("Không biết")) && str_eq(xlsx_cell(&book.at[1].at[i], 9), S("Có"));
    CHECK(labelled);
}

TEST_EACH_STORE(a_codebook_in_ddi_names_variables_categories_and_counts)
{
    AnalysisFixture f = filled(store, a);
    Xml *root;
    Str  file = fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_DDI });
    CHECK_OK(xml_parse(a, file, XML_LIMITS, &root));
    CHECK_STR(root->ns, S("ddi:codebook:2_5"));
    Xml *var = xml_child(xml_child(root, S("dataDscr")), S("var"));
    while (var && !str_eq(xml_attr(var, S(""), S("name")), S("hai_long")))
        var = xml_next(var, S("var"));
    CHECK(var != NULL);
    CHECK_STR(xml_text(a, xml_child(var, S("labl"))), S("Ông/bà hài lòng không?"));
    Xml *category = xml_child(var, S("catgry"));
    for (int i = 0; i < 3; i++)
        category = xml_next(category, S("catgry"));
    CHECK_STR(xml_attr(category, S(""), S("missing")), S("Y"));
    CHECK_STR(xml_text(a, xml_child(category, S("catStat"))), S("1"));
}

TEST_EACH_STORE(every_mark_of_a_record_has_words)
{
    AnalysisFixture f = filled(store, a);
    Str file = fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_DDI });
    CHECK(str_has(file, S("<catValu>calc_differs</catValu>\n<labl xml:lang=\"vi\">Kết quả tính khác máy chủ</labl>")));
    CHECK(str_has(file, S("<catValu>rules</catValu>\n<labl xml:lang=\"vi\">Trái quy tắc của mẫu phiếu, giữ như trên giấy</labl>")));
    CHECK(!str_has(file, S("<labl xml:lang=\"vi\"></labl>")));
}

TEST_EACH_STORE(an_export_of_nothing_is_a_whole_file)
{
    AnalysisFixture f = analysis_fixture(store, a);
    CHECK_INT(read_sav(a, fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_SAV })).row_count, 0);
    CHECK_INT(read_dta(a, fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_DTA })).row_count, 0);
    CsvTable t;
    CHECK_OK(csv_read(a, fixture_export(&f, a, &f.round, 1, (ExportOptions){ .format = EXPORT_CSV }), CSV_LIMITS, &t));
    CHECK_INT(t.len, 1);
}

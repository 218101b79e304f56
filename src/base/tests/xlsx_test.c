/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Workbooks made by hand, by our writer, by another writer (libxlsxwriter), and from the folder of fixtures. */
#include "base/csv.h"
#include "base/test.h"
#include "base/xlsx.h"
#include "base/zip.h"
#include "source_root.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

static Str file_load(Arena *a, const char *path)
{
    struct stat st;
    int         fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st))
        return S("");
    char   *at  = arena_take(a, (size_t)st.st_size, 1, 1);
    ssize_t n   = read(fd, at, (size_t)st.st_size);
    close(fd);
    return n == st.st_size ? (Str){ at, (size_t)n } : S("");
}

#define NS  "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

/* A workbook of one sheet "survey" with the given parts. */
static Str book_of(Arena *a, Str sheet, Str shared, Str styles, Str types)
{
    ZipPart parts[] = {
        { S("[Content_Types].xml"), types, false },
        { S("_rels/.rels"),
          S("<Relationships xmlns=\"r\"><Relationship Id=\"rId1\" Type=\"" REL "/officeDocument\" Target=\"xl/workbook.xml\"/>"
            "</Relationships>"), false },
        { S("xl/workbook.xml"),
          S("<workbook " NS " xmlns:r=\"" REL "\"><sheets><sheet name=\"survey\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"), false },
        { S("xl/_rels/workbook.xml.rels"),
          S("<Relationships xmlns=\"r\"><Relationship Id=\"rId1\" Type=\"" REL "/worksheet\" Target=\"worksheets/s.xml\"/>"
            "<Relationship Id=\"rId2\" Type=\"" REL "/sharedStrings\" Target=\"/xl/sst.xml\"/>"
            "<Relationship Id=\"rId3\" Type=\"" REL "/styles\" Target=\"st.xml\"/></Relationships>"), false },
        { S("xl/worksheets/s.xml"), str_join(a, (Str[]){ S("<worksheet " NS "><sheetData>"), sheet, S("</sheetData></worksheet>") }, 3, S("")), false },
        { S("xl/sst.xml"), str_join(a, (Str[]){ S("<sst " NS ">"), shared, S("</sst>") }, 3, S("")), false },
        { S("xl/st.xml"), str_join(a, (Str[]){ S("<styleSheet " NS ">"), styles, S("</styleSheet>") }, 3, S("")), false },
    };
    Str out = S("");
    Err e   = zip_write(a, parts, COUNT_OF(parts), &out);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return out;
}

static Str simple(Arena *a, Str sheet)
{
    return book_of(a, sheet, S(""), S(""), S("<Types/>"));
}

static XlsxFaultKind fault_of(Arena *a, Str bytes, XlsxLimits limits)
{
    XlsxBook  book  = { 0 };
    XlsxFault fault = { 0 };
    Err       e     = xlsx_read(a, bytes, limits, &book, &fault);
    CHECK((e == OK) == (fault.kind == XLSX_FINE) && (!e || !book.at));
    return fault.kind;
}

TEST(xlsx_reads_every_kind_of_cell)
{
    Str bytes = book_of(a,
        S("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>"
          "<row r=\"3\"><c t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>no</t></rPh></is></c><c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c>"
          "<c><v>1.0</v></c><c><v>0.10000000000000001</v></c><c><v>-1E-3</v></c><c t=\"str\"><f>A1&amp;\"x\"</f><v>kept</v></c>"
          "<c t=\"e\"><v>#N/A</v></c><c/></row>"
          "<row r=\"4\"><c s=\"1\"><v>46348</v></c><c s=\"1\"><v>46348.711805555555</v></c><c s=\"2\"><v>0.7118055555</v></c><c s=\"3\"><v>46348.5</v></c>"
          "<c s=\"4\"><v>12.5</v></c><c s=\"5\"><v>46348</v></c><c s=\"1\"><v>1</v></c><c s=\"1\"><v>61</v></c><c><v>123456789012345678</v></c></row>"
          "<row r=\"9\"><c r=\"B9\"><v></v></c></row>"),
        S("<si><t>type</t></si><si><r><t>nhãn </t></r><r><rPr/><t xml:space=\"preserve\"> _x000D_\nđậm</t></r><rPh><t>x</t></rPh></si>"),
        S("<numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\\ hh:mm\"/><numFmt numFmtId=\"165\" formatCode=\"[Red]&quot;ngày&quot;0.0\"/>"
          "<numFmt numFmtId=\"166\" formatCode=\"[$-42A]d mmmm yyyy;@\"/></numFmts>"
          "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"20\"/><xf numFmtId=\"164\"/>"
          "<xf numFmtId=\"165\"/><xf numFmtId=\"166\"/></cellXfs>"),
        S("<Types/>"));
    XlsxBook book = { 0 };
    CHECK_OK(xlsx_read(a, bytes, XLSX_LIMITS, &book, NULL));
    const XlsxSheet *s = xlsx_sheet(&book, S("Survey"));
    CHECK_INT(s->len, 3);     /* rows 1, 3, 4: row 9 is empty */
    CHECK_STR(xlsx_cell(&s->at[0], 0), S("type"));
    CHECK_STR(xlsx_cell(&s->at[0], 1), S(""));
    CHECK_STR(xlsx_cell(&s->at[0], 2), S("nhãn  \r\nđậm"));
    static const Str row3[] = { S_INIT("inline"), S_INIT("TRUE"), S_INIT("FALSE"), S_INIT("1"), S_INIT("0.1"), S_INIT("-0.001"), S_INIT("kept"),
                                S_INIT("#N/A") };
    static const Str row4[] = { S_INIT("2026-11-22"), S_INIT("2026-11-22T17:05:00"), S_INIT("17:05:00"), S_INIT("2026-11-22T12:00:00"), S_INIT("12.5"),
                                S_INIT("2026-11-22"), S_INIT("1900-01-01"), S_INIT("1900-03-01"), S_INIT("1.23456789012346e+17") };
    CHECK_INT(s->at[1].number, 3);
    CHECK_INT(s->at[1].len, COUNT_OF(row3));
    for (size_t i = 0; i < COUNT_OF(row3); i++)
        CHECK_STR(xlsx_cell(&s->at[1], i), row3[i]);
    for (size_t i = 0; i < COUNT_OF(row4); i++)
        CHECK_STR(xlsx_cell(&s->at[2], i), row4[i]);
    CHECK(xlsx_sheet(&book, S("choices")) == NULL);
}

TEST(xlsx_names_what_it_refuses)
{
    CHECK_INT(fault_of(a, S(""), XLSX_LIMITS), XLSX_NOT_XLSX);
    CHECK_INT(fault_of(a, S("type,name,label\n"), XLSX_LIMITS), XLSX_NOT_XLSX);
    CHECK_INT(fault_of(a, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 Workbook"), XLSX_LIMITS), XLSX_OLD_XLS);
    CHECK_INT(fault_of(a, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"), XLSX_LIMITS), XLSX_PASSWORD);
    Str macros = S("<Types><Override ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>");
    CHECK_INT(fault_of(a, book_of(a, S(""), S(""), S(""), macros), XLSX_LIMITS), XLSX_MACROS);
    Str other = S("");
    CHECK_OK(zip_write(a, &(ZipPart){ S("a.txt"), S("x"), true }, 1, &other));
    CHECK_INT(fault_of(a, other, XLSX_LIMITS), XLSX_NOT_XLSX);
    CHECK_INT(fault_of(a, str_take(simple(a, S("")), 500), XLSX_LIMITS), XLSX_DAMAGED);
    static const Str bad[] = {
        S_INIT("<row r=\"1\"><c t=\"s\"><v>0</v></c></row>"),                          /* no such shared text */
        S_INIT("<row r=\"1\"><c t=\"s\"><v>-1</v></c></row>"),  S_INIT("<row r=\"1\"><c><v>abc</v></c></row>"),
        S_INIT("<row r=\"2\"/><row r=\"1\"/>"),                 S_INIT("<row r=\"0\"/>"),
        S_INIT("<row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row>"), S_INIT("<row r=\"1\"><c r=\"B1\"/><c r=\"B1\"/></row>"),
        S_INIT("<row>"),                                        S_INIT("<row r=\"9999999999\"/>"),
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (fault_of(a, simple(a, bad[i]), XLSX_LIMITS) != XLSX_DAMAGED)
            test_fail(__FILE_NAME__, __LINE__, "%.*s is taken", STR_ARG(bad[i]));
}

TEST(xlsx_keeps_its_limits_and_names_the_cell)
{
    XlsxLimits l = { .file_bytes = 1 << 20, .rows = 2, .columns = 3, .cell_bytes = 10, .places = 5, .text_bytes = 25 };
#define T(text) "<c t=\"inlineStr\"><is><t>" text "</t></is></c>"
    CHECK_INT(fault_of(a, simple(a, S("<row>" T("a") T("b") T("c") "<c/></row><row>" T("a") "</row>")), l), XLSX_FINE);
    CHECK_INT(fault_of(a, simple(a, S("<row>" T("a") "</row><row/><row>" T("a") "</row><row>" T("a") "</row>")), l), XLSX_TOO_MANY_ROWS);
    CHECK_INT(fault_of(a, simple(a, S("<row>" T("a") T("b") T("c") "</row><row>" T("a") T("b") T("c") "</row>")), l), XLSX_TOO_LARGE);
    CHECK_INT(fault_of(a, simple(a, S("<row>" T("aaaaaaaaaa") T("aaaaaaaaaa") T("aaaaaaaaaa") "</row>")), l), XLSX_TOO_LARGE);
    CHECK_INT(fault_of(a, simple(a, S("<row>" T("12345678901") "</row>")), l), XLSX_CELL_TOO_LONG);
    l.file_bytes = 100;
    CHECK_INT(fault_of(a, simple(a, S("")), l), XLSX_TOO_LARGE);
    l.file_bytes     = 1 << 20;
    XlsxBook  book   = { 0 };
    XlsxFault fault  = { 0 };
    CHECK_ERR(xlsx_read(a, simple(a, S("<row r=\"7\">" T("a") "<c r=\"ZZ7\"><v>1</v></c></row>")), l, &book, &fault), ERR_TOO_LARGE);
    CHECK_INT(fault.kind, XLSX_TOO_MANY_COLUMNS);
    CHECK_STR(fault.sheet, S("survey"));
    CHECK_INT(fault.row, 7);
    CHECK_STR(xlsx_column_name(a, fault.column - 1), S("ZZ"));
}

TEST(xlsx_refuses_a_bomb_without_unpacking_it)
{
    Buf b = buf_new(a, 32 << 20);
    while (b.len < 30 << 20)
        buf_lit(&b, "<row><c/><c/><c/><c/><c/><c/><c/><c/><c/><c/><c/><c/><c/><c/><c/></row>");
    CHECK_INT(fault_of(a, simple(a, buf_str(&b)), XLSX_LIMITS), XLSX_TOO_LARGE);
    CHECK_INT(fault_of(a, book_of(a, S(""), S("<!DOCTYPE x [<!ENTITY a \"b\">]>"), S(""), S("<Types/>")), XLSX_LIMITS), XLSX_DAMAGED);
}

TEST(xlsx_reads_what_another_writer_makes)
{
    char path[] = "/tmp/xlsx-test-XXXXXX";
    int  fd     = mkstemp(path);
    CHECK(fd >= 0);
    close(fd);
    lxw_workbook  *wb  = workbook_new(path);
    lxw_worksheet *ws  = workbook_add_worksheet(wb, "Phiếu hỏi");
    lxw_format    *day = workbook_add_format(wb);
    format_set_num_format(day, "dd/mm/yyyy");
    worksheet_write_string(ws, 0, 0, "Đường & \"phố\"", NULL);
    worksheet_write_number(ws, 0, 1, 36525, NULL);
    worksheet_write_boolean(ws, 0, 2, 1, NULL);
    worksheet_write_datetime(ws, 0, 3, &(lxw_datetime){ 2026, 11, 22, 0, 0, 0 }, day);
    worksheet_write_formula_num(ws, 0, 4, "=1+1", NULL, 2);
    worksheet_write_string(ws, 4, 1, "dòng 5", NULL);
    CHECK_INT(workbook_close(wb), LXW_NO_ERROR);
    XlsxBook book = { 0 };
    Str      bytes = file_load(a, path);
    unlink(path);
    CHECK_OK(xlsx_read(a, bytes, XLSX_LIMITS, &book, NULL));
    const XlsxSheet *s = xlsx_sheet(&book, S("Phiếu hỏi"));
    CHECK_INT(s->len, 2);
    static const Str want[] = { S_INIT("Đường & \"phố\""), S_INIT("36525"), S_INIT("TRUE"), S_INIT("2026-11-22"), S_INIT("2") };
    for (size_t i = 0; i < COUNT_OF(want); i++)
        CHECK_STR(xlsx_cell(&s->at[0], i), want[i]);
    CHECK_INT(s->at[1].number, 5);
    CHECK_STR(xlsx_cell(&s->at[1], 1), S("dòng 5"));
}

TEST(xlsx_written_is_read_back)
{
    XlsxCell  head[] = { XLSX_TEXT(S("Đơn vị")), XLSX_TEXT(S("Điểm")), XLSX_TEXT(S("Ghi chú")) };
    XlsxCell  one[]  = { XLSX_TEXT(S("=1+1")), XLSX_NUM(84.38), XLSX_TEXT(S(" <a>&\"'\r\n\x01 ")) };
    XlsxCell  two[]  = { XLSX_TEXT(S("")), XLSX_NUM(NAN), XLSX_TEXT(S("+84")) };
    XlsxCells rows[] = { { head, 3 }, { one, 3 }, { two, 3 } };
    XlsxOut   out[]  = { { S("Bảng 1"), rows, 3 }, { S("Trống"), NULL, 0 } };
    Str       bytes = S(""), again = S("");
    CHECK_OK(xlsx_write(a, out, 2, &bytes));
    CHECK_OK(xlsx_write(a, out, 2, &again));
    CHECK_STR(bytes, again);
    XlsxBook book = { 0 };
    CHECK_OK(xlsx_read(a, bytes, XLSX_LIMITS, &book, NULL));
    CHECK_INT(book.len, 2);
    const XlsxSheet *s = xlsx_sheet(&book, S("Bảng 1"));
    CHECK_STR(xlsx_cell(&s->at[0], 2), S("Ghi chú"));
    CHECK_STR(xlsx_cell(&s->at[1], 0), S("=1+1"));
    CHECK_STR(xlsx_cell(&s->at[1], 1), S("84.38"));
    CHECK_STR(xlsx_cell(&s->at[1], 2), S(" <a>&\"'\r\n\uFFFD "));
    CHECK_STR(xlsx_cell(&s->at[2], 1), S(""));
    CHECK_STR(xlsx_cell(&s->at[2], 2), S("+84"));
    AUTO_ZIP z = { 0 };
    CHECK_OK(zip_reader_open(a, bytes, ZIP_LIMITS, &z));
    for (size_t i = 0; i < z.len; i++) {
        Str part = S("");
        CHECK_OK(zip_reader_load(&z, a, i, &part));
        CHECK(!str_has(part, S("<f>")));
    }
    out[1].name = S("bảng 1");
    CHECK_ERR(xlsx_write(a, out, 2, &bytes), ERR_INVALID);     /* names that differ by case alone */
    out[1].name = S("a/b");
    CHECK_ERR(xlsx_write(a, out, 2, &bytes), ERR_INVALID);
    out[1].name = S("12345678901234567890123456789012");
    CHECK_ERR(xlsx_write(a, out, 2, &bytes), ERR_INVALID);
}

/* ---- Fixtures ----------------------------------------------------------------------------------- */

typedef struct Tally { int xlsx, xls, xlsm, csv, faults; } Tally;

static void fixture_read(Arena a, const char *path, Tally *tally)
{
    Str       s     = str_from_c(path);
    XlsxBook  book  = { 0 };
    XlsxFault fault = { 0 };
    bool      xls = str_ends(s, S(".xls")), xlsm = str_ends(s, S(".xlsm")), xlsx = str_ends(s, S(".xlsx"));
    if (str_ends(s, S(".csv"))) {
        CsvTable table = { 0 };
        Err      e     = csv_read(&a, file_load(&a, path), CSV_LIMITS, &table);
        tally->csv++;
        if (e)
            test_fail(__FILE_NAME__, __LINE__, "%s: %.*s", path, STR_ARG(e->detail));
    }
    if (!xls && !xlsm && !xlsx)
        return;
    size_t before = arena_used(&a);
    Err    e      = xlsx_read(&a, file_load(&a, path), XLSX_LIMITS, &book, &fault);
    tally->xlsx += xlsx;
    tally->xls += xls;
    tally->xlsm += xlsm;
    XlsxFaultKind want = xls ? XLSX_OLD_XLS : xlsm ? XLSX_MACROS : XLSX_FINE;
    if (fault.kind != want || (want == XLSX_FINE && !xlsx_sheet(&book, S("survey"))))
        test_fail(__FILE_NAME__, __LINE__, "%s: %.*s %.*s", path, STR_ARG(xlsx_fault_name(fault.kind)), STR_ARG(e ? e->detail : S("")));
    if (arena_used(&a) - before > 16 << 20)
        test_fail(__FILE_NAME__, __LINE__, "%s took %zu bytes", path, arena_used(&a) - before);
}

static void folder_read(Arena a, const char *path, Tally *tally)
{
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        Arena inner = a;
        if (e->d_name[0] == '.')
            continue;
        char *full = arena_c(&inner, arena_fmt(&inner, "%s/%s", path, e->d_name));
        if (e->d_type == DT_DIR)
            folder_read(inner, full, tally);
        else
            fixture_read(inner, full, tally);
    }
    if (d)
        closedir(d);
}

TEST(xlsx_and_csv_fixtures_read_or_are_refused_as_they_should)
{
    const char *root  = SOURCE_ROOT "/../shared/data/forms";
    Tally       tally = { 0 };
    if (access(root, R_OK)) {
        test_skip("no folder ../shared/data/forms");
        return;
    }
    folder_read(*a, root, &tally);
    printf("    %d .xlsx, %d .xls, %d .xlsm, %d .csv\n", tally.xlsx, tally.xls, tally.xlsm, tally.csv);
    CHECK(tally.xlsx > 10);
}

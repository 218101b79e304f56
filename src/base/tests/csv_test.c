/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows, quotes, line numbers and broken text. */
#include "base/csv.h"
#include "base/test.h"

TEST(csv_rows_quotes_and_lines)
{
    CsvReader r = csv_open(S("\xEF\xBB\xBF" "a,\"b, \"\"c\"\"\",\r\n\r\n\"x\ny\",2\rlast"), 0);
    CsvRow row;
    CHECK(csv_next(&r, a, &row));
    CHECK_INT(row.len, 3);
    CHECK_STR(row.at[1], S("b, \"c\""));
    CHECK_STR(csv_cell(&row, 2), S(""));
    CHECK_STR(csv_cell(&row, 9), S(""));
    CHECK(csv_next(&r, a, &row));
    CHECK_INT(row.line, 3);
    CHECK_STR(row.at[0], S("x\ny"));
    CHECK(csv_next(&r, a, &row));
    CHECK_INT(row.line, 5);
    CHECK_STR(row.at[0], S("last"));
    CHECK(!csv_next(&r, a, &row));
    CHECK_INT(r.fault, CSV_FINE);
}

TEST(csv_guesses_the_mark)
{
    CHECK_INT(csv_open(S("kind;code;name, full\n"), 0).mark, ';');
    CHECK_INT(csv_open(S("kind\tcode\n"), 0).mark, '\t');
    CHECK_INT(csv_open(S("\"a;b;c\",d\n"), 0).mark, ',');
}

TEST(csv_says_what_is_broken)
{
    const struct { Str text; CsvFault fault; int line; } cases[] = {
        { S("a\n\"open\n\n"), CSV_QUOTE_OPEN, 2 },
        { S("a,b\"c\n"), CSV_QUOTE_INSIDE, 1 },
        { S("\"a\"b\n"), CSV_QUOTE_INSIDE, 1 },
        { { "a\0b", 3 }, CSV_NUL, 1 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CsvReader r = csv_open(cases[i].text, ',');
        CsvRow row;
        while (csv_next(&r, a, &row)) {}
        CHECK_INT(r.fault, cases[i].fault);
        CHECK_INT(r.fault_line, cases[i].line);
    }
}

TEST(csv_cells_are_written_as_they_are_read)
{
    Str cells[] = { S("plain"), S("with, comma"), S("\"quoted\""), S(" blank "), S("two\nlines"), S("") };
    Buf b = buf_new(a, 64);
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        if (i) buf_byte(&b, ',');
        buf_csv(&b, cells[i]);
    }
    CsvReader r = csv_open(buf_str(&b), ',');
    CsvRow row;
    CHECK(csv_next(&r, a, &row));
    CHECK_INT(row.len, COUNT_OF(cells));
    for (size_t i = 0; i < COUNT_OF(cells); i++) CHECK_STR(csv_cell(&row, i), cells[i]);
}

TEST(csv_names_line_and_column_of_a_fault)
{
    static const struct { Str text; CsvFault fault; int line, column; } cases[] = {
        { S_INIT("a,b\n1,\xFFx\n"), CSV_NOT_UTF8, 2, 2 },
        { S_INIT("a,b\n1,\"x\ny\xC3(\"\n"), CSV_NOT_UTF8, 3, 2 },
        { S_INIT("\xFF\xFE" "a\0"), CSV_NOT_UTF8, 1, 1 },            /* UTF-16 */
        { S_INIT("a,b,c,d\n1,2,3,4,5\n"), CSV_TOO_MANY_CELLS, 2, 5 },
        { S_INIT("a\nb\nc\nd\ne\n"), CSV_TOO_MANY_ROWS, 5, 1 },
        { S_INIT("a,12345678901\n"), CSV_CELL_TOO_LONG, 1, 2 },
        { S_INIT("a,\"12345678901\"\n"), CSV_CELL_TOO_LONG, 1, 2 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CsvReader r = csv_open(cases[i].text, ',');
        r.limits    = (CsvLimits){ .rows = 4, .columns = 4, .cell_bytes = 10 };
        for (CsvRow row; csv_next(&r, a, &row);) {
        }
        CHECK_INT(r.fault, cases[i].fault);
        CHECK_INT(r.fault_line, cases[i].line);
        CHECK_INT(r.fault_column, cases[i].column);
        CHECK(csv_fault_name(r.fault).len > 0);
    }
}

TEST(csv_reads_a_whole_table_with_ragged_rows)
{
    CsvTable t = { 0 };
    CHECK_OK(csv_read(a, S("Code , name\r\n01,Hà Nội,thủ đô\r\n\r\n\"\"\r\n02"), CSV_LIMITS, &t));
    CHECK_INT(t.len, 4);
    CHECK_INT(csv_column(&t.at[0], S("NAME")), 1);
    CHECK_INT(csv_column(&t.at[0], S("none")), -1);
    CHECK_INT(t.at[1].len, 3);
    CHECK_INT(t.at[2].len, 1);     /* an empty cell in quotes is a row, an empty line is none */
    CHECK_INT(t.at[3].line, 5);
    CHECK_OK(csv_read(a, S(""), CSV_LIMITS, &t));
    CHECK_INT(t.len, 0);
    t.len = 7;
    CHECK_ERR(csv_read(a, S("\"open"), CSV_LIMITS, &t), ERR_INVALID);
    CHECK_ERR(csv_read(a, S("a,b"), ((CsvLimits){ 9, 1, 9 }), &t), ERR_TOO_LARGE);
    CHECK_INT(t.len, 7);
}

TEST(csv_formulas_are_guarded)
{
    static const struct { Str text, want; } cases[] = {
        { S_INIT("=1+1"), S_INIT("'=1+1") },     { S_INIT("+84"), S_INIT("'+84") },
        { S_INIT("-5"), S_INIT("'-5") },         { S_INIT("@x"), S_INIT("'@x") },
        { S_INIT("\tx"), S_INIT("\"'\tx\"") },   { S_INIT("\rx"), S_INIT("\"'\rx\"") },
        { S_INIT("\nx"), S_INIT("\"'\nx\"") },   { S_INIT("\0x"), S_INIT("'\0x") },
        { S_INIT("＝1"), S_INIT("'＝1") },       { S_INIT("＋1"), S_INIT("'＋1") },
        { S_INIT("－1"), S_INIT("'－1") },       { S_INIT("＠x"), S_INIT("'＠x") },
        { S_INIT("=a,\"b\""), S_INIT("\"'=a,\"\"b\"\"\"") },
        { S_INIT("Hà Nội"), S_INIT("Hà Nội") },  { S_INIT("a=b"), S_INIT("a=b") },
        { S_INIT("5-7"), S_INIT("5-7") },        { S_INIT(""), S_INIT("\"\"") },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Buf b = buf_new(a, 0);
        csv_field(&b, cases[i].text);
        CHECK_STR(buf_str(&b), cases[i].want);
    }
}

TEST(csv_writer_puts_commas_and_row_ends)
{
    Buf b = buf_new(a, 0);
    csv_bom(&b);
    csv_field(&b, S(""));
    csv_field(&b, S(""));
    csv_num(&b, -36525);
    csv_real(&b, -0.1);
    csv_real(&b, NAN);
    csv_end(&b);
    csv_num(&b, 1);
    csv_field(&b, S("a, b"));
    csv_end(&b);
    CHECK_STR(buf_str(&b), S("\xEF\xBB\xBF\"\",,-36525,-0.1,\r\n1,\"a, b\"\r\n"));
    CsvTable t = { 0 };
    CHECK_OK(csv_read(a, buf_str(&b), CSV_LIMITS, &t));
    CHECK_INT(t.at[0].len, 5);
    CHECK_STR(t.at[1].at[1], S("a, b"));
}

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

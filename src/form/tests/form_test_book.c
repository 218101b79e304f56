/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "form_test_book.h"

#include "base/xlsx.h"

static FormRowCells row_of(Arena *a, Str line, int number)
{
    StrList cells = { 0 };
    do {
        StrPair cut = str_cut(line, '|');
        Str     clean;
        CHECK(form_cell_clean(a, cut.head, &clean));
        *list_add(a, &cells) = clean;
        line = cut.tail;
    } while (line.len);
    return (FormRowCells){ number, cells.at, cells.len };
}

FormBook test_book(Arena *a, const char *lines)
{
    FormBook   book  = { 0 };
    FormSheet *sheet = NULL;
    int        row   = 0;
    for (Str rest = str_from_c(lines); rest.len;) {
        StrPair cut = str_cut(rest, '\n');
        rest        = cut.tail;
        if (str_starts(cut.head, S("["))) {
            sheet  = list_add(a, &book.sheets);
            *sheet = (FormSheet){ .name = str_take(str_skip(cut.head, 1), cut.head.len - 2) };
            row    = 0;
            continue;
        }
        row++;
        if (cut.head.len)
            *list_add(a, &sheet->rows) = row_of(a, cut.head, row);
    }
    return book;
}

FormProgram *test_form_issues(Arena *a, const char *lines, FormIssues *issues)
{
    static Arena work;
    if (!work.base)
        work = arena_open((size_t)1 << 30);
    FormBook book = test_book(a, lines);
    return form_compile_book(a, work, &book, NULL, issues);
}

FormProgram *test_form(Arena *a, const char *lines)
{
    FormIssues   issues = { 0 };
    FormProgram *p      = test_form_issues(a, lines, &issues);
    for (size_t i = 0; i < issues.len; i++)
        if (!issues.at[i].warning)
            test_fail(__FILE_NAME__, issues.at[i].row, "%.*s %.*s: %.*s", STR_ARG(issues.at[i].code), STR_ARG(issues.at[i].column),
                STR_ARG(issues.at[i].message_en));
    return p;
}

Str test_xlsx(Arena *a, const char *lines)
{
    FormBook book = test_book(a, lines);
    XlsxOut *out  = arena_new(a, XlsxOut, book.sheets.len);
    for (size_t i = 0; i < book.sheets.len; i++) {
        const FormSheet *s    = &book.sheets.at[i];
        int              last = s->rows.len ? s->rows.at[s->rows.len - 1].row : 0;
        XlsxCells       *rows = arena_new(a, XlsxCells, (size_t)last);
        for (size_t k = 0; k < s->rows.len; k++) {
            XlsxCell *cells = arena_new(a, XlsxCell, s->rows.at[k].len);
            for (size_t c = 0; c < s->rows.at[k].len; c++)
                cells[c] = XLSX_TEXT(s->rows.at[k].cells[c]);
            rows[s->rows.at[k].row - 1] = (XlsxCells){ cells, s->rows.at[k].len };
        }
        out[i] = (XlsxOut){ s->name, rows, (size_t)last };
    }
    Str bytes = S("");
    Err e     = xlsx_write(a, out, book.sheets.len, &bytes);
    CHECK(!e);
    return bytes;
}

FormAnswers test_answers(Arena *a, const FormProgram *p, const char *pairs)
{
    FormAnswers x = form_answers_new(a, p);
    for (Str rest = str_from_c(pairs); rest.len;) {
        StrPair part = str_cut(rest, ';'), pair = str_cut(part.head, '=');
        int     node = form_find(p, pair.head);
        rest         = part.tail;
        if (node < 0 || p->nodes.at[node].answer < 0)
            test_fail(__FILE_NAME__, __LINE__, "no question %.*s", STR_ARG(pair.head));
        else
            x.at[p->nodes.at[node].answer] = pair.tail;
    }
    return x;
}

Time test_now(void)
{
    Time t = { 0 };
    time_parse_iso(S("2026-11-22T08:30:00.000+07:00"), &t);
    return t;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables as workbooks and as CSV: typed cells; intervals take two columns; totals are formulas. */
#include "report/parts.h"

#include "base/csv.h"
#include "base/xlsx.h"

/* ---- Workbook ----------------------------------------------------------------------------------------------------------- */

typedef LIST(XlsxCell) Cells;
typedef LIST(XlsxCells) Lines;
typedef LIST(XlsxOut) Books;

static void line_end(Arena *a, Lines *lines, const Cells *cells)
{
    *list_add(a, lines) = (XlsxCells){ cells->at, cells->len };
}

static Str head_text(Arena *a, const ReportColumn *c)
{
    return c->unit.len ? arena_fmt(a, "%.*s, %.*s", STR_ARG(c->label), STR_ARG(c->unit)) : c->label;
}

static void head_cells(Arena *a, Lang l, const ReportTable *t, Cells *out)
{
    for (size_t i = 0; i < t->columns.len; i++) {
        const ReportColumn *c = &t->columns.at[i];
        if (c->kind == CELL_RANGE) {
            *list_add(a, out) = XLSX_TEXT(text_fmt(a, l, "report.column.low", ARG_S("label", c->label)));
            *list_add(a, out) = XLSX_TEXT(text_fmt(a, l, "report.column.high", ARG_S("label", c->label)));
        } else {
            *list_add(a, out) = XLSX_TEXT(head_text(a, c));
        }
    }
}

static XlsxCell number(double x, int decimals)
{
    return (XlsxCell){ .num = x, .is_num = true, .look = decimals == 0 ? XLSX_WHOLE : decimals == 1 ? XLSX_ONE : XLSX_TWO };
}

/* The cells of a row; where: the row's number in the sheet, from 1. */
static void row_cells(Arena *a, Lang l, const ReportTable *t, const ReportRow *row, size_t where, Cells *out)
{
    for (size_t i = 0; i < t->columns.len; i++) {
        const ReportCell   *c = &row->at[i];
        const ReportColumn *head = &t->columns.at[i];
        if (head->kind == CELL_RANGE) {
            bool known = c->kind == CELL_RANGE;
            *list_add(a, out) = known ? number(c->low, c->decimals) : XLSX_TEXT(c->kind == CELL_TEXT ? S("") : cell_words(a, l, c));
            *list_add(a, out) = known ? number(c->high, c->decimals) : XLSX_TEXT(c->kind == CELL_TEXT ? S("") : cell_words(a, l, c));
            continue;
        }
        XlsxCell *cell = list_add(a, out);
        *cell = c->kind == CELL_REAL ? number(c->x, c->decimals) : c->kind == CELL_COUNT ? number(c->x, 0) : XLSX_TEXT(cell_words(a, l, c));
        if (cell->is_num && head->sum == SUM_ROW) {
            Str from = xlsx_column_name(a, out->len - 1 - (size_t)head->across), to = xlsx_column_name(a, out->len - 2);
            cell->formula = arena_fmt(a, "SUM(%.*s%zu:%.*s%zu)", STR_ARG(from), where, STR_ARG(to), where);
        } else if (cell->is_num && row->sum && head->sum == SUM_ABOVE) {
            Str name = xlsx_column_name(a, out->len - 1);
            cell->formula = arena_fmt(a, "SUM(%.*s2:%.*s%zu)", STR_ARG(name), STR_ARG(name), where - 1);
            cell->look    = XLSX_STRONG;
        }
    }
}

static Str sheet_name(Arena *a, const ReportTable *t, size_t number)
{
    return arena_fmt(a, "%zu %.*s", number, STR_ARG(t->name));
}

static void table_sheet(Arena *a, Lang l, const ReportTable *t, Str name, Books *books)
{
    Lines lines = { 0 };
    Cells head = { 0 };
    head_cells(a, l, t, &head);
    line_end(a, &lines, &head);
    for (size_t i = 0; i < t->rows.len; i++) {
        Cells cells = { 0 };
        row_cells(a, l, t, &t->rows.at[i], i + 2, &cells);
        line_end(a, &lines, &cells);
    }
    double *widths = arena_new(a, double, head.len);
    for (size_t i = 0; i < head.len; i++)
        widths[i] = i == 0 || (i == 1 && t->columns.at[0].width < 0.1) ? (t->columns.at[i].width < 0.1 ? 10 : 48) : 16;
    *list_add(a, books) = (XlsxOut){ .name = name, .rows = lines.at, .len = lines.len, .widths = widths, .width_count = head.len };
}

static void note(Arena *a, Lines *lines, Str key, Str text)
{
    XlsxCell *two = arena_new(a, XlsxCell, 2);
    two[0] = XLSX_TEXT(key);
    two[1] = (XlsxCell){ .text = text, .look = XLSX_WRAP };
    *list_add(a, lines) = (XlsxCells){ two, 2 };
}

/* The first sheet: what the book is, where the figures come from, what each sheet holds, how to read them. */
static void notes_sheet(Arena *a, const Report *r, Books *books)
{
    static const double widths[] = { 28, 100 };
    Lines  lines = { 0 };
    size_t tables = 0;
    note(a, &lines, text_of(r->lang, "report.title"), r->title);
    note(a, &lines, S(""), r->source);
    note(a, &lines, S(""), r->href);
    note(a, &lines, S(""), text_fmt(a, r->lang, "report.made", ARG_S("date", date_text(a, r->lang, date_of(r->made_at)))));
    for (size_t i = 0; i < r->parts.len; i++)
        if (r->parts.at[i].kind == PART_TABLE)
            tables++, note(a, &lines, sheet_name(a, r->parts.at[i].table, tables), r->parts.at[i].table->caption);
    for (size_t i = 0; i < r->parts.len; i++)
        if (r->parts.at[i].kind == PART_ITEM || r->parts.at[i].kind == PART_NOTE)
            note(a, &lines, S(""), runs_text(a, &r->parts.at[i].runs));
    *list_add(a, books) = (XlsxOut){ .name = text_of(r->lang, "report.sheet.notes"), .rows = lines.at, .len = lines.len, .widths = widths,
                                     .width_count = 2 };
}

static void facts_sheet(Arena *a, const Report *r, Books *books)
{
    static const double widths[] = { 48, 20, 40 };
    Lines lines = { 0 };
    for (size_t i = 0; i < r->parts.len; i++)
        for (size_t k = 0; k < r->parts.at[i].facts.len; k++) {
            const ReportFact *f    = &r->parts.at[i].facts.at[k];
            XlsxCell         *cell = arena_new(a, XlsxCell, 3);
            cell[0] = XLSX_TEXT(f->name);
            cell[1] = XLSX_TEXT(f->value);
            cell[2] = XLSX_TEXT(f->note);
            *list_add(a, &lines) = (XlsxCells){ cell, 3 };
        }
    if (lines.len)
        *list_add(a, books) = (XlsxOut){ .name = text_of(r->lang, "report.sheet.facts"), .rows = lines.at, .len = lines.len, .widths = widths,
                                         .width_count = 3 };
}

Err report_xlsx(Arena *a, const Report *r, Str *out)
{
    Books  books  = { 0 };
    size_t tables = 0;
    notes_sheet(a, r, &books);
    for (size_t i = 0; i < r->parts.len; i++) {
        if (r->parts.at[i].kind != PART_TABLE)
            continue;
        tables++;
        table_sheet(a, r->lang, r->parts.at[i].table, sheet_name(a, r->parts.at[i].table, tables), &books);
    }
    if (!tables)
        facts_sheet(a, r, &books);
    return xlsx_write(a, books.at, books.len, out);
}

/* ---- CSV: a line a value, with table, row, column and source ------------------------------------------------------------- */

typedef struct CsvAt { Buf *b; Arena *a; const Report *r; Str table, row; } CsvAt;

static void csv_value(CsvAt *at, Str column, Str unit, double x, Str note)
{
    csv_field(at->b, at->table);
    csv_field(at->b, at->row);
    csv_field(at->b, column);
    csv_field(at->b, unit);
    csv_real(at->b, x);
    csv_field(at->b, note);
    csv_field(at->b, at->r->source);
    csv_end(at->b);
}

static void csv_cell_out(CsvAt *at, const ReportColumn *head, const ReportCell *c)
{
    Lang l = at->r->lang;
    if (c->kind == CELL_RANGE) {
        csv_value(at, text_fmt(at->a, l, "report.column.low", ARG_S("label", head->label)), head->unit, c->low, S(""));
        csv_value(at, text_fmt(at->a, l, "report.column.high", ARG_S("label", head->label)), head->unit, c->high, S(""));
    } else if (c->kind == CELL_REAL || c->kind == CELL_COUNT) {
        csv_value(at, head->label, head->unit, c->x, S(""));
    } else if (c->kind == CELL_TEXT ? c->text.len > 0 : true) {
        csv_value(at, head->label, head->unit, __builtin_nan(""), cell_words(at->a, l, c));
    }
}

Str report_csv(Arena *a, const Report *r)
{
    static const Str heads[] = { S_INIT("table"), S_INIT("row"), S_INIT("column"), S_INIT("unit"), S_INIT("value"), S_INIT("note"), S_INIT("source") };
    Buf b = buf_new(a, 1 << 15);
    csv_bom(&b);
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        csv_field(&b, heads[i]);
    csv_end(&b);
    for (size_t i = 0; i < r->parts.len; i++) {
        const ReportTable *t = r->parts.at[i].table;
        CsvAt at = { &b, a, r, t ? t->caption : text_of(r->lang, "report.sheet.facts"), S("") };
        for (size_t k = 0; k < r->parts.at[i].facts.len; k++) {
            const ReportFact *f = &r->parts.at[i].facts.at[k];
            at.row = f->name;
            csv_value(&at, f->value, S(""), __builtin_nan(""), f->note);
        }
        for (size_t k = 0; t && k < t->rows.len; k++) {
            size_t first = t->columns.at[0].width < 0.1 && t->columns.len > 1 ? 1 : 0;       /* a code stands before the name */
            at.row = cell_words(a, r->lang, &t->rows.at[k].at[first]);
            for (size_t c = first + 1; c < t->columns.len; c++)
                csv_cell_out(&at, &t->columns.at[c], &t->rows.at[k].at[c]);
        }
    }
    return buf_str(&b);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A workbook written row by row: typed cells, then a codebook. Texts are inline strings, never formulas; those that begin
 * like one carry Excel's own mark for texts (quotePrefix), which leaves what was answered as it is. */
#include "analysis/xlsx_book.h"

enum { SHEET_ROWS = 1048576, SHEET_COLUMNS = 16384, BOOK_COLUMNS = 11 };

typedef struct XlsxExport { Export *x; XlsxBookOut book; Arena work; int64_t row; int sheets; } XlsxExport;

static void head_row(XlsxExport *e)
{
    const Variables *vs = &e->x->t->variables;
    book_row(&e->book);
    for (size_t i = 0; i < vs->len; i++)
        book_text(&e->book, vs->at[i].name, BOOK_HEAD);
    book_row_end(&e->book);
    e->row = 1;
}

/* At most 31 letters, none of []:*?/\, no two alike. */
static Str sheet_name(XlsxExport *e)
{
    Export *x    = e->x;
    Str     name = x->t->repeat.len ? str_replace(x->a, x->t->repeat, S("/"), S("_")) : text_of(x->o->lang, "analysis.sheet.data");
    Str     own  = cut_utf8(name, 24);
    size_t  at   = (size_t)(x->t - x->tables.at);
    if (own.len < name.len)
        own = arena_fmt(x->a, "%.*s_%zu", STR_ARG(own), at);
    return e->sheets++ ? arena_fmt(x->a, "%.*s %d", STR_ARG(own), e->sheets) : own;
}

/* "Dữ liệu", "Dữ liệu 2"… as many as the rows need. */
static void data_sheet(XlsxExport *e)
{
    book_sheet(&e->book, sheet_name(e));
    head_row(e);
}

static void put_cell(XlsxExport *e, const Variable *v, Str cell)
{
    double x;
    Date   day;
    Arena  work  = e->work;
    bool   typed = v->kind == VAR_NUMBER || v->kind == VAR_MARK || (v->kind == VAR_CHOICE && v->whole && !e->x->o->labels);
    if (!cell.len)
        book_empty(&e->book);
    else if (typed && cell_number(v, cell, &x))
        book_number(&e->book, x, BOOK_PLAIN);
    else if (v->kind == VAR_DAY && cell_day(cell, &day) && day.day > -25569)
        book_number(&e->book, (double)day.day + 25569, BOOK_DAY);
    else if (e->x->o->labels && (v->kind == VAR_CHOICE || v->kind == VAR_SEVERAL))
        book_text(&e->book, cell_label(&work, v, cell, e->x->o->lang), BOOK_PLAIN);
    else
        book_text(&e->book, cell, BOOK_PLAIN);
}

static Err xlsx_row(void *self, const Str *cells)
{
    XlsxExport *e = self;
    if (e->row == SHEET_ROWS)
        data_sheet(e);
    e->row++;
    book_row(&e->book);
    for (size_t i = 0; i < e->x->t->variables.len; i++)
        put_cell(e, &e->x->t->variables.at[i], cells[i]);
    book_row_end(&e->book);
    return OK;
}

/* ---- Codebook ------------------------------------------------------------------------------------------- */

static Str kind_name(VariableKind k, Lang l)
{
    switch (k) {
    case VAR_NUMBER: return text_of(l, "analysis.kind.number");
    case VAR_DAY: return text_of(l, "analysis.kind.day");
    case VAR_CHOICE: return text_of(l, "analysis.kind.choice");
    case VAR_SEVERAL: return text_of(l, "analysis.kind.several");
    case VAR_MARK: return text_of(l, "analysis.kind.mark");
    default: return text_of(l, "analysis.kind.text");
    }
}

static void book_texts(XlsxBookOut *b, const Str *at, size_t n, BookStyle style)
{
    book_row(b);
    for (size_t i = 0; i < n; i++)
        book_text(b, at[i], style);
    book_row_end(b);
}

static void codebook_rows(XlsxExport *e, const AnalysisTable *t)
{
    Lang l  = e->x->o->lang;
    Str  no = S("");
    for (size_t i = 0; i < t->variables.len; i++) {
        const Variable *v = &t->variables.at[i];
        book_texts(&e->book, (Str[]){ v->name, v->plain, v->label[LANG_VI], v->label[LANG_EN], kind_name(v->kind, l), no, no, no, no, no, t->repeat },
                   BOOK_COLUMNS, BOOK_PLAIN);
        for (size_t k = 0; k < v->categories.len; k++) {
            const Category *c = &v->categories.at[k];
            Arena work = e->work;
            Str number = v->kind == VAR_CHOICE ? arena_fmt(&work, "%.0f", c->number) : S("");
            book_texts(&e->book, (Str[]){ v->name, v->plain, no, no, no, c->name, number, c->label[LANG_VI], c->label[LANG_EN],
                                          c->missing ? text_of(l, "analysis.yes") : no, t->repeat }, BOOK_COLUMNS, BOOK_PLAIN);
        }
    }
}

static void codebook(XlsxExport *e)
{
    Lang l = e->x->o->lang;
    const Str head[] = { text_of(l, "analysis.book.name"), text_of(l, "analysis.book.plain"), text_of(l, "analysis.book.vi"),
        text_of(l, "analysis.book.en"), text_of(l, "analysis.book.kind"), text_of(l, "analysis.book.code"), text_of(l, "analysis.book.number"),
        text_of(l, "analysis.book.code_vi"), text_of(l, "analysis.book.code_en"), text_of(l, "analysis.book.missing"),
        text_of(l, "analysis.book.table") };
    book_sheet(&e->book, text_of(l, "analysis.sheet.codebook"));
    book_texts(&e->book, head, COUNT_OF(head), BOOK_HEAD);
    for (size_t i = 0; i < e->x->tables.len; i++)
        codebook_rows(e, &e->x->tables.at[i]);
}

static Err all_sheets(XlsxExport *e)
{
    for (size_t i = 0; i < e->x->tables.len; i++) {
        e->x->t   = &e->x->tables.at[i];
        e->sheets = 0;
        data_sheet(e);
        TRY(analysis_each(e->x->t, e->x->db, xlsx_row, e));
    }
    codebook(e);
    return book_end(&e->book, e->x->a);
}

Err export_xlsx(Export *x)
{
    for (size_t i = 0; i < x->tables.len; i++)
        if (x->tables.at[i].variables.len > SHEET_COLUMNS)
            return err_fmt(x->a, ERR_TOO_LARGE, "a sheet holds %d columns, the table has %zu: choose CSV", SHEET_COLUMNS, x->tables.at[i].variables.len);
    XlsxExport e = { .x = x, .work = arena_open((size_t)1 << 24) };
    book_open(&e.book, x->a, &x->sink);
    Err er = all_sheets(&e);
    zip_stream_close(&e.book.zip);
    arena_close(&e.work);
    return er;
}

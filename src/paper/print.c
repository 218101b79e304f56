/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A questionnaire on A4: each sheet is drawn once, then painted for every serial number with its QR code. Points throughout. */
#include "paper/paper.h"
#include "pdf/pdf.h"

enum { PRINT_BYTES = 192 << 20, WRITTEN_FROM = 61, CELL_COLUMNS = 4 };
#define LEFT   (20 * PDF_MM)
#define RIGHT  (15 * PDF_MM)
#define TOP    (34 * PDF_MM)
#define BOTTOM (18 * PDF_MM)
#define WIDE   (PDF_A4_WIDE - LEFT - RIGHT)
#define TICK   11.0                      /* side of a box to tick */
#define TIGHT  0.95                      /* spacing of lines */
#define INDENT 26.0                      /* of labels behind their numbers */

typedef LIST(const PdfPiece *) Sheets;
typedef struct Press {
    Pdf *pdf; Arena *a; const PaperPrint *job; PaperMap map; Lang l;
    Sheets sheets;
    double y;                            /* the next free line of the open sheet */
} Press;

static void sheet_begin(Press *s)
{
    pdf_piece_begin(s->pdf, PDF_A4_WIDE, PDF_A4_HIGH);
    s->y = TOP;
}

static void sheet_end(Press *s)
{
    *list_add(s->a, &s->sheets) = pdf_piece_end(s->pdf);
}

/* Room for so much; a new sheet when the open one has less. True: it was begun. */
static bool need(Press *s, double high)
{
    if (s->y + high <= PDF_A4_HIGH - BOTTOM || s->y <= TOP)
        return false;
    sheet_end(s);
    sheet_begin(s);
    return true;
}

/* ---- Choices ----------------------------------------------------------------------------------------------------- */

static Str choice_words(const Press *s, const FormChoice *c)
{
    return c->label[s->l].len ? c->label[s->l] : c->label[LANG_VI].len ? c->label[LANG_VI] : c->label[LANG_EN];
}

static PdfStyle cell_style(double wide)
{
    return (PdfStyle){ "9.5", PDF_INK, PDF_LEFT, wide, TIGHT };
}

static Str cell_text(Press *s, const FormList *list, int list_at, size_t i)
{
    Str code = s->map.code[list_at][i], label = choice_words(s, &list->choices.at[i]);
    return arena_fmt(s->a, "%.*s. %.*s", STR_ARG(code), STR_ARG(label));
}

/* As many columns as the longest choice leaves room for. */
static int columns_for(Press *s, const FormList *list, int list_at)
{
    PdfStyle free = cell_style(0);
    double   most = 0;
    for (size_t i = 0; i < list->choices.len; i++) {
        double w = pdf_text_wide(s->pdf, cell_text(s, list, list_at, i), &free) + TICK + 14;
        most     = w > most ? w : most;
    }
    int n = most > 0 ? (int)((WIDE - INDENT) / most) : 1;
    n     = n > CELL_COLUMNS ? CELL_COLUMNS : n;
    n     = list->choices.len <= 2 && n >= 2 ? 2 : n;
    return n < 1 ? 1 : n;
}

/* Boxes with code and words, running down the columns. Measures, and draws at y when y > 0. */
static double choices_at(Press *s, int node, double y)
{
    int             list_at = s->map.p->nodes.at[node].list, columns = columns_for(s, &s->map.p->lists.at[list_at], list_at);
    const FormList *list    = &s->map.p->lists.at[list_at];
    bool            many    = s->map.p->nodes.at[node].type == Q_SELECT_MULTIPLE;
    size_t          rows    = (list->choices.len + (size_t)columns - 1) / (size_t)columns;
    double          wide    = (WIDE - INDENT) / columns, at = y;
    PdfStyle        style   = cell_style(wide - TICK - 12);
    for (size_t row = 0; row < rows; row++) {
        double high = TICK + 2;
        for (size_t i = row; i < list->choices.len; i += rows) {
            double x    = LEFT + INDENT + (double)(i / rows) * wide;
            Str    text = cell_text(s, list, list_at, i);
            double h    = y > 0 ? pdf_text(s->pdf, x + TICK + 5, at - 1, text, &style, 0) : pdf_text_high(s->pdf, text, &style, 0);
            if (y > 0 && many)
                pdf_box(s->pdf, PDF_INK, x, at + 1.2, TICK, TICK, 0.9);
            else if (y > 0)
                pdf_ring(s->pdf, PDF_INK, x + TICK / 2, at + 1.2 + TICK / 2, TICK / 2, 0.9);
            high = h > high ? h : high;
        }
        at += high + 3.5;
    }
    return at - y;
}

/* ---- Places to write ------------------------------------------------------------------------------------------------ */

static void cells(Press *s, double x, double y, int n)
{
    for (int i = 0; i < n; i++)
        pdf_box(s->pdf, PDF_INK, x + i * 16, y, 16, 18, 0.8);
}

static void date_cells(Press *s, double x, double y)
{
    PdfStyle small = { "8", PDF_GREY, PDF_LEFT, 60, TIGHT };
    cells(s, x, y, 2);
    cells(s, x + 44, y, 2);
    cells(s, x + 88, y, 4);
    pdf_text(s->pdf, x + 1, y + 19, text_of(s->l, "paper.print.day"), &small, 1);
    pdf_text(s->pdf, x + 45, y + 19, text_of(s->l, "paper.print.month"), &small, 1);
    pdf_text(s->pdf, x + 89, y + 19, text_of(s->l, "paper.print.year"), &small, 1);
}

static int lines_of(const FormNode *n)
{
    return str_has(n->appearance, S("multiline")) ? 5 : 2;
}

/* The place of an answer; measures, and draws at y when y > 0. */
static double answer_at(Press *s, int node, double y)
{
    const FormNode *n = &s->map.p->nodes.at[node];
    double          x = LEFT + INDENT;
    PdfStyle        small = { "8.5", PDF_GREY, PDF_LEFT, 200, TIGHT };
    bool            listed = n->list >= 0 && s->map.p->lists.at[n->list].choices.len < WRITTEN_FROM;
    if (listed)
        return choices_at(s, node, y);
    if (n->type == Q_INTEGER || n->type == Q_DECIMAL) {
        if (y > 0)
            pdf_box(s->pdf, PDF_INK, x, y, 92, 19, 0.8);
        return 24;
    }
    if (n->type == Q_DATE) {
        if (y > 0)
            date_cells(s, x, y);
        return 34;
    }
    if (n->list >= 0) {                              /* too many choices for paper: name and code are written */
        if (y > 0) {
            pdf_dots(s->pdf, PDF_GREY, x, y + 15, WIDE - INDENT - 130);
            pdf_text(s->pdf, PDF_A4_WIDE - RIGHT - 124, y + 4, text_of(s->l, "paper.print.code"), &small, 1);
            cells(s, PDF_A4_WIDE - RIGHT - 80, y, 5);
        }
        return 24;
    }
    for (int i = 0; y > 0 && i < lines_of(n); i++)
        pdf_dots(s->pdf, PDF_GREY, x, y + 15 + i * 18, WIDE - INDENT);
    return 6 + lines_of(n) * 18.0;
}

/* ---- Questions ---------------------------------------------------------------------------------------------------------- */

typedef struct Head { Str number, label, hint, condition; } Head;

static Head head_of(Press *s, int node)
{
    const FormNode *n = &s->map.p->nodes.at[node];
    Str hint = n->hint[s->l].len ? n->hint[s->l] : n->hint[LANG_VI].len ? n->hint[LANG_VI] : n->hint[LANG_EN];
    if (!hint.len && n->type == Q_SELECT_MULTIPLE)
        hint = text_of(s->l, "paper.print.many");
    return (Head){ arena_fmt(s->a, "%d.", s->map.number[node]), paper_label(s->a, &s->map, node, s->l), hint,
                   paper_condition(s->a, &s->map, node, s->l) };
}

/* Number, condition, label and hint; measures, and draws at y when y > 0. */
static double head_at(Press *s, const Head *h, double y)
{
    PdfStyle label = { "Semi-Bold 10.5", PDF_INK, PDF_LEFT, WIDE - INDENT, TIGHT }, small = { "Italic 9", PDF_GREY, PDF_LEFT, WIDE - INDENT, TIGHT };
    PdfStyle rule = { "Semi-Bold 9", PDF_NAVY, PDF_LEFT, WIDE - INDENT, TIGHT };
    double   at = y;
    if (y <= 0)
        return pdf_text_high(s->pdf, h->condition, &rule, 0) + pdf_text_high(s->pdf, h->label, &label, 0) + pdf_text_high(s->pdf, h->hint, &small, 0) + 3;
    at += pdf_text(s->pdf, LEFT + INDENT, at, h->condition, &rule, 0);
    pdf_text(s->pdf, LEFT, at, h->number, &label, 1);
    at += pdf_text(s->pdf, LEFT + INDENT, at, h->label, &label, 0);
    at += pdf_text(s->pdf, LEFT + INDENT, at, h->hint, &small, 0);
    return at + 3 - y;
}

static void question(Press *s, int node)
{
    Head   h    = head_of(s, node);
    double high = head_at(s, &h, 0);
    need(s, high + answer_at(s, node, 0));
    s->y += head_at(s, &h, s->y);
    s->y += answer_at(s, node, s->y) + 7;
}

/* ---- Tables of questions with the same choices ----------------------------------------------------------------------------- */

typedef struct Grid { const FormList *list; int list_at; double label, cell, head; } Grid;

static void grid_head(Press *s, const Grid *g)
{
    PdfStyle words = { "8", PDF_INK, PDF_CENTRE, g->cell - 2, TIGHT };
    pdf_fill(s->pdf, PDF_PALE, LEFT, s->y, WIDE, g->head);
    for (size_t i = 0; i < g->list->choices.len; i++)
        pdf_text(s->pdf, LEFT + g->label + (double)i * g->cell + 1, s->y + 3, choice_words(s, &g->list->choices.at[i]), &words, 0);
    pdf_line(s->pdf, PDF_INK, LEFT, s->y, LEFT + WIDE, s->y, 0.9);
    pdf_line(s->pdf, PDF_INK, LEFT, s->y + g->head, LEFT + WIDE, s->y + g->head, 0.6);
    s->y += g->head;
}

static double grid_head_high(Press *s, const Grid *g)
{
    PdfStyle words = { "8", PDF_INK, PDF_CENTRE, g->cell - 2, TIGHT };
    double   most  = 0;
    for (size_t i = 0; i < g->list->choices.len; i++) {
        double h = pdf_text_high(s->pdf, choice_words(s, &g->list->choices.at[i]), &words, 0);
        most     = h > most ? h : most;
    }
    return most + 6;
}

static void grid_row(Press *s, const Grid *g, int node)
{
    Head     h     = head_of(s, node);
    PdfStyle label = { "10", PDF_INK, PDF_LEFT, g->label - INDENT - 6, TIGHT }, number = { "Semi-Bold 10", PDF_INK, PDF_LEFT, INDENT, TIGHT },
             hint = { "Italic 8.5", PDF_GREY, PDF_LEFT, g->label - INDENT - 6, TIGHT }, code = { "7.5", PDF_GREY, PDF_CENTRE, TICK + 3, TIGHT };
    double   high = pdf_text_high(s->pdf, h.label, &label, 0) + pdf_text_high(s->pdf, h.hint, &hint, 0) + 7;
    high          = high < TICK + 12 ? TICK + 12 : high;
    if (need(s, high))
        grid_head(s, g);
    pdf_text(s->pdf, LEFT + 1, s->y + 3, h.number, &number, 1);
    double at = s->y + 3;
    at += pdf_text(s->pdf, LEFT + INDENT, at, h.label, &label, 0);
    pdf_text(s->pdf, LEFT + INDENT, at, h.hint, &hint, 0);
    for (size_t i = 0; i < g->list->choices.len; i++) {
        double x = LEFT + g->label + ((double)i + 0.5) * g->cell, top = s->y + (high - TICK - 3) / 2;
        pdf_ring(s->pdf, PDF_INK, x, top + (TICK + 3) / 2, (TICK + 3) / 2, 0.9);
        pdf_text(s->pdf, x - (TICK + 3) / 2, top + 2.0, s->map.code[g->list_at][i], &code, 1);
    }
    s->y += high;
    pdf_line(s->pdf, PDF_GREY, LEFT, s->y, LEFT + WIDE, s->y, 0.4);
}

/* Wide enough for the longest word, within half of the line. */
static double cell_wide(Press *s, const FormList *list)
{
    PdfStyle words = { "8", PDF_INK, PDF_LEFT, 0, TIGHT };
    double   most  = 36, limit = WIDE * 0.55 / (double)list->choices.len;
    for (size_t i = 0; i < list->choices.len; i++)
        for (Str rest = choice_words(s, &list->choices.at[i]); rest.len;) {
            StrPair cut = str_cut(rest, ' ');
            double  w   = pdf_text_wide(s->pdf, cut.head, &words) + 5;
            most        = w > most ? w : most;
            rest        = cut.tail;
        }
    return most < limit ? most : limit;
}

static void grid(Press *s, int node, int end)
{
    const FormNode *n = &s->map.p->nodes.at[node];
    Grid     g    = { &s->map.p->lists.at[n->list], n->list, 0, 0, 0 };
    PdfStyle rule = { "Semi-Bold 9", PDF_NAVY, PDF_LEFT, WIDE, TIGHT };
    g.cell  = cell_wide(s, g.list);
    g.label = WIDE - g.cell * (double)g.list->choices.len;
    g.head  = grid_head_high(s, &g);
    need(s, g.head + 90);
    s->y += pdf_text(s->pdf, LEFT, s->y, paper_condition(s->a, &s->map, node, s->l), &rule, 0) + 2;
    grid_head(s, &g);
    for (int i = node; i < end; i++)
        if (s->map.number[i])
            grid_row(s, &g, i);
    s->y += 10;
}

/* ---- Repeats: a table with a row for each time it is answered ---------------------------------------------------------------- */
enum { ROW_HIGH = 27, ROW_NUMBER = 36, COLUMNS_MOST = 6 };

typedef struct Rows { int node[COLUMNS_MOST], n; double wide, head; } Rows;

static PdfStyle column_style(double wide)
{
    return (PdfStyle){ "8.5", PDF_INK, PDF_LEFT, wide - 6, TIGHT };
}

static Str column_text(Press *s, int node)
{
    Str when = paper_condition(s->a, &s->map, node, s->l), label = paper_label(s->a, &s->map, node, s->l);
    return arena_fmt(s->a, "%d. %.*s%s%.*s", s->map.number[node], STR_ARG(label), when.len ? "\n" : "", STR_ARG(when));
}

static void rows_head(Press *s, const Rows *r)
{
    PdfStyle style = column_style(r->wide), row = column_style(ROW_NUMBER);
    pdf_fill(s->pdf, PDF_PALE, LEFT, s->y, WIDE, r->head);
    pdf_box(s->pdf, PDF_GREY, LEFT, s->y, WIDE, r->head, 0.6);
    pdf_text(s->pdf, LEFT + 2, s->y + 3, text_of(s->l, "paper.print.row"), &row, 1);
    for (int i = 0; i < r->n; i++)
        pdf_text(s->pdf, LEFT + ROW_NUMBER + i * r->wide + 3, s->y + 3, column_text(s, r->node[i]), &style, 0);
    s->y += r->head;
}

static void rows_table(Press *s, Rows *r, int64_t rows)
{
    PdfStyle style, number = { "Semi-Bold 9", PDF_GREY, PDF_LEFT, ROW_NUMBER, TIGHT };
    r->wide = (WIDE - ROW_NUMBER) / r->n;
    r->head = 0;
    style   = column_style(r->wide);
    for (int i = 0; i < r->n; i++) {
        double high = pdf_text_high(s->pdf, column_text(s, r->node[i]), &style, 0) + 7;
        r->head     = high > r->head ? high : r->head;
    }
    need(s, r->head + 2 * ROW_HIGH);
    rows_head(s, r);
    for (int64_t row = 1; row <= rows; row++) {
        if (need(s, ROW_HIGH))
            rows_head(s, r);
        pdf_box(s->pdf, PDF_GREY, LEFT, s->y, ROW_NUMBER, ROW_HIGH, 0.6);
        pdf_text(s->pdf, LEFT + 4, s->y + 7, arena_fmt(s->a, "%lld", (long long)row), &number, 1);
        for (int i = 0; i < r->n; i++)
            pdf_box(s->pdf, PDF_INK, LEFT + ROW_NUMBER + i * r->wide, s->y, r->wide, ROW_HIGH, 0.6);
        s->y += ROW_HIGH;
    }
    s->y += 5;
}

/* "Câu 7: 1. Nam  2. Nữ": what is written into the boxes of a column. */
static void row_codes(Press *s, int node)
{
    PdfStyle        small = { "8.5", PDF_GREY, PDF_LEFT, WIDE, TIGHT };
    int             list_at = s->map.p->nodes.at[node].list;
    const FormList *list = list_at >= 0 ? &s->map.p->lists.at[list_at] : NULL;
    Buf             b    = buf_new(s->a, 256);
    for (size_t i = 0; list && list->choices.len < WRITTEN_FROM && i < list->choices.len; i++)
        buf_add(&b, arena_fmt(s->a, "%s%.*s", i ? ";  " : "", STR_ARG(cell_text(s, list, list_at, i))));
    if (!b.len)
        return;
    Str text = text_fmt(s->a, s->l, "paper.print.codes", ARG_N("n", s->map.number[node]), ARG_S("codes", buf_str(&b)));
    need(s, pdf_text_high(s->pdf, text, &small, 0) + 2);
    s->y += pdf_text(s->pdf, LEFT, s->y, text, &small, 0) + 2;
}

static void small_line(Press *s, Str text)
{
    PdfStyle small = { "Italic 8.5", PDF_GREY, PDF_LEFT, WIDE, TIGHT };
    need(s, pdf_text_high(s->pdf, text, &small, 0) + 6);
    s->y += pdf_text(s->pdf, LEFT, s->y, text, &small, 0) + 6;
}

static void repeat(Press *s, int node, int end)
{
    int64_t rows = s->job->rows > 0 ? s->job->rows : ROWS_USUAL;
    Rows    r    = { 0 };
    bool    within = false;
    int     asked = 0;
    for (int i = node + 1; i < end; i++)
        asked += s->map.number[i] > 0;
    int tables = (asked + COLUMNS_MOST - 1) / COLUMNS_MOST, most = tables ? (asked + tables - 1) / tables : 1;      /* of about one width */
    for (int i = node + 1; i < end; i++) {
        within |= s->map.p->nodes.at[i].type == Q_REPEAT;
        if (!s->map.number[i])
            continue;
        r.node[r.n++] = i;
        if (r.n == most) {
            rows_table(s, &r, rows);
            r.n = 0;
        }
    }
    if (r.n)
        rows_table(s, &r, rows);
    for (int i = node + 1; i < end; i++)
        if (s->map.number[i])
            row_codes(s, i);
    small_line(s, text_fmt(s->a, s->l, "paper.print.more_rows", ARG_N("n", rows)));
    if (within)
        small_line(s, text_of(s->l, "paper.print.no_place"));
    s->y += 6;
}

/* ---- Sections, notes, the head of the form ------------------------------------------------------------------------------------- */

static void section(Press *s, int node)
{
    Str      title = paper_label(s->a, &s->map, node, s->l), when = paper_condition(s->a, &s->map, node, s->l);
    bool     top   = s->map.p->nodes.at[node].parent < 0;
    PdfStyle style = { top ? "Bold 12" : "Bold 10.5", top ? PDF_NAVY : PDF_INK, PDF_LEFT, WIDE, TIGHT };
    PdfStyle rule  = { "Semi-Bold 9", PDF_NAVY, PDF_LEFT, WIDE, TIGHT };
    if (!title.len && !when.len)
        return;
    need(s, 110);
    s->y += s->y > TOP ? 6 : 0;
    if (top && title.len) {
        pdf_fill(s->pdf, PDF_RED, LEFT, s->y, 28, 2);
        s->y += 5;
    }
    s->y += pdf_text(s->pdf, LEFT, s->y, title, &style, 0);
    s->y += pdf_text(s->pdf, LEFT, s->y, when, &rule, 0) + 6;
}

static void note(Press *s, int node)
{
    PdfStyle style = { "10", PDF_INK, PDF_LEFT, WIDE, TIGHT }, rule = { "Semi-Bold 9", PDF_NAVY, PDF_LEFT, WIDE, TIGHT };
    Str      text  = paper_label(s->a, &s->map, node, s->l), when = paper_condition(s->a, &s->map, node, s->l);
    need(s, pdf_text_high(s->pdf, text, &style, 0) + 14);
    s->y += pdf_text(s->pdf, LEFT, s->y, when, &rule, 0);
    s->y += pdf_text(s->pdf, LEFT, s->y, text, &style, 0) + 7;
}

static void form_head(Press *s)
{
    const FormProgram *p     = s->map.p;
    PdfStyle           title = { "Bold 16", PDF_INK, PDF_LEFT, WIDE, TIGHT }, how = { "9", PDF_INK, PDF_LEFT, WIDE - 16, TIGHT };
    Str                text  = text_of(s->l, "paper.print.how");
    s->y += pdf_text(s->pdf, LEFT, s->y, p->title[s->l].len ? p->title[s->l] : p->title[LANG_VI], &title, 0) + 6;
    double high = pdf_text_high(s->pdf, text, &how, 0) + 10;
    pdf_box(s->pdf, PDF_GREY, LEFT, s->y, WIDE, high, 0.6);
    pdf_text(s->pdf, LEFT + 8, s->y + 5, text, &how, 0);
    s->y += high + 12;
}

static void draw_sheets(Press *s)
{
    const FormProgram *p = s->map.p;
    sheet_begin(s);
    form_head(s);
    for (int i = 0, end; i < (int)p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->type == Q_GROUP)
            section(s, i);
        else if (paper_rows_at(&s->map, i)) {
            section(s, i);
            repeat(s, i, paper_rows_end(&s->map, i));
            i = paper_rows_end(&s->map, i) - 1;
        } else if (n->type == Q_NOTE)
            note(s, i);
        else if (s->map.number[i] && paper_grid(&s->map, i, &end) > 1) {
            grid(s, i, end);
            i = end - 1;
        } else if (s->map.number[i])
            question(s, i);
    }
    sheet_end(s);
}

/* ---- Copies -------------------------------------------------------------------------------------------------------------------------- */

/* What differs from sheet to sheet: serial number, page and QR code. */
static Err sheet_marks(Press *s, Arena work, Str serial, size_t page)
{
    const FormProgram *p = s->map.p;
    PdfStyle small = { "8", PDF_GREY, PDF_LEFT, WIDE * 0.7, TIGHT }, right = { "8", PDF_GREY, PDF_RIGHT, 120, TIGHT },
             head = { "Semi-Bold 9", PDF_NAVY, PDF_LEFT, WIDE - 250, TIGHT }, number = { "Bold 13", PDF_INK, PDF_RIGHT, 160, TIGHT };
    Str of = text_fmt(&work, s->l, "paper.print.page", ARG_N("n", (int64_t)page), ARG_N("m", (int64_t)s->sheets.len));
    Str version = text_fmt(&work, s->l, "paper.print.version", ARG_S("form", p->form_id), ARG_S("version", p->version));
    double foot = PDF_A4_HIGH - BOTTOM + 12, qr = 22 * PDF_MM;
    pdf_text(s->pdf, LEFT, 14 * PDF_MM, s->job->agency, &head, 2);
    pdf_line(s->pdf, PDF_GREY, LEFT, foot - 5, LEFT + WIDE, foot - 5, 0.5);
    pdf_text(s->pdf, LEFT, foot, version, &small, 1);
    pdf_text(s->pdf, PDF_A4_WIDE - RIGHT - 120, foot, of, &right, 1);
    if (!serial.len)
        return OK;
    PdfStyle label = { "8", PDF_GREY, PDF_RIGHT, 160, TIGHT };
    pdf_text(s->pdf, PDF_A4_WIDE - RIGHT - qr - 166, 14 * PDF_MM, text_of(s->l, "paper.print.serial"), &label, 1);
    pdf_text(s->pdf, PDF_A4_WIDE - RIGHT - qr - 166, 14 * PDF_MM + 11, serial, &number, 1);
    Str code = arena_fmt(&work, "TD %.*s %.*s %.*s %zu/%zu", STR_ARG(p->form_id), STR_ARG(p->version), STR_ARG(serial), page, s->sheets.len);
    return pdf_qr(s->pdf, &work, code, PDF_A4_WIDE - RIGHT - qr, 8 * PDF_MM, qr);
}

static Err draw(Pdf *pdf, void *x)
{
    Press *s = x;
    s->pdf   = pdf;
    draw_sheets(s);
    int64_t copies = s->job->count ? s->job->count : 1;
    for (int64_t i = 0; i < copies; i++) {
        Arena work   = *s->a;
        Str   serial = s->job->count ? serial_text(&work, s->job->first + i) : S("");
        for (size_t page = 0; page < s->sheets.len; page++) {
            if (i || page)
                pdf_next_page(pdf);
            pdf_piece(pdf, s->sheets.at[page], 0, 0);
            TRY(sheet_marks(s, work, serial, page + 1));
        }
    }
    return OK;
}

Err paper_print(Arena *a, const PaperPrint *print, Str *out, int *out_pages)
{
    Press s = { .a = a, .job = print, .map = paper_map(a, print->p), .l = print->lang };
    if (print->count > PRINT_MOST)
        return err_fmt(a, ERR_INVALID, "at most %d copies at once", PRINT_MOST);
    if (print->rows < 0 || print->rows > ROWS_MOST)
        return err_fmt(a, ERR_INVALID, "a table has 1 to %d rows", ROWS_MOST);
    if (print->count < 0 || (print->count && print->first < 1) || print->first + print->count - 1 > SERIAL_MOST)
        return err_fmt(a, ERR_INVALID, "serial numbers run from 1 to %d", SERIAL_MOST);
    Str title = print->p->title[s.l].len ? print->p->title[s.l] : print->p->title[LANG_VI];
    TRY(pdf_make(a, title, PRINT_BYTES, draw, &s, out));
    *out_pages = (int)s.sheets.len;
    return OK;
}

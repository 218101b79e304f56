/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reports as PDF: A4 by Decree 30/2020/NĐ-CP, tagged, with outline; words and figures are links. */
#include "report/parts.h"

#include <math.h>

enum { PDF_MOST = 64 << 20, TABLE_WIDE_COLUMNS = 7 };
static const double TOP = 20 * PDF_MM, LEFT = 30 * PDF_MM, EDGES_WIDE = 45 * PDF_MM, EDGE_LOW = 20 * PDF_MM, INDENT = 12.7 * PDF_MM;
static const double GAP = 6, CELL_PAD = 2.5, HEAD_ROOM = 80;      /* HEAD_ROOM: a page keeps for headings above the largest chart */
static const PdfColour BLACK = { 0, 0, 0 }, RULE = { 0.55, 0.58, 0.62 };

/* wide, bottom: of the text on this page; wide tables lie on pages turned over. */
typedef struct Sheet { Pdf *p; Arena *a; const Report *r; double y, wide, bottom; bool turned; int tables, charts; } Sheet;

static PdfStyle style(const char *font, PdfAlign align, double width)
{
    return (PdfStyle){ .font = font, .colour = BLACK, .align = align, .width = width, .serif = true, .spacing = 1.1 };
}

/* ---- Pages ---------------------------------------------------------------------------------------------------------------- */

static void page_size(Sheet *s, bool turned)
{
    double wide = turned ? PDF_A4_HIGH : PDF_A4_WIDE, high = turned ? PDF_A4_WIDE : PDF_A4_HIGH;
    pdf_page_size(s->p, wide, high);
    s->turned = turned;
    s->wide   = wide - EDGES_WIDE;
    s->bottom = high - EDGE_LOW;
    s->y      = TOP;
}

static void page_turn(Sheet *s, bool turned)
{
    pdf_next_page(s->p);
    page_size(s, turned);
    PdfStyle number = style("13", PDF_CENTRE, s->wide);
    pdf_text(s->p, LEFT, 10 * PDF_MM, arena_fmt(s->a, "%d", pdf_page_number(s->p)), &number, 0);
}

static void page_next(Sheet *s)
{
    page_turn(s, s->turned);
}

/* Pages upright again, where the part before lay on turned ones. */
static void upright(Sheet *s)
{
    if (s->turned)
        page_turn(s, false);
}

static void need(Sheet *s, double high)
{
    if (s->y + high > s->bottom && s->y > TOP)
        page_next(s);
}

/* ---- Words ---------------------------------------------------------------------------------------------------------------- */

/* A paragraph that goes on over pages: at least two lines on each side. */
static void words(Sheet *s, const char *tag, const ReportRuns *runs, const PdfStyle *look, double x)
{
    PdfPara *t     = pdf_para(s->p, s->a, runs->at, runs->len, look);
    size_t   lines = pdf_para_lines(t), from = 0;
    need(s, pdf_para_high(t, 0, lines < 4 ? lines : 2));
    while (from < lines) {
        pdf_tag(s->p, tag);
        s->y += pdf_para_draw(s->p, s->a, t, x, s->y, s->bottom - s->y, &from);
        pdf_tag_end(s->p, tag);
        if (from < lines)
            page_next(s);
    }
    s->y += GAP;
}

static void line_of(Sheet *s, Str text, const PdfStyle *look, const char *tag)
{
    if (!text.len)
        return;
    ReportRun  run  = { .text = text };
    ReportRun *kept = arena_new(s->a, ReportRun, 1);
    *kept = run;
    words(s, tag, &(ReportRuns){ kept, 1, 1 }, look, LEFT);
}

/* What must stand on the same page as a heading before it. */
static double least_high(Sheet *s, const ReportPart *p)
{
    double wide, high;
    if (p == s->r->parts.at + s->r->parts.len)
        return 0;
    if (p->kind == PART_HEADING)
        return 40 + least_high(s, p + 1);
    if (p->kind == PART_CHART && !pdf_drawing_size(s->a, chart_svg(s->a, s->r->lang, p->chart), &wide, &high))
        return fmin(high * s->wide / wide + 110, s->bottom - TOP - HEAD_ROOM);
    return p->kind == PART_TABLE || p->kind == PART_FACTS ? 120 : 60;
}

static void heading(Sheet *s, const ReportPart *p)
{
    PdfStyle look = style(p->level == 1 ? "Bold 14" : "Bold Italic 14", PDF_LEFT, s->wide);
    Str      text = runs_text(s->a, &p->runs);
    bool     turned = s->turned && p[1].kind == PART_TABLE && p[1].table->columns.len > TABLE_WIDE_COLUMNS;
    if (!turned)
        upright(s);
    need(s, pdf_text_high(s->p, text, &look, 0) + least_high(s, p + 1));
    s->y += GAP;
    pdf_outline(s->p, s->a, text, p->level - 1, s->y - GAP);
    words(s, p->level == 1 ? "H2" : "H3", &p->runs, &look, LEFT);
}

static void title(Sheet *s, const ReportPart *p)
{
    PdfStyle name = style("Bold 16", PDF_CENTRE, s->wide), about = style("Bold 14", PDF_CENTRE, s->wide);
    s->y += 2 * GAP;
    for (size_t i = 0; i < p->runs.len; i++) {
        s->y -= i ? GAP : 0;
        words(s, i ? "P" : "H1", &(ReportRuns){ &p->runs.at[i], 1, 1 }, i ? &about : &name, LEFT);
    }
    pdf_line(s->p, BLACK, LEFT + s->wide * 0.36, s->y, LEFT + s->wide * 0.64, s->y, 0.8);
    s->y += 2 * GAP;
}

static void text(Sheet *s, const ReportPart *p)
{
    PdfStyle look = style("14", PDF_LEFT, s->wide);
    look.justify = true;
    look.indent  = INDENT;
    words(s, "P", &p->runs, &look, LEFT);
}

static void item(Sheet *s, const ReportPart *p)
{
    PdfStyle look = style("12", PDF_LEFT, s->wide - 14), dash = style("12", PDF_LEFT, 0);
    PdfPara *t    = pdf_para(s->p, s->a, p->runs.at, p->runs.len, &look);
    need(s, pdf_para_high(t, 0, pdf_para_lines(t)));
    pdf_tag(s->p, "P");
    pdf_text(s->p, LEFT, s->y, S("–"), &dash, 0);
    size_t from = 0;
    s->y += pdf_para_draw(s->p, s->a, t, LEFT + 14, s->y, s->bottom - s->y, &from) + 3;
    pdf_tag_end(s->p, "P");
}

static void note(Sheet *s, const ReportPart *p)
{
    PdfStyle look = style("Italic 11", PDF_LEFT, s->wide);
    words(s, "P", &p->runs, &look, LEFT);
}

/* ---- Head and signature -------------------------------------------------------------------------------------------------------- */

/* Centred text with a line below it, so many parts of the text's width long; returns where the next line begins. */
static double centred(Sheet *s, double x, double wide, double y, Str words_, const char *font, double rule)
{
    PdfStyle look = style(font, PDF_CENTRE, wide);
    if (!words_.len)
        return y;
    double high = pdf_text(s->p, x, y, words_, &look, 0), long_ = pdf_text_wide(s->p, words_, &look) * rule;
    if (rule > 0)
        pdf_line(s->p, BLACK, x + (wide - long_) / 2, y + high + 1.5, x + (wide + long_) / 2, y + high + 1.5, 0.8);
    return y + high + (rule > 0 ? 6 : 0);
}

static void head(Sheet *s, const ReportHead *h)
{
    HeadLines l    = head_lines(s->a, s->r->lang, h);
    double    wide = s->wide * 0.42, right = LEFT + s->wide * 0.43, room = s->wide * 0.57 + 8, y = s->y, z = s->y;
    pdf_tag(s->p, "P");
    y = centred(s, LEFT, wide, y, l.superior, "13", 0);
    y = centred(s, LEFT, wide, y, l.agency, "Bold 13", 0.4);
    z = centred(s, right, room, z, l.nation, "Bold 12.5", 0);
    z = centred(s, right, room, z, l.motto, "Bold 14", 1);
    y = fmax(y, z) + 4;
    z = y;
    y = centred(s, LEFT, wide, y, l.number, "13", 0);
    z = centred(s, right, room, z, l.place, "Italic 14", 0);
    pdf_tag_end(s->p, "P");
    s->y = fmax(y, z) + GAP;
}

static void sign(Sheet *s, const ReportSign *x)
{
    PdfStyle list = style("11", PDF_LEFT, s->wide * 0.5), title_ = style("Bold Italic 12", PDF_LEFT, s->wide * 0.5);
    double   high = 40 + 14.0 * (double)(x->to.len + 2);
    need(s, fmax(high, 150));
    s->y += 2 * GAP;
    double y = s->y, right = LEFT + s->wide * 0.5;
    pdf_tag(s->p, "P");
    y += pdf_text(s->p, LEFT, y, text_of(s->r->lang, "report.sign.to"), &title_, 0);
    for (size_t i = 0; i < x->to.len; i++)
        y += pdf_text(s->p, LEFT, y, str_concat(s->a, S("- "), x->to.at[i]), &list, 0);
    y += pdf_text(s->p, LEFT, y, str_concat(s->a, S("- "), text_of(s->r->lang, "report.sign.keep")), &list, 0);
    double z = centred(s, right, s->wide * 0.5, s->y, x->office, "Bold 14", 0);
    z = centred(s, right, s->wide * 0.5, z + 70, x->name, "Bold 14", 0);
    pdf_tag_end(s->p, "P");
    s->y = fmax(y, z) + GAP;
}

/* ---- Headline figures ----------------------------------------------------------------------------------------------------------- */

static void fact(Sheet *s, const ReportFact *f, double x, double wide, double *out_high)
{
    PdfStyle value = style("Bold 22", PDF_LEFT, wide), name = style("Bold 11", PDF_LEFT, wide), small = style("10", PDF_LEFT, wide);
    value.colour = PDF_NAVY;
    double y = s->y;
    pdf_tag(s->p, "P");
    double big = pdf_text(s->p, x, y, f->value, &value, 0);
    pdf_link(s->p, s->a, f->href, x, y, wide, big);
    y += big;
    y += pdf_text(s->p, x, y, f->name, &name, 0);
    y += pdf_text(s->p, x, y, f->note, &small, 0);
    pdf_tag_end(s->p, "P");
    *out_high = fmax(*out_high, y - s->y);
}

static void facts(Sheet *s, const ReportPart *p)
{
    for (size_t i = 0; i < p->facts.len; i += 3) {
        size_t n    = p->facts.len - i < 3 ? p->facts.len - i : 3;
        double wide = s->wide / (double)n, high = 0;
        need(s, 90);
        for (size_t k = 0; k < n; k++)
            fact(s, &p->facts.at[i + k], LEFT + wide * (double)k + (k ? 10 : 0), wide - 14, &high);
        for (size_t k = 1; k < n; k++)
            pdf_line(s->p, RULE, LEFT + wide * (double)k, s->y, LEFT + wide * (double)k, s->y + high, 0.5);
        s->y += high + 2 * GAP;
    }
}

/* ---- Tables ------------------------------------------------------------------------------------------------------------------------ */

typedef struct Grid { const ReportTable *t; const char *font, *bold; double at[33]; } Grid;

static Grid grid_of(const Sheet *s, const ReportTable *t)
{
    bool   small = t->columns.len > TABLE_WIDE_COLUMNS;
    Grid   g     = { .t = t, .font = small ? "10" : "11", .bold = small ? "Bold 10" : "Bold 11" };
    double sum   = 0, x = LEFT;
    for (size_t i = 0; i < t->columns.len; i++)
        sum += t->columns.at[i].width;
    for (size_t i = 0; i < t->columns.len && i + 1 < COUNT_OF(g.at); i++) {
        g.at[i] = x;
        x += s->wide * t->columns.at[i].width / sum;
        g.at[i + 1] = x;
    }
    return g;
}

static PdfStyle cell_style(const Grid *g, size_t column, bool bold, bool middle)
{
    bool left = g->t->columns.at[column].kind == CELL_TEXT && !middle;
    return style(bold ? g->bold : g->font, left ? PDF_LEFT : middle ? PDF_CENTRE : PDF_RIGHT, g->at[column + 1] - g->at[column] - 2 * CELL_PAD);
}

static Str head_words(Arena *a, const ReportColumn *c)
{
    return c->unit.len ? arena_fmt(a, "%.*s, %.*s", STR_ARG(c->label), STR_ARG(c->unit)) : c->label;
}

static double row_high(Sheet *s, const Grid *g, const ReportRow *row)
{
    double high = 0;
    for (size_t i = 0; i < g->t->columns.len; i++) {
        PdfStyle look = cell_style(g, i, !row || row->strong, !row);
        Str      text_ = row ? cell_words(s->a, s->r->lang, &row->at[i]) : head_words(s->a, &g->t->columns.at[i]);
        high = fmax(high, pdf_text_high(s->p, text_, &look, 0));
    }
    return high + 2 * CELL_PAD;
}

/* row NULL: the head. */
static void row_draw(Sheet *s, const Grid *g, const ReportRow *row)
{
    double high = row_high(s, g, row);
    if (!row)
        pdf_fill(s->p, PDF_PALE, LEFT, s->y, s->wide, high);
    pdf_tag(s->p, "TR");
    for (size_t i = 0; i < g->t->columns.len; i++) {
        PdfStyle    look = cell_style(g, i, !row || row->strong, !row);
        Str         text_ = row ? cell_words(s->a, s->r->lang, &row->at[i]) : head_words(s->a, &g->t->columns.at[i]);
        const char *tag = row ? "TD" : "TH";
        pdf_tag(s->p, tag);
        pdf_text(s->p, g->at[i] + CELL_PAD, s->y + CELL_PAD, text_, &look, 0);
        if (row)
            pdf_link(s->p, s->a, row->at[i].href, g->at[i], s->y, g->at[i + 1] - g->at[i], high);
        pdf_tag_end(s->p, tag);
    }
    pdf_tag_end(s->p, "TR");
    for (size_t i = 0; i <= g->t->columns.len; i++)
        pdf_line(s->p, RULE, g->at[i], s->y, g->at[i], s->y + high, 0.5);
    pdf_line(s->p, RULE, LEFT, s->y, LEFT + s->wide, s->y, 0.5);
    pdf_line(s->p, RULE, LEFT, s->y + high, LEFT + s->wide, s->y + high, 0.5);
    s->y += high;
}

static void table(Sheet *s, const ReportTable *t)
{
    bool     turned  = t->columns.len > TABLE_WIDE_COLUMNS;
    if (turned != s->turned)
        page_turn(s, turned);
    Grid     g       = grid_of(s, t);
    PdfStyle caption = style("Bold 12", PDF_LEFT, s->wide), source = style("Italic 10", PDF_LEFT, s->wide);
    Str      name    = text_fmt(s->a, s->r->lang, "report.table.number", ARG_N("n", ++s->tables), ARG_S("text", t->caption));
    double   head_high = row_high(s, &g, NULL);
    need(s, pdf_text_high(s->p, name, &caption, 0) + head_high + 60);
    line_of(s, name, &caption, "P");
    s->y -= GAP / 2;
    pdf_tag(s->p, "Table");
    row_draw(s, &g, NULL);
    for (size_t i = 0; i < t->rows.len; i++) {
        if (s->y + row_high(s, &g, &t->rows.at[i]) > s->bottom) {
            page_next(s);
            row_draw(s, &g, NULL);
        }
        row_draw(s, &g, &t->rows.at[i]);
    }
    pdf_tag_end(s->p, "Table");
    s->y += 2;
    line_of(s, t->note, &source, "P");
    s->y += GAP;
}

/* ---- Charts ------------------------------------------------------------------------------------------------------------------------- */

static Err chart(Sheet *s, const ReportChart *c)
{
    const ChartHead *h = chart_head(c);
    PdfStyle caption = style("Bold 12", PDF_LEFT, s->wide), finding = style("Italic 12", PDF_LEFT, s->wide), source = style("Italic 10", PDF_LEFT, s->wide);
    Str      name = text_fmt(s->a, s->r->lang, "report.chart.number", ARG_N("n", ++s->charts), ARG_S("text", h->title)), svg = chart_svg(s->a, s->r->lang, c);
    double   own_wide, own_high, high;
    upright(s);
    TRY(pdf_drawing_size(s->a, svg, &own_wide, &own_high));
    double around = pdf_text_high(s->p, name, &caption, 0) + pdf_text_high(s->p, h->finding, &finding, 0) + pdf_text_high(s->p, h->unit_note, &source, 0) + 30;
    double wide   = fmin(fmin(s->wide, own_wide * 0.66), (s->bottom - TOP - around - HEAD_ROOM) * own_wide / own_high);
    double room   = (s->bottom - s->y - around - 20) * own_wide / own_high;
    if (c->kind == CHART_TILES && room < wide && room > 0.6 * wide)      /* the letters of the map stay large enough */
        wide = room;
    need(s, around + own_high * wide / own_wide);
    line_of(s, name, &caption, "P");
    line_of(s, h->finding, &finding, "P");
    pdf_tag(s->p, "Figure");
    TRY(pdf_drawing(s->p, s->a, svg, LEFT + (s->wide - wide) / 2, s->y, wide, &high));
    pdf_tag_end(s->p, "Figure");
    s->y += high + 4;
    line_of(s, h->unit_note, &source, "P");
    s->y += GAP;
    return OK;
}

/* ---- The document ---------------------------------------------------------------------------------------------------------------------- */

static Err part(Sheet *s, const ReportPart *p)
{
    if (s->turned && p->kind != PART_TABLE && p->kind != PART_HEADING)
        upright(s);
    if (p->kind == PART_PAGE)
        page_turn(s, p[1].kind == PART_HEADING && p[2].kind == PART_TABLE && p[2].table->columns.len > TABLE_WIDE_COLUMNS);
    switch (p->kind) {
    case PART_HEAD: head(s, p->head); break;
    case PART_TITLE: title(s, p); break;
    case PART_HEADING: heading(s, p); break;
    case PART_TEXT: text(s, p); break;
    case PART_ITEM: item(s, p); break;
    case PART_FACTS: facts(s, p); break;
    case PART_TABLE: table(s, p->table); break;
    case PART_CHART: return chart(s, p->chart);
    case PART_NOTE: note(s, p); break;
    case PART_SIGN: sign(s, p->sign); break;
    case PART_PAGE: break;
    }
    return OK;
}

static Err draw(Pdf *p, void *x)
{
    Sheet *s = x;
    bool   signed_ = false;
    s->p = p;
    page_size(s, false);
    pdf_describe(p, s->a, s->r->agency.len ? s->r->agency : S("thuocdo"), s->r->subject, s->r->made_at);
    pdf_tag(p, "Document");
    for (size_t i = 0; i < s->r->parts.len; i++) {
        signed_ |= s->r->parts.at[i].kind == PART_SIGN;
        TRY(part(s, &s->r->parts.at[i]));
    }
    upright(s);
    PdfStyle small = style("Italic 10", PDF_LEFT, s->wide);
    if (!signed_)
        line_of(s, text_of(s->r->lang, "report.unsigned"), &small, "P");
    pdf_tag_end(p, "Document");
    return OK;
}

Err report_pdf(Arena *a, const Report *r, Str *out)
{
    Sheet s = { .a = a, .r = r };
    return pdf_make(a, r->title, PDF_MOST, draw, &s, out);
}

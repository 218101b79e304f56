/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Documents and pictures from begin to end, pieces, and text. */
#include "pdf/parts.h"

#include <assert.h>
#include <stdlib.h>

const PdfColour PDF_INK = { 0x16 / 255.0, 0x20 / 255.0, 0x2B / 255.0 }, PDF_NAVY = { 0x12 / 255.0, 0x3B / 255.0, 0x66 / 255.0 },
                PDF_RED = { 0xA4 / 255.0, 0x16 / 255.0, 0x1A / 255.0 }, PDF_GREY = { 0x4A / 255.0, 0x57 / 255.0, 0x64 / 255.0 },
                PDF_PALE = { 0xF0 / 255.0, 0xF1 / 255.0, 0xF3 / 255.0 }, PDF_WHITE = { 1, 1, 1 };

/* ---- A file from begin to end ------------------------------------------------------------------------------- */

static cairo_status_t keep_bytes(void *self, const unsigned char *data, unsigned int n)
{
    Pdf *p = self;
    if (n > p->most - p->len)
        return CAIRO_STATUS_WRITE_ERROR;
    if (n > p->cap - p->len) {
        size_t cap = p->cap * 2 > p->len + n ? p->cap * 2 : p->len + n;
        char  *at  = realloc(p->at, cap);
        if (!at)
            return CAIRO_STATUS_NO_MEMORY;
        p->at  = at;
        p->cap = cap;
    }
    memcpy(p->at + p->len, data, n);
    p->len += n;
    return CAIRO_STATUS_SUCCESS;
}

typedef struct Guarded { Pdf *p; PdfDraw draw; void *x; } Guarded;

static Err draw_guarded(void *self)
{
    Guarded *g = self;
    return g->draw(g->p, g->x);
}

static void pieces_free(Pdf *p)
{
    while (p->paras) {
        PdfPara *next = p->paras->next;
        g_object_unref(p->paras->layout);
        free(p->paras);
        p->paras = next;
    }
    if (p->page)
        cairo_destroy(p->page);
    while (p->pieces) {
        PdfPiece *next = p->pieces->next;
        cairo_surface_destroy(p->pieces->surface);
        free(p->pieces);
        p->pieces = next;
    }
}

/* Ends the file whatever happened, and hands its bytes over when all went well. */
static Err finish(Pdf *p, Arena *a, bool png, Err drawn, Str *out)
{
    cairo_status_t status = cairo_status(p->cr);
    cairo_destroy(p->cr);
    pieces_free(p);
    if (png && !drawn)
        status = cairo_surface_write_to_png_stream(p->surface, keep_bytes, p);
    cairo_surface_finish(p->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(p->surface);
    cairo_surface_destroy(p->surface);
    if (!drawn && status == CAIRO_STATUS_WRITE_ERROR)
        drawn = err_fmt(a, ERR_LIMIT, "the file is larger than %zu bytes", p->most);
    else if (!drawn && status != CAIRO_STATUS_SUCCESS)
        drawn = err_new(a, ERR_INTERNAL, str_from_c(cairo_status_to_string(status)));
    return drawn;
}

typedef struct Copy { Arena *a; const Pdf *p; Str *out; } Copy;

static Err copy_guarded(void *self)
{
    Copy *c = self;
    *c->out = arena_str(c->a, (Str){ c->p->at, c->p->len });
    return OK;
}

static Err make(Pdf *p, Arena *a, bool png, PdfDraw draw, void *x, Str *out)
{
    Guarded g = { p, draw, x };
    Str     bytes;
    p->cr = cairo_create(p->surface);
    Err e = finish(p, a, png, arena_guarded(a, draw_guarded, &g), &bytes);
    if (!e)
        e = arena_guarded(a, copy_guarded, &(Copy){ a, p, &bytes });
    free(p->at);
    if (!e)
        *out = bytes;
    return e;
}

Err pdf_make(Arena *a, Str title, size_t most, PdfDraw draw, void *x, Str *out)
{
    Pdf p = { .most = most, .number = 1 };
    p.surface = cairo_pdf_surface_create_for_stream(keep_bytes, &p, PDF_A4_WIDE, PDF_A4_HIGH);
    cairo_pdf_surface_set_metadata(p.surface, CAIRO_PDF_METADATA_TITLE, arena_c(a, title));
    cairo_pdf_surface_set_metadata(p.surface, CAIRO_PDF_METADATA_CREATOR, "thuocdo");
    return make(&p, a, false, draw, x, out);
}

Err png_make(Arena *a, int wide, int high, PdfDraw draw, void *x, Str *out)
{
    Pdf p = { .most = (size_t)wide * (size_t)high * 4 + 65536, .picture = true, .surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, wide, high) };
    return make(&p, a, true, draw, x, out);
}

void pdf_next_page(Pdf *p)
{
    cairo_show_page(p->cr);
    p->number++;
}

void pdf_page_size(Pdf *p, double wide, double high)
{
    if (!p->picture)
        cairo_pdf_surface_set_size(p->surface, wide, high);
}

int pdf_page_number(const Pdf *p)
{
    return p->number;
}

/* ---- Pieces ---------------------------------------------------------------------------------------------------- */

void pdf_piece_begin(Pdf *p, double wide, double high)
{
    PdfPiece *piece = calloc(1, sizeof *piece);
    assert(piece && !p->page);
    /* A line on the edge lies half outside. */
    piece->surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &(cairo_rectangle_t){ -1, -1, wide + 2, high + 2 });
    piece->next    = p->pieces;
    p->pieces      = piece;
    p->page        = p->cr;
    p->cr          = cairo_create(piece->surface);
}

const PdfPiece *pdf_piece_end(Pdf *p)
{
    cairo_destroy(p->cr);
    p->cr   = p->page;
    p->page = NULL;
    return p->pieces;
}

void pdf_piece(Pdf *p, const PdfPiece *piece, double x, double y)
{
    cairo_set_source_surface(p->cr, piece->surface, x, y);
    cairo_paint(p->cr);
}

/* ---- Text ------------------------------------------------------------------------------------------------------- */

#define FAMILY "Noto Sans, Liberation Sans "
#define SERIF  "Tinos, Noto Serif "

PangoFontDescription *pdf_font(const PdfStyle *s)
{
    char   font[64] = FAMILY;
    size_t at = sizeof FAMILY - 1, n = strlen(s->font);
    if (s->serif) {
        memcpy(font, SERIF, sizeof SERIF);
        at = sizeof SERIF - 1;
    }
    assert(at + n < sizeof font);
    memcpy(font + at, s->font, n + 1);
    return pango_font_description_from_string(font);
}

/* At most so many lines. What is left out ends behind a whole word: pango alone would write "Nguyễn Thượn…". */
static void lines_limit(PangoLayout *layout, Str text, int most)
{
    const PangoLayoutLine *last = pango_layout_get_line_readonly(layout, most - 1);
    size_t end = last ? (size_t)(last->start_index + last->length) : 0, begin = last ? (size_t)last->start_index : 0;
    pango_layout_set_height(layout, -most);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    while (pango_layout_is_ellipsized(layout)) {
        while (end > begin && text.at[end - 1] != ' ')
            end--;
        while (end > begin && text.at[end - 1] == ' ')
            end--;
        if (end == begin) {                                       /* one word fills the line */
            pango_layout_set_text(layout, text.at, (int)text.len);
            return;
        }
        char *cut = g_strdup_printf("%.*s…", (int)end, text.at);
        pango_layout_set_text(layout, cut, -1);
        g_free(cut);
    }
}

static PangoLayout *layout_new(Pdf *p, Str text, const PdfStyle *s, int most)
{
    static const PangoAlignment align[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT };
    PangoLayout          *layout = pango_cairo_create_layout(p->cr);
    PangoFontDescription *d      = pdf_font(s);
    pango_layout_set_font_description(layout, d);
    pango_font_description_free(d);
    if (s->width > 0)
        pango_layout_set_width(layout, (int)(s->width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, align[s->align]);
    pango_layout_set_line_spacing(layout, s->spacing > 0 ? (float)s->spacing : 1.15f);
    pango_layout_set_text(layout, text.at, (int)text.len);
    if (most)
        lines_limit(layout, text, most);
    return layout;
}

static double text_done(PangoLayout *layout, bool wide)
{
    int w, h;
    pango_layout_get_size(layout, &w, &h);
    g_object_unref(layout);
    return (double)(wide ? w : h) / PANGO_SCALE;
}

double pdf_text(Pdf *p, double x, double y, Str text, const PdfStyle *s, int most)
{
    if (!text.len)
        return 0;
    PangoLayout *layout = layout_new(p, text, s, most);
    cairo_set_source_rgb(p->cr, s->colour.r, s->colour.g, s->colour.b);
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, layout);
    return text_done(layout, false);
}

double pdf_text_high(Pdf *p, Str text, const PdfStyle *s, int most)
{
    return text.len ? text_done(layout_new(p, text, s, most), false) : 0;
}

double pdf_text_wide(Pdf *p, Str text, const PdfStyle *s)
{
    return text.len ? text_done(layout_new(p, text, s, 0), true) : 0;
}

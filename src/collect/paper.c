/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Poster, sheets of codes and share card. Lengths of PDF pages are points (A4 is 595 x 842), those of the card pixels. */
#include "collect/paper.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

typedef struct Paper { cairo_surface_t *surface; cairo_t *cr; Buf bytes; } Paper;
typedef struct Style { const char *font; double rgb[3]; PangoAlignment align; double width; } Style;

static const double ink[] = { 0x16 / 255.0, 0x20 / 255.0, 0x2B / 255.0 }, navy[] = { 0x12 / 255.0, 0x3B / 255.0, 0x66 / 255.0 },
                    red[] = { 0xA4 / 255.0, 0x16 / 255.0, 0x1A / 255.0 }, grey[] = { 0x4A / 255.0, 0x57 / 255.0, 0x64 / 255.0 };

static cairo_status_t keep_bytes(void *self, const unsigned char *data, unsigned int n)
{
    buf_add(self, (Str){ (const char *)data, n });
    return CAIRO_STATUS_SUCCESS;
}

static void paper_pdf(Paper *p, Arena *a, size_t room, Str title)
{
    p->bytes   = buf_new(a, room);
    p->surface = cairo_pdf_surface_create_for_stream(keep_bytes, &p->bytes, 595.276, 841.89);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, arena_c(a, title));
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "thuocdo");
    p->cr = cairo_create(p->surface);
}

static Err paper_done(Paper *p, Arena *a, Str *out)
{
    cairo_destroy(p->cr);
    cairo_surface_finish(p->surface);
    cairo_status_t status = cairo_surface_status(p->surface);
    cairo_surface_destroy(p->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return err_new(a, ERR_INTERNAL, str_from_c(cairo_status_to_string(status)));
    *out = buf_str(&p->bytes);
    return OK;
}

static void colour(cairo_t *cr, const double rgb[3])
{
    cairo_set_source_rgb(cr, rgb[0], rgb[1], rgb[2]);
}

static PangoLayout *layout_new(cairo_t *cr, const Style *s)
{
    PangoLayout          *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font   = pango_font_description_from_string(s->font);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(s->width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, s->align);
    pango_layout_set_line_spacing(layout, 1.15f);
    return layout;
}

/* Text wrapped at words to the style's width; returns its height. most: lines, the rest ends in "…"; 0: all. */
static double write_text(Paper *p, double x, double y, Str text, const Style *s, int most)
{
    if (!text.len)
        return 0;
    int          height;
    PangoLayout *layout = layout_new(p->cr, s);
    pango_layout_set_text(layout, text.at, (int)text.len);
    if (most) {
        pango_layout_set_height(layout, -most);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    colour(p->cr, s->rgb);
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, layout);
    pango_layout_get_pixel_size(layout, NULL, &height);
    g_object_unref(layout);
    return height;
}

/* One bit a module: the smallest a PDF can hold. Rows of an A1 surface are padded to 32 bits, first module lowest. */
static cairo_surface_t *qr_bits(const QRcode *qr)
{
    cairo_surface_t *bits = cairo_image_surface_create(CAIRO_FORMAT_A1, qr->width, qr->width);
    unsigned char   *at   = cairo_image_surface_get_data(bits);
    int              row_bytes = cairo_image_surface_get_stride(bits);
    for (int row = 0; row < qr->width; row++)
        for (int i = 0; i < qr->width; i++)
            if (qr->data[row * qr->width + i] & 1)
                at[row * row_bytes + i / 8] |= (unsigned char)(1 << (i % 8));
    cairo_surface_mark_dirty(bits);
    return bits;
}

/* A quiet zone of four modules is part of the square; the paper under it is white. */
static Err draw_qr(Paper *p, Arena *a, Str text, double x, double y, double size)
{
    QRcode *qr = QRcode_encodeString8bit(arena_c(a, text), 0, QR_ECLEVEL_M);
    if (!qr)
        return err_new(a, ERR_INTERNAL, S("the address does not fit a QR code"));
    cairo_surface_t *bits    = qr_bits(qr);
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(bits);
    double           module  = size / (qr->width + 8);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
    cairo_save(p->cr);
    cairo_translate(p->cr, x + 4 * module, y + 4 * module);
    cairo_scale(p->cr, module, module);
    colour(p->cr, ink);
    cairo_mask(p->cr, pattern);
    cairo_restore(p->cr);
    cairo_pattern_destroy(pattern);
    cairo_surface_destroy(bits);
    QRcode_free(qr);
    return OK;
}

static void rule(Paper *p, const double rgb[3], double x, double y, double width, double height)
{
    colour(p->cr, rgb);
    cairo_rectangle(p->cr, x, y, width, height);
    cairo_fill(p->cr);
}

/* ---- Poster ------------------------------------------------------------------------------------------- */
Err poster_pdf(Arena *a, const PosterText *t, Str qr_address, Str *out)
{
    Paper  p;
    double left = 56, wide = 595.276 - 2 * left, y = 54, qr = 270;
    Style  agency = { "Noto Sans, Liberation Sans 600 15", { navy[0], navy[1], navy[2] }, PANGO_ALIGN_CENTER, wide };
    Style  title  = { "Noto Sans, Liberation Sans Bold 30", { ink[0], ink[1], ink[2] }, PANGO_ALIGN_CENTER, wide };
    Style  body   = { "Noto Sans, Liberation Sans 15", { ink[0], ink[1], ink[2] }, PANGO_ALIGN_CENTER, wide };
    Style  call   = { "Noto Sans, Liberation Sans Bold 20", { navy[0], navy[1], navy[2] }, PANGO_ALIGN_CENTER, wide };
    Style  small  = { "Noto Sans, Liberation Sans 12", { grey[0], grey[1], grey[2] }, PANGO_ALIGN_CENTER, wide };
    paper_pdf(&p, a, 256 << 10, t->title);
    y += write_text(&p, left, y, t->agency, &agency, 2) + 12;
    rule(&p, red, left, y, wide, 4);
    y += 26;
    y += write_text(&p, left, y, t->title, &title, 4) + 12;
    y += write_text(&p, left, y, t->intro, &body, 4) + 18;
    y += write_text(&p, left, y, t->call, &call, 2) + 4;
    Err e = draw_qr(&p, a, qr_address, (595.276 - qr) / 2, y, qr);
    y += qr + 4;
    y += write_text(&p, left, y, t->address, &call, 2) + 14;
    y += write_text(&p, left, y, t->length, &body, 2) + 2;
    y += write_text(&p, left, y, t->dates, &body, 2) + 2;
    y += write_text(&p, left, y, t->phone, &body, 2) + 12;
    write_text(&p, left, y > 770 ? y : 770, t->privacy, &small, 3);
    Err finished = paper_done(&p, a, out);
    return e ? e : finished;
}

/* ---- Codes ------------------------------------------------------------------------------------------------ */
enum { COLUMNS = 2, ROWS = 6 };

/* What every card of a batch has in common, recorded once and painted many times. */
typedef struct Card { cairo_surface_t *same; PangoLayout *word; double wide, high, qr, text_x, word_y; } Card;

static void card_open(Card *k, const SheetText *t, double wide, double high)
{
    *k = (Card){ .wide = wide, .high = high, .qr = high - 16, .text_x = high - 6 };
    double text  = wide - k->text_x - 8;
    Style  title = { "Noto Sans, Liberation Sans Bold 11px", { ink[0], ink[1], ink[2] }, PANGO_ALIGN_LEFT, text };
    Style  body  = { "Noto Sans, Liberation Sans 8px", { grey[0], grey[1], grey[2] }, PANGO_ALIGN_LEFT, text };
    Style  word  = { "Noto Sans, Liberation Sans Bold 15px", { navy[0], navy[1], navy[2] }, PANGO_ALIGN_LEFT, text };
    k->same = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &(cairo_rectangle_t){ -1, -1, wide + 2, high + 2 });
    Paper p = { .surface = k->same, .cr = cairo_create(k->same) };
    cairo_set_line_width(p.cr, 0.5);
    cairo_set_dash(p.cr, (double[]){ 3, 3 }, 2, 0);
    colour(p.cr, grey);
    cairo_rectangle(p.cr, 0, 0, wide, high);
    cairo_stroke(p.cr);
    double top = 10;
    top += write_text(&p, k->text_x, top, t->title, &title, 2) + 2;
    top += write_text(&p, k->text_x, top, t->agency, &body, 1) + 2;
    top += write_text(&p, k->text_x, top, t->how, &body, 3) + 3;
    top += write_text(&p, k->text_x, top, t->code_label, &body, 1);
    k->word_y = top;
    top += 24;
    top += write_text(&p, k->text_x, top, t->once, &body, 1);
    write_text(&p, k->text_x, top, t->valid, &body, 1);
    k->word = layout_new(p.cr, &word);
    cairo_destroy(p.cr);
}

static void card_close(Card *k)
{
    g_object_unref(k->word);
    cairo_surface_destroy(k->same);
}

static Err draw_card(Paper *p, Arena *a, Card *k, Str base, const NewCode *code, double x, double y)
{
    cairo_set_source_surface(p->cr, k->same, x, y);
    cairo_paint(p->cr);
    TRY(draw_qr(p, a, str_concat(a, base, code->long_code), x + 4, y + 8, k->qr));
    Str word = word_grouped(a, code->short_code);
    pango_layout_set_text(k->word, word.at, (int)word.len);
    colour(p->cr, navy);
    cairo_move_to(p->cr, x + k->text_x, y + k->word_y);
    pango_cairo_show_layout(p->cr, k->word);
    return OK;
}

Err codes_pdf(Arena *a, const SheetText *t, Str base, const NewCode *codes, size_t n, Str *out)
{
    Paper  p;
    Card   card;
    double margin = 28, wide = (595.276 - 2 * margin) / COLUMNS, high = (841.89 - 2 * margin) / ROWS;
    Err    e = OK;
    paper_pdf(&p, a, (96 << 10) + n * 1600, t->title);
    card_open(&card, t, wide, high);
    for (size_t i = 0; i < n && !e; i++) {
        size_t cell = i % (COLUMNS * ROWS);
        if (i && cell == 0)
            cairo_show_page(p.cr);
        e = draw_card(&p, a, &card, base, &codes[i], margin + (double)(cell % COLUMNS) * wide, margin + (double)(cell / COLUMNS) * high);
    }
    card_close(&card);
    Err finished = paper_done(&p, a, out);
    return e ? e : finished;
}

/* ---- Share card --------------------------------------------------------------------------------------------- */
static void card_mark(Paper *p, double x, double y, double size)
{
    double unit = size / 48;
    static const double ticks[] = { 4, 12, 20, 28, 36, 44 };
    colour(p->cr, navy);
    cairo_set_line_width(p->cr, 3 * unit);
    cairo_move_to(p->cr, x + 2.5 * unit, y + 27 * unit);
    cairo_line_to(p->cr, x + 45.5 * unit, y + 27 * unit);
    for (size_t i = 0; i < COUNT_OF(ticks); i++) {
        cairo_move_to(p->cr, x + ticks[i] * unit, y + 27 * unit);
        cairo_line_to(p->cr, x + ticks[i] * unit, y + (i == 0 || i + 1 == COUNT_OF(ticks) ? 43 : 35) * unit);
    }
    cairo_stroke(p->cr);
    colour(p->cr, red);
    cairo_move_to(p->cr, x + 13.5 * unit, y + 13 * unit);
    cairo_line_to(p->cr, x + 42.5 * unit, y + 13 * unit);
    cairo_stroke(p->cr);
    cairo_arc(p->cr, x + 28 * unit, y + 13 * unit, 6 * unit, 0, 6.2832);
    cairo_fill(p->cr);
}

Err card_png(Arena *a, const CardText *t, Str *out)
{
    Paper p = { .bytes = buf_new(a, 64 << 10), .surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1200, 630) };
    Style title  = { "Noto Sans, Liberation Sans Bold 54px", { ink[0], ink[1], ink[2] }, PANGO_ALIGN_LEFT, 1060 };
    Style agency = { "Noto Sans, Liberation Sans 32px", { navy[0], navy[1], navy[2] }, PANGO_ALIGN_LEFT, 940 };
    Style line   = { "Noto Sans, Liberation Sans 34px", { grey[0], grey[1], grey[2] }, PANGO_ALIGN_LEFT, 1060 };
    static const double white[] = { 1, 1, 1 };
    p.cr = cairo_create(p.surface);
    rule(&p, white, 0, 0, 1200, 630);
    card_mark(&p, 66, 46, 96);
    write_text(&p, 190, 72, t->agency, &agency, 1);
    rule(&p, red, 70, 166, 1060, 8);
    double y = 214;
    y += write_text(&p, 70, y, t->title, &title, 4) + 24;
    write_text(&p, 70, y > 520 ? y : 520, t->line, &line, 1);
    cairo_surface_flush(p.surface);
    cairo_status_t status = cairo_surface_write_to_png_stream(p.surface, keep_bytes, &p.bytes);
    Err e = status == CAIRO_STATUS_SUCCESS ? OK : err_new(a, ERR_INTERNAL, str_from_c(cairo_status_to_string(status)));
    Err finished = paper_done(&p, a, out);
    return e ? e : finished;
}

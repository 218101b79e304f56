/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lines, boxes and QR codes. */
#include "pdf/parts.h"

#include <qrencode.h>

static void colour(Pdf *p, PdfColour c)
{
    cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
}

void pdf_fill(Pdf *p, PdfColour c, double x, double y, double wide, double high)
{
    colour(p, c);
    cairo_rectangle(p->cr, x, y, wide, high);
    cairo_fill(p->cr);
}

void pdf_box(Pdf *p, PdfColour c, double x, double y, double wide, double high, double line)
{
    colour(p, c);
    cairo_set_line_width(p->cr, line);
    cairo_rectangle(p->cr, x, y, wide, high);
    cairo_stroke(p->cr);
}

void pdf_dashed_box(Pdf *p, PdfColour c, double x, double y, double wide, double high)
{
    cairo_set_dash(p->cr, (double[]){ 3, 3 }, 2, 0);
    pdf_box(p, c, x, y, wide, high, 0.5);
    cairo_set_dash(p->cr, NULL, 0, 0);
}

void pdf_ring(Pdf *p, PdfColour c, double x, double y, double radius, double line)
{
    colour(p, c);
    cairo_set_line_width(p->cr, line);
    cairo_new_sub_path(p->cr);
    cairo_arc(p->cr, x, y, radius, 0, 2 * G_PI);
    cairo_stroke(p->cr);
}

void pdf_disc(Pdf *p, PdfColour c, double x, double y, double radius)
{
    colour(p, c);
    cairo_arc(p->cr, x, y, radius, 0, 2 * G_PI);
    cairo_fill(p->cr);
}

void pdf_line(Pdf *p, PdfColour c, double x1, double y1, double x2, double y2, double line)
{
    colour(p, c);
    cairo_set_line_width(p->cr, line);
    cairo_move_to(p->cr, x1, y1);
    cairo_line_to(p->cr, x2, y2);
    cairo_stroke(p->cr);
}

void pdf_dots(Pdf *p, PdfColour c, double x, double y, double wide)
{
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_dash(p->cr, (double[]){ 0, 2.6 }, 2, 0);
    pdf_line(p, c, x, y, x + wide, y, 0.8);
    cairo_set_dash(p->cr, NULL, 0, 0);
    cairo_set_line_cap(p->cr, CAIRO_LINE_CAP_BUTT);
}

/* Dark modules as one path, a rectangle a run: sharp at any size. */
static void qr_path(cairo_t *cr, const QRcode *qr)
{
    for (int row = 0; row < qr->width; row++)
        for (int i = 0, run; i < qr->width; i += run) {
            bool dark = qr->data[row * qr->width + i] & 1;
            for (run = 1; i + run < qr->width && (qr->data[row * qr->width + i + run] & 1) == dark; run++) {}
            if (dark)
                cairo_rectangle(cr, i, row, run, 1);
        }
}

Err pdf_qr(Pdf *p, Arena *a, Str text, double x, double y, double size)
{
    const char *c  = arena_c(a, text);
    QRcode     *qr = QRcode_encodeString8bit(c, 0, QR_ECLEVEL_M);
    if (!qr)
        return err_new(a, ERR_INVALID, S("the text does not fit a QR code"));
    double module = size / (qr->width + 8);
    cairo_save(p->cr);
    cairo_translate(p->cr, x + 4 * module, y + 4 * module);
    cairo_scale(p->cr, module, module);
    colour(p, PDF_INK);
    qr_path(p->cr, qr);
    cairo_fill(p->cr);
    cairo_restore(p->cr);
    QRcode_free(qr);
    return OK;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages and pictures drawn with pango and cairo: text, lines, boxes, QR codes. Lengths of PDF pages are points
 * (1/72 inch; A4 is 595 x 842), those of pictures pixels; y grows downwards from the top edge. */
#ifndef PDF_PDF_H
#define PDF_PDF_H

#include "base/base.h"

#define PDF_A4_WIDE 595.276
#define PDF_A4_HIGH 841.89
#define PDF_MM      (72 / 25.4)

typedef struct Pdf Pdf;                  /* what is being drawn: a file or a picture */
typedef struct PdfPiece PdfPiece;        /* something drawn once, painted any number of times at little cost */
typedef struct PdfColour { double r, g, b; } PdfColour;
extern const PdfColour PDF_INK, PDF_NAVY, PDF_RED, PDF_GREY, PDF_PALE, PDF_WHITE;

typedef enum PdfAlign { PDF_LEFT, PDF_CENTRE, PDF_RIGHT } PdfAlign;
/* font: a Pango description without family, "Bold 11" (points) or "Semi-Bold 15px"; width: where lines break, 0: nowhere;
 * spacing: of lines, times the font's own (1.36 em); 0: 1.15. */
typedef struct PdfStyle { const char *font; PdfColour colour; PdfAlign align; double width, spacing; } PdfStyle;

/* Runs draw on a new A4 document, or on a picture of so many pixels, and gives its bytes in a. What draw returns, a
 * used-up arena and a file past most bytes (ERR_LIMIT) come back as an Err, and nothing of cairo is left behind. */
typedef Err (*PdfDraw)(Pdf *p, void *x);
MUST_USE Err pdf_make(Arena *a, Str title, size_t most, PdfDraw draw, void *x, Str *out);
MUST_USE Err png_make(Arena *a, int wide, int high, PdfDraw draw, void *x, Str *out);
void   pdf_next_page(Pdf *p);            /* ends the page; the last one ends by itself */

/* Text broken at words; returns its height. most: lines, the rest ends in "…"; 0: all. The empty text is nothing. */
double pdf_text(Pdf *p, double x, double y, Str text, const PdfStyle *s, int most);
double pdf_text_high(Pdf *p, Str text, const PdfStyle *s, int most);
double pdf_text_wide(Pdf *p, Str text, const PdfStyle *s);       /* of the longest line */

void   pdf_fill(Pdf *p, PdfColour c, double x, double y, double wide, double high);
void   pdf_box(Pdf *p, PdfColour c, double x, double y, double wide, double high, double line);
void   pdf_ring(Pdf *p, PdfColour c, double x, double y, double radius, double line);
void   pdf_disc(Pdf *p, PdfColour c, double x, double y, double radius);
void   pdf_line(Pdf *p, PdfColour c, double x1, double y1, double x2, double y2, double line);
void   pdf_dots(Pdf *p, PdfColour c, double x, double y, double wide);             /* a dotted line to write on */
void   pdf_dashed_box(Pdf *p, PdfColour c, double x, double y, double wide, double high);
/* The quiet zone of four modules is part of the square; the paper under it is white. ERR_INVALID: too long. */
MUST_USE Err pdf_qr(Pdf *p, Arena *a, Str text, double x, double y, double size);

/* Between begin and end everything is drawn into the piece. Pieces live as long as the document. */
void            pdf_piece_begin(Pdf *p, double wide, double high);
const PdfPiece *pdf_piece_end(Pdf *p);
void            pdf_piece(Pdf *p, const PdfPiece *piece, double x, double y);

#endif

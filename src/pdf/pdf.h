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
 * spacing: of lines, times the font's own (1.36 em); 0: 1.15. serif: the letters of administrative documents (docs/adr/0037).
 * indent: of the first line; justify: lines but the last are as wide as width. */
typedef struct PdfStyle { const char *font; PdfColour colour; PdfAlign align; double width, spacing; bool serif, justify; double indent; } PdfStyle;

/* Runs draw on a new A4 document, or on a picture of so many pixels, and gives its bytes in a. What draw returns, a
 * used-up arena and a file past most bytes (ERR_LIMIT) come back as an Err, and nothing of cairo is left behind. */
typedef Err (*PdfDraw)(Pdf *p, void *x);
MUST_USE Err pdf_make(Arena *a, Str title, size_t most, PdfDraw draw, void *x, Str *out);
MUST_USE Err png_make(Arena *a, int wide, int high, PdfDraw draw, void *x, Str *out);
void   pdf_next_page(Pdf *p);            /* ends the page; the last one ends by itself */
void   pdf_page_size(Pdf *p, double wide, double high);          /* of this page and those after it; before anything is drawn on it */
int    pdf_page_number(const Pdf *p);    /* of the page being drawn, from 1 */

/* ---- What readers of the file are told (PDF only; nothing for pictures) ------------------------------------------ */
void   pdf_describe(Pdf *p, Arena *a, Str author, Str subject, Time made);
/* Structure for reading aloud, named as in ISO 32000-1, 14.8.4: "H1", "P", "Table", "TR", "TD", "Figure" … What holds text
 * begins and ends on one page. */
void   pdf_tag(Pdf *p, const char *tag);
void   pdf_tag_end(Pdf *p, const char *tag);
/* An entry of the outline that leads to y on this page; level from 0, at most one deeper than the entry before. */
void   pdf_outline(Pdf *p, Arena *a, Str text, int level, double y);
void   pdf_link(Pdf *p, Arena *a, Str address, double x, double y, double wide, double high);

/* ---- Paragraphs of several letters, with links, drawn line by line so that they go on over pages ------------------ */
typedef struct PdfRun { Str text, href; bool bold, italic; } PdfRun;
typedef struct PdfPara PdfPara;          /* lives as long as the document */
PdfPara *pdf_para(Pdf *p, Arena *a, const PdfRun *runs, size_t n, const PdfStyle *s);
size_t pdf_para_lines(const PdfPara *t);
double pdf_para_high(const PdfPara *t, size_t from, size_t to);  /* of the lines from … to - 1 */
/* Draws the lines from *from on that fit into room (at least one), moves *from behind them, and returns their height. */
double pdf_para_draw(Pdf *p, Arena *a, PdfPara *t, double x, double y, double room, size_t *from);

/* A drawing in the SVG of our charts with presentation attributes (view/chart.h, chart_*_svg): rect, line, circle, path of M and L,
 * text, a, patterns. Scaled to wide; *out_high is how high that is. ERR_INVALID: no such drawing. */
MUST_USE Err pdf_drawing(Pdf *p, Arena *a, Str svg, double x, double y, double wide, double *out_high);
MUST_USE Err pdf_drawing_size(Arena *a, Str svg, double *out_wide, double *out_high);    /* its own, in CSS pixels */

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

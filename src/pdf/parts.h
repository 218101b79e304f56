/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of pdf share; nobody else includes this. */
#ifndef PDF_PARTS_H
#define PDF_PARTS_H

#include "pdf/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

struct PdfPiece { cairo_surface_t *surface; struct PdfPiece *next; };
struct PdfPara { PangoLayout *layout; const PdfRun *runs; size_t n; PdfColour colour; struct PdfPara *next; };
struct Pdf {
    cairo_surface_t *surface;
    cairo_t         *cr;                 /* of the page, or of the piece being drawn */
    cairo_t         *page;               /* set while a piece is being drawn */
    PdfPiece        *pieces;             /* the newest first */
    PdfPara         *paras;
    bool             picture;            /* a PNG: no pages, no structure */
    int              number;             /* of the page, from 1 */
    int              outline[6];         /* cairo's id of the newest entry of each level */
    char            *at;                 /* bytes of the file: in no arena, cairo must not be left by a jump */
    size_t           len, cap, most;
};

PangoFontDescription *pdf_font(const PdfStyle *s);   /* the caller frees it */

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is printed or shared as a picture: the poster with its QR code, sheets of one-time codes, the share card.
 * Drawn with pango and cairo only when asked for. */
#ifndef COLLECT_PAPER_H
#define COLLECT_PAPER_H

#include "collect/parts.h"

typedef struct PosterText { Str agency, title, intro, call, address, dates, length, phone, privacy; } PosterText;
MUST_USE Err poster_pdf(Arena *a, const PosterText *t, Str qr_address, Str *out);
/* Cards to cut out, CARDS_A_PAGE a page; base: "https://host/q/". */
enum { CARDS_A_PAGE = 10 };
typedef struct SheetText { Str title, agency, how, code_label, once, valid; } SheetText;
SheetText sheet_text(Arena *a, const Round *r, Str agency, Str base, Date valid_to);   /* base: "https://host" */
MUST_USE Err codes_pdf(Arena *a, const SheetText *t, Str base, const NewCode *codes, size_t n, Str *out);
/* 1200 x 630 pixels, for links in messages. */
typedef struct CardText { Str agency, title, line; } CardText;
MUST_USE Err card_png(Arena *a, const CardText *t, Str *out);

#endif

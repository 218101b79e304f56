/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Poster, sheets of codes and share card. Lengths of PDF pages are points (A4 is 595 x 842), those of the card pixels. */
#include "collect/paper.h"
#include "pdf/pdf.h"

#include <assert.h>

enum { POSTER_BYTES = 8 << 20, CARDS_BYTES = 256 << 20 };

/* ---- Poster ------------------------------------------------------------------------------------------- */
typedef struct Poster { Arena *a; const PosterText *t; Str qr_address; } Poster;

static Err poster_draw(Pdf *p, void *x)
{
    const Poster     *job = x;
    const PosterText *t   = job->t;
    double left = 56, wide = PDF_A4_WIDE - 2 * left, y = 54, qr = 270;
    PdfStyle agency = { "Semi-Bold 15", PDF_NAVY, PDF_CENTRE, wide }, title = { "Bold 30", PDF_INK, PDF_CENTRE, wide },
             body = { "15", PDF_INK, PDF_CENTRE, wide }, call = { "Bold 20", PDF_NAVY, PDF_CENTRE, wide },
             small = { "12", PDF_GREY, PDF_CENTRE, wide };
    y += pdf_text(p, left, y, t->agency, &agency, 2) + 12;
    pdf_fill(p, PDF_RED, left, y, wide, 4);
    y += 26;
    y += pdf_text(p, left, y, t->title, &title, 4) + 12;
    y += pdf_text(p, left, y, t->intro, &body, 4) + 18;
    y += pdf_text(p, left, y, t->call, &call, 2) + 4;
    TRY(pdf_qr(p, job->a, job->qr_address, (PDF_A4_WIDE - qr) / 2, y, qr));
    y += qr + 4;
    y += pdf_text(p, left, y, t->address, &call, 2) + 14;
    y += pdf_text(p, left, y, t->length, &body, 2) + 2;
    y += pdf_text(p, left, y, t->dates, &body, 2) + 2;
    y += pdf_text(p, left, y, t->phone, &body, 2) + 12;
    pdf_text(p, left, y > 770 ? y : 770, t->privacy, &small, 3);
    return OK;
}

Err poster_pdf(Arena *a, const PosterText *t, Str qr_address, Str *out)
{
    return pdf_make(a, t->title, POSTER_BYTES, poster_draw, &(Poster){ a, t, qr_address }, out);
}

/* ---- Codes ------------------------------------------------------------------------------------------------ */
enum { COLUMNS = 2, ROWS = CARDS_A_PAGE / COLUMNS };

typedef struct Codes { Arena *a; const SheetText *t; Str base; const NewCode *codes; size_t n; } Codes;
/* What every card of a batch has in common is drawn once. */
typedef struct Card { const PdfPiece *same; double wide, high, qr, text_x, word_y; } Card;

static PdfStyle card_word(const Card *k)
{
    return (PdfStyle){ "Bold 15px", PDF_NAVY, PDF_LEFT, k->wide - k->text_x - 8, 1 };
}

/* The code and what stands around it hang from the lower edge, the rest from the upper one: with every line that either may take
 * there is room between them, and nothing lies on the line that is cut. A title takes a third line where the words below it leave one. */
static Card card_open(Pdf *p, const SheetText *t, double wide, double high)
{
    enum { EDGE = 9, GAP = 2 };
    Card     k    = { .wide = wide, .high = high, .qr = 122, .text_x = 132 };
    double   text = wide - k.text_x - EDGE, top = EDGE;
    PdfStyle title = { "Bold 10px", PDF_INK, PDF_LEFT, text, 1 }, body = { "8px", PDF_GREY, PDF_LEFT, text, 1 }, word = card_word(&k);
    pdf_piece_begin(p, wide, high);
    pdf_dashed_box(p, PDF_GREY, 0, 0, wide, high);
    double low = high - EDGE;
    low -= pdf_text_high(p, t->valid, &body, 1);
    pdf_text(p, k.text_x, low, t->valid, &body, 1);
    low -= pdf_text_high(p, t->once, &body, 1);
    pdf_text(p, k.text_x, low, t->once, &body, 1);
    low -= pdf_text_high(p, S("W"), &word, 1);
    k.word_y = low;
    low -= pdf_text_high(p, t->code_label, &body, 1);
    pdf_text(p, k.text_x, low, t->code_label, &body, 1);
    double under = pdf_text_high(p, t->agency, &body, 1) + pdf_text_high(p, t->how, &body, 3) + 2 * GAP;
    int    lines = top + pdf_text_high(p, t->title, &title, 3) + under <= low ? 3 : 2;
    top += pdf_text(p, k.text_x, top, t->title, &title, lines) + GAP;
    top += pdf_text(p, k.text_x, top, t->agency, &body, 1) + GAP;
    top += pdf_text(p, k.text_x, top, t->how, &body, 3);
    assert(top <= low);
    k.same = pdf_piece_end(p);
    return k;
}

static Err card_draw(Pdf *p, const Codes *c, const Card *k, const NewCode *code, double x, double y)
{
    Arena    work = *c->a;
    PdfStyle word = card_word(k);
    pdf_piece(p, k->same, x, y);
    pdf_text(p, x + k->text_x, y + k->word_y, word_grouped(&work, code->short_code), &word, 1);
    return pdf_qr(p, &work, str_concat(&work, c->base, code->long_code), x + 4, y + (k->high - k->qr) / 2, k->qr);
}

static Err codes_draw(Pdf *p, void *x)
{
    const Codes *c = x;
    double margin = 28, wide = (PDF_A4_WIDE - 2 * margin) / COLUMNS, high = (PDF_A4_HIGH - 2 * margin) / ROWS;
    Card   card   = card_open(p, c->t, wide, high);
    for (size_t i = 0; i < c->n; i++) {
        size_t cell = i % CARDS_A_PAGE;
        if (i && cell == 0)
            pdf_next_page(p);
        TRY(card_draw(p, c, &card, &c->codes[i], margin + (double)(cell % COLUMNS) * wide, margin + (double)(cell / COLUMNS) * high));
    }
    return OK;
}

Err codes_pdf(Arena *a, const SheetText *t, Str base, const NewCode *codes, size_t n, Str *out)
{
    return pdf_make(a, t->title, CARDS_BYTES, codes_draw, &(Codes){ a, t, base, codes, n }, out);
}

/* ---- Share card --------------------------------------------------------------------------------------------- */
static void card_mark(Pdf *p, double x, double y, double size)
{
    double unit = size / 48;
    static const double ticks[] = { 4, 12, 20, 28, 36, 44 };
    pdf_line(p, PDF_NAVY, x + 2.5 * unit, y + 27 * unit, x + 45.5 * unit, y + 27 * unit, 3 * unit);
    for (size_t i = 0; i < COUNT_OF(ticks); i++)
        pdf_line(p, PDF_NAVY, x + ticks[i] * unit, y + 27 * unit, x + ticks[i] * unit,
                 y + (i == 0 || i + 1 == COUNT_OF(ticks) ? 43 : 35) * unit, 3 * unit);
    pdf_line(p, PDF_RED, x + 13.5 * unit, y + 13 * unit, x + 42.5 * unit, y + 13 * unit, 3 * unit);
    pdf_disc(p, PDF_RED, x + 28 * unit, y + 13 * unit, 6 * unit);
}

static Err card_picture(Pdf *p, void *x)
{
    const CardText *t = x;
    PdfStyle title  = { "Bold 54px", PDF_INK, PDF_LEFT, 1060 }, agency = { "32px", PDF_NAVY, PDF_LEFT, 940 },
             line = { "34px", PDF_GREY, PDF_LEFT, 1060 };
    pdf_fill(p, PDF_WHITE, 0, 0, 1200, 630);
    card_mark(p, 66, 46, 96);
    pdf_text(p, 190, 72, t->agency, &agency, 1);
    pdf_fill(p, PDF_RED, 70, 166, 1060, 8);
    double y = 214;
    y += pdf_text(p, 70, y, t->title, &title, 4) + 24;
    pdf_text(p, 70, y > 520 ? y : 520, t->line, &line, 1);
    return OK;
}

Err card_png(Arena *a, const CardText *t, Str *out)
{
    CardText copy = *t;
    return png_make(a, 1200, 630, card_picture, &copy, out);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/test.h"
#include "pdf/pdf.h"

static Err two_pages(Pdf *p, void *x)
{
    Arena   *a = x;
    PdfStyle s = { "11", PDF_INK, PDF_LEFT, 300 };
    pdf_piece_begin(p, 300, 100);
    pdf_box(p, PDF_INK, 0, 0, 300, 100, 1);
    pdf_text(p, 4, 4, S("Đường Nguyễn Thượng Hiền"), &s, 0);
    const PdfPiece *piece = pdf_piece_end(p);
    pdf_piece(p, piece, 40, 40);
    pdf_next_page(p);
    pdf_piece(p, piece, 40, 40);
    return pdf_qr(p, a, S("0000123-4/1"), 400, 40, 80);
}

TEST(pdf_holds_pages_and_pieces_once)
{
    Str once, twice;
    CHECK(pdf_make(a, S("Phiếu"), 4 << 20, two_pages, a, &once) == OK);
    CHECK(str_starts(once, S("%PDF-")) && str_has(once, S("/Count 2")));
    CHECK(pdf_make(a, S("Phiếu"), 4 << 20, two_pages, a, &twice) == OK);
    CHECK_INT(once.len, twice.len);
}

static Err text_sizes(Pdf *p, void *x)
{
    double  *high = x;
    PdfStyle s    = { "11", PDF_INK, PDF_LEFT, 120 };
    Str      text = S("Ông/Bà hài lòng với thời gian giải quyết thủ tục hành chính đến mức nào?");
    high[0] = pdf_text_high(p, text, &s, 0);
    high[1] = pdf_text_high(p, text, &s, 1);
    high[2] = pdf_text(p, 10, 10, text, &s, 0);
    high[3] = pdf_text_wide(p, text, &s);
    high[4] = pdf_text(p, 10, 10, S(""), &s, 0);
    return OK;
}

TEST(pdf_text_breaks_at_words_and_says_its_height)
{
    double high[5];
    Str    out;
    CHECK(pdf_make(a, S("t"), 4 << 20, text_sizes, high, &out) == OK);
    CHECK(high[0] > 2.5 * high[1]);
    CHECK_NEAR(high[0], high[2], 1e-9);
    CHECK(high[3] <= 120 && high[3] > 60);
    CHECK_NEAR(high[4], 0, 0);
}

static Err too_much(Pdf *p, void *x)
{
    for (int i = 0; i < 1000000; i++)
        arena_new((Arena *)x, char, 4096);
    return OK;
}

static Err refuses(Pdf *p, void *x)
{
    char *long_text = arena_new((Arena *)x, char, 4000);
    memset(long_text, 'a', 4000);
    return pdf_qr(p, x, (Str){ long_text, 4000 }, 0, 0, 10);
}

TEST(pdf_failures_come_back_as_errors)
{
    AUTO(arena_close) Arena small = arena_open(1 << 20);
    Str out = S("untouched");
    CHECK(err_is(pdf_make(a, S("t"), 1000, two_pages, a, &out), ERR_LIMIT));
    CHECK(err_is(pdf_make(&small, S("t"), 4 << 20, too_much, &small, &out), ERR_LIMIT));
    CHECK(err_is(pdf_make(a, S("t"), 4 << 20, refuses, a, &out), ERR_INVALID));
    CHECK_STR(out, S("untouched"));
}

static Err square(Pdf *p, void *x)
{
    pdf_fill(p, PDF_WHITE, 0, 0, 32, 32);
    pdf_ring(p, PDF_RED, 16, 16, 8, 2);
    return OK;
}

TEST(png_is_a_picture)
{
    Str out;
    CHECK(png_make(a, 32, 32, square, NULL, &out) == OK);
    CHECK(out.len > 60 && memcmp(out.at, "\x89PNG", 4) == 0);
}

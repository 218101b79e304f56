/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cases of an SPSS system file: eight bytes an element, shortened by byte codes. */
#include "analysis/export_sav.h"

#include <float.h>
#include <math.h>

enum { CODE_END = 252, CODE_RAW = 253, CODE_BLANKS = 254, CODE_SYSMIS = 255, BIAS = 100 };

/* Eight codes, then the elements that did not fit into their code. */
typedef struct SavCases { SavFile *f; uint8_t codes[8]; int n; char raw[64]; int raw_n; } SavCases;

static void block_end(SavCases *c)
{
    if (!c->n)
        return;
    Buf *b = &c->f->x->sink.buf;
    memset(c->codes + c->n, 0, sizeof c->codes - (size_t)c->n);
    buf_add(b, (Str){ (const char *)c->codes, 8 });
    buf_add(b, (Str){ c->raw, (size_t)c->raw_n * 8 });
    c->n = c->raw_n = 0;
}

static void code(SavCases *c, uint8_t x)
{
    if (c->n == 8)
        block_end(c);
    c->codes[c->n++] = x;
}

static void raw(SavCases *c, const void *eight)
{
    code(c, CODE_RAW);
    memcpy(c->raw + 8 * c->raw_n++, eight, 8);
}

static void number(SavCases *c, double x)
{
    if (isnan(x))
        code(c, CODE_SYSMIS);
    else if (x == floor(x) && x >= 1 - BIAS && x <= CODE_END - 1 - BIAS)
        code(c, (uint8_t)((int)x + BIAS));
    else
        raw(c, &x);
}

static void text_elements(SavCases *c, Str text, int elements)
{
    for (int i = 0; i < elements; i++, text = str_skip(text, 8)) {
        char eight[8] = "        ";
        size_t blank = 0;
        for (size_t k = 0; k < 8 && k < text.len; k++) {
            eight[k] = text.at[k] ? text.at[k] : ' ';
            blank += eight[k] == ' ';
        }
        if (blank == (text.len < 8 ? text.len : 8))
            code(c, CODE_BLANKS);
        else
            raw(c, eight);
    }
}

static void text(SavCases *c, const SavVariable *at, Str cell)
{
    cell = cut_utf8(cell, (size_t)at->width);
    for (int k = 0; k < at->segments; k++) {
        text_elements(c, str_take(cell, SAV_SEGMENT), sav_elements(sav_segment_width(at, k)));
        cell = str_skip(cell, SAV_SEGMENT);
    }
}

static Err sav_row(void *self, const Str *cells)
{
    SavCases *c = self;
    const Variables *vs = &c->f->x->t->variables;
    for (size_t i = 0; i < vs->len; i++) {
        double x = NAN;
        Date   day;
        if (c->f->at[i].width)
            text(c, &c->f->at[i], cells[i]);
        else if (vs->at[i].kind == VAR_DAY)
            number(c, cell_day(cells[i], &day) ? ((double)day.day + 141428) * 86400 : NAN);     /* seconds since 1582-10-14 */
        else
            number(c, cell_number(&vs->at[i], cells[i], &x) ? x : NAN);
    }
    sink_breathe(&c->f->x->sink);
    return OK;
}

/* Codes such as "01" stay texts, for 1 is another code. */
static int width_of(const Variable *v)
{
    size_t widest = v->widest;
    if (v->kind == VAR_NUMBER || v->kind == VAR_DAY || v->kind == VAR_MARK || (v->kind == VAR_CHOICE && v->whole))
        return 0;
    for (size_t i = 0; v->kind == VAR_CHOICE && i < v->categories.len; i++)
        if (v->categories.at[i].name.len > widest)
            widest = v->categories.at[i].name.len;
    return widest < 1 ? 1 : widest > SAV_WIDEST ? SAV_WIDEST : (int)widest;
}

Err export_sav(Export *x)
{
    SavFile f = { .x = x, .at = arena_new(x->a, SavVariable, x->t->variables.len + 1) };
    for (size_t i = 0; i < x->t->variables.len; i++) {
        SavVariable *v = &f.at[i];
        v->width    = width_of(&x->t->variables.at[i]);
        v->segments = v->width > SAV_SEGMENT ? (v->width + SAV_COUNTED - 1) / SAV_COUNTED : 1;
        v->first    = f.segments + 1;
        v->element  = f.elements + 1;
        for (int k = 0; k < v->segments; k++)
            f.elements += sav_elements(sav_segment_width(v, k));
        f.segments += v->segments;
    }
    sav_dictionary(&f);
    SavCases c = { .f = &f };
    TRY(analysis_each(x->t, x->db, sav_row, &c));
    block_end(&c);
    return OK;
}

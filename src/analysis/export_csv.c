/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* RFC 4180: names in the first row, CRLF, codes or labels. Texts that a spreadsheet would compute get an apostrophe. */
#include "analysis/parts.h"

#include "base/csv.h"

typedef struct CsvExport { Export *x; Arena work; } CsvExport;

static Err csv_row(void *self, const Str *cells)
{
    CsvExport *e = self;
    Export    *x = e->x;
    Buf       *b = &x->sink.buf;
    for (size_t i = 0; i < x->t->variables.len; i++) {
        const Variable *v = &x->t->variables.at[i];
        if (v->kind == VAR_NUMBER || v->kind == VAR_MARK)
            csv_typed(b, cells[i]);
        else if (x->o->labels && (v->kind == VAR_CHOICE || v->kind == VAR_SEVERAL)) {
            Arena work = e->work;
            csv_field(b, cell_label(&work, v, cells[i], x->o->lang));
        } else
            csv_field(b, cells[i]);
    }
    csv_end(b);
    sink_breathe(&x->sink);
    return OK;
}

Err export_csv(Export *x)
{
    Buf *b = &x->sink.buf;
    if (x->o->bom)
        csv_bom(b);
    for (size_t i = 0; i < x->t->variables.len; i++)
        csv_field(b, x->t->variables.at[i].name);
    csv_end(b);
    sink_flush(&x->sink);                /* the mark stands alone before the first name, and nowhere else */
    CsvExport e  = { x, arena_open((size_t)1 << 24) };
    Err       er = analysis_each(x->t, x->db, csv_row, &e);
    arena_close(&e.work);
    return er;
}

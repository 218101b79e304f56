/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A table as CSV and XLSX: a line a figure, numbers in full, and a sheet with what belongs to them. */
#include "desk/desk_parts.h"

#include "base/csv.h"
#include "base/xlsx.h"

enum { COLUMNS = 16 };

static void heads(Lang l, Str out[COLUMNS])
{
    const Str all[COLUMNS] = { text_of(l, "desk.file.row"), text_of(l, "desk.file.column"), text_of(l, "desk.file.category"), text_of(l, "desk.file.unit"),
                               S("n"), text_of(l, "desk.file.value"), text_of(l, "desk.file.se"), text_of(l, "desk.file.low"), text_of(l, "desk.file.high"),
                               text_of(l, "desk.file.df"), text_of(l, "desk.file.deff"), text_of(l, "desk.file.neff"), text_of(l, "desk.file.letters"),
                               text_of(l, "desk.file.before"), text_of(l, "desk.file.diff"), text_of(l, "desk.file.note") };
    memcpy(out, all, sizeof all);
}

static XlsxCell number(double x)
{
    return XLSX_NUM(x);
}

static void line_of(Arena *a, const DeskTable *t, Lang l, size_t k, size_t i, size_t j, XlsxCell out[COLUMNS])
{
    const DeskFigure *f = desk_at(&t->result, k, i, j);
    const DeskChange *c = t->change && k == 0 ? &t->change[i * t->result.columns + j] : NULL;
    bool counted = f->show == STATS_SHOWN || f->show == STATS_UNRELIABLE;
    bool letters = t->axis[1].levels ? j > 0 : i > 0;
    Str  row = t->axis[0].levels ? desk_row_label(t, l, 0, i) : text_of(l, "desk.all"), column = t->axis[1].levels ? desk_row_label(t, l, 1, j) : S("");
    const XlsxCell all[COLUMNS] = { XLSX_TEXT(row), XLSX_TEXT(column), XLSX_TEXT(t->wanted[k]), XLSX_TEXT(t->unit),
        number(counted ? (double)f->n : NAN), number(t->scale * f->x), number(t->scale * f->se), number(t->scale * f->low), number(t->scale * f->high),
        number(f->df), number(f->deff), number(f->n_eff), XLSX_TEXT(letters ? desk_letters(a, f->above) : S("")),
        number(c && c->any ? c->before : NAN), number(c && c->any ? c->diff : NAN), XLSX_TEXT(desk_show_text(l, f)) };
    memcpy(out, all, sizeof all);
}

typedef LIST(XlsxCells) Lines;

static void each_line(Arena *a, const DeskTable *t, Lang l, Lines *out)
{
    size_t rows = desk_rows_shown(t, 0), columns = desk_rows_shown(t, 1);
    for (size_t k = 0; k < t->n_wanted; k++)
        for (size_t i = 0; i <= rows; i++)
            for (size_t j = 0; j <= columns; j++) {
                XlsxCell *cells = arena_new(a, XlsxCell, COLUMNS);
                line_of(a, t, l, k, i, j, cells);
                *list_add(a, out) = (XlsxCells){ cells, COLUMNS };
            }
}

void desk_csv(Buf *b, const DeskTable *t, Lang l)
{
    Str   head[COLUMNS];
    Lines lines = { 0 };
    heads(l, head);
    each_line(b->a, t, l, &lines);
    csv_bom(b);
    for (int k = 0; k < COLUMNS; k++)
        csv_field(b, head[k]);
    csv_end(b);
    for (size_t i = 0; i < lines.len; i++) {
        for (size_t k = 0; k < lines.at[i].len; k++) {
            const XlsxCell *x = &lines.at[i].at[k];
            if (x->is_num)
                csv_real(b, x->num);
            else
                csv_field(b, x->text);
        }
        csv_end(b);
    }
}

static void fact(Arena *a, Lines *out, Str key, Str value)
{
    XlsxCell *cells = arena_new(a, XlsxCell, 2);
    cells[0] = XLSX_TEXT(key);
    cells[1] = XLSX_TEXT(value);
    *list_add(a, out) = (XlsxCells){ cells, 2 };
}

static Lines facts(Arena *a, const DeskTable *t, Lang l)
{
    Lines out = { 0 };
    fact(a, &out, text_of(l, "desk.file.fact"), text_of(l, "desk.file.said"));
    fact(a, &out, text_of(l, "desk.field.round"), round_title(&t->round, l));
    fact(a, &out, text_of(l, "desk.field.what"), t->title);
    fact(a, &out, text_of(l, "desk.field.measure"), t->measure);
    for (int k = 0; k < DESK_AXES; k++)
        if (t->axis[k].levels)
            fact(a, &out, text_of(l, "desk.field.by"), t->axis[k].label);
    if (t->change)
        fact(a, &out, text_of(l, "desk.field.with"), round_title(&t->before, l));
    fact(a, &out, text_of(l, "desk.why.recipe"), t->recipe.version ? num_text(a, l, t->recipe.version) : text_of(l, "desk.why.no-recipe"));
    fact(a, &out, text_of(l, "desk.why.made"), time_text(a, l, t->made_at));
    fact(a, &out, text_of(l, "desk.why.query"), desk_query_text(a, &t->query));
    for (size_t i = 0; i < t->notes.len; i++)
        fact(a, &out, text_of(l, "desk.file.note"), t->notes.at[i]);
    return out;
}

Err desk_xlsx(Arena *a, const DeskTable *t, Lang l, Str *out)
{
    Lines     lines = { 0 }, about = facts(a, t, l);
    Str       head[COLUMNS];
    XlsxCell *first = arena_new(a, XlsxCell, COLUMNS);
    heads(l, head);
    for (int k = 0; k < COLUMNS; k++)
        first[k] = XLSX_TEXT(head[k]);
    *list_add(a, &lines) = (XlsxCells){ first, COLUMNS };
    each_line(a, t, l, &lines);
    return xlsx_write(a, (XlsxOut[]){ { text_of(l, "desk.file.table"), lines.at, lines.len }, { text_of(l, "desk.file.about"), about.at, about.len } }, 2, out);
}

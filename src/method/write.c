/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A method as its table, in CSV and XLSX. */
#include "method/method.h"

#include "base/csv.h"
#include "base/xlsx.h"

#include <math.h>

enum { WIDE = 7 };
typedef struct Line { Str at[WIDE]; double weight; } Line;       /* weight NAN: the last cell is a text */
typedef LIST(Line) Lines;

static void line(Arena *a, Lines *out, Str code, Str parent, Str kind, const Str names[LANG_COUNT], Str source, Str value)
{
    *list_add(a, out) = (Line){ { code, parent, kind, names ? names[LANG_VI] : S(""), names ? names[LANG_EN] : S(""), source, value }, NAN };
}

static void node_lines(Arena *a, const SurveyMethod *m, size_t i, Lines *out)
{
    const MethodNode *n = &m->nodes.at[i];
    line(a, out, n->code, n->parent, n->kind, n->label, n->source, S(""));
    if (n->weight != 1)
        out->at[out->len - 1].weight = n->weight;
}

static Lines lines_of(Arena *a, const SurveyMethod *m)
{
    Lines out = { 0 };
    if (m->code.len || m->title[LANG_VI].len)
        line(a, &out, m->code, S(""), S("method"), m->title, m->source, S(""));
    for (int i = 0; i < METHOD_ABOUT_COUNT; i++)
        if (m->about[i][LANG_VI].len)
            line(a, &out, method_about_code((MethodAbout)i), S(""), S("about"), m->about[i], S(""), S(""));
    for (int r = 0; r < METHOD_RULE_COUNT; r++)
        line(a, &out, method_rule_code((MethodRule)r), S(""), S("rule"), NULL, S(""), method_rule_value((MethodRule)r, method_rule_of(m, (MethodRule)r)));
    for (size_t i = 0; i < m->nodes.len; i++)
        node_lines(a, m, i, &out);
    for (size_t i = 0; i < m->places.len; i++)
        line(a, &out, m->places.at[i].code, m->places.at[i].node, S("item"), NULL, S(""), S(""));
    for (size_t i = 0; i < m->breaks.len; i++)
        line(a, &out, m->breaks.at[i].question, S(""), S("breakdown"), m->breaks.at[i].label, S(""), S(""));
    for (int t = 0; m->tables && t < METHOD_TABLE_COUNT; t++)
        if (method_shows(m, (MethodTable)t))
            line(a, &out, method_table_code((MethodTable)t), S(""), S("table"), NULL, S(""), S(""));
    return out;
}

static const Str heads[WIDE] = { S_INIT("code"), S_INIT("parent"), S_INIT("kind"), S_INIT("name_vi"), S_INIT("name_en"), S_INIT("source"), S_INIT("value") };

void method_csv(Buf *b, const SurveyMethod *m)
{
    Lines lines = lines_of(b->a, m);
    for (size_t k = 0; k < WIDE; k++)
        csv_field(b, heads[k]);
    csv_end(b);
    for (size_t i = 0; i < lines.len; i++) {
        const Line *x = &lines.at[i];
        for (size_t k = 0; k < WIDE - 1; k++)
            csv_field(b, x->at[k]);
        if (isnan(x->weight))
            csv_field(b, x->at[WIDE - 1]);
        else
            csv_real(b, x->weight);
        csv_end(b);
    }
}

Err method_xlsx(Arena *a, const SurveyMethod *m, Str *out)
{
    Lines      lines = lines_of(a, m);
    XlsxCells *rows  = arena_new(a, XlsxCells, lines.len + 1);
    for (size_t i = 0; i <= lines.len; i++) {
        XlsxCell *cells = arena_new(a, XlsxCell, WIDE);
        for (size_t k = 0; k < WIDE; k++)
            cells[k] = XLSX_TEXT(i ? lines.at[i - 1].at[k] : heads[k]);
        if (i && !isnan(lines.at[i - 1].weight))
            cells[WIDE - 1] = XLSX_NUM(lines.at[i - 1].weight);
        rows[i] = (XlsxCells){ cells, WIDE };
    }
    XlsxOut sheet = { S("method"), rows, lines.len + 1 };
    return xlsx_write(a, &sheet, 1, out);
}

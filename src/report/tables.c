/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables of a report, with typed cells. */
#include "report/parts.h"

#include <math.h>

static ReportTable *table_new(Build *b, Str name, Str caption)
{
    ReportTable *t = arena_new(b->a, ReportTable, 1);
    t->name    = name;
    t->caption = caption;
    t->note    = b->r->source;
    return t;
}

static ReportColumn *column(Build *b, ReportTable *t, Str label, Str unit, ReportCellKind kind, double width)
{
    ReportColumn *c = list_add(b->a, &t->columns);
    *c = (ReportColumn){ .label = label, .unit = unit, .kind = kind, .width = width };
    return c;
}

static ReportCell *row_add(Build *b, ReportTable *t, bool strong)
{
    ReportCell *cells = arena_new(b->a, ReportCell, t->columns.len);
    *list_add(b->a, &t->rows) = (ReportRow){ .at = cells, .strong = strong };
    return cells;
}


static bool within(const ReportSource *s, int topic, int top)
{
    while (topic >= 0 && topic != top)
        topic = s->look.nodes.at[topic].parent;
    return topic == top;
}

ReportTable *table_of_topics(Build *b, int top, Str province)
{
    Lang         l = b->o->lang;
    const LookNode *head = &b->s->look.nodes.at[top];
    Str          title = words_of_index(b, text_of(l, "report.table.topics"), text_of(l, "report.table.topics-method"));
    TextArg      what  = ARG_S("what", topic_label(head, l));
    ReportTable *t = table_new(b, text_of(l, "report.sheet.topics"), text_fill(b->a, l, title, &what, 1));
    column(b, t, text_of(l, "report.column.topic"), S(""), CELL_TEXT, province.len ? 0.36 : 0.42);
    column(b, t, words_of_index(b, text_of(b->o->lang, "report.column.satisfied"), text_of(b->o->lang, "report.column.index")), S("%"), CELL_REAL, 0.14);
    column(b, t, text_of(l, "chart.interval"), S(""), CELL_RANGE, 0.18);
    column(b, t, text_of(l, "report.column.mean"), S(""), CELL_REAL, 0.14);
    column(b, t, S("n"), S(""), CELL_COUNT, 0.13);
    if (province.len)
        column(b, t, text_of(l, "results.whole"), S("%"), CELL_REAL, 0.12);
    for (size_t i = 0; i < b->s->look.nodes.len; i++) {
        const LookNode  *x = &b->s->look.nodes.at[i];
        const Figure *f = look_main(&b->s->look, x->code, province);
        if (x->item || !f || !within(b->s, (int)i, top))
            continue;
        ReportCell *c = row_add(b, t, x->depth <= head->depth);
        c[0] = cell_text(topic_label(x, l));
        c[1] = cell_value(b, f, 2);
        c[2] = cell_range(b, f);
        c[3] = cell_value(b, look_figure(&b->s->look, S("mean"), x->code, province), 2);
        c[4] = cell_count(b, f);
        if (province.len)
            c[5] = cell_value(b, x->whole, 2);
    }
    return t->rows.len ? t : NULL;
}

static void steps_row(Build *b, ReportTable *t, const LookNode *x)
{
    static const char *const prefix[] = { "step1", "step2", "step3", "step4", "step5" };
    const Figure *whole = look_figure(&b->s->look, S("satisfied"), x->code, S(""));
    if (!look_figure(&b->s->look, S("step1"), x->code, S("")))
        return;
    ReportCell *c = row_add(b, t, false);
    c[0] = cell_text(x->code);
    c[1] = cell_text(topic_label(x, b->o->lang));
    for (int k = 0; k < LIKERT; k++)
        c[2 + k] = cell_value(b, look_figure(&b->s->look, str_from_c(prefix[k]), x->code, S("")), 1);
    c[7] = cell_value(b, whole, 1);
    c[8] = cell_range(b, whole);
    c[9] = cell_value(b, look_figure(&b->s->look, S("none"), x->code, S("")), 1);
    c[10] = cell_count(b, whole);
}

ReportTable *table_of_steps(Build *b, int topic)
{
    Lang         l = b->o->lang;
    const LookNode *head = &b->s->look.nodes.at[topic];
    ReportTable *t = table_new(b, text_of(l, "report.sheet.steps"), text_fmt(b->a, l, "report.table.steps", ARG_S("what", topic_label(head, l))));
    const Str    steps[] = { text_of(l, "results.step1"), text_of(l, "results.step2"), text_of(l, "results.step3"), text_of(l, "results.step4"),
                             text_of(l, "results.step5") };
    column(b, t, text_of(l, "report.column.code"), S(""), CELL_TEXT, 0.08);
    column(b, t, text_of(l, "report.column.question"), S(""), CELL_TEXT, 0.26);
    for (int k = 0; k < LIKERT; k++)
        column(b, t, steps[k], S("%"), CELL_REAL, 0.075);
    ReportColumn *sum = column(b, t, text_of(l, "report.column.satisfied-short"), S("%"), CELL_REAL, 0.075);
    sum->sum    = SUM_ROW;
    sum->across = 2;
    column(b, t, text_of(l, "chart.interval"), S(""), CELL_RANGE, 0.1);
    column(b, t, text_of(l, "report.column.none"), S("%"), CELL_REAL, 0.075);
    column(b, t, S("n"), S(""), CELL_COUNT, 0.075);
    for (size_t i = 0; i < b->s->look.nodes.len; i++)
        if (b->s->look.nodes.at[i].parent == topic && b->s->look.nodes.at[i].item)
            steps_row(b, t, &b->s->look.nodes.at[i]);
    return t->rows.len ? t : NULL;
}

ReportTable *table_of_question(Build *b, int topic)
{
    static const char *const prefix[] = { "step1", "step2", "step3", "step4", "step5", "satisfied", "none" };
    Lang         l = b->o->lang;
    const LookNode *x = &b->s->look.nodes.at[topic];
    ReportTable *t = table_new(b, text_of(l, "report.sheet.steps"), text_fmt(b->a, l, "report.table.steps", ARG_S("what", x->code)));
    const Str    names[] = { text_of(l, "results.step1"), text_of(l, "results.step2"), text_of(l, "results.step3"), text_of(l, "results.step4"),
                             text_of(l, "results.step5"), text_of(l, "report.row.satisfied"), text_of(l, "results.no-opinion") };
    column(b, t, text_of(l, "report.column.answer"), S(""), CELL_TEXT, 0.46);
    column(b, t, text_of(l, "report.column.share"), S("%"), CELL_REAL, 0.18);
    column(b, t, text_of(l, "chart.interval"), S(""), CELL_RANGE, 0.2);
    column(b, t, S("n"), S(""), CELL_COUNT, 0.16);
    for (size_t k = 0; k < COUNT_OF(names); k++) {
        const Figure *f = look_figure(&b->s->look, str_from_c(prefix[k]), x->code, S(""));
        ReportCell   *c = row_add(b, t, k == LIKERT);
        c[0] = cell_text(names[k]);
        c[1] = cell_value(b, f, 1);
        c[2] = cell_range(b, f);
        c[3] = cell_count(b, f);
    }
    return t;
}

ReportTable *table_of_provinces(Build *b)
{
    if (!b->s->look.provinces.len)
        return NULL;
    Lang         l = b->o->lang;
    const LookNode *top = &b->s->look.nodes.at[b->s->look.top];
    ReportTable *t = table_new(b, text_of(l, "report.sheet.provinces"), text_fmt(b->a, l, "report.table.provinces", ARG_S("what", topic_label(top, l))));
    column(b, t, text_of(l, "report.column.province"), S(""), CELL_TEXT, 0.34);
    column(b, t, words_of_index(b, text_of(b->o->lang, "report.column.satisfied"), text_of(b->o->lang, "report.column.index")), S("%"), CELL_REAL, 0.16);
    column(b, t, text_of(l, "chart.interval"), S(""), CELL_RANGE, 0.18);
    column(b, t, text_of(l, "report.column.rank"), S(""), CELL_TEXT, 0.18);
    column(b, t, S("n"), S(""), CELL_COUNT, 0.14)->sum = SUM_ABOVE;
    int64_t sum = 0;
    for (size_t i = 0; i < b->s->look.provinces.len; i++) {
        const Unit   *u = &b->s->look.provinces.at[i];
        const Figure *f = look_main(&b->s->look, top->code, u->code);
        ReportCell   *c = row_add(b, t, false);
        c[0] = cell_text(province_label(u, l));
        c[1] = cell_value(b, f, 2);
        c[2] = cell_range(b, f);
        c[3] = b->s->rank[l][i].len ? cell_text(b->s->rank[l][i]) : (ReportCell){ .kind = CELL_NONE };
        c[4] = cell_count(b, f);
        sum += look_shown(f) ? f->n : 0;
    }
    ReportCell *c = row_add(b, t, true);
    t->rows.at[t->rows.len - 1].sum = true;
    c[0] = cell_text(text_of(l, "report.row.sum"));
    c[1] = c[2] = c[3] = cell_text(S(""));
    c[4] = (ReportCell){ .kind = CELL_COUNT, .x = (double)sum };
    return t;
}

ReportTable *table_of_codes(Build *b, const Figure *question)
{
    Lang         l = b->o->lang;
    Str          what = l == LANG_EN && question->label_en.len ? question->label_en : question->label_vi;
    ReportTable *t = table_new(b, text_of(l, "report.sheet.codes"), text_fmt(b->a, l, "report.table.codes", ARG_S("what", what)));
    Str          prefix = str_concat(b->a, question->name, S(":"));
    column(b, t, text_of(l, "results.coded.code"), S(""), CELL_TEXT, 0.6);
    column(b, t, text_of(l, "report.column.share"), S("%"), CELL_REAL, 0.2);
    column(b, t, S("n"), S(""), CELL_COUNT, 0.2);
    for (size_t i = 0; i < b->s->look.figures.len; i++) {
        const Figure *f = &b->s->look.figures.at[i];
        if (!str_starts(f->name, prefix))
            continue;
        ReportCell *c = row_add(b, t, false);
        c[0] = cell_text(l == LANG_EN && f->label_en.len ? f->label_en : f->label_vi);
        c[1] = cell_value(b, f, 1);
        c[2] = cell_count(b, f);
    }
    return t->rows.len ? t : NULL;
}

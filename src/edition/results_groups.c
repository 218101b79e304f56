/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Charts of an edition by groups of those who answered: one a breakdown, its cells in the order of the questionnaire. */
#include "edition/parts.h"
#include "view/chart.h"

#include "edition_groups.html.h"

#include <math.h>

static Str group_label(const EditionGroup *g, Lang l)
{
    return g->label[l].len ? g->label[l] : g->label[LANG_VI].len ? g->label[LANG_VI] : g->value;
}

static const Figure *figure_in(Arena *a, const ResultsView *v, Str by, Str value)
{
    return figure_find(v->figures, str_join(a, (Str[]){ v->look.main, v->nodes.at[0].code }, 2, S(".")), by, value);
}

/* What stands first in a chart of groups: the highest and the lowest of those that are told. */
static Str finding_of(Out *o, const RankRow *rows, size_t n, size_t hidden)
{
    const RankRow *high = NULL, *low = NULL;
    for (size_t i = 0; i < n; i++) {
        if (isnan(rows[i].x))
            continue;
        high = !high || rows[i].x > high->x ? &rows[i] : high;
        low  = !low || rows[i].x < low->x ? &rows[i] : low;
    }
    if (!high || high == low)
        return text_of(o->lang, "results.finding.few");
    Str text = text_fmt(o->buf.a, o->lang, "results.groups.finding", ARG_S("first", high->label), ARG_S("x", real_text(o->buf.a, o->lang, high->x, 2)),
                        ARG_S("last", low->label), ARG_S("y", real_text(o->buf.a, o->lang, low->x, 2)));
    if (!hidden)
        return text;
    return str_join(o->buf.a, (Str[]){ text, text_fmt(o->buf.a, o->lang, "results.groups.hidden", ARG_N("k", (int64_t)hidden)) }, 2, S(" "));
}

static size_t group_rows(Out *o, const ResultsView *v, Str by, RankRow *rows, size_t *out_hidden)
{
    Arena *a = o->buf.a;
    size_t n = 0;
    *out_hidden = 0;
    for (size_t i = 0; i < v->groups.len; i++) {
        const EditionGroup *g = &v->groups.at[i];
        const Figure       *f = str_eq(g->by, by) && g->value.len ? figure_in(a, v, by, g->value) : NULL;
        if (!f)
            continue;
        bool shown = !f->suppressed && !isnan(f->x);
        *out_hidden += !shown;
        rows[n++] = (RankRow){ .label = group_label(g, o->lang), .x = shown ? f->x : NAN, .low = shown ? f->low : NAN, .high = shown ? f->high : NAN,
                               .n = shown ? f->n : 0,
                               .note = shown ? str_concat(a, S("n = "), num_text(a, o->lang, f->n)) : text_of(o->lang, "chart.suppressed") };
    }
    return n;
}

Str results_group_anchor(Arena *a, Str by)
{
    return str_concat(a, S("nhom-"), by);
}

static void group_chart(Out *o, const ResultsView *v, const EditionGroup *g, int number)
{
    RankRow *rows = arena_new(o->buf.a, RankRow, v->groups.len + 1);
    size_t   hidden, n = group_rows(o, v, g->by, rows, &hidden);
    const Figure *whole = figure_in(o->buf.a, v, S(""), S(""));
    if (!n)
        return;
    Str id = arena_fmt(o->buf.a, "gr%d", number);
    RankChart c = { .head = { id, group_label(g, o->lang), finding_of(o, rows, n, hidden), v->unit_note, v->csv_href }, .rows = rows, .n = n,
                    .whole = whole ? whole->x : NAN, .whole_label = text_of(o->lang, "results.whole"), .value_label = results_value_label(o, v),
                    .note_label = text_of(o->lang, "results.answers"), .name_label = group_label(g, o->lang) };
    results_group_open(o, results_group_anchor(o->buf.a, g->by));
    chart_rank(o, &c);
    results_group_close(o);
}

void results_groups(Out *o, const ResultsView *v)
{
    int number = 0;
    for (size_t i = 0; i < v->groups.len; i++)
        number += !v->groups.at[i].value.len;
    if (!number)
        return;
    results_groups_head(o, v);
    number = 0;
    for (size_t i = 0; i < v->groups.len; i++)
        if (!v->groups.at[i].value.len)
            group_chart(o, v, &v->groups.at[i], ++number);
}

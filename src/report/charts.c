/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Charts of a report, from the figures of its edition; findings are made by rule. */
#include "report/parts.h"

#include <math.h>
#include <stdlib.h>

ChartHead chart_head_of(Build *b, Str title, Str finding)
{
    return (ChartHead){ arena_fmt(b->a, "rc%d", ++b->charts), title, finding, b->r->source, S("") };
}

ReportChart *chart_new(Build *b, ReportChartKind kind)
{
    ReportChart *c = arena_new(b->a, ReportChart, 1);
    c->kind = kind;
    return c;
}

static Str likert_finding(Build *b, Str code)
{
    const Figure *whole = look_figure(&b->s->look, S("satisfied"), code, S("")), *none = look_figure(&b->s->look, S("none"), code, S(""));
    Lang l = b->o->lang;
    if (!look_shown(whole) || !look_shown(none))
        return text_of(l, "results.finding.few");
    Str b_text = real_text(b->a, l, none->x, 1), a_text = real_text(b->a, l, whole->x, 1);
    if (isnan(whole->low))
        return text_fmt(b->a, l, "results.finding.likert", ARG_S("a", a_text), ARG_N("n", whole->n), ARG_S("b", b_text));
    return text_fmt(b->a, l, "report.finding.likert", ARG_S("a", a_text), ARG_S("low", real_text(b->a, l, whole->low, 1)),
                    ARG_S("high", real_text(b->a, l, whole->high, 1)), ARG_N("n", whole->n), ARG_S("b", b_text));
}

static ReportChart *likert_chart(Build *b, Str title, Str code, LikertRow *rows, size_t n)
{
    Lang         l = b->o->lang;
    Str         *steps = arena_new(b->a, Str, LIKERT);
    ReportChart *c = chart_new(b, CHART_LIKERT);
    steps[0] = text_of(l, "results.step1");
    steps[1] = text_of(l, "results.step2");
    steps[2] = text_of(l, "results.step3");
    steps[3] = text_of(l, "results.step4");
    steps[4] = text_of(l, "results.step5");
    c->likert = (LikertChart){ chart_head_of(b, title, likert_finding(b, code)), rows, n, steps, text_of(l, "results.no-opinion") };
    return c;
}

ReportChart *chart_of_topic(Build *b, int topic)
{
    const LookNode *t    = &b->s->look.nodes.at[topic];
    LikertRow   *rows = arena_new(b->a, LikertRow, b->s->look.nodes.len + 1);
    size_t       n    = 0;
    if (!look_likert(&b->s->look, b->o->lang, t->code, &rows[n]))
        return NULL;
    rows[n].strong  = true;
    rows[n++].label = text_of(b->o->lang, "results.together");
    for (size_t i = 0; i < b->s->look.nodes.len; i++)
        if (b->s->look.nodes.at[i].parent == topic)
            n += look_likert(&b->s->look, b->o->lang, b->s->look.nodes.at[i].code, &rows[n]);
    return likert_chart(b, topic_label(t, b->o->lang), t->code, rows, n);
}

ReportChart *chart_of_question(Build *b, int topic)
{
    const LookNode *t   = &b->s->look.nodes.at[topic];
    LikertRow   *row = arena_new(b->a, LikertRow, 1);
    if (!look_likert(&b->s->look, b->o->lang, t->code, row))
        return NULL;
    row->label = t->code;                   /* the question itself stands above */
    return likert_chart(b, t->code, t->code, row, 1);
}

/* ---- Provinces -------------------------------------------------------------------------------------------------------- */

static int by_value(const void *x, const void *y)
{
    double p = ((const RankRow *)x)->x, q = ((const RankRow *)y)->x;
    if (isnan(p) || isnan(q))
        return isnan(p) - isnan(q);
    return (p < q) - (p > q);
}

static RankRow rank_row(Build *b, size_t i, Str top, Str mine)
{
    const Unit   *u     = &b->s->look.provinces.at[i];
    const Figure *f     = look_main(&b->s->look, top, u->code);
    bool          shown = look_shown(f);
    Lang          l     = b->o->lang;
    Str           note  = b->s->rank[l][i].len ? b->s->rank[l][i] : str_concat(b->a, S("n = "), num_text(b->a, l, f->n));
    return (RankRow){ .label = province_label(u, l), .href = figure_href(b, f), .x = shown ? f->x : NAN, .low = shown ? f->low : NAN,
                      .high = shown ? f->high : NAN, .n = shown ? f->n : 0, .note = shown ? note : text_of(l, "chart.suppressed"),
                      .mine = str_eq(u->code, mine) };
}

static RankRow *rank_rows(Build *b, Str mine, size_t *out_shown)
{
    size_t   n    = b->s->look.provinces.len;
    RankRow *rows = arena_new(b->a, RankRow, n + 1);
    *out_shown = 0;
    for (size_t i = 0; i < n; i++) {
        rows[i] = rank_row(b, i, b->s->look.nodes.at[b->s->look.top].code, mine);
        *out_shown += !isnan(rows[i].x);
    }
    qsort(rows, n, sizeof *rows, by_value);
    return rows;
}

static Str rank_finding(Build *b, const RankRow *rows, size_t shown)
{
    Lang l = b->o->lang;
    if (shown < 2)
        return text_of(l, "results.finding.few");
    Str key  = b->s->look.intervals ? text_of(l, "results.finding.rank-range") : text_of(l, "results.finding.rank");
    Str text = text_fill(b->a, l, key, (TextArg[]){ ARG_S("first", rows[0].label), ARG_S("x", real_text(b->a, l, rows[0].x, 2)),
                         ARG_S("last", rows[shown - 1].label), ARG_S("y", real_text(b->a, l, rows[shown - 1].x, 2)) }, 4);
    if (shown == b->s->look.provinces.len)
        return text;
    return str_join(b->a, (Str[]){ text, text_fmt(b->a, l, "results.finding.hidden", ARG_N("k", (int64_t)(b->s->look.provinces.len - shown))) }, 2, S(" "));
}

ReportChart *chart_of_provinces(Build *b, Str mine)
{
    if (!b->s->look.provinces.len)
        return NULL;
    Lang          l = b->o->lang;
    size_t        shown;
    const RankRow *rows  = rank_rows(b, mine, &shown);
    const Figure  *whole = b->s->look.nodes.at[b->s->look.top].whole;
    ReportChart   *c     = chart_new(b, CHART_RANK);
    c->rank = (RankChart){ .head = chart_head_of(b, text_of(l, "results.rank.title"), rank_finding(b, rows, shown)), .rows = rows,
                           .n = b->s->look.provinces.len, .whole = look_shown(whole) ? whole->x : NAN, .whole_label = text_of(l, "results.whole"),
                           .value_label = words_of_index(b, text_of(l, "results.value"), text_of(l, "results.value-index")),
                           .note_label = b->s->look.intervals ? text_of(l, "results.rank.label") : text_of(l, "results.answers") };
    return c;
}

ReportChart *chart_of_map(Build *b)
{
    size_t n = b->s->look.provinces.len, shown;
    if (!look_mapped(&b->s->look.provinces))
        return NULL;
    Lang         l = b->o->lang;
    TileValue   *values = arena_new(b->a, TileValue, n);
    double      *x = arena_new(b->a, double, n);
    ReportChart *c = chart_new(b, CHART_TILES);
    for (size_t i = 0; i < n; i++) {
        const Unit   *u = &b->s->look.provinces.at[i];
        const Figure *f = look_main(&b->s->look, b->s->look.nodes.at[b->s->look.top].code, u->code);
        x[i]      = look_shown(f) ? f->x : NAN;
        values[i] = (TileValue){ u->code, x[i], f->low, f->high, look_shown(f) ? f->n : 0, figure_href(b, f) };
    }
    const RankRow *rows = rank_rows(b, S(""), &shown);
    c->tiles = (TileChart){ .head = chart_head_of(b, text_of(l, "results.map.title"), rank_finding(b, rows, shown)), .values = values, .n = n,
                            .value_label = S("%") };
    tile_cuts(x, n, c->tiles.cut);
    return c;
}

/* ---- Codes of open answers ---------------------------------------------------------------------------------------------- */

static int by_count(const void *x, const void *y)
{
    const BarRow *p = x, *q = y;
    return (p->value < q->value) - (p->value > q->value);
}

ReportChart *chart_of_codes(Build *b, const Figure *question)
{
    Lang    l = b->o->lang;
    BarRow *rows = arena_new(b->a, BarRow, b->s->look.figures.len + 1);
    size_t  n = 0;
    Str     prefix = str_concat(b->a, question->name, S(":"));
    for (size_t i = 0; i < b->s->look.figures.len; i++) {
        const Figure *f = &b->s->look.figures.at[i];
        if (str_starts(f->name, prefix) && look_shown(f) && f->x > 0)
            rows[n++] = (BarRow){ .label = l == LANG_EN ? f->label_en : f->label_vi, .value = (int64_t)llround(f->x * (double)f->n / 100) };
    }
    if (!n)
        return NULL;
    qsort(rows, n, sizeof *rows, by_count);
    Str finding = text_fmt(b->a, l, "results.coded.finding", ARG_N("n", question->n), ARG_S("code", rows[0].label),
                           ARG_S("share", real_text(b->a, l, 100 * (double)rows[0].value / (double)question->n, 1)));
    ReportChart *c = chart_new(b, CHART_BARS);
    c->bars = (BarChart){ chart_head_of(b, l == LANG_EN ? question->label_en : question->label_vi, finding), rows, n, text_of(l, "results.coded.code"),
                          text_of(l, "results.coded.count") };
    return c;
}

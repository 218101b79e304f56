/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures in words: values, intervals, changes, findings by rule; the chart of a table. */
#include "desk/desk_view.h"

static Str shown(Arena *a, Lang l, const DeskTable *t, double x)
{
    return real_text(a, l, t->scale * x, 2);
}

Str desk_figure_text(Arena *a, Lang l, const DeskTable *t, double x)
{
    return str_concat(a, shown(a, l, t, x), t->unit);
}

static Str interval_text(Arena *a, Lang l, const DeskTable *t, const DeskFigure *f)
{
    return isnan(f->low) ? S("–") : str_join(a, (Str[]){ shown(a, l, t, f->low), shown(a, l, t, f->high) }, 2, S("–"));
}

DeskCellView desk_cell(Arena *a, Lang l, const DeskTable *t, size_t wanted, size_t i, size_t j, Str query)
{
    const DeskFigure *f = desk_at(&t->result, wanted, i, j);
    DeskCellView v = { .n = f->n, .counted = f->show == STATS_SHOWN || f->show == STATS_UNRELIABLE, .deff = f->deff, .why = desk_show_text(l, f) };
    if (t->change && wanted == 0)
        v.change = &t->change[i * t->result.columns + j];
    if (f->show != STATS_SHOWN)
        return v;
    v.value    = shown(a, l, t, f->x);
    v.interval = interval_text(a, l, t, f);
    v.letters  = desk_letters(a, f->above);
    v.href     = arena_fmt(a, "/console/analysis/why?%.*s&k=%zu&i=%zu&j=%zu", STR_ARG(query), wanted, i, j);
    return v;
}

Icon desk_change_icon(const DeskChange *c)
{
    return !c->any || !c->clear ? ICON_NONE : c->diff > 0 ? ICON_UP : ICON_DOWN;
}

Str desk_change_text(Arena *a, Lang l, const DeskTable *t, const DeskChange *c)
{
    (void)t;
    if (!c->any)
        return S("–");
    Str diff = str_concat(a, c->diff > 0 ? S("+") : S(""), real_text(a, l, c->diff, 2));
    if (isnan(c->low))
        return text_fmt(a, l, "desk.change.plain", ARG_S("diff", diff));
    Str range = str_join(a, (Str[]){ real_text(a, l, c->low, 2), real_text(a, l, c->high, 2) }, 2, S("; "));
    Str key   = !c->clear ? text_of(l, "desk.change.same") : c->diff > 0 ? text_of(l, "desk.change.up") : text_of(l, "desk.change.down");
    return text_fill(a, l, key, (TextArg[]){ ARG_S("diff", diff), ARG_S("range", range) }, 2);
}

Str desk_test_text(Arena *a, Lang l, const DeskTest *test)
{
    if (!test->done)
        return S("");
    Str p = test->p < 0.001 ? S("< 0,001") : str_concat(a, S("= "), real_text(a, l, test->p, 3));
    if (l == LANG_EN)
        p = str_replace(a, p, S("0,001"), S("0.001"));
    Str key = test->p < 0.05 ? text_of(l, "desk.test.dependent") : text_of(l, "desk.test.independent");
    return text_fill(a, l, key, (TextArg[]){ ARG_S("f", real_text(a, l, test->statistic, 2)), ARG_S("df1", real_text(a, l, test->df1, 1)),
                     ARG_S("df2", real_text(a, l, test->df2, 1)), ARG_S("p", p) }, 4);
}

Str desk_heading(Arena *a, Lang l, const DeskTable *t)
{
    if (!t->axis[0].levels)
        return t->measure;
    if (!t->axis[1].levels)
        return text_fmt(a, l, "desk.heading.one", ARG_S("measure", t->measure), ARG_S("by", t->axis[0].label));
    return text_fmt(a, l, "desk.heading.two", ARG_S("measure", t->measure), ARG_S("by", t->axis[0].label), ARG_S("by2", t->axis[1].label));
}

/* ---- Findings by rule ------------------------------------------------------------------------------------------------------ */

static Str whole_text(Arena *a, Lang l, const DeskTable *t, const DeskFigure *f)
{
    Str x = desk_figure_text(a, l, t, f->x);
    if (isnan(f->low))
        return text_fmt(a, l, "desk.finding.whole-plain", ARG_S("x", x), ARG_N("n", f->n));
    return text_fmt(a, l, "desk.finding.whole", ARG_S("x", x), ARG_S("low", shown(a, l, t, f->low)), ARG_S("high", shown(a, l, t, f->high)), ARG_N("n", f->n));
}

/* The highest and lowest level, when one of them is clearly above the other. */
static Str ends_text(Arena *a, Lang l, const DeskTable *t)
{
    size_t high = 0, low = 0;
    for (size_t i = 1; i <= t->axis[0].levels; i++) {
        const DeskFigure *f = desk_at(&t->result, 0, i, 0);
        if (f->show != STATS_SHOWN)
            continue;
        high = !high || f->x > desk_at(&t->result, 0, high, 0)->x ? i : high;
        low  = !low || f->x < desk_at(&t->result, 0, low, 0)->x ? i : low;
    }
    if (high == low)
        return S("");
    const DeskFigure *top = desk_at(&t->result, 0, high, 0), *bottom = desk_at(&t->result, 0, low, 0);
    bool clear = !t->axis[1].levels && low <= 64 && (top->above >> (low - 1) & 1);
    Str  key = clear ? text_of(l, "desk.finding.ends-clear") : text_of(l, "desk.finding.ends");
    return text_fill(a, l, key, (TextArg[]){ ARG_S("high", t->axis[0].at[high - 1].label), ARG_S("x", desk_figure_text(a, l, t, top->x)),
                     ARG_S("low", t->axis[0].at[low - 1].label), ARG_S("y", desk_figure_text(a, l, t, bottom->x)) }, 4);
}

Str desk_finding(Arena *a, Lang l, const DeskTable *t)
{
    const DeskFigure *f = desk_at(&t->result, 0, 0, 0);
    if (t->n_wanted > 1)
        return desk_test_text(a, l, &t->result.test);
    if (f->show != STATS_SHOWN)
        return text_of(l, "desk.finding.few");
    Str whole = whole_text(a, l, t, f), ends = t->axis[0].levels ? ends_text(a, l, t) : S("");
    return ends.len ? str_join(a, (Str[]){ whole, ends }, 2, S(" ")) : whole;
}

/* ---- Charts ----------------------------------------------------------------------------------------------------------------- */

static int by_value(const void *x, const void *y)
{
    double p = ((const RankRow *)x)->x, q = ((const RankRow *)y)->x;
    return isnan(p) || isnan(q) ? isnan(p) - isnan(q) : (p < q) - (p > q);
}

static void rank_chart(Out *o, const DeskTable *t, const ChartHead *head)
{
    Arena     *a    = o->buf.a;
    RankRow   *rows = arena_new(a, RankRow, t->axis[0].levels + 1);
    size_t     n    = 0;
    const DeskFigure *whole = desk_at(&t->result, 0, 0, 0);
    for (size_t i = 1; i <= t->axis[0].levels; i++) {
        const DeskFigure *f = desk_at(&t->result, 0, i, 0);
        bool seen = f->show == STATS_SHOWN;
        rows[n++] = (RankRow){ .label = t->axis[0].at[i - 1].label, .x = t->scale * f->x, .low = t->scale * f->low, .high = t->scale * f->high,
                               .n = seen ? f->n : 0, .note = seen ? str_concat(a, S("n = "), num_text(a, o->lang, f->n)) : desk_show_text(o->lang, f) };
    }
    qsort(rows, n, sizeof *rows, by_value);
    RankChart c = { *head, rows, n, t->scale * whole->x, text_of(o->lang, "desk.all"), t->unit.len ? t->unit : text_of(o->lang, "desk.points"),
                    text_of(o->lang, "desk.answered") };
    chart_rank(o, &c);
}

static void step_chart(Out *o, const DeskTable *t, const ChartHead *head)
{
    Arena     *a     = o->buf.a;
    size_t     rows  = t->axis[0].levels + 1, n = 0;
    LikertRow *row   = arena_new(a, LikertRow, rows);
    for (size_t i = 0; i < rows; i++) {
        LikertRow *r = &row[n++];
        *r = (LikertRow){ .label = desk_row_label(t, o->lang, 0, i), .low = NAN, .high = NAN, .mean = NAN, .strong = i == 0 };
        for (size_t k = 0; k < 5; k++) {
            const DeskFigure *f = desk_at(&t->result, k, i, 0);
            r->share[k]   = f->x;
            r->n          = f->n;
            r->suppressed |= f->show != STATS_SHOWN;
        }
    }
    LikertChart c = { *head, row, n, t->wanted, text_of(o->lang, "results.no-opinion") };
    chart_likert(o, &c);
}

/* Axes around nothing say nothing. */
static bool any_shown(const DeskTable *t)
{
    for (size_t i = 1; i <= t->axis[0].levels; i++)
        if (desk_at(&t->result, 0, i, 0)->show == STATS_SHOWN)
            return true;
    return false;
}

bool desk_has_chart(const DeskTable *t)
{
    return !t->axis[1].levels && (t->steps || (t->n_wanted == 1 && any_shown(t)));
}

void desk_chart(Out *o, const DeskTable *t, Str csv)
{
    Arena *a = o->buf.a;
    Str how  = t->probability ? text_of(o->lang, "desk.chart.weighted") : t->weighted ? text_of(o->lang, "desk.chart.values")
                                                                                      : text_of(o->lang, "desk.chart.unweighted");
    ChartHead head = { S("desk"), desk_heading(a, o->lang, t), desk_finding(a, o->lang, t), how, csv };
    if (desk_has_chart(t) && t->steps)
        step_chart(o, t, &head);
    else if (desk_has_chart(t))
        rank_chart(o, t, &head);
}

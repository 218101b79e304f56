/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The charts of one set of figures: headline values, factors, items, provinces. Findings are made by rule. */
#include "edition/look.h"
#include "edition/parts.h"
#include "stats/rank.h"
#include "view/chart.h"

#include "edition_kpi.html.h"

#include <math.h>
#include <stdlib.h>

#define PROVINCE_MOST 64

Err results_view(Db *db, Arena *a, Lang l, const Figures *f, Str method, Str place, Date on, const Look *look, Str unit_note, Str csv_href, ResultsView *out)
{
    ResultsView v = { .figures = f, .unit_note = unit_note, .csv_href = csv_href, .on = on, .intervals = figures_have_se(f) };
    TRY(method_load(db, a, method, &v.how));
    v.nodes = v.how.nodes;
    TRY(unit_list(db, a, UNIT_PROVINCE, on, &v.provinces));
    if (look)
        v.look = *look;
    else
        look_make(a, f, &v.how, place, &v.provinces, &v.look);
    const Str steps[] = { text_of(l, "results.step1"), text_of(l, "results.step2"), text_of(l, "results.step3"),
                          text_of(l, "results.step4"), text_of(l, "results.step5") };
    memcpy(v.steps, steps, sizeof steps);
    *out = v;
    return OK;
}

static const Figure *figure_of(const ResultsView *v, Str measure, Str code, Str province)
{
    return look_figure(&v->look, measure, code, province);
}

/* The index that heads the method. */
static Str top_code(const ResultsView *v)
{
    return v->nodes.len ? v->nodes.at[0].code : S("");
}

void results_kpis(Out *o, const ResultsView *v)
{
    FigureKpi kpis[8];
    size_t    n     = 0;
    double    least = 100;
    for (size_t i = 0; i < v->nodes.len && n < COUNT_OF(kpis); i++) {
        const MethodNode *m = &v->nodes.at[i];
        const Figure     *f = figure_of(v, v->look.main, m->code, S(""));
        if (!f || str_eq(m->kind, S("factor")))
            continue;
        const Figure *mean = figure_of(v, S("mean"), m->code, S(""));
        kpis[n] = (FigureKpi){ .id = arena_fmt(o->buf.a, "kpi%zu", n), .name = look_label(f, o->lang), .x = f->x, .low = f->low, .high = f->high,
                               .mean = mean ? mean->x : NAN, .last = NAN, .n = f->n, .suppressed = f->suppressed, .weighted = v->weighted };
        int at = look_node(&v->look, m->code);
        if (v->change && at >= 0) {
            kpis[n].last   = v->change[at].before;
            kpis[n].change = look_change_tag(o->buf.a, o->lang, &v->change[at]);
            least          = fmin(least, isnan(kpis[n].last) ? 100 : kpis[n].last);
        }
        least   = fmin(least, isnan(f->x) ? 100 : f->x);
        n++;
    }
    for (size_t i = 0; i < n; i++)
        kpis[i].from = fmax(0, fmin(80, floor(least / 10) * 10 - 10));
    edition_kpi_row(o, kpis, n);
}

/* Where a figure of an edition says why it is what it is (module desk); empty for live results. */
static Str why_href(const Out *o, const ResultsView *v, const Figure *f)
{
    Out x = out_new(o->buf.a, o->lang, 160);
    if (!f || !v->csv_href.len)
        return S("");
    out_raw(&x, o->lang == LANG_EN ? S("/en") : S(""));
    out_raw(&x, str_cut_last(v->csv_href, '/').head);
    out_raw(&x, S("/why?name="));
    out_url_part(&x, f->name);
    if (f->value.len) {
        out_raw(&x, S("&by="));
        out_url_part(&x, f->by);
        out_raw(&x, S("&value="));
        out_url_part(&x, f->value);
    }
    return out_text(&x);
}

static bool likert_row(const ResultsView *v, Out *o, Str code, LikertRow *out)
{
    if (!look_likert(&v->look, o->lang, code, out))
        return false;
    out->why = why_href(o, v, look_figure(&v->look, S("satisfied"), code, S("")));
    return true;
}

static Str likert_finding(Out *o, const LikertRow *r)
{
    if (r->suppressed)
        return text_of(o->lang, "results.finding.few");
    Arena *a = o->buf.a;
    return text_fmt(a, o->lang, "results.finding.likert", ARG_S("a", real_text(a, o->lang, 100 * (r->share[3] + r->share[4]), 1)),
                    ARG_N("n", r->n), ARG_S("b", real_text(a, o->lang, 100 * r->none, 1)));
}

/* Items of a factor: figures without a domain whose code the method places there. */
static bool item_below(const ResultsView *v, const Figure *f, const MethodNode *factor, Str *out_code)
{
    if (f->by.len || !str_starts(f->name, S("step1.")))
        return false;
    *out_code = str_skip(f->name, 6);
    return method_place(&v->how, *out_code, NULL) == (int)(factor - v->nodes.at);
}

static bool is_node(const ResultsView *v, Str code)
{
    for (size_t i = 0; i < v->nodes.len; i++)
        if (str_eq(v->nodes.at[i].code, code))
            return true;
    return false;
}

static ChartHead head_of(Out *o, const ResultsView *v, const char *id, Str title, Str finding)
{
    (void)o;
    return (ChartHead){ str_from_c(id), title, finding, v->unit_note, v->csv_href };
}

/* One chart a component: itself, then its factors. */
static void factor_chart(Out *o, const ResultsView *v, const MethodNode *component, int number)
{
    Arena     *a = o->buf.a;
    LikertRow *rows = arena_new(a, LikertRow, v->nodes.len + 1);
    size_t     n    = 0;
    if (!likert_row(v, o, component->code, &rows[n]))
        return;
    rows[n].strong = true;
    Str title = rows[n].label;
    rows[n++].label = text_of(o->lang, "results.together");
    for (size_t i = 0; i < v->nodes.len; i++)
        if (str_eq(v->nodes.at[i].parent, component->code))
            n += likert_row(v, o, v->nodes.at[i].code, &rows[n]);
    Str id = arena_fmt(a, "lk%d", number);
    LikertChart c = { head_of(o, v, arena_c(a, id), title, likert_finding(o, &rows[0])), rows, n, v->steps,
                      text_of(o->lang, "results.no-opinion") };
    chart_likert(o, &c);
}

/* One chart a factor: each of its items. */
static void item_chart(Out *o, const ResultsView *v, const MethodNode *factor, int number)
{
    Arena     *a    = o->buf.a;
    LikertRow *rows = arena_new(a, LikertRow, v->figures->len / 8 + 1), whole;
    size_t     n    = 0;
    Str        code;
    for (size_t i = 0; i < v->figures->len; i++)
        if (item_below(v, &v->figures->at[i], factor, &code) && !is_node(v, code))
            n += likert_row(v, o, code, &rows[n]);
    if (n == 0 || !likert_row(v, o, factor->code, &whole))
        return;
    Str id = arena_fmt(a, "it%d", number);
    LikertChart c = { head_of(o, v, arena_c(a, id), whole.label, likert_finding(o, &whole)), rows, n, v->steps,
                      text_of(o->lang, "results.no-opinion") };
    chart_likert(o, &c);
}

static void section_open(Out *o)
{
    out_raw(o, S("<section class=\"section\"><div class=\"wrap\"><div class=\"section-in\">\n"));
}

static void section_close(Out *o)
{
    out_raw(o, S("</div></div></section>\n"));
}

static bool below_a_node(const ResultsView *v, Str code)
{
    return is_node(v, code) || method_place(&v->how, code, NULL) >= 0;
}

/* It holds factors: a content, or the index of a method without contents. */
static bool holds_factors(const ResultsView *v, const MethodNode *m)
{
    for (size_t i = 0; i < v->nodes.len; i++)
        if (str_eq(v->nodes.at[i].parent, m->code) && str_eq(v->nodes.at[i].kind, S("factor")))
            return true;
    return false;
}

/* Items that the method groups under nothing, or all of them when it is not known here. */
static void loose_chart(Out *o, const ResultsView *v)
{
    LikertRow *rows = arena_new(o->buf.a, LikertRow, v->figures->len / 8 + 1);
    size_t     n    = 0;
    for (size_t i = 0; i < v->figures->len; i++) {
        const Figure *f = &v->figures->at[i];
        if (!f->by.len && str_starts(f->name, S("step1.")) && !below_a_node(v, str_skip(f->name, 6)))
            n += likert_row(v, o, str_skip(f->name, 6), &rows[n]);
    }
    if (n == 0)
        return;
    section_open(o);
    LikertChart c = { head_of(o, v, "lk", text_of(o->lang, "results.items"), likert_finding(o, &rows[0])), rows, n, v->steps,
                      text_of(o->lang, "results.no-opinion") };
    chart_likert(o, &c);
    section_close(o);
}

static Str province_href(Arena *a, const ResultsView *v, Str code)
{
    return arena_fmt(a, "/units/code/%.*s?on=%.*s", STR_ARG(code), STR_ARG(date_iso(a, v->on)));
}

static int by_value(const void *x, const void *y)
{
    double p = ((const RankRow *)x)->x, q = ((const RankRow *)y)->x;
    if (isnan(p) || isnan(q))
        return isnan(p) - isnan(q);
    return (p < q) - (p > q);
}

/* Which ranks cannot be told from a province's own, by pairwise tests with Holm's correction. Strata lie within provinces: no covariance. */
static void rank_notes(Out *o, RankRow *rows, const double *variance, size_t n)
{
    Arena  *a     = o->buf.a;
    double *theta = arena_new(a, double, n), *v = arena_new(a, double, n * n);
    for (size_t i = 0; i < n; i++) {
        v[i * n + i] = variance[i];
        theta[i]     = isnan(variance[i]) ? NAN : rows[i].x;
    }
    StatsRanks ranks = stats_ranks(a, n, theta, v, 0.95);
    for (size_t i = 0; i < n; i++)
        if (!isnan(theta[i]))
            rows[i].note = text_fmt(a, o->lang, "results.rank.range", ARG_N("low", (int64_t)ranks.unit[i].holm_low),
                                    ARG_N("high", (int64_t)ranks.unit[i].holm_high));
}

static size_t province_rows(Out *o, const ResultsView *v, RankRow *rows, size_t *out_hidden)
{
    Arena *a = o->buf.a;
    size_t n = 0;
    double variance[PROVINCE_MOST];
    *out_hidden = 0;
    for (size_t i = 0; i < v->provinces.len && n < PROVINCE_MOST; i++) {
        const Unit   *u = &v->provinces.at[i];
        const Figure *f = figure_of(v, v->look.main, top_code(v), u->code);
        if (!f)
            continue;
        bool shown = !f->suppressed && !isnan(f->x);
        *out_hidden += !shown;
        rows[n++] = (RankRow){ .label = look_province_name(u, o->lang), .href = province_href(a, v, u->code), .x = shown ? f->x : NAN,
                               .low = shown ? f->low : NAN, .high = shown ? f->high : NAN, .n = shown ? f->n : 0,
                               .mine = v->mine.len && str_eq(v->mine, u->code),
                               .note = shown ? str_concat(a, S("n = "), num_text(a, o->lang, f->n)) : text_of(o->lang, "chart.suppressed") };
        variance[n - 1] = shown ? f->se * f->se : NAN;
        rows[n - 1].why = why_href(o, v, f);
    }
    if (v->intervals)
        rank_notes(o, rows, variance, n);
    qsort(rows, n, sizeof *rows, by_value);
    return n;
}

static Str rank_finding(Out *o, const ResultsView *v, const RankRow *rows, size_t n, size_t hidden)
{
    Arena *a     = o->buf.a;
    size_t shown = n - hidden;
    if (shown < 2)
        return text_of(o->lang, "results.finding.few");
    Str text = text_fill(a, o->lang, v->intervals ? text_of(o->lang, "results.finding.rank-range") : text_of(o->lang, "results.finding.rank"),
                         (TextArg[]){ ARG_S("first", rows[0].label), ARG_S("x", real_text(a, o->lang, rows[0].x, 2)),
                        ARG_S("last", rows[shown - 1].label), ARG_S("y", real_text(a, o->lang, rows[shown - 1].x, 2)) }, 4);
    if (hidden == 0)
        return text;
    return str_join(a, (Str[]){ text, text_fmt(a, o->lang, "results.finding.hidden", ARG_N("k", (int64_t)hidden)) }, 2, S(" "));
}

Str results_value_label(const Out *o, const ResultsView *v)
{
    return !str_eq(v->look.main, S("index")) ? text_of(o->lang, "results.value") : text_of(o->lang, "results.value-index");
}

void results_rank(Out *o, const ResultsView *v)
{
    RankRow rows[PROVINCE_MOST];
    size_t  hidden, n = province_rows(o, v, rows, &hidden);
    const Figure *whole = figure_of(v, v->look.main, top_code(v), S(""));
    if (n == 0)
        return;
    RankChart c = { .head = head_of(o, v, "rk", text_of(o->lang, "results.rank.title"), rank_finding(o, v, rows, n, hidden)),
                    .rows = rows, .n = n, .whole = whole ? whole->x : NAN, .whole_label = text_of(o->lang, "results.whole"),
                    .value_label = results_value_label(o, v),
                    .note_label = v->intervals ? text_of(o->lang, "results.rank.label") : text_of(o->lang, "results.answers") };
    chart_rank(o, &c);
}

void results_map(Out *o, const ResultsView *v)
{
    TileValue values[PROVINCE_MOST];
    double    x[PROVINCE_MOST];
    RankRow   rows[PROVINCE_MOST];
    size_t    n = 0, hidden, ranked = province_rows(o, v, rows, &hidden);
    for (size_t i = 0; i < v->provinces.len && n < PROVINCE_MOST; i++) {
        Str           code = v->provinces.at[i].code;
        const Figure *f    = figure_of(v, v->look.main, top_code(v), code);
        if (!f)
            continue;
        x[n]      = f->suppressed ? NAN : f->x;
        values[n] = (TileValue){ code, x[n], f->low, f->high, f->suppressed ? 0 : f->n, province_href(o->buf.a, v, code) };
        n++;
    }
    if (n == 0 || !look_mapped(&v->provinces))
        return;
    TileChart c = { .head = head_of(o, v, "mp", text_of(o->lang, "results.map.title"), rank_finding(o, v, rows, ranked, hidden)),
                    .values = values, .n = n, .value_label = S("%") };
    tile_cuts(x, n, c.cut);
    chart_tiles(o, &c);
}

/* ---- Open questions, by the codes that coders gave ------------------------------------------------------------------------- */
static int by_count(const void *x, const void *y)
{
    const BarRow *p = x, *q = y;
    return (p->value < q->value) - (p->value > q->value);
}

/* One chart a question: its codes from the most to the least. Those too seldom to be told stand in the sentence above. */
static void coded_chart(Out *o, const ResultsView *v, const Figure *question, int number)
{
    Arena  *a = o->buf.a;
    BarRow *rows = arena_new(a, BarRow, v->figures->len + 1);
    size_t  n = 0, hidden = 0;
    Str     prefix = str_concat(a, question->name, S(":"));
    for (size_t i = 0; i < v->figures->len; i++) {
        const Figure *f = &v->figures->at[i];
        if (!str_starts(f->name, prefix))
            continue;
        hidden += f->suppressed;
        if (!f->suppressed && f->x > 0)
            rows[n++] = (BarRow){ .label = o->lang == LANG_EN ? f->label_en : f->label_vi, .value = (int64_t)llround(f->x * (double)f->n / 100) };
    }
    if (!n)
        return;
    qsort(rows, n, sizeof *rows, by_count);
    Str finding = text_fmt(a, o->lang, "results.coded.finding", ARG_N("n", question->n), ARG_S("code", rows[0].label),
                           ARG_S("share", real_text(a, o->lang, 100 * (double)rows[0].value / (double)question->n, 1)));
    if (hidden)
        finding = str_join(a, (Str[]){ finding, text_fmt(a, o->lang, "results.coded.hidden", ARG_N("n", (int64_t)hidden)) }, 2, S(" "));
    if (v->weighted)
        finding = str_join(a, (Str[]){ finding, text_of(o->lang, "results.coded.unweighted") }, 2, S(" "));
    section_open(o);
    BarChart c = { head_of(o, v, arena_c(a, arena_fmt(a, "co%d", number)), o->lang == LANG_EN ? question->label_en : question->label_vi, finding), rows, n,
                   text_of(o->lang, "results.coded.code"), text_of(o->lang, "results.coded.count") };
    c.head.unit_note = v->simulated ? text_of(o->lang, "results.note.coded.simulated") : text_of(o->lang, "results.note.coded");
    chart_bars(o, &c);
    section_close(o);
}

static void coded_charts(Out *o, const ResultsView *v)
{
    int number = 0;
    for (size_t i = 0; i < v->figures->len; i++) {
        const Figure *f = &v->figures->at[i];
        if (str_starts(f->name, S("coded.")) && !str_has(f->name, S(":")))
            coded_chart(o, v, f, ++number);
    }
}

/* Provinces since the round before. */
static void moved_chart(Out *o, const ResultsView *v)
{
    SlopeChart c = v->moved ? look_slope(o->buf.a, o->lang, &v->look, v->moved, v->e, v->earlier) : (SlopeChart){ .n = 0 };
    if (!c.n)
        return;
    c.head = head_of(o, v, "sl", c.head.title, c.head.finding);
    section_open(o);
    chart_slope(o, &c);
    section_close(o);
}

static void framed(Out *o, const ResultsView *v, void (*chart)(Out *o, const ResultsView *v))
{
    section_open(o);
    chart(o, v);
    section_close(o);
}

static void factor_charts(Out *o, const ResultsView *v, int *number)
{
    for (size_t i = 0; i < v->nodes.len; i++) {
        const MethodNode *m = &v->nodes.at[i];
        if (!holds_factors(v, m) || !figure_of(v, S("satisfied"), m->code, S("")))
            continue;
        section_open(o);
        factor_chart(o, v, m, ++*number);
        section_close(o);
    }
}

static void item_charts(Out *o, const ResultsView *v, int *number)
{
    for (size_t i = 0; i < v->nodes.len; i++) {
        if (!str_eq(v->nodes.at[i].kind, S("factor")) || !figure_of(v, S("satisfied"), v->nodes.at[i].code, S("")))
            continue;
        section_open(o);
        item_chart(o, v, &v->nodes.at[i], ++*number);
        section_close(o);
    }
}

void results_charts(Out *o, const ResultsView *v)
{
    int  number = 0;
    bool places = v->look.place.len && v->nodes.len;
    if (method_shows(&v->how, TABLE_FACTORS))
        factor_charts(o, v, &number);
    loose_chart(o, v);
    if (places && method_shows(&v->how, TABLE_PROVINCES))
        framed(o, v, results_rank);
    if (places && method_shows(&v->how, TABLE_MAP))
        framed(o, v, results_map);
    if (places && method_shows(&v->how, TABLE_PROVINCES))
        moved_chart(o, v);
    if (v->nodes.len && method_shows(&v->how, TABLE_BREAKDOWNS))
        results_groups(o, v);
    if (method_shows(&v->how, TABLE_ITEMS))
        item_charts(o, v, &number);
    if (method_shows(&v->how, TABLE_CODED))
        coded_charts(o, v);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The drawings of a board. */
#include "board/parts.h"

#include <math.h>
#include <stdlib.h>

enum { HEAT_COLUMNS = 14, PANELS_MOST = 12 };

static const Figure *main_of(const Look *l, Arena *a, size_t node, Str province)
{
    return look_main(l, l->nodes.at[node].code, province);
}

static Str note_of(const Out *o, const Board *b)
{
    Str how = b->now.row.weighting ? text_of(o->lang, "results.weighted") : text_of(o->lang, "results.unweighted");
    Str key = b->now.row.simulated ? text_of(o->lang, "results.note.simulated") : text_of(o->lang, "results.note.edition");
    return text_fill(o->buf.a, o->lang, key, (TextArg[]){ ARG_N("number", b->now.row.number), ARG_S("how", how) }, 2);
}

static Str csv_of(const Out *o, const Board *b)
{
    return str_concat(o->buf.a, edition_path(o->buf.a, &b->now.row), S("/figures.csv"));
}

/* ---- Key figures -------------------------------------------------------------------------------------------------------------------- */

/* An arrow only where a test tells the change from none. */
static void change_on(Out *o, const StatsChange *c, Kpi *k)
{
    if (!c || isnan(c->x))
        return;
    ChangeTag tag = look_change_tag(o->buf.a, o->lang, c);
    k->last_year    = c->before;
    k->change       = tag.text;
    k->change_kind  = tag.kind;
    k->change_shape = tag.shape;
}

Kpi board_figure_kpi(Arena *a, Str id, Str name, const Figure *f)
{
    Kpi k = { .id = id, .name = name, .unit = S("%"), .low = NAN, .high = NAN, .last_year = NAN, .state = KPI_SUPPRESSED, .value = real(NAN, 2) };
    if (!look_shown(f))
        return k;
    k.value = real(f->x, 2);
    k.low   = f->low;
    k.high  = f->high;
    k.n     = f->n;
    k.state = isnan(f->low) ? KPI_OPEN : KPI_ESTIMATE;
    k.from  = fmax(0, floor(f->x / 10) * 10 - 20);
    k.to    = 100;
    return k;
}

static Kpi kpi_at(Out *o, const Board *b, size_t node)
{
    Arena        *a = o->buf.a;
    const Figure *f = main_of(&b->look, a, node, board_code(b));
    Kpi k = board_figure_kpi(a, arena_fmt(a, "k%zu", node), look_label(b->look.nodes.at[node].whole, o->lang), f);
    if (!look_shown(f))
        return k;
    change_on(o, b->change ? &b->change[node] : NULL, &k);
    int place = board_place(b);
    if (node == look_head(&b->look) && place >= 0 && b->ranks[place].low)
        k.name = str_join(a, (Str[]){ k.name, text_fmt(a, o->lang, "board.rank", ARG_N("low", b->ranks[place].low), ARG_N("high", b->ranks[place].high),
                                                       ARG_N("of", (int64_t)b->look.provinces.len)) }, 2, S(" · "));
    return k;
}

void board_kpis(Out *o, const Board *b)
{
    kpi_row_open(o, 3);
    for (size_t i = 0; i < b->look.nodes.len; i++)
        if (i == look_head(&b->look) || (b->look.nodes.at[i].depth == 1 && !b->look.nodes.at[i].item)) {
            Kpi k = kpi_at(o, b, i);
            kpi_tile(o, &k);
        }
    kpi_row_close(o);
}

void board_rank_map(Out *o, const Board *b, Db *db)
{
    edition_rank(o, db, &b->now, board_code(b));
    edition_map(o, db, &b->now);
}

/* ---- Contents and factors by province -------------------------------------------------------------------------------------------------- */

static size_t heat_columns(Out *o, const Board *b, HeatColumn *columns, size_t *nodes)
{
    size_t m = 0;
    for (size_t i = 0; i < b->look.nodes.len && m < HEAT_COLUMNS; i++)
        if (b->look.nodes.at[i].children) {
            columns[m] = (HeatColumn){ b->look.nodes.at[i].code, look_label(b->look.nodes.at[i].whole, o->lang), b->look.nodes.at[i].whole->n };
            nodes[m++] = i;
        }
    return m;
}

static HeatRow heat_row(Out *o, const Board *b, const size_t *nodes, size_t m, const Unit *u)
{
    double *x = arena_new(o->buf.a, double, m + 1);
    for (size_t k = 0; k < m; k++) {
        const Figure *f = main_of(&b->look, o->buf.a, nodes[k], u ? u->code : S(""));
        x[k] = look_shown(f) ? f->x : NAN;
    }
    return (HeatRow){ .label = u ? unit_name(u, o->lang) : text_of(o->lang, "results.whole"), .x = x, .mine = u && u->id.v == b->unit.id.v };
}

/* The weakest content or factor of the unit against the country. */
static Str heat_finding(Out *o, const HeatColumn *columns, size_t m, const HeatRow *own, const HeatRow *whole)
{
    size_t worst = m;
    for (size_t k = 1; k < m; k++)
        if (!isnan(own->x[k]) && (worst == m || own->x[k] < own->x[worst]))
            worst = k;
    if (worst == m)
        return text_of(o->lang, "results.finding.few");
    Arena *a = o->buf.a;
    if (!own->mine)
        return text_fmt(a, o->lang, "board.heat.finding-whole", ARG_S("what", columns[worst].label), ARG_S("x", real_text(a, o->lang, own->x[worst], 1)));
    return text_fmt(a, o->lang, "board.heat.finding", ARG_S("what", columns[worst].label), ARG_S("unit", own->label),
                    ARG_S("x", real_text(a, o->lang, own->x[worst], 1)), ARG_S("whole", real_text(a, o->lang, whole->x[worst], 1)));
}

void board_heat(Out *o, const Board *b)
{
    HeatColumn columns[HEAT_COLUMNS];
    size_t     nodes[HEAT_COLUMNS], m = heat_columns(o, b, columns, nodes), n = 0;
    HeatRow   *rows = arena_new(o->buf.a, HeatRow, b->look.provinces.len + 2);
    double    *all  = arena_new(o->buf.a, double, (b->look.provinces.len + 1) * HEAT_COLUMNS);
    size_t     values = 0;
    if (!m || !b->look.provinces.len)
        return;
    const HeatRow whole = heat_row(o, b, nodes, m, NULL);
    HeatRow       own   = whole;
    rows[n++] = whole;
    for (size_t i = 0; i < b->look.provinces.len; i++) {
        HeatRow r = heat_row(o, b, nodes, m, &b->look.provinces.at[i]);
        for (size_t k = 0; k < m; k++)
            all[values++] = r.x[k];
        own       = r.mine ? r : own;
        rows[n++] = r;
    }
    HeatChart c = { .head = { .id = S("heat"), .title = text_of(o->lang, "board.heat"), .finding = heat_finding(o, columns, m, &own, &whole),
                              .unit_note = note_of(o, b), .csv_href = csv_of(o, b) },
                    .column = columns, .columns = m, .rows = rows, .n = n, .row_head = text_of(o->lang, "chart.unit") };
    tile_cuts(all, values, c.cut);
    chart_heat(o, &c);
}

/* ---- Against the time before -------------------------------------------------------------------------------------------------------------- */

void board_slope(Out *o, const Board *b)
{
    if (!b->moved)
        return;
    SlopeChart c = look_slope(o->buf.a, o->lang, &b->look, b->moved, &b->now.row, &b->before.row);
    c.head.id        = S("slope");
    c.head.unit_note = note_of(o, b);
    c.head.csv_href  = csv_of(o, b);
    if (c.n)
        chart_slope(o, &c);
}

/* ---- Through the years ------------------------------------------------------------------------------------------------------------------------ */

/* province NULL: of everybody. Oldest first. */
static size_t points_of_node(Arena *a, const Board *b, Str code, const Unit *province, const LinePoint **out)
{
    LinePoint *p = arena_new(a, LinePoint, b->years + 1);
    size_t     n = 0;
    for (size_t i = b->years; i-- > 0;) {
        const Look *l  = b->year[i].look;
        int         at = province ? province_then(&l->provinces, province) : -1;
        const Figure *f = !province ? look_main(l, code, S("")) : at >= 0 ? look_main(l, code, l->provinces.at[at].code) : NULL;
        if (look_shown(f))
            p[n++] = (LinePoint){ b->year[i].year, f->x, f->low, f->high };
    }
    *out = p;
    return n;
}

void board_contents_years(Out *o, const Board *b)
{
    Arena         *a = o->buf.a;
    MultiplesPanel panels[PANELS_MOST];
    MultiplesChart c = { .panels = panels, .own_label = b->province ? b->title : text_of(o->lang, "results.whole"),
                         .whole_label = b->province ? text_of(o->lang, "results.whole") : S("") };
    for (size_t i = 0; b->years > 1 && i < b->look.nodes.len && c.n < PANELS_MOST; i++) {
        const LookNode *node = &b->look.nodes.at[i];
        MultiplesPanel  p    = { .title = look_label(node->whole, o->lang) };
        if (!node->children)
            continue;
        p.own_count = points_of_node(a, b, node->code, b->province ? &b->unit : NULL, &p.own);
        if (b->province)
            p.whole_count = points_of_node(a, b, node->code, NULL, &p.whole);
        if (!p.own_count)
            continue;
        const LinePoint *last = &p.own[p.own_count - 1];
        p.finding = text_fmt(a, o->lang, "board.years.finding", ARG_S("index", p.title), ARG_S("year", arena_fmt(a, "%d", last->year)),
                             ARG_S("x", real_text(a, o->lang, last->x, 2)));
        panels[c.n++] = p;
    }
    if (!c.n)
        return;
    c.first = b->year[b->years - 1].year;
    c.last  = b->year[0].year;
    c.head  = (ChartHead){ .id = S("cyears"), .title = text_of(o->lang, "board.contents-years"), .finding = panels[0].finding, .unit_note = note_of(o, b),
                           .csv_href = csv_of(o, b) };
    chart_multiples(o, &c);
}

static size_t points_of(Arena *a, const PublishedValues *v, Str index, const LinePoint **out)
{
    LinePoint *p = arena_new(a, LinePoint, v->len + 1);
    size_t     n = 0;
    for (size_t i = 0; i < v->len; i++)
        if (str_eq(v->at[i].index, index) && !v->at[i].component.len && !v->at[i].period[LANG_VI].len && !isnan(v->at[i].score) &&
            (n == 0 || p[n - 1].year < v->at[i].year))
            p[n++] = (LinePoint){ v->at[i].year, v->at[i].score, NAN, NAN };
    *out = p;
    return n;
}

void board_years(Out *o, const Board *b)
{
    Arena         *a = o->buf.a;
    MultiplesPanel panels[PANELS_MOST];
    Str            shown = S("");
    MultiplesChart c = { .panels = panels, .first = 9999, .own_label = b->title, .whole_label = b->nation ? S("") : text_of(o->lang, "board.average") };
    for (size_t i = 0; i < b->indices.len && c.n < PANELS_MOST; i++) {
        MultiplesPanel p = { .title = b->indices.at[i].name[o->lang] };
        p.own_count      = points_of(a, &b->published, b->indices.at[i].code, &p.own);
        if (!b->nation)
            p.whole_count = points_of(a, &b->averages, b->indices.at[i].code, &p.whole);
        if (!p.own_count)
            continue;
        const LinePoint *last = &p.own[p.own_count - 1];
        p.finding = text_fmt(a, o->lang, "board.years.finding", ARG_S("index", p.title), ARG_S("year", arena_fmt(a, "%d", last->year)),
                             ARG_S("x", real_text(a, o->lang, last->x, 2)));
        c.first     = p.own[0].year < c.first ? p.own[0].year : c.first;
        c.last      = last->year > c.last ? last->year : c.last;
        shown       = b->indices.at[i].code;
        panels[c.n++] = p;
    }
    if (!c.n)
        return;
    c.head = (ChartHead){ .id = S("years"), .title = text_of(o->lang, "board.years"), .finding = panels[0].finding,
                          .unit_note = text_of(o->lang, "board.years.note") };
    if (c.n == 1)                                  /* no file has several */
        c.head.csv_href = str_join(a, (Str[]){ S("/indices/"), shown, S("/figures.csv") }, 3, S(""));
    chart_multiples(o, &c);
}

/* ---- What people write ------------------------------------------------------------------------------------------------------------------------- */

static int by_count(const void *x, const void *y)
{
    const BarRow *p = x, *q = y;
    return (p->value < q->value) - (p->value > q->value);
}

static void theme_chart(Out *o, const Board *b, const Figure *question, size_t number)
{
    Arena  *a      = o->buf.a;
    Str     prefix = str_concat(a, question->name, S(":"));
    BarRow *rows   = arena_new(a, BarRow, b->now.figures.len + 1);
    size_t  n      = 0;
    for (size_t i = 0; i < b->now.figures.len; i++) {
        const Figure *f = &b->now.figures.at[i];
        if (str_starts(f->name, prefix) && look_shown(f) && f->x > 0)
            rows[n++] = (BarRow){ .label = look_label(f, o->lang), .value = (int64_t)llround(f->x * (double)f->n / 100) };
    }
    if (!n)
        return;
    qsort(rows, n, sizeof *rows, by_count);
    n = n > 10 ? 10 : n;
    BarChart c = { { .id = arena_fmt(a, "themes%zu", number), .title = look_label(question, o->lang),
                     .unit_note = text_of(o->lang, "board.themes.note"), .csv_href = csv_of(o, b),
                     .finding = text_fmt(a, o->lang, "results.coded.finding", ARG_N("n", question->n), ARG_S("code", rows[0].label),
                                         ARG_S("share", real_text(a, o->lang, 100 * (double)rows[0].value / (double)question->n, 1))) },
                   rows, n, text_of(o->lang, "results.coded.code"), text_of(o->lang, "results.coded.count") };
    chart_bars(o, &c);
}

void board_themes(Out *o, const Board *b)
{
    for (size_t i = 0; i < b->now.figures.len; i++) {
        const Figure *f = &b->now.figures.at[i];
        if (str_starts(f->name, S("coded.")) && !str_has(f->name, S(":")) && look_shown(f))
            theme_chart(o, b, f, i);
    }
}

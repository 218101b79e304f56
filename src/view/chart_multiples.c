/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small multiples over years: one panel a figure, the same axes in all, the unit's line over the whole's. Gaps are not joined. */
#include "view/svg.h"

#include "chart_multiples.html.h"

#include <math.h>

enum { PANEL_WIDTH = 328, PANEL_HEIGHT = 170 };

double multiples_value(const LinePoint *p, size_t n, int year)
{
    for (size_t i = 0; i < n; i++)
        if (p[i].year == year)
            return p[i].x;
    return NAN;
}

static void stretch(const LinePoint *p, size_t n, double *low, double *high)
{
    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i].x)) {
            *low  = fmin(*low, p[i].x);
            *high = fmax(*high, p[i].x);
        }
}

static Scale scale_of(const MultiplesChart *c)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < c->n; i++) {
        stretch(c->panels[i].own, c->panels[i].own_count, &low, &high);
        stretch(c->panels[i].whole, c->panels[i].whole_count, &low, &high);
    }
    return isinf(low) ? (Scale){ 0, 100, 50, PANEL_HEIGHT - 30, 12 } : scale_round(low, high, PANEL_HEIGHT - 30, 12);
}

/* Of the years the chart shows: another's line may begin earlier or end later. */
static void line(Svg *s, const MultiplesChart *c, const LinePoint *p, size_t n, const Scale *x, const Scale *y, const char *classes)
{
    for (size_t i = 1; i < n; i++)
        if (p[i - 1].year >= c->first && p[i].year <= c->last && p[i].year == p[i - 1].year + 1 && !isnan(p[i].x) && !isnan(p[i - 1].x))
            svg_line(s, classes, scale_at(x, p[i - 1].year), scale_at(y, p[i - 1].x), scale_at(x, p[i].year), scale_at(y, p[i].x));
}

/* The last point carries its value. */
static void own_marks(Svg *s, const MultiplesPanel *p, const Scale *x, const Scale *y)
{
    for (size_t i = 0; i < p->own_count; i++) {
        if (isnan(p->own[i].x))
            continue;
        double at = scale_at(x, p->own[i].year), h = scale_at(y, p->own[i].x);
        svg_circle(s, "mk", at, h, 3.5);
        if (i + 1 == p->own_count)
            svg_text(s, at > PANEL_WIDTH - 40 ? "end t-b halo halo-p" : "mid t-b halo halo-p", at + (at > PANEL_WIDTH - 40 ? 4 : 0), h < 30 ? h + 20 : h - 9,
                     svg_num(s, p->own[i].x, 1));
    }
}

static void panel(Out *o, const MultiplesChart *c, size_t i, const Scale *y)
{
    const MultiplesPanel *p = &c->panels[i];
    ChartHead head = { .id = arena_fmt(o->buf.a, "%.*sp%zu", STR_ARG(c->head.id), i), .title = p->title, .finding = p->finding };
    Scale     x    = { c->first - 0.5, c->last + 0.5, 1, 40, PANEL_WIDTH - 4 };
    multiples_panel_open_view(o, p);
    Svg s = svg_open(o, &head, 'p', PANEL_WIDTH, PANEL_HEIGHT, false);
    for (double v = y->low; v <= y->high + y->step / 2; v += y->step) {
        svg_line(&s, "gr", 40, scale_at(y, v), PANEL_WIDTH - 4, scale_at(y, v));
        svg_text(&s, "end t-m", 34, scale_at(y, v) + 5, svg_num(&s, v, y->step < 1 ? 1 : 0));
    }
    svg_text(&s, "t-m", 40, PANEL_HEIGHT - 8, arena_fmt(o->buf.a, "%d", c->first));
    svg_text(&s, "end t-m", PANEL_WIDTH - 4, PANEL_HEIGHT - 8, arena_fmt(o->buf.a, "%d", c->last));
    line(&s, c, p->whole, p->whole_count, &x, y, "ln-n");
    line(&s, c, p->own, p->own_count, &x, y, "ln ln-b");
    own_marks(&s, p, &x, y);
    svg_close(&s);
    multiples_panel_close_view(o);
}

void chart_multiples(Out *o, const MultiplesChart *c)
{
    Scale y = scale_of(c);
    chart_frame_open(o, &c->head);
    multiples_key_view(o, c);
    multiples_open_view(o);
    for (size_t i = 0; i < c->n; i++)
        panel(o, c, i, &y);
    multiples_close_view(o);
    chart_frame_table(o, &c->head);
    multiples_table_view(o, c);
    chart_frame_close(o);
}

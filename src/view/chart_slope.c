/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two times side by side: only changes that a test tells apart from none are inked and named. */
#include "view/svg.h"

#include "chart_slope.html.h"

#include <math.h>
#include <stdlib.h>

typedef struct Geometry { int width, height; double left, right, top, bottom, label; size_t chars; } Geometry;
static const Geometry wide = { 880, 460, 190, 600, 48, 430, 614, 30 }, narrow = { 328, 460, 36, 156, 48, 430, 164, 14 };

static Scale scale_of(const SlopeChart *c, const Geometry *g)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < c->n; i++) {
        if (isnan(c->rows[i].from) || isnan(c->rows[i].to))
            continue;
        low  = fmin(low, fmin(c->rows[i].from, c->rows[i].to));
        high = fmax(high, fmax(c->rows[i].from, c->rows[i].to));
    }
    return isinf(low) ? (Scale){ 0, 1, 1, g->bottom, g->top } : scale_round(low, high, g->bottom, g->top);
}

static int by_end(const void *x, const void *y)
{
    double p = (*(const SlopeRow *const *)x)->to, q = (*(const SlopeRow *const *)y)->to;
    return (p < q) - (p > q);
}

/* Names of inked lines from the top down, pushed apart so that none covers another. */
static void names(Svg *s, const SlopeChart *c, const Geometry *g, const Scale *k)
{
    const SlopeRow **inked = arena_new(s->o->buf.a, const SlopeRow *, c->n + 1);
    size_t           n     = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->rows[i].sign && !isnan(c->rows[i].to))
            inked[n++] = &c->rows[i];
    qsort(inked, n, sizeof *inked, by_end);
    double y = g->top - 20;
    for (size_t i = 0; i < n; i++) {
        y = fmax(y + 18, scale_at(k, inked[i]->to) + 5);
        if (y > g->bottom + 24)
            break;                         /* the table names them all */
        Str by = svg_num(s, inked[i]->to - inked[i]->from, 1), plus = inked[i]->sign > 0 ? S("+") : S("");
        Str x  = arena_fmt(s->o->buf.a, "%.*s %.*s", STR_ARG(inked[i]->label), STR_ARG(svg_num(s, inked[i]->to, 1)));
        svg_text(s, inked[i]->sign > 0 ? "t-n" : "t-b", g->label, y,
                 g == &narrow ? x : arena_fmt(s->o->buf.a, "%.*s (%.*s%.*s)", STR_ARG(x), STR_ARG(plus), STR_ARG(by)));
    }
}

static void draw(Out *o, const SlopeChart *c, const Geometry *g, char form)
{
    Scale k = scale_of(c, g);
    Svg   s = svg_open(o, &c->head, form, g->width, g->height, false);
    svg_text(&s, "mid t-b", g->left, 24, c->before);
    svg_text(&s, "mid t-b", g->right, 24, c->after);
    svg_line(&s, "ax", g->left, g->top, g->left, g->bottom);
    svg_line(&s, "ax", g->right, g->top, g->right, g->bottom);
    int ticks = (int)lround((k.high - k.low) / k.step);
    for (int i = 0; i <= ticks; i++)
        svg_text(&s, "end t-m", g->left - 10, scale_at(&k, k.low + i * k.step) + 5, svg_num(&s, k.low + i * k.step, k.step < 1 ? 1 : 0));
    for (int inked = 0; inked < 2; inked++)
        for (size_t i = 0; i < c->n; i++) {
            const SlopeRow *r = &c->rows[i];
            if (isnan(r->from) || isnan(r->to) || (r->sign != 0) != inked)
                continue;
            svg_line(&s, !inked ? "ln-q" : r->sign > 0 ? "ln" : "ln-d", g->left, scale_at(&k, r->from), g->right, scale_at(&k, r->to));
        }
    names(&s, c, g, &k);
    svg_close(&s);
}

Str chart_slope_svg(Arena *a, Lang l, const SlopeChart *c)
{
    Out o = out_new(a, l, 1 << 14);
    draw(&o, c, &wide, 'w');
    return svg_file(&o);
}

void chart_slope(Out *o, const SlopeChart *c)
{
    chart_frame_open(o, &c->head);
    draw(o, c, &wide, 'w');
    draw(o, c, &narrow, 'n');
    chart_frame_table(o, &c->head);
    slope_table_view(o, c);
    chart_frame_close(o);
}

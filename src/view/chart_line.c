/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lines over years: gaps are not joined, breaks in the series are marked with their text. */
#include "view/svg.h"

#include "chart_line.html.h"

#include <math.h>

typedef struct Frame { double left, right, top, bottom; int width, height; } Frame;
static const Frame wide   = { 48, 700, 24, 300, 880, 340 };
static const Frame narrow = { 44, 316, 24, 260, 328, 300 };

typedef struct Extent { int first, last; double low, high; } Extent;

static Extent extent_of(const LineChart *c)
{
    Extent e = { 9999, 0, INFINITY, -INFINITY };
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->series[i].n; k++) {
            const LinePoint *p = &c->series[i].points[k];
            e.first = p->year < e.first ? p->year : e.first;
            e.last  = p->year > e.last ? p->year : e.last;
            if (isnan(p->x))
                continue;
            e.low  = fmin(e.low, isnan(p->low) ? p->x : p->low);
            e.high = fmax(e.high, isnan(p->high) ? p->x : p->high);
        }
    return e;
}

static void axes(Svg *s, const Frame *f, const Scale *y, const Scale *x, const Extent *e)
{
    int ticks = (int)lround((y->high - y->low) / y->step);
    for (int i = 0; i <= ticks; i++) {
        double v = y->low + i * y->step, at = scale_at(y, v);
        svg_line(s, i ? "gr" : "ax", f->left, at, f->right, at);
        svg_text(s, "end t-m", f->left - 8, at + 5, svg_num(s, v, y->step < 1 ? 1 : 0));
    }
    int years = e->last - e->first + 1, each = (int)ceil(years * 44 / (f->right - f->left));
    for (int year = e->first; year <= e->last; year++) {
        double at = scale_at(x, year);
        svg_line(s, "ax", at, f->bottom, at, f->bottom + 6);
        if ((e->last - year) % each == 0)
            svg_text(s, "mid t-m", at, f->bottom + 24, arena_fmt(s->o->buf.a, "%d", year));
    }
}

/* One drawn run of neighbouring years; a missing year or value ends it. */
static void series(Svg *s, const LineSeries *l, const Scale *x, const Scale *y, int decimals)
{
    bool open = false;
    int  last = 0;
    for (size_t k = 0; k < l->n; k++) {
        const LinePoint *p = &l->points[k];
        if (isnan(p->x))
            continue;
        if (open && p->year != last + 1) {
            buf_lit(&s->o->buf, "\"/>\n");
            open = false;
        }
        if (!open)
            buf_fmt(&s->o->buf, "<path class=\"%s\" d=\"M%.1f %.1f", l->main ? "ln ln-b" : "ln-n", scale_at(x, p->year), scale_at(y, p->x));
        else
            buf_fmt(&s->o->buf, "L%.1f %.1f", scale_at(x, p->year), scale_at(y, p->x));
        open = true;
        last = p->year;
    }
    if (open)
        buf_lit(&s->o->buf, "\"/>\n");
    for (size_t k = 0; k < l->n; k++) {
        const LinePoint *p = &l->points[k];
        if (isnan(p->x))
            continue;
        if (!isnan(p->low))
            svg_line(s, "tick", scale_at(x, p->year), scale_at(y, p->low), scale_at(x, p->year), scale_at(y, p->high));
        svg_circle(s, "mk", scale_at(x, p->year), scale_at(y, p->x), 5);
        if (l->main && s->form == 'w')
            svg_text(s, "mid t-b halo halo-p", scale_at(x, p->year), scale_at(y, p->x) - 12, svg_num(s, p->x, decimals));
    }
}

static void labels(Svg *s, const LineChart *c, const Frame *f, const Scale *y)
{
    for (size_t i = 0; i < c->n && s->form == 'w'; i++)
        for (size_t k = c->series[i].n; k > 0; k--)
            if (!isnan(c->series[i].points[k - 1].x)) {
                svg_label(s, c->series[i].main ? "t-b" : "t-m", f->right + 12, scale_at(y, c->series[i].points[k - 1].x) + 5,
                          c->series[i].label, 20);
                break;
            }
}

static void draw(Out *o, const LineChart *c, const Frame *f, char form)
{
    Extent e = extent_of(c);
    if (e.last == 0 || isinf(e.low))
        return;
    Scale y = scale_round(e.low - (e.high - e.low) * 0.1 - 0.1, e.high + (e.high - e.low) * 0.15 + 0.1, f->bottom, f->top);
    Scale x = { e.first - 0.5, e.last + 0.5, 1, f->left, f->right };
    Svg   s = svg_open(o, &c->head, form, f->width, f->height, false);
    axes(&s, f, &y, &x, &e);
    for (size_t i = 0; i < c->break_count; i++) {
        double at = scale_at(&x, c->breaks[i].year - 0.5);
        svg_line(&s, "brk", at, f->top - 8, at, f->bottom);
        svg_text(&s, "t-m halo halo-p", at + 4, f->top + 2 + 16 * (double)(i % 3), c->breaks[i].text);
    }
    for (size_t i = c->n; i > 0; i--)
        series(&s, &c->series[i - 1], &x, &y, c->decimals);
    labels(&s, c, f, &y);
    svg_close(&s);
}

void chart_line(Out *o, const LineChart *c)
{
    chart_frame_open(o, &c->head);
    if (c->n > 1)
        line_key_view(o, c);
    draw(o, c, &wide, 'w');
    draw(o, c, &narrow, 'n');
    chart_frame_table(o, &c->head);
    line_table_view(o, c);
    chart_frame_close(o);
}

Real line_value(const LineSeries *s, int year, int decimals)
{
    for (size_t k = 0; k < s->n; k++)
        if (s->points[k].year == year)
            return real(s->points[k].x, decimals);
    return real(NAN, decimals);
}

int line_first(const LineChart *c)
{
    return extent_of(c).first;
}

int line_last(const LineChart *c)
{
    return extent_of(c).last;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ranked units: dot and interval on one axis, the line of the whole through all rows. */
#include "view/svg.h"

#include "chart_rank.html.h"

#include <math.h>

static void bounds(const RankChart *c, double *low, double *high)
{
    *low  = isnan(c->whole) ? 100 : c->whole;
    *high = isnan(c->whole) ? 0 : c->whole;
    for (size_t i = 0; i < c->n; i++) {
        const RankRow *r = &c->rows[i];
        if (isnan(r->x))
            continue;
        *low  = fmin(*low, isnan(r->low) ? r->x : r->low);
        *high = fmax(*high, isnan(r->high) ? r->x : r->high);
    }
}

static Str value_text(Svg *s, const RankRow *r)
{
    Str x = svg_num(s, r->x, 2);
    if (isnan(r->low))
        return x;
    return arena_fmt(s->o->buf.a, "%.*s (%.*s–%.*s)", STR_ARG(x), STR_ARG(svg_num(s, r->low, 1)),
                     STR_ARG(svg_num(s, r->high, 1)));
}

static void mark(Svg *s, const Scale *k, const RankRow *r, double y)
{
    if (!isnan(r->low))
        svg_rect(s, "ci", scale_at(k, r->low), y - 4, scale_at(k, r->high) - scale_at(k, r->low), 8);
    svg_circle(s, "mk", scale_at(k, r->x), y, 5);
}

static void axis(Svg *s, const Scale *k, double top, double bottom)
{
    svg_line(s, "ax", k->from, bottom, k->to, bottom);
    int ticks = (int)lround((k->high - k->low) / k->step);
    for (int i = 0; i <= ticks; i++) {
        double v = k->low + i * k->step, x = scale_at(k, v);
        svg_line(s, "gr", x, top, x, bottom);
        svg_line(s, "ax", x, bottom, x, bottom + 8);
        svg_text(s, "mid t-m", x, bottom + 24, svg_num(s, v, k->step < 1 ? 1 : 0));
    }
}

static void row_wide(Svg *s, const Scale *k, const RankRow *r, double y)
{
    svg_link_open(s, r->href, S(""));
    svg_text(s, r->mine ? "t-n" : "", 0, y + 5, r->label);
    svg_link_close(s, r->href);
    if (!isnan(r->x)) {
        mark(s, k, r, y);
        svg_text(s, "end", 690, y + 5, value_text(s, r));
    }
    svg_text(s, "t-m", 714, y + 5, r->note);
}

static void draw_wide(Out *o, const RankChart *c)
{
    double low, high, top = 56, bottom = top + 26 * (double)c->n;
    bounds(c, &low, &high);
    Scale k = scale_round(low, high, 190, 540);
    Svg   s = svg_open(o, &c->head, 'w', 880, (int)bottom + 32, true);
    svg_text(&s, "end t-m", 690, 40, c->value_label);
    svg_text(&s, "t-m", 714, 40, c->note_label);
    axis(&s, &k, top, bottom);
    if (!isnan(c->whole)) {
        svg_text(&s, "mid t-b", scale_at(&k, c->whole), 20,
                 arena_fmt(o->buf.a, "%.*s %.*s", STR_ARG(c->whole_label), STR_ARG(svg_num(&s, c->whole, 2))));
        svg_line(&s, "nat", scale_at(&k, c->whole), 30, scale_at(&k, c->whole), bottom);
    }
    for (size_t i = 0; i < c->n; i++) {
        if (i && i % 5 == 0)
            svg_line(&s, "gr", 0, top + 26 * (double)i, 880, top + 26 * (double)i);
        row_wide(&s, &k, &c->rows[i], top + 26 * (double)i + 13);
    }
    svg_close(&s);
}

static void draw_narrow(Out *o, const RankChart *c)
{
    double low, high, top = 40, bottom = top + 48 * (double)c->n;
    bounds(c, &low, &high);
    Scale k = scale_round(low, high, 8, 320);
    Svg   s = svg_open(o, &c->head, 'n', 328, (int)bottom + 32, true);
    axis(&s, &k, top, bottom);
    if (!isnan(c->whole)) {
        double x = scale_at(&k, c->whole);
        svg_text(&s, x > 200 ? "end t-b" : x < 100 ? "t-b" : "mid t-b", x, 18,
                 arena_fmt(o->buf.a, "%.*s %.*s", STR_ARG(c->whole_label), STR_ARG(svg_num(&s, c->whole, 2))));
        svg_line(&s, "nat", x, 26, x, bottom);
    }
    for (size_t i = 0; i < c->n; i++) {
        const RankRow *r = &c->rows[i];
        double         y = top + 48 * (double)i;
        svg_link_open(&s, r->href, S(""));
        svg_text(&s, r->mine ? "t-n halo halo-p" : "t-b halo halo-p", 0, y + 18, r->label);
        svg_link_close(&s, r->href);
        svg_text(&s, "end halo halo-p", 328, y + 18, isnan(r->x) ? r->note : value_text(&s, r));
        if (!isnan(r->x))
            mark(&s, &k, r, y + 35);
    }
    svg_close(&s);
}

void chart_rank(Out *o, const RankChart *c)
{
    chart_frame_open(o, &c->head);
    draw_wide(o, c);
    draw_narrow(o, c);
    chart_frame_table(o, &c->head);
    rank_table_view(o, c);
    chart_frame_close(o);
}

Str chart_rank_svg(Arena *a, Lang l, const RankChart *c)
{
    Out o = out_new(a, l, 1 << 14);
    draw_wide(&o, c);
    return svg_file(&o);
}

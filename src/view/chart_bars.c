/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Counts as horizontal bars from zero, with a goal where there is one. */
#include "view/svg.h"

#include "chart_bars.html.h"

static int64_t most(const BarChart *c)
{
    int64_t m = 1;
    for (size_t i = 0; i < c->n; i++) {
        m = c->rows[i].value > m ? c->rows[i].value : m;
        m = c->rows[i].of > m ? c->rows[i].of : m;
    }
    return m;
}

static Str count_text(Out *o, const BarRow *r)
{
    Str n = num_text(o->buf.a, o->lang, r->value);
    if (!r->of)
        return n;
    return text_fmt(o->buf.a, o->lang, "chart.bars.of", ARG_S("n", n), ARG_N("of", r->of));
}

static void draw(Out *o, const BarChart *c, char form)
{
    bool   w    = form == 'w';
    double left = w ? 190 : 0, room = w ? 540 : 230, row = w ? 34 : 56;
    Svg    s    = svg_open(o, &c->head, form, w ? 880 : 328, (int)(row * (double)c->n) + 8, false);
    double unit = room / (double)most(c);
    for (size_t i = 0; i < c->n; i++) {
        const BarRow *r = &c->rows[i];
        double        y = row * (double)i, bar = w ? y + 6 : y + 24;
        svg_text(&s, w ? "" : "t-b", 0, w ? y + 22 : y + 16, r->label);
        if (r->of)
            svg_rect(&s, "l0 o", left + 0.5, bar + 0.5, (double)r->of * unit, 21);
        svg_rect(&s, "s5 o", left + 0.5, bar + 0.5, (double)r->value * unit, 21);
        svg_text(&s, "t-b", left + (double)(r->of > r->value ? r->of : r->value) * unit + 8, bar + 16, count_text(o, r));
    }
    svg_line(&s, "ax", left, 0, left, row * (double)c->n + 4);
    svg_close(&s);
}

void chart_bars(Out *o, const BarChart *c)
{
    chart_frame_open(o, &c->head);
    draw(o, c, 'w');
    draw(o, c, 'n');
    chart_frame_table(o, &c->head);
    bars_table_view(o, c);
    chart_frame_close(o);
}

Str chart_bars_svg(Arena *a, Lang l, const BarChart *c)
{
    Out o = out_new(a, l, 1 << 13);
    draw(&o, c, 'w');
    return svg_file(&o);
}

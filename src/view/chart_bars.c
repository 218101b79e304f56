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

/* Labels of more than a few words take a wider column and two lines. */
static bool long_labels(const BarChart *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->rows[i].label.len > 26)
            return true;
    return false;
}

static void draw(Out *o, const BarChart *c, char form)
{
    bool   w    = form == 'w', tall = w && long_labels(c);
    double left = tall ? 260 : w ? 190 : 0, room = tall ? 470 : w ? 540 : 230, row = tall ? 42 : w ? 34 : 56;
    Svg    s    = svg_open(o, &c->head, form, w ? 880 : 328, (int)(row * (double)c->n) + 8, false);
    double unit = room / (double)most(c);
    for (size_t i = 0; i < c->n; i++) {
        const BarRow *r = &c->rows[i];
        double        y = row * (double)i, bar = tall ? y + 10 : w ? y + 6 : y + 24;
        if (tall)
            (void)svg_label(&s, "", 0, y + 26, r->label, 32);
        else
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

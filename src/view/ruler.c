/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The ruler in three drawings: mini for tiles, wide and narrow for headlines. One look: baseline with ticks, interval
 * as a bar, estimate as a line, last year as a hollow diamond, units as thin lines. */
#include "view/ruler.h"

#include "view/svg.h"

#include <math.h>

typedef struct Frame {
    double left, right;              /* ends of the baseline */
    double base, tick, long_tick;    /* its height and the length of ticks */
    double bar, bar_height;          /* top and height of the interval */
    double line;                     /* top of the estimate's line */
    double diamond, half;            /* middle and half width of last year's mark */
    double rug, rug_end, rug_label;
    double label;                    /* height of the figures below */
    const char *label_class;
} Frame;

static const Frame mini_frame   = { 14, 240, 36, 5, 10, 16, 12, 11, 6, 5, 0, 0, 0, 62, "t-m mid" };
static const Frame wide_frame   = { 14, 866, 110, 7, 14, 28, 18, 23, 37, 7, 64, 102, 89, 144, "mid t-l" };
static const Frame narrow_frame = { 14, 314, 122, 7, 14, 28, 18, 23, 37, 7, 76, 114, 68, 156, "mid t-l" };

static double place(const RulerSpec *r, const Frame *f, double x)
{
    double share = (x - r->from) / (r->to - r->from);
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    return f->left + share * (f->right - f->left);
}

/* 1, 2 or 5 times a power of ten, at least x. */
static double round_step(double x)
{
    double power = pow(10, floor(log10(x)));
    double lead = x / power;
    return power * (lead <= 1.000001 ? 1 : lead <= 2.000001 ? 2 : lead <= 5.000001 ? 5 : 10);
}

static double label_step(const RulerSpec *r)
{
    return r->label_step > 0 ? r->label_step : round_step((r->to - r->from) / 4);
}

static double small_step(const RulerSpec *r)
{
    if (r->step > 0)
        return r->step;
    double l = label_step(r), power = pow(10, floor(log10(l) + 1e-9));
    return fabs(l / power - 2) < 0.01 ? l / 4 : l / 5;
}

static bool is_multiple(double x, double step)
{
    return fabs(x / step - round(x / step)) < 1e-6;
}

static void draw_axis(Svg *s, const RulerSpec *r, const Frame *f)
{
    double step = small_step(r), big = label_step(r);
    buf_fmt(&s->o->buf, "<path class=\"ax\" d=\"M%g %gH%g", f->left, f->base, f->right);
    for (int i = 0; i <= 400; i++) {
        double x = ceil(r->from / step - 1e-9) * step + i * step;
        if (x > r->to + step * 1e-6)
            break;
        buf_fmt(&s->o->buf, "M%.4g %gv%g", round(place(r, f, x) * 10) / 10, f->base, is_multiple(x, big) ? f->long_tick : f->tick);
    }
    buf_lit(&s->o->buf, "\"/>\n");
}

static Str axis_label(Svg *s, double x)
{
    return svg_num(s, x, is_multiple(x, 1) ? 0 : is_multiple(x, 0.1) ? 1 : 2);
}

static void draw_labels(Svg *s, const RulerSpec *r, const Frame *f)
{
    double big = f == &mini_frame ? (r->to - r->from) / 2 : label_step(r);
    double from = f == &mini_frame ? r->from : ceil(r->from / big - 1e-9) * big;
    for (int i = 0; i <= 20 && from + i * big <= r->to + big * 1e-6; i++)
        svg_text(s, f->label_class, place(r, f, from + i * big), f->label, axis_label(s, from + i * big));
}

static void draw_measure(Svg *s, const RulerSpec *r, const Frame *f)
{
    if (isfinite(r->low) && isfinite(r->high)) {
        double from = place(r, f, r->low), to = place(r, f, r->high);
        svg_rect(s, "ci", from, f->bar, to - from, f->bar_height);
    }
    if (isfinite(r->last))
        buf_fmt(&s->o->buf, "<path class=\"mk-o\" d=\"M%.1f %gl%g %gl-%g %gl-%g -%gz\"/>\n", place(r, f, r->last), f->diamond - f->half,
                f->half, f->half, f->half, f->half, f->half, f->half);
    if (isfinite(r->value)) {
        double x = place(r, f, r->value);
        svg_line(s, "nat", x, f->line, x, f->base);
    }
}

/* About the width of a text of the large label. */
static double text_width(Str t)
{
    return 8.6 * (double)utf8_count(t);
}

/* A label centred on x where it fits, else held inside the drawing. */
static void draw_held(Svg *s, const Frame *f, const char *middle, const char *start, const char *end, double x, double y, Str text)
{
    double half = text_width(text) / 2;
    if (x - half < 4)
        svg_text(s, start, f->left > 4 ? 4 : f->left, y, text);
    else if (x + half > f->right + 10)
        svg_text(s, end, f->right + 10, y, text);
    else
        svg_text(s, middle, x, y, text);
}

static void draw_rug(Svg *s, const RulerSpec *r, const Frame *f)
{
    if (!r->n)
        return;
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < r->n; i++) {
        if (!isfinite(r->marks[i]))
            continue;
        least = fmin(least, r->marks[i]);
        most  = fmax(most, r->marks[i]);
        double x = place(r, f, r->marks[i]);
        svg_line(s, "rug", x, f->rug, x, f->rug_end);
    }
    if (!isfinite(least))
        return;
    double a = place(r, f, least), b = place(r, f, most);
    bool wide = f == &wide_frame;
    double wa = text_width(r->least_label), wb = text_width(r->most_label);
    if (wide && a - wa > 14)
        svg_text(s, "t-m end t-l", a - 10, f->rug_label, r->least_label);
    else if (wide)
        svg_text(s, "t-m t-l", 14, 54, r->least_label);
    if (wide && b + wb < f->right)
        svg_text(s, "t-m t-l", b + 10, f->rug_label, r->most_label);
    else if (wide)
        svg_text(s, "t-m end t-l", f->right, 54, r->most_label);
    if (!wide && b - a > (wa + wb) / 2 + 12) {
        draw_held(s, f, "t-m mid", "t-m", "t-m end", a, f->rug_label, r->least_label);
        draw_held(s, f, "t-m mid", "t-m", "t-m end", b, f->rug_label, r->most_label);
    } else if (!wide) {
        svg_text(s, "t-m", 4, f->rug_label, r->least_label);
        svg_text(s, "t-m end", f->right + 10, f->rug_label, r->most_label);
    }
}

static Str description(Out *o, const RulerSpec *r)
{
    Arena *a = o->buf.a;
    if (r->description.len || !isfinite(r->value))
        return r->description;
    Str value = real_text(a, o->lang, r->value, r->decimals);
    Str text  = value;
    if (isfinite(r->low) && isfinite(r->high))
        text = text_fmt(a, o->lang, "view.ruler.interval", ARG_S("value", value), ARG_S("low", real_text(a, o->lang, r->low, r->decimals)),
                        ARG_S("high", real_text(a, o->lang, r->high, r->decimals)));
    if (isfinite(r->last)) {
        Str last = text_fmt(a, o->lang, "view.ruler.last", ARG_S("value", real_text(a, o->lang, r->last, r->decimals)));
        text = str_join(a, (Str[]){ text, last }, 2, S(" "));
    }
    return text;
}

static void draw(Svg *s, const RulerSpec *r, const Frame *f)
{
    draw_rug(s, r, f);
    draw_axis(s, r, f);
    draw_labels(s, r, f);
    draw_measure(s, r, f);
    if (r->value_label.len && isfinite(r->value) && f != &mini_frame)
        draw_held(s, f, "mid t-b t-l", "t-b t-l", "end t-b t-l", place(r, f, r->value), 16, r->value_label);
    svg_close(s);
}

void ruler_mini(Out *o, const RulerSpec *r)
{
    if (!(r->to > r->from))
        return;
    buf_fmt(&o->buf, "<svg class=\"mini\" viewBox=\"0 0 254 66\" width=\"254\" height=\"66\" role=\"img\" aria-labelledby=\"%.*sm-t %.*sm-d\">\n",
            STR_ARG(r->id), STR_ARG(r->id));
    buf_fmt(&o->buf, "<title id=\"%.*sm-t\">", STR_ARG(r->id));
    out_html(o, r->title);
    buf_fmt(&o->buf, "</title><desc id=\"%.*sm-d\">", STR_ARG(r->id));
    out_html(o, description(o, r));
    buf_lit(&o->buf, "</desc>\n");
    Svg s = { o, r->id, 'm' };
    draw(&s, r, &mini_frame);
}

void ruler(Out *o, const RulerSpec *r)
{
    if (!(r->to > r->from))
        return;
    ChartHead head = { .id = r->id, .title = r->title, .finding = description(o, r) };
    Svg wide = svg_open(o, &head, 'w', 880, 150, false);
    draw(&wide, r, &wide_frame);
    Svg narrow = svg_open(o, &head, 'n', 328, 162, false);
    draw(&narrow, r, &narrow_frame);
}

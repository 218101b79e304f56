/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SVG pieces and the frame of a figure. */
#include "view/svg.h"

#include "chart_frame.html.h"

#include <math.h>

static void num(Out *o, double x)
{
    double r = round(x * 10) / 10;
    buf_fmt(&o->buf, r == (int64_t)r ? "%.0f" : "%.1f", r);
}

Svg svg_open(Out *o, const ChartHead *h, char form, int width, int height, bool links)
{
    Svg s = { o, h->id, form };
    buf_fmt(&o->buf, "<svg class=\"%s\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"%s\" aria-labelledby=\"%.*s%c-t %.*s%c-d\">\n",
            form == 'w' ? "c-wide" : form == 'n' ? "c-narrow" : "c-panel", width, height, width, height, links ? "group" : "img", STR_ARG(h->id), form,
            STR_ARG(h->id), form);
    buf_fmt(&o->buf, "<title id=\"%.*s%c-t\">", STR_ARG(h->id), form);
    out_html(o, h->title);
    buf_fmt(&o->buf, "</title><desc id=\"%.*s%c-d\">", STR_ARG(h->id), form);
    out_html(o, h->finding);
    buf_lit(&o->buf, "</desc>\n");
    return s;
}

void svg_close(Svg *s)
{
    buf_lit(&s->o->buf, "</svg>\n");
}

static void attribute(Out *o, const char *name, double x)
{
    buf_fmt(&o->buf, " %s=\"", name);
    num(o, x);
    buf_byte(&o->buf, '"');
}

static void box(Out *o, double x, double y, double w, double h)
{
    attribute(o, "x", x);
    attribute(o, "y", y);
    attribute(o, "width", w > 0 ? w : 0);
    attribute(o, "height", h);
}

void svg_rect(Svg *s, const char *classes, double x, double y, double w, double h)
{
    buf_fmt(&s->o->buf, "<rect class=\"%s\"", classes);
    box(s->o, x, y, w, h);
    buf_lit(&s->o->buf, "/>\n");
}

void svg_pattern(Svg *s, char p, double x, double y, double w, double h)
{
    buf_fmt(&s->o->buf, "<rect fill=\"url(#%.*s%c-%c)\"", STR_ARG(s->id), s->form, p);
    box(s->o, x, y, w, h);
    buf_lit(&s->o->buf, "/>\n");
}

void svg_patterns(Svg *s)
{
    static const struct { char name; int size; const char *body; } all[] = {
        { 'a', 6, "<path d=\"M-1 7L7 -1M-1 1L1 -1M5 7L7 5\" stroke=\"#FFFFFF\" stroke-opacity=\".55\" stroke-width=\"1.2\"/>" },
        { 'b', 6, "<circle cx=\"3\" cy=\"3\" r=\"1\" fill=\"#16202B\" fill-opacity=\".5\"/>" },
        { 'e', 5, "<path d=\"M2.5 0V5\" stroke=\"#FFFFFF\" stroke-opacity=\".28\" stroke-width=\"1\"/>" },
        { 'n', 6, "<path d=\"M-1 -1L7 7M5 -1L7 1M-1 5L1 7\" stroke=\"#5D6B79\" stroke-width=\"1\"/>" },
    };
    buf_lit(&s->o->buf, "<defs>\n");
    for (size_t i = 0; i < COUNT_OF(all); i++)
        buf_fmt(&s->o->buf, "<pattern id=\"%.*s%c-%c\" width=\"%d\" height=\"%d\" patternUnits=\"userSpaceOnUse\">%s</pattern>\n",
                STR_ARG(s->id), s->form, all[i].name, all[i].size, all[i].size, all[i].body);
    buf_lit(&s->o->buf, "</defs>\n");
}

void svg_line(Svg *s, const char *classes, double x1, double y1, double x2, double y2)
{
    buf_fmt(&s->o->buf, "<line class=\"%s\"", classes);
    attribute(s->o, "x1", x1);
    attribute(s->o, "y1", y1);
    attribute(s->o, "x2", x2);
    attribute(s->o, "y2", y2);
    buf_lit(&s->o->buf, "/>\n");
}

void svg_circle(Svg *s, const char *classes, double x, double y, double r)
{
    buf_fmt(&s->o->buf, "<circle class=\"%s\"", classes);
    attribute(s->o, "cx", x);
    attribute(s->o, "cy", y);
    attribute(s->o, "r", r);
    buf_lit(&s->o->buf, "/>\n");
}

void svg_text(Svg *s, const char *classes, double x, double y, Str text)
{
    buf_lit(&s->o->buf, "<text");
    attribute(s->o, "x", x);
    attribute(s->o, "y", y);
    if (*classes)
        buf_fmt(&s->o->buf, " class=\"%s\"", classes);
    buf_byte(&s->o->buf, '>');
    out_html(s->o, text);
    buf_lit(&s->o->buf, "</text>\n");
}

/* Bytes of the first line: the last space before chars letters, or all when it fits. */
static size_t first_line(Str text, size_t chars)
{
    if (utf8_count(text) <= chars)
        return text.len;
    size_t letters = 0, cut = 0;
    for (size_t i = 0; i < text.len; i++) {
        letters += (text.at[i] & 0xC0) != 0x80;
        if (letters > chars + 1 && cut)
            break;
        if (text.at[i] == ' ')
            cut = i;
    }
    return cut ? cut : text.len;
}

int svg_label(Svg *s, const char *classes, double x, double y, Str text, size_t chars)
{
    size_t cut = first_line(text, chars);
    if (cut == text.len) {
        svg_text(s, classes, x, y, text);
        return 1;
    }
    Str rest = str_skip(text, cut + 1);
    size_t second = first_line(rest, chars + 2);
    svg_text(s, classes, x, y - 9, str_take(text, cut));
    svg_text(s, classes, x, y + 9,
             second == rest.len ? rest : str_concat(s->o->buf.a, str_take(rest, second), S("…")));
    return 2;
}

void svg_link_open(Svg *s, Str href, Str aria)
{
    if (!href.len)
        return;
    buf_lit(&s->o->buf, "<a href=\"");
    out_url(s->o, href);
    buf_lit(&s->o->buf, "\"");
    if (aria.len) {
        buf_lit(&s->o->buf, " aria-label=\"");
        out_html(s->o, aria);
        buf_lit(&s->o->buf, "\"");
    }
    buf_lit(&s->o->buf, ">");
}

void svg_link_close(Svg *s, Str href)
{
    if (href.len)
        buf_lit(&s->o->buf, "</a>\n");
}

Str svg_num(Svg *s, double x, int decimals)
{
    return real_text(s->o->buf.a, s->o->lang, x, decimals);
}

Scale scale_round(double low, double high, double from, double to)
{
    static const double steps[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000 };
    if (!(high > low))
        high = low + 1;
    double step = steps[COUNT_OF(steps) - 1];
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if ((high - low) / steps[i] <= 6) {
            step = steps[i];
            break;
        }
    return (Scale){ floor(low / step) * step, ceil(high / step) * step, step, from, to };
}

double scale_at(const Scale *s, double x)
{
    return s->from + (x - s->low) / (s->high - s->low) * (s->to - s->from);
}

void chart_frame_open(Out *o, const ChartHead *h)
{
    chart_frame_open_view(o, h);
}

void chart_frame_table(Out *o, const ChartHead *h)
{
    chart_frame_table_view(o, h);
}

void chart_frame_close(Out *o)
{
    chart_frame_close_view(o);
}

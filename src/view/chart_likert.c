/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Diverging Likert bars: dissatisfied steps to the left of the middle of "neutral", satisfied to the right;
 * no opinion apart at the right, outside the base. */
#include "view/svg.h"

#include "chart_likert.html.h"

#include <math.h>

typedef struct Layout { int width, row, top, mid, pixels, none_x, none_pixels, value_x; bool narrow; } Layout;
static const Layout wide   = { 880, 52, 30, 330, 350, 690, 40, 880, false };
static const Layout narrow = { 328, 94, 8, 60, 250, 296, 32, 328, true };
enum { WIDE_FROM = 214, WIDE_TO = 684, WIDE_MID_MOST = 590, NARROW_TO = 290, NARROW_LETTERS = 40 };

static double left_of(const LikertRow *r)
{
    return r->share[0] + r->share[1] + r->share[2] / 2;
}

/* Where the bar begins: the middle of the neutral step stands on the layout's middle line. */
static double bar_start(const Layout *l, const LikertRow *r)
{
    return l->mid - left_of(r) * l->pixels;
}

/* The layout for these rows: its middle line moves to the right, and the bars become shorter, when more than usual are
 * dissatisfied; two lines for labels that need them. */
static Layout fitted(const Layout *usual, const LikertRow *rows, size_t n)
{
    Layout l    = *usual;
    int    from = l.narrow ? 0 : WIDE_FROM, to = l.narrow ? NARROW_TO : WIDE_TO, most = l.narrow ? NARROW_TO : WIDE_MID_MOST;
    double left = 0, right = 0;
    bool   two  = false;
    for (size_t i = 0; i < n; i++) {
        two |= utf8_count(rows[i].label) > NARROW_LETTERS;
        if (rows[i].suppressed)
            continue;
        left  = fmax(left, left_of(&rows[i]));
        right = fmax(right, rows[i].share[2] / 2 + rows[i].share[3] + rows[i].share[4]);
    }
    if (l.narrow && two)
        l.row += 18;
    if (left * l.pixels <= l.mid - from)
        return l;
    l.pixels = (int)fmin(l.pixels, (to - from) / (left + right));
    if (left > 0 && left * l.pixels > most - from)
        l.pixels = (int)((most - from) / left);
    l.mid = (int)ceil(from + left * l.pixels);
    return l;
}

static void draw_value(Svg *s, int step, double x, double y, double w, double share)
{
    static const char *const classes[] = { "mid t-w halo", "mid t-k", "mid t-k", "mid t-k", "mid t-w halo halo5" };
    if (w >= 34)
        svg_text(s, classes[step], x + w / 2, y + 18, svg_num(s, share * 100, 1));
}

static void draw_bar(Svg *s, const Layout *l, const LikertRow *r, double y)
{
    static const char *const classes[] = { "l1 o", "l2 o", "l3 o", "l4 o", "l5 o" };
    static const char        pattern[] = { 'a', 'b', 0, 0, 'e' };
    double x = bar_start(l, r);
    for (int k = 0; k < 5; k++) {
        double w = r->share[k] * l->pixels;
        if (w > 0.05) {
            svg_rect(s, classes[k], x + 0.5, y + 0.5, fmax(w - 1, 0.4), 27);
            if (pattern[k] && w > 2)
                svg_pattern(s, pattern[k], x + 1, y + 1, w - 2, 26);
        }
        x += w;
    }
    x = bar_start(l, r);
    for (int k = 0; k < 5; k++) {       /* values over the bars, so that no segment covers them */
        double w = r->share[k] * l->pixels;
        draw_value(s, k, x, y, w, r->share[k]);
        x += w;
    }
    double none = fmin(r->none, 1) * l->none_pixels / 0.25;
    none        = fmin(none, l->none_pixels);
    if (none > 0.3) {
        svg_rect(s, "l0 o", l->none_x + 0.5, y + 0.5, none, 27);
        svg_pattern(s, 'n', l->none_x + 1, y + 1, none - 1, 26);
    }
}

static double satisfied(const LikertRow *r)
{
    return 100 * (r->share[3] + r->share[4]);
}

static Str value_text(Svg *s, const LikertRow *r, bool words)
{
    Arena *a = s->o->buf.a;
    Str x = svg_num(s, satisfied(r), 1);
    if (words)
        x = text_fmt(a, s->o->lang, "chart.likert.satisfied", ARG_S("x", x));
    if (isnan(r->low))
        return x;
    return arena_fmt(a, "%.*s (%.*s–%.*s)", STR_ARG(x), STR_ARG(svg_num(s, r->low, 1)), STR_ARG(svg_num(s, r->high, 1)));
}

static Str n_text(Svg *s, const LikertRow *r)
{
    return str_concat(s->o->buf.a, S("n = "), num_text(s->o->buf.a, s->o->lang, r->n));
}

static void row_wide(Svg *s, const Layout *l, const LikertRow *r, double y)
{
    svg_link_open(s, r->href, S(""));
    svg_label(s, r->strong ? "t-b" : "", 0, y + 28, r->label, 26);
    svg_link_close(s, r->href);
    if (r->suppressed) {
        svg_text(s, "t-m", 220, y + 28, text_of(s->o->lang, "chart.suppressed"));
        return;
    }
    draw_bar(s, l, r, y + 10);
    svg_text(s, "", wide.none_x + fmin(r->none * wide.none_pixels / 0.25, wide.none_pixels) + 6, y + 29,
             svg_num(s, 100 * r->none, 1));
    svg_text(s, "end t-b", wide.value_x, y + 24, value_text(s, r, false));
    svg_text(s, "end t-m", wide.value_x, y + 42, n_text(s, r));
}

static void row_narrow(Svg *s, const Layout *l, const LikertRow *r, double y)
{
    bool two = l->row > narrow.row;
    svg_link_open(s, r->href, S(""));
    (void)svg_label(s, "t-b", 0, y + (two ? 23 : 14), r->label, NARROW_LETTERS);
    svg_link_close(s, r->href);
    y += two ? 18 : 0;
    if (r->suppressed) {
        svg_text(s, "t-m", 0, y + 42, text_of(s->o->lang, "chart.suppressed"));
        return;
    }
    draw_bar(s, l, r, y + 24);
    svg_text(s, "", 0, y + 70, value_text(s, r, true));
    svg_text(s, "end t-m", 328, y + 70, n_text(s, r));
}

/* Bytes that every label begins (or, from the end, ends) with, up to a blank. */
static size_t shared(const LikertRow *rows, size_t n, bool ends)
{
    size_t at = 0, blank = 0;
    for (Str first = rows[0].label; at < first.len; at++) {
        char c = first.at[ends ? first.len - 1 - at : at];
        for (size_t i = 1; i < n; i++) {
            Str l = rows[i].label;
            if (at >= l.len || l.at[ends ? l.len - 1 - at : at] != c)
                return blank;
        }
        if (c == ' ')
            blank = at + 1;
    }
    return blank;
}

/* Rows for the drawing: what all labels have in common would fill the room and leave the rows alike. The table keeps
 * the labels whole. */
static const LikertRow *drawn_rows(Out *o, const LikertChart *c)
{
    if (c->n < 2)
        return c->rows;
    size_t head = shared(c->rows, c->n, false), tail = shared(c->rows, c->n, true);
    if (head < 20)
        return c->rows;
    if (tail < 10)
        tail = 0;
    LikertRow *rows = arena_new(o->buf.a, LikertRow, c->n);
    for (size_t i = 0; i < c->n; i++) {
        rows[i] = c->rows[i];
        Str l   = str_skip(rows[i].label, head);
        l       = str_trim(str_take(l, l.len > tail ? l.len - tail : l.len));
        rows[i].label = str_ends(l, S("?")) || str_ends(l, S(".")) ? str_take(l, l.len - 1) : l;
        if (rows[i].label.len == 0)
            return c->rows;
    }
    return rows;
}

/* The key inside the drawing, for files: two rows of three. */
static void draw_key(Svg *s, const LikertChart *c)
{
    static const char *const classes[] = { "l1 o", "l2 o", "l3 o", "l4 o", "l5 o", "l0 o" };
    static const char        pattern[] = { 'a', 'b', 0, 0, 'e', 'n' };
    for (int k = 0; k < 6; k++) {
        double x = 294 * (k % 3), y = 24 * (k / 3) + 2;
        svg_rect(s, classes[k], x + 0.5, y + 0.5, 27, 15);
        if (pattern[k])
            svg_pattern(s, pattern[k], x + 1, y + 1, 26, 14);
        svg_text(s, "", x + 36, y + 13, k < 5 ? c->steps[k] : c->none_label);
    }
}

static void draw(Out *o, const LikertChart *c, const LikertRow *rows, const Layout *usual, int key)
{
    Layout own = fitted(usual, rows, c->n), *l = &own;
    l->top += key;
    int height = l->top + (int)c->n * l->row + 4;
    Svg s      = svg_open(o, &c->head, l->narrow ? 'n' : 'w', l->width, height, false);
    svg_patterns(&s);
    if (key)
        draw_key(&s, c);
    if (!l->narrow) {
        svg_text(&s, "t-m end", l->mid - 29, l->top - 12, text_of(o->lang, "chart.likert.left"));
        svg_text(&s, "t-m", l->mid + 29, l->top - 12, text_of(o->lang, "chart.likert.right"));
        svg_text(&s, "t-m", l->none_x, l->top - 12, text_of(o->lang, "chart.likert.none"));
        svg_text(&s, "t-m end", l->value_x, l->top - 12, text_of(o->lang, "chart.likert.value"));
        svg_line(&s, "tick dash", l->mid, l->top - 4, l->mid, height - 4);
    }
    for (size_t i = 0; i < c->n; i++) {
        double y = l->top + (double)i * l->row;
        if (i)
            svg_line(&s, "gr", 0, y, l->width, y);
        if (l->narrow)
            row_narrow(&s, l, &rows[i], y);
        else
            row_wide(&s, l, &rows[i], y);
    }
    svg_close(&s);
}

void chart_likert(Out *o, const LikertChart *c)
{
    chart_frame_open(o, &c->head);
    likert_key_view(o, c);
    const LikertRow *rows = drawn_rows(o, c);
    draw(o, c, rows, &wide, 0);
    draw(o, c, rows, &narrow, 0);
    chart_frame_table(o, &c->head);
    likert_table_view(o, c);
    chart_frame_close(o);
}

Str chart_likert_svg(Arena *a, Lang l, const LikertChart *c)
{
    Out o = out_new(a, l, 1 << 14);
    draw(&o, c, drawn_rows(&o, c), &wide, 60);
    return svg_file(&o);
}

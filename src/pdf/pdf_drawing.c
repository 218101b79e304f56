/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Draws the SVG that our own charts write: shapes with presentation attributes, text, patterns, links. */
#include "base/xml.h"
#include "pdf/parts.h"

#include <math.h>
#include <stdlib.h>

typedef struct Canvas { Pdf *p; Arena *a; cairo_t *cr; const Xml *root; double x, y, scale; } Canvas;
typedef struct Paint { bool on; PdfColour colour; double alpha; } Paint;

static double number_of(const Xml *x, const char *name, double otherwise)
{
    double v;
    return str_to_f64(xml_attr(x, S(""), str_from_c(name)), &v) && isfinite(v) ? v : otherwise;
}

static Paint paint_of(const Xml *x, const char *name, const char *alpha)
{
    Str      s = xml_attr(x, S(""), str_from_c(name));
    char     hex[8] = { 0 }, *end;
    if (s.len != 7 || s.at[0] != '#')
        return (Paint){ 0 };
    memcpy(hex, s.at + 1, 6);
    unsigned long rgb = strtoul(hex, &end, 16);
    return (Paint){ *end == 0, { (double)(rgb >> 16 & 255) / 255, (double)(rgb >> 8 & 255) / 255, (double)(rgb & 255) / 255 },
                    number_of(x, alpha, 1) * number_of(x, "opacity", 1) };
}

static void source(cairo_t *cr, Paint paint)
{
    if (paint.alpha < 1)
        cairo_set_source_rgba(cr, paint.colour.r, paint.colour.g, paint.colour.b, paint.alpha);
    else
        cairo_set_source_rgb(cr, paint.colour.r, paint.colour.g, paint.colour.b);
}

/* "4 3" */
static void dashes(cairo_t *cr, Str s)
{
    double at[4];
    int    n = 0;
    for (StrPair p = str_cut(s, ' '); n < 4 && p.head.len; p = str_cut(p.tail, ' '))
        if (str_to_f64(p.head, &at[n]) && at[n] > 0)
            n++;
    cairo_set_dash(cr, at, n, 0);
}

static void stroke_style(cairo_t *cr, const Xml *x)
{
    cairo_set_line_width(cr, number_of(x, "stroke-width", 1));
    dashes(cr, xml_attr(x, S(""), S("stroke-dasharray")));
    cairo_set_line_join(cr, str_eq(xml_attr(x, S(""), S("stroke-linejoin")), S("round")) ? CAIRO_LINE_JOIN_ROUND : CAIRO_LINE_JOIN_MITER);
}

static void element(Canvas *c, const Xml *x);

static const Xml *pattern_named(const Xml *x, Str id)
{
    XML_EACH(child, x) {
        const Xml *found = str_eq(child->name, S("pattern")) && str_eq(xml_attr(child, S(""), S("id")), id) ? child : pattern_named(child, id);
        if (found)
            return found;
    }
    return NULL;
}

/* Fills the path with copies of a pattern: one cell is recorded, the file repeats it. */
static void fill_pattern(Canvas *c, Str url)
{
    const Xml *x = url.len > 6 ? pattern_named(c->root, str_take(str_skip(url, 5), url.len - 6)) : NULL;
    double     size = x ? number_of(x, "width", 0) : 0;
    if (size < 1) {
        cairo_new_path(c->cr);
        return;
    }
    cairo_surface_t *cell = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &(cairo_rectangle_t){ 0, 0, size, size });
    Canvas           in   = *c;
    in.cr = cairo_create(cell);
    XML_EACH(child, x)
        element(&in, child);
    cairo_destroy(in.cr);
    cairo_pattern_t *paint = cairo_pattern_create_for_surface(cell);
    cairo_surface_destroy(cell);
    cairo_pattern_set_extend(paint, CAIRO_EXTEND_REPEAT);
    cairo_set_source(c->cr, paint);
    cairo_pattern_destroy(paint);
    cairo_fill(c->cr);
}

static void paint_path(Canvas *c, const Xml *x)
{
    Str   url  = xml_attr(x, S(""), S("fill"));
    Paint fill = paint_of(x, "fill", "fill-opacity"), line = paint_of(x, "stroke", "stroke-opacity");
    if (str_starts(url, S("url(#"))) {
        fill_pattern(c, url);
        return;
    }
    if (fill.on) {
        source(c->cr, fill);
        cairo_fill_preserve(c->cr);
    }
    if (line.on) {
        source(c->cr, line);
        stroke_style(c->cr, x);
        cairo_stroke_preserve(c->cr);
    }
    cairo_new_path(c->cr);
}

static void rect(Canvas *c, const Xml *x)
{
    cairo_rectangle(c->cr, number_of(x, "x", 0), number_of(x, "y", 0), number_of(x, "width", 0), number_of(x, "height", 0));
    paint_path(c, x);
}

static void line(Canvas *c, const Xml *x)
{
    cairo_move_to(c->cr, number_of(x, "x1", 0), number_of(x, "y1", 0));
    cairo_line_to(c->cr, number_of(x, "x2", 0), number_of(x, "y2", 0));
    paint_path(c, x);
}

static void circle(Canvas *c, const Xml *x)
{
    cairo_arc(c->cr, number_of(x, "cx", 0), number_of(x, "cy", 0), number_of(x, "r", 0), 0, 2 * G_PI);
    paint_path(c, x);
}

/* Absolute M, L and V with numbers apart by blanks: what our charts write. */
static void path(Canvas *c, const Xml *x)
{
    const char *s = arena_c(c->a, xml_attr(x, S(""), S("d")));
    char        act = 'M';
    double      at[2] = { 0 };
    while (*s) {
        if (strchr("MLV", *s))
            act = *s++;
        char *end;
        for (int k = act == 'V'; k < 2; k++) {
            at[k] = strtod(s, &end);
            if (end == s)
                goto done;
            s = end;
        }
        while (*s == ' ')
            s++;
        if (act == 'M')
            cairo_move_to(c->cr, at[0], at[1]);
        else
            cairo_line_to(c->cr, at[0], at[1]);
    }
done:
    paint_path(c, x);
}

static void text(Canvas *c, const Xml *x)
{
    Str    words = xml_text(c->a, x), anchor = xml_attr(x, S(""), S("text-anchor"));
    Paint  fill = paint_of(x, "fill", "fill-opacity"), halo = paint_of(x, "stroke", "stroke-opacity");
    bool   bold = str_eq(xml_attr(x, S(""), S("font-weight")), S("600"));
    double size = number_of(x, "font-size", 14);
    char  *font = arena_c(c->a, arena_fmt(c->a, "%s %.2fpx", bold ? "Semi-Bold" : "", size));
    PangoLayout          *layout = pango_cairo_create_layout(c->cr);
    PangoFontDescription *d      = pdf_font(&(PdfStyle){ .font = font });
    pango_layout_set_font_description(layout, d);
    pango_font_description_free(d);
    pango_layout_set_text(layout, words.at, (int)words.len);
    int wide, high;
    pango_layout_get_size(layout, &wide, &high);
    double w    = (double)wide / PANGO_SCALE;
    double left = str_eq(anchor, S("end")) ? w : str_eq(anchor, S("middle")) ? w / 2 : 0;
    double top  = number_of(x, "y", 0) - (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
    cairo_move_to(c->cr, number_of(x, "x", 0) - left, top);
    if (halo.on) {
        pango_cairo_layout_path(c->cr, layout);
        source(c->cr, halo);
        stroke_style(c->cr, x);
        cairo_stroke(c->cr);
        cairo_move_to(c->cr, number_of(x, "x", 0) - left, top);
    }
    source(c->cr, fill);
    pango_cairo_show_layout(c->cr, layout);
    g_object_unref(layout);
}

/* The box of the first rect or text inside a link, in the drawing's own lengths. */
static void link_box(Canvas *c, const Xml *x)
{
    Str        href = xml_attr(x, S(""), S("href"));
    const Xml *box  = xml_child(x, S("rect"));
    if (box)
        pdf_link(c->p, c->a, href, c->x + c->scale * number_of(box, "x", 0), c->y + c->scale * number_of(box, "y", 0),
                 c->scale * number_of(box, "width", 0), c->scale * number_of(box, "height", 0));
}

static void element(Canvas *c, const Xml *x)
{
    static const struct { Str name; void (*draw)(Canvas *c, const Xml *x); } all[] = {
        { S_INIT("rect"), rect }, { S_INIT("line"), line }, { S_INIT("circle"), circle }, { S_INIT("path"), path }, { S_INIT("text"), text },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (str_eq(x->name, all[i].name))
            all[i].draw(c, x);
    if (str_eq(x->name, S("a")) || str_eq(x->name, S("g")) || str_eq(x->name, S("svg")))
        XML_EACH(child, x)
            element(c, child);
}

static void links(Canvas *c, const Xml *x)
{
    XML_EACH(child, x) {
        if (str_eq(child->name, S("a")))
            link_box(c, child);
        links(c, child);
    }
}

static Err read_drawing(Arena *a, Str svg, Xml **out, double *wide, double *high)
{
    TRY(xml_parse(a, svg, (XmlLimits){ .depth = 16, .nodes = 100000, .attributes = 40, .unlined = true }, out));
    *wide = number_of(*out, "width", 0);
    *high = number_of(*out, "height", 0);
    return *wide >= 1 && *high >= 1 ? OK : err_new(a, ERR_INVALID, S("a drawing without size"));
}

Err pdf_drawing_size(Arena *a, Str svg, double *out_wide, double *out_high)
{
    Arena work = *a;
    Xml  *root;
    return read_drawing(&work, svg, &root, out_wide, out_high);
}

Err pdf_drawing(Pdf *p, Arena *a, Str svg, double x, double y, double wide, double *out_high)
{
    Xml   *root;
    double own_wide, own_high;
    TRY(read_drawing(a, svg, &root, &own_wide, &own_high));
    Canvas c = { p, a, p->cr, root, x, y, wide / own_wide };
    cairo_save(p->cr);
    cairo_translate(p->cr, x, y);
    cairo_scale(p->cr, c.scale, c.scale);
    element(&c, root);
    cairo_restore(p->cr);
    links(&c, root);
    *out_high = own_high * c.scale;
    return OK;
}

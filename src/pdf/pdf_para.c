/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Paragraphs of runs, drawn line by line; links, structure, outline and facts of the file. */
#include "pdf/parts.h"

#include <assert.h>
#include <stdlib.h>

/* ---- Facts and structure ---------------------------------------------------------------------------------------- */

void pdf_describe(Pdf *p, Arena *a, Str author, Str subject, Time made)
{
    if (p->picture)
        return;
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR, arena_c(a, author));
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_SUBJECT, arena_c(a, subject));
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, arena_c(a, time_iso(a, made)));
}

void pdf_tag(Pdf *p, const char *tag)
{
    if (!p->picture)
        cairo_tag_begin(p->cr, tag, "");
}

void pdf_tag_end(Pdf *p, const char *tag)
{
    if (!p->picture)
        cairo_tag_end(p->cr, tag);
}

void pdf_outline(Pdf *p, Arena *a, Str text, int level, double y)
{
    assert(level >= 0 && level < (int)COUNT_OF(p->outline));
    if (p->picture)
        return;
    int parent = level ? p->outline[level - 1] : CAIRO_PDF_OUTLINE_ROOT;
    Str to     = arena_fmt(a, "page=%d pos=[0 %.1f]", p->number, y);
    p->outline[level] = cairo_pdf_surface_add_outline(p->surface, parent, arena_c(a, text), arena_c(a, to), CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

/* A quoted value of cairo's attributes: an address holds neither quote nor backslash unescaped. */
static const char *address_c(Arena *a, Str s)
{
    return arena_c(a, str_replace(a, str_replace(a, s, S("\\"), S("%5C")), S("'"), S("%27")));
}

void pdf_link(Pdf *p, Arena *a, Str address, double x, double y, double wide, double high)
{
    if (p->picture || !address.len)
        return;
    Str attributes = arena_fmt(a, "rect=[%.2f %.2f %.2f %.2f] uri='%s'", x, y, wide, high, address_c(a, address));
    cairo_tag_begin(p->cr, CAIRO_TAG_LINK, arena_c(a, attributes));
    cairo_tag_end(p->cr, CAIRO_TAG_LINK);
}

/* ---- Paragraphs -------------------------------------------------------------------------------------------------- */

static void attribute(PangoAttrList *list, PangoAttribute *x, size_t from, size_t to)
{
    x->start_index = (guint)from;
    x->end_index   = (guint)to;
    pango_attr_list_insert(list, x);
}

static PangoAttrList *attributes_of(const PdfRun *runs, size_t n)
{
    PangoAttrList *list = pango_attr_list_new();
    size_t         at   = 0;
    for (size_t i = 0; i < n; at += runs[i].text.len, i++) {
        size_t end = at + runs[i].text.len;
        if (runs[i].bold)
            attribute(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), at, end);
        if (runs[i].italic)
            attribute(list, pango_attr_style_new(PANGO_STYLE_ITALIC), at, end);
        if (runs[i].href.len) {
            attribute(list, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), at, end);
            attribute(list, pango_attr_underline_color_new(0x8E00, 0x9900, 0xA400), at, end);
        }
    }
    return list;
}

PdfPara *pdf_para(Pdf *p, Arena *a, const PdfRun *runs, size_t n, const PdfStyle *s)
{
    static const PangoAlignment align[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT };
    Str *texts = arena_new(a, Str, n + 1);
    for (size_t i = 0; i < n; i++)
        texts[i] = runs[i].text;
    Str      text = str_join(a, texts, n, S(""));
    PdfPara *t    = calloc(1, sizeof *t);
    assert(t);
    *t       = (PdfPara){ pango_cairo_create_layout(p->cr), runs, n, s->colour, p->paras };
    p->paras = t;
    PangoFontDescription *d    = pdf_font(s);
    PangoAttrList        *list = attributes_of(runs, n);
    pango_layout_set_font_description(t->layout, d);
    pango_font_description_free(d);
    pango_layout_set_attributes(t->layout, list);
    pango_attr_list_unref(list);
    if (s->width > 0)
        pango_layout_set_width(t->layout, (int)(s->width * PANGO_SCALE));
    pango_layout_set_wrap(t->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(t->layout, align[s->align]);
    pango_layout_set_justify(t->layout, s->justify);
    pango_layout_set_indent(t->layout, (int)(s->indent * PANGO_SCALE));
    pango_layout_set_line_spacing(t->layout, s->spacing > 0 ? (float)s->spacing : 1.15f);
    pango_layout_set_text(t->layout, text.at, (int)text.len);
    return t;
}

size_t pdf_para_lines(const PdfPara *t)
{
    return (size_t)pango_layout_get_line_count(t->layout);
}

typedef struct Line { PangoLayoutLine *line; double top, bottom, baseline, left; } Line;

static Line line_of(PangoLayoutIter *i)
{
    PangoRectangle box;
    int            top, bottom;
    pango_layout_iter_get_line_yrange(i, &top, &bottom);
    pango_layout_iter_get_line_extents(i, NULL, &box);
    return (Line){ pango_layout_iter_get_line_readonly(i), (double)top / PANGO_SCALE, (double)bottom / PANGO_SCALE,
                   (double)pango_layout_iter_get_baseline(i) / PANGO_SCALE, (double)box.x / PANGO_SCALE };
}

double pdf_para_high(const PdfPara *t, size_t from, size_t to)
{
    PangoLayoutIter *i = pango_layout_get_iter(t->layout);
    double           high = 0;
    for (size_t k = 0; k < to; k++) {
        Line l = line_of(i);
        if (k >= from)
            high += l.bottom - l.top;
        if (!pango_layout_iter_next_line(i))
            break;
    }
    pango_layout_iter_free(i);
    return high;
}

/* The parts of the line that are links. */
static void line_links(Pdf *p, Arena *a, const PdfPara *t, const Line *l, double x, double y)
{
    size_t at = 0;
    for (size_t i = 0; i < t->n; at += t->runs[i].text.len, i++) {
        size_t end = at + t->runs[i].text.len, first = (size_t)l->line->start_index, last = first + (size_t)l->line->length;
        if (!t->runs[i].href.len || end <= first || at >= last)
            continue;
        int *ranges, n;
        double from[2] = { 0 };
        pango_layout_line_get_x_ranges(l->line, (int)(at > first ? at : first), (int)(end < last ? end : last), &ranges, &n);
        bool any = n > 0;
        for (int k = 0; k < 2 && any; k++)
            from[k] = (double)ranges[k] / PANGO_SCALE;
        g_free(ranges);
        if (any)
            pdf_link(p, a, t->runs[i].href, x + from[0], y, from[1] - from[0], l->bottom - l->top);
    }
}

double pdf_para_draw(Pdf *p, Arena *a, PdfPara *t, double x, double y, double room, size_t *from)
{
    double high = 0;
    size_t k    = 0, begin = *from;
    Line   drawn[64];
    size_t n = 0;
    PangoLayoutIter *i = pango_layout_get_iter(t->layout);
    cairo_set_source_rgb(p->cr, t->colour.r, t->colour.g, t->colour.b);
    do {
        Line l = line_of(i);
        if (k++ < begin)
            continue;
        if (n && (high + l.bottom - l.top > room || n == COUNT_OF(drawn)))
            break;
        cairo_move_to(p->cr, x + l.left, y + high + l.baseline - l.top);
        pango_cairo_show_layout_line(p->cr, l.line);
        drawn[n++] = l;
        high += l.bottom - l.top;
        *from = k;
    } while (pango_layout_iter_next_line(i));
    pango_layout_iter_free(i);
    double at = y;
    for (size_t d = 0; d < n; at += drawn[d].bottom - drawn[d].top, d++)
        line_links(p, a, t, &drawn[d], x, at);
    return high;
}

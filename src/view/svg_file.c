/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drawings that stand alone: classes of assets/parts/numbers.css as presentation attributes, in the light theme. */
#include "view/svg.h"

typedef struct Look { const char *fill, *stroke, *width, *dash, *join, *opacity, *anchor, *weight; } Look;

#define INK     "#16202B"
#define MUTED   "#4A5764"
#define PAGE    "#FFFFFF"
#define OUTLINE "#5D6B79"
#define HAIR    "#DAD6CC"
#define MARK    "#123B66"
static const struct { Str name; Look look; } looks[] = {
    { S_INIT("t-m"), { .fill = MUTED } },
    { S_INIT("t-b"), { .weight = "600" } },
    { S_INIT("t-w"), { .fill = "#FFFFFF" } },
    { S_INIT("t-k"), { .fill = INK } },
    { S_INIT("t-n"), { .fill = MARK, .weight = "600" } },
    { S_INIT("end"), { .anchor = "end" } },
    { S_INIT("mid"), { .anchor = "middle" } },
    { S_INIT("ax"), { .fill = "none", .stroke = INK, .width = "1" } },
    { S_INIT("tick"), { .fill = "none", .stroke = OUTLINE, .width = "1" } },
    { S_INIT("gr"), { .fill = "none", .stroke = HAIR, .width = "1" } },
    { S_INIT("nat"), { .fill = "none", .stroke = INK, .width = "2" } },
    { S_INIT("ci"), { .fill = "#BCD3EA", .stroke = OUTLINE, .width = "1" } },
    { S_INIT("ln"), { .fill = "none", .stroke = MARK, .width = "2.5", .join = "round" } },
    { S_INIT("ln-q"), { .fill = "none", .stroke = "#8E99A4", .width = "1", .opacity = ".7" } },
    { S_INIT("ln-d"), { .fill = "none", .stroke = "#8C510A", .width = "2.5", .dash = "7 3" } },
    { S_INIT("mk"), { .fill = MARK, .stroke = PAGE, .width = "1.5" } },
    { S_INIT("o"), { .stroke = OUTLINE, .width = "1" } },
    { S_INIT("dash"), { .dash = "4 3" } },
    { S_INIT("s1"), { .fill = "#EAF1F8" } },
    { S_INIT("s2"), { .fill = "#BCD3EA" } },
    { S_INIT("s3"), { .fill = "#82ADD6" } },
    { S_INIT("s4"), { .fill = "#3472AB" } },
    { S_INIT("s5"), { .fill = "#123B66" } },
    { S_INIT("l1"), { .fill = "#8C510A" } },
    { S_INIT("l2"), { .fill = "#D8B365" } },
    { S_INIT("l3"), { .fill = "#D9D9D9" } },
    { S_INIT("l4"), { .fill = "#5AB4AC" } },
    { S_INIT("l5"), { .fill = "#01665E" } },
    { S_INIT("l0"), { .fill = PAGE } },
    { S_INIT("halo"), { .width = "4", .join = "round" } },
    { S_INIT("halo5"), { .stroke = "#01665E" } },
    { S_INIT("halo-p"), { .stroke = PAGE } },
};

static void merge(Look *to, const Look *from)
{
#define TAKE(field) to->field = from->field ? from->field : to->field
    TAKE(fill); TAKE(stroke); TAKE(width); TAKE(dash); TAKE(join); TAKE(opacity); TAKE(anchor); TAKE(weight);
#undef TAKE
}

static void attribute(Buf *b, const char *name, const char *value)
{
    if (value)
        buf_fmt(b, " %s=\"%s\"", name, value);
}

static void look_write(Buf *b, const Look *l)
{
    attribute(b, "fill", l->fill);
    attribute(b, "stroke", l->stroke);
    attribute(b, "stroke-width", l->width);
    attribute(b, "stroke-dasharray", l->dash);
    attribute(b, "stroke-linejoin", l->join);
    attribute(b, "opacity", l->opacity);
    attribute(b, "text-anchor", l->anchor);
    attribute(b, "font-weight", l->weight);
}

static Look look_of(Str classes, bool text)
{
    Look all = { .fill = text ? INK : NULL };
    for (StrPair p = str_cut(classes, ' '); p.head.len; p = str_cut(p.tail, ' '))
        for (size_t i = 0; i < COUNT_OF(looks); i++)
            if (str_eq(looks[i].name, p.head))
                merge(&all, &looks[i].look);
    return all;
}

static void tag_write(Buf *b, Str before, const Look *l, Str behind)
{
    buf_byte(b, '<');
    buf_add(b, before);
    look_write(b, l);
    buf_add(b, behind);
    buf_byte(b, '>');
}

/* One tag without its angles, and the words behind it. A text with a halo is written twice, for few programs know paint-order. */
static void tag_plain(Buf *b, Str tag, Str words)
{
    StrPair classes = { S(""), S("") };
    Str     mark = S(" class=\""), before = tag;
    size_t  at;
    bool    text = str_starts(tag, S("text "));
    if (str_find(tag, mark, &at)) {
        classes = str_cut(str_skip(tag, at + mark.len), '"');
        before  = str_take(tag, at);
    }
    Look l = look_of(classes.head, text), none = { 0 };
    if (text && l.stroke) {
        Look halo = l;
        halo.fill = l.stroke;
        tag_write(b, before, &halo, classes.tail);
        buf_add(b, words);
        buf_lit(b, "</text>\n");
    }
    if (text)
        l.stroke = l.width = l.join = NULL;
    tag_write(b, before, text || classes.head.len ? &l : &none, classes.tail);
    buf_add(b, words);
}

/* Inside a tag quotes are those of attributes alone, so that classes are found without reading XML. */
Str svg_file(const Out *o)
{
    Str     in   = out_text(o);
    Buf     b    = buf_new(o->buf.a, in.len * 2 + 256);
    StrPair head = str_cut(in, '>');                                     /* <svg class=… viewBox=… role=…> */
    size_t  view = 0, role = head.head.len;
    (void)str_find(head.head, S(" viewBox="), &view);
    (void)str_find(head.head, S(" role="), &role);
    buf_lit(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" font-family=\"'Noto Sans', Arial, sans-serif\" font-size=\"14\"");
    buf_add(&b, (Str){ head.head.at + view, role - view });
    buf_lit(&b, ">\n");
    for (Str rest = str_cut(head.tail, '<').tail; rest.len;) {
        StrPair tag = str_cut(rest, '>'), words = str_cut(tag.tail, '<');
        tag_plain(&b, tag.head, words.head);
        rest = words.tail;
    }
    return buf_str(&b);
}

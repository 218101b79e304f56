/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The 34 provincial units as tiles of equal size near their place, without area. Hoàng Sa and Trường Sa are
 * part of the drawing and take the value of their province: no caller can leave them out. */
#include "view/svg.h"

#include "chart_frame.html.h"
#include "chart_tiles.html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Tile { const char *code; int column, row; Str lines[2]; bool archipelago; Str full; } Tile;

static const Tile tiles[] = {
    { "12", 0, 0, { S_INIT("Lai"), S_INIT("Châu") }, false, S_INIT("Lai Châu") },
    { "15", 1, 0, { S_INIT("Lào"), S_INIT("Cai") }, false, S_INIT("Lào Cai") },
    { "08", 2, 0, { S_INIT("Tuyên"), S_INIT("Quang") }, false, S_INIT("Tuyên Quang") },
    { "04", 3, 0, { S_INIT("Cao"), S_INIT("Bằng") }, false, S_INIT("Cao Bằng") },
    { "11", 0, 1, { S_INIT("Điện"), S_INIT("Biên") }, false, S_INIT("Điện Biên") },
    { "14", 1, 1, { S_INIT("Sơn"), S_INIT("La") }, false, S_INIT("Sơn La") },
    { "25", 2, 1, { S_INIT("Phú"), S_INIT("Thọ") }, false, S_INIT("Phú Thọ") },
    { "19", 3, 1, { S_INIT("Thái"), S_INIT("Nguyên") }, false, S_INIT("Thái Nguyên") },
    { "20", 4, 1, { S_INIT("Lạng"), S_INIT("Sơn") }, false, S_INIT("Lạng Sơn") },
    { "01", 2, 2, { S_INIT("Hà"), S_INIT("Nội") }, false, S_INIT("Hà Nội") },
    { "24", 3, 2, { S_INIT("Bắc"), S_INIT("Ninh") }, false, S_INIT("Bắc Ninh") },
    { "22", 4, 2, { S_INIT("Quảng"), S_INIT("Ninh") }, false, S_INIT("Quảng Ninh") },
    { "37", 2, 3, { S_INIT("Ninh"), S_INIT("Bình") }, false, S_INIT("Ninh Bình") },
    { "33", 3, 3, { S_INIT("Hưng"), S_INIT("Yên") }, false, S_INIT("Hưng Yên") },
    { "31", 4, 3, { S_INIT("Hải"), S_INIT("Phòng") }, false, S_INIT("Hải Phòng") },
    { "38", 2, 4, { S_INIT("Thanh"), S_INIT("Hóa") }, false, S_INIT("Thanh Hóa") },
    { "40", 2, 5, { S_INIT("Nghệ"), S_INIT("An") }, false, S_INIT("Nghệ An") },
    { "42", 2, 6, { S_INIT("Hà"), S_INIT("Tĩnh") }, false, S_INIT("Hà Tĩnh") },
    { "44", 3, 7, { S_INIT("Quảng"), S_INIT("Trị") }, false, S_INIT("Quảng Trị") },
    { "46", 3, 8, { S_INIT("Huế"), S_INIT("") }, false, S_INIT("Huế") },
    { "48", 4, 8, { S_INIT("Đà"), S_INIT("Nẵng") }, false, S_INIT("Đà Nẵng") },
    { "48", 6, 8, { S_INIT("Q.đ. Hoàng Sa"), S_INIT("(TP. Đà Nẵng)") }, true, S_INIT("Quần đảo Hoàng Sa (TP. Đà Nẵng)") },
    { "51", 4, 9, { S_INIT("Quảng"), S_INIT("Ngãi") }, false, S_INIT("Quảng Ngãi") },
    { "52", 4, 10, { S_INIT("Gia"), S_INIT("Lai") }, false, S_INIT("Gia Lai") },
    { "66", 4, 11, { S_INIT("Đắk"), S_INIT("Lắk") }, false, S_INIT("Đắk Lắk") },
    { "75", 2, 12, { S_INIT("Đồng"), S_INIT("Nai") }, false, S_INIT("Đồng Nai") },
    { "68", 3, 12, { S_INIT("Lâm"), S_INIT("Đồng") }, false, S_INIT("Lâm Đồng") },
    { "56", 4, 12, { S_INIT("Khánh"), S_INIT("Hòa") }, false, S_INIT("Khánh Hòa") },
    { "56", 6, 12, { S_INIT("Q.đ. Trường Sa"), S_INIT("(tỉnh Khánh Hòa)") }, true, S_INIT("Quần đảo Trường Sa (tỉnh Khánh Hòa)") },
    { "80", 1, 13, { S_INIT("Tây"), S_INIT("Ninh") }, false, S_INIT("Tây Ninh") },
    { "79", 2, 13, { S_INIT("TP."), S_INIT("HCM") }, false, S_INIT("TP. Hồ Chí Minh") },
    { "91", 0, 14, { S_INIT("An"), S_INIT("Giang") }, false, S_INIT("An Giang") },
    { "82", 1, 14, { S_INIT("Đồng"), S_INIT("Tháp") }, false, S_INIT("Đồng Tháp") },
    { "86", 2, 14, { S_INIT("Vĩnh"), S_INIT("Long") }, false, S_INIT("Vĩnh Long") },
    { "96", 0, 15, { S_INIT("Cà"), S_INIT("Mau") }, false, S_INIT("Cà Mau") },
    { "92", 1, 15, { S_INIT("Cần"), S_INIT("Thơ") }, false, S_INIT("Cần Thơ") },
};

static int by_value(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return (p > q) - (p < q);
}

void tile_cuts(const double *x, size_t n, double cut[4])
{
    double known[64];
    size_t m = 0;
    for (size_t i = 0; i < n && m < COUNT_OF(known); i++)
        if (!isnan(x[i]))
            known[m++] = x[i];
    qsort(known, m, sizeof *known, by_value);
    double low = m ? known[m / 20] : 0, high = m ? known[m - 1 - m / 20] : 1;
    double step = 1;                   /* even steps and a whole middle give bounds people can read */
    while (step * 3 < (high - low) * 0.75)
        step += 1;
    double middle = round((low + high) / 2);
    for (int k = 0; k < 4; k++)
        cut[k] = middle + (k - 1.5) * step;
}

static const TileValue *value_of(const TileChart *c, const char *code)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->values[i].code, str_from_c(code)))
            return &c->values[i];
    return NULL;
}

static int step_of(const TileChart *c, double x)
{
    int k = 0;
    while (k < 4 && x >= c->cut[k])
        k++;
    return k;
}

static Str spoken(Svg *s, const TileChart *c, const Tile *t, const TileValue *v)
{
    Arena *a = s->o->buf.a;
    Str name = t->lines[1].len ? str_join(a, t->lines, 2, S(" ")) : t->lines[0];     /* begins with the text that shows */
    Str said = v && !isnan(v->x) ? arena_fmt(a, "%.*s %.*s%.*s", STR_ARG(name), STR_ARG(svg_num(s, v->x, 1)), STR_ARG(c->value_label))
                                 : arena_fmt(a, "%.*s –, %.*s", STR_ARG(name), STR_ARG(text_of(s->o->lang, "chart.no-figure")));
    if (t->archipelago)
        said = str_join(a, (Str[]){ said, t->full, text_of(s->o->lang, "chart.tiles.of-province") }, 3, S(", "));
    return said;
}

static void tile_box(Svg *s, const TileChart *c, const Tile *t, const TileValue *v, double x, double y, double w, double h)
{
    static const char *const fills[]  = { "s1 o", "s2 o", "s3 o", "s4 o", "s5 o" };
    static const char *const dashed[] = { "s1 o dash", "s2 o dash", "s3 o dash", "s4 o dash", "s5 o dash" };
    bool known = v && !isnan(v->x);
    int  k     = known ? step_of(c, v->x) : 0;
    bool dark  = known && k >= 3;
    svg_rect(s, !known ? (t->archipelago ? "l0 o dash" : "l0 o") : t->archipelago ? dashed[k] : fills[k], x + 0.5, y + 0.5, w - 1, h - 1);
    if (!known)
        svg_pattern(s, 'n', x + 1, y + 1, w - 2, h - 2);
    double mid  = x + w / 2;
    bool   join = s->form == 'w' && !t->archipelago;        /* wide tiles hold the name in one line */
    const char *text = dark ? "mid t-w" : known ? "mid t-k" : "mid halo halo-p", *bold = dark ? "mid t-b t-w" : known ? "mid t-b t-k" : "mid t-b halo halo-p";
    if (join) {
        Str name = t->lines[1].len ? str_join(s->o->buf.a, t->lines, 2, S(" ")) : t->lines[0];
        svg_text(s, text, mid, y + 20, name);
        svg_text(s, bold, mid, y + 38, known ? svg_num(s, v->x, 1) : S("–"));
        return;
    }
    bool one = t->lines[1].len == 0;
    svg_text(s, text, mid, y + (one ? 26 : 19), t->lines[0]);
    if (!one)
        svg_text(s, text, mid, y + 36, t->lines[1]);
    svg_text(s, bold, mid, y + h - 8, known ? svg_num(s, v->x, 1) : S("–"));
}

typedef struct Grid { int width, height, column, row; double tile_w, tile_h, far_x, far_w, far_h; } Grid;
static const Grid wide_grid   = { 618, 768, 95, 48, 94, 47, 485, 132, 70 };
static const Grid narrow_grid = { 344, 1024, 56, 64, 54, 62, 224, 120, 64 };

/* "từ 80 đến dưới 82" as the key beside the map says it; step 0 is below the first bound, 4 from the last on. */
static Str step_text(Svg *s, const TileChart *c, int k)
{
    Arena *a = s->o->buf.a;
    if (k == 0)
        return arena_fmt(a, "%.*s %.*s", STR_ARG(text_of(s->o->lang, "chart.tiles.below")), STR_ARG(svg_num(s, c->cut[0], 1)));
    if (k == 4)
        return arena_fmt(a, "%.*s %.*s", STR_ARG(text_of(s->o->lang, "chart.tiles.from")), STR_ARG(svg_num(s, c->cut[3], 1)));
    return arena_fmt(a, "%.*s–%.*s", STR_ARG(svg_num(s, c->cut[k - 1], 1)), STR_ARG(svg_num(s, c->cut[k], 1)));
}

/* The key inside the drawing, for files: where the wide map has room, left of the middle. */
static void draw_key(Svg *s, const TileChart *c)
{
    static const char *const fills[] = { "s1 o", "s2 o", "s3 o", "s4 o", "s5 o" };
    svg_text(s, "t-m", 0, 350, c->value_label);
    for (int k = 0; k < 5; k++) {
        svg_rect(s, fills[k], 0.5, 364.5 + 26 * k, 27, 15);
        svg_text(s, "", 36, 377 + 26 * k, step_text(s, c, k));
    }
    svg_rect(s, "l0 o", 0.5, 364.5 + 26 * 5, 27, 15);
    svg_pattern(s, 'n', 1, 365 + 26 * 5, 26, 14);
    svg_text(s, "", 36, 377 + 26 * 5, text_of(s->o->lang, "chart.no-figure"));
}

static void draw(Out *o, const TileChart *c, char form, bool key)
{
    const Grid *g = form == 'w' ? &wide_grid : &narrow_grid;
    Svg         s = svg_open(o, &c->head, form, g->width, g->height, true);
    svg_patterns(&s);
    if (key)
        draw_key(&s, c);
    for (size_t i = 0; i < COUNT_OF(tiles); i++) {
        const Tile      *t = &tiles[i];
        const TileValue *v = value_of(c, t->code);
        double x = t->archipelago ? g->far_x : t->column * g->column, y = t->row * g->row;
        double w = t->archipelago ? g->far_w : g->tile_w, h = t->archipelago ? g->far_h : g->tile_h;
        if (t->archipelago && form == 'n')       /* beside the mainland there is no room: above and below it */
            y = t->row == 8 ? 7 * g->row - 6 : 14 * g->row - 6;
        Str href = v ? v->href : S("");
        svg_link_open(&s, href, spoken(&s, c, t, v));
        tile_box(&s, c, t, v, x, y, w, h);
        svg_link_close(&s, href);
    }
    svg_close(&s);
}

static int by_figure(const void *x, const void *y)
{
    const TileValue *p = x, *q = y;
    if (isnan(p->x) || isnan(q->x))
        return isnan(p->x) - isnan(q->x);
    return (p->x < q->x) - (p->x > q->x);
}

/* The values from the highest down, those without a figure last. */
static const TileValue *in_order(Out *o, const TileChart *c)
{
    TileValue *rows = arena_new(o->buf.a, TileValue, c->n + 1);
    if (c->n)
        memcpy(rows, c->values, c->n * sizeof *rows);
    qsort(rows, c->n, sizeof *rows, by_figure);
    return rows;
}

/* Some unit has no figure: its tile is hatched, and the key says so. */
static bool gaps(const TileChart *c)
{
    for (size_t i = 0; i < COUNT_OF(tiles); i++) {
        const TileValue *v = value_of(c, tiles[i].code);
        if (!v || isnan(v->x))
            return true;
    }
    return false;
}

void chart_tiles(Out *o, const TileChart *c)
{
    chart_frame_open(o, &c->head);
    steps_key_view(o, c->head.id, c->cut, true, gaps(c));
    tiles_open_view(o);
    draw(o, c, 'w', false);
    draw(o, c, 'n', false);
    tiles_rank_view(o, c, in_order(o, c));
    chart_source_view(o, &c->head);
    chart_plain_close_view(o);
}

Str chart_tiles_svg(Arena *a, Lang l, const TileChart *c)
{
    Out o = out_new(a, l, 1 << 14);
    draw(&o, c, 'w', true);
    return svg_file(&o);
}

Str tile_name(Str code)
{
    for (size_t i = 0; i < COUNT_OF(tiles); i++)
        if (!tiles[i].archipelago && str_eq(code, str_from_c(tiles[i].code)))
            return tiles[i].full;
    return code;
}

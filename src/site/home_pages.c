/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The home page: headline on a ruler, open surveys, the map, newest editions. */
#include "site/parts.h"

#include "edition/look.h"
#include "site_home.html.h"
#include "view/chart.h"

#include <math.h>

Str site_prefix(const Ctx *c)
{
    return c->lang == LANG_EN ? S("/en") : S("");
}

void site_crumbs(Ctx *c, Str title)
{
    page_crumb(c, text_of(c->lang, "web.nav.home"), S("/"));
    page_crumb(c, title, S(""));
}

/* "Điện Biên 78,3": beside the least and the greatest line. */
static Str province_mark(Ctx *c, Str code, double x)
{
    return str_join(c->arena, (Str[]){ tile_name(code), real_text(c->arena, c->lang, x, 1) }, 2, S(" "));
}

/* Of what p tells of the whole, with a mark for each province. */
static RulerSpec ruler_of(Ctx *c, const HomePage *p, const double *marks, size_t n, double least, double most)
{
    double from = floor(least / 5) * 5, to = ceil(most / 5) * 5;
    Str    value = text_fmt(c->arena, c->lang, "site.home.whole", ARG_S("x", real_text(c->arena, c->lang, p->value, 2)));
    return (RulerSpec){ .id = S("g1r"), .title = edition_title(&p->head.row, c->lang), .from = from, .to = to > from ? to : from + 5,
                        .value = p->value, .low = p->lowest, .high = p->highest, .last = NAN, .decimals = 2, .marks = marks, .n = n,
                        .value_label = value };
}

/* The whole and each province, from the figures of the headline edition. */
static Err fill_ruler(Ctx *c, HomePage *p)
{
    const Look   *look = p->head.look;
    const Figure *head = look->nodes.len ? look_main(look, look->nodes.at[look_head(look)].code, S("")) : NULL;
    Str           name = head ? head->name : S("");
    double *marks = arena_new(c->arena, double, p->head.figures.len);
    size_t  n     = 0;
    double  least = 100.1, most = -0.1;
    Str     low = S(""), high = S("");
    p->value = p->lowest = p->highest = NAN;
    for (size_t i = 0; i < p->head.figures.len; i++) {
        const Figure *f = &p->head.figures.at[i];
        if (!str_eq(f->name, name) || !look_shown(f) || (f->by.len && !str_eq(f->by, look->place)))
            continue;
        if (!f->by.len) {
            p->value = f->x;
            p->n     = f->n;
            p->lowest  = f->low;
            p->highest = f->high;
            continue;
        }
        marks[n++] = f->x;
        if (f->x < least) {
            least = f->x;
            low   = f->value;
        }
        if (f->x > most) {
            most = f->x;
            high = f->value;
        }
    }
    p->ruler = ruler_of(c, p, marks, n, n ? least : 70, n ? most : 90);
    p->interval = !p->head.row.weighting ? text_of(c->lang, "results.unweighted") : isnan(p->lowest) ? text_of(c->lang, "results.weighted-values")
                : text_fmt(c->arena, c->lang, "results.interval", ARG_S("low", real_text(c->arena, c->lang, p->lowest, 2)),
                           ARG_S("high", real_text(c->arena, c->lang, p->highest, 2)));
    if (n > 1) {
        p->ruler.least_label = province_mark(c, low, least);
        p->ruler.most_label  = province_mark(c, high, most);
    }
    return OK;
}

static Err home_page(Ctx *c)
{
    HomePage p = { .prefix = site_prefix(c), .db = c->db };
    TRY(edition_headline(c->db, c->store, c->arena, &p.head));
    TRY(round_open_list(c->db, c->arena, c->now, &p.open));
    TRY(edition_list(c->db, c->arena, &p.editions));
    if (p.editions.len > 3)
        p.editions.len = 3;
    if (p.head.any)
        TRY(fill_ruler(c, &p));
    c->page.simulated   = p.head.any && p.head.row.simulated;
    c->page.description = text_of(c->lang, "site.home.lead");
    Out o = page_begin(c, text_of(c->lang, "site.home.title"));
    site_home_view(&o, &p);
    return page_end(c, &o);
}

const Route site_home_routes[] = {
    { GET, "/", RIGHT_PUBLIC, home_page, ROUTE_CACHED },
    { 0 },
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The picture of places on the page of progress: a tile of equal size for each, in the order of official codes within its
 * province. No borders of communes are shipped, so position says nothing, and the page says so. */
#include "field/parts.h"

#include <stdlib.h>

enum { TILES_MOST = 240 };                          /* more are shown as their provinces, each a link to its own */

typedef struct Place { const GroupLine *line; UnitId province; Str code, province_code, province_name; } Place;
typedef LIST(Place) Places;

static Err place_of(Ctx *c, const GroupLine *line, Place *out)
{
    Units path = { 0 };
    *out = (Place){ .line = line };
    if (line->key)
        TRY(unit_path(c->db, c->arena, (UnitId){ line->key }, c->today, &path));
    for (size_t i = 0; i < path.len; i++)
        if (path.at[i].kind == UNIT_PROVINCE) {
            out->province      = path.at[i].id;
            out->province_code = path.at[i].code;
            out->province_name = unit_label(&path.at[i], c->lang);
        }
    if (path.len)
        out->code = path.at[path.len - 1].code;
    return OK;
}

static int by_code(const void *x, const void *y)
{
    const Place *p = x, *q = y;
    int by_province = str_cmp(p->province_code, q->province_code);
    return by_province ? by_province : str_cmp(p->code, q->code);
}

static void tile_add(Ctx *c, FieldMap *m, MapGroup *g, const GroupLine *x, Str name, Str href)
{
    *list_add(c->arena, &g->tiles) = (MapTile){ .name = name, .href = href, .cases = x->cases, .final = x->final, .pace = x->pace,
                                                .step = field_share_step(x->cases, x->final) };
    m->places++;
    m->counts[x->pace]++;
}

/* One tile a place, in groups by province. */
static void map_places(Ctx *c, FieldMap *m, const Places *places, UnitId only)
{
    const Place *last = NULL;
    for (size_t i = 0; i < places->len; i++) {
        const Place *p = &places->at[i];
        if (only.v && p->province.v != only.v)
            continue;
        if (!last || last->province.v != p->province.v)
            *list_add(c->arena, &m->groups) = (MapGroup){ .name = p->province_name };
        last = p;
        tile_add(c, m, &m->groups.at[m->groups.len - 1], p->line, p->line->label, p->line->href);
    }
}

/* One tile a province, each a link to the tiles of its places. */
static void map_provinces(Ctx *c, FieldMap *m, const Places *places, Str board, double even, bool over)
{
    MapGroup *g = list_add(c->arena, &m->groups);
    *g = (MapGroup){ 0 };
    for (size_t i = 0; i < places->len;) {
        const Place *first = &places->at[i];
        GroupLine    sum   = { 0 };
        for (; i < places->len && places->at[i].province.v == first->province.v; i++) {
            sum.cases += places->at[i].line->cases;
            sum.final += places->at[i].line->final;
        }
        sum.pace = field_pace(sum.cases, sum.final, even, over);
        tile_add(c, m, g, &sum, first->province_name.len ? first->province_name : first->line->label,
                 first->province.v ? arena_fmt(c->arena, "%.*s?in=%lld#map", STR_ARG(board), (long long)first->province.v) : first->line->href);
    }
}

Err field_map(Ctx *c, const GroupLines *lines, Str board, double even, bool over, FieldMap *out)
{
    Places  places = { 0 };
    int64_t only   = 0;
    str_to_i64(query_str(c, "in"), &only);
    *out = (FieldMap){ .even = even, .over = over };
    for (size_t i = 0; i < lines->len; i++)
        TRY(place_of(c, &lines->at[i], list_add(c->arena, &places)));
    if (places.len > 1)
        qsort(places.at, places.len, sizeof *places.at, by_code);
    if (places.len <= TILES_MOST)
        map_places(c, out, &places, (UnitId){ 0 });
    else if (only)
        map_places(c, out, &places, (UnitId){ only });
    out->all_href = only && out->places ? str_concat(c->arena, board, S("#map")) : S("");
    if (!out->places) {
        out->provinces = true;
        out->all_href  = S("");
        map_provinces(c, out, &places, board, even, over);
    }
    return OK;
}

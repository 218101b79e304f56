/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The interface for indices that others published: the list, and the figures of one with their sources. */
#include "opendata/parts.h"

Err api_indices(Ctx *c)
{
    static const char *const known[] = { NULL };
    PublishedIndices all;
    Lang             l = query_lang(c);
    if (!query_known(c, known))
        return OK;
    TRY(published_indices(c->db, c->arena, &all));
    Put p = put_new(c->arena, 8192);
    put_open(&p, NULL, '{');
    put_open(&p, "indices", '[');
    for (size_t i = 0; i < all.len; i++) {
        const PublishedIndex *x = &all.at[i];
        put_open(&p, NULL, '{');
        put_str(&p, "code", x->code);
        put_str(&p, "name", x->name[l]);
        put_str(&p, "about", x->about[l]);
        put_str(&p, "unit", x->value[l]);
        put_real(&p, "max", x->max_points);
        put_str(&p, "unit_kind", x->unit_kind);
        put_str(&p, "href", str_join(c->arena, (Str[]){ site_base(c), S("/api/v1/indices/"), x->code }, 3, S("")));
        put_close(&p, '}');
    }
    put_close(&p, ']');
    put_close(&p, '}');
    return answer_json(c, 200, buf_str(&p.b));
}

static void put_count(Put *p, const char *key, int64_t n)
{
    if (n)
        put_int(p, key, n);
    else
        put_null(p, key);
}

static const PublishedSource *source_of(const PublishedSources *all, Str key)
{
    static const PublishedSource none;
    for (size_t i = 0; i < all->len; i++)
        if (str_eq(all->at[i].key, key))
            return &all->at[i];
    return &none;
}

static void put_published(Put *p, const PublishedValue *v, const PublishedSource *s, Lang l)
{
    put_open(p, NULL, '{');
    put_int(p, "year", v->year);
    put_str(p, "period", v->period[l]);
    put_str(p, "level", published_level_code(v->level));
    put_str(p, "unit", v->unit[l]);
    put_count(p, "unit_id", v->unit_id.v);
    put_str(p, "area", v->area);
    put_str(p, "component", v->component);
    put_real(p, "value", v->score);
    put_real(p, "max", v->max_points);
    put_count(p, "rank", v->rank);
    put_count(p, "rank_of", v->rank_of);
    put_bool(p, "derived", v->derived);
    put_str(p, "note", v->note[l]);
    put_str(p, "source", s->title[l]);
    put_str(p, "source_url", s->url);
    put_close(p, '}');
}

typedef struct PublishedFilter { int64_t year, unit; Str level, component; bool parts; } PublishedFilter;

static bool is_asked(const PublishedFilter *f, const PublishedValue *v)
{
    return (!f->year || v->year == f->year) && (!f->unit || v->unit_id.v == f->unit) &&
           (!f->level.len || str_eq(f->level, published_level_code(v->level))) && (!f->parts || str_eq(f->component, v->component));
}

Err api_index(Ctx *c)
{
    static const char *const known[] = { "year", "unit_id", "level", "component", "page", "per_page", NULL };
    PublishedIndex   x;
    PublishedValues  v;
    PublishedSources sources;
    Paging           page;
    PublishedFilter  f = { .level = query_str(c, "level"), .component = query_str(c, "component"), .parts = http_has(&c->req->query, S("component")) };
    Lang             l = query_lang(c);
    if (!query_known(c, known) || !query_paging(c, &page) || !query_whole(c, "year", 1900, 2200, 0, &f.year) ||
        !query_whole(c, "unit_id", 1, INT64_MAX, 0, &f.unit))
        return OK;
    Err e = published_index(c->db, c->arena, path_str(c, "index"), &x);
    if (err_is(e, ERR_NOT_FOUND))
        return api_fault(c, 404, S("index"), text_of(l, "opendata.error.index"));
    TRY(e);
    TRY(published_values(c->db, c->arena, x.code, &v));
    TRY(published_sources(c->db, c->arena, &sources));
    Put p = put_new(c->arena, 1 << 16);
    put_open(&p, NULL, '{');
    put_str(&p, "code", x.code);
    put_str(&p, "name", x.name[l]);
    put_str(&p, "unit", x.value[l]);
    put_real(&p, "max", x.max_points);
    put_open(&p, "values", '[');
    for (size_t i = 0; i < v.len; i++)
        if (is_asked(&f, &v.at[i]) && paging_shows(&page, page.total++))
            put_published(&p, &v.at[i], source_of(&sources, v.at[i].source), l);
    put_close(&p, ']');
    put_paging(&p, c, &page);
    put_close(&p, '}');
    return answer_json(c, 200, buf_str(&p.b));
}

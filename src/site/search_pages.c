/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One search over units, editions, surveys and pages of the site. Tones are folded, exact marks come first. */
#include "site/parts.h"

#include "site_search.html.h"

#include <stdlib.h>

static int by_rank(const void *x, const void *y)
{
    return ((const SearchHit *)y)->rank - ((const SearchHit *)x)->rank;
}

static void add_hit(Ctx *c, SearchGroup *g, Str q, Str title, Str note, Str href)
{
    Arena scratch = *c->arena;
    int   rank    = text_match(scratch, title, q);
    if (rank)
        *list_add(c->arena, &g->hits) = (SearchHit){ href, title, note, rank };
}

static Err find_units(Ctx *c, Str q, SearchGroup *g)
{
    Units units;
    g->title = text_of(c->lang, "site.search.units");
    TRY(unit_search(c->db, c->arena, q, c->today, 30, &units));
    for (size_t i = 0; i < units.len; i++) {
        const Unit *u = &units.at[i];
        Unit parent = { 0 };
        if (u->parent.v)
            TRY(unit_load(c->db, c->arena, u->parent, c->today, &parent));
        Str note = parent.kind == UNIT_NATION ? S("") : unit_name(&parent, c->lang);
        bool ended = !date_is_none(u->to) && u->to.day <= c->today.day;
        Str  gone  = ended ? text_fmt(c->arena, c->lang, "unit.page.state_ended", ARG_S("day", date_text(c->arena, c->lang, u->to))) : S("");
        *list_add(c->arena, &g->hits) = (SearchHit){ arena_fmt(c->arena, "/units/%lld", (long long)u->id.v),
                                                     c->lang == LANG_EN ? unit_name(u, c->lang) : u->full_name_vi, note, 0, gone };
    }
    return OK;
}

static Err find_editions(Ctx *c, Str q, SearchGroup *g)
{
    EditionRows rows;
    g->title = text_of(c->lang, "site.search.editions");
    TRY(edition_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++)
        add_hit(c, g, q, edition_title(&rows.at[i], c->lang),
                text_fmt(c->arena, c->lang, "results.edition-n", ARG_N("number", rows.at[i].number)),
                edition_path(c->arena, &rows.at[i]));
    return OK;
}

static Err find_rounds(Ctx *c, Str q, SearchGroup *g)
{
    Rounds rows;
    g->title = text_of(c->lang, "site.search.rounds");
    TRY(round_open_list(c->db, c->arena, c->now, &rows));
    for (size_t i = 0; i < rows.len; i++)
        add_hit(c, g, q, round_title(&rows.at[i], c->lang), S(""), str_concat(c->arena, S("/s/"), rows.at[i].code));
    return OK;
}

static void find_pages(Ctx *c, Str q, SearchGroup *g)
{
    g->title = text_of(c->lang, "site.search.pages");
    const struct { Str title; Str href; } pages[] = {
        { text_of(c->lang, "web.nav.indices"), S("/indices") },     { text_of(c->lang, "web.nav.units"), S("/units") },
        { text_of(c->lang, "web.nav.methods"), S("/methods") },     { text_of(c->lang, "web.nav.data"), S("/data") },
        { text_of(c->lang, "site.about.title"), S("/about") },      { text_of(c->lang, "site.privacy.title"), S("/privacy") },
        { text_of(c->lang, "site.mydata.title"), S("/my-data") },   { text_of(c->lang, "site.access.title"), S("/accessibility") },
        { text_of(c->lang, "indices.rankings"), S("/rankings") },
        { text_of(c->lang, "results.list.title"), S("/results") },  { text_of(c->lang, "web.nav.surveys"), S("/surveys") },
    };
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        add_hit(c, g, q, pages[i].title, S(""), pages[i].href);
}

static Err search_page(Ctx *c)
{
    SearchPage p = { .q = query_str(c, "q"), .prefix = site_prefix(c), .n = 4 };
    while (utf8_count(p.q) > 200)
        p.q.len--;
    if (p.q.len) {
        TRY(find_units(c, p.q, &p.groups[0]));
        TRY(find_editions(c, p.q, &p.groups[1]));
        TRY(find_rounds(c, p.q, &p.groups[2]));
        find_pages(c, p.q, &p.groups[3]);
    }
    for (size_t i = 1; i < p.n; i++)
        if (p.groups[i].hits.len)
            qsort(p.groups[i].hits.at, p.groups[i].hits.len, sizeof *p.groups[i].hits.at, by_rank);
    for (size_t i = 0; i < p.n; i++)
        p.total += p.groups[i].hits.len;
    site_crumbs(c, text_of(c->lang, "site.search.title"));
    c->page.no_index = true;
    Out o = page_begin(c, p.q.len ? text_fmt(c->arena, c->lang, "site.search.title-q", ARG_S("q", p.q)) : text_of(c->lang, "site.search.title"));
    site_search_view(&o, &p);
    return page_end(c, &o);
}

const Route site_search_routes[] = {
    { GET, "/search", RIGHT_PUBLIC, search_page, 0 },
    { 0 },
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public page and file: the provinces of one year, their published indices side by side. */
#include "indices/compare.h"

#include "base/csv.h"

#include "indices_compare.html.h"

#include <math.h>

static Err comparison(Ctx *c, CompareTable *out, Years *out_years)
{
    PublishedIndices indices;
    PublishedValues  v;
    PublishedFacts   schemes = { 0 }, facts;
    TRY(published_indices(c->db, c->arena, &indices));
    TRY(published_values(c->db, c->arena, S(""), &v));
    for (size_t i = 0; i < indices.len; i++) {
        TRY(published_facts(c->db, c->arena, indices.at[i].code, &facts));
        for (size_t k = 0; k < facts.len; k++)
            *list_add(c->arena, &schemes) = facts.at[k];
    }
    *out_years    = compare_years(c->arena, &indices, &v, S("province"));
    bool    asked = query_str(c, "year").len > 0;
    int64_t year  = query_int(c, "year", 0);
    for (size_t k = 0; k < out_years->len; k++)
        if (!asked || out_years->at[k] == year) {     /* unasked: the newest year in which there is something to compare */
            CompareTable t = compare_table(c->arena, &indices, &v, &schemes, S("province"), out_years->at[k], c->lang);
            if (asked || k == 0 || t.indices.len > 1)
                *out = t;
            if (asked || t.indices.len > 1)
                return OK;
        }
    return asked ? err_new(c->arena, ERR_NOT_FOUND, S("no figures of that year")) : OK;
}

/* Column that ?by= names; the number of columns for the names of units. */
static size_t column_asked(const Ctx *c, const CompareTable *t)
{
    size_t k = 0;
    while (k < t->indices.len && !str_eq(t->indices.at[k]->code, query_str(c, "by")))
        k++;
    return k;
}

static const TableColumn *columns_of(Ctx *c, const CompareTable *t, size_t by)
{
    Arena       *a    = c->arena;
    TableColumn *cols = arena_new(a, TableColumn, t->indices.len + 1);
    Str          base = arena_fmt(a, "%.*s?year=%d", STR_ARG(site_path(c, S("/indices/compare"))), t->year);
    cols[0] = (TableColumn){ .label = text_of(c->lang, "common.unit"), .href = base, .sort = by == t->indices.len ? SORT_UP : SORT_NONE };
    for (size_t k = 0; k < t->indices.len; k++) {
        const PublishedIndex *x = t->indices.at[k];
        Str max     = real_text(a, c->lang, x->max_points, 0);
        cols[k + 1] = (TableColumn){ .label = index_short_name(x->name[c->lang]), .href = arena_fmt(a, "%.*s&by=%.*s", STR_ARG(base), STR_ARG(x->code)),
                                     .unit = text_fmt(a, c->lang, "indices.out_of", ARG_S("max", max)), .number = true,
                                     .sort = by == k ? SORT_DOWN : SORT_NONE };
    }
    return cols;
}

static Err compare_page(Ctx *c)
{
    CompareTable     t = { 0 };
    PublishedSources sources;
    ComparePage      p = { .table = &t, .action = site_path(c, S("/indices/compare")), .unit_base = site_path(c, S("/units/")),
                           .index_base = site_path(c, S("/indices/")), .sources = { .all = &sources } };
    TRY(comparison(c, &t, &p.years));
    TRY(published_sources(c->db, c->arena, &sources));
    size_t by = column_asked(c, &t);
    p.columns = columns_of(c, &t, by);
    if (by < t.indices.len) {
        p.by = t.indices.at[by]->code;
        compare_sort(&t, by);
    }
    p.csv_href = arena_fmt(c->arena, "%.*s?year=%d", STR_ARG(site_path(c, S("/indices/compare.csv"))), t.year);
    for (size_t i = 0; i < t.rows.len; i++)
        for (size_t k = 0; k < t.indices.len; k++)
            if (t.rows.at[i].cells[k])
                source_number(c->arena, &p.sources, t.rows.at[i].cells[k]->source);
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "indices.title"), S("/indices"));
    page_crumb(c, text_of(c->lang, "indices.compare"), S(""));
    c->page.description = text_of(c->lang, "indices.compare.lead");
    Out o = page_begin(c, text_of(c->lang, "indices.compare"));
    indices_compare_view(&o, &p);
    return page_end(c, &o);
}

static void csv_cell_row(Ctx *c, Buf *b, const PublishedValue *v, double change, const PublishedSource *s)
{
    csv_num(b, v->unit_id.v);
    csv_field(b, v->unit[c->lang]);
    csv_field(b, v->index);
    csv_num(b, v->year);
    csv_field(b, v->period[c->lang]);
    csv_real(b, v->score);
    csv_field(b, v->rank ? arena_fmt(c->arena, "%d", v->rank) : S(""));
    csv_field(b, v->rank_of ? arena_fmt(c->arena, "%d", v->rank_of) : S(""));
    csv_field(b, isnan(change) ? S("") : arena_fmt(c->arena, "%.2f", change));
    csv_field(b, v->note[c->lang]);
    csv_field(b, s ? s->title[c->lang] : S(""));
    csv_field(b, s ? s->url : S(""));
    csv_end(b);
}

static Err compare_csv(Ctx *c)
{
    static const Str heads[] = { S_INIT("unit_id"), S_INIT("unit"), S_INIT("index"), S_INIT("year"), S_INIT("period"), S_INIT("score"),
                                 S_INIT("rank"), S_INIT("rank_of"), S_INIT("change"), S_INIT("note"), S_INIT("source"), S_INIT("source_url") };
    CompareTable     t = { 0 };
    Years            years;
    PublishedSources sources;
    TRY(comparison(c, &t, &years));
    TRY(published_sources(c->db, c->arena, &sources));
    UsedSources used = { .all = &sources };
    Buf         b    = buf_new(c->arena, 1 << 14);
    csv_bom(&b);
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        csv_field(&b, heads[i]);
    csv_end(&b);
    for (size_t i = 0; i < t.rows.len; i++)
        for (size_t k = 0; k < t.indices.len; k++) {
            const PublishedValue *v = t.rows.at[i].cells[k];
            int                   n = v ? source_number(c->arena, &used, v->source) : 0;
            if (v)
                csv_cell_row(c, &b, v, t.rows.at[i].change[k], n ? used.at.at[n - 1] : NULL);
        }
    return answer_file(c, S("text/csv; charset=utf-8"), arena_fmt(c->arena, "indices-%d.csv", t.year), buf_str(&b));
}

const Route indices_compare_routes[] = {
    { GET, "/indices/compare", RIGHT_PUBLIC, compare_page, ROUTE_CACHED },
    { GET, "/indices/compare.csv", RIGHT_PUBLIC, compare_csv, ROUTE_CACHED },
    { 0 },
};

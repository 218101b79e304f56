/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The files of an edition for other programs: SDMX-CSV, its structure, DDI; and the catalogue of all of them. */
#include "opendata/parts.h"

#include "base/zip.h"

static Str beside(Arena *a, const EditionRow *e, const char *file)
{
    return arena_fmt(a, "%.*s/%s", STR_ARG(edition_path(a, e)), file);
}

Str edition_sdmx_path(Arena *a, const EditionRow *e)
{
    return beside(a, e, "sdmx.csv");
}

Str edition_structure_path(Arena *a, const EditionRow *e)
{
    return beside(a, e, "structure.json");
}

Str edition_ddi_path(Arena *a, const EditionRow *e)
{
    return beside(a, e, "ddi.xml");
}

Str edition_csv_path(Arena *a, const EditionRow *e)
{
    return beside(a, e, "figures.csv");
}

Str round_period(const Round *r, const EditionRow *e, Arena *a)
{
    Time end = r->closes_at.ms ? r->closes_at : r->closed_at.ms ? r->closed_at : e->published_at;
    return arena_fmt(a, "%d", date_ymd(date_of(end)).year);
}

static Err load_row(Ctx *c, EditionRow *out)
{
    int64_t number = path_int(c, "number");
    return number ? edition_by_number(c->db, c->arena, path_str(c, "round"), number, out) : err_new(c->arena, ERR_NOT_FOUND, S("edition"));
}

static Err load_file(Ctx *c, EditionFile *out)
{
    EditionFile e = { 0 };
    TRY(load_row(c, &e.row));
    TRY(round_load(c->db, c->arena, e.row.round, &e.round));
    TRY(edition_figures(c->db, c->store, c->arena, &e.row, &e.figures));
    TRY(unit_list(c->db, c->arena, UNIT_PROVINCE, e.row.on, &e.provinces));
    e.period = round_period(&e.round, &e.row, c->arena);
    *out = e;
    return OK;
}

static Str file_name(Ctx *c, const EditionRow *e, const char *tail)
{
    return arena_fmt(c->arena, "%.*s-%d%s", STR_ARG(e->round_code), e->number, tail);
}

static Err sdmx_file(Ctx *c)
{
    EditionFile e;
    TRY(load_file(c, &e));
    return answer_file(c, S("application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8"), file_name(c, &e.row, "-sdmx.csv"), sdmx_csv(c->arena, &e));
}

static Err structure_file(Ctx *c)
{
    EditionFile e;
    TRY(load_file(c, &e));
    return answer_bytes(c, 200, S("application/vnd.sdmx.structure+json; version=2.0.0; charset=utf-8"), sdmx_structure(c->arena, &e, site_base(c)));
}

/* The words of the questionnaire, as the sealed package tells them. */
static Err load_codebook(Ctx *c, const EditionRow *e, Str *out)
{
    Sha256  sum;
    Str     bytes;
    size_t  at;
    AUTO_ZIP zip = { 0 };
    if (!str_unhex(e->package_sha, sum.at, sizeof sum.at))
        return err_new(c->arena, ERR_NOT_FOUND, S("package"));
    TRY(files_load(c->store, c->arena, sum, &bytes));
    TRY(zip_reader_open(c->arena, bytes, ZIP_LIMITS, &zip));
    if (!zip_reader_find(&zip, S("codebook.csv"), &at))
        return err_new(c->arena, ERR_NOT_FOUND, S("codebook of a package"));
    return zip_reader_load(&zip, c->arena, at, out);
}

static Err ddi_file(Ctx *c)
{
    EditionFile e;
    Str         codebook, xml;
    TRY(load_file(c, &e));
    TRY(load_codebook(c, &e.row, &codebook));
    TRY(edition_ddi(c->arena, &e, codebook, c->app->agency, &xml));
    return answer_bytes(c, 200, S("application/xml; charset=utf-8"), xml);
}

/* ---- The catalogue ------------------------------------------------------------------------------------------------------------ */

static Err catalog_editions(Ctx *c, CatalogDatasets *out)
{
    EditionRows rows;
    TRY(edition_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        Sha256         sum;
        CatalogDataset d = { .row = rows.at[i] };
        TRY(round_load(c->db, c->arena, d.row.round, &d.round));
        if (str_unhex(d.row.package_sha, sum.at, sizeof sum.at))
            TRY(files_size(c->store, c->arena, sum, &d.package_bytes));
        *list_add(c->arena, out) = d;
    }
    return OK;
}

static Err catalog_indices(Ctx *c, CatalogIndices *out)
{
    PublishedIndices all;
    TRY(published_indices(c->db, c->arena, &all));
    for (size_t i = 0; i < all.len; i++) {
        PublishedValues v;
        CatalogIndex    x = { .x = all.at[i] };
        TRY(published_values(c->db, c->arena, x.x.code, &v));
        for (size_t k = 0; k < v.len; k++) {
            x.first = !x.first || v.at[k].year < x.first ? v.at[k].year : x.first;
            x.last  = v.at[k].year > x.last ? v.at[k].year : x.last;
        }
        *list_add(c->arena, out) = x;
    }
    return OK;
}

static Err catalog_file(Ctx *c)
{
    Catalog all = { .site = site_base(c), .agency = c->app->agency };
    TRY(catalog_editions(c, &all.editions));
    if (all.editions.len)
        all.at = all.editions.at[0].row.published_at;      /* the newest comes first */
    TRY(catalog_indices(c, &all.indices));
    return answer_bytes(c, 200, S("application/ld+json; charset=utf-8"), catalog_jsonld(c->arena, &all));
}

const Route opendata_public_routes[] = {
    { GET, "/catalog.jsonld", RIGHT_PUBLIC, catalog_file, ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/results/{round}/{number}/sdmx.csv", RIGHT_PUBLIC, sdmx_file, ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/results/{round}/{number}/structure.json", RIGHT_PUBLIC, structure_file, ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/results/{round}/{number}/ddi.xml", RIGHT_PUBLIC, ddi_file, ROUTE_CACHED | ROUTE_OPEN },
    { 0 },
};

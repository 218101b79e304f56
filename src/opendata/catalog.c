/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The catalogue of published data in DCAT 3 (W3C), as JSON-LD: a series for each round, a data set for each edition with its files, and
 * the indices that others published. Files that are kept as they are carry their SHA-256; those made of them when asked for do not. */
#include "opendata/parts.h"

typedef struct Writer { Put p; Arena *a; const Catalog *all; Str licence; } Writer;

static Str on_site(Writer *w, Str path)
{
    return str_concat(w->a, w->all->site, path);
}

static void link(Writer *w, const char *key, Str address)
{
    put_open(&w->p, key, '{');
    put_str(&w->p, "@id", address);
    put_close(&w->p, '}');
}

static void words(Writer *w, const char *key, Str vi, Str en)
{
    put_open(&w->p, key, '[');
    put_open(&w->p, NULL, '{');
    put_str(&w->p, "@language", S("vi"));
    put_str(&w->p, "@value", vi);
    put_close(&w->p, '}');
    if (en.len && !str_eq(en, vi)) {
        put_open(&w->p, NULL, '{');
        put_str(&w->p, "@language", S("en"));
        put_str(&w->p, "@value", en);
        put_close(&w->p, '}');
    }
    put_close(&w->p, ']');
}

static void typed(Writer *w, const char *key, const char *type, Str value)
{
    put_open(&w->p, key, '{');
    put_str(&w->p, "@type", str_from_c(type));
    put_str(&w->p, "@value", value);
    put_close(&w->p, '}');
}

static void context(Writer *w)
{
    static const char *const names[][2] = {
        { "dcat", "http://www.w3.org/ns/dcat#" }, { "dct", "http://purl.org/dc/terms/" }, { "foaf", "http://xmlns.com/foaf/0.1/" },
        { "spdx", "http://spdx.org/rdf/terms#" }, { "adms", "http://www.w3.org/ns/adms#" }, { "xsd", "http://www.w3.org/2001/XMLSchema#" },
    };
    put_open(&w->p, "@context", '{');
    for (size_t i = 0; i < COUNT_OF(names); i++)
        put_str(&w->p, names[i][0], str_from_c(names[i][1]));
    put_close(&w->p, '}');
}

static void publisher(Writer *w)
{
    put_open(&w->p, "dct:publisher", '{');
    put_str(&w->p, "@type", S("foaf:Organization"));
    put_str(&w->p, "foaf:name", w->all->agency.len ? w->all->agency : S("thuocdo"));
    put_close(&w->p, '}');
}

static void rights(Writer *w)
{
    put_open(&w->p, "dct:rights", '{');
    put_str(&w->p, "@type", S("dct:RightsStatement"));
    words(w, "dct:description", text_of(LANG_VI, "opendata.licence"), text_of(LANG_EN, "opendata.licence"));
    put_close(&w->p, '}');
    link(w, "dct:license", w->licence);
}

/* sha, bytes: empty and 0 when the file is made anew each time. */
typedef struct CatalogFile { const char *key, *media; Str path, sha; int64_t bytes; Str conforms; } CatalogFile;

static void distribution(Writer *w, const CatalogFile *f)
{
    Str url = on_site(w, f->path), key = str_from_c(f->key);
    put_open(&w->p, NULL, '{');
    put_str(&w->p, "@id", url);
    put_str(&w->p, "@type", S("dcat:Distribution"));
    words(w, "dct:title", text_find(LANG_VI, key), text_find(LANG_EN, key));
    link(w, "dcat:accessURL", url);
    link(w, "dcat:downloadURL", url);
    put_str(&w->p, "dcat:mediaType", str_from_c(f->media));
    if (f->conforms.len)
        link(w, "dct:conformsTo", f->conforms);
    if (f->bytes)
        typed(w, "dcat:byteSize", "xsd:nonNegativeInteger", arena_fmt(w->a, "%lld", (long long)f->bytes));
    if (f->sha.len) {
        put_open(&w->p, "spdx:checksum", '{');
        put_str(&w->p, "@type", S("spdx:Checksum"));
        link(w, "spdx:algorithm", S("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"));
        typed(w, "spdx:checksumValue", "xsd:hexBinary", f->sha);
        put_close(&w->p, '}');
    }
    rights(w);
    put_close(&w->p, '}');
}

static void edition_distributions(Writer *w, const CatalogDataset *d)
{
    const EditionRow *e = &d->row;
    const CatalogFile files[] = {
        { "results.package", "application/zip", edition_package_path(w->a, e), e->package_sha, d->package_bytes, S("") },
        { "opendata.file.csv", "text/csv", edition_csv_path(w->a, e), e->csv_sha, e->csv_bytes, S("") },
        { "opendata.file.sdmx", "application/vnd.sdmx.data+csv;version=2.0.0", edition_sdmx_path(w->a, e), S(""), 0,
          on_site(w, edition_structure_path(w->a, e)) },
        { "opendata.file.structure", "application/vnd.sdmx.structure+json;version=2.0.0", edition_structure_path(w->a, e), S(""), 0, S("") },
        { "opendata.file.ddi", "application/xml", edition_ddi_path(w->a, e), S(""), 0, S("http://www.ddialliance.org/Specification/DDI-Codebook/2.5/") },
    };
    put_open(&w->p, "dcat:distribution", '[');
    for (size_t i = 0; i < COUNT_OF(files); i++)
        distribution(w, &files[i]);
    put_close(&w->p, ']');
}

static Str series_address(Writer *w, Str round)
{
    return arena_fmt(w->a, "%.*s/results/%.*s", STR_ARG(w->all->site), STR_ARG(round));
}

static void temporal(Writer *w, const Round *r)
{
    if (!r->opens_at.ms && !r->closes_at.ms)
        return;
    put_open(&w->p, "dct:temporal", '{');
    put_str(&w->p, "@type", S("dct:PeriodOfTime"));
    if (r->opens_at.ms)
        typed(w, "dcat:startDate", "xsd:date", date_iso(w->a, date_of(r->opens_at)));
    if (r->closes_at.ms)
        typed(w, "dcat:endDate", "xsd:date", date_iso(w->a, date_of(r->closes_at)));
    put_close(&w->p, '}');
}

static void edition_dataset(Writer *w, const CatalogDataset *d)
{
    const EditionRow *e    = &d->row;
    Str               page = on_site(w, edition_path(w->a, e));
    put_open(&w->p, NULL, '{');
    put_str(&w->p, "@id", page);
    put_str(&w->p, "@type", S("dcat:Dataset"));
    put_str(&w->p, "dct:identifier", arena_fmt(w->a, "%.*s-%d", STR_ARG(e->round_code), e->number));
    words(w, "dct:title", e->title_vi, e->title_en);
    words(w, "dct:description", text_fmt(w->a, LANG_VI, "results.description", ARG_N("n", e->n), ARG_N("number", e->number)),
          text_fmt(w->a, LANG_EN, "results.description", ARG_N("n", e->n), ARG_N("number", e->number)));
    put_str(&w->p, "dcat:version", arena_fmt(w->a, "%d", e->number));
    if (e->simulated)
        words(w, "adms:versionNotes", text_of(LANG_VI, "results.simulated"), text_of(LANG_EN, "results.simulated"));
    else if (e->reason.len)
        words(w, "adms:versionNotes", e->reason, S(""));
    link(w, "dcat:inSeries", series_address(w, e->round_code));
    if (e->number > 1)
        link(w, "dcat:previousVersion", arena_fmt(w->a, "%.*s/%d", STR_ARG(series_address(w, e->round_code)), e->number - 1));
    typed(w, "dct:issued", "xsd:dateTime", time_iso(w->a, e->published_at));
    temporal(w, &d->round);
    link(w, "dct:spatial", S("http://publications.europa.eu/resource/authority/country/VNM"));
    link(w, "dcat:landingPage", page);
    publisher(w);
    rights(w);
    edition_distributions(w, d);
    put_close(&w->p, '}');
}

static bool first_of_round(const CatalogDatasets *all, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (all->at[i].row.round.v == all->at[at].row.round.v)
            return false;
    return true;
}

static void series(Writer *w, const EditionRow *e)
{
    put_open(&w->p, NULL, '{');
    put_str(&w->p, "@id", series_address(w, e->round_code));
    put_str(&w->p, "@type", S("dcat:DatasetSeries"));
    words(w, "dct:title", e->title_vi, e->title_en);
    put_close(&w->p, '}');
}

static void index_dataset(Writer *w, const CatalogIndex *x)
{
    Str page = on_site(w, str_concat(w->a, S("/indices/"), x->x.code));
    put_open(&w->p, NULL, '{');
    put_str(&w->p, "@id", page);
    put_str(&w->p, "@type", S("dcat:Dataset"));
    put_str(&w->p, "dct:identifier", x->x.code);
    words(w, "dct:title", x->x.name[LANG_VI], x->x.name[LANG_EN]);
    words(w, "dct:description", x->x.about[LANG_VI], x->x.about[LANG_EN]);
    if (x->first) {
        put_open(&w->p, "dct:temporal", '{');
        put_str(&w->p, "@type", S("dct:PeriodOfTime"));
        typed(w, "dcat:startDate", "xsd:gYear", arena_fmt(w->a, "%d", x->first));
        typed(w, "dcat:endDate", "xsd:gYear", arena_fmt(w->a, "%d", x->last));
        put_close(&w->p, '}');
    }
    link(w, "dcat:landingPage", page);
    words(w, "dct:provenance", text_of(LANG_VI, "opendata.published"), text_of(LANG_EN, "opendata.published"));
    put_open(&w->p, "dcat:distribution", '[');
    distribution(w, &(CatalogFile){ "opendata.file.csv", "text/csv", arena_fmt(w->a, "/indices/%.*s/figures.csv", STR_ARG(x->x.code)), S(""), 0, S("") });
    put_close(&w->p, ']');
    put_close(&w->p, '}');
}

Str catalog_jsonld(Arena *a, const Catalog *all)
{
    Writer w = { .p = put_new(a, 1 << 16), .a = a, .all = all, .licence = str_concat(a, all->site, S("/data#giay-phep")) };
    Put   *p = &w.p;
    put_open(p, NULL, '{');
    context(&w);
    put_str(p, "@id", on_site(&w, S("/catalog.jsonld")));
    put_str(p, "@type", S("dcat:Catalog"));
    words(&w, "dct:title", text_of(LANG_VI, "opendata.catalog"), text_of(LANG_EN, "opendata.catalog"));
    words(&w, "dct:description", text_of(LANG_VI, "site.data.lead"), text_of(LANG_EN, "site.data.lead"));
    if (all->at.ms)
        typed(&w, "dct:modified", "xsd:dateTime", time_iso(a, all->at));
    link(&w, "foaf:homepage", on_site(&w, S("/data")));
    publisher(&w);
    rights(&w);
    put_open(p, "dcat:dataset", '[');
    for (size_t i = 0; i < all->editions.len; i++) {
        if (first_of_round(&all->editions, i))
            series(&w, &all->editions.at[i].row);
        edition_dataset(&w, &all->editions.at[i]);
    }
    for (size_t i = 0; i < all->indices.len; i++)
        index_dataset(&w, &all->indices.at[i]);
    put_close(p, ']');
    put_close(p, '}');
    return buf_str(&p->b);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The files of data/published/ as rows, checked. */
#include "indices/parts.h"

#include "base/csv.h"
#include "base/embed.h"

#include <math.h>

static const Str level_codes[LEVEL_COUNT] = {
    [LEVEL_AVERAGE] = S_INIT("average"), [LEVEL_UNIT] = S_INIT("unit"),             [LEVEL_REGION] = S_INIT("region"),
    [LEVEL_ASPECT] = S_INIT("aspect"),   [LEVEL_DEPARTMENT] = S_INIT("department"), [LEVEL_DISTRICT] = S_INIT("district"),
    [LEVEL_COMMUNE] = S_INIT("commune"),
};
static const Str fact_codes[FACT_COUNT] = {
    [FACT_SCHEME] = S_INIT("scheme"),
    [FACT_SAMPLE] = S_INIT("sample"),
    [FACT_GROUPS] = S_INIT("groups"),
    [FACT_CONFLICT] = S_INIT("conflict"),
};

Str published_level_code(PublishedLevel l)
{
    return level_codes[l];
}

bool published_level_parse(Str code, PublishedLevel *out)
{
    for (int l = 0; l < LEVEL_COUNT; l++)
        if (str_eq(code, level_codes[l])) {
            *out = (PublishedLevel)l;
            return true;
        }
    return false;
}

Str published_fact_code(FactKind k)
{
    return fact_codes[k];
}

bool published_fact_parse(Str code, FactKind *out)
{
    for (int k = 0; k < FACT_COUNT; k++)
        if (str_eq(code, fact_codes[k])) {
            *out = (FactKind)k;
            return true;
        }
    return false;
}

/* ---- Cells by heading; the first thing that is wrong is kept ------------------------------------- */

typedef struct Rows {
    Arena       *a;
    const char  *file;
    CsvTable     table;
    const CsvRow *row;
    Err          err;
} Rows;

static void wrong(Rows *r, const char *what, Str value)
{
    if (!r->err)
        r->err = err_fmt(r->a, ERR_CONFIG, "%s, line %d: %s \"%.*s\"", r->file, r->row ? r->row->line : 1, what, STR_ARG(value));
}

static Str cell(Rows *r, const char *heading)
{
    int at = csv_column(&r->table.at[0], str_from_c(heading));
    if (at < 0)
        wrong(r, "no column", str_from_c(heading));
    return at < 0 ? S("") : csv_cell(r->row, (size_t)at);
}

/* A number or a gap. */
static double cell_real(Rows *r, const char *heading)
{
    Str    s = cell(r, heading);
    double x = NAN;
    if (s.len && !str_to_f64(s, &x))
        wrong(r, "no number", s);
    return x;
}

static int64_t cell_int(Rows *r, const char *heading)
{
    Str     s = cell(r, heading);
    int64_t n = 0;
    if (s.len && (!str_to_i64(s, &n) || n < 0))
        wrong(r, "no count", s);
    return n;
}

static Err rows_open(Arena *a, const char *file, Str bytes, Rows *out)
{
    *out  = (Rows){ .a = a, .file = file };
    Err e = csv_read(a, bytes, CSV_LIMITS, &out->table);
    if (e || out->table.len == 0)
        return err_fmt(a, ERR_CONFIG, "%s: %.*s", file, STR_ARG(e ? e->detail : S("empty")));
    return OK;
}

static bool index_known(const PublishedBook *b, Str code)
{
    for (size_t i = 0; i < b->indices.len; i++)
        if (str_eq(b->indices.at[i].code, code))
            return true;
    return false;
}

static bool source_known(const PublishedBook *b, Str key)
{
    for (size_t i = 0; i < b->sources.len; i++)
        if (str_eq(b->sources.at[i].key, key))
            return true;
    return false;
}

static void read_index(Rows *r, PublishedBook *b)
{
    *list_add(r->a, &b->indices) = (PublishedIndex){
        .code = cell(r, "code"),
        .position = (int)cell_int(r, "position"),
        .unit_kind = cell(r, "unit_kind"),
        .name = { cell(r, "name_vi"), cell(r, "name_en") },
        .about = { cell(r, "about_vi"), cell(r, "about_en") },
        .value = { cell(r, "value_vi"), cell(r, "value_en") },
        .max_points = cell_real(r, "max_points"),
    };
}

static void read_source(Rows *r, PublishedBook *b)
{
    *list_add(r->a, &b->sources) =
        (PublishedSource){ cell(r, "key"), { cell(r, "title_vi"), cell(r, "title_en") }, cell(r, "url") };
}

static void read_value(Rows *r, PublishedBook *b)
{
    PublishedValue v = {
        .index = cell(r, "index"),
        .year = (int)cell_int(r, "year"),
        .period = { cell(r, "period_vi"), cell(r, "period_en") },
        .unit = { cell(r, "unit"), cell(r, "unit_en") },
        .unit_id = { cell_int(r, "unit_id") },
        .area = cell(r, "area"),
        .component = cell(r, "component"),
        .score = cell_real(r, "score"),
        .max_points = cell_real(r, "max_points"),
        .rank = (int)cell_int(r, "rank"),
        .rank_of = (int)cell_int(r, "rank_of"),
        .note = { cell(r, "note_vi"), cell(r, "note_en") },
        .derived = cell_int(r, "derived") == 1,
        .source = cell(r, "source"),
    };
    if (!published_level_parse(cell(r, "level"), &v.level))
        wrong(r, "unknown level", cell(r, "level"));
    if (!index_known(b, v.index))
        wrong(r, "unknown index", v.index);
    if (!source_known(b, v.source))
        wrong(r, "unknown source", v.source);
    *list_add(r->a, &b->values) = v;
}

static void read_fact(Rows *r, PublishedBook *b)
{
    PublishedFact f = {
        .index = cell(r, "index"),
        .year = (int)cell_int(r, "year"),
        .text = { cell(r, "text_vi"), cell(r, "text_en") },
        .source = cell(r, "source"),
    };
    if (!published_fact_parse(cell(r, "kind"), &f.kind))
        wrong(r, "unknown kind", cell(r, "kind"));
    if (!index_known(b, f.index))
        wrong(r, "unknown index", f.index);
    if (f.source.len && !source_known(b, f.source))
        wrong(r, "unknown source", f.source);
    *list_add(r->a, &b->facts) = f;
}

static Err each_row(Arena *a, const char *file, Str bytes, void (*read)(Rows *r, PublishedBook *b), PublishedBook *b)
{
    Rows r;
    TRY(rows_open(a, file, bytes, &r));
    for (size_t i = 1; i < r.table.len; i++) {
        r.row = &r.table.at[i];
        if (r.row->len != r.table.at[0].len)
            wrong(&r, "another number of cells than the heading, first cell", csv_cell(r.row, 0));
        read(&r, b);
    }
    return r.err;
}

Err published_read(Arena *a, Str indices, Str sources, Str values, Str facts, PublishedBook *out)
{
    PublishedBook b = { 0 };
    TRY(each_row(a, "indices.csv", indices, read_index, &b));
    TRY(each_row(a, "sources.csv", sources, read_source, &b));
    TRY(each_row(a, "values.csv", values, read_value, &b));
    TRY(each_row(a, "facts.csv", facts, read_fact, &b));
    *out = b;
    return OK;
}

static Str embedded(Str name)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, name))
            return data_files[i].bytes;
    return S("");
}

Err published_read_embedded(Arena *a, PublishedBook *out)
{
    return published_read(a, embedded(S("published/indices.csv")), embedded(S("published/sources.csv")),
                          embedded(S("published/values.csv")), embedded(S("published/facts.csv")), out);
}

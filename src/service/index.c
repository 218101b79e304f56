/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The index from counters: criteria, points and formulas are data (data/service/), a file a version. */
#include "service/index.h"

#include "base/csv.h"
#include "base/embed.h"

#include <math.h>

static Str data_file(Arena *a, Str name)
{
    Str path = str_concat(a, S("service/"), name);
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, path))
            return data_files[i].bytes;
    return S("");
}

static Str cell(const CsvTable *t, size_t row, Str name)
{
    int at = csv_column(&t->at[0], name);
    return at < 0 ? S("") : csv_cell(&t->at[row], (size_t)at);
}

/* "on_time+late": a bit a measure. */
static bool read_sum(Str text, uint64_t *out)
{
    *out = 0;
    while (text.len) {
        StrPair cut = str_cut(text, '+');
        ServiceMeasure m;
        if (!service_measure_parse(str_trim(cut.head), &m))
            return false;
        *out |= UINT64_C(1) << m;
        text = cut.tail;
    }
    return true;
}

static Err version_of(Arena *a, Date on, ServiceIndex *out)
{
    CsvTable t;
    Date     from, best = DATE_NONE;
    TRY(csv_read(a, data_file(a, S("versions.csv")), CSV_LIMITS, &t));
    for (size_t i = 1; i < t.len; i++)
        if (date_parse(cell(&t, i, S("valid_from")), &from) && (date_is_none(best) || (from.day <= on.day && from.day > best.day))) {
            best         = from;
            out->version = cell(&t, i, S("version"));
            out->file    = cell(&t, i, S("file"));
            out->basis[LANG_VI] = cell(&t, i, S("basis_vi"));
            out->basis[LANG_EN] = cell(&t, i, S("basis_en"));
        }
    return OK;
}

Err service_index(Arena *a, Date on, ServiceIndex *out)
{
    CsvTable     t;
    ServiceIndex x = { 0 };
    TRY(version_of(a, on, &x));
    TRY(csv_read(a, data_file(a, x.file), CSV_LIMITS, &t));
    for (size_t i = 1; i < t.len; i++) {
        ServiceCriterion *k = list_add(a, &x.criteria);
        *k = (ServiceCriterion){ .code = cell(&t, i, S("code")), .parent = cell(&t, i, S("parent")), .ours = str_eq(cell(&t, i, S("origin")), S("ours")),
                                 .name = { [LANG_VI] = cell(&t, i, S("name_vi")), [LANG_EN] = cell(&t, i, S("name_en")) } };
        if (!str_to_f64(cell(&t, i, S("points")), &k->points) || !read_sum(cell(&t, i, S("numerator")), &k->numerator) ||
            !read_sum(cell(&t, i, S("denominator")), &k->denominator))
            return err_fmt(a, ERR_CONFIG, "data/service/%.*s, line %zu", STR_ARG(x.file), i + 1);
    }
    *out = x;
    return OK;
}

static int64_t sum_of(const ServiceCounts *c, uint64_t measures)
{
    int64_t n = 0;
    for (int m = 0; m < M_COUNT; m++)
        if (measures >> m & 1)
            n += c->n[m];
    return n;
}

/* Criteria with nothing to measure are left out, and the rest stands for 100. */
void service_score(Arena *a, const ServiceIndex *x, const ServiceCounts *c, ServiceScore *out)
{
    double points = 0, most = 0;
    *out = (ServiceScore){ .rows = arena_new(a, ServiceScoreRow, x->criteria.len), .len = x->criteria.len };
    for (size_t i = 0; i < x->criteria.len; i++) {
        const ServiceCriterion *k   = &x->criteria.at[i];
        ServiceScoreRow        *row = &out->rows[i];
        *row = (ServiceScoreRow){ .k = k, .share = NAN, .points = NAN };
        if (!k->parent.len)
            continue;
        row->numerator   = sum_of(c, k->numerator);
        row->denominator = sum_of(c, k->denominator);
        if (row->denominator <= 0)
            continue;
        row->share  = (double)row->numerator / (double)row->denominator;
        row->points = k->points * row->share;
        points += row->points;
        most += k->points;
        for (size_t g = 0; g < i; g++)
            if (str_eq(out->rows[g].k->code, k->parent)) {
                out->rows[g].points = (isnan(out->rows[g].points) ? 0 : out->rows[g].points) + row->points;
                out->rows[g].measured += k->points;
            }
    }
    out->measured = most;
    out->value    = most > 0 ? 100 * points / most : NAN;
}

/* ---- Sums of units with what lies below them ------------------------------------------------------------------------------ */
static ServiceUnit *row_of(Arena *a, ServiceUnits *rows, UnitId unit)
{
    for (size_t i = rows->len; i > 0; i--)
        if (rows->at[i - 1].unit.v == unit.v)
            return &rows->at[i - 1];
    ServiceUnit *row = list_add(a, rows);
    *row             = (ServiceUnit){ .unit = unit };
    return row;
}

Err service_below(Db *db, Arena *a, const ServiceUnits *units, UnitId top, Date on, ServiceCounts *out_all, ServiceUnits *out_children)
{
    ServiceCounts all  = { 0 };
    ServiceUnits  rows = { 0 };
    UnitId *ids = arena_new(a, UnitId, units->len), *branch = arena_new(a, UnitId, units->len);
    for (size_t i = 0; i < units->len; i++)
        ids[i] = units->at[i].unit;
    TRY(unit_branches(db, ids, units->len, top, on, branch));
    for (size_t i = 0; i < units->len; i++) {
        if (!branch[i].v)
            continue;
        service_counts_add(&all, &units->at[i].counts);
        if (branch[i].v != top.v)
            service_counts_add(&row_of(a, &rows, branch[i])->counts, &units->at[i].counts);
    }
    *out_all      = all;
    *out_children = rows;
    return OK;
}

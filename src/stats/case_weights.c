/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The key design.adjust: weights changed so that totals meet known ones; and the kind that sums weights up. */
#include "stats/case_parts.h"

#include <math.h>
#include <stdlib.h>

enum { BY_MOST = 8 };

/* ---- Margins -------------------------------------------------------------------------------------------------------------- */

/* The columns that make a row's group, their codes, and the group's key in mixed radix. */
typedef struct By { size_t len; const CaseColumn *col[BY_MOST]; uint32_t *code[BY_MOST]; } By;
typedef struct Cell { uint64_t key; double total; } Cell;
enum { NO_KEY = -1 };

static Err read_by(Case *c, const Json *list, Str path, By *out)
{
    uint64_t product = 1;
    *out = (By){ 0 };
    if (!json_is(list, JSON_ARRAY) || !list->len || list->len > BY_MOST)
        return case_fail(c, "bad_value", path, "a list of 1 to %d columns is wanted", BY_MOST);
    JSON_EACH(name, list) {
        TRY(case_codes(c, name, case_path_at(c, path, out->len), &out->col[out->len], &out->code[out->len]));
        if (__builtin_mul_overflow(product, out->col[out->len]->n_levels + 1, &product) || product > INT64_MAX)
            return case_fail(c, "too_large", path, "these columns cross to too many cells");
        out->len++;
    }
    return OK;
}

static Err find_level(Case *c, const CaseColumn *col, const Json *value, Str path, uint32_t *out)
{
    double x = 0;
    Str    s = S("");
    if (col->numeric ? !json_num(value, &x) : !json_str(value, &s))
        return case_fail(c, "bad_value", path, "a level of column '%.*s' is wanted, %s", STR_ARG(col->name), col->numeric ? "a number" : "a text");
    *out = CASE_NONE;
    for (size_t l = 0; l < col->n_levels; l++)
        if (col->numeric ? col->level_number[l] == x : str_eq(col->level_text[l], s))
            *out = (uint32_t)l;
    return OK;
}

/* One cell {column: level …, "N": total}. *known: some row of the table may have it. */
static Err read_cell(Case *c, const By *by, const Json *spec, Str path, Cell *out, bool *known)
{
    *out   = (Cell){ 0 };
    *known = true;
    if (!json_is(spec, JSON_OBJECT) || spec->len != by->len + 1)
        return case_fail(c, "bad_value", path, "an object with a level of each column and N is wanted");
    if (!json_num(json_get(spec, S("N")), &out->total) || out->total < 0)
        return case_fail(c, "bad_value", case_path(c, path, S("N")), "a number from 0 is wanted");
    for (size_t b = 0; b < by->len; b++) {
        uint32_t level;
        Str      where = case_path(c, path, by->col[b]->name);
        TRY(find_level(c, by->col[b], json_get(spec, by->col[b]->name), where, &level));
        if (level == CASE_NONE && out->total > 0)
            return case_fail(c, "cells_mismatch", where, "no row has this level, but N is above 0");
        *known   = *known && level != CASE_NONE;
        out->key = out->key * by->col[b]->n_levels + level;
    }
    return OK;
}

static int by_key(const void *x, const void *y)
{
    const Cell *a = x, *b = y;
    return (a->key > b->key) - (a->key < b->key);
}

static int64_t row_key(const By *by, size_t i)
{
    uint64_t key = 0;
    for (size_t b = 0; b < by->len; b++) {
        if (by->code[b][i] == CASE_NONE)
            return NO_KEY;
        key = key * by->col[b]->n_levels + by->code[b][i];
    }
    return (int64_t)key;
}

/* by and cells of obj as a margin of the sample. */
static Err read_margin(Case *c, const Json *obj, Str path, StatsMargin *out)
{
    By          by;
    const Json *cells = json_get(obj, S("cells"));
    Str         where = case_path(c, path, S("cells"));
    size_t      n = 0, number = 0;
    TRY(read_by(c, json_get(obj, S("by")), case_path(c, path, S("by")), &by));
    if (!json_is(cells, JSON_ARRAY) || !cells->len)
        return case_fail(c, "bad_value", where, "a list of cells is wanted");
    Cell *cell = arena_new(c->a, Cell, cells->len);
    JSON_EACH(spec, cells) {
        bool known;
        TRY(read_cell(c, &by, spec, case_path_at(c, where, number++), &cell[n], &known));
        n += known;
    }
    qsort(cell, n, sizeof *cell, by_key);
    double   *total = arena_new(c->a, double, n + 1);
    uint32_t *code  = arena_new(c->a, uint32_t, c->n + 1);
    for (size_t k = 0; k < n; k++) {
        total[k] = cell[k].total;
        if (k && cell[k].key == cell[k - 1].key)
            return case_fail(c, "bad_value", where, "a cell stands twice");
    }
    for (size_t i = 0; i < c->n; i++) {
        int64_t key = row_key(&by, i);
        Cell    want = { (uint64_t)key, 0 }, *at = key == NO_KEY ? NULL : bsearch(&want, cell, n, sizeof *cell, by_key);
        if (key != NO_KEY && !at)
            return case_fail(c, "cells_mismatch", where, "row %zu belongs to no cell", (size_t)c->row[i] + 1);
        code[i] = at ? (uint32_t)(at - cell) : UINT32_MAX;
    }
    *out = (StatsMargin){ code, n, total };
    return OK;
}

/* ---- Adjustments ------------------------------------------------------------------------------------------------------------ */

static Err read_stop(Case *c, const Json *obj, Str path, StatsStop *out)
{
    double most;
    TRY(case_number(c, obj, path, "epsilon", 1e-300, 1, 0, &out->epsilon));
    TRY(case_number(c, obj, path, "max_iter", 1, 1e6, 0, &most));
    out->most = (int)most;
    return OK;
}

static Err adjust_cells(Case *c, const Json *obj, Str path, StatsAdjustment *out)
{
    StatsMargin cells;
    TRY(case_keys(c, obj, path, "method by cells"));
    TRY(read_margin(c, obj, path, &cells));
    return stats_poststratify(c->a, c->n, c->design.weight, &cells, out);
}

static Err adjust_margins(Case *c, const Json *obj, Str path, StatsAdjustment *out)
{
    const Json *list  = json_get(obj, S("margins"));
    Str         where = case_path(c, path, S("margins"));
    size_t      m     = 0;
    StatsStop   stop;
    TRY(case_keys(c, obj, path, "method margins epsilon max_iter"));
    TRY(read_stop(c, obj, path, &stop));
    if (!json_is(list, JSON_ARRAY) || !list->len)
        return case_fail(c, "bad_value", where, "a list of margins is wanted");
    StatsMargin *margin = arena_new(c->a, StatsMargin, list->len);
    JSON_EACH(spec, list) {
        Str at = case_path_at(c, where, m);
        TRY(case_keys(c, spec, at, "by cells"));
        TRY(read_margin(c, spec, at, &margin[m++]));
    }
    return stats_rake(c->a, c->n, c->design.weight, m, margin, stop, out);
}

static Err read_bounds(Case *c, const Json *obj, Str path, StatsCalibration *how)
{
    const Json *bounds = json_get(obj, S("bounds"));
    Str         where  = case_path(c, path, S("bounds"));
    if (!bounds || json_is(bounds, JSON_NULL))
        return OK;
    if (!json_is(bounds, JSON_ARRAY) || bounds->len != 2 || !json_num(json_at(bounds, 0), &how->low) || !json_num(json_at(bounds, 1), &how->high))
        return case_fail(c, "bad_value", where, "two numbers or null are wanted");
    if (!(how->low < 1 && how->high > 1))
        return case_fail(c, "bad_value", where, "the bounds must lie below and above 1");
    return OK;
}

/* Auxiliaries: variables, or {"const": 1}. Columns of one block. */
static Err read_auxiliaries(Case *c, const Json *obj, Str path, size_t *out_len, double **out_x, double **out_total)
{
    const Json *aux = json_get(obj, S("aux")), *totals = json_get(obj, S("totals"));
    Str         where = case_path(c, path, S("aux"));
    size_t      p = 0;
    if (!json_is(aux, JSON_ARRAY) || !aux->len)
        return case_fail(c, "bad_value", where, "a list of variables is wanted");
    if (!json_is(totals, JSON_ARRAY) || totals->len != aux->len)
        return case_fail(c, "bad_value", case_path(c, path, S("totals")), "a list of %zu numbers is wanted, one for each of aux", (size_t)aux->len);
    double *x = arena_new(c->a, double, aux->len * c->n + 1), *total = arena_new(c->a, double, aux->len);
    for (const Json *spec = aux->first, *sum = totals->first; spec; spec = spec->next, sum = sum->next, p++) {
        double constant = 1, *column;
        Str    at = case_path_at(c, where, p);
        if (!json_num(sum, &total[p]))
            return case_fail(c, "bad_value", case_path_at(c, case_path(c, path, S("totals")), p), "a number is wanted");
        if (json_get(spec, S("const"))) {
            TRY(case_keys(c, spec, at, "const"));
            TRY(case_number(c, spec, at, "const", -1e300, 1e300, 1, &constant));
            for (size_t i = 0; i < c->n; i++)
                x[p * c->n + i] = constant;
            continue;
        }
        TRY(case_var_of(c, spec, at, &column));
        memcpy(x + p * c->n, column, c->n * sizeof *x);
    }
    *out_len   = p;
    *out_x     = x;
    *out_total = total;
    return OK;
}

static Err adjust_totals(Case *c, const Json *obj, Str path, StatsAdjustment *out)
{
    StatsCalibration how = { 0 };
    double *x, *total;
    size_t  p;
    int     distance;
    TRY(case_keys(c, obj, path, "method distance bounds aux totals epsilon max_iter"));
    TRY(case_word(c, obj, path, "distance", "linear raking logit", STATS_LINEAR, &distance));
    how.distance = (StatsDistance)distance;
    TRY(read_stop(c, obj, path, &how.stop));
    TRY(read_bounds(c, obj, path, &how));
    TRY(read_auxiliaries(c, obj, path, &p, &x, &total));
    return stats_calibrate(c->a, c->n, c->design.weight, p, x, total, how, out);
}

Err case_adjust(Case *c)
{
    const Json *list = json_get(c->design_json, S("adjust"));
    if (!list || json_is(list, JSON_NULL))
        return OK;
    if (!json_is(list, JSON_ARRAY))
        return case_fail(c, "bad_value", S("design.adjust"), "a list of adjustments is wanted");
    StatsAdjustment *made = arena_new(c->a, StatsAdjustment, list->len + 1);
    JSON_EACH(obj, list) {
        Str              path = case_path_at(c, S("design.adjust"), c->n_adjustments);
        StatsAdjustment *own  = &made[c->n_adjustments];
        int              method;
        c->at = path;
        TRY(case_word(c, obj, path, "method", "poststratify rake calibrate", -1, &method));
        TRY(method == 0 ? adjust_cells(c, obj, path, own) : method == 1 ? adjust_margins(c, obj, path, own) : adjust_totals(c, obj, path, own));
        c->design.weight = own->after;
        c->adjustment    = made;
        c->n_adjustments++;
    }
    return OK;
}

/* ---- The kind weights_summary ------------------------------------------------------------------------------------------------ */

static Err run_summary(Case *c)
{
    StatsWeightSummary s = stats_weights_summary(c->n, c->base_weight, case_weight(c));
    c->flags |= c->n ? 0 : STATS_EMPTY;
    out_one(c, "sum", s.sum);
    out_one(c, "min", s.min);
    out_one(c, "max", s.max);
    out_list(c, "first10", c->n < 10 ? c->n : 10, case_weight(c));
    out_one(c, "kish_deff", s.kish_deff);
    out_one(c, "kish_n_eff", s.kish_n_eff);
    out_one(c, "min_g", s.min_g);
    out_one(c, "max_g", s.max_g);
    return OK;
}

const CaseKind case_kinds_weights[] = {
    { "weights_summary", "", run_summary },
    { 0 },
};

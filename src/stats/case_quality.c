/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kind quality: signs of poor data in a battery of items. */
#include "stats/case_parts.h"
#include "stats/quality.h"

#include <math.h>
#include <stdlib.h>

enum { ITEMS_MOST = 512, CODES_MOST = INT16_MAX };

static int by_number(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return (p > q) - (p < q);
}

/* Answers of rows in the domain as small codes, equal for equal numbers of any item; -1: missing. */
static Err read_sheets(Case *c, const CaseVars *items, const bool *used, size_t rows, int16_t **out)
{
    double  *value = arena_new(c->a, double, rows * items->len + 1);
    int16_t *code  = arena_new(c->a, int16_t, rows * items->len + 1);
    size_t   n = 0, kinds = 0, at = 0;
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < items->len && used[i]; k++)
            if (!isnan(items->at[k][i]))
                value[n++] = items->at[k][i];
    qsort(value, n, sizeof *value, by_number);
    for (size_t i = 0; i < n; i++)
        if (!kinds || value[kinds - 1] != value[i])
            value[kinds++] = value[i];
    if (kinds > CODES_MOST)
        return case_fail(c, "too_large", S("statistic.items"), "%zu different answers", kinds);
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < items->len && used[i]; k++, at++) {
            const double *found = isnan(items->at[k][i]) ? NULL : bsearch(&items->at[k][i], value, kinds, sizeof *value, by_number);
            code[at] = found ? (int16_t)(found - value) : -1;
        }
    *out = code;
    return OK;
}

static void out_sheets(Case *c, const int16_t *code, size_t rows, size_t items, size_t min_answered)
{
    bool   *left_out = arena_new(c->a, bool, rows + 1);
    size_t  straight = 0, half = 0, missing = 0;
    double  runs = 0, longest = 0;
    for (size_t i = 0; i < rows; i++) {
        const int16_t *sheet = code + i * items;
        size_t answered = 0;
        for (size_t k = 0; k < items; k++)
            answered += sheet[k] >= 0;
        bool line = straight_line(sheet, items, min_answered);
        int  run  = longstring(sheet, items);
        left_out[i] = line || answered < min_answered;
        straight += line;
        missing += items - answered;
        half += 2 * (items - answered) >= items;
        runs += run;
        longest = fmax(longest, run);
    }
    Duplicates d = exact_duplicates(*c->a, code, rows, items, left_out);
    out_num(c, "n", (double)rows);
    out_num(c, "straightliners", (double)straight);
    out_one(c, "longstring_mean", rows ? runs / (double)rows : NAN);
    out_num(c, "longstring_max", rows ? longest : NAN);
    out_num(c, "duplicate_groups", (double)d.groups);
    out_num(c, "duplicate_rows", (double)d.rows);
    out_one(c, "item_missing_rate", rows ? (double)missing / (double)(rows * items) : NAN);
    out_num(c, "rows_half_missing", (double)half);
}

static void out_durations(Case *c, const double *duration, const bool *used)
{
    double *known = arena_new(c->a, double, c->n + 1);
    size_t  n = 0, third = 0, half = 0;
    for (size_t i = 0; i < c->n; i++)
        if (used[i] && duration && !isnan(duration[i]))
            known[n++] = duration[i];
    qsort(known, n, sizeof *known, by_number);
    double median = n ? (known[(n - 1) / 2] + known[n / 2]) / 2 : NAN;
    for (size_t i = 0; i < n; i++) {
        third += known[i] < median / 3;
        half += known[i] < median / 2;
    }
    out_one(c, "median_duration", median);
    out_num(c, "speeders_third_median", n ? (double)third : NAN);
    out_num(c, "speeders_half_median", n ? (double)half : NAN);
}

static Err run_quality(Case *c)
{
    CaseVars items;
    bool    *used;
    double   least, *duration = NULL;
    int16_t *code;
    TRY(case_vars(c, "items", 1, ITEMS_MOST, &items));
    TRY(case_domain(c, "domain", &used));
    TRY(case_number(c, c->statistic, S("statistic"), "min_answered", 0, ITEMS_MOST, 1, &least));
    if (json_get(c->statistic, S("duration")) && !json_is(json_get(c->statistic, S("duration")), JSON_NULL))
        TRY(case_var(c, "duration", &duration));
    size_t rows = case_count(c, used);
    TRY(read_sheets(c, &items, used, rows, &code));
    c->flags |= rows ? 0 : STATS_EMPTY;
    out_sheets(c, code, rows, items.len, (size_t)ceil(least));
    out_durations(c, duration, used);
    return OK;
}

const CaseKind case_kinds_quality[] = {
    { "quality", "items min_answered duration", run_quality },
    { 0 },
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The weights of a package: read from its rows; raked ones are made again from base weights, groups and margins. */
#include "edition/verify.h"

#include "edition/weighting.h"

#include <math.h>

static Err number_cell(Check *c, Str cell, double least, double most, int line, double *out)
{
    if (str_to_f64(cell, out) && *out >= least && *out <= most)
        return OK;
    return err_fmt(c->a, ERR_INVALID, "answers.csv:%d: weight, stratum or psu is not understood", line);
}

/* The last columns of answers.csv. Rows without a place carry the mean weight. */
static Err read_weight_columns(Check *c, Dataset *d, DataWeights *w, Opened *o)
{
    for (size_t r = 0; r < d->records; r++) {
        const CsvRow *row = &c->answers.at[r + 1];
        double weight = w->mean, stratum = 0, unit = 0;
        for (size_t i = 0; i < d->items.len; i++)
            o->told[r] |= d->values[r * d->items.len + i] != 0;
        if (o->told[r]) {
            TRY(number_cell(c, csv_cell(row, d->items.len + 1), 1e-300, 1e300, row->line, &weight));
            TRY(number_cell(c, csv_cell(row, d->items.len + 2), d->domain_of[r] ? 1 : 0, 1e9, row->line, &stratum));
            if (csv_cell(row, d->items.len + 3).len)
                TRY(number_cell(c, csv_cell(row, d->items.len + 3), 1, 1e9, row->line, &unit));
        }
        w->weight[r]  = weight;
        w->stratum[r] = (uint32_t)stratum;
        w->unit[r]    = (uint32_t)unit;
    }
    return OK;
}

/* Margins as weighting.json tells them, with the groups of their questions. */
static Err read_margins(Check *c, const Json *json, Dataset *d, Margins *out)
{
    double n;
    JSON_EACH(total, json_get(json, S("margins"))) {
        if (!json_num(total, &n) || !(n > 0 && n <= 1e12))
            return err_new(c->a, ERR_INVALID, S("weighting.json: a population is not understood"));
        *list_add(c->a, out) = (Margin){ .code = total->key, .population = n };
    }
    JSON_EACH(group, json_get(json, S("groups"))) {
        Breakdown b = { .question = group->key };
        *list_add(c->a, &b.domains) = (DataDomain){ .code = S("") };
        JSON_EACH(total, group) {
            if (!json_num(total, &n) || !(n > 0 && n <= 1e12) || b.domains.len > 250)
                return err_new(c->a, ERR_INVALID, S("weighting.json: a population of a group is not understood"));
            *list_add(c->a, out) = (Margin){ .question = group->key, .code = total->key, .population = n };
            if (!str_eq(total->key, UNANSWERED))
                *list_add(c->a, &b.domains) = (DataDomain){ .code = total->key };
        }
        b.of = arena_new(c->a, uint8_t, d->records + 1);
        *list_add(c->a, &d->groups) = b;
    }
    return d->groups.len && d->groups.len <= GROUPS_MOST ? OK : err_new(c->a, ERR_INVALID, S("weighting.json: groups are not understood"));
}

/* Base weights and groups of the rows that stand in a place: the columns after those of all weighted packages. */
static Err read_groups(Check *c, Dataset *d, DataWeights *w, WeightSteps *s)
{
    size_t at = d->items.len + 1 + WEIGHT_COLUMNS;
    for (size_t r = 0; r < d->records; r++) {
        const CsvRow *row = &c->answers.at[r + 1];
        if (!d->opened->told[r] || !d->domain_of[r])
            continue;
        TRY(number_cell(c, csv_cell(row, at), 1e-300, 1e300, row->line, &w->base[r]));
        for (size_t g = 0; g < d->groups.len; g++) {
            Str code = csv_cell(row, at + 1 + g);
            d->groups.at[g].of[r] = (uint8_t)breakdown_domain(&d->groups.at[g], code);
            if (code.len && !d->groups.at[g].of[r])
                return err_fmt(c->a, ERR_INVALID, "answers.csv:%d: a group that weighting.json does not hold", row->line);
        }
        s->before[s->n]   = w->base[r];
        s->record[s->n++] = (uint32_t)r;
    }
    return OK;
}

/* Raked weights are made again from base weights and margins, and must be those of the rows. */
static Err read_raking(Check *c, const Json *json, Dataset *d, DataWeights *w)
{
    WeightSteps *s = arena_new(c->a, WeightSteps, 1);
    Margins      m = { 0 };
    *s = (WeightSteps){ .record = arena_new(c->a, uint32_t, d->records + 1), .before = arena_new(c->a, double, d->records + 1) };
    w->base = arena_new(c->a, double, d->records + 1);
    if (!json_num(json_get(json, S("cap")), &s->cap) || !(s->cap >= 0 && s->cap <= 1000))
        return err_new(c->a, ERR_INVALID, S("weighting.json: cap is missing"));
    TRY(read_margins(c, json, d, &m));
    TRY(read_groups(c, d, w, s));
    if (!s->n)
        return err_new(c->a, ERR_INVALID, S("answers.csv: no row carries a weight"));
    steps_margins(c->a, &m, d, s);
    TRY(steps_run(c->a, s));
    for (size_t i = 0; i < s->n; i++) {
        double published = w->weight[s->record[i]];
        if (!(fabs(s->after[i] - published) <= 1e-9 * published)) {
            verify_fault(c, arena_fmt(c->a, "answers.csv: the weight of row %u does not come out again from its base weight", s->record[i] + 1));
            return OK;
        }
        s->after[i] = published;
    }
    TRY(steps_fit(c->a, s));
    w->steps = s;
    return OK;
}

/* A package with weighting.json is of a weighted edition. */
Err verify_weights(Check *c, Dataset *d)
{
    size_t       at;
    Str          text;
    const Json  *json;
    if (!zip_reader_find(c->zip, S("weighting.json"), &at))
        return OK;
    DataWeights *w = arena_new(c->a, DataWeights, 1);
    Opened      *o = arena_new(c->a, Opened, 1);
    TRY(verify_part(c, S("weighting.json"), &text));
    TRY(json_parse(c->a, text, &json));
    if (!json_num(json_get(json, S("mean")), &w->mean) || !(w->mean > 0) || !json_bool(json_get(json, S("probability")), &w->probability) ||
        !json_bool(json_get(json, S("adjusted")), &w->adjusted))
        return err_new(c->a, ERR_INVALID, S("weighting.json: mean, probability or adjusted is missing"));
    w->weight   = arena_new(c->a, double, d->records + 1);
    w->stratum  = arena_new(c->a, uint32_t, d->records + 1);
    w->unit     = arena_new(c->a, uint32_t, d->records + 1);
    *o          = (Opened){ d->values, arena_new(c->a, bool, d->records + 1), d->unplaced };
    TRY(read_weight_columns(c, d, w, o));
    d->opened  = o;
    d->weights = w;
    return json_get(json, S("groups")) ? read_raking(c, json, d, w) : OK;
}

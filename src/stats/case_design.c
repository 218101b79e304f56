/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The key `design` of a case: columns become the sample, its tree, and its weights. */
#include "stats/case_set.h"

#include <math.h>

static const Json *design_key(const Case *c, const char *key)
{
    const Json *j = json_get(c->design_json, str_from_c(key));
    return json_is(j, JSON_NULL) || (json_is(j, JSON_ARRAY) && !j->len) ? NULL : j;
}

static Err no_missing(Case *c, const uint32_t *code, Str path)
{
    for (size_t i = 0; i < c->n; i++)
        if (code[i] == CASE_NONE)
            return case_fail(c, "bad_value", path, "row %zu has no value here", (size_t)c->row[i] + 1);
    return OK;
}

static Err design_codes(Case *c, const Json *name, Str path, const uint32_t **out)
{
    const CaseColumn *col;
    uint32_t         *code;
    TRY(case_codes(c, name, path, &col, &code));
    *out = code;
    return no_missing(c, code, path);
}

static Err design_list(Case *c, const char *key, const Json **out, size_t *out_len)
{
    const Json *list = design_key(c, key);
    *out     = list ? list->first : NULL;
    *out_len = list ? list->len : 0;
    if (list && (!json_is(list, JSON_ARRAY) || list->len > STATS_STAGES))
        return case_fail(c, "bad_value", case_path(c, S("design"), str_from_c(key)), "a list of at most %d columns is wanted", STATS_STAGES);
    return OK;
}

static Err read_units(Case *c, StatsSample *s)
{
    const Json *name;
    size_t      len, fpcs, i = 0;
    TRY(design_list(c, "ids", &name, &len));
    for (; name; name = name->next, i++)
        TRY(design_codes(c, name, case_path_at(c, S("design.ids"), i), &s->unit[i]));
    s->n_stages = (uint32_t)len;
    if (design_key(c, "strata"))
        TRY(design_codes(c, design_key(c, "strata"), S("design.strata"), &s->stratum));
    TRY(design_list(c, "fpc", &name, &fpcs));
    if (fpcs > (len ? len : 1))
        return case_fail(c, "bad_value", S("design.fpc"), "%zu population sizes for %zu stages", fpcs, len ? len : 1);
    for (i = 0; name; name = name->next, i++) {
        double *pop;
        TRY(case_design_numbers(c, "bad_fpc", name, case_path_at(c, S("design.fpc"), i), &pop));
        s->pop[i] = pop;
    }
    return OK;
}

/* ---- Replicates ---------------------------------------------------------------------------------------------------------- */

static const CaseColumn *column_named(const CaseTable *t, Str name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (str_eq(t->column[i].name, name))
            return &t->column[i];
    return NULL;
}

/* Row of the factors for each level of the sample's column of units; CASE_NONE: none. Numbers meet numbers, texts texts. */
static Err match_units(Case *c, const CaseColumn *own, const CaseTable *t, const CaseColumn *psu, uint32_t **out)
{
    uint32_t *at = arena_new(c->a, uint32_t, own->n_levels + 1), *row_of = arena_new(c->a, uint32_t, psu->n_levels + 1);
    memset(row_of, 0xFF, psu->n_levels * sizeof *row_of);
    for (size_t i = 0; i < t->n; i++) {
        if (psu->code[i] == CASE_NONE || row_of[psu->code[i]] != CASE_NONE)
            return case_fail(c, "bad_value", S("design.replicate.factors_file"), "row %zu of %.*s: psu is missing or stands twice", i + 1, STR_ARG(t->name));
        row_of[psu->code[i]] = (uint32_t)i;
    }
    size_t k = 0;
    for (size_t l = 0; l < own->n_levels; l++) {       /* both ascend */
        int order = 1;
        for (; k < psu->n_levels && own->numeric == psu->numeric; k++) {
            order = own->numeric ? (psu->level_number[k] > own->level_number[l]) - (psu->level_number[k] < own->level_number[l])
                                 : str_cmp(psu->level_text[k], own->level_text[l]);
            if (order >= 0)
                break;
        }
        at[l] = k < psu->n_levels && order == 0 ? row_of[k] : CASE_NONE;
    }
    *out = at;
    return OK;
}

static Err read_factors(Case *c, const Json *json, StatsReplicates *r)
{
    const CaseTable  *t;
    const CaseColumn *own;
    uint32_t         *code, *row_of, *psu = arena_new(c->a, uint32_t, c->n + 1);
    TRY(case_table_find(c, json_get(json, S("factors_file")), S("design.replicate.factors_file"), &t));
    const CaseColumn *key = column_named(t, S("psu"));
    if (!key || t->n_columns < 2)
        return case_fail(c, "bad_value", S("design.replicate.factors_file"), "%.*s needs a column psu and columns of factors", STR_ARG(t->name));
    TRY(case_codes(c, json_get(json, S("psu_col")), S("design.replicate.psu_col"), &own, &code));
    TRY(match_units(c, own, t, key, &row_of));
    for (size_t i = 0; i < c->n; i++) {
        if (code[i] == CASE_NONE || row_of[code[i]] == CASE_NONE)
            return case_fail(c, "psu_not_in_factors", S("design.replicate.psu_col"), "the unit of row %zu has no factors in %.*s",
                             (size_t)c->row[i] + 1, STR_ARG(t->name));
        psu[i] = row_of[code[i]];
    }
    r->n      = c->n;
    r->psu    = psu;
    r->n_psu  = t->n;
    r->len    = t->n_columns - 1;
    double *f = arena_new(c->a, double, r->len * r->n_psu + 1);
    size_t  k = 0;
    for (const CaseColumn *col = t->column; col < t->column + t->n_columns; col++) {
        for (size_t i = 0; col != key && i < t->n; i++) {
            f[i * r->len + k] = col->value[i];
            if (!col->numeric || !(col->value[i] >= 0))
                return case_fail(c, "bad_value", S("design.replicate.factors_file"), "%.*s: factor %.*s of row %zu is no number from 0",
                                 STR_ARG(t->name), STR_ARG(col->name), i + 1);
        }
        k += col != key;
    }
    r->factor = f;
    return OK;
}

static Err read_replicates(Case *c, const Json *json)
{
    static const struct { Str key; JsonKind kind; } words[] = { { S_INIT("method"), JSON_STRING }, { S_INIT("rho"), JSON_NUMBER } };
    StatsReplicates *r       = arena_new(c->a, StatsReplicates, 1);
    const Json      *rscales = json_get(json, S("rscales"));
    TRY(case_keys(c, json, S("design.replicate"), "method factors_file psu_col scale rscales mse rho"));
    if (design_key(c, "fpc") || design_key(c, "adjust"))
        return case_fail(c, "design_conflict", S("design.replicate"), "replicate weights hold the design: fpc and adjust cannot stand beside them");
    for (size_t i = 0; i < COUNT_OF(words); i++) {          /* method informs, rho is in the factors */
        const Json *j = json_get(json, words[i].key);
        if (j && !json_is(j, JSON_NULL) && !json_is(j, words[i].kind))
            return case_fail(c, "bad_value", case_path(c, S("design.replicate"), words[i].key), "a %s is wanted",
                             words[i].kind == JSON_STRING ? "text" : "number");
    }
    TRY(read_factors(c, json, r));
    TRY(case_number(c, json, S("design.replicate"), "scale", 0, 1e300, 1, &r->scale));
    TRY(case_flag(c, json, S("design.replicate"), "mse", false, &r->mse));
    if (rscales && !json_is(rscales, JSON_NULL)) {
        size_t  k = 0;
        double *x = arena_new(c->a, double, r->len + 1);
        if (!json_is(rscales, JSON_ARRAY) || rscales->len != r->len)
            return case_fail(c, "bad_value", S("design.replicate.rscales"), "%zu numbers are wanted, one for each replicate", r->len);
        JSON_EACH(value, rscales)
            if (!json_num(value, &x[k++]) || x[k - 1] < 0)
                return case_fail(c, "bad_value", case_path_at(c, S("design.replicate.rscales"), k - 1), "a number from 0 is wanted");
        r->rscale = x;
    }
    r->weight     = c->design.weight;
    c->replicates = r;
    return OK;
}

Err case_design_read(Case *c)
{
    static const char lonely[] = "adjust fail remove certainty average";      /* the order of StatsLonely */
    StatsSample s = { .n = c->n, .probability = true };
    const Json *replicate = design_key(c, "replicate"), *weights = design_key(c, "weights");
    int         word;
    if (c->design_json)
        TRY(case_keys(c, c->design_json, S("design"), "ids strata fpc weights lonely_psu adjust_domain_lonely adjust replicate"));
    bool domain_lonely;
    TRY(case_word(c, c->design_json, S("design"), "lonely_psu", lonely, STATS_FAIL, &word));
    TRY(case_flag(c, c->design_json, S("design"), "adjust_domain_lonely", false, &domain_lonely));
    if (!replicate)
        TRY(read_units(c, &s));
    if (weights) {
        double *w;
        TRY(case_design_numbers(c, "bad_weight", weights, S("design.weights"), &w));
        s.weight = w;
    }
    Err e = stats_design_init(c->a, c->scratch, &s, &c->design);
    if (e)
        c->at = str_starts(e->detail, S("bad_weight")) ? S("design.weights") : str_starts(e->detail, S("bad_fpc")) ? S("design.fpc") : S("design");
    TRY(e);
    c->design.lonely               = (StatsLonely)word;
    c->design.adjust_domain_lonely = domain_lonely;
    c->base_weight                 = c->design.weight;
    if (replicate)
        return read_replicates(c, replicate);
    c->at = S("design.adjust");
    return case_adjust(c);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds chisq and ranks. */
#include "stats/case_parts.h"
#include "stats/contingency.h"
#include "stats/estimate.h"
#include "stats/rank.h"

#include <math.h>

/* ---- Tables ---------------------------------------------------------------------------------------------------------------- */

/* The levels rows used have, ascending; code[i] becomes a place among them. */
static size_t levels_used(Case *c, const CaseColumn *col, const bool *used, uint32_t *code, uint32_t **out_level)
{
    uint32_t *place = arena_new(c->a, uint32_t, col->n_levels + 1), *level = arena_new(c->a, uint32_t, col->n_levels + 1);
    size_t    n     = 0;
    for (size_t i = 0; i < c->n; i++)
        if (used[i])
            place[code[i]] = 1;
    for (size_t l = 0; l < col->n_levels; l++)
        if (place[l]) {
            level[n] = (uint32_t)l;
            place[l] = (uint32_t)n++;
        }
    for (size_t i = 0; i < c->n; i++)
        code[i] = used[i] ? place[code[i]] : UINT32_MAX;
    *out_level = level;
    return n;
}

static void out_table(Case *c, const ContingencyTable *t, const CaseColumn *const col[2], uint32_t *const level[2])
{
    double *sum = arena_new(c->a, double, t->rows * t->columns + 1);
    for (size_t i = 0; i < c->n; i++)
        if (t->cell[i] != UINT32_MAX)
            sum[t->cell[i]] += case_weight(c)[i];
    out_matrix(c, "table_weighted", t->rows, t->columns, sum);
    out_level_texts(c, "row_levels", col[0], t->rows, level[0]);
    out_level_texts(c, "col_levels", col[1], t->columns, level[1]);
}

static Err run_chisq(Case *c)
{
    static const char  *key[] = { "row", "col" };
    const CaseColumn   *col[2];
    uint32_t           *code[2], *level[2], *cell = arena_new(c->a, uint32_t, c->n + 1);
    bool               *used;
    int                 method;
    TRY(case_domain(c, "domain", &used));
    TRY(case_word(c, c->statistic, S("statistic"), "method", "F Chisq Wald adjWald", CONTINGENCY_F, &method));
    for (int k = 0; k < 2; k++) {
        TRY(case_codes(c, json_get(c->statistic, str_from_c(key[k])), case_path(c, S("statistic"), str_from_c(key[k])), &col[k], &code[k]));
        for (size_t i = 0; i < c->n; i++)
            used[i] = used[i] && code[k][i] != CASE_NONE;
    }
    ContingencyTable t = { .n = c->n, .cell = cell, .method = (ContingencyMethod)method };
    t.rows    = levels_used(c, col[0], used, code[0], &level[0]);
    t.columns = levels_used(c, col[1], used, code[1], &level[1]);
    if (t.rows * t.columns > 4096)
        return case_fail(c, "too_large", S("statistic"), "a table of %zu by %zu cells", t.rows, t.columns);
    for (size_t i = 0; i < c->n; i++)
        cell[i] = used[i] ? (uint32_t)(code[0][i] * t.columns + code[1][i]) : UINT32_MAX;
    size_t      p    = t.rows > 1 && t.columns > 1 ? contingency_parts(&t) : 0;
    double     *est  = arena_new(c->a, double, p + 1), *v = arena_new(c->a, double, p * p + 1);
    Contingency test = { NAN, NAN, NAN, NAN, false };
    if (p) {
        TRY(case_variance(c, p, contingency_theta, &t, used, est, v));
        test = contingency_test(&t, *c->a, est, v, case_df(c, NULL), (double)c->n);
    }
    c->flags |= test.singular ? STATS_RANK : !t.rows ? STATS_EMPTY : 0;
    out_table(c, &t, col, level);
    out_one(c, "statistic", test.statistic);
    out_list(c, "parameter", method == CONTINGENCY_CHISQ ? 1 : 2, (const double[]){ test.df1, test.df2 });
    out_one(c, "p_value", test.p);
    return OK;
}

/* ---- Ranks ------------------------------------------------------------------------------------------------------------------- */

static void out_unit_ranks(Case *c, const StatsRanks *r)
{
    static const struct { const char *name; size_t at; } key[] = {
        { "rank", offsetof(UnitRank, rank) }, { "expected_rank", offsetof(UnitRank, expected) },
        { "holm_rank_lo", offsetof(UnitRank, holm_low) }, { "holm_rank_hi", offsetof(UnitRank, holm_high) },
        { "joint_rank_lo", offsetof(UnitRank, joint_low) }, { "joint_rank_hi", offsetof(UnitRank, joint_high) },
    };
    double *x = arena_new(c->a, double, r->units + 1);
    for (size_t k = 0; k < COUNT_OF(key); k++) {
        for (size_t u = 0; u < r->units; u++)
            memcpy(&x[u], (const char *)&r->unit[u] + key[k].at, sizeof *x);
        out_list(c, key[k].name, r->units, x);
    }
}

static Err run_ranks(Case *c)
{
    CaseVars          vars;
    const CaseColumn *col;
    uint32_t         *code, *level;
    bool             *used, *all;
    TRY(case_vars(c, "vars", 1, 1, &vars));
    TRY(case_domain(c, "domain", &all));
    TRY(case_omit(c, false, &vars, all));
    TRY(case_codes(c, json_get(c->statistic, S("by")), S("statistic.by"), &col, &code));
    for (size_t i = 0; i < c->n; i++)
        all[i] = all[i] && code[i] != CASE_NONE;
    size_t k = levels_used(c, col, all, code, &level);
    if (k > 512)
        return case_fail(c, "too_large", S("statistic.by"), "%zu units; at most 512 can be ranked", k);
    double    *est  = arena_new(c->a, double, k + 1), *v = arena_new(c->a, double, k * k + 1);
    StatsPart *part = arena_new(c->a, StatsPart, k + 1);
    for (size_t j = 0; j < k; j++) {
        used = arena_new(c->a, bool, c->n + 1);
        for (size_t i = 0; i < c->n; i++)
            used[i] = code[i] == j;
        part[j] = (StatsPart){ vars.at[0], NULL, used };
    }
    TRY(case_variance(c, k, stats_parts, &(StatsParts){ c->n, k, false, part }, all, est, v));
    c->flags |= k ? 0 : STATS_EMPTY;
    StatsRanks r = stats_ranks(c->a, k, est, v, 0.95);
    out_levels(c, "levels", col, k, level);
    out_list(c, "estimate", k, est);
    out_list(c, "se", k, r.se);
    out_unit_ranks(c, &r);
    out_num(c, "n_pairs", (double)r.n_pairs);
    out_num(c, "n_pairs_p05_raw", (double)r.below_raw);
    out_num(c, "n_pairs_p05_holm", (double)r.below_holm);
    out_num(c, "n_pairs_p05_bh", (double)r.below_bh);
    out_list(c, "p_raw_first_row", k ? k - 1 : 0, r.p);
    out_list(c, "p_holm_first_row", k ? k - 1 : 0, r.holm);
    return OK;
}

const CaseKind case_kinds_tests[] = {
    { "chisq", "row col method", run_chisq },
    { "ranks", "vars by", run_ranks },
    { 0 },
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds diff and domain_vcov: domains beside each other, with their covariance. */
#include "stats/case_parts.h"
#include "stats/compare.h"
#include "stats/estimate.h"

/* Means over two domains; their rows may overlap. */
static Err two_means(Case *c, double est[2], double v[4])
{
    CaseVars  vars;
    StatsPart part[2];
    bool     *domain, *in[2], *any = arena_new(c->a, bool, c->n + 1);
    TRY(case_vars(c, "vars", 1, 1, &vars));
    TRY(case_domain(c, "domain", &domain));
    for (int k = 0; k < 2; k++) {
        TRY(case_domain(c, k ? "domain_b" : "domain_a", &in[k]));
        for (size_t i = 0; i < c->n; i++)
            in[k][i] = in[k][i] && domain[i];
        TRY(case_omit(c, false, &vars, in[k]));
        for (size_t i = 0; i < c->n; i++)
            any[i] = any[i] || in[k][i];
        part[k] = (StatsPart){ vars.at[0], NULL, in[k] };
    }
    StatsParts parts = { c->n, 2, false, part };
    return case_variance(c, 2, stats_parts, &parts, any, est, v);
}

static Err run_diff(Case *c)
{
    double est[2], v[4];
    TRY(two_means(c, est, v));
    StatsDifference d     = stats_difference(est, v, case_df(c, NULL));
    double          ci[2] = { d.low, d.high };
    out_one(c, "estimate_a", est[0]);
    out_one(c, "estimate_b", est[1]);
    out_matrix(c, "vcov", 2, 2, v);
    out_one(c, "diff", d.diff);
    out_one(c, "se", d.se);
    out_num(c, "df", d.df);
    out_one(c, "t", d.t);
    out_one(c, "p_value", d.p);
    out_list(c, "ci95", 2, ci);
    out_one(c, "se_if_independent", d.se_if_independent);
    return OK;
}

Err case_level_means(Case *c, CaseLevels *out)
{
    CaseVars   vars;
    CaseLevels l = { 0 };
    uint32_t  *code;
    bool      *used;
    TRY(case_vars(c, "vars", 1, 1, &vars));
    TRY(case_domain(c, "domain", &used));
    TRY(case_codes(c, json_get(c->statistic, S("by")), S("statistic.by"), &l.by, &code));
    l.len = case_levels(c, l.by, used, code, &l.level);
    if (l.len > 1000)
        return case_fail(c, "too_large", S("statistic.by"), "more than 1000 levels");
    TRY(case_omit(c, false, &vars, used));
    StatsPart *part = arena_new(c->a, StatsPart, l.len + 1);
    bool      *in   = arena_new(c->a, bool, l.len * c->n + 1);
    for (size_t i = 0; i < c->n; i++)
        if (used[i] && code[i] != CASE_NONE)
            in[code[i] * c->n + i] = true;
        else
            used[i] = false;
    for (size_t k = 0; k < l.len; k++)
        part[k] = (StatsPart){ vars.at[0], NULL, in + k * c->n };
    StatsParts parts = { c->n, l.len, false, part };
    l.estimate = arena_new(c->a, double, l.len + 1);
    l.v        = arena_new(c->a, double, l.len * l.len + 1);
    TRY(case_variance(c, l.len, stats_parts, &parts, used, l.estimate, l.v));
    *out = l;
    return OK;
}

static Err run_domain_vcov(Case *c)
{
    CaseLevels l;
    TRY(case_level_means(c, &l));
    out_levels(c, "levels", l.by, l.len, l.level);
    out_list(c, "estimate", l.len, l.estimate);
    out_matrix(c, "vcov", l.len, l.len, l.v);
    return OK;
}

const CaseKind case_kinds_compare[] = {
    { "diff", "vars domain_a domain_b", run_diff },
    { "domain_vcov", "vars by", run_domain_vcov },
    { 0 },
};

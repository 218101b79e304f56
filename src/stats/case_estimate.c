/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds mean and total. */
#include "stats/case_parts.h"
#include "stats/estimate.h"
#include "stats/special.h"

#include <math.h>

static void write_means(Case *c, bool total, int deff, const CaseVars *vars, const bool *used, const double *est, const double *v)
{
    size_t  p  = vars->len;
    double *se = arena_new(c->a, double, p), *ci = arena_new(c->a, double, 2 * p), *effect = arena_new(c->a, double, p), df = case_df(c, used);
    double  t  = df > 0 ? t_quantile(0.025, df) : NAN;
    for (size_t j = 0; j < p; j++) {
        se[j]         = sqrt(v[j * p + j]);
        ci[2 * j]     = est[j] - t * se[j];
        ci[2 * j + 1] = est[j] + t * se[j];
        effect[j]     = stats_deff(c->n, vars->at[j], used, case_weight(c), v[j * p + j], total, deff == 1);
    }
    out_list(c, "estimate", p, est);
    out_list(c, "se", p, se);
    if (p >= 2 && p <= 8)
        out_matrix(c, "vcov", p, p, v);
    if (deff)
        out_list(c, "deff", p, effect);
    out_num(c, "degf", df);
    out_matrix(c, "ci95_t", p, 2, ci);
}

static Err run_means(Case *c, bool total)
{
    CaseVars vars;
    bool    *used;
    int      deff;
    TRY(case_vars(c, "vars", 1, 64, &vars));
    TRY(case_domain(c, "domain", &used));
    TRY(case_word(c, c->statistic, S("statistic"), "deff", "none wor wr", 0, &deff));
    TRY(case_omit(c, true, &vars, used));
    size_t     p     = vars.len;
    StatsPart *part  = arena_new(c->a, StatsPart, p);
    double    *est   = arena_new(c->a, double, p), *v = arena_new(c->a, double, p * p);
    StatsParts parts = { c->n, p, total, part };
    for (size_t j = 0; j < p; j++)
        part[j] = (StatsPart){ vars.at[j], NULL, used };
    TRY(case_variance(c, p, stats_parts, &parts, used, est, v));
    write_means(c, total, deff, &vars, used, est, v);
    return OK;
}

static Err run_mean(Case *c)
{
    return run_means(c, false);
}

static Err run_total(Case *c)
{
    return run_means(c, true);
}

const CaseKind case_kinds_estimate[] = {
    { "mean", "vars deff", run_mean },
    { "total", "vars deff", run_total },
    { 0 },
};

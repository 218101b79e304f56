/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds mean, total, ratio, variance and by. */
#include "stats/case_parts.h"
#include "stats/estimate.h"
#include "stats/interval.h"

#include <math.h>

enum { GROUPS_MOST = 100000 };

/* A share of 0 or 1 has no standard error to speak of: what is printed is 0, marked. */
static void flag_bounds(Case *c, size_t p, const double *est, const double *v)
{
    for (size_t j = 0; j < p; j++)
        if ((est[j] == 0 || est[j] == 1) && v[j * p + j] == 0)
            c->flags |= STATS_P_AT_BOUND;
}

static double *errors_of(Case *c, size_t p, const double *v)
{
    double *se = arena_new(c->a, double, p);
    for (size_t j = 0; j < p; j++)
        se[j] = sqrt(v[j * p + j]);
    return se;
}

static void write_means(Case *c, bool total, int deff, const CaseVars *vars, const bool *used, const double *est, const double *v)
{
    size_t  p  = vars->len;
    double *se = errors_of(c, p, v), *ci = arena_new(c->a, double, 2 * p), *effect = arena_new(c->a, double, p), df = case_df(c, used);
    for (size_t j = 0; j < p; j++) {
        StatsBounds b = stats_mean_interval(est[j], se[j], df, 0.95);
        ci[2 * j]     = b.low;
        ci[2 * j + 1] = b.high;
        if (deff)
            effect[j] = stats_deff(c->n, vars->at[j], used, case_weight(c), v[j * p + j], total, deff == 1);
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
    if (!total)
        flag_bounds(c, p, est, v);
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

/* ---- Ratio, variance ------------------------------------------------------------------------------------------------------- */

static Err ratio_vars(Case *c, CaseVars *out)
{
    CaseVars vars = { .len = 2, .at = arena_new(c->a, double *, 2), .name = arena_new(c->a, Str, 2) };
    TRY(case_var(c, "num", &vars.at[0]));
    TRY(case_var(c, "den", &vars.at[1]));
    *out = vars;
    return OK;
}

static bool *copy_of(Case *c, const bool *used)
{
    bool *copy = arena_new(c->a, bool, c->n + 1);
    memcpy(copy, used, c->n);
    return copy;
}

static Err run_ratio(Case *c)
{
    CaseVars vars;
    bool    *domain;
    double   est, v;
    TRY(ratio_vars(c, &vars));
    TRY(case_domain(c, "domain", &domain));
    bool *used = copy_of(c, domain);
    TRY(case_omit(c, true, &vars, used));
    StatsPart  part  = { vars.at[0], vars.at[1], used };
    StatsParts parts = { c->n, 1, false, &part };
    TRY(case_variance(c, 1, stats_parts, &parts, used, &est, &v));
    out_one(c, "estimate", est);
    out_one(c, "se", sqrt(v));
    out_num(c, "degf", case_df(c, domain));              /* before missing answers leave */
    return OK;
}

static Err run_variance(Case *c)
{
    CaseVars vars;
    bool    *used;
    double   est, v;
    TRY(case_vars(c, "vars", 1, 1, &vars));
    TRY(case_domain(c, "domain", &used));
    StatsSpread spread = { c->n, case_count(c, used), vars.at[0], used };
    TRY(case_omit(c, true, &vars, used));
    TRY(case_variance(c, 1, stats_spread, &spread, used, &est, &v));
    out_one(c, "estimate", est);
    out_one(c, "se", sqrt(v));
    return OK;
}

/* ---- By groups ------------------------------------------------------------------------------------------------------------- */

size_t case_levels(Case *c, const CaseColumn *col, const bool *domain, uint32_t *code, uint32_t **out_level)
{
    uint32_t *place = arena_new(c->a, uint32_t, col->n_levels + 1), *level = arena_new(c->a, uint32_t, col->n_levels + 1);
    size_t    len   = 0;
    for (size_t i = 0; i < c->n; i++)
        if (domain[i] && code[i] != CASE_NONE)
            place[code[i]] = 1;
    for (size_t l = 0; l < col->n_levels; l++)
        if (place[l]) {
            level[len] = (uint32_t)l;
            place[l]   = (uint32_t)len++;
        } else {
            place[l] = CASE_NONE;
        }
    for (size_t i = 0; i < c->n; i++)
        code[i] = code[i] == CASE_NONE ? CASE_NONE : place[code[i]];
    *out_level = level;
    return len;
}

typedef struct Cross {
    size_t len, groups;                  /* columns; cells of the full cross */
    const CaseColumn *col[16];
    uint32_t *level[16], *cell;          /* cell: of each row, CASE_NONE */
    size_t    levels[16];
} Cross;

static Err read_cross(Case *c, const bool *domain, Cross *x)
{
    const Json *list = json_get(c->statistic, S("by"));
    if (!json_is(list, JSON_ARRAY) || !list->len || list->len > COUNT_OF(x->col))
        return case_fail(c, "bad_value", S("statistic.by"), "a list of 1 to %zu columns is wanted", COUNT_OF(x->col));
    *x = (Cross){ .groups = 1, .cell = arena_new(c->a, uint32_t, c->n + 1) };
    JSON_EACH(name, list) {
        size_t    k = x->len++;
        uint32_t *code;
        TRY(case_codes(c, name, case_path_at(c, S("statistic.by"), k), &x->col[k], &code));
        x->levels[k] = case_levels(c, x->col[k], domain, code, &x->level[k]);
        for (size_t i = 0; i < c->n; i++)                /* the first column runs fastest */
            x->cell[i] = x->cell[i] == CASE_NONE || code[i] == CASE_NONE ? CASE_NONE : x->cell[i] + (uint32_t)x->groups * code[i];
        x->groups *= x->levels[k];
        if (x->groups > GROUPS_MOST)
            return case_fail(c, "too_large", S("statistic.by"), "more than %d groups", GROUPS_MOST);
    }
    return OK;
}

static void write_group(Case *c, const Cross *x, size_t group)
{
    out_open(c, "group");
    for (size_t k = 0; k < x->len; k++) {
        out_key(c, x->col[k]->name);
        out_level(c, x->col[k], x->level[k][group % x->levels[k]]);
        group /= x->levels[k];
    }
    out_close(c);
}

static Err write_row(Case *c, const Cross *x, size_t group, int stat, const CaseVars *vars, const bool *used)
{
    size_t    p    = stat == 2 ? 1 : vars->len;
    bool     *in   = arena_new(c->a, bool, c->n + 1);
    double   *est  = arena_new(c->a, double, p), *v = arena_new(c->a, double, p * p);
    StatsPart part[64];
    for (size_t i = 0; i < c->n; i++)
        in[i] = used[i] && x->cell[i] == group;
    for (size_t j = 0; j < p; j++)
        part[j] = (StatsPart){ vars->at[j], stat == 2 ? vars->at[1] : NULL, in };
    StatsParts parts = { c->n, p, stat == 1, part };
    StatsDf    df    = stats_df(&c->design, *c->a, in);
    out_open(c, NULL);
    write_group(c, x, group);
    out_num(c, "n", df.n);
    out_num(c, "n_psu", c->replicates ? NAN : df.psu);
    if (df.n) {
        TRY(case_variance(c, p, stats_parts, &parts, in, est, v));
        if (stat == 0)
            flag_bounds(c, p, est, v);
        out_list(c, "estimate", p, est);
        out_list(c, "se", p, errors_of(c, p, v));
    } else {
        out_num(c, "estimate", NAN);
        out_num(c, "se", NAN);
    }
    out_close(c);
    return OK;
}

static Err run_by(Case *c)
{
    CaseVars vars;
    Cross    x;
    bool    *used;
    int      stat;
    TRY(case_word(c, c->statistic, S("statistic"), "stat", "mean total ratio", -1, &stat));
    TRY(stat == 2 ? ratio_vars(c, &vars) : case_vars(c, "vars", 1, 64, &vars));
    TRY(case_domain(c, "domain", &used));
    TRY(read_cross(c, used, &x));
    TRY(case_omit(c, true, &vars, used));
    out_list_open(c, "rows");
    for (size_t g = 0; g < x.groups; g++) {
        Arena before = *c->a;
        TRY(write_row(c, &x, g, stat, &vars, used));
        c->a->at = before.at;
    }
    out_list_close(c);
    return OK;
}

const CaseKind case_kinds_estimate[] = {
    { "mean", "vars deff", run_mean },
    { "total", "vars deff", run_total },
    { "ratio", "num den", run_ratio },
    { "variance", "vars", run_variance },
    { "by", "stat vars num den by", run_by },
    { 0 },
};

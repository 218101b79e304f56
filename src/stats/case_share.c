/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds ciprop, quantile and index_mean_of_shares. */
#include "stats/case_parts.h"
#include "stats/estimate.h"
#include "stats/interval.h"

#include <math.h>

/* Share or mean of y over rows used, with its standard error. */
static Err mean_of(Case *c, const double *y, const bool *used, double *out_estimate, double *out_se)
{
    double     v;
    StatsPart  part  = { y, NULL, used };
    StatsParts parts = { c->n, 1, false, &part };
    TRY(case_variance(c, 1, stats_parts, &parts, used, out_estimate, &v));
    *out_se = sqrt(v);
    return OK;
}

static Err run_ciprop(Case *c)
{
    static const StatsInterval methods[] = { STATS_CI_LOGIT, STATS_CI_XLOGIT, STATS_CI_BETA, STATS_CI_MEAN, STATS_CI_ASIN };
    CaseVars vars;
    bool    *used;
    int      method;
    double   p, se;
    TRY(case_vars(c, "vars", 1, 1, &vars));
    TRY(case_word(c, c->statistic, S("statistic"), "method", "logit xlogit beta mean asin", 0, &method));
    TRY(case_domain(c, "domain", &used));
    double asked = (double)case_count(c, used), df = case_df(c, used);       /* before missing answers leave */
    TRY(case_omit(c, true, &vars, used));
    TRY(mean_of(c, vars.at[0], used, &p, &se));
    StatsBounds b = stats_share_interval(methods[method], p, se, asked, df, c->level);
    if ((p == 0 || p == 1) && se == 0) {
        c->flags |= STATS_P_AT_BOUND;
        b = stats_bound_interval(p, (double)case_count(c, used), 1.5, c->level);
    }
    double ci[2] = { b.low, b.high };
    out_one(c, "estimate", p);
    out_one(c, "se", se);
    out_list(c, "ci", 2, ci);
    out_num(c, "df", df);
    return OK;
}

/* ---- Quantiles --------------------------------------------------------------------------------------------------------------- */

typedef struct QuantileCall {
    const double *y; const bool *used; StatsSorted sorted; StatsQuantileRule rule;
    int interval; double df, unit_df, n;
} QuantileCall;

/* Woodruff 1952: the interval of the share at or below the quantile, mapped back by the same rule. */
static Err woodruff(Case *c, const QuantileCall *q, double quantile, double *ci)
{
    static const StatsInterval methods[] = { STATS_CI_MEAN, STATS_CI_BETA, STATS_CI_XLOGIT, STATS_CI_ASIN };
    double  p, se, *below = arena_new(c->a, double, c->n + 1);
    ci[0] = ci[1] = NAN;
    if (q->interval >= (int)COUNT_OF(methods) || isnan(quantile))
        return OK;
    for (size_t i = 0; i < c->n; i++)
        below[i] = q->y[i] <= quantile;
    TRY(mean_of(c, below, q->used, &p, &se));
    double      df = methods[q->interval] == STATS_CI_BETA ? q->unit_df : q->df;     /* its effective n is the design's, whatever t is asked for */
    StatsBounds b  = stats_share_interval(methods[q->interval], p, se, q->n, df, c->level);
    ci[0] = stats_quantile(&q->sorted, q->rule, b.low);
    ci[1] = stats_quantile(&q->sorted, q->rule, b.high);
    return OK;
}

static Err read_probs(Case *c, double **out, size_t *out_len)
{
    const Json *list = json_get(c->statistic, S("probs"));
    size_t      k    = 0;
    if (!json_is(list, JSON_ARRAY) || !list->len)
        return case_fail(c, "bad_value", S("statistic.probs"), "a list of numbers from 0 to 1 is wanted");
    double *p = arena_new(c->a, double, list->len);
    JSON_EACH(value, list) {
        if (!json_num(value, &p[k]) || p[k] < 0 || p[k] > 1)
            return case_fail(c, "bad_value", case_path_at(c, S("statistic.probs"), k), "a number from 0 to 1 is wanted");
        k++;
    }
    *out     = p;
    *out_len = k;
    return OK;
}

static Err read_quantile(Case *c, QuantileCall *q, bool *out_inf)
{
    CaseVars vars;
    bool    *used;
    int      rule, df;
    TRY(case_vars(c, "vars", 1, 1, &vars));
    TRY(case_word(c, c->statistic, S("statistic"), "qrule", "math school hf7", 0, &rule));
    TRY(case_word(c, c->statistic, S("statistic"), "interval", "mean beta xlogit asin score", 0, &q->interval));
    TRY(case_word(c, c->statistic, S("statistic"), "df", "degf inf", 0, &df));
    TRY(case_domain(c, "domain", &used));
    TRY(case_omit(c, false, &vars, used));
    q->y      = vars.at[0];
    q->used   = used;
    q->rule   = (StatsQuantileRule)rule;
    q->n      = (double)case_count(c, used);
    q->unit_df = case_df(c, used);
    q->df     = df ? INFINITY : q->unit_df;
    q->sorted = stats_sorted(c->a, c->scratch, c->n, q->y, used, case_weight(c));
    *out_inf  = df;
    return OK;
}

static Err run_quantile(Case *c)
{
    QuantileCall q = { 0 };
    double      *prob;
    size_t       k;
    bool         inf;
    TRY(read_probs(c, &prob, &k));
    TRY(read_quantile(c, &q, &inf));
    double *est = arena_new(c->a, double, k), *ci = arena_new(c->a, double, 2 * k), *se = arena_new(c->a, double, k);
    double  critical = stats_critical(c->level, q.df);
    for (size_t j = 0; j < k; j++) {
        est[j] = stats_quantile(&q.sorted, q.rule, prob[j]);
        TRY(woodruff(c, &q, est[j], ci + 2 * j));
        se[j] = (ci[2 * j + 1] - ci[2 * j]) / (2 * critical);
    }
    out_list(c, "estimate", k, est);
    out_matrix(c, "ci", k, 2, ci);
    out_list(c, "se", k, se);
    out_num(c, "df", inf ? NAN : q.df);
    return OK;
}

/* ---- Index ----------------------------------------------------------------------------------------------------------------------- */

/* items >= threshold as 1 and 0; used: rows of the domain that answered one at least. */
static Err read_items(Case *c, CaseVars *items, double **out_weight, bool *used)
{
    const Json *weights = json_get(c->statistic, S("item_weights"));
    double      threshold, sum = 0, *a;
    size_t      k = 0;
    TRY(case_vars(c, "items", 1, CASE_COLUMNS_MOST, items));
    TRY(case_number(c, c->statistic, S("statistic"), "threshold", -1e300, 1e300, NAN, &threshold));
    if (isnan(threshold))
        return case_fail(c, "bad_value", S("statistic.threshold"), "the lowest answer that counts as satisfied is wanted");
    bool *answered = arena_new(c->a, bool, c->n + 1);
    for (size_t j = 0; j < items->len; j++)
        for (size_t i = 0; i < c->n; i++)
            if (!isnan(items->at[j][i])) {
                items->at[j][i] = items->at[j][i] >= threshold;
                answered[i]     = true;
            }
    for (size_t i = 0; i < c->n; i++)
        used[i] = used[i] && answered[i];
    *out_weight = a = arena_new(c->a, double, items->len);
    for (size_t j = 0; j < items->len; j++)
        sum += a[j] = 1;
    if (!weights || json_is(weights, JSON_NULL))
        return OK;
    if (!json_is(weights, JSON_ARRAY) || weights->len != items->len)
        return case_fail(c, "bad_value", S("statistic.item_weights"), "%zu numbers are wanted, one for each item", items->len);
    sum = 0;
    JSON_EACH(value, weights) {
        if (!json_num(value, &a[k]) || a[k] < 0)
            return case_fail(c, "bad_value", case_path_at(c, S("statistic.item_weights"), k), "a number from 0 is wanted");
        sum += a[k++];
    }
    return sum > 0 ? OK : case_fail(c, "bad_value", S("statistic.item_weights"), "one of them at least must be above 0");
}

static Err run_index(Case *c)
{
    CaseVars          items;
    const CaseColumn *col   = NULL;
    const Json       *by    = json_get(c->statistic, S("by"));
    StatsIndex        index = { .n = c->n, .n_levels = 1 };
    uint32_t         *code  = arena_new(c->a, uint32_t, c->n + 1), *level = NULL;
    bool             *used;
    double           *weight = NULL;
    TRY(case_domain(c, "domain", &used));
    if (by && !json_is(by, JSON_NULL)) {
        TRY(case_codes(c, by, S("statistic.by"), &col, &code));
        index.n_levels = case_levels(c, col, used, code, &level);
    }
    TRY(read_items(c, &items, &weight, used));
    size_t  p   = index.n_levels;
    double *est = arena_new(c->a, double, p + 1), *se = arena_new(c->a, double, p + 1), *v = arena_new(c->a, double, p * p + 1);
    index.satisfied   = items.at;
    index.n_items     = items.len;
    index.item_weight = weight;
    index.code        = code;
    index.used        = used;
    TRY(case_variance(c, p, stats_index, &index, used, est, v));
    for (size_t l = 0; l < p; l++)
        se[l] = sqrt(v[l * p + l]);
    if (col)
        out_levels(c, "levels", col, p, level);
    out_list(c, "estimate", p, est);
    out_list(c, "se", p, se);
    return OK;
}

const CaseKind case_kinds_share[] = {
    { "ciprop", "vars method level", run_ciprop },
    { "quantile", "vars probs qrule interval level df", run_quantile },
    { "index_mean_of_shares", "items threshold item_weights by", run_index },
    { 0 },
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds of scales and agreement: cralpha, pca, kappa, icc_anova, cor. */
#include "stats/case_parts.h"
#include "stats/kappa.h"
#include "stats/quality.h"
#include "stats/scale.h"

#include <math.h>
#include <stdlib.h>

enum { ITEMS_MOST = 256, LEVELS_MOST = 1000 };

/* ---- Items ------------------------------------------------------------------------------------------------------------------ */

/* Complete cases of the key `items` and their covariances. */
typedef struct Items { size_t k, n; bool weighted; double *v; } Items;

static Err read_items(Case *c, Items *out)
{
    CaseVars items;
    bool    *used;
    TRY(case_vars(c, "items", 2, ITEMS_MOST, &items));
    TRY(case_domain(c, "domain", &used));
    TRY(case_flag(c, c->statistic, S("statistic"), "weighted", false, &out->weighted));
    out->k = items.len;
    out->n = stats_complete(c->n, items.len, items.at, used);
    out->v = arena_new(c->a, double, items.len * items.len);
    stats_moments(*c->a, c->n, items.len, items.at, out->weighted ? case_weight(c) : NULL, used, NULL, out->v);
    c->flags |= out->n ? 0 : STATS_EMPTY;
    return OK;
}

static Err run_alpha(Case *c)
{
    Items x;
    TRY(read_items(c, &x));
    double *without = arena_new(c->a, double, x.k), *rest = arena_new(c->a, double, x.k);
    out_one(c, "alpha", stats_alpha(x.k, x.v, without, rest));
    out_num(c, "n", (double)x.n);
    if (x.weighted)
        return OK;
    out_list(c, "alpha_if_deleted", x.k, without);
    out_list(c, "item_rest_correlation", x.k, rest);
    return OK;
}

static Err run_pca(Case *c)
{
    Items x;
    TRY(read_items(c, &x));
    double  *value = arena_new(c->a, double, x.k), *loading = arena_new(c->a, double, x.k);
    StatsPca p     = stats_pca(*c->a, x.k, x.v, x.n, value, loading);
    c->flags |= p.singular ? STATS_RANK : 0;
    out_list(c, "eigenvalues", x.k, value);
    out_list(c, "first_loadings", x.k, loading);
    out_one(c, "kmo", p.kmo);
    out_one(c, "bartlett_chi2", p.bartlett);
    out_num(c, "bartlett_df", p.df);
    out_num(c, "n", (double)x.n);
    out_num(c, "n_kaiser", (double)p.n_kaiser);
    return OK;
}

static Err run_cor(Case *c)
{
    CaseVars vars;
    bool    *used, weighted;
    int      method;
    TRY(case_vars(c, "vars", 2, 2, &vars));
    TRY(case_domain(c, "domain", &used));
    TRY(case_flag(c, c->statistic, S("statistic"), "weighted", false, &weighted));
    TRY(case_word(c, c->statistic, S("statistic"), "method", "pearson spearman", 0, &method));
    size_t        n = stats_complete(c->n, 2, vars.at, used);
    const double *w = weighted ? case_weight(c) : NULL;
    for (int j = 0; j < 2 && method; j++) {
        double *rank = arena_new(c->a, double, c->n + 1);
        stats_mid_ranks(*c->a, c->n, vars.at[j], w, used, rank);
        vars.at[j] = rank;
    }
    c->flags |= n ? 0 : STATS_EMPTY;
    out_one(c, "r", stats_correlation(*c->a, c->n, vars.at[0], vars.at[1], w, used));
    out_num(c, "n", (double)n);
    return OK;
}

static Err run_icc(Case *c)
{
    CaseVars          vars;
    const CaseColumn *col;
    uint32_t         *code;
    bool             *used;
    TRY(case_vars(c, "vars", 1, 1, &vars));
    TRY(case_domain(c, "domain", &used));
    TRY(case_codes(c, json_get(c->statistic, S("group")), S("statistic.group"), &col, &code));
    int32_t *group = arena_new(c->a, int32_t, c->n + 1);
    double  *y     = arena_new(c->a, double, c->n + 1);
    for (size_t i = 0; i < c->n; i++) {
        bool in  = used[i] && code[i] != CASE_NONE;
        group[i] = in ? (int32_t)code[i] : 0;
        y[i]     = in ? vars.at[0][i] : NAN;
    }
    Icc r = icc_anova(*c->a, y, group, c->n, col->n_levels + 1);
    c->flags |= r.n ? 0 : STATS_EMPTY;
    out_one(c, "icc", r.icc);
    out_one(c, "F", r.f);
    out_list(c, "df", 2, (const double[]){ r.df1, r.df2 });
    out_one(c, "p_value", r.p);
    out_one(c, "n0", r.n0);
    out_one(c, "msb", r.msb);
    out_one(c, "msw", r.msw);
    out_num(c, "n", (double)r.n);
    out_num(c, "groups", (double)r.groups);
    out_one(c, "deff_interviewer", r.deff);
    return OK;
}

/* ---- Kappa ---------------------------------------------------------------------------------------------------------------------- */

/* Both coders' codes as places among the levels either uses, ascending; cell: a * levels + b of rows used, else UINT32_MAX. */
typedef struct Pairs { size_t n, levels; const double *value; Str *text; uint32_t *cell; bool numeric; KappaScheme scheme; } Pairs;

static int by_number(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;
    return (p > q) - (p < q);
}

static int by_text(const void *x, const void *y)
{
    return str_cmp(*(const Str *)x, *(const Str *)y);
}

/* Sorts n entries and drops repeats; returns how many are left. */
static size_t distinct(void *at, size_t n, size_t size, int (*order)(const void *, const void *))
{
    char  *list = at;
    size_t m    = 0;
    qsort(list, n, size, order);
    for (size_t i = 0; i < n; i++)
        if (!m || order(list + (m - 1) * size, list + i * size) != 0)
            memmove(list + m++ * size, list + i * size, size);
    return m;
}

static Err read_pairs(Case *c, bool *used, Pairs *out)
{
    static const char *key[] = { "a", "b" };
    const CaseColumn  *col[2];
    uint32_t          *code[2];
    size_t             n = 0;
    for (int k = 0; k < 2; k++)
        TRY(case_codes(c, json_get(c->statistic, str_from_c(key[k])), case_path(c, S("statistic"), str_from_c(key[k])), &col[k], &code[k]));
    if (col[0]->numeric != col[1]->numeric)
        return case_fail(c, "not_numeric", S("statistic.b"), "one column holds numbers, the other texts");
    double *value = arena_new(c->a, double, 2 * c->n + 1);
    *out = (Pairs){ c->n, 0, value, arena_new(c->a, Str, 2 * c->n + 1), arena_new(c->a, uint32_t, c->n + 1), col[0]->numeric, KAPPA_UNWEIGHTED };
    for (size_t i = 0; i < c->n; i++) {
        used[i] = used[i] && code[0][i] != CASE_NONE && code[1][i] != CASE_NONE;
        for (int k = 0; k < 2 && used[i]; k++, n++) {
            value[n]     = col[k]->value[c->row[i]];
            out->text[n] = out->numeric ? S("") : col[k]->level_text[code[k][i]];
        }
    }
    out->levels = out->numeric ? distinct(value, n, sizeof *value, by_number) : distinct(out->text, n, sizeof *out->text, by_text);
    if (out->levels > LEVELS_MOST)
        return case_fail(c, "too_large", S("statistic.a"), "%zu levels", out->levels);
    for (size_t i = 0; i < c->n; i++) {
        size_t at[2] = { 0 };
        for (int k = 0; k < 2 && used[i]; k++) {
            const double *x = out->numeric ? bsearch(&col[k]->value[c->row[i]], value, out->levels, sizeof *value, by_number) : NULL;
            const Str    *s = out->numeric ? NULL : bsearch(&col[k]->level_text[code[k][i]], out->text, out->levels, sizeof *s, by_text);
            at[k] = x ? (size_t)(x - value) : s ? (size_t)(s - out->text) : 0;
        }
        out->cell[i] = used[i] ? (uint32_t)(at[0] * out->levels + at[1]) : UINT32_MAX;
    }
    return OK;
}

/* A StatsTheta: kappa of the weighted shares of cells. */
static void kappa_theta(const void *what, Arena scratch, const double *weight, double *estimate, double *z)
{
    const Pairs *t     = what;
    size_t       cells = t->levels * t->levels;
    double      *p     = arena_new(&scratch, double, cells + 1), *influence = arena_new(&scratch, double, cells + 1), total = 0;
    StatsAcc    *sum   = arena_new(&scratch, StatsAcc, cells + 1);
    for (size_t i = 0; i < t->n; i++)
        if (t->cell[i] != UINT32_MAX)
            acc_add(&sum[t->cell[i]], weight[i]);
    for (size_t k = 0; k < cells; k++)
        total += acc_value(&sum[k]);
    for (size_t k = 0; k < cells; k++)
        p[k] = acc_value(&sum[k]) / total;
    estimate[0] = total > 0 ? kappa_of_shares(scratch, t->levels, p, t->numeric ? t->value : NULL, t->scheme, influence).kappa : NAN;
    for (size_t i = 0; i < t->n && z; i++)
        z[i] = t->cell[i] != UINT32_MAX && !isnan(estimate[0]) ? weight[i] / total * influence[t->cell[i]] : 0;
}

static void out_kappa(Case *c, const Pairs *t)
{
    size_t   cells = t->levels * t->levels;
    int64_t *table = arena_new(c->a, int64_t, cells + 1);
    double  *count = arena_new(c->a, double, cells + 1);
    for (size_t i = 0; i < t->n; i++)
        if (t->cell[i] != UINT32_MAX)
            table[t->cell[i]]++;
    for (size_t k = 0; k < cells; k++)
        count[k] = (double)table[k];
    Kappa k = kappa_by(*c->a, t->levels, table, t->numeric ? t->value : NULL, t->scheme);
    out_one(c, "kappa", k.kappa);
    out_one(c, "se_asymptotic", k.se);
    out_one(c, "agreement", k.agreement);
    out_one(c, "expected_agreement", k.expected);
    out_num(c, "n", (double)k.n);
    out_matrix(c, "table", t->levels, t->levels, count);
    if (t->numeric)
        out_list(c, "levels", t->levels, t->value);
    else
        out_strings(c, "levels", t->levels, t->text);
}

static Err run_kappa(Case *c)
{
    Pairs  t;
    bool  *used, weighted;
    int    scheme;
    double kappa, v;
    TRY(case_domain(c, "domain", &used));
    TRY(case_flag(c, c->statistic, S("statistic"), "weighted", false, &weighted));
    TRY(case_word(c, c->statistic, S("statistic"), "scheme", "unweighted linear quadratic", KAPPA_UNWEIGHTED, &scheme));
    TRY(read_pairs(c, used, &t));
    t.scheme = (KappaScheme)scheme;
    c->flags |= t.levels ? 0 : STATS_EMPTY;
    if (!weighted) {
        out_kappa(c, &t);
        return OK;
    }
    TRY(case_variance(c, 1, kappa_theta, &t, used, &kappa, &v));
    out_one(c, "kappa", kappa);
    out_one(c, "se", sqrt(v));
    out_num(c, "n", (double)case_count(c, used));
    return OK;
}

const CaseKind case_kinds_scale[] = {
    { "cralpha", "items weighted", run_alpha },
    { "pca", "items weighted", run_pca },
    { "cor", "vars method weighted", run_cor },
    { "icc_anova", "vars group", run_icc },
    { "kappa", "a b weighted scheme", run_kappa },
    { 0 },
};

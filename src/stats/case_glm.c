/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kind glm: terms of a formula "age + factor(educ)" become columns. */
#include "stats/case_parts.h"
#include "stats/glm.h"

#include <math.h>

enum { TERMS_MOST = 512, WORDS_MOST = 64 };

/* A word of the formula: a numeric column, or a column whose levels but the lowest become dummies. */
typedef struct Word { const CaseColumn *col; uint32_t *code; bool factor; Str name; } Word;

static Err read_word(Case *c, Str text, Word *out)
{
    static const char open[] = "factor(";
    Str path = S("statistic.r_rhs");
    *out = (Word){ .name = text };
    if (str_starts(text, S("factor(")) && str_ends(text, S(")"))) {
        text = str_trim(str_take(str_skip(text, sizeof open - 1), text.len - sizeof open));
        out->factor = true;
        out->name   = arena_fmt(c->a, "factor(%.*s)", STR_ARG(text));
    }
    TRY(case_codes(c, &(Json){ .kind = JSON_STRING, .text = text }, path, &out->col, &out->code));
    out->factor = out->factor || !out->col->numeric;
    return OK;
}

static Err read_words(Case *c, Word *word, size_t *out_len)
{
    Str rest;
    if (!json_str(json_get(c->statistic, S("r_rhs")), &rest))
        return case_fail(c, "bad_value", S("statistic.r_rhs"), "columns or factor(column), joined by +, are wanted");
    *out_len = 0;
    for (bool more = true; more;) {
        more = str_has(rest, S("+"));
        StrPair p = str_cut(rest, '+');
        Str     text = str_trim(p.head);
        rest = p.tail;
        if (!text.len || *out_len == WORDS_MOST)
            return case_fail(c, "bad_value", S("statistic.r_rhs"), "columns or factor(column), joined by +, at most %d, are wanted", WORDS_MOST);
        if (str_eq(text, S("1")))
            continue;                    /* the constant is always there */
        TRY(read_word(c, text, &word[(*out_len)++]));
    }
    return OK;
}

/* used &= the row has all values. */
static void complete(const Case *c, const Word *word, size_t words, const double *y, bool *used)
{
    for (size_t i = 0; i < c->n; i++) {
        used[i] = used[i] && !isnan(y[i]);
        for (size_t k = 0; k < words && used[i]; k++)
            used[i] = word[k].code[i] != CASE_NONE;
    }
}

typedef struct Terms { size_t len; Str *name; double *x; } Terms;

static void add_factor(Case *c, const Word *w, const bool *used, Terms *t)
{
    bool *seen = arena_new(c->a, bool, w->col->n_levels + 1), first = true;
    for (size_t i = 0; i < c->n; i++)
        if (used[i])
            seen[w->code[i]] = true;
    for (size_t l = 0; l < w->col->n_levels && t->len <= TERMS_MOST; l++) {
        if (!seen[l])
            continue;
        if (first) {
            first = false;
            continue;
        }
        for (size_t i = 0; i < c->n; i++)
            t->x[t->len * c->n + i] = w->code[i] == l;
        t->name[t->len++] = str_concat(c->a, w->name, case_level_text(c->a, w->col, l));
    }
}

static size_t columns_most(const Word *word, size_t words)
{
    size_t p = 1;
    for (size_t k = 0; k < words; k++)
        p += word[k].factor ? word[k].col->n_levels : 1;
    return p < TERMS_MOST + 1 ? p : TERMS_MOST + 1;
}

static Err make_terms(Case *c, const Word *word, size_t words, const bool *used, Terms *t)
{
    size_t most = columns_most(word, words);
    *t = (Terms){ 1, arena_new(c->a, Str, most + 1), arena_new(c->a, double, (most + 1) * c->n + 1) };
    t->name[0] = S("(Intercept)");
    for (size_t i = 0; i < c->n; i++)
        t->x[i] = 1;
    for (size_t k = 0; k < words && t->len <= TERMS_MOST; k++) {
        if (word[k].factor) {
            add_factor(c, &word[k], used, t);
            continue;
        }
        for (size_t i = 0; i < c->n; i++)
            t->x[t->len * c->n + i] = word[k].col->value[c->row[i]];
        t->name[t->len++] = word[k].name;
    }
    return t->len > TERMS_MOST ? case_fail(c, "too_large", S("statistic.r_rhs"), "more than %d terms", TERMS_MOST) : OK;
}

static Err run_glm(Case *c)
{
    CaseVars vars;
    Word     word[WORDS_MOST];
    size_t   words = 0;
    Terms    t;
    bool    *used;
    int      family;
    TRY(case_word(c, c->statistic, S("statistic"), "family", "gaussian binomial", -1, &family));
    TRY(case_vars(c, "vars", 1, 1, &vars));
    TRY(case_domain(c, "domain", &used));
    TRY(read_words(c, word, &words));
    complete(c, word, words, vars.at[0], used);
    for (size_t i = 0; i < c->n; i++)
        if (used[i] && family == GLM_BINOMIAL && !(vars.at[0][i] >= 0 && vars.at[0][i] <= 1))
            return case_fail(c, "bad_value", S("statistic.vars[0]"), "row %zu: binomial wants values from 0 to 1", (size_t)c->row[i] + 1);
    TRY(make_terms(c, word, words, used, &t));
    double *est = arena_new(c->a, double, t.len), *se = arena_new(c->a, double, t.len), *v = arena_new(c->a, double, t.len * t.len);
    Glm     model = { c->n, t.len, t.x, vars.at[0], used, (GlmFamily)family, &c->flags };
    TRY(case_variance(c, t.len, glm_theta, &model, used, est, v));
    for (size_t j = 0; j < t.len; j++)
        se[j] = sqrt(v[j * t.len + j]);
    out_strings(c, "terms", t.len, t.name);
    out_list(c, "estimate", t.len, est);
    out_list(c, "se", t.len, se);
    out_matrix(c, "vcov", t.len, t.len, v);
    out_num(c, "df_residual", case_df(c, used) + 1 - (double)t.len);
    return OK;
}

const CaseKind case_kinds_glm[] = {
    { "glm", "vars family r_rhs", run_glm },
    { 0 },
};

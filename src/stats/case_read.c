/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a case says about variables, domains and options. */
#include "stats/case_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

Str case_path(const Case *c, Str parent, Str key)
{
    return parent.len ? arena_fmt(c->a, "%.*s.%.*s", STR_ARG(parent), STR_ARG(key)) : key;
}

Str case_path_at(const Case *c, Str parent, size_t i)
{
    return arena_fmt(c->a, "%.*s[%zu]", STR_ARG(parent), i);
}

Err case_fail(Case *c, const char *code, Str path, const char *format, ...)
{
    va_list args;
    char    text[512];
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    (void)n;
    c->fault_path = path;
    return err_fmt(c->a, ERR_INVALID, "%s: %s", code, text);
}

static bool word_among(Str word, Str words)
{
    while (words.len) {
        StrPair p = str_cut(words, ' ');
        if (p.head.len && str_eq(p.head, word))
            return true;
        words = p.tail;
    }
    return false;
}

Err case_keys(Case *c, const Json *obj, Str path, const char *keys)
{
    if (!json_is(obj, JSON_OBJECT))
        return case_fail(c, "bad_value", path, "an object is wanted");
    JSON_EACH(member, obj)
        if (!word_among(member->key, str_from_c(keys)))
            return case_fail(c, "unknown_key", case_path(c, path, member->key), "unknown key; known are: %s", keys);
    return OK;
}

/* ---- Columns ---------------------------------------------------------------------------------------------------------- */

Err case_column(Case *c, const Json *name, Str path, const CaseColumn **out)
{
    Str s;
    if (!json_str(name, &s))
        return case_fail(c, "bad_value", path, "the name of a column is wanted");
    for (size_t i = 0; i < c->table->n_columns; i++)
        if (str_eq(c->table->column[i].name, s)) {
            *out = &c->table->column[i];
            return OK;
        }
    return case_fail(c, "unknown_column", path, "no column '%.*s' in %.*s", STR_ARG(s), STR_ARG(c->table->name));
}

static Err not_numeric(Case *c, const char *code, Str path, const CaseColumn *col)
{
    return case_fail(c, code, path, "column '%.*s' holds %s, as '%.*s' in row %zu; numbers are wanted", STR_ARG(col->name),
                     col->unbounded ? "what is not finite" : "texts", STR_ARG(col->odd), col->odd_row);
}

static Err numeric_column(Case *c, const Json *name, Str path, const CaseColumn **out)
{
    const CaseColumn *col;
    TRY(case_column(c, name, path, &col));
    if (!col->numeric)
        return not_numeric(c, "not_numeric", path, col);
    *out = col;
    return OK;
}

Err case_design_numbers(Case *c, const char *code, const Json *name, Str path, double **out)
{
    const CaseColumn *col;
    TRY(case_column(c, name, path, &col));
    if (!col->numeric)
        return not_numeric(c, col->unbounded ? code : "not_numeric", path, col);
    return case_var_of(c, name, path, out);
}

Err case_codes(Case *c, const Json *name, Str path, const CaseColumn **out, uint32_t **out_code)
{
    TRY(case_column(c, name, path, out));
    uint32_t *code = arena_new(c->a, uint32_t, c->n + 1);
    for (size_t i = 0; i < c->n; i++)
        code[i] = (*out)->code[c->row[i]];
    *out_code = code;
    return OK;
}

/* ---- Variables --------------------------------------------------------------------------------------------------------- */

enum { OP_EQ, OP_GE, OP_LE, OP_IN, OP_COUNT_GE, OP_COUNT_ANSWERED, OP_ROW_MEAN };

/* A value to compare with: a number for a numeric column; for texts the level it is, or one no row has. */
static Err compared(Case *c, const CaseColumn *col, const Json *value, Str path, double *out)
{
    Str s;
    *out = 0;
    if (!col->n_levels && json_str(value, &s))             /* nobody answered: neither numbers nor texts */
        return OK;
    if (col->numeric)
        return json_num(value, out) ? OK : case_fail(c, "bad_value", path, "a number is wanted for column '%.*s'", STR_ARG(col->name));
    if (!json_str(value, &s))
        return case_fail(c, "bad_value", path, "a text is wanted for column '%.*s'", STR_ARG(col->name));
    *out = -1;
    for (size_t i = 0; i < col->n_levels; i++)
        if (str_eq(col->level_text[i], s))
            *out = (double)i;
    return OK;
}

static Err var_compare(Case *c, const Json *spec, Str path, int op, double *out)
{
    const CaseColumn *col;
    double            x;
    TRY(case_keys(c, spec, path, "col op value"));
    TRY(case_column(c, json_get(spec, S("col")), case_path(c, path, S("col")), &col));
    if (op != OP_EQ && !col->numeric)
        return not_numeric(c, "not_numeric", case_path(c, path, S("col")), col);
    TRY(compared(c, col, json_get(spec, S("value")), case_path(c, path, S("value")), &x));
    for (size_t i = 0; i < c->n; i++) {
        double v = col->value[c->row[i]];
        out[i]   = isnan(v) ? NAN : op == OP_EQ ? v == x : op == OP_GE ? v >= x : v <= x;
    }
    return OK;
}

static Err var_in(Case *c, const Json *spec, Str path, double *out)
{
    const CaseColumn *col;
    const Json       *list  = json_get(spec, S("value"));
    Str               where = case_path(c, path, S("value"));
    size_t            k     = 0;
    TRY(case_keys(c, spec, path, "col op value"));
    TRY(case_column(c, json_get(spec, S("col")), case_path(c, path, S("col")), &col));
    if (!json_is(list, JSON_ARRAY))
        return case_fail(c, "bad_value", where, "a list is wanted");
    double *x  = arena_new(c->a, double, list->len + 1);
    bool   *in = arena_new(c->a, bool, col->n_levels + 1);
    JSON_EACH(value, list) {
        TRY(compared(c, col, value, case_path_at(c, where, k), &x[k]));
        k++;
    }
    for (size_t l = 0; l < col->n_levels; l++)
        for (size_t i = 0; i < k; i++)
            in[l] |= (col->numeric ? col->level_number[l] : (double)l) == x[i];
    for (size_t i = 0; i < c->n; i++) {
        uint32_t code = col->code[c->row[i]];
        out[i] = code == CASE_NONE ? NAN : in[code];
    }
    return OK;
}

/* Counts and means over the answered ones of several columns. */
static Err var_cols(Case *c, const Json *spec, Str path, int op, double *out)
{
    const Json *list  = json_get(spec, S("cols")), *value = json_get(spec, S("value"));
    Str         where = case_path(c, path, S("cols"));
    double      least = 0;
    size_t      k     = 0;
    TRY(case_keys(c, spec, path, op == OP_COUNT_GE ? "cols op value" : "cols op"));
    if (!json_is(list, JSON_ARRAY) || !list->len)
        return case_fail(c, "bad_value", where, "a list of columns is wanted");
    if (op == OP_COUNT_GE && !json_num(value, &least))
        return case_fail(c, "bad_value", case_path(c, path, S("value")), "a number is wanted");
    double *answered = arena_new(c->a, double, c->n + 1);
    memset(out, 0, c->n * sizeof *out);
    JSON_EACH(name, list) {
        const CaseColumn *col;
        TRY(numeric_column(c, name, case_path_at(c, where, k++), &col));
        for (size_t i = 0; i < c->n; i++) {
            double v = col->value[c->row[i]];
            if (isnan(v))
                continue;
            answered[i]++;
            out[i] += op == OP_COUNT_GE ? v >= least : op == OP_ROW_MEAN ? v : 1;
        }
    }
    for (size_t i = 0; op == OP_ROW_MEAN && i < c->n; i++)
        out[i] = answered[i] > 0 ? out[i] / answered[i] : NAN;
    return OK;
}

Err case_var_of(Case *c, const Json *spec, Str path, double **out)
{
    const CaseColumn *col;
    double           *x = arena_new(c->a, double, c->n + 1);
    int               op;
    bool              plain = json_is(spec, JSON_STRING);
    *out = x;
    if (!plain && !json_is(spec, JSON_OBJECT))
        return case_fail(c, "bad_value", path, "a column or an object with col or cols is wanted");
    if (plain || !json_get(spec, S("op"))) {
        if (!plain)
            TRY(case_keys(c, spec, path, "col"));
        TRY(numeric_column(c, plain ? spec : json_get(spec, S("col")), plain ? path : case_path(c, path, S("col")), &col));
        for (size_t i = 0; i < c->n; i++)
            x[i] = col->value[c->row[i]];
        return OK;
    }
    TRY(case_word(c, spec, path, "op", "== >= <= in count_ge count_answered row_mean", -1, &op));
    return op <= OP_LE ? var_compare(c, spec, path, op, x) : op == OP_IN ? var_in(c, spec, path, x) : var_cols(c, spec, path, op, x);
}

Err case_var(Case *c, const char *key, double **out)
{
    return case_var_of(c, json_get(c->statistic, str_from_c(key)), case_path(c, S("statistic"), str_from_c(key)), out);
}

Err case_vars(Case *c, const char *key, size_t least, size_t most, CaseVars *out)
{
    const Json *list = json_get(c->statistic, str_from_c(key));
    Str         path = case_path(c, S("statistic"), str_from_c(key));
    CaseVars    vars = { 0 };
    if (!json_is(list, JSON_ARRAY) || list->len < least || list->len > most)
        return case_fail(c, "bad_value", path, "a list of %zu to %zu variables is wanted", least, most);
    vars.at   = arena_new(c->a, double *, list->len + 1);
    vars.name = arena_new(c->a, Str, list->len + 1);
    JSON_EACH(spec, list) {
        Str text = json_is(spec, JSON_STRING) ? spec->text : S("");
        vars.name[vars.len] = text;
        TRY(case_var_of(c, spec, case_path_at(c, path, vars.len), &vars.at[vars.len]));
        vars.len++;
    }
    *out = vars;
    return OK;
}

/* ---- Domains --------------------------------------------------------------------------------------------------------------- */

Err case_conditions(Case *c, const Json *list, Str path, bool **out)
{
    bool  *in = arena_new(c->a, bool, c->n + 1);
    size_t k  = 0;
    memset(in, true, c->n);
    *out = in;
    if (!list || json_is(list, JSON_NULL))
        return OK;
    if (!json_is(list, JSON_ARRAY))
        return case_fail(c, "bad_value", path, "a list of conditions is wanted");
    JSON_EACH(spec, list) {
        double *x;
        Str     where = case_path_at(c, path, k++);
        if (!json_get(spec, S("op")))
            return case_fail(c, "bad_value", where, "a condition with col, op and value is wanted");
        TRY(case_var_of(c, spec, where, &x));
        for (size_t i = 0; i < c->n; i++)
            in[i] = in[i] && !isnan(x[i]) && x[i] != 0;
    }
    return OK;
}

Err case_domain(Case *c, const char *key, bool **out)
{
    return case_conditions(c, json_get(c->statistic, str_from_c(key)), case_path(c, S("statistic"), str_from_c(key)), out);
}

/* ---- Options ---------------------------------------------------------------------------------------------------------------- */

static bool absent(const Json *j)
{
    return !j || json_is(j, JSON_NULL);
}

Err case_number(Case *c, const Json *obj, Str path, const char *key, double low, double high, double otherwise, double *out)
{
    const Json *j = json_get(obj, str_from_c(key));
    *out = otherwise;
    if (absent(j))
        return OK;
    if (!json_num(j, out) || *out < low || *out > high)
        return case_fail(c, "bad_value", case_path(c, path, str_from_c(key)), "a number from %.10g to %.10g is wanted", low, high);
    return OK;
}

Err case_flag(Case *c, const Json *obj, Str path, const char *key, bool otherwise, bool *out)
{
    const Json *j = json_get(obj, str_from_c(key));
    *out = otherwise;
    if (!absent(j) && !json_bool(j, out))
        return case_fail(c, "bad_value", case_path(c, path, str_from_c(key)), "true or false is wanted");
    return OK;
}

Err case_word(Case *c, const Json *obj, Str path, const char *key, const char *words, int otherwise, int *out)
{
    const Json *j = json_get(obj, str_from_c(key));
    *out = otherwise;
    if (absent(j) && otherwise >= 0)
        return OK;
    Str rest = str_from_c(words), word;
    for (int i = 0; json_str(j, &word) && rest.len; i++) {
        StrPair p = str_cut(rest, ' ');
        if (str_eq(p.head, word)) {
            *out = i;
            return OK;
        }
        rest = p.tail;
    }
    return case_fail(c, "bad_value", case_path(c, path, str_from_c(key)), "one of these is wanted: %s", words);
}

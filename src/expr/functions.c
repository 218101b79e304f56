/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The table of functions, and those on numbers, booleans and nodes. if, coalesce and once are jumps (tree.c). */
#include "expr/expr_functions.h"

#include <math.h>

/* ---- Conversions and logic ---------------------------------------------------------------------------- */

static ExprValue fn_string(ExprRun *run, const ExprValue *args, int n) { return expr_string(expr_to_text(run->a, &args[0])); }
static ExprValue fn_number(ExprRun *run, const ExprValue *args, int n) { return expr_number(expr_to_number(&args[0])); }
static ExprValue fn_boolean(ExprRun *run, const ExprValue *args, int n) { return expr_boolean(expr_to_boolean(&args[0])); }
static ExprValue fn_true(ExprRun *run, const ExprValue *args, int n) { return expr_boolean(true); }
static ExprValue fn_false(ExprRun *run, const ExprValue *args, int n) { return expr_boolean(false); }
static ExprValue fn_not(ExprRun *run, const ExprValue *args, int n) { return expr_boolean(!expr_to_boolean(&args[0])); }

static ExprValue fn_boolean_from_string(ExprRun *run, const ExprValue *args, int n)
{
    Str s = str_trim(expr_to_text(run->a, &args[0]));
    return expr_boolean(str_eq(s, S("1")) || str_eq_ascii_nocase(s, S("true")));
}

/* ---- Numbers ------------------------------------------------------------------------------------------ */

static ExprValue fn_int(ExprRun *run, const ExprValue *args, int n) { return expr_number(trunc(expr_to_number(&args[0]))); }
static ExprValue fn_abs(ExprRun *run, const ExprValue *args, int n) { return expr_number(fabs(expr_to_number(&args[0]))); }
static ExprValue fn_sqrt(ExprRun *run, const ExprValue *args, int n) { return expr_number(sqrt(expr_to_number(&args[0]))); }
static ExprValue fn_exp(ExprRun *run, const ExprValue *args, int n) { return expr_number(exp(expr_to_number(&args[0]))); }
static ExprValue fn_exp10(ExprRun *run, const ExprValue *args, int n) { return expr_number(pow(10, expr_to_number(&args[0]))); }
static ExprValue fn_log(ExprRun *run, const ExprValue *args, int n) { return expr_number(log(expr_to_number(&args[0]))); }
static ExprValue fn_log10(ExprRun *run, const ExprValue *args, int n) { return expr_number(log10(expr_to_number(&args[0]))); }
static ExprValue fn_pi(ExprRun *run, const ExprValue *args, int n) { return expr_number(M_PI); }

static ExprValue fn_pow(ExprRun *run, const ExprValue *args, int n)
{
    double x = expr_to_number(&args[0]), y = expr_to_number(&args[1]);
    return expr_number(isnan(x) || isnan(y) ? NAN : pow(x, y));
}

static ExprValue fn_round(ExprRun *run, const ExprValue *args, int n)
{
    return expr_number(expr_round(expr_to_number(&args[0]), n > 1 ? expr_to_number(&args[1]) : 0));
}

/* Calls each number of the arguments: every relevant node of a set, every value. Empty ones are skipped. */
typedef struct Tally { double sum, least, most; int count; } Tally;

static void tally_add(ExprRun *run, Tally *t, double x)
{
    if (isnan(x) && run->host->strict)
        expr_refuse(run, EXPR_NO_NUMBER);
    if (isnan(x))
        return;
    t->sum += x;
    t->least = t->count && t->least < x ? t->least : x;
    t->most  = t->count && t->most > x ? t->most : x;
    t->count++;
}

static Tally tally(ExprRun *run, const ExprValue *args, int n)
{
    Tally t = { 0 };
    for (int i = 0; i < n; i++) {
        if (args[i].kind != EXPR_NODES) {
            tally_add(run, &t, expr_to_number(&args[i]));
            continue;
        }
        for (int k = 0; k < args[i].set->count && !run->stopped; k++) {
            bool      there;
            ExprValue v = expr_set_value(run, args[i].set, k, &there);
            if (there)
                tally_add(run, &t, expr_to_number(&v));
        }
    }
    return t;
}

static ExprValue fn_sum(ExprRun *run, const ExprValue *args, int n) { return expr_number(tally(run, args, n).sum); }

static ExprValue fn_min(ExprRun *run, const ExprValue *args, int n)
{
    Tally t = tally(run, args, n);
    return expr_number(t.count ? t.least : NAN);
}

static ExprValue fn_max(ExprRun *run, const ExprValue *args, int n)
{
    Tally t = tally(run, args, n);
    return expr_number(t.count ? t.most : NAN);
}

/* ---- Nodes -------------------------------------------------------------------------------------------- */

static ExprValue count_nodes(ExprRun *run, const ExprValue *nodes, bool only_filled)
{
    int found = 0;
    for (int i = 0; i < nodes->set->count && !run->stopped; i++) {
        Str text;
        found += expr_run_node(run, nodes, i, &text) && (!only_filled || text.len > 0);
    }
    return expr_number(found);
}

static ExprValue fn_count(ExprRun *run, const ExprValue *args, int n) { return count_nodes(run, &args[0], false); }
static ExprValue fn_count_non_empty(ExprRun *run, const ExprValue *args, int n) { return count_nodes(run, &args[0], true); }

static ExprValue fn_position(ExprRun *run, const ExprValue *args, int n)
{
    const ExprHost *host = run->host;
    const ExprSet  *set  = args[0].set;
    if (!set->count)
        return expr_number(NAN);
    if (set->table || !host->position)
        return expr_number(1);
    return expr_number(host->position(host->self, expr_set_ref(set, 0)->node, expr_set_instance(set, 0)));
}

/* A shuffled copy of a set. A seed that is no number is hashed, as phones do. */
static ExprValue fn_randomize(ExprRun *run, const ExprValue *args, int n)
{
    ExprSet  set   = *args[0].set;
    int32_t *order = arena_new(run->a, int32_t, (size_t)set.count), *at = arena_new(run->a, int32_t, (size_t)set.count);
    const ExprRef **refs = set.refs ? arena_new(run->a, const ExprRef *, (size_t)set.count) : NULL;
    double   seed  = n > 1 ? expr_seed_of(expr_to_text(run->a, &args[1])) : expr_random() * 2147483646.0;
    expr_run_work(run, (size_t)set.count / 4 + 1);
    expr_shuffle(order, set.count, seed);
    for (int i = 0; i < set.count; i++) {
        at[i] = expr_set_instance(&set, order[i]);
        if (refs)
            refs[i] = set.refs[order[i]];
    }
    set.at   = at;
    set.refs = refs;
    return expr_set_new(run, set);
}

/* ---- Trigonometry and chance ---------------------------------------------------------------------------- */

static ExprValue fn_sin(ExprRun *run, const ExprValue *args, int n) { return expr_number(sin(expr_to_number(&args[0]))); }
static ExprValue fn_cos(ExprRun *run, const ExprValue *args, int n) { return expr_number(cos(expr_to_number(&args[0]))); }
static ExprValue fn_tan(ExprRun *run, const ExprValue *args, int n) { return expr_number(tan(expr_to_number(&args[0]))); }
static ExprValue fn_asin(ExprRun *run, const ExprValue *args, int n) { return expr_number(asin(expr_to_number(&args[0]))); }
static ExprValue fn_acos(ExprRun *run, const ExprValue *args, int n) { return expr_number(acos(expr_to_number(&args[0]))); }
static ExprValue fn_atan(ExprRun *run, const ExprValue *args, int n) { return expr_number(atan(expr_to_number(&args[0]))); }
static ExprValue fn_random(ExprRun *run, const ExprValue *args, int n) { return expr_number(expr_random()); }

static ExprValue fn_atan2(ExprRun *run, const ExprValue *args, int n)
{
    return expr_number(atan2(expr_to_number(&args[0]), expr_to_number(&args[1])));
}

/* ---- How many of these are true ---------------------------------------------------------------------------- */

/* Values of the arguments one after the other, sets taken apart. */
typedef LIST(ExprValue) Values;

static Values values_of(ExprRun *run, const ExprValue *args, int n)
{
    Values all = { 0 };
    for (int i = 0; i < n; i++) {
        if (args[i].kind != EXPR_NODES) {
            *list_add(run->a, &all) = args[i];
            continue;
        }
        for (int k = 0; k < args[i].set->count && !run->stopped; k++) {
            bool      there;
            ExprValue v = expr_set_value(run, args[i].set, k, &there);
            if (there)
                *list_add(run->a, &all) = v;
        }
    }
    return all;
}

/* A text counts as true when it is a number above 0; -1 as a bound means none. */
static bool counts(const ExprValue *v)
{
    return v->kind == EXPR_BOOLEAN ? v->number != 0 : expr_to_number(v) > 0;
}

static ExprValue between(const ExprValue *args, double x)
{
    double least = expr_to_number(&args[0]), most = expr_to_number(&args[1]);
    return expr_boolean((least < 0 || x >= least) && (most < 0 || x <= most));
}

static ExprValue fn_checklist(ExprRun *run, const ExprValue *args, int n)
{
    Values all  = values_of(run, args + 2, n - 2);
    int    true_ = 0;
    for (size_t i = 0; i < all.len; i++)
        true_ += counts(&all.at[i]);
    return between(args, true_);
}

/* Values and weights in turn; two sets: values, then weights. */
static ExprValue fn_weighted_checklist(ExprRun *run, const ExprValue *args, int n)
{
    bool   sets = n == 4 && args[2].kind == EXPR_NODES && args[3].kind == EXPR_NODES;
    Values all  = values_of(run, args + 2, sets ? 1 : n - 2), weights = values_of(run, args + 3, sets ? 1 : 0);
    double sum  = 0;
    for (size_t i = 0; sets ? i < all.len && i < weights.len : i + 1 < all.len; i += sets ? 1 : 2)
        sum += counts(&all.at[i]) ? expr_to_number(sets ? &weights.at[i] : &all.at[i + 1]) : 0;
    return between(args, sum);
}

/* ---- The table ---------------------------------------------------------------------------------------- */

/* Letters: see expr.h; t is text that must not be a number (phones refuse it). */
const ExprFunction expr_functions[] = {
    { "string", "a", EXPR_STRING, fn_string, false },
    { "concat", "M*", EXPR_STRING, fn_concat, false },
    { "join", "sM*", EXPR_STRING, fn_join, false },
    { "substr", "sn?n", EXPR_STRING, fn_substr, false },
    { "substring-before", "ss", EXPR_STRING, fn_substring_before, false },
    { "substring-after", "ss", EXPR_STRING, fn_substring_after, false },
    { "translate", "sss", EXPR_STRING, fn_translate, false },
    { "string-length", "s", EXPR_NUMBER, fn_string_length, false },
    { "normalize-space", "s", EXPR_STRING, fn_normalize_space, false },
    { "contains", "ss", EXPR_BOOLEAN, fn_contains, false },
    { "starts-with", "ss", EXPR_BOOLEAN, fn_starts_with, false },
    { "ends-with", "ss", EXPR_BOOLEAN, fn_ends_with, false },
    { "regex", "ss", EXPR_BOOLEAN, fn_regex, false },
    { "true", "", EXPR_BOOLEAN, fn_true, false },
    { "false", "", EXPR_BOOLEAN, fn_false, false },
    { "boolean", "a", EXPR_BOOLEAN, fn_boolean, false },
    { "boolean-from-string", "s", EXPR_BOOLEAN, fn_boolean_from_string, false },
    { "not", "b", EXPR_BOOLEAN, fn_not, false },
    { "number", "a", EXPR_NUMBER, fn_number, false },
    { "int", "n", EXPR_NUMBER, fn_int, false },
    { "round", "n?n", EXPR_NUMBER, fn_round, false },
    { "abs", "n", EXPR_NUMBER, fn_abs, false },
    { "pow", "nn", EXPR_NUMBER, fn_pow, false },
    { "sqrt", "n", EXPR_NUMBER, fn_sqrt, false },
    { "exp", "n", EXPR_NUMBER, fn_exp, false },
    { "exp10", "n", EXPR_NUMBER, fn_exp10, false },
    { "log", "n", EXPR_NUMBER, fn_log, false },
    { "log10", "n", EXPR_NUMBER, fn_log10, false },
    { "pi", "", EXPR_NUMBER, fn_pi, false },
    { "sum", "N", EXPR_NUMBER, fn_sum, false },
    { "min", "M*", EXPR_NUMBER, fn_min, false },
    { "max", "M*", EXPR_NUMBER, fn_max, false },
    { "count", "N", EXPR_NUMBER, fn_count, false },
    { "count-non-empty", "N", EXPR_NUMBER, fn_count_non_empty, false },
    { "position", "N", EXPR_NUMBER, fn_position, false },
    { "randomize", "N?a", EXPR_NODES, fn_randomize, true },
    { "random", "", EXPR_NUMBER, fn_random, true },
    { "sin", "n", EXPR_NUMBER, fn_sin, false },
    { "cos", "n", EXPR_NUMBER, fn_cos, false },
    { "tan", "n", EXPR_NUMBER, fn_tan, false },
    { "asin", "n", EXPR_NUMBER, fn_asin, false },
    { "acos", "n", EXPR_NUMBER, fn_acos, false },
    { "atan", "n", EXPR_NUMBER, fn_atan, false },
    { "atan2", "nn", EXPR_NUMBER, fn_atan2, false },
    { "checklist", "nn?M*", EXPR_BOOLEAN, fn_checklist, false },
    { "weighted-checklist", "nnMM*", EXPR_BOOLEAN, fn_weighted_checklist, false },
    { "uuid", "?n", EXPR_STRING, fn_uuid, true },
    { "digest", "ss?s", EXPR_STRING, fn_digest, false },
    { "base64-decode", "s", EXPR_STRING, fn_base64_decode, false },
    { "area", "M*", EXPR_NUMBER, fn_area, false },
    { "distance", "M*", EXPR_NUMBER, fn_distance, false },
    { "today", "", EXPR_DATE, fn_today, true },
    { "now", "", EXPR_DATETIME, fn_now, true },
    { "date", "d", EXPR_DATE, fn_date, false },
    { "format-date", "ds", EXPR_STRING, fn_format_date, true },
    { "format-date-time", "ds", EXPR_STRING, fn_format_date, true },
    { "decimal-date-time", "d", EXPR_NUMBER, fn_decimal_date_time, false },
    { "decimal-time", "s", EXPR_NUMBER, fn_decimal_time, false },
    { "selected", "st", EXPR_BOOLEAN, fn_selected, false },
    { "selected-at", "sn", EXPR_STRING, fn_selected_at, false },
    { "count-selected", "s", EXPR_NUMBER, fn_count_selected, false },
};
const int expr_function_count = COUNT_OF(expr_functions);

int expr_function_find(const ExprFunction *table, int count, Str name)
{
    for (int i = 0; i < count; i++)
        if (str_eq(name, str_from_c(table[i].name)))
            return i;
    return -1;
}

/* Names of the ODK XForms specification and of XPath 1.0 that are not there yet: refused, but not "unknown". */
static const char *const later[] = {
    "geofence", "intersects", "extract-signed", "depend", "version", "property", "last", "id", "name", "local-name",
    "namespace-uri", "lang", "floor", "ceiling", "substring", "text", "node", "comment", "date-time", "decimal",
    "search", "once-per-repeat",
};

bool expr_function_later(Str name)
{
    for (size_t i = 0; i < COUNT_OF(later); i++)
        if (str_eq(name, str_from_c(later[i])))
            return true;
    return false;
}

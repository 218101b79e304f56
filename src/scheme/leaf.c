/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One leaf: its inputs through its rule, with the trace of each step. A standard error goes through proportional and
 * formula by the slope of the expression at the inputs. */
#include "scheme/parts.h"

/* ---- Words ------------------------------------------------------------------------------------------------------- */

void scheme_say(SchemeWork *w, const char *key, const TextArg *args, size_t n)
{
    *list_add(w->a, &w->score->trace) = scheme_text(w->a, w->words.lang, key, args, n);
}

static bool wrong(SchemeWork *w, SchemeFaultKind kind, Str value, Str more)
{
    scheme_fault(w->a, w->faults, (SchemeFault){ .kind = kind, .code = w->c->code, .row = w->c->row, .value = value, .more = more });
    return false;
}

static Str value_text(SchemeWork *w, const ExprValue *v)
{
    return v->kind == EXPR_NUMBER    ? scheme_num(w->a, w->words, v->number)
           : v->kind == EXPR_BOOLEAN ? text_find(w->words.lang, v->number != 0 ? S("scheme.yes") : S("scheme.no"))
                                     : expr_to_text(w->a, v);
}

#define OF(w, r) scheme_expr_words((w)->a, (w)->c, (r)->of)

/* ---- Inputs ---------------------------------------------------------------------------------------------------------- */

static const ExprValue *input_of(const SchemeInputs *inputs, Str name)
{
    for (size_t i = 0; i < inputs->len; i++)
        if (str_eq(inputs->at[i].name, name))
            return &inputs->at[i].value;
    return NULL;
}

static bool reads(const SchemeCriterion *c, Str name)
{
    for (size_t i = 0; i < c->input_count; i++)
        if (str_eq(c->inputs[i], name))
            return true;
    return false;
}

static bool load_se(SchemeWork *w, const SchemeInput *x)
{
    Str base = str_take(x->name, x->name.len - 3);
    if (reads(w->c, x->name))
        return true;
    for (size_t i = 0; i < w->c->input_count; i++)
        if (str_eq(w->c->inputs[i], base)) {
            double se = expr_to_number(&x->value);
            if (!(se >= 0) || isinf(se) || x->value.kind == EXPR_BOOLEAN)
                return wrong(w, SCHEME_FAULT_SE, x->name, S(""));
            w->se[i]  = se;
            w->any_se = true;
            return true;
        }
    return wrong(w, SCHEME_FAULT_SE, x->name, base);
}

static void say_inputs(SchemeWork *w)
{
    if (w->words.silent || !w->c->input_count)
        return;
    Buf b = buf_new(w->a, 128);
    for (size_t i = 0; i < w->c->input_count; i++) {
        Str text = value_text(w, &w->values[i]), label = scheme_input_label(w->a, w->words.lang, w->c, w->c->inputs[i]);
        buf_fmt(&b, "%s%.*s = %.*s", i ? "; " : "", STR_ARG(label), STR_ARG(text));
        if (!isnan(w->se[i])) {
            text = NUM(w, w->se[i]);
            buf_fmt(&b, " ± %.*s", STR_ARG(text));
        }
    }
    SAY(w, "scheme.trace.inputs", ARG_S("inputs", buf_str(&b)));
}

static bool load_inputs(SchemeWork *w, const SchemeInputs *inputs)
{
    bool good = true;
    w->any_se = w->carried = false;
    for (size_t i = 0; i < w->c->input_count; i++) {
        const ExprValue *v = input_of(inputs, w->c->inputs[i]);
        w->se[i]    = NAN;
        w->slope[i] = 0;
        if (v)
            w->values[i] = *v;
        else
            good = wrong(w, SCHEME_FAULT_INPUT, scheme_input_label(w->a, w->words.lang, w->c, w->c->inputs[i]), S(""));
    }
    for (size_t i = 0; i < inputs->len; i++)
        if (str_ends(inputs->at[i].name, S("_se")))
            good &= load_se(w, &inputs->at[i]);
    if (good)
        say_inputs(w);
    return good;
}

/* ---- Expressions -------------------------------------------------------------------------------------------------------- */

static Err evaluate(SchemeWork *w, const ExprCode *code, ExprValue *out)
{
    return expr_eval(code, w->a, &(ExprHost){ .values = w->values, .strict = true }, out);
}

static bool value_of(SchemeWork *w, const ExprCode *code, Str source, ExprValue *out)
{
    Err e = evaluate(w, code, out);
    if (e)
        return wrong(w, e->kind == ERR_LIMIT ? SCHEME_FAULT_WORK : str_eq(e->detail, S(EXPR_BY_ZERO)) ? SCHEME_FAULT_BY_ZERO : SCHEME_FAULT_NO_NUMBER,
                     source, S(""));
    return true;
}

static bool is_name(Str source)
{
    for (size_t i = 0; i < source.len; i++)
        if (strchr(" +-*/()<>=,", source.at[i]))
            return false;
    return true;
}

static bool number_of(SchemeWork *w, const SchemeRule *r, double *out)
{
    ExprValue v;
    if (!value_of(w, &r->code, r->of, &v))
        return false;
    *out = expr_to_number(&v);
    if (isnan(*out) || isinf(*out) || (v.kind != EXPR_NUMBER && v.kind != EXPR_STRING))
        return wrong(w, SCHEME_FAULT_NO_NUMBER, r->of, S(""));
    if (!is_name(r->of))
        SAY(w, "scheme.trace.value", ARG_S("of", OF(w, r)), ARG_S("value", NUM(w, *out)));
    return true;
}

/* ---- Slopes ---------------------------------------------------------------------------------------------------------------- */

static double at_input(SchemeWork *w, const ExprCode *code, size_t i, double x)
{
    ExprValue v, before = w->values[i];
    w->values[i] = (ExprValue){ .kind = EXPR_NUMBER, .number = x };
    Err e        = evaluate(w, code, &v);
    w->values[i] = before;
    return e ? NAN : expr_to_number(&v);
}

/* Four points around x: exact for polynomials up to the fourth degree but for rounding. */
static double slope_by(SchemeWork *w, const ExprCode *code, size_t i, double x, double h)
{
    double near = at_input(w, code, i, x + h) - at_input(w, code, i, x - h), far = at_input(w, code, i, x + 2 * h) - at_input(w, code, i, x - 2 * h);
    return (8 * near - far) / (12 * h);
}

/* Steps are powers of two, so that x + h is exact. A long step rounds less; it stands where a short one agrees, as on a line. */
static double slope_of(SchemeWork *w, const ExprCode *code, size_t i)
{
    double x = expr_to_number(&w->values[i]), size = x != 0 ? fabs(x) : w->se[i] > 0 ? w->se[i] : 1;
    int    scale = ilogb(size);
    double fine = slope_by(w, code, i, x, ldexp(1, scale - 17)), wide = slope_by(w, code, i, x, ldexp(1, scale - 4));
    return fabs(fine - wide) <= 1e-9 * fabs(fine) + 1e-15 ? wide : fine;
}

/* The points of a rule move by factor for each unit of its expression; 0 beyond floor, full or cap. */
static bool carry(SchemeWork *w, const SchemeRule *r, double factor)
{
    for (size_t i = 0; w->any_se && i < w->c->input_count; i++) {
        if (isnan(w->se[i]))
            continue;
        bool read = false;
        for (int k = 0; k < r->code.ref_count; k++)
            read |= r->code.refs[k].node == (int)i;
        if (!read)
            continue;
        w->carried = true;
        double slope = factor == 0 ? 0 : factor * slope_of(w, &r->code, i);
        if (isnan(slope) || isinf(slope))
            return wrong(w, SCHEME_FAULT_SE, str_concat(w->a, w->c->inputs[i], S("_se")), r->of);
        w->slope[i] += slope;
    }
    return true;
}

/* ---- Rules ------------------------------------------------------------------------------------------------------------------- */

static bool rule_points(SchemeWork *w, const SchemeRule *r, double *out);

static bool truth_of(const ExprValue *v, bool *out)
{
    static const struct { const char *word; bool yes; } words[] = {
        { "true", true }, { "yes", true }, { "có", true }, { "co", true }, { "đạt", true }, { "1", true },
        { "false", false }, { "no", false }, { "không", false }, { "khong", false }, { "không đạt", false }, { "0", false } };
    if (v->kind != EXPR_STRING) {
        *out = v->number != 0;
        return v->kind == EXPR_BOOLEAN || (v->kind == EXPR_NUMBER && isfinite(v->number));
    }
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_ascii_nocase(v->text, str_from_c(words[i].word))) {
            *out = words[i].yes;
            return true;
        }
    return false;
}

static bool yes_no_points(SchemeWork *w, const SchemeRule *r, double *out)
{
    ExprValue v;
    bool      yes;
    if (!value_of(w, &r->code, r->of, &v))
        return false;
    if (!truth_of(&v, &yes))
        return wrong(w, SCHEME_FAULT_YES_NO, r->of, value_text(w, &v));
    *out = !yes ? 0 : isnan(r->points) ? r->max : r->points;
    SAY(w, yes ? "scheme.trace.yes" : "scheme.trace.no", ARG_S("of", OF(w, r)), ARG_S("points", NUM(w, *out)));
    return true;
}

static bool choice_points(SchemeWork *w, const SchemeRule *r, double *out)
{
    ExprValue v;
    if (!value_of(w, &r->code, r->of, &v))
        return false;
    Str text = str_trim(expr_to_text(w->a, &v));
    for (size_t i = 0; i < r->step_count; i++)
        if (str_eq(r->steps[i].value, text)) {
            *out = r->steps[i].points;
            SAY(w, "scheme.trace.choice", ARG_S("of", OF(w, r)), ARG_S("value", text), ARG_S("points", NUM(w, *out)));
            return true;
        }
    return wrong(w, SCHEME_FAULT_CHOICE, r->of, text);
}

static bool threshold_points(SchemeWork *w, const SchemeRule *r, double *out)
{
    double x;
    if (!number_of(w, r, &x))
        return false;
    for (size_t i = 0; i < r->step_count; i++)
        if (x >= r->steps[i].bound) {
            *out = r->steps[i].points;
            SAY(w, "scheme.trace.step", ARG_S("bound", NUM(w, r->steps[i].bound)), ARG_S("points", NUM(w, *out)));
            return true;
        }
    *out = 0;
    SAY(w, "scheme.trace.no_step", ARG_S("value", NUM(w, x)));
    return true;
}

static bool proportional_points(SchemeWork *w, const SchemeRule *r, double *out)
{
    double x, low = isnan(r->floor) ? 0 : r->floor, full = isnan(r->full) ? 100 : r->full;
    if (!number_of(w, r, &x))
        return false;
    bool below = x < low, above = x >= full;
    *out = below ? 0 : above ? r->max : x / full * r->max;
    if (below || above)
        SAY(w, below ? "scheme.trace.below" : "scheme.trace.full", ARG_S("value", NUM(w, x)), ARG_S("bound", NUM(w, below ? low : full)),
            ARG_S("points", NUM(w, *out)));
    else
        SAY(w, "scheme.trace.share", ARG_S("value", NUM(w, x)), ARG_S("full", NUM(w, full)), ARG_S("max", NUM(w, r->max)), ARG_S("points", NUM(w, *out)));
    return carry(w, r, below || above ? 0 : r->max / full);
}

static bool count_points(SchemeWork *w, const SchemeRule *r, double *out)
{
    double n, cap = isnan(r->cap) ? r->max : r->cap;
    if (!number_of(w, r, &n))
        return false;
    if (n < 0)
        return wrong(w, SCHEME_FAULT_COUNT, r->of, scheme_num(w->a, w->words, n));
    *out = fmin(n * r->each, cap);
    SAY(w, n * r->each > cap ? "scheme.trace.count_cap" : "scheme.trace.count", ARG_S("count", NUM(w, n)), ARG_S("each", NUM(w, r->each)),
        ARG_S("sum", NUM(w, n * r->each)), ARG_S("cap", NUM(w, cap)));
    return true;
}

static bool sum_points(SchemeWork *w, const SchemeRule *r, double *out)
{
    Buf    b   = { .a = w->a };
    double sum = 0, before[SCHEME_INPUTS];                   /* slopes of what this sum is a part of */
    memcpy(before, w->slope, sizeof before);
    for (size_t i = 0; i < r->part_count; i++) {
        double points;
        if (!rule_points(w, &r->parts[i], &points))
            return false;
        sum += points;
        if (!w->words.silent) {
            buf_add(&b, i ? S(" + ") : S(""));
            buf_add(&b, NUM(w, points));
        }
    }
    *out = fmin(sum, r->max);
    SAY(w, sum > r->max ? "scheme.trace.sum_cap" : "scheme.trace.sum", ARG_S("parts", buf_str(&b)), ARG_S("sum", NUM(w, sum)), ARG_S("cap", NUM(w, r->max)));
    if (sum > r->max)
        memcpy(w->slope, before, sizeof before);
    return true;
}

static bool day_of(SchemeWork *w, const ExprCode *code, Str source, Date *out)
{
    ExprValue v;
    if (!value_of(w, code, source, &v))
        return false;
    double days = expr_to_number(&v);
    bool   plain = v.kind == EXPR_STRING && v.text.len < 10;
    if (v.kind == EXPR_NUMBER || v.kind == EXPR_BOOLEAN || plain || !(fabs(days) < 200000))
        return wrong(w, SCHEME_FAULT_DAY, source, value_text(w, &v));
    *out = (Date){ (int32_t)floor(days) };
    return true;
}

static void say_deadline(SchemeWork *w, const SchemeRule *r, Date due, Date day, int late, double points)
{
    Lang   l    = w->words.lang;
    double full = isnan(r->points) ? r->max : r->points;
    TextArg args[] = { ARG_S("due", date_text(w->a, l, due)), ARG_S("day", date_text(w->a, l, day)), ARG_N("late", late), ARG_S("full", NUM(w, full)),
                       ARG_S("each", NUM(w, r->each)), ARG_S("points", NUM(w, points)) };
    scheme_say(w, late ? "scheme.trace.late" : "scheme.trace.in_time", args, COUNT_OF(args));
    for (size_t i = 0; late && i < w->calendar->len; i++)
        if (!w->calendar->at[i].sure && w->calendar->at[i].day.day > due.day && w->calendar->at[i].day.day <= day.day)
            SAY(w, "scheme.trace.unsure", ARG_S("day", date_text(w->a, l, w->calendar->at[i].day)), ARG_S("name", w->calendar->at[i].name[l]));
}

static bool deadline_points(SchemeWork *w, const SchemeRule *r, double *out)
{
    Date   due = r->due_day, day;
    int    year = 0;
    double full = isnan(r->points) ? r->max : r->points;
    if ((date_is_none(due) && !day_of(w, &r->due_code, r->due, &due)) || !day_of(w, &r->code, r->of, &day))
        return false;
    int late = scheme_days_late(w->calendar, due, day, &year);
    if (late < 0)
        return wrong(w, SCHEME_FAULT_CALENDAR, arena_fmt(w->a, "%d", year), S(""));
    *out = fmax(0, full - late * r->each);
    if (!w->words.silent)
        say_deadline(w, r, due, day, late, *out);
    return true;
}

static bool formula_points(SchemeWork *w, const SchemeRule *r, double *out)
{
    double x;
    if (!number_of(w, r, &x))
        return false;
    *out = fmin(fmax(x, 0), r->max);
    if (x < 0 || x > r->max)
        SAY(w, "scheme.trace.clamped", ARG_S("value", NUM(w, x)), ARG_S("max", NUM(w, r->max)), ARG_S("points", NUM(w, *out)));
    return carry(w, r, x < 0 || x > r->max ? 0 : 1);
}

static bool given_points(SchemeWork *w, double given, const char *says, double *out)
{
    if (isnan(given))
        return wrong(w, SCHEME_FAULT_MANUAL, S(""), S(""));
    if (given < 0 || given > w->c->max)
        return wrong(w, SCHEME_FAULT_MANUAL_RANGE, scheme_num(w->a, w->words, given), scheme_num(w->a, w->words, w->c->max));
    *out = given;
    SAY(w, says, ARG_S("points", NUM(w, given)));
    return true;
}

static bool rule_points(SchemeWork *w, const SchemeRule *r, double *out)
{
    switch (r->kind) {
    case RULE_YES_NO: return yes_no_points(w, r, out);
    case RULE_CHOICE: return choice_points(w, r, out);
    case RULE_THRESHOLDS: return threshold_points(w, r, out);
    case RULE_PROPORTIONAL: return proportional_points(w, r, out);
    case RULE_COUNT: return count_points(w, r, out);
    case RULE_SUM: return sum_points(w, r, out);
    case RULE_DEADLINE: return deadline_points(w, r, out);
    case RULE_FORMULA: return formula_points(w, r, out);
    default: return false;
    }
}

/* ---- A leaf ----------------------------------------------------------------------------------------------------------- */

void scheme_leaf(SchemeWork *w, int at)
{
    double points = NAN, se = 0;
    w->c     = &w->s->at[at];
    bool verdict = !isnan(w->card->verdict[at]), by_hand = verdict || w->c->rule.kind == RULE_MANUAL;
    bool good = verdict   ? given_points(w, w->card->verdict[at], "scheme.trace.verdict", &points)
                : by_hand ? given_points(w, w->card->manual[at], "scheme.trace.manual", &points)
                          : load_inputs(w, &w->card->inputs[at]) && rule_points(w, &w->c->rule, &points);
    w->score->state = good ? STATE_SCORED : STATE_MISSING;
    if (!good)
        return;
    w->score->points = scheme_sign(w->c) * points;
    if (w->c->effect == EFFECT_PENALTY)
        SAY(w, "scheme.trace.penalty", ARG_S("points", NUM(w, w->score->points)));
    if (by_hand || !w->carried)
        return;
    for (size_t i = 0; i < w->c->input_count; i++)
        se = isnan(w->se[i]) ? se : hypot(se, w->slope[i] * w->se[i]);
    w->score->se = se;
    SAY(w, "scheme.trace.se", ARG_S("se", NUM(w, w->score->se)));
}

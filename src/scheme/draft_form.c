/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A criterion as the boxes of a form: measures that people choose instead of expressions they would write. */
#include "scheme/draft.h"

#include <math.h>

Str rule_form_name(Arena *a, const RuleForm *r, Str box)
{
    return str_concat(a, r->prefix, box);
}

/* All digits, as the reader would type them. */
static Str form_number(Arena *a, Lang l, double x)
{
    Buf b = buf_new(a, 32);
    if (!isnan(x))
        buf_f64(&b, x);
    return l == LANG_VI ? str_replace(a, buf_str(&b), S("."), S(",")) : buf_str(&b);
}

static Str label_text(const SchemeCriterion *c, Str name)
{
    for (size_t i = 0; i < c->labels.len; i++)
        if (str_eq(c->labels.at[i].name, name))
            return c->labels.at[i].text;
    return name;
}

/* "a / b * 100" or "a div b * 100" of two names. */
static bool ratio_of(Str of, Str *a, Str *b)
{
    StrPair whole = str_cut_last(of, '*'), parts = str_cut(whole.head, '/');
    *a = str_trim(parts.head);
    *b = str_trim(parts.tail);
    return str_eq(str_trim(whole.tail), S("100")) && expr_is_name(*a) && expr_is_name(*b);
}

static void measure_fill(const SchemeCriterion *c, const SchemeRule *r, RuleForm *out)
{
    Str a, b;
    out->of = r->of;
    if (!r->of.len || expr_is_name(r->of)) {
        out->measure = MEASURE_ONE;
        out->a_name  = r->of;
        out->a       = label_text(c, r->of);
    } else if (ratio_of(r->of, &a, &b)) {
        out->measure = MEASURE_RATIO;
        out->a_name  = a;
        out->b_name  = b;
        out->a       = label_text(c, a);
        out->b       = label_text(c, b);
    } else
        out->measure = MEASURE_EXPR;
}

static void rule_fill(Arena *a, Lang l, const SchemeCriterion *c, const SchemeRule *r, Str prefix, RuleForm *out)
{
    *out = (RuleForm){ .prefix = prefix, .kind = r->kind };
    measure_fill(c, r, out);
    out->points = form_number(a, l, r->points);
    out->floor  = form_number(a, l, r->floor);
    out->full   = form_number(a, l, r->full);
    out->each   = form_number(a, l, r->each);
    out->cap    = form_number(a, l, r->cap);
    out->due    = r->due;
    Date day;
    if (date_parse(r->due, &day) && !date_is_none(day))
        out->due = date_text(a, LANG_VI, day);
    for (size_t i = 0; i < r->step_count; i++)
        *list_add(a, &out->steps) = (StepForm){ r->kind == RULE_CHOICE ? r->steps[i].value : form_number(a, l, r->steps[i].bound),
                                                form_number(a, l, r->steps[i].points) };
}

static Str lines(Arena *a, const SchemeLabels *labels)
{
    Buf b = buf_new(a, 128);
    for (size_t i = 0; i < labels->len; i++)
        buf_fmt(&b, "%s%.*s: %.*s", i ? "\n" : "", STR_ARG(labels->at[i].name), STR_ARG(labels->at[i].text));
    return buf_str(&b);
}

bool criterion_deep(const SchemeCriterion *c)
{
    for (size_t i = 0; c->has_rule && i < c->rule.part_count; i++)
        if (c->rule.parts[i].part_count)
            return true;
    return false;
}

void criterion_form_fill(Arena *a, Lang l, const SchemeCriterion *c, CriterionForm *out)
{
    static const SchemeRule none = { .kind = RULE_MANUAL, .points = NAN, .floor = NAN, .full = NAN, .each = NAN, .cap = NAN };
    const SchemeRule *rule = c->has_rule ? &c->rule : &none;
    *out = (CriterionForm){ .code = c->code, .parent = c->parent, .name = c->name, .max = form_number(a, l, c->max), .note = c->note,
                            .method = c->method, .effect = c->effect, .group = c->group, .deep = criterion_deep(c), .labels = lines(a, &c->labels),
                            .evidence = str_join(a, c->evidence.at, c->evidence.len, S("\n")) };
    rule_fill(a, l, c, rule, S(""), &out->rule);
    for (size_t i = 0; i < rule->part_count; i++)
        rule_fill(a, l, c, &rule->parts[i], arena_fmt(a, "p%zu_", i), list_add(a, &out->parts));
}

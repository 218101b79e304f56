/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the boxes of a form say of a criterion: labels get names, measures become expressions, numbers are read, and the rule is
 * compiled against the criterion's points. */
#include "scheme/draft.h"
#include "scheme/parts.h"

#include <stdlib.h>

enum { NAME_BYTES = 40 };

typedef struct FormReader {
    Arena           *a;
    Lang             l;
    SchemeLabels     labels;
    FieldErrors     *errors;
} FormReader;

static void form_wrong(FormReader *r, Str field, Str message)
{
    for (size_t i = 0; i < r->errors->len; i++)
        if (str_eq(r->errors->at[i].field, field))
            return;
    *list_add(r->a, r->errors) = (FieldError){ field, message };
}

/* ---- Names of inputs -------------------------------------------------------------------------------------------------- */

static const SchemeLabel *label_named(const SchemeLabels *l, Str name)
{
    for (size_t i = 0; i < l->len; i++)
        if (str_eq(l->at[i].name, name))
            return &l->at[i];
    return NULL;
}

/* "Nhiệm vụ đã xong" → nhiem_vu_da_xong. A name that ends in _se would be taken for a standard error. */
static Str name_from(Arena *a, Str label)
{
    Str slug = str_replace(a, text_slug(a, label), S("-"), S("_"));
    slug = str_take(slug, NAME_BYTES);
    while (slug.len && slug.at[slug.len - 1] == '_')
        slug.len--;
    if (!slug.len || (slug.at[0] >= '0' && slug.at[0] <= '9'))
        slug = str_concat(a, S("so_"), slug);
    return str_ends(slug, S("_se")) ? str_concat(a, slug, S("x")) : slug;
}

/* The name an input goes by: that of an equal label, its own from before, what was typed if it is a name, else one made of the label. */
static Str input_name(FormReader *r, Str label, Str own)
{
    for (size_t i = 0; i < r->labels.len; i++)
        if (str_eq(r->labels.at[i].text, label))
            return r->labels.at[i].name;
    if (expr_is_name(label) && (str_eq(label, own) || str_has(label, S("_")) || !own.len))
        return label;
    Str name = expr_is_name(own) && !label_named(&r->labels, own) ? own : name_from(r->a, label);
    for (int n = 2; label_named(&r->labels, name); n++)
        name = arena_fmt(r->a, "%.*s_%d", STR_ARG(name_from(r->a, label)), n);
    *list_add(r->a, &r->labels) = (SchemeLabel){ name, label };
    return name;
}

static void labels_typed(FormReader *r, Str text)
{
    while (text.len) {
        StrPair line = str_cut(text, '\n'), pair = str_cut(line.head, ':');
        Str     name = str_trim(pair.head), label = str_trim(pair.tail);
        text = line.tail;
        if (!str_trim(line.head).len)
            continue;
        if (!expr_is_name(name) || !label.len || label.len > SCHEME_LABEL_BYTES || label_named(&r->labels, name))
            form_wrong(r, S("labels"), scheme_text(r->a, r->l, "scheme.form.labels.bad", (TextArg[]){ ARG_S("line", str_trim(line.head)) }, 1));
        else
            *list_add(r->a, &r->labels) = (SchemeLabel){ name, label };
    }
}

/* ---- Rules ---------------------------------------------------------------------------------------------------------------- */

static double number_typed(FormReader *r, const RuleForm *f, const char *box, Str text, bool must)
{
    double x = NAN;
    if (must && !text.len)
        form_wrong(r, rule_form_name(r->a, f, str_from_c(box)), text_find(r->l, S("scheme.form.number.missing")));
    else if (text.len && !real_parse_typed(r->l, text, &x))
        form_wrong(r, rule_form_name(r->a, f, str_from_c(box)), scheme_text(r->a, r->l, "scheme.form.number.bad", (TextArg[]){ ARG_S("value", text) }, 1));
    return x;
}

static Str measure_typed(FormReader *r, const RuleForm *f)
{
    if (f->measure == MEASURE_EXPR || f->kind == RULE_FORMULA) {
        if (!f->of.len)
            form_wrong(r, rule_form_name(r->a, f, S("of")), text_find(r->l, S("scheme.form.of.missing")));
        return f->of;
    }
    bool ratio = f->measure == MEASURE_RATIO;
    if (!f->a.len || f->a.len > SCHEME_LABEL_BYTES)
        form_wrong(r, rule_form_name(r->a, f, S("a")), text_find(r->l, S("scheme.form.input.missing")));
    if (ratio && (!f->b.len || f->b.len > SCHEME_LABEL_BYTES))
        form_wrong(r, rule_form_name(r->a, f, S("b")), text_find(r->l, S("scheme.form.input.missing")));
    if (!f->a.len || (ratio && !f->b.len))
        return S("");
    Str a = input_name(r, f->a, f->a_name);
    if (!ratio)
        return a;
    Str b = input_name(r, f->b, f->b_name);
    return arena_fmt(r->a, "%.*s / %.*s * 100", STR_ARG(a), STR_ARG(b));
}

static int falling(const void *x, const void *y)
{
    double a = ((const SchemeStep *)x)->bound, b = ((const SchemeStep *)y)->bound;
    return a < b ? 1 : a > b ? -1 : 0;
}

static void steps_typed(FormReader *r, const RuleForm *f, SchemeRule *out)
{
    out->steps = arena_new(r->a, SchemeStep, f->steps.len + 1);
    for (size_t i = 0; i < f->steps.len; i++) {
        const StepForm *s = &f->steps.at[i];
        SchemeStep      x = { .value = s->bound };
        if (!s->bound.len && !s->points.len)
            continue;
        if (!s->bound.len || !real_parse_typed(r->l, s->points, &x.points) ||
            (f->kind == RULE_THRESHOLDS && !real_parse_typed(r->l, s->bound, &x.bound)))
            form_wrong(r, rule_form_name(r->a, f, S("steps")), scheme_text(r->a, r->l, "scheme.form.step.bad", (TextArg[]){ ARG_N("n", (int64_t)i + 1) }, 1));
        out->steps[out->step_count++] = x;
    }
    if (!out->step_count)
        form_wrong(r, rule_form_name(r->a, f, S("steps")), text_find(r->l, S("scheme.form.steps.missing")));
    else if (f->kind == RULE_THRESHOLDS)
        qsort(out->steps, out->step_count, sizeof *out->steps, falling);
}

static Str due_typed(FormReader *r, const RuleForm *f)
{
    Date day;
    if (!f->due.len)
        form_wrong(r, rule_form_name(r->a, f, S("due")), text_find(r->l, S("scheme.form.due.missing")));
    return date_loose(f->due, &day) && !date_is_none(day) ? date_iso(r->a, day) : f->due;
}

static SchemeRule rule_typed(FormReader *r, const RuleForm *f)
{
    SchemeRule out = { .kind = f->kind, .points = NAN, .floor = NAN, .full = NAN, .each = NAN, .cap = NAN };
    unsigned   takes = scheme_rule_takes[f->kind];
    if (takes >> MEMBER_OF & 1)
        out.of = measure_typed(r, f);
    if (f->kind == RULE_THRESHOLDS || f->kind == RULE_CHOICE)
        steps_typed(r, f, &out);
    else if (takes >> MEMBER_POINTS & 1)
        out.points = number_typed(r, f, "points", f->points, false);
    if (takes >> MEMBER_FLOOR & 1)
        out.floor = number_typed(r, f, "floor", f->floor, false);
    if (takes >> MEMBER_FULL & 1)
        out.full = number_typed(r, f, "full", f->full, false);
    if (takes >> MEMBER_EACH & 1)
        out.each = number_typed(r, f, "each", f->each, true);
    if (takes >> MEMBER_CAP & 1)
        out.cap = number_typed(r, f, "cap", f->cap, false);
    if (takes >> MEMBER_DUE & 1)
        out.due = due_typed(r, f);
    return out;
}

static void sum_typed(FormReader *r, const CriterionForm *f, SchemeRule *out)
{
    out->parts = arena_new(r->a, SchemeRule, f->parts.len + 1);
    for (size_t i = 0; i < f->parts.len; i++)
        if (f->parts.at[i].kind == RULE_SUM || f->parts.at[i].kind == RULE_MANUAL)
            form_wrong(r, rule_form_name(r->a, &f->parts.at[i], S("kind")), text_find(r->l, S("scheme.form.part.kind")));
        else
            out->parts[out->part_count++] = rule_typed(r, &f->parts.at[i]);
    if (!f->parts.len)
        form_wrong(r, S("kind"), text_find(r->l, S("scheme.form.parts.missing")));
}

/* ---- The criterion ---------------------------------------------------------------------------------------------------------- */

static void code_typed(FormReader *r, const CriterionForm *f, const Scheme *s, size_t at, SchemeCriterion *out)
{
    int other = scheme_find(s, f->code), up = scheme_find(s, f->parent);
    out->code   = f->code;
    out->parent = f->parent;
    out->name   = f->name;
    out->note   = f->note;
    if (!f->code.len || f->code.len > SCHEME_CODE_BYTES || strchr("+#=-@'", f->code.at[0]))
        form_wrong(r, S("code"), text_find(r->l, S("scheme.form.code.bad")));
    else if (other >= 0 && (size_t)other != at)
        form_wrong(r, S("code"), scheme_text(r->a, r->l, "scheme.form.code.taken", (TextArg[]){ ARG_S("name", s->at[other].name) }, 1));
    if (!f->name.len || f->name.len > SCHEME_TEXT_BYTES)
        form_wrong(r, S("name"), text_find(r->l, S("scheme.form.name.missing")));
    if (f->note.len > SCHEME_TEXT_BYTES)
        form_wrong(r, S("note"), text_find(r->l, S("scheme.form.long")));
    bool inside = f->parent.len && (up < 0 || (at < s->len && (size_t)up >= at && (size_t)up < scheme_draft_end(s, at)));
    if (inside || (up >= 0 && s->at[up].level + 1 >= SCHEME_LEVELS))
        form_wrong(r, S("parent"), text_find(r->l, S("scheme.form.parent.bad")));
}

static void max_typed(FormReader *r, const CriterionForm *f, SchemeCriterion *out)
{
    out->max = NAN;
    if (!f->max.len && f->group)
        return;
    if (!real_parse_typed(r->l, f->max, &out->max) || out->max <= 0 || out->max > 1e6)
        form_wrong(r, S("max"), text_find(r->l, S("scheme.form.max.bad")));
}

static void evidence_typed(FormReader *r, Str text, SchemeCriterion *out)
{
    while (text.len) {
        StrPair line = str_cut(text, '\n');
        Str     kind = str_replace(r->a, str_trim(line.head), S(";"), S(","));
        text = line.tail;
        if (kind.len > SCHEME_TEXT_BYTES || out->evidence.len >= SCHEME_PARTS)
            form_wrong(r, S("evidence"), text_find(r->l, S("scheme.form.long")));
        else if (kind.len)
            *list_add(r->a, &out->evidence) = kind;
    }
}

/* Faults of the rule, at the box they speak of; of a part, at the rule. */
static void rule_checked(FormReader *r, Arena work, const SchemeCriterion *c)
{
    static const Str boxes[] = { S_INIT("of"), S_INIT("points"), S_INIT("steps"), S_INIT("floor"), S_INIT("full"), S_INIT("each"), S_INIT("cap"),
                                 S_INIT("due"), S_INIT("max") };
    Scheme       alone;
    SchemeFaults faults = { 0 };
    criterion_alone(r->a, work, c, &alone, &faults);
    for (size_t i = 0; i < faults.len; i++) {
        Str field = S("kind");
        for (size_t k = 0; k < COUNT_OF(boxes) && !c->rule.part_count; k++)
            if (str_eq(boxes[k], faults.at[i].column))
                field = c->rule.kind == RULE_CHOICE && str_eq(boxes[k], S("points")) ? S("steps") : boxes[k];
        faults.at[i].code = S("");
        faults.at[i].row  = 1;                     /* members by the names that people know */
        form_wrong(r, field, scheme_fault_text(r->a, r->l, &faults.at[i]));
    }
}

bool criterion_alone(Arena *keep, Arena work, const SchemeCriterion *c, Scheme *out, SchemeFaults *faults)
{
    SchemeCriterion *one = arena_new(keep, SchemeCriterion, 1);
    *one            = *c;
    one->code       = c->code.len ? c->code : S("x");
    one->parent     = S("");
    one->effect     = EFFECT_POINTS;
    one->has_effect = false;
    one->group      = false;
    *out = (Scheme){ .code = S("x"), .max = c->max, .at = one, .len = 1 };
    return scheme_settle(keep, work, out, faults);
}

/* Labels of inputs that the rule does not read any more go. */
static void labels_kept(FormReader *r, Arena work, SchemeCriterion *c)
{
    Scheme       alone;
    SchemeFaults faults = { 0 };
    SchemeCriterion bare = *c;
    bare.labels = (SchemeLabels){ 0 };
    if (!criterion_alone(r->a, work, &bare, &alone, &faults))
        return;
    for (size_t i = 0; i < r->labels.len; i++)
        for (size_t k = 0; k < alone.at[0].input_count; k++)
            if (str_eq(alone.at[0].inputs[k], r->labels.at[i].name) && !str_eq(r->labels.at[i].name, r->labels.at[i].text))
                *list_add(r->a, &c->labels) = r->labels.at[i];
}

bool criterion_form_read(Arena *keep, Arena work, Lang l, const CriterionForm *f, const Scheme *s, size_t at, SchemeCriterion *out,
                         FieldErrors *errors)
{
    FormReader r    = { .a = keep, .l = l, .errors = errors };
    bool       expr = f->rule.measure == MEASURE_EXPR || f->rule.kind == RULE_FORMULA;
    *out = (SchemeCriterion){ .method = f->method, .effect = f->effect, .has_effect = f->effect != EFFECT_POINTS, .group = f->group };
    code_typed(&r, f, s, at, out);
    max_typed(&r, f, out);
    if (f->group)
        return !errors->len;
    evidence_typed(&r, f->evidence, out);
    for (size_t i = 0; i < f->parts.len; i++)
        expr |= f->parts.at[i].measure == MEASURE_EXPR || f->parts.at[i].kind == RULE_FORMULA;
    if (expr)
        labels_typed(&r, f->labels);
    if (f->deep && at < s->len) {
        out->has_rule = true;
        out->rule     = s->at[at].rule;
        out->labels   = s->at[at].labels;
        return !errors->len;
    }
    out->has_rule = f->rule.kind != RULE_MANUAL || (at < s->len && s->at[at].has_rule);
    out->rule     = rule_typed(&r, &f->rule);
    if (f->rule.kind == RULE_SUM)
        sum_typed(&r, f, &out->rule);
    if (!errors->len) {
        labels_kept(&r, work, out);
        rule_checked(&r, work, out);
    }
    return !errors->len;
}

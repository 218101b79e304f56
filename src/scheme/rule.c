/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules: read strictly from JSON, written back, checked, their expressions compiled over the names of a leaf's inputs. */
#include "scheme/parts.h"

enum { SUM_LEVELS = 4, OF_BYTES = 2000 };

const Str scheme_rule_members[MEMBER_COUNT] = {
    [MEMBER_OF] = S_INIT("of"), [MEMBER_POINTS] = S_INIT("points"), [MEMBER_STEPS] = S_INIT("steps"), [MEMBER_FLOOR] = S_INIT("floor"),
    [MEMBER_FULL] = S_INIT("full"), [MEMBER_EACH] = S_INIT("each"), [MEMBER_CAP] = S_INIT("cap"), [MEMBER_DUE] = S_INIT("due"),
    [MEMBER_RULES] = S_INIT("rules"),
};
#define BIT(m) (1u << MEMBER_##m)
const unsigned scheme_rule_takes[RULE_KIND_COUNT] = {
    [RULE_YES_NO] = BIT(OF) | BIT(POINTS),
    [RULE_CHOICE] = BIT(OF) | BIT(POINTS),
    [RULE_THRESHOLDS] = BIT(OF) | BIT(STEPS),
    [RULE_PROPORTIONAL] = BIT(OF) | BIT(FLOOR) | BIT(FULL),
    [RULE_COUNT] = BIT(OF) | BIT(EACH) | BIT(CAP),
    [RULE_SUM] = BIT(RULES),
    [RULE_DEADLINE] = BIT(OF) | BIT(DUE) | BIT(EACH) | BIT(POINTS),
    [RULE_FORMULA] = BIT(OF),
};

/* ---- Reading ------------------------------------------------------------------------------------------------ */

static bool absent(const Json *j) { return !j || json_is(j, JSON_NULL); }

static double number_of(SchemeReader *r, const Json *rule, RuleMember m)
{
    double      x = NAN;
    const Json *j = json_get(rule, scheme_rule_members[m]);
    if (!absent(j) && !json_num(j, &x))
        scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[m], j->text);
    return x;
}

static Str text_of_member(SchemeReader *r, const Json *rule, RuleMember m)
{
    Str         text = S("");
    const Json *j    = json_get(rule, scheme_rule_members[m]);
    if (!absent(j) && (!json_str(j, &text) || text.len > OF_BYTES))
        scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[m], j->text);
    return arena_str(r->a, str_trim(str_take(text, OF_BYTES)));
}

static void read_steps(SchemeReader *r, const Json *steps, SchemeRule *out)
{
    if (!json_is(steps, JSON_ARRAY) || !steps->len || steps->len > SCHEME_STEPS) {
        scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[MEMBER_STEPS], S(""));
        return;
    }
    out->steps = arena_new(r->a, SchemeStep, steps->len);
    JSON_EACH(pair, steps) {
        SchemeStep *step = &out->steps[out->step_count++];
        if (!json_is(pair, JSON_ARRAY) || pair->len != 2 || !json_num(json_at(pair, 0), &step->bound) || !json_num(json_at(pair, 1), &step->points))
            scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[MEMBER_STEPS], S(""));
    }
}

static void read_choices(SchemeReader *r, const Json *points, SchemeRule *out)
{
    if (!json_is(points, JSON_OBJECT) || !points->len || points->len > SCHEME_STEPS) {
        scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[MEMBER_POINTS], S(""));
        return;
    }
    out->steps = arena_new(r->a, SchemeStep, points->len);
    JSON_EACH(m, points) {
        SchemeStep *step = &out->steps[out->step_count++];
        step->value      = arena_str(r->a, m->key);
        if (!json_num(m, &step->points))
            scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[MEMBER_POINTS], m->key);
    }
}

static void read_parts(SchemeReader *r, const Json *parts, SchemeRule *out)
{
    if (!json_is(parts, JSON_ARRAY) || !parts->len || parts->len > SCHEME_PARTS || r->depth >= SUM_LEVELS) {
        scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[MEMBER_RULES], S(""));
        return;
    }
    out->parts = arena_new(r->a, SchemeRule, parts->len);
    r->depth++;
    JSON_EACH(part, parts)
        scheme_rule_read(r, part, &out->parts[out->part_count++]);
    r->depth--;
}

static void only_known(SchemeReader *r, const Json *rule, unsigned takes)
{
    JSON_EACH(m, rule) {
        bool known = str_eq(m->key, S("kind"));
        for (int i = 0; i < MEMBER_COUNT; i++)
            known |= (takes >> i & 1) && str_eq(m->key, scheme_rule_members[i]);
        if (!known)
            scheme_wrong(r, SCHEME_FAULT_KEY, m->key, S(""));
    }
}

void scheme_rule_read(SchemeReader *r, const Json *json, SchemeRule *out)
{
    Str kind = S("");
    *out = (SchemeRule){ .points = NAN, .floor = NAN, .full = NAN, .each = NAN, .cap = NAN };
    json_str(json_get(json, S("kind")), &kind);
    if (!json_is(json, JSON_OBJECT) || !scheme_rule_parse(kind, &out->kind)) {
        scheme_wrong(r, SCHEME_FAULT_RULE, S("kind"), kind);
        return;
    }
    only_known(r, json, scheme_rule_takes[out->kind]);
    out->of    = text_of_member(r, json, MEMBER_OF);
    out->due   = text_of_member(r, json, MEMBER_DUE);
    out->floor = number_of(r, json, MEMBER_FLOOR);
    out->full  = number_of(r, json, MEMBER_FULL);
    out->each  = number_of(r, json, MEMBER_EACH);
    out->cap   = number_of(r, json, MEMBER_CAP);
    if (out->kind == RULE_CHOICE)
        read_choices(r, json_get(json, S("points")), out);
    else
        out->points = number_of(r, json, MEMBER_POINTS);
    if (out->kind == RULE_THRESHOLDS)
        read_steps(r, json_get(json, S("steps")), out);
    if (out->kind == RULE_SUM)
        read_parts(r, json_get(json, S("rules")), out);
}

/* ---- Writing ------------------------------------------------------------------------------------------------- */

static void write_number(Buf *b, const char *key, double x)
{
    if (isnan(x))
        return;
    buf_fmt(b, ",\"%s\":", key);
    buf_json_f64(b, x);
}

static void write_steps(Buf *b, const SchemeRule *r)
{
    bool choice = r->kind == RULE_CHOICE;
    buf_add(b, choice ? S(",\"points\":{") : S(",\"steps\":["));
    for (size_t i = 0; i < r->step_count; i++) {
        buf_add(b, i ? S(",") : S(""));
        if (choice)
            buf_json_str(b, r->steps[i].value);
        else {
            buf_byte(b, '[');
            buf_json_f64(b, r->steps[i].bound);
        }
        buf_byte(b, choice ? ':' : ',');
        buf_json_f64(b, r->steps[i].points);
        buf_add(b, choice ? S("") : S("]"));
    }
    buf_byte(b, choice ? '}' : ']');
}

void scheme_rule_write(Buf *b, const SchemeRule *r)
{
    buf_lit(b, "{\"kind\":");
    buf_json_str(b, scheme_rule_code(r->kind));
    if (r->of.len) {
        buf_lit(b, ",\"of\":");
        buf_json_str(b, r->of);
    }
    if (r->due.len) {
        buf_lit(b, ",\"due\":");
        buf_json_str(b, r->due);
    }
    write_number(b, "points", r->points);
    write_number(b, "floor", r->floor);
    write_number(b, "full", r->full);
    write_number(b, "each", r->each);
    write_number(b, "cap", r->cap);
    if (r->step_count)
        write_steps(b, r);
    if (r->kind == RULE_SUM) {
        buf_lit(b, ",\"rules\":[");
        for (size_t i = 0; i < r->part_count; i++) {
            buf_add(b, i ? S(",") : S(""));
            scheme_rule_write(b, &r->parts[i]);
        }
        buf_byte(b, ']');
    }
    buf_byte(b, '}');
}

/* ---- Expressions ------------------------------------------------------------------------------------------------ */

static bool resolve(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *fault)
{
    StrList *names = self;
    Str      name  = path->variable;
    if (!name.len && !path->absolute && path->step_count == 1 && path->steps[0].axis == EXPR_CHILD)
        name = path->steps[0].name;
    if (!expr_is_name(name) || names->len >= SCHEME_INPUTS) {
        *fault = (ExprFault){ .code = "E-PATH", .vi = S("chỗ này phải là tên một số liệu, như dung_han. Mỗi tiêu chí dùng tối đa 64 số liệu."),
                              .en = S("this must be the name of an input, such as on_time. A criterion takes 64 inputs at most.") };
        return false;
    }
    size_t at = 0;
    while (at < names->len && !str_eq(names->at[at], name))
        at++;
    if (at == names->len)
        *list_add(a, names) = name;
    *list_add(a, out) = (ExprRef){ .node = (int)at, .kind = EXPR_ANY };
    return true;
}

/* What rules have beside the functions of forms. */
static ExprValue fn_floor(ExprRun *run, const ExprValue *args, int n)
{
    return (ExprValue){ .kind = EXPR_NUMBER, .number = floor(expr_to_number(&args[0])) };
}

static ExprValue fn_ceiling(ExprRun *run, const ExprValue *args, int n)
{
    return (ExprValue){ .kind = EXPR_NUMBER, .number = ceil(expr_to_number(&args[0])) };
}

static const ExprFunction functions[] = { { "floor", "n", EXPR_NUMBER, fn_floor, false }, { "ceiling", "n", EXPR_NUMBER, fn_ceiling, false },
                                          { "ceil", "n", EXPR_NUMBER, fn_ceiling, false } };
static const ExprLibrary library = { functions, COUNT_OF(functions) };

static bool compile(SchemeReader *r, Arena work, Str source, RuleMember member, StrList *names, ExprCode *out)
{
    ExprFaults faults = { 0 };
    Arena      scratch = work;
    StrList    found  = { 0 };
    for (size_t i = 0; i < names->len; i++)
        *list_add(&scratch, &found) = names->at[i];
    ExprNames host = { .self = &found, .resolve = resolve, .arithmetic = true };
    bool      good = expr_compile(r->a, scratch, source, &host, &library, &faults, out);
    for (size_t i = 0; !good && i < faults.len; i++)
        if (!faults.at[i].warning) {
            scheme_fault(r->a, r->faults, (SchemeFault){ .kind = SCHEME_FAULT_EXPR, .code = r->code, .row = r->row, .column = scheme_rule_members[member],
                .value = source, .reason = { faults.at[i].vi, faults.at[i].en } });
            return false;
        }
    if (good && out->uses & (EXPR_USES_TODAY | EXPR_USES_RANDOM | EXPR_USES_NOW)) {
        scheme_wrong(r, SCHEME_FAULT_CLOCK, scheme_rule_members[member], source);
        return false;
    }
    for (size_t i = names->len; i < found.len; i++)
        *list_add(r->a, names) = arena_str(r->a, found.at[i]);
    return good;
}

/* ---- Numbers ------------------------------------------------------------------------------------------------------ */

static Str number_text(Arena *a, double x)
{
    Buf b = buf_new(a, 32);
    buf_f64(&b, x);
    return buf_str(&b);
}

static void in_points(SchemeReader *r, RuleMember m, double points, double max)
{
    if (!isnan(points) && (points < 0 || points > max + 1e-9))
        scheme_wrong(r, SCHEME_FAULT_RULE_POINTS, scheme_rule_members[m], number_text(r->a, points));
}

/* The first step that is reached counts, so a bound at or above the one before it would never be looked at. */
static void need_falling(SchemeReader *r, const SchemeRule *rule)
{
    for (size_t i = 1; i < rule->step_count; i++)
        if (!(rule->steps[i].bound < rule->steps[i - 1].bound)) {
            scheme_fault(r->a, r->faults, (SchemeFault){ .kind = SCHEME_FAULT_STEPS, .code = r->code, .row = r->row,
                .column = scheme_rule_members[MEMBER_STEPS], .value = number_text(r->a, rule->steps[i - 1].bound),
                .more = number_text(r->a, rule->steps[i].bound) });
            return;
        }
}

static void need_above_zero(SchemeReader *r, RuleMember m, double x, bool must)
{
    if (isnan(x) ? must : x <= 0)
        scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[m], S(""));
}

static void settle_due(SchemeReader *r, Arena work, SchemeRule *rule, StrList *names)
{
    rule->due_day = DATE_NONE;
    if (!rule->due.len)
        scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[MEMBER_DUE], S(""));
    else if (!date_parse(rule->due, &rule->due_day))
        compile(r, work, rule->due, MEMBER_DUE, names, &rule->due_code);
}

void scheme_rule_settle(SchemeReader *r, Arena work, SchemeCriterion *c, SchemeRule *rule, StrList *names)
{
    unsigned takes = scheme_rule_takes[rule->kind];
    rule->max      = c->max;
    r->row         = rule->row ? rule->row : r->row;
    if (takes & BIT(OF)) {
        if (!rule->of.len)
            scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[MEMBER_OF], S(""));
        else
            compile(r, work, rule->of, MEMBER_OF, names, &rule->code);
    }
    in_points(r, MEMBER_POINTS, rule->points, c->max);
    in_points(r, MEMBER_CAP, rule->cap, c->max);
    for (size_t i = 0; i < rule->step_count; i++)
        in_points(r, rule->kind == RULE_CHOICE ? MEMBER_POINTS : MEMBER_STEPS, rule->steps[i].points, c->max);
    if ((rule->kind == RULE_CHOICE || rule->kind == RULE_THRESHOLDS) && !rule->step_count)
        scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[rule->kind == RULE_CHOICE ? MEMBER_POINTS : MEMBER_STEPS], S(""));
    if (rule->kind == RULE_THRESHOLDS)
        need_falling(r, rule);
    if (rule->kind == RULE_PROPORTIONAL) {
        need_above_zero(r, MEMBER_FULL, rule->full, false);
        if (!isnan(rule->floor) && (rule->floor < 0 || rule->floor > (isnan(rule->full) ? 100 : rule->full)))
            scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[MEMBER_FLOOR], S(""));
    }
    if (takes & BIT(EACH))
        need_above_zero(r, MEMBER_EACH, rule->each, true);
    if (rule->kind == RULE_DEADLINE)
        settle_due(r, work, rule, names);
    if (rule->kind == RULE_SUM && !rule->part_count)
        scheme_wrong(r, SCHEME_FAULT_PARAMETER, scheme_rule_members[MEMBER_RULES], S(""));
    for (size_t i = 0; i < rule->part_count; i++) {
        if (rule->parts[i].kind == RULE_MANUAL)
            scheme_wrong(r, SCHEME_FAULT_PART, scheme_rule_members[MEMBER_RULES], S(""));
        scheme_rule_settle(r, work, c, &rule->parts[i], names);
    }
}

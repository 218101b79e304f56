/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules as data: read from JSON, compiled against a questionnaire, asked about answers. */
#include "analysis/cleaning.h"

#include <math.h>

static const Str kinds[RULE_KIND_COUNT] = { [RULE_RANGE] = S_INIT("range"), [RULE_LOGIC] = S_INIT("logic"), [RULE_DUPLICATE] = S_INIT("duplicate") };

Str rule_kind_code(RuleKind k)
{
    return kinds[k];
}

bool rule_kind_parse(Str code, RuleKind *out)
{
    for (int k = 0; k < RULE_KIND_COUNT; k++)
        if (str_eq(code, kinds[k])) {
            *out = (RuleKind)k;
            return true;
        }
    return false;
}

static double number_or_open(const Json *j)
{
    double x;
    return json_num(j, &x) ? x : NAN;
}

Err rules_parse(Arena *a, Str json, CleaningRules *out)
{
    const Json   *list;
    CleaningRules rules = { 0 };
    TRY(json_parse(a, json, &list));
    JSON_EACH(one, list) {
        CleaningRule *r = list_add(a, &rules);
        Str kind = S(""), name;
        *r = (CleaningRule){ .low = number_or_open(json_get(one, S("low"))), .high = number_or_open(json_get(one, S("high"))) };
        json_str(json_get(one, S("code")), &r->code);
        json_str(json_get(one, S("text")), &r->text);
        json_str(json_get(one, S("condition")), &r->condition);
        json_str(json_get(one, S("kind")), &kind);
        JSON_EACH(question, json_get(one, S("questions")))
            if (json_str(question, &name))
                *list_add(a, &r->questions) = name;
        if (!rule_kind_parse(kind, &r->kind) || !r->code.len)
            return err_new(a, ERR_INVALID, S("a rule without code or kind"));
    }
    *out = rules;
    return OK;
}

static void member(Buf *b, const char *name, Str text)
{
    buf_fmt(b, ",\"%s\":", name);
    buf_json_str(b, text);
}

Str rules_json(Arena *a, const CleaningRules *rules)
{
    Buf b = buf_new(a, 1024);
    buf_byte(&b, '[');
    for (size_t i = 0; i < rules->len; i++) {
        const CleaningRule *r = &rules->at[i];
        buf_add(&b, i ? S(",{\"code\":") : S("{\"code\":"));
        buf_json_str(&b, r->code);
        member(&b, "kind", rule_kind_code(r->kind));
        member(&b, "text", r->text);
        if (r->kind == RULE_LOGIC)
            member(&b, "condition", r->condition);
        buf_lit(&b, ",\"questions\":[");
        for (size_t k = 0; k < r->questions.len; k++) {
            buf_add(&b, k ? S(",") : S(""));
            buf_json_str(&b, r->questions.at[k]);
        }
        buf_byte(&b, ']');
        if (r->kind == RULE_RANGE) {
            buf_lit(&b, ",\"low\":");
            buf_json_f64(&b, r->low);
            buf_lit(&b, ",\"high\":");
            buf_json_f64(&b, r->high);
        }
        buf_byte(&b, '}');
    }
    buf_byte(&b, ']');
    return buf_str(&b);
}

int rules_find(const CleaningRules *rules, Str code)
{
    for (size_t i = 0; i < rules->len; i++)
        if (str_eq(rules->at[i].code, code))
            return (int)i;
    return -1;
}

/* ---- Compiling -------------------------------------------------------------------------------------------- */

static bool fault_of(RuleFault *out, const char *field, Str vi, Str en)
{
    *out = (RuleFault){ field, { vi, en } };
    return false;
}

/* Conditions name questions by ${name} alone. */
static bool resolve(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *fault)
{
    const FormProgram *p = self;
    int node = path->variable.len ? form_find(p, path->variable) : -1;
    if (node >= 0 && p->nodes.at[node].answer >= 0) {
        *list_add(a, out) = (ExprRef){ .node = node, .kind = p->nodes.at[node].kind };
        return true;
    }
    *fault = (ExprFault){ .code = "E-VAR", .vi = arena_fmt(a, "phiếu không có câu hỏi “%.*s”. Viết ${tên}.", STR_ARG(path->variable)),
                          .en = arena_fmt(a, "the questionnaire has no question “%.*s”. Write ${name}.", STR_ARG(path->variable)) };
    return false;
}

static bool compile_condition(Arena *keep, const FormProgram *p, CleaningRule *r, RuleFault *out)
{
    Arena      scratch = arena_open(1 << 22);
    ExprFaults faults  = { 0 };
    ExprNames  names   = { .self = (void *)(uintptr_t)p, .resolve = resolve };
    bool       good    = expr_compile(keep, scratch, r->condition, &names, NULL, &faults, &r->expr);
    arena_close(&scratch);
    for (size_t i = 0; !good && i < faults.len; i++)
        if (!faults.at[i].warning)
            return fault_of(out, "condition", arena_str(keep, faults.at[i].vi), arena_str(keep, faults.at[i].en));
    r->questions = (StrList){ 0 };
    for (int i = 0; good && i < r->expr.ref_count; i++)
        *list_add(keep, &r->questions) = p->nodes.at[r->expr.refs[i].node].name;
    return good;
}

bool rule_compile(Arena *keep, const FormProgram *p, CleaningRule *r, RuleFault *out)
{
    if (r->kind == RULE_LOGIC && !compile_condition(keep, p, r, out))
        return false;
    if (!r->questions.len)
        return fault_of(out, r->kind == RULE_LOGIC ? "condition" : "question", S("Hãy nêu ít nhất một câu hỏi."), S("Name one question at least."));
    r->nodes = arena_new(keep, int, r->questions.len);
    for (size_t i = 0; i < r->questions.len; i++) {
        r->nodes[i] = form_find(p, r->questions.at[i]);
        if (r->nodes[i] < 0 || p->nodes.at[r->nodes[i]].answer < 0)
            return fault_of(out, "question", arena_fmt(keep, "Phiếu không có câu hỏi “%.*s”.", STR_ARG(r->questions.at[i])),
                            arena_fmt(keep, "The questionnaire has no question “%.*s”.", STR_ARG(r->questions.at[i])));
    }
    if (r->kind == RULE_RANGE && p->nodes.at[r->nodes[0]].kind != EXPR_NUMBER)
        return fault_of(out, "question", S("Câu hỏi này không có trả lời bằng số."), S("This question is not answered by a number."));
    if (r->kind == RULE_RANGE && isnan(r->low) && isnan(r->high))
        return fault_of(out, "low", S("Hãy nhập giá trị nhỏ nhất, lớn nhất hoặc cả hai."), S("Enter the least value, the greatest, or both."));
    if (r->kind == RULE_RANGE && r->low > r->high)
        return fault_of(out, "low", S("Giá trị nhỏ nhất phải không lớn hơn giá trị lớn nhất."), S("The least value is above the greatest."));
    return true;
}

/* ---- Asking ------------------------------------------------------------------------------------------------- */

typedef struct Answers { const FormProgram *p; const FormAnswers *x; } Answers;

static bool read_answer(void *self, int node, int instance, Str *out)
{
    const Answers *s = self;
    *out = s->x->at[s->p->nodes.at[node].answer];
    return true;
}

bool rule_hits(const CleaningRule *r, Arena scratch, const FormProgram *p, const FormAnswers *x, Time now)
{
    if (r->kind == RULE_RANGE) {
        double v = expr_number_read(x->at[p->nodes.at[r->nodes[0]].answer]);
        return v < r->low || v > r->high;
    }
    if (r->kind != RULE_LOGIC)
        return false;
    Answers   self = { p, x };
    ExprHost  host = { .self = &self, .node = read_answer, .now = now };
    ExprValue v;
    return !expr_eval(&r->expr, &scratch, &host, &v) && expr_to_boolean(&v);
}

bool rule_key(const CleaningRule *r, Arena scratch, const FormProgram *p, const FormAnswers *x, uint64_t *out)
{
    Buf b = buf_new(&scratch, 256);
    for (size_t i = 0; i < r->questions.len; i++) {
        Str text = x->at[p->nodes.at[r->nodes[i]].answer];
        if (!text.len)
            return false;
        buf_add(&b, text);
        buf_byte(&b, 0);
    }
    *out = str_hash(buf_str(&b));
    return true;
}

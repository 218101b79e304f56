/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is wrong with a scheme, a file or a card, in words; and the codes of kinds. */
#include "scheme/parts.h"

static const Str codes[SCHEME_FAULT_KIND_COUNT] = {
    [SCHEME_FAULT_JSON]         = S_INIT("json"),
    [SCHEME_FAULT_KEY]          = S_INIT("key"),
    [SCHEME_FAULT_VALUE]        = S_INIT("value"),
    [SCHEME_FAULT_ABSENT]       = S_INIT("absent"),
    [SCHEME_FAULT_TOO_MANY]     = S_INIT("too_many"),
    [SCHEME_FAULT_CODE]         = S_INIT("code"),
    [SCHEME_FAULT_TWICE]        = S_INIT("twice"),
    [SCHEME_FAULT_PARENT]       = S_INIT("parent"),
    [SCHEME_FAULT_CYCLE]        = S_INIT("cycle"),
    [SCHEME_FAULT_DEEP]         = S_INIT("deep"),
    [SCHEME_FAULT_MAX]          = S_INIT("max"),
    [SCHEME_FAULT_POINTS]       = S_INIT("points"),
    [SCHEME_FAULT_TOTAL]        = S_INIT("total"),
    [SCHEME_FAULT_EFFECT]       = S_INIT("effect"),
    [SCHEME_FAULT_GROUP_RULE]   = S_INIT("group_rule"),
    [SCHEME_FAULT_METHOD]       = S_INIT("method"),
    [SCHEME_FAULT_RULE]         = S_INIT("rule"),
    [SCHEME_FAULT_PARAMETER]    = S_INIT("parameter"),
    [SCHEME_FAULT_RULE_POINTS]  = S_INIT("rule_points"),
    [SCHEME_FAULT_STEPS]        = S_INIT("steps"),
    [SCHEME_FAULT_EXPR]         = S_INIT("expr"),
    [SCHEME_FAULT_CLOCK]        = S_INIT("clock"),
    [SCHEME_FAULT_UNKNOWN]      = S_INIT("unknown"),
    [SCHEME_FAULT_GROUP_INPUT]  = S_INIT("group_input"),
    [SCHEME_FAULT_INPUT]        = S_INIT("input"),
    [SCHEME_FAULT_INPUT_VALUE]  = S_INIT("input_value"),
    [SCHEME_FAULT_SE]           = S_INIT("se"),
    [SCHEME_FAULT_BY_ZERO]      = S_INIT("by_zero"),
    [SCHEME_FAULT_NO_NUMBER]    = S_INIT("no_number"),
    [SCHEME_FAULT_WORK]         = S_INIT("work"),
    [SCHEME_FAULT_YES_NO]       = S_INIT("yes_no"),
    [SCHEME_FAULT_CHOICE]       = S_INIT("choice"),
    [SCHEME_FAULT_COUNT]        = S_INIT("count"),
    [SCHEME_FAULT_DAY]          = S_INIT("day"),
    [SCHEME_FAULT_CALENDAR]     = S_INIT("calendar"),
    [SCHEME_FAULT_MANUAL]       = S_INIT("manual"),
    [SCHEME_FAULT_MANUAL_RANGE] = S_INIT("manual_range"),
    [SCHEME_FAULT_MANUAL_RULE]  = S_INIT("manual_rule"),
    [SCHEME_FAULT_NOTHING_LEFT] = S_INIT("nothing_left"),
    [SCHEME_FAULT_CSV]          = S_INIT("csv"),
    [SCHEME_FAULT_XLSX]         = S_INIT("xlsx"),
    [SCHEME_FAULT_HEADING]      = S_INIT("heading"),
    [SCHEME_FAULT_NO_ROWS]      = S_INIT("no_rows"),
    [SCHEME_FAULT_PART]         = S_INIT("part"),
    [SCHEME_FAULT_LABEL]        = S_INIT("label"),
};
static const Str rules[RULE_KIND_COUNT] = {
    [RULE_MANUAL] = S_INIT("manual"), [RULE_YES_NO] = S_INIT("yes_no"), [RULE_CHOICE] = S_INIT("choice"),
    [RULE_THRESHOLDS] = S_INIT("thresholds"), [RULE_PROPORTIONAL] = S_INIT("proportional"), [RULE_COUNT] = S_INIT("count"),
    [RULE_SUM] = S_INIT("sum"), [RULE_DEADLINE] = S_INIT("deadline"), [RULE_FORMULA] = S_INIT("formula"),
};
static const Str methods[METHOD_COUNT] = {
    [METHOD_SCORED] = S_INIT("scored"), [METHOD_ESTIMATE] = S_INIT("estimate"), [METHOD_SURVEY] = S_INIT("survey"),
    [METHOD_DATA] = S_INIT("data"), [METHOD_MANUAL] = S_INIT("manual"),
};
static const Str effects[EFFECT_COUNT] = {
    [EFFECT_POINTS] = S_INIT("points"), [EFFECT_BONUS] = S_INIT("bonus"), [EFFECT_PENALTY] = S_INIT("penalty"),
};
static const Str states[] = { [STATE_SCORED] = S_INIT("scored"), [STATE_NOT_APPLICABLE] = S_INIT("not_applicable"), [STATE_MISSING] = S_INIT("missing") };

Str scheme_rule_code(SchemeRuleKind k) { return rules[k]; }
Str scheme_method_code(SchemeMethod m) { return methods[m]; }
Str scheme_effect_code(SchemeEffect e) { return effects[e]; }
Str scheme_state_code(SchemeState s) { return states[s]; }
Str scheme_fault_code(SchemeFaultKind kind) { return codes[kind]; }

static int code_at(const Str *list, int n, Str code)
{
    for (int i = 0; i < n; i++)
        if (str_eq(list[i], code))
            return i;
    return -1;
}

bool scheme_rule_parse(Str code, SchemeRuleKind *out)
{
    int i = code_at(rules, RULE_KIND_COUNT, code);
    if (i >= 0)
        *out = (SchemeRuleKind)i;
    return i >= 0;
}

bool scheme_method_parse(Str code, SchemeMethod *out)
{
    int i = code_at(methods, METHOD_COUNT, code);
    if (i >= 0)
        *out = (SchemeMethod)i;
    return i >= 0;
}

bool scheme_effect_parse(Str code, SchemeEffect *out)
{
    int i = code_at(effects, EFFECT_COUNT, code);
    if (i >= 0)
        *out = (SchemeEffect)i;
    return i >= 0;
}

/* At most 200 bytes, never half a letter. */
static Str shown(Arena *a, Str s)
{
    size_t n = s.len > 200 ? 200 : s.len;
    while (n < s.len && n && ((unsigned char)s.at[n] & 0xC0) == 0x80)
        n--;
    return arena_str(a, str_take(s, n));
}

void scheme_fault(Arena *a, SchemeFaults *f, SchemeFault x)
{
    if (f->all++ >= SCHEME_FAULTS)
        return;
    x.code   = shown(a, x.code);
    x.column = shown(a, x.column);
    x.value  = shown(a, x.value);
    x.more   = shown(a, x.more);
    *list_add(a, f) = x;
}

void scheme_wrong(SchemeReader *r, SchemeFaultKind kind, Str column, Str value)
{
    scheme_fault(r->a, r->faults, (SchemeFault){ .kind = kind, .code = r->code, .row = r->row, .column = column, .value = value });
}

Str scheme_text(Arena *a, Lang l, const char *key, const TextArg *args, size_t n)
{
    return text_fill(a, l, text_find(l, str_from_c(key)), args, n);
}

/* Kinds of rules as whoever wrote them knows them: by code in JSON, by name in a spreadsheet. */
static Str rule_names(Arena *a, Lang l, bool of_file)
{
    Str names[RULE_KIND_COUNT];
    for (int i = 0; i < RULE_KIND_COUNT; i++)
        names[i] = of_file ? text_find(l, str_concat(a, S("scheme.rule."), rules[i])) : rules[i];
    return str_join(a, names, RULE_KIND_COUNT, S(", "));
}

static Str member_name(Arena *a, Lang l, const SchemeFault *f)
{
    for (int i = 0; i < MEMBER_COUNT && f->row; i++)
        if (str_eq(scheme_rule_members[i], f->column))
            return text_find(l, str_concat(a, S("scheme.param."), f->column));
    return f->column;
}

Str scheme_fault_text(Arena *a, Lang l, const SchemeFault *f)
{
    Str pattern = text_find(l, str_concat(a, S("scheme.fault."), codes[f->kind]));
    Str reason  = f->kind == SCHEME_FAULT_CSV    ? text_find(l, str_concat(a, S("files.csv."), f->value))
                  : f->kind == SCHEME_FAULT_XLSX ? text_find(l, str_concat(a, S("files.xlsx."), f->value))
                                                 : f->reason[l];
    TextArg place[] = { ARG_N("line", f->row), ARG_N("row", f->row), ARG_S("column", f->column), ARG_S("sheet", S("1")) };
    TextArg args[]  = { ARG_S("column", member_name(a, l, f)), ARG_S("kinds", rule_names(a, l, f->row > 0)), ARG_S("value", f->value), ARG_S("more", f->more),
                        ARG_S("reason", text_fill(a, l, reason, place, COUNT_OF(place))) };
    Str text = text_fill(a, l, pattern, args, COUNT_OF(args));
    return f->code.len ? arena_fmt(a, "%.*s: %.*s", STR_ARG(f->code), STR_ARG(text)) : text;
}

Str scheme_num(Arena *a, SchemeWords w, double x)
{
    if (w.plain) {
        Buf b = buf_new(a, 32);
        buf_f64(&b, x);
        return buf_str(&b);
    }
    Str text = real_text(a, w.lang, x, 6), mark = w.lang == LANG_EN ? S(".") : S(",");
    if (!str_has(text, mark))
        return text;
    while (text.len && text.at[text.len - 1] == '0')
        text.len--;
    return str_ends(text, mark) ? str_take(text, text.len - 1) : text;
}

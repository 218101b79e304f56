/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes and cards as JSON: read strictly (an unknown name is a fault, not a silence), schemes written in one fixed form. */
#include "scheme/parts.h"

/* ---- Members ------------------------------------------------------------------------------------------------- */

static void only(SchemeReader *r, const Json *obj, const Str *names, size_t n)
{
    JSON_EACH(m, obj) {
        bool known = false;
        for (size_t i = 0; i < n; i++)
            known |= str_eq(names[i], m->key);
        if (!known)
            scheme_wrong(r, SCHEME_FAULT_KEY, m->key, S(""));
    }
}

static Str read_text(SchemeReader *r, const Json *obj, Str name, size_t most)
{
    Str         text = S("");
    const Json *j    = json_get(obj, name);
    if (!j || json_is(j, JSON_NULL))
        return text;
    bool good = json_str(j, &text) && text.len <= most;
    for (size_t i = 0; good && i < text.len; i++)
        good = (unsigned char)text.at[i] >= ' ' && text.at[i] != 0x7F;
    if (!good) {
        scheme_wrong(r, SCHEME_FAULT_VALUE, name, text);
        return S("");
    }
    return arena_str(r->a, str_trim(text));
}

static double read_number(SchemeReader *r, const Json *obj, Str name)
{
    double      x = NAN;
    const Json *j = json_get(obj, name);
    if (j && !json_is(j, JSON_NULL) && !json_num(j, &x))
        scheme_wrong(r, SCHEME_FAULT_VALUE, name, j->text);
    return x;
}

static bool read_switch(SchemeReader *r, const Json *obj, Str name)
{
    bool        yes = false;
    const Json *j   = json_get(obj, name);
    if (j && !json_bool(j, &yes))
        scheme_wrong(r, SCHEME_FAULT_VALUE, name, j->text);
    return yes;
}

/* ---- Criteria ---------------------------------------------------------------------------------------------------- */

static void read_evidence(SchemeReader *r, const Json *list, SchemeCriterion *c)
{
    if (!list || json_is(list, JSON_NULL))
        return;
    if (!json_is(list, JSON_ARRAY) || list->len > SCHEME_PARTS) {
        scheme_wrong(r, SCHEME_FAULT_VALUE, S("evidence"), S(""));
        return;
    }
    JSON_EACH(m, list) {
        Str text = S("");
        if (!json_str(m, &text) || text.len > SCHEME_TEXT_BYTES)
            scheme_wrong(r, SCHEME_FAULT_VALUE, S("evidence"), text);
        else
            *list_add(r->a, &c->evidence) = arena_str(r->a, str_trim(text));
    }
}

static void read_labels(SchemeReader *r, const Json *obj, SchemeCriterion *c)
{
    if (!obj || json_is(obj, JSON_NULL))
        return;
    if (!json_is(obj, JSON_OBJECT) || obj->len > SCHEME_INPUTS) {
        scheme_wrong(r, SCHEME_FAULT_VALUE, S("inputs"), S(""));
        return;
    }
    JSON_EACH(m, obj) {
        Str text = read_text(r, obj, m->key, SCHEME_LABEL_BYTES);
        if (text.len)
            *list_add(r->a, &c->labels) = (SchemeLabel){ arena_str(r->a, m->key), text };
    }
}

static void read_criterion(SchemeReader *r, const Json *json, SchemeCriterion *c)
{
    static const Str known[] = { S_INIT("code"), S_INIT("parent"), S_INIT("name"), S_INIT("max"), S_INIT("method"), S_INIT("rule"),
                                 S_INIT("effect"), S_INIT("evidence"), S_INIT("note"), S_INIT("inputs") };
    json_str(json_get(json, S("code")), &r->code);
    if (!json_is(json, JSON_OBJECT)) {
        scheme_wrong(r, SCHEME_FAULT_VALUE, S("criteria"), S(""));
        return;
    }
    only(r, json, known, COUNT_OF(known));
    c->code   = read_text(r, json, S("code"), SCHEME_CODE_BYTES);
    c->parent = read_text(r, json, S("parent"), SCHEME_CODE_BYTES);
    c->name   = read_text(r, json, S("name"), SCHEME_TEXT_BYTES);
    c->note   = read_text(r, json, S("note"), SCHEME_TEXT_BYTES);
    c->max    = read_number(r, json, S("max"));
    Str method = read_text(r, json, S("method"), 40), effect = read_text(r, json, S("effect"), 40);
    if (method.len && !scheme_method_parse(method, &c->method))
        scheme_wrong(r, SCHEME_FAULT_METHOD, S("method"), method);
    if (effect.len && !scheme_effect_parse(effect, &c->effect))
        scheme_wrong(r, SCHEME_FAULT_VALUE, S("effect"), effect);
    c->has_effect = effect.len > 0;
    read_evidence(r, json_get(json, S("evidence")), c);
    read_labels(r, json_get(json, S("inputs")), c);
    const Json *rule = json_get(json, S("rule"));
    c->has_rule      = rule && !json_is(rule, JSON_NULL);
    if (c->has_rule)
        scheme_rule_read(r, rule, &c->rule);
}

static void read_criteria(SchemeReader *r, const Json *list, Scheme *s)
{
    if (!json_is(list, JSON_ARRAY)) {
        scheme_wrong(r, SCHEME_FAULT_ABSENT, S("criteria"), S(""));
        return;
    }
    if (list->len > SCHEME_CRITERIA) {
        scheme_wrong(r, SCHEME_FAULT_TOO_MANY, S("criteria"), S(""));
        return;
    }
    s->at = arena_new(r->a, SchemeCriterion, list->len);
    JSON_EACH(m, list) {
        r->code = s->code;
        read_criterion(r, m, &s->at[s->len++]);
    }
}

bool scheme_parse(Arena *keep, const Json *json, Scheme *out, SchemeFaults *faults)
{
    static const Str known[] = { S_INIT("code"), S_INIT("title"), S_INIT("unit_kind"), S_INIT("source"), S_INIT("label"), S_INIT("year"), S_INIT("max"),
                                 S_INIT("rescale_not_applicable"), S_INIT("criteria") };
    SchemeReader r      = { .a = keep, .faults = faults, .code = S("scheme") };
    size_t       before = faults->all;
    *out = (Scheme){ .max = NAN };
    if (!json_is(json, JSON_OBJECT)) {
        scheme_wrong(&r, SCHEME_FAULT_ABSENT, S("scheme"), S(""));
        return false;
    }
    only(&r, json, known, COUNT_OF(known));
    out->code      = read_text(&r, json, S("code"), 100);
    r.code         = out->code.len ? out->code : r.code;
    out->title     = read_text(&r, json, S("title"), SCHEME_TEXT_BYTES);
    out->unit_kind = read_text(&r, json, S("unit_kind"), 40);
    out->source    = read_text(&r, json, S("source"), SCHEME_TEXT_BYTES);
    out->label     = read_text(&r, json, S("label"), 200);
    out->max       = read_number(&r, json, S("max"));
    out->rescale   = read_switch(&r, json, S("rescale_not_applicable"));
    double year    = read_number(&r, json, S("year"));
    if (!isnan(year) && (year < 1990 || year > 2200 || year != floor(year)))
        scheme_wrong(&r, SCHEME_FAULT_VALUE, S("year"), S(""));
    else
        out->year = isnan(year) ? 0 : (int)year;
    read_criteria(&r, json_get(json, S("criteria")), out);
    return faults->all == before;
}

bool scheme_read(Arena *keep, Arena work, const Json *json, Scheme *out, SchemeFaults *faults)
{
    if (!scheme_parse(keep, json, out, faults))
        return false;
    if (!out->len)
        scheme_fault(keep, faults, (SchemeFault){ .kind = SCHEME_FAULT_ABSENT, .code = out->code.len ? out->code : S("scheme"), .column = S("criteria") });
    return out->len && scheme_settle(keep, work, out, faults);
}

/* ---- Writing -------------------------------------------------------------------------------------------------------- */

static void write_text(Buf *b, const char *key, Str text)
{
    if (!text.len)
        return;
    buf_fmt(b, ",\"%s\":", key);
    buf_json_str(b, text);
}

static void write_labels(Buf *b, const SchemeLabels *l)
{
    for (size_t i = 0; i < l->len; i++) {
        buf_add(b, i ? S(",") : S(",\"inputs\":{"));
        buf_json_str(b, l->at[i].name);
        buf_byte(b, ':');
        buf_json_str(b, l->at[i].text);
    }
    buf_add(b, l->len ? S("}") : S(""));
}

static void write_criterion(Buf *b, const SchemeCriterion *c)
{
    buf_lit(b, "{\"code\":");
    buf_json_str(b, c->code);
    buf_lit(b, ",\"parent\":");
    if (c->parent.len)
        buf_json_str(b, c->parent);
    else
        buf_lit(b, "null");
    write_text(b, "name", c->name);
    if (!isnan(c->max)) {
        buf_lit(b, ",\"max\":");
        buf_json_f64(b, c->max);
    }
    if (!c->group)
        write_text(b, "method", scheme_method_code(c->method));
    if (c->effect != EFFECT_POINTS)
        write_text(b, "effect", scheme_effect_code(c->effect));
    if (c->has_rule) {
        buf_lit(b, ",\"rule\":");
        scheme_rule_write(b, &c->rule);
    }
    for (size_t i = 0; i < c->evidence.len; i++) {
        buf_add(b, i ? S(",") : S(",\"evidence\":["));
        buf_json_str(b, c->evidence.at[i]);
    }
    buf_add(b, c->evidence.len ? S("]") : S(""));
    write_labels(b, &c->labels);
    write_text(b, "note", c->note);
    buf_byte(b, '}');
}

void scheme_write(Buf *b, const Scheme *s)
{
    buf_lit(b, "{\"code\":");
    buf_json_str(b, s->code);
    write_text(b, "title", s->title);
    if (s->year)
        buf_fmt(b, ",\"year\":%d", s->year);
    write_text(b, "unit_kind", s->unit_kind);
    write_text(b, "source", s->source);
    write_text(b, "label", s->label);
    buf_lit(b, ",\"max\":");
    buf_json_f64(b, s->max);
    buf_fmt(b, ",\"rescale_not_applicable\":%s,\"criteria\":[", s->rescale ? "true" : "false");
    for (size_t i = 0; i < s->len; i++) {
        buf_add(b, i ? S(",\n") : S("\n"));
        write_criterion(b, &s->at[i]);
    }
    buf_lit(b, "]}\n");
}

/* ---- Cards ------------------------------------------------------------------------------------------------------------- */

void scheme_card_init(Arena *a, const Scheme *s, SchemeCard *out)
{
    *out = (SchemeCard){ .inputs = arena_new(a, SchemeInputs, s->len), .not_applicable = arena_new(a, bool, s->len),
                         .manual = arena_new(a, double, s->len), .verdict = arena_new(a, double, s->len) };
    for (size_t i = 0; i < s->len; i++)
        out->manual[i] = out->verdict[i] = NAN;
}

/* Place of the criterion that a card names. */
static int named(SchemeReader *r, const Scheme *s, Str code, Str where)
{
    int at = scheme_find(s, code);
    r->code = code;
    if (at < 0)
        scheme_wrong(r, SCHEME_FAULT_UNKNOWN, where, code);
    return at;
}

static void read_inputs(SchemeReader *r, const Json *obj, SchemeInputs *out)
{
    if (!json_is(obj, JSON_OBJECT) || obj->len > 2 * SCHEME_INPUTS) {
        scheme_wrong(r, SCHEME_FAULT_VALUE, S("inputs"), S(""));
        return;
    }
    JSON_EACH(m, obj) {
        SchemeInput x = { .name = arena_str(r->a, m->key) };
        if (json_is(m, JSON_NULL) || (json_is(m, JSON_STRING) && !str_trim(m->text).len))
            continue;
        if (json_is(m, JSON_NUMBER))
            x.value = (ExprValue){ .kind = EXPR_NUMBER, .number = m->num };
        else if (json_is(m, JSON_BOOL))
            x.value = (ExprValue){ .kind = EXPR_BOOLEAN, .number = m->truth };
        else if (json_is(m, JSON_STRING) && m->text.len <= SCHEME_TEXT_BYTES)
            x.value = (ExprValue){ .kind = EXPR_STRING, .text = arena_str(r->a, str_trim(m->text)) };
        else {
            scheme_wrong(r, SCHEME_FAULT_INPUT_VALUE, m->key, S(""));
            continue;
        }
        *list_add(r->a, out) = x;
    }
}

static void read_all_inputs(SchemeReader *r, const Scheme *s, const Json *inputs, SchemeCard *card)
{
    JSON_EACH(m, inputs) {
        int at = named(r, s, m->key, S("inputs"));
        if (at >= 0 && s->at[at].group)
            scheme_wrong(r, SCHEME_FAULT_GROUP_INPUT, S("inputs"), m->key);
        else if (at >= 0)
            read_inputs(r, m, &card->inputs[at]);
    }
}

static void read_manual(SchemeReader *r, const Scheme *s, const Json *manual, SchemeCard *card)
{
    JSON_EACH(m, manual) {
        int at = named(r, s, m->key, S("manual"));
        if (at >= 0 && (s->at[at].group || s->at[at].rule.kind != RULE_MANUAL))
            scheme_wrong(r, SCHEME_FAULT_MANUAL_RULE, S("manual"), m->key);
        else if (at >= 0 && !json_is(m, JSON_NULL) && !json_num(m, &card->manual[at]))
            scheme_wrong(r, SCHEME_FAULT_INPUT_VALUE, m->key, S(""));
    }
}

static void read_verdicts(SchemeReader *r, const Scheme *s, const Json *verdicts, SchemeCard *card)
{
    JSON_EACH(m, verdicts) {
        int at = named(r, s, m->key, S("verdicts"));
        if (at >= 0 && s->at[at].group)
            scheme_wrong(r, SCHEME_FAULT_GROUP_INPUT, S("verdicts"), m->key);
        else if (at >= 0 && !json_is(m, JSON_NULL) && !json_num(m, &card->verdict[at]))
            scheme_wrong(r, SCHEME_FAULT_INPUT_VALUE, m->key, S(""));
    }
}

static void read_not_applicable(SchemeReader *r, const Scheme *s, const Json *list, SchemeCard *card)
{
    JSON_EACH(m, list) {
        Str code = S("");
        json_str(m, &code);
        int at = named(r, s, code, S("not_applicable"));
        if (at >= 0)
            card->not_applicable[at] = true;
    }
}

static bool is_or_absent(SchemeReader *r, const Json *card, Str name, JsonKind kind)
{
    const Json *j = json_get(card, name);
    bool good = !j || json_is(j, kind);
    if (!good && !json_is(j, JSON_NULL))
        scheme_wrong(r, SCHEME_FAULT_VALUE, name, S(""));
    return good;
}

bool scheme_card_read(Arena *a, const Scheme *s, const Json *json, SchemeCard *out, SchemeFaults *faults)
{
    static const Str known[] = { S_INIT("unit"), S_INIT("inputs"), S_INIT("not_applicable"), S_INIT("manual"), S_INIT("verdicts") };
    SchemeReader r      = { .a = a, .faults = faults, .code = S("card") };
    size_t       before = faults->all;
    scheme_card_init(a, s, out);
    if (!json_is(json, JSON_OBJECT)) {
        scheme_wrong(&r, SCHEME_FAULT_ABSENT, S("card"), S(""));
        return false;
    }
    only(&r, json, known, COUNT_OF(known));
    out->unit = read_text(&r, json, S("unit"), SCHEME_TEXT_BYTES);
    if (is_or_absent(&r, json, S("inputs"), JSON_OBJECT))
        read_all_inputs(&r, s, json_get(json, S("inputs")), out);
    r.code = S("card");
    if (is_or_absent(&r, json, S("manual"), JSON_OBJECT))
        read_manual(&r, s, json_get(json, S("manual")), out);
    r.code = S("card");
    if (is_or_absent(&r, json, S("verdicts"), JSON_OBJECT))
        read_verdicts(&r, s, json_get(json, S("verdicts")), out);
    r.code = S("card");
    if (is_or_absent(&r, json, S("not_applicable"), JSON_ARRAY))
        read_not_applicable(&r, s, json_get(json, S("not_applicable")), out);
    return faults->all == before;
}

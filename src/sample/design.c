/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A design as JSON: read strictly (an unknown name is a fault, not a silence), written in one fixed form. */
#include "sample/sample.h"

#include <math.h>

static const Str methods[SAMPLE_METHOD_COUNT] = {
    [SAMPLE_ALL] = S_INIT("all"), [SAMPLE_SRS] = S_INIT("srs"), [SAMPLE_SYSTEMATIC] = S_INIT("systematic"), [SAMPLE_PPS] = S_INIT("pps"),
};
static const Str rules[SAMPLE_RULE_COUNT] = {
    [SAMPLE_FIXED] = S_INIT("fixed"), [SAMPLE_PROPORTIONAL] = S_INIT("proportional"), [SAMPLE_EQUAL] = S_INIT("equal"),
    [SAMPLE_SQRT] = S_INIT("sqrt"), [SAMPLE_NEYMAN] = S_INIT("neyman"), [SAMPLE_RATE] = S_INIT("rate"),
};

Str sample_method_code(SampleMethod m) { return methods[m]; }
Str sample_rule_code(SampleRule r) { return rules[r]; }

static int code_at(const Str *codes, int n, Str code)
{
    for (int i = 0; i < n; i++)
        if (str_eq(codes[i], code))
            return i;
    return -1;
}

bool sample_method_parse(Str code, SampleMethod *out)
{
    int i = code_at(methods, SAMPLE_METHOD_COUNT, code);
    if (i >= 0)
        *out = (SampleMethod)i;
    return i >= 0;
}

bool sample_rule_parse(Str code, SampleRule *out)
{
    int i = code_at(rules, SAMPLE_RULE_COUNT, code);
    if (i >= 0)
        *out = (SampleRule)i;
    return i >= 0;
}

/* ---- Reading ------------------------------------------------------------------------------------------ */
typedef struct DesignRead { Arena *a; SampleFaults *faults; int stage; } DesignRead;

static void wrong(DesignRead *r, SampleFaultKind kind, Str column, Str value)
{
    sample_fault(r->a, r->faults, (SampleFault){ .kind = kind, .stage = r->stage, .column = column, .value = value });
}

static void only(DesignRead *r, const Json *obj, const Str *names, size_t n)
{
    JSON_EACH(m, obj)
        if (code_at(names, (int)n, m->key) < 0)
            wrong(r, SAMPLE_FAULT_KEY, m->key, S(""));
}

/* A text without control characters, at most 200 bytes. Missing: empty. */
static Str read_text(DesignRead *r, const Json *obj, Str name)
{
    Str         text = S("");
    const Json *j    = json_get(obj, name);
    if (!j)
        return text;
    if (!json_str(j, &text) || text.len > 200)
        wrong(r, SAMPLE_FAULT_VALUE, name, str_take(text, 40));
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < ' ') {
            wrong(r, SAMPLE_FAULT_VALUE, name, S(""));
            return S("");
        }
    return arena_str(r->a, str_take(text, 200));
}

static StrList read_names(DesignRead *r, const Json *obj, Str name)
{
    StrList     list = { 0 };
    const Json *j    = json_get(obj, name);
    if (!j)
        return list;
    if (!json_is(j, JSON_ARRAY) || j->len > SAMPLE_NAMES) {
        wrong(r, SAMPLE_FAULT_VALUE, name, S(""));
        return list;
    }
    JSON_EACH(m, j) {
        Str text = S("");
        if (!json_str(m, &text) || !text.len || text.len > 200)
            wrong(r, SAMPLE_FAULT_VALUE, name, S(""));
        else
            *list_add(r->a, &list) = arena_str(r->a, text);
    }
    return list;
}

static int64_t read_count(DesignRead *r, const Json *obj, Str name, int64_t least, int64_t otherwise)
{
    int64_t     n = otherwise;
    const Json *j = json_get(obj, name);
    if (j && (!json_int(j, &n) || n < least || n > SAMPLE_CASES))
        wrong(r, SAMPLE_FAULT_VALUE, name, j->text);
    return n;
}

static bool read_switch(DesignRead *r, const Json *obj, Str name)
{
    bool        yes = false;
    const Json *j   = json_get(obj, name);
    if (j && !json_bool(j, &yes))
        wrong(r, SAMPLE_FAULT_VALUE, name, S(""));
    return yes;
}

static void read_by(DesignRead *r, const Json *take, SampleTake *t)
{
    const Json *by = json_get(take, S("by"));
    if (by && !json_is(by, JSON_OBJECT))
        wrong(r, SAMPLE_FAULT_VALUE, S("by"), S(""));
    if (!json_is(by, JSON_OBJECT))
        return;
    JSON_EACH(m, by) {
        int64_t n;
        if (!json_int(m, &n) || n < 0 || n > SAMPLE_CASES)
            wrong(r, SAMPLE_FAULT_VALUE, m->key, m->text);
        else
            *list_add(r->a, &t->by) = (SampleShare){ arena_str(r->a, m->key), n };
    }
}

static void read_take(DesignRead *r, const Json *stage, SampleTake *t)
{
    static const Str known[] = { S_INIT("rule"), S_INIT("n"), S_INIT("rate"), S_INIT("of"), S_INIT("sd"), S_INIT("least"), S_INIT("most"), S_INIT("by") };
    const Json *take = json_get(stage, S("take"));
    if (!json_is(take, JSON_OBJECT)) {
        wrong(r, SAMPLE_FAULT_VALUE, S("take"), S(""));
        return;
    }
    only(r, take, known, COUNT_OF(known));
    Str rule = read_text(r, take, S("rule"));
    if (rule.len && !sample_rule_parse(rule, &t->rule))
        wrong(r, SAMPLE_FAULT_VALUE, S("rule"), rule);
    bool rate = t->rule == SAMPLE_RATE;
    t->n      = read_count(r, take, S("n"), 1, 0);
    t->of     = read_text(r, take, S("of"));
    t->sd     = read_text(r, take, S("sd"));
    t->least  = read_count(r, take, S("least"), 0, t->rule == SAMPLE_FIXED ? 0 : 1);
    t->most   = read_count(r, take, S("most"), 1, 0);
    read_by(r, take, t);
    if (rate ? !json_num(json_get(take, S("rate")), &t->rate) || !(t->rate > 0 && t->rate <= 1) : json_get(take, S("rate")) != NULL)
        wrong(r, SAMPLE_FAULT_VALUE, S("rate"), S(""));
    if (rate ? t->n != 0 : t->n < 1 && !t->by.len)
        wrong(r, SAMPLE_FAULT_VALUE, S("n"), S(""));
    if ((t->rule == SAMPLE_NEYMAN) != (t->sd.len > 0))
        wrong(r, SAMPLE_FAULT_SD_COLUMN, S("sd"), t->sd);
    if (t->by.len && t->rule != SAMPLE_FIXED)
        wrong(r, SAMPLE_FAULT_VALUE, S("by"), S(""));
    if (t->most && t->most < t->least)
        wrong(r, SAMPLE_FAULT_VALUE, S("most"), S(""));
}

static void read_stage(DesignRead *r, const Json *j, SampleStage *s, bool last)
{
    static const Str known[] = { S_INIT("label"), S_INIT("unit"), S_INIT("count"), S_INIT("strata"), S_INIT("method"), S_INIT("size"),
                                 S_INIT("size_each"), S_INIT("shuffle"), S_INIT("take"), S_INIT("reserve") };
    only(r, j, known, COUNT_OF(known));
    Str method   = read_text(r, j, S("method"));
    s->label     = read_text(r, j, S("label"));
    s->unit      = read_text(r, j, S("unit"));
    s->count     = read_text(r, j, S("count"));
    s->strata    = read_names(r, j, S("strata"));
    s->size      = read_text(r, j, S("size"));
    s->size_each = read_switch(r, j, S("size_each"));
    s->shuffle   = read_switch(r, j, S("shuffle"));
    s->reserve   = read_count(r, j, S("reserve"), 0, 0);
    if (!sample_method_parse(method, &s->method)) {
        wrong(r, SAMPLE_FAULT_VALUE, S("method"), method);
        return;
    }
    if (s->method != SAMPLE_ALL)
        read_take(r, j, &s->take);
    else if (json_get(j, S("take")))
        wrong(r, SAMPLE_FAULT_VALUE, S("take"), S(""));
    if ((s->method == SAMPLE_PPS) != (s->size.len > 0))
        wrong(r, SAMPLE_FAULT_SIZE_COLUMN, S("size"), s->size);
    if (!last && (!s->unit.len || s->count.len || s->reserve))
        wrong(r, SAMPLE_FAULT_LAST, s->unit.len ? s->count.len ? S("count") : S("reserve") : S("unit"), S(""));
    bool numbers = s->count.len > 0;
    if (numbers && (s->unit.len || s->strata.len || s->method == SAMPLE_PPS || s->shuffle))
        wrong(r, SAMPLE_FAULT_VALUE, S("count"), s->count);
    if (s->reserve && s->method != SAMPLE_SRS)
        wrong(r, SAMPLE_FAULT_VALUE, S("reserve"), method);
    if (s->shuffle && last)
        wrong(r, SAMPLE_FAULT_VALUE, S("shuffle"), S(""));
}

bool sample_design_of(Arena *a, const Json *tree, SampleDesign *out, SampleFaults *faults)
{
    static const Str known[] = { S_INIT("thuocdo"), S_INIT("version"), S_INIT("title"), S_INIT("stages"), S_INIT("keep") };
    DesignRead   r       = { .a = a, .faults = faults };
    SampleDesign d       = { 0 };
    Str          kind    = S("");
    int64_t      before  = faults->all, version = 0;
    only(&r, tree, known, COUNT_OF(known));
    if (!json_str(json_get(tree, S("thuocdo")), &kind) || !str_eq(kind, S("sample-design")))
        wrong(&r, SAMPLE_FAULT_VALUE, S("thuocdo"), kind);
    if (!json_int(json_get(tree, S("version")), &version) || version != 1)
        wrong(&r, SAMPLE_FAULT_VALUE, S("version"), S(""));
    d.title = read_text(&r, tree, S("title"));
    d.keep  = read_names(&r, tree, S("keep"));
    for (size_t i = 0; i < d.keep.len; i++)
        if (str_starts(d.keep.at[i], S("td_")))
            wrong(&r, SAMPLE_FAULT_KEEP, d.keep.at[i], S(""));
    const Json *stages = json_get(tree, S("stages"));
    if (!json_is(stages, JSON_ARRAY) || stages->len < 1 || stages->len > SAMPLE_STAGES) {
        wrong(&r, SAMPLE_FAULT_STAGES, S("stages"), S(""));
        return false;
    }
    JSON_EACH(m, stages) {
        bool last = ++r.stage == (int)stages->len;
        if (json_is(m, JSON_OBJECT))
            read_stage(&r, m, &d.stage[d.stages++], last);
        else
            wrong(&r, SAMPLE_FAULT_VALUE, S("stages"), S(""));
    }
    r.stage = 1;
    if (d.stages == 1 && d.stage[0].count.len)          /* numbers are drawn within units: there must be a stage above */
        wrong(&r, SAMPLE_FAULT_VALUE, S("count"), d.stage[0].count);
    *out = d;
    return faults->all == before;
}

bool sample_design_read(Arena *a, Str json, SampleDesign *out, SampleFaults *faults)
{
    const Json *tree;
    Err         e = json_parse(a, str_starts(json, S("\xEF\xBB\xBF")) ? str_skip(json, 3) : json, &tree);
    if (!e && json_is(tree, JSON_OBJECT))
        return sample_design_of(a, tree, out, faults);
    sample_fault(a, faults, (SampleFault){ .kind = SAMPLE_FAULT_JSON, .value = e ? e->detail : S("") });
    return false;
}

/* ---- Writing -------------------------------------------------------------------------------------------- */
static void write_text(Buf *b, const char *name, Str text)
{
    buf_fmt(b, ",\"%s\":", name);
    buf_json_str(b, text);
}

static void write_names(Buf *b, const char *name, const StrList *list)
{
    buf_fmt(b, ",\"%s\":[", name);
    for (size_t i = 0; i < list->len; i++) {
        buf_add(b, i ? S(",") : S(""));
        buf_json_str(b, list->at[i]);
    }
    buf_byte(b, ']');
}

static void write_take(Buf *b, const SampleTake *t)
{
    buf_lit(b, ",\"take\":{\"rule\":");
    buf_json_str(b, rules[t->rule]);
    if (t->n)
        buf_fmt(b, ",\"n\":%lld", (long long)t->n);
    if (t->rule == SAMPLE_RATE) {
        buf_lit(b, ",\"rate\":");
        buf_json_f64(b, t->rate);
    }
    if (t->of.len)
        write_text(b, "of", t->of);
    if (t->sd.len)
        write_text(b, "sd", t->sd);
    buf_fmt(b, ",\"least\":%lld", (long long)t->least);
    if (t->most)
        buf_fmt(b, ",\"most\":%lld", (long long)t->most);
    if (t->by.len) {
        buf_lit(b, ",\"by\":{");
        for (size_t i = 0; i < t->by.len; i++) {
            buf_add(b, i ? S(",") : S(""));
            buf_json_str(b, t->by.at[i].stratum);
            buf_fmt(b, ":%lld", (long long)t->by.at[i].n);
        }
        buf_byte(b, '}');
    }
    buf_byte(b, '}');
}

void sample_design_write(Buf *b, const SampleDesign *d)
{
    buf_lit(b, "{\"thuocdo\":\"sample-design\",\"version\":1");
    write_text(b, "title", d->title);
    buf_lit(b, ",\"stages\":[");
    for (size_t i = 0; i < d->stages; i++) {
        const SampleStage *s = &d->stage[i];
        buf_add(b, i ? S(",{\"label\":") : S("{\"label\":"));
        buf_json_str(b, s->label);
        write_text(b, s->count.len ? "count" : "unit", s->count.len ? s->count : s->unit);
        if (s->strata.len)
            write_names(b, "strata", &s->strata);
        write_text(b, "method", methods[s->method]);
        if (s->size.len)
            write_text(b, "size", s->size);
        buf_add(b, s->size_each ? S(",\"size_each\":true") : S(""));
        buf_add(b, s->shuffle ? S(",\"shuffle\":true") : S(""));
        if (s->method != SAMPLE_ALL)
            write_take(b, &s->take);
        if (s->reserve)
            buf_fmt(b, ",\"reserve\":%lld", (long long)s->reserve);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
    write_names(b, "keep", &d->keep);
    buf_byte(b, '}');
}

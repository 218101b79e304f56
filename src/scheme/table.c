/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes as rows of a spreadsheet: one row a criterion under a heading. A row whose code begins with # says something of the
 * scheme itself, one whose code is + is a part of the rule that adds up above it. Headings and words in Vietnamese or English. */
#include "scheme/parts.h"

#include "base/csv.h"
#include "base/xlsx.h"

typedef enum Column { COL_CODE, COL_PARENT, COL_NAME, COL_MAX, COL_EFFECT, COL_METHOD, COL_RULE, COL_OF, COL_PARAMS, COL_EVIDENCE, COL_NOTE, COL_INPUTS,
    COL_COUNT } Column;
static const Str columns[COL_COUNT] = {
    [COL_CODE] = S_INIT("code"), [COL_PARENT] = S_INIT("parent"), [COL_NAME] = S_INIT("name"), [COL_MAX] = S_INIT("max"),
    [COL_EFFECT] = S_INIT("effect"), [COL_METHOD] = S_INIT("method"), [COL_RULE] = S_INIT("rule"), [COL_OF] = S_INIT("of"),
    [COL_PARAMS] = S_INIT("params"), [COL_EVIDENCE] = S_INIT("evidence"), [COL_NOTE] = S_INIT("note"), [COL_INPUTS] = S_INIT("inputs"),
};
typedef enum About { ABOUT_CODE, ABOUT_TITLE, ABOUT_YEAR, ABOUT_KIND, ABOUT_MAX, ABOUT_RESCALE, ABOUT_SOURCE, ABOUT_LABEL, ABOUT_COUNT } About;
static const Str abouts[ABOUT_COUNT] = {
    [ABOUT_CODE] = S_INIT("code"), [ABOUT_TITLE] = S_INIT("title"), [ABOUT_YEAR] = S_INIT("year"), [ABOUT_KIND] = S_INIT("unit_kind"),
    [ABOUT_MAX] = S_INIT("max"), [ABOUT_RESCALE] = S_INIT("rescale_not_applicable"), [ABOUT_SOURCE] = S_INIT("source"), [ABOUT_LABEL] = S_INIT("label"),
};

typedef struct Row { int number; const Str *at; size_t len; } Row;
typedef LIST(Row) Rows;
typedef struct TableReader {
    SchemeReader r;
    Scheme      *s;
    LIST(SchemeCriterion) list;
    LIST(SchemeRule) parts;                /* of the last criterion */
    int          where[COL_COUNT];         /* -1: not there */
} TableReader;

Str scheme_fault_column(Lang l, const SchemeFault *f)
{
    for (int i = 0; i < COL_COUNT; i++)
        if (str_eq(columns[i], f->column)) {
            char key[60] = "scheme.column.";
            strncat(key, columns[i].at, 40);
            return text_find(l, str_from_c(key));
        }
    for (int i = 0; i < MEMBER_COUNT; i++)
        if (str_eq(scheme_rule_members[i], f->column))
            return text_find(l, S("scheme.column.params"));
    return S("");
}

/* ---- Words ---------------------------------------------------------------------------------------------------- */

static Str column_code(int i) { return columns[i]; }
static Str about_code(int i) { return abouts[i]; }
static Str rule_code(int i) { return scheme_rule_code((SchemeRuleKind)i); }
static Str method_code(int i) { return scheme_method_code((SchemeMethod)i); }
static Str effect_code(int i) { return scheme_effect_code((SchemeEffect)i); }
static Str member_code(int i) { return scheme_rule_members[i]; }

static Str cell(const TableReader *t, const Row *row, Column c)
{
    int at   = t->where[c];
    Str text = at >= 0 && (size_t)at < row->len ? str_trim(row->at[at]) : S("");
    /* The apostrophe that our own files put before what a spreadsheet could take for a formula. */
    return text.len > 1 && text.at[0] == '\'' && strchr("=+-@", text.at[1]) ? str_skip(text, 1) : text;
}

static void wrong(TableReader *t, SchemeFaultKind kind, Column c, Str value)
{
    scheme_wrong(&t->r, kind, columns[c], value);
}

static double number_cell(TableReader *t, Str text, Column c)
{
    double x = text.len ? expr_number_read(text) : NAN;
    if (text.len && isnan(x))
        wrong(t, SCHEME_FAULT_VALUE, c, text);
    return x;
}

/* Texts are kept; longer ones and control characters are faults. */
static Str text_cell(TableReader *t, Str text, Column c, size_t most)
{
    bool good = text.len <= most;
    for (size_t i = 0; good && i < text.len; i++)
        good = ((unsigned char)text.at[i] >= ' ' && text.at[i] != 0x7F) || text.at[i] == '\n';
    if (!good)
        wrong(t, SCHEME_FAULT_VALUE, c, text);
    return good ? str_replace(t->r.a, text, S("\n"), S(" ")) : S("");
}

/* ---- Rules of a row -------------------------------------------------------------------------------------------------- */

static void param_named(TableReader *t, SchemeRule *rule, Str name, Str value)
{
    int member = text_code_meant(*t->r.a, name, "scheme.param.", member_code, MEMBER_COUNT);
    if (member < 0 || !(scheme_rule_takes[rule->kind] >> member & 1)) {
        scheme_wrong(&t->r, SCHEME_FAULT_KEY, name, name);
        return;
    }
    if (member == MEMBER_DUE) {
        rule->due = arena_str(t->r.a, value);
        return;
    }
    double *to[MEMBER_COUNT] = { [MEMBER_POINTS] = &rule->points, [MEMBER_FLOOR] = &rule->floor, [MEMBER_FULL] = &rule->full,
                                 [MEMBER_EACH] = &rule->each, [MEMBER_CAP] = &rule->cap };
    if (to[member])
        *to[member] = number_cell(t, value, COL_PARAMS);
}

/* "100: 1; 80: 0,5" for thresholds and choices, "each = 0,5; cap = 2" for others. */
static void params_read(TableReader *t, Str text, SchemeRule *rule)
{
    LIST(SchemeStep) steps = { 0 };
    bool pairs = rule->kind == RULE_THRESHOLDS || rule->kind == RULE_CHOICE;
    while (text.len) {
        StrPair part = str_cut(text, ';'), pair = pairs ? str_cut_last(part.head, ':') : str_cut(part.head, '=');
        Str     name = str_trim(pair.head), value = str_trim(pair.tail);
        text = part.tail;
        if (!str_trim(part.head).len)
            continue;
        if (!value.len || steps.len >= SCHEME_STEPS) {
            wrong(t, SCHEME_FAULT_VALUE, COL_PARAMS, part.head);
            return;
        }
        if (!pairs) {
            param_named(t, rule, name, value);
            continue;
        }
        SchemeStep step = { .value = arena_str(t->r.a, name), .points = number_cell(t, value, COL_PARAMS) };
        if (rule->kind == RULE_THRESHOLDS)
            step.bound = number_cell(t, name, COL_PARAMS);
        if (isnan(step.points) || isnan(step.bound))
            return;
        *list_add(t->r.a, &steps) = step;
    }
    rule->steps      = steps.at;
    rule->step_count = steps.len;
}

static bool rule_read(TableReader *t, const Row *row, SchemeRule *out)
{
    Str kind = cell(t, row, COL_RULE);
    *out = (SchemeRule){ .points = NAN, .floor = NAN, .full = NAN, .each = NAN, .cap = NAN, .row = row->number };
    if (!kind.len)
        return false;
    int i = text_code_meant(*t->r.a, kind, "scheme.rule.", rule_code, RULE_KIND_COUNT);
    if (i < 0) {
        wrong(t, SCHEME_FAULT_RULE, COL_RULE, kind);
        return false;
    }
    out->kind = (SchemeRuleKind)i;
    out->of   = text_cell(t, cell(t, row, COL_OF), COL_OF, SCHEME_TEXT_BYTES);
    if (out->of.len && !(scheme_rule_takes[i] >> MEMBER_OF & 1))
        wrong(t, SCHEME_FAULT_KEY, COL_OF, out->of);
    params_read(t, cell(t, row, COL_PARAMS), out);
    return true;
}

/* ---- Rows ---------------------------------------------------------------------------------------------------------------- */

static void about_read(TableReader *t, const Row *row)
{
    Str name = str_skip(cell(t, row, COL_CODE), 1), value = cell(t, row, COL_NAME);
    int i    = text_code_meant(*t->r.a, name, "scheme.about.", about_code, ABOUT_COUNT);
    if (!value.len)
        value = cell(t, row, COL_MAX);
    Str text = text_cell(t, value, COL_NAME, i == ABOUT_CODE ? 100 : i == ABOUT_KIND ? 40 : i == ABOUT_LABEL ? 200 : SCHEME_TEXT_BYTES);
    switch (i) {
    case ABOUT_CODE: t->s->code = text; break;
    case ABOUT_TITLE: t->s->title = text; break;
    case ABOUT_KIND: t->s->unit_kind = text; break;
    case ABOUT_SOURCE: t->s->source = text; break;
    case ABOUT_LABEL: t->s->label = text; break;
    case ABOUT_MAX: t->s->max = number_cell(t, value, COL_MAX); break;
    case ABOUT_YEAR: {
        double year = number_cell(t, value, COL_NAME);
        if (year >= 1990 && year <= 2200)
            t->s->year = (int)year;
        else
            wrong(t, SCHEME_FAULT_VALUE, COL_NAME, value);
        break;
    }
    case ABOUT_RESCALE: {
        Str fold = text_fold(t->r.a, value);
        t->s->rescale = str_eq(fold, S("co")) || str_eq(fold, S("yes")) || str_eq(fold, S("1")) || str_eq(fold, S("true"));
        break;
    }
    default: scheme_wrong(&t->r, SCHEME_FAULT_KEY, S("#"), name); break;
    }
}

/* What was gathered below a rule that adds up becomes its parts. */
static void parts_done(TableReader *t)
{
    if (!t->parts.len)
        return;
    SchemeRule *rule = &t->list.at[t->list.len - 1].rule;
    rule->parts      = t->parts.at;
    rule->part_count = t->parts.len;
    memset(&t->parts, 0, sizeof t->parts);
}

static void part_read(TableReader *t, const Row *row)
{
    SchemeCriterion *c = t->list.len ? &t->list.at[t->list.len - 1] : NULL;
    SchemeRule       rule;
    t->r.code = c ? c->code : S("");
    bool read = rule_read(t, row, &rule);
    if (!c || !c->has_rule || c->rule.kind != RULE_SUM || t->parts.len >= SCHEME_PARTS || !read || rule.kind == RULE_SUM)
        wrong(t, SCHEME_FAULT_PART, COL_RULE, S(""));
    else
        *list_add(t->r.a, &t->parts) = rule;
}

/* "xong: Nhiệm vụ đã hoàn thành; giao: Nhiệm vụ được giao". */
static void labels_read(TableReader *t, Str text, SchemeLabels *out)
{
    while (text.len) {
        StrPair part = str_cut(text, ';'), pair = str_cut(part.head, ':');
        Str     name = str_trim(pair.head), label = str_trim(pair.tail);
        text = part.tail;
        if (!str_trim(part.head).len)
            continue;
        if (!name.len || !label.len || out->len >= SCHEME_INPUTS)
            wrong(t, SCHEME_FAULT_VALUE, COL_INPUTS, part.head);
        else
            *list_add(t->r.a, out) = (SchemeLabel){ arena_str(t->r.a, name), text_cell(t, label, COL_INPUTS, SCHEME_LABEL_BYTES) };
    }
}

static void criterion_read(TableReader *t, const Row *row)
{
    SchemeCriterion c = { .row = row->number };
    t->r.code = cell(t, row, COL_CODE);
    parts_done(t);
    c.code   = text_cell(t, cell(t, row, COL_CODE), COL_CODE, SCHEME_CODE_BYTES);
    c.parent = text_cell(t, cell(t, row, COL_PARENT), COL_PARENT, SCHEME_CODE_BYTES);
    c.name   = text_cell(t, cell(t, row, COL_NAME), COL_NAME, SCHEME_TEXT_BYTES);
    c.note   = text_cell(t, cell(t, row, COL_NOTE), COL_NOTE, SCHEME_TEXT_BYTES);
    c.max    = number_cell(t, cell(t, row, COL_MAX), COL_MAX);
    Str method = cell(t, row, COL_METHOD), effect = cell(t, row, COL_EFFECT), evidence = cell(t, row, COL_EVIDENCE);
    int m = method.len ? text_code_meant(*t->r.a, method, "scheme.method.", method_code, METHOD_COUNT) : METHOD_SCORED;
    int e = effect.len ? text_code_meant(*t->r.a, effect, "scheme.effect.", effect_code, EFFECT_COUNT) : EFFECT_POINTS;
    if (m < 0)
        wrong(t, SCHEME_FAULT_METHOD, COL_METHOD, method);
    if (e < 0)
        wrong(t, SCHEME_FAULT_VALUE, COL_EFFECT, effect);
    c.method     = m < 0 ? METHOD_SCORED : (SchemeMethod)m;
    c.effect     = e < 0 ? EFFECT_POINTS : (SchemeEffect)e;
    c.has_effect = effect.len > 0;
    c.has_rule   = rule_read(t, row, &c.rule);
    while (evidence.len && c.evidence.len < SCHEME_PARTS) {
        StrPair p = str_cut(evidence, ';');
        evidence  = p.tail;
        if (str_trim(p.head).len)
            *list_add(t->r.a, &c.evidence) = text_cell(t, str_trim(p.head), COL_EVIDENCE, SCHEME_TEXT_BYTES);
    }
    labels_read(t, cell(t, row, COL_INPUTS), &c.labels);
    if (t->list.len < SCHEME_CRITERIA)
        *list_add(t->r.a, &t->list) = c;
    else if (t->list.len == SCHEME_CRITERIA)
        wrong(t, SCHEME_FAULT_TOO_MANY, COL_CODE, S(""));
}

static bool heading_read(TableReader *t, const Row *row)
{
    static const Column needed[] = { COL_CODE, COL_PARENT, COL_NAME, COL_MAX };
    size_t before = t->r.faults->all;
    for (int i = 0; i < COL_COUNT; i++)
        t->where[i] = -1;
    for (size_t k = 0; k < row->len; k++) {
        int i = text_code_meant(*t->r.a, row->at[k], "scheme.column.", column_code, COL_COUNT);
        if (i >= 0 && t->where[i] < 0)
            t->where[i] = (int)k;
    }
    t->r.row = row->number;
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (t->where[needed[i]] < 0)
            scheme_wrong(&t->r, SCHEME_FAULT_HEADING, text_find(LANG_VI, str_concat(t->r.a, S("scheme.column."), columns[needed[i]])), S(""));
    return t->r.faults->all == before;
}

static bool rows_read(Arena *keep, Arena work, const Rows *rows, Scheme *out, SchemeFaults *faults)
{
    TableReader t      = { .r = { .a = keep, .faults = faults }, .s = out };
    size_t      before = faults->all;
    if (rows->len < 2) {
        scheme_wrong(&t.r, SCHEME_FAULT_NO_ROWS, S(""), S(""));
        return false;
    }
    if (!heading_read(&t, &rows->at[0]))
        return false;
    for (size_t i = 1; i < rows->len; i++) {
        const Row *row  = &rows->at[i];
        Str        code = cell(&t, row, COL_CODE);
        t.r.row  = row->number;
        t.r.code = S("");
        if (str_starts(code, S("#")))
            about_read(&t, row);
        else if (str_eq(code, S("+")))
            part_read(&t, row);
        else
            criterion_read(&t, row);
    }
    parts_done(&t);
    t.r.code = S("");
    if (!t.list.len && faults->all == before)
        scheme_wrong(&t.r, SCHEME_FAULT_NO_ROWS, S(""), S(""));
    out->at  = t.list.at;
    out->len = t.list.len;
    return (t.list.len ? scheme_settle(keep, work, out, faults) : false) && faults->all == before;
}

/* What is kept is JSON, read under the limits of JSON: a file that gives none which can be read back is refused here. */
static bool kept_as_json(Arena *keep, Arena work, const Scheme *s, SchemeFaults *faults)
{
    Buf         b = buf_new(keep, 4096);
    const Json *json;
    Scheme      again;
    scheme_write(&b, s);
    Err e = json_parse(keep, buf_str(&b), &json);
    if (e)
        scheme_fault(keep, faults, (SchemeFault){ .kind = SCHEME_FAULT_JSON, .value = e->detail });
    return !e && scheme_read(keep, work, json, &again, faults);
}

/* ---- Files ------------------------------------------------------------------------------------------------------------------ */

static bool xlsx_rows(Arena *a, Str bytes, Rows *out, SchemeFaults *faults)
{
    XlsxBook  book;
    XlsxFault why = { 0 };
    if (xlsx_read(a, bytes, XLSX_LIMITS, &book, &why)) {
        scheme_fault(a, faults, (SchemeFault){ .kind = SCHEME_FAULT_XLSX, .value = xlsx_fault_name(why.kind), .row = (int)why.row });
        return false;
    }
    for (size_t i = 0; i < book.len && !out->len; i++)
        for (size_t r = 0; r < book.at[i].len && !book.at[i].hidden; r++)
            *list_add(a, out) = (Row){ (int)book.at[i].at[r].number, book.at[i].at[r].at, book.at[i].at[r].len };
    return true;
}

static bool csv_rows(Arena *a, Str bytes, Rows *out, SchemeFaults *faults)
{
    CsvReader csv = csv_open(bytes, 0);
    CsvRow    row;
    csv.limits = (CsvLimits){ .rows = 4 * SCHEME_CRITERIA, .columns = 100, .cell_bytes = 16384 };
    while (csv_next(&csv, a, &row))
        *list_add(a, out) = (Row){ row.line, row.at, row.len };
    if (csv.fault)
        scheme_fault(a, faults, (SchemeFault){ .kind = SCHEME_FAULT_CSV, .value = csv_fault_name(csv.fault), .row = csv.fault_line,
                                               .column = arena_fmt(a, "%d", csv.fault_column) });
    return csv.fault == CSV_FINE;
}

bool scheme_file_read(Arena *keep, Arena work, Str bytes, Scheme *out, SchemeFaults *faults)
{
    Rows        rows = { 0 };
    const Json *json;
    *out = (Scheme){ .max = NAN };
    if (str_trim(bytes).len && str_trim(bytes).at[0] == '{') {
        Err e = json_parse(keep, bytes, &json);
        if (e)
            scheme_fault(keep, faults, (SchemeFault){ .kind = SCHEME_FAULT_JSON, .value = e->detail });
        return !e && scheme_read(keep, work, json_get(json, S("scheme")) ? json_get(json, S("scheme")) : json, out, faults);
    }
    bool book = str_starts(bytes, S("PK")) || str_starts(bytes, S("\xD0\xCF\x11\xE0"));
    if (!(book ? xlsx_rows : csv_rows)(keep, bytes, &rows, faults))
        return false;
    return rows_read(keep, work, &rows, out, faults) && kept_as_json(keep, work, out, faults);
}

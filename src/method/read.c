/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A method from its table: one row a thing, what is wrong with line and column. */
#include "method/method.h"

#include "base/csv.h"
#include "base/xlsx.h"

#include <math.h>

typedef enum Column { COL_CODE, COL_PARENT, COL_KIND, COL_NAME_VI, COL_NAME_EN, COL_SOURCE, COL_VALUE, COL_COUNT } Column;
static const Str columns[COL_COUNT] = { S_INIT("code"), S_INIT("parent"), S_INIT("kind"), S_INIT("name_vi"), S_INIT("name_en"), S_INIT("source"),
                                        S_INIT("value") };
static const Str node_kinds[] = { S_INIT("index"), S_INIT("component"), S_INIT("factor") };

typedef struct Row { int line; const Str *at; size_t len; } Row;
typedef LIST(Row) Rows;
typedef struct Reader { Arena *a; SurveyMethod *m; MethodFaults *faults; int where[COL_COUNT]; int line; } Reader;

static void wrong(Reader *r, const char *key, Column c, Str value)
{
    if (r->faults->len < 200)
        *list_add(r->a, r->faults) = (MethodFault){ key, r->line, c < COL_COUNT ? columns[c] : S(""), str_take(value, 80) };
}

/* One cell, trimmed. Our own files put an apostrophe before what a spreadsheet could take for a formula. */
static Str cell(Reader *r, const Row *row, Column c)
{
    int at   = r->where[c];
    Str text = at >= 0 && (size_t)at < row->len ? str_trim(row->at[at]) : S("");
    if (text.len > 1 && text.at[0] == '\'' && strchr("=+-@", text.at[1]))
        text = str_skip(text, 1);
    bool good = text.len <= METHOD_TEXT;
    for (size_t i = 0; good && i < text.len; i++)
        good = (unsigned char)text.at[i] >= ' ' && text.at[i] != 0x7F;
    if (!good)
        wrong(r, "method.fault.text", c, S(""));
    return good ? arena_str(r->a, text) : S("");
}

static bool code_good(Str code, bool star)
{
    bool good = code.len > 0 && code.len <= 60;
    for (size_t i = 0; good && i < code.len; i++) {
        char ch = code.at[i];
        good    = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '.' || ch == '_' || ch == '-' || ch == '/' ||
               (star && ch == '*' && i && i + 1 == code.len);
    }
    return good;
}

static void read_names(Reader *r, const Row *row, Str out[LANG_COUNT], bool needed)
{
    out[LANG_VI] = cell(r, row, COL_NAME_VI);
    out[LANG_EN] = cell(r, row, COL_NAME_EN);
    if (needed && !out[LANG_VI].len)
        wrong(r, "method.fault.name", COL_NAME_VI, S(""));
    if (!out[LANG_EN].len)
        out[LANG_EN] = out[LANG_VI];
}

/* Our own files have a decimal point; files of Vietnamese spreadsheets a comma. "1,125" may be either a decimal or a count. */
static const char *weight_fault(Str text, double *out)
{
    StrPair at = str_cut(text, ',');
    bool    comma = at.head.len < text.len, grouped = at.tail.len == 3 && at.head.len <= 3 && !str_eq(at.head, S("0"));
    char    plain[48];
    double  x = 0;
    if (comma && grouped)
        return "method.fault.weight-mark";
    bool fine = text.len < sizeof plain && !(comma && memchr(text.at, '.', text.len));
    for (size_t i = 0; fine && i < text.len; i++)
        plain[i] = text.at[i] == ',' ? '.' : text.at[i];
    if (!fine || !str_to_f64((Str){ plain, text.len }, &x) || !(x > 0 && x <= 1e6))
        return "method.fault.weight";
    *out = x;
    return NULL;
}

static void read_node(Reader *r, const Row *row, Str kind, Str code)
{
    MethodNode n = { .code = code, .parent = cell(r, row, COL_PARENT), .kind = kind, .source = cell(r, row, COL_SOURCE), .weight = 1, .line = row->line };
    Str value = cell(r, row, COL_VALUE);
    read_names(r, row, n.label, true);
    const char *fault = value.len ? weight_fault(value, &n.weight) : NULL;
    if (fault)
        wrong(r, fault, COL_VALUE, value);
    if (!code_good(code, false))
        wrong(r, "method.fault.code", COL_CODE, code);
    else if (method_node(r->m, code) >= 0)
        wrong(r, "method.fault.twice", COL_CODE, code);
    else if (n.parent.len && method_node(r->m, n.parent) < 0)
        wrong(r, "method.fault.parent", COL_PARENT, n.parent);
    else if (r->m->nodes.len >= METHOD_NODES)
        wrong(r, "method.fault.many", COL_CODE, code);
    else
        *list_add(r->a, &r->m->nodes) = n;
}

static void read_item(Reader *r, const Row *row, Str code)
{
    Str node = cell(r, row, COL_PARENT);
    for (size_t i = 0; i < r->m->places.len; i++)
        if (str_eq(r->m->places.at[i].code, code)) {
            wrong(r, "method.fault.placed", COL_CODE, code);
            return;
        }
    if (!code_good(code, true))
        wrong(r, "method.fault.code", COL_CODE, code);
    else if (method_node(r->m, node) < 0)
        wrong(r, "method.fault.parent", COL_PARENT, node);
    else if (r->m->places.len >= METHOD_PLACES)
        wrong(r, "method.fault.many", COL_CODE, code);
    else
        *list_add(r->a, &r->m->places) = (MethodPlace){ code, node, row->line };
}

static void read_break(Reader *r, const Row *row, Str code)
{
    MethodBreak x = { .question = code };
    read_names(r, row, x.label, true);
    for (size_t i = 0; i < r->m->breaks.len; i++)
        if (str_eq(r->m->breaks.at[i].question, code)) {
            wrong(r, "method.fault.twice", COL_CODE, code);
            return;
        }
    if (!code_good(code, false))
        wrong(r, "method.fault.code", COL_CODE, code);
    else if (r->m->breaks.len >= METHOD_BREAKS)
        wrong(r, "method.fault.many", COL_CODE, code);
    else
        *list_add(r->a, &r->m->breaks) = x;
}

static void read_rule(Reader *r, const Row *row, Str code)
{
    Str value = cell(r, row, COL_VALUE);
    int rule = -1, chosen = -1;
    for (int i = 0; i < METHOD_RULE_COUNT; i++)
        rule = str_eq(method_rule_code((MethodRule)i), code) ? i : rule;
    for (int k = 0; rule >= 0 && k < 2; k++)
        chosen = str_eq(method_rule_value((MethodRule)rule, k), value) ? k : chosen;
    if (rule < 0)
        wrong(r, "method.fault.rule", COL_CODE, code);
    else if (chosen < 0)
        wrong(r, "method.fault.value", COL_VALUE, value);
    else if (rule == RULE_TRANSFORM)
        r->m->transform = (MethodTransform)chosen;
    else if (rule == RULE_POOLING)
        r->m->pooling = (MethodPooling)chosen;
    else
        r->m->no_opinion = (MethodNoOpinion)chosen;
}

static void read_about(Reader *r, const Row *row, Str code)
{
    for (int i = 0; i < METHOD_ABOUT_COUNT; i++)
        if (str_eq(method_about_code((MethodAbout)i), code)) {
            read_names(r, row, r->m->about[i], false);
            return;
        }
    wrong(r, "method.fault.about", COL_CODE, code);
}

static void read_table(Reader *r, Str code)
{
    for (int i = 0; i < METHOD_TABLE_COUNT; i++)
        if (str_eq(method_table_code((MethodTable)i), code)) {
            r->m->tables |= 1u << i;
            return;
        }
    wrong(r, "method.fault.table", COL_CODE, code);
}

static void read_row(Reader *r, const Row *row)
{
    r->line  = row->line;
    Str kind = cell(r, row, COL_KIND), code = cell(r, row, COL_CODE);
    for (size_t i = 0; i < COUNT_OF(node_kinds); i++)
        if (str_eq(kind, node_kinds[i])) {
            read_node(r, row, kind, code);
            return;
        }
    if (str_eq(kind, S("method"))) {
        r->m->code   = code;
        r->m->source = cell(r, row, COL_SOURCE);
        read_names(r, row, r->m->title, true);
    } else if (str_eq(kind, S("item"))) {
        read_item(r, row, code);
    } else if (str_eq(kind, S("breakdown"))) {
        read_break(r, row, code);
    } else if (str_eq(kind, S("rule"))) {
        read_rule(r, row, code);
    } else if (str_eq(kind, S("about"))) {
        read_about(r, row, code);
    } else if (str_eq(kind, S("table"))) {
        read_table(r, code);
    } else {
        wrong(r, "method.fault.kind", COL_KIND, kind);
    }
}

/* A node holds items or nodes; with places each lowest node holds items. */
static void check_tree(Reader *r)
{
    const SurveyMethod *m = r->m;
    for (size_t i = 0; m->places.len && i < m->nodes.len; i++) {
        bool nodes = false, items = false;
        for (size_t k = i + 1; k < m->nodes.len; k++)
            nodes |= str_eq(m->nodes.at[k].parent, m->nodes.at[i].code);
        for (size_t k = 0; k < m->places.len; k++)
            items |= str_eq(m->places.at[k].node, m->nodes.at[i].code);
        r->line = m->nodes.at[i].line;
        if (nodes == items)
            wrong(r, nodes ? "method.fault.mixed" : "method.fault.bare", COL_CODE, m->nodes.at[i].code);
    }
    r->line = 0;
    if (!m->nodes.len)
        wrong(r, "method.fault.empty", COL_COUNT, S(""));
}

static bool read_heading(Reader *r, const Row *row)
{
    for (int c = 0; c < COL_COUNT; c++) {
        r->where[c] = -1;
        for (size_t i = 0; i < row->len; i++)
            if (str_eq(str_trim(row->at[i]), columns[c]))
                r->where[c] = (int)i;
    }
    r->line = row->line;
    for (int c = 0; c <= COL_NAME_VI; c++)
        if (r->where[c] < 0)
            wrong(r, "method.fault.column", COL_COUNT, columns[c]);
    return r->faults->len == 0;
}

/* ---- Bytes ------------------------------------------------------------------------------------------------------------- */

static void rows_of_csv(Reader *r, Str bytes, Rows *out)
{
    CsvReader csv = csv_open(bytes, 0);
    CsvRow    row;
    csv.limits = (CsvLimits){ .rows = 5000, .columns = 40, .cell_bytes = 8192 };
    while (csv_next(&csv, r->a, &row))
        *list_add(r->a, out) = (Row){ row.line, row.at, row.len };
    r->line = csv.fault_line;
    if (csv.fault != CSV_FINE)
        wrong(r, "method.fault.csv", COL_COUNT, S(""));
}

static void rows_of_xlsx(Reader *r, Str bytes, Rows *out)
{
    XlsxBook   book;
    XlsxFault  fault  = { 0 };
    XlsxLimits limits = XLSX_LIMITS;
    limits.rows       = 5000;
    limits.places     = 100000;
    limits.cell_bytes = 8192;
    if (xlsx_read(r->a, bytes, limits, &book, &fault) || !book.len) {
        wrong(r, "method.fault.xlsx", COL_COUNT, S(""));
        return;
    }
    for (size_t i = 0; i < book.at[0].len; i++)
        *list_add(r->a, out) = (Row){ (int)book.at[0].at[i].number, book.at[0].at[i].at, book.at[0].at[i].len };
}

void method_read(Arena *a, Str bytes, SurveyMethod *out, MethodFaults *faults)
{
    Rows   rows = { 0 };
    Reader r    = { .a = a, .m = out, .faults = faults };
    *out = (SurveyMethod){ 0 };
    if (str_starts(bytes, S("PK")))
        rows_of_xlsx(&r, bytes, &rows);
    else
        rows_of_csv(&r, bytes, &rows);
    if (faults->len)
        return;
    if (!rows.len) {
        wrong(&r, "method.fault.empty", COL_COUNT, S(""));
        return;
    }
    if (!read_heading(&r, &rows.at[0]))
        return;
    for (size_t i = 1; i < rows.len; i++)
        read_row(&r, &rows.at[i]);
    check_tree(&r);
}

Err method_parse(Arena *a, Str csv, SurveyMethod *out)
{
    MethodFaults faults = { 0 };
    CsvTable     t;
    TRY(csv_read(a, csv, CSV_LIMITS, &t));
    method_read(a, csv, out, &faults);
    return OK;
}

Str method_fault_place(Arena *a, Lang l, const MethodFault *f)
{
    if (!f->line)
        return text_of(l, "method.fault.whole");
    if (!f->column.len)
        return text_fmt(a, l, "method.fault.line", ARG_N("line", f->line));
    return text_fmt(a, l, "method.fault.at", ARG_N("line", f->line), ARG_S("column", f->column));
}

Str method_fault_text(Arena *a, Lang l, const MethodFault *f)
{
    return text_fill(a, l, text_find(l, str_from_c(f->key)), (TextArg[]){ ARG_S("value", f->value) }, 1);
}

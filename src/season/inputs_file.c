/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inputs of a season as rows of a spreadsheet, there and back. A file is taken whole or not at all. */
#include "season/inputs.h"

#include "base/csv.h"
#include "base/xlsx.h"

#include <math.h>

static const char *const columns[INPUT_COLUMN_COUNT] = { "season.inputs.column.unit", "season.inputs.column.name", "season.inputs.column.code",
                                                         "season.inputs.column.input", "season.inputs.column.value",
                                                         "season.inputs.column.seen" };
static const char *const faults_text[INPUT_FAULT_KIND_COUNT] = {
    [INPUT_FAULT_CSV] = "season.inputs.fault.csv", [INPUT_FAULT_XLSX] = "season.inputs.fault.xlsx", [INPUT_FAULT_HEADING] = "season.inputs.fault.heading",
    [INPUT_FAULT_EMPTY] = "season.inputs.fault.empty", [INPUT_FAULT_UNIT] = "season.inputs.fault.unit", [INPUT_FAULT_CODE] = "season.inputs.fault.code",
    [INPUT_FAULT_OWN] = "season.inputs.fault.own", [INPUT_FAULT_INPUT] = "season.inputs.fault.input", [INPUT_FAULT_VALUE] = "season.inputs.fault.value",
    [INPUT_FAULT_TWICE] = "season.inputs.fault.twice", [INPUT_FAULT_MEANWHILE] = "season.inputs.fault.meanwhile",
};

typedef struct Row { int line; const Str *at; size_t len; } Row;
typedef LIST(Row) Rows;
typedef struct Reader {
    Arena *a; Lang l; const Scheme *s; const Units *units; SeasonInputs *out; InputFaults *faults;
    int where[INPUT_COLUMN_COUNT], line;
    bool book;                             /* cells of numbers come with a point, whatever the language */
    LIST(Buf) text;                        /* JSON of out's inputs, still open */
    LIST(StrList) names;                   /* that it holds */
} Reader;

Str input_column_text(Lang l, InputColumn c)
{
    return text_find(l, str_from_c(columns[c]));
}

Str input_fault_text(Arena *a, Lang l, const InputFault *f)
{
    return text_fill(a, l, text_find(l, str_from_c(faults_text[f->kind])), (TextArg[]){ ARG_S("value", f->value) }, 1);
}

static bool wrong(Reader *r, InputFaultKind kind, Str column, Str value)
{
    r->faults->all++;
    if (r->faults->len < INPUT_FAULTS)
        *list_add(r->a, r->faults) = (InputFault){ kind, r->line, column, arena_str(r->a, str_take(value, 200)) };
    return false;
}

/* ---- Names a criterion takes -------------------------------------------------------------------------------------------- */

static bool carries(const SchemeRule *r, size_t input)
{
    for (size_t i = 0; i < r->part_count; i++)
        if (carries(&r->parts[i], input))
            return true;
    for (int k = 0; k < r->code.ref_count && (r->kind == RULE_PROPORTIONAL || r->kind == RULE_FORMULA); k++)
        if (r->code.refs[k].node == (int)input)
            return true;
    return false;
}

StrList input_names(Arena *a, Lang l, const SchemeCriterion *x)
{
    StrList names = { 0 };
    for (size_t i = 0; i < x->input_count; i++) {
        *list_add(a, &names) = x->inputs[i];
        if (carries(&x->rule, i))
            *list_add(a, &names) = str_concat(a, x->inputs[i], S("_se"));
    }
    if (x->rule.kind == RULE_MANUAL)
        *list_add(a, &names) = text_of(l, "season.inputs.points");
    return names;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------------------- */

static bool rows_xlsx(Reader *r, Str bytes, Rows *out)
{
    XlsxBook  book;
    XlsxFault why = { 0 };
    if (xlsx_read(r->a, bytes, XLSX_LIMITS, &book, &why)) {
        r->line = (int)why.row;
        return wrong(r, INPUT_FAULT_XLSX, S(""), text_find(r->l, str_concat(r->a, S("files.xlsx."), xlsx_fault_name(why.kind))));
    }
    for (size_t i = 0; i < book.len && !out->len; i++)
        for (size_t k = 0; k < book.at[i].len && !book.at[i].hidden; k++)
            *list_add(r->a, out) = (Row){ (int)book.at[i].at[k].number, book.at[i].at[k].at, book.at[i].at[k].len };
    return true;
}

static bool rows_csv(Reader *r, Str bytes, Rows *out)
{
    CsvReader csv = csv_open(bytes, 0);
    CsvRow    row;
    csv.limits = (CsvLimits){ .rows = INPUT_ROWS, .columns = 100, .cell_bytes = 8192 };
    while (csv_next(&csv, r->a, &row))
        *list_add(r->a, out) = (Row){ row.line, row.at, row.len };
    if (!csv.fault)
        return true;
    r->line = csv.fault_line;
    return wrong(r, INPUT_FAULT_CSV, arena_fmt(r->a, "%d", csv.fault_column), csv_fault_name(csv.fault));
}

static Str cell(const Reader *r, const Row *row, InputColumn c)
{
    int at = r->where[c];
    return at >= 0 && (size_t)at < row->len ? str_trim(row->at[at]) : S("");
}

static bool heading(Reader *r, const Row *row)
{
    size_t before = r->faults->all;
    r->line = row->line;
    for (int c = 0; c < INPUT_COLUMN_COUNT; c++) {
        r->where[c] = -1;
        for (int l = 0; l < LANG_COUNT; l++)
            for (size_t k = 0; k < row->len; k++)
                if (str_eq(str_trim(row->at[k]), input_column_text((Lang)l, (InputColumn)c)))
                    r->where[c] = (int)k;
    }
    for (int c = INPUT_CODE; c < INPUT_SEEN; c++)
        if (r->where[c] < 0)
            wrong(r, INPUT_FAULT_HEADING, input_column_text(r->l, (InputColumn)c), S(""));
    if (r->where[INPUT_UNIT] < 0 && r->where[INPUT_NAME] < 0)
        wrong(r, INPUT_FAULT_HEADING, input_column_text(r->l, INPUT_UNIT), S(""));
    return r->faults->all == before;
}

static const Unit *unit_named(const Reader *r, Str code, Str name)
{
    for (size_t i = 0; i < r->units->len; i++) {
        const Unit *u = &r->units->at[i];
        bool by_name = str_eq(u->name_vi, name) || str_eq(u->name_en, name) || str_eq(u->full_name_vi, name);
        if (code.len ? str_eq(u->code, code) : name.len && by_name)
            return u;
    }
    return NULL;
}

/* Place of the unit's criterion in out, made when it is new. */
static size_t entry(Reader *r, UnitId unit, const SchemeCriterion *x)
{
    for (size_t i = r->out->len; i-- > 0;)
        if (r->out->at[i].unit.v == unit.v && str_eq(r->out->at[i].x.code, x->code))
            return i;
    *list_add(r->a, r->out) = (SeasonInput){ unit, { .code = x->code, .revision = -1, .manual = NAN, .points = NAN } };
    *list_add(r->a, &r->text) = buf_new(r->a, 64);
    *list_add(r->a, &r->names) = (StrList){ 0 };
    return r->out->len - 1;
}

static bool value_add(Reader *r, size_t at, const SchemeCriterion *x, Str name, Str text)
{
    double number;
    Date   day;
    Buf   *b   = &r->text.at[at];
    bool   typed = real_parse_typed(r->l, text, &number), num = typed || str_to_f64(text, &number);
    for (size_t i = 0; i < r->names.at[at].len; i++)
        if (str_eq(r->names.at[at].at[i], name))
            return wrong(r, INPUT_FAULT_TWICE, input_column_text(r->l, INPUT_INPUT), name);
    if (num && !typed && !r->book)         /* "36.525" in Vietnamese: a count, or a decimal of another keyboard */
        return wrong(r, INPUT_FAULT_VALUE, input_column_text(r->l, INPUT_VALUE), text);
    if ((x->rule.kind == RULE_MANUAL || str_ends(name, S("_se"))) && (!num || !isfinite(number) || number < 0))
        return wrong(r, INPUT_FAULT_VALUE, input_column_text(r->l, INPUT_VALUE), text);
    *list_add(r->a, &r->names.at[at]) = name;
    if (x->rule.kind == RULE_MANUAL) {
        r->out->at[at].x.manual = number;
        return true;
    }
    buf_add(b, b->len ? S(",") : S(""));
    buf_json_str(b, name);
    buf_byte(b, ':');
    if (num)
        buf_json_f64(b, number);
    else
        buf_json_str(b, date_loose(text, &day) && !date_is_none(day) ? date_iso(r->a, day) : text);
    return true;
}

static void row_read(Reader *r, const Row *row)
{
    Str         code = cell(r, row, INPUT_CODE), name = cell(r, row, INPUT_INPUT), value = cell(r, row, INPUT_VALUE), clean;
    const Unit *u    = unit_named(r, cell(r, row, INPUT_UNIT), cell(r, row, INPUT_NAME));
    int         at   = scheme_find(r->s, code);
    bool        takes = false;
    r->line = row->line;
    if (!value.len)
        return;                            /* a line of the template that was left open */
    if (!u)
        wrong(r, INPUT_FAULT_UNIT, input_column_text(r->l, INPUT_UNIT), cell(r, row, INPUT_UNIT).len ? cell(r, row, INPUT_UNIT) : cell(r, row, INPUT_NAME));
    if (at < 0 || r->s->at[at].group || season_leaf_own(&r->s->at[at])) {
        wrong(r, at < 0 || r->s->at[at].group ? INPUT_FAULT_CODE : INPUT_FAULT_OWN, input_column_text(r->l, INPUT_CODE), code);
        return;
    }
    StrList names = input_names(r->a, r->l, &r->s->at[at]);
    for (size_t i = 0; i < names.len && !takes; i++) {
        takes = str_eq(names.at[i], name) || (!name.len && names.len == 1);
        name  = takes ? names.at[i] : name;
    }
    if (!takes)
        wrong(r, INPUT_FAULT_INPUT, input_column_text(r->l, INPUT_INPUT), name);
    else if (value.len > CARD_INPUT_LETTERS || !text_clean(r->a, value, &clean))
        wrong(r, INPUT_FAULT_VALUE, input_column_text(r->l, INPUT_VALUE), S(""));
    else if (u) {
        int64_t seen  = 0;
        size_t  place = entry(r, u->id, &r->s->at[at]);
        if (str_to_i64(cell(r, row, INPUT_SEEN), &seen) && seen >= 0)
            r->out->at[place].x.revision = seen;
        value_add(r, place, &r->s->at[at], name, clean);
    }
}

bool inputs_file_read(Arena *a, Lang l, Str bytes, const Scheme *s, const Units *units, SeasonInputs *out, InputFaults *faults)
{
    Reader r    = { .a = a, .l = l, .s = s, .units = units, .out = out, .faults = faults };
    Rows   rows = { 0 };
    *out = (SeasonInputs){ 0 };
    r.book = str_starts(bytes, S("PK")) || str_starts(bytes, S("\xD0\xCF\x11\xE0"));
    if (!(r.book ? rows_xlsx : rows_csv)(&r, bytes, &rows))
        return false;
    if (rows.len && !heading(&r, &rows.at[0]))
        return false;
    for (size_t i = 1; i < rows.len; i++)
        row_read(&r, &rows.at[i]);
    for (size_t i = 0; i < out->len; i++)
        out->at[i].x.inputs = str_join(a, (Str[]){ S("{"), buf_str(&r.text.at[i]), S("}") }, 3, S(""));
    r.line = 0;
    if (!out->len && !faults->all)
        wrong(&r, INPUT_FAULT_EMPTY, S(""), S(""));
    return faults->all == 0;
}

/* ---- Writing ------------------------------------------------------------------------------------------------------------------- */

static XlsxCell value_cell(const SeasonInput *kept, const Json *json, const SchemeCriterion *x, Str name)
{
    const Json *v = json_get(json, name);
    if (kept && x->rule.kind == RULE_MANUAL && !isnan(kept->x.manual))
        return (XlsxCell){ .num = kept->x.manual, .is_num = true };
    if (json_is(v, JSON_NUMBER))
        return (XlsxCell){ .num = v->num, .is_num = true };
    return (XlsxCell){ .text = json_is(v, JSON_STRING) ? v->text : S("") };
}

static const SeasonInput *kept_of(const SeasonInputs *kept, UnitId unit, Str code)
{
    for (size_t i = 0; i < kept->len; i++)
        if (kept->at[i].unit.v == unit.v && str_eq(kept->at[i].x.code, code))
            return &kept->at[i];
    return NULL;
}

bool inputs_same(const SeasonInput *x, const SeasonInput *y)
{
    bool manual = x->x.manual == y->x.manual || (isnan(x->x.manual) && isnan(y->x.manual));
    return manual && str_eq(x->x.inputs, y->x.inputs);
}

void inputs_file_stale(Arena *a, const Units *units, const SeasonInputs *rows, const SeasonInputs *kept, InputFaults *faults)
{
    for (size_t i = 0; i < rows->len; i++) {
        const SeasonInput *x = &rows->at[i], *k = kept_of(kept, x->unit, x->x.code);
        Str                name = S("");
        if (x->x.revision < 0 || x->x.revision == (k ? k->x.revision : 0) || (k && inputs_same(k, x)))
            continue;
        for (size_t u = 0; u < units->len; u++)
            if (units->at[u].id.v == x->unit.v)
                name = units->at[u].name_vi;
        faults->all++;
        if (faults->len < INPUT_FAULTS)
            *list_add(a, faults) = (InputFault){ INPUT_FAULT_MEANWHILE, 0, S(""), str_join(a, (Str[]){ x->x.code, name }, 2, S(", ")) };
    }
}

Err inputs_file_write(Arena *a, Lang l, const Scheme *s, const Units *units, const SeasonInputs *kept, Str *out_xlsx)
{
    LIST(XlsxCells) rows = { 0 };
    static const double widths[] = { 12, 28, 10, 20, 16, 10 };
    XlsxCell *head = arena_new(a, XlsxCell, INPUT_COLUMN_COUNT);
    for (int c = 0; c < INPUT_COLUMN_COUNT; c++)
        head[c] = (XlsxCell){ .text = input_column_text(l, (InputColumn)c), .look = XLSX_HEAD };
    *list_add(a, &rows) = (XlsxCells){ head, INPUT_COLUMN_COUNT };
    for (size_t i = 0; i < s->len; i++) {
        const SchemeCriterion *x = &s->at[i];
        StrList names = x->group || season_leaf_own(x) ? (StrList){ 0 } : input_names(a, l, x);
        for (size_t u = 0; u < units->len && names.len; u++) {
            const SeasonInput *k    = kept_of(kept, units->at[u].id, x->code);
            const Json        *json = NULL;
            if (k)
                TRY(json_parse(a, k->x.inputs, &json));
            for (size_t n = 0; n < names.len; n++) {
                XlsxCell *row = arena_new(a, XlsxCell, INPUT_COLUMN_COUNT);
                row[INPUT_UNIT]  = (XlsxCell){ .text = units->at[u].code };
                row[INPUT_NAME]  = (XlsxCell){ .text = unit_name(&units->at[u], l) };
                row[INPUT_CODE]  = (XlsxCell){ .text = x->code };
                row[INPUT_INPUT] = (XlsxCell){ .text = names.at[n] };
                row[INPUT_VALUE] = value_cell(k, json, x, names.at[n]);
                row[INPUT_SEEN]  = (XlsxCell){ .num = k ? (double)k->x.revision : 0, .is_num = true };
                *list_add(a, &rows) = (XlsxCells){ row, INPUT_COLUMN_COUNT };
            }
        }
    }
    return xlsx_write(a, &(XlsxOut){ text_of(l, "season.inputs.sheet"), rows.at, rows.len, widths, COUNT_OF(widths) }, 1, out_xlsx);
}

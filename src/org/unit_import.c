/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading a list of units: headings, cells, and what each row asks for. */
#include "org/unit_import.h"
#include "base/csv.h"
#include "org/unit_rules.h"

/* ---- Reading state --------------------------------------------------------------------------------- */
typedef struct Reading {
    UnitImport *to;
    UnitPlan *p;
    Arena *a;
    UnitId scope;
    int place[UNIT_COLUMN_COUNT];          /* cell of each column; -1: not in the file */
    Str cells[UNIT_COLUMN_COUNT];          /* of the present row: NFC, trimmed */
    int line;
    Date from, end;
    UnitKind kind;
} Reading;

static void fault_at(Reading *r, UnitFaultKind kind, UnitColumn column, Str value, Str other, Date date)
{
    plan_fault(r->p, kind, unit_column_name(column, LANG_EN), value, other, date);
    UnitFault *f = &r->p->faults.at[r->p->faults.len - 1];
    f->line      = r->line;
    f->column    = r->place[column] + 1;
}

/* Faults that a rule has added since n were about fields; they get line and column here. */
static void faults_place(Reading *r, size_t n)
{
    static const struct { Str field; UnitColumn column; } fields[] = {
        { S_INIT("name_vi"), UNIT_COLUMN_NAME_VI },   { S_INIT("name_en"), UNIT_COLUMN_NAME_EN },
        { S_INIT("code"), UNIT_COLUMN_CODE },         { S_INIT("subtype"), UNIT_COLUMN_SUBTYPE },
        { S_INIT("source"), UNIT_COLUMN_SOURCE },     { S_INIT("parent"), UNIT_COLUMN_PARENT_CODE },
        { S_INIT("on"), UNIT_COLUMN_FROM },           { S_INIT("old"), UNIT_COLUMN_FORMER },
        { S_INIT("kind"), UNIT_COLUMN_KIND },         { S_INIT("children"), UNIT_COLUMN_END },
        { S_INIT("with_children"), UNIT_COLUMN_END },
    };
    for (; n < r->p->faults.len; n++) {
        UnitFault *f = &r->p->faults.at[n];
        if (f->line) continue;
        f->line          = r->line;
        UnitColumn column = UNIT_COLUMN_CODE;
        for (size_t i = 0; i < COUNT_OF(fields); i++)
            if (str_eq(f->field, fields[i].field)) column = fields[i].column;
        f->field  = unit_column_name(column, LANG_EN);
        f->column = r->place[column] >= 0 ? r->place[column] + 1 : r->place[UNIT_COLUMN_CODE] + 1;
    }
}

/* ---- Headings and cells ------------------------------------------------------------------------------ */
static bool read_header(Reading *r, const CsvRow *row)
{
    size_t before = r->p->faults.len;
    r->line       = row->line;
    for (int c = 0; c < UNIT_COLUMN_COUNT; c++) r->place[c] = -1;
    for (size_t i = 0; i < row->len; i++) {
        Str name, cell = str_trim(row->at[i]);
        if (!cell.len) continue;
        int hit = -1;
        if (!text_clean(r->a, cell, &name)) name = S("");
        Str folded = text_fold(r->a, name);
        for (int c = 0; c < UNIT_COLUMN_COUNT && hit < 0; c++)
            for (int l = 0; l < LANG_COUNT; l++)
                if (str_eq(folded, text_fold(r->a, unit_column_name((UnitColumn)c, (Lang)l)))) hit = c;
        UnitFaultKind kind = hit < 0 ? UNIT_FAULT_COLUMN_UNKNOWN : UNIT_FAULT_COLUMN_TWICE;
        if (hit >= 0 && r->place[hit] < 0) {
            r->place[hit] = (int)i;
            continue;
        }
        plan_fault(r->p, kind, name, str_take(name, 80), S(""), DATE_NONE);
        r->p->faults.at[r->p->faults.len - 1].line   = row->line;
        r->p->faults.at[r->p->faults.len - 1].column = (int)i + 1;
    }
    const UnitColumn needed[] = { UNIT_COLUMN_KIND, UNIT_COLUMN_CODE };
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (r->place[needed[i]] < 0)
            fault_at(r, UNIT_FAULT_COLUMN_MISSING, needed[i], unit_column_name(needed[i], LANG_VI), S(""), DATE_NONE);
    return r->p->faults.len == before;
}

static void read_day(Reading *r, UnitColumn column, Date *out)
{
    *out = DATE_NONE;
    if (!unit_day_typed(r->cells[column], out) || (!date_is_none(*out) && (out->day < -9000 || out->day > 50000))) {
        fault_at(r, UNIT_FAULT_DATE_BAD, column, r->cells[column], S(""), DATE_NONE);
        *out = DATE_NONE;
    }
}

static bool read_cells(Reading *r, const CsvRow *row)
{
    size_t before = r->p->faults.len;
    r->line       = row->line;
    for (int c = 0; c < UNIT_COLUMN_COUNT; c++) {
        Str raw     = r->place[c] < 0 ? S("") : csv_cell(row, (size_t)r->place[c]);
        r->cells[c] = S("");
        if (!text_clean(r->a, str_trim(raw), &r->cells[c]))
            fault_at(r, UNIT_FAULT_TEXT_BAD, (UnitColumn)c, S(""), S(""), DATE_NONE);
    }
    if (!unit_kind_word_parse(r->cells[UNIT_COLUMN_KIND], &r->kind))
        fault_at(r, UNIT_FAULT_KIND_UNKNOWN, UNIT_COLUMN_KIND, str_take(r->cells[UNIT_COLUMN_KIND], 80), S(""),
                 DATE_NONE);
    if (!r->cells[UNIT_COLUMN_CODE].len) fault_at(r, UNIT_FAULT_CODE_MISSING, UNIT_COLUMN_CODE, S(""), S(""), DATE_NONE);
    read_day(r, UNIT_COLUMN_FROM, &r->from);
    read_day(r, UNIT_COLUMN_END, &r->end);
    if (r->p->faults.len == before && date_is_none(r->from) && date_is_none(r->end))
        fault_at(r, UNIT_FAULT_DATE_MISSING, UNIT_COLUMN_FROM, S(""), S(""), DATE_NONE);
    return r->p->faults.len == before;
}

/* ---- What a row asks for ------------------------------------------------------------------------------- */
static bool in_scope(Reading *r, UnitId unit, Date on, UnitColumn column)
{
    if (tree_within(r->p->tree, unit, r->scope, on)) return true;
    const UnitLife *life = tree_life(r->p->tree, unit);
    fault_at(r, UNIT_FAULT_OUT_OF_SCOPE, column, life ? tree_unit(r->p->tree, r->a, life, on).full_name_vi : S(""),
             S(""), on);
    return false;
}

/* The parent that the row names; 0 when it names none. */
static bool read_parent(Reading *r, UnitId *out)
{
    Str      code = r->cells[UNIT_COLUMN_PARENT_CODE], word = r->cells[UNIT_COLUMN_PARENT_KIND];
    UnitKind kind = r->kind == UNIT_COMMUNE || r->kind == UNIT_DISTRICT ? UNIT_PROVINCE : UNIT_NATION;
    *out          = (UnitId){ 0 };
    if (word.len && !unit_kind_word_parse(word, &kind)) {
        fault_at(r, UNIT_FAULT_KIND_UNKNOWN, UNIT_COLUMN_PARENT_KIND, str_take(word, 80), S(""), DATE_NONE);
        return false;
    }
    if (!code.len) return true;
    const UnitLife *life = tree_by_code(r->p->tree, kind, code, r->from);
    for (int k = 0; !life && !word.len && k < UNIT_KIND_COUNT; k++)         /* no kind said: the one that has the code */
        if ((UnitKind)k != r->kind) life = tree_by_code(r->p->tree, (UnitKind)k, code, r->from);
    if (!life) {
        fault_at(r, UNIT_FAULT_PARENT_UNKNOWN, UNIT_COLUMN_PARENT_CODE, str_take(code, 80), S(""), r->from);
        return false;
    }
    *out = life->id;
    return in_scope(r, *out, r->from, UNIT_COLUMN_PARENT_CODE);
}

static UnitImportItem *item_add(Reading *r, UnitImportAct act, UnitId unit, Date on)
{
    UnitImportItem *i = list_add(r->a, &r->to->items);
    *i = (UnitImportItem){
        .line = r->line, .act = act, .unit = unit, .kind = r->kind, .code = r->cells[UNIT_COLUMN_CODE], .on = on
    };
    const UnitLife *life = tree_life(r->p->tree, unit);
    if (life) i->name = tree_unit(r->p->tree, r->a, life, on).full_name_vi;
    r->to->count[act]++;
    return i;
}

static void diff_add(Reading *r, UnitImportItem *i, UnitColumn column, Str before, Str after)
{
    if (!str_eq(before, after))
        *list_add(r->a, &i->diffs) = (UnitImportDiff){ unit_column_name(column, LANG_EN), before, after };
}

static void item_diffs(Reading *r, UnitImportItem *i, const Unit *x, const Unit *y)
{
    diff_add(r, i, UNIT_COLUMN_CODE, x->code, y->code);
    diff_add(r, i, UNIT_COLUMN_NAME_VI, x->name_vi, y->name_vi);
    diff_add(r, i, UNIT_COLUMN_NAME_EN, x->name_en, y->name_en);
    diff_add(r, i, UNIT_COLUMN_SUBTYPE, x->subtype, y->subtype);
    const UnitLife *px = tree_life(r->p->tree, x->parent), *py = tree_life(r->p->tree, y->parent);
    if (x->parent.v != y->parent.v)
        diff_add(r, i, UNIT_COLUMN_PARENT_CODE, px ? tree_unit(r->p->tree, r->a, px, i->on).full_name_vi : S(""),
                 py ? tree_unit(r->p->tree, r->a, py, i->on).full_name_vi : S(""));
}

static UnitDraft row_draft(const Reading *r, UnitId parent)
{
    return (UnitDraft){ .kind = r->kind,
                        .parent = parent,
                        .code = r->cells[UNIT_COLUMN_CODE],
                        .name_vi = r->cells[UNIT_COLUMN_NAME_VI],
                        .name_en = r->cells[UNIT_COLUMN_NAME_EN],
                        .subtype = r->cells[UNIT_COLUMN_SUBTYPE],
                        .source = r->cells[UNIT_COLUMN_SOURCE] };
}

static void row_change(Reading *r, UnitId id, UnitId parent)
{
    if (!in_scope(r, id, (Date){ r->from.day - 1 }, UNIT_COLUMN_CODE)) return;
    const UnitLife *life   = tree_life(r->p->tree, id);
    Unit            before = tree_unit(r->p->tree, r->a, life, (Date){ r->from.day - 1 });
    UnitDraft       d      = row_draft(r, parent);
    size_t          n      = r->p->faults.len;
    bool            done   = unit_plan_change(r->p, id, &d, r->from);
    if (!done && r->p->faults.len == n + 1 && r->p->faults.at[n].kind == UNIT_FAULT_NOTHING) {
        r->p->faults.len = n;
        item_add(r, UNIT_IMPORT_SAME, id, r->from);
    }
    if (!done) return;
    UnitImportItem *i     = item_add(r, UNIT_IMPORT_CHANGE, id, r->from);
    Unit            after = tree_unit(r->p->tree, r->a, tree_life(r->p->tree, id), r->from);
    item_diffs(r, i, &before, &after);
}

static void row_create(Reading *r, UnitId parent)
{
    UnitDraft d  = row_draft(r, parent.v ? parent : r->scope);
    UnitId    id = { 0 };
    if (!unit_plan_create(r->p, &d, r->from, &id)) return;
    UnitImportItem *i = item_add(r, UNIT_IMPORT_CREATE, id, r->from);
    Unit            u = tree_unit(r->p->tree, r->a, tree_life(r->p->tree, id), r->from);
    item_diffs(r, i, &(Unit){ 0 }, &u);
}

typedef LIST(UnitId) Ids;

static bool read_former(Reading *r, Ids *out)
{
    Str  rest = r->cells[UNIT_COLUMN_FORMER];
    bool fine = true;
    for (size_t i = 0; i < rest.len;) {
        size_t from = i;
        while (i < rest.len && !strchr(" ;,+", rest.at[i])) i++;
        Str code = { rest.at + from, i - from };
        while (i < rest.len && strchr(" ;,+", rest.at[i])) i++;
        if (!code.len) continue;
        const UnitLife *life = tree_by_code(r->p->tree, r->kind, code, (Date){ r->from.day - 1 });
        if (!life) fault_at(r, UNIT_FAULT_UNIT_UNKNOWN, UNIT_COLUMN_FORMER, str_take(code, 80), S(""), r->from);
        if (!life || !in_scope(r, life->id, (Date){ r->from.day - 1 }, UNIT_COLUMN_FORMER)) fine = false;
        else *list_add(r->a, out) = life->id;
    }
    return fine;
}

static void row_merge(Reading *r, const Ids *old, UnitId parent)
{
    const UnitLife *first = tree_life(r->p->tree, old->at[0]);
    UnitDraft d  = row_draft(r, parent.v ? parent : life_on(first, (Date){ r->from.day - 1 })->parent);
    UnitId    id = { 0 };
    if (!unit_plan_merge(r->p, old->at, old->len, &d, (UnitId){ 0 }, r->from, &id)) return;
    UnitImportItem *i = item_add(r, UNIT_IMPORT_MERGE, id, r->from);
    for (size_t o = 0; o < old->len; o++) {
        Unit u = tree_unit(r->p->tree, r->a, tree_life(r->p->tree, old->at[o]), (Date){ r->from.day - 1 });
        diff_add(r, i, UNIT_COLUMN_FORMER, str_join(r->a, (Str[]){ u.code, u.full_name_vi }, 2, S(" ")), S(""));
    }
}

static void row_end(Reading *r)
{
    Date            last = { r->end.day - 1 };
    const UnitLife *life = tree_by_code(r->p->tree, r->kind, r->cells[UNIT_COLUMN_CODE], last);
    if (!life) {
        fault_at(r, UNIT_FAULT_UNIT_UNKNOWN, UNIT_COLUMN_CODE, r->cells[UNIT_COLUMN_CODE], S(""), r->end);
        return;
    }
    UnitId id = life->id;
    if (!in_scope(r, id, last, UNIT_COLUMN_CODE)) return;
    if (!date_is_none(life->when.to) && life->when.to.day == r->end.day) {
        item_add(r, UNIT_IMPORT_SAME, id, last);
        return;
    }
    if (unit_plan_abolish(r->p, id, r->end, r->cells[UNIT_COLUMN_SOURCE], false))
        item_add(r, UNIT_IMPORT_END, id, last)->on = r->end;
}

/* The unit with this code began on that very day: the row says the same, or something else. */
static bool row_again(Reading *r, const UnitLife *life, UnitId parent)
{
    const UnitVersion *v = life_on(life, r->from);
    if (v->when.from.day != r->from.day) return false;
    UnitDraft d = row_draft(r, parent);
    bool same = (!d.name_vi.len || str_eq(d.name_vi, v->name_vi)) && (!d.subtype.len || str_eq(d.subtype, v->subtype)) &&
                (!parent.v || parent.v == v->parent.v) && (!d.name_en.len || str_eq(d.name_en, v->name_en));
    if (same) item_add(r, UNIT_IMPORT_SAME, life->id, r->from);
    else
        fault_at(r, UNIT_FAULT_SAME_DAY, UNIT_COLUMN_FROM, tree_unit(r->p->tree, r->a, life, r->from).full_name_vi,
                 S(""), r->from);
    return true;
}

static bool row_twice(Reading *r)
{
    for (size_t i = 0; i < r->to->items.len; i++) {
        const UnitImportItem *x = &r->to->items.at[i];
        if (x->kind != r->kind || x->on.day != r->from.day || !str_eq(x->code, r->cells[UNIT_COLUMN_CODE])) continue;
        fault_at(r, UNIT_FAULT_ROW_TWICE, UNIT_COLUMN_CODE, x->name, arena_fmt(r->a, "%d", x->line), r->from);
        return true;
    }
    return false;
}

static void row_try(Reading *r)
{
    Ids    former = { 0 };
    UnitId parent = { 0 };
    if (!date_is_none(r->from)) {
        if (row_twice(r) || !read_parent(r, &parent) || !read_former(r, &former)) return;
        const UnitLife *life = tree_by_code(r->p->tree, r->kind, r->cells[UNIT_COLUMN_CODE], r->from);
        if (life && row_again(r, life, parent)) {}
        else if (former.len > 1) row_merge(r, &former, parent);
        else if (former.len == 1) row_change(r, former.at[0], parent);
        else if (life) row_change(r, life->id, parent);
        else row_create(r, parent);
    }
    if (!date_is_none(r->end)) row_end(r);
}

static void read_broken(Reading *r, const CsvReader *csv)
{
    if (csv->fault == CSV_TOO_MANY_ROWS)
        plan_fault(r->p, UNIT_FAULT_FILE_ROWS, S("file"), arena_fmt(r->a, "%d", UNIT_IMPORT_ROWS), S(""), DATE_NONE);
    else plan_fault(r->p, UNIT_FAULT_FILE_BROKEN, S("file"), csv_fault_name(csv->fault), S(""), DATE_NONE);
    r->p->faults.at[r->p->faults.len - 1].line   = csv->fault_line;
    r->p->faults.at[r->p->faults.len - 1].column = csv->fault_column;
}

Err unit_import_try(Db *db, Arena *a, Str bytes, UnitId scope, UnitImport *out)
{
    *out = (UnitImport){ 0 };
    TRY(unit_plan_open(db, a, &out->plan));
    Reading   r   = { .to = out, .p = &out->plan, .a = a, .scope = scope };
    CsvReader csv = csv_open(bytes, 0);
    CsvRow    header, row;
    csv.limits      = CSV_LIMITS;
    csv.limits.rows = UNIT_IMPORT_ROWS + 1;
    int rows        = 0;
    if (csv_next(&csv, a, &header) && read_header(&r, &header))
        while (csv_next(&csv, a, &row)) {
            rows++;
            size_t before = out->plan.faults.len;
            if (row.len > header.len) {
                r.line = row.line;
                fault_at(&r, UNIT_FAULT_CELLS_TOO_MANY, UNIT_COLUMN_KIND, S(""), S(""), DATE_NONE);
                out->plan.faults.at[before].column = (int)header.len + 1;
            } else if (read_cells(&r, &row)) {
                row_try(&r);
            }
            faults_place(&r, before);
            out->more_faults = out->plan.faults.len >= UNIT_IMPORT_FAULTS;
            if (out->more_faults) break;
        }
    if (csv.fault) read_broken(&r, &csv);
    else if (!rows && !out->plan.faults.len)
        plan_fault(&out->plan, UNIT_FAULT_FILE_EMPTY, S("file"), S(""), S(""), DATE_NONE);
    return OK;
}

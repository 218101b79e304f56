/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stored answers as rows of cells, one record in memory at a time. */
#include "analysis/rows.h"

#include "base/json.h"

#include <math.h>

typedef struct UnitCode { UnitId unit; Str code; } UnitCode;

/* names: of the questions in the order in which records hold them, so that the next is nearly always the one looked for. */
typedef struct Rows {
    const AnalysisTable *t;
    const TableRound *r;
    Db *db;
    Arena *keep, work;
    Str *cells, *names;
    int *columns, count, next;
    LIST(UnitCode) units;
    TableRowDo row;
    void *self;
} Rows;

static void questions_of(Rows *x)
{
    const FormProgram *p = x->r->program;
    x->names   = arena_new(x->keep, Str, p->nodes.len + 1);
    x->columns = arena_new(x->keep, int, p->nodes.len + 1);
    x->count   = 0;
    for (size_t i = 0; i < p->nodes.len; i++) {
        if (p->nodes.at[i].cell < 0 || p->nodes.at[i].repeat != x->r->repeat)
            continue;
        x->names[x->count]     = p->nodes.at[i].name;
        x->columns[x->count++] = x->r->variable_of[p->nodes.at[i].cell];
    }
}

static int column_of(Rows *x, Str name)
{
    for (int tried = 0; tried < x->count; tried++) {
        int at  = x->next;
        x->next = at + 1 == x->count ? 0 : at + 1;
        if (str_eq(x->names[at], name))
            return x->columns[at];
    }
    return -1;
}

static Err unit_code(Rows *x, UnitId unit, Str *out)
{
    if (!unit.v) {
        *out = S("");
        return OK;
    }
    for (size_t i = 0; i < x->units.len; i++)
        if (x->units.at[i].unit.v == unit.v) {
            *out = x->units.at[i].code;
            return OK;
        }
    Unit u = { 0 };
    const Round *r = &x->r->round;
    TRY(unit_load(x->db, x->keep, unit, date_of(r->opens_at.ms ? r->opens_at : r->created_at), &u));
    *list_add(x->keep, &x->units) = (UnitCode){ unit, u.code };
    *out = u.code;
    return OK;
}

/* Marks stand behind their question, one for each category in order. */
static void fill_marks(Rows *x, int at)
{
    const Variable *v = &x->t->variables.at[at];
    for (size_t k = 0; k < v->categories.len; k++)
        x->cells[at + 1 + (int)k] = S("0");
    for (Str rest = x->cells[at]; rest.len;) {
        StrPair p = str_cut(rest, ' ');
        rest = p.tail;
        for (size_t k = 0; k < v->categories.len; k++)
            if (str_eq(v->categories.at[k].name, p.head))
                x->cells[at + 1 + (int)k] = S("1");
    }
}

static Str record_key(Arena *work, SubmissionId record)
{
    char *id = arena_take(work, 11, 1, 1);
    for (int i = 0; i < 11; i++)
        id[i] = "0123456789abcdef"[record.v >> (4 * (10 - i)) & (i ? 15 : 3)];      /* 42 bits: the place in the round */
    return (Str){ id, 11 };
}

static Err fill_own(Rows *x, Arena *work, const SubmissionRow *s)
{
    x->cells[OWN_RECORD]    = record_key(work, s->id);
    x->cells[OWN_ROUND]     = x->r->round.code;
    x->cells[OWN_VERSION]   = x->r->program->version;
    x->cells[OWN_DAY]       = date_iso(work, s->day);
    x->cells[OWN_CHANNEL]   = channel_code(s->channel);
    x->cells[OWN_SIMULATED] = x->r->round.simulated ? S("1") : S("0");
    x->cells[OWN_FLAGGED]   = s->flagged ? S("1") : S("0");
    x->cells[OWN_FLAG]      = s->flag_reason;
    return unit_code(x, s->unit, &x->cells[OWN_UNIT]);
}

/* Codes and records both come by id. */
static void fill_codes(Rows *x, SubmissionId id)
{
    for (size_t i = 0; i < x->r->coded_count; i++) {
        TableCoded *c = &x->r->coded[i];
        while (c->next < c->rows.len && c->rows.at[c->next].id.v < id.v)
            c->next++;
        if (c->variable < 0 || c->next == c->rows.len || c->rows.at[c->next].id.v != id.v)
            continue;
        Str code = coded_final(&c->rows.at[c->next]);
        int at   = frame_code_find(&c->frame.codes, code);
        x->cells[c->variable] = code;
        if (at >= 0 && c->group >= 0)
            x->cells[c->group] = c->frame.codes.at[at].parent.len ? c->frame.codes.at[at].parent : code;
    }
}

static Err fill_record(Rows *x, Arena *work, const SubmissionRow *s, const Json *json)
{
    Str text;
    memset(x->cells, 0, x->t->variables.len * sizeof *x->cells);
    TRY(fill_own(x, work, s));
    x->next = 0;
    JSON_EACH(member, json) {
        int at = json_str(member, &text) ? column_of(x, member->key) : -1;
        if (at < 0)
            continue;
        x->cells[at] = text;
        if (x->t->variables.at[at].kind == VAR_SEVERAL && text.len)
            fill_marks(x, at);
    }
    fill_codes(x, s->id);
    if (x->r->design)
        design_fill(x->r->design, s->id, x->cells);
    return x->row(x->self, x->cells);
}

/* "record/2/1": the first entry inside the second one of the record. */
static Str entry_key(Arena *work, const FormAnswers *answers, int instance, Str record)
{
    if (!instance)
        return record;
    const FormInstance *e = &answers->instances.at[instance - 1];
    Str above = entry_key(work, answers, e->parent, record);
    return arena_fmt(work, "%.*s/%d", STR_ARG(above), e->position);
}

static Err fill_entry(Rows *x, Arena *work, const FormAnswers *answers, int instance, Str record)
{
    const FormInstance *e = &answers->instances.at[instance - 1];
    const FormProgram  *p = x->r->program;
    memset(x->cells, 0, x->t->variables.len * sizeof *x->cells);
    x->cells[ENTRY_RECORD]   = record;
    x->cells[ENTRY_ROUND]    = x->r->round.code;
    x->cells[ENTRY_PARENT]   = entry_key(work, answers, e->parent, record);
    x->cells[ENTRY_ROW]      = entry_key(work, answers, instance, record);
    x->cells[ENTRY_POSITION] = arena_fmt(work, "%d", e->position);
    for (size_t i = 0; i < p->nodes.len; i++) {
        if (p->nodes.at[i].cell < 0 || p->nodes.at[i].repeat != x->r->repeat)
            continue;
        int at       = x->r->variable_of[p->nodes.at[i].cell];
        x->cells[at] = e->at[p->nodes.at[i].cell];
        if (x->t->variables.at[at].kind == VAR_SEVERAL && x->cells[at].len)
            fill_marks(x, at);
    }
    return x->row(x->self, x->cells);
}

static Err fill_entries(Rows *x, Arena *work, const SubmissionRow *s, const Json *json)
{
    FormAnswers answers;
    Str         record = record_key(work, s->id);
    form_answers_load(work, x->r->program, json, &answers);
    for (size_t i = 0; i < answers.instances.len; i++) {
        Arena own = *work;
        if (answers.instances.at[i].repeat == x->r->repeat)
            TRY(fill_entry(x, &own, &answers, (int)i + 1, record));
    }
    return OK;
}

static Err fill_rows(void *self, const SubmissionRow *s)
{
    Rows       *x    = self;
    Arena       work = x->work;
    const Json *json;
    TRY(json_parse(&work, s->answers_json, &json));
    TRY(x->t->repeat.len ? fill_entries(x, &work, s, json) : fill_record(x, &work, s, json));
    job_tick(1);
    return job_halted() ? err_new(x->keep, ERR_BUSY, S("stopped")) : OK;
}

Err analysis_each(const AnalysisTable *t, Db *db, TableRowDo row, void *self)
{
    Arena keep = arena_open((size_t)1 << 30), work = arena_open((size_t)1 << 28), hex = arena_open(1 << 16);
    Rows  x    = { .t = t, .db = db, .keep = &keep, .work = work, .row = row, .self = self };
    Err   e    = OK;
    x.cells = arena_new(&keep, Str, t->variables.len + 1);
    for (size_t i = 0; i < t->round_count && !e; i++) {
        x.r = &t->rounds[i];
        if (x.r->repeat == NO_REPEAT)
            continue;
        questions_of(&x);
        for (size_t k = 0; k < x.r->coded_count; k++)
            x.r->coded[k].next = 0;
        if (x.r->design)
            x.r->design->next = 0;
        e = submission_each(db, hex, x.r->round.id, fill_rows, &x);
    }
    if (e)
        e = err_make(db_arena(db), e->kind, arena_str(db_arena(db), e->detail), e->file, e->line);
    arena_close(&hex);
    arena_close(&work);
    arena_close(&keep);
    return e;
}

typedef struct Measuring { AnalysisTable *t; Arena *a; size_t *listed; } Measuring;

static Err measure_row(void *self, const Str *cells)
{
    Measuring     *m = self;
    AnalysisTable *t = m->t;
    t->rows++;
    for (size_t i = 0; i < t->variables.len; i++) {
        Variable *v = &t->variables.at[i];
        if (cells[i].len > v->widest)
            v->widest = cells[i].len;
        size_t point = cells[i].len;
        if (v->kind == VAR_NUMBER && str_find(cells[i], S("."), &point) && (int)(cells[i].len - point - 1) > v->decimals)
            v->decimals = (int)(cells[i].len - point - 1);
        if (v->kind == VAR_CHOICE && cells[i].len && !category_find(v, cells[i])) {
            variable_outside(m->a, v, cells[i]);
            if (v->categories.len > m->listed[i] + OUTSIDE_MOST)
                v->kind = VAR_TEXT;
        }
    }
    return OK;
}

Err analysis_measure(AnalysisTable *t, Arena *a, Db *db)
{
    Measuring m = { t, a, arena_new(a, size_t, t->variables.len + 1) };
    t->rows = 0;
    for (size_t i = 0; i < t->variables.len; i++) {
        t->variables.at[i].widest = 0;
        m.listed[i] = t->variables.at[i].categories.len;
    }
    return analysis_each(t, db, measure_row, &m);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Opening fieldwork, as a job: cases from the sample, and from the frame's file, line by line, the unit and contact data of those
 * that were drawn. Nothing else of the frame is read into the database. */
#include "field/parts.h"

#include <stdlib.h>

typedef struct Opening {
    JobRun *run; FieldRound f; SampleRow sample; FrameRow frame; Str unit, name, address, phone; SampleCaseRows cases; size_t next;
    int column[4]; Str last_code; UnitId last_unit; FieldCases made; StrList boxes;
} Opening;

static Err args_read(Opening *o)
{
    const Json *x = o->run->args;
    Str         due = S("");
    int64_t     round = 0, sample = 0;
    if (!json_int(json_get(x, S("round")), &round) || !json_int(json_get(x, S("sample")), &sample) || !json_str(json_get(x, S("due")), &due))
        return err_new(o->run->arena, ERR_INVALID, S("job without its ids"));
    o->f.round.v  = round;
    o->f.sample.v = sample;
    json_int(json_get(x, S("erase_days")), &o->f.erase_days);
    json_str(json_get(x, S("unit")), &o->unit);
    json_str(json_get(x, S("name")), &o->name);
    json_str(json_get(x, S("address")), &o->address);
    json_str(json_get(x, S("phone")), &o->phone);
    return date_parse(due, &o->f.due) ? OK : err_new(o->run->arena, ERR_INVALID, S("due"));
}

/* "Ia Grai – Làng 1 – số 57": kept columns, and the number where numbers were drawn. */
static Str place_of(Arena *a, const SampleDesign *d, const SampleCaseRow *x)
{
    Str         parts[SAMPLE_NAMES + 1], text;
    size_t      n    = 0;
    const Json *keep = NULL, *stages = NULL;
    if (!json_parse(a, x->keep, &keep))
        JSON_EACH(m, keep)
            if (json_str(m, &text) && text.len && n < SAMPLE_NAMES)
                parts[n++] = text;
    if (d->stage[d->stages - 1].count.len && !json_parse(a, x->parts, &stages) &&
        json_str(json_get(json_at(stages, stages->len - 1), S("unit")), &text))
        parts[n++] = text_fmt(a, LANG_VI, "field.place.number", ARG_S("n", text));
    return n ? str_join(a, parts, n, S(" – ")) : x->cell;
}

/* The unit a code names: a commune, else a province. */
static UnitId unit_of(Opening *o, Str code)
{
    Unit u;
    Date today = date_of(time_now());
    if (str_eq(code, o->last_code))
        return o->last_unit;
    o->last_code = code;
    o->last_unit = (UnitId){ 0 };
    for (int k = 0; k < 2 && code.len && !o->last_unit.v; k++)
        if (unit_by_code(o->run->db, o->run->arena, k ? UNIT_PROVINCE : UNIT_COMMUNE, code, today, &u) == OK)
            o->last_unit = u.id;
    return o->last_unit;
}

static void take_case(Opening *o, const SampleDesign *d, const SampleCaseRow *x, const CsvRow *row)
{
    Arena    *a = o->run->arena;
    Str       cells[4];
    FieldCase c = { .id = { id_new() }, .round = o->f.round, .number = x->number, .code = x->code, .cell = x->cell, .reserve = x->reserve,
                    .active = x->reserve == 0, .weight = x->weight, .place = place_of(a, d, x) };
    for (int i = 0; i < 4; i++)
        cells[i] = o->column[i] >= 0 ? arena_str(a, str_trim(csv_cell(row, (size_t)o->column[i]))) : S("");
    Contact contact = { cells[1], cells[2], phone_clean(a, cells[3]) };
    c.unit       = unit_of(o, cells[0]);
    c.phone_tail = phone_tail(contact.phone);
    *list_add(a, &o->made)  = c;
    *list_add(a, &o->boxes) = contact_seal(a, o->run->app, c.id, &contact);
}

static int column_named(const SampleFrame *f, Str name)
{
    for (size_t i = 0; i < f->columns.len && name.len; i++)
        if (str_eq(f->columns.at[i], name))
            return (int)i;
    return -1;
}

static int by_line(const void *x, const void *y)
{
    const SampleCaseRow *p = x, *q = y;
    return p->line < q->line ? -1 : p->line > q->line ? 1 : p->number < q->number ? -1 : p->number > q->number;
}

typedef struct Walk { Opening *o; const SampleDesign *design; } Walk;

static bool take_row(void *by, const CsvRow *row)
{
    Walk    *w = by;
    Opening *o = w->o;
    while (o->next < o->cases.len && o->cases.at[o->next].line == row->line)
        take_case(o, w->design, &o->cases.at[o->next++], row);
    job_tick(1);
    return o->next < o->cases.len && !job_halted();
}

static Err frame_walk(Opening *o, const SampleDesign *d)
{
    SampleFrame frame;
    Walk        w = { o, d };
    TRY(frame_open(o->run->store, o->run->arena, &o->frame, &frame));
    if (sample_frame_columns(o->run->arena, &frame)) {
        const Str names[4] = { o->unit, o->name, o->address, o->phone };
        for (int i = 0; i < 4; i++)
            o->column[i] = column_named(&frame, names[i]);
        sample_frame_each(&frame, take_row, &w);
    }
    sample_frame_close(&frame);
    return o->next == o->cases.len || job_halted() ? OK : err_new(o->run->arena, ERR_CONFLICT, S("the frame is not the one the sample was drawn from"));
}

static Err save(Opening *o, UnitId owner)
{
    JobRun *run = o->run;
    o->f.opened_at = time_now();
    o->f.opened_by = run->job->owner;
    TRY(db_begin_write(run->db));
    TRY(field_round_add(run->db, &o->f));
    for (size_t i = 0; i < o->made.len; i++)
        TRY(field_case_add(run->db, &o->made.at[i], o->boxes.at[i]));
    TRY(db_flush(run->db));
    TRY(job_audit(run, S("field.open"), S("round"), o->f.round.v, owner, arena_fmt(run->arena, "{\"sample\":%lld,\"cases\":%zu}",
                  (long long)o->f.sample.v, o->made.len)));
    TRY(job_done(run, arena_fmt(run->arena, "/console/rounds/%lld/fieldwork", (long long)o->f.round.v)));
    return db_commit(run->db);
}

static Err open_field(JobRun *run)
{
    Opening      o = { .run = run };
    SampleDesign design;
    SampleFaults faults = { 0 };
    Round        round;
    TRY(args_read(&o));
    TRY(round_load(run->db, run->arena, o.f.round, &round));
    TRY(sample_load(run->db, run->arena, o.f.sample, &o.sample));
    TRY(frame_load(run->db, run->arena, o.sample.frame, &o.frame));
    if (!sample_design_read(run->arena, o.sample.design, &design, &faults))
        return err_new(run->arena, ERR_INTERNAL, S("design of a drawn sample"));
    TRY(sample_cases(run->db, run->arena, o.f.sample, 1, o.sample.main + o.sample.reserve, &o.cases));
    qsort(o.cases.at, o.cases.len, sizeof *o.cases.at, by_line);
    job_total(o.frame.rows);
    TRY(frame_walk(&o, &design));
    if (job_halted())
        return job_halt(run);
    return save(&o, round.owner);
}

const JobKind field_open_job = { "field.open", RIGHT_FIELD_MANAGE, open_field };

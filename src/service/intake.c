/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A batch of events into files and counters, in one transaction: each file is read once, written once, and what changed of it
 * changes the counters by just that. */
#include "service/parts.h"

#include <stdlib.h>

enum { ROOM_BYTES = 256 << 20 };             /* of address space: pages are touched as they are used */

static void fault(Intake *x, const EventLine *l, int status, Str name, Str reason)
{
    *list_add(x->a, &x->faults) = (LineFault){ l->line, status, name, reason };
}

/* ---- Whose event ----------------------------------------------------------------------------------------------------- */
typedef struct Known { Str code; UnitId asked, unit; } Known;         /* unit 0: none within the token's */
typedef LIST(Known) KnownUnits;

static Err find_unit(Db *db, Intake *x, UnitId top, const EventLine *l, UnitId *out)
{
    static const UnitKind kinds[] = { UNIT_COMMUNE, UNIT_PROVINCE, UNIT_MINISTRY, UNIT_DEPARTMENT, UNIT_OTHER };
    bool within = false;
    Unit u      = { 0 };
    Err  e      = OK;
    *out        = l->unit;
    for (size_t i = 0; i < COUNT_OF(kinds) && l->unit_code.len && !out->v; i++) {
        e = unit_by_code(db, x->a, kinds[i], l->unit_code, x->today, &u);
        if (!e)
            *out = u.id;
        else if (!err_is(e, ERR_NOT_FOUND))
            return e;
    }
    if (out->v && !l->unit_code.len) {
        e = unit_load(db, x->a, *out, x->today, &u);
        if (err_is(e, ERR_NOT_FOUND))
            *out = (UnitId){ 0 };
        else
            TRY(e);
    }
    if (out->v)
        TRY(unit_within(db, *out, top, x->today, &within));
    if (!within)
        *out = (UnitId){ 0 };
    return OK;
}

static Err unit_of_line(Db *db, Intake *x, UnitId top, KnownUnits *known, const EventLine *l, UnitId *out)
{
    if (!l->unit.v && !l->unit_code.len) {
        *out = top;
        return OK;
    }
    for (size_t i = 0; i < known->len; i++)
        if (known->at[i].asked.v == l->unit.v && str_eq(known->at[i].code, l->unit_code)) {
            Known k          = known->at[i];
            known->at[i]     = known->at[i / 2];       /* what is asked often moves to the front */
            known->at[i / 2] = k;
            *out             = k.unit;
            return OK;
        }
    TRY(find_unit(db, x, top, l, out));
    *list_add(x->a, known) = (Known){ l->unit_code, l->unit, *out };
    return OK;
}

/* Files of one unit lie side by side: eleven bits of the unit, then 52 of unit and number. */
static int64_t file_id(const uint8_t key[32], UnitId unit, Str number)
{
    uint64_t h;
    Str      parts[] = { { (const char *)key, 32 }, { (const char *)&unit.v, sizeof unit.v }, number };
    Sha256   sum     = sha256_all(parts, 3);
    memcpy(&h, sum.at, sizeof h);
    uint64_t side = ((uint64_t)unit.v * 0x9E3779B97F4A7C15u) >> 53;
    return (int64_t)(side << 52 | h >> 12);
}

Err intake_prepare(Db *db, Intake *x, UnitId top, const uint8_t key[32])
{
    KnownUnits known = { 0 };
    size_t     kept  = 0;
    for (size_t i = 0; i < x->lines.len; i++) {
        EventLine *l = &x->lines.at[i];
        UnitId     unit;
        TRY(unit_of_line(db, x, top, &known, l, &unit));
        if (!unit.v) {
            fault(x, l, 422, S("unit"), S("service.fault.unit"));
            continue;
        }
        l->unit = unit;
        l->file = file_id(key, unit, l->number);
        x->lines.at[kept++] = *l;
    }
    x->lines.len = kept;
    return OK;
}

/* ---- Desks ------------------------------------------------------------------------------------------------------------ */
typedef struct DeskKnown { UnitId unit; Str code; int slot; } DeskKnown;
typedef LIST(DeskKnown) DesksKnown;

static Err desks_fill(Db *db, Intake *x)
{
    DesksKnown known = { 0 };
    size_t     kept  = 0;
    for (size_t i = 0; i < x->lines.len; i++) {
        EventLine *l    = &x->lines.at[i];
        int        slot = 0;
        bool       met  = !l->desk_code.len;
        for (size_t k = known.len; k > 0 && !met; k--)
            if (known.at[k - 1].unit.v == l->unit.v && str_eq(known.at[k - 1].code, l->desk_code)) {
                slot = known.at[k - 1].slot;
                met  = true;
            }
        if (!met) {
            TRY(service_desk_slot(db, l->unit, l->desk_code, &slot));
            *list_add(x->a, &known) = (DeskKnown){ l->unit, l->desk_code, slot };
        }
        if (l->desk_code.len && !slot) {
            fault(x, l, 422, S("desk"), S("service.fault.desks"));
            continue;
        }
        l->e.desk = (uint16_t)slot;
        x->lines.at[kept++] = *l;
    }
    x->lines.len = kept;
    return OK;
}

/* ---- Files -------------------------------------------------------------------------------------------------------------- */
static int by_file(const void *p, const void *q)
{
    const EventLine *x = p, *y = q;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static bool add_line(Intake *x, FileEvents *events, const EventLine *l)
{
    switch (events_add(&x->room, events, &l->e)) {
    case EVENT_NEW: x->accepted++; return true;
    case EVENT_SAME: x->duplicate++; return false;
    case EVENT_CONTRADICTS: fault(x, l, 409, S("key"), S("service.fault.key")); return false;
    default: fault(x, l, 422, S("file"), S("service.fault.events")); return false;
    }
}

/* Marks that stay as they were add nothing, and need no cell. */
static void marks_cancel(FileMarks *before, FileMarks *after)
{
    for (int i = 0; i < before->len && before->desk == after->desk; i++)
        for (int k = 0; k < after->len; k++)
            if (after->at[k].day == before->at[i].day && after->at[k].measure == before->at[i].measure) {
                after->at[k].n  = (int16_t)(after->at[k].n - before->at[i].n);
                before->at[i].n = 0;
                break;
            }
}

/* The lines of one file: n from l. */
static void file_apply(Db *db, Intake *x, Stmt *save, const FileRow *row, const EventLine *l, size_t n, MarkSums *sums)
{
    FileEvents events;
    FileMarks  before, after;
    bool       changed = false;
    events_unpack(&x->room, row->events, &events);
    events_marks(&events, &before);
    for (size_t i = 0; i < n; i++)
        changed |= add_line(x, &events, &l[i]);
    if (!changed)
        return;
    events_marks(&events, &after);
    marks_cancel(&before, &after);
    sums_add(x->a, sums, l->unit, &before, -1);
    sums_add(x->a, sums, l->unit, &after, 1);
    file_send(db, save, row->id, l->unit, events_pack(&x->room, &events));
}

static Err files_apply(Db *db, Intake *x, MarkSums *sums)
{
    AUTO_STMT save = file_save_prepare(db);
    for (size_t from = 0, to; from < x->lines.len; from = to) {
        FileRow rows[FILES_AT_ONCE];
        size_t  begin[FILES_AT_ONCE + 1], n = 0;
        for (to = from; to < x->lines.len; to++) {
            if (to > from && x->lines.at[to].file == x->lines.at[to - 1].file)
                continue;
            if (n == FILES_AT_ONCE)
                break;
            begin[n]  = to;
            rows[n++] = (FileRow){ .id = x->lines.at[to].file };
        }
        begin[n]   = to;
        x->room.at = x->room.base;
        TRY(events_load(db, &x->room, rows, n));
        for (size_t i = 0; i < n; i++)
            file_apply(db, x, save, &rows[i], &x->lines.at[begin[i]], begin[i + 1] - begin[i], sums);
    }
    return db_flush(db);
}

/* ---- Counters -------------------------------------------------------------------------------------------------------------- */
static bool changes(const MarkCell *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (int m = 0; m < M_COUNT; m++)
            if (c[i].n[m])
                return true;
    return false;
}

static Err counters_apply(Db *db, Intake *x, MarkSums *sums)
{
    sums_sort(sums);
    for (size_t from = 0, to; from < sums->len; from = to) {
        const MarkCell *c = &sums->at[from];
        ServiceCells    cells;
        int             month = month_of(day_unpack(c->day));
        to = sums_month_end(sums, from);
        if (!changes(c, to - from))
            continue;
        x->room.at = x->room.base;
        TRY(days_load(db, &x->room, c->unit, month, &cells));
        cells_merge(&x->room, &cells, c, to - from);
        TRY(days_save(db, &x->room, c->unit, month, &cells));
        TRY(month_save(db, &x->room, c->unit, month, &cells));
        if (month < month_of(x->today))
            TRY(correction_add(db, &x->room, x->today, c->unit, month, c, to - from));
    }
    return db_flush(db);
}

static Err apply(Db *db, Intake *x)
{
    MarkSums sums = { 0 };
    TRY(desks_fill(db, x));
    if (x->lines.len)
        qsort(x->lines.at, x->lines.len, sizeof *x->lines.at, by_file);
    TRY(files_apply(db, x, &sums));
    return counters_apply(db, x, &sums);
}

/* Files and months are thousands, so what one of them needs is given back before the next. A month of a unit with a thousand desks
 * takes some 30 MB: more than a request has. */
Err intake_apply(Db *db, Intake *x)
{
    if (!arena_try(&x->room, ROOM_BYTES))
        return err_new(x->a, ERR_BUSY, S("no memory for a batch of events"));
    x->room.full = x->a->full;
    return apply(db, x);
}

void intake_end(Intake *x)
{
    arena_close(&x->room);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Counters anew from the events of all files. Files come in the order of their ids, so that those of one unit are together,
 * and at most the units of one side (2,048 sides) are held at once. */
#include "service/parts.h"

typedef struct Recount { Db *db; Arena *work, *a; MarkSums sums; ServiceRecount *r; bool write, compare; int64_t rows; } Recount;

static Err month_recount(Recount *x, const MarkCell *c, size_t n)
{
    ServiceCells cells = { 0 };
    Str          total, stored;
    int          month = month_of(day_unpack(c->day));
    cells_merge(x->work, &cells, c, n);
    if (!cells.len)
        return OK;
    x->rows += 2;
    if (x->compare) {
        TRY(month_bytes(x->db, x->work, c->unit, month, &total, &stored));
        if (!str_eq(stored, cells_pack(x->work, &cells)) || !str_eq(total, month_total_pack(x->work, &cells)))
            x->r->differing++;
    }
    if (x->write) {
        TRY(days_save(x->db, x->work, c->unit, month, &cells));
        TRY(month_save(x->db, x->work, c->unit, month, &cells));
    }
    return OK;
}

/* What is held of one side is told and forgotten. */
static Err side_end(Recount *x)
{
    sums_sort(&x->sums);
    for (size_t from = 0, to; from < x->sums.len; from = to) {
        to = sums_month_end(&x->sums, from);
        TRY(month_recount(x, &x->sums.at[from], to - from));
    }
    if (x->write)
        TRY(db_flush(x->db));
    x->sums = (MarkSums){ 0 };
    arena_reset(x->work, (size_t)1 << 22);
    return OK;
}

static void file_recount(Recount *x, UnitId unit, Str bytes)
{
    FileEvents events;
    FileMarks  marks;
    FileEvent  few[16];
    Arena      scratch = { 0 };
    if (bytes.len <= sizeof few / sizeof *few * EVENT_BYTES - EVENT_BYTES) {
        scratch = (Arena){ .at = (char *)few, .end = (char *)few + sizeof few, .base = (char *)few };
        events_unpack(&scratch, bytes, &events);
    } else {
        events_unpack(x->work, bytes, &events);
    }
    events_marks(&events, &marks);
    sums_add(x->work, &x->sums, unit, &marks, 1);
    x->r->files++;
    x->r->events += (int64_t)events.len;
}

static Err pass(Recount *x)
{
    int64_t   side = -1;
    AUTO_STMT q    = files_scan(x->db);
    x->r->files = x->r->events = x->rows = 0;
    while (db_row(q)) {
        int64_t id = col_int(q, 0);
        if (id >> 52 != side) {
            TRY(side_end(x));
            side = id >> 52;
        }
        file_recount(x, (UnitId){ col_int(q, 1) }, col_blob(q, 2));
    }
    TRY(db_done(q));
    return side_end(x);
}

static Err copied(Arena *a, Err e)
{
    return e ? err_new(a, e->kind, e->detail) : OK;
}

Err service_recompute(Db *db, Arena *a, bool check, ServiceRecount *out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)1 << 32);
    ServiceRecount r      = { 0 };
    Recount        x      = { .db = db, .work = &work, .a = a, .r = &r, .compare = true };
    int64_t        stored = 0;
    TRY(copied(a, pass(&x)));
    TRY(counters_count(db, &stored));
    if (stored != x.rows)
        r.differing += stored > x.rows ? stored - x.rows : x.rows - stored;
    r.rows = x.rows;
    if (r.differing && !check) {
        TRY(counters_clear(db));
        x.compare = false;
        x.write   = true;
        TRY(copied(a, pass(&x)));
    }
    *out = r;
    return OK;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files with their events, desks, packed counters, corrections. */
#include "service/parts.h"

static Str whole_bytes(Arena *a, Str s)
{
    return arena_str(a, s);
}

/* ---- Files ---------------------------------------------------------------------------------------------------------- */
Err events_load(Db *db, Arena *a, FileRow *rows, size_t n)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, events FROM service_files WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
                                     "$17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32) ORDER BY id"));
    size_t    at = 0;
    for (size_t i = 0; i < FILES_AT_ONCE; i++)
        bind_int(q, (int)i + 1, rows[i < n ? i : n - 1].id);
    while (db_row(q)) {
        while (at < n && rows[at].id < col_int(q, 0))
            at++;
        if (at < n && rows[at].id == col_int(q, 0)) {
            rows[at].events = whole_bytes(a, col_blob(q, 1));
            rows[at].found  = true;
        }
    }
    return db_done(q);
}

Stmt *file_save_prepare(Db *db)
{
    return db_prepare(db, SQL("INSERT INTO service_files (id, unit_id, events) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET events = excluded.events"));
}

void file_send(Db *db UNUSED, Stmt *q, int64_t id, UnitId unit, Str events)
{
    bind_int(q, 1, id);
    bind_int(q, 2, unit.v);
    bind_blob(q, 3, events);
    db_send(q, NULL);
}

Stmt *files_scan(Db *db)
{
    return db_prepare_large(db, SQL("SELECT id, unit_id, events FROM service_files ORDER BY id"));
}

/* ---- Desks ------------------------------------------------------------------------------------------------------------ */
Err service_desk_codes(Db *db, Arena *a, UnitId unit, StrList *out)
{
    StrList   rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL("SELECT code FROM service_desks WHERE unit_id = $1 ORDER BY slot"));
    bind_int(q, 1, unit.v);
    while (db_row(q))
        *list_add(a, &rows) = arena_str(a, col_str(q, 0));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err desk_add(Db *db, UnitId unit, Str code, int slot)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO service_desks (unit_id, slot, code) VALUES ($1, $2, $3)"));
    bind_int(q, 1, unit.v);
    bind_int(q, 2, slot);
    bind_str(q, 3, code);
    return db_run(q);
}

Err service_desk_slot(Db *db, UnitId unit, Str code, int *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COALESCE(MAX(slot), 0), COALESCE(MAX(CASE WHEN code = $2 THEN slot ELSE 0 END), 0) FROM service_desks "
                                     "WHERE unit_id = $1"));
    bind_int(q, 1, unit.v);
    bind_str(q, 2, code);
    int last = 0, own = 0;
    while (db_row(q)) {
        last = (int)col_int(q, 0);
        own  = (int)col_int(q, 1);
    }
    TRY(db_done(q));
    *out = own ? own : last < DESKS_MOST ? last + 1 : 0;
    return own || !*out ? OK : desk_add(db, unit, code, *out);
}

/* ---- Counters ----------------------------------------------------------------------------------------------------------- */
static Err broken(Arena *a, const char *table)
{
    return err_fmt(a, ERR_INTERNAL, "a row of %s cannot be read: thuocdo service recompute", table);
}

Err days_load(Db *db, Arena *a, UnitId unit, int month, ServiceCells *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT cells FROM service_days WHERE unit_id = $1 AND month = $2"));
    bool      whole = true;
    *out = (ServiceCells){ 0 };
    bind_int(q, 1, unit.v);
    bind_int(q, 2, month);
    while (db_row(q))
        whole = cells_unpack(a, col_blob(q, 0), out);
    TRY(db_done(q));
    return whole ? OK : broken(a, "service_days");
}

Err service_days_each(Db *db, UnitId unit, int month, void (*see)(void *self, const ServiceCell *c), void *self)
{
    bool      whole = true;
    AUTO_STMT q     = db_prepare(db, SQL("SELECT cells FROM service_days WHERE unit_id = $1 AND month = $2"));
    bind_int(q, 1, unit.v);
    bind_int(q, 2, month);
    while (db_row(q))
        for (Str bytes = col_blob(q, 0); whole && bytes.len;) {
            ServiceCell c;
            whole = cell_take(&bytes, &c);
            if (whole)
                see(self, &c);
        }
    TRY(db_done(q));
    return whole ? OK : broken(db_arena(db), "service_days");
}

Err days_save(Db *db, Arena *a, UnitId unit, int month, const ServiceCells *cells)
{
    AUTO_STMT q = cells->len ? db_prepare(db, SQL("INSERT INTO service_days (unit_id, month, cells) VALUES ($1, $2, $3) "
                                                  "ON CONFLICT (unit_id, month) DO UPDATE SET cells = excluded.cells")) :
                               db_prepare(db, SQL("DELETE FROM service_days WHERE unit_id = $1 AND month = $2"));
    bind_int(q, 1, unit.v);
    bind_int(q, 2, month);
    if (cells->len)
        bind_blob(q, 3, cells_pack(a, cells));
    db_send(q, NULL);
    return OK;
}

Err month_save(Db *db, Arena *a, UnitId unit, int month, const ServiceCells *cells)
{
    AUTO_STMT q = cells->len ? db_prepare(db, SQL("INSERT INTO service_months (month, unit_id, total) VALUES ($1, $2, $3) "
                                                  "ON CONFLICT (month, unit_id) DO UPDATE SET total = excluded.total")) :
                               db_prepare(db, SQL("DELETE FROM service_months WHERE month = $1 AND unit_id = $2"));
    bind_int(q, 1, month);
    bind_int(q, 2, unit.v);
    if (cells->len)
        bind_blob(q, 3, month_total_pack(a, cells));
    db_send(q, NULL);
    return OK;
}

Err month_bytes(Db *db, Arena *a, UnitId unit, int month, Str *out_total, Str *out_cells)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT m.total, d.cells FROM service_months m JOIN service_days d ON d.unit_id = m.unit_id AND d.month = m.month "
                                     "WHERE m.month = $1 AND m.unit_id = $2"));
    *out_total = *out_cells = S("");
    bind_int(q, 1, month);
    bind_int(q, 2, unit.v);
    while (db_row(q)) {
        *out_total = arena_str(a, col_blob(q, 0));
        *out_cells = arena_str(a, col_blob(q, 1));
    }
    return db_done(q);
}

/* Rows of an earlier version do not say what is due on which day: their days do. */
typedef struct Future { Date today; ServiceCounts *counts; } Future;

static void future_out(void *self, const ServiceCell *c)
{
    Future *f = self;
    for (int m = M_DUE; m <= M_DUE_LATE && c->day.day >= f->today.day; m++)
        f->counts->n[m] -= c->counts.n[m];
}

Err service_month_till(Db *db, Arena *a, int month, Date today, ServiceUnits *out)
{
    ServiceUnits rows  = { 0 };
    LIST(size_t) old   = { 0 };
    bool         whole = true, running = month == month_of(today), days;
    AUTO_STMT    q     = db_prepare(db, SQL("SELECT unit_id, total FROM service_months WHERE month = $1 ORDER BY unit_id"));
    bind_int(q, 1, month);
    while (db_row(q)) {
        ServiceUnit *row = list_add(a, &rows);
        *row             = (ServiceUnit){ .unit = { col_int(q, 0) } };
        whole            = whole && month_total_read(col_blob(q, 1), running ? today : DATE_NONE, &row->counts, &days);
        if (whole && running && !days && row->counts.n[M_DUE] > row->counts.n[M_DUE_MET] + row->counts.n[M_DUE_LATE])
            *list_add(a, &old) = rows.len - 1;
    }
    TRY(db_done(q));
    for (size_t i = 0; whole && i < old.len; i++)
        TRY(service_days_each(db, rows.at[old.at[i]].unit, month, future_out, &(Future){ today, &rows.at[old.at[i]].counts }));
    *out = rows;
    return whole ? OK : broken(a, "service_months");
}

Err service_month(Db *db, Arena *a, int month, ServiceUnits *out)
{
    return service_month_till(db, a, month, DATE_NONE, out);
}

Err service_months(Db *db, Arena *a, ServiceMonths *out)
{
    ServiceMonths rows = { 0 };
    AUTO_STMT     q    = db_prepare(db, SQL("SELECT DISTINCT month FROM service_months ORDER BY month DESC"));
    while (db_row(q))
        *list_add(a, &rows) = (int)col_int(q, 0);
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err run_sql(Db *db, Sql sql)
{
    AUTO_STMT q = db_prepare(db, sql);
    return db_run(q);
}

Err counters_clear(Db *db)
{
    TRY(run_sql(db, SQL("DELETE FROM service_days")));
    return run_sql(db, SQL("DELETE FROM service_months"));
}

Err counters_count(Db *db, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT (SELECT COUNT(*) FROM service_days) + (SELECT COUNT(*) FROM service_months)"));
    while (db_row(q))
        *out = col_int(q, 0);
    return db_done(q);
}

/* ---- Corrections ---------------------------------------------------------------------------------------------------------- */
Err correction_add(Db *db, Arena *a, Date arrived, UnitId unit, int month, const MarkCell *add, size_t n)
{
    ServiceCells cells = { 0 };
    bool         whole = true;
    AUTO_STMT    load  = db_prepare(db, SQL("SELECT cells FROM service_corrections WHERE arrived_on = $1 AND unit_id = $2 AND month = $3"));
    bind_date(load, 1, arrived);
    bind_int(load, 2, unit.v);
    bind_int(load, 3, month);
    while (db_row(load))
        whole = cells_unpack(a, col_blob(load, 0), &cells);
    TRY(db_done(load));
    if (!whole)
        return broken(a, "service_corrections");
    cells_merge(a, &cells, add, n);
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO service_corrections (arrived_on, unit_id, month, cells) VALUES ($1, $2, $3, $4) "
                                     "ON CONFLICT (arrived_on, unit_id, month) DO UPDATE SET cells = excluded.cells"));
    bind_date(q, 1, arrived);
    bind_int(q, 2, unit.v);
    bind_int(q, 3, month);
    bind_blob(q, 4, cells_pack(a, &cells));
    db_send(q, NULL);
    return OK;
}

/* ---- Simulation ------------------------------------------------------------------------------------------------------------ */
Err service_simulated(Db *db, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM service_simulations"));
    while (db_row(q))
        *out = col_int(q, 0) > 0;
    return db_done(q);
}

Err simulation_allowed(Db *db, Arena *a)
{
    int64_t   files = 0;
    bool      simulated = false;
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM (SELECT id FROM service_files LIMIT 1) f"));
    while (db_row(q))
        files = col_int(q, 0);
    TRY(db_done(q));
    TRY(service_simulated(db, &simulated));
    return files && !simulated ? err_new(a, ERR_CONFLICT, S("events of agencies are here: none are made up beside them")) : OK;
}

Err simulation_add(Db *db, int64_t files, int64_t seed)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO service_simulations (id, files, seed, made_at) VALUES ($1, $2, $3, $4)"));
    bind_int(q, 1, id_new());
    bind_int(q, 2, files);
    bind_int(q, 3, seed);
    bind_time(q, 4, time_now());
    return db_run(q);
}

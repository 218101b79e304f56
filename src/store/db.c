/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Connections, transactions and statements, whatever the database: the drivers do the rest. The first
 * failure inside a transaction is remembered, and the transaction cannot be committed after it: PostgreSQL
 * demands that, and SQLite is held to the same so that one test speaks for both. */
#include "store/store_driver.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

Err db_open(Store *s, Arena *a, Db **out)
{
    Db *db = calloc(1, sizeof *db);
    if (!db)
        return err_new(a, ERR_LIMIT, S("no memory for a connection"));
    db->store  = s;
    db->driver = s->driver;
    db->arena  = a;
    Err e      = db->driver->open(db, a);
    if (e) {
        db->driver->close(db);
        free(db);
        return e;
    }
    *out = db;
    return OK;
}

static void stmt_free(Stmt *q)
{
    if (q->own)
        q->db->driver->unprepare(q);
    free(q);
}

void db_close(Db *db)
{
    db_rollback(db);
    for (int i = 0; i < CACHE_SETS; i++)
        for (int k = 0; k < CACHE_WAYS; k++)
            if (db->cache[i][k])
                stmt_free(db->cache[i][k]);
    while (db->loose) {
        Stmt *q   = db->loose;
        db->loose = q->next;
        stmt_free(q);
    }
    db->driver->close(db);
    free(db);
}

void db_close_statements(Db *db)
{
    for (int i = 0; i < CACHE_SETS; i++)
        for (int k = 0; k < CACHE_WAYS; k++) {
            Stmt *q = db->cache[i][k];
            if (q && q->in_use)
                stmt_close(&q);
        }
    while (db->loose) {
        Stmt *q = db->loose;
        stmt_close(&q);
    }
}

/* ---- Transactions -------------------------------------------------------------------------- */
static Err begin_failed(Db *db)
{
    return err_new(db->arena, ERR_INTERNAL, S("a transaction is already open on this connection"));
}

Err db_begin_read(Db *db)
{
    if (db->in_read || db->in_write)
        return begin_failed(db);
    TRY(db->driver->exec(db, db->driver->begin_read));
    db->in_read = true;
    db->failed  = OK;
    db->transactions++;
    return OK;
}

Err db_begin_write(Db *db)
{
    Store *s = db->store;
    if (db->in_read || db->in_write)
        return begin_failed(db);
    if (s->read_only)
        return err_new(db->arena, ERR_BUSY, S("the store is open for reading only"));
    if (atomic_load(&s->broken))
        return err_new(db->arena, ERR_IO, S("the disk failed to keep a write; the program must be restarted"));
    if (!writer_take(&s->writer, WRITE_WAIT_MS))
        return err_new(db->arena, ERR_BUSY, S("another write takes too long"));
    db->transactions++;
    db->in_write = true;                           /* from here on store_give would release the writer */
    db->failed   = OK;
    Err e        = db->driver->exec(db, db->driver->begin_write);
    if (e)
        db_rollback(db);                           /* PostgreSQL may have begun and waits for its lock in vain */
    return e;
}

static void transaction_over(Db *db)
{
    if (db->in_write)
        writer_release(&db->store->writer);
    db->in_read = db->in_write = false;
    db->failed  = OK;
}

Err db_commit(Db *db)
{
    if (!db->in_read && !db->in_write)
        return err_new(db->arena, ERR_INTERNAL, S("no transaction is open"));
    Err e = db->failed ? db->failed : db->driver->commit(db);
    if (e) {
        db_rollback(db);
        return e;
    }
    if (db->in_write) {
        atomic_fetch_add(&db->store->commits, 1);
        if (!db->keeps_pages)
            atomic_fetch_add(&db->store->generation, 1);
    }
    transaction_over(db);
    return OK;
}

static void reset_open_statements(Db *db)
{
    for (int i = 0; i < CACHE_SETS; i++)
        for (int k = 0; k < CACHE_WAYS; k++) {
            Stmt *q = db->cache[i][k];
            if (q && q->in_use && q->own)
                db->driver->reset(q, false);
        }
    for (Stmt *q = db->loose; q; q = q->next)
        if (q->own)
            db->driver->reset(q, false);
}

void db_rollback(Db *db)
{
    if (!db->in_read && !db->in_write)
        return;
    if (db->driver->flush)
        db->driver->flush(db);                     /* what was sent must be answered first */
    reset_open_statements(db);
    Err e = db->driver->exec(db, "ROLLBACK");
    (void)e;                                       /* SQLite has already rolled back after some failures */
    transaction_over(db);
}

/* ---- A part of a transaction that may fail alone ------------------------------------------- */
Err db_savepoint(Db *db)
{
    return db->failed ? db->failed : db->driver->exec(db, "SAVEPOINT part");
}

Err db_savepoint_keep(Db *db)
{
    return db->failed ? db->failed : db->driver->exec(db, "RELEASE part");
}

/* Fails when the whole transaction is lost: a full disk, a connection that went away. */
Err db_savepoint_undo(Db *db)
{
    if (db->driver->flush)
        db->driver->flush(db);
    reset_open_statements(db);
    db->failed = OK;
    return db->driver->exec(db, "ROLLBACK TO part; RELEASE part");
}

bool db_in_write(const Db *db)
{
    return db->in_write;
}

Arena *db_arena(Db *db)
{
    return db->arena;
}

Err db_exec(Db *db, const char *script)
{
    Err e = db->driver->exec(db, script);
    if (e && !db->failed)
        db->failed = e;
    return e;
}

/* ---- Statements ---------------------------------------------------------------------------- */
void stmt_fail_with(Stmt *q, Err e)
{
    if (!q->fault)
        q->fault = e;
    if (!q->db->failed && (q->db->in_read || q->db->in_write))
        q->db->failed = e;
}

void stmt_fail(Stmt *q, ErrKind kind, const char *format, ...)
{
    char    text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    stmt_fail_with(q, err_make(q->db->arena, kind, str_from_c(text), __FILE_NAME__, __LINE__));
}

static Stmt *stmt_new(Db *db, Sql sql)
{
    Stmt *q = calloc(1, sizeof *q);
    if (!q)
        abort();
    q->db  = db;
    q->sql = sql;
    if (db->failed)
        q->fault = db->failed;
    else
        db->driver->prepare(q);
    return q;
}

static Stmt *loose_stmt(Db *db, Sql sql)
{
    Stmt *q   = stmt_new(db, sql);
    q->in_use = true;
    q->next   = db->loose;
    db->loose = q;
    return q;
}

Stmt *db_prepare_text(Db *db, const char *text)
{
    Stmt *q = loose_stmt(db, (Sql){ text });
    q->many = strncmp(text, "INSERT", 6) == 0;
    return q;
}

Stmt *db_prepare_large_text(Db *db, const char *text)
{
    Stmt *q  = db_prepare_text(db, text);
    q->large = true;
    return q;
}

Stmt *db_prepare_large(Db *db, Sql sql)
{
    return db_prepare_large_text(db, sql.text);
}

/* The slot of a set to fill: an empty one, else the one unused for longest; NULL when all are in use. */
static Stmt **cache_slot(Stmt **set)
{
    Stmt **oldest = NULL;
    for (int k = 0; k < CACHE_WAYS; k++) {
        if (!set[k])
            return &set[k];
        if (!set[k]->in_use && (!oldest || set[k]->last_use < (*oldest)->last_use))
            oldest = &set[k];
    }
    return oldest;
}

static Stmt *reuse(Db *db, Stmt *q)
{
    q->in_use   = true;
    q->last_use = ++db->uses;
    q->fault    = db->failed;
    q->state    = STMT_READY;
    return q;
}

Stmt *db_prepare(Db *db, Sql sql)
{
    /* A literal's address is its key: the program has a fixed number of them. */
    Stmt **set = db->cache[((uintptr_t)sql.text * UINT64_C(0x9E3779B97F4A7C15)) >> 58];
    for (int k = 0; k < CACHE_WAYS; k++)
        if (set[k] && set[k]->sql.text == sql.text && !set[k]->in_use)
            return reuse(db, set[k]);
    Stmt **slot = cache_slot(set);
    if (!slot || db->failed)
        return loose_stmt(db, sql);
    Stmt *q = stmt_new(db, sql);
    if (!q->own) {                                 /* what cannot be prepared is not kept */
        q->in_use = true;
        q->next   = db->loose;
        db->loose = q;
        return q;
    }
    if (*slot)
        stmt_free(*slot);
    *slot     = q;
    q->cached = q->many = true;
    return reuse(db, q);
}

void stmt_close(Stmt **at)
{
    Stmt *q = *at;
    *at     = NULL;
    if (!q)
        return;
    if (q->cached) {
        q->db->driver->reset(q, true);
        q->in_use = false;
        q->fault  = OK;
        q->state  = STMT_READY;
        return;
    }
    Stmt **from = &q->db->loose;
    while (*from != q)
        from = &(*from)->next;
    *from = q->next;
    stmt_free(q);
}

int parameter_number(const char *digits)
{
    int n = 0;
    for (; *digits >= '0' && *digits <= '9' && n < 1000; digits++)
        n = 10 * n + (*digits - '0');
    return n < 1000 ? n : 0;
}

static bool rewind_for_bind(Stmt *q)
{
    if (q->fault || !q->own)
        return false;
    if (q->state != STMT_READY) {
        q->db->driver->reset(q, false);
        q->state = STMT_READY;
    }
    return true;
}

void bind_value(Stmt *q, int at, Value v)
{
    if (rewind_for_bind(q))
        q->db->driver->bind(q, at, v);
}

void bind_int(Stmt *q, int at, int64_t v)
{
    bind_value(q, at, (Value){ VALUE_INT, .i = v });
}

void bind_real(Stmt *q, int at, double v)
{
    bind_value(q, at, isnan(v) ? (Value){ VALUE_NULL } : (Value){ VALUE_REAL, .r = v });
}

void bind_str(Stmt *q, int at, Str v)
{
    bind_value(q, at, (Value){ VALUE_TEXT, .s = v });
}

void bind_opt_str(Stmt *q, int at, Str v)
{
    bind_value(q, at, v.len ? (Value){ VALUE_TEXT, .s = v } : (Value){ VALUE_NULL });
}

void bind_blob(Stmt *q, int at, Str bytes)
{
    bind_value(q, at, (Value){ VALUE_BLOB, .s = bytes });
}

void bind_null(Stmt *q, int at)
{
    bind_value(q, at, (Value){ VALUE_NULL });
}

void bind_time(Stmt *q, int at, Time t)
{
    bind_value(q, at, t.ms ? (Value){ VALUE_INT, .i = t.ms } : (Value){ VALUE_NULL });
}

void bind_date(Stmt *q, int at, Date d)
{
    if (date_is_none(d)) {
        bind_null(q, at);
        return;
    }
    bind_str(q, at, date_iso(q->db->arena, d));
}

/* A statement of a transaction that has failed shares its failure. */
static bool can_run(Stmt *q)
{
    if (!q->fault)
        q->fault = q->db->failed;
    return !q->fault && q->own;
}

bool db_row(Stmt *q)
{
    if (q->state == STMT_DONE || !can_run(q))
        return false;
    q->state = STMT_ROWS;
    if (q->db->driver->step(q))
        return true;
    q->state = STMT_DONE;
    return false;
}

Err db_done(Stmt *q)
{
    if (q->own && q->state != STMT_READY) {
        q->db->driver->reset(q, false);
        q->state = STMT_READY;
    }
    return q->fault;
}

Err db_run(Stmt *q)
{
    while (db_row(q)) {}
    return db_done(q);
}

int64_t db_changes(Stmt *q)
{
    return q->changes;
}

void db_send(Stmt *q, int64_t *out_changes)
{
    if (!can_run(q))
        return;
    if (q->db->driver->send && q->db->in_write) {
        q->db->driver->send(q, out_changes);
        return;
    }
    if (!db_run(q) && out_changes)
        *out_changes = q->changes;
}

Err db_flush(Db *db)
{
    Err e = db->driver->flush ? db->driver->flush(db) : OK;
    return db->failed ? db->failed : e;
}

/* ---- Columns ------------------------------------------------------------------------------- */
Value db_column(Stmt *q, int i)
{
    return q->state == STMT_ROWS ? q->db->driver->column(q, i) : (Value){ VALUE_NULL };
}

int db_columns(Stmt *q)
{
    return q->own ? q->db->driver->columns(q) : 0;
}

int64_t col_int(Stmt *q, int i)
{
    Value   v = db_column(q, i);
    int64_t n = 0;
    switch (v.kind) {
    case VALUE_INT:  return v.i;
    case VALUE_REAL: return (int64_t)v.r;
    case VALUE_TEXT: str_to_i64(v.s, &n); return n;
    default:         return 0;
    }
}

double col_real(Stmt *q, int i)
{
    Value  v = db_column(q, i);
    double x = NAN;
    switch (v.kind) {
    case VALUE_INT:  return (double)v.i;
    case VALUE_REAL: return v.r;
    case VALUE_TEXT: str_to_f64(v.s, &x); return x;
    default:         return NAN;
    }
}

Str col_str(Stmt *q, int i)
{
    Value v = db_column(q, i);
    Buf   text;
    switch (v.kind) {
    case VALUE_TEXT:
    case VALUE_BLOB: return v.s;
    case VALUE_INT:
        text = buf_new(q->db->arena, 24);
        buf_i64(&text, v.i);
        return buf_str(&text);
    case VALUE_REAL:
        text = buf_new(q->db->arena, 32);
        buf_f64(&text, v.r);
        return buf_str(&text);
    default: return S("");
    }
}

Str col_blob(Stmt *q, int i)
{
    return col_str(q, i);
}

bool col_null(Stmt *q, int i)
{
    return db_column(q, i).kind == VALUE_NULL;
}

Time col_time(Stmt *q, int i)
{
    return (Time){ col_int(q, i) };
}

Date col_date(Stmt *q, int i)
{
    Date d = DATE_NONE;
    date_parse(col_str(q, i), &d);
    return d;
}

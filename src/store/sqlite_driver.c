/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SQLite: one file in the data folder, in WAL mode, every commit synced to disk. */
#include "store/store_driver.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>

typedef struct LiteStmt {
    sqlite3_stmt *stmt;
    int           most;        /* highest $n */
    int          *index;       /* SQLite's index of $n; 0: not in the text */
} LiteStmt;

static sqlite3 *handle(const Db *db)
{
    return db->own;
}

static ErrKind kind_of(Store *s, sqlite3 *lite, int code)
{
    int os = sqlite3_system_errno(lite);
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT: return ERR_CONFLICT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:     return ERR_BUSY;
    case SQLITE_FULL:       return ERR_FULL;
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:  return ERR_LIMIT;
    case SQLITE_TOOBIG:     return ERR_TOO_LARGE;
    case SQLITE_IOERR:
        if (os == ENOSPC || os == EDQUOT)
            return ERR_FULL;
        if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) {
            atomic_fetch_add(&s->fsync_errors, 1);
            atomic_store(&s->broken, true);        /* what the disk holds now is unknown */
        }
        return ERR_IO;
    case SQLITE_CANTOPEN:
        return os == ENOSPC || os == EDQUOT ? ERR_FULL : ERR_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:       return ERR_IO;
    default:                return ERR_INTERNAL;
    }
}

static Err lite_err(Db *db, Arena *a, int code)
{
    int extended = sqlite3_extended_errcode(handle(db));
    return err_fmt(a, kind_of(db->store, handle(db), (extended & 0xFF) == (code & 0xFF) ? extended : code),
                   "sqlite: %s", sqlite3_errmsg(handle(db)));
}

static Err lite_exec(Db *db, const char *script)
{
    int code = sqlite3_exec(handle(db), script, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : lite_err(db, db->arena, code);
}

static Err lite_commit(Db *db)
{
    return lite_exec(db, "COMMIT");
}

/* Counting its memory makes every allocation of every thread take one lock; nobody reads the count. Before the first use only. */
static void count_nothing(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static Err lite_open(Db *db, Arena *a)
{
    const Store *s     = db->store;
    const char  *path  = arena_c(a, str_concat(a, s->data_dir, S("/thuocdo.db")));
    int          flags = s->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3     *lite  = NULL;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, count_nothing);
    int          code  = sqlite3_open_v2(path, &lite, flags | SQLITE_OPEN_NOMUTEX, NULL);
    db->own            = lite;
    if (code != SQLITE_OK)
        return err_fmt(a, code == SQLITE_CANTOPEN ? ERR_CONFIG : ERR_IO, "%s: %s", path,
                       lite ? sqlite3_errmsg(lite) : "no memory");
    sqlite3_extended_result_codes(lite, 1);
    sqlite3_busy_timeout(lite, 10000);
    TRY(lite_exec(db, "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
                      "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=8000"));
    return s->read_only ? lite_exec(db, "PRAGMA query_only=ON; SELECT 1 FROM sqlite_master")
                        : lite_exec(db, "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=67108864");
}

static void lite_close(Db *db)
{
    sqlite3_close_v2(handle(db));
    db->own = NULL;
}

static bool lite_usable(Db *db)
{
    return db->own != NULL;
}

/* ---- Statements ---------------------------------------------------------------------------- */
/* SQLite numbers $n in order of appearance; the table gives back its index. */
static void map_parameters(LiteStmt *own)
{
    int n = sqlite3_bind_parameter_count(own->stmt);
    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(own->stmt, i);
        int         at   = name ? parameter_number(name + 1) : 0;
        own->most        = at > own->most ? at : own->most;
    }
    own->index = calloc((size_t)own->most + 1, sizeof *own->index);
    if (!own->index)
        abort();
    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(own->stmt, i);
        if (name && parameter_number(name + 1) > 0)
            own->index[parameter_number(name + 1)] = i;
    }
}

static void lite_prepare(Stmt *q)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v3(handle(q->db), q->sql.text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
    if (code != SQLITE_OK || !stmt) {
        Err e = lite_err(q->db, q->db->arena, code);
        stmt_fail(q, e->kind, "%.*s: %.120s", STR_ARG(e->detail), q->sql.text);
        return;
    }
    LiteStmt *own = calloc(1, sizeof *own);
    if (!own)
        abort();
    own->stmt = stmt;
    map_parameters(own);
    q->own = own;
}

static void lite_unprepare(Stmt *q)
{
    LiteStmt *own = q->own;
    sqlite3_finalize(own->stmt);
    free(own->index);
    free(own);
}

static void lite_reset(Stmt *q, bool clear)
{
    LiteStmt *own = q->own;
    sqlite3_reset(own->stmt);
    if (clear)
        sqlite3_clear_bindings(own->stmt);
}

static int bind_at(sqlite3_stmt *stmt, int i, Value v)
{
    const char *at = v.s.at ? v.s.at : "";
    switch (v.kind) {
    case VALUE_INT:  return sqlite3_bind_int64(stmt, i, v.i);
    case VALUE_REAL: return sqlite3_bind_double(stmt, i, v.r);
    case VALUE_TEXT: return sqlite3_bind_text64(stmt, i, at, v.s.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    case VALUE_BLOB: return sqlite3_bind_blob64(stmt, i, at, v.s.len, SQLITE_TRANSIENT);
    default:         return sqlite3_bind_null(stmt, i);
    }
}

static void lite_bind(Stmt *q, int at, Value v)
{
    LiteStmt *own = q->own;
    if (at < 1 || at > own->most || !own->index[at]) {
        stmt_fail(q, ERR_INTERNAL, "no parameter $%d in: %.120s", at, q->sql.text);
        return;
    }
    int code = bind_at(own->stmt, own->index[at], v);
    if (code != SQLITE_OK)
        stmt_fail_with(q, lite_err(q->db, q->db->arena, code));
}

static bool lite_step(Stmt *q)
{
    LiteStmt *own = q->own;
    if (!q->db->in_write && !sqlite3_stmt_readonly(own->stmt)) {
        stmt_fail(q, ERR_INTERNAL, "a write outside db_begin_write: %.120s", q->sql.text);
        return false;
    }
    int code = sqlite3_step(own->stmt);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE) {
        q->changes = sqlite3_stmt_readonly(own->stmt) ? 0 : sqlite3_changes64(handle(q->db));
        return false;
    }
    q->changes = 0;
    Err e      = lite_err(q->db, q->db->arena, code);
    stmt_fail(q, e->kind, "%.*s: %.120s", STR_ARG(e->detail), q->sql.text);
    return false;
}

static Str slice(const void *at, int len)
{
    return (Str){ at ? at : "", at && len > 0 ? (size_t)len : 0 };
}

static Value lite_column(Stmt *q, int i)
{
    sqlite3_stmt *stmt = ((LiteStmt *)q->own)->stmt;
    Value         v    = { VALUE_NULL };
    switch (sqlite3_column_type(stmt, i)) {
    case SQLITE_INTEGER:
        return (Value){ VALUE_INT, .i = sqlite3_column_int64(stmt, i) };
    case SQLITE_FLOAT:
        return (Value){ VALUE_REAL, .r = sqlite3_column_double(stmt, i) };
    case SQLITE_TEXT:
        v.kind = VALUE_TEXT;
        v.s.at = (const char *)sqlite3_column_text(stmt, i);
        v.s    = slice(v.s.at, sqlite3_column_bytes(stmt, i));
        return v;
    case SQLITE_BLOB:
        v.kind = VALUE_BLOB;
        v.s.at = sqlite3_column_blob(stmt, i);
        v.s    = slice(v.s.at, sqlite3_column_bytes(stmt, i));
        return v;
    default:
        return v;
    }
}

static int lite_columns(Stmt *q)
{
    return sqlite3_column_count(((LiteStmt *)q->own)->stmt);
}

/* BIGINT PRIMARY KEY becomes INTEGER PRIMARY KEY: only then is the key the row's own number and not a second index. */
static Str lite_schema_text(Arena *a, Str migration)
{
    return str_replace(a, migration, S("BIGINT PRIMARY KEY"), S("INTEGER PRIMARY KEY"));
}

const Driver sqlite_driver = {
    .name        = "sqlite",
    .begin_read  = "BEGIN",
    .begin_write = "BEGIN IMMEDIATE",
    /* Random keys touch pages everywhere: with the ordinary 2 MB each is read again for every batch. */
    .collecting  = "PRAGMA cache_size=-16000",
    .open        = lite_open,
    .close       = lite_close,
    .exec        = lite_exec,
    .commit      = lite_commit,
    .usable      = lite_usable,
    .prepare     = lite_prepare,
    .unprepare   = lite_unprepare,
    .reset       = lite_reset,
    .bind        = lite_bind,
    .step        = lite_step,
    .column      = lite_column,
    .columns     = lite_columns,
    .schema_text = lite_schema_text,
};

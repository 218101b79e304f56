/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One small database interface over SQLite (default) and PostgreSQL. The same SQL text runs on both:
 * $1 parameters, CAST($1 AS bigint), ON CONFLICT, ids made by the application, times as UTC
 * milliseconds (BIGINT), days as ISO text, JSON as text, bytes as BYTEA, numbers as DOUBLE PRECISION. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/base.h"

typedef struct Store Store;          /* the data folder's database: pool, writer, collector; shared by threads */
typedef struct Db    Db;             /* one connection, used by one thread at a time */
typedef struct Stmt  Stmt;
typedef struct Sql { const char *text; } Sql;
#define SQL(literal) ((Sql){ "" literal })              /* only a literal compiles */

typedef struct StoreConfig {
    Str database;        /* "" = SQLite in data_dir/thuocdo.db; or "postgresql://…" */
    Str data_dir;
    int connections;     /* readers in the pool */
    bool read_only;      /* opened beside a running server */
} StoreConfig;

/* ---- Life: opened once; migrations are run by store_migrate ------------------------------- */
MUST_USE Err store_open(Arena *a, const StoreConfig *config, Store **out);
void store_close(Store *s);
bool store_is_postgres(const Store *s);
/* Applies missing numbered migrations (embedded from schema/), each in its own transaction. */
MUST_USE Err store_migrate(Store *s, Arena *a, int *out_applied);
MUST_USE Err store_ready(Store *s, Arena *a);           /* writable and migrated: for /readyz */

/* ---- Connections: err details live in a until the connection is given back ----------------- */
MUST_USE Err store_take(Store *s, Arena *a, Db **out);  /* waits for a free connection */
void store_give(Store *s, Db **db);                     /* rolls back what is open, closes statements; sets *db = NULL */

/* ---- Transactions ---------------------------------------------------------------------------
 * Writes are serialised on both databases: db_begin_write waits for the one writer (ERR_BUSY after 20 s), so what a
 * handler loads inside it stays true until its commit. A statement outside db_begin_write cannot write. After the first
 * failed statement the transaction cannot be committed: db_commit rolls back and returns that failure; where a
 * duplicate is expected, say ON CONFLICT DO NOTHING and look at db_changes. */
MUST_USE Err db_begin_read(Db *db);                     /* one consistent view for a page */
MUST_USE Err db_begin_write(Db *db);
MUST_USE Err db_commit(Db *db);
void db_rollback(Db *db);
bool db_in_write(const Db *db);
Arena *db_arena(Db *db);

/* ---- Statements. The first failure is remembered and returned by db_done. ------------------- */
Stmt *db_prepare(Db *db, Sql sql);                      /* cached per connection; never NULL */
/* For results too large to be held in memory at once: inside a transaction PostgreSQL hands them out in pieces. */
Stmt *db_prepare_large(Db *db, Sql sql);
void  stmt_close(Stmt **q);
#define AUTO_STMT AUTO(stmt_close) Stmt *
void bind_int(Stmt *q, int at, int64_t v);
void bind_real(Stmt *q, int at, double v);              /* NAN binds NULL */
void bind_str(Stmt *q, int at, Str v);
void bind_opt_str(Stmt *q, int at, Str v);              /* empty binds NULL */
void bind_blob(Stmt *q, int at, Str bytes);
void bind_null(Stmt *q, int at);
void bind_time(Stmt *q, int at, Time t);                /* 0 binds NULL */
void bind_date(Stmt *q, int at, Date d);                /* ISO text; DATE_NONE binds NULL */
bool    db_row(Stmt *q);                                /* next row; false at the end or on failure */
int64_t col_int(Stmt *q, int i);                        /* columns from 0; NULL reads as 0, "", NAN, none */
double  col_real(Stmt *q, int i);
Str     col_str(Stmt *q, int i);                        /* valid until the next db_row */
Str     col_blob(Stmt *q, int i);
bool    col_null(Stmt *q, int i);
Time    col_time(Stmt *q, int i);
Date    col_date(Stmt *q, int i);
MUST_USE Err db_done(Stmt *q);                          /* the failure, if any; a constraint breach is ERR_CONFLICT */
MUST_USE Err db_run(Stmt *q);                           /* steps to the end, for INSERT, UPDATE, DELETE */
int64_t db_changes(Stmt *q);                            /* rows touched by db_run */
/* Runs q without waiting for its outcome where the database can (PostgreSQL's pipeline), else as db_run. Bound values
 * are copied; q may be bound and sent again at once. out_changes (may be NULL) is written by db_flush at the latest, and
 * must live till then; a failure is returned by db_flush and db_commit. For inserts and updates in the collector. */
void db_send(Stmt *q, int64_t *out_changes);
MUST_USE Err db_flush(Db *db);                          /* waits for all that was sent; db_row, db_run and db_commit do too */

/* ---- The collector: one thread commits everything waiting in one transaction --------------- */
/* A kind of item: apply saves n items (<= 1024) inside the collector's transaction. What concerns one item
 * (duplicate, conflict, used code) is written INTO the item; an Err fails and rolls back those n items, while other kinds
 * of the same transaction stand. Items of a kind that is `apart` come one at a time, so that none fails with another.
 * After the commit finish is called for each item on the collector thread: OK, or what failed. It must be short. */
typedef struct CollectKind {
    const char *name;
    Err  (*apply)(Db *db, Arena *scratch, void **items, size_t n);
    void (*finish)(void *item, Err outcome);
    bool apart;
} CollectKind;
/* Queues and returns at once; false when the queue is full or the store stops (then answer 503). */
bool collector_queue(Store *s, const CollectKind *kind, void *item);
/* Queues and waits for the commit: for commands and tests. */
MUST_USE Err collector_run(Store *s, Arena *a, const CollectKind *kind, void *item);

typedef struct StoreStats { int64_t commits, items, queued, fsync_errors, wal_bytes; } StoreStats;
StoreStats store_stats(const Store *s);
/* Rises with every commit of this process but the collector's, whose answers and drafts show on no cached page: the
 * key of cached pages. */
uint64_t store_generation(const Store *s);

/* ---- Files by content: data_dir/files/ab/cdef… (names live in the database) ---------------- */
MUST_USE Err files_save(Store *s, Arena *a, Str bytes, Sha256 *out);   /* written, fsynced, renamed */
/* The same for a file of known size and sum on the data folder's disk: synced and moved into place, never read into memory.
 * It is copied when it lies on another disk. */
MUST_USE Err files_save_from(Store *s, Arena *a, Str path, int64_t size, Sha256 sum);
/* Where the bytes lie, for sending them as a file. */
Str files_path(Store *s, Arena *a, Sha256 sum);
MUST_USE Err files_size(Store *s, Arena *a, Sha256 sum, int64_t *out);
/* The first bytes, at most n, unverified: for telling its kind. */
MUST_USE Err files_head(Store *s, Arena *a, Sha256 sum, size_t n, Str *out);
/* Erases a file that no row names any more: after the commit that says so. OK when it is gone already. */
MUST_USE Err files_remove(Store *s, Arena *a, Sha256 sum);
/* Takes over a file of the data folder's own file system: hashed in pieces, synced, renamed. path is gone then. */
MUST_USE Err files_adopt(Store *s, Arena *a, Str path, Sha256 *out);
MUST_USE Err files_load(Store *s, Arena *a, Sha256 sum, Str *out);     /* ERR_NOT_FOUND; verified against sum */

/* ---- Whole-store acts ---------------------------------------------------------------------- */
typedef LIST(Str) StoreFaults;                          /* one line a fault, for `thuocdo check` */
MUST_USE Err store_check(Store *s, Arena *a, StoreFaults *out);        /* integrity of database and files */
/* Who may read a backup: the holder of a key ("age1…"), or of a passphrase; one of the two. */
typedef struct BackupLock { Str recipient, passphrase; } BackupLock;
/* What opens one. file_key: of the backup that store_backup just wrote. */
typedef struct BackupKeys { StrList identities; Str passphrase; bool has_file_key; uint8_t file_key[16]; } BackupKeys;
MUST_USE Err backup_key_new(Arena *a, Str *out_identity, Str *out_recipient);        /* "AGE-SECRET-KEY-1…", "age1…" */
/* Online, one commit point; see src/store/README.md for the archive. lock NULL: anybody may read it; else out_keys opens it again. */
MUST_USE Err store_backup(Store *s, Arena *a, Str path, const BackupLock *lock, BackupKeys *out_keys);
/* keys: of an encrypted one, or NULL. ERR_SIGN_IN: they do not open it. */
MUST_USE Err store_backup_verify(Arena *a, Str path, const BackupKeys *keys, StoreFaults *out);
/* No table but those of the database itself. */
MUST_USE Err store_is_empty(Store *s, Arena *a, bool *out);
MUST_USE Err store_clear(Store *s, Arena *a);                          /* drops every table; for a making that was cut off */
MUST_USE Err store_restore(Arena *a, Str path, const BackupKeys *keys, const StoreConfig *into);/* the folder must be empty */

#endif

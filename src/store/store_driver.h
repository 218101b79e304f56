/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside of the store module: what a database driver provides, and what a store, a connection and a
 * statement hold. Only files of src/store/ include this header. */
#ifndef STORE_STORE_DRIVER_H
#define STORE_STORE_DRIVER_H

#include "base/embed.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>

/* One value on its way into or out of the database. */
typedef enum ValueKind { VALUE_NULL, VALUE_INT, VALUE_REAL, VALUE_TEXT, VALUE_BLOB } ValueKind;
typedef struct Value { ValueKind kind; int64_t i; double r; Str s; } Value;

typedef struct Driver {
    const char *name;
    const char *begin_read, *begin_write;
    const char *collecting;                        /* settings of the collector's connection; may be NULL */
    Err   (*open)(Db *db, Arena *a);
    void  (*close)(Db *db);
    Err   (*exec)(Db *db, const char *script);     /* several statements, no results, no parameters */
    Err   (*commit)(Db *db);
    bool  (*usable)(Db *db);                       /* false: the connection is lost and must be opened anew */
    void  (*prepare)(Stmt *q);
    void  (*unprepare)(Stmt *q);
    void  (*reset)(Stmt *q, bool clear);           /* back to the start; clear: forget the bound values */
    void  (*bind)(Stmt *q, int at, Value v);
    bool  (*step)(Stmt *q);                        /* true: a row stands ready */
    Value (*column)(Stmt *q, int i);
    int   (*columns)(Stmt *q);
    void  (*send)(Stmt *q, int64_t *out_changes);  /* NULL: the driver has no pipeline */
    Err   (*flush)(Db *db);
    Str   (*schema_text)(Arena *a, Str migration); /* the migration as this database reads it */
} Driver;
extern const Driver sqlite_driver, postgres_driver;

typedef enum StmtState { STMT_READY, STMT_ROWS, STMT_DONE } StmtState;
struct Stmt {
    Db       *db;
    Sql       sql;
    void     *own;             /* the driver's; NULL when it could not be prepared */
    Err       fault;           /* the first failure; lives in the arena of db */
    StmtState state;
    bool      in_use, cached;
    bool      many;            /* runs often: worth preparing on a server */
    bool      large;           /* rows come in pieces */
    uint64_t  last_use;
    int64_t   changes;
    Stmt     *next;            /* all statements of the connection that are not cached */
};

enum { CACHE_SETS = 64, CACHE_WAYS = 4, WRITE_WAIT_MS = 20000, TAKE_WAIT_MS = 20000 };
struct Db {
    Store        *store;
    const Driver *driver;
    void         *own;         /* sqlite3 * or the driver's own structure */
    Arena        *arena;
    bool          in_read, in_write;
    bool          keeps_pages;   /* the collector's: answers and drafts change no cached page */
    Err           failed;      /* the first failure inside the open transaction: it cannot be committed any more */
    Stmt         *cache[CACHE_SETS][CACHE_WAYS];
    Stmt         *loose;
    uint64_t      uses, transactions;
    Db           *next;        /* idle list */
};

/* The one writer: first come, first served, handed on directly so that the collector starves nobody. */
typedef struct WriteWaiter { pthread_cond_t turn; bool mine; struct WriteWaiter *next; } WriteWaiter;
typedef struct Writer { pthread_mutex_t lock; bool taken; WriteWaiter *first, **last; } Writer;
void writer_init(Writer *w);
bool writer_take(Writer *w, int wait_ms);
void writer_release(Writer *w);

typedef struct Collector Collector;
struct Store {
    Arena           own;       /* the store itself and its settings */
    const Driver   *driver;
    Str             database, data_dir;
    bool            read_only;
    int             most;      /* connections of the pool */
    int             take_wait_ms;
    pthread_mutex_t lock;
    pthread_cond_t  given;
    Db             *idle;
    int             open;
    Writer          writer;
    Collector      *collector; /* made by the first collector_queue; under lock */
    bool            stopping;
    _Atomic int64_t commits, items, queued, fsync_errors;
    _Atomic uint64_t generation;
    _Atomic bool    broken;    /* an fsync failed: nothing may be acknowledged until a restart */
};

Err  db_open(Store *s, Arena *a, Db **out);
void db_close(Db *db);
void db_close_statements(Db *db);                  /* those still in use: nobody holds them any more */
#define RESTORING "restoring"                      /* the mark of a restore that is under way or was cut off */
Err  store_open_unmarked(Arena *a, const StoreConfig *config, Store **out);   /* store_open without looking for the mark */
/* Text made at run time, for the schema and the archive only: never cached. */
Stmt *db_prepare_text(Db *db, const char *text);
Stmt *db_prepare_large_text(Db *db, const char *text);
Value db_column(Stmt *q, int i);
int   db_columns(Stmt *q);
Err  db_exec(Db *db, const char *script);
/* Remembers the first failure of q and of the open transaction. */
void stmt_fail(Stmt *q, ErrKind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
void stmt_fail_with(Stmt *q, Err e);
void bind_value(Stmt *q, int at, Value v);
int  parameter_number(const char *digits);         /* "12" or "12)": 12; 0 without digits or above 999 */

/* A part of a write transaction that may fail alone; parts do not nest. Undo fails when the whole transaction is lost. */
MUST_USE Err db_savepoint(Db *db);
MUST_USE Err db_savepoint_keep(Db *db);
MUST_USE Err db_savepoint_undo(Db *db);

void collector_stop(Store *s);                     /* drains, then ends the thread */
Err  migrate_files(Store *s, Arena *a, const EmbeddedFile *files, size_t n, int *out_applied);
Err  migrations_complete(Db *db, Arena *a);        /* ERR_CONFIG when one is missing or unknown */

#endif

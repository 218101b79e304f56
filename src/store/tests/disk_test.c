/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SQLite on a disk that is full or fails: a file layer between SQLite and the system says so at will. */
#include "store/store_driver.h"
#include "store/test_store.h"

#include <sqlite3.h>

/* SQLite has one set of methods for the database and another for its log: each gets a changed copy. */
typedef struct Methods { sqlite3_io_methods changed; const sqlite3_io_methods *real; } Methods;
static sqlite3_vfs layer;
static Methods     sets[4];
static bool        full, failing;

static const sqlite3_io_methods *real_of(const sqlite3_file *f)
{
    return ((const Methods *)f->pMethods)->real;   /* changed stands first */
}

static int on_sync(sqlite3_file *f, int flags)
{
    return failing ? SQLITE_IOERR_FSYNC : real_of(f)->xSync(f, flags);
}

static int on_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
    return full ? SQLITE_FULL : real_of(f)->xWrite(f, bytes, n, at);
}

static const sqlite3_io_methods *changed_for(const sqlite3_io_methods *real)
{
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        if (!sets[i].real) {
            sets[i]                = (Methods){ *real, real };
            sets[i].changed.xSync  = on_sync;
            sets[i].changed.xWrite = on_write;
        }
        if (sets[i].real == real)
            return &sets[i].changed;
    }
    return real;
}

static int on_open(sqlite3_vfs *vfs UNUSED, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
    sqlite3_vfs *system = layer.pAppData;
    int          code   = system->xOpen(system, name, f, flags, out_flags);
    if (code == SQLITE_OK && f->pMethods)
        f->pMethods = changed_for(f->pMethods);
    return code;
}

static void remove_layer(void *unused UNUSED)
{
    sqlite3_vfs_unregister(&layer);
}

static Store *store_on_layer(Arena *a)
{
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    layer               = *system;
    layer.zName         = "faulty";
    layer.pAppData      = system;
    layer.xOpen         = on_open;
    full = failing = false;
    sqlite3_vfs_register(&layer, 1);
    test_after(remove_layer, NULL);
    Store *s  = test_store(a);
    Db    *db = test_take(s, a);
    test_sql(db, SQL("CREATE TABLE kept (id BIGINT PRIMARY KEY, body BYTEA)"));
    return s;
}

static Err put(Db *db, int64_t id)
{
    static char body[100000];
    TRY(db_begin_write(db));
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO kept (id, body) VALUES ($1, $2)"));
    bind_int(q, 1, id);
    bind_blob(q, 2, (Str){ body, sizeof body });
    Err e = db_run(q);
    if (!e)
        return db_commit(db);
    db_rollback(db);
    return e;
}

TEST(disk_full_refuses_writes_serves_reads_and_heals)
{
    Store *s  = store_on_layer(a);
    Db    *db = test_take(s, a), *reader = test_take(s, a);
    CHECK_OK(put(db, 1));
    full = true;
    for (int i = 0; i < 3; i++)
        CHECK_ERR(put(db, 2), ERR_FULL);
    CHECK_INT(test_sql_int(reader, SQL("SELECT COUNT(*) FROM kept")), 1);
    full = false;
    CHECK_OK(put(db, 2));
    CHECK_INT(test_sql_int(reader, SQL("SELECT COUNT(*) FROM kept")), 2);
    CHECK_INT(store_stats(s).fsync_errors, 0);
}

static Err apply(Db *db, Arena *scratch UNUSED, void **items UNUSED, size_t n)
{
    static int64_t id = 100;
    AUTO_STMT      q  = db_prepare(db, SQL("INSERT INTO kept (id) VALUES ($1)"));
    for (size_t i = 0; i < n; i++) {
        bind_int(q, 1, ++id);
        TRY(db_run(q));
    }
    return OK;
}

TEST(disk_full_fails_the_batch_and_the_collector_goes_on)
{
    static const CollectKind kind = { "disk", apply, NULL };
    Store                   *s    = store_on_layer(a);
    int                      item = 0;
    CHECK_OK(collector_run(s, a, &kind, &item));
    full = true;
    CHECK_ERR(collector_run(s, a, &kind, &item), ERR_FULL);
    full = false;
    CHECK_OK(collector_run(s, a, &kind, &item));
    CHECK_INT(test_sql_int(test_take(s, a), SQL("SELECT COUNT(*) FROM kept")), 2);
}

TEST(disk_that_failed_a_sync_is_never_trusted_again)
{
    static const CollectKind kind = { "disk", apply, NULL };
    Store                   *s    = store_on_layer(a);
    Db                      *db   = test_take(s, a), *reader = test_take(s, a);
    int                      item = 0;
    CHECK_OK(put(db, 1));
    failing = true;
    CHECK_ERR(put(db, 2), ERR_IO);
    CHECK_INT(store_stats(s).fsync_errors, 1);
    failing = false;                               /* the next sync would say OK: what it kept is unknown all the same */
    CHECK_ERR(put(db, 3), ERR_IO);
    CHECK_ERR(collector_run(s, a, &kind, &item), ERR_IO);
    CHECK_ERR(store_ready(s, a), ERR_IO);
    CHECK_INT(test_sql_int(reader, SQL("SELECT COUNT(*) FROM kept WHERE id = 1")), 1);
    CHECK_INT(store_stats(s).fsync_errors, 1);
    StoreConfig config = test_store_config(s);
    Store      *again  = NULL;
    CHECK_OK(store_open(a, &config, &again));      /* a new start recovers */
    Db *after = NULL;
    CHECK_OK(store_take(again, a, &after));
    CHECK_OK(put(after, 4));
    store_give(again, &after);
    store_close(again);
}

TEST(store_gives_up_when_all_connections_stay_in_use)
{
    StoreConfig config = test_store_config(test_store(a));
    Store      *small  = NULL;
    Db         *one = NULL, *two = NULL;
    config.connections = 1;
    CHECK_OK(store_open(a, &config, &small));
    small->take_wait_ms = 0;
    CHECK_OK(store_take(small, a, &one));
    CHECK_ERR(store_take(small, a, &two), ERR_BUSY);
    store_give(small, &one);
    CHECK_OK(store_take(small, a, &two));
    store_give(small, &two);
    store_close(small);
}

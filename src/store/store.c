/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The store: settings, the pool of connections, figures for the health page. */
#include "store/store_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

static bool is_postgres(Str database)
{
    return str_starts(database, S("postgresql://")) || str_starts(database, S("postgres://"));
}

static Err store_new(Arena *a, const StoreConfig *config, Store **out)
{
    if (config->database.len && !is_postgres(config->database))      /* not shown whole: it may hold a password */
        return err_new(a, ERR_CONFIG, S("database must be empty or begin with postgresql://"));
    Arena  own   = arena_open(1 << 20);
    Store *s     = arena_new(&own, Store, 1);
    s->driver    = config->database.len ? &postgres_driver : &sqlite_driver;
    s->database  = (Str){ arena_c(&own, config->database), config->database.len };
    s->data_dir  = (Str){ arena_c(&own, config->data_dir), config->data_dir.len };
    s->read_only = config->read_only;
    s->most      = config->connections > 0 ? config->connections : 4;
    s->own       = own;
    s->take_wait_ms = TAKE_WAIT_MS;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->given, &monotonic);
    pthread_condattr_destroy(&monotonic);
    writer_init(&s->writer);
    *out = s;
    return OK;
}

Err store_open(Arena *a, const StoreConfig *config, Store **out)
{
    if (!access(arena_c(a, str_concat(a, config->data_dir, S("/" RESTORING))), F_OK))
        return err_fmt(a, ERR_CONFIG, "%.*s: a restore was cut off; empty the folder and restore again",
                       STR_ARG(config->data_dir));
    TRY(store_open_unmarked(a, config, out));
    if (!config->read_only)
        content_sweep(a, config->data_dir);
    return OK;
}

Err store_open_unmarked(Arena *a, const StoreConfig *config, Store **out)
{
    const char *dir = arena_c(a, config->data_dir);
    struct stat st;
    if (stat(dir, &st) || !S_ISDIR(st.st_mode))
        return err_fmt(a, ERR_CONFIG, "%s: no such data folder", dir);
    Store *s = NULL;
    TRY(store_new(a, config, &s));
    Db *db = NULL;
    Err e  = db_open(s, a, &db);                   /* a wrong address shows at once */
    if (e) {
        store_close(s);
        return e;
    }
    db->arena = NULL;
    s->idle   = db;
    s->open   = 1;
    *out      = s;
    return OK;
}

void store_close(Store *s)
{
    if (!s)
        return;
    collector_stop(s);
    while (s->idle) {
        Db *db  = s->idle;
        s->idle = db->next;
        db_close(db);
    }
    pthread_cond_destroy(&s->given);
    pthread_mutex_destroy(&s->lock);
    Arena own = s->own;
    arena_close(&own);
}

bool store_is_postgres(const Store *s)
{
    return s->driver == &postgres_driver;
}

/* ---- The pool ------------------------------------------------------------------------------ */
static struct timespec in_ms(int ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    return t;
}

/* An idle connection, or the right to open one (*out stays NULL). False when the wait was too long. */
static bool wait_for_place(Store *s, Db **out)
{
    struct timespec until = in_ms(s->take_wait_ms);
    int             gone  = 0;
    pthread_mutex_lock(&s->lock);
    while (!s->idle && s->open >= s->most && gone != ETIMEDOUT)
        gone = pthread_cond_timedwait(&s->given, &s->lock, &until);
    bool got = true;
    if (s->idle) {
        *out    = s->idle;
        s->idle = s->idle->next;
    } else if (s->open < s->most) {
        s->open++;
    } else {
        got = false;
    }
    pthread_mutex_unlock(&s->lock);
    return got;
}

static void place_free(Store *s, Db *idle)
{
    pthread_mutex_lock(&s->lock);
    if (idle) {
        idle->next = s->idle;
        s->idle    = idle;
    } else {
        s->open--;
    }
    pthread_cond_signal(&s->given);
    pthread_mutex_unlock(&s->lock);
}

Err store_take(Store *s, Arena *a, Db **out)
{
    Db *db = NULL;
    if (!wait_for_place(s, &db))
        return err_new(a, ERR_BUSY, S("all database connections are in use"));
    if (db && db->driver->usable(db)) {
        db->arena = a;
        *out      = db;
        return OK;
    }
    if (db)
        db_close(db);
    Err e = db_open(s, a, &db);
    if (e) {
        place_free(s, NULL);
        return e;
    }
    *out = db;
    return OK;
}

void store_give(Store *s, Db **at)
{
    Db *db = *at;
    *at    = NULL;
    if (!db)
        return;
    db_rollback(db);
    db_close_statements(db);
    db->arena = NULL;
    if (db->driver->usable(db)) {
        place_free(s, db);
        return;
    }
    db_close(db);
    place_free(s, NULL);
}

/* ---- Figures ------------------------------------------------------------------------------- */
StoreStats store_stats(const Store *s)
{
    StoreStats  t = { .commits = atomic_load(&s->commits), .items = atomic_load(&s->items),
                      .queued = atomic_load(&s->queued), .fsync_errors = atomic_load(&s->fsync_errors) };
    char        path[4096];
    struct stat st;
    int         n = snprintf(path, sizeof path, "%.*s/thuocdo.db-wal", STR_ARG(s->data_dir));
    if (!store_is_postgres(s) && n < (int)sizeof path && !stat(path, &st))
        t.wal_bytes = st.st_size;
    return t;
}

uint64_t store_generation(const Store *s)
{
    return atomic_load(&s->generation);
}

static Err disk_has_room(const Store *s, Arena *a)
{
    struct statvfs fs;
    if (statvfs(s->data_dir.at, &fs))
        return err_fmt(a, ERR_IO, "statvfs: %s", strerror(errno));
    if (fs.f_blocks && fs.f_bavail < fs.f_blocks / 20)
        return err_new(a, ERR_FULL, S("less than 5 % of the disk is free"));
    return access(s->data_dir.at, W_OK) ? err_new(a, ERR_IO, S("the data folder is not writable")) : OK;
}

Err store_ready(Store *s, Arena *a)
{
    if (atomic_load(&s->broken))
        return err_new(a, ERR_IO, S("the disk failed to keep a write; the program must be restarted"));
    TRY(disk_has_room(s, a));
    Db *db = NULL;
    TRY(store_take(s, a, &db));
    Err e = migrations_complete(db, a);
    store_give(s, &db);
    return e;
}

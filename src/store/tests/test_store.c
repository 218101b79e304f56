/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Throw-away stores for tests. */
#include "store/test_store.h"
#include "store/store_driver.h"

#include <fcntl.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void must(Err e, const char *what)
{
    if (!e)
        return;
    fprintf(stderr, "test store: %s: %.*s (%s:%d)\n", what, STR_ARG(e->detail), e->file, e->line);
    abort();
}

static int remove_one(const char *path, const struct stat *st UNUSED, int kind UNUSED, struct FTW *at UNUSED)
{
    return remove(path);
}

static void remove_folder(void *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(path);
}

Str test_folder(Arena *a)
{
    const char *tmp  = getenv("TMPDIR");
    char       *path = NULL;
    if (asprintf(&path, "%s/thuocdo-test-XXXXXX", tmp && *tmp ? tmp : "/tmp") < 0 || !mkdtemp(path))
        abort();
    test_after(remove_folder, path);
    return arena_str(a, str_from_c(path));
}

static void close_store(void *s)
{
    store_close(s);
}

void test_after_close(Store *s)
{
    test_after(close_store, s);
}

static Store *open_migrated(Arena *a, Str database, Str folder)
{
    Store      *s      = NULL;
    StoreConfig config = { .database = database, .data_dir = folder, .connections = 4 };
    int         applied;
    must(store_open(a, &config, &s), "open");
    must(store_migrate(s, a, &applied), "migrate");
    return s;
}

/* Tables are made once a run; each test gets a copy, which costs a fraction of making them. */
static Str migrated;                               /* bytes of a SQLite database without rows */

static void migrate_once(void)
{
    static Arena keep;
    if (migrated.len)
        return;
    keep       = arena_open(1 << 26);
    Str folder = test_folder(&keep);
    store_close(open_migrated(&keep, S(""), folder));                  /* the last to close leaves one whole file */
    int     fd    = open(arena_c(&keep, str_concat(&keep, folder, S("/thuocdo.db"))), O_RDONLY | O_CLOEXEC);
    off_t   size  = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    char   *bytes = arena_take(&keep, (size_t)size + 1, 1, 1);
    if (size <= 0 || pread(fd, bytes, (size_t)size, 0) != size)
        abort();
    close(fd);
    migrated = (Str){ bytes, (size_t)size };
}

Store *test_store(Arena *a)
{
    migrate_once();
    Str folder = test_folder(a);
    int fd     = open(arena_c(a, str_concat(a, folder, S("/thuocdo.db"))), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, migrated.at, migrated.len) != (ssize_t)migrated.len)
        abort();
    close(fd);
    Store *s = open_migrated(a, S(""), folder);
    test_after_close(s);
    return s;
}

/* ---- PostgreSQL: a database a test, copied from one that is migrated ------------------------------------- */
static PGconn *server;                             /* of the whole run */
static char    origin[64];

static void on_server(const char *sql)
{
    PGresult *r = PQexec(server, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        fprintf(stderr, "test store: %s: %s", sql, PQerrorMessage(server));
        abort();
    }
    PQclear(r);
}

static void create_database(const char *name, const char *of)
{
    char sql[200];
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY", name, of);
    on_server(sql);
}

static void drop_database(void *name)
{
    char sql[200];
    snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", (const char *)name);
    on_server(sql);
}

static void drop_origin(void)
{
    drop_database(origin);
    PQfinish(server);
}

/* The throw-away databases need not outlive a power cut. */
static Str address_of(Arena *a, const char *name)
{
    const char *url = getenv("TEST_POSTGRES");
    Str         at  = str_replace(a, str_from_c(url), S("/postgres?"), arena_fmt(a, "/%s?", name));
    return arena_fmt(a, "%.*s&options=-csynchronous_commit%%3Doff", STR_ARG(at));
}

static Str new_database(Arena *a, const char *of)
{
    char *name = arena_take(a, 64, 1, 1);
    snprintf(name, 64, "test_%lld", (long long)id_new());
    create_database(name, of);
    test_after(drop_database, name);
    return address_of(a, name);
}

/* False without a server. */
static bool connect_once(void)
{
    static Arena keep;
    const char  *url = getenv("TEST_POSTGRES");
    if (server || !url || !*url)
        return server != NULL;
    server = PQconnectdb(url);
    if (PQstatus(server) != CONNECTION_OK || !strstr(url, "/postgres?")) {
        fprintf(stderr, "test store: TEST_POSTGRES names the database postgres of a scratch server: %s", PQerrorMessage(server));
        abort();
    }
    keep = arena_open(1 << 26);
    snprintf(origin, sizeof origin, "origin_%lld", (long long)id_new());
    create_database(origin, "template0");
    atexit(drop_origin);
    store_close(open_migrated(&keep, address_of(&keep, origin), test_folder(&keep)));
    return true;
}

Str test_postgres_empty(Arena *a)
{
    return connect_once() ? new_database(a, "template0") : S("");
}

Store *test_store_postgres(Arena *a)
{
    if (!connect_once()) {
        test_skip("TEST_POSTGRES is not set");
        return NULL;
    }
    Store *s = open_migrated(a, new_database(a, origin), test_folder(a));
    test_after_close(s);
    return s;
}

typedef struct Taken { Store *store; Db *db; } Taken;

static void give_back(void *at)
{
    Taken *t = at;
    store_give(t->store, &t->db);
    free(t);
}

void test_take_wait(Store *s, int ms)
{
    s->take_wait_ms = ms;
}

Db *test_take(Store *s, Arena *a)
{
    Taken *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->store = s;
    must(store_take(s, a, &t->db), "take");
    test_after(give_back, t);
    return t->db;
}

Db *test_db(Arena *a)
{
    return test_take(test_store(a), a);
}

/* ---- A process that is killed ------------------------------------------------------------------------------------------ */
static struct { const Driver *real; Driver cut; int left; bool arrives, dead; } killer;

static Err killed(Db *db)
{
    return err_new(db->arena, ERR_IO, S("killed by the test"));
}

static Err kill_commit(Db *db)
{
    bool last = db->in_write && !killer.dead && --killer.left == 0;
    if (last && killer.arrives)
        must(killer.real->commit(db), "commit");
    killer.dead |= last;
    return killer.dead ? killed(db) : killer.real->commit(db);
}

static Err kill_exec(Db *db, const char *script)
{
    return killer.dead && strcmp(script, "ROLLBACK") != 0 ? killed(db) : killer.real->exec(db, script);
}

void test_store_kill(Store *s, int n, bool arrives)
{
    killer.real    = s->driver;
    killer.cut     = *s->driver;
    killer.left    = n;
    killer.arrives = arrives;
    killer.dead    = false;
    killer.cut.commit = kill_commit;
    killer.cut.exec   = kill_exec;
    s->driver         = &killer.cut;
    for (Db *db = s->idle; db; db = db->next)
        db->driver = s->driver;
}

bool test_store_killed(void)
{
    return killer.dead;
}

StoreConfig test_store_config(const Store *s)
{
    return (StoreConfig){ .database = s->database, .data_dir = s->data_dir, .connections = s->most };
}

void test_sql(Db *db, Sql sql)
{
    test_sql_text(db, sql.text);
}

void test_sql_text(Db *db, const char *script)
{
    bool mine = !db_in_write(db);
    if (mine)
        must(db_begin_write(db), "begin");
    Err e = db_exec(db, script);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%s: %.*s", script, STR_ARG(e->detail));
    if (!mine)
        return;
    if (e)
        db_rollback(db);
    else
        must(db_commit(db), script);
}

int64_t test_sql_int(Db *db, Sql sql)
{
    AUTO_STMT q = db_prepare(db, sql);
    int64_t   v = db_row(q) ? col_int(q, 0) : 0;
    Err       e = db_done(q);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%s: %.*s", sql.text, STR_ARG(e->detail));
    return v;
}

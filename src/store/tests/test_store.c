/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Throw-away stores for tests. */
#include "store/test_store.h"
#include "store/store_driver.h"

#include <ftw.h>
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

static Store *open_migrated(Arena *a, Str database)
{
    Store      *s      = NULL;
    StoreConfig config = { .database = database, .data_dir = test_folder(a), .connections = 4 };
    int         applied;
    must(store_open(a, &config, &s), "open");
    test_after_close(s);
    must(store_migrate(s, a, &applied), "migrate");
    return s;
}

Store *test_store(Arena *a)
{
    return open_migrated(a, S(""));
}

/* ---- PostgreSQL: a schema a test ------------------------------------------------------------ */
static Store *server;                              /* of the whole run */

static void on_server(const char *format, const char *schema)
{
    Arena a  = arena_open(1 << 20);
    Db   *db = NULL;
    must(store_take(server, &a, &db), "take");
    must(db_begin_write(db), "begin");
    must(db_exec(db, arena_c(&a, str_replace(&a, str_from_c(format), S("?"), str_from_c(schema)))), "schema");
    must(db_commit(db), "commit");
    store_give(server, &db);
    arena_close(&a);
}

static void drop_schema(void *name)
{
    on_server("DROP SCHEMA ? CASCADE", name);
    free(name);
}

#define QUICK "-csynchronous_commit%%3Doff"         /* the throw-away schemas need not outlive a power cut */

static Str with_options(Arena *a, const char *url, Str options)
{
    return arena_fmt(a, "%s%soptions=%.*s", url, strchr(url, '?') ? "&" : "?", STR_ARG(options));
}

Str test_postgres_schema(Arena *a)
{
    const char *url  = getenv("TEST_POSTGRES");
    char       *name = NULL;
    if (!url || !*url)
        return S("");
    if (!server)
        must(store_open(a, &(StoreConfig){ .database = with_options(a, url, arena_fmt(a, QUICK)), .data_dir = S("/tmp") }, &server),
             "server");
    if (asprintf(&name, "test_%lld", (long long)id_new()) < 0)
        abort();
    on_server("CREATE SCHEMA ?", name);
    test_after(drop_schema, name);
    return with_options(a, url, arena_fmt(a, QUICK "%%20-csearch_path%%3D%s", name));
}

Store *test_store_postgres(Arena *a)
{
    Str schema = test_postgres_schema(a);
    if (schema.len)
        return open_migrated(a, schema);
    test_skip("TEST_POSTGRES is not set");
    return NULL;
}

typedef struct Taken { Store *store; Db *db; } Taken;

static void give_back(void *at)
{
    Taken *t = at;
    store_give(t->store, &t->db);
    free(t);
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

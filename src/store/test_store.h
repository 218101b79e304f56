/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stores for the tests of any module: migrated, empty, gone when the test is over.
 *     TEST_EACH_STORE(round_is_kept) { Db *db = test_take(store, a); … CHECK_OK(db_begin_write(db)); … }
 * runs on SQLite as round_is_kept and, where TEST_POSTGRES holds the address of a scratch server, on PostgreSQL
 * as round_is_kept_postgres (else that one is skipped). The body sees Arena *a and Store *store. */
#ifndef STORE_TEST_STORE_H
#define STORE_TEST_STORE_H

#include "base/test.h"
#include "store/store.h"

Store *test_store(Arena *a);                       /* SQLite in a new data folder */
Store *test_store_postgres(Arena *a);              /* a new database on the scratch server; NULL (and skipped) without one */
Db    *test_take(Store *s, Arena *a);              /* a connection, given back when the test is over */
void   test_take_wait(Store *s, int ms);           /* how long a taker waits for a connection */
Db    *test_db(Arena *a);                          /* test_take of a new test_store */
Str    test_postgres_empty(Arena *a);              /* the address of a new database without tables; empty without a server */
void   test_after_close(Store *s);                 /* closes s when the test is over */
Str    test_folder(Arena *a);                      /* an empty folder, removed when the test is over */
/* A kill of the process at a commit of s: from its n-th one on (1 is the next) nothing that s writes reaches the database. arrives: that
 * one still does, only nobody hears of it. Close s then, as the end of a process does. */
void   test_store_kill(Store *s, int n, bool arrives);
bool   test_store_killed(void);
/* The settings of s, for a test that opens it a second time. */
StoreConfig test_store_config(const Store *s);
/* Runs SQL that no module has, on the open write transaction or in one of its own; a failure fails the test. */
void   test_sql(Db *db, Sql sql);
void   test_sql_text(Db *db, const char *script);  /* from a table of scripts */
int64_t test_sql_int(Db *db, Sql sql);             /* the first column of the first row */

#define TEST_EACH_STORE(id)                                                                        \
    static void each_##id(Arena *a, Store *store);                                                 \
    TEST(id) { each_##id(a, test_store(a)); }                                                      \
    TEST(id##_postgres)                                                                            \
    {                                                                                              \
        Store *on_server = test_store_postgres(a);                                                 \
        if (on_server)                                                                             \
            each_##id(a, on_server);                                                               \
    }                                                                                              \
    static void each_##id(Arena *a UNUSED, Store *store UNUSED)

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Statements, transactions and migrations, on both databases. */
#include "store/store_driver.h"
#include "store/test_store.h"

#include <stdlib.h>
#include <unistd.h>

static void make_table(Db *db)
{
    test_sql(db, SQL("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, name TEXT UNIQUE, x DOUBLE PRECISION, bytes BYTEA,"
                     " day TEXT)"));
}

static Err insert(Db *db, int64_t id, Str name)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO t (id, name, x, bytes, day) VALUES ($1, $2, $3, $4, $5)"));
    bind_int(q, 1, id);
    bind_str(q, 2, name);
    bind_real(q, 3, 0.1);
    bind_blob(q, 4, (Str){ "a\0\xFF'\\", 5 });
    bind_date(q, 5, date_from_ymd(2026, 11, 22));
    return db_run(q);
}

static int64_t count(Db *db)
{
    return test_sql_int(db, SQL("SELECT COUNT(*) FROM t"));
}

TEST_EACH_STORE(store_values_go_in_and_out)
{
    Db *db = test_take(store, a);
    make_table(db);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(insert(db, INT64_MAX, S("Đường ‘Láng’")));
    AUTO_STMT nulls = db_prepare(db, SQL("INSERT INTO t (id, name, x, bytes, day) VALUES ($5, $1, $2, $3, $4)"));
    bind_opt_str(nulls, 1, S(""));
    bind_real(nulls, 2, NAN);
    bind_null(nulls, 3);
    bind_date(nulls, 4, DATE_NONE);
    bind_int(nulls, 5, -7);
    CHECK_OK(db_run(nulls));
    CHECK_INT(db_changes(nulls), 1);
    CHECK_OK(db_commit(db));
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, name, x, bytes, day FROM t ORDER BY id"));
    CHECK(db_row(q));
    CHECK_INT(col_int(q, 0), -7);
    CHECK(col_null(q, 1) && col_null(q, 2) && col_null(q, 3) && date_is_none(col_date(q, 4)));
    CHECK(isnan(col_real(q, 2)));
    CHECK_INT(col_int(q, 2), 0);
    CHECK(db_row(q));
    CHECK(col_int(q, 0) == INT64_MAX);
    CHECK_STR(col_str(q, 1), S("Đường ‘Láng’"));
    CHECK_NEAR(col_real(q, 2), 0.1, 0);
    CHECK_STR(col_blob(q, 3), ((Str){ "a\0\xFF'\\", 5 }));
    CHECK_INT(col_date(q, 4).day, date_from_ymd(2026, 11, 22).day);
    CHECK(!db_row(q));
    CHECK_OK(db_done(q));
}

TEST_EACH_STORE(store_parameters_go_by_number_not_by_place)
{
    Db       *db = test_take(store, a);
    AUTO_STMT q  = db_prepare(db, SQL("SELECT CAST($2 AS text), CAST($1 AS bigint), CAST($2 AS text)"));
    bind_int(q, 1, 5);
    bind_str(q, 2, S("hai"));
    CHECK(db_row(q));
    CHECK_STR(col_str(q, 0), S("hai"));
    CHECK_INT(col_int(q, 1), 5);
    CHECK_STR(col_str(q, 2), S("hai"));
    CHECK_OK(db_done(q));
}

TEST_EACH_STORE(store_conflict_spoils_the_transaction)
{
    Db *db = test_take(store, a);
    make_table(db);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(insert(db, 1, S("một")));
    CHECK_ERR(insert(db, 2, S("một")), ERR_CONFLICT);
    CHECK_ERR(insert(db, 3, S("ba")), ERR_CONFLICT);
    CHECK_ERR(db_commit(db), ERR_CONFLICT);
    CHECK(!db_in_write(db));
    CHECK_INT(count(db), 0);
    CHECK_OK(db_begin_write(db));                  /* the connection is well again */
    CHECK_OK(insert(db, 3, S("ba")));
    CHECK_OK(db_commit(db));
    CHECK_INT(count(db), 1);
}

TEST_EACH_STORE(store_write_outside_a_write_transaction_is_refused)
{
    Db *db = test_take(store, a);
    make_table(db);
    CHECK_ERR(insert(db, 1, S("x")), ERR_INTERNAL);
    CHECK_OK(db_begin_read(db));
    CHECK_ERR(insert(db, 1, S("x")), ERR_INTERNAL);
    db_rollback(db);
    CHECK_INT(count(db), 0);
}

TEST_EACH_STORE(store_read_transaction_keeps_one_view)
{
    Db *reader = test_take(store, a), *writer = test_take(store, a);
    make_table(writer);
    CHECK_OK(db_begin_read(reader));
    CHECK_INT(count(reader), 0);
    uint64_t before = store_generation(store);
    CHECK_OK(db_begin_write(writer));
    CHECK_OK(insert(writer, 1, S("x")));
    CHECK_OK(db_commit(writer));
    CHECK_INT(store_generation(store), before + 1);
    CHECK_INT(count(reader), 0);
    CHECK_OK(db_commit(reader));
    CHECK_INT(count(reader), 1);
    CHECK_INT(store_generation(store), before + 1);
}

TEST_EACH_STORE(store_give_rolls_back_and_closes)
{
    Db *db = test_take(store, a), *other = NULL;
    make_table(db);
    CHECK_OK(store_take(store, a, &other));
    CHECK_OK(db_begin_write(other));
    CHECK_OK(insert(other, 1, S("x")));
    Stmt *open = db_prepare(other, SQL("SELECT id FROM t"));
    CHECK(db_row(open));
    store_give(store, &other);
    CHECK(other == NULL);
    CHECK_OK(db_begin_write(db));
    CHECK_INT(count(db), 0);
    db_rollback(db);
}

TEST_EACH_STORE(store_statement_is_prepared_once_and_may_nest)
{
    Db *db = test_take(store, a);
    make_table(db);
    CHECK_OK(db_begin_write(db));
    for (int i = 1; i <= 3; i++)
        CHECK_OK(insert(db, i, arena_fmt(a, "n%d", i)));
    CHECK_OK(db_commit(db));
    int64_t sum = 0;
    Sql     sql = SQL("SELECT id FROM t ORDER BY id");
    for (int round = 0; round < 2; round++) {
        AUTO_STMT outer = db_prepare(db, sql);
        while (db_row(outer)) {
            AUTO_STMT inner = db_prepare(db, sql);
            CHECK(inner != outer);
            while (db_row(inner))
                sum += col_int(outer, 0) * col_int(inner, 0);
            CHECK_OK(db_done(inner));
        }
        CHECK_OK(db_done(outer));
    }
    CHECK_INT(sum, 2 * 36);
    Stmt *one = db_prepare(db, sql), *first = one;
    stmt_close(&one);
    one = db_prepare(db, sql);
    CHECK(one == first);
    stmt_close(&one);
}

TEST_EACH_STORE(store_wrong_sql_and_wrong_parameter_are_remembered)
{
    Db       *db = test_take(store, a);
    AUTO_STMT q  = db_prepare(db, SQL("SELECT nothing FROM nowhere WHERE x = $1"));
    bind_int(q, 1, 1);
    CHECK(!db_row(q));
    CHECK_ERR(db_done(q), ERR_INTERNAL);
    AUTO_STMT p = db_prepare(db, SQL("SELECT 1"));
    bind_int(p, 1, 1);
    CHECK(!db_row(p));
    CHECK_ERR(db_done(p), ERR_INTERNAL);
}

TEST_EACH_STORE(store_foreign_keys_and_checks_hold)
{
    Db *db = test_take(store, a);
    test_sql(db, SQL("CREATE TABLE up (id BIGINT PRIMARY KEY, n BIGINT NOT NULL CHECK (n > 0));"
                     "CREATE TABLE down (id BIGINT PRIMARY KEY, up_id BIGINT NOT NULL REFERENCES up (id))"));
    Sql wrong[] = { SQL("INSERT INTO down (id, up_id) VALUES (1, 9)"), SQL("INSERT INTO up (id, n) VALUES (1, 0)"),
                    SQL("INSERT INTO up (id, n) VALUES (1, NULL)") };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        CHECK_OK(db_begin_write(db));
        AUTO_STMT q = db_prepare(db, wrong[i]);
        CHECK_ERR(db_run(q), ERR_CONFLICT);
        db_rollback(db);
    }
}

TEST(store_sqlite_settings_hold_on_every_connection)
{
    Store *s = test_store(a);
    for (int i = 0; i < 3; i++) {
        Db       *db = test_take(s, a);
        AUTO_STMT q  = db_prepare(db, SQL("SELECT journal_mode FROM pragma_journal_mode"));
        CHECK(db_row(q));
        CHECK_STR(col_str(q, 0), S("wal"));
        CHECK_INT(test_sql_int(db, SQL("PRAGMA synchronous")), 2);
        CHECK_INT(test_sql_int(db, SQL("PRAGMA foreign_keys")), 1);
    }
}

/* ---- Migrations ---------------------------------------------------------------------------- */
static const EmbeddedFile good[] = {
    { S_INIT("9001_a.sql"), S_INIT("CREATE TABLE a1 (id BIGINT PRIMARY KEY)") },
    { S_INIT("9002_b.sql"), S_INIT("CREATE TABLE b1 (id BIGINT PRIMARY KEY); INSERT INTO a1 (id) VALUES (7)") },
};
static const EmbeddedFile torn[] = {
    { S_INIT("9001_a.sql"), S_INIT("CREATE TABLE a1 (id BIGINT PRIMARY KEY)") },
    { S_INIT("9002_b.sql"), S_INIT("CREATE TABLE b1 (id BIGINT PRIMARY KEY); CREATE TABLE wrong (") },
};

/* All migrations of the program, then those of more. */
static Err migrate_with(Store *s, Arena *a, const EmbeddedFile *more, size_t n, int *out_applied)
{
    EmbeddedFile *all = arena_new(a, EmbeddedFile, schema_files_count + n);
    memcpy(all, schema_files, schema_files_count * sizeof *all);
    memcpy(all + schema_files_count, more, n * sizeof *more);
    return migrate_files(s, a, all, schema_files_count + n, out_applied);
}

TEST_EACH_STORE(store_migration_cut_off_between_files_goes_on)
{
    int applied = -1;
    CHECK_ERR(migrate_with(store, a, torn, 2, &applied), ERR_INTERNAL);
    CHECK_INT(applied, -1);
    Db *db = test_take(store, a);
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM schema_versions WHERE number > 9000")), 1);
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM a1")), 0);
    CHECK_OK(migrate_with(store, a, good, 2, &applied));
    CHECK_INT(applied, 1);
    CHECK_INT(test_sql_int(db, SQL("SELECT id FROM a1")), 7);
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM b1")), 0);
    CHECK_OK(migrate_with(store, a, good, 2, &applied));
    CHECK_INT(applied, 0);
}

TEST_EACH_STORE(store_of_a_newer_or_other_program_is_refused)
{
    int applied;
    CHECK_OK(store_ready(store, a));
    CHECK_OK(migrate_with(store, a, good, 2, &applied));
    CHECK_ERR(store_migrate(store, a, &applied), ERR_CONFIG);
    CHECK_ERR(store_ready(store, a), ERR_CONFIG);
    EmbeddedFile other[] = { good[0], good[1] };
    other[1].bytes       = S("CREATE TABLE b1 (id BIGINT PRIMARY KEY)");
    CHECK_ERR(migrate_with(store, a, other, 2, &applied), ERR_CONFIG);
}

TEST_EACH_STORE(store_without_all_migrations_is_not_ready)
{
    Db *db = test_take(store, a);
    test_sql(db, SQL("DELETE FROM schema_versions WHERE number = 1"));
    CHECK_ERR(store_ready(store, a), ERR_CONFIG);
}

TEST(store_migration_with_a_number_used_twice_is_refused)
{
    EmbeddedFile twice[] = { good[0], { S_INIT("9001_b.sql"), S_INIT("SELECT 1") } };
    int          applied;
    CHECK_ERR(migrate_with(test_store(a), a, twice, 2, &applied), ERR_INTERNAL);
}

TEST(store_open_needs_a_folder_and_a_known_database)
{
    Store *s = NULL;
    CHECK_ERR(store_open(a, &(StoreConfig){ .data_dir = S("/nonexistent") }, &s), ERR_CONFIG);
    CHECK_ERR(store_open(a, &(StoreConfig){ .data_dir = test_folder(a), .database = S("mysql://x") }, &s), ERR_CONFIG);
    CHECK_ERR(store_open(a, &(StoreConfig){ .data_dir = test_folder(a), .read_only = true }, &s), ERR_CONFIG);
}

TEST_EACH_STORE(store_opened_for_reading_beside_another_cannot_write)
{
    Db *db = test_take(store, a);
    make_table(db);
    StoreConfig config = test_store_config(store);
    config.read_only   = true;
    Store *beside      = NULL;
    CHECK_OK(store_open(a, &config, &beside));
    Db *reader = NULL;
    CHECK_OK(store_take(beside, a, &reader));
    CHECK_INT(count(reader), 0);
    CHECK_ERR(db_begin_write(reader), ERR_BUSY);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(insert(db, 1, S("x")));
    CHECK_OK(db_commit(db));
    CHECK_INT(count(reader), 1);
    store_give(beside, &reader);
    store_close(beside);
}

TEST(store_postgres_connection_lost_on_the_way_is_replaced)
{
    Store *store = test_store_postgres(a);
    if (!store)
        return;
    make_table(test_take(store, a));
    for (int sending = 0; sending < 2; sending++) {
        Db *db = NULL, *other = test_take(store, a);
        CHECK_OK(store_take(store, a, &db));
        int64_t pid = test_sql_int(db, SQL("SELECT pg_backend_pid()"));
        CHECK_OK(db_begin_write(db));
        AUTO_STMT kill = db_prepare(other, SQL("SELECT pg_terminate_backend(CAST($1 AS int))"));
        bind_int(kill, 1, pid);
        CHECK_OK(db_run(kill));
        usleep(20000);
        if (sending) {
            AUTO_STMT q = db_prepare(db, SQL("INSERT INTO t (id, name) VALUES ($1, $2)"));
            for (int i = 0; i < 3000; i++) {
                bind_int(q, 1, i);
                bind_str(q, 2, arena_fmt(a, "%0100d", i));
                db_send(q, NULL);
            }
            CHECK(db_commit(db) != OK);
        } else {
            CHECK(insert(db, 1, S("x")) != OK);
        }
        store_give(store, &db);
        CHECK_OK(store_take(store, a, &db));
        CHECK_INT(count(db), 0);
        store_give(store, &db);
    }
}

TEST_EACH_STORE(store_sent_statements_keep_their_order_and_their_changes)
{
    Db *db = test_take(store, a);
    make_table(db);
    int64_t changes[600], updated = -1;
    CHECK_OK(db_begin_write(db));
    AUTO_STMT put = db_prepare(db, SQL("INSERT INTO t (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING"));
    AUTO_STMT set = db_prepare(db, SQL("UPDATE t SET x = 1 WHERE id < $1"));
    for (int i = 0; i < 600; i++) {
        bind_int(put, 1, i / 2);
        bind_str(put, 2, arena_fmt(a, "n%d", i));
        db_send(put, &changes[i]);
    }
    bind_int(set, 1, 100);
    db_send(set, &updated);
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM t WHERE x = 1")), 100);   /* waits for what was sent */
    CHECK_OK(db_flush(db));
    CHECK_INT(updated, 100);
    for (int i = 0; i < 600; i++)
        CHECK_INT(changes[i], i % 2 == 0);
    bind_int(put, 1, 1000);
    bind_str(put, 2, S("n0"));                     /* breaks the unique name */
    db_send(put, NULL);
    bind_int(put, 1, 1001);
    bind_str(put, 2, S("never"));
    db_send(put, NULL);
    CHECK_ERR(db_flush(db), ERR_CONFLICT);
    CHECK_ERR(db_commit(db), ERR_CONFLICT);
    CHECK_INT(count(db), 0);
}

static int64_t sum_large(Db *db, int64_t above, int64_t stop_after)
{
    int64_t   sum = 0, rows = 0;
    AUTO_STMT q   = db_prepare_large(db, SQL("SELECT id, name FROM t WHERE id > $1 ORDER BY id"));
    bind_int(q, 1, above);
    while (rows != stop_after && db_row(q)) {
        AUTO_STMT other = db_prepare(db, SQL("SELECT CAST($1 AS bigint)"));
        bind_int(other, 1, col_int(q, 0));         /* the connection serves other statements meanwhile */
        sum += db_row(other) ? col_int(other, 0) : 0;
        rows++;
    }
    return db_done(q) ? -1 : sum;
}

TEST_EACH_STORE(store_large_results_come_whole_in_pieces)
{
    Db *db = test_take(store, a);
    make_table(db);
    for (int n = 1; n <= 3000; n += 1000) {        /* also when the last piece is full */
        CHECK_OK(db_begin_write(db));
        for (int i = n; i < n + 1000; i++)
            CHECK_OK(insert(db, i, arena_fmt(a, "n%d", i)));
        CHECK_OK(db_commit(db));
        int64_t last = n + 999;
        CHECK_OK(db_begin_read(db));
        CHECK_INT(sum_large(db, 0, -1), last * (last + 1) / 2);
        CHECK_INT(sum_large(db, 500, -1), last * (last + 1) / 2 - 500 * 501 / 2);
        CHECK_INT(sum_large(db, 0, 10), 55);       /* left early, twice in one transaction */
        CHECK_INT(sum_large(db, 0, 10), 55);
        CHECK_OK(db_commit(db));
        CHECK_INT(sum_large(db, 0, -1), last * (last + 1) / 2);      /* without a transaction it is read at once */
    }
    CHECK_OK(db_begin_write(db));
    AUTO_STMT open = db_prepare_large(db, SQL("SELECT id FROM t ORDER BY id"));
    CHECK(db_row(open));
    CHECK_OK(insert(db, 9000, S("written while the other is read")));
    CHECK(db_row(open));
    CHECK_OK(db_commit(db));
    CHECK_OK(db_begin_read(db));                   /* the cursor went with its transaction */
    CHECK_OK(db_done(open));
    CHECK_INT(sum_large(db, 8999, -1), 9000);
    CHECK_OK(db_commit(db));
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is restored equals what was kept at one commit; damage is always found. */
#include "store/archive.h"
#include "store/store_files.h"
#include "store/test_store.h"
#include "source_root.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static Err note(Db *db, int64_t seq, Str detail)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO audit_records (seq, at, actor_id, actor_name, role, unit_id, address, request, action, object,"
        " detail, failed, search, prev, hash) VALUES ($1, 1, 2, 'Đức', '', 3, '', '', 'a.b', '', $2, 0, '', $3, $4)"));
    bind_int(q, 1, seq);
    bind_str(q, 2, detail);
    bind_blob(q, 3, S(""));
    bind_blob(q, 4, (Str){ "\0\1\377", 3 });
    return db_run(q);
}

static Err fill(Store *s, Arena *a, int rows)
{
    Db     *db = test_take(s, a);
    Sha256  sum;
    TRY(db_begin_write(db));
    for (int i = 1; i <= rows; i++)
        TRY(note(db, i, arena_fmt(a, "{\"n\":%d}", i)));
    TRY(db_commit(db));
    TRY(files_save(s, a, S(""), &sum));
    TRY(files_save(s, a, S("tệp"), &sum));
    char *large = arena_new(a, char, 3 << 20);
    large[7]    = 1;
    return files_save(s, a, (Str){ large, 3 << 20 }, &sum);
}

static Str archive_path(Arena *a)
{
    return str_concat(a, test_folder(a), S("/b.tdb"));
}

/* Everything between header and manifest, in one sum: equal for stores that hold the same. */
typedef struct Digest { Arena *a; Buf all; } Digest;

static Err digest_table(void *self, Str name, const Str *columns, size_t n)
{
    Digest *d = self;
    buf_add(&d->all, name);
    for (size_t i = 0; i < n; i++)
        buf_add(&d->all, columns[i]);
    return OK;
}

static Err digest_row(void *self, const Value *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        value_write(&((Digest *)self)->all, values[i]);
    return OK;
}

static Err digest_file(void *self, Sha256 sum, int64_t size)
{
    buf_add(&((Digest *)self)->all, (Str){ (const char *)sum.at, sizeof sum.at });
    buf_i64(&((Digest *)self)->all, size);
    return OK;
}

static Str digest(Arena *a, Str path)
{
    ArchiveIn in;
    Digest    d = { a, buf_new(a, 1 << 20) };
    if (archive_open(a, path, NULL, &in))
        return S("not opened");
    Err e = archive_read(&in, &(ArchiveVisitor){ .self = &d, .table = digest_table, .row = digest_row, .file = digest_file });
    fd_close(&in.fd);
    return e ? e->detail : sha256_hex(a, buf_str(&d.all));
}

static size_t faults_of_with(Arena *a, Str path, const BackupKeys *keys)
{
    StoreFaults faults = { 0 };
    Err         e      = store_backup_verify(a, path, keys, &faults);
    return e ? 1000 + e->kind : faults.len;
}

static size_t faults_of(Arena *a, Str path)
{
    return faults_of_with(a, path, NULL);
}

/* Restores path beside a new folder; postgres: into a new database. */
static Store *restored(Arena *a, Str path, bool postgres)
{
    StoreConfig into = { .data_dir = str_concat(a, test_folder(a), S("/data")), .connections = 2 };
    Store      *s    = NULL;
    if (postgres)
        into.database = test_postgres_empty(a);
    Err e = store_restore(a, path, NULL, &into);
    if (!e)
        e = store_open(a, &into, &s);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "restore: %.*s", STR_ARG(e->detail));
    else
        test_after_close(s);
    return s;
}

static void check_restore(Arena *a, Store *from, bool postgres)
{
    Str path = archive_path(a), again = archive_path(a);
    CHECK_OK(fill(from, a, 2500));
    CHECK_OK(store_backup(from, a, path, NULL, NULL));
    CHECK_INT(faults_of(a, path), 0);
    CHECK_OK(db_begin_write(test_take(from, a)));  /* what comes later is not in it */
    Store *to = restored(a, path, postgres);
    if (!to)
        return;
    StoreFaults faults = { 0 };
    CHECK_OK(store_check(to, a, &faults));
    CHECK_INT(faults.len, 0);
    CHECK_OK(store_ready(to, a));
    CHECK_OK(store_backup(to, a, again, NULL, NULL));
    CHECK_STR(digest(a, again), digest(a, path));
    Db       *db = test_take(to, a);
    AUTO_STMT q  = db_prepare(db, SQL("SELECT actor_name, detail, prev, hash, failed FROM audit_records WHERE seq = 1234"));
    CHECK(db_row(q));
    CHECK_STR(col_str(q, 0), S("Đức"));
    CHECK_STR(col_str(q, 1), S("{\"n\":1234}"));
    CHECK(!col_null(q, 2));
    CHECK_STR(col_blob(q, 3), ((Str){ "\0\1\377", 3 }));
    CHECK_OK(db_done(q));
    Str back;
    CHECK_OK(files_load(to, a, sha256(S("tệp")), &back));
    CHECK_OK(db_begin_write(db));                  /* keys hold again */
    db_rollback(db);
}

TEST_EACH_STORE(backup_restored_equals_what_was_kept)
{
    check_restore(a, store, store_is_postgres(store));
}

TEST_EACH_STORE(backup_moves_to_the_other_database)
{
    if (!getenv("TEST_POSTGRES")) {
        test_skip("TEST_POSTGRES is not set");
        return;
    }
    check_restore(a, store, !store_is_postgres(store));
}

TEST_EACH_STORE(backup_restored_holds_its_foreign_keys)
{
    Str path = archive_path(a);
    CHECK_OK(store_backup(store, a, path, NULL, NULL));
    Store *to = restored(a, path, store_is_postgres(store));
    if (!to)
        return;
    Db     *db   = test_take(to, a), *from = test_take(store, a);
    Sql     sql  = store_is_postgres(to) ? SQL("SELECT COUNT(*) FROM pg_constraint WHERE contype = 'f' AND connamespace ="
                                               " CAST(current_schema() AS regnamespace)")
                                         : SQL("SELECT COUNT(*) FROM sqlite_master m, pragma_foreign_key_list(m.name)");
    int64_t keys = test_sql_int(db, sql);
    CHECK_INT(keys, test_sql_int(from, sql));
}

typedef struct Writing { Store *store; _Atomic bool stop; } Writing;

/* One row in the first table and one in the last. */
static Err write_pair(Db *db, int64_t i)
{
    TRY(db_begin_write(db));
    TRY(note(db, i, S("pair")));
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO zz (id) VALUES ($1)"));
    bind_int(q, 1, i);
    TRY(db_run(q));
    return db_commit(db);
}

static void *write_pairs(void *at)
{
    Writing *w = at;
    Arena    a = arena_open(1 << 26);
    Err     e = OK;
    for (int64_t i = 1; !e && !atomic_load(&w->stop); i++) {
        Db *db = NULL;
        if (store_take(w->store, &a, &db))
            break;
        e = write_pair(db, i);
        store_give(w->store, &db);
        arena_reset(&a, 1 << 20);
    }
    arena_close(&a);
    return NULL;
}

typedef struct Counts { int64_t audit, zz; } Counts;

static Err count_rows(void *self, const Value *values UNUSED, size_t n)
{
    Counts *c = self;
    c->audit += n == 15;
    c->zz += n == 1;
    return OK;
}

TEST_EACH_STORE(backup_beside_a_writer_stands_at_one_commit)
{
    Writing   w = { .store = store };
    pthread_t writer;
    int64_t   most = 0;
    test_sql(test_take(store, a), SQL("CREATE TABLE zz (id BIGINT PRIMARY KEY)"));
    CHECK(!pthread_create(&writer, NULL, write_pairs, &w));
    for (int i = 0; i < 10 || (!most && i < 1000); i++) {       /* a busy machine may start the writer late */
        Str       path = archive_path(a);
        ArchiveIn in;
        Counts    counts = { 0 };
        CHECK_OK(store_backup(store, a, path, NULL, NULL));
        CHECK_OK(archive_open(a, path, NULL, &in));
        CHECK_OK(archive_read(&in, &(ArchiveVisitor){ .self = &counts, .row = count_rows }));
        fd_close(&in.fd);
        CHECK_INT(counts.audit, counts.zz);
        most = counts.zz > most ? counts.zz : most;
    }
    atomic_store(&w.stop, true);
    pthread_join(writer, NULL);
    CHECK(most > 0);
}

/* ---- Damage -------------------------------------------------------------------------------- */
static Str copy_with(Arena *a, Str folder, Str bytes)
{
    Str path = arena_fmt(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(random_code(a, 10)));
    Err e    = file_write_new(a, path, bytes);
    return e ? S("") : path;
}

static bool whole(Arena *a, Str bytes)
{
    ArchiveIn in = { .a = a, .fd = -1, .path = S("memory"), .memory = bytes, .left = (int64_t)bytes.len };
    return archive_read(&in, &(ArchiveVisitor){ 0 }) == OK;
}

TEST_EACH_STORE(backup_damage_of_one_bit_is_found)
{
    Str path = archive_path(a), bytes;
    Db *db   = test_take(store, a);
    Sha256 sum;
    CHECK_OK(db_begin_write(db));
    for (int i = 1; i < 20; i++)
        CHECK_OK(note(db, i, S("{}")));
    CHECK_OK(db_commit(db));
    CHECK_OK(files_save(store, a, S("evidence"), &sum));
    CHECK_OK(store_backup(store, a, path, NULL, NULL));
    CHECK_OK(file_read_all(a, path, &bytes));
    CHECK(whole(a, bytes));
    char *changed = arena_c(a, bytes);
    char *mark    = a->at;
    for (size_t i = 0; i < bytes.len; i++, a->at = mark) {
        changed[i] ^= (char)(1 << (i % 8));
        if (whole(a, (Str){ changed, bytes.len }))
            test_fail(__FILE_NAME__, __LINE__, "bit %zu of byte %zu changed and nobody saw", i % 8, i);
        changed[i] ^= (char)(1 << (i % 8));
    }
    for (size_t len = 0; len < bytes.len; len += 1 + len / 50, a->at = mark)
        if (whole(a, str_take(bytes, len)))
            test_fail(__FILE_NAME__, __LINE__, "cut at %zu and nobody saw", len);
    CHECK(!whole(a, str_concat(a, bytes, S("x"))));
}

TEST(backup_damaged_is_named_and_not_restored)
{
    Store *s    = test_store(a);
    Str    path = archive_path(a), bytes, folder = test_folder(a);
    CHECK_OK(fill(s, a, 10));
    CHECK_OK(store_backup(s, a, path, NULL, NULL));
    CHECK_OK(file_read_all(a, path, &bytes));
    char *changed = arena_c(a, bytes);
    changed[bytes.len / 2] ^= 16;
    Str         bad    = copy_with(a, folder, (Str){ changed, bytes.len });
    StoreFaults faults = { 0 };
    CHECK_OK(store_backup_verify(a, bad, NULL, &faults));
    CHECK_INT(faults.len, 1);
    Str into = str_concat(a, folder, S("/data"));
    CHECK_ERR(store_restore(a, bad, NULL, &(StoreConfig){ .data_dir = into }), ERR_INVALID);
    CHECK(access(arena_c(a, into), F_OK) != 0);    /* nothing was begun */
    CHECK_INT(faults_of(a, S("/nonexistent/b.tdb")), 1000 + ERR_NOT_FOUND);
    CHECK_INT(faults_of(a, folder), 1000 + ERR_INVALID);
}

TEST(backup_is_restored_into_an_empty_folder_only)
{
    Store *s    = test_store(a);
    Str    path = archive_path(a), into = test_folder(a);
    CHECK_OK(store_backup(s, a, path, NULL, NULL));
    CHECK_ERR(store_backup(s, a, path, NULL, NULL), ERR_CONFLICT);
    CHECK_OK(file_write_new(a, str_concat(a, into, S("/mine.txt")), S("mine")));
    CHECK_ERR(store_restore(a, path, NULL, &(StoreConfig){ .data_dir = into }), ERR_CONFLICT);
    CHECK(!unlink(arena_c(a, str_concat(a, into, S("/mine.txt")))));
    CHECK_OK(file_write_new(a, str_concat(a, into, S("/master.key")), S("key")));
    CHECK_OK(store_restore(a, path, NULL, &(StoreConfig){ .data_dir = into }));
    CHECK_ERR(store_restore(a, path, NULL, &(StoreConfig){ .data_dir = into }), ERR_CONFLICT);
}

TEST(backup_restore_cut_off_leaves_a_folder_no_store_opens)
{
    Store *s    = test_store(a), *none = NULL;
    Str    path = archive_path(a), into = test_folder(a);
    CHECK_OK(store_backup(s, a, path, NULL, NULL));
    CHECK_OK(store_restore(a, path, NULL, &(StoreConfig){ .data_dir = into }));
    CHECK_OK(file_write_new(a, str_concat(a, into, S("/" RESTORING)), S("")));
    CHECK_ERR(store_open(a, &(StoreConfig){ .data_dir = into }, &none), ERR_CONFIG);
}

/* An archive written by hand: of a newer program, with foreign tables, with a row that breaks a rule. */
static Str forged(Arena *a, ArchiveMigration extra, Str table, Str column, Value value)
{
    Str           path = archive_path(a);
    AUTO(fd_close) int fd = open(arena_c(a, path), O_WRONLY | O_CREAT | O_EXCL, 0600);
    ArchiveOut    out  = { .a = a, .fd = fd, .path = path };
    ArchiveHeader h    = { .made_at = { 1 }, .program = S("9"), .database = S("sqlite") };
    Buf           head = buf_new(a, 64), row = buf_new(a, 64);
    for (size_t i = 0; i < schema_files_count; i++)
        *list_add(a, &h.migrations) = (ArchiveMigration){ (int64_t)i + 1, schema_files[i].name, sha256_hex(a, schema_files[i].bytes) };
    if (extra.name.len)
        *list_add(a, &h.migrations) = extra;
    value_write(&head, (Value){ VALUE_TEXT, .s = table });
    value_write(&head, (Value){ VALUE_TEXT, .s = column });
    value_write(&row, value);
    out.rows = 1;
    if (archive_begin(&out, &h) || archive_put(&out, CHUNK_TABLE, buf_str(&head)) || archive_put(&out, CHUNK_ROWS, buf_str(&row)) ||
        archive_end(&out))
        return S("");
    return path;
}

TEST(backup_of_another_schema_is_refused)
{
    Value       one = { VALUE_INT, .i = 1 };
    Str         seq = S("seq"), records = S("audit_records");
    StoreConfig into[5];
    for (size_t i = 0; i < COUNT_OF(into); i++)
        into[i] = (StoreConfig){ .data_dir = str_concat(a, test_folder(a), S("/data")) };
    ArchiveMigration none = { 0 }, newer = { 9999, S("9999_later.sql"), S("") };
    ArchiveMigration other = { 1, schema_files[0].name, sha256_hex(a, S("other text")) };
    CHECK_ERR(store_restore(a, forged(a, newer, records, seq, one), NULL, &into[0]), ERR_CONFIG);
    CHECK_ERR(store_restore(a, forged(a, other, records, seq, one), NULL, &into[1]), ERR_CONFIG);
    CHECK_ERR(store_restore(a, forged(a, none, S("no\"table"), seq, one), NULL, &into[2]), ERR_INVALID);
    CHECK_ERR(store_restore(a, forged(a, none, records, S("no\"column"), one), NULL, &into[3]), ERR_INVALID);
    CHECK_ERR(store_restore(a, forged(a, none, records, seq, one), NULL, &into[4]), ERR_CONFLICT);
    Store *s = NULL;
    CHECK_ERR(store_open(a, &into[4], &s), ERR_CONFIG);
}

/* ---- Check --------------------------------------------------------------------------------- */
TEST_EACH_STORE(check_of_a_whole_store_finds_nothing)
{
    StoreFaults faults = { 0 };
    CHECK_OK(fill(store, a, 10));
    CHECK_OK(store_check(store, a, &faults));
    CHECK_INT(faults.len, 0);
}

TEST_EACH_STORE(check_names_a_damaged_file_and_a_missing_migration)
{
    StoreFaults faults = { 0 };
    Sha256      sum;
    CHECK_OK(files_save(store, a, S("whole"), &sum));
    CHECK(!truncate(arena_c(a, content_path(a, str_concat(a, test_store_config(store).data_dir, S("/files")), sum)), 3));
    test_sql(test_take(store, a), SQL("DELETE FROM schema_versions WHERE number = 1"));
    CHECK_OK(store_check(store, a, &faults));
    CHECK_INT(faults.len, 2);
    CHECK(str_has(faults.at[0], S("schema")));
    CHECK(str_has(faults.at[1], str_hex(a, sum.at, 4)));
}

TEST(check_finds_a_damaged_page_and_a_lost_parent)
{
    Store      *s      = test_store(a);
    StoreFaults faults = { 0 };
    StoreConfig config = test_store_config(s);
    Db         *db     = test_take(s, a);
    test_sql(db, SQL("CREATE TABLE up (id BIGINT PRIMARY KEY); CREATE TABLE down (id BIGINT PRIMARY KEY,"
                     " up_id BIGINT NOT NULL REFERENCES up (id)); INSERT INTO up VALUES (1); INSERT INTO down VALUES (1, 1)"));
    CHECK(!db_exec(db, "PRAGMA foreign_keys=OFF"));
    test_sql(db, SQL("DELETE FROM up"));
    CHECK_OK(store_check(s, a, &faults));
    CHECK_INT(faults.len, 1);
    CHECK_OK(fill(s, a, 3000));
    CHECK(!db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)"));
    Str path = str_concat(a, config.data_dir, S("/thuocdo.db"));
    int fd   = open(arena_c(a, path), O_RDWR);
    struct stat st;
    CHECK(!fstat(fd, &st));
    char junk[2000];
    memset(junk, 0xA5, sizeof junk);
    CHECK_INT(pwrite(fd, junk, sizeof junk, st.st_size - 4096), sizeof junk);
    close(fd);
    Store *again = NULL;
    faults.len   = 0;
    CHECK_OK(store_open(a, &config, &again));
    CHECK_OK(store_check(again, a, &faults));
    CHECK(faults.len >= 2);
    store_close(again);
}

TEST(backup_seed_of_the_fuzz_target_is_whole)
{
    Str bytes;
    CHECK_OK(file_read_all(a, S(SOURCE_ROOT "/tests/corpus/backup/whole"), &bytes));
    CHECK(whole(a, bytes));
    CHECK_OK(file_read_all(a, S(SOURCE_ROOT "/tests/corpus/backup/file_of_other_bytes"), &bytes));
    CHECK(!whole(a, bytes));
}

/* Closed to a key: restored only with it, and a bit changed anywhere is found. */
TEST(an_encrypted_backup_is_restored_with_its_key_alone)
{
    Store      *s    = test_store(a);
    Str         path = archive_path(a), secret, public_key, into = str_concat(a, test_folder(a), S("/data")), bytes;
    BackupKeys  keys = { 0 }, other = { 0 }, written;
    StoreFaults faults = { 0 };
    CHECK_OK(backup_key_new(a, &secret, &public_key));
    *list_add(a, &keys.identities) = secret;
    CHECK_OK(backup_key_new(a, &secret, &(Str){ 0 }));
    *list_add(a, &other.identities) = secret;
    CHECK_OK(fill(s, a, 300));
    CHECK_OK(store_backup(s, a, path, &(BackupLock){ .recipient = public_key }, &written));
    CHECK_OK(store_backup_verify(a, path, &written, &faults));
    CHECK_OK(store_backup_verify(a, path, &keys, &faults));
    CHECK_INT(faults.len, 0);
    CHECK_ERR(store_backup_verify(a, path, NULL, &faults), ERR_SIGN_IN);
    CHECK_ERR(store_restore(a, path, &other, &(StoreConfig){ .data_dir = into }), ERR_SIGN_IN);
    CHECK_OK(store_restore(a, path, &keys, &(StoreConfig){ .data_dir = into }));
    CHECK_OK(file_read_all(a, path, &bytes));
    CHECK(!str_has(bytes, S("thuocdo-backup")) && !str_has(bytes, S("audit_records")));
    Str bad = archive_path(a);          /* one folder: a test may leave so many behind */
    for (size_t at = 0; at < bytes.len; at += at < 300 ? 7 : bytes.len / 40) {
        Arena work = *a;
        Str   copy = arena_str(&work, bytes);
        ((char *)(uintptr_t)copy.at)[at] ^= 1;
        CHECK_OK(file_write_new(&work, bad, copy));
        if (faults_of_with(&work, bad, &keys) == 0)
            test_fail(__FILE_NAME__, __LINE__, "byte %zu may be another", at);
        unlink(arena_c(&work, bad));
    }
    CHECK_ERR(store_backup(s, a, archive_path(a), &(BackupLock){ .recipient = S("age1nobody") }, &written), ERR_INVALID);
}

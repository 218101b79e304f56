/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* E-mail and telephone of accounts: nothing that leaves the database shows them, the right key does. */
#include "org/org.h"
#include "store/store_files.h"
#include "store/test_store.h"

#include <sodium.h>

#define EMAIL S("Phuong.Nguyen@vidu.gov.vn")
#define PHONE S("0905 123 457")

static const uint8_t key[32] = { 3 }, other_key[32] = { 4 };

static void fine(Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

/* A nation and one account, committed. */
static Db *begin(Store *store, Arena *a, PersonId *out)
{
    Db         *db = test_take(store, a);
    PersonDraft d  = { .login = S("phuong"), .name = S("Nguyễn Thị Phượng"), .unit = { UNIT_ROOT } };
    fine(db_begin_write(db));
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    fine(person_create(db, a, &d, (PersonId){ 0 }, (Time){ INT64_C(1795320000000) }, out));
    fine(db_commit(db));
    return db;
}

static void save(Db *db, Arena *a, PersonId id, Str email, Str phone)
{
    fine(db_begin_write(db));
    fine(person_contact_save(db, a, key, id, &(PersonContact){ email, phone }));
    fine(db_commit(db));
}

/* Every row of every table, unpacked. */
static Str dump(Store *store, Arena *a)
{
    Str path = str_concat(a, test_folder(a), S("/dump.tdb")), bytes = S("");
    fine(store_backup(store, a, path, NULL, NULL));
    fine(file_read_all(a, path, &bytes));
    fine(str_has(bytes, S("Nguyễn Thị Phượng")) ? OK : err_new(a, ERR_INTERNAL, S("the dump is empty")));
    return bytes;
}

static bool shows_contact(Arena *a, Str bytes)
{
    Str low = str_lower_ascii(a, bytes);
    return str_has(low, S("phuong.nguyen")) || str_has(low, S("vidu.gov.vn")) || str_has(low, S("905 123")) || str_has(low, S("905123"));
}

static int64_t found(Db *db, Arena *a, Str text, Str email_key)
{
    People       list   = { 0 };
    UnitIds      within = { 0 };
    int64_t      all    = -1;
    *list_add(a, &within) = (UnitId){ UNIT_ROOT };
    PersonFilter f = { .text = text, .email_key = email_key, .within = &within, .today = date_from_ymd(2026, 11, 22), .limit = 10 };
    fine(person_list(db, a, &f, &list, &all));
    return all;
}

TEST_EACH_STORE(contact_opens_with_its_key_and_no_dump_shows_it)
{
    PersonId      id = { 0 };
    Db           *db = begin(store, a, &id);
    PersonContact x  = { 0 };
    CHECK_OK(person_contact_load(db, a, key, id, &x));
    CHECK(!x.email.len && !x.phone.len);                           /* none yet */
    save(db, a, id, EMAIL, PHONE);
    CHECK_OK(person_contact_load(db, a, key, id, &x));
    CHECK_STR(x.email, EMAIL);
    CHECK_STR(x.phone, PHONE);
    CHECK(!shows_contact(a, dump(store, a)));
    if (!store_is_postgres(store)) {                               /* nor do the bytes on disk */
        Str file = S(""), wal = S(""), dir = test_store_config(store).data_dir;
        CHECK_OK(file_read_all(a, str_concat(a, dir, S("/thuocdo.db")), &file));
        (void)!file_read_all(a, str_concat(a, dir, S("/thuocdo.db-wal")), &wal);
        CHECK(file.len && !shows_contact(a, file) && !shows_contact(a, wal));
    }
    save(db, a, id, S(""), S(""));
    CHECK_OK(person_contact_load(db, a, key, id, &x));
    CHECK(!x.email.len && !x.phone.len);
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM people WHERE contact_box IS NULL AND email_key IS NULL")), 1);
}

TEST_EACH_STORE(contact_is_refused_with_another_key_or_for_another_account)
{
    PersonId      id = { 0 }, second = { 0 };
    Db           *db = begin(store, a, &id);
    PersonContact x  = { 0 };
    PersonDraft   d  = { .login = S("khoa"), .name = S("Khoa"), .unit = { UNIT_ROOT } };
    save(db, a, id, EMAIL, S(""));
    Err e = person_contact_load(db, a, other_key, id, &x);
    CHECK_ERR(e, ERR_CONFIG);
    CHECK(e && str_has(e->detail, S("do not open with this master.key")));
    CHECK(!x.email.len);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(person_create(db, a, &d, (PersonId){ 0 }, (Time){ 1 }, &second));
    test_sql(db, SQL("UPDATE people SET contact_box = (SELECT p.contact_box FROM people p WHERE p.login = 'phuong') WHERE login = 'khoa'"));
    CHECK_ERR(person_contact_load(db, a, key, second, &x), ERR_CONFIG);
    test_sql(db, SQL("UPDATE people SET contact_box = NULL WHERE login = 'khoa'"));
    CHECK_OK(db_commit(db));
}

TEST_EACH_STORE(contact_is_found_by_the_whole_address)
{
    PersonId id = { 0 };
    Db      *db = begin(store, a, &id);
    Str      asked = S("phuong.nguyen@VIDU.gov.vn");
    save(db, a, id, EMAIL, PHONE);
    CHECK_INT(found(db, a, asked, person_email_key(a, key, asked)), 1);
    CHECK_INT(found(db, a, asked, person_email_key(a, other_key, asked)), 0);
    CHECK_INT(found(db, a, asked, S("")), 0);
    CHECK_INT(found(db, a, S("nobody@vidu.gov.vn"), person_email_key(a, key, S("nobody@vidu.gov.vn"))), 0);
    CHECK_INT(found(db, a, S("phượng"), S("")), 1);
    save(db, a, id, S(""), PHONE);
    CHECK_INT(found(db, a, asked, person_email_key(a, key, asked)), 0);
}

TEST_EACH_STORE(contact_of_older_versions_is_sealed_once)
{
    PersonId      id = { 0 };
    Db           *db = begin(store, a, &id);
    PersonContact x  = { 0 };
    int64_t       n  = -1;
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("UPDATE people SET email = 'Phuong.Nguyen@vidu.gov.vn', phone = '0905 123 457', "
                     "search = 'nguyen thi phuong phuong phuong.nguyen@vidu.gov.vn'"));
    CHECK_OK(db_commit(db));
    CHECK(shows_contact(a, dump(store, a)));                       /* the search of the dump does find it */
    CHECK_OK(db_begin_write(db));
    CHECK_OK(person_contact_fill(db, a, key, &n));
    CHECK_OK(db_commit(db));
    CHECK_INT(n, 1);
    CHECK(!shows_contact(a, dump(store, a)));
    CHECK_OK(person_contact_load(db, a, key, id, &x));
    CHECK_STR(x.email, EMAIL);
    CHECK_STR(x.phone, PHONE);
    CHECK_INT(found(db, a, EMAIL, person_email_key(a, key, EMAIL)), 1);
    CHECK_INT(found(db, a, S("Phượng"), S("")), 1);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(person_contact_fill(db, a, key, &n));
    CHECK_OK(db_commit(db));
    CHECK_INT(n, 0);                                               /* a second start has nothing to do */
    CHECK_OK(person_contact_load(db, a, key, id, &x));
    CHECK_STR(x.email, EMAIL);
}

/* nonce and secretbox, as older versions wrote them */
static Str boxed_before(Arena *a, const uint8_t with[32], Str text)
{
    size_t   n  = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.len;
    uint8_t *at = arena_new(a, uint8_t, n);
    random_bytes(at, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(at + crypto_secretbox_NONCEBYTES, (const uint8_t *)text.at, text.len, at, with);
    return (Str){ (const char *)at, n };
}

static void put_box(Db *db, PersonId id, bool totp, Str box)
{
    fine(db_begin_write(db));
    AUTO_STMT q = totp ? db_prepare(db, SQL("UPDATE people SET totp_box = $2 WHERE id = $1"))
                       : db_prepare(db, SQL("UPDATE people SET contact_box = $2 WHERE id = $1"));
    bind_int(q, 1, id.v);
    bind_blob(q, 2, box);
    fine(db_run(q));
    fine(db_commit(db));
}

TEST_EACH_STORE(boxes_of_older_versions_open_and_are_sealed_anew)
{
    PersonId      id = { 0 };
    Db           *db = begin(store, a, &id);
    PersonContact x  = { 0 };
    CodeCheck     c  = { 0 };
    uint8_t       own[32];
    Time          now    = { INT64_C(1795320000000) };
    Str           secret = S("12345678901234567890");
    crypto_generichash(own, sizeof own, (const uint8_t *)&id.v, sizeof id.v, key, sizeof key);
    put_box(db, id, false, boxed_before(a, own, S("{\"email\":\"a@b.vn\",\"phone\":\"0905\"}")));
    put_box(db, id, true, boxed_before(a, key, secret));
    CHECK_OK(person_contact_load(db, a, key, id, &x));
    CHECK_STR(x.email, S("a@b.vn"));
    save(db, a, id, x.email, x.phone);
    CHECK_INT(test_sql_int(db, SQL("SELECT length(contact_box) FROM people WHERE contact_box IS NOT NULL")), 1 + 24 + 16 + 33);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(code_check(db, a, id, totp_code(a, secret, totp_step(now)), key, NULL, now, &c));
    CHECK_OK(db_commit(db));
    CHECK_INT(c.state, SIGN_IN_PASSED);
    CHECK_INT(test_sql_int(db, SQL("SELECT length(totp_box) FROM people WHERE totp_box IS NOT NULL")), 1 + 24 + 16 + 20);
    CHECK_OK(db_begin_write(db));
    now.ms += TOTP_STEP_MS;
    CHECK_OK(code_check(db, a, id, totp_code(a, secret, totp_step(now)), key, NULL, now, &c));
    CHECK_OK(db_commit(db));
    CHECK_INT(c.state, SIGN_IN_PASSED);
}

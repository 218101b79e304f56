/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The chain grows, is searched, and every kind of tampering is found. */
#include "audit/audit.h"
#include "store/test_store.h"

#include <sodium.h>

static AuditEvent event(Arena *a, int i)
{
    return (AuditEvent){ .at = { 1795320000000 + i * MS_HOUR }, .actor = { 1 + i % 3 },
                         .actor_name = i % 3 ? S("Nguyễn Văn Đức") : S("Trần Thị Bé"), .role = S("officer"),
                         .unit = { 10 + i % 2 }, .address = S("192.0.2.7"), .request = arena_fmt(a, "r%d", i),
                         .action = i % 2 ? S("round.close") : S("rounds.open"), .object = arena_fmt(a, "round:%d", i),
                         .detail = S("{\"a\":1}"), .failed = i == 4 };
}

static Err append(Db *db, Arena *a, int from, int n)
{
    TRY(db_begin_write(db));
    for (int i = from; i < from + n; i++) {
        AuditEvent e = event(a, i);
        TRY(audit_append(db, a, &e));
    }
    return db_commit(db);
}

static int64_t bad_seq(Db *db, Arena *a)
{
    int64_t count = -1, bad = -1;
    Err     e     = audit_verify(db, a, &count, &bad);
    return e ? -2 : bad;
}

TEST_EACH_STORE(audit_records_are_kept_as_given)
{
    Db       *db = test_take(store, a);
    AuditRows rows;
    int64_t   count, bad;
    CHECK_OK(append(db, a, 0, 5));
    CHECK_OK(audit_verify(db, a, &count, &bad));
    CHECK_INT(count, 5);
    CHECK_INT(bad, 0);
    CHECK_OK(audit_list(db, a, &(AuditFilter){ .from = DATE_NONE, .to = DATE_NONE }, &rows));
    CHECK_INT(rows.len, 5);
    AuditEvent want = event(a, 4), got = rows.at[0].e;
    CHECK_INT(rows.at[0].seq, 5);
    CHECK_INT(got.at.ms, want.at.ms);
    CHECK_INT(got.actor.v, want.actor.v);
    CHECK_INT(got.unit.v, want.unit.v);
    CHECK(got.failed);
    CHECK_STR(got.actor_name, want.actor_name);
    CHECK_STR(got.role, want.role);
    CHECK_STR(got.address, want.address);
    CHECK_STR(got.request, want.request);
    CHECK_STR(got.action, want.action);
    CHECK_STR(got.object, want.object);
    CHECK_STR(got.detail, want.detail);
    CHECK_INT(rows.at[0].hash.len, 64);
}

static size_t found(Db *db, Arena *a, AuditFilter f)
{
    AuditRows rows = { 0 };
    Err       e    = audit_list(db, a, &f, &rows);
    return e ? 9999 : rows.len;
}

TEST_EACH_STORE(audit_list_keeps_to_its_filters)
{
    Db  *db   = test_take(store, a);
    Date none = DATE_NONE, day = date_of((Time){ 1795320000000 });
    CHECK_OK(append(db, a, 0, 60));
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none }), 50);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .limit = 7 }), 7);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .before_seq = 4 }), 3);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .action = S("round") }), 30);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .action = S("rounds.open") }), 30);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .action = S("rou") }), 0);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .actor = { 1 } }), 20);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .unit = { 11 }, .actor = { 1 } }), 10);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .text = S("duc"), .limit = 100 }), 40);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .text = S("TRẦN THỊ") }), 20);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .text = S("round:59") }), 1);
    CHECK_INT(found(db, a, (AuditFilter){ .from = none, .to = none, .text = S("%") }), 0);
    size_t first_day = found(db, a, (AuditFilter){ .from = none, .to = day, .limit = 100 });
    size_t rest      = found(db, a, (AuditFilter){ .from = { day.day + 1 }, .to = none, .limit = 100 });
    CHECK(first_day > 0 && first_day <= 24);
    CHECK_INT(first_day + rest, 60);
}

TEST_EACH_STORE(audit_tampering_is_found)
{
    static const char *edits[] = {
        "UPDATE audit_records SET at = at + 1 WHERE seq = 7",
        "UPDATE audit_records SET actor_id = 99 WHERE seq = 7",
        "UPDATE audit_records SET actor_name = 'x' WHERE seq = 7",
        "UPDATE audit_records SET role = 'x' WHERE seq = 7",
        "UPDATE audit_records SET unit_id = 99 WHERE seq = 7",
        "UPDATE audit_records SET address = '' WHERE seq = 7",
        "UPDATE audit_records SET request = 'x' WHERE seq = 7",
        "UPDATE audit_records SET action = 'x' WHERE seq = 7",
        "UPDATE audit_records SET object = 'x' WHERE seq = 7",
        "UPDATE audit_records SET detail = '{}' WHERE seq = 7",
        "UPDATE audit_records SET failed = 1 - failed WHERE seq = 7",
        "UPDATE audit_records SET prev = hash WHERE seq = 7",
        "UPDATE audit_records SET hash = prev WHERE seq = 7",
        "DELETE FROM audit_records WHERE seq = 7",
        "UPDATE audit_records SET role = actor_name, actor_name = role WHERE seq = 7",
        "UPDATE audit_records SET seq = -7 WHERE seq = 7",
        "UPDATE audit_records SET seq = seq + 1000 WHERE seq >= 7",
        /* reordered: 7 and 8 change places */
        ("UPDATE audit_records SET seq = 99 WHERE seq = 7; UPDATE audit_records SET seq = 7 WHERE seq = 8;"
         "UPDATE audit_records SET seq = 8 WHERE seq = 99"),
    };
    Db *db = test_take(store, a);
    CHECK_OK(append(db, a, 0, 20));
    for (size_t i = 0; i < COUNT_OF(edits); i++) {
        CHECK_OK(db_begin_write(db));
        test_sql_text(db, edits[i]);
        int64_t bad = bad_seq(db, a);
        if (bad != 7 && !(bad == 1 && strstr(edits[i], "-7")))
            test_fail(__FILE_NAME__, __LINE__, "not found at 7 but %lld: %s", (long long)bad, edits[i]);
        db_rollback(db);
        CHECK_INT(bad_seq(db, a), 0);
    }
    test_sql(db, SQL("DELETE FROM audit_records WHERE seq = 1"));
    CHECK_INT(bad_seq(db, a), 1);
}

TEST_EACH_STORE(audit_long_chain_is_walked_to_its_end)
{
    Db *db = test_take(store, a);
    CHECK_OK(append(db, a, 0, 1200));
    CHECK_INT(bad_seq(db, a), 0);
    test_sql(db, SQL("UPDATE audit_records SET detail = '{}' WHERE seq = 1001"));
    CHECK_INT(bad_seq(db, a), 1001);
}

TEST_EACH_STORE(audit_checkpoint_shows_a_cut_tail_and_a_rewritten_chain)
{
    Db     *db = test_take(store, a);
    uint8_t public_key[32], secret_key[64], other_public[32], other_secret[64];
    Str     empty, line;
    bool    fits;
    crypto_sign_keypair(public_key, secret_key);
    crypto_sign_keypair(other_public, other_secret);
    CHECK_OK(audit_checkpoint(db, a, (Time){ 1795320000000 }, secret_key, &empty));
    CHECK_OK(append(db, a, 0, 10));
    CHECK_OK(audit_checkpoint(db, a, (Time){ 1795320000000 }, secret_key, &line));
    CHECK_OK(append(db, a, 10, 5));
    CHECK_OK(audit_checkpoint_check(db, a, empty, public_key, &fits));
    CHECK(fits);
    CHECK_OK(audit_checkpoint_check(db, a, line, public_key, &fits));
    CHECK(fits);
    CHECK_OK(audit_checkpoint_check(db, a, line, other_public, &fits));
    CHECK(!fits);
    for (size_t i = 0; i < line.len; i += 3) {
        char *changed = arena_c(a, line);
        changed[i] ^= 1;
        CHECK_OK(audit_checkpoint_check(db, a, (Str){ changed, line.len }, public_key, &fits));
        CHECK(!fits);
    }
    test_sql(db, SQL("DELETE FROM audit_records WHERE seq >= 10"));
    CHECK_INT(bad_seq(db, a), 0);                  /* the chain alone cannot tell */
    CHECK_OK(audit_checkpoint_check(db, a, line, public_key, &fits));
    CHECK(!fits);
    CHECK_OK(append(db, a, 100, 5));               /* written anew with other records */
    CHECK_INT(bad_seq(db, a), 0);
    CHECK_OK(audit_checkpoint_check(db, a, line, public_key, &fits));
    CHECK(!fits);
}

TEST_EACH_STORE(audit_record_that_cannot_be_written_fails_the_act)
{
    Db        *db = test_take(store, a);
    AuditEvent e  = event(a, 0);
    CHECK_ERR(audit_append(db, a, &e), ERR_INTERNAL);
    test_sql(db, SQL("DROP TABLE audit_records"));
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("CREATE TABLE act (id BIGINT PRIMARY KEY)"));
    CHECK_ERR(audit_append(db, a, &e), ERR_INTERNAL);
    CHECK_ERR(db_commit(db), ERR_INTERNAL);
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("CREATE TABLE act (id BIGINT PRIMARY KEY)"));
    db_rollback(db);
}

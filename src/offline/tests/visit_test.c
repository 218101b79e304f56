/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Attempts noted without a line, over a real server: once however often they come, by the rules of the case's page. */
#include "base/json.h"
#include "offline/p256.h"
#include "openrosa/tests/field_fixture.h"

#include <gmp.h>
#include <nettle/dsa.h>
#include <nettle/ecdsa.h>
#include <sodium.h>

static const Mount mounts[] = { { "", offline_routes }, { "/openrosa", openrosa_routes, openrosa_fail } };

typedef struct Visits { FieldFixture *f; Arena *a; PersonId who; Str key; } Visits;

static void fine(Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

static PersonId interviewer(FieldFixture *f, Arena *a)
{
    PersonDraft p     = { .login = S("dtv012"), .name = S("Nguyễn Thị Hoa"), .unit = { UNIT_ROOT } };
    Date        today = date_of(time_now());
    PersonId    id;
    GrantId     grant;
    fine(person_create(f->db, a, &p, (PersonId){ 0 }, time_now(), &id));
    GrantDraft g = { .person = id, .role = ROLE_INTERVIEWER, .unit = { UNIT_ROOT }, .from = today, .to = DATE_NONE };
    fine(grant_give(f->db, a, (PersonId){ 0 }, &g, today, time_now(), &grant));
    return id;
}

/* Two cases of hers, one of somebody else, one of nobody. */
static Visits visits_new(Store *store, Arena *a)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    Visits        v = { .f = f, .a = a };
    f->app.mounts      = mounts;
    f->app.mount_count = COUNT_OF(mounts);
    fine(db_begin_write(f->db));
    v.who    = interviewer(f, a);
    Device d = { .name = S("Máy của Hoa"), .person = v.who, .from = date_of(time_now()), .to = DATE_NONE };
    fine(device_add(f->db, a, f->round.id, &d, (PersonId){ 0 }, time_now(), &v.key));
    test_sql(f->db, SQL("INSERT INTO frames (id, owner_unit, title, file_name, upload_sha, state, made_at, made_by) "
                        "VALUES (2, 1, 'x', 'x', 'x', 'ready', 1, 1)"));
    test_sql(f->db, SQL("INSERT INTO samples (id, frame_id, owner_unit, title, design, seed, program, design_sha, frame_sha, list_sha, sha256, "
                        "document_sha, list_file, main_count, reserve_count, drawn_at, drawn_by) "
                        "VALUES (3, 2, 1, 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 1, 1, 1, 1)"));
    test_sql(f->db, SQL("INSERT INTO field_rounds (round_id, sample_id, due_day, erase_days, opened_at, opened_by) "
                        "SELECT id, 3, '2030-01-01', 30, 1, 1 FROM rounds"));
    test_sql(f->db, SQL("INSERT INTO field_cases (id, round_id, number, code, cell, place, reserve, active, weight, interviewer) "
                        "SELECT 100, id, 1, 'A-1', 'A', 'x', 0, 1, 1, 0 FROM rounds UNION ALL SELECT 101, id, 2, 'A-2', 'A', 'x', 0, 1, 1, 0 FROM rounds "
                        "UNION ALL SELECT 102, id, 3, 'A-3', 'A', 'x', 0, 1, 1, 77 FROM rounds"));
    AUTO_STMT q = db_prepare(f->db, SQL("UPDATE field_cases SET interviewer = $1 WHERE id < 102"));
    bind_int(q, 1, v.who.v);
    fine(db_run(q));
    fine(db_commit(f->db));
    return v;
}

typedef struct Noted { int64_t at, chance, callback; const char *of, *mode, *outcome, *note; } Noted;

static const Json *tell_as(Visits *v, Str key, Str json)
{
    const Json *j = NULL;
    Buf         b = buf_new(v->a, 1024);
    for (size_t i = 0; i < json.len; i++)
        buf_fmt(&b, "%%%02X", (unsigned char)json.at[i]);
    Str answer = field_send(v->f, v->a, arena_fmt(v->a, "POST /field/api/visit HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %.*s\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\nConnection: close\r\n\r\nvisit=%.*s", STR_ARG(key), b.len + 6,
        STR_ARG(buf_str(&b))));
    CHECK_INT(answer_status(answer), 200);
    CHECK(!json_parse(v->a, answer_body(answer), &j));
    return j;
}

static Str json_of(Visits *v, const Noted *n)
{
    return arena_fmt(v->a, "{\"visit\":\"%lld-%lld\",\"round\":\"%.*s\",\"case\":\"%s\","
                     "\"mode\":\"%s\",\"outcome\":\"%s\",\"callback_at\":%lld,\"note\":\"%s\"}",
                     (long long)n->at, (long long)n->chance, STR_ARG(v->f->round.code), n->of, n->mode, n->outcome, (long long)n->callback, n->note);
}

static Str text_in(const Json *j, const char *name)
{
    Str s = S("");
    json_str(json_get(j, str_from_c(name)), &s);
    return s;
}

static Str state_of(Visits *v, Noted n)
{
    return text_in(tell_as(v, v->key, json_of(v, &n)), "state");
}

static int64_t rows(Visits *v)
{
    return field_sql(v->f, SQL("SELECT COUNT(*) FROM field_attempts"));
}

TEST_EACH_STORE(visits_without_a_line_are_stored_once_with_the_same_receipt)
{
    Visits      v     = visits_new(store, a);
    Noted       n     = { time_now().ms - MS_HOUR, 77, 0, "A-1", "visit", "refused", "cổng khóa" };
    const Json *first = tell_as(&v, v.key, json_of(&v, &n)), *again = tell_as(&v, v.key, json_of(&v, &n));
    CHECK_STR(text_in(first, "state"), S("stored"));
    CHECK_STR(text_in(again, "state"), S("same"));
    CHECK_STR(text_in(again, "receipt"), text_in(first, "receipt"));
    CHECK(str_has(text_in(first, "receipt"), arena_fmt(a, "visit %lld-77\nround thu-may\ncase A-1\nmode visit\noutcome refused\ncallback 0\nnote %.*s\n",
                                                       (long long)n.at, STR_ARG(sha256_hex(a, S("cổng khóa"))))));
    CHECK_INT(rows(&v), 1);
    CHECK_INT(field_sql(v.f, SQL("SELECT COUNT(*) FROM field_cases WHERE id = 100 AND disposition = 'refused' AND attempts = 1")), 1);
    CHECK_INT(field_sql(v.f, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'field.attempt'")), 1);
    n.outcome = "away";                                              /* the same name, another story */
    CHECK_STR(state_of(&v, n), S("conflict"));
    CHECK_INT(rows(&v), 1);
}

TEST_EACH_STORE(a_visit_that_comes_late_does_not_undo_a_later_one)
{
    Visits  v   = visits_new(store, a);
    int64_t now = time_now().ms;
    CHECK_STR(state_of(&v, (Noted){ now - MS_HOUR, 1, now + MS_HOUR, "A-1", "phone", "callback", "" }), S("stored"));
    CHECK_STR(state_of(&v, (Noted){ now - 5 * MS_HOUR, 2, 0, "A-1", "visit", "away", "" }), S("stored"));
    CHECK_INT(field_sql(v.f, SQL("SELECT COUNT(*) FROM field_cases WHERE id = 100 AND disposition = 'callback' AND attempts = 2 AND callback_at > 0")), 1);
    FieldVisits list = { 0 };
    CHECK_OK(db_begin_read(v.f->db));
    CHECK_OK(field_visits_of(v.f->db, a, v.f->round.id, v.who, &list));
    db_rollback(v.f->db);
    CHECK_INT(list.len, 2);
    CHECK(list.at[0].x.outcome == OUTCOME_CALLBACK && str_eq(list.at[0].code, S("A-1")));
}

TEST_EACH_STORE(visits_obey_the_rules_of_the_page_of_the_case)
{
    Visits  v   = visits_new(store, a);
    int64_t now = time_now().ms - MS_HOUR;
    Noted   n   = { now, 1, 0, "A-1", "visit", "away", "" };
#define WITH(field, value) ({ Noted x = n; x.field = value; x; })
    CHECK_STR(state_of(&v, WITH(outcome, "busy")), S("wrong"));          /* at the door */
    CHECK_STR(state_of(&v, WITH(outcome, "callback")), S("wrong"));      /* when? */
    CHECK_STR(state_of(&v, WITH(callback, now - 1)), S("wrong"));        /* before the visit */
    CHECK_STR(state_of(&v, WITH(outcome, "")), S("wrong"));
    CHECK_STR(state_of(&v, WITH(outcome, "none")), S("wrong"));
    CHECK_STR(state_of(&v, WITH(mode, "desk")), S("wrong"));
    CHECK_STR(state_of(&v, WITH(at, 5)), S("wrong"));
    CHECK_STR(state_of(&v, WITH(chance, 1 << 22)), S("wrong"));
    CHECK_STR(state_of(&v, WITH(of, "A-3")), S("foreign"));              /* somebody else's */
    CHECK_STR(state_of(&v, WITH(of, "A-9")), S("unknown"));
    CHECK_STR(text_in(tell_as(&v, v.f->key, json_of(&v, &n)), "state"), S("foreign"));   /* a device of nobody */
    CHECK_STR(text_in(tell_as(&v, v.key, S("{\"visit\":1}")), "state"), S("wrong"));
    CHECK_INT(rows(&v), 0);
    CHECK_STR(state_of(&v, n), S("stored"));
    CHECK_OK(db_begin_write(v.f->db));
    test_sql(v.f->db, SQL("UPDATE grants SET role = 'clerk'"));
    CHECK_OK(db_commit(v.f->db));
    CHECK_STR(state_of(&v, WITH(chance, 5)), S("foreign"));              /* no interviewer any more */
}

TEST_EACH_STORE(notes_that_come_after_contact_data_went_are_not_kept)
{
    Visits v = visits_new(store, a);
    Noted  n = { time_now().ms - MS_HOUR, 9, 0, "A-2", "visit", "away", "bà Lan ở nhà con" };
    CHECK_OK(db_begin_write(v.f->db));
    test_sql(v.f->db, SQL("UPDATE field_rounds SET erased_at = 5"));
    CHECK_OK(db_commit(v.f->db));
    const Json *first = tell_as(&v, v.key, json_of(&v, &n));
    CHECK_STR(text_in(first, "state"), S("stored"));
    CHECK(str_ends(text_in(first, "receipt"), S("note erased\n")));
    CHECK_STR(state_of(&v, n), S("same"));
    CHECK_INT(field_sql(v.f, SQL("SELECT COUNT(*) FROM field_attempts WHERE note = ''")), 1);
}

/* ---- Signatures -------------------------------------------------------------------------------------------------- */
static bool p256_holds(Str key, Str signature, Str text)
{
    uint8_t              point[65], sign[64];
    struct ecc_point     at;
    struct dsa_signature s;
    mpz_t                x, y;
    Sha256               sum  = sha256(text);
    bool                 good = str_unhex(key, point, sizeof point) && str_unhex(signature, sign, sizeof sign);
    mpz_inits(x, y, NULL);
    ecc_point_init(&at, nettle_get_secp_256r1());
    dsa_signature_init(&s);
    mpz_import(x, 32, 1, 1, 1, 0, point + 1);
    mpz_import(y, 32, 1, 1, 1, 0, point + 33);
    mpz_import(s.r, 32, 1, 1, 1, 0, sign);
    mpz_import(s.s, 32, 1, 1, 1, 0, sign + 32);
    good = good && ecc_point_set(&at, x, y) && ecdsa_verify(&at, sizeof sum.at, sum.at, &s);
    dsa_signature_clear(&s);
    ecc_point_clear(&at);
    mpz_clears(x, y, NULL);
    return good;
}

TEST(receipts_are_signed_for_browsers_with_and_without_ed25519)
{
    AppInfo        app = { .key = { 7 } }, other = { .key = { 8 } };
    Attempt        x   = { .id = id_at(1795312800000, 77), .mode = S("visit"), .outcome = OUTCOME_AWAY };
    OfflineReceipt r   = offline_visit_receipt(a, &app, S("dot\nnote x"), S("A-1"), &x, false);
    uint8_t        key[32], signature[64];
    CHECK(str_has(r.text, S("round dot note x\n")));                 /* a line is one line */
    CHECK(str_unhex(offline_receipt_key(a, &app), key, sizeof key) && str_unhex(r.signature, signature, sizeof signature));
    CHECK_INT(crypto_sign_verify_detached(signature, (const uint8_t *)r.text.at, r.text.len, key), 0);
    CHECK(p256_holds(offline_receipt_p256(a, &app), r.p256, r.text));
    CHECK(!p256_holds(offline_receipt_p256(a, &app), r.p256, S("thuocdo visit 1\n")));
    CHECK(!p256_holds(offline_receipt_p256(a, &other), r.p256, r.text));
    CHECK(!str_eq(offline_receipt_p256(a, &app), carry_key(a, &app)));
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The page of a round's weights, driven through the wrapper: a preview needs no writer, keeping is audited. */
#include "base/test.h"
#include "edition/weighting.h"
#include "satisfied_fixture.h"

#include <sodium.h>

static const Mount mounts[] = { { "/console", weighting_routes } };

typedef struct Desk { RoundFixture f; Arena *a; Str cookie; } Desk;

static void fine(Err e, int line)
{
    if (e)
        test_fail(__FILE_NAME__, line, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}
#define FINE(e) fine((e), __LINE__)

static void sign_in(Desk *d)
{
    static const uint8_t secret[TOTP_SECRET_LEN] = { 7 };
    Db         *db    = d->f.db;
    Time        now   = time_now();
    uint8_t     key[32] = { 1 };
    PersonId    id    = { 0 };
    GrantId     grant;
    StrList     codes;
    Session     s     = { 0 };
    Str         first;
    PersonDraft p = { .login = S("canbo"), .name = S("Cán bộ"), .unit = { UNIT_ROOT } };
    GrantDraft  g = { .role = ROLE_OFFICER, .unit = { UNIT_ROOT }, .from = date_of(now), .to = DATE_NONE };
    FINE(person_create(db, d->a, &p, (PersonId){ 0 }, now, &id));
    g.person = id;
    FINE(grant_give(db, d->a, (PersonId){ 0 }, &g, date_of(now), now, &grant));
    FINE(totp_enrol(db, d->a, id, (Str){ (const char *)secret, sizeof secret }, key, 0, now, &codes));
    FINE(session_open(db, d->a, id, S("127.0.0.1"), S("test"), now, &first));
    FINE(session_load(db, d->a, first, now, &s));
    FINE(session_pass(db, d->a, &s, true, now, &d->cookie));
}

/* A round with ten answers from each of two provinces, and somebody who may weight it. */
static Desk desk_open(Store *store, Arena *a)
{
    Desk d = { .f = satisfied_round(store, a, 20), .a = a };
    d.f.app.mounts      = mounts;
    d.f.app.mount_count = COUNT_OF(mounts);
    log_set(LOG_ERROR, false);
    FINE(db_begin_write(d.f.db));
    sign_in(&d);
    FINE(db_commit(d.f.db));
    return d;
}

static HttpTask ask(Desk *d, Method method, const char *act)
{
    HttpTask t = { .arena = d->a, .req = { .method = method, .host = S("localhost:8080"), .client = S("127.0.0.1"), .id = 1 } };
    uint8_t  key[32], sum[24];
    t.req.path = arena_fmt(d->a, "/console/rounds/%lld/weights", (long long)d->f.round.id.v);
    app_key(&d->f.app, "form-token", key);
    crypto_generichash(sum, sizeof sum, (const uint8_t *)d->cookie.at, d->cookie.len, key, sizeof key);
    const HttpField form[] = { { S("token"), str_hex(d->a, sum, sizeof sum) }, { S("design"), S("stated") }, { S("margins"), S("01,3000\n24,1000") },
                               { S("source"), S("Thử") }, { S("act"), str_from_c(act) } };
    *list_add(d->a, &t.req.headers) = (HttpField){ S("sec-fetch-site"), S("same-origin") };
    *list_add(d->a, &t.req.cookies) = (HttpField){ S("td-console"), d->cookie };
    for (size_t i = 0; method == POST && i < COUNT_OF(form); i++)
        *list_add(d->a, &t.req.form) = form[i];
    web_handle(&d->f.app, &t);
    return t;
}

static int64_t kept(Desk *d, Sql count)
{
    return test_sql_int(d->f.db, count);
}

/* While another connection writes, what needs the writer waits until it is refused: a preview answers at once. */
TEST_EACH_STORE(a_preview_of_weights_needs_no_writer)
{
    Desk d = desk_open(store, a);
    CHECK_INT(ask(&d, GET, "").res.status, 200);            /* notes that the session is in use, which is a write */
    CHECK_OK(db_begin_write(d.f.db));
    HttpTask t = ask(&d, POST, "preview");
    db_rollback(d.f.db);
    CHECK_INT(t.res.status, 200);
    CHECK(str_has(t.res.body, S("3.000")));
    CHECK_INT(kept(&d, SQL("SELECT COUNT(*) FROM weightings")), 0);
}

TEST_EACH_STORE(weights_are_kept_with_a_record_of_who_did_it)
{
    Desk d = desk_open(store, a);
    CHECK_INT(ask(&d, POST, "save").res.status, 303);
    CHECK_INT(ask(&d, POST, "save").res.status, 303);
    CHECK_INT(kept(&d, SQL("SELECT MAX(version) FROM weightings")), 2);
    CHECK_INT(kept(&d, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'weights.save'")), 2);
}

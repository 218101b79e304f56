/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The public interface over a real server: every status of the table, one record a submission, no cookies. */
#include "round_fixture.h"

#include "http/tests/client.h"

#include <pthread.h>
#include <unistd.h>

static const Mount mounts[] = { { "/api/v1", collect_api_routes } };

typedef struct Api { RoundFixture f; HttpServer *server; } Api;

static Api *api_open(Store *store, Arena *a, RoundIdentity identity)
{
    Api *x = arena_new(a, Api, 1);
    x->f = round_fixture_at(store, a, identity, time_now());
    x->f.app.mounts = mounts;
    x->f.app.mount_count = COUNT_OF(mounts);
    x->server = test_server(a, (HttpConfig){ .handle = web_handle, .fast = web_fast, .app = &x->f.app, .workers = 4 });
    return x;
}

static Str ask(Api *x, Arena *a, Str request)
{
    int fd = client_open(x->server);
    client_send(fd, request);
    Str answer = client_answer(a, fd, false);
    close(fd);
    return answer;
}

static Str get(Api *x, Arena *a, const char *path)
{
    return ask(x, a, arena_fmt(a, "GET /api/v1%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path));
}

static Str post_to(Api *x, Arena *a, const char *round, Str body)
{
    return ask(x, a, arena_fmt(a, "POST /api/v1/rounds/%s/submissions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%.*s", round, body.len, STR_ARG(body)));
}

static Str post(Api *x, Arena *a, Str body)
{
    return post_to(x, a, "thu-2026", body);
}

static Str body_of(Arena *a, Str uuid, const char *answers)
{
    return arena_fmt(a, "{\"instance_id\":\"%.*s\",\"answers\":%s}", STR_ARG(uuid), answers);
}

static const char good[] = "{\"hai_long\":\"3\",\"kenh\":[\"web\",\"loa\"],\"tuoi\":40,\"tinh\":\"24\",\"gop_y\":\"Tốt\"}";

/* {"errors":[{"name"?,"reason"}]} with n errors. */
static void check_errors(Arena *a, Str answer, uint32_t n)
{
    const Json *tree;
    CHECK_OK(json_parse(a, answer_body(answer), &tree));
    const Json *errors = json_get(tree, S("errors"));
    CHECK(errors && errors->len == n);
    JSON_EACH(e, errors) {
        Str reason = { 0 };
        CHECK(json_str(json_get(e, S("reason")), &reason) && reason.len > 0);
    }
}

static Str receipt_of(Arena *a, Str answer)
{
    const Json *tree;
    Str receipt = { 0 };
    if (json_parse(a, answer_body(answer), &tree) == OK)
        json_str(json_get(tree, S("receipt")), &receipt);
    return receipt;
}

TEST_EACH_STORE(api_answers_every_case_of_the_table)
{
    Api *x    = api_open(store, a, IDENTITY_OPEN);
    Str  uuid = uuid_v4(a), body = body_of(a, uuid, good), first = post(x, a, body);
    CHECK_INT(answer_status(first), 201);
    CHECK(!answer_field(first, S("Set-Cookie")).len);
    Str receipt = receipt_of(a, first);
    CHECK_INT(receipt.len, 19);
    CHECK_STR(url_encode(a, receipt), receipt);
    Str again = post(x, a, body);
    CHECK_INT(answer_status(again), 200);
    CHECK_STR(receipt_of(a, again), receipt);
    CHECK_INT(answer_status(post(x, a, str_concat(a, body, S(" ")))), 409);           /* other bytes */
    check_errors(a, post(x, a, str_concat(a, body, S(" "))), 1);
    static const char *const bad[] = { "", "not json", "[]", "{}", "{\"instance_id\":\"x\",\"answers\":{}}", "{\"instance_id\":7,\"answers\":{}}",
        "{\"instance_id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"answers\":{}}{", "{\"a\":1,\"a\":2}" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Str answer = post(x, a, str_from_c(bad[i]));
        if (answer_status(answer) != 400)
            test_fail(__FILE_NAME__, __LINE__, "%s: %d", bad[i], answer_status(answer));
        check_errors(a, answer, 1);
    }
    Str wrong = post(x, a, body_of(a, uuid_v4(a), "{\"hai_long\":\"9\",\"kenh\":\"web\",\"tuoi\":5,\"la\":1}"));
    CHECK_INT(answer_status(wrong), 422);
    check_errors(a, wrong, 5);                                 /* choice, kind, constraint, unknown, required tinh */
    CHECK_INT(answer_status(post(x, a, body_of(a, uuid_v4(a), "7"))), 422);
    CHECK_INT(answer_status(post(x, a, body_of(a, uuid_v4(a), "{\"hai_long\":\"1\",\"tinh\":\"01\"}"))), 422);   /* ly_do is required now */
    CHECK_INT(answer_status(post_to(x, a, "khong-co", body)), 404);
    check_errors(a, post_to(x, a, "khong-co", body), 1);
    CHECK_INT(fixture_stored(&x->f, a), 1);
    fixture_step(&x->f, a, ROUND_PAUSED);
    Str paused = post(x, a, body_of(a, uuid_v4(a), good));
    CHECK_INT(answer_status(paused), 503);
    CHECK(answer_field(paused, S("retry-after")).len || answer_field(paused, S("Retry-After")).len);
    CHECK_INT(answer_status(post(x, a, body)), 200);           /* what is stored is stored */
    fixture_step(&x->f, a, ROUND_CLOSED);
    CHECK_INT(answer_status(post(x, a, body_of(a, uuid_v4(a), good))), 410);
    CHECK_INT(answer_status(post(x, a, body)), 200);
    CHECK_STR(receipt_of(a, post(x, a, body)), receipt);
    CHECK_INT(fixture_stored(&x->f, a), 1);
    http_stop(x->server);
    fixture_whole(&x->f, a);
}

TEST_EACH_STORE(api_one_body_for_every_bad_code)
{
    Api     *x = api_open(store, a, IDENTITY_CODE);
    NewCode *codes = fixture_codes(&x->f, a, 2, DATE_NONE), *old = fixture_codes(&x->f, a, 1, (Date){ date_of(x->f.now).day - 1 });
    Str      used  = codes[0].long_code, uuid = uuid_v4(a);
    Str body = arena_fmt(a, "{\"instance_id\":\"%.*s\",\"code\":\"%.*s\",\"answers\":%s}", STR_ARG(uuid), STR_ARG(used), good);
    Str stored = post(x, a, body);
    CHECK_INT(answer_status(stored), 201);
    CHECK_INT(answer_status(post(x, a, body)), 200);           /* the id is looked at before the code */
    AUTO_STMT q = db_prepare(x->f.db, SQL("SELECT body FROM submissions"));
    CHECK(db_row(q) && !str_has(col_blob(q, 0), uuid) && !str_has(col_blob(q, 0), used));
    CHECK_OK(db_done(q));
    Str codes_bad[] = { S(""), random_code(a, 26), random_code(a, 10), used, codes[0].short_code, old[0].long_code, S("!?"), S("x") };
    Str want = { 0 };
    for (size_t i = 0; i < COUNT_OF(codes_bad); i++) {
        Str answer = post(x, a, codes_bad[i].len
            ? arena_fmt(a, "{\"instance_id\":\"%.*s\",\"code\":\"%.*s\",\"answers\":%s}", STR_ARG(uuid_v4(a)), STR_ARG(codes_bad[i]), good)
            : body_of(a, uuid_v4(a), good));
        CHECK_INT(answer_status(answer), 403);
        if (!want.len)
            want = answer_body(answer);
        CHECK_STR(answer_body(answer), want);
    }
    Str typed = str_lower_ascii(a, word_grouped(a, codes[1].short_code));
    Str small = arena_fmt(a, "{\"instance_id\":\"%.*s\",\"code\":\"%.*s\",\"answers\":%s}", STR_ARG(uuid_v4(a)), STR_ARG(typed), good);
    CHECK_INT(answer_status(post(x, a, small)), 201);
    CHECK_INT(fixture_stored(&x->f, a), 2);
    http_stop(x->server);
}

static Str coded(Arena *a, Str uuid, Str code)
{
    return arena_fmt(a, "{\"instance_id\":\"%.*s\",\"code\":\"%.*s\",\"answers\":%s}", STR_ARG(uuid), STR_ARG(code), good);
}

TEST_EACH_STORE(api_other_bytes_are_known_by_the_code_too)
{
    Api     *x     = api_open(store, a, IDENTITY_CODE);
    NewCode *codes = fixture_codes(&x->f, a, 2, DATE_NONE);
    Str      uuid  = uuid_v4(a), body = coded(a, uuid, codes[0].long_code), first = post(x, a, body), receipt = receipt_of(a, first);
    Str      others[] = { coded(a, uuid, codes[1].long_code), coded(a, uuid, codes[0].short_code), body_of(a, uuid, good), str_concat(a, body, S(" ")) };
    CHECK_INT(answer_status(first), 201);
    static const RoundState steps[] = { ROUND_OPEN, ROUND_PAUSED, ROUND_CLOSED };
    for (size_t s = 0; s < COUNT_OF(steps); s++) {
        if (s)
            fixture_step(&x->f, a, steps[s]);
        for (size_t i = 0; i < COUNT_OF(others); i++)
            CHECK_INT(answer_status(post(x, a, others[i])), 409);
        Str again = post(x, a, body);
        CHECK_INT(answer_status(again), 200);
        CHECK_STR(receipt_of(a, again), receipt);
    }
    fixture_whole(&x->f, a);
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM invitation_codes")), 1);       /* the other code was not spent */
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM submissions WHERE LENGTH(sent) = 32")), 1);
    http_stop(x->server);
}

TEST_EACH_STORE(api_knows_the_answers_of_before_by_their_sum)
{
    Api     *x     = api_open(store, a, IDENTITY_CODE);
    NewCode *codes = fixture_codes(&x->f, a, 2, DATE_NONE);
    Str      uuid  = uuid_v4(a), body = coded(a, uuid, codes[0].long_code), answers;
    CHECK_INT(answer_status(post(x, a, body)), 201);
    {
        AUTO_STMT q = db_prepare(x->f.db, SQL("SELECT answers FROM submissions"));
        CHECK(db_row(q));
        answers = arena_str(a, col_str(q, 0));
        CHECK_OK(db_done(q));
    }
    Sha256    sum = sha256(submission_body(a, uuid, answers));
    AUTO_STMT q   = db_prepare(x->f.db, SQL("UPDATE submissions SET sent = NULL, sha256 = $1"));
    CHECK_OK(db_begin_write(x->f.db));
    bind_blob(q, 1, (Str){ (const char *)sum.at, 32 });
    CHECK_OK(db_run(q));
    CHECK_OK(db_commit(x->f.db));
    CHECK_INT(answer_status(post(x, a, body)), 200);
    CHECK_INT(answer_status(post(x, a, coded(a, uuid, codes[1].long_code))), 200);           /* as before: the code was not kept */
    CHECK_INT(answer_status(post(x, a, str_replace(a, body, S("Tốt"), S("Khác")))), 409);
    http_stop(x->server);
}

TEST_EACH_STORE(api_guessing_is_slowed)
{
    Api     *x     = api_open(store, a, IDENTITY_CODE);
    x->f.app.key[1] ^= store_is_postgres(store) ? 2 : 1;                  /* a site of its own: no other test is slowed */
    NewCode *codes = fixture_codes(&x->f, a, 3, DATE_NONE);
    Str      stored = coded(a, uuid_v4(a), codes[0].long_code);
    CHECK_INT(answer_status(post(x, a, stored)), 201);
    for (int i = 0; i < 30; i++)
        CHECK_INT(answer_status(post(x, a, coded(a, uuid_v4(a), random_code(a, CODE_SHORT_LEN)))), 403);
    Str slow = post(x, a, coded(a, uuid_v4(a), random_code(a, CODE_SHORT_LEN)));
    CHECK_INT(answer_status(slow), 429);
    CHECK(answer_field(slow, S("retry-after")).len > 0);
    check_errors(a, slow, 1);
    CHECK_INT(answer_status(post(x, a, stored)), 200);                    /* what is stored is stored */
    *list_add(a, &x->f.app.exempt) = S("127.0.0.1");                      /* a listed address is not counted */
    CHECK_INT(answer_status(post(x, a, coded(a, uuid_v4(a), codes[1].long_code))), 201);
    CHECK_INT(fixture_stored(&x->f, a), 2);
    http_stop(x->server);
}

TEST(who_guessed_too_often_waits_and_is_never_shut_out)
{
    AppInfo     app = { .key = { 77 } };
    HttpRequest req = { .client = S("203.0.113.9") };
    Ctx         c   = { .arena = a, .app = &app, .req = &req, .now = { 1000000 } };
    for (int i = 0; i < 30; i++) {
        CHECK(code_tries_left(&c));
        code_try_ended(&c, false);
    }
    int through = 0;
    for (int ms = 0; ms < 60000; ms += 100, c.now.ms += 100)               /* ten tries a second for a minute, all wrong */
        if (code_tries_left(&c)) {
            through++;
            code_try_ended(&c, false);
        }
    CHECK(through >= 60 / CODE_PAUSE_S - 1 && through <= 60 / CODE_PAUSE_S + 1);
    c.now.ms += CODE_PAUSE_S * MS_SECOND;
    for (int i = 0; i < 20; i++) {                                         /* others of the same network, with right codes */
        CHECK(code_tries_left(&c));
        CHECK(!code_tries_left(&c));                                       /* two at once: one of them waits */
        code_try_ended(&c, true);
    }
    req.client = S("203.0.113.10");
    CHECK(code_tries_left(&c));
    req.client = S("2001:db8:1:2::1");
    for (int i = 0; i < 31; i++)
        code_try_ended(&c, false);
    req.client = S("2001:db8:1:2:ffff::9");
    CHECK(!code_tries_left(&c));
}

TEST_EACH_STORE(api_takes_so_many_a_minute_from_a_network)
{
    Api *x = api_open(store, a, IDENTITY_OPEN);
    x->f.app.submit_per_prefix = 5;
    x->f.app.key[2] ^= store_is_postgres(store) ? 2 : 1;
    Str first = body_of(a, uuid_v4(a), good);
    CHECK_INT(answer_status(post(x, a, first)), 201);
    for (int i = 0; i < 4; i++)
        CHECK_INT(answer_status(post(x, a, body_of(a, uuid_v4(a), good))), 201);
    Str slow = post(x, a, body_of(a, uuid_v4(a), good));
    CHECK_INT(answer_status(slow), 429);
    CHECK(answer_field(slow, S("retry-after")).len > 0);
    CHECK_INT(answer_status(post(x, a, first)), 200);
    *list_add(a, &x->f.app.exempt) = S("127.0.0.1");
    CHECK_INT(answer_status(post(x, a, body_of(a, uuid_v4(a), good))), 201);
    http_stop(x->server);
}

typedef struct Poster { Api *x; Str body; Arena arena; int status; Str receipt; pthread_t thread; } Poster;

static void *poster_main(void *at)
{
    Poster *p  = at;
    Str answer = post(p->x, &p->arena, p->body);
    p->status  = answer_status(answer);
    p->receipt = receipt_of(&p->arena, answer);
    return NULL;
}

TEST_EACH_STORE(api_twenty_parallel_posts_are_one_record)
{
    Api   *x    = api_open(store, a, IDENTITY_OPEN);
    Str    body = body_of(a, uuid_v4(a), good);
    Poster all[20];
    int    made = 0;
    for (int i = 0; i < 20; i++) {
        all[i] = (Poster){ .x = x, .body = body, .arena = arena_open(1 << 20) };
        pthread_create(&all[i].thread, NULL, poster_main, &all[i]);
    }
    for (int i = 0; i < 20; i++) {
        pthread_join(all[i].thread, NULL);
        made += all[i].status == 201;
        CHECK(all[i].status == 201 || all[i].status == 200);
        CHECK(all[i].receipt.len && str_eq(all[i].receipt, all[0].receipt));
    }
    CHECK_INT(made, 1);
    CHECK_INT(answer_status(post(x, a, body)), 200);
    CHECK_INT(fixture_stored(&x->f, a), 1);
    for (int i = 0; i < 20; i++)
        arena_close(&all[i].arena);
    http_stop(x->server);
}

TEST_EACH_STORE(api_lists_rounds_questions_and_receipts)
{
    Api *x = api_open(store, a, IDENTITY_OPEN);
    const Json *tree;
    Str list = get(x, a, "/rounds");
    CHECK_INT(answer_status(list), 200);
    CHECK_OK(json_parse(a, answer_body(list), &tree));
    CHECK_INT(tree->len, 1);
    Str s = { 0 };
    CHECK(json_str(json_get(tree->first, S("code")), &s) && str_eq(s, S("thu-2026")));
    CHECK(json_str(json_get(tree->first, S("state")), &s) && str_eq(s, S("open")));
    CHECK(json_str(json_get(tree->first, S("identity")), &s) && str_eq(s, S("open")));
    Str one = get(x, a, "/rounds/thu-2026?lang=en");
    CHECK_INT(answer_status(one), 200);
    CHECK_OK(json_parse(a, answer_body(one), &tree));
    CHECK(json_str(json_get(tree, S("title")), &s) && str_eq(s, S("Trial")));
    const Json *q = json_at(json_get(tree, S("questions")), 0);
    CHECK(json_str(json_get(q, S("label")), &s) && str_eq(s, S("Are you satisfied?")));
    CHECK(json_str(json_get(q, S("type")), &s));
    CHECK_INT(answer_status(get(x, a, "/rounds/khong-co")), 404);
    Str uuid = uuid_v4(a), receipt = receipt_of(a, post(x, a, body_of(a, uuid, good)));
    Str state = get(x, a, arena_c(a, arena_fmt(a, "/receipts/%.*s", STR_ARG(receipt))));
    CHECK_STR(answer_body(state), S("{\"round\":\"thu-2026\",\"state\":\"received\"}"));
    CHECK_INT(answer_status(get(x, a, "/receipts/TD26-0000-0000-0000")), 404);
    CHECK_OK(db_begin_write(x->f.db));
    CHECK_OK(receipt_withdraw(x->f.db, store, a, &x->f.app, receipt));
    CHECK_OK(db_commit(x->f.db));
    state = get(x, a, arena_c(a, arena_fmt(a, "/receipts/%.*s", STR_ARG(receipt))));
    CHECK_STR(answer_body(state), S("{\"round\":\"thu-2026\",\"state\":\"withdrawn\"}"));
    Str stored = post(x, a, body_of(a, uuid_v4(a), "{\"hai_long\":\"3\",\"tinh\":\"24\",\"ly_do\":\"không còn hỏi\"}"));
    CHECK_INT(answer_status(stored), 201);                     /* an answer that is not relevant is left out */
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM submissions WHERE answers = '{\"hai_long\":\"3\",\"tinh\":\"24\"}'")), 1);
    fixture_step(&x->f, a, ROUND_CLOSED);
    fixture_step(&x->f, a, ROUND_PUBLISHED);
    state = get(x, a, arena_c(a, arena_fmt(a, "/receipts/%.*s", STR_ARG(receipt_of(a, stored)))));
    CHECK_STR(answer_body(state), S("{\"round\":\"thu-2026\",\"state\":\"counted\"}"));
    http_stop(x->server);
}

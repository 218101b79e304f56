/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every route × every role × own, lower, sibling and upper unit, and nobody signed in, generated from the route tables
 * and driven through the wrapper: what the table of rights does not allow is never answered. */
#include "rights_world.h"

#include "app/app.h"
#include "sample/store.h"
#include "scheme/tests/scheme_fixture.h"

#include <stdio.h>

static const char *const unit_names[] = { "own", "lower", "sibling", "upper" };

/* ---- One request ------------------------------------------------------------------------------------------- */

typedef struct Asked { Method method; Str path, cookie, token, site; } Asked;

static HttpTask ask(Matrix *m, const Asked *q)
{
    HttpTask t = {
        .arena = m->a,
        .req = { .method = q->method, .path = q->path, .host = S("localhost:8080"), .client = S("127.0.0.1"), .id = 1 }
    };
    *list_add(m->a, &t.req.headers) = (HttpField){ S("sec-fetch-site"), q->site.len ? q->site : S("same-origin") };
    if (q->cookie.len)
        *list_add(m->a, &t.req.cookies) = (HttpField){ S("td-console"), q->cookie };
    if (q->token.len)
        *list_add(m->a, &t.req.form) = (HttpField){ S("token"), q->token };
    web_handle(&m->app, &t);
    m->asked++;
    return t;
}

/* The object that {id} names on routes beginning with a path; 0 when there is none of its kind here. */
static int64_t object_of(const Matrix *m, Str route, int unit)
{
    if (str_starts(route, S("/users/{id}")))    return m->target[unit].v;
    if (str_starts(route, S("/units/{id}")))    return m->units[unit].v;
    if (str_starts(route, S("/units/imports/{id}"))) return m->import[unit];
    if (str_starts(route, S("/board/{id}")))    return m->units[unit].v;
    if (str_starts(route, S("/boards/{id}")))   return m->panel[unit];
    if (str_starts(route, S("/jobs/{id}")))     return m->job[unit];
    if (str_starts(route, S("/forms/{id}")))    return m->form[unit].v;
    if (str_starts(route, S("/bank/{id}/"))) return m->item[unit];
    if (str_starts(route, S("/bank/{id}")))  return unit == UPPER ? 0 : m->item[unit];   /* the nation's are for everybody who reads questionnaires */
    if (str_starts(route, S("/drafts/{id}")))   return m->draft[unit];
    if (str_starts(route, S("/rounds/{id}")))   return m->round[unit].v;
    if (str_starts(route, S("/paper/batches/{id}"))) return m->batch[unit];
    if (str_starts(route, S("/recheck/draws/{id}")))    return m->draw[unit];
    if (str_starts(route, S("/recheck/cases/{id}")))    return m->check[unit];
    if (str_starts(route, S("/quality/rounds/{id}")))   return m->round[unit].v;
    if (str_starts(route, S("/quality/findings/{id}"))) return m->finding[unit];
    if (str_starts(route, S("/paper/forms/{id}")))   return m->paper[unit];
    if (str_starts(route, S("/paper/prints/{id}")))  return m->print[unit];
    if (str_starts(route, S("/editions/{id}")) || str_starts(route, S("/reports/{id}"))) return m->edition[unit];
    if (str_starts(route, S("/field/cases/{id}")))     return m->field_case[unit];
    if (str_starts(route, S("/field/desk/{id}")))      return m->field_case[unit];
    if (str_starts(route, S("/field/claims/{id}")))    return m->claim[unit];
    if (str_starts(route, S("/analysis/tables/{id}"))) return m->table[unit];
    if (str_starts(route, S("/methods/{id}")))  return m->method[unit];
    if (str_starts(route, S("/schemes/{id}")))  return unit == UPPER && scheme_fixture_open(route) ? 0 : m->scheme[unit];
    if (str_starts(route, S("/seasons/{id}")))  return unit == UPPER ? 0 : m->season[unit];   /* the nation's: who is scored in it sees its calendar */
    if (str_starts(route, S("/service/tokens/{id}"))) return m->service_token[unit];
    if (str_starts(route, S("/cards/{id}")))    return m->card[unit];
    if (str_starts(route, S("/samples/frames/{id}")))  return m->frame[unit];
    if (str_starts(route, S("/samples/designs/{id}"))) return m->design[unit];
    if (str_starts(route, S("/samples/drawn/{id}")))   return m->sample[unit];
    return 0;
}

/* Shipped examples belong to no unit. */
static bool has_param(const Route *r)
{
    return strchr(r->path, '{') != NULL && !strstr(r->path, "/examples/");
}

/* Whose pages ask for more than their row: a job for the right of its kind, here that of publishing. */
static Right right_of(const Route *r)
{
    return str_starts(str_from_c(r->path), S("/jobs/{id}")) ? RIGHT_ROUND_PUBLISH : r->right;
}

/* The route's path with the ids of the objects in one unit; false when its object is of a kind that has none here. */
static bool path_of(Matrix *m, const Mount *mount, const Route *r, int unit, Str *out)
{
    Buf     b     = buf_new(m->a, 80);
    Str     whole = str_from_c(r->path), rest = whole;
    int64_t id    = object_of(m, whole, unit);
    buf_add(&b, str_from_c(mount->prefix));
    while (rest.len) {
        StrPair open = str_cut(rest, '{'), close = str_cut(open.tail, '}');
        buf_add(&b, open.head);
        if (open.head.len == rest.len)
            break;
        if (str_eq(close.head, S("grant")))
            buf_i64(&b, m->grant[unit].v);
        else if (str_eq(close.head, S("to")))
            buf_lit(&b, "open");
        else if (str_eq(close.head, S("name")))
            buf_lit(&b, "mot-cua");
        else
            buf_i64(&b, str_eq(close.head, S("id")) && id ? id : 1);
        rest = close.tail;
    }
    *out = buf_str(&b);
    return id != 0 || !has_param(r);
}

/* 200, or a redirect that is not a way to sign in: the act was done or shown. */
static bool answered(const HttpTask *t)
{
    if (t->res.status == 303)
        return !str_starts(http_field(&t->res.headers, S("location")), S("/sign-in"));
    return t->res.status == 200;
}

static void check_one(Matrix *m, const Mount *mount, const Route *r, Role role, int unit)
{
    Str   path;
    bool  known = path_of(m, mount, r, unit, &path);
    Asked q     = { .method = r->method, .path = path, .cookie = signed_in(m, role) };
    Right right = right_of(r);
    bool  holds = role != ROLE_NONE && (right == RIGHT_SIGNED_IN || role_holds(role, right));
    bool  here  = holds && (!has_param(r) || right == RIGHT_SIGNED_IN || unit == OWN || unit == LOWER);
    if (!known && role == ROLE_NONE && unit == OWN)
        printf("    no object for %s\n", r->path);
    m->unknown += !known;
    if (q.cookie.len && q.method != GET)
        q.token = form_token_of(m, q.cookie);
    HttpTask t    = ask(m, &q);
    if (q.cookie.len && q.method != GET && t.res.status < 400)
        memset(m->cookie, 0, sizeof m->cookie);
    Str      who  = role == ROLE_NONE ? S("nobody") : role_code(role);
    if (t.res.status >= 500)
        test_fail(__FILE_NAME__, __LINE__, "%.*s as %.*s (%s): %d", STR_ARG(path), STR_ARG(who), unit_names[unit],
                  t.res.status);
    if (!here && known && answered(&t))
        test_fail(__FILE_NAME__, __LINE__, "UNEXPECTED %d: %s %s as %.*s, %s unit", t.res.status,
                  r->method == GET ? "GET" : "POST", r->path, STR_ARG(who), unit_names[unit]);
    if (!holds && answered(&t))
        test_fail(__FILE_NAME__, __LINE__, "UNEXPECTED %d: %s %s as %.*s without the right", t.res.status,
                  r->method == GET ? "GET" : "POST", r->path, STR_ARG(who));
    if (here && !has_param(r) && r->method == GET && !answered(&t))
        test_fail(__FILE_NAME__, __LINE__, "refused %d: %s as %.*s, who holds the right", t.res.status, r->path,
                  STR_ARG(who));
}

/* Rows that somebody may be refused on. */
typedef void (*RouteCheck)(Matrix *m, const Mount *mount, const Route *r);
static void each_guarded_route(Matrix *m, RouteCheck check)
{
    for (size_t i = 0; i < m->app.mount_count; i++)
        for (const Route *r = m->app.mounts[i].routes; r->path; r++)
            if (r->right != RIGHT_PUBLIC)
                check(m, &m->app.mounts[i], r);
}

static void check_everybody(Matrix *m, const Mount *mount, const Route *r)
{
    Arena keep = *m->a;
    for (int role = ROLE_NONE; role < ROLE_COUNT; role++)
        for (int unit = 0; unit < (has_param(r) ? UNIT_CASES : 1); unit++) {
            check_one(m, mount, r, (Role)role, unit);
            *m->a = keep;
        }
}

TEST_EACH_STORE(rights_matrix_no_route_answers_beyond_the_table)
{
    Matrix m = matrix_new(a, store);
    each_guarded_route(&m, check_everybody);
    printf("    %d requests, %d without an object of the route's kind\n", m.asked, m.unknown);
    CHECK(m.asked > 500);
}

/* ---- Form tokens ---------------------------------------------------------------------------------------------- */

static void check_tokens(Matrix *m, const Mount *mount, const Route *r)
{
    Arena keep = *m->a;
    Str   path, other = form_token_of(m, S("another session"));
    bool  api  = r->flags & ROUTE_API;
    if (r->method == GET || api)
        return;
    Role role = ROLE_NONE;
    for (int x = ROLE_NONE + 1; x < ROLE_COUNT && role == ROLE_NONE; x++)
        if (r->right == RIGHT_SIGNED_IN || role_holds((Role)x, r->right))
            role = (Role)x;
    (void)path_of(m, mount, r, OWN, &path);
    Str   cookie  = sign_in(m, role), own = form_token_of(m, cookie);
    Asked tries[] = { { r->method, path, cookie, S(""), S("") }, { r->method, path, cookie, other, S("") },
                      { r->method, path, cookie, own, S("cross-site") }, { r->method, path, cookie, own, S("same-site") } };
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        int status = ask(m, &tries[i]).res.status;
        if (status != 403)
            test_fail(__FILE_NAME__, __LINE__, "%s, try %zu: %d, want 403", r->path, i, status);
    }
    *m->a = keep;
}

TEST(rights_matrix_no_change_without_the_sessions_own_token)
{
    Store *store = test_store(a);
    Matrix m     = matrix_new(a, store);
    each_guarded_route(&m, check_tokens);
    CHECK(m.asked > 50);
}

/* ---- GET changes nothing ---------------------------------------------------------------------------------------- */

static void check_get(Matrix *m, const Mount *mount, const Route *r)
{
    Arena keep = *m->a;
    Str   path;
    if (r->method != GET)
        return;
    for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++) {
        if (r->right != RIGHT_SIGNED_IN && !role_holds((Role)role, r->right))
            continue;
        (void)path_of(m, mount, r, OWN, &path);
        Asked    q      = { GET, path, sign_in(m, (Role)role), S(""), S("") };
        uint64_t before = store_generation(m->store);
        int      status = ask(m, &q).res.status;
        if (status != 403 && store_generation(m->store) != before)
            test_fail(__FILE_NAME__, __LINE__, "GET %s as %.*s changed the store", r->path, STR_ARG(role_code((Role)role)));
        break;
    }
    *m->a = keep;
}

TEST(rights_matrix_get_changes_nothing)
{
    Store *store = test_store(a);
    Matrix m     = matrix_new(a, store);
    each_guarded_route(&m, check_get);
    CHECK(m.asked > 10);
}

/* A session that waits for its second factor opens no page of the console. */
static void check_half(Matrix *m, const Mount *mount, const Route *r)
{
    Arena keep = *m->a;
    Db   *db;
    Str   path, half;
    fail_err("take", store_take(m->store, m->a, &db));
    fail_err("begin", db_begin_write(db));
    fail_err("open", session_open(db, m->a, m->actor[ROLE_SYSTEM_ADMIN], S("127.0.0.1"), S("test"), time_now(), &half));
    fail_err("commit", db_commit(db));
    store_give(m->store, &db);
    (void)path_of(m, mount, r, OWN, &path);
    Asked q = { r->method, path, half, form_token_of(m, half), S("") };
    if (!(r->flags & ROUTE_API)) {
        HttpTask t = ask(m, &q);
        if (answered(&t))
            test_fail(__FILE_NAME__, __LINE__, "%s is open before the second factor", r->path);
    }
    *m->a = keep;
}

TEST(rights_matrix_nothing_opens_before_the_second_factor)
{
    Store *store = test_store(a);
    Matrix m     = matrix_new(a, store);
    each_guarded_route(&m, check_half);
    CHECK(m.asked > 20);
}

/* ---- Lists show the rows of one's own units, and no others ------------------------------------------------------ */

static void check_rows(Matrix *m, Right right, Str path, Str link, const int64_t ids[UNIT_CASES], unsigned shown)
{
    int role = ROLE_NONE + 1;
    while (role < ROLE_COUNT && !role_holds((Role)role, right))
        role++;
    HttpTask t = ask(m, &(Asked){ GET, path, sign_in(m, (Role)role), S(""), S("") });
    for (int u = 0; u < UNIT_CASES; u++) {
        bool there = str_has(t.res.body, arena_fmt(m->a, "%.*s%lld\"", STR_ARG(link), (long long)ids[u]));
        if (t.res.status != 200 || there != (shown >> u & 1u))
            test_fail(__FILE_NAME__, __LINE__, "%.*s: status %d, the row of the %s unit is %s", STR_ARG(path), t.res.status, unit_names[u],
                      there ? "there" : "missing");
    }
}

static void check_list(Matrix *m, Right right, Str path, Str link, const int64_t ids[UNIT_CASES])
{
    check_rows(m, right, path, link, ids, 1u << OWN | 1u << LOWER);
}

/* Choices of forms are rows like those of lists. */
TEST(rights_matrix_choices_offer_what_one_may_use_alone)
{
    Matrix  m = matrix_new(a, test_store(a));
    int64_t rounds[UNIT_CASES], forms[UNIT_CASES];
    for (int u = 0; u < UNIT_CASES; u++) {
        rounds[u] = m.round[u].v;
        forms[u]  = m.form[u].v;
    }
    /* What the nation owns is used below it: its questionnaires are asked, and its paper comes back. */
    check_rows(&m, RIGHT_ROUND_MANAGE, S("/console/rounds/new"), S("value=\""), forms, 1u << OWN | 1u << LOWER | 1u << UPPER);
    check_rows(&m, RIGHT_PAPER_MANAGE, S("/console/paper/new"), S("value=\""), rounds, 1u << OWN | 1u << LOWER | 1u << UPPER);
    check_rows(&m, RIGHT_PAPER_MANAGE, S("/console/paper/prints"), S("value=\""), rounds, 1u << OWN | 1u << LOWER | 1u << UPPER);
    Db *db = test_take(m.store, a);
    CHECK_OK(db_begin_write(db));
    /* One questionnaire, a version of each unit. */
    test_sql(db, SQL("UPDATE form_versions SET version = version || CAST(id AS TEXT), form_id = 'chung'"));
    CHECK_OK(db_commit(db));
    check_rows(&m, RIGHT_FORM_READ, arena_fmt(a, "/console/forms/%lld", (long long)forms[OWN]), S("from="), forms, 1u << LOWER);
    check_list(&m, RIGHT_FIELD_READ, arena_fmt(a, "/console/rounds/%lld/fieldwork/claims", (long long)rounds[OWN]), S("/console/field/claims/"),
               (int64_t[UNIT_CASES]){ m.claim[OWN], m.claim[OWN], m.claim[SIBLING], m.claim[UPPER] });
}

TEST(rights_matrix_lists_show_own_units_alone)
{
    Matrix  m = matrix_new(a, test_store(a));
    int64_t rounds[UNIT_CASES], forms[UNIT_CASES];
    for (int u = 0; u < UNIT_CASES; u++) {
        rounds[u] = m.round[u].v;
        forms[u]  = m.form[u].v;
    }
    check_list(&m, RIGHT_ROUND_READ, S("/console/rounds"), S("/console/rounds/"), rounds);
    check_list(&m, RIGHT_FORM_READ, S("/console/forms"), S("/console/forms/"), forms);
    check_list(&m, RIGHT_SAMPLE_READ, S("/console/samples"), S("/console/samples/frames/"), m.frame);
    check_list(&m, RIGHT_SAMPLE_READ, S("/console/samples"), S("/console/samples/designs/"), m.design);
    check_list(&m, RIGHT_SAMPLE_READ, S("/console/samples"), S("/console/samples/drawn/"), m.sample);
    check_list(&m, RIGHT_ROUND_PUBLISH, S("/console/jobs"), S("/console/jobs/"), m.job);
    Db *db = test_take(m.store, a);
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("UPDATE rounds SET state = 'closed', opens_at = 1, closed_at = 2"));      /* quality lists no drafts */
    CHECK_OK(db_commit(db));
    check_list(&m, RIGHT_QUALITY_READ, S("/console/quality"), S("/console/quality/rounds/"), rounds);
}

TEST(a_page_of_a_list_counts_all_rows_one_may_see)
{
    Matrix     m   = matrix_new(a, test_store(a));
    Db        *db  = test_take(m.store, a);
    RightScope own = { .db = db, .a = a, .today = m.today };
    FrameRows  first = { 0 }, second = { 0 }, third = { 0 };
    *list_add(a, &own.tops) = m.units[OWN];
    ScopePage one = { &own, 0, 1, 0 }, two = { &own, 1, 1, 0 }, three = { &own, 2, 1, 0 };
    CHECK_OK(frame_list(db, a, &one, &first));
    CHECK_OK(frame_list(db, a, &two, &second));
    CHECK_OK(frame_list(db, a, &three, &third));
    CHECK(first.len == 1 && second.len == 1 && third.len == 0);
    CHECK_INT(first.at[0].id.v, m.frame[LOWER]);                 /* newest first */
    CHECK_INT(second.at[0].id.v, m.frame[OWN]);
    CHECK(one.all == 2 && two.all == 2 && three.all == 2);
}

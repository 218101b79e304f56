/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Jobs on both databases: order, exactly once, tried again, cut off, stopped, and who may see and stop them. */
#include "jobs/parts.h"
#include "store/test_store.h"

#include <sodium.h>
#include <unistd.h>

static void fine(Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

static void must(bool holds)
{
    if (!holds)
        test_fail(__FILE_NAME__, __LINE__, "a check in a job failed");
}

static int   ran;
static Err (*act)(JobRun *run);

static Err run_act(JobRun *run)
{
    ran++;
    return act ? act(run) : OK;
}

static const JobKind work = { "edition.publish", RIGHT_ROUND_PUBLISH, run_act };
static const JobKind *const kinds[] = { &work };
static const Mount mounts[] = { { "/console", jobs_routes } };

typedef struct World { Arena *a; Store *store; Db *db; AppInfo app; PersonId owner, other, reader; Str cookie; } World;

static PersonId make_person(World *w, Str login, Role role)
{
    static const uint8_t secret[TOTP_SECRET_LEN] = { 7 };
    PersonId    id = { 0 };
    GrantId     grant;
    StrList     codes;
    uint8_t     key[32] = { 1 };
    Time        now = time_now();
    PersonDraft p = { .login = login, .name = login, .unit = { UNIT_ROOT } };
    GrantDraft  g = { .role = role, .unit = { UNIT_ROOT }, .from = date_of(now), .to = DATE_NONE };
    fine(person_create(w->db, w->a, &p, (PersonId){ 0 }, now, &id));
    g.person = id;
    fine(grant_give(w->db, w->a, (PersonId){ 0 }, &g, date_of(now), now, &grant));
    fine(totp_enrol(w->db, w->a, id, (Str){ (const char *)secret, sizeof secret }, key, 0, now, &codes));
    return id;
}

static World world_new(Arena *a, Store *store)
{
    World w = { .a = a, .store = store, .db = test_take(store, a) };
    log_set(LOG_ERROR, false);
    w.app = (AppInfo){ .store = store, .mounts = mounts, .mount_count = COUNT_OF(mounts), .plain_http = true, .data_dir = S("/somewhere"),
                       .public_url = S("http://localhost:8080"), .key = { 9 }, .job_kinds = kinds, .job_kind_count = COUNT_OF(kinds) };
    fine(db_begin_write(w.db));
    test_sql(w.db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    test_sql(w.db, SQL("INSERT INTO unit_versions (unit_id, from_day, to_day, parent_id, code, name_vi, name_en, full_name_vi, subtype, source) "
                       "VALUES (1, '0001-01-01', '9999-12-31', NULL, 'VN', 'Việt Nam', 'Viet Nam', '', '', 'test')"));
    w.owner  = make_person(&w, S("lanhdao"), ROLE_LEADER);
    w.other  = make_person(&w, S("phantich"), ROLE_NATIONAL_ANALYST);
    w.reader = make_person(&w, S("canbo"), ROLE_OFFICER);
    fine(db_commit(w.db));
    ran = 0;
    act = NULL;
    return w;
}

static void sign_in(World *w, PersonId who)
{
    Session s = { 0 };
    Str     first;
    fine(db_begin_write(w->db));
    fine(session_open(w->db, w->a, who, S("127.0.0.1"), S("test"), time_now(), &first));
    fine(session_load(w->db, w->a, first, time_now(), &s));
    fine(session_pass(w->db, w->a, &s, true, time_now(), &w->cookie));
    fine(db_commit(w->db));
}

static HttpTask ask(World *w, Method method, Str path)
{
    HttpTask t = { .arena = w->a, .req = { .method = method, .path = path, .host = S("localhost:8080"), .client = S("127.0.0.1"), .id = 1 } };
    uint8_t  key[32], sum[24];
    app_key(&w->app, "form-token", key);
    crypto_generichash(sum, sizeof sum, (const uint8_t *)w->cookie.at, w->cookie.len, key, sizeof key);
    *list_add(w->a, &t.req.headers) = (HttpField){ S("sec-fetch-site"), S("same-origin") };
    *list_add(w->a, &t.req.cookies) = (HttpField){ S("td-console"), w->cookie };
    *list_add(w->a, &t.req.form) = (HttpField){ S("token"), str_hex(w->a, sum, sizeof sum) };
    web_handle(&w->app, &t);
    return t;
}

static JobId queue(World *w, Str args)
{
    HttpTask task = { .arena = w->a, .req = { .client = S("10.0.0.1"), .id = 7 } };
    Ctx      c    = { .arena = w->a, .db = w->db, .store = w->store, .req = &task.req, .task = &task, .now = time_now(), .app = &w->app };
    JobId    id   = { 0 };
    c.session.person    = w->owner;
    c.session.who.login = S("lanhdao");
    c.session.main_role = ROLE_LEADER;
    fine(db_begin_write(w->db));
    fine(job_add(&c, &(JobOrder){ .kind = "edition.publish", .args = args, .subject = S("Đợt 2026"), .unit = { UNIT_ROOT } }, &id));
    fine(db_commit(w->db));
    return id;
}

static Job load(World *w, JobId id)
{
    Job j = { 0 };
    fine(job_load(w->db, w->a, id, &j));
    return j;
}

static bool next(World *w)
{
    bool any = false;
    fine(jobs_run_next(&w->app, time_now(), &any));
    return any;
}

static Err write_result(JobRun *run)
{
    int64_t n = 0;
    must(json_int(json_get(run->args, S("n")), &n) && n == 3);
    job_total(10);
    job_tick(4);
    int64_t done, total;
    must(job_figures(run->job->id, &done, &total) && done == 4 && total == 10);
    TRY(db_begin_write(run->db));
    TRY(job_audit(run, S("edition.publish"), S("edition"), 12, run->job->unit, S("")));
    TRY(job_done(run, S("/results/12")));
    return db_commit(run->db);
}

TEST_EACH_STORE(job_runs_once_and_keeps_its_result)
{
    World w = world_new(a, store);
    CHECK(!next(&w));
    JobId id = queue(&w, S("{\"n\":3}"));
    CHECK_INT(queue(&w, S("{\"n\":3}")).v, id.v);             /* asked for twice: one job */
    CHECK_INT(load(&w, id).state, JOB_WAITING);
    act = write_result;
    CHECK(next(&w));
    CHECK(!next(&w));
    CHECK_INT(ran, 1);
    Job j = load(&w, id);
    CHECK_INT(j.state, JOB_DONE);
    CHECK_STR(j.result, S("/results/12"));
    CHECK(j.ended_at.ms >= j.started_at.ms && j.started_at.ms > 0);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'job.add' AND actor_name = 'lanhdao'")), 1);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'edition.publish' AND address = '10.0.0.1'")), 1);
    int64_t done, total;
    job_tick(5);                                              /* outside a job: nothing */
    CHECK(!job_figures(id, &done, &total));
    JobId second = queue(&w, S("{\"n\":3}"));                 /* the first has ended */
    CHECK(second.v != id.v);
}

static Err half_done(JobRun *run)
{
    TRY(db_begin_write(run->db));
    TRY(job_audit(run, S("edition.publish"), S("edition"), 12, run->job->unit, S("")));
    TRY(job_done(run, S("/results/12")));
    return err_new(run->arena, ERR_CONFLICT, S("/etc/secret: SELECT"));     /* before the commit */
}

TEST_EACH_STORE(job_that_fails_leaves_nothing_and_says_why)
{
    World w = world_new(a, store);
    JobId id = queue(&w, S(""));
    act = half_done;
    CHECK(next(&w));
    Job j = load(&w, id);
    CHECK_INT(j.state, JOB_FAILED);
    CHECK_STR(j.error_kind, S("conflict"));
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'edition.publish'")), 0);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'job.fail'")), 1);
    sign_in(&w, w.owner);
    HttpTask t = ask(&w, GET, arena_fmt(a, "/console/jobs/%lld", (long long)id.v));
    CHECK_INT(t.res.status, 200);
    CHECK(str_has(t.res.body, text_of(LANG_VI, "job.error.conflict")));
    CHECK(!str_has(t.res.body, S("secret")) && !http_has(&t.res.headers, S("refresh")));
    t = ask(&w, POST, arena_fmt(a, "/console/jobs/%lld/restart", (long long)id.v));
    CHECK_INT(t.res.status, 303);
    act = NULL;
    CHECK(next(&w));
    CHECK_INT(load(&w, id).state, JOB_DONE);
    CHECK_INT(ask(&w, POST, arena_fmt(a, "/console/jobs/%lld/restart", (long long)id.v)).res.status, 409);
}

static Err disk_full(JobRun *run)
{
    return err_new(run->arena, ERR_FULL, S("no room"));
}

static Err locked(JobRun *run)
{
    return err_new(run->arena, ERR_BUSY, S("locked"));
}

static Err use_up(JobRun *run)
{
    arena_new(run->arena, char, (size_t)1 << 35);     /* more than there is at once: nothing of it is touched */
    return OK;
}

TEST_EACH_STORE(job_is_tried_again_later_and_memory_has_an_end)
{
    World w = world_new(a, store);
    JobId id = queue(&w, S(""));
    bool  any;
    Time  now = time_now();
    for (int i = 1; i <= JOB_RETRIES; i++) {
        act = i % 2 ? disk_full : locked;
        CHECK_INT(load(&w, id).state, JOB_WAITING);
        CHECK_OK(jobs_run_next(&w.app, now, &any));
        CHECK(any);
        CHECK_OK(jobs_run_next(&w.app, now, &any));           /* not at once */
        CHECK(!any);
        now.ms += MS_HOUR;
    }
    CHECK_INT(ran, JOB_RETRIES);
    CHECK_INT(load(&w, id).state, JOB_FAILED);
    CHECK_STR(load(&w, id).error_kind, S("full"));
    id  = queue(&w, S(""));
    act = use_up;
    CHECK_OK(jobs_run_next(&w.app, now, &any));
    CHECK_STR(load(&w, id).error_kind, S("limit"));
}

TEST_EACH_STORE(job_cut_off_by_a_stop_runs_again_three_times_at_most)
{
    World w = world_new(a, store);
    JobId id = queue(&w, S(""));
    char  host[256] = "";
    CHECK(gethostname(host, sizeof host - 1) == 0);
    for (int i = 1; i <= 3; i++) {
        Job  j;
        bool any;
        CHECK_OK(db_begin_write(w.db));
        test_sql(w.db, SQL("UPDATE jobs SET state = 'running', attempts = attempts + 1, runner = 'elsewhere'"));
        CHECK_OK(db_commit(w.db));
        CHECK_OK(jobs_resume(&w.app));
        CHECK_INT(load(&w, id).state, JOB_RUNNING);           /* another folder's process is at it */
        CHECK_OK(db_begin_write(w.db));
        test_sql(w.db, SQL("UPDATE jobs SET state = 'waiting', attempts = attempts - 1"));
        CHECK_OK(job_claim(w.db, a, str_take(sha256_hex(a, arena_fmt(a, "%s:/somewhere", host)), 16), time_now(), &j, &any));
        CHECK_OK(db_commit(w.db));                            /* as if killed here */
        CHECK_OK(jobs_resume(&w.app));
        CHECK_INT(load(&w, id).state, i < 3 ? JOB_WAITING : JOB_FAILED);
    }
    CHECK_STR(load(&w, id).error_kind, S("cut_off"));
}

static Err until_halted(JobRun *run)
{
    must(!job_halted());
    must(job_ask_stop(run->job->id));
    must(job_halted());
    return job_halt(run);
}

TEST_EACH_STORE(job_stops_when_asked)
{
    World w = world_new(a, store);
    JobId id = queue(&w, S(""));
    act = until_halted;
    CHECK(next(&w));
    CHECK_INT(load(&w, id).state, JOB_STOPPED);
    id = queue(&w, S(""));
    sign_in(&w, w.owner);
    CHECK_INT(ask(&w, POST, arena_fmt(a, "/console/jobs/%lld/stop", (long long)id.v)).res.status, 303);
    CHECK_INT(load(&w, id).state, JOB_STOPPED);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'job.stop'")), 1);
    CHECK(!next(&w));
    CHECK_INT(ask(&w, POST, arena_fmt(a, "/console/jobs/%lld/stop", (long long)id.v)).res.status, 303);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'job.stop'")), 1);      /* nothing was stopped */
}

static int asked;

static bool of_owner(void *self, Str kind, UnitId unit, PersonId owner)
{
    asked++;
    return owner.v == ((const World *)self)->owner.v;
}

TEST_EACH_STORE(job_list_reads_no_further_than_its_page)
{
    World w = world_new(a, store);
    JobId id[6];
    Jobs  rows;
    for (int i = 0; i < 6; i++)
        id[i] = queue(&w, arena_fmt(a, "{\"n\":%d}", i));
    fine(db_begin_write(w.db));
    test_sql(w.db, SQL("UPDATE jobs SET owner = 0 WHERE args = '{\"n\":4}'"));
    fine(db_commit(w.db));
    static const struct { int64_t first; int len, asked; } pages[] = { { 0, 2, 2 + 3 }, { 2, 2, 2 + 5 }, { 4, 1, 2 + 6 }, { 6, 0, 2 + 6 } };
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        ScopePage p = { .first = pages[i].first, .most = 2 };
        asked = 0;
        fine(db_begin_read(w.db));
        CHECK_OK(job_list(w.db, a, &p, of_owner, &w, &rows));
        fine(db_commit(w.db));
        CHECK_INT(p.all, 5);
        CHECK_INT(rows.len, pages[i].len);
        CHECK_INT(asked, pages[i].asked);                     /* two groups of jobs, and the rows up to the end of the page */
        if (i == 0) {
            CHECK_INT(rows.at[0].id.v, id[5].v);
            CHECK_INT(rows.at[1].id.v, id[3].v);
            CHECK_STR(rows.at[1].subject, S("Đợt 2026"));
            CHECK(rows.at[1].state == JOB_WAITING && rows.at[1].created_at.ms > 0 && !rows.at[1].args.len);
        }
    }
}

TEST_EACH_STORE(job_is_for_its_owner_and_who_holds_its_right)
{
    World w = world_new(a, store);
    JobId id = queue(&w, S(""));
    Str   path = arena_fmt(a, "/console/jobs/%lld", (long long)id.v), link = arena_fmt(a, "\"%.*s\"", STR_ARG(path));
    sign_in(&w, w.owner);
    HttpTask t = ask(&w, GET, path);
    CHECK_INT(t.res.status, 200);
    CHECK(http_has(&t.res.headers, S("refresh")));
    CHECK(str_has(ask(&w, GET, S("/console/jobs")).res.body, link));
    sign_in(&w, w.other);
    CHECK_INT(ask(&w, GET, path).res.status, 200);
    sign_in(&w, w.reader);
    CHECK_INT(ask(&w, GET, path).res.status, 403);
    CHECK(!str_has(ask(&w, GET, S("/console/jobs")).res.body, link));
    CHECK_INT(ask(&w, POST, str_concat(a, path, S("/stop"))).res.status, 403);
    CHECK_INT(ask(&w, POST, str_concat(a, path, S("/restart"))).res.status, 403);
    CHECK_INT(ask(&w, GET, S("/console/jobs/1")).res.status, 404);
    CHECK_OK(db_begin_write(w.db));
    test_sql(w.db, SQL("UPDATE grants SET revoked_at = 1"));  /* before its turn comes */
    CHECK_OK(db_commit(w.db));
    CHECK(next(&w));
    CHECK_INT(ran, 0);
    CHECK_STR(load(&w, id).error_kind, S("forbidden"));
}

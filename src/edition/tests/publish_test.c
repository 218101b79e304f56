/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A publication that is cut off anywhere: nothing of it shows, and the next run publishes everything once. */
#include "base/test.h"
#include "edition/parts.h"
#include "satisfied_fixture.h"

enum { ANSWERS = 20, PIECE = 6 };

static const JobKind *const kinds[] = { &edition_publish_job };

static void must(Err e, int line)
{
    if (e)
        test_fail(__FILE_NAME__, line, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}
#define MUST(e) must((e), __LINE__)

static JobId queue(RoundFixture *f, Arena *a)
{
    HttpTask task = { .arena = a, .req = { .client = S("10.0.0.1"), .id = 7 } };
    Ctx      c    = { .arena = a, .db = f->db, .store = f->store, .req = &task.req, .task = &task, .now = time_now(), .app = &f->app };
    JobId    id   = { 0 };
    Str      args = arena_fmt(a, "{\"round\":%lld,\"reason\":\"\"}", (long long)f->round.id.v);
    MUST(db_begin_write(f->db));
    MUST(job_add(&c, &(JobOrder){ .kind = edition_publish_job.name, .args = args, .subject = S("Đợt"), .unit = { UNIT_ROOT } }, &id));
    MUST(db_commit(f->db));
    return id;
}

static bool run_next(const AppInfo *app)
{
    bool any = false;
    Err  e   = jobs_run_next(app, (Time){ time_now().ms + 1000 }, &any);
    return !e && any;
}

/* By a process of its own, which is killed at its n-th commit; false when it came to its end before. */
static bool run_killed(const RoundFixture *f, Arena *a, int n, bool arrives)
{
    StoreConfig config = test_store_config(f->store);
    AppInfo     app    = f->app;
    MUST(store_open(a, &config, &app.store));
    test_store_kill(app.store, n, arrives);
    run_next(&app);
    bool killed = test_store_killed();
    store_close(app.store);
    return killed;
}

static int64_t count(RoundFixture *f, Sql sql)
{
    return test_sql_int(f->db, sql);
}

/* Receipts count with their edition or not at all. */
static void check_between(RoundFixture *f)
{
    int64_t shown = count(f, SQL("SELECT COUNT(*) FROM editions"));
    CHECK(shown == 0 || shown == 1);
    CHECK_INT(count(f, SQL("SELECT COUNT(*) FROM edition_counted r JOIN editions e ON e.id = r.edition_id")), shown * ANSWERS);
}

static void check_end(RoundFixture *f, Arena *a, JobId id, int64_t acts)
{
    Job j = { 0 };
    MUST(job_load(f->db, a, id, &j));
    CHECK_INT(j.state, JOB_DONE);
    CHECK_INT(count(f, SQL("SELECT COUNT(*) FROM editions")), 1);
    CHECK_INT(count(f, SQL("SELECT COUNT(*) FROM edition_counted")), ANSWERS);
    CHECK_INT(count(f, SQL("SELECT COUNT(*) FROM edition_counted r JOIN editions e ON e.id = r.edition_id")), ANSWERS);
    CHECK_INT(count(f, SQL("SELECT COUNT(*) FROM edition_works")), 0);
    CHECK_INT(count(f, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'edition.publish'")), acts);
}

static void as_before(RoundFixture *f)
{
    MUST(db_begin_write(f->db));
    test_sql(f->db, SQL("DELETE FROM edition_counted"));
    test_sql(f->db, SQL("DELETE FROM editions"));
    test_sql(f->db, SQL("DELETE FROM jobs"));
    test_sql(f->db, SQL("UPDATE rounds SET state = 'closed', revision = revision + 1"));
    MUST(db_commit(f->db));
}

/* At each of its commits, once so that it does not arrive and once so that nobody hears of it. */
TEST_EACH_STORE(a_publication_killed_at_any_commit_is_published_once)
{
    RoundFixture f = satisfied_round(store, a, ANSWERS);
    size_t       most = receipts_a_piece;
    bool         killed = true;
    int          n      = 0;
    int64_t      acts   = 0;
    f.app.job_kinds      = kinds;
    f.app.job_kind_count = COUNT_OF(kinds);
    f.app.data_dir       = S("/somewhere");
    fixture_step(&f, a, ROUND_CLOSED);
    log_set(LOG_ERROR + 1, false);              /* each kill is one */
    receipts_a_piece = PIECE;
    for (; killed && n < 40; n++) {
        JobId id = queue(&f, a);
        killed   = run_killed(&f, a, n / 2 + 1, n % 2);
        check_between(&f);
        MUST(jobs_resume(&f.app));
        while (run_next(&f.app)) {
        }
        check_end(&f, a, id, ++acts);
        as_before(&f);
    }
    receipts_a_piece = most;
    CHECK(n / 2 >= 2 + (ANSWERS + PIECE - 1) / PIECE + 1);      /* claim, mark, pieces, edition */
}

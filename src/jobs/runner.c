/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The thread that does the jobs, one after another, and what a job's code may call. */
#include "jobs/parts.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { CUT_OFF_MOST = 3, KEEP_DAYS = 90, IDLE_MS = 30000, SOON_MS = 100, SOON_TRIES = 50, TELL_AFTER_MS = 30000 };
#define JOB_ARENA ((size_t)1 << 34)             /* address space; a job's memory is what it touches of it */

static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    const AppInfo *app;
    bool started, stop;
    int soon;                                   /* looks still due at short intervals after a kick */
} runner = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };

static _Atomic int64_t now_id, now_done, now_total;      /* of the job at work in this process */
static atomic_bool     asked_to_stop, server_stops;
static _Thread_local bool at_work;

/* ---- What a job's code calls --------------------------------------------------------------------- */
void job_total(int64_t total)
{
    if (at_work)
        atomic_store(&now_total, total);
}

void job_tick(int64_t n)
{
    if (at_work)
        atomic_fetch_add(&now_done, n);
}

bool job_halted(void)
{
    return at_work && (atomic_load(&asked_to_stop) || atomic_load(&server_stops));
}

Err job_halt(JobRun *run)
{
    return err_new(run->arena, ERR_BUSY, S("halted"));
}

/* Who asked for it has left the page after a while, or does not look at a failure: told with the outcome. */
static Err tell(JobRun *run, JobState state, Str result, Time now)
{
    const Job     *j    = run->job;
    const JobKind *kind = job_kind(run->app, j->kind);
    bool           told = state == JOB_FAILED || (state == JOB_DONE && ((kind && kind->tells) || now.ms - j->created_at.ms > TELL_AFTER_MS));
    return told ? notice_add(run->db, j->owner, &(Notice){
        .topic = state == JOB_DONE ? TOPIC_JOB_DONE : TOPIC_JOB_FAILED, .title = j->subject, .word = str_concat(run->arena, S("job.kind."), j->kind),
        .href = result.len ? result : arena_fmt(run->arena, "/console/jobs/%lld", (long long)j->id.v) }, now) : OK;
}

static Err end(JobRun *run, JobState state, Str result, Str error_kind, Str error)
{
    bool ended;
    Time now = time_now();
    TRY(job_end(run->db, run->job->id, state, result, error_kind, error, now, &ended));
    return ended ? tell(run, state, result, now) : OK;
}

Err job_done(JobRun *run, Str result)
{
    return end(run, JOB_DONE, result, S(""), S(""));
}

Err job_mark(JobRun *run, Str mark)
{
    return job_mark_save(run->db, run->job->id, mark);
}

Err job_audit(JobRun *run, Str action, Str noun, int64_t id, UnitId unit, Str detail)
{
    const Job *j = run->job;
    AuditEvent e = { .at = time_now(), .actor = j->owner, .actor_name = j->owner_name, .role = j->role, .unit = unit, .address = j->address,
                     .request = arena_fmt(run->arena, "job %lld", (long long)j->id.v), .action = action,
                     .object = arena_fmt(run->arena, "%.*s:%lld", STR_ARG(noun), (long long)id), .detail = detail };
    return audit_append(run->db, run->arena, &e);
}

/* ---- What pages ask -------------------------------------------------------------------------------- */
const JobKind *job_kind(const AppInfo *app, Str name)
{
    for (size_t i = 0; i < app->job_kind_count; i++)
        if (str_eq(name, str_from_c(app->job_kinds[i]->name)))
            return app->job_kinds[i];
    return NULL;
}

bool job_figures(JobId id, int64_t *out_done, int64_t *out_total)
{
    *out_done  = atomic_load(&now_done);
    *out_total = atomic_load(&now_total);
    return atomic_load(&now_id) == id.v;
}

bool job_ask_stop(JobId id)
{
    if (atomic_load(&now_id) != id.v)
        return false;
    atomic_store(&asked_to_stop, true);
    return true;
}

void job_kick(void)
{
    pthread_mutex_lock(&runner.lock);
    runner.soon = SOON_TRIES;
    pthread_cond_signal(&runner.wake);
    pthread_mutex_unlock(&runner.lock);
}

/* ---- One job ------------------------------------------------------------------------------------------ */
typedef struct Turn { JobRun run; Job job; const JobKind *kind; } Turn;

static Str runner_name(Arena *a, const AppInfo *app)
{
    char host[256] = "";
    (void)!gethostname(host, sizeof host - 1);
    return str_take(sha256_hex(a, arena_fmt(a, "%s:%.*s", host, STR_ARG(app->data_dir))), 16);
}

static Err read_and_run(void *at)
{
    Turn   *t   = at;
    JobRun *run = &t->run;
    Err     e   = json_parse(run->arena, t->job.args, &run->args);
    bool    may_still = t->job.owner.v == 0;
    if (e)
        return e;
    if (!t->kind)
        return err_fmt(run->arena, ERR_NOT_FOUND, "no work of the kind %.*s", STR_ARG(t->job.kind));
    if (!may_still)
        TRY(may(run->db, run->arena, t->job.owner, t->kind->right, t->job.unit, date_of(time_now()), &may_still));
    if (!may_still)
        return err_new(run->arena, ERR_FORBIDDEN, S("who asked for it may not do it any more"));
    return t->kind->run(run);
}

static bool passes(Err e)
{
    return err_is(e, ERR_BUSY) || err_is(e, ERR_FULL) || err_is(e, ERR_IO);
}

/* Minutes from the beginning of one try to that of the next: 1, 2, 4, 8. */
static Time next_try(const Job *j)
{
    return (Time){ j->started_at.ms + (MS_MINUTE << (j->attempts < 8 ? j->attempts - 1 : 7)) };
}

static Err write_outcome(Turn *t, Err e)
{
    Db *db = t->run.db;
    if (!e)
        return end(&t->run, JOB_DONE, S(""), S(""), S(""));      /* nothing when job_done said so */
    if (atomic_load(&asked_to_stop) && err_is(e, ERR_BUSY))
        return end(&t->run, JOB_STOPPED, S(""), S(""), S(""));
    if (atomic_load(&server_stops) && err_is(e, ERR_BUSY))
        return job_again(db, t->job.id, S(""), S(""), time_now());
    if (passes(e) && t->job.attempts < JOB_RETRIES)
        return job_again(db, t->job.id, err_kind_name(e->kind), e->detail, next_try(&t->job));
    TRY(job_audit(&t->run, S("job.fail"), S("job"), t->job.id.v, t->job.unit, S("")));
    return end(&t->run, JOB_FAILED, S(""), err_kind_name(e->kind), e->detail);
}

/* Also after a lost connection: the outcome is tried on a fresh one; without any the job stays running until a restart. */
static void settle(Turn *t, Err e, const AppInfo *app)
{
    Arena last = arena_open(1 << 20);
    if (e) {
        LOG(LOG_WARN, "job", LOG_NUM("id", t->job.id.v), LOG_STR("kind", t->job.kind), LOG_STR("failure", err_kind_name(e->kind)),
            LOG_STR("detail", e->detail));
        e = err_make(&last, e->kind, e->detail, e->file, e->line);
    }
    store_give(app->store, &t->run.db);
    t->run.arena = &last;
    Err f = store_take(app->store, &last, &t->run.db);
    if (!f) {
        f = db_begin_write(t->run.db);
        if (!f)
            f = write_outcome(t, e);
        if (!f)
            f = db_commit(t->run.db);
        if (f)
            LOG(LOG_ERROR, "job", LOG_NUM("id", t->job.id.v), LOG_STR("detail", f->detail));
        store_give(app->store, &t->run.db);
    }
    arena_close(&last);
}

static Err claim(Turn *t, const AppInfo *app, Time now, bool *out_any)
{
    Db *db = t->run.db;
    TRY(db_begin_read(db));                     /* most looks find nothing and need no writer */
    TRY(job_waits(db, now, out_any));
    db_rollback(db);
    if (!*out_any)
        return OK;
    TRY(db_begin_write(db));
    TRY(job_claim(db, t->run.arena, runner_name(t->run.arena, app), now, &t->job, out_any));
    TRY(job_tidy(db, (Time){ now.ms - KEEP_DAYS * MS_DAY }));
    return db_commit(db);
}

Err jobs_run_next(const AppInfo *app, Time now, bool *out_any)
{
    Arena a = arena_open(JOB_ARENA);
    Turn  t = { .run = { .store = app->store, .arena = &a, .app = app } };
    *out_any = false;
    Err e = store_take(app->store, &a, &t.run.db);
    if (!e)
        e = claim(&t, app, now, out_any);
    if (e || !*out_any) {
        if (e)
            LOG(LOG_WARN, "jobs", LOG_STR("detail", e->detail));
        bool failed = e != OK;
        if (t.run.db)
            store_give(app->store, &t.run.db);
        arena_close(&a);
        *out_any = false;
        static const ErrInfo away = { ERR_IO, S_INIT("the jobs cannot be read"), "runner.c", 0 };
        return failed ? &away : OK;
    }
    t.run.job = &t.job;
    t.kind    = job_kind(app, t.job.kind);
    atomic_store(&asked_to_stop, false);
    atomic_store(&now_done, 0);
    atomic_store(&now_total, 0);
    atomic_store(&now_id, t.job.id.v);
    at_work = true;
    e = arena_guarded(&a, read_and_run, &t);
    at_work = false;
    settle(&t, e, app);
    atomic_store(&now_id, 0);
    arena_close(&a);
    return OK;
}

/* ---- The thread ---------------------------------------------------------------------------------------- */
/* Until a kick, a stop or the next look. A kicked job is there when its request has committed: some short looks follow. */
static bool wait_for_work(void)
{
    struct timespec until;
    pthread_mutex_lock(&runner.lock);
    if (!runner.stop) {
        int ms = runner.soon > 0 ? SOON_MS : IDLE_MS;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += ms / 1000;
        until.tv_nsec += (ms % 1000) * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000L;
        }
        pthread_cond_timedwait(&runner.wake, &runner.lock, &until);
        runner.soon -= runner.soon > 0;
    }
    bool go_on = !runner.stop;
    pthread_mutex_unlock(&runner.lock);
    return go_on;
}

static void *runner_main(void *unused)
{
    (void)unused;
    bool any = false;
    do {
        while (jobs_run_next(runner.app, time_now(), &any) == OK && any && !atomic_load(&server_stops)) {
        }
    } while (wait_for_work());
    return NULL;
}

static Err resume(Db *db, Arena *a, const AppInfo *app)
{
    Jobs failed = { 0 };
    Time now    = time_now();
    TRY(db_begin_write(db));
    TRY(job_resume_all(db, a, runner_name(a, app), CUT_OFF_MOST, now, &failed));
    for (size_t i = 0; i < failed.len; i++)
        TRY(tell(&(JobRun){ .db = db, .arena = a, .app = app, .job = &failed.at[i] }, JOB_FAILED, S(""), now));
    return db_commit(db);
}

Err jobs_resume(const AppInfo *app)
{
    Arena a = arena_open(1 << 20);
    Db   *db;
    Err   e = store_take(app->store, &a, &db);
    if (!e) {
        e = resume(db, &a, app);
        store_give(app->store, &db);
    }
    static const ErrInfo away = { ERR_IO, S_INIT("the jobs cannot be read"), "runner.c", 0 };
    if (e)
        LOG(LOG_ERROR, "jobs", LOG_STR("detail", e->detail));
    arena_close(&a);
    return e ? &away : OK;
}

Err jobs_start(Arena *a, const AppInfo *app)
{
    TRY(jobs_resume(app));
    runner.app  = app;
    runner.stop = false;
    atomic_store(&server_stops, false);
    if (pthread_create(&runner.thread, NULL, runner_main, NULL))
        return err_new(a, ERR_IO, S("no thread for jobs"));
    runner.started = true;
    return OK;
}

void jobs_stop(void)
{
    if (!runner.started)
        return;
    atomic_store(&server_stops, true);
    pthread_mutex_lock(&runner.lock);
    runner.stop = true;
    pthread_cond_signal(&runner.wake);
    pthread_mutex_unlock(&runner.lock);
    pthread_join(runner.thread, NULL);
    runner.started = false;
}

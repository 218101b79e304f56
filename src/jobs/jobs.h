/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Work too long for a request: exports, reports, publications, draws. A handler queues a job with its own commit; one thread
 * of the server does the jobs one after another; the page of a job shows its state, progress and outcome. A job that was
 * cut off by a stop of any kind is done again at the next start. */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "base/json.h"
#include "web/web.h"

typedef struct JobId { int64_t v; } JobId;
typedef enum JobState { JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_STOPPED, JOB_STATE_COUNT } JobState;

typedef struct Job {
    JobId id; Str kind, args, subject; UnitId unit;
    PersonId owner; Str owner_name, role, address;
    JobState state; int attempts;
    Str mark, result, error_kind, error;
    Time created_at, started_at, ended_at;      /* 0: not yet */
} Job;
typedef LIST(Job) Jobs;
Str job_state_code(JobState s);                 /* "waiting" */

/* ---- Queueing ----------------------------------------------------------------------------------- */
/* args: a JSON object, or empty. subject: what it works on, as people call it ("SIPAS 2026"). */
typedef struct JobOrder { const char *kind; Str args, subject; UnitId unit; } JobOrder;
/* Inside the request's write transaction; the job exists when that commits. Audited as job.add. A job of the same kind and
 * args that has not ended is not queued twice: *out is that one. */
MUST_USE Err job_add(Ctx *c, const JobOrder *o, JobId *out);
/* 303 to the page of the job, which goes on by itself until the job has ended. */
MUST_USE Err job_show(Ctx *c, JobId id);
MUST_USE Err job_load(Db *db, Arena *a, JobId id, Job *out);        /* ERR_NOT_FOUND */
/* Who asked: the name of today; of a command or a person who is gone, what was recorded. */
Str job_owner_name(Db *db, Arena *a, const Job *j);

/* ---- Doing -------------------------------------------------------------------------------------- */
typedef struct JobRun {
    Db *db;                       /* no transaction is open at the beginning, none may be at the end */
    Store *store; Arena *arena; const AppInfo *app;
    const Job *job; const Json *args;
} JobRun;
/* A kind of work, listed in app/mounts.c. Its name in the interface is the text "job.kind.<name>".
 * right: who besides the owner may see, stop and restart it; the owner must hold it still when the work begins.
 * run: opens its own transactions. OK: done. ERR_BUSY, ERR_FULL, ERR_IO: tried again later, RETRIES times in all; any
 * other failure ends the job, and its page says so. run may be cut off anywhere and called again: either everything
 * and job_done are one transaction, or job_mark says how far it came.
 * tells: the owner gets a notice when it is done, however soon; of other work only when it took long. Failures are always told. */
typedef struct JobKind { const char *name; Right right; Err (*run)(JobRun *run); bool tells; } JobKind;

/* In the write transaction that holds the work's outcome: both or neither. result: address on this site, or empty. */
MUST_USE Err job_done(JobRun *run, Str result);
MUST_USE Err job_mark(JobRun *run, Str mark);                       /* in a write transaction; run->job->mark of a later run */
/* An audit record in the name of who asked for the job; in a write transaction. */
MUST_USE Err job_audit(JobRun *run, Str action, Str noun, int64_t id, UnitId unit, Str detail);
/* Progress, in units of the kind's own; in memory only. job_tick counts for the job this thread is at, and does nothing
 * elsewhere, so that code used by requests and commands too may call it. */
void job_total(int64_t total);
void job_tick(int64_t n);
/* Somebody asked to stop it, or the server stops: return job_halt soon, with nothing half done. */
bool job_halted(void);
Err  job_halt(JobRun *run);

/* ---- The server's side ---------------------------------------------------------------------------- */
enum { JOB_RETRIES = 5 };
/* Jobs this folder's process left running wait again; then one thread looks for work. app lives until jobs_stop. */
MUST_USE Err jobs_start(Arena *a, const AppInfo *app);
void jobs_stop(void);
/* Does the next waiting job on this thread; *out_any is false when there was none. For the thread, commands and tests. */
MUST_USE Err jobs_run_next(const AppInfo *app, Time now, bool *out_any);
/* What jobs_start does first. */
MUST_USE Err jobs_resume(const AppInfo *app);
MUST_USE Err job_pending(Db *db, int64_t *out);                       /* how many wait or run */

extern const Route jobs_routes[];               /* under /console */

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of jobs share; nobody else includes this. */
#ifndef JOBS_PARTS_H
#define JOBS_PARTS_H

#include "jobs/jobs.h"
#include "notice/notice.h"
#include "org/scope_page.h"
#include "view/component.h"

/* ---- job_store.c ---------------------------------------------------------------------------------- */
/* Newest first: the page of those that seen says the reader may see, without args, mark, result and error. */
typedef bool (*JobSeen)(void *self, Str kind, UnitId unit, PersonId owner);
MUST_USE Err job_list(Db *db, Arena *a, ScopePage *p, JobSeen seen, void *self, Jobs *out);
MUST_USE Err job_insert(Db *db, const Job *j);
/* The waiting or running job of the same kind and args; v 0: none. */
MUST_USE Err job_twin(Db *db, Str kind, Str args, JobId *out);
MUST_USE Err job_waits(Db *db, Time now, bool *out);                                    /* is one due? */
MUST_USE Err job_claim(Db *db, Arena *a, Str runner, Time now, Job *out, bool *out_any);   /* in a write transaction */
/* *out_ended is false when it had ended already. */
MUST_USE Err job_end(Db *db, JobId id, JobState state, Str result, Str error_kind, Str error, Time now, bool *out_ended);
MUST_USE Err job_again(Db *db, JobId id, Str error_kind, Str error, Time not_before);      /* waits again */
MUST_USE Err job_restart(Db *db, JobId id, Time now, bool *out_done);                      /* a failed or stopped one waits anew */
MUST_USE Err job_stop_waiting(Db *db, JobId id, Time now, bool *out_done);
MUST_USE Err job_mark_save(Db *db, JobId id, Str mark);
MUST_USE Err job_resume_all(Db *db, Arena *a, Str runner, int most, Time now, Jobs *out_failed);        /* failed: begun too often */
MUST_USE Err job_tidy(Db *db, Time ended_before);

/* ---- runner.c --------------------------------------------------------------------------------------- */
const JobKind *job_kind(const AppInfo *app, Str name);                   /* NULL: none of that name */
void job_kick(void);                            /* a job is about to be committed: look for it soon */
/* Figures of a job that runs in this process; false: it does not. */
bool job_figures(JobId id, int64_t *out_done, int64_t *out_total);
bool job_ask_stop(JobId id);                    /* false: it does not run in this process */

typedef struct JobListRow { const Job *job; Str kind, who, href, state; TagKind tag; Icon icon; } JobListRow;
typedef struct JobListView { LIST(JobListRow) rows; Pager pager; } JobListView;
typedef struct JobPageView {
    const Job *job; Str title, who, note, advice, href, token, restart_action;
    int64_t done, total;
    bool active, may_act;
} JobPageView;

#endif

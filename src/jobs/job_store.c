/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of jobs. */
#include "jobs/parts.h"

static const Str states[JOB_STATE_COUNT] = { S_INIT("waiting"), S_INIT("running"), S_INIT("done"), S_INIT("failed"), S_INIT("stopped") };

Str job_state_code(JobState s)
{
    return states[s];
}

static JobState state_of(Str code)
{
    int s = 0;
    while (s + 1 < JOB_STATE_COUNT && !str_eq(code, states[s]))
        s++;
    return (JobState)s;
}

#define JOB_COLUMNS                                                                                                          \
    "SELECT id, kind, args, subject, unit_id, owner, owner_name, role, address, state, attempts, mark, result, error_kind, " \
    "error, created_at, started_at, ended_at FROM jobs "

static void read_row(Stmt *q, Arena *a, Job *j)
{
    *j = (Job){
        .id = { col_int(q, 0) }, .kind = arena_str(a, col_str(q, 1)), .args = arena_str(a, col_str(q, 2)), .subject = arena_str(a, col_str(q, 3)),
        .unit = { col_int(q, 4) }, .owner = { col_int(q, 5) }, .owner_name = arena_str(a, col_str(q, 6)), .role = arena_str(a, col_str(q, 7)),
        .address = arena_str(a, col_str(q, 8)), .state = state_of(col_str(q, 9)), .attempts = (int)col_int(q, 10), .mark = arena_str(a, col_str(q, 11)),
        .result = arena_str(a, col_str(q, 12)), .error_kind = arena_str(a, col_str(q, 13)), .error = arena_str(a, col_str(q, 14)),
        .created_at = col_time(q, 15), .started_at = col_time(q, 16), .ended_at = col_time(q, 17),
    };
}

Err job_load(Db *db, Arena *a, JobId id, Job *out)
{
    Job       j;
    AUTO_STMT q = db_prepare(db, SQL(JOB_COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id.v);
    bool found = db_row(q);
    if (found)
        read_row(q, a, &j);
    TRY(db_done(q));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, S("job"));
    *out = j;
    return OK;
}

static Err count_seen(Db *db, JobSeen seen, void *self, int64_t *out)
{
    int64_t   n = 0;
    AUTO_STMT q = db_prepare(db, SQL("SELECT kind, unit_id, owner, COUNT(*) FROM jobs GROUP BY kind, unit_id, owner"));
    while (db_row(q))
        n += seen(self, col_str(q, 0), (UnitId){ col_int(q, 1) }, (PersonId){ col_int(q, 2) }) ? col_int(q, 3) : 0;
    *out = n;
    return db_done(q);
}

static void list_row(Stmt *q, Arena *a, Job *j)
{
    *j = (Job){ .id = { col_int(q, 0) }, .kind = arena_str(a, col_str(q, 1)), .unit = { col_int(q, 2) }, .owner = { col_int(q, 3) },
                .subject = arena_str(a, col_str(q, 4)), .owner_name = arena_str(a, col_str(q, 5)), .state = state_of(col_str(q, 6)),
                .created_at = col_time(q, 7) };
}

/* Counted by themselves, so that reading ends with the page. */
Err job_list(Db *db, Arena *a, ScopePage *p, JobSeen seen, void *self, Jobs *out)
{
    Jobs    rows = { 0 };
    int64_t all;
    TRY(count_seen(db, seen, self, &all));
    AUTO_STMT q = db_prepare_large(db, SQL("SELECT id, kind, unit_id, owner, subject, owner_name, state, created_at FROM jobs ORDER BY id DESC"));
    while ((int64_t)rows.len < p->most && p->all < all && db_row(q))
        if (scope_page_counts(p, seen(self, col_str(q, 1), (UnitId){ col_int(q, 2) }, (PersonId){ col_int(q, 3) })))
            list_row(q, a, list_add(a, &rows));
    TRY(db_done(q));
    p->all = all;
    *out   = rows;
    return OK;
}

Err job_insert(Db *db, const Job *j)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO jobs (id, kind, args, subject, unit_id, owner, owner_name, role, address, state, not_before, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10, $10)"));
    bind_int(q, 1, j->id.v);
    bind_str(q, 2, j->kind);
    bind_str(q, 3, j->args);
    bind_str(q, 4, j->subject);
    bind_int(q, 5, j->unit.v);
    bind_int(q, 6, j->owner.v);
    bind_str(q, 7, j->owner_name);
    bind_str(q, 8, j->role);
    bind_str(q, 9, j->address);
    bind_time(q, 10, j->created_at);
    return db_run(q);
}

Err job_twin(Db *db, Str kind, Str args, JobId *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id FROM jobs WHERE kind = $1 AND args = $2 AND state IN ('waiting', 'running') ORDER BY id LIMIT 1"));
    bind_str(q, 1, kind);
    bind_str(q, 2, args);
    out->v = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

Err job_waits(Db *db, Time now, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id FROM jobs WHERE state = 'waiting' AND not_before <= $1 LIMIT 1"));
    bind_time(q, 1, now);
    *out = db_row(q);
    return db_done(q);
}

static Err next_waiting(Db *db, Arena *a, Time now, Job *out, bool *out_any)
{
    AUTO_STMT q = db_prepare(db, SQL(JOB_COLUMNS "WHERE state = 'waiting' AND not_before <= $1 ORDER BY not_before, id LIMIT 1"));
    bind_time(q, 1, now);
    *out_any = db_row(q);
    if (*out_any)
        read_row(q, a, out);
    return db_done(q);
}

Err job_claim(Db *db, Arena *a, Str runner, Time now, Job *out, bool *out_any)
{
    TRY(next_waiting(db, a, now, out, out_any));
    if (!*out_any)
        return OK;
    AUTO_STMT q = db_prepare(db, SQL("UPDATE jobs SET state = 'running', runner = $1, attempts = attempts + 1, started_at = $2 WHERE id = $3"));
    bind_str(q, 1, runner);
    bind_time(q, 2, now);
    bind_int(q, 3, out->id.v);
    TRY(db_run(q));
    out->state      = JOB_RUNNING;
    out->started_at = now;
    out->attempts++;
    return OK;
}

Err job_end(Db *db, JobId id, JobState state, Str result, Str error_kind, Str error, Time now, bool *out_ended)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE jobs SET state = $1, result = $2, error_kind = $3, error = $4, ended_at = $5 WHERE id = $6 AND state = 'running'"));
    bind_str(q, 1, states[state]);
    bind_str(q, 2, result);
    bind_str(q, 3, error_kind);
    bind_str(q, 4, error);
    bind_time(q, 5, now);
    bind_int(q, 6, id.v);
    TRY(db_run(q));
    *out_ended = db_changes(q) == 1;
    return OK;
}

Err job_again(Db *db, JobId id, Str error_kind, Str error, Time not_before)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE jobs SET state = 'waiting', error_kind = $1, error = $2, not_before = $3 WHERE id = $4 AND state = 'running'"));
    bind_str(q, 1, error_kind);
    bind_str(q, 2, error);
    bind_time(q, 3, not_before);
    bind_int(q, 4, id.v);
    return db_run(q);
}

Err job_restart(Db *db, JobId id, Time now, bool *out_done)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE jobs SET state = 'waiting', attempts = 0, not_before = $1, ended_at = NULL, error_kind = '', error = '' "
        "WHERE id = $2 AND state IN ('failed', 'stopped')"));
    bind_time(q, 1, now);
    bind_int(q, 2, id.v);
    TRY(db_run(q));
    *out_done = db_changes(q) == 1;
    return OK;
}

Err job_stop_waiting(Db *db, JobId id, Time now, bool *out_done)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE jobs SET state = 'stopped', ended_at = $1 WHERE id = $2 AND state = 'waiting'"));
    bind_time(q, 1, now);
    bind_int(q, 2, id.v);
    TRY(db_run(q));
    *out_done = db_changes(q) == 1;
    return OK;
}

Err job_mark_save(Db *db, JobId id, Str mark)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE jobs SET mark = $1 WHERE id = $2 AND state = 'running'"));
    bind_str(q, 1, mark);
    bind_int(q, 2, id.v);
    return db_run(q);
}

/* A job that was begun `most` times and never ended takes the server down with it: it is not begun again. */
Err job_resume_all(Db *db, Arena *a, Str runner, int most, Time now, Jobs *out_failed)
{
    AUTO_STMT q = db_prepare(db, SQL(JOB_COLUMNS "WHERE state = 'running' AND runner = $1 AND attempts >= $2"));
    bind_str(q, 1, runner);
    bind_int(q, 2, most);
    while (db_row(q))
        read_row(q, a, list_add(a, out_failed));
    TRY(db_done(q));
    for (size_t i = 0; i < out_failed->len; i++) {
        bool ended;
        TRY(job_end(db, out_failed->at[i].id, JOB_FAILED, S(""), S("cut_off"), S(""), now, &ended));
    }
    AUTO_STMT r = db_prepare(db, SQL("UPDATE jobs SET state = 'waiting', not_before = $1 WHERE state = 'running' AND runner = $2"));
    bind_time(r, 1, now);
    bind_str(r, 2, runner);
    return db_run(r);
}

Err job_tidy(Db *db, Time ended_before)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM jobs WHERE ended_at < $1"));
    bind_time(q, 1, ended_before);
    return db_run(q);
}

Err job_pending(Db *db, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM jobs WHERE state IN ('waiting', 'running')"));
    int64_t   n = db_row(q) ? col_int(q, 0) : 0;
    TRY(db_done(q));
    *out = n;
    return OK;
}

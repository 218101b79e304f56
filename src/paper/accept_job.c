/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Acceptance of a batch as a job, in pieces: each commits its forms, their answers and how far it came together, so that a run that was
 * cut off goes on behind the last piece and accepts nothing twice. */
#include "paper/parts.h"

enum { FORMS_A_PIECE = 100, WORK_BYTES = 1 << 25 };

typedef struct Accept { JobRun *run; PaperBatch b; PaperForm *f; Arena work; int64_t done; } Accept;

static Err accept_one(void *self)
{
    Accept    *x   = self;
    JobRun    *run = x->run;
    return paper_accept(run->db, run->store, &x->work, run->app, x->f, run->job->owner, time_now());
}

/* Its words lie in working memory; which sheet it was, nobody else says. */
static Err about(const Accept *x, Err e)
{
    return err_make(x->run->arena, e->kind, arena_fmt(x->run->arena, "%.*s: %.*s", STR_ARG(serial_text(x->run->arena, x->f->serial)), STR_ARG(e->detail)),
                    e->file, e->line);
}

static Err accept_each(Accept *x, PaperForms *forms)
{
    for (size_t i = 0; i < forms->len; i++) {
        x->f  = &forms->at[i];
        Err e = arena_guarded(&x->work, accept_one, x);
        if (e)
            return about(x, e);
        arena_reset(&x->work, 1 << 16);
    }
    return OK;
}

static Err finish(Accept *x)
{
    TRY(job_audit(x->run, S("paper.accept"), S("paper"), x->b.id, x->b.unit, arena_fmt(x->run->arena, "{\"forms\":\"%lld\"}", (long long)x->done)));
    return job_done(x->run, arena_fmt(x->run->arena, "/console/paper/batches/%lld", (long long)x->b.id));
}

/* *out_last: nothing is left, and the job's outcome is written. */
static Err piece(Accept *x, bool *out_last)
{
    PaperForms forms;
    TRY(paper_forms_settled(x->run->db, x->run->arena, x->b.id, FORMS_A_PIECE, &forms));
    *out_last = !forms.len;
    if (*out_last)
        return finish(x);
    TRY(accept_each(x, &forms));
    x->done += (int64_t)forms.len;
    TRY(job_mark(x->run, arena_fmt(x->run->arena, "%lld", (long long)x->done)));
    job_tick((int64_t)forms.len);
    return OK;
}

static Err pieces(Accept *x)
{
    for (bool last = false; !last;) {
        if (job_halted())
            return job_halt(x->run);
        TRY(db_begin_write(x->run->db));
        Err e = piece(x, &last);
        if (e) {
            db_rollback(x->run->db);
            return e;
        }
        TRY(db_commit(x->run->db));
    }
    return OK;
}

static Err accept_batch(JobRun *run)
{
    Accept  x = { .run = run };
    int64_t id = 0;
    if (!json_int(json_get(run->args, S("batch")), &id))
        return err_new(run->arena, ERR_INVALID, S("acceptance of no batch"));
    TRY(batch_load(run->db, run->arena, id, &x.b));
    str_to_i64(run->job->mark, &x.done);
    job_total(x.done + x.b.n[PAPER_SETTLED]);
    job_tick(x.done);
    x.work = arena_open(WORK_BYTES);
    Err e  = pieces(&x);
    arena_close(&x.work);
    return e;
}

const JobKind paper_accept_job = { "paper.accept", RIGHT_PAPER_SETTLE, accept_batch };

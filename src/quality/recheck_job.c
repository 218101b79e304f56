/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The draw as a job: reading every record of a round takes longer than a request may. */
#include "quality/recheck.h"

#include "notice/notice.h"

typedef struct Draw { JobRun *run; Round round; Recheck r; QualityData d; DrawnRows rows; } Draw;

static Str text_arg(const JobRun *run, const char *key)
{
    Str text = S("");
    json_str(json_get(run->args, str_from_c(key)), &text);
    return text;
}

static Err read_args(Draw *x)
{
    x->r = (Recheck){ .by = x->run->job->owner, .at = time_now(), .questions = text_arg(x->run, "questions"), .shown = text_arg(x->run, "shown") };
    if (!json_int(json_get(x->run->args, S("round")), &x->r.round.v) || !json_num(json_get(x->run->args, S("share")), &x->r.share) ||
        !json_int(json_get(x->run->args, S("seed")), &x->r.seed) || !recheck_mode_parse(text_arg(x->run, "mode"), &x->r.mode))
        return err_new(x->run->arena, ERR_INVALID, S("a draw without round, share, seed or mode"));
    return OK;
}

static Err read_all(void *self)
{
    Draw *x = self;
    TRY(round_load(x->run->db, x->run->arena, x->r.round, &x->round));
    job_total(x->round.submissions);
    TRY(quality_read(x->run->db, x->run->store, x->run->arena, &x->round, &x->d));
    recheck_draw(x->run->arena, &x->d, x->r.share, x->r.seed, &x->rows);
    x->r.population = (int64_t)x->d.n;
    return OK;
}

static Err save(Draw *x)
{
    TRY(recheck_save(x->run->db, &x->r, &x->d, &x->rows));
    TRY(job_audit(x->run, S("recheck.draw"), S("round"), x->r.round.v, x->round.owner,
                  arena_fmt(x->run->arena, "{\"seed\":%lld,\"cases\":%zu}", (long long)x->r.seed, x->rows.len)));
    TRY(notice_add_all(x->run->db, x->run->arena, &(NoticeAudience){ .right = RIGHT_RECHECK_DO, .unit = x->round.owner, .by = x->run->job->owner },
                       &(Notice){ .topic = TOPIC_RECHECK, .href = S("/console/recheck"), .title = round_title(&x->round, LANG_VI), .n = (int64_t)x->rows.len },
                       x->r.at));
    return job_done(x->run, arena_fmt(x->run->arena, "/console/recheck/draws/%lld", (long long)x->r.id));
}

static Err draw_run(JobRun *run)
{
    Draw x = { .run = run };
    TRY(read_args(&x));
    TRY(db_begin_read(run->db));
    Err e = arena_guarded(run->arena, read_all, &x);
    db_rollback(run->db);
    TRY(e);
    TRY(db_begin_write(run->db));
    e = save(&x);
    if (e) {
        db_rollback(run->db);
        return e;
    }
    return db_commit(run->db);
}

const JobKind recheck_job = { "recheck.draw", RIGHT_RECHECK_MANAGE, draw_run };

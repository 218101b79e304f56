/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A run from reading to storing, for command and job. */
#include "quality/parts.h"

typedef struct Work { Db *db; Store *s; Arena *a; Round round; QualityLimits limits; QualityData d; Findings found; QualityFigures figures; } Work;

static Err read_all(void *self)
{
    Work *w = self;
    TRY(limits_load(w->db, w->round.id, &w->limits));
    return quality_read(w->db, w->s, w->a, &w->round, &w->d);
}

static Err check_all(void *self)
{
    Work *w = self;
    quality_check(w->a, &w->d, &w->limits, &w->found, &w->figures);
    return OK;
}

static Err store_all(Work *w, QualityRun *out, QualityCounts *out_counts)
{
    Buf b = buf_new(w->a, 4096);
    quality_figures_json(&b, &w->figures);
    out->figures = buf_str(&b);
    TRY(run_save(w->db, out));
    TRY(findings_save(w->db, out, &w->d, &w->found));
    return flags_count(w->db, out->round, out_counts);
}

static Err reading(Work *w, RoundId round)
{
    TRY(db_begin_read(w->db));
    Err e = round_load(w->db, w->a, round, &w->round);
    if (!e) {
        job_total(w->round.submissions);
        e = arena_guarded(w->a, read_all, w);
    }
    db_rollback(w->db);
    return e ? e : arena_guarded(w->a, check_all, w);
}

Err quality_run(Db *db, Store *s, Arena *a, RoundId round, PersonId by, Time now, QualityRun *out, QualityCounts *out_counts)
{
    int64_t began = monotonic_ms();
    Work    w     = { .db = db, .s = s, .a = a };
    TRY(reading(&w, round));
    *out = (QualityRun){ .round = round, .by = by, .at = now, .answers = (int64_t)w.d.n, .took_ms = monotonic_ms() - began };
    TRY(db_begin_write(db));
    Err e = store_all(&w, out, out_counts);
    if (e) {
        db_rollback(db);
        return e;
    }
    return db_commit(db);
}

/* ---- As a job ---------------------------------------------------------------------------------------------------------- */

static Err run_job(JobRun *run)
{
    RoundId round = { 0 };
    int64_t began = monotonic_ms();
    Work    w     = { .db = run->db, .s = run->store, .a = run->arena };
    QualityCounts counts;
    if (!json_int(json_get(run->args, S("round")), &round.v))
        return err_new(run->arena, ERR_INVALID, S("a check without its round"));
    TRY(reading(&w, round));
    QualityRun r = { .round = round, .by = run->job->owner, .at = time_now(), .answers = (int64_t)w.d.n, .took_ms = monotonic_ms() - began };
    TRY(db_begin_write(run->db));
    Err e = store_all(&w, &r, &counts);
    if (!e)
        e = job_audit(run, S("quality.run"), S("round"), round.v, w.round.owner, S(""));
    if (!e)
        e = job_done(run, arena_fmt(run->arena, "/console/quality/rounds/%lld", (long long)round.v));
    if (e) {
        db_rollback(run->db);
        return e;
    }
    return db_commit(run->db);
}

const JobKind quality_job = { "quality.run", RIGHT_QUALITY_READ, run_job };

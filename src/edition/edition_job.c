/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Publishing as a job: reads and computes beside the writers, then saves rows, audit record and outcome at once. */
#include "edition/parts.h"

static Err prepare(JobRun *run, EditionWork *out)
{
    int64_t round = 0;
    Str     reason = { 0 };
    if (!json_int(json_get(run->args, S("round")), &round))
        return err_new(run->arena, ERR_INVALID, S("no round"));
    json_str(json_get(run->args, S("reason")), &reason);
    TRY(db_begin_read(run->db));
    Err e = edition_prepare(run->db, run->store, run->arena, run->app, (RoundId){ round }, reason, time_now(), out);
    db_rollback(run->db);
    return e;
}

static Str audit_detail(Arena *a, Str round_code, Str reason)
{
    Buf b = buf_new(a, 128);
    buf_lit(&b, "{\"round\":");
    buf_json_str(&b, round_code);
    buf_lit(&b, ",\"reason\":");
    buf_json_str(&b, reason);
    buf_byte(&b, '}');
    return buf_str(&b);
}

static Err publish(JobRun *run)
{
    EditionWork w;
    TRY(prepare(run, &w));
    if ((w.last.v != 0) != str_eq(run->job->kind, S("edition.correct")))
        return err_new(run->arena, ERR_CONFLICT, S("published meanwhile"));
    if (job_halted())
        return job_halt(run);
    TRY(db_begin_write(run->db));
    TRY(edition_save(run->db, run->arena, &w, run->job->owner));
    TRY(job_audit(run, w.last.v ? S("edition.correct") : S("edition.publish"), S("edition"), w.row.id.v, w.owner,
                  audit_detail(run->arena, w.round_code, w.row.reason)));
    TRY(job_done(run, edition_path(run->arena, &w.row)));
    return db_commit(run->db);
}

const JobKind edition_publish_job = { "edition.publish", RIGHT_ROUND_PUBLISH, publish };
const JobKind edition_correct_job = { "edition.correct", RIGHT_EDITION_CORRECT, publish };

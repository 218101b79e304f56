/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Publishing as a job: reads and computes beside the writers, writes the receipts in pieces that nobody sees, then makes the edition, audit
 * record and outcome in one short transaction. */
#include "edition/parts.h"

static Err round_of(JobRun *run, RoundId *out, Str *out_reason)
{
    *out_reason = S("");
    json_str(json_get(run->args, S("reason")), out_reason);
    return json_int(json_get(run->args, S("round")), &out->v) ? OK : err_new(run->arena, ERR_INVALID, S("no round"));
}

/* The id under which receipts are written is marked before, so that what a cut-off run left is taken away by the next. */
static Err begin(JobRun *run, EditionId *out)
{
    int64_t before = 0;
    if (str_to_i64(run->job->mark, &before) && before)
        TRY(work_drop(run->db, (EditionId){ before }, receipts_a_piece));
    *out = (EditionId){ id_new() };
    TRY(db_begin_write(run->db));
    TRY(work_begin(run->db, *out, time_now()));
    TRY(job_mark(run, arena_fmt(run->arena, "%lld", (long long)out->v)));
    return db_commit(run->db);
}

/* Figures, package and receipts from one view of the answers; writers go on beside it. */
static Err compute(JobRun *run, Db *to, RoundId round, Str reason, EditionId id, EditionWork *out)
{
    TRY(edition_prepare(run->db, run->store, run->arena, run->app, round, reason, time_now(), out));
    out->row.id           = id;
    out->receipts_written = true;
    return receipts_stream(run->db, to, run->arena, round, id, receipts_a_piece);
}

static Err prepare(JobRun *run, EditionWork *out)
{
    RoundId   round;
    Str       reason;
    EditionId id;
    Db       *to;
    TRY(round_of(run, &round, &reason));
    TRY(begin(run, &id));
    TRY(store_take(run->store, run->arena, &to));
    Err e = db_begin_read(run->db);
    if (!e)
        e = compute(run, to, round, reason, id, out);
    db_rollback(run->db);
    store_give(run->store, &to);
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

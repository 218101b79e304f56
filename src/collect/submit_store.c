/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of an answer in the collector's transaction: its record, and what it costs. */
#include "collect/submit_store.h"

Str submission_instance(const Submission *x)
{
    return (Str){ (const char *)x->key.instance, INSTANCE_LEN };
}

Str sha_text(const Sha256 *s)
{
    return (Str){ (const char *)s->at, 32 };
}

/* ---- The record ---------------------------------------------------------------------------------------------- */
/* Where the search for this answer begins; its own id may be one of the next places. */
int64_t submission_first_place(const Submission *x)
{
    return x->info->round.slot * SLOT_SIZE + submission_place(x->keys, &x->key.receipt_hash);
}

/* Records of requests stored as they came, and those from before there was a column for it, are known by their sum. */
static bool same_bytes(const Submission *x, Str sum, Str sent)
{
    if (sent.len)
        return x->has_sent && str_eq(sent, hash_str(&x->sent));
    return str_eq(sum, sha_text(x->has_sent ? &x->sum_before : &x->sum));
}

Err submission_known(Db *db, const Submission *x, SubmitOutcome *out)
{
    SubmitOutcome found = SUBMIT_WAITING;
    AUTO_STMT q = db_prepare(db, SQL("SELECT sha256, sent FROM submissions WHERE id BETWEEN $1 AND $2 AND instance = $3"));
    int64_t first = submission_first_place(x);
    bind_int(q, 1, first);
    bind_int(q, 2, first + SLOT_PLACES - 1);
    bind_blob(q, 3, submission_instance(x));
    while (db_row(q))
        found = same_bytes(x, col_blob(q, 0), col_blob(q, 1)) ? SUBMIT_SAME : SUBMIT_OTHER_BYTES;
    TRY(db_done(q));
    *out = found;
    return OK;
}

void record_bind(Stmt *q, const Submission *x)
{
    bind_int(q, 1, x->key.id.v);
    bind_int(q, 2, x->info->round.id.v);
    bind_blob(q, 3, submission_instance(x));
    bind_blob(q, 4, sha_text(&x->sum));
    bind_blob(q, 5, sha_text(&x->key.receipt_hash));
    bind_date(q, 6, x->day);
    bind_str(q, 7, channel_code(x->channel));
    bind_int(q, 8, x->unit.v);
    bind_int(q, 9, x->flagged);
    bind_str(q, 10, x->flag_reason);
    bind_str(q, 11, x->media);
    bind_blob(q, 12, x->body);
    bind_str(q, 13, x->answers);
    if (x->has_sent)
        bind_blob(q, 14, hash_str(&x->sent));
    else
        bind_null(q, 14);
    bind_str(q, 15, x->left_out);
}

Stmt *record_insert(Db *db)
{
    return db_prepare(db, SQL(
        "INSERT INTO submissions (id, round_id, instance, sha256, receipt_hash, day, channel, unit_id, flagged, flag_reason, "
        "media, body, answers, sent, left_out) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING"));
}

Err record_delete(Db *db, const Submission *x)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM submissions WHERE id = $1"));
    bind_int(q, 1, x->key.id.v);
    return db_run(q);
}

/* ---- What an answer may cost: a code, its draft, one of its device's turns ------------------------ */
Err code_spend(Db *db, const Submission *x, bool *out_spent)
{
    AUTO_STMT q = x->long_code
        ? db_prepare(db, SQL("DELETE FROM invitation_codes WHERE long_hash = $1 AND round_id = $2 AND valid_to >= $3"))
        : db_prepare(db, SQL("DELETE FROM invitation_codes WHERE short_hash = $1 AND round_id = $2 AND valid_to >= $3"));
    bind_blob(q, 1, hash_str(&x->code));
    bind_int(q, 2, x->info->round.id.v);
    bind_date(q, 3, x->day);
    TRY(db_run(q));
    *out_spent = db_changes(q) == 1;
    return OK;
}

Err device_turn_take(Db *db, const Submission *x, bool *out_taken)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO device_marks (id, hash, sent) VALUES ($1, $2, 1) "
        "ON CONFLICT (hash) DO UPDATE SET sent = device_marks.sent + 1 WHERE device_marks.sent < $3"));
    bind_int(q, 1, id_random());
    bind_blob(q, 2, hash_str(&x->device));
    bind_int(q, 3, x->info->round.device_limit);
    TRY(db_run(q));
    *out_taken = db_changes(q) == 1;
    return OK;
}

Err device_turn_give(Db *db, const Submission *x)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE device_marks SET sent = sent - 1 WHERE hash = $1"));
    bind_blob(q, 1, hash_str(&x->device));
    return db_run(q);
}

Err draft_drop(Db *db, const Submission *x, bool *out_dropped)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM drafts WHERE id = $1 AND token_hash = $2"));
    bind_int(q, 1, x->draft);
    bind_blob(q, 2, hash_str(&x->draft_token));
    TRY(db_run(q));
    *out_dropped = db_changes(q) == 1;
    return OK;
}

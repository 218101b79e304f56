/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stored answers: reading them for results, finding one by its receipt, withdrawing it. */
#include "collect/parts.h"

Err round_id_range(Stmt *q, Db *db, RoundId round, int at)
{
    Round r;
    Arena scratch = *db_arena(db);
    TRY(round_load(db, &scratch, round, &r));
    bind_int(q, at, r.slot * SLOT_SIZE);
    bind_int(q, at + 1, (r.slot + 1) * SLOT_SIZE - 1);
    return OK;
}

Str record_code(Arena *a, SubmissionId id)
{
    return arena_fmt(a, "%011llx", (unsigned long long)(id.v & (SLOT_SIZE - 1)));
}

#define EACH_COLUMNS                                                                                                      \
    "SELECT s.id, s.day, s.channel, s.flagged, CASE WHEN c.answers <> '' THEN c.answers ELSE s.answers END, s.receipt_hash, " \
    "COALESCE(c.unit_id, s.unit_id), s.flag_reason FROM submissions s "

static Err each_row(Stmt *q, Arena scratch, Err (*each)(void *self, const SubmissionRow *row), void *self)
{
    while (db_row(q)) {
        Arena         work = scratch;
        SubmissionRow row  = { .id = { col_int(q, 0) }, .day = col_date(q, 1), .flagged = col_int(q, 3) != 0, .answers_json = col_str(q, 4),
                               .unit = { col_int(q, 6) }, .flag_reason = col_str(q, 7) };
        channel_parse(col_str(q, 2), &row.channel);
        Str hash         = col_blob(q, 5);
        row.receipt_hash = str_hex(&work, hash.at, hash.len);
        TRY(each(self, &row));
    }
    return db_done(q);
}

Err submission_each(Db *db, Arena scratch, RoundId round, Err (*each)(void *self, const SubmissionRow *row), void *self)
{
    AUTO_STMT q = db_prepare_large(db, SQL(EACH_COLUMNS "LEFT JOIN record_states c ON c.submission_id = s.id "
        "WHERE s.id BETWEEN $1 AND $2 AND s.withdrawn = 0 AND COALESCE(c.excluded, 0) = 0 AND s.left_out = '' ORDER BY s.id"));
    TRY(round_id_range(q, db, round, 1));
    return each_row(q, scratch, each, self);
}

Err submission_each_excluded(Db *db, Arena scratch, RoundId round, Err (*each)(void *self, const SubmissionRow *row), void *self)
{
    AUTO_STMT q = db_prepare_large(db, SQL(EACH_COLUMNS "JOIN record_states c ON c.submission_id = s.id "
        "WHERE c.submission_id BETWEEN $1 AND $2 AND c.excluded = 1 AND s.withdrawn = 0 ORDER BY s.id"));
    TRY(round_id_range(q, db, round, 1));
    return each_row(q, scratch, each, self);
}

Err submission_flagged(Db *db, Arena *a, RoundId round, int limit, SubmissionRows *out)
{
    SubmissionRows rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT id, day, channel, unit_id, flag_reason FROM submissions "
        "WHERE id BETWEEN $1 AND $2 AND flagged = 1 AND withdrawn = 0 AND left_out = '' ORDER BY id LIMIT $3"));
    TRY(round_id_range(q, db, round, 1));
    bind_int(q, 3, limit);
    while (db_row(q)) {
        SubmissionRow *x = list_add(a, &rows);
        *x = (SubmissionRow){ .id = { col_int(q, 0) }, .day = col_date(q, 1), .unit = { col_int(q, 3) }, .flagged = true,
                              .flag_reason = arena_str(a, col_str(q, 4)) };
        channel_parse(col_str(q, 2), &x->channel);
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Str receipt_state_code(ReceiptState s)
{
    return s == RECEIPT_WITHDRAWN ? S("withdrawn") : s == RECEIPT_COUNTED ? S("counted") : S("received");
}

Err receipt_find(Db *db, Arena *a, const AppInfo *app, Str typed, ReceiptRow *out)
{
    Str receipt;
    if (!receipt_clean(a, typed, &receipt))
        return err_new(a, ERR_NOT_FOUND, S("receipt"));
    Sha256     hash  = sha256(receipt);
    bool       found = false;
    ReceiptRow r     = { .receipt = receipt };
    int64_t    place = submission_place(collect_keys(app), &hash);
    AUTO_STMT  q     = db_prepare(db, SQL(
        "SELECT s.round_id, s.day, s.withdrawn, r.state, s.id FROM rounds r "
        "JOIN submissions s ON s.id BETWEEN r.slot * 4398046511104 + $1 AND r.slot * 4398046511104 + $2 WHERE s.receipt_hash = $3"));
    bind_int(q, 1, place);
    bind_int(q, 2, place + SLOT_PLACES - 1);
    bind_blob(q, 3, (Str){ (const char *)hash.at, sizeof hash.at });
    while (db_row(q)) {
        found   = true;
        r.round = (RoundId){ col_int(q, 0) };
        r.id    = (SubmissionId){ col_int(q, 4) };
        r.day   = col_date(q, 1);
        r.state = col_int(q, 2) ? RECEIPT_WITHDRAWN : str_eq(col_str(q, 3), S("published")) ? RECEIPT_COUNTED : RECEIPT_RECEIVED;
    }
    TRY(db_done(q));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, S("receipt"));
    *out = r;
    return OK;
}

/* One whole record, as the sum over answers sees it. */
void sealed_read(Stmt *q, Arena *a, SealedRecord *out)
{
    *out = (SealedRecord){
        .id = { col_int(q, 0) }, .round = { col_int(q, 1) }, .instance = arena_str(a, col_blob(q, 2)), .sha256 = arena_str(a, col_blob(q, 3)),
        .receipt_hash = arena_str(a, col_blob(q, 4)), .day = arena_str(a, col_str(q, 5)), .channel = arena_str(a, col_str(q, 6)),
        .unit = { col_int(q, 7) }, .flagged = col_int(q, 8) != 0, .flag_reason = arena_str(a, col_str(q, 9)),
        .withdrawn = col_int(q, 10) != 0, .media = arena_str(a, col_str(q, 11)), .answers = arena_str(a, col_str(q, 12)),
        .sent = arena_str(a, col_blob(q, 13)), .left_out = arena_str(a, col_str(q, 14)),
    };
}

Err sealed_load(Db *db, Arena *a, SubmissionId id, SealedRecord *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " SEALED_COLUMNS " FROM submissions WHERE id = $1"));
    bind_int(q, 1, id.v);
    bool found = db_row(q);
    if (found)
        sealed_read(q, a, out);
    TRY(db_done(q));
    return found ? OK : err_new(db_arena(db), ERR_NOT_FOUND, S("submission"));
}

static Err empty_record(Db *db, SubmissionId id)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE submissions SET withdrawn = 1, body = $1, answers = '{}' WHERE id = $2"));
    bind_blob(q, 1, S(""));
    bind_int(q, 2, id.v);
    return db_run(q);
}

/* Takes the record's figures out of both counters; the sum now holds the emptied record. */
static Err uncount(Db *db, Arena *a, const RoundInfo *info, const CollectKeys *k, const SealedRecord *before)
{
    FormAnswers   x = form_answers_new(a, info->program);
    CountedAnswer what = { .flagged = before->flagged, .withdrawn = true, .left_out = before->left_out.len != 0 };
    TRY(record_read(a, info->program, before->answers, &x));
    what.slot_count = counts_slots_of(&info->slots, info->program, &x, a, &what.slots);
    if (!date_parse(before->day, &what.day) || !channel_parse(before->channel, &what.channel))
        return err_new(a, ERR_INTERNAL, S("damaged record"));
    SealedRecord after = *before;
    uint64_t     delta[4] = { 0 };
    after.withdrawn = true;
    after.answers   = S("{}");
    sum_add(delta, k, before, -1);
    sum_add(delta, k, &after, 1);
    TRY(counts_change(db, a, before->round, (UnitId){ 0 }, info->slots.total, &what, -1, delta));
    return before->unit.v ? counts_change(db, a, before->round, before->unit, info->slots.total, &what, -1, NULL) : OK;
}

Err receipt_withdraw(Db *db, Store *s, Arena *a, const AppInfo *app, Str typed)
{
    ReceiptRow       r;
    Round            round;
    SealedRecord     before;
    const RoundInfo *info;
    TRY(receipt_find(db, a, app, typed, &r));
    if (r.state == RECEIPT_WITHDRAWN)
        return OK;
    TRY(round_load(db, a, r.round, &round));
    TRY(round_info(db, s, a, round.code, &info));
    TRY(sealed_load(db, a, r.id, &before));
    TRY(record_forget(db, a, app, info, &before));
    TRY(empty_record(db, r.id));
    TRY(record_files_forget(db, r.id));
    TRY(case_answer_gone(db, s, a, app, r.id));
    return uncount(db, a, info, collect_keys(app), &before);
}

Err sealed_update(Db *db, const SealedRecord *r)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE submissions SET answers = $2, unit_id = $3, flagged = $4, flag_reason = $5, left_out = $6 WHERE id = $1"));
    bind_int(q, 1, r->id.v);
    bind_str(q, 2, r->answers);
    bind_int(q, 3, r->unit.v);
    bind_int(q, 4, r->flagged);
    bind_str(q, 5, r->flag_reason);
    bind_str(q, 6, r->left_out);
    return db_run(q);
}

Err sealed_each(Db *db, RoundId round, Err (*each)(void *self, Stmt *q), void *self)
{
    AUTO_STMT q = db_prepare_large(db, SQL("SELECT " SEALED_COLUMNS ", body FROM submissions WHERE id BETWEEN $1 AND $2 ORDER BY id"));
    TRY(round_id_range(q, db, round, 1));
    while (db_row(q))
        TRY(each(self, q));
    return db_done(q);
}

Err submission_strays(Db *db, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT COUNT(*) FROM submissions s WHERE NOT EXISTS (SELECT 1 FROM rounds r WHERE r.id = s.round_id "
        "AND s.id BETWEEN r.slot * 4398046511104 AND r.slot * 4398046511104 + 4398046511103)"));
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

Err record_in_round(Db *db, RoundId round, SubmissionId id, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT 1 FROM submissions WHERE id = $1 AND round_id = $2 AND withdrawn = 0"));
    bind_int(q, 1, id.v);
    bind_int(q, 2, round.v);
    *out = db_row(q);
    return db_done(q);
}

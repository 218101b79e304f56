/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers in the collector's transaction: gate, idempotence, code, draft, device, record; then the counters. What
 * concerns one answer is written into it; only a failing database fails the batch. */
#include "collect/submit_counts.h"

void submission_fill(Submission *x, Arena *a, const CollectKeys *k, const RoundInfo *i, Str uuid, const FormAnswers *answers, Str body)
{
    x->info       = i;
    x->keys       = k;
    x->day        = date_of(x->at);
    x->key        = instance_key(a, k, &i->round, uuid);
    x->sum        = sha256(body);
    x->body       = body;
    x->answers    = answers ? record_json(a, i->program, answers) : S("{}");
    if (!answers)
        return;
    x->unit       = round_unit_of(i, answers);
    x->slot_count = counts_slots_of(&i->slots, i->program, answers, a, &x->slots);
}

Err submission_answers(Submission *x, Arena *a, Str answers, bool flagged, Str flag_reason)
{
    FormAnswers given = form_answers_new(a, x->info->program);
    TRY(record_read(a, x->info->program, answers, &given));
    x->answers     = answers;
    x->unit        = round_unit_of(x->info, &given);
    x->slot_count  = counts_slots_of(&x->info->slots, x->info->program, &given, a, &x->slots);
    x->flagged     = flagged;
    x->flag_reason = flag_reason;
    return OK;
}

static Str instance_str(const Submission *x)
{
    return (Str){ (const char *)x->key.instance, INSTANCE_LEN };
}

static Str sha_str(const Sha256 *s)
{
    return (Str){ (const char *)s->at, 32 };
}

void submission_sent(Submission *x, Str came, Str body_before)
{
    x->has_sent   = true;
    x->sent       = keyed_hash(x->keys->sent, x->info->round.id.v, came);
    x->sum_before = sha256(body_before);
}

void submission_seal(Submission *x, Arena *a)
{
    SealedRecord r = {
        .id = x->key.id, .round = x->info->round.id, .instance = instance_str(x), .sha256 = sha_str(&x->sum),
        .receipt_hash = sha_str(&x->key.receipt_hash), .day = date_iso(a, x->day), .channel = channel_code(x->channel),
        .unit = x->unit, .flagged = x->flagged, .flag_reason = x->flag_reason, .media = x->media, .answers = x->answers,
        .sent = x->has_sent ? hash_str(&x->sent) : S(""), .left_out = x->left_out,
    };
    memset(x->sealed, 0, sizeof x->sealed);
    sum_add(x->sealed, x->keys, &r, 1);
}

/* Where the search for this answer begins; its own id may be one of the next places. */
static int64_t first_place(const Submission *x)
{
    return x->info->round.slot * SLOT_SIZE + submission_place(x->keys, &x->key.receipt_hash);
}

/* Records of requests stored as they came, and those from before there was a column for it, are known by their sum. */
static bool same_bytes(const Submission *x, Str sum, Str sent)
{
    if (sent.len)
        return x->has_sent && str_eq(sent, hash_str(&x->sent));
    return str_eq(sum, sha_str(x->has_sent ? &x->sum_before : &x->sum));
}

Err submission_known(Db *db, const Submission *x, SubmitOutcome *out)
{
    SubmitOutcome found = SUBMIT_WAITING;
    AUTO_STMT q = db_prepare(db, SQL("SELECT sha256, sent FROM submissions WHERE id BETWEEN $1 AND $2 AND instance = $3"));
    int64_t first = first_place(x);
    bind_int(q, 1, first);
    bind_int(q, 2, first + SLOT_PLACES - 1);
    bind_blob(q, 3, instance_str(x));
    while (db_row(q))
        found = same_bytes(x, col_blob(q, 0), col_blob(q, 1)) ? SUBMIT_SAME : SUBMIT_OTHER_BYTES;
    TRY(db_done(q));
    *out = found;
    return OK;
}

/* ---- Gate: the round's row as this transaction sees it --------------------------------------- */
typedef struct Gates { Round *at; size_t len; } Gates;

static Err gate_of(Db *db, Arena *scratch, Gates *g, const Submission *x, RoundGate *out)
{
    for (size_t i = 0; i < g->len; i++)
        if (g->at[i].id.v == x->info->round.id.v) {
            *out = round_gate(&g->at[i], x->from, x->at);
            return OK;
        }
    TRY(round_load(db, scratch, x->info->round.id, &g->at[g->len]));
    *out = round_gate(&g->at[g->len++], x->from, x->at);
    return OK;
}

static Err pass_gate(Db *db, Arena *scratch, Gates *g, Submission *x)
{
    RoundGate gate;
    x->outcome = SUBMIT_WAITING;
    TRY(gate_of(db, scratch, g, x, &gate));
    if (gate == GATE_OPEN)
        return OK;
    TRY(submission_known(db, x, &x->outcome));
    if (x->outcome == SUBMIT_WAITING)
        x->outcome = gate == GATE_PAUSED ? SUBMIT_PAUSED : SUBMIT_CLOSED;
    return OK;
}

/* ---- The record -------------------------------------------------------------------------------- */
static void bind_record(Stmt *q, const Submission *x)
{
    bind_int(q, 1, x->key.id.v);
    bind_int(q, 2, x->info->round.id.v);
    bind_blob(q, 3, instance_str(x));
    bind_blob(q, 4, sha_str(&x->sum));
    bind_blob(q, 5, sha_str(&x->key.receipt_hash));
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

static Stmt *insert_record(Db *db)
{
    return db_prepare(db, SQL(
        "INSERT INTO submissions (id, round_id, instance, sha256, receipt_hash, day, channel, unit_id, flagged, flag_reason, "
        "media, body, answers, sent, left_out) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING"));
}

/* In the first free place: that of another answer is taken once in some millions of answers. */
static Err insert_now(Db *db, Arena *scratch, Submission *x)
{
    AUTO_STMT q     = insert_record(db);
    int64_t   first = first_place(x);
    for (int i = 0; i < SLOT_PLACES && !x->inserted; i++) {
        x->key.id.v = first + i;
        submission_seal(x, scratch);
        bind_record(q, x);
        TRY(db_run(q));
        x->inserted = db_changes(q);
    }
    return x->inserted ? OK : err_new(db_arena(db), ERR_CONFLICT, S("no place is left for an answer"));
}

Err submission_add(Db *db, Arena *scratch, Submission *x)
{
    x->inserted = 0;
    TRY(insert_now(db, scratch, x));
    x->outcome = SUBMIT_STORED;
    return OK;
}

static Err take_back(Db *db, Submission *x, SubmitOutcome why)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM submissions WHERE id = $1"));
    bind_int(q, 1, x->key.id.v);
    TRY(db_run(q));
    x->outcome = why;
    return OK;
}

/* ---- What an answer may cost: a code, its draft, one of its device's turns ------------------------ */
static Err spend_code(Db *db, const Submission *x, bool *out_spent)
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

static Err take_turn(Db *db, const Submission *x, bool *out_taken)
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

static Err give_turn_back(Db *db, const Submission *x)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE device_marks SET sent = sent - 1 WHERE hash = $1"));
    bind_blob(q, 1, hash_str(&x->device));
    return db_run(q);
}

static Err drop_draft(Db *db, const Submission *x, bool *out_dropped)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM drafts WHERE id = $1 AND token_hash = $2"));
    bind_int(q, 1, x->draft);
    bind_blob(q, 2, hash_str(&x->draft_token));
    TRY(db_run(q));
    *out_dropped = db_changes(q) == 1;
    return OK;
}

/* A case has one answer: the second interview of it is refused. */
static Err link_case(Db *db, Submission *x)
{
    bool added, same;
    TRY(case_link_add(db, x->case_id, x->info->round.id, x->key.id, &added, &same));
    return added ? OK : take_back(db, x, SUBMIT_DRAFT_GONE);
}

static Err settle_page(Db *db, Submission *x)
{
    bool limited = x->has_device && x->info->round.device_limit > 0, good = true;
    if (limited)
        TRY(take_turn(db, x, &good));
    if (!good)
        return take_back(db, x, SUBMIT_DEVICE_LIMIT);
    if (x->draft)
        TRY(drop_draft(db, x, &good));
    if (good && x->case_id)
        TRY(link_case(db, x));
    if (good && x->desk && x->outcome == SUBMIT_STORED)
        TRY(desk_count(db, x->desk, x->channel == CHANNEL_KIOSK, x->day));
    if (good)
        return x->draft && x->outcome == SUBMIT_STORED ? draft_files_send(db, x->draft, x->key.id, x->day, &x->files) : OK;
    if (limited)
        TRY(give_turn_back(db, x));
    return take_back(db, x, SUBMIT_DRAFT_GONE);
}

/* An id that is there decides first; then the code; then the record. */
static Err settle_coded(Db *db, Arena *scratch, Submission *x)
{
    bool spent = false;
    TRY(submission_known(db, x, &x->outcome));
    if (x->outcome != SUBMIT_WAITING)
        return OK;
    TRY(spend_code(db, x, &spent));
    if (!spent) {
        x->outcome = SUBMIT_NO_CODE;
        return OK;
    }
    return insert_now(db, scratch, x);
}

static Err settle(Db *db, Arena *scratch, Submission *x)
{
    if (x->outcome != SUBMIT_WAITING)
        return OK;
    if (x->info->round.identity == IDENTITY_CODE)
        TRY(settle_coded(db, scratch, x));
    else if (x->inserted == 0)
        TRY(submission_known(db, x, &x->outcome));
    if (x->outcome != SUBMIT_WAITING)
        return OK;
    if (x->inserted == 0)              /* its place is another's, or was given back by an item before it in this batch */
        TRY(insert_now(db, scratch, x));
    x->outcome = SUBMIT_STORED;
    return x->draft || x->has_device ? settle_page(db, x) : OK;
}

Err submission_insert(Db *db, Arena *scratch, Submission **items, size_t n)
{
    AUTO_STMT q = insert_record(db);
    for (size_t i = 0; i < n; i++) {
        bind_record(q, items[i]);
        db_send(q, &items[i]->inserted);
    }
    TRY(db_flush(db));
    for (size_t i = 0; i < n; i++) {
        items[i]->outcome = items[i]->inserted ? SUBMIT_STORED : SUBMIT_WAITING;
        if (items[i]->inserted)
            continue;
        TRY(submission_known(db, items[i], &items[i]->outcome));
        if (items[i]->outcome != SUBMIT_WAITING)
            continue;
        TRY(insert_now(db, scratch, items[i]));
        items[i]->outcome = SUBMIT_STORED;
    }
    return submissions_count(db, scratch, items, n);
}

static Err insert_open(Db *db, Submission **all, size_t n)
{
    AUTO_STMT q = insert_record(db);
    for (size_t i = 0; i < n; i++)
        if (all[i]->outcome == SUBMIT_WAITING && all[i]->info->round.identity == IDENTITY_OPEN) {
            bind_record(q, all[i]);
            db_send(q, &all[i]->inserted);
        }
    return db_flush(db);
}

Err submission_apply(Db *db, Arena *scratch, void **items, size_t n)
{
    Submission **all   = (Submission **)items;
    Gates        gates = { .at = arena_new(scratch, Round, n) };
    for (size_t i = 0; i < n; i++) {
        all[i]->inserted = 0;
        TRY(pass_gate(db, scratch, &gates, all[i]));
    }
    TRY(insert_open(db, all, n));
    for (size_t i = 0; i < n; i++)
        TRY(settle(db, scratch, all[i]));
    TRY(code_alarm(db, scratch, all, n));
    return submissions_count(db, scratch, all, n);
}

static void finish_waiting(void *item, Err outcome)
{
    if (outcome)
        submission_forget_counts();
}

const CollectKind submit_kind = { "submission", submission_apply, finish_waiting };

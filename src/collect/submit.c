/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers in the collector's transaction: gate, idempotence, code, draft, device, record; then the counters. What
 * concerns one answer is written into it; only a failing database fails the batch. */
#include "collect/cases.h"
#include "collect/submit_store.h"

void submission_fill(Submission *x, Arena *a, const CollectKeys *k, const RoundInfo *i, Str uuid, const FormAnswers *answers, Str body)
{
    submission_fill_hashed(x, a, k, i, uuid, answers, body, sha256(body));
}

void submission_fill_hashed(Submission *x, Arena *a, const CollectKeys *k, const RoundInfo *i, Str uuid, const FormAnswers *answers, Str body, Sha256 sum)
{
    x->info       = i;
    x->keys       = k;
    x->day        = date_of(x->at);
    x->key        = instance_key(a, k, &i->round, uuid);
    x->sum        = sum;
    x->body       = body;
    x->answers    = answers ? record_json(a, i->program, answers) : S("{}");
    if (!answers)
        return;
    x->unit       = round_unit_of(i, answers);
    x->slot_count = counts_slots_of(&i->slots, i->program, answers, a, &x->slots);
}

Err submission_answers(Submission *x, Arena *a, Str answers, const FormAnswers *given, bool flagged, Str flag_reason)
{
    FormAnswers read;
    if (!given)
        TRY(record_read(a, x->info->program, answers, &read));
    given          = given ? given : &read;
    x->answers     = answers;
    x->unit        = round_unit_of(x->info, given);
    x->slot_count  = counts_slots_of(&x->info->slots, x->info->program, given, a, &x->slots);
    x->flagged     = flagged;
    x->flag_reason = flag_reason;
    return OK;
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
        .id = x->key.id, .round = x->info->round.id, .instance = submission_instance(x), .sha256 = sha_text(&x->sum),
        .receipt_hash = sha_text(&x->key.receipt_hash), .day = date_iso(a, x->day), .channel = channel_code(x->channel),
        .unit = x->unit, .flagged = x->flagged, .flag_reason = x->flag_reason, .media = x->media, .answers = x->answers,
        .sent = x->has_sent ? hash_str(&x->sent) : S(""), .left_out = x->left_out,
    };
    memset(x->sealed, 0, sizeof x->sealed);
    sum_add(x->sealed, x->keys, &r, 1);
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
/* In the first free place: that of another answer is taken once in some millions of answers. */
static Err insert_now(Db *db, Arena *scratch, Submission *x)
{
    AUTO_STMT q     = record_insert(db);
    int64_t   first = submission_first_place(x);
    for (int i = 0; i < SLOT_PLACES && !x->inserted; i++) {
        x->key.id.v = first + i;
        submission_seal(x, scratch);
        record_bind(q, x);
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
    TRY(record_delete(db, x));
    x->outcome = why;
    return OK;
}

/* A case has one answer; another interview of it is kept and marked: what an interviewer sent is never lost. */
static Err link_case(Db *db, Arena *scratch, Submission *x)
{
    CasePlace place;
    TRY(case_link_add(db, x->case_id, x->info->round.id, x->key.id, &place));
    if (place == CASE_HELD)
        return OK;
    x->flagged     = true;
    x->flag_reason = S("case_twice");
    TRY(record_delete(db, x));
    return submission_add(db, scratch, x);
}

static Err settle_page(Db *db, Arena *scratch, Submission *x)
{
    bool limited = x->has_device && x->info->round.device_limit > 0, good = true;
    if (limited)
        TRY(device_turn_take(db, x, &good));
    if (!good)
        return take_back(db, x, SUBMIT_DEVICE_LIMIT);
    if (x->draft)
        TRY(draft_drop(db, x, &good));
    if (good && x->case_id)
        TRY(link_case(db, scratch, x));
    if (good && x->desk && x->outcome == SUBMIT_STORED)
        TRY(desk_count(db, x->desk, x->channel == CHANNEL_KIOSK, x->day));
    if (good)
        return x->draft && x->outcome == SUBMIT_STORED ? draft_files_send(db, x->draft, x->key.id, x->day, &x->files) : OK;
    if (limited)
        TRY(device_turn_give(db, x));
    return take_back(db, x, SUBMIT_DRAFT_GONE);
}

/* Codes of cases are no secret and pages and interface ask for no right: an answer that names a case closes none, it is marked. */
static Err mark_case(Db *db, Arena *scratch, Submission *x, int64_t *out_named)
{
    Str flag = S("");
    if (x->case_code.len)
        TRY(case_claim(db, scratch, x->cases, x->info->round.id, x->case_code, out_named, &flag));
    if (!*out_named && !flag.len)
        return OK;
    x->flagged     = true;
    x->flag_reason = flag.len ? flag : S("case_claimed");
    return OK;
}

/* An id that is there decides first; then the code; then the record. */
static Err settle_coded(Db *db, Arena *scratch, Submission *x)
{
    bool spent = false;
    TRY(submission_known(db, x, &x->outcome));
    if (x->outcome != SUBMIT_WAITING)
        return OK;
    TRY(code_spend(db, x, &spent));
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
    int64_t named = 0;
    if (x->inserted == 0) {            /* its place is another's, or was given back by an item before it in this batch; or it names a case */
        TRY(mark_case(db, scratch, x, &named));
        TRY(insert_now(db, scratch, x));
    }
    x->outcome = SUBMIT_STORED;
    if (x->draft || x->has_device)
        TRY(settle_page(db, scratch, x));
    return named && x->outcome == SUBMIT_STORED ? claim_note(db, named, x->info->round.id, x->key.id) : OK;
}

Err submission_insert(Db *db, Arena *scratch, Submission **items, size_t n)
{
    AUTO_STMT q = record_insert(db);
    for (size_t i = 0; i < n; i++) {
        record_bind(q, items[i]);
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
    AUTO_STMT q = record_insert(db);
    for (size_t i = 0; i < n; i++)
        if (all[i]->outcome == SUBMIT_WAITING && all[i]->info->round.identity == IDENTITY_OPEN && !all[i]->case_code.len) {
            record_bind(q, all[i]);
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

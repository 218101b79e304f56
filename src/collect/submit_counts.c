/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Live counters stay in memory between batches. A row changed by somebody else (a withdrawal, another node) shows in
 * its revision: the copy is then read again and the batch added anew. */
#include "collect/submit_counts.h"

#include <pthread.h>

enum { TABLE = 8192, MOST = 4096 };

typedef struct Cached { RoundId round; RoundCounts c; struct Cached *next_changed; bool changed; } Cached;

static Cached *table[TABLE];
static size_t  used;
static Arena   keep;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;    /* the collector comes here, and a bulk load */

static void forget(void)
{
    memset(table, 0, sizeof table);
    used = 0;
    if (keep.base)
        arena_reset(&keep, 1 << 20);
}

void submission_forget_counts(void)
{
    pthread_mutex_lock(&lock);
    forget();
    pthread_mutex_unlock(&lock);
}

static size_t place(RoundId round, UnitId unit)
{
    uint64_t h = ((uint64_t)round.v * 0x9E3779B97F4A7C15u) ^ ((uint64_t)unit.v * 0xC2B2AE3D27D4EB4Fu);
    return (size_t)(h >> 32) % TABLE;
}

static void widen(RoundCounts *c, int slots)
{
    if (c->slots >= slots)
        return;
    int64_t *options = arena_new(&keep, int64_t, slots);
    if (c->slots)
        memcpy(options, c->options, (size_t)c->slots * sizeof *options);
    c->options = options;
    c->slots   = slots;
}

static Err counts_of(Db *db, const RoundInfo *info, UnitId unit, Cached **out)
{
    size_t at = place(info->round.id, unit);
    for (; table[at]; at = (at + 1) % TABLE)
        if (table[at]->round.v == info->round.id.v && table[at]->c.unit.v == unit.v) {
            *out = table[at];
            return OK;
        }
    RoundCounts c;
    TRY(round_counts(db, &keep, info->round.id, unit, &c));
    widen(&c, info->slots.total);
    Cached *one = arena_new(&keep, Cached, 1);
    one->round  = info->round.id;
    one->c      = c;
    table[at]   = one;
    used++;
    *out = one;
    return OK;
}

/* One change of one row of counters. Kept until the rows are saved: a row that somebody else changed is read again
 * and its steps are taken anew. */
typedef struct Step { RoundId round; UnitId unit; CountedAnswer what; int sign; const uint64_t *sum; } Step;
typedef LIST(Step) Steps;

static void take_step(RoundCounts *c, const Step *s)
{
    counts_add(&keep, c, &s->what, s->sign);
    for (int i = 0; i < 4 && s->sum; i++)
        c->sum[i] += s->sum[i];
}

/* The audit chain covers every answer by one record a round and day, written with the first answer of a later day,
 * so that no record ties an answer to a moment. */
static Err seal_day(Db *db, Arena *scratch, const Submission *x, const RoundCounts *c)
{
    if (c->days.len == 0 || c->days.at[c->days.len - 1].day.day >= x->day.day)
        return OK;
    Str day = date_iso(scratch, c->days.at[c->days.len - 1].day);
    AuditEvent e = {
        .at = date_start(x->day), .actor_name = S("system"), .unit = x->info->round.owner, .action = S("round.seal"),
        .object = arena_fmt(scratch, "round:%lld", (long long)x->info->round.id.v),
        .detail = arena_fmt(scratch, "{\"day\":\"%.*s\",\"stored\":%lld,\"withdrawn\":%lld,\"sum\":\"%.*s\"}", STR_ARG(day),
                            (long long)c->stored, (long long)c->withdrawn, STR_ARG(str_hex(scratch, c->sum, sizeof c->sum))),
    };
    TRY(collect_tidy(db, x->at));
    return audit_append(db, scratch, &e);
}

/* The step in its row. With the first one of a batch on a round's row the days before are sealed. */
static Err add_step(Db *db, Arena *scratch, const RoundInfo *info, Step s, Steps *all, Cached **changed, const Submission *sealing)
{
    Cached *one;
    TRY(counts_of(db, info, s.unit, &one));
    if (!one->changed) {
        if (sealing)
            TRY(seal_day(db, scratch, sealing, &one->c));
        one->changed      = true;
        one->next_changed = *changed;
        *changed          = one;
    }
    take_step(&one->c, &s);
    *list_add(scratch, all) = s;
    return OK;
}

static Err count_one(Db *db, Arena *scratch, const Submission *x, Steps *all, Cached **changed)
{
    CountedAnswer what = { .day = x->day, .channel = x->channel, .flagged = x->flagged, .left_out = x->left_out.len != 0,
                           .slots = x->slots, .slot_count = x->slot_count };
    RoundId round = x->info->round.id;
    TRY(add_step(db, scratch, x->info, (Step){ round, { 0 }, what, 1, x->sealed }, all, changed, x));
    return x->unit.v ? add_step(db, scratch, x->info, (Step){ round, x->unit, what, 1, NULL }, all, changed, NULL) : OK;
}

static Err save_one(Db *db, Arena *scratch, Cached *one, const Steps *all)
{
    bool kept;
    TRY(counts_save(db, scratch, one->round, &one->c, &kept));
    if (kept)
        return OK;
    int slots = one->c.slots;
    TRY(round_counts(db, &keep, one->round, one->c.unit, &one->c));
    widen(&one->c, slots);
    for (size_t i = 0; i < all->len; i++)
        if (all->at[i].round.v == one->round.v && all->at[i].unit.v == one->c.unit.v)
            take_step(&one->c, &all->at[i]);
    TRY(counts_save(db, scratch, one->round, &one->c, &kept));
    return kept ? OK : err_new(db_arena(db), ERR_BUSY, S("the counters change under the batch"));
}

static Err save_changed(Db *db, Arena *scratch, Cached *changed, const Steps *all)
{
    for (Cached *one = changed; one; one = one->next_changed) {
        one->changed = false;
        TRY(save_one(db, scratch, one, all));
    }
    return OK;
}

static void keep_ready(void)
{
    if (!keep.base)
        keep = arena_open((size_t)1 << 32);
    if (used > MOST || arena_used(&keep) > (size_t)256 << 20)
        forget();
}

typedef struct Batch { Db *db; Arena *scratch; Submission **items; RecordChange *changes; size_t n; } Batch;

/* Under the lock; a failure forgets every copy. */
static Err run_guarded(Arena *scratch, Err (*work)(void *), Batch *b)
{
    pthread_mutex_lock(&lock);
    Err e = arena_guarded(scratch, work, b);
    if (e)
        forget();
    pthread_mutex_unlock(&lock);
    return e;
}

static Err count_batch(void *at)
{
    Batch  *b       = at;
    Cached *changed = NULL;
    Steps   all     = { 0 };
    keep_ready();
    for (size_t i = 0; i < b->n; i++)
        if (b->items[i]->outcome == SUBMIT_STORED)
            TRY(count_one(b->db, b->scratch, b->items[i], &all, &changed));
    return save_changed(b->db, b->scratch, changed, &all);
}

Err submissions_count(Db *db, Arena *scratch, Submission **items, size_t n)
{
    return run_guarded(scratch, count_batch, &(Batch){ db, scratch, items, NULL, n });
}

/* ---- Changes of stored records ---------------------------------------------------------------------------- */
Err record_change_load(Db *db, Arena *a, SubmissionId id, RecordChange *out)
{
    SealedRecord r;
    TRY(sealed_load(db, a, id, &r));
    *out = (RecordChange){ .id = id, .answers = r.answers, .unit = r.unit, .flagged = r.flagged, .flag_reason = r.flag_reason, .left_out = r.left_out };
    return OK;
}

/* What counts of it: cleaning may have corrected it or taken it out. */
static Err counted_of(Arena *a, const RoundInfo *info, const SealedRecord *r, const RecordState *state, CountedAnswer *out, UnitId *out_unit)
{
    FormAnswers x = form_answers_new(a, info->program);
    *out      = (CountedAnswer){ .flagged = r->flagged, .left_out = r->left_out.len != 0 || state->excluded };
    *out_unit = state->revision ? state->unit : r->unit;
    TRY(record_read(a, info->program, state->answers.len ? state->answers : r->answers, &x));
    out->slot_count = counts_slots_of(&info->slots, info->program, &x, a, &out->slots);
    return date_parse(r->day, &out->day) && channel_parse(r->channel, &out->channel) ? OK : err_new(a, ERR_INTERNAL, S("damaged record"));
}

static SealedRecord changed_record(const SealedRecord *before, const RecordChange *x)
{
    SealedRecord after = *before;
    after.answers      = x->answers;
    after.unit         = x->unit;
    after.flagged      = x->flagged;
    after.flag_reason  = x->flag_reason;
    if (!x->keeps_count)
        after.left_out = x->left_out;
    return after;
}

static Err change_one(Db *db, Arena *scratch, const RecordChange *x, Steps *all, Cached **changed)
{
    SealedRecord  before, after;
    RecordState   state;
    CountedAnswer was, is;
    UnitId        from, to;
    RoundId       round = x->info->round.id;
    TRY(sealed_load(db, scratch, x->id, &before));
    if (before.withdrawn)
        return OK;
    after = changed_record(&before, x);
    TRY(state_load(db, scratch, x->id, before.unit, &state));
    TRY(counted_of(scratch, x->info, &before, &state, &was, &from));
    TRY(counted_of(scratch, x->info, &after, &state, &is, &to));
    TRY(sealed_update(db, &after));
    uint64_t *delta = arena_new(scratch, uint64_t, 4);
    sum_add(delta, x->keys, &before, -1);
    sum_add(delta, x->keys, &after, 1);
    TRY(add_step(db, scratch, x->info, (Step){ round, { 0 }, was, -1, NULL }, all, changed, NULL));
    TRY(add_step(db, scratch, x->info, (Step){ round, { 0 }, is, 1, delta }, all, changed, NULL));
    if (from.v)
        TRY(add_step(db, scratch, x->info, (Step){ round, from, was, -1, NULL }, all, changed, NULL));
    return to.v ? add_step(db, scratch, x->info, (Step){ round, to, is, 1, NULL }, all, changed, NULL) : OK;
}

static Err change_batch(void *at)
{
    Batch  *b       = at;
    Cached *changed = NULL;
    Steps   all     = { 0 };
    keep_ready();
    for (size_t i = 0; i < b->n; i++)
        TRY(change_one(b->db, b->scratch, &b->changes[i], &all, &changed));
    return save_changed(b->db, b->scratch, changed, &all);
}

Err records_change(Db *db, Arena *scratch, RecordChange *items, size_t n)
{
    return n ? run_guarded(scratch, change_batch, &(Batch){ db, scratch, NULL, items, n }) : OK;
}

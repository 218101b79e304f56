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

static CountedAnswer counted(const Submission *x)
{
    return (CountedAnswer){ x->day, x->channel, x->flagged, x->slots, x->slot_count };
}

static void add(RoundCounts *c, const Submission *x)
{
    CountedAnswer what = counted(x);
    counts_add(&keep, c, &what, 1);
    for (int i = 0; i < 4 && c->unit.v == 0; i++)
        c->sum[i] += x->sealed[i];
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

static Err count_one(Db *db, Arena *scratch, const Submission *x, Cached **changed)
{
    UnitId units[2] = { { 0 }, x->unit };
    for (int i = 0; i < (x->unit.v ? 2 : 1); i++) {
        Cached *one;
        TRY(counts_of(db, x->info, units[i], &one));
        if (!one->changed) {
            if (i == 0)
                TRY(seal_day(db, scratch, x, &one->c));
            one->changed      = true;
            one->next_changed = *changed;
            *changed          = one;
        }
        add(&one->c, x);
    }
    return OK;
}

static Err save_one(Db *db, Arena *scratch, Cached *one, Submission **items, size_t n)
{
    bool kept;
    TRY(counts_save(db, scratch, one->round, &one->c, &kept));
    if (kept)
        return OK;
    int slots = one->c.slots;
    TRY(round_counts(db, &keep, one->round, one->c.unit, &one->c));
    widen(&one->c, slots);
    for (size_t i = 0; i < n; i++) {
        const Submission *x = items[i];
        if (x->outcome == SUBMIT_STORED && x->info->round.id.v == one->round.v &&
            (one->c.unit.v == 0 || one->c.unit.v == x->unit.v))
            add(&one->c, x);
    }
    TRY(counts_save(db, scratch, one->round, &one->c, &kept));
    return kept ? OK : err_new(db_arena(db), ERR_BUSY, S("the counters change under the batch"));
}

static Err count_all(Db *db, Arena *scratch, Submission **items, size_t n)
{
    Cached *changed = NULL;
    if (!keep.base)
        keep = arena_open((size_t)1 << 32);
    if (used > MOST || arena_used(&keep) > (size_t)256 << 20)
        forget();
    for (size_t i = 0; i < n; i++)
        if (items[i]->outcome == SUBMIT_STORED)
            TRY(count_one(db, scratch, items[i], &changed));
    for (Cached *one = changed; one; one = one->next_changed) {
        one->changed = false;
        TRY(save_one(db, scratch, one, items, n));
    }
    return OK;
}

typedef struct Batch { Db *db; Arena *scratch; Submission **items; size_t n; } Batch;

static Err count_batch(void *at)
{
    Batch *b = at;
    return count_all(b->db, b->scratch, b->items, b->n);
}

Err batch_count(Db *db, Arena *scratch, Submission **items, size_t n)
{
    pthread_mutex_lock(&lock);
    Err e = arena_guarded(scratch, count_batch, &(Batch){ db, scratch, items, n });
    if (e)
        forget();
    pthread_mutex_unlock(&lock);
    return e;
}

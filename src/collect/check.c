/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers against their hashes, counters and sums against the answers: for `thuocdo check`. */
#include "collect/parts.h"

typedef struct Recount {
    Arena keep; const CollectKeys *keys; const RoundInfo *info; StoreFaults *faults;
    RoundCountsList rows;             /* whole round first */
    RecordStates states; size_t next_state;
} Recount;

static void fault(Recount *r, Arena *a, const char *what, int64_t id)
{
    *list_add(a, r->faults) = arena_fmt(a, "round %.*s: %s (%lld)", STR_ARG(r->info->round.code), what, (long long)id);
}

static RoundCounts *counted_unit(Recount *r, Arena *a, UnitId unit)
{
    for (size_t i = 0; i < r->rows.len; i++)
        if (r->rows.at[i].unit.v == unit.v)
            return &r->rows.at[i];
    RoundCounts *c = list_add(a, &r->rows);
    *c = (RoundCounts){ .unit = unit, .slots = r->info->slots.total, .options = arena_new(a, int64_t, (size_t)r->info->slots.total + 1) };
    return c;
}

/* Records come by id, as the states do. */
static const RecordState *state_of(Recount *r, SubmissionId id)
{
    while (r->next_state < r->states.len && r->states.at[r->next_state].id.v < id.v)
        r->next_state++;
    return r->next_state < r->states.len && r->states.at[r->next_state].id.v == id.v ? &r->states.at[r->next_state] : NULL;
}

static Err recount_one(Recount *r, Arena *keep, Arena work, const SealedRecord *x)
{
    FormAnswers   answers = form_answers_new(&work, r->info->program);
    CountedAnswer what    = { .flagged = x->flagged, .left_out = x->left_out.len != 0 };
    RoundCounts  *all     = counted_unit(r, keep, (UnitId){ 0 });
    sum_add(all->sum, r->keys, x, 1);
    const RecordState *state = state_of(r, x->id);
    if (state)
        state_sum_add(all->sum, r->keys, state, 1);
    if (x->withdrawn) {
        all->withdrawn++;
        if (x->unit.v)
            counted_unit(r, keep, x->unit)->withdrawn++;
        return OK;
    }
    if (state && state->excluded)
        return OK;
    Str    json = state && state->answers.len ? state->answers : x->answers;
    UnitId unit = state ? state->unit : x->unit;
    if (record_read(&work, r->info->program, json, &answers) || !date_parse(x->day, &what.day) || !channel_parse(x->channel, &what.channel)) {
        fault(r, keep, "an answer cannot be read", x->id.v);
        return OK;
    }
    what.slot_count = counts_slots_of(&r->info->slots, r->info->program, &answers, &work, &what.slots);
    counts_add(keep, counted_unit(r, keep, (UnitId){ 0 }), &what, 1);
    if (unit.v)
        counts_add(keep, counted_unit(r, keep, unit), &what, 1);
    return OK;
}

typedef struct Reading { Recount *r; Arena *a, work; } Reading;

static Err check_record(void *self, Stmt *q)
{
    Reading     *x = self;
    SealedRecord record;
    sealed_read(q, &x->work, &record);
    Str    body = col_blob(q, SEALED_BODY);
    Sha256 sum  = sha256(body);
    if (record.withdrawn ? body.len != 0 : !str_eq(record.sha256, (Str){ (const char *)sum.at, 32 }))
        fault(x->r, x->a, "the bytes of an answer were changed", record.id.v);
    TRY(recount_one(x->r, x->a, x->work, &record));
    arena_reset(&x->work, 1 << 16);
    return OK;
}

static Err check_records(Db *db, Arena *a, Recount *r)
{
    Reading x = { r, a, arena_open((size_t)1 << 28) };
    Err     e = sealed_each(db, r->info->round.id, check_record, &x);
    arena_close(&x.work);
    return e;
}

static bool same_counts(const RoundCounts *x, const RoundCounts *y)
{
    if (x->stored != y->stored || x->flagged != y->flagged || x->withdrawn != y->withdrawn)
        return false;
    for (int i = 0; i < x->slots || i < y->slots; i++)
        if ((i < x->slots ? x->options[i] : 0) != (i < y->slots ? y->options[i] : 0))
            return false;
    return true;
}

/* Days whose counts were all withdrawn may stand with zeros. */
static bool same_days(const RoundCounts *x, const RoundCounts *y)
{
    for (size_t i = 0; i < x->days.len; i++)
        for (int k = 0; k < CHANNEL_COUNT; k++) {
            int64_t other = 0;
            for (size_t j = 0; j < y->days.len; j++)
                if (y->days.at[j].day.day == x->days.at[i].day.day)
                    other = y->days.at[j].n[k];
            if (x->days.at[i].n[k] != other)
                return false;
        }
    return true;
}

static Err check_counts(Db *db, Arena *a, Recount *r)
{
    RoundCountsList kept;
    TRY(round_counts_list(db, a, r->info->round.id, &kept));
    for (size_t i = 0; i < kept.len; i++) {
        RoundCounts *want = counted_unit(r, a, kept.at[i].unit), *got = &kept.at[i];
        if (!same_counts(got, want) || !same_days(got, want) || !same_days(want, got))
            fault(r, a, "the counters differ from the answers; unit", got->unit.v);
        if (got->unit.v == 0 && memcmp(got->sum, want->sum, sizeof want->sum) != 0)
            fault(r, a, "an answer was changed, added or removed outside the program; round", r->info->round.id.v);
    }
    for (size_t i = 0; i < r->rows.len; i++) {
        bool found = r->rows.at[i].stored == 0 && r->rows.at[i].withdrawn == 0;
        for (size_t j = 0; j < kept.len; j++)
            found |= kept.at[j].unit.v == r->rows.at[i].unit.v;
        if (!found)
            fault(r, a, "counters are missing; unit", r->rows.at[i].unit.v);
    }
    return OK;
}

Err collect_check(Db *db, Store *s, Arena *a, const AppInfo *app, StoreFaults *out)
{
    Rounds  rounds;
    int64_t strays;
    TRY(round_list(db, a, &rounds));
    TRY(submission_strays(db, &strays));
    if (strays)
        *list_add(a, out) = arena_fmt(a, "%lld answers lie outside their round", (long long)strays);
    for (size_t i = 0; i < rounds.len; i++) {
        Recount r = { .keys = collect_keys(app), .faults = out };
        TRY(round_info(db, s, a, rounds.at[i].code, &r.info));
        TRY(states_list(db, a, r.info->round.id, &r.states));
        TRY(check_records(db, a, &r));
        TRY(check_counts(db, a, &r));
    }
    return OK;
}

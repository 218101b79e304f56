/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers against their hashes, counters and sums against the answers: for `thuocdo check`. */
#include "collect/parts.h"

typedef struct Recount {
    Arena keep; const CollectKeys *keys; const RoundInfo *info; StoreFaults *faults;
    RoundCountsList rows;             /* whole round first */
    LIST(RecordState) states; size_t next_state;      /* of cleaned records, by id */
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

static Err load_states(Db *db, Arena *a, Recount *r)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " STATE_COLUMNS " FROM record_states WHERE submission_id BETWEEN $1 AND $2 ORDER BY submission_id"));
    TRY(round_id_range(q, db, r->info->round.id, 1));
    while (db_row(q))
        state_read(q, a, 0, list_add(a, &r->states));
    return db_done(q);
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

static Err check_records(Db *db, Arena *a, Recount *r)
{
    AUTO_STMT q = db_prepare_large(db, SQL("SELECT " SEALED_COLUMNS ", body FROM submissions WHERE id BETWEEN $1 AND $2 ORDER BY id"));
    TRY(round_id_range(q, db, r->info->round.id, 1));
    Arena work = arena_open((size_t)1 << 28);
    Err   e    = OK;
    while (!e && db_row(q)) {
        SealedRecord x;
        sealed_read(q, &work, &x);
        Str    body = col_blob(q, 15);
        Sha256 sum  = sha256(body);
        if (x.withdrawn ? body.len != 0 : !str_eq(x.sha256, (Str){ (const char *)sum.at, 32 }))
            fault(r, a, "the bytes of an answer were changed", x.id.v);
        e = recount_one(r, a, work, &x);
        arena_reset(&work, 1 << 16);
    }
    arena_close(&work);
    TRY(e);
    return db_done(q);
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

static Err check_strays(Db *db, Arena *a, StoreFaults *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT COUNT(*) FROM submissions s WHERE NOT EXISTS (SELECT 1 FROM rounds r WHERE r.id = s.round_id "
        "AND s.id BETWEEN r.slot * 4398046511104 AND r.slot * 4398046511104 + 4398046511103)"));
    int64_t n = db_row(q) ? col_int(q, 0) : 0;
    TRY(db_done(q));
    if (n)
        *list_add(a, out) = arena_fmt(a, "%lld answers lie outside their round", (long long)n);
    return OK;
}

Err collect_check(Db *db, Store *s, Arena *a, const AppInfo *app, StoreFaults *out)
{
    Rounds rounds;
    TRY(round_list(db, a, &rounds));
    TRY(check_strays(db, a, out));
    for (size_t i = 0; i < rounds.len; i++) {
        Recount r = { .keys = collect_keys(app), .faults = out };
        TRY(round_info(db, s, a, rounds.at[i].code, &r.info));
        TRY(load_states(db, a, &r));
        TRY(check_records(db, a, &r));
        TRY(check_counts(db, a, &r));
    }
    return OK;
}

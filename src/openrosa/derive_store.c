/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was made from a record's bytes, saved: findings and times are written anew, answers and counters changed. */
#include "openrosa/parts.h"

static bool same_flags(const FlagRows *stored, const FlagRows *made)
{
    size_t n = 0, found = 0;
    for (size_t i = 0; i < stored->len; i++)
        n += stored->at[i].by_check;
    for (size_t k = 0; k < made->len; k++)
        for (size_t i = 0; i < stored->len; i++) {
            const FlagRow *x = &stored->at[i], *y = &made->at[k];
            found += x->by_check && str_eq(x->flag, y->flag) && str_eq(x->node, y->node) && str_eq(x->place, y->place) &&
                     str_eq(x->expected, y->expected) && str_eq(x->found, y->found);
        }
    return n == made->len && found == n;
}

static Err delete_flags(Db *db, SubmissionId id)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM submission_flags WHERE submission_id = $1 AND by_check = 1"));
    bind_int(q, 1, id.v);
    return db_run(q);
}

static Err insert_flags(Db *db, SubmissionId id, const FlagRows *flags)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO submission_flags (submission_id, flag, node, place, by_check, expected, found) "
                                     "VALUES ($1, $2, $3, $4, 1, $5, $6) ON CONFLICT DO NOTHING"));
    for (size_t i = 0; i < flags->len; i++) {
        bind_int(q, 1, id.v);
        bind_str(q, 2, flags->at[i].flag);
        bind_str(q, 3, flags->at[i].node);
        bind_str(q, 4, flags->at[i].place);
        bind_str(q, 5, flags->at[i].expected);
        bind_str(q, 6, flags->at[i].found);
        TRY(db_run(q));
    }
    return OK;
}

static Err save_times(Db *db, const Derived *d)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO field_times (submission_id, interview_ms, pause_ms, pauses, revisits, night, started_at, ended_at, questions) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (submission_id) DO UPDATE SET interview_ms = excluded.interview_ms, "
        "pause_ms = excluded.pause_ms, pauses = excluded.pauses, revisits = excluded.revisits, night = excluded.night, "
        "started_at = excluded.started_at, ended_at = excluded.ended_at, questions = excluded.questions"));
    bind_int(q, 1, d->id.v);
    bind_int(q, 2, d->times.interview_ms);
    bind_int(q, 3, d->times.pause_ms);
    bind_int(q, 4, d->times.pauses);
    bind_int(q, 5, d->times.revisits);
    bind_int(q, 6, d->times.night);
    bind_time(q, 7, d->times.started_at);
    bind_time(q, 8, d->times.ended_at);
    bind_str(q, 9, d->times_json);
    return db_run(q);
}

static Err same_times(Db *db, const Derived *d, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT interview_ms, questions FROM field_times WHERE submission_id = $1"));
    bool      found = false, same = false;
    bind_int(q, 1, d->id.v);
    while (db_row(q)) {
        found = true;
        same  = d->has_times && col_int(q, 0) == d->times.interview_ms && str_eq(col_str(q, 1), d->times_json);
    }
    TRY(db_done(q));
    *out = found ? same : !d->has_times;
    return OK;
}

/* Posts that came after the bytes were read leave it waiting. */
static Err mark_checked(Db *db, const Derived *d)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE field_records SET checked = $2 WHERE submission_id = $1"));
    bind_int(q, 1, d->id.v);
    bind_int(q, 2, d->posts);
    return db_run(q);
}

static RecordChange change_of(const Derived *d, const CollectKeys *k)
{
    return (RecordChange){ .info = d->info, .keys = k, .id = d->id, .answers = d->answers, .unit = d->unit, .flagged = d->flagged,
                           .flag_reason = d->flag_reason, .keeps_count = true };
}

/* Nothing is there to compare with. */
static Err apply_first(Db *db, const Derived *d)
{
    if (d->flags.len)
        TRY(insert_flags(db, d->id, &d->flags));
    return d->has_times ? save_times(db, d) : OK;
}

static Err apply_again(Db *db, Arena *a, const Derived *d, bool *out_changed)
{
    RecordChange was;
    FlagRows     stored;
    bool         flags_same, times_same;
    TRY(record_change_load(db, a, d->id, &was));
    TRY(field_flags(db, a, d->id, &stored));
    TRY(same_times(db, d, &times_same));
    flags_same = same_flags(&stored, &d->flags);
    if (!flags_same) {
        TRY(delete_flags(db, d->id));
        TRY(insert_flags(db, d->id, &d->flags));
    }
    if (!times_same)
        TRY(save_times(db, d));
    *out_changed = !flags_same || !times_same || !str_eq(was.answers, d->answers) || was.unit.v != d->unit.v || was.flagged != d->flagged ||
                   !str_eq(was.flag_reason, d->flag_reason);
    return OK;
}

static Err apply_one(Db *db, Arena *a, const CollectKeys *k, const Derived *d, RecordChanges *changes, bool *out_changed)
{
    *out_changed = d->first;
    TRY(d->first ? apply_first(db, d) : apply_again(db, a, d, out_changed));
    if (*out_changed)
        *list_add(a, changes) = change_of(d, k);
    return mark_checked(db, d);
}

Err derived_early(Db *db, Arena *a, const CollectKeys *k, SubmissionId id, const Derived *early, RecordChanges *changes)
{
    Derived d = *early;
    d.id = id;
    TRY(case_tie(db, a, &d));
    TRY(apply_first(db, &d));
    if (d.flags.len == early->flags.len)
        return OK;
    TRY(derived_unit(a, &d));                /* a change writes the unit too */
    *list_add(a, changes) = change_of(&d, k);
    return OK;
}

Err derived_apply(Db *db, Arena *a, const CollectKeys *k, Derived *items, size_t n, int64_t *out_changed)
{
    RecordChanges changes = { 0 };
    *out_changed = 0;
    for (size_t i = 0; i < n; i++) {
        bool changed;
        TRY(case_tie(db, a, &items[i]));
        TRY(apply_one(db, a, k, &items[i], &changes, &changed));
        *out_changed += changed;
    }
    return records_change(db, a, changes.at, changes.len);
}

/* ---- A finding about the case, when another answer goes or comes back ------------------------------------------- */
static Err is_of_phone(Db *db, SubmissionId id, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT 1 FROM field_records WHERE submission_id = $1"));
    bind_int(q, 1, id.v);
    *out = db_row(q);
    return db_done(q);
}

static Err drop_finding(Db *db, SubmissionId id)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM submission_flags WHERE submission_id = $1 AND flag = 'case_twice'"));
    bind_int(q, 1, id.v);
    return db_run(q);
}

static Err mark(Db *db, Arena *a, SubmissionId id, Str mark, Str *io_reason)
{
    bool ours;
    TRY(is_of_phone(db, id, &ours));
    if (!ours)
        return OK;
    TRY(drop_finding(db, id));
    if (mark.len) {
        FlagRows one = { 0 };
        *list_add(a, &one) = (FlagRow){ .flag = mark, .node = S("ma_mau"), .by_check = true };
        TRY(insert_flags(db, id, &one));
    }
    AUTO_STMT q = db_prepare(db, SQL("SELECT flag FROM submission_flags WHERE submission_id = $1 ORDER BY by_check, flag LIMIT 1"));
    bind_int(q, 1, id.v);
    *io_reason = db_row(q) ? arena_str(a, col_str(q, 0)) : S("");
    return db_done(q);
}

const RecordFollower openrosa_follower = { .mark = mark };

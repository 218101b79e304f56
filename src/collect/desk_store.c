/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of desks and of the visits at their machines. */
#include "collect/desk.h"

static Hash key_hash(const CollectKeys *k, Str key)
{
    return keyed_hash(k->draft, -1, key);              /* drafts of the pages hash with 0, visits with a desk's id */
}

Hash desk_draft_hash(const CollectKeys *k, const Desk *d, Str visit)
{
    return keyed_hash(k->draft, d->id, visit);
}

Err desk_add(Db *db, Arena *a, const CollectKeys *k, Desk *d, PersonId by, Time now, Str *out_key)
{
    Str  key  = random_code(a, DESK_KEY_LEN);
    Hash hash = key_hash(k, key);
    d->id     = id_random();
    d->poster = random_code(a, DESK_POSTER_LEN);
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO desks (id, round_id, name, key_hash, poster, rating, follow, given, made_at, made_by) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"));
    bind_int(q, 1, d->id);
    bind_int(q, 2, d->round.v);
    bind_str(q, 3, d->name);
    bind_blob(q, 4, hash_str(&hash));
    bind_str(q, 5, d->poster);
    bind_str(q, 6, d->rating);
    bind_str(q, 7, d->follow);
    bind_str(q, 8, d->given);
    bind_time(q, 9, now);
    bind_int(q, 10, by.v);
    TRY(db_run(q));
    *out_key = key;
    return OK;
}

Err desk_renew(Db *db, Arena *a, const CollectKeys *k, int64_t id, Str *out_key)
{
    Str       key  = random_code(a, DESK_KEY_LEN);
    Hash      hash = key_hash(k, key);
    AUTO_STMT q    = db_prepare(db, SQL("UPDATE desks SET key_hash = $1, revoked_at = NULL, revoked_by = 0 WHERE id = $2"));
    bind_blob(q, 1, hash_str(&hash));
    bind_int(q, 2, id);
    TRY(db_run(q));
    *out_key = key;
    return OK;
}

Err desk_revoke(Db *db, int64_t id, PersonId by, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE desks SET revoked_at = $1, revoked_by = $2 WHERE id = $3 AND revoked_at IS NULL"));
    bind_time(q, 1, now);
    bind_int(q, 2, by.v);
    bind_int(q, 3, id);
    return db_run(q);
}

#define DESK_SELECT "SELECT id, round_id, name, poster, rating, follow, given, made_at, revoked_at, seen_at, by_machine, by_phone, day, today FROM desks "

static Err desks_of(Stmt *q, Arena *a, Desks *out)
{
    *out = (Desks){ 0 };
    while (db_row(q)) {
        Desk *d = list_add(a, out);
        *d = (Desk){ .id = col_int(q, 0), .round = { col_int(q, 1) }, .name = arena_str(a, col_str(q, 2)), .poster = arena_str(a, col_str(q, 3)),
                     .rating = arena_str(a, col_str(q, 4)), .follow = arena_str(a, col_str(q, 5)), .given = arena_str(a, col_str(q, 6)),
                     .made_at = col_time(q, 7), .revoked_at = col_time(q, 8), .seen_at = col_time(q, 9), .by_machine = col_int(q, 10),
                     .by_phone = col_int(q, 11), .day = DATE_NONE, .today = col_int(q, 13) };
        if (!date_parse(col_str(q, 12), &d->day))
            d->day = DATE_NONE;
    }
    return db_done(q);
}

static Err one_desk(Stmt *q, Arena *a, Desk *out)
{
    Desks found;
    TRY(desks_of(q, a, &found));
    if (!found.len)
        return err_new(a, ERR_NOT_FOUND, S("desk"));
    *out = found.at[0];
    return OK;
}

Err desk_list(Db *db, Arena *a, RoundId round, Desks *out)
{
    AUTO_STMT q = db_prepare(db, SQL(DESK_SELECT "WHERE round_id = $1 ORDER BY name, id LIMIT 1000"));
    bind_int(q, 1, round.v);
    return desks_of(q, a, out);
}

Err desk_load(Db *db, Arena *a, RoundId round, int64_t id, Desk *out)
{
    AUTO_STMT q = db_prepare(db, SQL(DESK_SELECT "WHERE id = $1 AND round_id = $2"));
    bind_int(q, 1, id);
    bind_int(q, 2, round.v);
    return one_desk(q, a, out);
}

Err desk_by_key(Db *db, Arena *a, const CollectKeys *k, Str key, Desk *out)
{
    Hash      hash = key_hash(k, key);
    AUTO_STMT q    = db_prepare(db, SQL(DESK_SELECT "WHERE key_hash = $1 AND revoked_at IS NULL"));
    bind_blob(q, 1, hash_str(&hash));
    return one_desk(q, a, out);
}

Err desk_by_poster(Db *db, Arena *a, RoundId round, Str poster, Desk *out)
{
    AUTO_STMT q = db_prepare(db, SQL(DESK_SELECT "WHERE poster = $1 AND round_id = $2 AND revoked_at IS NULL"));
    bind_str(q, 1, poster);
    bind_int(q, 2, round.v);
    return one_desk(q, a, out);
}

Err desk_seen(Db *db, int64_t id, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE desks SET seen_at = $1 WHERE id = $2 AND COALESCE(seen_at, 0) < $1"));
    bind_int(q, 1, now.ms - now.ms % MS_MINUTE);
    bind_int(q, 2, id);
    return db_run(q);
}

Err draft_of_visit(Db *db, Arena *a, const CollectKeys *k, const Desk *d, Str visit, Draft *out)
{
    return draft_by_token(db, a, desk_draft_hash(k, d, visit), out);
}

Err draft_touch(Db *db, int64_t draft, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE drafts SET saved_at = $1 WHERE id = $2"));
    bind_time(q, 1, now);
    bind_int(q, 2, draft);
    return db_run(q);
}

Err desk_count(Db *db, int64_t id, bool machine, Date day)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE desks SET by_machine = by_machine + $1, by_phone = by_phone + $2, "
                                     "today = CASE WHEN day = $3 THEN today ELSE 0 END + 1, day = $3 WHERE id = $4"));
    bind_int(q, 1, machine);
    bind_int(q, 2, !machine);
    bind_date(q, 3, day);
    bind_int(q, 4, id);
    return db_run(q);
}

Err due_visits(Db *db, Arena *a, Time now, DueVisits *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT d.id, d.desk_id, d.visit, d.answers, d.saved_at, r.code FROM drafts d JOIN rounds r ON r.id = d.round_id "
                                     "WHERE d.visit <> '' AND d.saved_at < $1 ORDER BY d.saved_at LIMIT 200"));
    bind_int(q, 1, now.ms - DESK_DUE_S * MS_SECOND);
    while (db_row(q))
        *list_add(a, out) = (Due){ { .id = col_int(q, 0), .desk = col_int(q, 1), .visit = arena_str(a, col_str(q, 2)),
                                     .answers_json = arena_str(a, col_str(q, 3)), .saved_at = col_time(q, 4) }, arena_str(a, col_str(q, 5)) };
    return db_done(q);
}

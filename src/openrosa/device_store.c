/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Phones and their rounds. Of a key only its SHA-256 is stored: 256 random bits need no slower hash. */
#include "openrosa/parts.h"

#define FOREVER "9999-12-31"
#define DEVICE_COLUMNS                                                                                          \
    "SELECT d.id, d.name, d.person_id, COALESCE(p.login, ''), d.from_day, d.to_day, CASE WHEN d.key_hash IS NULL THEN 0 ELSE 1 END, d.made_at, "  \
    "d.revoked_at, d.seen_at, d.revoke_reason FROM devices d LEFT JOIN people p ON p.id = d.person_id "

static void row_read(Arena *a, Stmt *q, Device *out)
{
    *out = (Device){ .id = { col_int(q, 0) }, .name = arena_str(a, col_str(q, 1)), .person = { col_int(q, 2) }, .login = arena_str(a, col_str(q, 3)),
                     .from = col_date(q, 4), .to = col_date(q, 5), .has_key = col_int(q, 6) != 0,
                     .made_at = col_time(q, 7), .revoked_at = col_time(q, 8), .seen_at = col_time(q, 9), .revoke_reason = arena_str(a, col_str(q, 10)) };
    if (str_eq(col_str(q, 5), S(FOREVER)))
        out->to = DATE_NONE;
}

static Err rows_read(Arena *a, Stmt *q, DeviceRows *out)
{
    DeviceRows rows = { 0 };
    while (db_row(q))
        row_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err one_row(Arena *a, Stmt *q, Device *out)
{
    DeviceRows rows;
    TRY(rows_read(a, q, &rows));
    if (!rows.len)
        return err_new(a, ERR_NOT_FOUND, S("device"));
    *out = rows.at[0];
    return OK;
}

Err device_list(Db *db, Arena *a, RoundId round, DeviceRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL(DEVICE_COLUMNS "JOIN device_rounds r ON r.device_id = d.id WHERE r.round_id = $1 ORDER BY d.name, d.id"));
    bind_int(q, 1, round.v);
    return rows_read(a, q, out);
}

Err device_load(Db *db, Arena *a, DeviceId id, Device *out)
{
    AUTO_STMT q = db_prepare(db, SQL(DEVICE_COLUMNS "WHERE d.id = $1"));
    bind_int(q, 1, id.v);
    return one_row(a, q, out);
}

Err device_by_key(Db *db, Arena *a, Str key, Device *out)
{
    Sha256    sum = sha256(key);
    AUTO_STMT q   = db_prepare(db, SQL(DEVICE_COLUMNS "WHERE d.key_hash = $1"));
    bind_blob(q, 1, (Str){ (const char *)sum.at, sizeof sum.at });
    return one_row(a, q, out);
}

Err device_of_person(Db *db, Arena *a, PersonId person, DeviceRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL(DEVICE_COLUMNS "WHERE d.person_id = $1 AND d.person_id <> 0 ORDER BY d.id"));
    bind_int(q, 1, person.v);
    return rows_read(a, q, out);
}

Err device_rounds(Db *db, Arena *a, DeviceId id, DeviceRoundRows *out)
{
    DeviceRoundRows rows = { 0 };
    AUTO_STMT       q    = db_prepare(db, SQL("SELECT d.round_id, f.form_id, r.code FROM device_rounds d JOIN rounds r ON r.id = d.round_id "
                                              "JOIN form_versions f ON f.id = r.form_id WHERE d.device_id = $1 ORDER BY d.round_id DESC"));
    bind_int(q, 1, id.v);
    while (db_row(q))
        *list_add(a, &rows) = (DeviceRound){ { col_int(q, 0) }, arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err device_seen(Db *db, DeviceId id, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE devices SET seen_at = $2 WHERE id = $1"));
    bind_int(q, 1, id.v);
    bind_time(q, 2, now);
    return db_run(q);
}

static Err insert_device(Db *db, const Device *d, const Sha256 *sum, PersonId by)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO devices (id, key_hash, name, person_id, from_day, to_day, made_at, made_by) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    bind_int(q, 1, d->id.v);
    if (sum)
        bind_blob(q, 2, (Str){ (const char *)sum->at, sizeof sum->at });
    else
        bind_null(q, 2);
    bind_str(q, 3, d->name);
    bind_int(q, 4, d->person.v);
    bind_date(q, 5, d->from);
    if (date_is_none(d->to))
        bind_str(q, 6, S(FOREVER));
    else
        bind_date(q, 6, d->to);
    bind_time(q, 7, d->made_at);
    bind_int(q, 8, by.v);
    return db_run(q);
}

Err device_add(Db *db, Arena *a, RoundId round, Device *d, PersonId by, Time now, Str *out_key)
{
    Round r;
    TRY(round_load(db, a, round, &r));
    Str    key = out_key ? random_token(a) : S("");
    Sha256 sum = sha256(key);
    d->id      = (DeviceId){ id_new() };
    d->made_at = now;
    d->has_key = out_key != NULL;
    TRY(insert_device(db, d, out_key ? &sum : NULL, by));
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO device_rounds (device_id, round_id) VALUES ($1, $2)"));
    bind_int(q, 1, d->id.v);
    bind_int(q, 2, r.id.v);
    TRY(db_run(q));
    if (out_key)
        *out_key = key;
    return OK;
}

Err device_revoke(Db *db, Arena *a, DeviceId id, PersonId by, Str reason, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE devices SET revoked_at = $2, revoked_by = $3, revoke_reason = $4 WHERE id = $1 AND revoked_at IS NULL"));
    bind_int(q, 1, id.v);
    bind_time(q, 2, now);
    bind_int(q, 3, by.v);
    bind_str(q, 4, reason);
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("the device is revoked already, or there is none"));
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keys of the systems that send events. Of a key only its SHA-256 is stored: 256 random bits need no slower hash. */
#include "service/service.h"

#define TOKEN_COLUMNS "SELECT id, name, unit_id, made_at, revoked_at, revoke_reason FROM service_tokens "

static Err rows_read(Stmt *q, Arena *a, ServiceTokens *out)
{
    ServiceTokens rows = { 0 };
    while (db_row(q))
        *list_add(a, &rows) = (ServiceToken){ col_int(q, 0), arena_str(a, col_str(q, 1)), { col_int(q, 2) }, col_time(q, 3), col_time(q, 4),
                                              arena_str(a, col_str(q, 5)) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err one_row(Stmt *q, Arena *a, ServiceToken *out)
{
    ServiceTokens rows;
    TRY(rows_read(q, a, &rows));
    if (!rows.len)
        return err_new(a, ERR_NOT_FOUND, S("key of a sending system"));
    *out = rows.at[0];
    return OK;
}

Err service_tokens(Db *db, Arena *a, ServiceTokens *out)
{
    AUTO_STMT q = db_prepare(db, SQL(TOKEN_COLUMNS "ORDER BY name, id"));
    return rows_read(q, a, out);
}

Err service_token_load(Db *db, Arena *a, int64_t id, ServiceToken *out)
{
    AUTO_STMT q = db_prepare(db, SQL(TOKEN_COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id);
    return one_row(q, a, out);
}

Err service_token_by_key(Db *db, Arena *a, Str key, ServiceToken *out)
{
    Sha256    sum = sha256(key);
    AUTO_STMT q   = db_prepare(db, SQL(TOKEN_COLUMNS "WHERE key_hash = $1 AND revoked_at IS NULL"));
    bind_blob(q, 1, (Str){ (const char *)sum.at, sizeof sum.at });
    return one_row(q, a, out);
}

Err service_token_add(Db *db, Arena *a, ServiceToken *t, PersonId by, Str *out_key)
{
    Str    key = random_token(a);
    Sha256 sum = sha256(key);
    t->id      = id_new();
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO service_tokens (id, key_hash, name, unit_id, made_by, made_at, revoke_reason) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, '')"));
    bind_int(q, 1, t->id);
    bind_blob(q, 2, (Str){ (const char *)sum.at, sizeof sum.at });
    bind_str(q, 3, t->name);
    bind_int(q, 4, t->unit.v);
    bind_int(q, 5, by.v);
    bind_time(q, 6, t->made_at);
    TRY(db_run(q));
    *out_key = key;
    return OK;
}

Err service_token_revoke(Db *db, Arena *a, int64_t id, PersonId by, Str reason, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE service_tokens SET revoked_at = $2, revoked_by = $3, revoke_reason = $4 WHERE id = $1 AND revoked_at IS NULL"));
    bind_int(q, 1, id);
    bind_time(q, 2, now);
    bind_int(q, 3, by.v);
    bind_str(q, 4, reason);
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("the key is revoked already"));
}

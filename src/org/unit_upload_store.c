/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Unit lists as received: kept for the preview, and as evidence of what was carried out. */
#include "org/unit_import.h"

Err unit_upload_save(Db *db, UnitUpload *u)
{
    u->id       = id_new();
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO unit_imports (id, made_at, person_id, file_name, body, scope_unit) "
                                     "VALUES ($1, $2, $3, $4, $5, $6)"));
    bind_int(q, 1, u->id);
    bind_time(q, 2, u->made_at);
    bind_int(q, 3, u->person.v);
    bind_str(q, 4, u->file_name);
    bind_blob(q, 5, u->body);
    bind_int(q, 6, u->scope.v);
    return db_run(q);
}

Err unit_upload_load(Db *db, Arena *a, int64_t id, UnitUpload *out)
{
    UnitUpload u = { 0 };
    AUTO_STMT q = db_prepare(
        db,
        SQL("SELECT id, made_at, applied_at, person_id, file_name, body, scope_unit FROM unit_imports WHERE id = $1"));
    bind_int(q, 1, id);
    while (db_row(q))
        u = (UnitUpload){ .id = col_int(q, 0),
                          .made_at = col_time(q, 1),
                          .applied_at = col_time(q, 2),
                          .person = { col_int(q, 3) },
                          .file_name = arena_str(a, col_str(q, 4)),
                          .body = arena_str(a, col_blob(q, 5)),
                          .scope = { col_int(q, 6) } };
    TRY(db_done(q));
    if (!u.id) return err_fmt(a, ERR_NOT_FOUND, "no unit list %lld", (long long)id);
    *out = u;
    return OK;
}

Err unit_upload_applied(Db *db, int64_t id, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE unit_imports SET applied_at = $1 WHERE id = $2 AND applied_at IS NULL"));
    bind_time(q, 1, now);
    bind_int(q, 2, id);
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(db_arena(db), ERR_CONFLICT, S("this list was carried out before"));
}

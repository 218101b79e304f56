/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of tables kept under a name. */
#include "desk/saved.h"

#define SAVED_COLUMNS "SELECT id, name, query, round_id, owner, shared, saved_at FROM desk_tables "

static void read_saved(Stmt *q, Arena *a, DeskSaved *out)
{
    *out = (DeskSaved){ .id = col_int(q, 0), .name = arena_str(a, col_str(q, 1)), .query = arena_str(a, col_str(q, 2)), .round = { col_int(q, 3) },
                        .owner = { col_int(q, 4) }, .shared = col_int(q, 5) != 0, .saved_at = col_time(q, 6) };
}

Err desk_saved_list(Db *db, Arena *a, PersonId reader, DeskSavedList *out)
{
    DeskSavedList list = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(SAVED_COLUMNS "WHERE owner = $1 OR shared = 1 ORDER BY name, id"));
    bind_int(q, 1, reader.v);
    while (db_row(q))
        read_saved(q, a, list_add(a, &list));
    TRY(db_done(q));
    *out = list;
    return OK;
}

Err desk_saved_load(Db *db, Arena *a, int64_t id, DeskSaved *out)
{
    AUTO_STMT q = db_prepare(db, SQL(SAVED_COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        read_saved(q, a, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("kept table"));
}

Err desk_saved_insert(Db *db, DeskSaved *s)
{
    s->id = id_new();
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO desk_tables (id, round_id, name, query, owner, shared, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"));
    bind_int(q, 1, s->id);
    bind_int(q, 2, s->round.v);
    bind_str(q, 3, s->name);
    bind_str(q, 4, s->query);
    bind_int(q, 5, s->owner.v);
    bind_int(q, 6, s->shared);
    bind_time(q, 7, s->saved_at);
    return db_run(q);
}

Err desk_saved_update(Db *db, const DeskSaved *s)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE desk_tables SET name = $1, shared = $2, saved_at = $3 WHERE id = $4"));
    bind_str(q, 1, s->name);
    bind_int(q, 2, s->shared);
    bind_time(q, 3, s->saved_at);
    bind_int(q, 4, s->id);
    return db_run(q);
}

Err desk_saved_remove(Db *db, int64_t id)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM desk_tables WHERE id = $1"));
    bind_int(q, 1, id);
    return db_run(q);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Templates of agencies and their versions. */
#include "report/console.h"

#define KEPT_COLUMNS "t.id, f.version, t.unit_id, t.title, t.retired, f.name, f.sha256, f.size, f.made_by, f.made_name, f.made_at"
#define KEPT_FROM    " FROM report_templates t JOIN report_template_files f ON f.template_id = t.id "

static void read_kept(Stmt *q, Arena *a, KeptTemplate *t)
{
    *t = (KeptTemplate){ .id = col_int(q, 0), .version = col_int(q, 1), .unit = { col_int(q, 2) }, .title = arena_str(a, col_str(q, 3)),
                         .retired = col_int(q, 4) != 0, .file_name = arena_str(a, col_str(q, 5)), .sha256 = arena_str(a, col_str(q, 6)), .size = col_int(q, 7),
                         .by = { col_int(q, 8) }, .by_name = arena_str(a, col_str(q, 9)), .at = col_time(q, 10) };
}

Err kept_list(Db *db, Arena *a, RightScope *scope, KeptTemplates *out)
{
    KeptTemplates all = { 0 };
    AUTO_STMT     q   = db_prepare(db, SQL("SELECT " KEPT_COLUMNS KEPT_FROM "WHERE f.version = t.version ORDER BY t.retired, t.title, t.id"));
    *out = (KeptTemplates){ 0 };
    while (db_row(q))
        read_kept(q, a, list_add(a, &all));
    TRY(db_done(q));
    for (size_t i = 0; i < all.len; i++)
        if (scope_reaches(scope, all.at[i].unit))
            *list_add(a, out) = all.at[i];
    return OK;
}

Err kept_load(Db *db, Arena *a, int64_t id, int64_t version, KeptTemplate *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " KEPT_COLUMNS KEPT_FROM
                                     "WHERE t.id = $1 AND f.version = CASE WHEN CAST($2 AS BIGINT) = 0 THEN t.version ELSE CAST($2 AS BIGINT) END"));
    bind_int(q, 1, id);
    bind_int(q, 2, version);
    bool found = db_row(q);
    if (found)
        read_kept(q, a, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("report template"));
}

Err kept_versions(Db *db, Arena *a, int64_t id, KeptTemplates *out)
{
    KeptTemplates rows = { 0 };
    AUTO_STMT     q    = db_prepare(db, SQL("SELECT " KEPT_COLUMNS KEPT_FROM "WHERE t.id = $1 ORDER BY f.version DESC"));
    bind_int(q, 1, id);
    while (db_row(q))
        read_kept(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err add_file(Db *db, const KeptTemplate *t)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO report_template_files (template_id, version, name, sha256, size, made_by, made_name, made_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    bind_int(q, 1, t->id);
    bind_int(q, 2, t->version);
    bind_str(q, 3, t->file_name);
    bind_str(q, 4, t->sha256);
    bind_int(q, 5, t->size);
    bind_int(q, 6, t->by.v);
    bind_str(q, 7, t->by_name);
    bind_time(q, 8, t->at);
    return db_run(q);
}

static Err add_template(Db *db, const KeptTemplate *t)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO report_templates (id, unit_id, title, version, retired, made_by, made_at) "
                                     "VALUES ($1, $2, $3, 1, 0, $4, $5)"));
    bind_int(q, 1, t->id);
    bind_int(q, 2, t->unit.v);
    bind_str(q, 3, t->title);
    bind_int(q, 4, t->by.v);
    bind_time(q, 5, t->at);
    return db_run(q);
}

Err kept_add(Db *db, KeptTemplate *t)
{
    t->id      = id_new();
    t->version = 1;
    TRY(add_template(db, t));
    return add_file(db, t);
}

static Err take_version(Db *db, Arena *a, const KeptTemplate *t)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE report_templates SET version = $2 + 1 WHERE id = $1 AND version = $2 RETURNING id"));
    bind_int(q, 1, t->id);
    bind_int(q, 2, t->version);
    bool taken = db_row(q);
    TRY(db_done(q));
    return taken ? OK : err_new(a, ERR_CONFLICT, S("another version was sent meanwhile"));
}

Err kept_add_version(Db *db, Arena *a, KeptTemplate *t)
{
    TRY(take_version(db, a, t));
    t->version++;
    return add_file(db, t);
}

Err kept_retire(Db *db, int64_t id, bool retired)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE report_templates SET retired = $2 WHERE id = $1"));
    bind_int(q, 1, id);
    bind_int(q, 2, retired);
    return db_run(q);
}

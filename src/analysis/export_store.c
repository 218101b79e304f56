/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of files made for download. */
#include "analysis/console.h"

#define EXPORT_COLUMNS "id, token, round_id, format, labels, records, size, sha256, made_by, made_name, made_at, expires_at, archive, chosen"

static void read_file(Stmt *q, Arena *a, ExportFile *f)
{
    *f = (ExportFile){ .id = col_int(q, 0), .token = arena_str(a, col_str(q, 1)), .round = { col_int(q, 2) }, .format = arena_str(a, col_str(q, 3)),
                       .labels = arena_str(a, col_str(q, 4)), .records = col_int(q, 5), .size = col_int(q, 6), .sha256 = arena_str(a, col_str(q, 7)),
                       .made_by = { col_int(q, 8) },
                       .made_name = arena_str(a, col_str(q, 9)), .made_at = col_time(q, 10), .expires_at = col_time(q, 11), .archive = col_int(q, 12) != 0,
                       .chosen = arena_str(a, col_str(q, 13)) };
}

Err export_file_list(Db *db, Arena *a, RoundId round, Time now, ExportFiles *out)
{
    ExportFiles files = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT " EXPORT_COLUMNS " FROM analysis_exports WHERE round_id = $1 AND expires_at > $2 ORDER BY made_at DESC, id DESC LIMIT 100"));
    bind_int(q, 1, round.v);
    bind_time(q, 2, now);
    while (db_row(q))
        read_file(q, a, list_add(a, &files));
    TRY(db_done(q));
    *out = files;
    return OK;
}

Err export_file_load(Db *db, Arena *a, int64_t id, ExportFile *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " EXPORT_COLUMNS " FROM analysis_exports WHERE id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        read_file(q, a, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("export"));
}

Err export_file_insert(Db *db, const ExportFile *f)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO analysis_exports (" EXPORT_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"));
    bind_int(q, 1, f->id);
    bind_str(q, 2, f->token);
    bind_int(q, 3, f->round.v);
    bind_str(q, 4, f->format);
    bind_str(q, 5, f->labels);
    bind_int(q, 6, f->records);
    bind_int(q, 7, f->size);
    bind_str(q, 8, f->sha256);
    bind_int(q, 9, f->made_by.v);
    bind_str(q, 10, f->made_name);
    bind_time(q, 11, f->made_at);
    bind_time(q, 12, f->expires_at);
    bind_int(q, 13, f->archive);
    bind_str(q, 14, f->chosen);
    return db_run(q);
}

Err export_files_expire(Db *db, Arena *a, Time now, StrList *out_tokens)
{
    StrList   tokens = { 0 };
    AUTO_STMT q      = db_prepare(db, SQL("SELECT token FROM analysis_exports WHERE expires_at <= $1"));
    bind_time(q, 1, now);
    while (db_row(q))
        *list_add(a, &tokens) = arena_str(a, col_str(q, 0));
    TRY(db_done(q));
    AUTO_STMT d = db_prepare(db, SQL("DELETE FROM analysis_exports WHERE expires_at <= $1"));
    bind_time(d, 1, now);
    TRY(db_run(d));
    *out_tokens = tokens;
    return OK;
}

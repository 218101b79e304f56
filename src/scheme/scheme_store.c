/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes and their versions in the database. */
#include "scheme/store.h"

#include "base/embed.h"

#include <math.h>

#define COLUMNS "SELECT id, unit_id, code, title, year, unit_kind, label, points, criteria, leaves, version, copied_from, made_by, made_at, locked_by, " \
                "locked_at FROM schemes "

static void row_read(Arena *a, Stmt *q, SchemeRow *out)
{
    *out = (SchemeRow){ .id = { col_int(q, 0) }, .unit = { col_int(q, 1) }, .code = arena_str(a, col_str(q, 2)), .title = arena_str(a, col_str(q, 3)),
                        .year = (int)col_int(q, 4), .unit_kind = arena_str(a, col_str(q, 5)), .label = arena_str(a, col_str(q, 6)), .points = col_real(q, 7),
                        .criteria = col_int(q, 8), .leaves = col_int(q, 9), .version = col_int(q, 10), .copied_from = { col_int(q, 11) },
                        .made_by = { col_int(q, 12) }, .made_at = col_time(q, 13), .locked_by = { col_int(q, 14) }, .locked_at = col_time(q, 15) };
}

Err scheme_list(Db *db, Arena *a, SchemeRows *out)
{
    SchemeRows rows = { 0 };
    AUTO_STMT  q    = db_prepare(db, SQL(COLUMNS "ORDER BY year DESC, title, id"));
    while (db_row(q))
        row_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err scheme_load(Db *db, Arena *a, SchemeId id, SchemeRow *out)
{
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id.v);
    bool found = db_row(q);
    if (found)
        row_read(a, q, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such scheme"));
}

Err scheme_definition_text(Db *db, Arena *a, SchemeId id, int64_t version, Str *out)
{
    Str       text = S("");
    AUTO_STMT q    = db_prepare(db, SQL("SELECT definition FROM scheme_versions WHERE scheme_id = $1 AND version <= $2 ORDER BY version DESC LIMIT 1"));
    bind_int(q, 1, id.v);
    bind_int(q, 2, version ? version : INT32_MAX);
    if (db_row(q))
        text = arena_str(a, col_str(q, 0));
    TRY(db_done(q));
    *out = text;
    return text.len ? OK : err_new(a, ERR_NOT_FOUND, S("no such version of the scheme"));
}

Err scheme_definition_read(Db *db, Arena *a, Arena work, SchemeId id, int64_t version, Scheme *out, SchemeFaults *faults)
{
    Str         text;
    const Json *json;
    TRY(scheme_definition_text(db, a, id, version, &text));
    TRY(json_parse(a, text, &json));
    scheme_read(a, work, json, out, faults);
    return OK;
}

Err scheme_definition(Db *db, Arena *a, Arena work, SchemeId id, int64_t version, Scheme *out)
{
    SchemeFaults faults = { 0 };
    TRY(scheme_definition_read(db, a, work, id, version, out, &faults));
    return faults.len ? err_new(a, ERR_CONFLICT, scheme_fault_text(a, LANG_EN, &faults.at[0])) : OK;
}

Err scheme_versions(Db *db, Arena *a, SchemeId id, SchemeVersions *out)
{
    SchemeVersions rows = { 0 };
    AUTO_STMT      q    = db_prepare(db, SQL("SELECT version, reason, made_by, made_at FROM scheme_versions WHERE scheme_id = $1 ORDER BY version DESC"));
    bind_int(q, 1, id.v);
    while (db_row(q))
        *list_add(a, &rows) = (SchemeVersion){ col_int(q, 0), arena_str(a, col_str(q, 1)), { col_int(q, 2) }, col_time(q, 3) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* ---- Writing ---------------------------------------------------------------------------------------------------- */

static Err code_free(Db *db, Arena *a, const SchemeRow *row)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT 1 FROM schemes WHERE unit_id = $1 AND code = $2 AND id <> $3"));
    bind_int(q, 1, row->unit.v);
    bind_str(q, 2, row->code);
    bind_int(q, 3, row->id.v);
    bool taken = db_row(q);
    TRY(db_done(q));
    return taken ? err_new(a, ERR_CONFLICT, S("the owner has a scheme of this code")) : OK;
}

static Err row_save(Db *db, const SchemeRow *x)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO schemes (id, unit_id, code, title, year, unit_kind, label, points, criteria, leaves, version, copied_from, made_by, made_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO UPDATE SET code = $3, title = $4, year = $5, unit_kind = $6, "
        "label = $7, points = $8, criteria = $9, leaves = $10, version = $11, made_by = $13, made_at = $14"));
    bind_int(q, 1, x->id.v);
    bind_int(q, 2, x->unit.v);
    bind_str(q, 3, x->code);
    bind_str(q, 4, x->title);
    bind_int(q, 5, x->year);
    bind_str(q, 6, x->unit_kind);
    bind_str(q, 7, x->label);
    bind_real(q, 8, x->points);
    bind_int(q, 9, x->criteria);
    bind_int(q, 10, x->leaves);
    bind_int(q, 11, x->version);
    if (x->copied_from.v)
        bind_int(q, 12, x->copied_from.v);
    else
        bind_null(q, 12);
    bind_int(q, 13, x->made_by.v);
    bind_time(q, 14, x->made_at);
    return db_run(q);
}

Err scheme_save(Db *db, Arena *a, const Scheme *s, Str reason, SchemeRow *row)
{
    Buf b = buf_new(a, 65536);
    row->id.v      = row->id.v ? row->id.v : id_new();
    row->version   = row->version + 1;
    row->code      = s->code;
    row->title     = s->title.len ? s->title : s->code;
    row->year      = s->year;
    row->unit_kind = s->unit_kind;
    row->label     = s->label;
    row->points    = s->max;
    row->criteria  = (int64_t)s->len;
    row->leaves    = 0;
    for (size_t i = 0; i < s->len; i++)
        row->leaves += !s->at[i].group;
    TRY(code_free(db, a, row));
    TRY(row_save(db, row));
    scheme_write(&b, s);
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO scheme_versions (scheme_id, version, definition, reason, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)"));
    bind_int(q, 1, row->id.v);
    bind_int(q, 2, row->version);
    bind_str(q, 3, buf_str(&b));
    bind_str(q, 4, reason);
    bind_int(q, 5, row->made_by.v);
    bind_time(q, 6, row->made_at);
    return db_run(q);
}

Err scheme_lock(Db *db, SchemeId id, PersonId by, Time at)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE schemes SET locked_by = $2, locked_at = $3 WHERE id = $1 AND locked_at IS NULL"));
    bind_int(q, 1, id.v);
    bind_int(q, 2, by.v);
    bind_time(q, 3, at);
    return db_run(q);
}

/* ---- The demonstration ------------------------------------------------------------------------------------------------ */

Err scheme_demo(Db *db, Arena *a, UnitId province, Time now)
{
    Arena work = arena_open((size_t)1 << 28);
    Err   e    = OK;
    for (size_t i = 0; i < data_files_count && !e; i++) {
        Str          name = data_files[i].name;
        Scheme       s;
        SchemeFaults faults = { 0 };
        if (!str_starts(name, S("schemes/")) || !str_ends(name, S(".csv")) || str_has(str_skip(name, 8), S("/")))
            continue;
        if (!scheme_file_read(a, work, data_files[i].bytes, &s, &faults)) {
            e = err_new(a, ERR_INTERNAL, scheme_fault_text(a, LANG_EN, &faults.at[0]));
            continue;
        }
        bool national = str_eq(s.unit_kind, S("province")) || str_eq(s.unit_kind, S("ministry"));
        SchemeRow row = { .unit = national ? (UnitId){ UNIT_ROOT } : province, .made_at = now };
        e = scheme_save(db, a, &s, S(""), &row);
    }
    arena_close(&work);
    return e;
}

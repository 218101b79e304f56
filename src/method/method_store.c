/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of methods. */
#include "method/store.h"

#define COLUMNS "SELECT id, ref, code, version, unit_id, title_vi, title_en, from_ref, revision, made_at, changed_at, COALESCE(approved_at, 0), " \
                "made_by, COALESCE(approved_by, 0) FROM methods "

static void row_read(Arena *a, Stmt *q, MethodRow *out)
{
    *out = (MethodRow){ .id = col_int(q, 0), .ref = arena_str(a, col_str(q, 1)), .code = arena_str(a, col_str(q, 2)), .version = col_int(q, 3),
                        .unit = { col_int(q, 4) }, .title = { arena_str(a, col_str(q, 5)), arena_str(a, col_str(q, 6)) },
                        .from_ref = arena_str(a, col_str(q, 7)), .revision = col_int(q, 8), .made_at = col_time(q, 9), .changed_at = col_time(q, 10),
                        .approved_at = col_time(q, 11), .made_by = { col_int(q, 12) }, .approved_by = { col_int(q, 13) } };
}

static MethodRow shipped_row(Arena *a, Str ref)
{
    SurveyMethod m = { 0 };
    (void)method_shipped(a, ref, &m);
    return (MethodRow){ .ref = ref, .code = ref, .version = 1, .unit = { UNIT_ROOT }, .title = { m.title[LANG_VI], m.title[LANG_EN] },
                        .approved_at = { 1 }, .shipped = true };
}

static bool listed(const MethodRows *rows, Str ref)
{
    for (size_t i = 0; i < rows->len; i++)
        if (str_eq(rows->at[i].ref, ref))
            return true;
    return false;
}

Err method_list(Db *db, Arena *a, MethodRows *out)
{
    MethodRows rows = { 0 };
    AUTO_STMT  q    = db_prepare(db, SQL(COLUMNS "ORDER BY code, version DESC"));
    while (db_row(q))
        row_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    for (size_t i = 0; i < method_shipped_count(); i++)
        if (!listed(&rows, method_shipped_ref(i)))
            *list_add(a, &rows) = shipped_row(a, method_shipped_ref(i));
    *out = rows;
    return OK;
}

static Err read_one(Stmt *q, Arena *a, MethodRow *out, bool *found)
{
    *found = db_row(q);
    if (*found)
        row_read(a, q, out);
    return db_done(q);
}

Err method_row(Db *db, Arena *a, int64_t id, MethodRow *out)
{
    bool      found;
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id);
    TRY(read_one(q, a, out, &found));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such method"));
}

Err method_row_of(Db *db, Arena *a, Str ref, MethodRow *out)
{
    bool      found;
    SurveyMethod    m = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "WHERE ref = $1"));
    bind_str(q, 1, ref);
    TRY(read_one(q, a, out, &found));
    if (found)
        return OK;
    if (!method_shipped(a, ref, &m))
        return err_new(a, ERR_NOT_FOUND, S("no such method"));
    *out = shipped_row(a, arena_str(a, ref));
    return OK;
}

Err method_body(Db *db, Arena *a, int64_t id, SurveyMethod *out)
{
    Str       body = S("");
    AUTO_STMT q    = db_prepare(db, SQL("SELECT body FROM methods WHERE id = $1"));
    bind_int(q, 1, id);
    if (db_row(q))
        body = arena_str(a, col_str(q, 0));
    TRY(db_done(q));
    return method_parse(a, body, out);
}

Err method_load(Db *db, Arena *a, Str ref, SurveyMethod *out)
{
    MethodRow row;
    bool      found;
    *out = (SurveyMethod){ 0 };
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "WHERE ref = $1"));
    bind_str(q, 1, ref);
    TRY(read_one(q, a, &row, &found));
    if (found)
        return method_body(db, a, row.id, out);
    (void)method_shipped(a, ref, out);         /* a method nobody knows groups nothing: items stand alone */
    return OK;
}

Err method_title_of(Db *db, Arena *a, Lang l, Str ref, Str *out)
{
    MethodRow row;
    Err       e = method_row_of(db, a, ref, &row);
    *out = ref;
    if (err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    if (row.title[LANG_VI].len)
        *out = row.title[l].len ? row.title[l] : row.title[LANG_VI];
    return OK;
}

/* ---- Writing ------------------------------------------------------------------------------------------------------------- */

bool method_code_good(Str code)
{
    bool good = code.len >= 2 && code.len <= 40 && code.at[0] != '-' && code.at[code.len - 1] != '-';
    for (size_t i = 0; good && i < code.len; i++)
        good = (code.at[i] >= 'a' && code.at[i] <= 'z') || (code.at[i] >= '0' && code.at[i] <= '9') || code.at[i] == '-';
    return good;
}

static Str body_of(Arena *a, const SurveyMethod *m)
{
    Buf b = buf_new(a, 8192);
    method_csv(&b, m);
    return buf_str(&b);
}

static Err next_version(Db *db, Str code, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COALESCE(MAX(version), 0) FROM methods WHERE code = $1"));
    bind_str(q, 1, code);
    *out = db_row(q) ? col_int(q, 0) + 1 : 1;
    for (size_t i = 0; *out == 1 && i < method_shipped_count(); i++)
        if (str_eq(method_shipped_ref(i), code))
            *out = 2;
    return db_done(q);
}

Err method_holder(Db *db, Str code, UnitId *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT unit_id FROM methods WHERE code = $1 ORDER BY version DESC LIMIT 1"));
    bind_str(q, 1, code);
    *out = (UnitId){ 0 };
    if (db_row(q))
        *out = (UnitId){ col_int(q, 0) };
    for (size_t i = 0; !out->v && i < method_shipped_count(); i++)
        if (str_eq(method_shipped_ref(i), code))
            *out = (UnitId){ UNIT_ROOT };
    return db_done(q);
}

Err method_add(Db *db, Arena *a, const SurveyMethod *m, MethodRow *row)
{
    TRY(next_version(db, m->code, &row->version));
    row->id   = id_new();
    row->code = m->code;
    row->ref  = row->version == 1 ? m->code : arena_fmt(a, "%.*s.%lld", STR_ARG(m->code), (long long)row->version);
    row->revision = 1;
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO methods (id, ref, code, version, unit_id, title_vi, title_en, body, from_ref, made_at, made_by, changed_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"));
    bind_int(q, 1, row->id);
    bind_str(q, 2, row->ref);
    bind_str(q, 3, row->code);
    bind_int(q, 4, row->version);
    bind_int(q, 5, row->unit.v);
    bind_str(q, 6, m->title[LANG_VI]);
    bind_str(q, 7, m->title[LANG_EN]);
    bind_str(q, 8, body_of(a, m));
    bind_str(q, 9, row->from_ref);
    bind_time(q, 10, row->made_at);
    bind_int(q, 11, row->made_by.v);
    bind_time(q, 12, row->made_at);
    return db_run(q);
}

/* Whether the row is still a draft at that revision. */
static Err still_draft(Db *db, Arena *a, const MethodRow *row)
{
    MethodRow now;
    TRY(method_row(db, a, row->id, &now));
    if (now.approved_at.ms)
        return err_new(a, ERR_CONFLICT, S("an approved method never changes"));
    return now.revision == row->revision ? OK : err_new(a, ERR_CONFLICT, S("somebody else changed the method"));
}

Err method_change(Db *db, Arena *a, const SurveyMethod *m, MethodRow *row)
{
    TRY(still_draft(db, a, row));
    AUTO_STMT q = db_prepare(db, SQL("UPDATE methods SET title_vi = $1, title_en = $2, body = $3, changed_at = $4, revision = revision + 1 WHERE id = $5"));
    bind_str(q, 1, m->title[LANG_VI]);
    bind_str(q, 2, m->title[LANG_EN]);
    bind_str(q, 3, body_of(a, m));
    bind_time(q, 4, row->changed_at);
    bind_int(q, 5, row->id);
    row->revision++;
    return db_run(q);
}

Err method_approve(Db *db, Arena *a, MethodRow *row, PersonId by, Time now)
{
    TRY(still_draft(db, a, row));
    AUTO_STMT q = db_prepare(db, SQL("UPDATE methods SET approved_at = $1, approved_by = $2, revision = revision + 1 WHERE id = $3"));
    bind_time(q, 1, now);
    bind_int(q, 2, by.v);
    bind_int(q, 3, row->id);
    row->approved_at = now;
    row->approved_by = by;
    return db_run(q);
}

Err method_remove(Db *db, Arena *a, const MethodRow *row)
{
    TRY(still_draft(db, a, row));
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM methods WHERE id = $1"));
    bind_int(q, 1, row->id);
    return db_run(q);
}

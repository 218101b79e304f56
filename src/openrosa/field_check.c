/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For `thuocdo check` and `thuocdo round rederive`: files against their hashes, records against their rows, and everything
 * derived made anew from the bytes. */
#include "openrosa/parts.h"

enum { REDERIVE_BATCH = 200 };

static void fault(Arena *a, StoreFaults *out, const char *what, int64_t id)
{
    *list_add(a, out) = arena_fmt(a, "%s (%lld)", what, (long long)id);
}

/* ---- Files --------------------------------------------------------------------------------------------------------- */
static Err check_file(Store *s, Arena *a, Arena *work, Str sum, int64_t size, int64_t id, StoreFaults *out)
{
    Sha256 hash;
    Str    bytes = S("");
    if (sum.len != sizeof hash.at) {
        fault(a, out, "the hash of a file was changed; submission", id);
        return OK;
    }
    memcpy(hash.at, sum.at, sizeof hash.at);
    Err e = files_load(s, work, hash, &bytes);
    if (e || (int64_t)bytes.len != size)
        fault(a, out, "a file is missing or was changed; submission", id);
    arena_reset(work, 1 << 20);
    return OK;
}

static Err check_files(Db *db, Store *s, Arena *a, StoreFaults *out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)1 << 30);
    AUTO_STMT q = db_prepare_large(db, SQL(
        "SELECT submission_id, sha256, size FROM submission_files UNION ALL "
        "SELECT submission_id, sha256, size FROM submission_quarantine WHERE body IS NULL"));
    while (db_row(q))
        TRY(check_file(s, a, &work, col_blob(q, 1), col_int(q, 2), col_int(q, 0), out));
    return db_done(q);
}

static Err check_put_aside(Db *db, Arena *a, StoreFaults *out)
{
    AUTO_STMT q = db_prepare_large(db, SQL("SELECT id, sha256, body FROM submission_quarantine WHERE body IS NOT NULL"));
    while (db_row(q)) {
        Sha256 sum = sha256(col_blob(q, 2));
        if (!str_eq(col_blob(q, 1), (Str){ (const char *)sum.at, sizeof sum.at }))
            fault(a, out, "bytes that were put aside were changed", col_int(q, 0));
    }
    return db_done(q);
}

/* ---- Records ------------------------------------------------------------------------------------------------------- */
static Err check_rows(Db *db, Arena *a, StoreFaults *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT 'a record of a phone has no answer', f.submission_id FROM field_records f "
        "WHERE NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = f.submission_id AND s.round_id = f.round_id) "
        "UNION ALL SELECT 'an answer from a phone has no record', s.id FROM submissions s "
        "WHERE s.channel = 'field' AND s.media = 'text/xml' AND NOT EXISTS (SELECT 1 FROM field_records f WHERE f.submission_id = s.id) "
        "UNION ALL SELECT 'a file has no record', x.submission_id FROM submission_files x "
        "WHERE NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = x.submission_id AND s.withdrawn = 0) "
        "UNION ALL SELECT 'a finding has no record', x.submission_id FROM submission_flags x "
        "WHERE NOT EXISTS (SELECT 1 FROM field_records f WHERE f.submission_id = x.submission_id) "
        "UNION ALL SELECT 'a record counts although it is held back', f.submission_id FROM field_records f "
        "JOIN submissions s ON s.id = f.submission_id WHERE f.hold <> '' AND s.left_out <> f.hold AND s.withdrawn = 0"));
    while (db_row(q))
        fault(a, out, arena_c(a, col_str(q, 0)), col_int(q, 1));
    return db_done(q);
}

Err openrosa_check(Db *db, Store *s, Arena *a, StoreFaults *out)
{
    TRY(check_rows(db, a, out));
    TRY(check_files(db, s, a, out));
    return check_put_aside(db, a, out);
}

/* ---- Anew ---------------------------------------------------------------------------------------------------------- */
typedef LIST(SubmissionId) Ids;

static Err ids_after(Db *db, Arena *a, RoundId round, int64_t after, Ids *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT submission_id FROM field_records WHERE round_id = $1 AND submission_id > $2 ORDER BY submission_id LIMIT 200"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, after);
    while (db_row(q))
        *list_add(a, out) = (SubmissionId){ col_int(q, 0) };
    return db_done(q);
}

static Err rederive_some(Db *db, Store *s, Arena *work, const CollectKeys *k, RoundId round, int64_t *after, RederiveResult *r)
{
    Ids      ids   = { 0 };
    Derived *items = arena_new(work, Derived, REDERIVE_BATCH);
    int64_t  changed;
    TRY(ids_after(db, work, round, *after, &ids));
    for (size_t i = 0; i < ids.len; i++)
        TRY(field_derive(db, s, work, ids.at[i], &items[i]));
    TRY(derived_apply(db, work, k, items, ids.len, &changed));
    *after      = ids.len ? ids.at[ids.len - 1].v : INT64_MAX;
    r->records += (int64_t)ids.len;
    r->changed += changed;
    return OK;
}

Err openrosa_rederive(Db *db, Store *s, Arena *a, const AppInfo *app, const Round *round, RederiveResult *out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)1 << 30);
    RederiveResult r = { 0 };
    int64_t        after = 0;
    Err            e = OK;
    submission_forget_counts();                 /* this transaction may be rolled back */
    while (!e && after != INT64_MAX) {
        e = rederive_some(db, s, &work, collect_keys(app), round->id, &after, &r);
        if (e)
            e = err_make(a, e->kind, e->detail, e->file, e->line);
        arena_reset(&work, 1 << 20);
    }
    submission_forget_counts();
    *out = r;
    return e;
}

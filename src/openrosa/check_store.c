/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For `thuocdo check`: files against their hashes, records against their rows. */
#include "openrosa/parts.h"

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

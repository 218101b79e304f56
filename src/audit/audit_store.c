/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Audit records in the database. Appending is serialised by the one writer of the store. */
#include "audit/audit_chain.h"
#include "i18n/i18n.h"

#include <sodium.h>

#define RECORD_COLUMNS                                                                             \
    "seq, at, actor_id, actor_name, role, unit_id, address, request, action, object, detail, failed"

static void row_read(Stmt *q, Arena *a, AuditRow *row)
{
    row->seq          = col_int(q, 0);
    row->e.at         = col_time(q, 1);
    row->e.actor      = (PersonId){ col_int(q, 2) };
    row->e.actor_name = arena_str(a, col_str(q, 3));
    row->e.role       = arena_str(a, col_str(q, 4));
    row->e.unit       = (UnitId){ col_int(q, 5) };
    row->e.address    = arena_str(a, col_str(q, 6));
    row->e.request    = arena_str(a, col_str(q, 7));
    row->e.action     = arena_str(a, col_str(q, 8));
    row->e.object     = arena_str(a, col_str(q, 9));
    row->e.detail     = arena_str(a, col_str(q, 10));
    row->e.failed     = col_int(q, 11) != 0;
}

static void hash_read(Stmt *q, int i, Sha256 *out)
{
    Str bytes = col_blob(q, i);
    if (bytes.len == sizeof out->at)
        memcpy(out->at, bytes.at, sizeof out->at);
}

/* ---- Appending ----------------------------------------------------------------------------- */
/* seq 0 and 32 zero bytes when there is no record yet. */
static Err last_record(Db *db, int64_t *out_seq, Sha256 *out_hash)
{
    int64_t   seq  = 0;
    Sha256    hash = { { 0 } };
    AUTO_STMT q    = db_prepare(db, SQL("SELECT seq, hash FROM audit_records ORDER BY seq DESC LIMIT 1"));
    if (db_row(q)) {
        seq = col_int(q, 0);
        hash_read(q, 1, &hash);
    }
    TRY(db_done(q));
    *out_seq  = seq;
    *out_hash = hash;
    return OK;
}

static Str search_text(Arena *a, const AuditEvent *e)
{
    Str parts[] = { e->actor_name, e->role, e->action, e->object, e->address, e->request, e->detail };
    return text_fold(a, str_join(a, parts, COUNT_OF(parts), S(" ")));
}

Err audit_append(Db *db, Arena *a, const AuditEvent *e)
{
    int64_t seq;
    Sha256  prev;
    if (!db_in_write(db))
        return err_new(a, ERR_INTERNAL, S("an audit record outside a write transaction"));
    TRY(last_record(db, &seq, &prev));
    Sha256    hash = audit_hash(*a, &prev, seq + 1, e);
    AUTO_STMT q    = db_prepare(db, SQL(
        "INSERT INTO audit_records (" RECORD_COLUMNS ", search, prev, hash)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"));
    bind_int(q, 1, seq + 1);
    bind_int(q, 2, e->at.ms);
    bind_int(q, 3, e->actor.v);
    bind_str(q, 4, e->actor_name);
    bind_str(q, 5, e->role);
    bind_int(q, 6, e->unit.v);
    bind_str(q, 7, e->address);
    bind_str(q, 8, e->request);
    bind_str(q, 9, e->action);
    bind_str(q, 10, e->object);
    bind_str(q, 11, e->detail);
    bind_int(q, 12, e->failed);
    bind_str(q, 13, search_text(a, e));
    bind_blob(q, 14, (Str){ (const char *)prev.at, sizeof prev.at });
    bind_blob(q, 15, (Str){ (const char *)hash.at, sizeof hash.at });
    return db_run(q);
}

/* ---- Reading ------------------------------------------------------------------------------- */
Err audit_list(Db *db, Arena *a, const AuditFilter *f, AuditRows *out)
{
    AuditRows rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(
        "SELECT " RECORD_COLUMNS ", hash FROM audit_records"
        " WHERE seq < $1 AND (CAST($2 AS text) = '' OR REPLACE(search, CAST($2 AS text), '') <> search)"
        " AND (CAST($3 AS text) = '' OR action = $3"
        "      OR SUBSTR(action, 1, LENGTH(CAST($3 AS text)) + 1) = CAST($3 AS text) || '.')"
        " AND (CAST($4 AS bigint) = 0 OR actor_id = $4) AND (CAST($5 AS bigint) = 0 OR unit_id = $5)"
        " AND at >= $6 AND at < $7 ORDER BY seq DESC LIMIT $8"));
    bind_int(q, 1, f->before_seq > 0 ? f->before_seq : INT64_MAX);
    bind_str(q, 2, text_fold(a, f->text));
    bind_str(q, 3, f->action);
    bind_int(q, 4, f->actor.v);
    bind_int(q, 5, f->unit.v);
    bind_int(q, 6, date_is_none(f->from) ? INT64_MIN : date_start(f->from).ms);
    bind_int(q, 7, date_is_none(f->to) ? INT64_MAX : date_start((Date){ f->to.day + 1 }).ms);
    bind_int(q, 8, f->limit > 0 ? f->limit : 50);
    while (db_row(q)) {
        AuditRow *row = list_add(a, &rows);
        row_read(q, a, row);
        row->hash = str_hex(a, col_blob(q, 12).at, col_blob(q, 12).len);
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* ---- Verifying ----------------------------------------------------------------------------- */
typedef struct Walk { int64_t seq, bad_seq; Sha256 last; } Walk;

/* The next 500 records; out_more is false at the end of the chain or at a fault. */
static Err walk_page(Db *db, Arena scratch, Walk *w, bool *out_more)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " RECORD_COLUMNS ", prev, hash FROM audit_records"
                                     " WHERE seq > $1 ORDER BY seq LIMIT 500"));
    int       n = 0;
    bind_int(q, 1, w->seq);
    for (; !w->bad_seq && db_row(q); n++) {
        Arena    page = scratch;
        AuditRow row  = { 0 };
        Sha256   prev = { { 0 } }, hash = { { 0 } };
        row_read(q, &page, &row);
        hash_read(q, 12, &prev);
        hash_read(q, 13, &hash);
        Sha256 want = audit_hash(page, &w->last, w->seq + 1, &row.e);
        if (row.seq != w->seq + 1 || memcmp(&prev, &w->last, sizeof prev) || memcmp(&hash, &want, sizeof hash))
            w->bad_seq = w->seq + 1;
        w->seq  = row.seq;
        w->last = hash;
    }
    *out_more = n == 500 && !w->bad_seq;
    return db_done(q);
}

Err audit_verify(Db *db, Arena *a, int64_t *out_count, int64_t *out_bad_seq)
{
    Walk w    = { 0 };
    bool more = true;
    while (more)
        TRY(walk_page(db, *a, &w, &more));
    AUTO_STMT low = db_prepare(db, SQL("SELECT COUNT(*), MIN(seq) FROM audit_records"));
    db_row(low);
    int64_t count = col_int(low, 0);
    if (count && col_int(low, 1) < 1)              /* records hidden before the first */
        w.bad_seq = 1;
    TRY(db_done(low));
    *out_count   = count;
    *out_bad_seq = w.bad_seq;
    return OK;
}

/* ---- Checkpoints --------------------------------------------------------------------------- */
Err audit_checkpoint(Db *db, Arena *a, Time now, const uint8_t secret_key[64], Str *out_line)
{
    int64_t seq;
    Sha256  root;
    uint8_t sig[crypto_sign_BYTES];
    TRY(last_record(db, &seq, &root));
    Str text = audit_checkpoint_text(a, seq, &root, now);
    crypto_sign_detached(sig, NULL, (const unsigned char *)text.at, text.len, secret_key);
    *out_line = arena_fmt(a, "%.*s %.*s", STR_ARG(text), STR_ARG(str_hex(a, sig, sizeof sig)));
    return OK;
}

static Err hash_at(Db *db, int64_t seq, Sha256 *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT hash FROM audit_records WHERE seq = $1"));
    bind_int(q, 1, seq);
    if (db_row(q))
        hash_read(q, 0, out);
    return db_done(q);
}

Err audit_checkpoint_check(Db *db, Arena *a, Str line, const uint8_t public_key[32], bool *out_fits)
{
    Str     text;
    int64_t count;
    Sha256  root, found = { { 0 } };
    uint8_t sig[crypto_sign_BYTES];
    *out_fits = false;
    if (!audit_checkpoint_parse(line, &text, &count, &root, sig) ||
        crypto_sign_verify_detached(sig, (const unsigned char *)text.at, text.len, public_key))
        return OK;
    if (count)
        TRY(hash_at(db, count, &found));
    *out_fits = !memcmp(&found, &root, sizeof root);
    return OK;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Receipts that an edition counts. For a round of millions they are written in pieces by a job, before the edition is there: nothing shows
 * them until the short transaction that makes the edition, and other writers go on between the pieces. */
#include "edition/parts.h"

size_t receipts_a_piece = 20000;

Err edition_counts_receipt(Db *db, Arena *a, Str receipt_hash, bool *out, EditionId *out_edition)
{
    (void)a;
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT e.id FROM editions e JOIN edition_counted r ON r.edition_id = e.id AND r.receipt_hash = $1 ORDER BY e.id LIMIT 1"));
    bind_str(q, 1, receipt_hash);
    *out = db_row(q);
    if (*out)
        out_edition->v = col_int(q, 0);
    return db_done(q);
}

static Err insert_receipt(Db *db, EditionId edition, Str hash)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO edition_counted (edition_id, receipt_hash) VALUES ($1, $2)"));
    bind_int(q, 1, edition.v);
    bind_str(q, 2, hash);
    return db_run(q);
}

/* ---- All at once -------------------------------------------------------------------------------------------- */
typedef struct ReceiptCopy { Db *db; EditionId edition; } ReceiptCopy;

static Err copy_receipt(void *self, const SubmissionRow *row)
{
    ReceiptCopy *c = self;
    job_tick(1);
    return insert_receipt(c->db, c->edition, row->receipt_hash);
}

Err receipts_copy(Db *db, Arena *a, RoundId round, EditionId edition)
{
    Arena       scratch = arena_open(64 << 20);
    ReceiptCopy copy    = { db, edition };
    Err         e       = submission_each(db, scratch, round, copy_receipt, &copy);
    if (e)
        e = err_new(a, e->kind, e->detail);
    arena_close(&scratch);
    return e;
}

/* ---- In pieces ----------------------------------------------------------------------------------------------- */
typedef struct Pieces { Db *to; Arena *a; EditionId edition; size_t most; Arena held; StrList hashes; } Pieces;

static Err piece_insert(Pieces *p)
{
    TRY(db_begin_write(p->to));
    for (size_t i = 0; i < p->hashes.len; i++)
        TRY(insert_receipt(p->to, p->edition, p->hashes.at[i]));
    return db_commit(p->to);
}

static Err piece_write(Pieces *p)
{
    Err e = piece_insert(p);
    if (e) {
        e = err_make(p->a, e->kind, e->detail, e->file, e->line);
        db_rollback(p->to);
    }
    job_tick((int64_t)p->hashes.len);
    p->hashes = (StrList){ 0 };
    arena_reset(&p->held, 1 << 20);
    return e;
}

static Err hold_receipt(void *self, const SubmissionRow *row)
{
    Pieces *p = self;
    *list_add(&p->held, &p->hashes) = arena_str(&p->held, row->receipt_hash);
    if (p->hashes.len < p->most)
        return OK;
    if (job_halted())
        return err_new(p->a, ERR_BUSY, S("halted"));
    return piece_write(p);
}

Err receipts_stream(Db *from, Db *to, Arena *a, RoundId round, EditionId edition, size_t piece)
{
    Pieces p       = { .to = to, .a = a, .edition = edition, .most = piece, .held = arena_open(64 << 20) };
    Arena  scratch = arena_open(64 << 20);
    Err    e       = submission_each(from, scratch, round, hold_receipt, &p);
    if (e)
        e = err_make(a, e->kind, e->detail, e->file, e->line);
    else if (p.hashes.len)
        e = piece_write(&p);
    arena_close(&scratch);
    arena_close(&p.held);
    return e;
}

/* ---- Work under way ---------------------------------------------------------------------------------------------- */
Err work_begin(Db *db, EditionId edition, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO edition_works (edition_id, begun_at) VALUES ($1, $2)"));
    bind_int(q, 1, edition.v);
    bind_time(q, 2, now);
    return db_run(q);
}

Err work_end(Db *db, EditionId edition)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM edition_works WHERE edition_id = $1"));
    bind_int(q, 1, edition.v);
    return db_run(q);
}

/* One piece of the receipts of an edition that did not come; *out_left: there may be more. */
static Err drop_piece(Db *db, EditionId edition, size_t piece, bool *out_left)
{
    TRY(db_begin_write(db));
    AUTO_STMT q = db_prepare(db, SQL(
        "DELETE FROM edition_counted WHERE edition_id = $1 AND edition_id NOT IN (SELECT id FROM editions) AND receipt_hash IN "
        "(SELECT receipt_hash FROM edition_counted WHERE edition_id = $1 ORDER BY receipt_hash LIMIT $2)"));
    bind_int(q, 1, edition.v);
    bind_int(q, 2, (int64_t)piece);
    TRY(db_run(q));
    *out_left = db_changes(q) > 0;
    if (!*out_left)
        TRY(work_end(db, edition));
    return db_commit(db);
}

Err work_drop(Db *db, EditionId edition, size_t piece)
{
    bool left = true;
    while (left) {
        Err e = drop_piece(db, edition, piece, &left);
        if (e) {
            db_rollback(db);
            return e;
        }
    }
    return OK;
}

static Err stale_works(Db *db, Arena *a, Time before, EditionIds *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT edition_id FROM edition_works WHERE begun_at < $1 ORDER BY edition_id"));
    bind_time(q, 1, before);
    while (db_row(q))
        *list_add(a, out) = (EditionId){ col_int(q, 0) };
    return db_done(q);
}

Err edition_tidy(Db *db, Arena *a, Time now)
{
    EditionIds ids = { 0 };
    TRY(db_begin_read(db));
    Err e = stale_works(db, a, (Time){ now.ms - MS_DAY }, &ids);
    db_rollback(db);
    TRY(e);
    for (size_t i = 0; i < ids.len; i++)
        TRY(work_drop(db, ids.at[i], receipts_a_piece));
    return OK;
}

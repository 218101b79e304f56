/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-time codes: only keyed hashes are stored, and a spent code leaves no row behind. */
#include "collect/parts.h"

Err code_batch_list(Db *db, Arena *a, RoundId round, CodeBatches *out)
{
    CodeBatches rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT b.id, b.label, b.unit_id, b.made, b.made_on, b.valid_to, "
        "(SELECT COUNT(*) FROM invitation_codes c WHERE c.batch_id = b.id) FROM code_batches b WHERE b.round_id = $1 ORDER BY b.made_on, b.label, b.id"));
    bind_int(q, 1, round.v);
    while (db_row(q)) {
        CodeBatch *b = list_add(a, &rows);
        *b = (CodeBatch){ .id = col_int(q, 0), .round = round, .label = arena_str(a, col_str(q, 1)), .unit = { col_int(q, 2) },
                          .made = col_int(q, 3), .made_on = col_date(q, 4), .valid_to = col_date(q, 5), .left = col_int(q, 6) };
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err code_batch_load(Db *db, Arena *a, RoundId round, int64_t id, CodeBatch *out)
{
    CodeBatches batches;
    TRY(code_batch_list(db, a, round, &batches));
    for (size_t i = 0; i < batches.len; i++)
        if (batches.at[i].id == id) {
            *out = batches.at[i];
            return OK;
        }
    return err_new(a, ERR_NOT_FOUND, S("no such batch of codes"));
}

static Err batch_insert(Db *db, CodeBatch *b)
{
    b->id = id_random();
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO code_batches (id, round_id, label, unit_id, made, made_on, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7)"));
    bind_int(q, 1, b->id);
    bind_int(q, 2, b->round.v);
    bind_str(q, 3, b->label);
    bind_int(q, 4, b->unit.v);
    bind_int(q, 5, b->made);
    bind_date(q, 6, b->made_on);
    bind_date(q, 7, b->valid_to);
    return db_run(q);
}

/* A short code drawn twice is drawn again. */
Err code_batch_add(Db *db, Arena *a, const CollectKeys *k, const CodeBatch *b, NewCode *codes, size_t n)
{
    Str       until = date_is_none(b->valid_to) ? S("9999-12-31") : date_iso(a, b->valid_to);
    AUTO_STMT q     = db_prepare(db, SQL(
        "INSERT INTO invitation_codes (id, batch_id, round_id, long_hash, short_hash, valid_to) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"));
    for (size_t made = 0; made < n;) {
        NewCode one = { random_code(a, CODE_LONG_LEN), random_code(a, CODE_SHORT_LEN) };
        Hash    l = code_hash(k, b->round, one.long_code), s = code_hash(k, b->round, one.short_code);
        bind_int(q, 1, id_random());
        bind_int(q, 2, b->id);
        bind_int(q, 3, b->round.v);
        bind_blob(q, 4, hash_str(&l));
        bind_blob(q, 5, hash_str(&s));
        bind_str(q, 6, until);
        TRY(db_run(q));
        if (db_changes(q) == 1)
            codes[made++] = one;
    }
    return OK;
}

Err code_batch_make(Db *db, Arena *a, const CollectKeys *k, CodeBatch *b, NewCode **out)
{
    TRY(batch_insert(db, b));
    *out = arena_new(a, NewCode, (size_t)b->made);
    return code_batch_add(db, a, k, b, *out, (size_t)b->made);
}

/* A batch that came out of nobody's hands: its row and what was made of it. */
static void batch_drop(Db *db, const CodeBatch *b)
{
    int64_t gone;
    Err     e = db_begin_write(db);
    if (!e) e = code_batch_void(db, b->id, &gone);
    if (!e) {
        AUTO_STMT q = db_prepare(db, SQL("DELETE FROM code_batches WHERE id = $1"));
        bind_int(q, 1, b->id);
        e = db_run(q);
    }
    if (!e) e = db_commit(db);
    if (e)
        db_rollback(db);                            /* it stays in the list of batches, where a person can void it */
}

Err code_batch_stream(Db *db, const CollectKeys *k, CodeBatch *b, Err (*each)(void *self, const NewCode *codes, size_t n), void *self)
{
    enum { CHUNK = 40000 };             /* the writer is held for about a second; the trees of random hashes cost per piece */
    Arena work = arena_open(64 << 20);
    Err   e    = db_begin_write(db);
    if (!e) e = batch_insert(db, b);
    if (!e) e = db_commit(db);
    for (int64_t done = 0; !e && done < b->made; done += CHUNK) {
        size_t   n     = (size_t)(b->made - done < CHUNK ? b->made - done : CHUNK);
        NewCode *codes = arena_new(&work, NewCode, n);
        e = db_begin_write(db);
        if (!e) e = code_batch_add(db, &work, k, b, codes, n);
        if (!e) e = each(self, codes, n);
        if (!e) e = db_commit(db);
        arena_reset(&work, 0);
    }
    if (e) {
        db_rollback(db);
        batch_drop(db, b);
    }
    arena_close(&work);
    return e;
}

Err code_batch_void(Db *db, int64_t batch, int64_t *out_voided)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM invitation_codes WHERE batch_id = $1"));
    bind_int(q, 1, batch);
    TRY(db_run(q));
    *out_voided = db_changes(q);
    return OK;
}

Err code_valid(Db *db, const CollectKeys *k, RoundId round, Str clean, Date today, bool *out)
{
    Hash      h = code_hash(k, round, clean);
    AUTO_STMT q = clean.len == CODE_LONG_LEN
        ? db_prepare(db, SQL("SELECT id FROM invitation_codes WHERE long_hash = $1 AND round_id = $2 AND valid_to >= $3"))
        : db_prepare(db, SQL("SELECT id FROM invitation_codes WHERE short_hash = $1 AND round_id = $2 AND valid_to >= $3"));
    bind_blob(q, 1, hash_str(&h));
    bind_int(q, 2, round.v);
    bind_date(q, 3, today);
    bool found = db_row(q);
    TRY(db_done(q));
    *out = found;
    return OK;
}

Err code_round(Db *db, const CollectKeys *k, Str clean_long, Date today, RoundId *out)
{
    Hash      h = code_hash(k, (RoundId){ 0 }, clean_long);
    AUTO_STMT q = db_prepare(db, SQL("SELECT round_id FROM invitation_codes WHERE long_hash = $1 AND valid_to >= $2"));
    bind_blob(q, 1, hash_str(&h));
    bind_date(q, 2, today);
    RoundId found = { 0 };
    if (db_row(q))
        found.v = col_int(q, 0);
    TRY(db_done(q));
    *out = found;
    return OK;
}

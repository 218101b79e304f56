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

Err code_batch_make(Db *db, Arena *a, const CollectKeys *k, CodeBatch *b, NewCode **out)
{
    TRY(batch_insert(db, b));
    NewCode  *codes = arena_new(a, NewCode, (size_t)b->made);
    AUTO_STMT q     = db_prepare(db, SQL(
        "INSERT INTO invitation_codes (id, batch_id, round_id, long_hash, short_hash, valid_to) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"));
    for (int64_t made = 0; made < b->made;) {
        NewCode one = { random_code(a, CODE_LONG_LEN), random_code(a, CODE_SHORT_LEN) };
        Hash    l = code_hash(k, b->round, one.long_code), s = code_hash(k, b->round, one.short_code);
        bind_int(q, 1, id_random());
        bind_int(q, 2, b->id);
        bind_int(q, 3, b->round.v);
        bind_blob(q, 4, hash_str(&l));
        bind_blob(q, 5, hash_str(&s));
        bind_str(q, 6, date_is_none(b->valid_to) ? S("9999-12-31") : date_iso(a, b->valid_to));
        TRY(db_run(q));
        if (db_changes(q) == 1)                     /* a short code drawn twice is drawn again */
            codes[made++] = one;
    }
    *out = codes;
    return OK;
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

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Packed counters in the database: the rows as pages read them, and the copies that a batch of answers works on. */
#include "collect/parts.h"

static Err counts_read(Stmt *q, Db *db, Arena *a, RoundCounts *out)
{
    RoundCounts c = { .unit = { col_int(q, 0) }, .revision = col_int(q, 1) };
    if (!counts_unpack(a, arena_str(a, col_blob(q, 2)), &c))
        return err_new(db_arena(db), ERR_INTERNAL, S("damaged counters"));
    *out = c;
    return OK;
}

Err round_counts(Db *db, Arena *a, RoundId round, UnitId unit, RoundCounts *out)
{
    RoundCounts c = { .unit = unit };
    AUTO_STMT   q = db_prepare(db, SQL("SELECT unit_id, revision, packed FROM round_counters WHERE round_id = $1 AND unit_id = $2"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, unit.v);
    while (db_row(q))
        TRY(counts_read(q, db, a, &c));
    TRY(db_done(q));
    *out = c;
    return OK;
}

Err round_counts_list(Db *db, Arena *a, RoundId round, RoundCountsList *out)
{
    RoundCountsList rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT unit_id, revision, packed FROM round_counters WHERE round_id = $1 ORDER BY unit_id"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        TRY(counts_read(q, db, a, list_add(a, &rows)));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err counts_save(Db *db, Arena *a, RoundId round, RoundCounts *c, bool *out_kept)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO round_counters (round_id, unit_id, stored, flagged, packed, revision) VALUES ($1, $2, $3, $4, $5, 1) "
        "ON CONFLICT (round_id, unit_id) DO UPDATE SET stored = excluded.stored, flagged = excluded.flagged, "
        "packed = excluded.packed, revision = round_counters.revision + 1 WHERE round_counters.revision = $6"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, c->unit.v);
    bind_int(q, 3, c->stored);
    bind_int(q, 4, c->flagged);
    bind_blob(q, 5, counts_pack(a, c));
    bind_int(q, 6, c->revision);
    TRY(db_run(q));
    *out_kept = db_changes(q) == 1;
    if (*out_kept)
        c->revision++;
    return OK;
}

/* Adds n records to one row of counters, loaded here: for acts outside the collector. */
Err counts_change(Db *db, Arena *a, RoundId round, UnitId unit, int slots, const CountedAnswer *x, int sign, const uint64_t delta[4])
{
    RoundCounts c;
    TRY(round_counts(db, a, round, unit, &c));
    if (c.slots < slots) {
        int64_t *options = arena_new(a, int64_t, slots);
        if (c.slots)
            memcpy(options, c.options, (size_t)c.slots * sizeof *options);
        c.options = options;
        c.slots   = slots;
    }
    counts_add(a, &c, x, sign);
    for (int i = 0; i < 4 && delta; i++)
        c.sum[i] += delta[i];
    bool kept;
    TRY(counts_save(db, a, round, &c, &kept));
    return kept ? OK : err_new(a, ERR_CONFLICT, S("the counters changed meanwhile"));
}

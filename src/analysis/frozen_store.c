/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of frozen sets. */
#include "analysis/frozen.h"

#define FROZEN_COLUMNS "id, number, round_id, rule_set, records, excluded, corrected, versions, round_sum, data_sha, codebook_sha, manifest_sha, note, " \
    "made_name, made_by, made_at, archive"

static Err editions_of(Db *db, Arena *a, FrozenSet *f)
{
    StrList numbers = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT number FROM editions WHERE frozen_set = $1 ORDER BY number"));
    bind_int(q, 1, f->id);
    while (db_row(q))
        *list_add(a, &numbers) = arena_fmt(a, "%lld", (long long)col_int(q, 0));
    f->editions = str_join(a, numbers.at, numbers.len, S(", "));
    return db_done(q);
}

Err frozen_list(Db *db, Arena *a, RoundId round, FrozenSets *out)
{
    FrozenSets sets = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT " FROZEN_COLUMNS " FROM frozen_sets WHERE round_id = $1 ORDER BY number DESC"));
    bind_int(q, 1, round.v);
    while (db_row(q)) {
        FrozenSet *f = list_add(a, &sets);
        *f = (FrozenSet){ .id = col_int(q, 0), .number = col_int(q, 1), .round = { col_int(q, 2) }, .rule_set = col_int(q, 3), .records = col_int(q, 4),
                          .excluded = col_int(q, 5), .corrected = col_int(q, 6), .versions = col_int(q, 7),
                          .made_by = { col_int(q, 14) }, .made_at = col_time(q, 15), .archive = col_int(q, 16) != 0 };
        Str *texts[] = { &f->round_sum, &f->data_sha, &f->codebook_sha, &f->manifest_sha, &f->note, &f->made_name };
        for (int i = 0; i < 6; i++)
            *texts[i] = arena_str(a, col_str(q, 8 + i));
    }
    TRY(db_done(q));
    for (size_t i = 0; i < sets.len; i++)
        TRY(editions_of(db, a, &sets.at[i]));
    *out = sets;
    return OK;
}

Err frozen_insert(Db *db, const FrozenSet *f)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO frozen_sets (" FROZEN_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"));
    const int64_t numbers[] = { f->id, f->number, f->round.v, f->rule_set, f->records, f->excluded, f->corrected, f->versions };
    const Str     texts[]   = { f->round_sum, f->data_sha, f->codebook_sha, f->manifest_sha, f->note, f->made_name };
    for (int i = 0; i < 8; i++)
        bind_int(q, 1 + i, numbers[i]);
    for (int i = 0; i < 6; i++)
        bind_str(q, 9 + i, texts[i]);
    bind_int(q, 15, f->made_by.v);
    bind_time(q, 16, f->made_at);
    bind_int(q, 17, f->archive);
    return db_run(q);
}

Str round_sum_hex(Arena *a, const RoundCounts *c)
{
    return str_hex(a, c->sum, sizeof c->sum);
}

Err frozen_current(Db *db, Arena *a, RoundId round, int64_t *out)
{
    RoundCounts counts;
    *out = 0;
    TRY(round_counts(db, a, round, (UnitId){ 0 }, &counts));
    AUTO_STMT q = db_prepare(db, SQL("SELECT id FROM frozen_sets WHERE round_id = $1 AND round_sum = $2 ORDER BY number DESC LIMIT 1"));
    bind_int(q, 1, round.v);
    bind_str(q, 2, round_sum_hex(a, &counts));
    if (db_row(q))
        *out = col_int(q, 0);
    return db_done(q);
}

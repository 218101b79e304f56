/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Self-scoring in the database: scores with revisions, files, evidence, seals. */
#include "season/scores.h"

#include <math.h>

/* ---- Scores --------------------------------------------------------------------------------------------------------- */

Err card_scores(Db *db, Arena *a, CardId card, CardScores *out)
{
    CardScores rows = { 0 };
    AUTO_STMT  q    = db_prepare(db, SQL("SELECT code, revision, inputs, manual, not_applicable, note, points, saved_by, saved_at FROM card_scores "
                                         "WHERE card_id = $1 ORDER BY code"));
    bind_int(q, 1, card.v);
    while (db_row(q))
        *list_add(a, &rows) = (CardScore){ .code = arena_str(a, col_str(q, 0)), .revision = col_int(q, 1), .inputs = arena_str(a, col_str(q, 2)),
            .manual = col_real(q, 3), .not_applicable = col_int(q, 4) != 0, .note = arena_str(a, col_str(q, 5)), .points = col_real(q, 6),
            .by = { col_int(q, 7) }, .at = col_time(q, 8) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err card_score_save(Db *db, Arena *a, CardId card, CardScore *x, int64_t seen)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO card_scores (card_id, code, revision, inputs, manual, not_applicable, note, points, saved_by, saved_at) "
        "VALUES ($1, $2, 1, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (card_id, code) DO UPDATE SET revision = card_scores.revision + 1, inputs = $4, "
        "manual = $5, not_applicable = $6, note = $7, points = $8, saved_by = $9, saved_at = $10 WHERE card_scores.revision = CAST($3 AS BIGINT)"));
    bind_int(q, 1, card.v);
    bind_str(q, 2, x->code);
    bind_int(q, 3, seen);
    bind_str(q, 4, x->inputs);
    bind_real(q, 5, x->manual);
    bind_int(q, 6, x->not_applicable);
    bind_str(q, 7, x->note);
    bind_real(q, 8, x->points);
    bind_int(q, 9, x->by.v);
    bind_time(q, 10, x->at);
    TRY(db_run(q));
    if (db_changes(q) != 1)
        return err_new(a, ERR_CONFLICT, S("the criterion was changed meanwhile"));
    x->revision = seen + 1;
    return OK;
}

Err season_progress(Db *db, Arena *a, SeasonId season, CardCounts *out)
{
    CardCounts rows = { 0 };
    AUTO_STMT  q    = db_prepare(db, SQL("SELECT s.card_id, COUNT(*) FROM card_scores s JOIN season_cards c ON c.id = s.card_id "
                                         "WHERE c.season_id = $1 AND (s.points IS NOT NULL OR s.not_applicable = 1) GROUP BY s.card_id"));
    bind_int(q, 1, season.v);
    while (db_row(q))
        *list_add(a, &rows) = (CardCount){ { col_int(q, 0) }, col_int(q, 1) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* ---- Files ------------------------------------------------------------------------------------------------------------ */

#define FILE_COLUMNS "SELECT id, name, type, size, sha256, added_by, added_at FROM card_files "

static void file_read(Arena *a, Stmt *q, CardFile *out)
{
    Str sum = col_blob(q, 4);
    *out = (CardFile){ .id = col_int(q, 0), .name = arena_str(a, col_str(q, 1)), .type = arena_str(a, col_str(q, 2)), .size = col_int(q, 3),
                       .by = { col_int(q, 5) }, .at = col_time(q, 6) };
    if (sum.len == sizeof out->sum.at)
        memcpy(out->sum.at, sum.at, sum.len);
}

Err card_files(Db *db, Arena *a, CardId card, CardFiles *out)
{
    CardFiles rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(FILE_COLUMNS "WHERE card_id = $1 ORDER BY id"));
    bind_int(q, 1, card.v);
    while (db_row(q))
        file_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err card_file_load(Db *db, Arena *a, CardId card, int64_t id, CardFile *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FILE_COLUMNS "WHERE card_id = $1 AND id = $2"));
    bind_int(q, 1, card.v);
    bind_int(q, 2, id);
    bool found = db_row(q);
    if (found)
        file_read(a, q, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such file of this card"));
}

Err card_file_add(Db *db, Arena *a, CardId card, CardFile *f)
{
    CardFiles all;
    TRY(card_files(db, a, card, &all));
    for (size_t i = 0; i < all.len; i++)
        if (!memcmp(all.at[i].sum.at, f->sum.at, sizeof f->sum.at)) {
            *f = all.at[i];
            return OK;
        }
    f->id       = id_new();
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO card_files (id, card_id, name, type, size, sha256, added_by, added_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    bind_int(q, 1, f->id);
    bind_int(q, 2, card.v);
    bind_str(q, 3, f->name);
    bind_str(q, 4, f->type);
    bind_int(q, 5, f->size);
    bind_blob(q, 6, (Str){ (const char *)f->sum.at, sizeof f->sum.at });
    bind_int(q, 7, f->by.v);
    bind_time(q, 8, f->at);
    return db_run(q);
}

/* ---- Evidence ------------------------------------------------------------------------------------------------------------ */

Err card_evidence(Db *db, Arena *a, CardId card, CardEvidences *out)
{
    CardEvidences rows = { 0 };
    AUTO_STMT     q    = db_prepare(db, SQL("SELECT code, kind, ref_id FROM card_evidence WHERE card_id = $1 ORDER BY code, added_at, ref_id"));
    bind_int(q, 1, card.v);
    while (db_row(q)) {
        CardEvidence x = { .code = arena_str(a, col_str(q, 0)), .ref = col_int(q, 2) };
        if (card_evidence_parse(col_str(q, 1), &x.kind))
            *list_add(a, &rows) = x;
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err card_evidence_add(Db *db, CardId card, const CardEvidence *e, PersonId by, Time at)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO card_evidence (card_id, code, kind, ref_id, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6) "
                                     "ON CONFLICT DO NOTHING"));
    bind_int(q, 1, card.v);
    bind_str(q, 2, e->code);
    bind_str(q, 3, card_evidence_code(e->kind));
    bind_int(q, 4, e->ref);
    bind_int(q, 5, by.v);
    bind_time(q, 6, at);
    return db_run(q);
}

Err card_evidence_remove(Db *db, CardId card, const CardEvidence *e)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM card_evidence WHERE card_id = $1 AND code = $2 AND kind = $3 AND ref_id = $4"));
    bind_int(q, 1, card.v);
    bind_str(q, 2, e->code);
    bind_str(q, 3, card_evidence_code(e->kind));
    bind_int(q, 4, e->ref);
    return db_run(q);
}

/* ---- Seals ---------------------------------------------------------------------------------------------------------------- */

Err card_seal_add(Db *db, CardId card, const CardSeal *x)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO card_seals (id, card_id, content, sha256, sealed_by, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)"));
    bind_int(q, 1, id_new());
    bind_int(q, 2, card.v);
    bind_str(q, 3, x->content);
    bind_str(q, 4, x->sha256);
    bind_int(q, 5, x->by.v);
    bind_time(q, 6, x->at);
    return db_run(q);
}

Err card_seal_last(Db *db, Arena *a, CardId card, bool *out_found, CardSeal *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT content, sha256, sealed_by, sealed_at FROM card_seals WHERE card_id = $1 ORDER BY id DESC LIMIT 1"));
    bind_int(q, 1, card.v);
    *out_found = db_row(q);
    if (*out_found)
        *out = (CardSeal){ arena_str(a, col_str(q, 0)), arena_str(a, col_str(q, 1)), { col_int(q, 2) }, col_time(q, 3) };
    return db_done(q);
}

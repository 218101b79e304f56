/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inputs given by whoever runs a season, in the database. */
#include "season/inputs.h"

#include <math.h>

Err season_inputs(Db *db, Arena *a, SeasonId season, UnitId unit, SeasonInputs *out)
{
    SeasonInputs rows = { 0 };
    AUTO_STMT    q    = db_prepare(db, SQL("SELECT unit_id, code, revision, inputs, manual, source, saved_by, saved_at FROM season_inputs "
                                           "WHERE season_id = $1 AND (unit_id = $2 OR CAST($2 AS BIGINT) = 0) ORDER BY unit_id, code"));
    bind_int(q, 1, season.v);
    bind_int(q, 2, unit.v);
    while (db_row(q))
        *list_add(a, &rows) = (SeasonInput){ { col_int(q, 0) }, { .code = arena_str(a, col_str(q, 1)), .revision = col_int(q, 2),
            .inputs = arena_str(a, col_str(q, 3)), .manual = col_real(q, 4), .note = arena_str(a, col_str(q, 5)), .by = { col_int(q, 6) },
            .at = col_time(q, 7), .points = NAN } };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err season_input_save(Db *db, Arena *a, SeasonId season, SeasonInput *x, int64_t seen)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO season_inputs (season_id, unit_id, code, revision, inputs, manual, source, saved_by, saved_at) "
        "VALUES ($1, $2, $3, 1, $5, $6, $7, $8, $9) ON CONFLICT (season_id, unit_id, code) DO UPDATE SET revision = season_inputs.revision + 1, "
        "inputs = $5, manual = $6, source = $7, saved_by = $8, saved_at = $9 WHERE season_inputs.revision = CAST($4 AS BIGINT)"));
    bind_int(q, 1, season.v);
    bind_int(q, 2, x->unit.v);
    bind_str(q, 3, x->x.code);
    bind_int(q, 4, seen);
    bind_str(q, 5, x->x.inputs);
    bind_real(q, 6, x->x.manual);
    bind_str(q, 7, x->x.note);
    bind_int(q, 8, x->x.by.v);
    bind_time(q, 9, x->x.at);
    TRY(db_run(q));
    if (db_changes(q) != 1)
        return err_new(a, ERR_CONFLICT, S("the inputs were changed meanwhile"));
    x->x.revision = seen + 1;
    return OK;
}

Err card_scores_given(Db *db, Arena *a, const Card *card, CardScores *io)
{
    SeasonInputs rows;
    TRY(season_inputs(db, a, card->season, card->unit, &rows));
    for (size_t i = 0; i < rows.len; i++)
        if (!card_score_find(io, rows.at[i].x.code))
            *list_add(a, io) = rows.at[i].x;
    return OK;
}

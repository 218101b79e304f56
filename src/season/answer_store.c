/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What units explain and object to, and what the council decides, in the database. */
#include "season/verdicts.h"

/* ---- Explanations ------------------------------------------------------------------------------------------------ */

const CardAnswer *card_answer_find(const CardAnswers *all, Str code)
{
    for (size_t i = 0; i < all->len; i++)
        if (str_eq(all->at[i].code, code))
            return &all->at[i];
    return NULL;
}

Err card_answers(Db *db, Arena *a, CardId card, CardAnswers *out)
{
    CardAnswers rows = { 0 };
    AUTO_STMT   q    = db_prepare(db, SQL("SELECT code, revision, answer, saved_by, saved_at FROM card_answers WHERE card_id = $1 ORDER BY code"));
    bind_int(q, 1, card.v);
    while (db_row(q))
        *list_add(a, &rows) = (CardAnswer){ .code = arena_str(a, col_str(q, 0)), .revision = col_int(q, 1), .answer = arena_str(a, col_str(q, 2)),
                                            .by = { col_int(q, 3) }, .at = col_time(q, 4) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err changed_once(Arena *a, Stmt *q)
{
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("it was changed meanwhile"));
}

Err card_answer_save(Db *db, Arena *a, CardId card, CardAnswer *x, int64_t seen)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO card_answers (card_id, code, revision, answer, saved_by, saved_at) VALUES ($1, $2, 1, $4, $5, $6) "
                                     "ON CONFLICT (card_id, code) DO UPDATE SET revision = card_answers.revision + 1, answer = $4, saved_by = $5, "
                                     "saved_at = $6 "
                                     "WHERE card_answers.revision = CAST($3 AS BIGINT)"));
    bind_int(q, 1, card.v);
    bind_str(q, 2, x->code);
    bind_int(q, 3, seen);
    bind_str(q, 4, x->answer);
    bind_int(q, 5, x->by.v);
    bind_time(q, 6, x->at);
    TRY(changed_once(a, q));
    x->revision = seen + 1;
    return OK;
}

/* ---- Objections ------------------------------------------------------------------------------------------------------ */

Str decision_code(Decision d)
{
    static const Str codes[DECISION_COUNT] = { S_INIT(""), S_INIT("accept"), S_INIT("reject"), S_INIT("points") };
    return d < DECISION_COUNT ? codes[d] : S("");
}

bool decision_parse(Str code, Decision *out)
{
    for (int d = 0; d < DECISION_COUNT; d++)
        if (str_eq(code, decision_code((Decision)d))) {
            *out = (Decision)d;
            return true;
        }
    return false;
}

const CardObjection *card_objection_find(const CardObjections *all, Str code)
{
    for (size_t i = 0; i < all->len; i++)
        if (str_eq(all->at[i].code, code))
            return &all->at[i];
    return NULL;
}

Err card_objections(Db *db, Arena *a, CardId card, CardObjections *out)
{
    CardObjections rows = { 0 };
    AUTO_STMT      q    = db_prepare(db, SQL("SELECT code, revision, reason, saved_by, saved_at, decision, points, why, decided_by, decided_at "
                                             "FROM card_objections WHERE card_id = $1 ORDER BY code"));
    bind_int(q, 1, card.v);
    while (db_row(q)) {
        CardObjection x = { .code = arena_str(a, col_str(q, 0)), .revision = col_int(q, 1), .reason = arena_str(a, col_str(q, 2)), .by = { col_int(q, 3) },
                            .at = col_time(q, 4), .points = col_real(q, 6), .why = arena_str(a, col_str(q, 7)), .decided_by = { col_int(q, 8) },
                            .decided_at = col_time(q, 9) };
        if (decision_parse(col_str(q, 5), &x.decision))
            *list_add(a, &rows) = x;
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err card_objection_save(Db *db, Arena *a, CardId card, CardObjection *x, int64_t seen)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO card_objections (card_id, code, revision, reason, saved_by, saved_at, decision, points, why, decided_by, decided_at) "
        "VALUES ($1, $2, 1, $4, $5, $6, '', NULL, '', 0, 0) ON CONFLICT (card_id, code) DO UPDATE SET revision = card_objections.revision + 1, reason = $4, "
        "saved_by = $5, saved_at = $6 WHERE card_objections.revision = CAST($3 AS BIGINT)"));
    bind_int(q, 1, card.v);
    bind_str(q, 2, x->code);
    bind_int(q, 3, seen);
    bind_str(q, 4, x->reason);
    bind_int(q, 5, x->by.v);
    bind_time(q, 6, x->at);
    TRY(changed_once(a, q));
    x->revision = seen + 1;
    return OK;
}

Err card_objection_remove(Db *db, Arena *a, CardId card, const CardObjection *x)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM card_objections WHERE card_id = $1 AND code = $2 AND revision = CAST($3 AS BIGINT)"));
    bind_int(q, 1, card.v);
    bind_str(q, 2, x->code);
    bind_int(q, 3, x->revision);
    return changed_once(a, q);
}

Err card_objection_decide(Db *db, Arena *a, CardId card, CardObjection *x, int64_t seen)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE card_objections SET revision = revision + 1, decision = $4, points = $5, why = $6, decided_by = $7, "
                                     "decided_at = $8 WHERE card_id = $1 AND code = $2 AND revision = CAST($3 AS BIGINT)"));
    bind_int(q, 1, card.v);
    bind_str(q, 2, x->code);
    bind_int(q, 3, seen);
    bind_str(q, 4, decision_code(x->decision));
    bind_real(q, 5, x->points);
    bind_str(q, 6, x->why);
    bind_int(q, 7, x->decided_by.v);
    bind_time(q, 8, x->decided_at);
    TRY(changed_once(a, q));
    x->revision = seen + 1;
    return OK;
}

Err card_objections_reopen(Db *db, CardId card)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE card_objections SET revision = revision + 1, decision = '', points = NULL, why = '', decided_by = 0, "
                                     "decided_at = 0 WHERE card_id = $1 AND decision <> ''"));
    bind_int(q, 1, card.v);
    return db_run(q);
}

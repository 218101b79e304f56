/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of attempts. They come in any order: from the console at once, from machines without a line days later. */
#include "field/parts.h"

Err field_attempt_add(Db *db, const Attempt *x)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO field_attempts (id, case_id, person_id, at, mode, disposition, callback_at, note) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    bind_int(q, 1, x->id ? x->id : id_new());
    bind_int(q, 2, x->of.v);
    bind_int(q, 3, x->person.v);
    bind_time(q, 4, x->at);
    bind_str(q, 5, x->mode);
    bind_str(q, 6, outcome_code(x->outcome));
    bind_time(q, 7, x->callback_at);
    bind_str(q, 8, x->note);
    TRY(db_run(q));
    AUTO_STMT c = db_prepare(db, SQL(
        "UPDATE field_cases SET disposition = CASE WHEN COALESCE(last_at, 0) <= $3 THEN $1 ELSE disposition END, "
        "callback_at = CASE WHEN COALESCE(last_at, 0) <= $3 THEN CAST($2 AS BIGINT) ELSE callback_at END, "
        "last_at = CASE WHEN COALESCE(last_at, 0) <= $3 THEN $3 ELSE last_at END, attempts = attempts + $4 WHERE id = $5"));
    bind_str(c, 1, outcome_code(x->outcome));
    bind_time(c, 2, x->callback_at);
    bind_time(c, 3, x->at);
    bind_int(c, 4, !str_eq(x->mode, S("desk")));
    bind_int(c, 5, x->of.v);
    return db_run(c);
}

#define ATTEMPT_SELECT "SELECT t.id, t.case_id, t.person_id, t.at, t.mode, t.disposition, t.callback_at, t.note, c.code, c.round_id " \
                       "FROM field_attempts t JOIN field_cases c ON c.id = t.case_id "

static Attempt attempt_row(Arena *a, Stmt *q)
{
    Attempt x = { .id = col_int(q, 0), .of = { col_int(q, 1) }, .person = { col_int(q, 2) }, .at = col_time(q, 3), .mode = arena_str(a, col_str(q, 4)),
                  .callback_at = col_time(q, 6), .note = arena_str(a, col_str(q, 7)) };
    outcome_parse(col_str(q, 5), &x.outcome);
    return x;
}

Err field_attempt_load(Db *db, Arena *a, int64_t id, Attempt *out)
{
    bool      found = false;
    AUTO_STMT q     = db_prepare(db, SQL(ATTEMPT_SELECT "WHERE t.id = $1"));
    bind_int(q, 1, id);
    for (; db_row(q); found = true)
        *out = attempt_row(a, q);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("attempt"));
}

Err field_attempt_list(Db *db, Arena *a, CaseId id, Attempts *out)
{
    AUTO_STMT q = db_prepare(db, SQL(ATTEMPT_SELECT "WHERE t.case_id = $1 ORDER BY t.at DESC, t.id DESC"));
    bind_int(q, 1, id.v);
    while (db_row(q))
        *list_add(a, out) = attempt_row(a, q);
    return db_done(q);
}

Err field_visits_of(Db *db, Arena *a, RoundId round, PersonId person, FieldVisits *out)
{
    AUTO_STMT q = db_prepare(db, SQL(ATTEMPT_SELECT "WHERE c.round_id = $1 AND t.person_id = $2 AND t.mode <> 'desk' ORDER BY t.id DESC LIMIT 5000"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, person.v);
    while (db_row(q))
        *list_add(a, out) = (FieldVisit){ .round = { col_int(q, 9) }, .code = arena_str(a, col_str(q, 8)), .x = attempt_row(a, q) };
    return db_done(q);
}

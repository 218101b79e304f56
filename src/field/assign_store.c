/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Giving many cases to one person: a statement for each fifty of them. */
#include "field/parts.h"

enum { IDS = 50 };
#define ID_LIST "($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, " \
                "$27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)"

/* Places without an id get one that no case has. */
static void bind_ids(Stmt *q, const FieldCases *cases, size_t from)
{
    for (size_t i = 0; i < IDS; i++)
        bind_int(q, (int)(2 + i), from + i < cases->len ? cases->at[from + i].id.v : 0);
}

Err field_cases_units(Db *db, RoundId round, FieldCases *cases)
{
    for (size_t i = 0; i < cases->len; i++)
        cases->at[i].round = (RoundId){ 0 };
    for (size_t from = 0; from < cases->len; from += IDS) {
        AUTO_STMT q = db_prepare(db, SQL("SELECT id, unit_id FROM field_cases WHERE round_id = $1 AND id IN " ID_LIST));
        bind_int(q, 1, round.v);
        bind_ids(q, cases, from);
        while (db_row(q))
            for (size_t i = from; i < cases->len && i < from + IDS; i++)
                if (cases->at[i].id.v == col_int(q, 0)) {
                    cases->at[i].round = round;
                    cases->at[i].unit  = (UnitId){ col_int(q, 1) };
                }
        TRY(db_done(q));
    }
    return OK;
}

Err field_cases_assign(Db *db, RoundId round, const FieldCases *cases, PersonId to, int64_t *out_changed)
{
    *out_changed = 0;
    for (size_t from = 0; from < cases->len; from += IDS) {
        AUTO_STMT q = db_prepare(db, SQL(
            "UPDATE field_cases SET interviewer = $52 WHERE round_id = $1 AND active = 1 AND interviewer <> $52 AND id IN " ID_LIST));
        bind_int(q, 1, round.v);
        bind_ids(q, cases, from);
        bind_int(q, IDS + 2, to.v);
        TRY(db_run(q));
        *out_changed += db_changes(q);
    }
    return OK;
}

Err field_workers(Db *db, Arena *a, RoundId round, FieldWorkers *out)
{
    FieldWorkers rows = { 0 };
    AUTO_STMT    q = db_prepare(db, SQL("SELECT DISTINCT interviewer FROM field_cases WHERE round_id = $1 AND active = 1 AND interviewer <> 0"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        *list_add(a, &rows) = (PersonId){ col_int(q, 0) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How the cases behind a round's answers were drawn, for estimation and for checks of interviewers. */
#include "field/field.h"

Err case_design_each(Db *db, RoundId round, Err (*each)(void *self, const CaseDesign *c), void *self)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT l.submission_id, c.weight, s.parts, COALESCE(p.login, '') FROM case_links l JOIN field_cases c ON c.id = l.case_id "
        "JOIN field_rounds f ON f.round_id = c.round_id JOIN sample_cases s ON s.sample_id = f.sample_id AND s.number = c.number "
        "LEFT JOIN people p ON p.id = c.interviewer WHERE l.round_id = $1 ORDER BY l.submission_id"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        TRY(each(self, &(CaseDesign){ .id = { col_int(q, 0) }, .weight = col_real(q, 1), .parts = col_str(q, 2), .interviewer = col_str(q, 3) }));
    return db_done(q);
}

Err case_outcome_each(Db *db, RoundId round, Err (*each)(void *self, const CaseOutcome *c), void *self)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT COALESCE(l.submission_id, 0), c.weight, c.active, c.reserve, c.disposition, s.parts, s.keep FROM field_cases c "
        "JOIN field_rounds f ON f.round_id = c.round_id JOIN sample_cases s ON s.sample_id = f.sample_id AND s.number = c.number "
        "LEFT JOIN case_links l ON l.case_id = c.id WHERE c.round_id = $1 ORDER BY c.number"));
    bind_int(q, 1, round.v);
    while (db_row(q)) {
        CaseOutcome x = { .id = { col_int(q, 0) }, .weight = col_real(q, 1), .active = col_int(q, 2) != 0, .reserve = col_int(q, 3) != 0,
                          .parts = col_str(q, 5), .keep = col_str(q, 6) };
        if (!outcome_parse(col_str(q, 4), &x.outcome))
            x.outcome = OUTCOME_NONE;
        TRY(each(self, &x));
    }
    return db_done(q);
}

Err outcomes_noted(Db *db, RoundId round, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT (SELECT COUNT(*) FROM field_cases c JOIN field_attempts t ON t.case_id = c.id WHERE c.round_id = $1) "
        "+ (SELECT COUNT(*) FROM field_cases WHERE round_id = $1 AND active = 1)"));
    bind_int(q, 1, round.v);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

Err case_columns(Db *db, Arena *a, RoundId round, StrList *out, bool *out_any)
{
    Str         keep = S("{}");
    const Json *json;
    AUTO_STMT q = db_prepare(db, SQL("SELECT s.keep FROM field_rounds f JOIN sample_cases s ON s.sample_id = f.sample_id WHERE f.round_id = $1 "
                                     "ORDER BY s.number LIMIT 1"));
    bind_int(q, 1, round.v);
    *out_any = db_row(q);
    if (*out_any)
        keep = arena_str(a, col_str(q, 0));
    TRY(db_done(q));
    TRY(json_parse(a, keep, &json));
    JSON_EACH(column, json)
        *list_add(a, out) = column->key;
    return OK;
}

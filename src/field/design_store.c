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

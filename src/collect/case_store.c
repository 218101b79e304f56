/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers of fieldwork name their case, so that weights and response rates can follow: docs/adr/0016. What a case is, only
 * the module of fieldwork knows. */
#include "collect/collect.h"

Err case_link_add(Db *db, int64_t case_id, RoundId round, SubmissionId answer, bool *out_added, bool *out_same)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO case_links (case_id, round_id, submission_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"));
    bind_int(q, 1, case_id);
    bind_int(q, 2, round.v);
    bind_int(q, 3, answer.v);
    TRY(db_run(q));
    *out_added = db_changes(q) == 1;
    *out_same  = false;
    AUTO_STMT have = db_prepare(db, SQL("SELECT submission_id FROM case_links WHERE case_id = $1"));
    bind_int(have, 1, case_id);
    while (db_row(have))
        *out_same = col_int(have, 0) == answer.v;
    return db_done(have);
}

Err case_link_move(Db *db, int64_t case_id, SubmissionId answer)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE case_links SET submission_id = $2 WHERE case_id = $1"));
    bind_int(q, 1, case_id);
    bind_int(q, 2, answer.v);
    return db_run(q);
}

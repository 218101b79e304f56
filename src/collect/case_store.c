/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers of fieldwork name their case, so that weights and response rates can follow: docs/adr/0016. What a case is, only
 * the module of fieldwork knows. */
#include "collect/collect.h"

Str answers_case_code(const FormProgram *p, const FormAnswers *x)
{
    static const char *const names[] = { "ma_mau", "case" };
    Str code = S("");
    for (size_t i = 0; i < COUNT_OF(names) && !code.len; i++) {
        int node = form_find(p, str_from_c(names[i]));
        if (node >= 0 && p->nodes.at[node].answer >= 0)
            code = str_trim(x->at[p->nodes.at[node].answer]);
    }
    return code;
}

Err case_claim(Db *db, Arena *a, const CaseFinder *finder, RoundId round, Str code, int64_t *out_case, Str *out_flag)
{
    CaseClaim state = CLAIM_NONE;
    int64_t   id    = 0;
    if (finder && code.len)
        TRY(finder->find(db, a, round, code, &id, &state));
    *out_case = state == CLAIM_FREE ? id : 0;
    *out_flag = state == CLAIM_TAKEN ? S("case_twice") : state == CLAIM_UNKNOWN ? S("case_unknown") : S("");
    return OK;
}

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

Err case_link_drop(Db *db, SubmissionId answer)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM case_links WHERE submission_id = $1"));
    bind_int(q, 1, answer.v);
    return db_run(q);
}

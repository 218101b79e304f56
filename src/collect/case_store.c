/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers of fieldwork name their case, so that weights and response rates can follow: docs/adr/0016. What a case is, only
 * the module of fieldwork knows. */
#include "collect/parts.h"

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
    *out_case = state == CLAIM_FREE || state == CLAIM_TAKEN ? id : 0;
    *out_flag = state == CLAIM_TAKEN ? S("case_twice") : state == CLAIM_UNKNOWN ? S("case_unknown") : S("");
    return OK;
}

/* ---- Answers that are not, or were not always, their case's ---------------------------------------- */
static const Str states[CLAIM_STATE_COUNT] = { S_INIT("waiting"), S_INIT("risen"), S_INIT("tied"), S_INIT("refused"), S_INIT("was") };

Str claim_state_code(ClaimState s)
{
    return states[s];
}

bool claim_state_parse(Str code, ClaimState *out)
{
    for (int s = 0; s < CLAIM_STATE_COUNT; s++)
        if (str_eq(code, states[s])) {
            *out = (ClaimState)s;
            return true;
        }
    return false;
}

void claim_read(Stmt *q, Arena *a, Claim *out)
{
    *out = (Claim){ .answer = { col_int(q, 0) }, .case_id = col_int(q, 1), .round = { col_int(q, 2) }, .open = str_eq(col_str(q, 3), S("open")),
                    .left_at = col_time(q, 5), .by = { col_int(q, 6) }, .at = col_time(q, 7), .reason = arena_str(a, col_str(q, 8)),
                    .revision = col_int(q, 9) };
    claim_state_parse(col_str(q, 4), &out->state);
}

Err claim_find(Db *db, Arena *a, SubmissionId answer, Claim *out, bool *out_any)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " CLAIM_COLUMNS " FROM case_claims k WHERE k.submission_id = $1"));
    bind_int(q, 1, answer.v);
    *out     = (Claim){ .answer = answer };
    *out_any = db_row(q);
    if (*out_any)
        claim_read(q, a, out);
    return db_done(q);
}

Err claim_load(Db *db, Arena *a, SubmissionId answer, Claim *out)
{
    bool any;
    TRY(claim_find(db, a, answer, out, &any));
    return any ? OK : err_new(a, ERR_NOT_FOUND, S("this answer names no case, or is its answer"));
}

/* When it is there already it stays as it is. */
Err claim_add(Db *db, const Claim *c)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO case_claims (submission_id, case_id, round_id, source, state, left_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (submission_id) DO NOTHING"));
    bind_int(q, 1, c->answer.v);
    bind_int(q, 2, c->case_id);
    bind_int(q, 3, c->round.v);
    bind_str(q, 4, c->open ? S("open") : S("sent"));
    bind_str(q, 5, states[c->state]);
    bind_time(q, 6, c->left_at);
    return db_run(q);
}

Err claim_save(Db *db, Claim *c)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE case_claims SET case_id = $3, state = $4, left_at = $5, settled_by = $6, settled_at = $7, reason = $8, revision = revision + 1 "
        "WHERE submission_id = $1 AND revision = $2"));
    bind_int(q, 1, c->answer.v);
    bind_int(q, 2, c->revision++);
    bind_int(q, 3, c->case_id);
    bind_str(q, 4, states[c->state]);
    bind_time(q, 5, c->left_at);
    bind_int(q, 6, c->by.v);
    bind_time(q, 7, c->at);
    bind_str(q, 8, c->reason);
    TRY(db_run(q));
    return db_changes(q) ? OK : err_new(db_arena(db), ERR_CONFLICT, S("somebody decided about this answer meanwhile"));
}

Err claim_drop(Db *db, SubmissionId answer)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM case_claims WHERE submission_id = $1"));
    bind_int(q, 1, answer.v);
    return db_run(q);
}

Err claim_note(Db *db, int64_t case_id, RoundId round, SubmissionId answer)
{
    return claim_add(db, &(Claim){ .answer = answer, .case_id = case_id, .round = round, .open = true });
}

/* By day, since moments of answers are kept nowhere; what was left out or gave way to a newer revision waits no more. */
Err claim_next(Db *db, Arena *a, int64_t case_id, Claim *out, bool *out_any)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT " CLAIM_COLUMNS " FROM case_claims k JOIN submissions s ON s.id = k.submission_id WHERE k.case_id = $1 AND k.source = 'sent' "
        "AND k.state = 'waiting' AND k.left_at IS NULL AND s.withdrawn = 0 AND s.left_out = '' "
        "AND NOT EXISTS (SELECT 1 FROM case_links l WHERE l.case_id = k.case_id OR l.submission_id = k.submission_id) "
        "ORDER BY s.day, k.submission_id LIMIT 1"));
    bind_int(q, 1, case_id);
    *out_any = db_row(q);
    if (*out_any)
        claim_read(q, a, out);
    return db_done(q);
}

Err answer_counts(Db *db, SubmissionId answer, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT 1 FROM submissions WHERE id = $1 AND withdrawn = 0 AND left_out = ''"));
    bind_int(q, 1, answer.v);
    *out = db_row(q);
    return db_done(q);
}

/* ---- The answer of a case ---------------------------------------------------------------------------- */
Err case_answer(Db *db, int64_t case_id, SubmissionId *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT submission_id FROM case_links WHERE case_id = $1"));
    bind_int(q, 1, case_id);
    *out = (SubmissionId){ db_row(q) ? col_int(q, 0) : 0 };
    return db_done(q);
}

Err answer_case(Db *db, SubmissionId answer, int64_t *out_case, RoundId *out_round)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT case_id, round_id FROM case_links WHERE submission_id = $1"));
    bind_int(q, 1, answer.v);
    bool any = db_row(q);
    *out_case  = any ? col_int(q, 0) : 0;
    *out_round = (RoundId){ any ? col_int(q, 1) : 0 };
    return db_done(q);
}

Err case_link_insert(Db *db, int64_t case_id, RoundId round, SubmissionId answer, bool *out_added)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO case_links (case_id, round_id, submission_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"));
    bind_int(q, 1, case_id);
    bind_int(q, 2, round.v);
    bind_int(q, 3, answer.v);
    TRY(db_run(q));
    *out_added = db_changes(q) == 1;
    return OK;
}

/* Of a newer revision from now on. */
static Err claim_move(Db *db, SubmissionId from, SubmissionId to)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE case_claims SET submission_id = $2 WHERE submission_id = $1"));
    bind_int(q, 1, from.v);
    bind_int(q, 2, to.v);
    return db_run(q);
}

/* What a person took out of a case is not tied to it again by its code. */
Err case_link_add(Db *db, int64_t case_id, RoundId round, SubmissionId answer, CasePlace *out)
{
    Claim        c;
    bool         known, added;
    SubmissionId held;
    TRY(claim_find(db, db_arena(db), answer, &c, &known));
    *out = known && (c.state == CLAIM_REFUSED || c.state == CLAIM_WAITING) ? CASE_ASIDE : CASE_HELD;
    if (known && (c.left_at.ms || c.state == CLAIM_REFUSED))
        return OK;
    TRY(case_link_insert(db, case_id, round, answer, &added));
    TRY(case_answer(db, case_id, &held));
    *out = held.v == answer.v ? CASE_HELD : CASE_BEHIND;
    if (added)
        return known && c.state == CLAIM_WAITING ? claim_drop(db, answer) : OK;
    return *out == CASE_HELD ? OK : claim_add(db, &(Claim){ .answer = answer, .case_id = case_id, .round = round });
}

Err case_link_move(Db *db, int64_t case_id, SubmissionId answer)
{
    SubmissionId before;
    TRY(case_answer(db, case_id, &before));
    TRY(claim_drop(db, answer));
    TRY(claim_move(db, before, answer));
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

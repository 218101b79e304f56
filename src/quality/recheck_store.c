/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Draws and their cases in the database. */
#include "quality/recheck.h"

static bool state_parse(Str code, CaseState *out)
{
    for (int s = 0; s < CASE_STATE_COUNT; s++)
        if (str_eq(code, case_state_code((CaseState)s))) {
            *out = (CaseState)s;
            return true;
        }
    return false;
}

/* ---- Draws --------------------------------------------------------------------------------------------------------------- */

static Err case_add(Db *db, const Recheck *r, int64_t number, SubmissionId submission, Str interviewer)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO recheck_cases (id, recheck_id, submission_id, interviewer, number, state) VALUES ($1, $2, $3, $4, $5, 'open')"));
    bind_int(q, 1, id_random());
    bind_int(q, 2, r->id);
    bind_int(q, 3, submission.v);
    bind_str(q, 4, interviewer);
    bind_int(q, 5, number);
    return db_run(q);
}

Err recheck_save(Db *db, Recheck *r, const QualityData *d, const DrawnRows *rows)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO rechecks (id, round_id, share, seed, mode, questions, shown, population, made_by, made_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"));
    r->id = id_new();
    bind_int(q, 1, r->id);
    bind_int(q, 2, r->round.v);
    bind_real(q, 3, r->share);
    bind_int(q, 4, r->seed);
    bind_str(q, 5, recheck_mode_code(r->mode));
    bind_str(q, 6, r->questions);
    bind_str(q, 7, r->shown);
    bind_int(q, 8, r->population);
    bind_int(q, 9, r->by.v);
    bind_time(q, 10, r->at);
    TRY(db_run(q));
    for (size_t i = 0; i < rows->len; i++) {
        int32_t who = d->interviewer[rows->at[i]];
        TRY(case_add(db, r, (int64_t)i + 1, d->id[rows->at[i]], who >= 0 ? d->names.at[who] : S("")));
    }
    return OK;
}

static Err states_count(Db *db, Recheck *r)
{
    CaseState state;
    AUTO_STMT q = db_prepare(db, SQL("SELECT state, COUNT(*) FROM recheck_cases WHERE recheck_id = $1 GROUP BY state"));
    bind_int(q, 1, r->id);
    while (db_row(q))
        if (state_parse(col_str(q, 0), &state))
            r->n[state] = col_int(q, 1);
    return db_done(q);
}

#define RECHECK_SELECT "SELECT id, round_id, share, seed, mode, questions, shown, population, made_by, made_at FROM rechecks "

static Err rechecks_read(Stmt *q, Db *db, Arena *a, Rechecks *out)
{
    Rechecks rows = { 0 };
    while (db_row(q)) {
        Recheck *r = list_add(a, &rows);
        *r = (Recheck){ .id = col_int(q, 0), .round = { col_int(q, 1) }, .share = col_real(q, 2), .seed = col_int(q, 3),
                        .questions = arena_str(a, col_str(q, 5)), .shown = arena_str(a, col_str(q, 6)), .population = col_int(q, 7),
                        .by = { col_int(q, 8) }, .at = col_time(q, 9) };
        recheck_mode_parse(col_str(q, 4), &r->mode);
    }
    TRY(db_done(q));
    for (size_t i = 0; i < rows.len; i++)
        TRY(states_count(db, &rows.at[i]));
    *out = rows;
    return OK;
}

Err recheck_list(Db *db, Arena *a, RoundId round, Rechecks *out)
{
    AUTO_STMT q = db_prepare(db, SQL(RECHECK_SELECT "WHERE CAST($1 AS BIGINT) = 0 OR round_id = $1 ORDER BY made_at DESC, id DESC"));
    bind_int(q, 1, round.v);
    return rechecks_read(q, db, a, out);
}

Err recheck_load(Db *db, Arena *a, int64_t id, Recheck *out)
{
    Rechecks  rows;
    AUTO_STMT q = db_prepare(db, SQL(RECHECK_SELECT "WHERE id = $1"));
    bind_int(q, 1, id);
    TRY(rechecks_read(q, db, a, &rows));
    if (!rows.len)
        return err_new(a, ERR_NOT_FOUND, S("re-check"));
    *out = rows.at[0];
    return OK;
}

/* ---- Cases ------------------------------------------------------------------------------------------------------------------ */

#define CASE_SELECT                                                                                                        \
    "SELECT x.id, x.recheck_id, x.submission_id, x.interviewer, x.number, x.state, x.checker, x.answers, x.typed, x.note, " \
    "x.saved_at, x.done_at, x.revision, CASE WHEN COALESCE(s.unit_id, 0) = 0 THEN r.owner_unit ELSE s.unit_id END "         \
    "FROM recheck_cases x JOIN rechecks d ON d.id = x.recheck_id JOIN rounds r ON r.id = d.round_id "                       \
    "LEFT JOIN submissions s ON s.id = x.submission_id "

static void case_read(Stmt *q, Arena *a, RecheckCase *out)
{
    *out = (RecheckCase){ .id = col_int(q, 0), .recheck = col_int(q, 1), .submission = { col_int(q, 2) }, .interviewer = arena_str(a, col_str(q, 3)),
                          .number = col_int(q, 4), .checker = { col_int(q, 6) }, .answers = arena_str(a, col_str(q, 7)),
                          .typed = arena_str(a, col_str(q, 8)), .note = arena_str(a, col_str(q, 9)), .saved_at = col_time(q, 10),
                          .done_at = col_time(q, 11), .revision = col_int(q, 12), .unit = { col_int(q, 13) } };
    state_parse(col_str(q, 5), &out->state);
}

Err case_list(Db *db, Arena *a, int64_t recheck, int64_t first, int64_t most, RecheckCases *out)
{
    RecheckCases rows = { 0 };
    AUTO_STMT    q    = db_prepare(db, SQL(CASE_SELECT "WHERE x.recheck_id = $1 ORDER BY x.number LIMIT $2 OFFSET $3"));
    bind_int(q, 1, recheck);
    bind_int(q, 2, most);
    bind_int(q, 3, first);
    while (db_row(q))
        case_read(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err case_each_done(Db *db, int64_t recheck, Err (*each)(void *self, Str interviewer, Str first, Str second), void *self)
{
    AUTO_STMT q = db_prepare_large(db, SQL(
        "SELECT x.interviewer, s.answers, x.answers FROM recheck_cases x JOIN submissions s ON s.id = x.submission_id "
        "WHERE x.recheck_id = $1 AND x.state = 'done' AND s.withdrawn = 0 ORDER BY x.number"));
    bind_int(q, 1, recheck);
    while (db_row(q))
        TRY(each(self, col_str(q, 0), col_str(q, 1), col_str(q, 2)));
    return db_done(q);
}

Err case_waiting(Db *db, Arena *a, const Checker *who, RightScope *scope, int64_t first, int64_t most, RecheckCases *out)
{
    RecheckCases rows   = { 0 };
    int64_t      passed = 0;
    AUTO_STMT    q      = db_prepare(db, SQL(CASE_SELECT
        "WHERE x.state = 'open' OR (x.state = 'draft' AND x.checker = $1) ORDER BY x.state, x.recheck_id DESC, x.number"));
    bind_int(q, 1, who->person.v);
    while ((int64_t)rows.len < most && db_row(q)) {
        RecheckCase *x = list_add(a, &rows);
        case_read(q, a, x);
        if (!scope_has(scope, x->unit) || !case_may_take(x, who) || passed++ < first)
            rows.len--;
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err case_load(Db *db, Arena *a, int64_t id, RecheckCase *out)
{
    AUTO_STMT q = db_prepare(db, SQL(CASE_SELECT "WHERE x.id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        case_read(q, a, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("case"));
}

Err case_save(Db *db, RecheckCase *x)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE recheck_cases SET state = $1, checker = $2, answers = $3, typed = $4, note = $5, saved_at = $6, done_at = $7, revision = revision + 1 "
        "WHERE id = $8 AND revision = $9"));
    bind_str(q, 1, case_state_code(x->state));
    bind_int(q, 2, x->checker.v);
    bind_str(q, 3, x->answers);
    bind_str(q, 4, x->typed);
    bind_str(q, 5, x->note);
    bind_time(q, 6, x->saved_at);
    bind_time(q, 7, x->done_at);
    bind_int(q, 8, x->id);
    bind_int(q, 9, x->revision);
    TRY(db_run(q));
    if (!db_changes(q))
        return err_new(db_arena(db), ERR_CONFLICT, S("the case was changed meanwhile"));
    x->revision++;
    return OK;
}

/* The case stays as done; what was said in it goes. */
static Err forget(Db *db, SubmissionId id)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE recheck_cases SET answers = '{}', typed = '{}', note = '', revision = revision + 1 WHERE submission_id = $1"));
    bind_int(q, 1, id.v);
    return db_run(q);
}

const RecordFollower quality_follower = { .forget = forget };

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of fieldwork. A case is complete once an answer is tied to it (case_links, module collect), whatever was noted before. */
#include "field/parts.h"

/* ---- Rounds ------------------------------------------------------------------------------------------------ */
Err field_round_add(Db *db, const FieldRound *f)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO field_rounds (round_id, sample_id, due_day, erase_days, opened_at, opened_by) "
                                     "VALUES ($1, $2, $3, $4, $5, $6)"));
    bind_int(q, 1, f->round.v);
    bind_int(q, 2, f->sample.v);
    bind_date(q, 3, f->due);
    bind_int(q, 4, f->erase_days);
    bind_time(q, 5, f->opened_at);
    bind_int(q, 6, f->opened_by.v);
    return db_run(q);
}

static FieldRound round_row(Stmt *q)
{
    return (FieldRound){ .round = { col_int(q, 0) }, .sample = { col_int(q, 1) }, .due = col_date(q, 2), .erase_days = col_int(q, 3),
                         .erased_at = col_time(q, 4), .opened_at = col_time(q, 5), .opened_by = { col_int(q, 6) } };
}

Err field_round_load(Db *db, Arena *a, RoundId id, FieldRound *out)
{
    bool      found = false;
    AUTO_STMT q = db_prepare(db, SQL("SELECT round_id, sample_id, due_day, erase_days, erased_at, opened_at, opened_by FROM field_rounds WHERE round_id = $1"));
    bind_int(q, 1, id.v);
    for (; db_row(q); found = true)
        *out = round_row(q);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no fieldwork"));
}

Time field_erase_at(const FieldRound *f, const Round *r)
{
    Time end = r->closed_at.ms ? r->closed_at : r->closes_at;
    return end.ms ? (Time){ end.ms + f->erase_days * MS_DAY } : (Time){ 0 };
}

static Err erase(Db *db, RoundId id, Time now)
{
    AUTO_STMT cases = db_prepare(db, SQL("UPDATE field_cases SET contact = NULL, phone_tail = '' WHERE round_id = $1"));
    bind_int(cases, 1, id.v);
    TRY(db_run(cases));
    AUTO_STMT notes = db_prepare(db, SQL("UPDATE field_attempts SET note = '' WHERE case_id IN (SELECT id FROM field_cases WHERE round_id = $1)"));
    bind_int(notes, 1, id.v);
    TRY(db_run(notes));
    AUTO_STMT round = db_prepare(db, SQL("UPDATE field_rounds SET erased_at = $1 WHERE round_id = $2"));
    bind_time(round, 1, now);
    bind_int(round, 2, id.v);
    return db_run(round);
}

Err field_tidy(Db *db, Arena *a, Time now, int64_t *out_rounds)
{
    LIST(FieldRound) due = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT round_id, sample_id, due_day, erase_days, erased_at, opened_at, opened_by FROM field_rounds "
                                     "WHERE erased_at IS NULL"));
    while (db_row(q))
        *list_add(a, &due) = round_row(q);
    TRY(db_done(q));
    int64_t n = 0;
    for (size_t i = 0; i < due.len; i++) {
        Round r;
        TRY(round_load(db, a, due.at[i].round, &r));
        Time at = field_erase_at(&due.at[i], &r);
        if (!at.ms || at.ms > now.ms)
            continue;
        TRY(erase(db, due.at[i].round, now));
        n++;
    }
    if (out_rounds)
        *out_rounds = n;
    return OK;
}

/* ---- Cases -------------------------------------------------------------------------------------------------- */
/* Cases whose answer was left out, and since when: unless somebody tried again later, the interview cannot be used.
 * which: the claims read, by the statement's $1 (all rounds of years would be grouped for one case otherwise). */
#define LEFT_OUT(which) "LEFT JOIN (SELECT case_id, MAX(left_at) AS left_at FROM case_claims WHERE " which " AND left_at IS NOT NULL " \
                        "AND state IN ('was', 'risen', 'tied') GROUP BY case_id) o ON o.case_id = c.id "
#define OF_ROUND  "round_id = $1"
#define OF_CASE   "case_id = $1"
#define OF_PERSON "case_id IN (SELECT id FROM field_cases WHERE interviewer = $1 AND active = 1)"
#define UNUSABLE "(l.case_id IS NULL AND COALESCE(o.left_at, 0) > COALESCE(c.last_at, 0))"
#define CASE_SELECT(which)                                                                                                                           \
    "SELECT c.id, c.round_id, c.number, c.code, c.unit_id, c.cell, c.place, c.reserve, c.active, c.replaces, c.reason, c.weight, c.interviewer, "     \
    "c.disposition, c.attempts, c.last_at, c.callback_at, c.phone_tail, CASE WHEN c.contact IS NULL THEN 0 ELSE 1 END, "                              \
    "CASE WHEN l.case_id IS NULL THEN 0 ELSE 1 END, CASE WHEN " UNUSABLE " THEN 1 ELSE 0 END "                                                         \
    "FROM field_cases c LEFT JOIN case_links l ON l.case_id = c.id " LEFT_OUT(which)

static FieldCase case_row(Arena *a, Stmt *q)
{
    FieldCase c = { .id = { col_int(q, 0) }, .round = { col_int(q, 1) }, .number = col_int(q, 2), .code = arena_str(a, col_str(q, 3)),
        .unit = { col_int(q, 4) },
                    .cell = arena_str(a, col_str(q, 5)), .place = arena_str(a, col_str(q, 6)), .reserve = col_int(q, 7), .active = col_int(q, 8),
                    .replaces = { col_int(q, 9) }, .reason = arena_str(a, col_str(q, 10)), .weight = col_real(q, 11), .interviewer = { col_int(q, 12) },
                    .attempts = col_int(q, 14), .last_at = col_time(q, 15), .callback_at = col_time(q, 16), .phone_tail = arena_str(a, col_str(q, 17)),
                    .has_contact = col_int(q, 18), .linked = col_int(q, 19) };
    outcome_parse(col_str(q, 13), &c.outcome);
    if (c.linked)
        c.outcome = OUTCOME_COMPLETE;
    if (col_int(q, 20))
        c.outcome = OUTCOME_UNUSABLE;
    return c;
}

Err field_case_add(Db *db, FieldCase *c, Str box)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO field_cases (id, round_id, number, code, unit_id, cell, place, reserve, active, weight, contact, phone_tail) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"));
    bind_int(q, 1, c->id.v);
    bind_int(q, 2, c->round.v);
    bind_int(q, 3, c->number);
    bind_str(q, 4, c->code);
    bind_int(q, 5, c->unit.v);
    bind_str(q, 6, c->cell);
    bind_str(q, 7, c->place);
    bind_int(q, 8, c->reserve);
    bind_int(q, 9, c->active);
    bind_real(q, 10, c->weight);
    if (box.len)
        bind_blob(q, 11, box);
    else
        bind_null(q, 11);
    bind_str(q, 12, c->phone_tail);
    db_send(q, NULL);
    return OK;
}

static Err one_case(Db *db, Arena *a, Stmt *q, FieldCase *out)
{
    bool found = false;
    for (; db_row(q); found = true)
        *out = case_row(a, q);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("case"));
}

Err field_case_load(Db *db, Arena *a, CaseId id, FieldCase *out)
{
    AUTO_STMT q = db_prepare(db, SQL(CASE_SELECT(OF_CASE) "WHERE c.id = $1"));
    bind_int(q, 1, id.v);
    return one_case(db, a, q, out);
}

Err field_case_by_code(Db *db, Arena *a, RoundId round, Str code, FieldCase *out)
{
    AUTO_STMT q = db_prepare(db, SQL(CASE_SELECT(OF_ROUND) "WHERE c.round_id = $1 AND c.code = $2"));
    bind_int(q, 1, round.v);
    bind_str(q, 2, code);
    return one_case(db, a, q, out);
}

Err field_contact_load(Db *db, Arena *a, CaseId id, Str *out_box)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT contact FROM field_cases WHERE id = $1"));
    bind_int(q, 1, id.v);
    *out_box = S("");
    while (db_row(q))
        *out_box = arena_str(a, col_blob(q, 0));
    return db_done(q);
}

/* Outcomes after which somebody goes again; '' is "not yet". */
#define STILL_OPEN "c.disposition IN ('', 'away', 'callback', 'machine_known', 'no_entry', 'busy', 'no_answer', 'machine', 'no_screener') " \
                   "AND l.case_id IS NULL AND NOT " UNUSABLE

/* One statement a state, so that each stays a literal that the databases can plan. */
static Stmt *list_query(Db *db, Str state)
{
#define FROM_HERE "WHERE c.round_id = $1 AND (CAST($2 AS bigint) = 0 OR (CAST($2 AS bigint) = -1 AND c.interviewer = 0) OR c.interviewer = $2) " \
                  "AND (CAST($3 AS bigint) = 0 OR c.unit_id = $3) "
#define PAGE_HERE "ORDER BY c.number LIMIT $5 OFFSET $4"
    if (str_eq(state, S("open")))
        return db_prepare(db, SQL(CASE_SELECT(OF_ROUND) FROM_HERE "AND c.active = 1 AND " STILL_OPEN " " PAGE_HERE));
    if (str_eq(state, S("fresh")))
        return db_prepare(db, SQL(CASE_SELECT(OF_ROUND) FROM_HERE "AND c.active = 1 AND c.attempts = 0 AND " STILL_OPEN " " PAGE_HERE));
    if (str_eq(state, S("callback")))
        return db_prepare(db, SQL(CASE_SELECT(OF_ROUND) FROM_HERE "AND c.active = 1 AND c.callback_at IS NOT NULL AND " STILL_OPEN " " PAGE_HERE));
    if (str_eq(state, S("done")))
        return db_prepare(db, SQL(CASE_SELECT(OF_ROUND) FROM_HERE "AND c.active = 1 AND (l.case_id IS NOT NULL OR "
                                  "(c.disposition IN ('complete', 'partial') AND NOT " UNUSABLE ")) "
                                  PAGE_HERE));
    if (str_eq(state, S("lost")))
        return db_prepare(db, SQL(CASE_SELECT(OF_ROUND) FROM_HERE "AND c.active = 1 AND l.case_id IS NULL AND (" UNUSABLE
                                  " OR c.disposition NOT IN ('complete', 'partial')) AND NOT (" STILL_OPEN ") " PAGE_HERE));
    if (str_eq(state, S("reserve")))
        return db_prepare(db, SQL(CASE_SELECT(OF_ROUND) FROM_HERE "AND c.active = 0 " PAGE_HERE));
    return db_prepare(db, SQL(CASE_SELECT(OF_ROUND) FROM_HERE "AND c.active = 1 " PAGE_HERE));
}

Err field_case_list(Db *db, Arena *a, const CaseFilter *f, FieldCases *out)
{
    int64_t   passed = 0;
    bool      all    = f->scope->all;
    AUTO_STMT q      = list_query(db, f->state);
    bind_int(q, 1, f->round.v);
    bind_int(q, 2, f->interviewer.v);
    bind_int(q, 3, f->unit.v);
    bind_int(q, 4, all ? f->first : 0);
    bind_int(q, 5, all ? f->most : INT64_MAX);
    while ((int64_t)out->len < f->most && db_row(q))
        if (all || (scope_has(f->scope, (UnitId){ col_int(q, 4) }) && passed++ >= f->first))
            *list_add(a, out) = case_row(a, q);
    return db_done(q);
}

Err field_case_mine(Db *db, Arena *a, PersonId who, FieldCases *out)
{
    AUTO_STMT q = db_prepare(db, SQL(CASE_SELECT(OF_PERSON) "WHERE c.interviewer = $1 AND c.active = 1 AND " STILL_OPEN
                                     " ORDER BY c.round_id DESC, c.place, c.number LIMIT 1000"));
    bind_int(q, 1, who.v);
    while (db_row(q))
        *list_add(a, out) = case_row(a, q);
    return db_done(q);
}

Err field_case_counts(Db *db, Arena *a, RoundId round, CaseCounts *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT c.unit_id, c.interviewer, CASE WHEN " UNUSABLE " THEN 'unusable' ELSE c.disposition END, "
        "CASE WHEN l.case_id IS NULL THEN 0 ELSE 1 END AS linked, COUNT(*), "
        "SUM(CASE WHEN c.attempts > 0 OR l.case_id IS NOT NULL THEN 1 ELSE 0 END), SUM(CASE WHEN c.callback_at IS NULL THEN 0 ELSE 1 END), SUM(c.weight) "
        "FROM field_cases c LEFT JOIN case_links l ON l.case_id = c.id " LEFT_OUT(OF_ROUND) "WHERE c.round_id = $1 AND c.active = 1 "
        "GROUP BY c.unit_id, c.interviewer, CASE WHEN " UNUSABLE " THEN 'unusable' ELSE c.disposition END, CASE WHEN l.case_id IS NULL THEN 0 ELSE 1 END"));
    bind_int(q, 1, round.v);
    while (db_row(q)) {
        CaseCount *x = list_add(a, out);
        *x = (CaseCount){ .unit = { col_int(q, 0) }, .interviewer = { col_int(q, 1) }, .n = col_int(q, 4), .attempted = col_int(q, 5),
                          .callbacks = col_int(q, 6), .weight = col_real(q, 7) };
        outcome_parse(col_str(q, 2), &x->outcome);
        if (col_int(q, 3)) {
            x->outcome = OUTCOME_COMPLETE;
            x->linked  = x->n;
        }
    }
    return db_done(q);
}

Err field_case_assign(Db *db, CaseId id, RoundId round, PersonId to, bool *out_changed)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE field_cases SET interviewer = $1 WHERE id = $2 AND round_id = $3 AND active = 1 AND interviewer <> $1"));
    bind_int(q, 1, to.v);
    bind_int(q, 2, id.v);
    bind_int(q, 3, round.v);
    TRY(db_run(q));
    *out_changed = db_changes(q) == 1;
    return OK;
}

/* ---- Reserve ------------------------------------------------------------------------------------------------------ */
static Err next_reserve(Db *db, Arena *a, const FieldCase *c, FieldCase *out)
{
    AUTO_STMT q = db_prepare(db, SQL(CASE_SELECT(OF_ROUND) "WHERE c.round_id = $1 AND c.cell = $2 AND c.active = 0 ORDER BY c.reserve LIMIT 1"));
    bind_int(q, 1, c->round.v);
    bind_str(q, 2, c->cell);
    return one_case(db, a, q, out);
}

Err field_reserve_use(Db *db, Arena *a, const FieldCase *c, Str reason, FieldCase *out)
{
    TRY(next_reserve(db, a, c, out));
    AUTO_STMT q = db_prepare(db, SQL("UPDATE field_cases SET active = 1, replaces = $1, reason = $2, interviewer = $3 WHERE id = $4 AND active = 0"));
    bind_int(q, 1, c->id.v);
    bind_str(q, 2, reason);
    bind_int(q, 3, c->interviewer.v);
    bind_int(q, 4, out->id.v);
    TRY(db_run(q));
    if (!db_changes(q))
        return err_new(a, ERR_CONFLICT, S("the reserve was taken meanwhile"));
    out->active   = true;
    out->replaces = c->id;
    return OK;
}

/* ---- Answers --------------------------------------------------------------------------------------------------------- */
Err field_case_link(Db *db, Arena *a, RoundId round, Str code, SubmissionId answer)
{
    FieldCase c;
    CasePlace place;
    TRY(field_case_by_code(db, a, round, code, &c));
    TRY(case_link_add(db, c.id.v, round, answer, &place));
    return place == CASE_HELD ? OK : err_new(a, ERR_CONFLICT, S("the case has another answer"));
}

Err field_main_cases(Db *db, Arena *a, RoundId round, FieldCases *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, code FROM field_cases WHERE round_id = $1 AND active = 1 ORDER BY number"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        *list_add(a, out) = (FieldCase){ .id = { col_int(q, 0) }, .code = arena_str(a, col_str(q, 1)) };
    return db_done(q);
}

/* A reserve that is not in use has a code too: whoever answers under it was asked. */
static Err find_case(Db *db, Arena *a, RoundId round, Str code, int64_t *out_case, CaseClaim *out)
{
    FieldRound f;
    FieldCase  c;
    *out = CLAIM_NONE;
    Err e = field_round_load(db, a, round, &f);
    if (err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    e    = field_case_by_code(db, a, round, code, &c);
    *out = CLAIM_UNKNOWN;
    if (err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    *out_case = c.id.v;
    *out      = c.linked ? CLAIM_TAKEN : CLAIM_FREE;
    return OK;
}

const CaseFinder field_case_finder = { find_case, field_tell_stepped };

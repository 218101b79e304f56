/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which answer is a case's: the first that came with a right and counts. Answers behind it wait in line; those of the public
 * interface, for a person. */
#include "collect/parts.h"

static bool mark_of_case(Str reason)
{
    return str_eq(reason, S("case_twice")) || str_eq(reason, S("case_claimed"));
}

Err case_mark(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId answer, Str mark)
{
    SealedRecord r;
    TRY(sealed_load(db, a, answer, &r));
    Str reason = mark.len ? mark : mark_of_case(r.flag_reason) ? S("") : r.flag_reason;
    for (size_t i = 0; i < app->record_follower_count; i++)
        if (app->record_followers[i]->mark)
            TRY(app->record_followers[i]->mark(db, a, answer, mark, &reason));
    bool flagged = reason.len || (r.flagged && !r.flag_reason.len);
    if (r.withdrawn || (str_eq(reason, r.flag_reason) && flagged == r.flagged))
        return OK;
    return record_remark(db, s, a, app, answer, flagged, reason);
}

/* ---- A case without answer, and one that comes back -------------------------------------------------- */
static Err rise(Db *db, Store *s, Arena *a, const AppInfo *app, int64_t case_id)
{
    Claim c;
    bool  any, added;
    TRY(claim_next(db, a, case_id, &c, &any));
    if (!any)
        return OK;
    TRY(case_link_insert(db, case_id, c.round, c.answer, &added));
    if (!added)
        return OK;
    c.state = CLAIM_RISEN;
    TRY(claim_save(db, &c));
    return case_mark(db, s, a, app, c.answer, S(""));
}

/* Who only took the place of another gives it back. */
static Err step_down(Db *db, Store *s, Arena *a, const AppInfo *app, int64_t case_id)
{
    SubmissionId held;
    Claim        c;
    bool         any;
    TRY(case_answer(db, case_id, &held));
    if (!held.v)
        return OK;
    TRY(claim_find(db, a, held, &c, &any));
    if (!any || c.state != CLAIM_RISEN)
        return OK;
    c.state = CLAIM_WAITING;
    TRY(case_link_drop(db, held));
    TRY(claim_save(db, &c));
    return case_mark(db, s, a, app, held, S("case_twice"));
}

Err case_answer_out(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId answer, Time at)
{
    Claim   c;
    bool    known;
    int64_t id;
    RoundId round;
    TRY(answer_case(db, answer, &id, &round));
    TRY(claim_find(db, a, answer, &c, &known));
    c.left_at = at;
    if (known) {
        TRY(claim_save(db, &c));
    } else if (id) {
        c = (Claim){ .answer = answer, .case_id = id, .round = round, .state = CLAIM_WAS, .left_at = at };
        TRY(claim_add(db, &c));
    }
    if (!id)
        return OK;
    TRY(case_link_drop(db, answer));
    return rise(db, s, a, app, id);
}

/* It held its case before: as the first, in another's place, or by a person's word. */
static Err come_back(Db *db, Store *s, Arena *a, const AppInfo *app, Claim *c)
{
    bool added;
    TRY(step_down(db, s, a, app, c->case_id));
    TRY(case_link_insert(db, c->case_id, c->round, c->answer, &added));
    if (added)
        return c->state == CLAIM_WAS ? claim_drop(db, c->answer) : OK;
    c->state = CLAIM_WAITING;
    c->by    = (PersonId){ 0 };
    c->at    = (Time){ 0 };
    TRY(claim_save(db, c));
    return case_mark(db, s, a, app, c->answer, S("case_twice"));
}

Err case_answer_in(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId answer)
{
    Claim c;
    bool  known;
    TRY(claim_find(db, a, answer, &c, &known));
    if (!known || !c.left_at.ms)
        return OK;
    c.left_at = (Time){ 0 };
    TRY(claim_save(db, &c));
    if (c.state == CLAIM_WAS || c.state == CLAIM_RISEN || c.state == CLAIM_TIED)
        return come_back(db, s, a, app, &c);
    return rise(db, s, a, app, c.case_id);
}

Err case_answer_gone(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId answer)
{
    int64_t id;
    RoundId round;
    TRY(answer_case(db, answer, &id, &round));
    TRY(case_link_drop(db, answer));
    TRY(claim_drop(db, answer));
    return id ? rise(db, s, a, app, id) : OK;
}

/* ---- A person decides ------------------------------------------------------------------------------------ */
static Err tie(Db *db, Store *s, Arena *a, const AppInfo *app, const Claim *c)
{
    bool added = false, counts;
    TRY(answer_counts(db, c->answer, &counts));
    if (c->left_at.ms || !counts)
        return err_new(a, ERR_CONFLICT, S("an answer that is left out is nobody's"));
    TRY(case_link_insert(db, c->case_id, c->round, c->answer, &added));
    if (!added)
        return err_new(a, ERR_CONFLICT, S("the case has an answer"));
    return case_mark(db, s, a, app, c->answer, S(""));
}

static Err untie(Db *db, Store *s, Arena *a, const AppInfo *app, const Claim *c, bool was_tied)
{
    if (was_tied) {
        TRY(case_link_drop(db, c->answer));
        TRY(case_mark(db, s, a, app, c->answer, c->open ? S("case_claimed") : S("case_twice")));
    }
    return rise(db, s, a, app, c->case_id);
}

Err claim_settle(Db *db, Store *s, Arena *a, const AppInfo *app, Claim *c, ClaimState to)
{
    bool was_tied = c->state == CLAIM_TIED, settled = was_tied || c->state == CLAIM_REFUSED;
    if (to == CLAIM_WAITING ? !settled : c->state != CLAIM_WAITING)
        return err_new(a, ERR_CONFLICT, S("somebody decided about this answer meanwhile"));
    c->state = to;
    if (to == CLAIM_WAITING) {
        c->by     = (PersonId){ 0 };
        c->at     = (Time){ 0 };
        c->reason = S("");
    }
    if (to == CLAIM_TIED)
        TRY(tie(db, s, a, app, c));          /* first: a refusal leaves nothing written */
    TRY(claim_save(db, c));
    return to == CLAIM_WAITING ? untie(db, s, a, app, c, was_tied) : OK;
}

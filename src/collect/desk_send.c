/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Visits at a machine become answers: at once, or by themselves when nobody goes on. A tap is in the database before it is acknowledged;
 * its id is the visit's, so that a tap sent twice is one answer. */
#include "collect/desk.h"

void desk_answers(Arena *a, const FormProgram *p, const Desk *d, FormAnswers *x)
{
    FormAnswers given = form_answers_new(a, p);
    if (record_read(a, p, d->given, &given))
        return;
    for (int i = 0; i < p->answer_count; i++)
        if (given.at[i].len)
            x->at[i] = given.at[i];
}

Err desk_send(Store *s, Arena *a, const AppInfo *app, const RoundInfo *info, const Draft *draft, Time at, SubmitOutcome *out)
{
    const CollectKeys *k = collect_keys(app);
    FormAnswers x = form_answers_new(a, info->program), typed = form_answers_new(a, info->program);
    Submission  sub = { .from = CONTRIBUTION_SEND, .channel = CHANNEL_KIOSK, .at = at, .media = S("application/json"), .draft = draft->id,
                        .draft_token = keyed_hash(k->draft, draft->desk, draft->visit), .desk = draft->desk };
    draft_read(a, info->program, draft->answers_json, &x, &typed);
    form_strip_irrelevant(info->program, a, &x, at);
    submission_fill(&sub, a, k, info, draft->visit, &x, submission_body(a, draft->visit, record_json(a, info->program, &x)));
    sub.code = code_hash(k, info->round.id, S("0"));
    submission_seal(&sub, a);
    TRY(collector_run(s, a, &submit_kind, &sub));
    *out = sub.outcome;
    return OK;
}

/* ---- Visits that nobody goes on with -------------------------------------------------------------------------------------- */

/* The gate decides by the moment of the tap. What it refuses (a paused round) is tried again until the draft ends with its round. */
Err desks_due(Db *db, Store *s, Arena *a, const AppInfo *app, Time now, int64_t *out_sent)
{
    DueVisits due = { 0 };
    *out_sent = 0;
    TRY(due_visits(db, a, now, &due));
    for (size_t i = 0; i < due.len; i++) {
        const RoundInfo *info;
        SubmitOutcome    outcome;
        TRY(round_info(db, s, a, due.at[i].round, &info));
        TRY(desk_send(s, a, app, info, &due.at[i].draft, due.at[i].draft.saved_at, &outcome));
        *out_sent += outcome == SUBMIT_STORED;
    }
    return OK;
}

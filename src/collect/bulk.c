/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers from a program (demonstration, import): the same records, receipts, counters and sum as from a request. */
#include "collect/submit_counts.h"

enum { BULK = 1000 };

Err submission_load_many(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId id, const SubmissionDraft *drafts, size_t n)
{
    const CollectKeys *k = collect_keys(app);
    const RoundInfo   *info;
    Round              round;
    TRY(round_load(db, a, id, &round));
    TRY(round_info(db, s, a, round.code, &info));
    for (size_t from = 0; from < n; from += BULK) {
        Arena        work  = *a;
        size_t       many  = n - from < BULK ? n - from : BULK;
        Submission  *x     = arena_new(&work, Submission, many);
        Submission **items = arena_new(&work, Submission *, many);
        for (size_t i = 0; i < many; i++) {
            const SubmissionDraft *d = &drafts[from + i];
            items[i]      = &x[i];
            x[i].at       = date_start(d->day);
            x[i].channel  = d->channel;
            x[i].media    = S("application/json");
            Str body = submission_body(&work, d->instance_id, record_json(&work, info->program, d->answers));
            submission_fill(&x[i], &work, k, info, d->instance_id, d->answers, body);
            submission_seal(&x[i], &work);
        }
        submission_forget_counts();            /* the caller's transaction may have been rolled back, or may be yet */
        Err e = submission_insert(db, &work, items, many);
        submission_forget_counts();
        TRY(e);
    }
    return OK;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fieldwork under way, for the demonstration: cases given out, some complete, some refused, called back or not met, the rest untouched. */
#include "field/parts.h"

enum { UNASSIGNED = 12 };

static Err attempt(Db *db, const FieldDemo *d, PersonId who, CaseId id, Outcome o, int64_t hours_ago)
{
    Attempt x = { .of = id, .person = who, .at = { d->now.ms - hours_ago * MS_HOUR }, .mode = S("visit"), .outcome = o };
    if (o == OUTCOME_CALLBACK)
        x.callback_at = (Time){ d->now.ms + (hours_ago % 3 + 1) * 12 * MS_HOUR };
    return field_attempt_add(db, &x);
}

Err field_demo(Db *db, Arena *a, const FieldDemo *d)
{
    static const Outcome tried[] = { OUTCOME_REFUSED, OUTCOME_CALLBACK, OUTCOME_AWAY, OUTCOME_CALLBACK, OUTCOME_AWAY, OUTCOME_NOT_FOUND, OUTCOME_REFUSED_HOUSE,
                                     OUTCOME_CALLBACK, OUTCOME_AWAY, OUTCOME_NO_ELIGIBLE };
    FieldCases cases = { 0 };
    bool       changed;
    TRY(field_main_cases(db, a, d->round, &cases));
    for (size_t i = 0; i + UNASSIGNED < cases.len; i++) {
        CaseId  id    = cases.at[i].id;
        int64_t hours = 30 + (int64_t)(i * 7 % 60);
        PersonId who  = i < d->answers ? d->supervisor : d->interviewer;
        TRY(field_case_assign(db, id, d->round, who, &changed));
        if (i < d->answers) {
            TRY(attempt(db, d, who, id, OUTCOME_COMPLETE, hours));
            TRY(field_case_link(db, a, d->round, cases.at[i].code, d->answer[i]));
        } else if (i < d->answers + COUNT_OF(tried)) {
            TRY(attempt(db, d, who, id, tried[i - d->answers], hours));
        }
    }
    return OK;
}

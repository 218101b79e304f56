/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fieldwork under way, for the demonstration: cases given out, some complete, some refused, called back or not met, the rest untouched. */
#include "field/parts.h"

enum { UNASSIGNED = 12 };

/* A moment of that day in the hours in which people are asked: from eight to eighteen. */
static Time by_day(int32_t day, int64_t n)
{
    return (Time){ date_start((Date){ day }).ms + (8 + n * 3 % 10) * MS_HOUR + n * 17 % 60 * MS_MINUTE };
}

/* What was tried one to four days ago; people who asked for another hour are met this evening or tomorrow. */
static Err attempt(Db *db, const FieldDemo *d, PersonId who, CaseId id, Outcome o, int64_t n)
{
    int32_t today = date_of(d->now).day;
    Attempt x     = { .of = id, .person = who, .at = by_day(today - 1 - (int32_t)(n % 4), n), .mode = S("visit"), .outcome = o };
    Time    soon  = { date_start((Date){ today }).ms + 19 * MS_HOUR };
    if (o == OUTCOME_CALLBACK)
        x.callback_at = soon.ms > d->now.ms && n % 3 == 0 ? soon : by_day(today + 1, n);
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
        CaseId   id  = cases.at[i].id;
        PersonId who = i < d->answers ? d->supervisor : d->interviewer;
        TRY(field_case_assign(db, id, d->round, who, &changed));
        if (i < d->answers) {
            TRY(attempt(db, d, who, id, OUTCOME_COMPLETE, (int64_t)i));
            TRY(field_case_link(db, a, d->round, cases.at[i].code, d->answer[i]));
        } else if (i < d->answers + COUNT_OF(tried)) {
            TRY(attempt(db, d, who, id, tried[i - d->answers], (int64_t)i));
        }
    }
    return OK;
}

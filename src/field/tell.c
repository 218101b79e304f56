/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What interviewers are told: cases given to them, their round paused, closed or going on. */
#include "field/parts.h"
#include "notice/notice.h"

Err field_tell_given(Ctx *c, const Round *r, PersonId to, int64_t n)
{
    return to.v == c->session.person.v ? OK : notice_add(c->db, to, &(Notice){ .topic = TOPIC_CASES_GIVEN, .href = S("/console/field"),
                                                                               .title = round_title(r, LANG_VI), .n = n }, c->now);
}

Err field_tell_stepped(Ctx *c, const Round *r, RoundState to)
{
    FieldWorkers workers;
    bool         again = to == ROUND_OPEN && r->state == ROUND_PAUSED;
    Notice       n = { .topic = to == ROUND_PAUSED ? TOPIC_ROUND_PAUSED : to == ROUND_CLOSED ? TOPIC_ROUND_CLOSED : TOPIC_ROUND_RESUMED,
                       .href = S("/console/field"), .title = round_title(r, LANG_VI) };
    if (!again && to != ROUND_PAUSED && to != ROUND_CLOSED)
        return OK;
    TRY(field_workers(c->db, c->arena, r->id, &workers));
    for (size_t i = 0; i < workers.len; i++)
        TRY(notice_add(c->db, workers.at[i], &n, c->now));
    return OK;
}

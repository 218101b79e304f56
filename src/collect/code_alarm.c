/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Guessing of codes: refused codes are counted a round; the hundredth within ten minutes leaves an audit record. */
#include "collect/submit_counts.h"

enum { ROUNDS_WATCHED = 32, ALARM_AT = 100, WINDOW_MS = 10 * 60 * 1000 };

typedef struct Watch { RoundId round; int64_t from_ms; int refused; } Watch;

static Watch watches[ROUNDS_WATCHED];          /* of the collector's thread; the oldest gives way */

static Watch *watch_of(RoundId round, int64_t now_ms)
{
    Watch *oldest = &watches[0];
    for (int i = 0; i < ROUNDS_WATCHED; i++) {
        if (watches[i].round.v == round.v)
            return &watches[i];
        if (watches[i].from_ms < oldest->from_ms)
            oldest = &watches[i];
    }
    *oldest = (Watch){ .round = round, .from_ms = now_ms };
    return oldest;
}

Err code_alarm(Db *db, Arena *scratch, Submission **items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const Submission *x = items[i];
        if (x->outcome != SUBMIT_NO_CODE)
            continue;
        Watch *w = watch_of(x->info->round.id, x->at.ms);
        if (x->at.ms - w->from_ms > WINDOW_MS)
            *w = (Watch){ .round = x->info->round.id, .from_ms = x->at.ms };
        if (++w->refused != ALARM_AT)
            continue;
        AuditEvent e = {
            .at = x->at, .actor_name = S("system"), .unit = x->info->round.owner, .action = S("round.code_alarm"),
            .object = arena_fmt(scratch, "round:%lld", (long long)x->info->round.id.v),
            .detail = arena_fmt(scratch, "{\"refused\":%d,\"minutes\":10}", ALARM_AT), .failed = true,
        };
        TRY(audit_append(db, scratch, &e));
    }
    return OK;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers that name a case, with their cases and days: the list of a round. */
#include "field/claims.h"

Err claim_rows(Db *db, Arena *a, RoundId round, bool waiting, ScopePage *page, ClaimRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT " CLAIM_COLUMNS ", COALESCE(c.code, ''), COALESCE(c.unit_id, 0), s.day, s.channel FROM case_claims k "
        "JOIN submissions s ON s.id = k.submission_id LEFT JOIN field_cases c ON c.id = k.case_id WHERE k.round_id = $1 AND k.state <> 'was' "
        "AND ($2 = 'all' OR (k.state = 'waiting' AND k.left_at IS NULL)) "
        "ORDER BY CASE WHEN k.state = 'waiting' AND k.left_at IS NULL THEN 0 ELSE 1 END, c.code, k.submission_id"));
    bind_int(q, 1, round.v);
    bind_str(q, 2, waiting ? S("waiting") : S("all"));
    while (db_row(q)) {
        if (!scope_page_takes(page, (UnitId){ col_int(q, 11) }))
            continue;
        ClaimRow *x = list_add(a, out);
        claim_read(q, a, &x->c);
        x->code = arena_str(a, col_str(q, 10));
        x->day  = col_date(q, 12);
        channel_parse(col_str(q, 13), &x->channel);
    }
    return db_done(q);
}

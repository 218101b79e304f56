/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What ends with a round: drafts that can no longer be sent. A day is left for those who were told so on paper. */
#include "collect/parts.h"

Err collect_tidy(Db *db, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "DELETE FROM drafts WHERE round_id IN (SELECT id FROM rounds WHERE state = 'published' OR closed_at < $1 OR closes_at < $1)"));
    bind_int(q, 1, now.ms - MS_DAY);
    TRY(db_run(q));
    return draft_files_sweep(db);
}

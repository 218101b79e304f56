/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What devices told of themselves. */
#include "offline/parts.h"

Err offline_state_save(Db *db, const OfflineState *s)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO offline_states (device_id, told_at, unsent, drafts, oldest_at, conflicts, bytes, clock_off_ms, persistent, release) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (device_id) DO UPDATE SET told_at = excluded.told_at, unsent = excluded.unsent, "
        "drafts = excluded.drafts, oldest_at = excluded.oldest_at, conflicts = excluded.conflicts, bytes = excluded.bytes, "
        "clock_off_ms = excluded.clock_off_ms, persistent = excluded.persistent, release = excluded.release"));
    bind_int(q, 1, s->device.v);
    bind_time(q, 2, s->told_at);
    bind_int(q, 3, s->unsent);
    bind_int(q, 4, s->drafts);
    if (s->oldest_at.ms)
        bind_time(q, 5, s->oldest_at);
    else
        bind_null(q, 5);
    bind_int(q, 6, s->conflicts);
    bind_int(q, 7, s->bytes);
    bind_int(q, 8, s->clock_off_ms);
    bind_int(q, 9, s->persistent);
    bind_str(q, 10, s->release);
    return db_run(q);
}

Err offline_state_load(Db *db, Arena *a, DeviceId device, OfflineState *out)
{
    OfflineState s = { 0 };
    AUTO_STMT    q = db_prepare(db, SQL("SELECT told_at, unsent, drafts, oldest_at, conflicts, bytes, clock_off_ms, persistent, release FROM offline_states "
                                        "WHERE device_id = $1"));
    bind_int(q, 1, device.v);
    while (db_row(q))
        s = (OfflineState){ .device = device, .told_at = col_time(q, 0), .unsent = col_int(q, 1), .drafts = col_int(q, 2), .oldest_at = col_time(q, 3),
                            .conflicts = col_int(q, 4), .bytes = col_int(q, 5), .clock_off_ms = col_int(q, 6), .persistent = col_int(q, 7) != 0,
                            .release = arena_str(a, col_str(q, 8)) };
    TRY(db_done(q));
    if (!s.told_at.ms)
        return err_new(a, ERR_NOT_FOUND, S("offline state"));
    *out = s;
    return OK;
}

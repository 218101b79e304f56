/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What falls due without anybody asking: contact data of rounds whose days of keeping are over. Requests erase it too, but a
 * round that nobody opens any more gets none. And bytes of files that drafts and withdrawn records named, and receipts of
 * publications that were cut off; copies for analysis that hold answers withdrawn since. */
#include "app/app.h"
#include "edition/edition.h"
#include "field/field.h"
#include "notice/notice.h"
#include "season/season.h"
#include "snapshot/snapshot.h"

static Err erase_due(Arena *a, const Instance *in, int64_t *out_rounds)
{
    Db *db;
    TRY(store_take(in->store, a, &db));
    Err e = db_begin_write(db);
    if (!e)
        e = field_tidy(db, a, time_now(), out_rounds);
    if (!e)
        e = notice_tidy(db, time_now());
    if (!e)
        e = collect_erase(db, in->store, a);
    if (!e)
        e = db_commit(db);
    else
        db_rollback(db);
    if (!e)
        e = edition_tidy(db, a, time_now());
    if (!e)
        e = snapshot_tidy(db, a, &in->info);
    store_give(in->store, &db);
    return e;
}

void desks_send_due(const Instance *in)
{
    Arena   a    = arena_open(64 << 20);
    int64_t sent = 0;
    Db     *db;
    Err     e    = store_take(in->store, &a, &db);
    if (!e) {
        e = desks_due(db, in->store, &a, &in->info, time_now(), &sent);
        store_give(in->store, &db);
    }
    if (e)
        LOG(LOG_ERROR, "desks", LOG_STR("detail", e->detail));
    arena_close(&a);
}

static Err remind_due(Arena *a, const Instance *in, int64_t *out)
{
    Db            *db;
    SchemeCalendar days;
    TRY(scheme_calendar_load(a, &days));
    TRY(store_take(in->store, a, &db));
    Err e = db_begin_write(db);
    if (!e)
        e = season_remind(db, a, &days, time_now(), out);
    if (!e)
        e = db_commit(db);
    store_give(in->store, &db);
    return e;
}

void remind_people(const Instance *in)
{
    Arena   a = arena_open(256 << 20);
    int64_t n = 0;
    Err     e = remind_due(&a, in, &n);
    if (e)
        LOG(LOG_ERROR, "remind", LOG_STR("detail", e->detail));
    else if (n)
        LOG(LOG_INFO, "remind", LOG_NUM("cards", n));
    arena_close(&a);
}

void tidy_due(const Instance *in)
{
    Arena   a      = arena_open(16 << 20);
    int64_t rounds = 0;
    Err     e      = erase_due(&a, in, &rounds);
    if (e)
        LOG(LOG_ERROR, "tidy", LOG_STR("detail", e->detail));
    else if (rounds)
        LOG(LOG_INFO, "tidy", LOG_NUM("contact_data_erased_of_rounds", rounds));
    arena_close(&a);
}

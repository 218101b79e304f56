/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether this master key is the one the data were made with: with another one every code, seal and receipt would fail,
 * one by one and without a word why. */
#include "app/app.h"

static void key_value(const AppInfo *info, uint8_t out[32])
{
    app_key(info, "key-check", out);
}

/* False while the data are older than the check, or not made yet. */
static bool stored_value(Db *db, Arena *a, Str *out)
{
    AUTO_STMT v     = db_prepare(db, SQL("SELECT 1 FROM schema_versions WHERE number = 14"));
    bool      known = db_row(v);
    if (db_done(v) || !known)
        return false;
    AUTO_STMT q = db_prepare(db, SQL("SELECT value FROM key_checks WHERE purpose = 'master'"));
    bool  found = db_row(q);
    if (found)
        *out = arena_str(a, col_blob(q, 0));
    return db_done(q) == OK && found;
}

Err key_check(Arena *a, const Instance *i)
{
    Db     *db;
    Str     stored = { 0 };
    uint8_t want[32];
    key_value(&i->info, want);
    TRY(store_take(i->store, a, &db));
    bool there = db_begin_read(db) == OK && stored_value(db, a, &stored);
    db_rollback(db);
    store_give(i->store, &db);
    if (!there || str_eq(stored, (Str){ (const char *)want, sizeof want }))
        return OK;
    return err_fmt(a, ERR_CONFIG, "%.*s: master.key is not the key these data were made with; put the right one back", STR_ARG(i->dir));
}

Err key_check_save(Db *db, const AppInfo *info)
{
    uint8_t   value[32];
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO key_checks (purpose, value) VALUES ('master', $1) ON CONFLICT DO NOTHING"));
    key_value(info, value);
    bind_blob(q, 1, (Str){ (const char *)value, sizeof value });
    return db_run(q);
}

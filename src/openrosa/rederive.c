/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For `thuocdo round rederive`: everything that is made from the bytes of a round's records, made anew. */
#include "openrosa/parts.h"


static Err rederive_some(Db *db, Store *s, Arena *work, const CollectKeys *k, RoundId round, int64_t *after, RederiveResult *r)
{
    FieldIds ids   = { 0 };
    Derived *items = arena_new(work, Derived, FIELD_REDERIVE_BATCH);
    int64_t  changed;
    TRY(field_ids_after(db, work, round, *after, &ids));
    for (size_t i = 0; i < ids.len; i++)
        TRY(field_derive(db, s, work, ids.at[i], &items[i]));
    TRY(derived_apply(db, work, k, items, ids.len, &changed));
    *after      = ids.len ? ids.at[ids.len - 1].v : INT64_MAX;
    r->records += (int64_t)ids.len;
    r->changed += changed;
    return OK;
}

Err openrosa_rederive(Db *db, Store *s, Arena *a, const AppInfo *app, const Round *round, RederiveResult *out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)1 << 30);
    RederiveResult r = { 0 };
    int64_t        after = 0;
    Err            e = OK;
    submission_forget_counts();                 /* this transaction may be rolled back */
    while (!e && after != INT64_MAX) {
        e = rederive_some(db, s, &work, collect_keys(app), round->id, &after, &r);
        if (e)
            e = err_make(a, e->kind, e->detail, e->file, e->line);
        arena_reset(&work, 1 << 20);
    }
    submission_forget_counts();
    *out = r;
    return e;
}

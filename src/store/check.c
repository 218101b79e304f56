/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Is the store whole: pages and keys of the database, and every file against its name. What the rows mean is
 * checked by the modules that own them. */
#include "store/store_files.h"
#include "store/tables.h"

static void fault(Arena *a, StoreFaults *out, Str line)
{
    *list_add(a, out) = line;
}

static Err check_sqlite(Db *db, Arena *a, StoreFaults *out)
{
    AUTO_STMT pages = db_prepare(db, SQL("PRAGMA integrity_check(100)"));
    while (db_row(pages))
        if (!str_eq(col_str(pages, 0), S("ok")))
            fault(a, out, arena_fmt(a, "database: %.*s", STR_ARG(col_str(pages, 0))));
    TRY(db_done(pages));
    AUTO_STMT keys = db_prepare(db, SQL("SELECT \"table\", parent, COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2"));
    while (db_row(keys))
        fault(a, out, arena_fmt(a, "database: %lld rows of %.*s point to rows missing in %.*s", (long long)col_int(keys, 2),
                                STR_ARG(col_str(keys, 0)), STR_ARG(col_str(keys, 1))));
    return db_done(keys);
}

/* Reads every row of every table, so that a page the server cannot read shows; and looks for keys that do not hold. */
static Err check_postgres(Db *db, Arena *a, StoreFaults *out)
{
    Tables tables = { 0 };
    TRY(tables_list(db, a, &tables));
    for (size_t i = 0; i < tables.len; i++) {
        const char *name = arena_c(a, name_quoted(a, tables.at[i].name));
        AUTO_STMT   q    = db_prepare_text(db, arena_c(a, arena_fmt(a, "SELECT COUNT(CAST(t.* AS text)) FROM %s t", name)));
        Err         e    = db_run(q);
        if (e)
            fault(a, out, arena_fmt(a, "database: %s: %.*s", name, STR_ARG(e->detail)));
    }
    AUTO_STMT keys = db_prepare(db, SQL("SELECT CAST(conname AS text) FROM pg_constraint WHERE NOT convalidated"
                                        " AND connamespace = CAST(current_schema() AS regnamespace)"));
    while (db_row(keys))
        fault(a, out, arena_fmt(a, "database: %.*s was never validated", STR_ARG(col_str(keys, 0))));
    return db_done(keys);
}

static Err check_files(Store *s, Arena *a, StoreFaults *out)
{
    ContentFiles files = { 0 };
    TRY(content_list(a, s->data_dir, &files));
    for (size_t i = 0; i < files.len; i++) {
        char *mark = a->at;
        Str   bytes;
        Err   e = files_load(s, a, files.at[i], &bytes);
        if (e)
            fault(a, out, str_concat(a, S("files: "), e->detail));
        else
            a->at = mark;                          /* the file's bytes are given back before the next */
    }
    return OK;
}

Err store_check(Store *s, Arena *a, StoreFaults *out)
{
    Db *db = NULL;
    TRY(store_take(s, a, &db));
    Err e = migrations_complete(db, a);
    if (e)
        fault(a, out, str_concat(a, S("schema: "), e->detail));
    e = store_is_postgres(s) ? check_postgres(db, a, out) : check_sqlite(db, a, out);
    if (e)                                         /* damage that ends the look at the rest of the database */
        fault(a, out, str_concat(a, S("database: "), e->detail));
    store_give(s, &db);
    return check_files(s, a, out);
}

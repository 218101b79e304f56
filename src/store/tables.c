/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The catalogues of both databases, read alike. */
#include "store/tables.h"

static Stmt *prepare_tables(Db *db)
{
    if (store_is_postgres(db->store))
        return db_prepare(db, SQL("SELECT CAST(relname AS text) FROM pg_class"
                                  " WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'r'"
                                  " AND relname <> 'schema_versions' ORDER BY CAST(relname AS text) COLLATE \"C\""));
    return db_prepare(db, SQL("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                              " AND name <> 'schema_versions' ORDER BY name"));
}

/* Rows: name of the column, place in the primary key (0: not in it). */
static Stmt *prepare_columns(Db *db)
{
    if (store_is_postgres(db->store))
        return db_prepare(db, SQL(
            "SELECT CAST(c.attname AS text), COALESCE(array_position(CAST(k.indkey AS smallint[]), c.attnum), -1) + 1"
            " FROM pg_attribute c LEFT JOIN pg_index k ON k.indrelid = c.attrelid AND k.indisprimary"
            " WHERE c.attrelid = CAST(quote_ident($1) AS regclass) AND c.attnum > 0 AND NOT c.attisdropped"
            " AND c.attgenerated = '' ORDER BY c.attnum"));
    return db_prepare(db, SQL("SELECT name, pk FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY cid"));
}

static Err read_columns(Db *db, Arena *a, Table *table)
{
    Str       key[COLUMN_KEYS_MOST] = { 0 };
    AUTO_STMT q                     = prepare_columns(db);
    bind_str(q, 1, table->name);
    while (db_row(q)) {
        Str     name  = arena_str(a, col_str(q, 0));
        int64_t place = col_int(q, 1);
        *list_add(a, &table->columns) = name;
        if (place > 0 && place <= COLUMN_KEYS_MOST)
            key[place - 1] = name;
    }
    for (int i = 0; i < COLUMN_KEYS_MOST && key[i].len; i++)
        *list_add(a, &table->key) = key[i];
    return db_done(q);
}

Err tables_list(Db *db, Arena *a, Tables *out)
{
    Tables    tables = { 0 };
    AUTO_STMT q      = prepare_tables(db);
    while (db_row(q))
        *list_add(a, &tables) = (Table){ .name = arena_str(a, col_str(q, 0)) };
    TRY(db_done(q));
    for (size_t i = 0; i < tables.len; i++)
        TRY(read_columns(db, a, &tables.at[i]));
    *out = tables;
    return OK;
}

const Table *tables_find(const Tables *all, Str name)
{
    for (size_t i = 0; i < all->len; i++)
        if (str_eq(all->at[i].name, name))
            return &all->at[i];
    return NULL;
}

Err store_is_empty(Store *s, Arena *a, bool *out)
{
    Db    *db;
    Tables all = { 0 };
    TRY(store_take(s, a, &db));
    Err e = tables_list(db, a, &all);
    store_give(s, &db);
    *out = all.len == 0;
    return e;
}

static Err drop_tables(Db *db, Arena *a)
{
    Tables all;
    Buf    sql = buf_new(a, 1024);
    TRY(tables_list(db, a, &all));
    buf_lit(&sql, "DROP TABLE IF EXISTS schema_versions");
    for (size_t i = 0; i < all.len; i++) {
        buf_lit(&sql, ", ");
        buf_add(&sql, name_quoted(a, all.at[i].name));
    }
    buf_lit(&sql, " CASCADE");
    return db_exec(db, arena_c(a, buf_str(&sql)));
}

/* On PostgreSQL only: an SQLite database is a file, and whoever makes it deletes that. */
Err store_clear(Store *s, Arena *a)
{
    Db *db;
    if (!store_is_postgres(s))
        return err_new(a, ERR_INTERNAL, S("not a database of a server"));
    TRY(store_take(s, a, &db));
    Err e = db_begin_write(db);
    if (!e)
        e = drop_tables(db, a);
    if (!e)
        e = db_commit(db);
    store_give(s, &db);
    return e;
}

Str name_quoted(Arena *a, Str name)
{
    return str_join(a, (Str[]){ S("\""), str_replace(a, name, S("\""), S("\"\"")), S("\"") }, 3, S(""));
}

Str names_quoted(Arena *a, const StrList *names)
{
    StrList quoted = { 0 };
    for (size_t i = 0; i < names->len; i++)
        *list_add(a, &quoted) = name_quoted(a, names->at[i]);
    return str_join(a, quoted.at, quoted.len, S(", "));
}

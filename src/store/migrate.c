/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Numbered migrations, each in a transaction of its own together with its line in schema_versions: cut off at
 * any point, the schema is that of one whole version. A migration that was applied never changes. */
#include "store/store_driver.h"

#define VERSIONS_TABLE                                                                                       \
    "CREATE TABLE IF NOT EXISTS schema_versions (number BIGINT PRIMARY KEY, name TEXT NOT NULL,"            \
    " sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)"       /* applied_at: UTC ms */

typedef struct Version { int64_t number; Str name, sha256; } Version;
typedef LIST(Version) Versions;

/* "0007_site.sql" → 7 */
static bool file_number(Str name, int64_t *out)
{
    return str_ends(name, S(".sql")) && str_to_i64(str_cut(name, '_').head, out) && *out > 0;
}

static Err applied_versions(Db *db, Arena *a, Versions *out)
{
    Versions versions = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT number, name, sha256 FROM schema_versions ORDER BY number"));
    while (db_row(q)) {
        Version *v = list_add(a, &versions);
        *v = (Version){ col_int(q, 0), arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)) };
    }
    TRY(db_done(q));
    *out = versions;
    return OK;
}

static const Version *find_version(const Versions *all, int64_t number)
{
    for (size_t i = 0; i < all->len; i++)
        if (all->at[i].number == number)
            return &all->at[i];
    return NULL;
}

static const EmbeddedFile *find_file(const EmbeddedFile *files, size_t n, int64_t number)
{
    int64_t found;
    for (size_t i = 0; i < n; i++)
        if (file_number(files[i].name, &found) && found == number)
            return &files[i];
    return NULL;
}

/* The store may be younger than the program (then it is migrated), never older or other. */
static Err versions_fit(Arena *a, const Versions *applied, const EmbeddedFile *files, size_t n)
{
    for (size_t i = 0; i < applied->len; i++) {
        const Version      *v = &applied->at[i];
        const EmbeddedFile *f = find_file(files, n, v->number);
        if (!f)
            return err_fmt(a, ERR_CONFIG, "the data was written by a newer version of the program (migration %.*s)",
                           STR_ARG(v->name));
        if (!str_eq(v->sha256, sha256_hex(a, f->bytes)))
            return err_fmt(a, ERR_CONFIG, "migration %.*s differs from the one that was applied", STR_ARG(f->name));
    }
    return OK;
}

static Err note_version(Db *db, Arena *a, int64_t number, const EmbeddedFile *file)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO schema_versions (number, name, sha256, applied_at) VALUES ($1, $2, $3, $4)"));
    bind_int(q, 1, number);
    bind_str(q, 2, file->name);
    bind_str(q, 3, sha256_hex(a, file->bytes));
    bind_int(q, 4, time_now().ms);
    return db_run(q);
}

static Err apply_file(Db *db, Arena *a, int64_t number, const EmbeddedFile *file)
{
    TRY(db_begin_write(db));
    Err e = db_exec(db, arena_c(a, db->driver->schema_text(a, file->bytes)));
    if (!e)
        e = note_version(db, a, number, file);
    if (!e)
        e = db_commit(db);
    if (!e)
        return OK;
    Err named = err_fmt(a, e->kind, "migration %.*s: %.*s", STR_ARG(file->name), STR_ARG(e->detail));
    db_rollback(db);
    return named;
}

static Err create_versions(Db *db, Arena *a)
{
    TRY(db_begin_write(db));
    TRY(db_exec(db, arena_c(a, db->driver->schema_text(a, S(VERSIONS_TABLE)))));
    return db_commit(db);
}

static Err migrate(Db *db, Arena *a, const EmbeddedFile *files, size_t n, int *out_applied)
{
    Versions applied = { 0 };
    int      count   = 0;
    int64_t  before  = 0, number;
    TRY(create_versions(db, a));
    TRY(applied_versions(db, a, &applied));
    TRY(versions_fit(a, &applied, files, n));
    for (size_t i = 0; i < n; i++) {
        if (!file_number(files[i].name, &number) || number == before)
            return err_fmt(a, ERR_INTERNAL, "schema/%.*s: no number, or one used twice", STR_ARG(files[i].name));
        before = number;
        if (find_version(&applied, number))
            continue;
        TRY(apply_file(db, a, number, &files[i]));
        count++;
    }
    *out_applied = count;
    return OK;
}

Err migrate_files(Store *s, Arena *a, const EmbeddedFile *files, size_t n, int *out_applied)
{
    Db *db = NULL;
    TRY(store_take(s, a, &db));
    Err e = migrate(db, a, files, n, out_applied);
    store_give(s, &db);
    return e;
}

Err store_migrate(Store *s, Arena *a, int *out_applied)
{
    return migrate_files(s, a, schema_files, schema_files_count, out_applied);
}

Err migrations_complete(Db *db, Arena *a)
{
    Versions applied = { 0 };
    TRY(applied_versions(db, a, &applied));
    TRY(versions_fit(a, &applied, schema_files, schema_files_count));
    return applied.len == schema_files_count ? OK : err_new(a, ERR_CONFIG, S("migrations are missing: run thuocdo migrate"));
}

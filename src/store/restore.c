/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Restore: an archive that was verified whole is loaded into an empty folder and an empty database, whichever of the
 * two databases it came from. A mark in the folder stays until all is done, and no store opens beside it. */
#include "store/archive.h"
#include "store/store_files.h"
#include "store/tables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Load {
    Arena  *a;
    const BackupKeys *keys;
    Store  *store;
    Db     *db;
    Tables  tables;
    Stmt   *insert;
    int     file;                                  /* the file under way; -1: none */
    Str     beside;
    Sha256  sum;
} Load;

/* ---- Before: what the archive says of itself, an empty place, the schema of that day -------- */
static Err keep_header(void *self, const ArchiveHeader *h)
{
    *(ArchiveHeader *)self = *h;
    return OK;
}

static Err read_archive(Arena *a, Str path, const BackupKeys *keys, const ArchiveVisitor *v)
{
    ArchiveIn in = { .fd = -1 };
    TRY(archive_open(a, path, keys, &in));
    Err e = archive_read(&in, v);
    fd_close(&in.fd);
    return e;
}

/* The embedded migrations the archive was made with, which must be the same to the letter. */
static Err pick_migrations(Arena *a, const ArchiveHeader *h, EmbeddedFile **out, size_t *out_n)
{
    EmbeddedFile *picked = arena_new(a, EmbeddedFile, h->migrations.len + 1);
    for (size_t i = 0; i < h->migrations.len; i++) {
        const ArchiveMigration *m = &h->migrations.at[i];
        for (size_t k = 0; k < schema_files_count && !picked[i].name.len; k++)
            if (str_eq(schema_files[k].name, m->name) && str_eq(sha256_hex(a, schema_files[k].bytes), m->sha256))
                picked[i] = schema_files[k];
        if (!picked[i].name.len)
            return err_fmt(a, ERR_CONFIG, "the backup was made by a newer or other version of the program (migration %.*s)",
                           STR_ARG(m->name));
    }
    *out   = picked;
    *out_n = h->migrations.len;
    return OK;
}

/* The settings and the key may have been put there beforehand: they are no part of a backup. */
static Err need_empty_folder(Arena *a, Str dir)
{
    StrList names = { 0 };
    if (mkdir(arena_c(a, dir), 0700) && errno != EEXIST)
        return file_err(a, "mkdir", dir);
    TRY(folder_list(a, dir, &names));
    for (size_t i = 0; i < names.len; i++)
        if (!str_eq(names.at[i], S("thuocdo.conf")) && !str_eq(names.at[i], S("master.key")))
            return err_fmt(a, ERR_CONFLICT, "%.*s is not empty", STR_ARG(dir));
    return OK;
}

static Err need_empty_database(Load *load)
{
    Tables tables = { 0 };
    TRY(tables_list(load->db, load->a, &tables));
    return tables.len ? err_new(load->a, ERR_CONFLICT, S("the database is not empty")) : OK;
}

/* ---- Keys are let go while rows come in the order of their tables ---------------------------- */
typedef struct ForeignKey { Str table, name, definition; } ForeignKey;
typedef LIST(ForeignKey) ForeignKeys;

static Err list_keys(Load *load, ForeignKeys *out)
{
    AUTO_STMT q = db_prepare(load->db, SQL(
        "SELECT CAST(t.relname AS text), CAST(c.conname AS text), pg_get_constraintdef(c.oid) FROM pg_constraint c"
        " JOIN pg_class t ON t.oid = c.conrelid WHERE c.contype = 'f'"
        " AND c.connamespace = CAST(current_schema() AS regnamespace) ORDER BY 1, 2"));
    while (db_row(q))
        *list_add(load->a, out) = (ForeignKey){ arena_str(load->a, col_str(q, 0)), arena_str(load->a, col_str(q, 1)),
                                                arena_str(load->a, col_str(q, 2)) };
    return db_done(q);
}

static Err run_text(Load *load, Str text)
{
    return db_exec(load->db, arena_c(load->a, text));
}

static Err drop_keys(Load *load, const ForeignKeys *keys)
{
    for (size_t i = 0; i < keys->len; i++)
        TRY(run_text(load, arena_fmt(load->a, "ALTER TABLE %.*s DROP CONSTRAINT %.*s",
                                     STR_ARG(name_quoted(load->a, keys->at[i].table)),
                                     STR_ARG(name_quoted(load->a, keys->at[i].name)))));
    return OK;
}

/* PostgreSQL looks at every row while it adds the keys; SQLite is asked to. */
static Err restore_keys(Load *load, const ForeignKeys *keys)
{
    for (size_t i = 0; i < keys->len; i++)
        TRY(run_text(load, arena_fmt(load->a, "ALTER TABLE %.*s ADD CONSTRAINT %.*s %.*s",
                                     STR_ARG(name_quoted(load->a, keys->at[i].table)),
                                     STR_ARG(name_quoted(load->a, keys->at[i].name)), STR_ARG(keys->at[i].definition))));
    if (store_is_postgres(load->store))
        return OK;
    AUTO_STMT q = db_prepare(load->db, SQL("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1"));
    if (db_row(q))
        return err_fmt(load->a, ERR_INVALID, "rows of %.*s point to rows that are missing", STR_ARG(col_str(q, 0)));
    return db_done(q);
}

/* ---- Loading ------------------------------------------------------------------------------- */
static bool has_column(const Table *t, Str name)
{
    for (size_t i = 0; i < t->columns.len; i++)
        if (str_eq(t->columns.at[i], name))
            return true;
    return false;
}

static Err load_table(void *self, Str name, const Str *columns, size_t n)
{
    Load        *load = self;
    const Table *t    = tables_find(&load->tables, name);
    Buf          text = buf_new(load->a, 1024);
    if (!t)
        return err_fmt(load->a, ERR_INVALID, "the schema has no table %.*s", STR_ARG(name));
    StrList list = { .at = arena_new(load->a, Str, n), .len = n, .cap = n };
    for (size_t i = 0; i < n; i++) {
        if (!has_column(t, columns[i]))
            return err_fmt(load->a, ERR_INVALID, "table %.*s has no column %.*s", STR_ARG(name), STR_ARG(columns[i]));
        list.at[i] = columns[i];
    }
    Str into = name_quoted(load->a, name), which = names_quoted(load->a, &list);
    buf_fmt(&text, "INSERT INTO %.*s (%.*s) VALUES (", STR_ARG(into), STR_ARG(which));
    for (size_t i = 1; i <= n; i++)
        buf_fmt(&text, i > 1 ? ", $%zu" : "$%zu", i);
    buf_byte(&text, ')');
    stmt_close(&load->insert);
    load->insert = db_prepare_text(load->db, arena_c(load->a, buf_str(&text)));
    return OK;
}

static Err load_row(void *self, const Value *values, size_t n)
{
    Load *load = self;
    for (size_t i = 0; i < n; i++)
        bind_value(load->insert, (int)i + 1, values[i]);
    db_send(load->insert, NULL);
    return load->insert->fault;
}

static Err load_file(void *self, Sha256 sum, int64_t size UNUSED)
{
    Load *load   = self;
    Str   files  = str_concat(load->a, load->store->data_dir, S("/files"));
    load->sum    = sum;
    load->beside = arena_fmt(load->a, "%.*s/new-%.*s", STR_ARG(files), STR_ARG(random_code(load->a, 16)));
    TRY(folder_make(load->a, load->store->data_dir, files));
    TRY(folder_make(load->a, files, content_folder(load->a, files, sum)));
    load->file = open(arena_c(load->a, load->beside), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return load->file < 0 ? file_err(load->a, "create", load->beside) : OK;
}

static Err load_bytes(void *self, Str piece)
{
    Load *load = self;
    return fd_write(load->a, load->file, load->beside, piece);
}

static Err load_file_end(void *self)
{
    Load *load  = self;
    Str   files = str_concat(load->a, load->store->data_dir, S("/files"));
    if (fsync(load->file))
        return file_err(load->a, "fsync", load->beside);
    fd_close(&load->file);
    TRY(file_rename(load->a, load->beside, content_path(load->a, files, load->sum)));
    return folder_sync(load->a, content_folder(load->a, files, load->sum));
}

/* Rows that migrations put in are in the archive, too, perhaps changed since. */
static Err empty_tables(Load *load)
{
    for (size_t i = 0; i < load->tables.len; i++)
        TRY(run_text(load, str_concat(load->a, S("DELETE FROM "), name_quoted(load->a, load->tables.at[i].name))));
    return OK;
}

static Err load_archive(Load *load, Str path)
{
    ForeignKeys          keys = { 0 };
    const ArchiveVisitor v    = { .self = load, .table = load_table, .row = load_row, .file = load_file,
                                  .bytes = load_bytes, .file_end = load_file_end };
    TRY(tables_list(load->db, load->a, &load->tables));
    if (store_is_postgres(load->store))
        TRY(list_keys(load, &keys));
    else
        TRY(db_exec(load->db, "PRAGMA foreign_keys=OFF"));
    TRY(db_begin_write(load->db));
    TRY(drop_keys(load, &keys));
    TRY(empty_tables(load));
    TRY(read_archive(load->a, path, load->keys, &v));
    TRY(db_flush(load->db));
    TRY(restore_keys(load, &keys));
    stmt_close(&load->insert);
    return db_commit(load->db);
}

static Err restore_into(Load *load, Str path, const EmbeddedFile *migrations, size_t n)
{
    int applied;
    TRY(store_take(load->store, load->a, &load->db));
    TRY(need_empty_database(load));
    store_give(load->store, &load->db);
    TRY(migrate_files(load->store, load->a, migrations, n, &applied));
    TRY(store_take(load->store, load->a, &load->db));
    TRY(load_archive(load, path));
    store_give(load->store, &load->db);
    return store_migrate(load->store, load->a, &applied);
}

Err store_restore(Arena *a, Str path, const BackupKeys *keys, const StoreConfig *into)
{
    ArchiveHeader  h = { 0 };
    EmbeddedFile  *migrations;
    size_t         n;
    Load           load = { .a = a, .keys = keys, .file = -1 };
    Str            mark = str_concat(a, into->data_dir, S("/" RESTORING));
    TRY(read_archive(a, path, keys, &(ArchiveVisitor){ .self = &h, .header = keep_header }));
    TRY(pick_migrations(a, &h, &migrations, &n));
    TRY(need_empty_folder(a, into->data_dir));
    TRY(file_write_new(a, mark, S("")));
    Err e = store_open_unmarked(a, into, &load.store);
    if (!e)
        e = restore_into(&load, path, migrations, n);
    if (load.db)
        stmt_close(&load.insert);
    if (load.store)
        store_give(load.store, &load.db);
    store_close(load.store);
    fd_close(&load.file);
    if (e)
        return err_fmt(a, e->kind, "the restore was given up, empty %.*s before the next: %.*s", STR_ARG(into->data_dir),
                       STR_ARG(e->detail));
    if (unlink(arena_c(a, mark)))
        return file_err(a, "unlink", mark);
    return folder_sync(a, into->data_dir);
}

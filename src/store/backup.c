/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Backup: every table and every file as they stood at one commit, while the server goes on. */
#include "store/archive.h"
#include "store/store_files.h"
#include "store/tables.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Tables -------------------------------------------------------------------------------- */
static Err put_rows(ArchiveOut *out, Buf *rows)
{
    if (!rows->len)
        return OK;
    Err e     = archive_put(out, CHUNK_ROWS, buf_str(rows));
    rows->len = 0;
    return e;
}

static Err copy_rows(ArchiveOut *out, Stmt *q, size_t columns, Buf *rows)
{
    for (; db_row(q); out->rows++) {
        for (size_t i = 0; i < columns; i++)
            value_write(rows, db_column(q, (int)i));
        if (rows->len >= CHUNK_GOOD)
            TRY(put_rows(out, rows));
    }
    TRY(db_done(q));
    return put_rows(out, rows);
}

/* By the primary key, so that neither the archive nor what is restored from it tells in which order rows came. */
static Str select_text(Arena *a, const Table *t)
{
    Str text = arena_fmt(a, "SELECT %.*s FROM %.*s", STR_ARG(names_quoted(a, &t->columns)), STR_ARG(name_quoted(a, t->name)));
    return t->key.len ? arena_fmt(a, "%.*s ORDER BY %.*s", STR_ARG(text), STR_ARG(names_quoted(a, &t->key))) : text;
}

static Err copy_table(Db *db, ArchiveOut *out, const Table *t, Buf *rows)
{
    Buf head = buf_new(out->a, 1024);
    value_write(&head, (Value){ VALUE_TEXT, .s = t->name });
    for (size_t i = 0; i < t->columns.len; i++)
        value_write(&head, (Value){ VALUE_TEXT, .s = t->columns.at[i] });
    TRY(archive_put(out, CHUNK_TABLE, buf_str(&head)));
    AUTO_STMT q = db_prepare_large_text(db, arena_c(out->a, select_text(out->a, t)));
    return copy_rows(out, q, t->columns.len, rows);
}

static Err copy_tables(Db *db, ArchiveOut *out, const Tables *tables)
{
    Buf rows = buf_new(out->a, 2 * CHUNK_GOOD);
    for (size_t i = 0; i < tables->len; i++)
        TRY(copy_table(db, out, &tables->at[i], &rows));
    return OK;
}

/* ---- Files --------------------------------------------------------------------------------- */
static Err copy_file(ArchiveOut *out, Str path, Sha256 sum, Buf *room)
{
    AUTO(fd_close) int fd = open(arena_c(out->a, path), O_RDONLY | O_CLOEXEC);
    struct stat        st;
    Buf                head = buf_new(out->a, 64);
    size_t             got  = 1;
    if (fd < 0 || fstat(fd, &st))
        return file_err(out->a, "open", path);
    value_write(&head, (Value){ VALUE_BLOB, .s = { (const char *)sum.at, sizeof sum.at } });
    value_write(&head, (Value){ VALUE_INT, .i = st.st_size });
    TRY(archive_put(out, CHUNK_FILE, buf_str(&head)));
    for (;;) {
        TRY(fd_read(out->a, fd, path, room->at, CHUNK_GOOD, &got));
        if (!got)
            break;
        TRY(archive_put(out, CHUNK_BYTES, (Str){ room->at, got }));
    }
    out->files++;
    return OK;
}

static Err copy_files(Store *s, ArchiveOut *out)
{
    ContentFiles files = { 0 };
    Buf          room  = buf_new(out->a, CHUNK_GOOD);
    TRY(content_list(out->a, s->data_dir, &files));
    for (size_t i = 0; i < files.len; i++)
        TRY(copy_file(out, content_path(out->a, str_concat(out->a, s->data_dir, S("/files")), files.at[i]), files.at[i], &room));
    return OK;
}

/* ---- The whole ----------------------------------------------------------------------------- */
static Err read_migrations(Db *db, Arena *a, ArchiveMigrations *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT number, name, sha256 FROM schema_versions ORDER BY number"));
    while (db_row(q))
        *list_add(a, out) = (ArchiveMigration){ col_int(q, 0), arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)) };
    return db_done(q);
}

/* Files are listed after the view of the database is fixed: a file is saved before a row names it. */
static Err copy_store(Store *s, Db *db, ArchiveOut *out)
{
    Tables        tables = { 0 };
    ArchiveHeader h      = { .made_at = time_now(), .program = S(THUOCDO_VERSION), .database = str_from_c(s->driver->name) };
    TRY(db_begin_read(db));
    TRY(read_migrations(db, out->a, &h.migrations));
    TRY(archive_begin(out, &h));
    TRY(tables_list(db, out->a, &tables));
    TRY(copy_tables(db, out, &tables));
    TRY(db_commit(db));
    TRY(copy_files(s, out));
    TRY(archive_end(out));
    return fsync(out->fd) ? file_err(out->a, "fsync", out->path) : OK;
}

static Str folder_of(Str path)
{
    return str_find(path, S("/"), &(size_t){ 0 }) ? str_cut_last(path, '/').head : S(".");
}

Err store_backup(Store *s, Arena *a, Str path, const BackupLock *lock, BackupKeys *out_keys)
{
    Str beside = str_concat(a, path, S(".part"));
    if (!access(arena_c(a, path), F_OK))
        return err_fmt(a, ERR_CONFLICT, "%.*s is there already", STR_ARG(path));
    AUTO(fd_close) int fd = open(arena_c(a, beside), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return file_err(a, "create", beside);
    AgeOut     age = { .a = a, .fd = fd, .path = beside };
    ArchiveOut out = { .a = a, .fd = fd, .path = beside, .age = lock ? &age : NULL };
    Db        *db  = NULL;
    Err        e   = lock ? age_begin(&age, lock, out_keys->file_key) : OK;
    if (!e)
        e = store_take(s, a, &db);
    if (!e)
        e = copy_store(s, db, &out);
    store_give(s, &db);
    if (!e)
        e = file_rename(a, beside, path);
    if (e) {
        unlink(arena_c(a, beside));
        return e;
    }
    if (lock)
        out_keys->has_file_key = true;
    Str folder = folder_of(path);
    return folder_sync(a, folder.len ? folder : S("/"));
}

static Err open_sealed(ArchiveIn *in, const BackupKeys *keys)
{
    char   first[32];
    size_t got = 0;
    TRY(fd_read(in->a, in->fd, in->path, first, sizeof first, &got));
    if (lseek(in->fd, 0, SEEK_SET) < 0)
        return file_err(in->a, "seek", in->path);
    if (!age_is((Str){ first, got }))
        return OK;
    in->age  = arena_new(in->a, AgeIn, 1);
    *in->age = (AgeIn){ .a = in->a, .fd = in->fd, .path = in->path };
    return age_open(in->age, in->left, keys, &in->left);
}

Err archive_open(Arena *a, Str path, const BackupKeys *keys, ArchiveIn *out)
{
    struct stat st;
    ArchiveIn   in = { .a = a, .fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC), .path = path };
    if (in.fd < 0)
        return file_err(a, "open", path);
    Err e = fstat(in.fd, &st) || !S_ISREG(st.st_mode) ? err_fmt(a, ERR_INVALID, "%.*s is no file", STR_ARG(path)) : OK;
    in.left = st.st_size;
    if (e) {
        close(in.fd);
        return e;
    }
    in.fault = open_sealed(&in, keys);
    *out = in;
    return OK;
}

Err store_backup_verify(Arena *a, Str path, const BackupKeys *keys, StoreFaults *out)
{
    ArchiveIn in = { .fd = -1 };
    TRY(archive_open(a, path, keys, &in));
    Err e = archive_read(&in, &(ArchiveVisitor){ 0 });
    fd_close(&in.fd);
    if (!err_is(e, ERR_INVALID))
        return e;
    *list_add(a, out) = e->detail;
    return OK;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files named by the SHA-256 of their bytes: data_dir/files/ab/cdef…. Written beside, synced, renamed, and the
 * folder synced, so that a file whose name is in the database is on disk and whole. */
#include "store/store_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static ErrKind kind_of_errno(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT: return ERR_FULL;
    case ENOENT: return ERR_NOT_FOUND;
    case EMFILE:
    case ENFILE:
    case ENOMEM: return ERR_LIMIT;
    default:     return ERR_IO;
    }
}

Err file_err(Arena *a, const char *what, Str path)
{
    int number = errno;
    return err_fmt(a, kind_of_errno(number), "%s %.*s: %s", what, STR_ARG(path), strerror(number));
}

void fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

Err fd_write(Arena *a, int fd, Str path, Str bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.at, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return file_err(a, "write", path);
        bytes = str_skip(bytes, (size_t)n);
    }
    return OK;
}

Err fd_read(Arena *a, int fd, Str path, char *to, size_t want, size_t *out_got)
{
    size_t got = 0;
    while (got < want) {
        ssize_t n = read(fd, to + got, want - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return file_err(a, "read", path);
        if (n == 0)
            break;
        got += (size_t)n;
    }
    *out_got = got;
    return OK;
}

Err folder_sync(Arena *a, Str path)
{
    AUTO(fd_close) int fd = open(arena_c(a, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return file_err(a, "open", path);
    return fsync(fd) ? file_err(a, "fsync", path) : OK;
}

/* Makes the folder, and its entry in parent lasting. */
Err folder_make(Arena *a, Str parent, Str path)
{
    if (mkdir(arena_c(a, path), 0700) == 0)
        return folder_sync(a, parent);
    return errno == EEXIST ? OK : file_err(a, "mkdir", path);
}

Err file_write_new(Arena *a, Str path, Str bytes)
{
    AUTO(fd_close) int fd = open(arena_c(a, path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return file_err(a, "create", path);
    Err e = fd_write(a, fd, path, bytes);
    if (!e && fsync(fd))
        e = file_err(a, "fsync", path);
    if (e)
        unlink(arena_c(a, path));
    return e;
}

Err file_rename(Arena *a, Str from, Str to)
{
    return rename(arena_c(a, from), arena_c(a, to)) ? file_err(a, "rename", from) : OK;
}

Err file_read_all(Arena *a, Str path, Str *out)
{
    AUTO(fd_close) int fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC);
    struct stat        st;
    if (fd < 0 || fstat(fd, &st))
        return file_err(a, "open", path);
    char  *at  = arena_take(a, (size_t)st.st_size, 1, 1);
    size_t got = 0;
    TRY(fd_read(a, fd, path, at, (size_t)st.st_size, &got));
    *out = (Str){ at, got };
    return OK;
}

Str content_folder(Arena *a, Str files_dir, Sha256 sum)
{
    return arena_fmt(a, "%.*s/%02x", STR_ARG(files_dir), sum.at[0]);
}

Str content_path(Arena *a, Str files_dir, Sha256 sum)
{
    Str hex = str_hex(a, sum.at, sizeof sum.at);
    return arena_fmt(a, "%.*s/%.2s/%.62s", STR_ARG(files_dir), hex.at, hex.at + 2);
}

static bool already_kept(Arena *a, Str path, size_t size)
{
    struct stat st;
    return !stat(arena_c(a, path), &st) && S_ISREG(st.st_mode) && (size_t)st.st_size == size;
}

Err content_save(Arena *a, Str data_dir, Str bytes, Sha256 sum)
{
    Str files  = str_concat(a, data_dir, S("/files"));
    Str folder = content_folder(a, files, sum), path = content_path(a, files, sum);
    if (already_kept(a, path, bytes.len))
        return OK;
    Str beside = arena_fmt(a, "%.*s/new-%.*s", STR_ARG(files), STR_ARG(random_code(a, 16)));
    TRY(folder_make(a, data_dir, files));
    TRY(folder_make(a, files, folder));
    TRY(file_write_new(a, beside, bytes));
    TRY(file_rename(a, beside, path));
    return folder_sync(a, folder);
}

/* ---- Listing ------------------------------------------------------------------------------- */
static int by_name(const struct dirent **x, const struct dirent **y)
{
    return strcmp((*x)->d_name, (*y)->d_name);
}

static int not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

Err folder_list(Arena *a, Str path, StrList *out)
{
    struct dirent **entries = NULL;
    int             n       = scandir(arena_c(a, path), &entries, not_hidden, by_name);
    if (n < 0)
        return errno == ENOENT ? OK : file_err(a, "list", path);
    for (int i = 0; i < n; i++) {
        *list_add(a, out) = arena_str(a, str_from_c(entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    return OK;
}

Err content_list(Arena *a, Str data_dir, ContentFiles *out)
{
    Str          files   = str_concat(a, data_dir, S("/files"));
    StrList      folders = { 0 };
    ContentFiles found   = { 0 };
    Sha256       sum;
    TRY(folder_list(a, files, &folders));
    for (size_t i = 0; i < folders.len; i++) {
        StrList names = { 0 };
        if (folders.at[i].len != 2)
            continue;
        TRY(folder_list(a, arena_fmt(a, "%.*s/%.*s", STR_ARG(files), STR_ARG(folders.at[i])), &names));
        for (size_t k = 0; k < names.len; k++)
            if (str_unhex(str_concat(a, folders.at[i], names.at[k]), sum.at, sizeof sum.at))
                *list_add(a, &found) = sum;
    }
    *out = found;
    return OK;
}

void content_sweep(Arena *a, Str data_dir)
{
    StrList     names = { 0 };
    struct stat st;
    if (folder_list(a, str_concat(a, data_dir, S("/files")), &names))
        return;
    for (size_t i = 0; i < names.len; i++) {
        const char *path = arena_c(a, arena_fmt(a, "%.*s/files/%.*s", STR_ARG(data_dir), STR_ARG(names.at[i])));
        if (str_starts(names.at[i], S("new-")) && !stat(path, &st) && st.st_mtime < time_now().ms / 1000 - 86400)
            unlink(path);
    }
}

Err files_save(Store *s, Arena *a, Str bytes, Sha256 *out)
{
    Sha256 sum = sha256(bytes);
    TRY(content_save(a, s->data_dir, bytes, sum));
    *out = sum;
    return OK;
}

/* Synced where it lies, moved, and the folder synced. *out_moved is false when it lies on another disk. */
static Err content_move(Arena *a, Str from, Str to, Str folder, bool *out_moved)
{
    AUTO(fd_close) int fd = open(arena_c(a, from), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return file_err(a, "open", from);
    if (fsync(fd))
        return file_err(a, "fsync", from);
    *out_moved = rename(arena_c(a, from), arena_c(a, to)) == 0;
    if (!*out_moved)
        return errno == EXDEV ? OK : file_err(a, "rename", from);
    return folder_sync(a, folder);
}

Err files_save_from(Store *s, Arena *a, Str path, int64_t size, Sha256 sum)
{
    Str  files  = str_concat(a, s->data_dir, S("/files"));
    Str  folder = content_folder(a, files, sum), to = content_path(a, files, sum), bytes;
    bool moved  = already_kept(a, to, (size_t)size);
    if (moved)
        return OK;
    TRY(folder_make(a, s->data_dir, files));
    TRY(folder_make(a, files, folder));
    TRY(content_move(a, path, to, folder, &moved));
    if (moved)
        return OK;
    TRY(file_read_all(a, path, &bytes));
    return content_save(a, s->data_dir, bytes, sum);
}

Str files_path(Store *s, Arena *a, Sha256 sum)
{
    return content_path(a, str_concat(a, s->data_dir, S("/files")), sum);
}

Err files_size(Store *s, Arena *a, Sha256 sum, int64_t *out)
{
    struct stat st;
    Str         path = files_path(s, a, sum);
    if (stat(arena_c(a, path), &st))
        return file_err(a, "open", path);
    *out = st.st_size;
    return OK;
}

Err files_remove(Store *s, Arena *a, Sha256 sum)
{
    Str path = files_path(s, a, sum);
    return unlink(arena_c(a, path)) && errno != ENOENT ? file_err(a, "remove", path) : OK;
}

Err files_head(Store *s, Arena *a, Sha256 sum, size_t n, Str *out)
{
    Str            path = files_path(s, a, sum);
    AUTO(fd_close) int fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC);
    char          *at   = arena_take(a, n, 1, 1);
    size_t         got  = 0;
    if (fd < 0)
        return file_err(a, "open", path);
    TRY(fd_read(a, fd, path, at, n, &got));
    *out = (Str){ at, got };
    return OK;
}

Err files_load(Store *s, Arena *a, Sha256 sum, Str *out)
{
    Str bytes = S("");
    TRY(file_read_all(a, files_path(s, a, sum), &bytes));
    if (memcmp(sha256(bytes).at, sum.at, sizeof sum.at) != 0)
        return err_fmt(a, ERR_IO, "file %.*s is damaged", STR_ARG(str_hex(a, sum.at, sizeof sum.at)));
    *out = bytes;
    return OK;
}

static Err hash_file(Arena *a, int fd, Str path, Sha256 *out)
{
    crypto_hash_sha256_state h;
    Arena  work = *a;
    char  *room = arena_take(&work, 1 << 16, 1, 1);
    size_t n;
    crypto_hash_sha256_init(&h);
    do {
        TRY(fd_read(a, fd, path, room, 1 << 16, &n));
        crypto_hash_sha256_update(&h, (const unsigned char *)room, n);
    } while (n);
    crypto_hash_sha256_final(&h, out->at);
    return OK;
}

Err files_adopt(Store *s, Arena *a, Str path, Sha256 *out)
{
    AUTO(fd_close) int fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return file_err(a, "open", path);
    Sha256 sum;
    TRY(hash_file(a, fd, path, &sum));
    if (fsync(fd))
        return file_err(a, "fsync", path);
    Str files = str_concat(a, s->data_dir, S("/files")), folder = content_folder(a, files, sum);
    TRY(folder_make(a, s->data_dir, files));
    TRY(folder_make(a, files, folder));
    TRY(file_rename(a, path, content_path(a, files, sum)));
    TRY(folder_sync(a, folder));
    *out = sum;
    return OK;
}

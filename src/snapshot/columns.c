/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files of columns: head, directory, note, then the columns, each at a multiple of 64 bytes. */
#include "snapshot/columns.h"

#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[8] = { 'T', 'D', 'C', 'O', 'L', 'S', '1', '\n' };

/* sum: BLAKE2b-256 of head (sum zero), directory and note. */
typedef struct FileHead { char magic[8]; uint64_t size, rows; uint32_t columns, note; uint8_t sum[32]; } FileHead;
typedef struct FileColumn { uint64_t at; uint32_t type, none; uint8_t sum[16]; } FileColumn;
_Static_assert(sizeof(FileHead) == 64 && sizeof(FileColumn) == 32, "the layout of the file");

size_t column_width(ColumnType t)
{
    static const size_t width[COLUMN_TYPE_COUNT] = { 1, 2, 4, 8, 8 };
    return width[t];
}

static size_t aligned(size_t at)
{
    return (at + 63) / 64 * 64;
}

static void head_sum(const FileHead *head, const void *rest, size_t n, uint8_t out[32])
{
    crypto_generichash_state state;
    FileHead bare = *head;
    memset(bare.sum, 0, sizeof bare.sum);
    crypto_generichash_init(&state, NULL, 0, 32);
    crypto_generichash_update(&state, (const uint8_t *)&bare, sizeof bare);
    crypto_generichash_update(&state, rest, n);
    crypto_generichash_final(&state, out, 32);
}

/* ---- Reading -------------------------------------------------------------------------------------------------------- */

static const FileColumn *directory(const ColumnFile *f)
{
    return (const FileColumn *)(const void *)(f->at + sizeof(FileHead));
}

static bool column_fits(const FileColumn *c, size_t begin, size_t size, uint64_t rows)
{
    if (c->type >= COLUMN_TYPE_COUNT || c->none || c->at % 64 || c->at < begin || c->at > size)
        return false;
    return rows <= (size - c->at) / column_width((ColumnType)c->type);
}

static Err broken(Arena *a, const char *what)
{
    return err_fmt(a, ERR_INVALID, "the file of columns is damaged: %s", what);
}

static Err read_names(Arena *a, ColumnFile *f)
{
    const Json *list = json_get(f->note, S("columns"));
    size_t      n    = 0;
    f->name = arena_new(a, Str, f->count + 1);
    if (!json_is(list, JSON_ARRAY) || list->len != f->count)
        return broken(a, "names");
    JSON_EACH(name, list)
        if (!json_str(name, &f->name[n++]))
            return broken(a, "names");
    return OK;
}

Err columns_parse(Arena *a, Str bytes, ColumnFile *f)
{
    FileHead head;
    uint8_t  sum[32];
    f->at   = (const uint8_t *)bytes.at;
    f->size = bytes.len;
    if (bytes.len < sizeof head)
        return broken(a, "too short");
    memcpy(&head, bytes.at, sizeof head);
    if (memcmp(head.magic, magic, sizeof magic) || head.size != bytes.len || head.columns > COLUMNS_MOST)
        return broken(a, "head");
    size_t listed = head.columns * sizeof(FileColumn), begin = sizeof head + listed + head.note;
    if (begin > bytes.len)
        return broken(a, "head");
    head_sum(&head, bytes.at + sizeof head, listed + head.note, sum);
    if (memcmp(sum, head.sum, sizeof sum))
        return broken(a, "sum of the head");
    f->rows  = head.rows;
    f->count = head.columns;
    memcpy(f->id, sum, sizeof f->id);
    for (size_t i = 0; i < f->count; i++)
        if (!column_fits(&directory(f)[i], begin, bytes.len, f->rows))
            return broken(a, "place of a column");
    if (json_parse(a, (Str){ bytes.at + sizeof head + listed, head.note }, &f->note))
        return broken(a, "note");
    return read_names(a, f);
}

Err columns_open(Arena *a, Str path, ColumnFile *out)
{
    ColumnFile  f  = { 0 };
    struct stat st;
    int fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC);
    *out = f;
    if (fd < 0)
        return err_fmt(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "file of columns: %s", strerror(errno));
    bool  fine = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= (off_t)sizeof(FileHead);
    void *at   = fine ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    int   why  = errno;
    close(fd);
    if (!fine)
        return broken(a, "too short");
    if (at == MAP_FAILED)              /* no room for it now: the file may be whole */
        return err_fmt(a, ERR_IO, "a file of columns cannot be mapped: %s", strerror(why));
    *out = (ColumnFile){ .at = at, .size = (size_t)st.st_size, .mapped = true };
    out->place = ((uint64_t)st.st_ino << 20) ^ (uint64_t)st.st_mtim.tv_nsec ^ ((uint64_t)st.st_mtim.tv_sec << 30);
    return columns_parse(a, (Str){ at, (size_t)st.st_size }, out);
}

void columns_close(ColumnFile *f)
{
    if (f->mapped)
        munmap((void *)(uintptr_t)f->at, f->size);
    *f = (ColumnFile){ 0 };
}

int column_find(const ColumnFile *f, Str name)
{
    for (size_t i = 0; i < f->count; i++)
        if (str_eq(f->name[i], name))
            return (int)i;
    return -1;
}

ColumnType column_type(const ColumnFile *f, int at)
{
    return (ColumnType)directory(f)[at].type;
}

/* Columns that fitted their sum once in this process are not summed again while the file is the same. */
enum { KEPT = 512 };
typedef struct Checked { uint8_t id[16]; uint64_t place; uint32_t column; } Checked;
static Checked         checked[KEPT];
static size_t          checked_next;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool checked_before(const Checked *c)
{
    bool found = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < KEPT && !found; i++)
        found = checked[i].place == c->place && checked[i].column == c->column && !memcmp(checked[i].id, c->id, sizeof c->id);
    pthread_mutex_unlock(&lock);
    return found;
}

static void checked_now(const Checked *c)
{
    pthread_mutex_lock(&lock);
    checked[checked_next++ % KEPT] = *c;
    pthread_mutex_unlock(&lock);
}

Err column_read(Arena *a, const ColumnFile *f, int at, ColumnType type, const void **out)
{
    if (at < 0 || (size_t)at >= f->count)
        return err_new(a, ERR_NOT_FOUND, S("no such column"));
    const FileColumn *c = &directory(f)[at];
    if (c->type != type)
        return broken(a, "type of a column");
    Checked mark = { .place = f->place, .column = (uint32_t)at };
    memcpy(mark.id, f->id, sizeof mark.id);
    if (!f->place || !checked_before(&mark)) {
        uint8_t sum[16];
        crypto_generichash(sum, sizeof sum, f->at + c->at, f->rows * column_width(type), NULL, 0);
        if (memcmp(sum, c->sum, sizeof sum))
            return broken(a, "sum of a column");
        if (f->place)
            checked_now(&mark);
    }
    *out = f->at + c->at;
    return OK;
}

/* ---- Writing -------------------------------------------------------------------------------------------------------- */

static bool put(int fd, const void *bytes, size_t n, off_t at)
{
    const char *from = bytes;
    while (n) {
        ssize_t wrote = pwrite(fd, from, n, at);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        from += wrote;
        at   += wrote;
        n    -= (size_t)wrote;
    }
    return true;
}

static Str note_of(Arena *a, Str members, const ColumnOut *columns, size_t n)
{
    Buf b = buf_new(a, 1024 + 24 * n + members.len);
    buf_lit(&b, "{\"columns\":[");
    for (size_t i = 0; i < n; i++) {
        buf_add(&b, i ? S(",") : S(""));
        buf_json_str(&b, columns[i].name);
    }
    buf_add(&b, members.len ? S("],") : S("]"));
    buf_add(&b, members);
    buf_byte(&b, '}');
    return buf_str(&b);
}

static bool write_all(Arena *a, int fd, Str note, uint64_t rows, const ColumnOut *columns, size_t n)
{
    FileHead    head   = { .rows = rows, .columns = (uint32_t)n, .note = (uint32_t)note.len };
    size_t      listed = n * sizeof(FileColumn), at = aligned(sizeof head + listed + note.len);
    char       *rest   = arena_take(a, listed + note.len + 1, 1, 8);
    FileColumn *to     = (FileColumn *)(void *)rest;
    bool        fine   = true;
    for (size_t i = 0; i < n && fine; i++) {
        size_t bytes = rows * column_width(columns[i].type);
        to[i] = (FileColumn){ .at = at, .type = columns[i].type };
        crypto_generichash(to[i].sum, sizeof to[i].sum, columns[i].data, bytes, NULL, 0);
        fine = put(fd, columns[i].data, bytes, (off_t)at);
        at   = aligned(at + bytes);
    }
    head.size = at;
    memcpy(head.magic, magic, sizeof magic);
    memcpy(rest + listed, note.at, note.len);
    head_sum(&head, rest, listed + note.len, head.sum);
    return fine && ftruncate(fd, (off_t)at) == 0 && put(fd, &head, sizeof head, 0) && put(fd, rest, listed + note.len, sizeof head) && fsync(fd) == 0;
}

Err columns_write(Arena *a, Str path, Str members, uint64_t rows, const ColumnOut *columns, size_t n)
{
    Arena work = *a;
    char *to   = arena_c(&work, path), *part = arena_c(&work, arena_fmt(&work, "%.*s.%016llx.part", STR_ARG(path), (unsigned long long)id_random()));
    int   fd   = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_fmt(a, ERR_IO, "a file of columns cannot be made: %s", strerror(errno));
    bool fine = write_all(&work, fd, note_of(&work, members, columns, n), rows, columns, n);
    int  why  = errno;
    fine = close(fd) == 0 && fine && rename(part, to) == 0;
    if (fine)
        return OK;
    unlink(part);
    return err_fmt(a, why == ENOSPC ? ERR_FULL : ERR_IO, "a file of columns cannot be written: %s", strerror(why));
}

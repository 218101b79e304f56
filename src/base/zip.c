/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* libzip over bytes in memory, with the checks it leaves to its callers. */
#include "base/zip.h"
#include "base/utf8.h"

#include <sys/stat.h>
#include <zip.h>

static void file_close(zip_file_t **f)
{
    if (*f)
        zip_fclose(*f);
}

static void archive_discard(zip_t **z)
{
    if (*z)
        zip_discard(*z);
}

static void source_free(zip_source_t **s)
{
    if (*s)
        zip_source_free(*s);
}

/* ---- Checks of the directory -------------------------------------------------------------------- */

/* Relative, with parts that are neither empty nor dots, and no letter that some system takes for a separator. */
static bool name_good(Str name)
{
    if (name.len == 0 || name.len > 255 || !utf8_valid(name))
        return false;
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.at[i] < 0x20 || name.at[i] == 0x7F || name.at[i] == '\\' || name.at[i] == ':')
            return false;
    if (name.at[name.len - 1] == '/')
        name.len--;
    for (bool more = true; more;) {
        StrPair p = str_cut(name, '/');
        if (p.head.len == 0 || str_eq(p.head, S(".")) || str_eq(p.head, S("..")))
            return false;
        more = p.head.len < name.len;
        name = p.tail;
        if (more && name.len == 0)
            return false;
    }
    return true;
}

/* Nothing but plain files and folders. */
static bool kind_good(zip_t *z, zip_uint64_t i)
{
    zip_uint8_t  system;
    zip_uint32_t attributes;
    if (zip_file_get_external_attributes(z, i, 0, &system, &attributes) || system != ZIP_OPSYS_UNIX)
        return true;
    mode_t kind = (mode_t)(attributes >> 16) & S_IFMT;
    return kind == 0 || kind == S_IFREG || kind == S_IFDIR;
}

static Err entry_check(Arena *a, zip_t *z, zip_uint64_t i, ZipEntry *out, uint64_t *packed, unsigned ratio)
{
    zip_stat_t s;
    zip_uint64_t want = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(z, i, 0, &s) || (s.valid & want) != want)
        return err_new(a, ERR_INVALID, S("zip: damaged directory"));
    Str name = str_from_c(s.name);
    if (!name_good(name))
        return err_fmt(a, ERR_INVALID, "zip: entry %zu has a name that is not allowed", (size_t)i + 1);
    if (s.encryption_method != ZIP_EM_NONE)
        return err_fmt(a, ERR_INVALID, "zip: %.*s is encrypted", STR_ARG(name));
    if (s.comp_method != ZIP_CM_STORE && s.comp_method != ZIP_CM_DEFLATE)
        return err_fmt(a, ERR_INVALID, "zip: %.*s is packed by another method than deflate", STR_ARG(name));
    if (!kind_good(z, i))
        return err_fmt(a, ERR_INVALID, "zip: %.*s is a link or a special file", STR_ARG(name));
    if (s.size > ZIP_RATIO_FROM && s.size / ratio > s.comp_size)
        return err_fmt(a, ERR_TOO_LARGE, "zip: %.*s unpacks to more than %u times its size", STR_ARG(name), ratio);
    *packed = s.comp_size;
    *out    = (ZipEntry){ arena_str(a, name), s.size, name.at[name.len - 1] == '/' };
    return OK;
}

static bool name_twice(Arena scratch, const ZipEntry *at, size_t n)
{
    size_t room = 64;
    while (room < 2 * n)
        room *= 2;
    const ZipEntry **table = arena_new(&scratch, const ZipEntry *, room);
    for (size_t e = 0; e < n; e++) {
        size_t i = str_hash(at[e].name) & (room - 1);
        for (; table[i]; i = (i + 1) & (room - 1))
            if (str_eq(table[i]->name, at[e].name))
                return true;
        table[i] = &at[e];
    }
    return false;
}

static Err directory_read(Arena *a, zip_t *z, size_t file_size, ZipLimits limits, ZipReader *out)
{
    zip_int64_t n = zip_get_num_entries(z, 0);
    if (n < 0 || (size_t)n > limits.entries)
        return err_fmt(a, ERR_TOO_LARGE, "zip: more than %zu entries", limits.entries);
    uint64_t unpacked = 0, packed = 0;
    out->len = (size_t)n;
    out->at  = arena_new(a, ZipEntry, out->len);
    for (size_t i = 0; i < out->len; i++) {
        uint64_t part = 0;
        TRY(entry_check(a, z, i, &out->at[i], &part, limits.ratio));
        unpacked += out->at[i].size < limits.unpacked ? out->at[i].size : limits.unpacked + 1;
        packed += part < file_size ? part : file_size + 1;
    }
    if (unpacked > limits.unpacked || (unpacked > ZIP_RATIO_FROM && unpacked / limits.ratio > file_size))
        return err_fmt(a, ERR_TOO_LARGE, "zip: unpacks to %llu bytes or more", (unsigned long long)unpacked);
    if (packed > file_size)     /* the same bytes serve several entries */
        return err_new(a, ERR_INVALID, S("zip: entries overlap"));
    return name_twice(*a, out->at, out->len) ? err_new(a, ERR_INVALID, S("zip: a name stands twice")) : OK;
}

/* ---- Reading ------------------------------------------------------------------------------------ */

Err zip_reader_open(Arena *a, Str bytes, ZipLimits limits, ZipReader *out)
{
    if (bytes.len < 22)     /* libzip takes nothing at all for an empty archive */
        return err_new(a, ERR_INVALID, S("zip: damaged or no archive"));
    AUTO(source_free) zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.len, 0, NULL);
    if (!source)
        return err_new(a, ERR_INTERNAL, S("zip: no memory"));
    AUTO(archive_discard) zip_t *z = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    if (!z)
        return err_new(a, ERR_INVALID, S("zip: damaged or no archive"));
    source        = NULL;     /* the archive owns it now */
    ZipReader read = { 0 };
    TRY(directory_read(a, z, bytes.len, limits, &read));
    read.handle = z;
    z           = NULL;
    *out        = read;
    return OK;
}

void zip_reader_close(ZipReader *z)
{
    if (z->handle)
        zip_discard(z->handle);
    z->handle = NULL;
}

bool zip_reader_find(const ZipReader *z, Str name, size_t *out_at)
{
    for (size_t i = 0; i < z->len; i++)
        if (str_eq(z->at[i].name, name)) {
            *out_at = i;
            return true;
        }
    return false;
}

Err zip_reader_each(const ZipReader *z, Arena *a, size_t at, ZipPieceDo piece_do, void *with)
{
    char     piece[16384];
    uint64_t left                = z->at[at].size;
    AUTO(file_close) zip_file_t *f = zip_fopen_index(z->handle, at, 0);
    if (!f)
        return err_fmt(a, ERR_INVALID, "zip: %.*s cannot be unpacked", STR_ARG(z->at[at].name));
    for (;;) {
        zip_int64_t n = zip_fread(f, piece, sizeof piece);
        if (n < 0 || (uint64_t)n > left || (n == 0 && left))
            return err_fmt(a, ERR_INVALID, "zip: %.*s is damaged", STR_ARG(z->at[at].name));
        left -= (uint64_t)n;
        TRY(piece_do(with, (Str){ piece, (size_t)n }, n == 0));
        if (n == 0)
            return OK;
    }
}

typedef struct Whole { char *at; size_t len; } Whole;

static Err whole_add(void *with, Str piece, bool last)
{
    Whole *w = with;
    if (piece.len)
        memcpy(w->at + w->len, piece.at, piece.len);
    w->len += piece.len;
    return OK;
}

Err zip_reader_load(const ZipReader *z, Arena *a, size_t at, Str *out)
{
    Whole w = { arena_take(a, z->at[at].size, 1, 1), 0 };
    TRY(zip_reader_each(z, a, at, whole_add, &w));
    *out = (Str){ w.at, w.len };
    return OK;
}

/* ---- Writing ------------------------------------------------------------------------------------ */

enum { DOS_DAY = 0x21 };     /* 1980-01-01 */

static Err part_add(Arena *a, zip_t *z, const ZipPart *part)
{
    if (!name_good(part->name))
        return err_fmt(a, ERR_INVALID, "zip: %.*s is no name for a part", STR_ARG(part->name));
    zip_source_t *source = zip_source_buffer(z, part->bytes.at, part->bytes.len, 0);
    if (!source)
        return err_new(a, ERR_INTERNAL, S("zip: no memory"));
    zip_int64_t i = zip_file_add(z, arena_c(a, part->name), source, ZIP_FL_ENC_UTF_8);
    if (i < 0) {
        zip_source_free(source);
        return err_fmt(a, ERR_CONFLICT, "zip: %.*s stands twice", STR_ARG(part->name));
    }
    zip_uint64_t at = (zip_uint64_t)i;
    if (zip_set_file_compression(z, at, part->stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 6) ||
        zip_file_set_dostime(z, at, 0, DOS_DAY, 0) ||
        zip_file_set_external_attributes(z, at, 0, ZIP_OPSYS_UNIX, (zip_uint32_t)(S_IFREG | 0644) << 16))
        return err_new(a, ERR_INTERNAL, S("zip: no memory"));
    return OK;
}

static Err source_load(Arena *a, zip_source_t *source, Str *out)
{
    zip_stat_t s;
    if (zip_source_stat(source, &s) || !(s.valid & ZIP_STAT_SIZE) || zip_source_open(source))
        return err_new(a, ERR_INTERNAL, S("zip: cannot be read back"));
    char       *at = arena_take(a, s.size, 1, 1);
    zip_int64_t n  = zip_source_read(source, at, s.size);
    zip_source_close(source);
    if (n < 0 || (zip_uint64_t)n != s.size)
        return err_new(a, ERR_INTERNAL, S("zip: cannot be read back"));
    *out = (Str){ at, s.size };
    return OK;
}

Err zip_write(Arena *a, const ZipPart *parts, size_t n, Str *out)
{
    AUTO(source_free) zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    if (!source)
        return err_new(a, ERR_INTERNAL, S("zip: no memory"));
    zip_source_keep(source);     /* read back after the archive is closed */
    AUTO(archive_discard) zip_t *z = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    if (!z) {
        zip_source_free(source);
        return err_new(a, ERR_INTERNAL, S("zip: no memory"));
    }
    for (size_t i = 0; i < n; i++)
        TRY(part_add(a, z, &parts[i]));
    if (zip_close(z))
        return err_fmt(a, ERR_INTERNAL, "zip: %s", zip_strerror(z));
    z = NULL;
    return source_load(a, source, out);
}

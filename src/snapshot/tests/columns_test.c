/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files of columns: what was written is read; what was damaged is refused, wherever the damage is. */
#include "base/test.h"
#include "snapshot/columns.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static Str a_path(Arena *a)
{
    const char *folder = getenv("TMPDIR");
    return arena_fmt(a, "%s/columns-%016llx.cols", folder ? folder : "/tmp", (unsigned long long)id_random());
}

static Str write_three(Arena *a)
{
    static const uint8_t  small[5]  = { 0, 1, 2, 3, 255 };
    static const uint16_t middle[5] = { 1, 2, 300, 65535, 0 };
    static const double   real[5]   = { 1.5, -2, 0, 1e300, 7 };
    Str path = a_path(a);
    const ColumnOut out[] = { { S("q.a"), COLUMN_U8, small }, { S("q.\"b\""), COLUMN_U16, middle }, { S("weight"), COLUMN_F64, real } };
    Err e = columns_write(a, path, S("\"round\":7"), 5, out, 3);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return path;
}

TEST(columns_are_read_as_written)
{
    Str path = write_three(a);
    ColumnFile f;
    const uint16_t *middle;
    const double   *real;
    int64_t round = 0;
    CHECK_OK(columns_open(a, path, &f));
    CHECK_INT(f.rows, 5);
    CHECK_INT(f.count, 3);
    CHECK(json_int(json_get(f.note, S("round")), &round) && round == 7);
    CHECK_INT(column_find(&f, S("q.\"b\"")), 1);
    CHECK_INT(column_find(&f, S("nobody")), -1);
    CHECK_OK(column_read(a, &f, 1, COLUMN_U16, (const void **)&middle));
    CHECK_INT(middle[3], 65535);
    CHECK_OK(column_read(a, &f, 2, COLUMN_F64, (const void **)&real));
    CHECK_OK(column_read(a, &f, 2, COLUMN_F64, (const void **)&real));      /* summed before */
    CHECK_NEAR(real[3], 1e300, 0);
    CHECK_ERR(column_read(a, &f, 2, COLUMN_U64, (const void **)&real), ERR_INVALID);
    CHECK_ERR(column_read(a, &f, -1, COLUMN_U8, (const void **)&real), ERR_NOT_FOUND);
    columns_close(&f);
    unlink(arena_c(a, path));
    CHECK_ERR(columns_open(a, path, &f), ERR_NOT_FOUND);
    columns_close(&f);
}

static bool all_read(Arena *a, ColumnFile *f)
{
    const void *x;
    for (size_t i = 0; i < f->count; i++)
        if (column_read(a, f, (int)i, column_type(f, (int)i), &x))
            return false;
    return true;
}

/* Each byte of head, directory, note and columns in turn. */
TEST(any_changed_byte_is_found)
{
    Str path = write_three(a);
    int fd = open(arena_c(a, path), O_RDONLY);
    char *bytes = arena_take(a, 4096, 1, 64);
    ssize_t n = read(fd, bytes, 4096);
    close(fd);
    unlink(arena_c(a, path));
    CHECK(n > 0 && n % 64 == 0);
    static const size_t payload[3] = { 5, 10, 40 };
    ColumnFile whole;
    CHECK_OK(columns_parse(a, (Str){ bytes, (size_t)n }, &whole));
    CHECK(all_read(a, &whole));
    for (ssize_t i = 0; i < n; i++) {
        Arena      work = *a;
        ColumnFile f    = { 0 };
        bytes[i] ^= 0x10;
        bool fine = columns_parse(&work, (Str){ bytes, (size_t)n }, &f) == OK && all_read(&work, &f);
        bytes[i] ^= 0x10;
        /* Only the gaps between columns say nothing. */
        if (fine && i < 64)
            test_fail(__FILE_NAME__, __LINE__, "byte %zd of the head may change", i);
    }
    for (size_t c = 0; c < 3; c++) {
        const void *x;
        ColumnFile  f = { 0 };
        CHECK_OK(columns_parse(a, (Str){ bytes, (size_t)n }, &f));
        CHECK_OK(column_read(a, &f, (int)c, column_type(&f, (int)c), &x));
        size_t at = (size_t)((const char *)x - bytes) + payload[c] - 1;
        bytes[at] ^= 1;
        CHECK_ERR(column_read(a, &f, (int)c, column_type(&f, (int)c), &x), ERR_INVALID);
        bytes[at] ^= 1;
    }
    for (ssize_t i = 0; i < n; i += 7) {
        ColumnFile f = { 0 };
        CHECK(columns_parse(a, (Str){ bytes, (size_t)i }, &f) != OK);
    }
}

/* No room to map it is no damage: the file stays, and is read when there is room. */
TEST(a_file_that_cannot_be_mapped_is_not_broken)
{
    Str           path = write_three(a);
    ColumnFile    f;
    struct rlimit was, none;
    if (getrlimit(RLIMIT_AS, &was))
        test_fail(__FILE_NAME__, __LINE__, "getrlimit");
    none = (struct rlimit){ 1, was.rlim_max };
    (void)!setrlimit(RLIMIT_AS, &none);
    Err e = columns_open(a, path, &f);
    (void)!setrlimit(RLIMIT_AS, &was);
    CHECK_ERR(e, ERR_IO);
    columns_close(&f);
    CHECK_OK(columns_open(a, path, &f));
    columns_close(&f);
    unlink(arena_c(a, path));
}

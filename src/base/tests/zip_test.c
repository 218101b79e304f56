/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/test.h"
#include "base/zip.h"

static Str archive(Arena *a, const ZipPart *parts, size_t n)
{
    Str out = S("");
    Err e   = zip_write(a, parts, n, &out);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return out;
}

static Err open_and_close(Arena *a, Str bytes, ZipLimits limits)
{
    AUTO_ZIP z = { 0 };
    return zip_reader_open(a, bytes, limits, &z);
}

TEST(zip_parts_come_back_and_the_bytes_repeat)
{
    ZipPart parts[] = { { S("mimetype"), S("text/plain"), true },
                        { S("thư mục/tệp.txt"), S("Lấy sự hài lòng của người dân làm thước đo"), false },
                        { S("empty"), S(""), false } };
    Str   bytes = archive(a, parts, 3);
    CHECK_STR(archive(a, parts, 3), bytes);
    CHECK(str_has(bytes, S("text/plain")));     /* stored as it is */
    AUTO_ZIP z = { 0 };
    CHECK_OK(zip_reader_open(a, bytes, ZIP_LIMITS, &z));
    CHECK_INT(z.len, 3);
    for (size_t i = 0; i < 3; i++) {
        size_t at = 9;
        Str    body = S("?");
        CHECK(zip_reader_find(&z, parts[i].name, &at));
        CHECK_INT(at, i);
        CHECK_OK(zip_reader_load(&z, a, at, &body));
        CHECK_STR(body, parts[i].bytes);
    }
    size_t at;
    CHECK(!zip_reader_find(&z, S("none"), &at));
}

/* Writes new bytes over every place where the old ones stand; both have one length. */
static Str patched(Arena *a, Str bytes, Str old, Str new)
{
    return str_replace(a, bytes, old, new);
}

TEST(zip_refuses_names_that_lead_elsewhere)
{
    Str good = archive(a, &(ZipPart){ S("aa/bb.c"), S("x"), true }, 1);
    static const Str bad[] = { S_INIT("../bb.c"), S_INIT("/a/bb.c"), S_INIT("aa/../c"), S_INIT("aa\\bb.c"), S_INIT("C:/bb.c"), S_INIT("aa//b.c"),
                               S_INIT("./abb.c"), S_INIT("aa/bb\n."), S_INIT("aa/bb/."), S_INIT("aa/b\x7F.c") };
    CHECK_OK(open_and_close(a, good, ZIP_LIMITS));
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (!err_is(open_and_close(a, patched(a, good, S("aa/bb.c"), bad[i]), ZIP_LIMITS), ERR_INVALID))
            test_fail(__FILE_NAME__, __LINE__, "%.*s is taken", STR_ARG(bad[i]));
        CHECK_ERR(zip_write(a, &(ZipPart){ bad[i], S("x"), true }, 1, &(Str){ 0 }), ERR_INVALID);
    }
    CHECK_ERR(zip_write(a, (ZipPart[]){ { S("a"), S("1") }, { S("a"), S("2") } }, 2, &(Str){ 0 }), ERR_CONFLICT);
}

TEST(zip_refuses_a_name_twice)
{
    Str two = archive(a, (ZipPart[]){ { S("one"), S("1"), true }, { S("two"), S("2"), true } }, 2);
    CHECK_ERR(open_and_close(a, patched(a, two, S("two"), S("one")), ZIP_LIMITS), ERR_INVALID);
}

/* Sets bytes in the local header and the central directory, at the given offsets from their signatures. */
static Str with_field(Arena *a, Str bytes, size_t local_at, size_t central_at, Str value)
{
    Str    copy = arena_str(a, bytes);
    char  *at   = (char *)(uintptr_t)copy.at;
    size_t local = 0, central = 0;
    if (!str_find(copy, S("PK\x03\x04"), &local) || !str_find(copy, S("PK\x01\x02"), &central))
        test_fail(__FILE_NAME__, __LINE__, "no headers");
    if (local_at)
        memcpy(at + local + local_at, value.at, value.len);
    memcpy(at + central + central_at, value.at, value.len);
    return copy;
}

TEST(zip_refuses_encryption_links_and_other_methods)
{
    Str good = archive(a, &(ZipPart){ S("a.txt"), S("hello hello hello"), true }, 1);
    CHECK_ERR(open_and_close(a, with_field(a, good, 6, 8, S("\x01\x00")), ZIP_LIMITS), ERR_INVALID);       /* encrypted */
    CHECK_ERR(open_and_close(a, with_field(a, good, 8, 10, S("\x0C\x00")), ZIP_LIMITS), ERR_INVALID);      /* bzip2 */
    CHECK_ERR(open_and_close(a, with_field(a, good, 0, 38, S("\x00\x00\xFF\xA1")), ZIP_LIMITS), ERR_INVALID);   /* link */
    CHECK_OK(open_and_close(a, with_field(a, good, 0, 38, S("\x00\x00\xA4\x81")), ZIP_LIMITS));
}

TEST(zip_notices_damage)
{
    Str good = archive(a, &(ZipPart){ S("a.txt"), S("hello hello hello"), true }, 1);
    CHECK_ERR(open_and_close(a, S(""), ZIP_LIMITS), ERR_INVALID);
    CHECK_ERR(open_and_close(a, S("PK\x03\x04 nothing of the kind"), ZIP_LIMITS), ERR_INVALID);
    for (size_t n = 1; n < good.len; n += 7)
        CHECK_ERR(open_and_close(a, str_take(good, n), ZIP_LIMITS), ERR_INVALID);
    AUTO_ZIP z    = { 0 };
    Str      body = S("");
    CHECK_OK(zip_reader_open(a, patched(a, good, S("hello hello"), S("hello jello")), ZIP_LIMITS, &z));
    CHECK_ERR(zip_reader_load(&z, a, 0, &body), ERR_INVALID);     /* the checksum */
    CHECK_STR(body, S(""));
}

TEST(zip_refuses_bombs)
{
    enum { BIG = 20 << 20 };
    Str zeros = { arena_take(a, BIG, 1, 1), BIG };
    Str bomb  = archive(a, &(ZipPart){ S("zeros"), zeros, false }, 1);
    CHECK(bomb.len < BIG / 500);
    CHECK_ERR(open_and_close(a, bomb, ZIP_LIMITS), ERR_TOO_LARGE);
    ZipLimits wide = ZIP_LIMITS;
    wide.ratio     = 5000;
    CHECK_OK(open_and_close(a, bomb, wide));
    wide.unpacked = BIG - 1;
    CHECK_ERR(open_and_close(a, bomb, wide), ERR_TOO_LARGE);
}

/* Many entries, each under the limit of one; of noise, which no ratio gives away. */
TEST(zip_refuses_too_many_and_too_much)
{
    enum { EACH = 10000, N = 900 };
    char *noise = arena_take(a, EACH, 1, 1);
    for (uint32_t i = 0, x = 1; i < EACH; i++, x = x * 1664525 + 1013904223)
        noise[i] = (char)(x >> 24);
    ZipPart *parts = arena_new(a, ZipPart, 1001);
    for (size_t i = 0; i < 1001; i++)
        parts[i] = (ZipPart){ arena_fmt(a, "n%zu", i), { noise, 10 }, false };
    CHECK_OK(open_and_close(a, archive(a, parts, 1000), ZIP_LIMITS));
    CHECK_ERR(open_and_close(a, archive(a, parts, 1001), ZIP_LIMITS), ERR_TOO_LARGE);
    for (size_t i = 0; i < N; i++)
        parts[i].bytes.len = EACH;
    ZipLimits limits = ZIP_LIMITS;
    Str       all    = archive(a, parts, N);
    limits.unpacked  = N * EACH;
    CHECK_OK(open_and_close(a, all, limits));
    limits.unpacked--;
    CHECK_ERR(open_and_close(a, all, limits), ERR_TOO_LARGE);
}

TEST(zip_refuses_sizes_that_lie)
{
    Str text  = str_concat(a, str_replace(a, arena_fmt(a, "%01000d", 7), S("0"), S("ab")), S(""));
    Str good  = archive(a, &(ZipPart){ S("a.txt"), text, false }, 1);
    Str small = with_field(a, good, 22, 24, S("\x0A\x00\x00\x00"));     /* says 10 bytes */
    AUTO_ZIP z = { 0 };
    Err e = zip_reader_open(a, small, ZIP_LIMITS, &z);
    Str body;
    if (!e)
        e = zip_reader_load(&z, a, 0, &body);
    CHECK(err_is(e, ERR_INVALID));
}

static void put32(char *at, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(n >> (8 * i));
}

/* B lies inside the bytes of A: each is right by itself, together they unpack the same bytes twice. */
TEST(zip_refuses_entries_that_overlap)
{
    Str    body = { arena_take(a, 10000, 1, 1), 10000 };
    size_t central, second, end, local;
    Str    b_alone = archive(a, &(ZipPart){ S("b"), body, true }, 1);
    CHECK(str_find(b_alone, S("PK\x01\x02"), &central));
    Str b_local = str_take(b_alone, central);
    Str both    = archive(a, (ZipPart[]){ { S("a"), b_local, true }, { S("b"), body, true } }, 2);
    CHECK_OK(open_and_close(a, both, ZIP_LIMITS));
    CHECK(str_find(both, S("PK\x01\x02"), &central));
    Str  head = str_take(both, central - b_local.len), tail = str_skip(both, central);     /* without B's own place */
    Str  cut  = str_concat(a, head, tail);
    char *at  = (char *)(uintptr_t)cut.at;
    CHECK(str_find(str_skip(tail, 4), S("PK\x01\x02"), &second) && str_find(tail, S("PK\x05\x06"), &end) && str_find(b_alone, S("PK\x03\x04"), &local));
    put32(at + head.len + second + 4 + 42, (uint32_t)(head.len - b_local.len));            /* B begins inside A */
    put32(at + head.len + end + 16, (uint32_t)head.len);                                   /* where the directory begins */
    Err e = open_and_close(a, cut, ZIP_LIMITS);
    CHECK(err_is(e, ERR_INVALID) && str_has(e->detail, S("overlap")));
}

static void put_bytes(void *with, Str bytes)
{
    buf_add(with, bytes);
}

TEST(a_streamed_archive_reads_back)
{
    Buf       out = buf_new(a, 1 << 16);
    ZipStream z;
    zip_stream_open(&z, a, put_bytes, &out);
    zip_stream_part(&z, S("một.txt"));
    for (int i = 0; i < 20000; i++)
        zip_stream_add(&z, S("Lấy sự hài lòng của người dân làm thước đo\n"));
    zip_stream_part(&z, S("rỗng"));
    zip_stream_part(&z, S("hai.txt"));
    zip_stream_add(&z, S("2"));
    CHECK_OK(zip_stream_end(&z, a));
    AUTO_ZIP read = { 0 };
    ZipLimits limits = ZIP_LIMITS;
    limits.ratio = 100000;
    CHECK_OK(zip_reader_open(a, buf_str(&out), limits, &read));
    CHECK_INT(read.len, 3);
    Str part;
    CHECK_OK(zip_reader_load(&read, a, 0, &part));
    CHECK_INT(part.len, 20000 * (int64_t)S("Lấy sự hài lòng của người dân làm thước đo\n").len);
    CHECK_OK(zip_reader_load(&read, a, 1, &part));
    CHECK_INT(part.len, 0);
    CHECK_OK(zip_reader_load(&read, a, 2, &part));
    CHECK_STR(part, S("2"));
}

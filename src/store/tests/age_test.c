/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Encrypted backups: what the tool age wrote is read, what is written is read again, and no bit can change unnoticed. */
#include "store/age.h"
#include "store/store_files.h"
#include "store/test_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const Str identity  = S_INIT("AGE-SECRET-KEY-1CMTPMPC7DY0ANRSJ3EL6YFE9CTZAX3Y3ZK8Y3WG7DQK4TXQ902SQR27VAK");
static const Str recipient = S_INIT("age1klarfhra70fp4cz8j3p2yk3txpmquw6fk864qf09wa8vqmcl2slqpff7da");
/* Written by age 1.1.1 to that key. */
static const char by_age[] =
    "6167652d656e6372797074696f6e2e6f72672f76310a2d3e2058323535313920683768586d2b7552792b654c366c34416645723167482f4f487639633833335856666b5539544879463051"
    "0a55356f5276567747496765364445736631726e317a65576363716b6465454634346a796950417a423338450a2d2d2d2049382f4c436d526a452f586c4a356141415a6775306956622f4c"
    "49665a63703531514c6c755245707735340aeeae74222e063fd1b715a64b221f22d2e5348f01824054c436ef8eb027e7ffa7ec8f96184ebf76356893f696316b16df0444a4c07647fdd71f";

static Str file_with(Arena *a, Str bytes)
{
    Str path = str_concat(a, test_folder(a), S("/f.age"));
    Err e    = file_write_new(a, path, bytes);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return path;
}

static Err opened(Arena *a, Str path, const BackupKeys *keys, Str *out)
{
    AUTO(fd_close) int fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC);
    struct stat st;
    AgeIn       in   = { .a = a, .fd = fd, .path = path };
    int64_t     size = 0;
    size_t      got  = 0;
    if (fd < 0 || fstat(fd, &st))
        return err_new(a, ERR_INTERNAL, S("no file"));
    TRY(age_open(&in, st.st_size, keys, &size));
    char *room = arena_new(a, char, (size_t)size + 2);
    TRY(age_read(&in, room, (size_t)size + 1, &got));
    if ((int64_t)got != size)
        return err_new(a, ERR_INTERNAL, S("another length than was said"));
    *out = (Str){ room, got };
    return OK;
}

static BackupKeys key_of(Arena *a, Str text)
{
    BackupKeys k = { 0 };
    *list_add(a, &k.identities) = text;
    return k;
}

/* The bytes of an encrypted file. */
static Str sealed(Arena *a, const BackupLock *lock, Str plain, size_t step)
{
    Str    path = str_concat(a, test_folder(a), S("/s.age")), all = S("");
    AgeOut out  = { .a = a, .fd = open(arena_c(a, path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), .path = path };
    uint8_t key[AGE_FILE_KEY];
    Err e = age_begin(&out, lock, key);
    for (size_t at = 0; at < plain.len && !e; at += step)
        e = age_write(&out, str_take(str_skip(plain, at), step));
    if (!e)
        e = age_end(&out);
    close(out.fd);
    if (!e)
        e = file_read_all(a, path, &all);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return all;
}

TEST(age_keys_are_written_as_the_tool_writes_them)
{
    uint8_t secret[32], public_key[32], other[32];
    Str     made, of_it;
    CHECK(age_identity_read(identity, secret) && age_recipient_read(recipient, public_key));
    CHECK_STR(age_identity_text(a, secret), identity);
    CHECK_STR(age_recipient_text(a, public_key), recipient);
    CHECK(!age_recipient_read(identity, other) && !age_identity_read(recipient, other));
    CHECK_OK(backup_key_new(a, &made, &of_it));
    CHECK(age_identity_read(made, other) && age_recipient_read(of_it, other));
    for (size_t i = 0; i < recipient.len; i++) {                        /* a slip of the pen is noticed */
        char *slip = arena_new(a, char, recipient.len);
        memcpy(slip, recipient.at, recipient.len);
        slip[i] = slip[i] == 'q' ? 'p' : 'q';
        if (age_recipient_read((Str){ slip, recipient.len }, other))
            test_fail(__FILE_NAME__, __LINE__, "letter %zu may be any", i);
    }
}

TEST(age_reads_what_the_tool_wrote)
{
    uint8_t    bytes[(sizeof by_age - 1) / 2];
    BackupKeys keys = key_of(a, identity), none = { 0 };
    Str        plain;
    CHECK(str_unhex(str_from_c(by_age), bytes, sizeof bytes));
    Str path = file_with(a, (Str){ (const char *)bytes, sizeof bytes });
    CHECK_OK(opened(a, path, &keys, &plain));
    CHECK_STR(plain, S("Thước đo ẲNG ỆCH\n"));
    CHECK_ERR(opened(a, path, &none, &plain), ERR_SIGN_IN);
    CHECK_ERR(opened(a, path, NULL, &plain), ERR_SIGN_IN);
}

TEST(age_returns_every_length)
{
    static const size_t sizes[] = { 0, 1, 15, 16, 65519, 65520, 65535, 65536, 65537, 131072, 200000 };
    BackupKeys keys = key_of(a, identity);
    char      *room = arena_new(a, char, 200000);
    for (size_t i = 0; i < 200000; i++)
        room[i] = (char)(i * 31 >> 3);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        Arena work = *a;
        Str   plain, want = { room, sizes[i] };
        Str   path = file_with(&work, sealed(&work, &(BackupLock){ .recipient = recipient }, want, i % 2 ? 977 : 100000));
        CHECK_OK(opened(&work, path, &keys, &plain));
        CHECK(str_eq(plain, want));
    }
}

TEST(age_opens_by_the_passphrase_and_by_no_other)
{
    BackupKeys right = { .passphrase = S("mưa thu gió heo may") }, wrong = { .passphrase = S("mưa thu gió heo mây") };
    Str        plain, path = file_with(a, sealed(a, &(BackupLock){ .passphrase = right.passphrase }, S("dữ liệu"), 3));
    CHECK_OK(opened(a, path, &right, &plain));
    CHECK_STR(plain, S("dữ liệu"));
    CHECK_ERR(opened(a, path, &wrong, &plain), ERR_SIGN_IN);
}

/* The key stays the same; a head that is not what it was is damage or another lock, never another content. */
TEST(age_notices_every_bit_and_every_cut)
{
    BackupKeys keys = key_of(a, identity);
    Str        all  = sealed(a, &(BackupLock){ .recipient = recipient }, S("Nội dung bản lưu"), 100), path = file_with(a, all), plain;
    char      *copy = arena_new(a, char, all.len + 1);
    for (size_t bit = 0; bit < 8 * all.len; bit++) {
        Arena work = *a;
        memcpy(copy, all.at, all.len);
        copy[bit / 8] ^= (char)(1 << bit % 8);
        unlink(arena_c(&work, path));
        CHECK_OK(file_write_new(&work, path, (Str){ copy, all.len }));
        Err e = opened(&work, path, &keys, &plain);
        if (!err_is(e, ERR_INVALID) && !err_is(e, ERR_SIGN_IN))
            test_fail(__FILE_NAME__, __LINE__, "bit %zu of byte %zu may be either", bit % 8, bit / 8);
    }
    memcpy(copy, all.at, all.len);
    copy[all.len] = 'x';
    for (size_t n = 0; n <= all.len + 1; n++) {
        Arena work = *a;
        unlink(arena_c(&work, path));
        CHECK_OK(file_write_new(&work, path, (Str){ copy, n }));
        Err e = opened(&work, path, &keys, &plain);
        if (n == all.len ? e != OK : !err_is(e, ERR_INVALID))
            test_fail(__FILE_NAME__, __LINE__, "%zu of %zu bytes: %s", n, all.len, e ? "another failure" : "read as whole");
    }
}

/* Pieces that stand in another order, or the last one left out, are no content either. */
TEST(age_notices_pieces_out_of_place)
{
    enum { N = 3 * AGE_PIECE };
    BackupKeys keys  = key_of(a, identity);
    char      *plain = arena_new(a, char, N);
    Str        all   = sealed(a, &(BackupLock){ .recipient = recipient }, (Str){ plain, N }, N), got;
    size_t     piece = AGE_PIECE + AGE_TAG, head = all.len - 3 * piece;
    char      *copy  = arena_new(a, char, all.len);
    memcpy(copy, all.at, all.len);
    memcpy(copy + head, all.at + head + piece, piece);
    memcpy(copy + head + piece, all.at + head, piece);
    CHECK_ERR(opened(a, file_with(a, (Str){ copy, all.len }), &keys, &got), ERR_INVALID);
    CHECK_ERR(opened(a, file_with(a, str_take(all, all.len - piece)), &keys, &got), ERR_INVALID);
    CHECK_OK(opened(a, file_with(a, all), &keys, &got));
}

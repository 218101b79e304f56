/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Packages with sums and seal that fit, of any content: the parts stand one after another, each behind a line "== NAME". Whatever they hold,
 * reading says what is wrong with them, and says the same twice. */
#include "edition/parts.h"

#include <assert.h>
#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS = 12 };

static size_t parts_of(Str text, ZipPart *out)
{
    size_t n = 0, at;
    while (n < PARTS && str_starts(text, S("== "))) {
        StrPair line = str_cut(str_skip(text, 3), '\n');
        text         = line.tail;
        if (!str_find(text, S("\n== "), &at))
            at = text.len;
        out[n++] = (ZipPart){ .name = line.head, .bytes = str_take(text, at) };
        text     = str_skip(text, at + 1);
    }
    return n;
}

static Str sums_of(Arena *a, const ZipPart *parts, size_t n)
{
    Buf b = buf_new(a, 128 * PARTS);
    for (size_t i = 0; i < n; i++) {
        buf_add(&b, sha256_hex(a, parts[i].bytes));
        buf_fmt(&b, "  %.*s\n", STR_ARG(parts[i].name));
    }
    return buf_str(&b);
}

static Str seal_of(Arena *a, Str sums)
{
    static const uint8_t seed[crypto_sign_SEEDBYTES] = { 7 };
    uint8_t key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
    crypto_sign_seed_keypair(key, secret, seed);
    crypto_sign_detached(sig, NULL, (const uint8_t *)sums.at, sums.len, secret);
    return arena_fmt(a, "{\"public_key\":\"%.*s\",\"signature\":\"%.*s\"}", STR_ARG(str_hex(a, key, sizeof key)), STR_ARG(str_hex(a, sig, sizeof sig)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    ZipPart        parts[PARTS + 2];
    Str            zip;
    EditionVerdict v, again;
    size_t         n = parts_of((Str){ (const char *)data, size }, parts);
    Str            sums = sums_of(&a, parts, n);
    parts[n]     = (ZipPart){ .name = S("SHA256SUMS"), .bytes = sums };
    parts[n + 1] = (ZipPart){ .name = S("seal.json"), .bytes = seal_of(&a, sums) };
    if (zip_write(&a, parts, n + 2, &zip) || edition_verify(&a, zip, S(""), &v))
        return 0;
    assert(v.ok == (v.faults.len == 0));
    Err e = edition_verify(&a, zip, S(""), &again);
    assert(!e && again.faults.len == v.faults.len && str_eq(again.fingerprint, v.fingerprint));
    return 0;
}

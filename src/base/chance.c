/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Chance from the system, digests from libsodium. */
#include "base/ids.h"

#include <sodium.h>
#include <sys/random.h>

void random_bytes(void *out, size_t n)
{
    char *to = out;
    while (n) {
        ssize_t got = getrandom(to, n, 0);
        if (got < 0)
            continue;                  /* EINTR */
        to += got;
        n -= (size_t)got;
    }
}

Str random_token(Arena *a)
{
    uint8_t bytes[32];
    random_bytes(bytes, sizeof bytes);
    size_t len = sodium_base64_encoded_len(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char  *at  = arena_take(a, len, 1, 1);
    sodium_bin2base64(at, len, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (Str){ at, len - 1 };
}

Sha256 sha256(Str bytes)
{
    Sha256 sum;
    crypto_hash_sha256(sum.at, (const unsigned char *)bytes.at, bytes.len);
    return sum;
}

Sha256 sha256_all(const Str *at, size_t n)
{
    crypto_hash_sha256_state state;
    Sha256 sum;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < n; i++)
        crypto_hash_sha256_update(&state, (const unsigned char *)at[i].at, at[i].len);
    crypto_hash_sha256_final(&state, sum.at);
    return sum;
}

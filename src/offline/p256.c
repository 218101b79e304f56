/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keys on P-256, by nettle. */
#include "offline/p256.h"

#include <gmp.h>
#include <nettle/dsa.h>
#include <nettle/ecdsa.h>
#include <sodium.h>

/* A number below the order of the curve; one draw in 2^32 is above and is drawn again. */
void p256_secret(const AppInfo *app, const char *purpose, struct ecc_scalar *out)
{
    uint8_t bytes[P256_BYTES];
    mpz_t   number;
    mpz_init(number);
    app_key(app, purpose, bytes);
    for (;;) {
        mpz_import(number, sizeof bytes, 1, 1, 1, 0, bytes);
        if (ecc_scalar_set(out, number))
            break;
        crypto_hash_sha256(bytes, bytes, sizeof bytes);
    }
    mpz_clear(number);
    sodium_memzero(bytes, sizeof bytes);
}

static void coordinate(const mpz_t from, uint8_t out[P256_BYTES])
{
    size_t n = (mpz_sizeinbase(from, 2) + 7) / 8;
    memset(out, 0, P256_BYTES);
    mpz_export(out + P256_BYTES - n, NULL, 1, 1, 1, 0, from);
}

void p256_point(const struct ecc_point *p, uint8_t x[P256_BYTES], uint8_t y[P256_BYTES])
{
    mpz_t px, py;
    mpz_inits(px, py, NULL);
    ecc_point_get(p, px, py);
    coordinate(px, x);
    coordinate(py, y);
    mpz_clears(px, py, NULL);
}

Str p256_key(Arena *a, const AppInfo *app, const char *purpose)
{
    struct ecc_scalar secret;
    struct ecc_point  point;
    uint8_t           bytes[1 + 2 * P256_BYTES] = { 4 };
    ecc_scalar_init(&secret, nettle_get_secp_256r1());
    ecc_point_init(&point, nettle_get_secp_256r1());
    p256_secret(app, purpose, &secret);
    ecc_point_mul_g(&point, &secret);
    p256_point(&point, bytes + 1, bytes + 1 + P256_BYTES);
    ecc_point_clear(&point);
    ecc_scalar_clear(&secret);
    return str_hex(a, bytes, sizeof bytes);
}

static void chance(void *unused, size_t n, uint8_t *out)
{
    (void)unused;
    random_bytes(out, n);
}

Str p256_sign(Arena *a, const AppInfo *app, const char *purpose, Str text)
{
    struct ecc_scalar    secret;
    struct dsa_signature signature;
    Sha256               sum = sha256(text);
    uint8_t              bytes[2 * P256_BYTES];
    ecc_scalar_init(&secret, nettle_get_secp_256r1());
    dsa_signature_init(&signature);
    p256_secret(app, purpose, &secret);
    ecdsa_sign(&secret, NULL, chance, sizeof sum.at, sum.at, &signature);
    coordinate(signature.r, bytes);
    coordinate(signature.s, bytes + P256_BYTES);
    dsa_signature_clear(&signature);
    ecc_scalar_clear(&secret);
    return str_hex(a, bytes, sizeof bytes);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Opening what was sealed on interviewers' machines: ECDH (P-256), HKDF-SHA-256, AES-256-GCM as in assets/field/vault.js. */
#include "offline/p256.h"

#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <sodium.h>

static const char purpose[] = "offline-carry";

Str carry_key(Arena *a, const AppInfo *app)
{
    return p256_key(a, app, purpose);
}

/* False: no point of the curve. */
static bool shared_secret(const AppInfo *app, const uint8_t point[2 * P256_BYTES], uint8_t out[P256_BYTES])
{
    struct ecc_scalar secret;
    struct ecc_point  theirs, both;
    uint8_t           y[P256_BYTES];
    mpz_t             px, py;
    mpz_inits(px, py, NULL);
    mpz_import(px, P256_BYTES, 1, 1, 1, 0, point);
    mpz_import(py, P256_BYTES, 1, 1, 1, 0, point + P256_BYTES);
    ecc_scalar_init(&secret, nettle_get_secp_256r1());
    ecc_point_init(&theirs, nettle_get_secp_256r1());
    ecc_point_init(&both, nettle_get_secp_256r1());
    bool good = ecc_point_set(&theirs, px, py);
    if (good) {
        p256_secret(app, purpose, &secret);
        ecc_point_mul(&both, &secret, &theirs);
        p256_point(&both, out, y);
    }
    mpz_clears(px, py, NULL);
    ecc_point_clear(&both);
    ecc_point_clear(&theirs);
    ecc_scalar_clear(&secret);
    return good;
}

static void derive(const uint8_t shared[P256_BYTES], uint8_t out[32])
{
    static const char       info[] = "thuocdo carry 1";
    struct hmac_sha256_ctx  x;
    uint8_t                 none[32] = { 0 }, middle[32];        /* an empty salt is one of zeros (RFC 5869, 2.2) */
    hmac_sha256_set_key(&x, sizeof none, none);
    hkdf_extract(&x, (nettle_hash_update_func *)hmac_sha256_update, (nettle_hash_digest_func *)hmac_sha256_digest, SHA256_DIGEST_SIZE,
                 P256_BYTES, shared, middle);
    hmac_sha256_set_key(&x, sizeof middle, middle);
    hkdf_expand(&x, (nettle_hash_update_func *)hmac_sha256_update, (nettle_hash_digest_func *)hmac_sha256_digest, SHA256_DIGEST_SIZE, sizeof info - 1,
                (const uint8_t *)info, 32, out);
}

bool carry_open(Arena *a, const uint8_t key[32], const uint8_t iv[12], Str box, Str *out)
{
    struct gcm_aes256_ctx x;
    uint8_t               tag[GCM_DIGEST_SIZE];
    if (box.len < GCM_DIGEST_SIZE)
        return false;
    size_t   n  = box.len - GCM_DIGEST_SIZE;
    uint8_t *at = arena_take(a, n + 1, 1, 1);
    gcm_aes256_set_key(&x, key);
    gcm_aes256_set_iv(&x, 12, iv);
    gcm_aes256_decrypt(&x, n, at, (const uint8_t *)box.at);
    gcm_aes256_digest(&x, sizeof tag, tag);
    if (sodium_memcmp(tag, box.at + n, sizeof tag))
        return false;
    *out = (Str){ (const char *)at, n };
    return true;
}

bool carry_unwrap(Arena *a, const AppInfo *app, Str point, Str wrapped, uint8_t out[32])
{
    static const uint8_t iv[12] = { 0 };                          /* each such key seals one thing */
    uint8_t bytes[1 + 2 * P256_BYTES], box[32 + GCM_DIGEST_SIZE], shared[P256_BYTES], kek[32];
    Str     key;
    if (!str_unhex(point, bytes, sizeof bytes) || bytes[0] != 4 || !str_unhex(wrapped, box, sizeof box) || !shared_secret(app, bytes + 1, shared))
        return false;
    derive(shared, kek);
    bool good = carry_open(a, kek, iv, (Str){ (const char *)box, sizeof box }, &key);
    if (good)
        memcpy(out, key.at, 32);
    sodium_memzero(kek, sizeof kek);
    sodium_memzero(shared, sizeof shared);
    return good;
}

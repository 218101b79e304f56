/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* FILE.seal beside a backup: SHA-256 of its bytes, signed with the installation's seal (the one on /about). Damage is found by the
 * archive itself; a forged archive only by who signed it (src/store/README.md). */
#include "app/app.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

static Err file_sum(Arena *a, Str path, uint8_t out[32])
{
    static uint8_t           room[1 << 16];     /* a process seals one backup at a time */
    crypto_hash_sha256_state h;
    ssize_t                  n = 0;
    int fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC);
    crypto_hash_sha256_init(&h);
    while (fd >= 0 && ((n = read(fd, room, sizeof room)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0)
            crypto_hash_sha256_update(&h, room, (unsigned long long)n);
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (fd < 0 || n < 0)
        return err_fmt(a, fd < 0 && why == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%.*s: %s", STR_ARG(path), strerrordesc_np(why));
    crypto_hash_sha256_final(&h, out);
    return OK;
}

static Str signed_text(Arena *a, const uint8_t sum[32])
{
    return arena_fmt(a, "thuocdo-backup 1 %.*s", STR_ARG(str_hex(a, sum, 32)));
}

Err backup_seal_write(Arena *a, const AppInfo *info, Str path)
{
    uint8_t sum[32], seed[32], public_key[32], secret[64], sig[64];
    TRY(file_sum(a, path, sum));
    Str text = signed_text(a, sum);
    app_key(info, "edition-seal", seed);
    crypto_sign_seed_keypair(public_key, secret, seed);
    crypto_sign_detached(sig, NULL, (const uint8_t *)text.at, text.len, secret);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(seed, sizeof seed);
    Str json = arena_fmt(a, "{\"algorithm\":\"Ed25519\",\"sha256\":\"%.*s\",\"public_key\":\"%.*s\",\"signature\":\"%.*s\"}\n",
                         STR_ARG(str_hex(a, sum, 32)), STR_ARG(str_hex(a, public_key, 32)), STR_ARG(str_hex(a, sig, 64)));
    return write_file(a, str_concat(a, path, S(".seal")), json, 0600);
}

static bool part(const Json *seal, Str name, uint8_t *out, size_t n)
{
    Str hex;
    return json_str(json_get(seal, name), &hex) && str_unhex(hex, out, n);
}

Err backup_seal_check(Arena *a, Str path, Str pinned_key, StoreFaults *out)
{
    Str         bytes;
    const Json *seal = NULL;
    uint8_t     sum[32], said[32], public_key[32], pinned[32], sig[64];
    Err e = slurp(a, str_concat(a, path, S(".seal")), 4096, &bytes);
    if (err_is(e, ERR_NOT_FOUND) && !pinned_key.len)
        return OK;                     /* older than seals, and nobody asks for one */
    if (e) {
        *list_add(a, out) = arena_fmt(a, "seal: %.*s", STR_ARG(e->detail));
        return OK;
    }
    TRY(file_sum(a, path, sum));
    Str  text = signed_text(a, sum);
    bool read = !json_parse(a, bytes, &seal) && part(seal, S("sha256"), said, 32) && part(seal, S("public_key"), public_key, 32) &&
                part(seal, S("signature"), sig, 64);
    if (!read)
        *list_add(a, out) = S("seal: cannot be read");
    else if (memcmp(sum, said, 32) != 0 || crypto_sign_verify_detached(sig, (const uint8_t *)text.at, text.len, public_key))
        *list_add(a, out) = S("seal: these are not the bytes that were signed");
    else if (pinned_key.len && (!str_unhex(str_trim(pinned_key), pinned, 32) || memcmp(pinned, public_key, 32) != 0))
        *list_add(a, out) = S("seal: signed by another installation");
    return OK;
}

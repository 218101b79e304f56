/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sealed columns over libsodium. */
#include "base/sealed.h"

#include <sodium.h>

enum { VERSION = 1, NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES, HEAD = 1 + NONCE,
       OLD_NONCE = crypto_secretbox_NONCEBYTES, OLD_TAG = crypto_secretbox_MACBYTES };

/* Another key than the boxes of before have, for one key serves one cipher. */
static void key_of(const SealPlace *p, uint8_t out[32])
{
    static const char what[] = "sealed column 1";
    crypto_generichash(out, 32, (const uint8_t *)what, sizeof what - 1, p->key, 32);
}

static Str place_text(Arena *a, const SealPlace *p)
{
    return arena_fmt(a, "%s %lld", p->column, (long long)p->row);
}

Str sealed(Arena *a, const SealPlace *p, Str text)
{
    uint8_t  key[32];
    Str      place = place_text(a, p);
    uint8_t *box   = arena_new(a, uint8_t, HEAD + text.len + TAG);
    key_of(p, key);
    box[0] = VERSION;
    random_bytes(box + 1, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box + HEAD, NULL, (const uint8_t *)text.at, text.len, (const uint8_t *)place.at, place.len,
                                               NULL, box + 1, key);
    sodium_memzero(key, sizeof key);
    return (Str){ (const char *)box, HEAD + text.len + TAG };
}

static bool open_now(Arena *a, const SealPlace *p, Str box, Str *out)
{
    uint8_t        key[32];
    const uint8_t *at    = (const uint8_t *)box.at;
    Str            place = place_text(a, p);
    if (box.len < HEAD + TAG || at[0] != VERSION)
        return false;
    uint8_t *text = arena_new(a, uint8_t, box.len - HEAD - TAG + 1);
    key_of(p, key);
    bool good = crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, at + HEAD, box.len - HEAD, (const uint8_t *)place.at, place.len,
                                                           at + 1, key) == 0;
    sodium_memzero(key, sizeof key);
    if (good)
        *out = (Str){ (const char *)text, box.len - HEAD - TAG };
    return good;
}

/* nonce || box. One in 256 begins with the byte that stands for version 1 now, so both ways are tried. */
static bool open_before(Arena *a, const uint8_t key[32], Str box, Str *out)
{
    const uint8_t *at = (const uint8_t *)box.at;
    if (box.len < OLD_NONCE + OLD_TAG)
        return false;
    uint8_t *text = arena_new(a, uint8_t, box.len - OLD_NONCE - OLD_TAG + 1);
    if (crypto_secretbox_open_easy(text, at + OLD_NONCE, box.len - OLD_NONCE, at, key))
        return false;
    *out = (Str){ (const char *)text, box.len - OLD_NONCE - OLD_TAG };
    return true;
}

SealState sealed_open(Arena *a, const SealPlace *p, const uint8_t old_key[32], Str box, Str *out)
{
    if (open_now(a, p, box, out))
        return SEAL_OPEN;
    return open_before(a, old_key, box, out) ? SEAL_OPEN_OLD : SEAL_SHUT;
}

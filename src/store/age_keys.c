/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keys of age: how they are written (bech32), and how keys come from keys and passphrases. */
#include "store/age.h"

#include <errno.h>
#include <sodium.h>

/* ---- bech32 ----------------------------------------------------------------------------------- */
enum { WORD_MOST = 100, VALUES_KEY = 52, VALUES_SUM = 6 };       /* 32 bytes are 52 values of 5 bits */
static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t sum_step(uint32_t sum, uint32_t value)
{
    static const uint32_t parts[] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < 5; i++)
        if (top >> i & 1)
            sum ^= parts[i];
    return sum;
}

static uint32_t sum_of(Str prefix, const uint8_t *values, size_t n)
{
    uint32_t sum = 1;
    for (size_t i = 0; i < prefix.len; i++)
        sum = sum_step(sum, (uint32_t)(uint8_t)prefix.at[i] >> 5);
    sum = sum_step(sum, 0);
    for (size_t i = 0; i < prefix.len; i++)
        sum = sum_step(sum, (uint8_t)prefix.at[i] & 31);
    for (size_t i = 0; i < n; i++)
        sum = sum_step(sum, values[i]);
    return sum;
}

/* prefix in small letters. */
static Str word_write(Arena *a, Str prefix, const uint8_t key[32])
{
    uint8_t values[VALUES_KEY + VALUES_SUM] = { 0 };
    for (int bit = 0; bit < 256; bit++)
        values[bit / 5] |= (uint8_t)((key[bit / 8] >> (7 - bit % 8) & 1) << (4 - bit % 5));
    uint32_t sum = sum_of(prefix, values, sizeof values) ^ 1;
    for (int i = 0; i < VALUES_SUM; i++)
        values[VALUES_KEY + i] = sum >> 5 * (5 - i) & 31;
    Buf b = buf_new(a, WORD_MOST);
    buf_add(&b, prefix);
    buf_byte(&b, '1');
    for (size_t i = 0; i < sizeof values; i++)
        buf_byte(&b, letters[values[i]]);
    return buf_str(&b);
}

static bool values_read(Str text, uint8_t out[VALUES_KEY + VALUES_SUM])
{
    for (size_t i = 0; i < text.len; i++) {
        const char *at = text.at[i] ? strchr(letters, text.at[i]) : NULL;
        if (!at)
            return false;
        out[i] = (uint8_t)(at - letters);
    }
    return true;
}

/* All small or all capital letters. */
static bool word_small(Str text, char out[WORD_MOST])
{
    bool small = false, capital = false;
    for (size_t i = 0; i < text.len; i++) {
        small   |= text.at[i] >= 'a' && text.at[i] <= 'z';
        capital |= text.at[i] >= 'A' && text.at[i] <= 'Z';
        out[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] + 32) : text.at[i];
    }
    return !(small && capital);
}

static bool word_read(Str text, Str prefix, uint8_t key[32])
{
    char    small[WORD_MOST];
    uint8_t values[VALUES_KEY + VALUES_SUM], out[32] = { 0 };
    if (text.len != prefix.len + 1 + sizeof values || !word_small(text, small))
        return false;
    Str word = { small, text.len };
    if (!str_starts(word, prefix) || small[prefix.len] != '1' || !values_read(str_skip(word, prefix.len + 1), values) ||
        sum_of(prefix, values, sizeof values) != 1 || values[VALUES_KEY - 1] & 15)      /* 4 bits that no byte holds */
        return false;
    for (int bit = 0; bit < 256; bit++)
        out[bit / 8] |= (uint8_t)((values[bit / 5] >> (4 - bit % 5) & 1) << (7 - bit % 8));
    memcpy(key, out, 32);
    return true;
}

bool age_recipient_read(Str text, uint8_t out[32])
{
    return word_read(text, S("age"), out);
}

bool age_identity_read(Str text, uint8_t out[32])
{
    return word_read(text, S("age-secret-key-"), out);
}

Str age_recipient_text(Arena *a, const uint8_t key[32])
{
    return word_write(a, S("age"), key);
}

Str age_identity_text(Arena *a, const uint8_t key[32])
{
    Str   word = word_write(a, S("age-secret-key-"), key);
    char *out  = arena_new(a, char, word.len);
    for (size_t i = 0; i < word.len; i++)
        out[i] = word.at[i] >= 'a' && word.at[i] <= 'z' ? (char)(word.at[i] - 32) : word.at[i];
    return (Str){ out, word.len };
}

/* ---- Keys from keys --------------------------------------------------------------------------- */
void age_derive(const uint8_t *secret, size_t n, Str salt, const char *info, uint8_t out[32])
{
    crypto_auth_hmacsha256_state h;
    uint8_t one = 1, middle[32], empty[32] = { 0 };
    crypto_auth_hmacsha256_init(&h, salt.len ? (const uint8_t *)salt.at : empty, salt.len ? salt.len : sizeof empty);
    crypto_auth_hmacsha256_update(&h, secret, n);
    crypto_auth_hmacsha256_final(&h, middle);
    crypto_auth_hmacsha256_init(&h, middle, sizeof middle);
    crypto_auth_hmacsha256_update(&h, (const uint8_t *)info, strlen(info));
    crypto_auth_hmacsha256_update(&h, &one, 1);
    crypto_auth_hmacsha256_final(&h, out);
    sodium_memzero(middle, sizeof middle);
}

Err age_passphrase_key(Arena *a, Str passphrase, const uint8_t salt[16], int log2_n, uint8_t out[32])
{
    Str whole = str_concat(a, S("age-encryption.org/v1/scrypt"), (Str){ (const char *)salt, 16 });
    if (crypto_pwhash_scryptsalsa208sha256_ll((const uint8_t *)passphrase.at, passphrase.len, (const uint8_t *)whole.at, whole.len,
                                              (uint64_t)1 << log2_n, 8, 1, out, 32))
        return err_fmt(a, ERR_LIMIT, "no memory for the passphrase: %s", strerrordesc_np(errno));
    return OK;
}

Err backup_key_new(Arena *a, Str *out_identity, Str *out_recipient)
{
    uint8_t secret[32], public_key[32];
    randombytes_buf(secret, sizeof secret);
    if (crypto_scalarmult_base(public_key, secret))
        return err_new(a, ERR_INTERNAL, S("no key came out"));
    *out_identity  = age_identity_text(a, secret);
    *out_recipient = age_recipient_text(a, public_key);
    sodium_memzero(secret, sizeof secret);
    return OK;
}

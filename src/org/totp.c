/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Second-factor codes over liboath; secrets sealed. */
#include "org/totp.h"

#include "base/sealed.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdlib.h>

int64_t totp_step(Time now)
{
    return now.ms / TOTP_STEP_MS;
}

Str totp_code(Arena *a, Str secret, int64_t step)
{
    char otp[8] = { 0 };
    if (oath_hotp_generate(secret.at, secret.len, (uint64_t)step, 6, false, OATH_HOTP_DYNAMIC_TRUNCATION, otp) != OATH_OK)
        return S("");
    return arena_str(a, (Str){ otp, 6 });
}

bool totp_fits(Str secret, Str code, Time now, int64_t last_step, int64_t *out_step)
{
    if (code.len != 6 || secret.len == 0)
        return false;
    for (int64_t step = totp_step(now) - 1; step <= totp_step(now) + 1; step++) {
        char otp[8] = { 0 };
        if (step <= last_step || oath_hotp_generate(secret.at, secret.len, (uint64_t)step, 6, false,
                                                    OATH_HOTP_DYNAMIC_TRUNCATION, otp) != OATH_OK)
            continue;
        if (sodium_memcmp(otp, code.at, 6) == 0) {
            *out_step = step;
            return true;
        }
    }
    return false;
}

static const char base32_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static Str base32(Arena *a, Str bytes, bool grouped)
{
    Buf      b = buf_new(a, bytes.len * 2 + 8);
    uint32_t bits = 0;
    int      have = 0, letters = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        bits = (bits << 8 | (uint8_t)bytes.at[i]) & 0xFFFFF;
        for (have += 8; have >= 5; have -= 5, letters++) {
            if (grouped && letters && letters % 4 == 0)
                buf_byte(&b, ' ');
            buf_byte(&b, base32_letters[bits >> (have - 5) & 31]);
        }
    }
    return buf_str(&b);                /* 20 bytes are 32 letters: no padding */
}

Str totp_base32(Arena *a, Str secret)
{
    return base32(a, secret, true);
}

Str totp_uri(Arena *a, Str secret, Str issuer, Str login)
{
    return arena_fmt(a, "otpauth://totp/%.*s:%.*s?secret=%.*s&issuer=%.*s", STR_ARG(issuer), STR_ARG(login),
                     STR_ARG(base32(a, secret, false)), STR_ARG(issuer));
}

Str totp_offer(Arena *a, const uint8_t key[32], Str session_hash)
{
    uint8_t sum[TOTP_SECRET_LEN];
    crypto_generichash(sum, sizeof sum, (const uint8_t *)session_hash.at, session_hash.len, key, 32);
    return arena_str(a, (Str){ (const char *)sum, sizeof sum });
}

Str totp_seal(Arena *a, const uint8_t key[32], int64_t person, Str secret)
{
    return sealed(a, &(SealPlace){ key, "people.totp_box", person }, secret);
}

bool totp_open(Arena *a, const uint8_t key[32], int64_t person, Str box, Str *out, bool *out_old)
{
    SealState state = sealed_open(a, &(SealPlace){ key, "people.totp_box", person }, key, box, out);
    *out_old = state == SEAL_OPEN_OLD;
    return state != SEAL_SHUT;
}

Str code_digits(Arena *a, Str typed)
{
    Buf b = buf_new(a, typed.len + 1);
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.at[i];
        if (c == ' ' || c == '-')
            continue;
        buf_byte(&b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return buf_str(&b);
}

Str recovery_code(Arena *a)
{
    Str letters = random_code(a, 10);
    return arena_fmt(a, "%.5s-%.5s", letters.at, letters.at + 5);
}

Str recovery_hash(Arena *a, const uint8_t key[32], Str code)
{
    uint8_t sum[32];
    Str     plain = code_digits(a, code);
    crypto_generichash(sum, sizeof sum, (const uint8_t *)plain.at, plain.len, key, 32);
    return str_hex(a, sum, sizeof sum);
}

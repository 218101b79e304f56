/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sealed columns: what opens them, what does not, and boxes of older versions. */
#include "base/sealed.h"
#include "base/test.h"

#include <sodium.h>

static const uint8_t key[32] = { 1 }, other[32] = { 2 };

static Str boxed_before(Arena *a, const uint8_t with[32], Str text)
{
    size_t   n  = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.len;
    uint8_t *at = arena_new(a, uint8_t, n);
    random_bytes(at, crypto_secretbox_NONCEBYTES);
    at[0] = 1;                                       /* the byte that stands for the version now */
    crypto_secretbox_easy(at + crypto_secretbox_NONCEBYTES, (const uint8_t *)text.at, text.len, at, with);
    return (Str){ (const char *)at, n };
}

TEST(a_sealed_value_opens_in_its_place_with_its_key_only)
{
    SealPlace here = { key, "people.totp_box", 7 };
    Str       text = S("Rơ Châm H’Lan"), box = sealed(a, &here, text), back = S("?");
    CHECK(!str_has(box, text) && box.at[0] == 1);
    CHECK(!str_eq(box, sealed(a, &here, text)));                  /* another nonce */
    CHECK_INT(sealed_open(a, &here, key, box, &back), SEAL_OPEN);
    CHECK_STR(back, text);
    back = S("?");
    CHECK_INT(sealed_open(a, &(SealPlace){ key, "people.totp_box", 8 }, key, box, &back), SEAL_SHUT);
    CHECK_INT(sealed_open(a, &(SealPlace){ key, "people.contact_box", 7 }, key, box, &back), SEAL_SHUT);
    CHECK_INT(sealed_open(a, &(SealPlace){ other, "people.totp_box", 7 }, other, box, &back), SEAL_SHUT);
    for (size_t i = 0; i < box.len; i++) {
        char *bent = arena_c(a, box);
        bent[i] ^= 1;
        CHECK_INT(sealed_open(a, &here, key, (Str){ bent, box.len }, &back), SEAL_SHUT);
        CHECK_INT(sealed_open(a, &here, key, str_take(box, i), &back), SEAL_SHUT);
    }
    CHECK_STR(back, S("?"));
    CHECK_INT(sealed_open(a, &here, key, sealed(a, &here, S("")), &back), SEAL_OPEN);
    CHECK_INT(back.len, 0);
}

TEST(a_box_of_before_still_opens_and_says_so)
{
    SealPlace here = { key, "people.totp_box", 7 };
    Str       back = S("");
    CHECK_INT(sealed_open(a, &here, key, boxed_before(a, key, S("12345678901234567890")), &back), SEAL_OPEN_OLD);
    CHECK_STR(back, S("12345678901234567890"));
    CHECK_INT(sealed_open(a, &here, other, boxed_before(a, key, S("x")), &back), SEAL_SHUT);
}

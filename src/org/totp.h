/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* RFC 6238 codes: SHA-1, 6 digits, 30 s, one step either way. No database. */
#ifndef ORG_TOTP_H
#define ORG_TOTP_H

#include "base/base.h"

#define TOTP_STEP_MS    (30 * MS_SECOND)
#define TOTP_SECRET_LEN 20
#define RECOVERY_CODES  10

int64_t totp_step(Time now);
Str  totp_code(Arena *a, Str secret, int64_t step);      /* "492039" */
/* True when the code is that of the step now, the one before or after, and later than last_step (a code works once). */
bool totp_fits(Str secret, Str code, Time now, int64_t last_step, int64_t *out_step);
Str  totp_base32(Arena *a, Str secret);                  /* "JBSW Y3DP …" in groups of four, for typing */
Str  totp_uri(Arena *a, Str secret, Str issuer, Str login);   /* otpauth://totp/… for the QR */
/* The secret offered on the enrolment page: derived, so that showing the page changes nothing. */
Str  totp_offer(Arena *a, const uint8_t key[32], Str session_hash);
/* Sealed as people.totp_box of that account (base/sealed.h); old: a box of before, to be sealed anew. */
Str  totp_seal(Arena *a, const uint8_t key[32], int64_t person, Str secret);
bool totp_open(Arena *a, const uint8_t key[32], int64_t person, Str box, Str *out, bool *out_old);
Str  code_digits(Arena *a, Str typed);                   /* blanks and dashes off, upper case */
Str  recovery_code(Arena *a);                            /* "7K2MX-9QD4A" */
Str  recovery_hash(Arena *a, const uint8_t key[32], Str code);

#endif

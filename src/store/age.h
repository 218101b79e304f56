/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside of the store module: files in the format age v1 (https://age-encryption.org/v1), which the tool `age` opens too. A file is
 * closed to one X25519 key or to a passphrase; its bytes come in pieces of 64 KiB, each with its own check, so that no bit can change,
 * be left out or be put behind the end without being noticed. */
#ifndef STORE_AGE_H
#define STORE_AGE_H

#include "store/store_driver.h"

enum { AGE_PIECE = 64 << 10, AGE_TAG = 16, AGE_HEAD_MOST = 8 << 10, AGE_FILE_KEY = 16 };

/* ---- age_keys.c ------------------------------------------------------------------------------------------------- */
/* "age1…" and "AGE-SECRET-KEY-1…" (bech32, BIP 173) hold 32 bytes; false: not one, or mistyped. */
bool age_recipient_read(Str text, uint8_t out[32]);
bool age_identity_read(Str text, uint8_t out[32]);
Str  age_recipient_text(Arena *a, const uint8_t key[32]);
Str  age_identity_text(Arena *a, const uint8_t key[32]);
/* HKDF-SHA-256 (RFC 5869) with one block of output. */
void age_derive(const uint8_t *secret, size_t n, Str salt, const char *info, uint8_t out[32]);
MUST_USE Err age_passphrase_key(Arena *a, Str passphrase, const uint8_t salt[16], int log2_n, uint8_t out[32]);   /* scrypt, r = 8, p = 1 */

/* ---- age.c ------------------------------------------------------------------------------------------------------- */
typedef struct AgeOut {
    Arena *a; int fd; Str path;
    uint8_t key[32], nonce[12];
    size_t len;                                   /* bytes in room, of the piece under way */
    char *room, *sealed;
} AgeOut;
/* Writes the head. ERR_INVALID: the recipient is none. file_key opens what is written. */
MUST_USE Err age_begin(AgeOut *out, const BackupLock *lock, uint8_t file_key[AGE_FILE_KEY]);
MUST_USE Err age_write(AgeOut *out, Str bytes);
MUST_USE Err age_end(AgeOut *out);                /* the last piece */

typedef struct AgeIn {
    Arena *a; int fd; Str path;
    uint8_t key[32], nonce[12];
    int64_t sealed_left;                          /* bytes of the file that are not read yet */
    size_t at, len;                               /* of the opened piece in room */
    char *room, *sealed;
} AgeIn;
bool age_is(Str first_bytes);
/* The head alone, as age_open reads it: finds the file's key and how long the head is. */
MUST_USE Err age_head_read(Arena *a, Str bytes, const BackupKeys *keys, uint8_t file_key[AGE_FILE_KEY], size_t *out_len);
/* fd stands at the beginning of a file of so many bytes. out_plain: how long its content is. ERR_SIGN_IN: no key was given, or none
 * that opens it; ERR_INVALID: damaged. */
MUST_USE Err age_open(AgeIn *in, int64_t size, const BackupKeys *keys, int64_t *out_plain);
MUST_USE Err age_read(AgeIn *in, char *to, size_t n, size_t *out_got);

#endif

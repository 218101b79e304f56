/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Values that lie sealed in a column of the database: docs/adr/0032. A version byte, a nonce, and XChaCha20-Poly1305 of the text with its
 * column and row as associated data, so that neither a copy of the database nor a swap of rows shows or moves them. */
#ifndef BASE_SEALED_H
#define BASE_SEALED_H

#include "base/base.h"

/* key: 32 bytes for this purpose (app_key). column: "people.totp_box", the same for ever. */
typedef struct SealPlace { const uint8_t *key; const char *column; int64_t row; } SealPlace;
typedef enum SealState { SEAL_SHUT, SEAL_OPEN, SEAL_OPEN_OLD } SealState;

Str sealed(Arena *a, const SealPlace *p, Str text);
/* SEAL_SHUT: another key, column or row, or changed bytes; *out is untouched. SEAL_OPEN_OLD: a box of before (nonce and
 * XSalsa20-Poly1305 under old_key), to be sealed anew when its row is next written. */
SealState sealed_open(Arena *a, const SealPlace *p, const uint8_t old_key[32], Str box, Str *out);

#endif

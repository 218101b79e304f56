/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ids of different things are different types, so that the compiler keeps them apart. All are made by
 * the application: time-ordered 64-bit, or random where an order would link a person to an answer. */
#ifndef BASE_IDS_H
#define BASE_IDS_H

#include "base/str.h"
#include "base/arena.h"

int64_t id_new(void);        /* > 0, rising within the process: 41 bits ms, 10 bits node/sequence salt, 12 bits sequence */
/* The id of something that was named by a moment and 22 bits of chance elsewhere; 0: before 2024, after 2093, or no such chance. */
int64_t id_at(int64_t at_ms, int64_t chance);
void    id_parts(int64_t id, int64_t *out_ms, int64_t *out_chance);      /* back again; of any id that tells its time */
int64_t id_random(void);     /* 62 random bits, > 0 */
void    random_bytes(void *out, size_t n);
/* n letters of Crockford base32 without I L O U, from the system's random source. */
Str     random_code(Arena *a, size_t n);
Str     random_token(Arena *a);                          /* 32 random bytes, base64url, 43 letters */
Str     uuid_v4(Arena *a);
bool    uuid_valid(Str s);                               /* 8-4-4-4-12 hex digits */

typedef struct Sha256 { uint8_t at[32]; } Sha256;
Sha256  sha256(Str bytes);
Sha256  sha256_all(const Str *at, size_t n);                /* of the texts one after the other */
Str     sha256_hex(Arena *a, Str bytes);
typedef struct Md5 { uint8_t at[16]; } Md5;              /* only where a protocol asks for it */
Md5     md5(Str bytes);

typedef struct UnitId { int64_t v; } UnitId;
typedef struct PersonId { int64_t v; } PersonId;
typedef struct GrantId { int64_t v; } GrantId;
typedef struct FormId { int64_t v; } FormId;             /* one version of a form */
typedef struct RoundId { int64_t v; } RoundId;
typedef struct SubmissionId { int64_t v; } SubmissionId;
typedef struct EditionId { int64_t v; } EditionId;
typedef struct FileId { int64_t v; } FileId;

#endif

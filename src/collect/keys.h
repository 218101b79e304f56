/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Receipts, one-time codes, draft tokens: words made for people and the keyed hashes that are stored instead. */
#ifndef COLLECT_KEYS_H
#define COLLECT_KEYS_H

#include "collect/collect.h"

enum { CODE_LONG_LEN = 26, CODE_SHORT_LEN = 10, RESUME_LEN = 10, INSTANCE_LEN = 16, HASH_LEN = 32 };

/* One key a purpose, all derived from the master key, so that no two tables share a hash. */
typedef struct CollectKeys {
    uint8_t instance[32], record[32], answers[32], code[32], draft[32], resume[32], device[32], sent[32];
} CollectKeys;
const CollectKeys *collect_keys(const AppInfo *app);      /* kept for the process */

typedef struct Hash { uint8_t at[HASH_LEN]; } Hash;
static inline Str hash_str(const Hash *h) { return (Str){ (const char *)h->at, HASH_LEN }; }
/* Keyed BLAKE2b over number and text. */
Hash keyed_hash(const uint8_t key[32], int64_t number, Str text);

/* What a round and a client's id give, the same at every retry. */
typedef struct InstanceKey { uint8_t instance[INSTANCE_LEN]; Str receipt; Sha256 receipt_hash; SubmissionId id; } InstanceKey;
/* uuid: checked by uuid_valid; letters of either size give the same. The year of the receipt is that of the round's making. */
InstanceKey instance_key(Arena *a, const CollectKeys *k, const Round *round, Str uuid);
/* Ids of a round's answers: its slot times SLOT_SIZE and a place. A taken place leads to the next one, SLOT_PLACES in all. */
#define SLOT_SIZE INT64_C(4398046511104)                  /* 2^42 */
enum { SLOT_PLACES = 4 };
int64_t submission_place(const CollectKeys *k, const Sha256 *receipt_hash);      /* 0 … SLOT_SIZE - SLOT_PLACES */

/* Letters as typed to the alphabet of codes: capitals, no blanks or dashes, O → 0, I and L → 1.
 * False when another character is in it. */
bool word_clean(Arena *a, Str typed, Str *out);
/* "TD26-7H4K-Q2MX-9B3E" from what was typed; false when it cannot be a receipt. */
bool receipt_clean(Arena *a, Str typed, Str *out);
/* Groups of four: "K7M4-PX29-QD". */
Str  word_grouped(Arena *a, Str word);
void word_group(Buf *b, Str word);                               /* the same, added to b */
Hash code_hash(const CollectKeys *k, RoundId round, Str clean);   /* long codes: whatever the round */

/* A draft's token (base64url, 22 letters) stands in a cookie; the server keeps hashes. */
Str  draft_token(Arena *a);
Str  draft_instance(Arena *a, const CollectKeys *k, Str token);   /* the uuid under which this draft is sent */

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Packed counters: one small row holds a round's (or a unit's) figures by day, channel and choice, and the sum that
 * covers its answers. Packing is pure; see submit.c for who adds. */
#ifndef COLLECT_COUNTERS_H
#define COLLECT_COUNTERS_H

#include "collect/collect.h"
#include "collect/keys.h"

Str  counts_pack(Arena *a, const RoundCounts *c);
bool counts_unpack(Arena *a, Str packed, RoundCounts *out);            /* false: damaged */

/* What one record adds to (or, sign -1, takes from) the counters; sign 0: nothing. withdrawn: it also counts as withdrawn from now on;
 * left_out: it counts as nothing else. */
typedef struct CountedAnswer { Date day; Channel channel; bool flagged; const int *slots; int slot_count; bool withdrawn, left_out; } CountedAnswer;
void counts_add(Arena *a, RoundCounts *c, const CountedAnswer *x, int sign);
/* The slots of a record's choices; *out has room for p's choices. Returns how many. */
int  counts_slots_of(const CountSlots *s, const FormProgram *p, const FormAnswers *x, Arena *a, const int **out);

/* Keyed hash over every column of a record but its bytes, which sha256 covers. The sum over all records, modulo
 * 2^64 in four lanes, stands in the round's row: it has no order and finds any edited, added or removed record. */
typedef struct SealedRecord {
    SubmissionId id; RoundId round; Str instance, sha256, receipt_hash, day, channel; UnitId unit;
    bool flagged; Str flag_reason; bool withdrawn; Str media, answers, sent, left_out;
} SealedRecord;
void sum_add(uint64_t sum[4], const CollectKeys *k, const SealedRecord *r, int sign);
/* The same over what cleaning made of a record; part of the same sum. */
typedef struct RecordState { SubmissionId id; Str answers; UnitId unit; bool excluded; int64_t revision; } RecordState;
void state_sum_add(uint64_t sum[4], const CollectKeys *k, const RecordState *s, int sign);

#endif

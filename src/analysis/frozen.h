/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frozen data sets: numbered, with hashes, never changed. */
#ifndef ANALYSIS_FROZEN_H
#define ANALYSIS_FROZEN_H

#include "analysis/cleaning.h"

typedef struct FrozenSet {
    int64_t id, number, rule_set, records, excluded, corrected, versions; RoundId round;
    Str round_sum, data_sha, codebook_sha, manifest_sha, note, made_name; PersonId made_by; Time made_at;
    bool archive;                        /* the data are a .zip: one CSV a table */
    Str editions;                        /* numbers of editions made from it, "1, 2"; empty: none */
} FrozenSet;
typedef LIST(FrozenSet) FrozenSets;
MUST_USE Err frozen_list(Db *db, Arena *a, RoundId round, FrozenSets *out);                /* newest first */
MUST_USE Err frozen_insert(Db *db, const FrozenSet *f);
Str round_sum_hex(Arena *a, const RoundCounts *c);

typedef struct FrozenPage {
    const Round *r; FrozenSets sets; RecordTotals totals; RuleSet rules; bool same, may_manage, may_export; Str action, token, note; const FieldErrors *errors;
} FrozenPage;

#endif

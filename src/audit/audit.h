/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Append-only, hash-chained record of who did what. Each record holds SHA-256 of the one before. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "store/store.h"

typedef struct AuditEvent {
    Time at;
    PersonId actor;          /* 0: nobody signed in, or the system (actor_name says) */
    Str actor_name, role;
    UnitId unit;
    Str address, request;    /* client address; request id. Empty for answers of respondents (never recorded) */
    Str action;              /* "round.close": noun.verb */
    Str object;              /* "round:412" */
    Str detail;              /* JSON object, never answers or secrets */
    bool failed;             /* outcome */
} AuditEvent;

/* Appends inside the caller's write transaction; when it cannot be written, the act fails. */
MUST_USE Err audit_append(Db *db, Arena *a, const AuditEvent *e);

typedef struct AuditRow { int64_t seq; AuditEvent e; Str hash; } AuditRow;
typedef LIST(AuditRow) AuditRows;
typedef struct AuditFilter { Str text, action; PersonId actor; UnitId unit; Date from, to; int64_t before_seq; int limit; } AuditFilter;
/* Newest first. text is looked for in every field, without marks or case; action "round" finds every round.*; to is the
 * last day shown (DATE_NONE leaves a side open); before_seq 0 starts at the newest; limit 0 means 50. */
MUST_USE Err audit_list(Db *db, Arena *a, const AuditFilter *f, AuditRows *out);
/* Walks the whole chain. out_bad_seq: 0 when whole, else the first record that does not fit. */
MUST_USE Err audit_verify(Db *db, Arena *a, int64_t *out_count, int64_t *out_bad_seq);

/* A checkpoint is one line: count, hash of the last record, time, Ed25519 signature. Kept outside the store it shows
 * that the tail was not cut and the chain not written anew. out_fits is false for a wrong signature, too. */
MUST_USE Err audit_checkpoint(Db *db, Arena *a, Time now, const uint8_t secret_key[64], Str *out_line);
MUST_USE Err audit_checkpoint_check(Db *db, Arena *a, Str line, const uint8_t public_key[32], bool *out_fits);

#endif

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
MUST_USE Err audit_list(Db *db, Arena *a, const AuditFilter *f, AuditRows *out);
/* Walks the whole chain. out_bad_seq: 0 when whole, else the first record that does not fit. */
MUST_USE Err audit_verify(Db *db, Arena *a, int64_t *out_count, int64_t *out_bad_seq);

#endif

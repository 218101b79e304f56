/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers that name a case of fieldwork and are not its answer, or were not always: docs/adr/0016. A case's answer is one that
 * counts; where it stops counting, the next one in line is. */
#ifndef COLLECT_CASES_H
#define COLLECT_CASES_H

#include "collect/collect.h"

/* waiting: for a person (by the public interface), or second in line; risen: became the case's answer when the one before went;
 * tied, refused: a person decided; was: the case's answer until it was left out. */
typedef enum ClaimState { CLAIM_WAITING, CLAIM_RISEN, CLAIM_TIED, CLAIM_REFUSED, CLAIM_WAS, CLAIM_STATE_COUNT } ClaimState;
typedef struct Claim {
    SubmissionId answer; int64_t case_id; RoundId round;      /* case_id 0: of an older version, only the answer says which */
    bool open;                            /* came by the public interface: closes no case by itself */
    ClaimState state; Time left_at;       /* left_at: a person left the answer out; 0: it counts */
    PersonId by; Time at; Str reason; int64_t revision;
} Claim;
Str  claim_state_code(ClaimState s);
bool claim_state_parse(Str code, ClaimState *out);
#define CLAIM_COLUMNS "k.submission_id, k.case_id, k.round_id, k.source, k.state, k.left_at, k.settled_by, k.settled_at, k.reason, k.revision"
void claim_read(Stmt *q, Arena *a, Claim *out);               /* the first ten columns of a row */
/* ERR_NOT_FOUND: the answer names no case, or is its answer without ever having waited. */
MUST_USE Err claim_load(Db *db, Arena *a, SubmissionId answer, Claim *out);
/* An answer of the public interface names this case; in the transaction that stores it. */
MUST_USE Err claim_note(Db *db, int64_t case_id, RoundId round, SubmissionId answer);
/* It waits no longer: it is of the same interview as the case's answer. */
MUST_USE Err claim_drop(Db *db, SubmissionId answer);
/* The answer that a case has; 0: none. */
MUST_USE Err case_answer(Db *db, int64_t case_id, SubmissionId *out);

/* What a person decides, in a write transaction: to TIED (ERR_CONFLICT: the case has an answer, or this one is left out), REFUSED,
 * or back to WAITING. c.case_id is known, by and reason are the decision's. The mark on the answer follows.
 * ERR_CONFLICT too when somebody decided meanwhile. */
MUST_USE Err claim_settle(Db *db, Store *s, Arena *a, const AppInfo *app, Claim *c, ClaimState to);

/* A person left the answer out, or took it in again; in a write transaction. Its case loses it and gets the next in line, and back. */
MUST_USE Err case_answer_out(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId answer, Time at);
MUST_USE Err case_answer_in(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId answer);
/* The answer was withdrawn. */
MUST_USE Err case_answer_gone(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId answer);
/* Whether it is a case's second answer is said by a mark: "case_twice", "case_claimed"; empty takes such a mark away, others stay. */
MUST_USE Err case_mark(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId answer, Str mark);

#endif

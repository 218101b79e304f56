/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Re-checks (phúc tra): a random share of each interviewer's interviews is asked again by somebody who does not see the first
 * answers; what differs gives error rates. */
#ifndef QUALITY_RECHECK_H
#define QUALITY_RECHECK_H

#include "quality/parts.h"

typedef enum RecheckMode { RECHECK_TELEPHONE, RECHECK_VISIT, RECHECK_FORM, RECHECK_MODE_COUNT } RecheckMode;
typedef enum CaseState { CASE_OPEN, CASE_DRAFT, CASE_DONE, CASE_NOT_REACHED, CASE_STATE_COUNT } CaseState;
Str  recheck_mode_code(RecheckMode m);
bool recheck_mode_parse(Str code, RecheckMode *out);
Str  case_state_code(CaseState s);

/* ---- Rules (recheck.c) ---------------------------------------------------------------------------------------------- */
/* Of each interviewer's n interviews ceil(n * share), at random: those with the smallest keyed hash of seed and id, so that the
 * same seed draws the same whatever the order of reading. Rows of d, by interviewer. */
typedef LIST(size_t) DrawnRows;
void recheck_draw(Arena *a, const QualityData *d, double share, int64_t seed, DrawnRows *out);

typedef struct RecheckRate { Str name; int64_t cases, compared, differing; double share; Interval ci; } RecheckRate;
typedef LIST(RecheckRate) RecheckRates;
/* Adds one question of one case to the rate of a name; what was not answered the second time is not compared. */
void recheck_tally(Arena *a, RecheckRates *rates, Str name, Str first, Str second);
/* Shares and exact 95 % intervals; the highest lower bound first, then the highest share. */
void recheck_rates_done(RecheckRates *rates);

/* ---- Store (recheck_store.c) -------------------------------------------------------------------------------------------- */
typedef struct Recheck {
    int64_t id; RoundId round; double share; int64_t seed; RecheckMode mode; Str questions, shown; int64_t population; PersonId by; Time at;
    int64_t n[CASE_STATE_COUNT];
} Recheck;
typedef LIST(Recheck) Rechecks;
typedef struct RecheckCase {
    int64_t id, recheck; SubmissionId submission; Str interviewer; int64_t number; CaseState state; PersonId checker; Str answers, typed, note;
    Time saved_at, done_at; int64_t revision; UnitId unit;            /* of the answer, else the round's owner */
} RecheckCase;
typedef LIST(RecheckCase) RecheckCases;
/* Nobody checks their own interview, and a case in work belongs to who began it. */
typedef struct Checker { PersonId person; Str name, login; } Checker;
bool case_may_take(const RecheckCase *x, const Checker *who);
MUST_USE Err recheck_save(Db *db, Recheck *r, const QualityData *d, const DrawnRows *rows);         /* new, with its cases */
MUST_USE Err recheck_list(Db *db, Arena *a, RoundId round, Rechecks *out);                          /* v 0: of every round; newest first */
MUST_USE Err recheck_load(Db *db, Arena *a, int64_t id, Recheck *out);
MUST_USE Err case_list(Db *db, Arena *a, int64_t recheck, int64_t first, int64_t most, RecheckCases *out);    /* by number */
/* Of each case that is done: the answers as they first came and those of the re-check, as JSON; withdrawn records are left out. */
MUST_USE Err case_each_done(Db *db, int64_t recheck, Err (*each)(void *self, Str interviewer, Str first, Str second), void *self);
/* Cases of every draw that this person may take up, within the scope; begun ones first. */
MUST_USE Err case_waiting(Db *db, Arena *a, const Checker *who, RightScope *scope, int64_t first, int64_t most, RecheckCases *out);
MUST_USE Err case_load(Db *db, Arena *a, int64_t id, RecheckCase *out);
MUST_USE Err case_save(Db *db, RecheckCase *x);                                                      /* ERR_CONFLICT: changed since it was read */

#endif

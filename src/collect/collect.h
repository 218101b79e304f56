/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rounds, one-time codes, drafts, submissions, receipts, live counters, progress. */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include "form/form.h"

typedef enum RoundState { ROUND_DRAFT, ROUND_OPEN, ROUND_PAUSED, ROUND_CLOSED, ROUND_PUBLISHED, ROUND_STATE_COUNT } RoundState;
typedef enum RoundIdentity { IDENTITY_OPEN, IDENTITY_CODE } RoundIdentity;
typedef enum Channel { CHANNEL_WEB, CHANNEL_API, CHANNEL_KIOSK, CHANNEL_EMBED, CHANNEL_QR, CHANNEL_FIELD, CHANNEL_PAPER, CHANNEL_COUNT } Channel;

typedef struct Round {
    RoundId id; Str code;                 /* "sipas-2026": in addresses; letters, digits, '-' */
    Str title_vi, title_en, intro_vi, intro_en;
    FormId form; UnitId owner;
    RoundState state; RoundIdentity identity;
    Time opens_at, closes_at, created_at, closed_at;
    bool simulated;
    Str method;                           /* "sipas-2023": how results are pooled */
    Str unit_question;                    /* question whose answer is the respondent's province code; empty: none */
    int64_t submissions;                  /* counted: not withdrawn, flagged ones too */
    int64_t revision;
} Round;
typedef LIST(Round) Rounds;
Str round_title(const Round *r, Lang l);
Str round_state_code(RoundState s);
MUST_USE Err round_load(Db *db, Arena *a, RoundId id, Round *out);
MUST_USE Err round_by_code(Db *db, Arena *a, Str code, Round *out);
MUST_USE Err round_list(Db *db, Arena *a, Rounds *out);                 /* newest first; caller filters by right */
MUST_USE Err round_open_list(Db *db, Arena *a, Time now, Rounds *out);  /* for the public */
MUST_USE Err round_set_state(Db *db, Arena *a, RoundId id, RoundState to, Time now);  /* ERR_CONFLICT when the step is not allowed */

/* One stored answer record, in random-id order (never the order of arrival). */
typedef struct SubmissionRow { SubmissionId id; Date day; Channel channel; bool flagged; Str answers_json; Str receipt_hash; UnitId unit; } SubmissionRow;
/* Calls each for every record of the round that is not withdrawn; stops on Err. */
MUST_USE Err submission_each(Db *db, Arena scratch, RoundId round, Err (*each)(void *self, const SubmissionRow *row), void *self);

extern const Route collect_console_routes[], collect_respondent_routes[], collect_api_routes[], collect_public_routes[];

#endif

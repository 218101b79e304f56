/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An answer on its way into the database, for modules that bring answers of their own (phones of interviewers): the
 * round in use, the record, its place, its counting, and later changes of what is derived from its bytes. */
#ifndef COLLECT_RECORD_H
#define COLLECT_RECORD_H

#include "collect/keys.h"

/* ---- round_cache.c: a round in use with all that an answer needs, kept for the process ------------ */
typedef struct RoundInfo {
    Round round;
    const FormProgram *program;
    CountSlots slots;
    int unit_answer;                  /* index of the answer that names the unit; -1: none */
    UnitId *units;                    /* per choice of that question */
    int unit_node;
} RoundInfo;
/* Loaded again after any commit of this process and after one second at most. ERR_NOT_FOUND. */
MUST_USE Err round_info(Db *db, Store *s, Arena *a, Str code, const RoundInfo **out);
UnitId round_unit_of(const RoundInfo *i, const FormAnswers *x);

/* ---- answers.c: canonical JSON of answers, in sheet order, relevant and given ones only ------------- */
Str record_json(Arena *a, const FormProgram *p, const FormAnswers *x);
MUST_USE Err record_read(Arena *a, const FormProgram *p, Str json, FormAnswers *out);   /* texts may be slices of json */
/* ---- submit.c: one answer on its way through the collector ---------------------------------------- */
typedef enum SubmitOutcome {
    SUBMIT_WAITING, SUBMIT_STORED, SUBMIT_SAME,      /* new; the same id and bytes again */
    SUBMIT_OTHER_BYTES, SUBMIT_NO_CODE, SUBMIT_PAUSED, SUBMIT_CLOSED, SUBMIT_DRAFT_GONE, SUBMIT_DEVICE_LIMIT
} SubmitOutcome;
/* Filled by the worker; only outcome and inserted are written by the collector. */
typedef struct Submission {
    const RoundInfo *info;
    const CollectKeys *keys;
    Contribution from;
    Channel channel;
    Time at;                          /* when the server had read the request: decides about the gate */
    Date day;
    InstanceKey key;
    Sha256 sum;
    Str media, body, answers;         /* answers: canonical JSON */
    bool has_sent;                    /* body is not what came: sent is the keyed hash of that, */
    Hash sent;
    Sha256 sum_before;                /* and this the sum such a body had before there was one */
    UnitId unit;
    const int *slots; int slot_count;
    bool flagged; Str flag_reason;
    Str left_out;                     /* why it does not count; empty: it does */
    bool has_code; Hash code; bool long_code;
    int64_t draft; Hash draft_token;  /* 0: not from a page */
    AnswerFiles files;                /* of the draft that the answers name: they become the record's */
    int64_t case_id;                  /* 0: none; a case has one answer */
    const CaseFinder *cases; Str case_code;    /* the code that its answers name, looked up when it is stored; empty: none */
    int64_t desk;                     /* whose counter goes up; 0: none */
    bool has_device; Hash device;
    uint64_t sealed[4];               /* see sum_add */
    int64_t inserted;                 /* rows made by the insert */
    SubmitOutcome outcome;
    void *reply;                      /* the HttpTask to answer; NULL: the caller waits */
} Submission;
/* Everything of x that follows from round, client's id, checked answers (NULL: none yet) and bytes. */
void submission_fill(Submission *x, Arena *a, const CollectKeys *k, const RoundInfo *i, Str uuid, const FormAnswers *answers, Str body);
/* The same where the SHA-256 of the bytes is known. */
void submission_fill_hashed(Submission *x, Arena *a, const CollectKeys *k, const RoundInfo *i, Str uuid, const FormAnswers *answers, Str body, Sha256 sum);
/* After submission_fill without answers: canonical JSON that was made otherwise, and what it says of itself. given: the same as
 * values, where they are at hand; NULL: they are read from answers. */
MUST_USE Err submission_answers(Submission *x, Arena *a, Str answers, const FormAnswers *given, bool flagged, Str flag_reason);
/* After submission_fill, for a request whose bytes may not be stored: came is told apart from other bytes all the same. */
void submission_sent(Submission *x, Str came, Str body_before);
void submission_seal(Submission *x, Arena *a);     /* last: every column must be known */
extern const CollectKind submit_kind;          /* items are Submission *; the caller waits (collector_run) */
MUST_USE Err submission_apply(Db *db, Arena *scratch, void **items, size_t n);
/* Adds records that no gate, code or device decides about, inside the caller's transaction. */
MUST_USE Err submission_insert(Db *db, Arena *scratch, Submission **items, size_t n);
/* One record in its place, without gate and counters: submissions_count follows for all of the batch. uuid of
 * submission_fill is what a retry is known by. */
MUST_USE Err submission_add(Db *db, Arena *scratch, Submission *x);
/* Counts the stored items of a batch and writes the changed rows. In the collector only. */
MUST_USE Err submissions_count(Db *db, Arena *scratch, Submission **items, size_t n);
void submission_forget_counts(void);           /* after a batch that was rolled back */
/* The stored record of this id: SUBMIT_SAME, SUBMIT_OTHER_BYTES, or SUBMIT_WAITING when there is none. */
MUST_USE Err submission_known(Db *db, const Submission *x, SubmitOutcome *out);

/* ---- What changes of a record later: what is derived from its bytes, and whether it counts ------------- */
typedef struct RecordChange {
    const RoundInfo *info; const CollectKeys *keys;
    SubmissionId id; Str answers; UnitId unit; bool flagged; Str flag_reason, left_out;
    bool keeps_count;                     /* left_out is not looked at: it stays as it is */
} RecordChange;
/* As it stands; the caller changes what is new. ERR_NOT_FOUND. */
MUST_USE Err record_change_load(Db *db, Arena *a, SubmissionId id, RecordChange *out);
/* Saves them with counters and sum over answers. Withdrawn records stay as they are. In the collector; elsewhere call
 * submission_forget_counts before and after. */
MUST_USE Err records_change(Db *db, Arena *scratch, RecordChange *items, size_t n);

#endif

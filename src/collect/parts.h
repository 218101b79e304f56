/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of collect share; nobody else includes this. */
#ifndef COLLECT_PARTS_H
#define COLLECT_PARTS_H

#include "collect/collect.h"
#include "collect/counters.h"
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
void rounds_changed(void);
bool round_names_provinces(const FormProgram *p, int node);
UnitId round_unit_of(const RoundInfo *i, const FormAnswers *x);

/* ---- answers.c: canonical JSON of answers, in sheet order, relevant and given ones only ------------- */
Str record_json(Arena *a, const FormProgram *p, const FormAnswers *x);
MUST_USE Err record_read(Arena *a, const FormProgram *p, Str json, FormAnswers *out);   /* texts may be slices of json */
/* The bytes of an answer from a page or a program: {"instance_id":…,"answers":{…}}, as the API takes them. */
Str submission_body(Arena *a, Str uuid, Str answers);

/* ---- submission_store.c ------------------------------------------------------------------------------ */
#define SEALED_COLUMNS "id, round_id, instance, sha256, receipt_hash, day, channel, unit_id, flagged, flag_reason, withdrawn, media, answers, sent"
/* Binds first and last id of a round's answers at $at and $at+1. */
MUST_USE Err round_id_range(Stmt *q, Db *db, RoundId round, int at);
MUST_USE Err sealed_load(Db *db, Arena *a, SubmissionId id, SealedRecord *out);     /* ERR_NOT_FOUND */
void sealed_read(Stmt *q, Arena *a, SealedRecord *out);      /* one whole record, as the sum over answers sees it */

/* ---- amend.c ------------------------------------------------------------------------------------------ */
#define STATE_COLUMNS "submission_id, answers, unit_id, excluded, revision"
void state_read(Stmt *q, Arena *a, int at, RecordState *out);
MUST_USE Err record_forget(Db *db, Arena *a, const AppInfo *app, const RoundInfo *info, const SealedRecord *r);

/* ---- counter_store.c ------------------------------------------------------------------------------- */
/* Writes c; *out_kept is false when the row was changed since c was read. */
MUST_USE Err counts_save(Db *db, Arena *a, RoundId round, RoundCounts *c, bool *out_kept);
MUST_USE Err counts_change(Db *db, Arena *a, RoundId round, UnitId unit, int slots, const CountedAnswer *x, int sign, const uint64_t delta[4]);

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
    bool has_code; Hash code; bool long_code;
    int64_t draft; Hash draft_token;  /* 0: not from a page */
    bool has_device; Hash device;
    uint64_t sealed[4];               /* see sum_add */
    int64_t inserted;                 /* rows made by the insert */
    SubmitOutcome outcome;
    void *reply;                      /* the HttpTask to answer; NULL: the caller waits */
} Submission;
/* Everything of x that follows from round, client's id, checked answers and bytes. */
void submission_fill(Submission *x, Arena *a, const CollectKeys *k, const RoundInfo *i, Str uuid, const FormAnswers *answers, Str body);
/* After submission_fill, for a request whose bytes may not be stored: came is told apart from other bytes all the same. */
void submission_sent(Submission *x, Str came, Str body_before);
void submission_seal(Submission *x, Arena *a);     /* last: every column must be known */
extern const CollectKind submit_kind;          /* items are Submission *; the caller waits (collector_run) */
MUST_USE Err submission_apply(Db *db, Arena *scratch, void **items, size_t n);
/* Adds records that no gate, code or device decides about, inside the caller's transaction. */
MUST_USE Err submission_insert(Db *db, Arena *scratch, Submission **items, size_t n);
void submission_forget_counts(void);           /* after a batch that was rolled back */
/* The stored record of this id: SUBMIT_SAME, SUBMIT_OTHER_BYTES, or SUBMIT_WAITING when there is none. */
MUST_USE Err submission_known(Db *db, const Submission *x, SubmitOutcome *out);

/* ---- try_limit.c ----------------------------------------------------------------------------------- */
enum { CODE_PAUSE_S = 5 };
bool code_tries_left(const Ctx *c);            /* false: this address guessed too often and waits CODE_PAUSE_S; ends by code_try_ended */
void code_try_ended(const Ctx *c, bool right);
bool sends_left(Ctx *c);                       /* counts one send; false: too many by this device or network */
bool api_sends_left(const Ctx *c);             /* the same by network alone: the interface reads no cookie */

/* ---- draft_store.c --------------------------------------------------------------------------------- */
typedef struct Draft {
    int64_t id; RoundId round; FormId form; Str answers_json, page; Channel channel;
    Time started_at, saved_at; int64_t revision;
} Draft;
MUST_USE Err draft_create(Db *db, Arena *a, Draft *d, Hash token, Hash resume);
MUST_USE Err draft_by_token(Db *db, Arena *a, Hash token, Draft *out);       /* ERR_NOT_FOUND */
MUST_USE Err draft_save(Db *db, Draft *d);                                   /* answers and page; revision rises */
/* Gives the draft behind a resume code to the holder of a new token; the old token is dead. ERR_NOT_FOUND. */
MUST_USE Err draft_resume(Db *db, Arena *a, RoundId round, Hash resume, Hash token, Draft *out);

/* ---- code_store.c ---------------------------------------------------------------------------------- */
typedef struct NewCode { Str long_code, short_code; } NewCode;               /* shown once */
/* Makes b->made codes; b->id is set. The codes are returned and kept nowhere. */
MUST_USE Err code_batch_make(Db *db, Arena *a, const CollectKeys *k, CodeBatch *b, NewCode **out);
MUST_USE Err code_batch_add(Db *db, Arena *a, const CollectKeys *k, const CodeBatch *b, NewCode *codes, size_t n);
/* The same for any number, outside a transaction: pieces of some ten thousands are stored and handed to each one after the other, so that
 * answers go on being stored between them. What was made is deleted when a piece fails. */
MUST_USE Err code_batch_stream(Db *db, const CollectKeys *k, CodeBatch *b, Err (*each)(void *self, const NewCode *codes, size_t n), void *self);
/* Spends nothing: for the page that asks for a code, and for /q/{code}. */
MUST_USE Err code_valid(Db *db, const CollectKeys *k, RoundId round, Str clean, Date today, bool *out);
MUST_USE Err code_round(Db *db, const CollectKeys *k, Str clean_long, Date today, RoundId *out);  /* v = 0: unknown */

#endif

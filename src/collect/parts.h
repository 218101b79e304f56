/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of collect share; nobody else includes this. */
#ifndef COLLECT_PARTS_H
#define COLLECT_PARTS_H

#include "collect/cases.h"
#include "collect/collect.h"
#include "collect/counters.h"
#include "collect/keys.h"
#include "collect/record.h"

/* ---- round_cache.c ----------------------------------------------------------------------------------- */
void rounds_changed(void);
bool round_names_provinces(const FormProgram *p, int node);

/* ---- answers.c ---------------------------------------------------------------------------------------- */
/* The bytes of an answer from a page or a program: {"instance_id":…,"answers":{…}}, as the API takes them. */
Str submission_body(Arena *a, Str uuid, Str answers);

/* ---- submission_store.c ------------------------------------------------------------------------------ */
#define SEALED_COLUMNS "id, round_id, instance, sha256, receipt_hash, day, channel, unit_id, flagged, flag_reason, withdrawn, media, answers, sent, " \
                       "left_out"
/* Binds first and last id of a round's answers at $at and $at+1. */
MUST_USE Err round_id_range(Stmt *q, Db *db, RoundId round, int at);
MUST_USE Err sealed_load(Db *db, Arena *a, SubmissionId id, SealedRecord *out);     /* ERR_NOT_FOUND */
void sealed_read(Stmt *q, Arena *a, SealedRecord *out);      /* one whole record, as the sum over answers sees it */
enum { SEALED_BODY = 15 };                                   /* column of the bytes in a row of sealed_each */
/* Every record of a round by id: a row that sealed_read reads, with the bytes behind it. Ends with the first failure of each. */
MUST_USE Err sealed_each(Db *db, RoundId round, Err (*each)(void *self, Stmt *q), void *self);
MUST_USE Err sealed_update(Db *db, const SealedRecord *r);   /* what changes of a stored record: answers, unit, flag, left out */
MUST_USE Err record_in_round(Db *db, RoundId round, SubmissionId id, bool *out);     /* and not withdrawn */
MUST_USE Err submission_strays(Db *db, int64_t *out);        /* answers outside the ids of their round */

/* ---- amend.c, amend_store.c ---------------------------------------------------------------------------- */
#define STATE_COLUMNS "submission_id, answers, unit_id, excluded, revision"
void state_read(Stmt *q, Arena *a, int at, RecordState *out);
/* revision 0: the record counts as it was answered, in unit. */
MUST_USE Err state_load(Db *db, Arena *a, SubmissionId id, UnitId unit, RecordState *out);
MUST_USE Err state_save(Db *db, const RecordState *s);
typedef LIST(RecordState) RecordStates;
MUST_USE Err states_list(Db *db, Arena *a, RoundId round, RecordStates *out);       /* of cleaned records, by id */
MUST_USE Err version_insert(Db *db, SubmissionId id, int64_t number, const RecordAct *act, Str before);
MUST_USE Err versions_forget(Db *db, SubmissionId id);       /* no state, no values; that there were versions stays */
/* The flag of a stored record that counts, or counts not, with counters and sum. */
MUST_USE Err record_remark(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId id, bool flagged, Str reason);
MUST_USE Err record_forget(Db *db, Arena *a, const AppInfo *app, const RoundInfo *info, const SealedRecord *r);

/* ---- case_store.c: rows of case_links and case_claims ---- */
MUST_USE Err claim_find(Db *db, Arena *a, SubmissionId answer, Claim *out, bool *out_any);
MUST_USE Err claim_add(Db *db, const Claim *c);
MUST_USE Err claim_save(Db *db, Claim *c);                                   /* ERR_CONFLICT: changed meanwhile */
MUST_USE Err claim_next(Db *db, Arena *a, int64_t case_id, Claim *out, bool *out_any);       /* who is next in line for a case without answer */
MUST_USE Err answer_counts(Db *db, SubmissionId answer, bool *out);        /* not withdrawn, and no phone's rule leaves it out */
MUST_USE Err answer_case(Db *db, SubmissionId answer, int64_t *out_case, RoundId *out_round);
MUST_USE Err case_link_insert(Db *db, int64_t case_id, RoundId round, SubmissionId answer, bool *out_added);

/* ---- counter_store.c ------------------------------------------------------------------------------- */
/* Writes c; *out_kept is false when the row was changed since c was read. */
MUST_USE Err counts_save(Db *db, Arena *a, RoundId round, RoundCounts *c, bool *out_kept);
MUST_USE Err counts_change(Db *db, Arena *a, RoundId round, UnitId unit, int slots, const CountedAnswer *x, int sign, const uint64_t delta[4]);

/* ---- desk_store.c ---- */
MUST_USE Err desk_count(Db *db, int64_t id, bool machine, Date day);         /* one answer more */

/* ---- try_limit.c ----------------------------------------------------------------------------------- */
enum { CODE_PAUSE_S = 5 };
bool code_tries_left(const Ctx *c);            /* false: this address guessed too often and waits CODE_PAUSE_S; ends by code_try_ended */
void code_try_ended(const Ctx *c, bool right);
bool sends_left(Ctx *c);                       /* counts one send; false: too many by this device or network */
bool files_left(const Ctx *c);                 /* counts one file by network */
bool api_sends_left(const Ctx *c);             /* the same by network alone: the interface reads no cookie */

/* ---- draft_store.c --------------------------------------------------------------------------------- */
typedef struct Draft {
    int64_t id; RoundId round; FormId form; Str answers_json, page; Channel channel;
    Time started_at, saved_at; int64_t revision;
    int64_t case_id;                  /* an interview for this case of fieldwork; 0: none */
    int64_t desk; Str visit;          /* of a one-stop desk; 0: none. visit: at its machine, the id under which it is sent */
} Draft;
MUST_USE Err draft_create(Db *db, Arena *a, Draft *d, Hash token, Hash resume);
MUST_USE Err draft_by_token(Db *db, Arena *a, Hash token, Draft *out);       /* ERR_NOT_FOUND */
MUST_USE Err draft_save(Db *db, Draft *d);                                   /* answers and page; revision rises */
/* Gives the draft behind a resume code to the holder of a new token; the old token is dead. ERR_NOT_FOUND. */
MUST_USE Err draft_resume(Db *db, Arena *a, RoundId round, Hash resume, Hash token, Draft *out);

/* ---- uploads.c, upload_store.c: files that answer questions of pages -------------------------------- */
typedef enum UploadFault { UPLOAD_OK, UPLOAD_KIND, UPLOAD_DAMAGED, UPLOAD_PIXELS, UPLOAD_MACROS, UPLOAD_TOO_MANY, UPLOAD_HEIC } UploadFault;
enum { UPLOADS_MOST = 20 };
#define UPLOADS_BYTES (INT64_C(200) << 20)             /* of one draft, as of one request */
/* Looks at the part, takes traces out of photographs, keeps the bytes and names the file; no row yet. ERR: the disk. */
MUST_USE Err upload_keep(Db *db, Store *s, Arena *a, HttpPart *part, const FormNode *n, UploadFault *out_fault, AnswerFile *out);
MUST_USE Err draft_file_add(Db *db, int64_t draft, const AnswerFile *f);     /* again the same: no error */
MUST_USE Err draft_files(Db *db, Arena *a, int64_t draft, AnswerFiles *out);
MUST_USE Err draft_file_find(Db *db, Arena *a, int64_t draft, Str name, AnswerFile *out);     /* ERR_NOT_FOUND */
MUST_USE Err draft_file_drop(Db *db, int64_t draft, Str name);
/* With sending: what the answers name becomes the record's, the rest is to be erased. */
MUST_USE Err draft_files_send(Db *db, int64_t draft, SubmissionId id, Date day, const AnswerFiles *files);
MUST_USE Err record_files_forget(Db *db, SubmissionId id);                   /* before the bytes are erased */
typedef struct RoundFile { SubmissionId of; Str name, type; int64_t size; Date day; Channel channel; } RoundFile;
typedef LIST(RoundFile) RoundFiles;
/* Files that came as answers of a round, by record; *out_all: how many there are. */
MUST_USE Err round_files_list(Db *db, Arena *a, RoundId round, int64_t most, RoundFiles *out, int64_t *out_all);
MUST_USE Err draft_files_sweep(Db *db);                                      /* of drafts that are gone */
MUST_USE Err file_wanted_again(Db *db, const Sha256 *sum);                   /* before its bytes are kept */
MUST_USE Err answer_file_bytes(Ctx *c, const AnswerFile *f);                 /* as an attachment, pictures with their own type */

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

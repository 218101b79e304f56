/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rounds, one-time codes, drafts, submissions, receipts, live counters, progress. */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include "form/form.h"

typedef enum RoundState { ROUND_DRAFT, ROUND_OPEN, ROUND_PAUSED, ROUND_CLOSED, ROUND_PUBLISHED, ROUND_STATE_COUNT } RoundState;
typedef enum RoundIdentity { IDENTITY_OPEN, IDENTITY_CODE } RoundIdentity;
typedef enum Channel { CHANNEL_WEB, CHANNEL_API, CHANNEL_KIOSK, CHANNEL_EMBED, CHANNEL_QR, CHANNEL_FIELD, CHANNEL_PAPER, CHANNEL_PHONE,
    CHANNEL_COUNT } Channel;              /* new ones at the end: counters are packed in this order */

typedef struct Round {
    RoundId id; int64_t slot; Str code;   /* "sipas-2026": in addresses; letters, digits, '-' */
    Str title_vi, title_en, intro_vi, intro_en;
    FormId form; UnitId owner;
    RoundState state; RoundIdentity identity;
    Time opens_at, closes_at, created_at, closed_at;
    bool simulated;
    Str method;                           /* "sipas-2023": how results are pooled */
    Str unit_question;                    /* question whose answer is the respondent's province code; empty: none */
    int64_t device_limit;                 /* answers one device may send by pages; 0: any number */
    int64_t submissions;                  /* counted: not withdrawn, flagged ones too */
    int64_t flagged;                      /* of these */
    int64_t revision;
} Round;
typedef LIST(Round) Rounds;
/* The first question of which most choices are codes of provinces of today: what unit_question is when nobody chose; empty when none. */
MUST_USE Err round_unit_question(Db *db, Arena *a, const FormProgram *p, Time now, Str *out);
Str round_title(const Round *r, Lang l);
/* Which methods a round may name, module method knows (AppInfo.method_shelf): value is the name, label the title. NULL: those shipped. */
typedef struct MethodShelf { Err (*list)(Db *db, Arena *a, Lang l, Choices *out); } MethodShelf;
Str round_intro(const Round *r, Lang l);
Str round_state_code(RoundState s);                                     /* "open" */
bool round_state_parse(Str code, RoundState *out);
Str round_identity_code(RoundIdentity i);                               /* "open", "code" */
Str channel_code(Channel c);                                            /* "web" */
bool channel_parse(Str code, Channel *out);

/* ---- Rules: values in, values out ------------------------------------------------------------- */
/* The state at a moment: an open round before its opening is a draft to the public, past its closing time closed. */
RoundState round_state_at(const Round *r, Time now);
/* The day whose units a round's questions name: that of its opening. */
Date round_day(const Round *r);
/* draft → open ⇄ paused → closed → published. */
bool round_step_allowed(RoundState from, RoundState to);
/* The one gate of page, API and field: who starts must be in time; a session already open may send 60 s longer. */
typedef enum Contribution { CONTRIBUTION_START, CONTRIBUTION_SEND, CONTRIBUTION_API } Contribution;
typedef enum RoundGate { GATE_OPEN, GATE_NOT_YET, GATE_PAUSED, GATE_CLOSED } RoundGate;
RoundGate round_gate(const Round *r, Contribution what, Time now);
bool round_code_valid(Str code);                                        /* 2-40 of a-z 0-9 '-', not at the ends */

/* ---- Store ------------------------------------------------------------------------------------ */
MUST_USE Err round_load(Db *db, Arena *a, RoundId id, Round *out);
MUST_USE Err round_by_code(Db *db, Arena *a, Str code, Round *out);
MUST_USE Err round_list(Db *db, Arena *a, Rounds *out);                 /* newest first; caller filters by right */
MUST_USE Err round_open_list(Db *db, Arena *a, Time now, Rounds *out);  /* for the public: open or paused at now, first to close first */
MUST_USE Err round_set_state(Db *db, Arena *a, RoundId id, RoundState to, Time now);  /* ERR_CONFLICT when the step is not allowed */
/* Creates a draft round; id, state, created_at and revision are set here. ERR_CONFLICT: the code is taken. */
MUST_USE Err round_create(Db *db, Arena *a, const Round *r, Time now, RoundId *out);
/* Saves everything but code, state and times of a draft round. ERR_CONFLICT: no draft, or changed meanwhile. */
MUST_USE Err round_save(Db *db, Arena *a, const Round *r);
/* A later closing time for an open or paused round. ERR_CONFLICT: other state, or not later. */
MUST_USE Err round_extend(Db *db, Arena *a, RoundId id, Time closes_at, Time now);

/* ---- Answers ---------------------------------------------------------------------------------- */
/* One stored answer record, in random-id order (never the order of arrival). */
typedef struct SubmissionRow {
    SubmissionId id; Date day; Channel channel; bool flagged; Str answers_json; Str receipt_hash; UnitId unit; Str flag_reason;
} SubmissionRow;
Str record_code(Arena *a, SubmissionId id);     /* eleven hexadecimal digits: its place in the round; td_record of exports */
/* Calls each for every record of the round that counts (not withdrawn, not excluded), as corrected; stops on Err. receipt_hash is lower-case hex. */
MUST_USE Err submission_each(Db *db, Arena scratch, RoundId round, Err (*each)(void *self, const SubmissionRow *row), void *self);
/* The same for those that cleaning took out. */
MUST_USE Err submission_each_excluded(Db *db, Arena scratch, RoundId round, Err (*each)(void *self, const SubmissionRow *row), void *self);

/* ---- Files that answer questions ----------------------------------------------------------------- */
typedef struct AnswerFile { Str name, type; Sha256 sum; int64_t size; } AnswerFile;        /* type: sniffed */
typedef LIST(AnswerFile) AnswerFiles;
/* Of a record, by name; those a phone sent again under the same name are left out. */
MUST_USE Err record_files(Db *db, Arena *a, SubmissionId id, AnswerFiles *out);
/* "/console/rounds/7/files/123/anh-0a1b.jpg": download for those with SUBMISSION_READ. */
Str record_file_href(Arena *a, RoundId round, SubmissionId id, Str name);

/* Flagged records that are not withdrawn, without their answers, in no order of arrival. */
typedef LIST(SubmissionRow) SubmissionRows;
MUST_USE Err submission_flagged(Db *db, Arena *a, RoundId round, int limit, SubmissionRows *out);

/* A finished answer from a program, not from a request (demonstration, import): saved as n records of one round
 * inside the caller's write transaction with receipts, counters and the sum over answers. */
typedef struct SubmissionDraft {
    Str instance_id; Date day; Channel channel; const FormAnswers *answers;
    Str flag_reason;                      /* empty: not flagged */
    SubmissionId *out_id;                 /* the record it became or was before; may be NULL. ERR_CONFLICT: it has other answers */
} SubmissionDraft;
MUST_USE Err submission_load_many(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId round, const SubmissionDraft *drafts, size_t n);

/* ---- What counts of a record, beside what was answered (cleaning) ------------------------------- */
/* An act on a record. With question: its answer from now on, in canonical text (empty: none); without: "in" or "out". Acts done
 * together share batch. */
typedef struct RecordAct { Str question, value, reason, rule; int64_t batch; PersonId person; Str person_name; Time at; } RecordAct;
typedef struct RecordVersion { SubmissionId id; int64_t number; RecordAct act; Str before; } RecordVersion;
typedef LIST(RecordVersion) RecordVersions;
typedef struct RecordView {
    SubmissionId id; RoundId round; Date day; Channel channel; UnitId unit; bool flagged, excluded, corrected; Str flag_reason;
    Str original, answers;               /* JSON: as it came; as it counts */
} RecordView;
/* Saves the act as the record's next version; counters, unit and sum follow. The bytes and answers as they came stay. Inside a
 * write transaction. ERR_NOT_FOUND: none or withdrawn; ERR_INVALID: no reason, no such question, no answer to it; ERR_CONFLICT: it is so already. */
MUST_USE Err record_act(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId id, const RecordAct *act);
/* A module that keeps something made from a record's words erases it when the record is withdrawn, in the same transaction; listed in
 * app/mounts.c. No mark of what it said may stay: that there was a record stays with the record itself. */
typedef struct RecordFollower {
    Err (*forget)(Db *db, SubmissionId id);
    /* What is said of the record's case changed: mark is "case_twice", "case_claimed" or empty. *io_reason is what the record is flagged
     * for from now on; a module with findings of its own says which one is left. NULL: it has none. */
    Err (*mark)(Db *db, Arena *a, SubmissionId id, Str mark, Str *io_reason);
} RecordFollower;
MUST_USE Err record_load(Db *db, Store *s, Arena *a, SubmissionId id, RecordView *out);        /* ERR_NOT_FOUND: none or withdrawn */
MUST_USE Err record_version_list(Db *db, Arena *a, SubmissionId id, RecordVersions *out);
typedef struct RecordTotals { int64_t excluded, corrected, versions; } RecordTotals;
MUST_USE Err record_totals(Db *db, RoundId round, RecordTotals *out);
/* Records that are left out, by id, each with the reason and name of the last decision. */
MUST_USE Err record_excluded(Db *db, RoundId round, Err (*each)(void *self, SubmissionId id, Str reason, Str by), void *self);
/* ---- Cases of fieldwork: a number to this module ------------------------------------------------ */
/* HELD: it is the case's answer, or was until a person left it out. BEHIND: another is, and it waits in line. ASIDE: a person refused it, or
 * left it out while it waited. Those that are not HELD carry the mark case_twice. */
typedef enum CasePlace { CASE_HELD, CASE_BEHIND, CASE_ASIDE } CasePlace;
/* Ties an answer to a case by its code, in a write transaction. More: collect/cases.h. */
MUST_USE Err case_link_add(Db *db, int64_t case_id, RoundId round, SubmissionId answer, CasePlace *out);
/* The case's answer is another one from now on, a newer revision of the same: what a person decided goes with it; in a write transaction. */
MUST_USE Err case_link_move(Db *db, int64_t case_id, SubmissionId answer);
/* The case whose answer it was, if any, is open again; in a write transaction. */
MUST_USE Err case_link_drop(Db *db, SubmissionId answer);
/* The case whose code stands in an answer's question "ma_mau" or "case". Which cases there are, fieldwork knows (AppInfo.case_finder). */
typedef enum CaseClaim { CLAIM_NONE, CLAIM_FREE, CLAIM_TAKEN, CLAIM_UNKNOWN } CaseClaim;   /* none: no fieldwork, a question like others */
/* stepped: the round was paused (or closed), or goes on: who works on its cases is told, in the transaction of the step. */
typedef struct CaseFinder {
    Err (*find)(Db *db, Arena *a, RoundId round, Str code, int64_t *out_case, CaseClaim *out);
    Err (*stepped)(Ctx *c, const Round *r, RoundState to);
} CaseFinder;
Str answers_case_code(const FormProgram *p, const FormAnswers *x);                     /* empty: none */
/* What an answer with this code may do, in the write transaction that stores it: *out_case is the case it names (0: none),
 * *out_flag "case_twice", "case_unknown" or empty. */
MUST_USE Err case_claim(Db *db, Arena *a, const CaseFinder *finder, RoundId round, Str code, int64_t *out_case, Str *out_flag);
/* Begins the questionnaire for a case on this browser: a draft whose answer will be tied to the case. For open rounds
 * without one-time codes; the caller has asked the gate. *out_path: the first page. */
MUST_USE Err respond_begin_case(Ctx *c, Str round_code, Channel ch, int64_t case_id, Str *out_path);

typedef enum ReceiptState { RECEIPT_RECEIVED, RECEIPT_COUNTED, RECEIPT_WITHDRAWN } ReceiptState;
typedef struct ReceiptRow { SubmissionId id; RoundId round; Date day; ReceiptState state; Str receipt; } ReceiptRow;
Str receipt_state_code(ReceiptState s);
/* As typed: small letters, blanks, missing dashes, O for 0 and I or L for 1 are understood. ERR_NOT_FOUND. */
MUST_USE Err receipt_find(Db *db, Arena *a, const AppInfo *app, Str typed, ReceiptRow *out);
/* Empties the record and takes it out of the counters; inside a write transaction. A published edition stays as it is,
 * the next one counts one less. Withdrawing twice is no error. ERR_NOT_FOUND. */
MUST_USE Err receipt_withdraw(Db *db, Store *s, Arena *a, const AppInfo *app, Str typed);

/* ---- Live figures, from packed rows only -------------------------------------------------------- */
typedef struct DayCount { Date day; int64_t n[CHANNEL_COUNT]; } DayCount;
typedef struct RoundCounts {
    UnitId unit;                          /* 0: the whole round */
    int64_t stored, flagged, withdrawn;
    LIST(DayCount) days;                  /* by day */
    int slots; int64_t *options;          /* per choice of each select question: see counts_option */
    uint64_t sum[4];                      /* sum of keyed hashes over all answers: whole-round row only */
    int64_t revision;
} RoundCounts;
typedef LIST(RoundCounts) RoundCountsList;
MUST_USE Err round_counts(Db *db, Arena *a, RoundId round, UnitId unit, RoundCounts *out);      /* zero when there are none */
MUST_USE Err round_counts_list(Db *db, Arena *a, RoundId round, RoundCountsList *out);          /* whole round first */
/* Slot of the first choice of each answer node in RoundCounts.options; -1 for questions without choices. */
typedef struct CountSlots { int *first; int total; } CountSlots;
CountSlots count_slots(Arena *a, const FormProgram *p);

/* ---- One-time codes by the million: for commands -------------------------------------------------- */
typedef struct CodeOrder { RoundId round; Str label; UnitId unit; int64_t count; Date valid_to; } CodeOrder;
/* Makes them piece by piece, outside a transaction, and adds to csv the table so, ma, lien_ket (number, code as printed, link): they stand
 * nowhere else. base: "https://host". ERR_CONFLICT: a round without codes, or over. ERR_INVALID: no label, count outside 1 … CODES_MOST. */
enum { CODES_MOST = 5000000 };
MUST_USE Err codes_make(Db *db, Arena *a, const AppInfo *app, const CodeOrder *order, Str base, Time now, Buf *csv, int64_t *out_batch);
/* Batches of a round and how many of their codes are unspent; voiding deletes these. ERR_NOT_FOUND: no batch of this round. */
typedef struct CodeBatch { int64_t id; RoundId round; Str label; UnitId unit; int64_t made, left; Date made_on, valid_to; } CodeBatch;
typedef LIST(CodeBatch) CodeBatches;
MUST_USE Err code_batch_list(Db *db, Arena *a, RoundId round, CodeBatches *out);
MUST_USE Err code_batch_load(Db *db, Arena *a, RoundId round, int64_t id, CodeBatch *out);
MUST_USE Err code_batch_void(Db *db, int64_t batch, int64_t *out_voided);
/* Cards of that table, to cut out: per_file of them a PDF, handed to save one after the other, from 1. ERR_INVALID names the line. */
typedef struct CodePrint { RoundId round; Str agency, base; Date valid_to; size_t per_file; } CodePrint;
MUST_USE Err codes_print(Db *db, Arena *a, const CodePrint *x, Str csv, Err (*save)(void *self, size_t number, Str pdf), void *self);

/* Deletes drafts of rounds that ended a day ago or are published; inside a write transaction. Also runs
 * by itself with the first answer of a day and with each step of a round. */
MUST_USE Err collect_tidy(Db *db, Time now);
/* Erases bytes of files that drafts and withdrawn records named and nothing names any more; inside a write transaction. */
MUST_USE Err collect_erase(Db *db, Store *s, Arena *a);
/* Bytes among the files that no row will name: collect_erase takes them, within the hour. Inside a write transaction. */
MUST_USE Err file_for_now(Db *db, const Sha256 *sum);

/* For `thuocdo check`: counters and sums against the answers themselves, every body against its hash. */
MUST_USE Err collect_check(Db *db, Store *s, Arena *a, const AppInfo *app, StoreFaults *out);

/* ---- Console pages of a round, those of other modules too ------------------------------------------- */
/* The round of {id} when the person holds the right on its unit; sets crumbs and the year of the page. */
MUST_USE Err round_of_console(Ctx *c, Right right, Round *out);
Str round_console_path(Ctx *c, const Round *r, const char *rest);          /* "/console/rounds/12/share" */

/* Sends what visitors of desks' machines left unfinished a while ago; outside a transaction, while the server runs. */
MUST_USE Err desks_due(Db *db, Store *s, Arena *a, const AppInfo *app, Time now, int64_t *out_sent);

extern const Route collect_desk_routes[], collect_desk_console_routes[];
extern const Route collect_console_routes[], collect_respondent_routes[], collect_api_routes[], collect_public_routes[];

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of openrosa share; nobody else includes this. */
#ifndef OPENROSA_PARTS_H
#define OPENROSA_PARTS_H

#include "base/file_kind.h"
#include "field/field.h"
#include "openrosa/audit_log.h"
#include "openrosa/instance.h"
#include "openrosa/openrosa.h"

/* One finding: node is a question (or a file), place its repeats ("2.1"). */
typedef struct FlagRow { Str flag, node, place, expected, found; bool by_check; } FlagRow;
typedef LIST(FlagRow) FlagRows;

enum { FIELD_XML_MOST = 4 << 20, PHONE_NAME_MOST = 100, FILES_WAIT_DAYS = 7 };      /* after these a supervisor is told */

/* ---- answer.c: the envelope and the headers of every answer ----------------------------------------- */
void field_headers(Ctx *c);
MUST_USE Err field_answer(Ctx *c, int status, Str message);     /* 201 and 202: submit_success, else submit_error */
MUST_USE Err field_xml(Ctx *c, int status, Str xml);

/* ---- device_store.c ------------------------------------------------------------------------------------ */
MUST_USE Err device_by_key(Db *db, Arena *a, Str key, Device *out);              /* ERR_NOT_FOUND */
MUST_USE Err device_of_person(Db *db, Arena *a, PersonId person, DeviceRows *out);
typedef struct DeviceRound { RoundId round; Str form_id, code; } DeviceRound;
typedef LIST(DeviceRound) DeviceRoundRows;
MUST_USE Err device_rounds(Db *db, Arena *a, DeviceId id, DeviceRoundRows *out);
MUST_USE Err device_seen(Db *db, DeviceId id, Time now);

/* ---- version.c: versions of questionnaires as phones get them ------------------------------------------ */
/* One version by its names; ERR_NOT_FOUND when the caller has no round of it. */
MUST_USE Err field_version_row(Ctx *c, const Caller *caller, Str form_id, Str version, FormRow *out);
/* Names of the files that the answers of this version mention, as names are compared. */
Str field_node_path(Arena *a, const FormProgram *p, int node);      /* "/nhom/anh", from below the root */
void named_files(Arena *a, const FormProgram *p, const Instance *in, StrList *out);

/* ---- files.c ---------------------------------------------------------------------------------------------- */
/* "anh 1.jpg": base name, NFC, at most 255 bytes: how names of files are compared. */
Str field_file_name(Arena *a, Str sent);

typedef struct FieldFile { Str name, sent_name, type; Sha256 sum; int64_t size; } FieldFile;
typedef LIST(FieldFile) FieldFiles;
MUST_USE Err field_file_save(Store *s, Arena *a, const HttpPart *part, FieldFile *out);

/* What derive.c starts from. */
typedef struct FieldSource {
    FormId version; Str round_code, hold, xml; Time received_at; int64_t posts, checked, flags; bool withdrawn;
} FieldSource;
MUST_USE Err source_load(Db *db, Arena *a, SubmissionId id, FieldSource *out);     /* record_store.c; ERR_NOT_FOUND */
enum { FIELD_CHECK_BATCH = 256, FIELD_REDERIVE_BATCH = 200 };
typedef LIST(SubmissionId) FieldIds;
MUST_USE Err field_waiting_ids(Db *db, Arena *a, FieldIds *out);                   /* checks that are due: a batch of them */
MUST_USE Err field_ids_after(Db *db, Arena *a, RoundId round, int64_t after, FieldIds *out);

/* ---- derive.c: everything that is made from a record's bytes ------------------------------------------------- */
typedef struct Derived {
    SubmissionId id; int64_t posts;       /* as they were when the bytes were read */
    bool first;                           /* nothing was derived of it before */
    const RoundInfo *info;
    Str answers; UnitId unit;
    FormAnswers values;                   /* the same by the record's own version, where it was made early */
    FlagRows flags;                       /* by_check ones */
    bool flagged; Str flag_reason;        /* those of the posts included */
    bool has_times; FieldTimes times; Str times_json;
} Derived;
MUST_USE Err field_derive(Db *db, Store *s, Arena *a, SubmissionId id, Derived *out);
/* The same before a record is stored, without the database, for one that comes whole and without a log. root: its XML, NULL when
 * that was too large to keep. False: memory or steps did not do, or there is a log; the check after the commit makes it all. */
bool field_derive_early(Arena *a, const RoundInfo *info, const FormProgram *p, const Xml *root, Time at, Derived *out);
/* The unit that its answers name. */
MUST_USE Err derived_unit(Arena *a, Derived *d);
/* Saves them; *out_changed says how many answers, findings or times are others than before. In the collector or beside it. */
MUST_USE Err derived_apply(Db *db, Arena *a, const CollectKeys *k, Derived *items, size_t n, int64_t *out_changed);
/* What was made early, in the transaction that stores the record with its answers; a change is added when its case adds a finding. */
typedef LIST(RecordChange) RecordChanges;
MUST_USE Err derived_early(Db *db, Arena *a, const CollectKeys *k, SubmissionId id, const Derived *early, RecordChanges *changes);

/* Of field_records f: the first record $1 of a chain and its later revisions. */
#define OF_CHAIN "f.submission_id IN (SELECT CAST($1 AS BIGINT) UNION ALL " \
                 "SELECT r.submission_id FROM field_records r WHERE r.first_id = $1 AND r.first_id <> r.submission_id) "

/* ---- known_store.c: records by the names that phones know -------------------------------------------------- */
#define FIELD_UNNAMED "sha256:"                    /* with the hash of its bytes: the instance id of what has none */
/* What a record is known by in its round (submission_fill); edit: the hash of its bytes where an edit keeps its instance's id. */
Str field_name(Arena *a, Str form_id, Str instance_id, Str edit);
/* replaced: some record names it as what it replaces. place: of the name in that round, where it is known already. */
typedef struct FieldName { Str form_id, instance_id; bool replaced; RoundId round; int64_t place; } FieldName;
MUST_USE Err field_replaced(Db *db, Str form_id, Str instance_id, bool *out);
/* Rounds in which records of a questionnaire lie; read once for as long as the list is kept, own is added. */
typedef struct FieldPlaces { Str form_id; Rounds rounds; } FieldPlaces;
typedef LIST(FieldPlaces) FieldPlacesList;
MUST_USE Err field_places(Db *db, Arena *a, FieldPlacesList *all, Str form_id, const Round *own, FieldPlaces **out);
/* same: for the caller, that its bytes are those it asks about. */
typedef struct KnownRecord { SubmissionId id; RoundId round; Sha256 sum; bool same, last_post; int64_t first, revision; Str code; } KnownRecord;
typedef LIST(KnownRecord) KnownRecords;
/* Every record of this name, added to out. */
MUST_USE Err field_known(Db *db, Arena *a, const CollectKeys *k, const FieldPlaces *places, const FieldName *name, KnownRecords *out);

/* ---- field_store.c: one post in the collector's transaction ----------------------------------------------- */
typedef struct FieldItem {
    Submission x;                     /* its left_out is set by the collector */
    const Instance *in;
    FormId version; DeviceId device; Str phone, code;
    StrList named;                    /* files the answers mention */
    FieldFiles files;
    bool last_post, late;
    bool early; Derived made;         /* answers and findings were made before the commit; after it: no check is due */
    FieldOutcome outcome;             /* from here on: what came of it */
    SubmissionId id;
    int64_t waiting;                  /* files that have not come */
    bool whole;                       /* all of it is here */
} FieldItem;
extern const CollectKind field_kind;  /* the caller waits (collector_run) */
MUST_USE Err field_apply(Db *db, Arena *scratch, void **items, size_t n);
Str field_code(Arena *a, Str receipt);                          /* "7H4K-Q2" of "TD26-7H4K-Q2MX-9B3E" */

typedef struct Quarantined {
    int64_t id; DeviceId device; RoundId round; SubmissionId submission; Str reason, form_id, version, instance_id, name;
    Sha256 sum; int64_t size, times; Str body; Time received_at, settled_at; Str settled_by, settle_reason, device_name;
} Quarantined;
typedef LIST(Quarantined) QuarantineRows;
MUST_USE Err quarantine_add(Db *db, const Quarantined *q);

/* ---- receive.c, check_after.c ------------------------------------------------------------------------------- */
MUST_USE Err submission_action(Ctx *c);
void openrosa_wake(void);             /* something has come that waits for its check */

/* ---- case_tie.c: which drawn case a record is of ---------------------------------------------------------------- */
/* Ties it in the transaction that saves it; adds case_unknown or case_twice to its findings. */
MUST_USE Err case_tie(Db *db, Arena *a, Derived *d);

/* ---- chain_store.c: revisions and whether a record counts --------------------------------------------------- */
/* How a case's present answer stands to this record: of the same interview; and which of both count. id 0: it has none. */
typedef struct CaseRival { int64_t id; bool same_interview, counts, this_counts; } CaseRival;
MUST_USE Err case_rival(Db *db, CaseId id, SubmissionId record, CaseRival *out);
/* Adds a change for every record of the chain whose count is not what holds and revisions say. */
MUST_USE Err chain_settle(Db *db, Arena *a, int64_t first, const RoundInfo *info, const CollectKeys *k, RecordChanges *out);

/* ---- record_store.c: reading for pages, check and commands ---------------------------------------------------- */
typedef struct FieldRow {
    SubmissionId id; RoundId round; Str form_id, instance_id; FormId version; DeviceId device; Str device_name, phone, code;
    Time received_at; bool whole; Str hold, left_out, deprecated_id; int64_t first, revision, posts, checked;
    Time settled_at; Str settled, settled_by, settle_reason; int64_t flags; bool withdrawn; UnitId unit;
} FieldRow;
typedef LIST(FieldRow) FieldRows;
typedef enum FieldFilter { FIELD_ALL, FIELD_FLAGGED, FIELD_LATE, FIELD_WAITING, FIELD_FILTER_COUNT } FieldFilter;
typedef struct FieldTotals { int64_t all, flagged, late, waiting, quarantined, overdue; } FieldTotals;   /* overdue: files that do not come */
MUST_USE Err field_list(Db *db, Arena *a, RoundId round, FieldFilter f, Str code, int64_t offset, int limit, FieldRows *out);
MUST_USE Err field_totals(Db *db, RoundId round, Time now, FieldTotals *out);
MUST_USE Err field_load(Db *db, Arena *a, SubmissionId id, FieldRow *out);
MUST_USE Err field_revisions(Db *db, Arena *a, int64_t first, FieldRows *out);          /* the first record and what replaced it */
MUST_USE Err field_times(Db *db, SubmissionId id, FieldTimes *out, bool *out_any);      /* without the times of questions */
MUST_USE Err field_body(Db *db, Arena *a, SubmissionId id, Str *out_xml, Str *out_answers);
MUST_USE Err field_files(Db *db, Arena *a, SubmissionId id, StoredFiles *out);
MUST_USE Err field_flags(Db *db, Arena *a, SubmissionId id, FlagRows *out);
MUST_USE Err quarantine_list(Db *db, Arena *a, RoundId round, QuarantineRows *out);
MUST_USE Err quarantine_load(Db *db, Arena *a, int64_t id, Quarantined *out);
MUST_USE Err quarantine_settle(Db *db, Arena *a, int64_t id, Str by, Str reason, Time now);
MUST_USE Err field_settle(Db *db, SubmissionId id, bool counts, Str by, Str reason, Time now);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Phones of interviewers: their keys, the OpenRosa interface, what they send, and what a person decides about it. */
#ifndef OPENROSA_OPENROSA_H
#define OPENROSA_OPENROSA_H

#include "collect/record.h"

typedef struct DeviceId { int64_t v; } DeviceId;

/* A phone, or an interviewer who signs in with an account. */
typedef struct Device {
    DeviceId id; Str name; PersonId person; Str login;          /* login: of person, else empty */
    Date from, to;                                              /* to: the last day; DATE_NONE: until revoked */
    bool has_key;                                               /* false: by its account alone (Basic) */
    Time made_at, revoked_at, seen_at;
    Str revoke_reason;
} Device;
typedef LIST(Device) DeviceRows;
typedef enum DeviceState { DEVICE_LATER, DEVICE_ACTIVE, DEVICE_ENDED, DEVICE_REVOKED } DeviceState;
DeviceState device_state(const Device *d, Date on);
Str device_state_code(DeviceState s);                           /* "active" */

/* Adds a phone to a round, in a write transaction. out_key: the key's 43 letters, kept nowhere; NULL: no key, the
 * account alone. d.id is set. Ask form_takes(FORM_FIELD) first: phones are given no other questionnaire. */
MUST_USE Err device_add(Db *db, Arena *a, RoundId round, Device *d, PersonId by, Time now, Str *out_key);
MUST_USE Err device_list(Db *db, Arena *a, RoundId round, DeviceRows *out);      /* by name */
MUST_USE Err device_load(Db *db, Arena *a, DeviceId id, Device *out);            /* ERR_NOT_FOUND */
/* From the next request on. ERR_CONFLICT when revoked already. */
MUST_USE Err device_revoke(Db *db, Arena *a, DeviceId id, PersonId by, Str reason, Time now);
/* "https://host/openrosa/KEY": what a phone is set up with. base: the site's address without a slash at its end. */
Str device_url(Arena *a, Str base, Str key);

/* Starts and stops the check of what has come: answers, findings and times are made from the bytes after the commit.
 * What a stop left undone is taken up at the next start. */
void openrosa_start(const AppInfo *app);
void openrosa_stop(void);
/* The same at once, for commands and tests: everything that waits. */
MUST_USE Err openrosa_check_waiting(Store *s, Arena *a, const AppInfo *app, int64_t *out_checked);
/* Makes answers, findings and times of every record of the round anew, in a write transaction. */
typedef struct RederiveResult { int64_t records, changed; } RederiveResult;
MUST_USE Err openrosa_rederive(Db *db, Store *s, Arena *a, const AppInfo *app, const Round *round, RederiveResult *out);
/* For `thuocdo check`: every file of a record against its hash, every record against its row. */
MUST_USE Err openrosa_check(Db *db, Store *s, Arena *a, StoreFaults *out);

/* ---- For the offline page (offline/): who asks, which questionnaires, what is held ------------------------- */
/* info: NULL when its questionnaire cannot be read. */
typedef struct CallerRound { DeviceId device; Round round; Str form_id; const RoundInfo *info; } CallerRound;
typedef struct Caller { Str base; LIST(CallerRound) rounds; DeviceRows seen; } Caller;    /* base: "https://host/openrosa/KEY" */
/* By the key in the address or behind "Bearer", else by account. False when the answer (401 or 403) is made already. */
MUST_USE Err caller_load(Ctx *c, Caller *out, bool *out_allowed);
/* Holds the account a role of an interviewer today? */
MUST_USE Err caller_interviewer(Ctx *c, PersonId person, bool *out);
/* A version of a questionnaire as phones get it; md5: 32 hex digits. */
typedef struct FieldVersion { FormRow row; FormXform xform; Str md5; FormFileRows files; } FieldVersion;
typedef LIST(FieldVersion) FieldVersions;
/* Versions that this caller's rounds may be answered in: published ones of their questionnaires, newest first. */
MUST_USE Err field_versions(Ctx *c, const Caller *caller, Str form_id, bool all, FieldVersions *out);
MUST_USE Err field_version(Ctx *c, const Caller *caller, Str form_id, Str version, FieldVersion *out);
typedef struct StoredFile { Str name, sent_name, type; Sha256 sum; int64_t size; bool beside; Time received_at; } StoredFile;
typedef LIST(StoredFile) StoredFiles;
/* A record by the names its phone knows; ERR_NOT_FOUND. */
typedef struct FieldHeld {
    SubmissionId id; RoundId round; DeviceId device; bool whole; Str version, code; Sha256 xml; Time received_at; StoredFiles files;
} FieldHeld;
MUST_USE Err field_held(Db *db, Arena *a, const CollectKeys *k, Str form_id, Str instance_id, FieldHeld *out);
/* Names of a device's whole records in a round, newest first, 5,000 at most. */
typedef struct HeldName { Str form_id, instance; } HeldName;
typedef LIST(HeldName) HeldNames;
MUST_USE Err field_held_names(Db *db, Arena *a, RoundId round, DeviceId device, HeldNames *out);

/* For quality's checks: who sent each record of a round, and what the phone's log says of its time. */
typedef struct FieldFact { SubmissionId id; Str device; double seconds, pause; Time began, ended; } FieldFact;     /* NAN, 0: no log */
MUST_USE Err field_facts(Db *db, RoundId round, void (*each)(void *self, const FieldFact *f), void *self);

typedef enum FieldOutcome { FIELD_STORED, FIELD_SAME, FIELD_CONFLICT } FieldOutcome;
/* A record that came another way, as if its device had posted it whole; no transaction may be open. files: name and bytes.
 * ERR_INVALID: no record; ERR_NOT_FOUND: a questionnaire the round does not have. */
MUST_USE Err field_import(Ctx *c, const Round *round, DeviceId device, Str xml, const HttpPart *files, size_t n, FieldOutcome *out);

/* What would come of it, nothing written: title of its questionnaire, code of its case (empty: none), files that are not here yet. */
typedef struct FieldLook { FieldOutcome outcome; Str title, code; int64_t new_files; } FieldLook;
MUST_USE Err field_look(Ctx *c, const Round *round, Str xml, const HttpPart *files, size_t n, FieldLook *out);

extern const RecordFollower openrosa_follower;                  /* the finding about a second interview of a case */
extern const Route openrosa_routes[], openrosa_console_routes[];
void openrosa_fail(Ctx *c, int status);                         /* Mount.fail */

#endif

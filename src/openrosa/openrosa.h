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
 * account alone. d.id is set. ERR_CONFLICT: the round's questionnaire is not for interviewers. */
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

extern const Route openrosa_routes[], openrosa_console_routes[];
void openrosa_fail(Ctx *c, int status);                         /* Mount.fail */

#endif

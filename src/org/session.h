/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sign-in, second factor and sessions (trust.md C1-C5, A1-A5). Tokens are stored hashed. */
#ifndef ORG_SESSION_H
#define ORG_SESSION_H

#include "org/person.h"

typedef enum SessionStep { SESSION_NONE, SESSION_SECOND_FACTOR, SESSION_ENROL_TOTP, SESSION_CHANGE_PASSWORD, SESSION_FULL } SessionStep;
typedef struct Session {
    PersonId person; SessionStep step; Time created_at, seen_at, confirmed_at;  /* confirmed_at: last password + code */
    Str token_hash;      /* hex of SHA-256 of the cookie's value: names the session in lists */
    Str address, agent;
    Person who;
    Role main_role; UnitId main_unit;
} Session;
/* From a cookie's value. OK with step SESSION_NONE when there is no valid session. Idle 30 min, absolute 12 h. */
MUST_USE Err session_load(Db *db, Arena *a, Str token, Time now, Session *out);

#endif

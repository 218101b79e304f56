/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People, grants and the one question may(): who may do what in which unit, and who said so. */
#ifndef ORG_PERSON_H
#define ORG_PERSON_H

#include "org/unit.h"

typedef enum Role {
    ROLE_NONE, ROLE_SYSTEM_ADMIN, ROLE_NATIONAL_ANALYST, ROLE_UNIT_ADMIN, ROLE_OFFICER, ROLE_APPRAISER,
    ROLE_INTERVIEWER, ROLE_SUPERVISOR, ROLE_CLERK, ROLE_EDITOR, ROLE_LEADER, ROLE_AUDITOR, ROLE_LEARNER, ROLE_COUNT
} Role;

/* One line a right; the table in org/rights.c says which role holds it. Add new rights at the end of their group. */
typedef enum Right {
    RIGHT_PUBLIC = 0,        /* anybody, no session needed */
    RIGHT_SIGNED_IN,         /* any account with a complete sign-in */
    RIGHT_UNIT_READ, RIGHT_UNIT_MANAGE,
    RIGHT_PERSON_READ, RIGHT_PERSON_MANAGE, RIGHT_GRANT_GIVE,
    RIGHT_FORM_READ, RIGHT_FORM_MANAGE,
    RIGHT_ROUND_READ, RIGHT_ROUND_MANAGE, RIGHT_ROUND_CODES, RIGHT_ROUND_PUBLISH, RIGHT_SUBMISSION_READ,
    RIGHT_EDITION_READ, RIGHT_EDITION_CORRECT,
    RIGHT_INDEX_READ, RIGHT_INDEX_MANAGE,
    RIGHT_CONTENT_MANAGE,
    RIGHT_AUDIT_READ, RIGHT_SYSTEM_MANAGE, RIGHT_SYSTEM_READ,
    RIGHT_COUNT
} Right;
Str  role_code(Role r);                            /* "unit_admin" */
bool role_parse(Str code, Role *out);
Str  right_code(Right r);
bool role_holds(Role role, Right right);           /* the table */

typedef struct Grant { GrantId id; PersonId person; Role role; UnitId unit; Date from, to; PersonId giver; Time given_at; Time revoked_at; } Grant;
typedef LIST(Grant) Grants;

/* THE decision. unit 0: holds the right anywhere. Grants reach the unit's subtree as of today. */
MUST_USE Err may(Db *db, Arena *a, PersonId person, Right right, UnitId unit, Date today, bool *out);
/* The units (tops of subtrees) where a person holds a right: for lists, counts and searches. */
typedef LIST(UnitId) UnitIds;
MUST_USE Err may_where(Db *db, Arena *a, PersonId person, Right right, Date today, UnitIds *out);

typedef struct Person { PersonId id; Str login, name, email, phone; UnitId unit; bool disabled, has_totp, must_change; Time created_at, last_sign_in; Lang lang; } Person;
typedef LIST(Person) People;
MUST_USE Err person_load(Db *db, Arena *a, PersonId id, Person *out);
MUST_USE Err person_by_login(Db *db, Arena *a, Str login, Person *out);
MUST_USE Err person_grants(Db *db, Arena *a, PersonId id, Grants *out);

#endif

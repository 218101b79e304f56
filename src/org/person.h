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
    RIGHT_ROUND_READ, RIGHT_ROUND_MANAGE, RIGHT_ROUND_CODES, RIGHT_ROUND_PUBLISH, RIGHT_SUBMISSION_READ, RIGHT_SUBMISSION_SETTLE,
    RIGHT_ANALYSIS_READ, RIGHT_ANALYSIS_MANAGE, RIGHT_ANALYSIS_CODE, RIGHT_ANALYSIS_EXPORT,
    RIGHT_SAMPLE_READ, RIGHT_SAMPLE_MANAGE, RIGHT_FIELD_READ, RIGHT_FIELD_MANAGE, RIGHT_FIELD_WORK,
    RIGHT_PAPER_READ, RIGHT_PAPER_MANAGE, RIGHT_PAPER_KEY, RIGHT_PAPER_SETTLE,
    RIGHT_QUALITY_READ, RIGHT_QUALITY_SETTLE, RIGHT_RECHECK_MANAGE, RIGHT_RECHECK_DO,
    RIGHT_EDITION_READ, RIGHT_EDITION_CORRECT, RIGHT_BOARD_READ,
    RIGHT_INDEX_READ, RIGHT_INDEX_MANAGE,
    RIGHT_SEASON_READ, RIGHT_SEASON_MANAGE, RIGHT_CARD_SCORE, RIGHT_CARD_SIGN, RIGHT_CARD_APPRAISE, RIGHT_CARD_DECIDE,
    RIGHT_SERVICE_MANAGE,
    RIGHT_CONTENT_MANAGE,
    RIGHT_AUDIT_READ, RIGHT_SYSTEM_MANAGE, RIGHT_SYSTEM_READ,
    RIGHT_COUNT
} Right;
Str  role_code(Role r);                            /* "unit_admin" */
bool role_parse(Str code, Role *out);
Str  right_code(Right r);
bool right_parse(Str code, Right *out);
bool role_holds(Role role, Right right);           /* the table */
bool role_gives(Role giver, Role given);           /* may a holder of one give the other */
bool role_needs_second_factor(Role role);          /* every role but learner */

typedef struct Grant {
    GrantId id; PersonId person; Role role; UnitId unit;
    Date from, to;                                 /* to: the first day without it; DATE_NONE: until revoked */
    PersonId giver; Time given_at, revoked_at;     /* giver 0: a command */
    Str reason, giver_name;
} Grant;
typedef LIST(Grant) Grants;
bool grant_active(const Grant *g, Date on);        /* not revoked, and the day lies in its period */

/* THE decision. unit 0: holds the right anywhere. Grants reach the unit's subtree as of today. */
MUST_USE Err may(Db *db, Arena *a, PersonId person, Right right, UnitId unit, Date today, bool *out);
/* The units (tops of subtrees) where a person holds a right: for lists, counts and searches. */
typedef LIST(UnitId) UnitIds;
MUST_USE Err may_where(Db *db, Arena *a, PersonId person, Right right, Date today, UnitIds *out);
/* Is the unit in one of the subtrees? */
MUST_USE Err unit_within_any(Db *db, UnitId unit, const UnitIds *tops, Date today, bool *out);
/* Where a person may use a right, for lists: asked once instead of for each row. Who holds it on owner may everywhere that
 * owner's rows lie (owner 0: nobody). db and a outlive the scope. */
typedef struct RightScope { Db *db; Arena *a; Date today; bool all; UnitIds tops, yes, no; } RightScope;
MUST_USE Err scope_open(Db *db, Arena *a, PersonId person, Right right, UnitId owner, Date today, RightScope *out);
bool scope_has(RightScope *s, UnitId unit);              /* false on error too */
bool scope_reaches(RightScope *s, UnitId unit);          /* or a unit above one of the scope: what the nation owns is used below it */

typedef struct Person {
    PersonId id; Str login, name; UnitId unit;
    bool disabled, has_totp, must_change; Time created_at, last_sign_in; Lang lang;
    bool has_password, demo;                       /* has_password false: the invitation is not taken yet */
} Person;
typedef LIST(Person) People;
MUST_USE Err person_load(Db *db, Arena *a, PersonId id, Person *out);
MUST_USE Err person_by_login(Db *db, Arena *a, Str login, Person *out);
MUST_USE Err person_grants(Db *db, Arena *a, PersonId id, Grants *out);     /* all, the latest first */

/* ---- Accounts ---------------------------------------------------------------------------------- */
typedef struct PersonDraft { Str login, name; UnitId unit; Lang lang; bool demo; } PersonDraft;
bool login_valid(Str login);                       /* 3-64 of a-z 0-9 . _ - @, a letter first */
bool email_valid(Str email);                       /* one @ between two parts, no blanks */
bool phone_valid(Str phone);                       /* digits, blanks, + . - ( ), 8 digits at least */
/* ERR_CONFLICT when the login exists: an existing account is never taken over. by 0: made by a command. */
MUST_USE Err person_create(Db *db, Arena *a, const PersonDraft *d, PersonId by, Time now, PersonId *out);
MUST_USE Err person_save(Db *db, Arena *a, PersonId id, const PersonDraft *d);   /* the login stays as it is */
MUST_USE Err person_lang_save(Db *db, PersonId id, Lang lang);
/* Ends all sessions and open links at once; what the person may do comes back when enabled again. */
MUST_USE Err person_disable(Db *db, PersonId id, Time now);
MUST_USE Err person_enable(Db *db, PersonId id);

/* E-mail and telephone, sealed in the database (person_contact.c). key: app_key(app, PERSON_CONTACT_KEY, key). */
#define PERSON_CONTACT_KEY "person-contact"
typedef struct PersonContact { Str email, phone; } PersonContact;          /* empty: not known */
/* ERR_CONFIG when they were sealed with another key or for another account. */
MUST_USE Err person_contact_load(Db *db, Arena *a, const uint8_t key[32], PersonId id, PersonContact *out);
MUST_USE Err person_contact_save(Db *db, Arena *a, const uint8_t key[32], PersonId id, const PersonContact *x);
/* Seals what versions before 0030_contact.sql left readable; in a write transaction. */
MUST_USE Err person_contact_fill(Db *db, Arena *a, const uint8_t key[32], int64_t *out_sealed);
/* What people.email_key holds for an address; upper and lower case are one. 32 bytes in a. */
Str person_email_key(Arena *a, const uint8_t key[32], Str email);
Str person_search_text(Arena *a, Str login, Str name);                     /* what people.search holds */

/* People of the given subtrees, by name. text: part of login or name, tones folded; also found is the address of email_key
 * (person_email_key, empty: none), for a sealed address can only be found whole. */
typedef struct PersonFilter {
    Str text, email_key; Role role; UnitId unit; bool only_disabled;
    Date today; const UnitIds *within;
    int limit, offset;
} PersonFilter;
MUST_USE Err person_list(Db *db, Arena *a, const PersonFilter *f, People *out, int64_t *out_all);

/* ---- Grants ------------------------------------------------------------------------------------ */
typedef struct GrantDraft { PersonId person; Role role; UnitId unit; Date from, to; Str reason; } GrantDraft;
/* Why a grant may not be given; GRANT_FITS when it may. */
typedef enum GrantCheck { GRANT_FITS, GRANT_SELF, GRANT_PERIOD, GRANT_BEYOND, GRANT_TWICE } GrantCheck;
/* Nobody gives more than they hold: the giver holds, for the whole period, in the unit or above it, a role that
 * may give this one. out_latest: until when the giver could give it (DATE_NONE: no end). */
MUST_USE Err grant_check(Db *db, Arena *a, PersonId giver, const GrantDraft *d, Date today, GrantCheck *out,
                         Date *out_latest);
/* ERR_FORBIDDEN beyond grant_check, ERR_CONFLICT when held already; giver 0: a command. */
MUST_USE Err grant_give(Db *db, Arena *a, PersonId giver, const GrantDraft *d, Date today, Time now, GrantId *out);
MUST_USE Err grant_load(Db *db, Arena *a, GrantId id, Grant *out);
/* The giver, or anybody who could give the same grant today. */
MUST_USE Err grant_may_revoke(Db *db, Arena *a, PersonId who, const Grant *g, Date today, bool *out);
/* ERR_CONFLICT when already revoked. */
MUST_USE Err grant_revoke(Db *db, Arena *a, GrantId id, PersonId by, Str reason, Time now);
/* Active grants in the subtrees, newest first. */
MUST_USE Err grant_list(Db *db, Arena *a, const UnitIds *within, Date today, int limit, Grants *out);
/* May manager change this account (details, sign-in, disabling)? PERSON_MANAGE where the person works, and able to
 * give every role the person holds: nobody takes over a stronger account. Never true for oneself. */
MUST_USE Err person_may_manage(Db *db, Arena *a, PersonId manager, const Person *p, Date today, bool *out);

/* ---- Who can what -------------------------------------------------------------------------------- */
typedef struct Holder { PersonId person; Str name, login; Role role; UnitId unit; Date to; GrantId grant; bool disabled; } Holder;
typedef LIST(Holder) Holders;
/* Everybody who holds the right on the unit today, by the grants of the unit and those above it. */
MUST_USE Err right_holders(Db *db, Arena *a, Right right, UnitId unit, Date today, Holders *out);

#endif

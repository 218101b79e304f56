/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sign-in, second factor and sessions. Tokens are stored hashed. */
#ifndef ORG_SESSION_H
#define ORG_SESSION_H

#include "org/person.h"

#define SESSION_IDLE_MS     (30 * MS_MINUTE)
#define SESSION_ABSOLUTE_MS (12 * MS_HOUR)
#define SESSION_TOUCH_MS    MS_MINUTE              /* seen_at is written at most once a minute */
#define LINK_INVITE_MS      (24 * MS_HOUR)
#define LINK_RESET_MS       (30 * MS_MINUTE)
#define LINKS_PER_HOUR      3

typedef enum SessionStep {
    SESSION_NONE, SESSION_SECOND_FACTOR, SESSION_ENROL_TOTP, SESSION_CHANGE_PASSWORD, SESSION_FULL
} SessionStep;
typedef struct Session {
    PersonId person; SessionStep step; Time created_at, seen_at, confirmed_at;  /* confirmed_at: last password + code */
    Str token_hash;      /* hex of SHA-256 of the cookie's value: names the session in lists */
    Str address, agent;
    Person who;
    Role main_role; UnitId main_unit;
} Session;
typedef LIST(Session) Sessions;
/* From a cookie's value. OK with step SESSION_NONE when there is no valid session. Idle 30 min, absolute 12 h. */
MUST_USE Err session_load(Db *db, Arena *a, Str token, Time now, Session *out);
/* True when the next request should write seen_at (session_touch, in a write transaction). */
bool session_touch_due(const Session *s, Time now);
MUST_USE Err session_touch(Db *db, const Session *s, Time now);

/* A new session after the password; out_token is the cookie's value and is kept nowhere. */
MUST_USE Err session_open(Db *db, Arena *a, PersonId person, Str address, Str agent, Time now, Str *out_token);
/* The same session under a new token, after a code or a change of password: the old value is worth nothing.
 * confirmed: password and code were given just now. ERR_SIGN_IN when the session ended meanwhile. */
MUST_USE Err session_pass(Db *db, Arena *a, const Session *s, bool confirmed, Time now, Str *out_token);
MUST_USE Err session_confirm(Db *db, const Session *s, Time now);
MUST_USE Err session_end(Db *db, Str token_hash, int64_t *out_ended);
MUST_USE Err session_end_all(Db *db, PersonId person, Str except_hash, int64_t *out_ended);
MUST_USE Err session_list(Db *db, Arena *a, PersonId person, Time now, Sessions *out);   /* valid ones, the latest first */
/* Valid sessions of people who work in the subtrees; who and main_role are filled. */
MUST_USE Err session_list_within(Db *db, Arena *a, const UnitIds *within, Time now, Sessions *out);
/* What stands between a session and the console, from the facts of the account alone. */
SessionStep session_step(bool second_passed, bool has_totp, bool needs_second, bool must_change);

/* ---- Sign-in: load (read), password_fits (no database), done (write) ------------------------------ */
typedef struct LimitRule { int64_t failures, window_ms, delay_ms, delay_most_ms; } LimitRule;
typedef struct LimitState { int64_t failures; Time first_at, last_at; } LimitState;
typedef struct SignInLimits { LimitRule account, network, code; } SignInLimits;
/* Windows and waits are fixed; the failures allowed are settings. Zero: 5, 50 and 5. */
SignInLimits sign_in_limits(int64_t account, int64_t network, int64_t code);
/* When the next try is allowed; now or earlier: at once. The wait grows with each failure and never lasts for good. */
Time limit_until(const LimitRule *rule, const LimitState *s, Time now);
LimitState limit_failed(const LimitRule *rule, const LimitState *s, Time now);
/* "203.0.113.0/24" or "2001:db8:0:100::/56"; anything else stays as it is. */
Str address_prefix(Arena *a, Str address);

typedef enum SignInState { SIGN_IN_OPEN, SIGN_IN_WRONG, SIGN_IN_WAIT, SIGN_IN_PASSED } SignInState;
typedef struct SignIn {
    SignInLimits limits;
    Str login, address, agent; bool exempt;        /* from the request; exempt: no limit by address */
    bool confirm_only;                             /* counts as a try, opens no session */
    Time now;
    SignInState state; Time wait_until;            /* what came of it */
    PersonId person; bool disabled; Str stored;    /* the hash to compare with, never empty */
    Str subject_account, subject_prefix;
    Str token;                                     /* SIGN_IN_PASSED: the new session */
} SignIn;
/* SIGN_IN_OPEN or SIGN_IN_WAIT. An unknown name gives a hash that nothing fits, at the same cost. */
MUST_USE Err sign_in_load(Db *db, Arena *a, SignIn *s);
/* fits: what password_fits said. Counts the failure or opens the session; password rehashes when parameters changed. */
MUST_USE Err sign_in_done(Db *db, Arena *a, SignIn *s, bool fits, Str rehashed);

/* The second factor of an open session: a code of the app or a recovery code. Five failures in ten minutes, then a
 * growing wait (rule; NULL: the default). SIGN_IN_PASSED: the code is used up, the caller renews the session.
 * key: app_key "totp". */
typedef struct CodeCheck { SignInState state; Time wait_until; bool by_recovery; int64_t recovery_left; } CodeCheck;
MUST_USE Err code_check(Db *db, Arena *a, PersonId person, Str typed, const uint8_t key[32], const LimitRule *rule,
                        Time now, CodeCheck *out);
/* Stores the secret and ten recovery codes, shown once. ERR_CONFLICT when the account has one. */
MUST_USE Err totp_enrol(Db *db, Arena *a, PersonId person, Str secret, const uint8_t key[32], int64_t step, Time now,
                        StrList *out_codes);
MUST_USE Err totp_remove(Db *db, PersonId person);
MUST_USE Err recovery_renew(Db *db, Arena *a, PersonId person, const uint8_t key[32], StrList *out_codes);
MUST_USE Err recovery_left(Db *db, PersonId person, int64_t *out);
MUST_USE Err totp_secret_load(Db *db, Arena *a, PersonId person, const uint8_t key[32], Str *out);
MUST_USE Err totp_last_step(Db *db, PersonId person, int64_t *out);          /* step of the last code that was taken */

/* ---- Passwords and one-time links ------------------------------------------------------------------ */
/* Does the typed password belong to the account? Counts as a try of the account (for confirming). */
MUST_USE Err password_stored(Db *db, Arena *a, PersonId person, Str *out);
MUST_USE Err password_save(Db *db, PersonId person, Str hash, Time now);       /* clears must_change and open links */

typedef enum LinkPurpose { LINK_INVITE, LINK_RESET } LinkPurpose;
typedef struct SignInLink { PersonId person; LinkPurpose purpose; Time expires_at; Str token_hash; Person who; } SignInLink;
/* An older unused link of the account dies. ERR_CONFLICT: reset of an account whose invitation was never taken (a
 * reset does not revive it), or invitation of one that has a password. ERR_TOO_MANY: more than 3 in an hour. */
MUST_USE Err link_make(Db *db, Arena *a, PersonId person, LinkPurpose purpose, PersonId by, Time now, Str *out_token);
MUST_USE Err link_load(Db *db, Arena *a, Str token, Time now, SignInLink *out);  /* ERR_GONE: unknown, used, expired */
/* Spends the link, sets the password, ends every session. The second factor stays as it was. */
MUST_USE Err link_use(Db *db, Arena *a, const SignInLink *l, Str hash, Time now);

/* ---- First administrator and demonstration ---------------------------------------------------------- */
/* An account with the role of system administrator on the whole tree, without password, and its invitation (24 h). */
MUST_USE Err person_invite_first_admin(Db *db, Arena *a, const PersonDraft *d, Date today, Time now, Str *out_token);

typedef struct DemoPerson { Role role; Str login, password, name, totp_secret; UnitId unit; PersonId id; } DemoPerson;
typedef LIST(DemoPerson) DemoPeople;
/* One account for each role with random password and second-factor secret: national roles on the nation, the others
 * on the province. key: app_key "totp". */
MUST_USE Err person_create_demo(Db *db, Arena *a, const uint8_t key[32], UnitId nation, UnitId province, Date today,
                                Time now, DemoPeople *out);

#endif

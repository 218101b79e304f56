/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Console pages of no single module: sign-in, people and rights, audit. */
#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include "web/web.h"

extern const Route admin_signin_routes[];        /* mounted at / */
extern const Route admin_people_routes[];        /* mounted at /console */
extern const Route admin_grant_routes[];
extern const Route admin_account_routes[];
extern const Route admin_audit_routes[];

/* ---- Commands of `thuocdo user …`, called inside a transaction (write, but for list and code) ---------------- */
typedef struct UserCommand {
    Db *db; Arena *a; const AppInfo *app; Time now; Date today;
    Str actor;                                   /* "command": named in the audit */
    bool json; Buf *out;
} UserCommand;
/* name, unit code or empty for the whole tree; role empty: none. Prints the invitation's address. */
MUST_USE Err user_add(const UserCommand *u, Str login, Str name, Str role, Str unit_id);
MUST_USE Err user_list(const UserCommand *u);
MUST_USE Err user_reset(const UserCommand *u, Str login);       /* prints a one-time link */
MUST_USE Err user_mfa_reset(const UserCommand *u, Str login);
MUST_USE Err user_disable(const UserCommand *u, Str login);
MUST_USE Err user_code(const UserCommand *u, Str login);        /* the current code of a demonstration account only */

#endif

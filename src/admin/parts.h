/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of admin share; nobody else includes this. */
#ifndef ADMIN_PARTS_H
#define ADMIN_PARTS_H

#include "admin/admin.h"

/* A unit typed by name, or chosen among several of that name. */
typedef struct UnitPick {
    Str name, label, hint, typed, error;
    UnitId chosen;
    Units  found;                                /* more than one fits: the person chooses */
    Str   *places;                               /* where each one lies */
} UnitPick;
/* Reads fields name (text) and name_id (radio) through read; adds an error when no unit or several fit. Only units
 * where the signed-in person holds right. */
MUST_USE Err unit_pick(Ctx *c, FieldReader read, Right right, UnitPick *p, FieldErrors *errors, UnitId *out);

/* "Tỉnh Gia Lai", or the path "Xã Ia Grai, Tỉnh Gia Lai". */
Str unit_place(Ctx *c, UnitId id);
Str role_name(Lang lang, Role r);
Str right_name(Lang lang, Right r);
/* A password as typed: NFC, blanks kept. */
Str typed_password(Ctx *c, const char *name);
Str password_message(Lang lang, PasswordFault fault);
/* "chờ 3 phút": the wait in whole minutes, at least one. */
Str wait_message(Ctx *c, Time until);
/* "Chrome, Android" from what the browser says of itself; what is not known is shown as it came. */
Str browser_words(Arena *a, Str agent);
/* An audit record of this request in words of sign-in; actor is the person of the session, if any. */
MUST_USE Err audit_sign_in(Ctx *c, Str action, PersonId person, bool failed, Str detail);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Models of the pages about grants, rights and sessions. */
#ifndef ADMIN_GRANT_PAGES_H
#define ADMIN_GRANT_PAGES_H

#include "admin/people_pages.h"
#include "admin/signin_pages.h"

typedef struct GrantPage {
    Person p; Str token, action, back;
    GrantDraft d;
    UnitPick unit;
    TypedDate from, to; Str reason;              /* as typed */
    Role offered[ROLE_COUNT]; size_t offered_count;
    Date latest;                                 /* until when the giver holds what they give from */
    FieldErrors errors;
    Str unit_name; int64_t units_below;          /* of the check page */
} GrantPage;

typedef struct RightsPage {
    Right right; UnitPick unit; bool asked;
    Holders holders; Str *places;                /* where each grant stands */
    FieldErrors errors;
} RightsPage;
typedef struct DelegationsPage { GrantLines lines; } DelegationsPage;
typedef struct SessionLine { Session s; Str unit, short_hash; bool own, current; } SessionLine;
typedef LIST(SessionLine) SessionLines;
typedef struct SessionsPage { SessionLines lines; Str token; } SessionsPage;
typedef struct AccountPage {
    Person p; Str unit, token; PersonContact contact;
    GrantLines grants; SessionLines sessions; int64_t recovery;
    FieldErrors errors;
} AccountPage;

#endif

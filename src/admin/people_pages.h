/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Models of the pages about people. */
#ifndef ADMIN_PEOPLE_PAGES_H
#define ADMIN_PEOPLE_PAGES_H

#include "admin/parts.h"

typedef struct PersonLine { Person p; Str unit, roles; } PersonLine;
typedef LIST(PersonLine) PersonLines;
typedef struct PeoplePage {
    PersonLines lines; int64_t all; int offset, limit;
    Str text, unit; Role role; bool only_disabled, may_create, filtered;
    Str next, previous;                          /* addresses, or empty */
} PeoplePage;

typedef struct GrantLine { Grant g; Str unit; bool active, may_revoke; Person who; } GrantLine;
typedef LIST(GrantLine) GrantLines;
typedef struct PersonPage {
    Person p; PersonContact contact; Str unit, token;
    GrantLines grants;
    bool manage, give, self, needs_second;
    int64_t sessions, recovery;
} PersonPage;

typedef struct PersonForm {
    Str token, action, back; bool is_new;
    PersonDraft d; PersonContact contact; UnitPick unit;
    FieldErrors errors;
} PersonForm;
typedef struct LinkPage { Person p; Str url, back; bool invite; } LinkPage;
/* One question before an act: what happens, and a reason where one is asked for. */
typedef struct ActPage { Str token, action, back, title, what, button, reason, reason_error; bool ask_reason, danger; FieldErrors errors; } ActPage;

/* people_acts.c */
Err person_act_page(Ctx *c);
Err person_act_action(Ctx *c);
/* The account of the path, where the signed-in person holds PERSON_READ. */
MUST_USE Err person_of_path(Ctx *c, Person *out);
/* The same, where the signed-in person may also manage the account; ERR_FORBIDDEN otherwise. */
MUST_USE Err person_managed(Ctx *c, Person *out);
Err link_show_page(Ctx *c, const Person *p, Str token, bool invite);
Str person_path(Ctx *c, PersonId id);
/* E-mail and telephone with this installation's key. */
MUST_USE Err contact_load(Ctx *c, PersonId id, PersonContact *out);
MUST_USE Err contact_save(Ctx *c, PersonId id, const PersonContact *x);
/* The fields email and phone; what is wrong with them goes to errors. */
void contact_read(Ctx *c, PersonContact *out, FieldErrors *errors);
Str reason_detail(Ctx *c, Str reason);            /* {"reason":"…"} for the audit */
Err act_show(Ctx *c, ActPage *p, int status);

#endif

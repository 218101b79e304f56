/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console pages of fieldwork share; nobody else includes this. */
#ifndef FIELD_CONSOLE_H
#define FIELD_CONSOLE_H

#include "field/parts.h"

/* ---- field_pages.c ---- */
/* The round of {id}, its fieldwork and what the reader may see of it. ERR_FORBIDDEN when that is nothing. */
typedef struct FieldAt { Round round; FieldRound f; RightScope scope; CaseCounts counts; bool opened; } FieldAt;
MUST_USE Err field_at(Ctx *c, Right right, FieldAt *out);
Str  field_round_path(Ctx *c, RoundId id, const char *rest);             /* of the round's pages in the console */
void field_crumbs(Ctx *c, const Round *r, bool inside);
GroupLine *group_line_for(Ctx *c, GroupLines *list, int64_t *keys, int64_t key);     /* made when it is not there */

/* ---- open_pages.c ---- */
MUST_USE Err field_open_show(Ctx *c, FieldAt *at, OpenView *v, SampleId chosen, int status);
MUST_USE Err field_open_action(Ctx *c);

/* ---- claim_pages.c ---- */
MUST_USE Err field_claims_page(Ctx *c);
MUST_USE Err field_claim_page(Ctx *c);
MUST_USE Err field_claim_action(Ctx *c);

/* ---- cases_pages.c ---- */
MUST_USE Err field_cases_page(Ctx *c);
MUST_USE Err field_cases_file(Ctx *c);
MUST_USE Err field_assign_action(Ctx *c);

#endif

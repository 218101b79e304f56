/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writing questionnaires in the browser: drafts, the bank of questions. */
#ifndef BUILDER_BUILDER_H
#define BUILDER_BUILDER_H

#include "form/form.h"

/* ---- Drafts (draft_store.c) ----------------------------------------------------------------------------------------- */
typedef enum DraftState { DRAFT_OPEN, DRAFT_PUBLISHED, DRAFT_DROPPED, DRAFT_STATE_COUNT } DraftState;
typedef struct FormDraft {
    int64_t id; UnitId owner; Str title, form_id; FormId base, published; DraftState state; int64_t revision;
    PersonId created_by, changed_by; Time created_at, changed_at;
} FormDraft;
typedef LIST(FormDraft) FormDrafts;
/* In the open write transaction: an empty questionnaire. */
MUST_USE Err form_draft_new(Db *db, Arena *a, UnitId owner, Str language, PersonId by, Time now, int64_t *out);

/* A handful of items of that questionnaire in the nation's bank: for the demonstration; in the open write transaction. */
MUST_USE Err builder_demo(Db *db, Store *s, Arena *a, FormId form, Time now);

extern const Route builder_routes[];     /* console */
extern const Route bank_routes[];        /* console */

#endif

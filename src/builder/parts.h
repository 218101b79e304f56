/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of builder share. */
#ifndef BUILDER_PARTS_H
#define BUILDER_PARTS_H

#include "builder/builder.h"
#include "builder/grid.h"
#include "builder/outline.h"

enum { DRAFT_REVISIONS = 60 };

/* ---- Store --------------------------------------------------------------------------------------------------------------- */
Str form_draft_state_code(DraftState s);
MUST_USE Err form_draft_load(Db *db, Arena *a, int64_t id, FormDraft *out);           /* ERR_NOT_FOUND */
MUST_USE Err form_draft_list(Db *db, Arena *a, FormDrafts *out);                      /* open ones, last changed first */
/* A draft with its first revision; sets d->id. */
MUST_USE Err form_draft_add(Db *db, Arena *a, FormDraft *d, const Grid *g);
typedef struct DraftRevision { int64_t revision, undo_to, redo_to; Str act, subject; PersonId by; Time at; } DraftRevision;
typedef LIST(DraftRevision) DraftRevisions;
/* Content of a revision; ERR_NOT_FOUND when it is too old. rev may be NULL. */
MUST_USE Err form_draft_content(Db *db, Arena *a, const FormDraft *d, int64_t revision, Grid **out, DraftRevision *rev);
MUST_USE Err form_draft_revisions(Db *db, Arena *a, int64_t id, int most, DraftRevisions *out);      /* newest first */
/* A new revision; ERR_CONFLICT when somebody else was first. act and subject: what was done, shown in lists and by undo. */
MUST_USE Err form_draft_save(Db *db, Arena *a, FormDraft *d, const Grid *g, const char *act, Str subject, PersonId by, Time now);
/* Back by one, or forth again; *out_done false: there is nothing. */
MUST_USE Err form_draft_undo(Db *db, Arena *a, FormDraft *d, bool redo, PersonId by, Time now, bool *out_done);
MUST_USE Err form_draft_end(Db *db, FormDraft *d, DraftState to, FormId published, PersonId by, Time now);
typedef struct DraftFile { Str name; Sha256 sum; int64_t size; } DraftFile;
typedef LIST(DraftFile) DraftFiles;
MUST_USE Err form_draft_files(Db *db, Arena *a, int64_t id, DraftFiles *out);
MUST_USE Err form_draft_file_save(Db *db, int64_t id, const DraftFile *f);                 /* takes the place of one of that name */
MUST_USE Err form_draft_file_remove(Db *db, int64_t id, Str name);
MUST_USE Err form_draft_files_load(Db *db, Store *s, Arena *a, int64_t id, FormFileSet *out);

/* ---- Checking (check.c) ----------------------------------------------------------------------------------------------------- */
/* The program of the rows as they are, NULL with errors; issues' rows are those of the workbook. */
MUST_USE Err form_draft_compile(Db *db, Store *s, Arena *a, int64_t id, const Grid *g, FormIssues *issues, FormProgram **out);
/* The row an issue stands at; 0: none. */
int64_t issue_row(const Grid *g, const FormIssue *f);

#endif

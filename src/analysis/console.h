/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console pages of analysis share. */
#ifndef ANALYSIS_CONSOLE_H
#define ANALYSIS_CONSOLE_H

#include "analysis/parts.h"
#include "view/component.h"

MUST_USE Err analysis_round(Ctx *c, Right right, Round *out);               /* the round of the address; crumbs begun */
Str  analysis_path(Ctx *c, const Round *r, const char *rest);               /* "/console/rounds/12/cleaning" */
MUST_USE Err analysis_audit(Ctx *c, Str action, const Round *r, Str detail);

/* ---- exports -------------------------------------------------------------------------------------------- */
typedef struct ExportFile {
    int64_t id; RoundId round; Str token, format, labels, chosen, sha256, made_name; bool archive;
    int64_t records, size; PersonId made_by; Time made_at, expires_at;
} ExportFile;
typedef LIST(ExportFile) ExportFiles;
MUST_USE Err export_file_list(Db *db, Arena *a, RoundId round, Time now, ExportFiles *out);        /* newest first, expired ones left out */
MUST_USE Err export_file_load(Db *db, Arena *a, int64_t id, ExportFile *out);
MUST_USE Err export_file_insert(Db *db, const ExportFile *f);
/* Deletes rows that have expired; their tokens are returned so that the bytes can go too, after the commit. */
MUST_USE Err export_files_expire(Db *db, Arena *a, Time now, StrList *out_tokens);
Str export_file_path(Arena *a, const AppInfo *app, Str token);
typedef struct ExportsPage { const Round *r; const ExportFiles *files; Str action, token, table; ExportFormat chosen;
    Choices tables;                 /* where the questionnaire has repeats */
    const FieldErrors *errors; } ExportsPage;

#endif

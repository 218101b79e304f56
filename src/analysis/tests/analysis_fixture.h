/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two versions of a questionnaire with every kind of variable, a round of each, and answers as hostile as they come. */
#ifndef ANALYSIS_TESTS_ANALYSIS_FIXTURE_H
#define ANALYSIS_TESTS_ANALYSIS_FIXTURE_H

#include "analysis/parts.h"
#include "store/test_store.h"

typedef struct AnalysisFixture { AppInfo app; Store *store; Db *db; Time now; RoundId round, later; const FormProgram *form, *form_later; } AnalysisFixture;
AnalysisFixture analysis_fixture(Store *store, Arena *a);
/* A round of a questionnaire written as for test_xlsx; the fixture's own rounds stay. */
RoundId fixture_round(AnalysisFixture *f, Arena *a, Str code, const char *lines, const FormProgram **program);
/* Adds one answer given as the API takes it. */
void fixture_add_json(AnalysisFixture *f, Arena *a, RoundId round, const FormProgram *p, Str json);
/* Adds one answer: names and texts in turn, ended by NULL. */
void fixture_add(AnalysisFixture *f, Arena *a, RoundId round, const char *const *pairs);
/* The export as bytes. */
Str  fixture_export(AnalysisFixture *f, Arena *a, const RoundId *rounds, size_t n, ExportOptions o);

/* ---- read_back.c: small readers of our own files ------------------------------------------------------- */
/* Every cell as text: numbers shortest, "." and ".a" missing ones. labels: "variable|value|label" one each. */
typedef struct ReadBack { StrList names, variable_labels, labels; StrList *rows; size_t row_count; } ReadBack;
ReadBack read_sav(Arena *a, Str bytes);
ReadBack read_dta(Arena *a, Str bytes);
Str read_cell(const ReadBack *r, size_t row, Str name);      /* empty when there is no such variable */
bool read_has_label(const ReadBack *r, Str label);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The plan of a table and the filling of its rows. */
#ifndef ANALYSIS_ROWS_H
#define ANALYSIS_ROWS_H

#include "analysis/coding.h"
#include "sample/sample.h"

/* Columns that every table begins with. */
enum { OWN_RECORD, OWN_ROUND, OWN_VERSION, OWN_DAY, OWN_CHANNEL, OWN_UNIT, OWN_SIMULATED, OWN_FLAGGED, OWN_FLAG, OWN_COUNT };
/* Columns that the table of a repeat begins with: td_parent is td_record of the record, or td_row of the entry around it. */
enum { ENTRY_RECORD, ENTRY_ROUND, ENTRY_PARENT, ENTRY_ROW, ENTRY_POSITION, ENTRY_COUNT };
enum { NO_REPEAT = -2 };                 /* TableRound.repeat: this version does not have it */

/* Final codes of one open question by record, and their variables; group -1: the codes have no groups. */
typedef struct TableCoded { CodeFrame frame; CodedRows rows; int variable, group; size_t next; } TableCoded;
/* What the drawn cases of records tell (design.c); variable -1: the table has none. */
typedef enum DesignPiece { DESIGN_STRATUM, DESIGN_UNIT, DESIGN_N, DESIGN_POP, DESIGN_PIECES } DesignPiece;
typedef struct RecordDesign { SubmissionId id; Str weight, at[SAMPLE_STAGES][DESIGN_PIECES]; } RecordDesign;
typedef struct TableDesign { LIST(RecordDesign) rows; size_t next; int stages, weight, variable[SAMPLE_STAGES][DESIGN_PIECES]; } TableDesign;
MUST_USE Err case_design_load(Db *db, Arena *a, RoundId round, TableDesign *out);        /* rows by id; none without fieldwork */
void design_join(Arena *a, const AnalysisTable *t, TableDesign *d);
void design_fill(TableDesign *d, SubmissionId id, Str *cells);
void variables_design(Arena *a, const AnalysisTable *t, Variables *out);
int  variable_find(const Variables *list, Str name);                    /* -1: none */
bool frame_has_groups(const CodeFrame *f);
/* variables.c: pieces of a plan, in the order in which it is made. */
void variables_own(Arena *a, Variables *out);
void variables_entry(Arena *a, Variables *out);
void variables_asked(Arena *a, const FormProgram *p, int repeat, Variables *list);
void variables_coded(Arena *a, const TableRound *r, Variables *list);
Variables variables_marked(Arena *a, const Variables *list);             /* one column of 0 and 1 for each of several choices */
enum { OUTSIDE_MOST = 200 };
/* A category for an answer outside the list: its own number where it is one that no other has, else the next after the greatest. */
void variable_outside(Arena *a, Variable *v, Str name);
void variables_name(Arena *a, Variables *list);
void table_plan(Arena *a, AnalysisTable *t);                            /* variables from t->rounds and their programs */

#endif

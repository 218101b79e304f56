/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The plan of a table and the filling of its rows. */
#ifndef ANALYSIS_ROWS_H
#define ANALYSIS_ROWS_H

#include "analysis/coding.h"

/* Columns that every table begins with. */
enum { OWN_RECORD, OWN_ROUND, OWN_VERSION, OWN_DAY, OWN_CHANNEL, OWN_UNIT, OWN_SIMULATED, OWN_FLAGGED, OWN_FLAG, OWN_COUNT };

/* Final codes of one open question by record, and their variables; group -1: the codes have no groups. */
typedef struct TableCoded { CodeFrame frame; CodedRows rows; int variable, group; size_t next; } TableCoded;
int  variable_find(const Variables *list, Str name);                    /* -1: none */
void table_plan(Arena *a, AnalysisTable *t);                            /* variables from t->rounds and their programs */

#endif

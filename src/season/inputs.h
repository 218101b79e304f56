/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inputs of criteria that are not left to units: of surveys, estimates and data, given by whoever runs the season. */
#ifndef SEASON_INPUTS_H
#define SEASON_INPUTS_H

#include "season/scores.h"

enum { INPUT_SOURCE_LETTERS = 300, INPUT_ROWS = 40000, INPUT_FAULTS = 200 };

/* What one unit is given in one criterion. x.note: the source. */
typedef struct SeasonInput { UnitId unit; CardScore x; } SeasonInput;
typedef LIST(SeasonInput) SeasonInputs;

/* unit 0: of all, by unit and code. */
MUST_USE Err season_inputs(Db *db, Arena *a, SeasonId season, UnitId unit, SeasonInputs *out);
/* seen: the revision that the change was typed over. ERR_CONFLICT: another is kept by now. x->x.revision is written. */
MUST_USE Err season_input_save(Db *db, Arena *a, SeasonId season, SeasonInput *x, int64_t seen);
/* Puts what the card's unit is given behind what it said itself: the two together are what scheme computes. */
MUST_USE Err card_scores_given(Db *db, Arena *a, const Card *card, CardScores *io);

/* ---- Files (inputs_file.c): a row an input of a criterion of a unit ------------------------------------------------------ */
typedef enum InputColumn { INPUT_UNIT, INPUT_NAME, INPUT_CODE, INPUT_INPUT, INPUT_VALUE, INPUT_SEEN, INPUT_COLUMN_COUNT } InputColumn;
Str input_column_text(Lang l, InputColumn c);
typedef enum InputFaultKind {
    INPUT_FAULT_CSV, INPUT_FAULT_XLSX, INPUT_FAULT_HEADING, INPUT_FAULT_EMPTY, INPUT_FAULT_UNIT, INPUT_FAULT_CODE, INPUT_FAULT_OWN, INPUT_FAULT_INPUT,
    INPUT_FAULT_VALUE, INPUT_FAULT_TWICE, INPUT_FAULT_MEANWHILE, INPUT_FAULT_KIND_COUNT
} InputFaultKind;
typedef struct InputFault { InputFaultKind kind; int line; Str column, value; } InputFault;      /* line 0: of the whole file */
typedef struct InputFaults { InputFault *at; size_t len, cap; size_t all; } InputFaults;
Str input_fault_text(Arena *a, Lang l, const InputFault *f);
/* CSV or XLSX by its first bytes; units are known by code or name. False: faults has at least one. A unit's criterion stands once in *out, with
 * all inputs that the file gives for it; x.revision is the one it was written over by inputs_file_write, -1 where the file does not say.
 * Numbers are read as lang writes them. */
bool inputs_file_read(Arena *a, Lang l, Str bytes, const Scheme *s, const Units *units, SeasonInputs *out, InputFaults *faults);
/* What the file would write over something that was changed after it had been downloaded. */
void inputs_file_stale(Arena *a, const Units *units, const SeasonInputs *rows, const SeasonInputs *kept, InputFaults *faults);
bool inputs_same(const SeasonInput *x, const SeasonInput *y);          /* apart from source and revision */
/* Every unit and input of the criteria that are not left to units, with what is kept. */
MUST_USE Err inputs_file_write(Arena *a, Lang l, const Scheme *s, const Units *units, const SeasonInputs *kept, Str *out_xlsx);
/* Made-up inputs that suit the rule of a criterion, good to about that share of its points: for demonstrations and tests. */
Str season_demo_inputs(Arena *a, const SchemeCriterion *x, double share);
/* The names a criterion takes: of its rule, and NAME_se beside those whose error its rule carries; "points" where it is scored by hand. */
StrList input_names(Arena *a, Lang l, const SchemeCriterion *x);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The columnar snapshot of a round: the answers that count, as corrected, one column a variable, in a file of the data folder that any
 * query reads in place of the records. It is a copy that may be thrown away: rebuilt from the records when it is missing, broken or old. */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include "collect/collect.h"
#include "snapshot/columns.h"

/* ---- Variables ------------------------------------------------------------------------------------------------------ */
/* SNAP_CHOICE: 0 no answer, else the place of the choice in its list from 1 (u8; u16 for lists of more than 254). SNAP_MARK: one choice of
 * several, 0 the question was not answered, 1 not chosen, 2 chosen. SNAP_NUMBER: NAN no answer. */
typedef enum SnapKind { SNAP_CHOICE, SNAP_MARK, SNAP_NUMBER } SnapKind;
typedef struct SnapVariable { SnapKind kind; int node, choice; Str column; ColumnType type; } SnapVariable;   /* choice: of a mark; column: "q.B2.1" */
typedef LIST(SnapVariable) SnapVariables;
/* The variables of a questionnaire: its questions outside repeats that have choices or are numbers. */
SnapVariables snapshot_variables(Arena *a, const FormProgram *p);
int snapshot_variable(const SnapVariables *list, Str column);            /* -1: none */

/* ---- Weights, by whoever makes them ---------------------------------------------------------------------------------- */
/* By record, ids rising; n 0: the recipe gives none for these answers, and every record counts 1. stratum 0: none is known; unit 0: the record
 * is a unit of its own; post: post-stratum from 1, 0 none. */
typedef struct SnapWeights {
    size_t n; const int64_t *id; const double *weight; const uint32_t *stratum, *unit; const uint16_t *post;
    bool probability, adjusted;      /* probability: standard errors mean something; adjusted: weights meet totals of the post-strata */
} SnapWeights;
/* Asked for them when a snapshot must be made, in its read transaction. */
typedef struct SnapRecipe {
    Str key;                         /* another key, another snapshot; empty: the round has none */
    Err (*make)(void *self, Db *db, Arena *a, SnapWeights *out);
    void *self;
} SnapRecipe;

/* ---- The file -------------------------------------------------------------------------------------------------------- */
/* Columns beside the variables. Rows stand by stratum, unit and id, so that a sampling unit is one run of rows. */
#define SNAP_ID      "id"            /* u64, of the record */
#define SNAP_HASH    "hash"          /* u64, of what it says: equal, unchanged */
#define SNAP_CHANNEL "channel"       /* u8, Channel + 1 */
#define SNAP_WEIGHT  "weight"        /* f64 */
#define SNAP_STRATUM "stratum"       /* u32 */
#define SNAP_UNIT    "unit"          /* u32, sampling unit within its stratum; 2^31 and more: a record by itself */
#define SNAP_POST    "post"          /* u16 */

typedef struct Snapshot {
    ColumnFile file;
    size_t rows;
    bool   weighted, probability, adjusted;
    Str    recipe, sum;              /* key of the recipe; sum over the round's answers when it was made */
    int64_t form, withdrawn;         /* withdrawn: answers of the round withdrawn till then */
    Time   made_at;
} Snapshot;

/* Opens what there is, however old. ERR_NOT_FOUND: none, or one that is broken, which is thrown away. snapshot_close ends it, also after an error. */
MUST_USE Err snapshot_open(Arena *a, const AppInfo *app, RoundId round, Snapshot *out);
void snapshot_close(Snapshot *s);
/* Closes it and throws the file away: a column turned out to be damaged. */
void snapshot_drop(Arena *a, const AppInfo *app, RoundId round, Snapshot *s);
/* Whether it holds the round's answers as they are now, under this recipe. */
MUST_USE Err snapshot_current(Db *db, Arena *a, const Snapshot *s, const Round *r, Str recipe, bool *out);
/* Of a build: records in all, and of these how many were read anew; the others were taken from the snapshot before. */
typedef struct SnapBuilt { size_t rows, read; } SnapBuilt;
/* Makes the snapshot from one view of the records (a read transaction), taking what did not change from the one before. ERR_BUSY: the job was
 * halted. ERR_IO, ERR_FULL. */
MUST_USE Err snapshot_build(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, const SnapRecipe *recipe, SnapBuilt *out);
/* Throws away snapshots that may hold answers withdrawn since, and what writes that were cut off left. For the hourly tidying. */
MUST_USE Err snapshot_tidy(Db *db, Arena *a, const AppInfo *app);
Str snapshot_path(Arena *a, const AppInfo *app, RoundId round);

#endif

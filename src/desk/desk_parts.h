/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of the desk share beside the engine; nobody else includes this. */
#ifndef DESK_DESK_PARTS_H
#define DESK_DESK_PARTS_H

#include "desk/desk.h"
#include "desk/secret.h"
#include <math.h>
#include <stdlib.h>

/* What of a round can be asked. */
typedef enum DeskKind { DESK_NODE, DESK_ITEM, DESK_CHOICE, DESK_MARK, DESK_NUMBER } DeskKind;
/* variable: of the snapshot, -1 for nodes. node: in the plan of the method. */
typedef struct DeskThing { Str key, label; DeskKind kind; int variable, node; } DeskThing;
typedef struct DeskMenu {
    const FormProgram *p; SnapVariables variables; EditionPlan plan;
    LIST(DeskThing) things;
    LIST(DeskThing) axes;            /* key: the name of the question; variable -1: the channel */
} DeskMenu;
MUST_USE Err desk_menu(const DeskAsk *x, const Round *r, DeskMenu *out);
const DeskThing *desk_thing(const DeskMenu *m, Str key);
const DeskThing *desk_axis_thing(const DeskMenu *m, Str name);
const FormList *desk_choice_list(const DeskMenu *m, int variable);
bool desk_measure_fits(DeskKind kind, DeskMeasure m);
Str  desk_measure_code(DeskMeasure m);                   /* "satisfied": in addresses; empty is it too */

/* ---- axis.c: codes of a column to levels of a breakdown ---- */
/* Code c of the column stands for target[c].at[…]: levels from 1 with shares that add up to 1; none: not known. */
typedef struct Target { uint16_t level; double share; } Target;
typedef struct Targets { Target *at; size_t len; } Targets;
typedef struct AxisMap { Targets *target; size_t codes; bool divided; Str lost; } AxisMap;   /* lost: units that could not be placed, in words */
MUST_USE Err desk_axis(const DeskAsk *x, const DeskMenu *m, const Round *r, Str name, Str view, DeskAxis *out, AxisMap *map);
bool desk_view_day(Str view, Date today, Date *out);     /* false: not understood; DATE_NONE: as it was */

/* ---- decide.c: what may be told ---- */
/* A variable of the question, with its levels as answers name them, whatever day's units are looked at. */
typedef struct DeskSplit { Str name; DeskAxis axis; AxisMap map; } DeskSplit;
/* An item that an edition hides in one level of a split, or in level 0 altogether: the desk hides it there too, or both together would tell of it. */
typedef struct DeskShut { int item; size_t split, level; } DeskShut;

/* ---- rows.c: the columns of a snapshot as the engine wants them ---- */
/* The codes of a question by row: u8 columns as they are, wider ones at their own width. */
typedef struct Codes { const uint8_t *small; const uint16_t *wide; } Codes;
typedef struct DeskPlan {
    const DeskMenu *m; const DeskThing *thing; const DeskQuery *q;
    const DeskAxis *axis; const AxisMap *map; Str method;
    size_t categories, n_wanted; DeskWanted *wanted; Str *names;
    size_t splits; DeskSplit split[DESK_VARIABLES];      /* by name, so that equal tables are decided alike */
    LIST(DeskShut) shut;
} DeskPlan;
MUST_USE Err desk_plan(const DeskAsk *x, const DeskMenu *m, const DeskQuery *q, DeskPlan *out);
MUST_USE Err desk_rows(Arena *a, const Snapshot *s, const DeskPlan *p, DeskRows *out);
MUST_USE Err desk_codes(Arena *a, const Snapshot *s, const DeskMenu *m, Str name, Codes *out);
MUST_USE Err desk_column(Arena *a, const Snapshot *s, Str name, ColumnType type, const void **out);
size_t desk_code(const Codes *c, size_t row);
uint8_t desk_category(const DeskPlan *p, const FormList *list, size_t choice);     /* from 1; 0: none */
/* Variables of the plan's question, from its axes and filters, and what editions of the round hide of them. */
MUST_USE Err desk_splits(const DeskAsk *x, const Round *r, DeskPlan *p);
/* Sets out->show. ERR_TOO_LARGE, ERR_CONFLICT: of secret.h. */
MUST_USE Err desk_decide(Arena *a, const Snapshot *s, const DeskPlan *p, DeskRows *out);

/* ---- cache.c: results of this process, by what they were computed from ---- */
typedef struct DeskKey { uint8_t at[32]; } DeskKey;
DeskKey desk_key(const Snapshot *s, const DeskPlan *p);
bool desk_cached(Arena *a, const DeskKey *key, DeskResult *out);
void desk_cache(const DeskKey *key, const DeskResult *r);

/* ---- table.c ---- */
/* The snapshot of a round, made first where that is quick. s is closed by the caller in any case. old: it is not the answers of now. none: there is none. */
MUST_USE Err desk_recipe_key(Db *db, Arena *a, RoundId round, Str *out);       /* another key, other weights */
MUST_USE Err desk_snapshot(const DeskAsk *x, const Round *r, const FormProgram *p, Snapshot *s, bool *old, bool *none);
MUST_USE Err desk_result(const DeskAsk *x, const Snapshot *s, const DeskPlan *p, DeskResult *out);
Str  desk_show_text(Lang l, const DeskFigure *f);        /* why there is no figure */

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Changes of units as rules: an act is tried on a tree in memory, which yields the edits to save and, where it
 * cannot be done, the faults a person can mend. Nothing is saved here; the same code makes the preview and the act. */
#ifndef ORG_UNIT_PLAN_H
#define ORG_UNIT_PLAN_H

#include "org/unit.h"

typedef enum UnitFaultKind {
    UNIT_FAULT_NAME_MISSING, UNIT_FAULT_TEXT_LONG, UNIT_FAULT_TEXT_BAD, UNIT_FAULT_CODE_MISSING, UNIT_FAULT_CODE_BAD,
    UNIT_FAULT_CODE_DIGITS, UNIT_FAULT_CODE_TAKEN, UNIT_FAULT_KIND_UNKNOWN, UNIT_FAULT_PARENT_MISSING,
    UNIT_FAULT_PARENT_UNKNOWN, UNIT_FAULT_PARENT_ENDED, UNIT_FAULT_PARENT_CYCLE, UNIT_FAULT_PARENT_KIND,
    UNIT_FAULT_DATE_MISSING, UNIT_FAULT_DATE_BAD, UNIT_FAULT_DATE_BEFORE, UNIT_FAULT_ENDED, UNIT_FAULT_SAME_DAY,
    UNIT_FAULT_LATER_CHANGES, UNIT_FAULT_NOTHING, UNIT_FAULT_SHARE_RANGE, UNIT_FAULT_SHARES_SUM, UNIT_FAULT_TOO_FEW,
    UNIT_FAULT_TWICE, UNIT_FAULT_KINDS_DIFFER, UNIT_FAULT_HAS_CHILDREN, UNIT_FAULT_CHILD_NOWHERE, UNIT_FAULT_UNIT_UNKNOWN,
    UNIT_FAULT_OUT_OF_SCOPE, UNIT_FAULT_ROOT,
    /* of files */
    UNIT_FAULT_FILE_EMPTY, UNIT_FAULT_FILE_BROKEN, UNIT_FAULT_FILE_ROWS, UNIT_FAULT_COLUMN_UNKNOWN, UNIT_FAULT_COLUMN_MISSING,
    UNIT_FAULT_COLUMN_TWICE, UNIT_FAULT_CELLS_TOO_MANY, UNIT_FAULT_ROW_TWICE,
    UNIT_FAULT_COUNT
} UnitFaultKind;

/* field: name of the form field or column. line and column are of a file, 0 elsewhere. */
typedef struct UnitFault { UnitFaultKind kind; Str field, value, other; Date date; size_t row; int line, column; } UnitFault;
typedef LIST(UnitFault) UnitFaults;
Str unit_fault_key(UnitFaultKind kind);                        /* catalogue key */
Str unit_fault_text(Arena *a, Lang l, const UnitFault *f);

typedef enum UnitEditKind { UNIT_EDIT_CREATE, UNIT_EDIT_OPEN, UNIT_EDIT_CLOSE, UNIT_EDIT_END, UNIT_EDIT_SUCCESSION } UnitEditKind;
/* CREATE unit, kind, from · OPEN version from..to · CLOSE the version that began on from, at to · END at to, source · SUCCESSION */
typedef struct UnitEdit {
    UnitEditKind kind; UnitId unit; UnitKind unit_kind; Date from, to;
    UnitDraft version;                                         /* OPEN: parent, code, names, subtype, source */
    Str source; Succession succession;
} UnitEdit;
typedef LIST(UnitEdit) UnitEdits;

struct UnitTree;
typedef struct UnitPlan { Arena *a; struct UnitTree *tree; UnitEdits edits; UnitFaults faults; } UnitPlan;

/* Makes other acts on units wait until this transaction is over: call it before unit_plan_open when the plan will be saved. */
MUST_USE Err unit_plan_lock(Db *db);
/* Reads all units into a; the plan may then be changed freely. */
MUST_USE Err unit_plan_open(Db *db, Arena *a, UnitPlan *out);
/* Saves the edits in the open write transaction. ERR_INVALID with faults. */
MUST_USE Err unit_plan_save(Db *db, UnitPlan *p);

/* Each returns true and adds edits, or adds faults and leaves the plan as it was (of merge and split: discard it).
 * on is the first day on which the change holds. */
bool unit_plan_create(UnitPlan *p, const UnitDraft *d, Date on, UnitId *out);
/* A new period with what d gives; empty fields and parent 0 stay as they are. */
bool unit_plan_change(UnitPlan *p, UnitId id, const UnitDraft *d, Date on);
/* The same, but names, code and subtype are as given, empty ones too. */
bool unit_plan_replace(UnitPlan *p, UnitId id, const UnitDraft *d, Date on);
/* Old units end on that day and go whole into one: a new unit, or (into_existing) one that lives on. Units
 * below them go on under that one. */
bool unit_plan_merge(UnitPlan *p, const UnitId *old, size_t n, const UnitDraft *into, UnitId into_existing, Date on, UnitId *out);
/* One unit ends and is divided. home[i] says which part the i-th of its children (unit_children on that day) goes to. */
typedef struct UnitSplit { UnitId old; const UnitDraft *parts; const double *shares; size_t n; Str basis; const size_t *home; size_t homes; } UnitSplit;
bool unit_plan_split(UnitPlan *p, const UnitSplit *s, Date on, UnitId *out_ids);
/* The unit ends without successor. with_children: all that lives below it ends too. */
bool unit_plan_abolish(UnitPlan *p, UnitId id, Date on, Str reason, bool with_children);

/* May a unit of this kind stand directly below one of that kind? */
bool unit_kind_below(UnitKind above, UnitKind kind);
/* The tree of the plan as it will be, for previews. */
bool unit_plan_unit(const UnitPlan *p, Arena *a, UnitId id, Date on, Unit *out);

#endif

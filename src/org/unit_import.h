/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of units from CSV: every row becomes a change on a plan; all of it is carried out, or nothing. */
#ifndef ORG_UNIT_IMPORT_H
#define ORG_UNIT_IMPORT_H

#include "org/unit_plan.h"

enum { UNIT_IMPORT_BYTES = 8 << 20, UNIT_IMPORT_ROWS = 20000, UNIT_IMPORT_FAULTS = 200 };

/* Headings are read in English and in Vietnamese, in any order; only kind and code must be there. */
typedef enum UnitColumn {
    UNIT_COLUMN_KIND, UNIT_COLUMN_CODE, UNIT_COLUMN_NAME_VI, UNIT_COLUMN_NAME_EN, UNIT_COLUMN_SUBTYPE, UNIT_COLUMN_PARENT_KIND,
    UNIT_COLUMN_PARENT_CODE, UNIT_COLUMN_FROM, UNIT_COLUMN_END, UNIT_COLUMN_FORMER, UNIT_COLUMN_SOURCE, UNIT_COLUMN_COUNT
} UnitColumn;
Str unit_column_name(UnitColumn column, Lang l);               /* "parent_code", "mã cấp trên" */
Str unit_column_help(UnitColumn column, Lang l);               /* what to write there */
Str unit_kind_word(UnitKind kind, Lang l);                     /* as written in files: "commune", "xã" */
bool unit_kind_word_parse(Str word, UnitKind *out);            /* either language */

/* A day as people write it: 2027-01-31 or 31/1/2027; empty is DATE_NONE. */
bool unit_day_typed(Str s, Date *out);

/* Row by row:
 * - former codes, two or more: those units end on the day before and go whole into the new unit of this row;
 * - former code, one: the same unit takes the new code and whatever else differs;
 * - a unit that carries the code on that day: what differs opens a new period; nothing differs: nothing happens;
 * - otherwise a new unit, under the named one or under scope;
 * - an end day: the unit no longer exists from that day. */
typedef enum UnitImportAct { UNIT_IMPORT_CREATE, UNIT_IMPORT_CHANGE, UNIT_IMPORT_MERGE, UNIT_IMPORT_END, UNIT_IMPORT_SAME, UNIT_IMPORT_ACTS } UnitImportAct;
typedef struct UnitImportDiff { Str what, before, after; } UnitImportDiff;   /* what: column name in English */
typedef struct UnitImportItem {
    int line; UnitImportAct act; UnitId unit; UnitKind kind; Str code, name; Date on;
    LIST(UnitImportDiff) diffs;
} UnitImportItem;
typedef struct UnitImport {
    UnitPlan plan;                                             /* plan.faults: what to mend, with line and column */
    LIST(UnitImportItem) items;
    int64_t count[UNIT_IMPORT_ACTS];
    bool more_faults;                                          /* reading stopped at UNIT_IMPORT_FAULTS */
} UnitImport;
/* Reads the bytes and tries everything; an Err is the database's. Save with unit_plan_save when there are no faults. */
MUST_USE Err unit_import_try(Db *db, Arena *a, Str bytes, UnitId scope, UnitImport *out);

/* The heading row, for people to fill in. */
Str unit_import_template(Arena *a, Lang l);
/* All units that live on a day, in the same columns; kind UNIT_KIND_COUNT: every kind. */
MUST_USE Err unit_export(Db *db, Arena *a, UnitKind kind, Date on, Lang l, Str *out);

/* ---- Files as received --------------------------------------------------------------------------- */
typedef struct UnitUpload { int64_t id; Time made_at, applied_at; PersonId person; Str file_name, body; UnitId scope; } UnitUpload;
MUST_USE Err unit_upload_save(Db *db, UnitUpload *u);          /* sets id */
MUST_USE Err unit_upload_load(Db *db, Arena *a, int64_t id, UnitUpload *out);
MUST_USE Err unit_upload_applied(Db *db, int64_t id, Time now);/* ERR_CONFLICT when it was applied before */

#endif

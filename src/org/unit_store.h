/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside org: the database side of units. */
#ifndef ORG_UNIT_STORE_H
#define ORG_UNIT_STORE_H

#include "org/unit_plan.h"
#include "org/unit_tree.h"

/* Open beginnings and ends are kept as 0001-01-01 and 9999-12-31. */
void bind_from_day(Stmt *q, int at, Date d);
void bind_to_day(Stmt *q, int at, Date d);
/* Changes with every change of units; random, so that no two states of any database share one. */
MUST_USE Err unit_stamp(Db *db, int64_t *out);
MUST_USE Err unit_stamp_renew(Db *db);
/* All units, as this connection sees them now. */
MUST_USE Err unit_tree_read(Db *db, Arena *a, UnitTree *out);
MUST_USE Err unit_edits_save(Db *db, const UnitEdits *edits);

/* The tree kept in memory; refs and used belong to unit_snapshot.c. */
typedef struct UnitSnapshot { int refs; int64_t stamp; uint64_t used; Arena arena; UnitTree tree; } UnitSnapshot;
MUST_USE Err unit_snapshot_take(Db *db, UnitSnapshot **out);
void unit_snapshot_drop(UnitSnapshot **s);
/* const UnitTree *tree, held to the end of the block. */
#define UNIT_TREE(db)                                                                              \
    AUTO(unit_snapshot_drop) UnitSnapshot *snapshot_ = NULL;                                       \
    TRY(unit_snapshot_take((db), &snapshot_));                                                     \
    const UnitTree *tree = &snapshot_->tree

#endif

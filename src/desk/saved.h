/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables kept under a name: rows, and what their pages show. */
#ifndef DESK_SAVED_H
#define DESK_SAVED_H

#include "desk/pages.h"

MUST_USE Err desk_saved_insert(Db *db, DeskSaved *s);                    /* id is set here */
MUST_USE Err desk_saved_update(Db *db, const DeskSaved *s);              /* name, shared */
MUST_USE Err desk_saved_remove(Db *db, int64_t id);

enum { SAVED_NAME_MOST = 120 };
typedef struct SavedRow { DeskSaved s; Str round, owner, open, href; bool mine; } SavedRow;
typedef struct SavedPage { LIST(SavedRow) rows; } SavedPage;
typedef struct SavedOne { SavedRow row; Str name, action, remove, token; bool may_change; FieldErrors errors; } SavedOne;

Err desk_saved_page(Ctx *c);
Err desk_save_action(Ctx *c);
Err desk_saved_one_page(Ctx *c);
Err desk_saved_one_action(Ctx *c);
Err desk_saved_remove_page(Ctx *c);
Err desk_saved_remove_action(Ctx *c);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Methods that are kept: rows, versions, approval, routes. */
#ifndef METHOD_STORE_H
#define METHOD_STORE_H

#include "method/method.h"

/* A method in lists. id 0: shipped with the program, approved, of the nation. */
typedef struct MethodRow {
    int64_t id; Str ref, code; int64_t version; UnitId unit; Str title[LANG_COUNT], from_ref;
    int64_t revision; Time made_at, changed_at, approved_at; PersonId made_by, approved_by; bool shipped;
} MethodRow;
typedef LIST(MethodRow) MethodRows;

/* Kept and shipped ones, by code, newest version first; a kept one of the same name hides the shipped. */
MUST_USE Err method_list(Db *db, Arena *a, MethodRows *out);
MUST_USE Err method_row(Db *db, Arena *a, int64_t id, MethodRow *out);                    /* ERR_NOT_FOUND */
MUST_USE Err method_row_of(Db *db, Arena *a, Str ref, MethodRow *out);                    /* the same by name, shipped too */
MUST_USE Err method_body(Db *db, Arena *a, int64_t id, SurveyMethod *out);
MUST_USE Err method_holder(Db *db, Str code, UnitId *out);        /* who holds its latest version; the nation for shipped ones; 0: a free code */
/* Adds m as the next version of its code; id, ref, version are set here. */
MUST_USE Err method_add(Db *db, Arena *a, const SurveyMethod *m, MethodRow *row);
/* ERR_CONFLICT: approved, or changed since revision. */
MUST_USE Err method_change(Db *db, Arena *a, const SurveyMethod *m, MethodRow *row);
MUST_USE Err method_approve(Db *db, Arena *a, MethodRow *row, PersonId by, Time now);      /* ERR_CONFLICT: approved already */
MUST_USE Err method_remove(Db *db, Arena *a, const MethodRow *row);                        /* a draft; ERR_CONFLICT: approved */
bool method_code_good(Str code);                                                           /* 2-40 of a-z 0-9 '-' */

extern const Route method_console_routes[];

#endif

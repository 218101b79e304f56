/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside of the store module: which tables there are, for check, backup and restore. */
#ifndef STORE_TABLES_H
#define STORE_TABLES_H

#include "store/store_driver.h"

enum { COLUMN_KEYS_MOST = 16 };
typedef struct Table { Str name; StrList columns, key; } Table;          /* key: columns of the primary key */
typedef LIST(Table) Tables;
/* By name; without schema_versions, which migrations write, and without tables of the database itself. */
MUST_USE Err tables_list(Db *db, Arena *a, Tables *out);
const Table *tables_find(const Tables *all, Str name);
Str name_quoted(Arena *a, Str name);                                     /* "name" */
Str names_quoted(Arena *a, const StrList *names);                        /* "a", "b" */

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes that are kept: rows, versions, what changed between two; their pages in the console. */
#ifndef SCHEME_STORE_H
#define SCHEME_STORE_H

#include "scheme/scheme.h"
#include "web/web.h"

typedef struct SchemeId { int64_t v; } SchemeId;
typedef struct SchemeRow {
    SchemeId id;
    UnitId   unit;
    Str      code, title, unit_kind, label;
    int      year;
    double   points;
    int64_t  criteria, leaves, version;
    SchemeId copied_from;                  /* 0: none */
    PersonId made_by, locked_by;
    Time     made_at, locked_at;           /* locked_at 0: open */
} SchemeRow;
typedef LIST(SchemeRow) SchemeRows;
typedef struct SchemeVersion { int64_t version; Str reason; PersonId made_by; Time made_at; } SchemeVersion;
typedef LIST(SchemeVersion) SchemeVersions;

MUST_USE Err scheme_list(Db *db, Arena *a, SchemeRows *out);                       /* newest year first, then by title */
MUST_USE Err scheme_load(Db *db, Arena *a, SchemeId id, SchemeRow *out);           /* ERR_NOT_FOUND */
/* Its definition, settled. version 0: the newest. work is another arena than a. ERR_CONFLICT: kept by a version of the program that
 * asked less of schemes, and refused by this one; the detail names the first fault. */
MUST_USE Err scheme_definition(Db *db, Arena *a, Arena work, SchemeId id, int64_t version, Scheme *out);
/* The same, its faults told instead: *out is good without any. */
MUST_USE Err scheme_definition_read(Db *db, Arena *a, Arena work, SchemeId id, int64_t version, Scheme *out, SchemeFaults *faults);
MUST_USE Err scheme_definition_text(Db *db, Arena *a, SchemeId id, int64_t version, Str *out);      /* as it is kept: JSON */
MUST_USE Err scheme_versions(Db *db, Arena *a, SchemeId id, SchemeVersions *out);  /* newest first */
/* A new scheme (row->id 0) or its next version; row says whose and who, the rest comes out of s. ERR_CONFLICT: the owner has another
 * of that code. */
MUST_USE Err scheme_save(Db *db, Arena *a, const Scheme *s, Str reason, SchemeRow *row);
MUST_USE Err scheme_lock(Db *db, SchemeId id, PersonId by, Time at);               /* a locked one stays as it is */
/* Shipped demonstrations into an empty list: national ones for the nation, local ones for a province. */
MUST_USE Err scheme_demo(Db *db, Arena *a, UnitId province, Time now);

/* ---- Years (years.c) --------------------------------------------------------------------------------- */
/* The same for another year: fixed due days move by whole years, the year within code and title is replaced. */
void scheme_for_year(Arena *a, Scheme *s, int year);

typedef enum SchemeChangeKind {
    SCHEME_ADDED, SCHEME_REMOVED, SCHEME_NAME, SCHEME_PLACE, SCHEME_POINTS, SCHEME_RULE, SCHEME_METHOD, SCHEME_EVIDENCE
} SchemeChangeKind;
typedef struct SchemeChange { SchemeChangeKind kind; Str code, name, before, after; } SchemeChange;
typedef LIST(SchemeChange) SchemeChanges;
/* What differs, criterion by criterion, in the order of the newer one; removed ones last. */
void scheme_changes(Arena *a, Lang l, const Scheme *from, const Scheme *to, SchemeChanges *out);
Str  scheme_change_text(Lang l, SchemeChangeKind kind);

extern const Route scheme_draft_routes[];            /* before those of schemes */
extern const Route scheme_console_routes[];

#endif

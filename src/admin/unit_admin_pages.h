/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Models that the console views of units show. */
#ifndef ADMIN_UNIT_ADMIN_PAGES_H
#define ADMIN_UNIT_ADMIN_PAGES_H

#include "admin/unit_admin.h"

typedef struct UnitConsoleLine { Unit u; Str href, kind, above; } UnitConsoleLine;
typedef struct UnitConsolePage {
    Str title, kind, q, on_typed, on_error, action, import_href, public_href;
    Date on;
    int64_t counts[UNIT_KIND_COUNT];
    Unit u;
    LIST(UnitConsoleLine) lines;
    LIST(TabItem) acts;
    UnitEvents events;
} UnitConsolePage;

typedef struct UnitMergePage {
    UnitActPage act;
    UnitKind kind;
    LIST(TabItem) kinds;
    Choices old;                       /* the units below, checked ones chosen */
    Choices targets;                   /* one of them may go on */
    UnitId into;
} UnitMergePage;

enum { UNIT_PARTS_MAX = 8 };
typedef struct UnitSplitPage {
    UnitActPage act;
    size_t n;
    UnitForm parts[UNIT_PARTS_MAX];
    Str basis;
    Units children;
    size_t *home;                           /* per child: part, or n: not chosen yet */
    LIST(TabItem) counts;                   /* how many parts */
} UnitSplitPage;

typedef struct UnitImportLine { int line; TagKind tag_kind; Str act, name, kind, code, on; StrList diffs; } UnitImportLine;
typedef struct UnitImportFault { int line, column; Str column_name, text; } UnitImportFaultLine;
typedef struct UnitImportPage {
    UnitActPage act;
    Str file_error, file_name, template_href, export_href;
    LIST(UnitImportLine) lines;
    LIST(UnitImportFaultLine) faults;
    bool more_faults, applied;
    int64_t counts[UNIT_IMPORT_ACTS];
} UnitImportPage;

#endif

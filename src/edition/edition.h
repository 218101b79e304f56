/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frozen, numbered publications: figures, open package, seal, list of changes, verification. */
#ifndef EDITION_EDITION_H
#define EDITION_EDITION_H

#include "collect/collect.h"

/* One figure, as in the public JSON: {"name","label","unit","domain":{…},"n","value","se","low","high","suppressed"}. */
typedef struct Figure {
    Str name, label_vi, label_en, unit;          /* "b2_1", "Tiếp cận dịch vụ", "%" */
    Str by, value;                               /* domain: "province" = "24"; empty: all */
    int64_t n;
    double x, se, low, high;                     /* NAN: undefined */
    bool suppressed;
} Figure;
typedef LIST(Figure) Figures;

typedef struct EditionRow { EditionId id; RoundId round; int number; Str title, label, method, reason, package_sha, fingerprint; Time published_at; int64_t n; bool simulated; EditionId superseded_by; } EditionRow;
typedef LIST(EditionRow) EditionRows;
MUST_USE Err edition_list(Db *db, Arena *a, EditionRows *out);           /* newest first */
MUST_USE Err edition_load(Db *db, Arena *a, EditionId id, EditionRow *out);
MUST_USE Err edition_figures(Db *db, Store *s, Arena *a, EditionId id, Figures *out);
/* Publishes a round (number 1) or a correction (next number, reason required). */
MUST_USE Err edition_publish(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId round, Str reason, PersonId by, Time now, EditionId *out);
/* Recomputes from the package alone. out: one line a finding; empty = agrees. */
typedef struct EditionVerdict { bool ok; Str fingerprint, title; int number; StoreFaults faults; } EditionVerdict;
MUST_USE Err edition_verify(Arena *a, Str zip_bytes, Str pinned_key, EditionVerdict *out);

extern const Route edition_public_routes[], edition_console_routes[], edition_api_routes[];

#endif

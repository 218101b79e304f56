/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The registry: indices that people register here, whose figures are typed from a source. Corrections are new sheets; nothing is overwritten. */
#ifndef INDICES_REGISTRY_H
#define INDICES_REGISTRY_H

#include "indices/parts.h"
#include "view/component.h"

typedef struct RegistryIndex {
    int64_t  id;
    UnitId   owner;
    UnitKind kind;                                 /* of the units that are scored */
    Str      code, name[LANG_COUNT], about[LANG_COUNT], value[LANG_COUNT];
    double   max_points;                           /* figures lie from 0 to this; higher is better */
    PersonId made_by;
    Time     made_at;
} RegistryIndex;
typedef LIST(RegistryIndex) RegistryIndices;

typedef struct RegistrySheet {
    int64_t  index;
    int      year;
    int64_t  revision;
    Str      source, url, reason;
    Date     day;
    PersonId by;
    Time     at;
} RegistrySheet;
typedef LIST(RegistrySheet) RegistrySheets;

typedef struct RegistryFigure { int year; int64_t revision; UnitId unit; double score; } RegistryFigure;   /* NAN: taken back */
typedef LIST(RegistryFigure) RegistryFigures;

/* ---- Rules (registry_rules.c) ------------------------------------------------------------------------------ */
bool registry_code_good(Str code);                 /* small letters, digits, hyphens; begins with a letter; 2 to 40; no word of an address */
bool registry_local(UnitKind k);                   /* units that one province scores */
/* A figure as typed: false when it is no number, lies off the scale or has more than 4 decimals. */
bool registry_score_parse(Lang l, Str typed, double max, double *out);
Str  registry_score_text(Arena *a, Lang l, double x);                      /* as many decimals as it has; NAN: empty */
/* The figure of a unit in rows that rise by revision, before that revision (0: the newest); NULL: none. */
const RegistryFigure *registry_figure(const RegistryFigures *f, int year, UnitId unit, int64_t before);
Date registry_day(int year, Date today);           /* the day whose units a year has: its last, or today */

/* ---- Store (registry_store.c) ------------------------------------------------------------------------- */
MUST_USE Err registry_list(Db *db, Arena *a, RegistryIndices *out);                            /* by name */
MUST_USE Err registry_load(Db *db, Arena *a, int64_t id, RegistryIndex *out);                  /* ERR_NOT_FOUND */
MUST_USE Err registry_code_taken(Db *db, Str code, bool *out);                                 /* by files, too */
MUST_USE Err registry_add(Db *db, const RegistryIndex *x);
MUST_USE Err registry_change(Db *db, const RegistryIndex *x);                                  /* names and words; nothing else changes */
MUST_USE Err registry_sheets(Db *db, Arena *a, int64_t index, RegistrySheets *out);            /* newest first */
MUST_USE Err registry_figures(Db *db, Arena *a, int64_t index, RegistryFigures *out);          /* by year, unit, revision */
MUST_USE Err registry_revision(Db *db, int64_t index, int year, int64_t *out);                 /* 0: nothing entered */
/* Keeps a sheet with the figures it changes. ERR_CONFLICT when sheet->revision is not the next. */
MUST_USE Err registry_keep(Db *db, Arena *a, const RegistrySheet *sheet, const RegistryFigures *changed);

/* What is registered and has figures, behind what the files give. A code of the files wins. unit 0: all. */
MUST_USE Err registry_join_indices(Db *db, Arena *a, PublishedIndices *io);
MUST_USE Err registry_join_values(Db *db, Arena *a, Str code, UnitId unit, PublishedValues *io);
MUST_USE Err registry_join_sources(Db *db, Arena *a, PublishedSources *io);

/* ---- Pages (registry_pages.c, registry_entry.c) --------------------------------------------------------- */
typedef struct RegistryLine { const RegistryIndex *x; Str owner, kind, href; } RegistryLine;
typedef struct RegistryListView { LIST(RegistryLine) rows; bool may_add; } RegistryListView;

typedef struct RegistryForm {
    int64_t id;                                    /* 0: a new one */
    Str     title, action, back_href, token, seen, code, max, name[LANG_COUNT], about[LANG_COUNT], value[LANG_COUNT];
    Choices owners, kinds;
    FieldErrors errors;
} RegistryForm;

typedef struct RegistryMove { Str unit, before, after; } RegistryMove;
typedef struct RegistryEntry { const RegistrySheet *s; Str title, by; bool link; LIST(RegistryMove) moves; } RegistryEntry;
typedef struct RegistryShow {
    const RegistryIndex *x;
    Str  base, public_href;                        /* public_href empty: no figure yet */
    bool may_manage;
    int  year;                                     /* offered for entering */
    LIST(SummaryRow) facts;
    LIST(RegistryEntry) entries;
} RegistryShow;

typedef struct RegistryCell { Str box, unit, typed, now, error; } RegistryCell;
typedef struct RegistryValues {
    const RegistryIndex *x;
    int     year;
    int64_t revision;                              /* the newest one the person has seen */
    Str     title, action, back_href, token, max, source, url, reason;
    TypedDate day;
    bool    from_file;                             /* boxes hold what a file says; nothing is kept yet */
    bool    meanwhile;                             /* somebody else entered figures since the page was opened */
    LIST(RegistryCell) cells;
    FieldErrors errors;
} RegistryValues;

Str registry_kind_text(Lang l, UnitKind k);
MUST_USE Err registry_of_path(Ctx *c, Right right, RegistryIndex *out);
MUST_USE Err registry_values_page(Ctx *c);
MUST_USE Err registry_values_action(Ctx *c);
/* The page of a year with what is kept in its boxes; good false: answered already, the year is none. */
MUST_USE Err registry_values_open(Ctx *c, const RegistryIndex *x, Str year, RegistryValues *out, Units *units, bool *good);
MUST_USE Err registry_values_show(Ctx *c, RegistryValues *v, int status);
/* registry_file.c */
void registry_file_fill(Ctx *c, RegistryValues *v, const Units *units, Str bytes);
MUST_USE Err registry_file_action(Ctx *c);
MUST_USE Err registry_file_template(Ctx *c);

#endif

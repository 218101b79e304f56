/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* All units with all their periods, in memory: 4,300 rows take about two megabytes. Pure: no SQL here.
 * unit_store.c fills it; rules change a private copy and note the edits; look-ups read it. */
#ifndef ORG_UNIT_TREE_H
#define ORG_UNIT_TREE_H

#include "org/unit.h"
#include "org/unit_period.h"

/* What holds of one unit during one period. */
typedef struct UnitVersion {
    Period when;
    UnitId parent;                       /* 0: a root */
    Str code, name_vi, name_en, full_name_vi, subtype, source;   /* full_name_vi empty: made when read */
    Str fold, order;                     /* folded name for search; sort key of the name */
} UnitVersion;

typedef struct UnitLife {
    UnitId id;
    UnitKind kind;
    Period when;
    Str end_source;
    LIST(UnitVersion) versions;          /* by from; they follow each other without gap */
} UnitLife;

typedef struct UnitCode { UnitKind kind; Str code; UnitId unit; Period when; } UnitCode;
typedef struct UnitKin { UnitId parent, child; } UnitKin;    /* in some period: which one, the child's versions say */

typedef struct UnitTree {
    LIST(UnitLife) lives;                /* by id */
    LIST(UnitCode) codes;                /* by kind, code */
    LIST(UnitKin) kin;                   /* by parent, child */
    Successions successions;
} UnitTree;

/* ---- Filling. Text is not copied: it must live as long as the tree. work takes what is needed for the
 * moment; it may be a itself. --------------------------------------------------------------------- */
UnitLife *tree_add_life(Arena *a, UnitTree *t, UnitId id, UnitKind kind, Period when);
void tree_add_version(Arena *a, Arena *work, UnitTree *t, UnitLife *life, const UnitVersion *v);
void tree_close_version(UnitTree *t, UnitLife *life, size_t at, Date on);

/* ---- Reading ------------------------------------------------------------------------------------ */
UnitLife *tree_life(const UnitTree *t, UnitId id);                          /* NULL: no such unit */
const UnitVersion *life_on(const UnitLife *life, Date on);                  /* on the nearest day of its life; NULL without versions */
/* The unit that carries the code on that day; NULL when none does. */
UnitLife *tree_by_code(const UnitTree *t, UnitKind kind, Str code, Date on);
/* Another unit of the kind that carries the code on some day of the period; NULL when none does. Codes of the n
 * units in ending are free. */
UnitLife *tree_code_clash(const UnitTree *t, UnitKind kind, Str code, Period when, UnitId but, const UnitId *ending, size_t n);
/* Units that live on that day and whose parent is parent (0: roots), or of one kind; in Vietnamese order, with children counted. */
void tree_children(const UnitTree *t, Arena *a, UnitId parent, Date on, Units *out);
void tree_list(const UnitTree *t, Arena *a, UnitKind kind, Date on, Units *out);
void tree_path(const UnitTree *t, Arena *a, UnitId id, Date on, Units *out);
UnitId tree_branch(const UnitTree *t, UnitId unit, UnitId top, Date on);
bool tree_within(const UnitTree *t, UnitId unit, UnitId ancestor, Date on);
bool tree_has_children(const UnitTree *t, UnitId id, Date on);
/* A unit as it is on a day; text is copied into a. */
Unit tree_unit(const UnitTree *t, Arena *a, const UnitLife *life, Date on);
void tree_search(const UnitTree *t, Arena *a, Str q, Date on, int limit, Units *out);
void tree_history(const UnitTree *t, Arena *a, const UnitLife *life, UnitEvents *out);
void tree_code_holders(const UnitTree *t, Arena *a, UnitKind kind, Str code, CodeHolders *out);

/* "Tỉnh Bắc Ninh" from "tỉnh" and "Bắc Ninh"; the name alone when there is no subtype or the name is whole (ministries). */
Str unit_full_name(Arena *a, UnitKind kind, Str subtype, Str name_vi);

enum { UNIT_DEPTH_MAX = 12 };            /* guards walks against broken data */

#endif

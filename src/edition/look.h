/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The figures of an edition or of a running round as a tree of contents, for pages of other modules. Nothing here hides or shows: figures are
 * hidden before they come here. */
#ifndef EDITION_LOOK_H
#define EDITION_LOOK_H

#include "edition/edition.h"
#include "method/method.h"
#include "stats/compare.h"
#include "view/chart.h"
#include "view/component.h"

/* An index, a content, a factor or an item: whatever has figures of everybody. The method says what lies below what. */
typedef struct LookNode { Str code; const Figure *whole; int parent, depth, children; bool item; } LookNode;      /* parent -1: the top, or loose */
typedef struct Look {
    Figures figures;                 /* a slice of the caller's */
    const Figure **slots; size_t slot_count;             /* by name and domain */
    Str     main;                    /* the measure that is the method's index: "index" where there is one, else "satisfied" */
    Str     place;                   /* the question whose answers are provinces; empty: none */
    LIST(LookNode) nodes;            /* in the order of the figures: parents first */
    int     top;                     /* the index that heads the method; -1: no item of the method was asked */
    Units   provinces;               /* of that day, those with figures */
    bool    intervals;               /* some figure has one */
    bool    weighted, simulated;     /* set by the caller */
} Look;
/* The question whose answers are codes of provinces: the one asked for if figures stand by it, else the one with the most of them; empty: none. */
Str  look_place(const Figures *f, const Units *provinces, Str asked);
/* place: as look_place takes it. Everything lies in a or where f, how and provinces do. */
void look_make(Arena *a, const Figures *f, const SurveyMethod *how, Str place, const Units *provinces, Look *out);
/* The same by the code of a method, with the provinces of that day. */
MUST_USE Err look_open(Db *db, Arena *a, const Figures *f, Str method, Str place, Date on, Look *out);
/* province empty: of everybody. NULL: there is none. */
const Figure *look_figure(const Look *l, Str measure, Str code, Str province);
const Figure *look_main(const Look *l, Str code, Str province);         /* its index, by the method */
Str  look_label(const Figure *f, Lang l);
bool look_shown(const Figure *f);                              /* there is a value that may be told */
int  look_node(const Look *l, Str code);                       /* -1: none */
size_t look_head(const Look *l);                               /* the top; where there is none, the first; of a look with nodes */
bool look_likert(const Look *l, Lang lang, Str code, LikertRow *out);       /* steps of everybody; false: not asked so */
/* Ranks that cannot be told from a province's own (pairwise tests, Holm), by index of look.provinces; 0: none. Provinces are strata, so nothing
 * is shared between them. */
typedef struct LookRank { int low, high; } LookRank;
LookRank *look_ranks(const Look *l, Arena *a, Str code);
/* As on the tile map ("TP. Hồ Chí Minh"); a code may have been another's, so only where the tile is that province. */
Str  look_province_name(const Unit *u, Lang l);
bool look_mapped(const Units *provinces);                      /* each has its own tile: units of another day do not stand on today's map */

/* ---- Changes (change.c) ------------------------------------------------------------------------------------------------- */
/* x is of an earlier round by the same method and owner, simulated like e; the latest of its corrections. */
bool edition_precedes(const EditionRow *x, const EditionRow *e);
/* All of them, the round last before e first. */
MUST_USE Err editions_before(Db *db, Arena *a, const EditionRow *e, EditionRows *out);
/* When it was asked, told apart from another: "2026", or "11/2026" where both are of one year. */
Str  edition_when(Arena *a, const EditionRow *e, const EditionRow *other);
MUST_USE Err look_edition(Db *db, Store *s, Arena *a, const EditionRow *e, Look *out);
/* A unit's place among the provinces of another day, by what it is and not by its code, which another may have carried; -1: it did not exist then. */
int  province_then(const Units *then, const Unit *u);
/* The index, content or factor of a unit as it is today (NULL: of everybody) in a look at any day; NULL: it has none, or did not exist. */
const Figure *look_of_unit(const Look *l, Str code, const Unit *u);
/* Indices of provinces since before, by now->provinces; signs hold for all of them together. x NAN: one of the two is not told. */
StatsChange *look_province_changes(Arena *a, const Look *now, const Look *before);
/* Figures of a province (empty: of everybody) by now->nodes. The head is tested alone, that of a province among the provinces; contents and factors
 * together; questions have none. */
StatsChange *look_node_changes(Arena *a, const Look *now, const Look *before, Str province);

/* In words with a sign: "tăng 0,86 điểm %"; empty text: nothing to compare. */
typedef struct ChangeTag { Str text; TagKind kind; Icon shape; } ChangeTag;
ChangeTag look_change_tag(Arena *a, Lang l, const StatsChange *c);
/* Provinces at the two times with title and finding; n 0: none can be compared. The caller sets id, note and file. */
SlopeChart look_slope(Arena *a, Lang l, const Look *now, const StatsChange *moved, const EditionRow *e, const EditionRow *before);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The figures of an edition or of a running round as a tree of contents, for pages of other modules. Nothing here hides or shows: figures are
 * hidden before they come here. */
#ifndef EDITION_LOOK_H
#define EDITION_LOOK_H

#include "edition/edition.h"
#include "method/method.h"
#include "view/chart.h"

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
bool look_likert(const Look *l, Out *o, Str code, LikertRow *out);       /* steps of everybody; false: not asked so */
/* Ranks that cannot be told from a province's own (pairwise tests, Holm), by index of look.provinces; 0: none. Provinces are strata, so nothing
 * is shared between them. */
typedef struct LookRank { int low, high; } LookRank;
LookRank *look_ranks(const Look *l, Arena *a, Str code);

#endif

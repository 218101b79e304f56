/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The figures of an edition or of a running round as a tree of contents, for pages of other modules. Nothing here hides or shows: figures are
 * hidden before they come here. */
#ifndef EDITION_LOOK_H
#define EDITION_LOOK_H

#include "edition/edition.h"
#include "view/chart.h"

/* An index, a content, a factor or a question: whatever has figures of everybody. */
typedef struct LookNode { Str code; const Figure *whole; int parent; int depth, children; } LookNode;      /* parent -1: the top, or loose */
typedef struct Look {
    Figures figures;                 /* a slice of the caller's */
    Str     main;                    /* the measure that heads the page: "index" where there is one, else "satisfied" */
    Str     place;                   /* the question whose answers are provinces; empty: none */
    LIST(LookNode) nodes;            /* in the order of the figures: parents first */
    Units   provinces;               /* of that day, those with figures */
    bool    intervals;               /* some figure has one */
    bool    weighted, simulated;     /* set by the caller */
} Look;
MUST_USE Err look_open(Db *db, Arena *a, const Figures *f, Str place, Date on, Look *out);
/* province empty: of everybody. NULL: there is none. */
const Figure *look_figure(const Look *l, Arena *a, Str measure, Str code, Str province);
Str  look_label(const Figure *f, Lang l);
bool look_shown(const Figure *f);                              /* there is a value that may be told */
int  look_node(const Look *l, Str code);                       /* -1: none */
bool look_likert(const Look *l, Out *o, Str code, LikertRow *out);       /* steps of everybody; false: not asked so */
/* Ranks that cannot be told from a province's own (pairwise tests, Holm), by index of look.provinces; 0: none. */
typedef struct LookRank { int low, high; } LookRank;
LookRank *look_ranks(const Look *l, Arena *a, Str code);

#endif

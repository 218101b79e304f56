/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pass over the rows leaves for the sums; private to stats_shares. */
#ifndef STATS_SHARES_PARTS_H
#define STATS_SHARES_PARTS_H

#include "stats/shares.h"

enum { SHARES_ITEMS = 32 };              /* items of one pass: a bit each */

/* A cell of one primary unit: weight of its rows, satisfied weight by item; w, n NULL: every row answered every item. */
typedef struct SharesEntry {
    uint32_t psu, cell, rows;
    double   weight;
    double  *s, *w;
    uint32_t *n;
} SharesEntry;
typedef LIST(SharesEntry) SharesEntries;

/* One call: up to SHARES_ITEMS items. begin: n_psu + 1 positions. */
typedef struct SharesPass {
    const StatsDesign *d;
    const StatsItem   *item;
    const StatsCodes  *by;
    size_t n_items, n_by, cells;
    const uint32_t *begin;
    bool   sorted;                       /* rows already stand in the order of the design */
} SharesPass;
/* Entries of the units from … to - 1, by unit; the same whatever the range they are cut into. */
SharesEntries shares_entries(Arena *a, const SharesPass *p, size_t from, size_t to);
/* Room the entries of so many units need at most. */
size_t shares_room(const SharesPass *p, size_t from, size_t to);

/* Sums of one item in one cell. */
typedef struct SharesSum {
    StatsAcc s, w, v;
    uint32_t n, psu, strata, good, lonely;   /* units and strata that hold answers; strata that are not lonely; lonely ones */
} SharesSum;
typedef struct SharesCell { uint32_t rows, psu, strata; } SharesCell;    /* before missing answers leave */
void   shares_totals(const SharesPass *p, const SharesEntries *e, SharesSum *sum, SharesCell *cell);
/* Adds every stratum's variance; z (or NULL) gets the units' influence values, n_items × cells columns of n_psu. */
MUST_USE Err shares_variances(Arena *a, const SharesPass *p, const SharesEntries *e, SharesSum *sum, SharesCell *cell, double *z);

#endif

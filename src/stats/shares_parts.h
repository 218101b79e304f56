/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pass over the rows leaves for the sums; private to stats_shares. */
#ifndef STATS_SHARES_PARTS_H
#define STATS_SHARES_PARTS_H

#include "stats/shares.h"

enum { SHARES_ITEMS = 32 };              /* items of one pass: a bit each */

/* ---- A row at a time -------------------------------------------------------------------------------------------------- */
enum { SHARES_BLOCK = 256 };
typedef double  SharesPair __attribute__((vector_size(16)));
typedef int64_t SharesBits __attribute__((vector_size(16)));
extern const SharesBits shares_mask[4];  /* of two bits */
typedef struct SharesBlock {
    size_t   len;
    double   w[SHARES_BLOCK];
    uint32_t satisfied[SHARES_BLOCK], answered[SHARES_BLOCK], row[SHARES_BLOCK];      /* a bit for each item */
} SharesBlock;

/* ---- Sums ---------------------------------------------------------------------------------------------------------------- */
/* A cell of one primary unit: weight of its rows, satisfied weight by item; w, n NULL: every row answered every item. */
typedef struct SharesEntry {
    uint32_t psu, cell, rows, yes, no;   /* yes, no: a bit for each item somebody is, is not satisfied with */
    double   weight;
    double  *s, *w;
    uint32_t *n;
    double  *later;                      /* squares of the rows' influence about the unit's mean; NULL: one stage */
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
/* The rows at positions from … end - 1, as many as fit. */
void shares_block(const SharesPass *p, size_t from, size_t end, SharesBlock *b);
/* Entries of the units from … to - 1, by unit; the same whatever the range they are cut into. */
SharesEntries shares_entries(Arena *a, const SharesPass *p, size_t from, size_t to);
/* Fills `later` of the entries from … to, whole units: designs of two stages whose later units are the rows. share, total: cells × items. */
void shares_later(Arena *a, const SharesPass *p, SharesEntry *from, SharesEntry *to, const double *share, const double *total);
/* Room the entries of so many units need at most. */
size_t shares_room(const SharesPass *p, size_t from, size_t to);

/* Sums of one item in one cell. */
typedef struct SharesSum {
    StatsAcc s, w, v, later;             /* v: first stage; later: second */
    bool     yes, no;                    /* somebody is satisfied, is not: a share is 0 or 1 whatever rounding says */
    bool     undefined;                  /* `average` with a lonely later unit */
    uint32_t n, psu, strata, good, lonely;   /* units and strata that hold answers; strata that are not lonely; lonely ones */
} SharesSum;
typedef struct SharesCell { uint32_t rows, psu, strata; } SharesCell;    /* before missing answers leave */
void   shares_totals(const SharesPass *p, const SharesEntries *e, SharesSum *sum, SharesCell *cell);
/* Adds every stratum's variance; z (or NULL) gets the units' influence values, n_items × cells columns of n_psu. */
MUST_USE Err shares_variances(Arena *a, const SharesPass *p, const SharesEntries *e, SharesSum *sum, SharesCell *cell, double *z);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pure numbers over counts: pooled shares, means, and which cells may not be shown. No input or output, no clock. */
#ifndef STATS_STATS_H
#define STATS_STATS_H

#include "base/base.h"

enum { LIKERT_STEPS = 5, TALLY_NONE = LIKERT_STEPS, TALLY_CELLS };   /* steps 1..5 stand at 0..4; no opinion last */

/* Counts of one item in one domain. */
typedef struct Tally { int64_t at[TALLY_CELLS]; } Tally;

/* n_items × n_domains tallies, row by row. Domain 0 holds those whose domain is not known; it is never shown. */
typedef struct TallyTable { Tally *at; size_t items, domains; } TallyTable;
TallyTable tally_table_new(Arena *a, size_t items, size_t domains);
Tally *tally_at(const TallyTable *t, size_t item, size_t domain);

void    tally_add(Tally *to, const Tally *from);
int64_t tally_opinions(const Tally *t);          /* answers 1..5 */
/* Share of steps 4 and 5 among opinions, percent 0..100; NAN without an opinion. */
double  tally_satisfied(const Tally *t);
/* Mean of the steps 1..5; NAN without an opinion. */
double  tally_mean(const Tally *t);
/* Share of no opinion among all who were asked, percent; NAN when nobody was. */
double  tally_no_opinion(const Tally *t);

/* True for a cell that tells of somebody but of too few: 1..least-1 opinions, or as few answers at all. */
bool    tally_few(const Tally *t, int64_t least);
/* Which cells of the table may not be shown: hidden[item * domains + domain].
 * A cell of too few is hidden. So that the total minus the shown cells gives nothing back, the hidden rest of an item
 * holds at least two cells and at least `least` opinions: the smallest shown cells join it.
 * Source: the usual rule of primary and complementary suppression (Willenborg and de Waal 2001, chapter 4). */
void    tally_suppress(const TallyTable *t, int64_t least, bool *hidden);

#endif

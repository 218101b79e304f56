/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Satisfied shares of many items in many cells at once, with their standard errors, in one pass over the rows (docs/statistics.md, 13 and 17). */
#ifndef STATS_SHARES_H
#define STATS_SHARES_H

#include "stats/design.h"
#include "stats/interval.h"

typedef struct StatsItem  { const uint8_t *answer; uint8_t satisfied_from; } StatsItem;   /* n: 1..k, 0 missing   */
typedef struct StatsCodes { const uint16_t *code; uint16_t n_levels; } StatsCodes;        /* n: 0.., 65535 missing */

/* All zero: 95 %, logit, one thread. */
typedef struct StatsOptions { double level; StatsInterval interval; uint32_t threads; } StatsOptions;

/* Shares 0..1, se the same unit; NAN = undefined, see flags. n: rows that answered; df over rows of the cell before missing answers leave.
 * A share of 0 or 1 has no se (STATS_P_AT_BOUND) but an interval; what stands on lonely units alone has neither. n_eff = n / deff. */
typedef struct StatsEstimate {
    double   value, se, low, high, df, deff, n_eff;
    uint32_t n, n_psu, n_strata, flags;
} StatsEstimate;

/* Satisfied share of each item in each cell of each breakdown, with the covariance when asked.
 * by        n_by breakdowns; cells are by[0]'s levels, then by[1]'s …; cross by a joint code; n_by 0 = everyone
 * out_cell  n_items × cells, item-major; out_cov NULL, or (items·cells)², row-major, share²
 * missing   answer 0 leaves that item's cell only; a missing code leaves that breakdown only
 * errors    "lonely_psu" under STATS_FAIL, "too_large"
 * speed     one pass over the rows for designs of one stage, two where a second stage draws rows and no covariance is asked; other designs, and
 *           those whose units are rows, go item by item and cell by cell
 * threads   change nothing but the time
 * source    docs/statistics.md 2, 3.1–3.4                                                         */
MUST_USE Err stats_shares(Arena *keep, Arena scratch, const StatsDesign *design, size_t n_items, const StatsItem item[],
                          size_t n_by, const StatsCodes by[], const StatsOptions *opt, StatsEstimate *out_cell, double *out_cov);
size_t stats_cells(size_t n_by, const StatsCodes by[]);

#endif

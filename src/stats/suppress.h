/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which estimates may be published: decided once, before anything is shown. Source: docs/statistics.md, section 12; Willenborg and de Waal 2001. */
#ifndef STATS_SUPPRESS_H
#define STATS_SUPPRESS_H

#include "base/base.h"

/* One estimate of a share, 0..1. n persons answered; NAN: undefined. secret: hidden whatever it says, as one too small is. */
typedef struct StatsCell { double value, se, df; uint32_t n, n_psu; bool secret; } StatsCell;
/* n of total = sum of n of the parts + n of those in no part (a channel that is not published, a domain nested in another). */
typedef struct StatsRelation { uint32_t total; const uint32_t *part; size_t n_parts; } StatsRelation;
/* Zero: 5, 30, 30, 5, 1, 0.30. secret: fewer persons are hidden; alike: with fewer, all answering the same is hidden. */
typedef struct StatsLimits { uint32_t secret, alike, reliable_n, reliable_psu; double reliable_df, reliable_cv; } StatsLimits;

/* STATS_SECRET, _ALIKE, _COMPLEMENT: value, interval and n are all hidden. _UNRELIABLE: n is shown, "not enough data". _NO_DATA: nobody. */
typedef enum StatsShow { STATS_SHOWN, STATS_NO_DATA, STATS_SECRET, STATS_ALIKE, STATS_COMPLEMENT, STATS_UNRELIABLE, STATS_SHOW_COUNT } StatsShow;

/* Hides cells of their own, then others, until in each relation the hidden ones number 0, or at least 2 of at least `secret` persons together, and
 * until nothing that follows from the relations (their sums and differences) bounds a hidden count closer than `secret`. out: n cells.
 * ERR_INVALID: a relation does not add up. ERR_CONFLICT: a hidden count stays bounded; nothing may be published. */
MUST_USE Err stats_suppress(Arena *a, size_t n, const StatsCell cell[], size_t n_relations, const StatsRelation relation[], const StatsLimits *limits,
                            StatsShow out[]);

/* The closest bounds an outsider gets for each count from those shown, by the relations as they stand and as they reduce to each other. Shown: its n. */
typedef struct CountBounds { double low, high; } CountBounds;
void stats_count_bounds(Arena scratch, size_t n, const uint32_t count[], const bool hidden[], size_t n_relations, const StatsRelation relation[],
                        CountBounds out[]);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Random numbers without state: each is a function of seed, purpose, run and item, so that threads and order change nothing.
 * Philox 4×32-10. Source: Salmon, Moraes, Dror and Shaw 2011. */
#ifndef STATS_RANDOM_H
#define STATS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* purpose keeps uses of one seed apart: a number of the user's own for each use. */
typedef struct StatsStream { uint64_t seed; uint32_t purpose; } StatsStream;
/* Uniform over the inside of 0..1, in steps of 2^-53. */
double stats_draw_unit(StatsStream s, uint64_t run, uint32_t item);
/* Standard normal, by the inverse. n of them: items 0 … n - 1 of a run. */
double stats_draw_normal(StatsStream s, uint64_t run, uint32_t item);
void   stats_draw_normals(StatsStream s, uint64_t run, size_t n, double *out);

#endif

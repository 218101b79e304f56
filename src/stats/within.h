/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Interviewers beside those who worked in the same places; counts of one beside the counts of the rest. */
#ifndef STATS_WITHIN_H
#define STATS_WITHIN_H

#include "base/base.h"

/* Pearson's test that counts of one and of the rest have one profile. Neighbouring cells are joined until at least `least` are expected in the
 * smaller row (5 by Cochran). NAN when fewer than two cells are left. n: counts of one. */
typedef struct ChiTest { double chi2, df, p; int64_t n; } ChiTest;
ChiTest profile_test(const int64_t *own, const int64_t *rest, size_t cells, double least);

/* Each group's values against the others' of the same places: the coefficient of a mark for the group in a regression with one mean for
 * each place (places without others are left out), its standard error, t and two-sided p. mean: of the group; others_mean: what the others of its
 * places would have given. places 0: NESTED, no place has both, and nothing can be said. y may hold NAN; group, place -1: left out;
 * place NULL: one place. out: groups entries. */
typedef struct Within { double diff, se, t, df, p, mean, others_mean; int64_t n, others, places; } Within;
void within_places(Arena scratch, const double *y, const int32_t *group, const int32_t *place, size_t n, size_t groups, size_t places, Within *out);

#endif

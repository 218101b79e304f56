/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How much the ranks of a composite index owe to choices of its makers. Source: docs/statistics.md, section 11; Saltelli et al. 2010. */
#ifndef STATS_SENSITIVITY_H
#define STATS_SENSITIVITY_H

#include "base/base.h"

/* The index of a unit: mean over dimensions of the means over their items, by weights; what is missing leaves its weight to the others.
 * dim: items entries, 0 … dims - 1; weights >= 0, scaled to 1 inside a dimension and over dimensions.
 * variants: how many ways there are of three choices (how answers are scored, which rows count, imputed or not); 0 counts as 1.
 * score: a table units × items for each way, shares 0..1, NAN missing; place (v0 * variants[1] + v1) * variants[2] + v2; the first is the official one.
 * se: units × items of sampled scores, 0 for exact ones; NULL: all exact. */
enum { COMPOSITE_VARIANTS = 3 };
typedef struct Composite {
    size_t units, items, dims, variants[COMPOSITE_VARIANTS];
    const uint32_t *dim;
    const double *item_weight, *dim_weight, *const *score, *se;
} Composite;

/* Official values (arithmetic mean, all dimensions), 0..1, NAN without a score; se: NULL, or the part that sampling leaves in each,
 * root of the sum of squares of weight × se. importance: NULL, or for each item the squared correlation with the index over units: weights are
 * not importance. */
void composite_values(Arena scratch, const Composite *c, double *value, double *se, double *importance);

/* Inputs that a run may vary. WEIGHTS: item and dimension weights; MEAN: arithmetic or geometric; WAY: the three choices; LEAVE_OUT: none or
 * one dimension; SAMPLING: normal errors of the scores. */
typedef enum SensitivityInput {
    SENSITIVITY_WEIGHTS, SENSITIVITY_MEAN, SENSITIVITY_WAY, SENSITIVITY_LEAVE_OUT = SENSITIVITY_WAY + COMPOSITE_VARIANTS, SENSITIVITY_SAMPLING,
    SENSITIVITY_INPUT_COUNT
} SensitivityInput;

/* vary: 1 << input. noise: weights move by so much of themselves, evenly (0: 0.25), or, dirichlet, with about that spread. runs 0: 1 000.
 * group: published group of each rank (units entries), NULL: each rank its own. */
typedef struct SensitivityPlan { unsigned vary; double noise; bool dirichlet; size_t runs; uint64_t seed; const uint32_t *group; } SensitivityPlan;

/* Of a unit: rank by the official method, median and 5–95 % over the runs, share of runs that leave it in its group. NAN without a score. */
typedef struct UnitSensitivity { double rank, median, low, high, in_group; } UnitSensitivity;
/* shift: mean over runs and units of |official rank - rank|. first, total: Sobol's indices of the shift, NAN for inputs that do not vary. */
typedef struct Sensitivity { UnitSensitivity *unit; double shift, first[SENSITIVITY_INPUT_COUNT], total[SENSITIVITY_INPUT_COUNT]; } Sensitivity;
/* The same for the same seed, always. Work: runs × (inputs that vary + 2) × units × items. */
Sensitivity stats_sensitivity(Arena *keep, const Composite *c, SensitivityPlan plan);

#endif

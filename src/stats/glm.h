/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Linear and logistic regression with design-based standard errors. Source: Binder 1983; docs/statistics.md, section 7. */
#ifndef STATS_GLM_H
#define STATS_GLM_H

#include "base/base.h"

typedef enum GlmFamily { GLM_GAUSSIAN, GLM_BINOMIAL, GLM_FAMILY_COUNT } GlmFamily;

/* x: p columns of n (the constant among them), y: n, for GLM_BINOMIAL within 0..1; used: rows in the domain with all values.
 * Coefficients are NAN and flags gains STATS_RANK where a column depends on the others, STATS_SEPARATED where they run away. */
typedef struct Glm { size_t n, p; const double *x, *y; const bool *used; GlmFamily family; unsigned *flags; } Glm;
void glm_theta(const void *glm, Arena scratch, const double *weight, double *estimate, double *z);      /* a StatsTheta: p coefficients */

#endif

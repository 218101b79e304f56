/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Is a row variable independent of a column variable, in a sample of any design? Source: Rao and Scott 1984; docs/statistics.md, section 7. */
#ifndef STATS_CONTINGENCY_H
#define STATS_CONTINGENCY_H

#include "base/base.h"

/* CONTINGENCY_F: Rao and Scott, second order; _CHISQ: first order; _WALD: on the table's residuals; _ADJ_WALD: the same for few degrees of freedom. */
typedef enum ContingencyMethod { CONTINGENCY_F, CONTINGENCY_CHISQ, CONTINGENCY_WALD, CONTINGENCY_ADJ_WALD, CONTINGENCY_METHOD_COUNT } ContingencyMethod;

/* statistic on df1 (and df2, NAN for chi-square) with its p; NAN where the table has one row or column, or its covariance is singular (rank). */
typedef struct Contingency { double statistic, df1, df2, p; bool singular; } Contingency;

/* cell: the row's place row * columns + column, UINT32_MAX when one of both is missing. What the test needs from the design: the covariance of
 * contingency_parts values (row-major table), whose influence is written to z (parts columns of n, zeroed). estimate: of each part.
 * Shares of the cells for F and CHISQ, residuals of all but the first row and column for the WALDs. */
typedef struct ContingencyTable { size_t n, rows, columns; const uint32_t *cell; ContingencyMethod method; } ContingencyTable;
size_t contingency_parts(const ContingencyTable *t);
void   contingency_theta(const void *table, Arena scratch, const double *weight, double *estimate, double *z);     /* a StatsTheta; z may be NULL */
/* From the parts' estimates and covariance; nu: degrees of freedom of the design, n: rows of the design, missing included. */
Contingency contingency_test(const ContingencyTable *t, Arena scratch, const double *estimate, const double *v, double nu, double n);

#endif

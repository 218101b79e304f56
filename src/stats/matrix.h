/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small dense linear algebra. Matrices are row-major, out[i * n + j]; long data are columns, x[j * n + row]. Fixed order of operations: the same
 * input gives the same bits. Source: Golub and Van Loan, Matrix Computations, chapters 4, 5, 8. */
#ifndef STATS_MATRIX_H
#define STATS_MATRIX_H

#include "base/base.h"

/* Cholesky with complete pivoting of a symmetric, non-negative matrix, in place: afterwards the lower triangle of a holds L with
 * A[order[i]][order[j]] = (L L')[i][j], columns past the rank are 0. order: n entries. Returns the rank: pivots above 1e-11 of the largest
 * diagonal. */
size_t matrix_cholesky(size_t n, double *a, uint32_t *order);
/* x of A x = b for m right sides (n × m), A symmetric and positive definite. False, *x untouched, when A has no full rank. */
bool matrix_solve(Arena scratch, size_t n, const double *a, size_t m, const double *b, double *x);
/* The same with the unit matrix on the right; log_det (may be NULL): ln det A. */
bool matrix_inverse(Arena scratch, size_t n, const double *a, double *out, double *log_det);
/* Eigenvalues of a symmetric matrix, largest first, and their vectors in the columns of vectors (may be NULL), by Jacobi's sweeps. */
void matrix_eigen(Arena scratch, size_t n, const double *a, double *values, double *vectors);

/* Orthonormal basis of p columns of n, in place, by Gram and Schmidt done twice: the first `rank` columns of x become the basis. A column whose
 * rest is below tolerance of itself depends on those before it and is dropped. kept: p entries, the first rank of them the columns kept.
 * r: p × p or NULL, column j = sum over k of r[k * p + j] * basis k (up to the tolerance, for dropped ones). Returns the rank. */
size_t matrix_basis(size_t n, size_t p, double *x, double tolerance, uint32_t *kept, double *r);
/* Takes the part in the span of the basis (q columns of n) off y. */
void matrix_residual(size_t n, size_t q, const double *basis, double *y);

#endif

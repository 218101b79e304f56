/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small matrices whose answers are known exactly, and rank where there is none. */
#include "base/test.h"
#include "stats/matrix.h"

TEST(matrix_solves_and_inverts)
{
    const double h[] = { 1, 1. / 2, 1. / 3, 1. / 2, 1. / 3, 1. / 4, 1. / 3, 1. / 4, 1. / 5 };      /* Hilbert's: the inverse is whole */
    const double want[] = { 9, -36, 30, -36, 192, -180, 30, -180, 180 }, b[] = { 11. / 6, 13. / 12, 47. / 60 };
    double inverse[9], x[3], log_det = 0;
    CHECK(matrix_inverse(*a, 3, h, inverse, &log_det));
    for (int i = 0; i < 9; i++)
        CHECK_NEAR(inverse[i], want[i], 1e-10);
    CHECK_NEAR(log_det, -log(2160), 1e-12);
    CHECK(matrix_solve(*a, 3, h, 1, b, x));
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(x[i], 1, 1e-13);
}

TEST(matrix_says_when_there_is_no_full_rank)
{
    double   s[] = { 4, 2, 6, 2, 1, 3, 6, 3, 13 }, x[9];        /* the second row is half the first */
    uint32_t order[3];
    CHECK(!matrix_inverse(*a, 3, s, x, NULL));
    CHECK(!matrix_solve(*a, 1, (double[]){ NAN }, 1, (double[]){ 1 }, x));
    CHECK_INT(matrix_cholesky(3, s, order), 2);
    const double was[] = { 4, 2, 6, 2, 1, 3, 6, 3, 13 };
    for (int i = 0; i < 3; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int k = 0; k <= j; k++)
                sum += s[i * 3 + k] * s[j * 3 + k];
            CHECK_NEAR(sum, was[order[i] * 3 + order[j]], 1e-13);
        }
}

TEST(matrix_eigenvalues_and_vectors)
{
    const double m[] = { 2, -1, 0, -1, 2, -1, 0, -1, 2 };       /* 2 + sqrt 2, 2, 2 - sqrt 2 */
    double value[3], vector[9];
    matrix_eigen(*a, 3, m, value, vector);
    CHECK_NEAR(value[0], 2 + M_SQRT2, 1e-14);
    CHECK_NEAR(value[1], 2, 1e-14);
    CHECK_NEAR(value[2], 2 - M_SQRT2, 1e-14);
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 3; i++) {
            double sum = 0;
            for (int j = 0; j < 3; j++)
                sum += m[i * 3 + j] * vector[j * 3 + k];
            CHECK_NEAR(sum, value[k] * vector[i * 3 + k], 1e-14);
        }
}

TEST(matrix_basis_drops_what_depends_on_columns_before)
{
    double   x[] = { 1, 1, 1, 1,   1, 0, 1, 0,   0, 1, 0, 1,   1, 2, 3, 4 }, r[16], was[16];
    uint32_t kept[4];
    memcpy(was, x, sizeof x);
    CHECK_INT(matrix_basis(4, 4, x, 1e-9, kept, r), 3);
    CHECK(kept[0] == 0 && kept[1] == 1 && kept[2] == 3);
    for (int j = 0; j < 4; j++)
        for (int i = 0; i < 4; i++)
            CHECK_NEAR(r[0 + j] * x[i] + r[4 + j] * x[4 + i] + r[8 + j] * x[8 + i], was[j * 4 + i], 1e-14);
    double y[] = { 3, 1, 4, 1 };
    matrix_residual(4, 3, x, y);
    CHECK_NEAR(y[0] + y[1] + y[2] + y[3], 0, 1e-14);
    CHECK_NEAR(y[0] + y[2], 0, 1e-14);
}

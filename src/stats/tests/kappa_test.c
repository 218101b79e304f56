/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/test.h"
#include "stats/kappa.h"

/* Worked by hand: po = 35/50, pe = (25·30 + 25·20)/2500 = 1/2, kappa = 0.4. */
TEST(kappa_of_a_table_worked_by_hand)
{
    Kappa k = kappa_of(*a, 2, (const int64_t[]){ 20, 5, 10, 15 });
    CHECK_INT(k.n, 50);
    CHECK_NEAR(k.agreement, 0.7, 1e-12);
    CHECK_NEAR(k.expected, 0.5, 1e-12);
    CHECK_NEAR(k.kappa, 0.4, 1e-12);
    /* sum p_ij (v_ij - (p_.i + p_j.)·0.6)² - (0.4 - 0.3)², over n/4 */
    double sum = 0.4 * 0.34 * 0.34 + 0.1 * 0.66 * 0.66 + 0.2 * 0.54 * 0.54 + 0.3 * 0.46 * 0.46;
    CHECK_NEAR(k.se, sqrt((sum - 0.01) / (50 * 0.25)), 1e-12);
    CHECK_NEAR(k.high - k.low, 2 * 1.959963984540054 * k.se, 1e-12);
}

TEST(kappa_at_the_ends)
{
    CHECK_NEAR(kappa_of(*a, 3, (const int64_t[]){ 4, 0, 0, 0, 5, 0, 0, 0, 6 }).kappa, 1, 1e-12);
    CHECK(kappa_of(*a, 3, (const int64_t[]){ 4, 0, 0, 0, 5, 0, 0, 0, 6 }).se < 1e-7);
    CHECK_NEAR(kappa_of(*a, 2, (const int64_t[]){ 0, 10, 10, 0 }).kappa, -1, 1e-12);
    CHECK(isnan(kappa_of(*a, 2, (const int64_t[]){ 9, 0, 0, 0 }).kappa));
    CHECK(isnan(kappa_of(*a, 2, (const int64_t[]){ 0, 0, 0, 0 }).kappa));
    CHECK(isnan(kappa_of(*a, 0, NULL).kappa));
}

/* Three codes by hand: squares of distances leave 3/4 of an agreement one step apart. */
TEST(kappa_by_schemes)
{
    const int64_t table[] = { 2, 1, 0, 0, 3, 1, 1, 0, 2 };        /* rows 3 4 3, columns 3 4 3 */
    Kappa k = kappa_by(*a, 3, table, NULL, KAPPA_QUADRATIC);
    CHECK_NEAR(k.agreement, (7 + 2 * 0.75) / 10, 1e-15);
    CHECK_NEAR(k.expected, (9 + 16 + 9 + 0.75 * 48) / 100, 1e-15);
    CHECK_NEAR(k.kappa, 0.15 / 0.3, 1e-14);
    CHECK_NEAR(kappa_by(*a, 3, table, NULL, KAPPA_LINEAR).agreement, (7 + 2 * 0.5) / 10, 1e-15);
    const double far[] = { 1, 2, 5 };
    CHECK_NEAR(kappa_by(*a, 3, table, far, KAPPA_LINEAR).agreement, (7 + 0.75 + 0.25) / 10, 1e-15);
    double p[9], z[9], mean = 0, square = 0;
    for (int i = 0; i < 9; i++)
        p[i] = (double)table[i] / 10;
    k = kappa_of_shares(*a, 3, p, NULL, KAPPA_QUADRATIC, z);
    for (int i = 0; i < 9; i++) {
        mean += p[i] * z[i];
        square += p[i] * z[i] * z[i];
    }
    CHECK_NEAR(mean, 0, 1e-14);                                     /* influence adds up to nothing, and its square is the variance of one pair */
    CHECK_NEAR(square, k.se * k.se, 1e-14);
}

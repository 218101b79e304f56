/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/test.h"
#include "stats/kappa.h"

/* Worked by hand: po = 35/50, pe = (25·30 + 25·20)/2500 = 1/2, kappa = 0.4. */
TEST(kappa_of_a_table_worked_by_hand)
{
    Kappa k = kappa_of(2, (const int64_t[]){ 20, 5, 10, 15 });
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
    CHECK_NEAR(kappa_of(3, (const int64_t[]){ 4, 0, 0, 0, 5, 0, 0, 0, 6 }).kappa, 1, 1e-12);
    CHECK(kappa_of(3, (const int64_t[]){ 4, 0, 0, 0, 5, 0, 0, 0, 6 }).se < 1e-7);
    CHECK_NEAR(kappa_of(2, (const int64_t[]){ 0, 10, 10, 0 }).kappa, -1, 1e-12);
    CHECK(isnan(kappa_of(2, (const int64_t[]){ 9, 0, 0, 0 }).kappa));
    CHECK(isnan(kappa_of(2, (const int64_t[]){ 0, 0, 0, 0 }).kappa));
    CHECK(isnan(kappa_of(0, NULL).kappa));
}

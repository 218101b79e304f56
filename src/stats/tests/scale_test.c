/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Scales over a few rows, worked by hand. */
#include "base/test.h"
#include "stats/scale.h"

enum { N = 5 };

/* Items 1 2 3 4 5, 2 1 4 3 5 and the sum of both would determine itself: a third of its own. */
static double one[] = { 1, 2, 3, 4, 5 }, two[] = { 2, 1, 4, 3, 5 }, three[] = { 1, 1, 2, 2, 4 };

TEST(scale_alpha_by_hand)
{
    double *items[] = { one, two, three }, v[9], mean[3], without[3], rest[3];
    bool    used[N] = { true, true, true, true, true };
    CHECK_INT(stats_complete(N, 3, items, used), 5);
    stats_moments(*a, N, 3, items, NULL, used, mean, v);
    CHECK_NEAR(mean[2], 2, 1e-15);
    CHECK_NEAR(v[0], 2, 1e-15);                  /* variances 2, 2, 6/5; covariances 8/5, 7/5, 7/5 */
    CHECK_NEAR(v[1], 1.6, 1e-15);
    CHECK_NEAR(v[2], 1.4, 1e-15);
    CHECK_NEAR(v[8], 1.2, 1e-15);
    CHECK_NEAR(stats_alpha(3, v, without, rest), 1.5 * (1 - 5.2 / 14), 1e-14);
    CHECK_NEAR(without[2], 2 * (1 - 4 / 7.2), 1e-14);
    CHECK_NEAR(rest[2], 2.8 / sqrt(1.2 * 7.2), 1e-14);
    const double w[] = { 1, 1, 1, 1, 0 };
    stats_moments(*a, N, 3, items, w, used, mean, v);
    CHECK_NEAR(mean[0], 2.5, 1e-15);
    CHECK_NEAR(v[0], 1.25, 1e-15);
}

TEST(scale_says_when_nothing_can_be_said)
{
    double  none[] = { NAN, NAN, NAN, NAN, NAN }, same[] = { 3, 3, 3, 3, 3 }, *empty[] = { one, none }, *flat[] = { one, same };
    double  v[4], value[2], loading[2];
    bool    used[N] = { true, true, true, true, true };
    stats_moments(*a, N, 2, flat, NULL, used, NULL, v);
    StatsPca p = stats_pca(*a, 2, v, N, value, loading);
    CHECK(p.singular && isnan(p.kmo) && isnan(value[0]));
    CHECK(isnan(stats_correlation(*a, N, one, same, NULL, used)));
    CHECK_INT(stats_complete(N, 2, empty, used), 0);
    stats_moments(*a, N, 2, empty, NULL, used, NULL, v);
    CHECK(isnan(v[0]) && isnan(stats_alpha(2, v, NULL, NULL)));
}

/* Three items correlated 1/2 each: eigenvalues 2, 1/2, 1/2; loadings root 2/3; anti-image correlations -1/3; det 1/2. */
TEST(scale_components_of_equal_correlations)
{
    const double v[] = { 4, 1, 2, 1, 1, 1, 2, 1, 4 };
    double       value[3], loading[3];
    StatsPca     p = stats_pca(*a, 3, v, 101, value, loading);
    CHECK_NEAR(value[0], 2, 1e-14);
    CHECK_NEAR(value[1], 0.5, 1e-14);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(loading[i], sqrt(2. / 3), 1e-14);
    CHECK_NEAR(p.kmo, (6 * 0.25) / (6 * 0.25 + 6. / 9), 1e-14);
    CHECK_NEAR(p.bartlett, (100 - 11. / 6) * log(2), 1e-12);
    CHECK(p.df == 3 && p.n_kaiser == 1 && !p.singular && p.p < 1e-10);
}

TEST(scale_correlations_by_hand)
{
    bool   used[N] = { true, true, true, true, true };
    double rank[N], want[] = { 1, 1, 3, 3, 4.5 };
    CHECK_NEAR(stats_correlation(*a, N, one, two, NULL, used), 0.8, 1e-15);
    CHECK_NEAR(stats_correlation(*a, N, one, three, NULL, used), 1.4 / sqrt(2.4), 1e-15);
    stats_mid_ranks(*a, N, three, NULL, used, rank);
    for (int i = 0; i < N; i++)
        CHECK_NEAR(rank[i], want[i], 0);
    used[0] = false;
    stats_mid_ranks(*a, N, three, (const double[]){ 9, 2, 1, 3, 4 }, used, rank);
    CHECK(isnan(rank[0]) && rank[1] == 1 && rank[2] == 4 && rank[3] == 4 && rank[4] == 8);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ranks of few units by hand, corrections of p-values, and simulated ranks against the normal distribution. */
#include "base/test.h"
#include "stats/rank.h"
#include "stats/special.h"

TEST(rank_corrections_of_many_tests_by_hand)
{
    const double p[] = { 0.01, 0.04, NAN, 0.03, 0.5 };
    double       out[5];
    stats_holm(*a, 5, p, out);
    CHECK(out[0] == 0.04 && out[3] == 0.09 && out[1] == 0.09 && out[4] == 0.5 && isnan(out[2]));
    stats_benjamini_hochberg(*a, 5, p, out);
    CHECK_NEAR(out[0], 0.04, 1e-16);
    CHECK_NEAR(out[1], 0.04 * 4 / 3, 1e-16);
    CHECK_NEAR(out[3], 0.04 * 4 / 3, 1e-16);
    CHECK(out[4] == 0.5);
}

TEST(rank_of_estimates_by_hand)
{
    const double theta[] = { 0.5, 0.6, 0.5, NAN, 0.48 };
    double       v[25] = { 0 };
    for (int k = 0; k < 5; k++)
        v[k * 5 + k] = k == 3 ? NAN : 0.0001;
    v[1] = v[5] = 0.00005;                                        /* the first two vary together */
    StatsRanks r = stats_ranks(a, 5, theta, v, 0.95);
    CHECK(r.unit[1].rank == 1 && r.unit[0].rank == 2 && r.unit[2].rank == 2 && r.unit[4].rank == 4 && isnan(r.unit[3].rank));
    CHECK_INT(r.n_pairs, 6);
    CHECK_NEAR(r.p[stats_pair(5, 0, 4)] / (2 * normal_upper(0.02 / sqrt(0.0002))), 1, 1e-12);
    CHECK_NEAR(r.p[stats_pair(5, 0, 1)] / (2 * normal_upper(0.1 / 0.01)), 1, 1e-12);
    CHECK(r.p[stats_pair(5, 0, 2)] == 1 && isnan(r.p[stats_pair(5, 2, 3)]));
    CHECK_NEAR(r.unit[0].expected, 2 + 0.5 + normal_upper(0.02 / sqrt(0.0002)), 1e-12);
    CHECK(r.unit[1].holm_low == 1 && r.unit[1].holm_high == 1 && r.unit[4].holm_low == 2 && r.unit[4].holm_high == 4);
    CHECK(r.unit[0].joint_low == 2 && r.unit[0].joint_high == 4);
    CHECK(r.below_raw == 3 && r.below_holm == 3 && r.below_bh == 3);
    CHECK(stats_ranks(a, 0, NULL, NULL, 0.95).n_pairs == 0);
}

TEST(rank_draws_describe_the_chance_of_each_rank)
{
    const double theta[] = { 1, 0, -3 }, v[] = { 1, 0.5, 0, 0.5, 1, 0, 0, 0, 0.01 };      /* the first two differ by 1, se 1 */
    RankDraw     out[3], again[3];
    double       chance[9];
    CHECK(stats_rank_draws(*a, 3, theta, v, 7, 10000, out, chance));
    CHECK_NEAR(chance[0], 1 - normal_upper(1), 0.015);
    CHECK_NEAR(chance[3], normal_upper(1), 0.015);
    CHECK(out[0].median == 1 && out[0].high == 2 && out[1].median == 2 && out[1].low == 1 && out[2].median == 3);
    CHECK_NEAR(chance[8], 1, 0);
    CHECK(stats_rank_draws(*a, 3, theta, v, 7, 10000, again, NULL) && memcmp(out, again, sizeof out) == 0);
    CHECK(!stats_rank_draws(*a, 3, (const double[]){ 1, NAN, 2 }, v, 7, 10, out, NULL));
}

/* Three provinces and their mean, of which each is a third: the difference of the first has variance 4/9 + 2/9 of one. */
TEST(rank_against_the_common_value_by_hand)
{
    const double theta[] = { 0.8, 0.5, 0.5, 0.6 }, one = 0.003;
    double       v[16] = { 0 }, p[3];
    UnitStanding out[3];
    for (int k = 0; k < 3; k++) {
        v[k * 4 + k] = one;
        v[k * 4 + 3] = v[3 * 4 + k] = one / 3;
    }
    v[15] = one / 3;
    stats_against(*a, 3, theta, v, NULL, 0.95, out, p);
    double z = 0.2 / sqrt(one * 6 / 9), half = 0.1 / sqrt(one * 6 / 9);
    CHECK_NEAR(p[0] / (3 * 2 * normal_upper(z)), 1, 1e-12);
    CHECK_NEAR(p[1] / (2 * 2 * normal_upper(half)), 1, 1e-12);
    CHECK(out[0] == UNIT_ABOVE && out[1] == UNIT_NOT_DISTINGUISHED && out[2] == UNIT_NOT_DISTINGUISHED);
    const double few[] = { 1, 1, 1, 6 };
    stats_against(*a, 3, theta, v, few, 0.95, out, p);
    CHECK(out[0] == UNIT_NOT_DISTINGUISHED);
    CHECK_NEAR(stats_pair_df(1, 4, 1, 4), 8, 1e-15);
    CHECK_NEAR(stats_pair_df(4, 3, 0, 9), 3, 1e-15);
    CHECK_NEAR(p[0] / (3 * t_both(z, stats_pair_df(one, 1, one / 3, 6))), 1, 1e-12);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Differences by hand; samples that share all, some or none of their units. */
#include "base/test.h"
#include "stats/compare.h"
#include "stats/design.h"

TEST(a_difference_by_hand)
{
    double estimate[] = { 0.8, 0.6 }, v[] = { 0.0009, 0.0002, 0.0002, 0.0016 };
    StatsDifference d = stats_difference(estimate, v, 1);
    CHECK_NEAR(d.diff, 0.2, 1e-15);
    CHECK_NEAR(d.se, sqrt(0.0021), 1e-15);
    CHECK_NEAR(d.se_if_independent, 0.05, 1e-15);
    CHECK_NEAR(d.p, 2 * (0.5 - atan(d.t) / M_PI), 1e-13);        /* one degree of freedom: Cauchy */
    CHECK_NEAR(d.high - d.low, 2 * 12.706204736174694 * d.se, 1e-11);
    d = stats_difference(estimate, v, 0);
    CHECK(isnan(d.p) && isnan(d.low) && !isnan(d.se));
    double same[] = { 0.0009, 0.0009, 0.0009, 0.0009 };
    CHECK(isnan(stats_difference(estimate, same, 5).t));
    double none[] = { NAN, NAN, NAN, 0.1 };
    CHECK(isnan(stats_difference(estimate, none, 5).se));
}

TEST(samples_that_share_all_their_units_have_the_covariance_of_one_design)
{
    uint32_t stratum[] = { 1, 1, 1, 2, 2, 3, 3, 3 };
    double   z[] = { 1, 4, -2, 3, 5, 0.5, -1, 2, 2, 3, -1, 4, 1, 1.5, -2, 0 }, w[] = { 1, 1, 1, 1, 1, 1, 1, 1 }, v[4];
    unsigned flags = 0;
    StatsSample s = { .n = 8, .probability = true, .weight = w, .stratum = stratum };
    StatsDesign d;
    StatsUnitTotal one[8], two[8];
    Arena scratch = arena_open(1 << 24);
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    CHECK_OK(stats_variance(&d, a, 2, z, NULL, v, &flags));
    for (uint32_t i = 0; i < 8; i++) {
        one[i]     = (StatsUnitTotal){ stratum[i], i, z[i] };
        two[7 - i] = (StatsUnitTotal){ stratum[i], i, z[8 + i] };
    }
    CHECK_NEAR(stats_shared_covariance(scratch, 8, one, 8, two, v[0], v[3]), v[1], 1e-12);
    arena_close(&scratch);
}

TEST(few_common_units_and_none)
{
    StatsUnitTotal one[] = { { 1, 1, 2 }, { 1, 2, 4 }, { 1, 3, 9 }, { 2, 1, 5 }, { 2, 2, 6 }, { 4, 1, 1 } };
    StatsUnitTotal two[] = { { 1, 1, 1 }, { 1, 2, 5 }, { 2, 2, 7 }, { 2, 9, 3 }, { 3, 1, 8 } };
    /* Stratum 1 has two common units; the one of stratum 2 alone says nothing. */
    CHECK_NEAR(stats_shared_covariance(*a, 6, one, 5, two, 100, 100), 2 * ((2 - 3) * (1 - 3) + (4 - 3) * (5 - 3)), 1e-14);
    CHECK_NEAR(stats_shared_covariance(*a, 6, one, 5, two, 1, 4), 2, 1e-14);             /* no correlation above 1 */
    CHECK_NEAR(stats_shared_covariance(*a, 6, one, 0, two, 1, 4), 0, 0);
    CHECK_NEAR(stats_shared_covariance(*a, 1, one + 5, 5, two, 1, 4), 0, 0);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Intervals of shares where another formula gives the same, and quantiles by hand. */
#include "base/test.h"
#include "stats/interval.h"
#include "stats/quality.h"
#include "stats/special.h"

TEST(beta_interval_of_a_simple_sample_is_clopper_and_pearson)
{
    for (int x = 1; x < 40; x += 3) {
        double      n = 40, p = x / n;
        StatsBounds b = stats_share_interval(STATS_CI_BETA, p, sqrt(p * (1 - p) / n), n, n - 1, 0.95);
        Interval    want = clopper_pearson(x, 40, 0.95);
        CHECK_NEAR(b.low, want.low, 1e-12);
        CHECK_NEAR(b.high, want.high, 1e-12);
    }
}

TEST(wilson_interval_of_a_simple_sample_with_the_normal)
{
    StatsBounds b = stats_share_interval(STATS_CI_WILSON, 0.3, sqrt(0.21 / 50), 50, INFINITY, 0.95);
    Interval    want = wilson(15, 50, normal_quantile(0.975));
    CHECK_NEAR(b.low, want.low, 1e-13);
    CHECK_NEAR(b.high, want.high, 1e-13);
}

TEST(intervals_of_the_other_side_are_mirrored)
{
    for (StatsInterval m = STATS_CI_LOGIT; m <= STATS_CI_WILSON; m++) {
        StatsBounds b = stats_share_interval(m, 0.2, 0.05, 100, 12, 0.9), c = stats_share_interval(m, 0.8, 0.05, 100, 12, 0.9);
        CHECK_NEAR(b.low, 1 - c.high, 1e-12);
        CHECK_NEAR(b.high, 1 - c.low, 1e-12);
        CHECK(b.low < 0.2 && b.high > 0.2);
    }
}

TEST(no_degrees_of_freedom_no_interval)
{
    for (StatsInterval m = STATS_CI_LOGIT; m <= STATS_CI_WILSON; m++)
        CHECK(isnan(stats_share_interval(m, 0.2, 0.05, 100, 0, 0.95).low));
    CHECK(isnan(stats_critical(0.95, -1)));
    CHECK_NEAR(stats_critical(0.95, INFINITY), 1.959963984540054, 1e-13);
    CHECK_NEAR(stats_critical(0.95, 1), 12.706204736174694, 1e-11);
    CHECK(isnan(stats_share_interval(STATS_CI_LOGIT, NAN, 0.1, 10, 5, 0.95).high));
    CHECK(isnan(stats_share_interval(STATS_CI_LOGIT, 1.5, 0.1, 10, 5, 0.95).high));
    CHECK(isnan(stats_share_interval(STATS_CI_BETA, 0.5, 0, 10, 5, 0.95).high));
}

TEST(shares_of_nobody_and_everybody_have_one_open_side)
{
    StatsBounds none = stats_bound_interval(0, 30, 1.5, 0.95), all = stats_bound_interval(1, 30, 1.5, 0.95);
    CHECK_NEAR(none.low, 0, 0);
    CHECK_NEAR(none.high, 1 - pow(0.025, 1 / 20.0), 1e-12);
    CHECK_NEAR(all.low, pow(0.025, 1 / 20.0), 1e-12);
    CHECK_NEAR(all.high, 1, 0);
    CHECK(isnan(stats_bound_interval(0, 0, 1, 0.95).high));
}

TEST(quantiles_by_hand)
{
    double      y[] = { 30, 10, 40, 20, NAN, 99 }, w[] = { 1, 1, 1, 1, 1, 0 };
    Arena       scratch = arena_open(1 << 20);
    StatsSorted s = stats_sorted(a, scratch, 6, y, NULL, w);             /* missing and weightless rows are not there */
    CHECK_INT(s.n, 4);
    CHECK_NEAR(stats_quantile(&s, STATS_Q_MATH, 0.5), 20, 0);
    CHECK_NEAR(stats_quantile(&s, STATS_Q_SCHOOL, 0.5), 25, 0);
    CHECK_NEAR(stats_quantile(&s, STATS_Q_HF7, 0.5), 25, 1e-13);
    CHECK_NEAR(stats_quantile(&s, STATS_Q_MATH, 0.51), 30, 0);
    CHECK_NEAR(stats_quantile(&s, STATS_Q_SCHOOL, 0.51), 30, 0);
    CHECK_NEAR(stats_quantile(&s, STATS_Q_MATH, 0.1), 10, 0);            /* below the first running share: the first value */
    CHECK_NEAR(stats_quantile(&s, STATS_Q_SCHOOL, 0), 10, 0);
    CHECK_NEAR(stats_quantile(&s, STATS_Q_HF7, 0), 10, 0);
    CHECK_NEAR(stats_quantile(&s, STATS_Q_HF7, 1), 40, 0);
    CHECK_NEAR(stats_quantile(&s, STATS_Q_SCHOOL, 1), 40, 0);
    CHECK(isnan(stats_quantile(&s, STATS_Q_MATH, -0.01)));
    CHECK(isnan(stats_quantile(&s, STATS_Q_MATH, 1.01)));
    s.n = 0;
    CHECK(isnan(stats_quantile(&s, STATS_Q_HF7, 0.5)));
    arena_close(&scratch);
}

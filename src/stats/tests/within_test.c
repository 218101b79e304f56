/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Against sums by hand and ordinary least squares in exact fractions. */
#include "base/test.h"
#include "stats/within.h"

#include <math.h>

TEST(two_profiles_are_compared_with_cells_joined)
{
    const int64_t own[] = { 10, 20, 30 }, rest[] = { 40, 40, 20 };
    ChiTest t = profile_test(own, rest, 3, 5);
    CHECK_NEAR(t.chi2, 17.77777777777778, 1e-12);
    CHECK_NEAR(t.df, 2, 0);
    CHECK_NEAR(t.p, 0.00013791280933656192, 1e-15);
    CHECK_INT(t.n, 60);
    const int64_t thin[] = { 1, 0, 2, 1, 20 }, more[] = { 10, 9, 8, 13, 200 };
    t = profile_test(thin, more, 5, 5);
    CHECK(isnan(t.p) || t.df == 1);       /* never a cell of fewer than five expected */
    CHECK(isnan(profile_test(own, (const int64_t[]){ 0, 0, 0 }, 3, 5).p));
    const int64_t same[] = { 10, 20, 30 }, twice[] = { 20, 40, 60 };
    CHECK_NEAR(profile_test(same, twice, 3, 5).chi2, 0, 1e-12);
}

TEST(a_group_is_compared_within_the_places_where_others_are)
{
    const double  y[]     = { 3, 4, 2, 5, 4, 1, 2, 3, 5, 2, 4 };
    const int32_t group[] = { 0, 0, 1, 1, 2, 0, 1, 2, 2, 3, 3 }, place[] = { 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2 };
    Within w[4];
    within_places(*a, y, group, place, 11, 4, 3, w);
    CHECK_NEAR(w[0].diff, -1, 1e-12);
    CHECK_NEAR(w[0].se, 1.0127393670836666, 1e-12);
    CHECK_NEAR(w[0].t, -0.9874208829065749, 1e-12);
    CHECK_NEAR(w[0].df, 6, 0);
    CHECK_NEAR(w[1].t, -0.45375492958388125, 1e-12);
    CHECK_NEAR(w[2].diff, 1.6111111111111112, 1e-12);
    CHECK_NEAR(w[2].t, 1.738262605657599, 1e-12);
    CHECK(w[2].p > 0.13 && w[2].p < 0.14);
    CHECK(w[3].places == 0 && isnan(w[3].p));              /* alone in its place: NESTED */
    CHECK_INT(w[0].n, 3);
    CHECK_INT(w[0].others, 6);
}

/* A place whose people are all less satisfied makes nobody an outlier. */
TEST(a_hard_place_is_not_the_interviewers_fault)
{
    double   y[120];
    int32_t  group[120], place[120];
    Within   within[6], whole[6];
    uint64_t s = 88172645463325252u;
    for (int i = 0; i < 120; i++) {
        s ^= s << 13, s ^= s >> 7, s ^= s << 17;
        place[i] = i / 60;
        group[i] = place[i] * 3 + i % 3;
        y[i]     = 4 - 2 * place[i] + (double)(s % 100) / 100;
    }
    within_places(*a, y, group, place, 120, 6, 2, within);
    within_places(*a, y, group, NULL, 120, 6, 1, whole);
    for (int g = 0; g < 6; g++)
        CHECK(within[g].p > 0.01 && whole[g].p < 1e-4);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When a change may be called one. */
#include "base/test.h"
#include "edition/look.h"

#include <math.h>

TEST(a_change_is_told_only_where_its_interval_leaves_zero_out)
{
    StatsChange up = stats_change(80, 0.5, 82, 0.5, INFINITY), same = stats_change(80, 1, 82, 1, INFINITY), down = stats_change(80, 0.3, 78, 0.4, INFINITY);
    CHECK_INT(up.sign, 1);
    CHECK_INT(same.sign, 0);
    CHECK_INT(down.sign, -1);
    CHECK_NEAR(up.low, 2 - 1.959963984540054 * sqrt(0.5), 1e-12);
    CHECK_NEAR(up.high, 2 + 1.959963984540054 * sqrt(0.5), 1e-12);
    CHECK_INT(stats_change(10, 0, 90, NAN, INFINITY).sign, 0);          /* no error is known: nothing is claimed */
    CHECK(isnan(stats_change(10, 0, 90, NAN, INFINITY).low));
    CHECK_INT(stats_change(NAN, 1, 90, 1, INFINITY).sign, 0);
}

/* z of 2.4 alone is clear (p = 0.016); beside four others it is not (4 × 0.016), and one of z = 4 still is. */
TEST(changes_told_side_by_side_must_hold_for_all_of_them)
{
    StatsChange one[] = { stats_change(80, 0, 82.4, 1, INFINITY) };
    stats_changes_hold(*a, one, 1);
    CHECK_INT(one[0].sign, 1);
    StatsChange five[] = { stats_change(80, 0, 82.4, 1, INFINITY), stats_change(80, 0, 80.1, 1, INFINITY), stats_change(80, 0, 79.8, 1, INFINITY),
                           stats_change(80, 0, 80.3, 1, INFINITY), stats_change(80, 0, 76, 1, INFINITY), stats_change(80, NAN, 90, 1, INFINITY) };
    CHECK_INT(five[0].sign, 1);
    stats_changes_hold(*a, five, 6);
    CHECK_INT(five[0].sign, 0);
    CHECK_INT(five[4].sign, -1);
    CHECK_INT(five[5].sign, 0);
}

/* Code 24 was Bắc Giang's and is Bắc Ninh's. */
TEST(a_province_of_another_day_is_known_by_what_it_is_not_by_its_code)
{
    Unit  then[] = { { .id = { 5 }, .code = S_INIT("01") }, { .id = { 7 }, .code = S_INIT("24") } };
    Units all    = { .at = then, .len = 2 };
    CHECK_INT(province_then(&all, &(Unit){ .id = { 9 }, .code = S("24") }), -1);
    CHECK_INT(province_then(&all, &(Unit){ .id = { 7 }, .code = S("27") }), 1);
}

/* An edition is compared with the round last before it, of the same owner and method; a simulated one with simulated ones. */
TEST(an_edition_follows_the_last_round_of_its_kind)
{
    EditionRow now = { .round = { 3 }, .method = S_INIT("m"), .owner = { 1 }, .opened = { 900 } };
    EditionRow one = { .round = { 2 }, .method = S_INIT("m"), .owner = { 1 }, .opened = { 500 } };
    CHECK(edition_precedes(&one, &now) && !edition_precedes(&now, &one) && !edition_precedes(&now, &now));
    EditionRow other = one;
    other.owner.v = 7;
    CHECK(!edition_precedes(&other, &now));
    other = one;
    other.simulated = true;
    CHECK(!edition_precedes(&other, &now));
    other = one;
    other.superseded_by.v = 9;
    CHECK(!edition_precedes(&other, &now));
}

static Look look_of(Arena *a, const Figure *at, size_t n, const Units *provinces)
{
    static MethodNode nodes[2] = { { .code = S_INIT("T"), .kind = S_INIT("index") },
                                   { .code = S_INIT("A"), .parent = S_INIT("T"), .kind = S_INIT("content") } };
    SurveyMethod how = { .nodes = { .at = nodes, .len = 2 } };
    Look    l;
    Figures f = { 0 };
    for (size_t i = 0; i < n; i++)
        *list_add(a, &f) = at[i];
    look_make(a, &f, &how, S("tinh"), provinces, &l);
    return l;
}

/* Between the two, province 1 kept its code and province 2 was merged into a new one that bears its code. */
TEST(indices_of_provinces_are_compared_across_a_merger_by_what_they_are)
{
    Unit  then[] = { { .id = { 1 }, .code = S_INIT("01") }, { .id = { 2 }, .code = S_INIT("24") } };
    Unit  today[] = { { .id = { 1 }, .code = S_INIT("01") }, { .id = { 9 }, .code = S_INIT("24") } };
    Units was = { .at = then, .len = 2 }, is = { .at = today, .len = 2 };
    Figure old[] = { { .name = S_INIT("satisfied.T"), .n = 900, .x = 80, .se = 0.3 }, { .name = S_INIT("satisfied.A"), .n = 900, .x = 70, .se = 1 },
                     { .name = S_INIT("satisfied.T"), .by = S_INIT("tinh"), .value = S_INIT("01"), .n = 400, .x = 78, .se = 0.5 },
                     { .name = S_INIT("satisfied.T"), .by = S_INIT("tinh"), .value = S_INIT("24"), .n = 400, .x = 60, .se = 0.5 } };
    Figure new[] = { { .name = S_INIT("satisfied.T"), .n = 900, .x = 81.5, .se = 0.3 }, { .name = S_INIT("satisfied.A"), .n = 900, .x = 71, .se = 1 },
                     { .name = S_INIT("satisfied.T"), .by = S_INIT("tinh"), .value = S_INIT("01"), .n = 400, .x = 82, .se = 0.5 },
                     { .name = S_INIT("satisfied.T"), .by = S_INIT("tinh"), .value = S_INIT("24"), .n = 400, .x = 90, .se = 0.5 } };
    Look before = look_of(a, old, 4, &was), now = look_of(a, new, 4, &is);
    StatsChange *provinces = look_province_changes(a, &now, &before), *nodes = look_node_changes(a, &now, &before, S("")),
                *one = look_node_changes(a, &now, &before, S("01"));
    CHECK_NEAR(look_of_unit(&before, S("T"), &today[0])->x, 78, 1e-12);
    CHECK(!look_of_unit(&before, S("T"), &today[1]) && look_of_unit(&now, S("T"), &today[1])->x == 90);
    CHECK_NEAR(look_of_unit(&before, S("A"), NULL)->x, 70, 1e-12);
    CHECK_INT(provinces[0].sign, 1);
    CHECK(isnan(provinces[1].x) && provinces[1].sign == 0);
    CHECK_INT(nodes[0].sign, 1);
    CHECK_INT(nodes[1].sign, 0);
    CHECK_NEAR(nodes[1].x, 1, 1e-12);
    CHECK_NEAR(one[0].x, 4, 1e-12);
    CHECK_INT(one[0].sign, 1);
}

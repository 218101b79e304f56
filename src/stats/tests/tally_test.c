/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pooled shares and suppression, with a differencing attack. */
#include "base/test.h"
#include "stats/stats.h"

TEST(satisfied_is_the_share_of_the_two_upper_steps_among_opinions)
{
    Tally t = { { 1, 2, 3, 10, 4, 80 } };
    CHECK_NEAR(tally_satisfied(&t), 70, 1e-12);
    CHECK_NEAR(tally_mean(&t), (1 + 4 + 9 + 40 + 20) / 20.0, 1e-12);
    CHECK_NEAR(tally_no_opinion(&t), 80, 1e-12);
    Tally nobody = { { 0 } };
    CHECK(isnan(tally_satisfied(&nobody)) && isnan(tally_mean(&nobody)) && isnan(tally_no_opinion(&nobody)));
}

static TallyTable table_of(Arena *a, const int64_t *n, size_t items, size_t domains)
{
    TallyTable t = tally_table_new(a, items, domains);
    for (size_t i = 0; i < items * domains; i++)
        t.at[i].at[3] = n[i];
    return t;
}

TEST(a_single_small_cell_takes_the_next_smallest_with_it)
{
    int64_t    n[] = { 0, 100, 3, 7, 50 };
    bool       hidden[5];
    TallyTable t = table_of(a, n, 1, 5);
    tally_suppress(&t, 5, hidden);
    CHECK(!hidden[1] && hidden[2] && hidden[3] && !hidden[4]);
}

TEST(two_small_cells_that_stay_under_the_limit_take_a_third)
{
    int64_t    n[] = { 0, 100, 2, 1, 50 };
    bool       hidden[5];
    TallyTable t = table_of(a, n, 1, 5);
    tally_suppress(&t, 5, hidden);
    CHECK(!hidden[1] && hidden[2] && hidden[3] && hidden[4]);
}

TEST(an_unknown_rest_under_the_limit_is_not_given_back)
{
    int64_t    n[] = { 2, 100, 60, 50, 50 };
    bool       hidden[5];
    TallyTable t = table_of(a, n, 1, 5);
    tally_suppress(&t, 5, hidden);
    CHECK(hidden[3] || hidden[4]);
}

TEST(nothing_small_hides_nothing)
{
    int64_t    n[] = { 9, 100, 5, 7, 0 };
    bool       hidden[5];
    TallyTable t = table_of(a, n, 1, 5);
    tally_suppress(&t, 5, hidden);
    CHECK(!hidden[1] && !hidden[2] && !hidden[3] && !hidden[4]);
}

/* Whatever the counts: the total minus the shown cells never leaves 1..4 people, nor one single cell. */
TEST(differencing_finds_nothing_in_ten_thousand_random_tables)
{
    uint64_t seed = 42;
    for (int round = 0; round < 10000; round++) {
        int64_t n[8];
        bool    hidden[8];
        for (int i = 0; i < 8; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            n[i] = (int64_t)((seed >> 33) % (round % 3 ? 12 : 60));
        }
        TallyTable t = table_of(a, n, 1, 8);
        tally_suppress(&t, 5, hidden);
        int64_t rest = n[0], small = 0, cells = n[0] > 0, shown = 0;
        for (int d = 1; d < 8; d++) {
            CHECK(hidden[d] || n[d] == 0 || n[d] >= 5);
            rest += hidden[d] ? n[d] : 0;
            cells += hidden[d] && n[d];
            small += hidden[d] && n[d];
            shown += !hidden[d] && n[d];
        }
        if (shown && rest && (rest < 5 || (small == 1 && cells == 1)))
            CHECK(!"a hidden cell can be had by subtraction");
        arena_reset(a, 1 << 16);
    }
}

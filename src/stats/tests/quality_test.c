/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/test.h"
#include "stats/quality.h"

#include <math.h>

/* The exact one as binom.test of R 4 has it; the score interval by hand. */
TEST(quality_intervals_of_counts_agree_with_published_values)
{
    Interval i = clopper_pearson(0, 10, 0.95);
    CHECK_NEAR(i.low, 0, 0);
    CHECK_NEAR(i.high, 0.3084971, 1e-7);
    i = clopper_pearson(3, 20, 0.95);
    CHECK_NEAR(i.low, 0.03207094, 1e-7);
    CHECK_NEAR(i.high, 0.3789268, 1e-7);
    i = clopper_pearson(20, 20, 0.95);
    CHECK_NEAR(i.high, 1, 0);
    i = wilson(3, 20, 1.959963984540054);
    CHECK_NEAR(i.low, 0.0523687459, 1e-9);
    CHECK_NEAR(i.high, 0.3604188647, 1e-9);
}

TEST(quality_straight_lines_skip_what_is_not_answered)
{
    int16_t same[] = { 0, -1, 0, 0 }, mixed[] = { 3, 3, -1, 3, 4, 4 }, none[] = { -1, -1 };
    CHECK(straight_line(same, 4, 3) && !straight_line(same, 4, 4));
    CHECK(!straight_line(mixed, 6, 2) && !straight_line(none, 2, 0));
    CHECK_INT(longstring(mixed, 6), 3);
    CHECK_INT(longstring(none, 2), 0);
}

static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13, *s ^= *s >> 7, *s ^= *s << 17;
    return *s;
}

enum { ROWS = 300, ITEMS = 70 };

/* The packed comparison against the plain one, with missing answers, several words and groups. */
TEST(quality_match_equals_the_plain_comparison)
{
    static int16_t code[ROWS][ITEMS];
    int32_t    group[ROWS];
    bool       skip[ROWS] = { false };
    Match      same[ROWS], other[ROWS];
    uint64_t   seed = 88172645463325252u;
    MatchTable t = match_table(a, ROWS, ITEMS, 6);
    for (int r = 0; r < ROWS; r++) {
        group[r] = (int32_t)(next(&seed) % 7);
        skip[r]  = next(&seed) % 20 == 0;
        for (int i = 0; i < ITEMS; i++) {
            code[r][i] = next(&seed) % 5 == 0 ? -1 : (int16_t)(next(&seed) % 6);
            if (code[r][i] >= 0)
                match_set(&t, (size_t)r, (size_t)i, code[r][i]);
        }
    }
    match_maxima(&t, group, skip, 30, same, other);
    int wrong = 0;
    for (int r = 0; r < ROWS; r++) {
        Match want[2] = { { .partner = -1 }, { .partner = -1 } };
        for (int q = 0; q < ROWS && !skip[r]; q++) {
            int equal = 0, both = 0;
            for (int i = 0; i < ITEMS; i++) {
                both += code[r][i] >= 0 && code[q][i] >= 0;
                equal += code[r][i] >= 0 && code[r][i] == code[q][i];
            }
            Match *m = &want[group[r] != group[q]];
            if (q == r || skip[q] || both < 30)
                continue;
            if (m->partner < 0 || equal * m->both > m->equal * both)
                *m = (Match){ q, (uint16_t)equal, (uint16_t)both };
        }
        wrong += memcmp(&want[0], &same[r], sizeof(Match)) != 0;
        wrong += memcmp(&want[1], &other[r], sizeof(Match)) != 0;
    }
    CHECK_INT(wrong, 0);
}

TEST(quality_match_finds_a_copied_form)
{
    MatchTable t = match_table(a, 3, 12, 5);
    Match      same[3], other[3];
    for (size_t i = 0; i < 12; i++) {
        match_set(&t, 0, i, (int)(i % 5));
        match_set(&t, 1, i, (int)((i + 2) % 5));
        match_set(&t, 2, i, i == 4 ? 0 : (int)(i % 5));
    }
    match_maxima(&t, NULL, NULL, 10, same, other);
    CHECK_INT(same[0].partner, 2);
    CHECK_INT(same[0].equal, 11);
    CHECK_NEAR(match_share(&same[0]), 11.0 / 12, 1e-12);
    CHECK(isnan(match_share(&other[0])));
}

/* By hand: groups (1 2 3), (4 5 6), (5 6 7, with one missing). */
TEST(quality_icc_by_analysis_of_variance)
{
    double  y[] = { 1, 2, 3, 4, 5, 6, 5, 6, 7, NAN };
    int32_t g[] = { 0, 0, 0, 1, 1, 1, 2, 2, 2, 2 };
    Icc     r   = icc_anova(*a, y, g, 10, 3);
    CHECK_NEAR(r.msb, 13, 1e-12);
    CHECK_NEAR(r.msw, 1, 1e-12);
    CHECK_NEAR(r.n0, 3, 1e-12);
    CHECK_NEAR(r.icc, 12.0 / 15, 1e-12);
    CHECK_NEAR(r.f, 13, 1e-12);
    CHECK_NEAR(r.p, 0.006592, 1e-5);
    CHECK_NEAR(r.deff, 1 + 2 * 0.8, 1e-12);
    CHECK_INT(r.n, 9);
    for (int i = 0; i < 9; i++)
        y[i] += 1e15;                        /* differences keep their digits */
    CHECK_NEAR(icc_anova(*a, y, g, 10, 3).msb, 13, 1e-12);
    CHECK(isnan(icc_anova(*a, y, (int32_t[10]){ 0 }, 10, 1).icc));
    CHECK_NEAR(icc_anova(*a, (double[]){ 1, 3, 5, 7 }, (int32_t[]){ 0, 0, 1, 1 }, 4, 2).icc, 14.0 / 18, 1e-12);      /* (16 - 2) / (16 + 2) */
}

TEST(quality_ages_heaped_on_round_numbers)
{
    int64_t even[120] = { 0 }, falling[120] = { 0 }, round_[120] = { 0 }, none[120] = { 0 };
    double  share[10];
    for (int age = 0; age < 120; age++) {
        even[age]    = 10;
        falling[age] = 120 - age;
        round_[age]  = age % 10 == 0 ? 50 : 0;
    }
    CHECK_NEAR(whipple(even), 100, 1e-12);
    CHECK_NEAR(whipple(round_), 500, 1e-12);
    CHECK_NEAR(myers(even, 20, share), 0, 1e-9);
    CHECK_NEAR(share[7], 10, 1e-9);
    CHECK_NEAR(myers(falling, 20, NULL), 0, 1e-9);           /* blending takes the fall of ages out */
    CHECK_NEAR(myers(round_, 20, NULL), 90, 1e-9);
    CHECK(isnan(whipple(none)) && isnan(myers(none, 20, NULL)));
}

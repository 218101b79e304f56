/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Philox against its authors' published answers, and the shape of what is drawn from it. */
#include "base/test.h"
#include "stats/random.h"

TEST(random_philox_gives_the_published_answers)
{
    const uint32_t counter[3][4] = { { 0 }, { ~0u, ~0u, ~0u, ~0u }, { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 } };
    const uint32_t key[3][2]     = { { 0 }, { ~0u, ~0u }, { 0xa4093822, 0x299f31d0 } };
    const uint32_t want[3][4]    = { { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 }, { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd },
                                     { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } };
    for (int i = 0; i < 3; i++) {
        uint32_t got[4];
        philox(counter[i], key[i], got);
        CHECK(memcmp(got, want[i], sizeof got) == 0);
    }
}

TEST(random_draws_depend_on_their_place_alone)
{
    StatsStream s = { 20260101, 3 };
    double      row[5], sum = 0, square = 0;
    enum { RUNS = 20000 };
    for (uint64_t run = 0; run < RUNS; run++) {
        stats_draw_normals(s, run, 5, row);
        for (uint32_t i = 0; i < 5; i++) {
            sum += row[i];
            square += row[i] * row[i];
            if (run % 997 == 0)
                CHECK(row[i] == stats_draw_normal(s, run, i));
        }
    }
    CHECK_NEAR(sum / (5 * RUNS), 0, 0.02);
    CHECK_NEAR(square / (5 * RUNS), 1, 0.02);
    CHECK(stats_draw_unit(s, 1, 0) != stats_draw_unit(s, 2, 0) && stats_draw_unit(s, 1, 0) != stats_draw_unit((StatsStream){ 20260101, 4 }, 1, 0));
}

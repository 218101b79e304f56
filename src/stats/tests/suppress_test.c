/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What may be shown, by hand and against an attacker who tries every table that fits what is shown. */
#include "base/test.h"
#include "stats/suppress.h"

static StatsCell cell_of(uint32_t n)
{
    return (StatsCell){ .value = 0.7, .se = 0.03, .df = 20, .n = n, .n_psu = 9 };
}

TEST(suppress_cells_of_their_own)
{
    StatsCell c[8];
    StatsShow out[8];
    for (int i = 0; i < 8; i++)
        c[i] = cell_of(100);
    c[1].n = 4;
    c[2].n = 29, c[2].value = 1, c[2].se = 0;
    c[3].n = 0, c[3].value = NAN;
    c[4].n_psu = 4;
    c[5].value = 0.95, c[5].se = 0.02;                    /* 2 points on the rarer side's 5 */
    c[6].se = NAN;
    c[7].n = 29;
    CHECK_OK(stats_suppress(a, 8, c, 0, NULL, NULL, out));
    const StatsShow want[] = { STATS_SHOWN, STATS_SECRET, STATS_ALIKE, STATS_NO_DATA, STATS_UNRELIABLE, STATS_UNRELIABLE, STATS_UNRELIABLE, STATS_UNRELIABLE };
    for (int i = 0; i < 8; i++)
        CHECK_INT(out[i], want[i]);
}

TEST(suppress_hides_another_part_of_the_same_total)
{
    StatsCell     c[] = { cell_of(203), cell_of(3), cell_of(60), cell_of(50), cell_of(90) };
    uint32_t      part[] = { 1, 2, 3, 4 };
    StatsRelation r = { 0, part, 4 };
    StatsShow     out[5];
    CHECK_OK(stats_suppress(a, 5, c, 1, &r, NULL, out));
    CHECK(out[0] == STATS_SHOWN && out[1] == STATS_SECRET && out[2] == STATS_SHOWN && out[3] == STATS_COMPLEMENT && out[4] == STATS_SHOWN);
    c[0].n = 400;                                          /* those in no part hide it already */
    CHECK_OK(stats_suppress(a, 5, c, 1, &r, NULL, out));
    CHECK(out[3] == STATS_SHOWN);
    c[0].n = 202;
    CHECK_ERR(stats_suppress(a, 5, c, 1, &r, NULL, out), ERR_INVALID);
}

/* Hidden before and empty now: still hidden, and another beside it. */
TEST(suppress_keeps_a_secret_cell_of_nobody)
{
    StatsCell     c[] = { cell_of(100), cell_of(0), cell_of(60), cell_of(40) };
    uint32_t      part[] = { 1, 2, 3 };
    StatsRelation r = { 0, part, 3 };
    StatsShow     out[4];
    c[1].value = NAN;
    CHECK_OK(stats_suppress(a, 4, c, 1, &r, NULL, out));
    CHECK(out[1] == STATS_NO_DATA && out[3] == STATS_SHOWN);
    c[1].secret = true;
    CHECK_OK(stats_suppress(a, 4, c, 1, &r, NULL, out));
    CHECK(out[0] == STATS_SHOWN && out[1] == STATS_SECRET && out[2] == STATS_SHOWN && out[3] == STATS_COMPLEMENT);
}

/* Two domains, one inside the other, that differ by three persons. */
TEST(suppress_nested_domains_that_differ_by_few)
{
    StatsCell     c[] = { cell_of(100), cell_of(97) };
    uint32_t      part[] = { 1 };
    StatsRelation r = { 0, part, 1 };
    StatsShow     out[2];
    CHECK_OK(stats_suppress(a, 2, c, 1, &r, NULL, out));
    CHECK(out[0] == STATS_SHOWN && out[1] == STATS_COMPLEMENT);
    c[1].n = 95;
    CHECK_OK(stats_suppress(a, 2, c, 1, &r, NULL, out));
    CHECK(out[1] == STATS_SHOWN);
}

/* ---- The attacker ------------------------------------------------------------------------------------------------------------- */

enum { ROWS = 3, COLUMNS = 4, CELLS = ROWS * COLUMNS + ROWS + COLUMNS + 1 };
typedef struct Attack {
    const StatsRelation *relation;
    size_t      relations;
    const bool *hidden;
    uint32_t    value[CELLS], low[CELLS], high[CELLS];
    long        tried;
} Attack;

/* -1: cannot fit any more; else how many unknown are left in the relation (then *out: what they add up to, the total's sign aside). */
static int open_ones(const Attack *t, const StatsRelation *r, const bool *known, int64_t *out_sum)
{
    int     open = !known[r->total];
    int64_t sum  = known[r->total] ? t->value[r->total] : 0;
    for (size_t i = 0; i < r->n_parts; i++) {
        open += !known[r->part[i]];
        sum -= known[r->part[i]] ? t->value[r->part[i]] : 0;
    }
    *out_sum = sum;
    return (open == 0 && sum != 0) || (known[r->total] && sum < 0) ? -1 : open;
}

/* Tries every whole table that fits, and notes how small and large each hidden count gets. */
static void attack(Attack *t, size_t at, bool *known)
{
    int64_t sum;
    size_t  most = 60;
    if (++t->tried > 3000000)
        return;
    for (size_t k = 0; k < t->relations; k++) {
        int open = open_ones(t, &t->relation[k], known, &sum);
        if (open < 0)
            return;
    }
    while (at < CELLS && known[at])
        at++;
    if (at == CELLS) {
        for (size_t i = 0; i < CELLS; i++) {
            t->low[i]  = t->value[i] < t->low[i] ? t->value[i] : t->low[i];
            t->high[i] = t->value[i] > t->high[i] ? t->value[i] : t->high[i];
        }
        return;
    }
    known[at] = true;
    for (size_t x = 0; x <= most; x++) {
        t->value[at] = (uint32_t)x;
        attack(t, at + 1, known);
    }
    known[at] = false;
}

typedef struct World { StatsCell cell[CELLS]; StatsRelation relation[ROWS + COLUMNS + 2]; uint32_t part[ROWS + COLUMNS + 2][COLUMNS]; } World;

/* Rows and columns of a table, their margins, and the total both ways. */
static void world_new(World *w, uint64_t *s)
{
    size_t n = ROWS * COLUMNS, all = CELLS - 1, k = 0;
    memset(w, 0, sizeof *w);
    for (size_t i = 0; i < CELLS; i++)
        w->cell[i] = cell_of(0);
    for (size_t i = 0; i < n; i++) {
        *s ^= *s << 13, *s ^= *s >> 7, *s ^= *s << 17;
        w->cell[i].n = (uint32_t)(*s % 4 == 0 ? *s / 8 % 5 : 5 + *s / 8 % 40);
        w->cell[n + i / COLUMNS].n += w->cell[i].n;
        w->cell[n + ROWS + i % COLUMNS].n += w->cell[i].n;
        w->cell[all].n += w->cell[i].n;
    }
    for (size_t r = 0; r < ROWS; r++, k++) {
        for (size_t c = 0; c < COLUMNS; c++)
            w->part[k][c] = (uint32_t)(r * COLUMNS + c);
        w->relation[k] = (StatsRelation){ (uint32_t)(n + r), w->part[k], COLUMNS };
    }
    for (size_t c = 0; c < COLUMNS; c++, k++) {
        for (size_t r = 0; r < ROWS; r++)
            w->part[k][r] = (uint32_t)(r * COLUMNS + c);
        w->relation[k] = (StatsRelation){ (uint32_t)(n + ROWS + c), w->part[k], ROWS };
    }
    for (size_t r = 0; r < ROWS; r++)
        w->part[k][r] = (uint32_t)(n + r);
    w->relation[k] = (StatsRelation){ (uint32_t)all, w->part[k], ROWS };
    k++;
    for (size_t c = 0; c < COLUMNS; c++)
        w->part[k][c] = (uint32_t)(n + ROWS + c);
    w->relation[k] = (StatsRelation){ (uint32_t)all, w->part[k], COLUMNS };
}

TEST(suppress_survives_the_subtraction_audit)
{
    uint64_t s = 88172645463325252u;
    int      attacked = 0;
    for (int round = 0; round < 300; round++) {
        World     w;
        StatsShow out[CELLS];
        bool      hidden[CELLS], known[CELLS];
        size_t    unknown = 0;
        world_new(&w, &s);
        CHECK_OK(stats_suppress(a, CELLS, w.cell, COUNT_OF(w.relation), w.relation, NULL, out));
        Attack t = { w.relation, COUNT_OF(w.relation), hidden, { 0 }, { 0 }, { 0 }, 0 };
        for (size_t i = 0; i < CELLS; i++) {
            hidden[i]  = out[i] == STATS_SECRET || out[i] == STATS_ALIKE || out[i] == STATS_COMPLEMENT;
            known[i]   = !hidden[i];
            t.value[i] = w.cell[i].n;
            t.low[i]   = UINT32_MAX;
            unknown += hidden[i];
            CHECK(!w.cell[i].n || w.cell[i].n >= 5 || hidden[i]);
        }
        if (unknown > 5)
            continue;                    /* too many tables to try */
        attack(&t, 0, known);
        if (t.tried > 3000000)
            continue;
        attacked += unknown > 0;
        for (size_t i = 0; i < CELLS; i++)
            CHECK(!hidden[i] || t.high[i] - t.low[i] >= 5);
    }
    CHECK(attacked > 20);
}

TEST(suppress_bounds_follow_from_sums_and_differences)
{
    /* x + y = 9, y + z = 6, x shown through z: x - z = 3 */
    const uint32_t count[] = { 9, 6, 4, 5, 1 }, first[] = { 2, 3 }, second[] = { 3, 4 };
    const bool     hidden[] = { false, false, true, true, true };
    const StatsRelation r[] = { { 0, first, 2 }, { 1, second, 2 } };
    CountBounds    b[5];
    stats_count_bounds(*a, 5, count, hidden, 2, r, b);
    CHECK(b[3].low == 0 && b[3].high == 6 && b[2].low == 3 && b[2].high == 9 && b[4].low == 0 && b[4].high == 6 && b[0].low == 9 && b[0].high == 9);
}

/* x + y, x + z and y + z each hide two cells, and together give all three: only the audit sees it. */
TEST(suppress_sees_through_three_sums)
{
    StatsCell      c[] = { cell_of(3), cell_of(10), cell_of(12), cell_of(13), cell_of(15), cell_of(22) };
    const uint32_t xy[] = { 0, 1 }, xz[] = { 0, 2 }, yz[] = { 1, 2 };
    const StatsRelation r[] = { { 3, xy, 2 }, { 4, xz, 2 }, { 5, yz, 2 } };
    const uint32_t count[] = { 3, 10, 12, 13, 15, 22 };
    bool           hidden[] = { true, true, true, false, false, false };
    CountBounds    b[6];
    StatsShow      out[6];
    stats_count_bounds(*a, 6, count, hidden, 3, r, b);
    CHECK(b[0].low == 3 && b[0].high == 3);
    CHECK_OK(stats_suppress(a, 6, c, 3, r, NULL, out));
    int totals = 0;
    for (int i = 0; i < 6; i++) {
        hidden[i] = out[i] == STATS_SECRET || out[i] == STATS_COMPLEMENT;
        totals += i > 2 && hidden[i];
    }
    stats_count_bounds(*a, 6, count, hidden, 3, r, b);
    CHECK(totals > 0 && b[0].high - b[0].low >= 5 && b[1].high - b[1].low >= 5 && b[2].high - b[2].low >= 5);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An attack on what is told of small groups: every table of every choice of variables is asked for, and all that is shown is solved together. */
#include "base/test.h"
#include "desk/secret.h"
#include "stats/suppress.h"

#include <math.h>

enum { VARS = 4, ROWS = 900, CELLS = 1024 };
static const size_t levels[VARS] = { 4, 3, 3, 2 };

typedef struct People { uint8_t level[VARS][ROWS], code[2][ROWS]; size_t n; } People;

static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
    return (uint32_t)(*state >> 20) % below;
}

/* Most stand at the first levels; the last are rare. Two things are said: 0 nothing, 1 or 2. */
static People *people_new(Arena *a, uint64_t seed)
{
    People  *p = arena_new(a, People, 1);
    uint64_t state = 88172645463325252u + seed * 7919;
    p->n = 60 + draw(&state, ROWS - 60);
    for (size_t r = 0; r < p->n; r++) {
        for (size_t v = 0; v < VARS; v++) {
            uint32_t x = draw(&state, 100), cut = 3 + draw(&state, 5);
            p->level[v][r] = (uint8_t)(x < cut ? levels[v] : 1 + draw(&state, (uint32_t)levels[v]));
        }
        for (size_t k = 0; k < 2; k++)
            p->code[k][r] = (uint8_t)(draw(&state, 10) ? 1 + (draw(&state, 4) == 0) : 0);
    }
    return p;
}

static const uint64_t kinds[256] = { 0, 1, 2 };

/* What is told when the variables of the mask are asked for, of one thing or of both together. */
static Err ask(Arena *a, const People *p, unsigned mask, size_t things, size_t first, DeskSecret *out)
{
    DeskVariable v[VARS];
    DeskSaid     said[2] = { { .code = p->code[first], .kind = kinds }, { .code = p->code[1], .kind = kinds } };
    size_t       k = 0;
    for (size_t i = 0; i < VARS; i++)
        if (mask >> i & 1)
            v[k++] = (DeskVariable){ p->level[i], levels[i] };
    return desk_secret(a, p->n, k, v, things, said, out);
}

/* Place of a cell of the whole cross in the answer to a smaller question; it names no other variable. */
static size_t place_in(const DeskSecret *s, unsigned mask, const size_t at[VARS])
{
    size_t cell = 0, k = 0;
    for (size_t i = 0; i < VARS; i++)
        if (mask >> i & 1)
            cell += at[i] * s->step[k++];
    return cell;
}

static bool hidden(uint8_t s)
{
    return s == STATS_SECRET || s == STATS_ALIKE || s == STATS_COMPLEMENT;
}

typedef struct Attack { size_t wide, rank; double (*row)[CELLS]; size_t pivot[CELLS]; } Attack;

/* Takes away from x what is known; true: nothing is left, so it is known too. */
static bool known(const Attack *s, double *x)
{
    double left = 0;
    for (size_t k = 0; k < s->rank; k++) {
        double f = x[s->pivot[k]];
        for (size_t i = 0; f != 0 && i < s->wide; i++)
            x[i] -= f * s->row[k][i];
    }
    for (size_t i = 0; i < s->wide; i++)
        left = fmax(left, fabs(x[i]));
    return left < 1e-7;
}

static void learn(Attack *s, double *x)
{
    size_t best = 0;
    if (known(s, x))
        return;
    for (size_t i = 0; i < s->wide; i++)
        best = fabs(x[i]) > fabs(x[best]) ? i : best;
    double f = x[best];
    for (size_t i = 0; i < s->wide; i++)
        s->row[s->rank][i] = x[i] / f;
    s->pivot[s->rank++] = best;
}

/* 1 for every group of people within the cell. */
static void groups_of(const size_t at[VARS], double *x)
{
    size_t n = 0, i[VARS];
    for (i[0] = 1; i[0] <= levels[0]; i[0]++)
        for (i[1] = 1; i[1] <= levels[1]; i[1]++)
            for (i[2] = 1; i[2] <= levels[2]; i[2]++)
                for (i[3] = 1; i[3] <= levels[3]; i[3]++, n++) {
                    x[n] = 1;
                    for (size_t v = 0; v < VARS; v++)
                        x[n] *= !at[v] || at[v] == i[v];
                }
}

static bool next_cell(size_t at[VARS], unsigned *mask)
{
    size_t v = 0;
    while (v < VARS && ++at[v] > levels[v])
        at[v++] = 0;
    *mask = 0;
    for (size_t i = 0; i < VARS; i++)
        *mask |= (unsigned)(at[i] != 0) << i;
    return v < VARS;
}

/* Every question at once. Those that cannot be decided show nothing. */
static void attack(Arena *a, const People *p, int *hid, int *told)
{
    DeskSecret one[1 << VARS], both[1 << VARS], second[1 << VARS];
    bool       refused[1 << VARS];
    Attack     s = { .wide = levels[0] * levels[1] * levels[2] * levels[3] };
    double     x[CELLS];
    s.row = arena_take(a, CELLS, sizeof *s.row, 16);
    for (unsigned m = 0; m < 1 << VARS; m++)
        refused[m] = ask(a, p, m, 1, 0, &one[m]) || ask(a, p, m, 2, 0, &both[m]) || ask(a, p, m, 1, 1, &second[m]);
    size_t   at[VARS] = { 0 };
    unsigned mask = 0;
    do {
        for (unsigned m = 0; m < 1 << VARS; m++) {
            if ((mask & m) != mask || refused[m])
                continue;
            uint8_t here = one[m].show[place_in(&one[m], m, at)], pooled = both[m].show[place_in(&both[m], m, at)];
            if (!refused[mask] && here != one[mask].show[place_in(&one[mask], mask, at)])
                test_fail(__FILE_NAME__, __LINE__, "table %u tells other than table %u", m, mask);
            if (!hidden(pooled) && (hidden(here) || hidden(second[m].show[place_in(&second[m], m, at)])))
                test_fail(__FILE_NAME__, __LINE__, "what is pooled is told where its part is hidden");
            *told += !hidden(here);
            groups_of(at, x);
            if (!hidden(here))
                learn(&s, x);
        }
    } while (next_cell(at, &mask));
    do {
        uint8_t here = refused[mask] ? STATS_SHOWN : one[mask].show[place_in(&one[mask], mask, at)];
        groups_of(at, x);
        *hid += here == STATS_SECRET || here == STATS_ALIKE;
        if ((here == STATS_SECRET || here == STATS_ALIKE) && known(&s, x))
            test_fail(__FILE_NAME__, __LINE__, "the cell %zu %zu %zu %zu follows from what is told", at[0], at[1], at[2], at[3]);
    } while (next_cell(at, &mask));
}

TEST(desk_differences_of_all_tables_give_no_small_cell)
{
    int hid = 0, told = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        Arena   mine = arena_open((size_t)1 << 28);
        People *p = people_new(&mine, seed);
        attack(&mine, p, &hid, &told);
        arena_close(&mine);
    }
    CHECK(hid > 1000);
    CHECK(told > 3000);
}

/* Three women among forty: the sum of men is hidden with them, everywhere, and so is every part of either. */
TEST(desk_hides_a_small_group_and_what_it_is_taken_from)
{
    uint8_t    sex[46], place[46], code[46];
    DeskSecret s;
    for (size_t i = 0; i < 46; i++) {
        sex[i]   = (uint8_t)(i < 3 ? 2 : i < 40 ? 1 : 3);
        place[i] = (uint8_t)(1 + i % 2);
        code[i]  = (uint8_t)(1 + i % 3 % 2);
    }
    DeskVariable v[2] = { { place, 2 }, { sex, 3 } };
    CHECK_OK(desk_secret(a, 46, 2, v, 1, &(DeskSaid){ .code = code, .kind = kinds }, &s));
    CHECK_INT(s.show[0], STATS_SHOWN);
    CHECK_INT(s.show[2 * s.step[1]], STATS_SECRET);
    CHECK_INT(s.show[3 * s.step[1]], STATS_COMPLEMENT);          /* six of no sex: the smallest beside it */
    CHECK_INT(s.show[1 * s.step[1]], STATS_SHOWN);
    for (size_t k = 1; k <= 2; k++) {
        CHECK(hidden(s.show[k + 2 * s.step[1]]) && hidden(s.show[k + 3 * s.step[1]]));
        CHECK_INT(s.show[k + s.step[1]], STATS_SHOWN);
    }
}

/* An edition hides another level beside a small one than the desk would: the desk hides both. */
TEST(desk_hides_what_editions_hide)
{
    uint8_t    level[60], code[60], shut[5] = { [1] = 1 };
    DeskSecret s;
    for (size_t i = 0; i < 60; i++) {
        level[i] = (uint8_t)(i < 3 ? 2 : i < 9 ? 3 : i < 30 ? 4 : 1);
        code[i]  = (uint8_t)(1 + i % 2);
    }
    DeskVariable v = { level, 4 };
    CHECK_OK(desk_secret(a, 60, 1, &v, 1, &(DeskSaid){ .code = code, .kind = kinds }, &s));
    CHECK(!hidden(s.show[1]) && hidden(s.show[3]));
    CHECK_OK(desk_secret(a, 60, 1, &v, 1, &(DeskSaid){ .code = code, .kind = kinds, .shut = { shut } }, &s));
    CHECK(hidden(s.show[1]) && hidden(s.show[2]) && !hidden(s.show[4]));
}

/* Twenty who said the same and were hidden, then one who did not: nobody may see what the twenty said. */
TEST(desk_hides_altogether_what_editions_hide_altogether)
{
    uint8_t    level[60], code[60];
    DeskSecret s;
    for (size_t i = 0; i < 60; i++) {
        level[i] = (uint8_t)(1 + i % 3);
        code[i]  = (uint8_t)(i ? 1 : 2);
    }
    DeskVariable v = { level, 3 };
    CHECK_OK(desk_secret(a, 60, 1, &v, 1, &(DeskSaid){ .code = code, .kind = kinds, .shut_all = true }, &s));
    for (size_t k = 0; k <= 3; k++)
        CHECK(hidden(s.show[k]));
    CHECK_OK(desk_secret(a, 60, 0, NULL, 1, &(DeskSaid){ .code = code, .kind = kinds, .shut_all = true }, &s));
    CHECK(hidden(s.show[0]));
}

TEST(desk_hides_a_table_that_has_no_room)
{
    uint8_t    level[6] = { 1, 1, 1, 2, 3, 4 }, code[6] = { 1, 2, 1, 2, 1, 2 }, *many = arena_new(a, uint8_t, 8);
    DeskSecret s;
    CHECK_OK(desk_secret(a, 6, 1, &(DeskVariable){ level, 4 }, 1, &(DeskSaid){ .code = code, .kind = kinds }, &s));      /* 3, 1, 1, 1: no two hold five */
    CHECK_INT(s.show[0], STATS_SHOWN);
    for (size_t k = 1; k <= 4; k++)
        CHECK(hidden(s.show[k]));
    DeskVariable wide[4] = { { many, 100 }, { many, 100 }, { many, 100 }, { many, 100 } };
    CHECK_ERR(desk_secret(a, 6, 4, wide, 1, &(DeskSaid){ .code = code, .kind = kinds }, &s), ERR_TOO_LARGE);
}

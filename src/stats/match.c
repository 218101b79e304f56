/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Maximum percent match. Two rows are compared 64 items at a time: where no bit of the codes differs, the items are equal. */
#include "stats/quality.h"

#include <math.h>

enum { TILE = 256 };                     /* rows of a tile lie in the nearest cache while they meet another tile */

MatchTable match_table(Arena *a, size_t rows, size_t items, int codes)
{
    MatchTable t = { .rows = rows, .items = items, .words = (items + 63) / 64 };
    while ((1 << t.planes) < codes)
        t.planes++;
    t.at = arena_new(a, uint64_t, rows * t.words * (size_t)(t.planes + 1) + 1);
    return t;
}

/* A row: words of "answered", then the words of each plane. */
static uint64_t *row_at(const MatchTable *t, size_t row)
{
    return t->at + row * t->words * (size_t)(t->planes + 1);
}

void match_set(MatchTable *t, size_t row, size_t item, int code)
{
    uint64_t *at = row_at(t, row), bit = UINT64_C(1) << (item % 64);
    at[item / 64] |= bit;
    for (int p = 0; p < t->planes; p++)
        if (code >> p & 1)
            at[(size_t)(p + 1) * t->words + item / 64] |= bit;
}

double match_share(const Match *m)
{
    return m->partner < 0 ? NAN : (double)m->equal / m->both;
}

/* Bits set, by adding neighbours: as fast as the processor's own instruction needs here, and everywhere the same. */
static inline int bits(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x  = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x  = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (int)(x * UINT64_C(0x0101010101010101) >> 56);
}

static inline void compare(const MatchTable *t, const uint64_t *x, const uint64_t *y, int *out_equal, int *out_both)
{
    int equal = 0, both = 0;
    for (size_t w = 0; w < t->words; w++) {
        uint64_t common = x[w] & y[w], differs = 0;
        for (int p = 1; p <= t->planes; p++)
            differs |= x[(size_t)p * t->words + w] ^ y[(size_t)p * t->words + w];
        both  += bits(common);
        equal += bits(common & ~differs);
    }
    *out_equal = equal;
    *out_both  = both;
}

/* Shares are compared as fractions, so that equals are equal; the lowest partner stays. */
static inline void better(Match *m, size_t partner, int equal, int both)
{
    int64_t now = (int64_t)equal * m->both, was = (int64_t)m->equal * both;
    if (m->partner < 0 || now > was || (now == was && (int32_t)partner < m->partner))
        *m = (Match){ (int32_t)partner, (uint16_t)equal, (uint16_t)both };
}

typedef struct Job { const MatchTable *t; const int32_t *group; const bool *skip; size_t least; Match *same, *other; } Job;

static void tiles_meet(const Job *j, size_t a, size_t b)
{
    size_t rows = j->t->rows, a_end = a + TILE < rows ? a + TILE : rows, b_end = b + TILE < rows ? b + TILE : rows;
    for (size_t x = a; x < a_end; x++) {
        if (j->skip && j->skip[x])
            continue;
        const uint64_t *row = row_at(j->t, x);
        for (size_t y = a == b ? x + 1 : b; y < b_end; y++) {
            int equal, both;
            if (j->skip && j->skip[y])
                continue;
            compare(j->t, row, row_at(j->t, y), &equal, &both);
            if ((size_t)both < j->least)
                continue;
            Match *to = !j->group || j->group[x] == j->group[y] ? j->same : j->other;
            better(&to[x], y, equal, both);
            better(&to[y], x, equal, both);
        }
    }
}

void match_maxima(const MatchTable *t, const int32_t *group, const bool *skip, size_t least, Match *same, Match *other)
{
    Job j = { t, group, skip, least ? least : 1, same, other };
    for (size_t i = 0; i < t->rows; i++)
        same[i] = other[i] = (Match){ .partner = -1 };
    for (size_t a = 0; a < t->rows; a += TILE)
        for (size_t b = a; b < t->rows; b += TILE)
            tiles_meet(&j, a, b);
}

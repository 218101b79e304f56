/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which cells may be told, whatever is asked around them. Every cell of the cross of some variables has one answer, for it is made from coarse to fine: what is
 * hidden stays hidden in all its parts, and beside a cell hidden for itself stands a box of hidden cells, one other level in each direction. Adding
 * people at one corner of the box and taking them away at the next changes no sum that is told, in this table or in any other, so no sum or
 * difference of tables gives the cell. docs/adr/0046-figures-hold-against-differences.md. */
#include "desk/secret.h"

#include "stats/suppress.h"

enum { SECRET = 5, ALIKE = 30, CELLS_MOST = 60000, NEAR = 3 };
static const uint64_t WORK_MOST = UINT64_C(1) << 28;

typedef struct Cube {
    size_t k, dim[DESK_VARIABLES], step[DESK_VARIABLES], cells;
    uint8_t *pattern, *show;         /* of each cell: which variables it names (bits); StatsShow */
    uint32_t *n, *first;             /* who answered; of these, with the first kind of answer */
    uint64_t *kinds;                 /* what kinds of answers there are */
    bool      two;                   /* some answer in the first kind, some in another */
    uint64_t work;                   /* corners looked at */
} Cube;

static bool is_hidden(uint8_t s)
{
    return s == STATS_SECRET || s == STATS_ALIKE || s == STATS_COMPLEMENT;
}

static size_t level_of(const Cube *c, size_t cell, size_t v)
{
    return cell / c->step[v] % c->dim[v];
}

static Err cube_new(Arena *a, size_t k, const DeskVariable v[], Cube *out)
{
    Cube c = { .k = k, .cells = 1 };
    for (size_t i = 0; i < k; i++) {
        c.dim[i]  = v[i].levels + 1;
        c.step[i] = c.cells;
        c.cells  *= c.dim[i];
        if (c.cells > CELLS_MOST)
            return err_new(a, ERR_TOO_LARGE, S("the table has too many cells"));
    }
    c.pattern = arena_new(a, uint8_t, c.cells);
    c.show    = arena_new(a, uint8_t, c.cells);
    c.n       = arena_new(a, uint32_t, c.cells);
    c.first   = arena_new(a, uint32_t, c.cells);
    c.kinds   = arena_new(a, uint64_t, c.cells);
    for (size_t x = 0; x < c.cells; x++)
        for (size_t i = 0; i < k; i++)
            c.pattern[x] |= (uint8_t)((level_of(&c, x, i) != 0) << i);
    *out = c;
    return OK;
}

/* Counts the cells that name every variable, then adds up along each. */
static void count(Cube *c, size_t rows, const uint32_t *atom, const DeskSaid *said)
{
    memset(c->n, 0, c->cells * sizeof *c->n);
    memset(c->first, 0, c->cells * sizeof *c->first);
    memset(c->kinds, 0, c->cells * sizeof *c->kinds);
    for (size_t r = 0; r < rows; r++) {
        uint64_t kind = said->kind[said->code[r]];
        c->n[atom[r]]     += kind != 0;
        c->first[atom[r]] += kind == 1;
        c->kinds[atom[r]] |= kind;
    }
    for (size_t v = 0; v < c->k; v++)
        for (size_t x = 0; x < c->cells; x++) {
            size_t level = level_of(c, x, v);
            if (!level)
                continue;
            c->n[x - level * c->step[v]]     += c->n[x];
            c->first[x - level * c->step[v]] += c->first[x];
            c->kinds[x - level * c->step[v]] |= c->kinds[x];
        }
    c->two = c->first[0] && c->first[0] < c->n[0];
}

static bool lies_below(const Cube *c, size_t x)
{
    bool below = false;
    for (size_t v = 0; v < c->k; v++) {
        size_t level = level_of(c, x, v);
        below |= level && is_hidden(c->show[x - level * c->step[v]]);
    }
    return below;
}

/* What a cell says of itself; *out_needs: it is hidden for itself, in a table where nothing above it is. */
static uint8_t own_show(const Cube *c, size_t x, bool *out_needs)
{
    uint64_t kinds = c->kinds[x];
    bool     alike = kinds && !(kinds & (kinds - 1)) && c->n[x] < ALIKE, below = lies_below(c, x);
    uint8_t  own   = !c->n[x] ? STATS_NO_DATA : c->n[x] < SECRET ? STATS_SECRET : alike ? STATS_ALIKE : STATS_SHOWN;
    *out_needs = is_hidden(own);
    return below && !is_hidden(own) ? STATS_COMPLEMENT : own;
}

/* ---- Boxes -------------------------------------------------------------------------------------------------------------------- */

/* by: how far each direction steps from the cell. cost: people who are hidden by it and were not before; UINT64_MAX: no use. */
typedef struct Box { size_t sides; ptrdiff_t by[DESK_VARIABLES]; uint64_t cost; } Box;

static size_t corner(const Box *b, size_t x, size_t which)
{
    ptrdiff_t at = (ptrdiff_t)x;
    for (size_t i = 0; i < b->sides; i++)
        at += which >> i & 1 ? b->by[i] : 0;
    return (size_t)at;
}

static void lower(uint32_t *least, uint32_t n)
{
    *least = n < *least ? n : *least;
}

/* Those of one kind of answer move by the fewest in corners of either sort, so the cell is known no closer than both together: five people, and one of each
 * kind. */
static void weigh(Cube *c, size_t x, Box *b, uint32_t wide)
{
    uint32_t first[2] = { UINT32_MAX, UINT32_MAX }, rest[2] = { UINT32_MAX, UINT32_MAX };
    b->cost = 0;
    for (size_t i = 0; i < (size_t)1 << b->sides; i++) {
        size_t at  = corner(b, x, i);
        bool   odd = __builtin_parityll(i);
        lower(&first[odd], c->first[at]);
        lower(&rest[odd], c->n[at] - c->first[at]);
        b->cost += is_hidden(c->show[at]) ? 0 : 1 + (uint64_t)c->n[at];
    }
    uint64_t one = (uint64_t)first[0] + first[1], other = (uint64_t)rest[0] + rest[1];
    if (one + other < wide || (c->two && (!one || !other)))
        b->cost = UINT64_MAX;
    c->work += (uint64_t)1 << b->sides;
}

typedef struct Sides { size_t n, count[DESK_VARIABLES]; ptrdiff_t by[DESK_VARIABLES][256]; } Sides;

static Box best_box(Cube *c, size_t x, const Sides *s, uint32_t wide)
{
    Box    best = { .cost = UINT64_MAX }, b = { .sides = s->n };
    size_t at[DESK_VARIABLES] = { 0 };
    for (size_t i = 0; i < s->n; i++)
        if (!s->count[i])
            return best;
    for (;;) {
        for (size_t i = 0; i < s->n; i++)
            b.by[i] = s->by[i][at[i]];
        weigh(c, x, &b, wide);
        if (b.cost < best.cost)
            best = b;
        size_t i = 0;
        while (i < s->n && ++at[i] == s->count[i])
            at[i++] = 0;
        if (i == s->n || c->work > WORK_MOST)
            return best;
    }
}

/* Hidden neighbours cost nothing, then the smallest; empty ones come last. */
static uint64_t rank(const Cube *c, size_t at)
{
    return is_hidden(c->show[at]) ? 0 : c->n[at] ? c->n[at] : UINT32_MAX;
}

/* Other levels in the direction of v: all, or the nearest few and the largest. */
static void side(const Cube *c, size_t x, size_t v, bool all, Sides *s)
{
    size_t    level = level_of(c, x, v), *n = &s->count[s->n];
    ptrdiff_t most = 0, *by = s->by[s->n];
    for (size_t y = 1; y < c->dim[v] && *n < COUNT_OF(s->by[0]); y++) {
        ptrdiff_t step = ((ptrdiff_t)y - (ptrdiff_t)level) * (ptrdiff_t)c->step[v];
        size_t    to   = (size_t)((ptrdiff_t)x + step);
        if (y == level)
            continue;
        most = !most || c->n[to] > c->n[(size_t)((ptrdiff_t)x + most)] ? step : most;
        size_t at = *n;
        while (!all && at && rank(c, to) < rank(c, (size_t)((ptrdiff_t)x + by[at - 1])))
            at--;
        if (!all && at == NEAR)
            continue;
        if (all || *n < NEAR)
            ++*n;
        memmove(&by[at + 1], &by[at], (*n - 1 - at) * sizeof *by);
        by[at] = step;
    }
    bool there = !most;
    for (size_t i = 0; i < *n; i++)
        there |= by[i] == most;
    if (!there)
        by[(*n)++] = most;
    s->n++;
}

static Box box_of(Cube *c, size_t x, bool all, uint32_t wide)
{
    Sides s = { 0 };
    for (size_t v = 0; v < c->k; v++)
        if (c->pattern[x] >> v & 1)
            side(c, x, v, all, &s);
    return best_box(c, x, &s, wide);
}

static void hide(Cube *c, size_t x)
{
    c->show[x] = is_hidden(c->show[x]) ? c->show[x] : STATS_COMPLEMENT;
}

/* Without a box nothing of the table is told but its sums. False: it takes too long. */
static bool protect(Cube *c, size_t x, bool below)
{
    Box b = box_of(c, x, false, below ? 1 : SECRET);
    if (b.cost == UINT64_MAX && !below && c->work <= WORK_MOST)
        b = box_of(c, x, true, SECRET);
    for (size_t i = 0; b.cost != UINT64_MAX && i < (size_t)1 << b.sides; i++)
        hide(c, corner(&b, x, i));
    for (size_t y = 0; b.cost == UINT64_MAX && !below && y < c->cells; y++)
        if (c->pattern[y] == c->pattern[x])
            hide(c, y);
    return c->work <= WORK_MOST;
}

static bool is_shut(const Cube *c, size_t x, const DeskSaid *said)
{
    if (!c->pattern[x])
        return said->shut_all;
    unsigned v = (unsigned)__builtin_ctz(c->pattern[x]);
    return c->pattern[x] == 1u << v && said->shut[v] && said->shut[v][level_of(c, x, v)];
}

/* The table of the variables in pattern; those of fewer are decided. */
static bool decide_table(Cube *c, uint8_t pattern, const DeskSaid *said, uint32_t *needy)
{
    size_t n = 0;
    for (size_t x = 0; x < c->cells; x++) {
        bool needs;
        if (c->pattern[x] != pattern)
            continue;
        c->show[x] = own_show(c, x, &needs);
        if (!is_hidden(c->show[x]) && is_shut(c, x, said))
            c->show[x] = STATS_COMPLEMENT;
        needy[n] = (uint32_t)x;
        n += needs;
    }
    for (size_t i = 0; i < n && pattern; i++)
        if (!protect(c, needy[i], lies_below(c, needy[i])))
            return false;
    return true;
}

static bool decide(Cube *c, const DeskSaid *said, uint32_t *needy)
{
    for (int size = 0; size <= (int)c->k; size++)
        for (unsigned p = 0; p < 1u << c->k; p++)
            if (__builtin_popcount(p) == size && !decide_table(c, (uint8_t)p, said, needy))
                return false;
    return true;
}

Err desk_secret(Arena *a, size_t rows, size_t k, const DeskVariable v[], size_t n, const DeskSaid said[], DeskSecret *out)
{
    Cube c = { 0 };
    TRY(cube_new(a, k, v, &c));
    uint32_t *atom = arena_new(a, uint32_t, rows + 1), *needy = arena_new(a, uint32_t, c.cells + 1);
    uint8_t  *show = arena_new(a, uint8_t, c.cells);
    for (size_t i = 0; i < k; i++)
        for (size_t r = 0; r < rows; r++)
            atom[r] += (uint32_t)(v[i].level[r] * c.step[i]);
    for (size_t i = 0; i < n; i++) {
        c.work = 0;
        count(&c, rows, atom, &said[i]);
        if (!decide(&c, &said[i], needy))
            return err_new(a, ERR_CONFLICT, S("what may be told of so many small groups cannot be decided"));
        for (size_t x = 0; x < c.cells; x++) {
            bool first = !i || show[x] == STATS_NO_DATA;
            show[x] = first || (is_hidden(c.show[x]) && !is_hidden(show[x])) ? c.show[x] : show[x];
        }
    }
    *out = (DeskSecret){ .k = k, .show = show };
    memcpy(out->step, c.step, sizeof c.step);
    return OK;
}

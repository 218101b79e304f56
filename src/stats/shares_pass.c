/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pass over the rows: weighted sums of every item by cell within each primary unit. Answers become a bit an item; a row adds its weight to two items
 * at a time under a mask of its bits, and what is missing is taken off again. */
#include "stats/shares_parts.h"

#include <math.h>

enum { PAIRS = SHARES_ITEMS / 2 };

const SharesBits shares_mask[4] = { { 0, 0 }, { -1, 0 }, { 0, -1 }, { -1, -1 } };

/* Sums of one cell in the unit at hand. */
typedef struct Sum {
    SharesPair s[PAIRS];
    double   missing[SHARES_ITEMS], weight;
    uint32_t unanswered[SHARES_ITEMS], rows, yes, no, unit, any_missing;   /* yes, no: items somebody is (not) satisfied with; unit: plus 1 */
} Sum;

/* A bit for each item of each row of the block. */
static void read_bits(const SharesPass *p, size_t from, SharesBlock *b)
{
    uint8_t answer[SHARES_BLOCK];
    memset(b->satisfied, 0, b->len * sizeof *b->satisfied);
    memset(b->answered, 0, b->len * sizeof *b->answered);
    for (size_t j = 0; j < p->n_items; j++) {
        const uint8_t *column = p->item[j].answer, *at = answer;
        uint8_t        least  = p->item[j].satisfied_from ? p->item[j].satisfied_from : 1;
        if (p->sorted)
            at = column + from;
        else
            for (size_t i = 0; i < b->len; i++)
                answer[i] = column[b->row[i]];
        for (size_t i = 0; i < b->len; i++) {
            b->satisfied[i] |= (uint32_t)(at[i] >= least) << j;
            b->answered[i] |= (uint32_t)(at[i] != 0) << j;
        }
    }
}

void shares_block(const SharesPass *p, size_t from, size_t end, SharesBlock *b)
{
    b->len = end - from < SHARES_BLOCK ? end - from : SHARES_BLOCK;
    for (size_t i = 0; i < b->len; i++) {
        b->row[i] = p->d->order[from + i];
        b->w[i]   = p->d->weight[b->row[i]];
    }
    read_bits(p, from, b);
}

static void open_sum(Sum *to, uint32_t unit)
{
    if (to->unit == unit + 1)
        return;
    memset(to, 0, sizeof *to);
    to->unit = unit + 1;
}

static void add_missing(Sum *to, uint32_t missing, double w)
{
    to->any_missing = 1;
    for (; missing; missing &= missing - 1) {
        int j = __builtin_ctz(missing);
        to->missing[j] += w;
        to->unanswered[j]++;
    }
}

/* Adds the rows of one block to their cells; touched lists cells met for the first time in this unit. */
static size_t add_block(const SharesPass *p, const SharesBlock *b, uint32_t unit, Sum *sum, uint32_t *touched, size_t n_touched)
{
    uint32_t all   = p->n_items == 32 ? UINT32_MAX : (UINT32_C(1) << p->n_items) - 1;
    size_t   pairs = (p->n_items + 1) / 2;
    for (size_t i = 0; i < b->len; i++) {
        SharesPair w = { b->w[i], b->w[i] }, add[PAIRS];
        uint32_t   bits = b->satisfied[i], missing = all & ~b->answered[i];
        size_t     first = 0;
        for (size_t k = 0; k < pairs; k++, bits >>= 2)
            add[k] = (SharesPair)((SharesBits)w & shares_mask[bits & 3]);
        for (size_t x = 0; x < (p->n_by ? p->n_by : 1); x++) {
            uint32_t code = p->n_by ? p->by[x].code[b->row[i]] : 0, cell = (uint32_t)first + code;
            if (p->n_by) {
                first += p->by[x].n_levels;
                if (code >= p->by[x].n_levels)
                    continue;
            }
            Sum *to = &sum[cell];
            if (to->unit != unit + 1) {
                open_sum(to, unit);
                touched[n_touched++] = cell;
            }
            for (size_t k = 0; k < pairs; k++)
                to->s[k] += add[k];
            to->weight += b->w[i];
            to->rows++;
            to->yes |= b->satisfied[i];
            to->no |= b->answered[i] & ~b->satisfied[i];
            if (missing)
                add_missing(to, missing, b->w[i]);
        }
    }
    return n_touched;
}

static SharesEntry entry_of(Arena *a, const SharesPass *p, uint32_t unit, uint32_t cell, const Sum *sum)
{
    SharesEntry e = { .psu = unit, .cell = cell, .rows = sum->rows, .weight = sum->weight, .yes = sum->yes, .no = sum->no,
                      .s = arena_new(a, double, p->n_items) };
    for (size_t j = 0; j < p->n_items; j++)
        e.s[j] = sum->s[j / 2][j % 2];
    if (!sum->any_missing)
        return e;
    e.w = arena_new(a, double, p->n_items);
    e.n = arena_new(a, uint32_t, p->n_items);
    for (size_t j = 0; j < p->n_items; j++) {
        e.n[j] = sum->rows - sum->unanswered[j];
        e.w[j] = e.n[j] ? sum->weight - sum->missing[j] : 0;
    }
    return e;
}

/* At most so many entries: cells of a unit, or the rows' breakdowns when those are fewer. */
static size_t entries_most(const SharesPass *p, size_t from, size_t to)
{
    size_t cells = (to - from) * p->cells, rows = (p->begin[to] - p->begin[from]) * (p->n_by ? p->n_by : 1);
    return cells < rows ? cells : rows;
}

size_t shares_room(const SharesPass *p, size_t from, size_t to)
{
    return entries_most(p, from, to) * (4 * sizeof(SharesEntry) + p->n_items * 28 + 64) + p->cells * (sizeof(Sum) + 1200) + (1 << 20);
}

SharesEntries shares_entries(Arena *a, const SharesPass *p, size_t from, size_t to)
{
    SharesEntries e       = { 0 };
    Sum          *sum     = arena_take(a, p->cells, sizeof(Sum), 64);
    uint32_t     *touched = arena_new(a, uint32_t, p->cells + 1);
    SharesBlock   b;
    for (size_t unit = from; unit < to; unit++) {
        size_t n_touched = 0;
        for (size_t at = p->begin[unit]; at < p->begin[unit + 1]; at += b.len) {
            shares_block(p, at, p->begin[unit + 1], &b);
            n_touched = add_block(p, &b, (uint32_t)unit, sum, touched, n_touched);
        }
        for (size_t k = 0; k < n_touched; k++)
            *list_add(a, &e) = entry_of(a, p, (uint32_t)unit, touched[k], &sum[touched[k]]);
    }
    return e;
}

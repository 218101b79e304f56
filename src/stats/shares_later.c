/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The second stage of designs whose later units are the rows: one more pass, which squares each row's influence about the mean of its primary unit. */
#include "stats/shares_parts.h"

#include <math.h>

enum { PAIRS = SHARES_ITEMS / 2 };

/* One cell of the unit at hand: influence of a weight of 1 when satisfied and when not, mean over the unit's rows, squares. */
typedef struct Later { SharesPair high[PAIRS], low[PAIRS], mean[PAIRS], squares[PAIRS]; uint32_t rows; } Later;

static void later_open(const SharesPass *p, const SharesEntry *e, const double *share, const double *total, double rows, Later *to)
{
    *to = (Later){ .rows = e->rows };
    for (size_t j = 0; j < p->n_items; j++) {
        double R = share[e->cell * p->n_items + j], W = total[e->cell * p->n_items + j], w = e->w ? e->w[j] : e->weight;
        if (e->n ? !e->n[j] : !e->rows)
            continue;                                    /* no influence: high, low and mean stay 0 */
        to->high[j / 2][j % 2] = (1 - R) / W;
        to->low[j / 2][j % 2]  = -R / W;
        to->mean[j / 2][j % 2] = (e->s[j] - R * w) / W / rows;
    }
}

static void add_row(const SharesPass *p, Later *to, double weight, uint32_t satisfied, uint32_t answered)
{
    SharesPair w = { weight, weight };
    for (size_t k = 0; k < (p->n_items + 1) / 2; k++, satisfied >>= 2, answered >>= 2) {
        SharesBits yes = shares_mask[satisfied & 3], there = shares_mask[answered & 3];
        SharesBits side = ((SharesBits)to->high[k] & yes) | ((SharesBits)to->low[k] & ~yes);
        SharesPair x = w * (SharesPair)(side & there) - to->mean[k];
        to->squares[k] += x * x;
    }
}

static void add_rows(const SharesPass *p, size_t unit, SharesBlock *b, Later *later)
{
    for (size_t at = p->begin[unit]; at < p->begin[unit + 1]; at += b->len) {
        shares_block(p, at, p->begin[unit + 1], b);
        for (size_t i = 0; i < b->len; i++)
            for (size_t x = 0, first = 0; x < (p->n_by ? p->n_by : 1); x++) {
                uint32_t code = p->n_by ? p->by[x].code[b->row[i]] : 0;
                if (!p->n_by || code < p->by[x].n_levels)
                    add_row(p, &later[first + code], b->w[i], b->satisfied[i], b->answered[i]);
                first += p->n_by ? p->by[x].n_levels : 0;
            }
    }
}

void shares_later(Arena *a, const SharesPass *p, SharesEntry *from, SharesEntry *to, const double *share, const double *total)
{
    double     *room    = arena_new(a, double, (size_t)(to - from) * p->n_items + 1);
    Arena       scratch = *a;
    Later      *later   = arena_take(&scratch, p->cells, sizeof(Later), 64);
    SharesBlock b;
    for (SharesEntry *unit = from; unit < to;) {
        SharesEntry *end  = unit;
        double       rows = p->begin[unit->psu + 1] - p->begin[unit->psu];
        for (; end < to && end->psu == unit->psu; end++)
            later_open(p, end, share, total, rows, &later[end->cell]);
        add_rows(p, unit->psu, &b, later);
        for (; unit < end; unit++) {
            const Later *l = &later[unit->cell];
            unit->later = room;
            room += p->n_items;
            for (size_t j = 0; j < p->n_items; j++) {
                double mean    = l->mean[j / 2][j % 2];
                unit->later[j] = l->squares[j / 2][j % 2] + (rows - l->rows) * mean * mean;      /* rows outside the cell hold zeros */
            }
        }
    }
}

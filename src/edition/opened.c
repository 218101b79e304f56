/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the open package tells of each record: answers of hidden cells leave it and are counted without place. Package and weighted figures
 * both read this, so nothing hidden enters a figure that the package could not give again. */
#include "edition/parts.h"

/* Where an item is hidden somewhere, those who named no place leave their rows too: what stays in unplaced.csv
 * would otherwise be the hidden cells alone. */
static bool cell_hidden(const Dataset *d, size_t item, size_t domain)
{
    const bool *row = d->hidden + item * d->domains.len;
    if (domain)
        return row[domain];
    for (size_t k = 1; k < d->domains.len; k++)
        if (row[k])
            return true;
    return false;
}

Opened dataset_open(Arena *a, const Dataset *d)
{
    size_t items = d->items.len;
    Opened o     = { .values = arena_new(a, uint8_t, d->records * items + 1), .told = arena_new(a, bool, d->records + 1),
                     .unplaced = tally_table_new(a, items, 1) };
    bool  *hidden = arena_new(a, bool, items * d->domains.len), *few = arena_new(a, bool, items);
    for (size_t i = 0; i < items; i++) {
        Tally whole = { 0 };
        for (size_t k = 0; k < d->domains.len; k++) {
            hidden[i * d->domains.len + k] = cell_hidden(d, i, k);
            tally_add(&whole, tally_at(&d->table, i, k));
        }
        few[i] = (d->few && d->few[i]) || tally_few(&whole, LEAST_CELL);      /* so seldom answered that its answers are left out */
    }
    for (size_t r = 0; r < d->records; r++)
        for (size_t i = 0; i < items; i++) {
            uint8_t v = few[i] ? 0 : d->values[r * items + i];
            if (v && hidden[i * d->domains.len + d->domain_of[r]]) {
                tally_at(&o.unplaced, i, 0)->at[v == 9 ? TALLY_NONE : v - 1]++;
                v = 0;
            }
            o.values[r * items + i] = v;
            o.told[r] |= v != 0;
        }
    return o;
}

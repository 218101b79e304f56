/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Live results move in steps: who looks before and after one answer would else read that answer from the difference.
 * A cell, one item in one province, is shown as it was until at least LEAST_CELL answers more or fewer are
 * in it; totals are sums of the cells as shown. What was shown is kept in memory, by process. */
#include "edition/parts.h"

#include <pthread.h>
#include <stdlib.h>

enum { ROUNDS_KEPT = 64 };

typedef struct Shown { uint64_t key; size_t cells; int64_t seen_ms; Tally *at; } Shown;

static Shown           kept[ROUNDS_KEPT];      /* the one not asked for longest gives way */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static Shown *shown_of(uint64_t key, const Tally *now, size_t cells)
{
    Shown *oldest = &kept[0];
    for (int i = 0; i < ROUNDS_KEPT; i++) {
        if (kept[i].at && kept[i].key == key && kept[i].cells == cells)
            return &kept[i];
        if (kept[i].seen_ms < oldest->seen_ms)
            oldest = &kept[i];
    }
    Tally *at = malloc(cells * sizeof *at);
    if (!at)
        return NULL;
    memcpy(at, now, cells * sizeof *at);
    free(oldest->at);
    *oldest = (Shown){ .key = key, .cells = cells, .at = at };
    return oldest;
}

/* A cell is an item at a place as the method of that time had them: when one of these changes, what was shown is another thing. */
static uint64_t plan_hash(const Dataset *d)
{
    uint64_t h = str_hash(d->method) * 31 + str_hash(d->by);
    for (size_t i = 0; i < d->items.len; i++)
        h = h * 31 + str_hash(d->items.at[i].name);
    for (size_t i = 0; i < d->domains.len; i++)
        h = h * 31 + str_hash(d->domains.at[i].code);
    for (size_t i = 0; i < d->steps.len; i++)
        h = h * 31 + str_hash(d->steps.at[i]);
    return h;
}

static int64_t answers_in(const Tally *t)
{
    return tally_opinions(t) + t->at[TALLY_NONE];
}

Err live_dataset(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, Dataset *out)
{
    uint64_t key;
    TRY(dataset_from_counters(db, a, p, r, out));
    TRY(editions_hidden(db, a, app, r->id, &out->earlier));
    size_t cells = out->items.len * out->domains.len;
    memcpy(&key, app->key, sizeof key);            /* several sites in one process only in tests */
    pthread_mutex_lock(&lock);
    Shown *s = shown_of((key ^ (uint64_t)r->id.v) * 31 + plan_hash(out), out->table.at, cells);
    for (size_t i = 0; s && i < cells; i++) {
        int64_t more = answers_in(&out->table.at[i]) - answers_in(&s->at[i]);
        if (more >= LEAST_CELL || more <= -LEAST_CELL)
            s->at[i] = out->table.at[i];
        out->table.at[i] = s->at[i];
    }
    if (s)
        s->seen_ms = monotonic_ms();
    pthread_mutex_unlock(&lock);
    if (!s)
        return err_new(a, ERR_LIMIT, S("no memory for live results"));
    dataset_hide(a, out);
    return OK;
}

Err edition_live(Db *db, Store *s, Arena *a, const AppInfo *app, const Round *r, Figures *out)
{
    const FormProgram *p;
    Dataset            d;
    TRY(form_program(db, s, a, r->form, &p));
    TRY(live_dataset(db, a, app, p, r, &d));
    return figures_compute(a, &d, out);
}

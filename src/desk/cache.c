/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results of this process by what they were computed from: snapshot, method, measure, places of all codes, filters. Figures under the limits of
 * suppression are in none of them. */
#include "desk/desk_parts.h"

#include <pthread.h>
#include <sodium.h>

enum { KEPT = 128, FIGURES_MOST = 20000 };
typedef struct Entry { DeskKey key; DeskResult r; uint64_t used; bool full; } Entry;
static Entry           kept[KEPT];
static uint64_t        uses;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void add_text(crypto_generichash_state *h, Str s)
{
    uint64_t len = s.len;
    crypto_generichash_update(h, (const uint8_t *)&len, sizeof len);
    crypto_generichash_update(h, (const uint8_t *)s.at, s.len);
}

static void add_number(crypto_generichash_state *h, uint64_t x)
{
    crypto_generichash_update(h, (const uint8_t *)&x, sizeof x);
}

/* Two equal keys have tables of the same shape: as many figures, rows and columns. */
DeskKey desk_key(const Snapshot *s, const DeskPlan *p)
{
    crypto_generichash_state h;
    DeskKey key;
    crypto_generichash_init(&h, NULL, 0, sizeof key.at);
    crypto_generichash_update(&h, s->file.id, sizeof s->file.id);
    add_text(&h, p->q->what);
    add_text(&h, p->method);
    for (size_t i = 0; p->thing->kind == DESK_NODE && i < p->m->plan.items.len; i++)      /* what a node pools */
        add_text(&h, edition_plan_below(&p->m->plan, p->m->plan.items.at[i].node, p->thing->node) ? p->m->plan.items.at[i].name : S(""));
    add_number(&h, p->n_wanted);
    for (size_t i = 0; i < p->shut.len; i++) {
        add_number(&h, (uint64_t)p->shut.at[i].item);
        add_number(&h, p->shut.at[i].split);
        add_number(&h, p->shut.at[i].level);
    }
    crypto_generichash_update(&h, &(uint8_t){ (uint8_t)p->q->measure }, 1);
    for (int k = 0; k < DESK_FILTERS; k++) {
        add_text(&h, p->q->filter[k].choice.len ? p->q->filter[k].question : S(""));
        add_text(&h, p->q->filter[k].choice);
    }
    for (int k = 0; k < DESK_AXES; k++) {
        add_text(&h, p->axis[k].name);
        add_number(&h, p->axis[k].levels);
        for (size_t c = 0; c < p->map[k].codes; c++) {
            const Targets *t = &p->map[k].target[c];
            add_number(&h, t->len);
            for (size_t i = 0; i < t->len; i++) {
                add_number(&h, t->at[i].level);
                crypto_generichash_update(&h, (const uint8_t *)&t->at[i].share, sizeof t->at[i].share);
            }
        }
    }
    crypto_generichash_final(&h, key.at, sizeof key.at);
    return key;
}

static Entry *entry_of(const DeskKey *key)
{
    for (int i = 0; i < KEPT; i++)
        if (kept[i].full && !memcmp(&kept[i].key, key, sizeof *key))
            return &kept[i];
    return NULL;
}

/* Its own place, an empty one, or that used longest ago. */
static Entry *place_for(const DeskKey *key)
{
    Entry *own = entry_of(key), *oldest = &kept[0];
    for (int i = 0; i < KEPT && !own; i++) {
        if (!kept[i].full)
            return &kept[i];
        oldest = kept[i].used < oldest->used ? &kept[i] : oldest;
    }
    return own ? own : oldest;
}

static size_t figures_of(const DeskResult *r)
{
    return r->wanted * r->rows * r->columns;
}

/* Room is taken from the arena without the lock, for an arena that is full does not come back here. */
bool desk_cached(Arena *a, const DeskKey *key, DeskResult *out)
{
    size_t room = 0;
    pthread_mutex_lock(&lock);
    Entry *e = entry_of(key);
    room = e ? figures_of(&e->r) : 0;
    pthread_mutex_unlock(&lock);
    if (!room)
        return false;
    DeskFigure *at = arena_new(a, DeskFigure, room);
    pthread_mutex_lock(&lock);
    e = entry_of(key);
    bool hit = e && figures_of(&e->r) == room;
    if (hit) {
        *out    = e->r;
        out->at = memcpy(at, e->r.at, room * sizeof *at);
        e->used = ++uses;
    }
    pthread_mutex_unlock(&lock);
    return hit;
}

void desk_cache(const DeskKey *key, const DeskResult *r)
{
    size_t      n  = figures_of(r);
    DeskFigure *at = n && n <= FIGURES_MOST ? malloc(n * sizeof *at) : NULL;
    if (!at)
        return;
    memcpy(at, r->at, n * sizeof *at);
    pthread_mutex_lock(&lock);
    Entry      *to  = place_for(key);
    DeskFigure *old = to->full ? to->r.at : NULL;
    *to      = (Entry){ *key, *r, ++uses, true };
    to->r.at = at;
    pthread_mutex_unlock(&lock);
    free(old);
}

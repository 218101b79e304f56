/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of editions as they were read, kept in this process by the sum of their file: an edition never changes, so nothing here grows old. Each reader
 * gets a copy in its own arena; what gives way to newer ones is nobody's memory. */
#include "edition/parts.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { KEPT = 64, SHA = 64, BYTES_MOST = 48 << 20, ONE_MOST = 8 << 20, TEXTS = 6 };

/* One piece of memory: the figures, the groups, then their texts, one that stands beside the same once. */
typedef struct Entry { char sha[SHA], *block; size_t size, figures, groups; _Atomic uint64_t used; } Entry;
static Entry            kept[KEPT];
static size_t           bytes_kept;
static _Atomic uint64_t uses;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static Entry *entry_of(Str sha)
{
    for (int i = 0; i < KEPT; i++)
        if (kept[i].block && str_eq(sha, (Str){ kept[i].sha, SHA }))
            return &kept[i];
    return NULL;
}

/* ---- Packing ------------------------------------------------------------------------------------------------------------------ */

/* to NULL: only counted. */
typedef struct Packing { char *to; size_t len; Str last[TEXTS], put[TEXTS]; } Packing;

static void pack_text(Packing *p, int k, Str *s)
{
    if (!s->len || !str_eq(*s, p->last[k])) {
        p->last[k] = *s;
        p->put[k]  = S("");
        if (s->len && p->to)
            p->put[k] = (Str){ memcpy(p->to + p->len, s->at, s->len), s->len };
        p->len += s->len;
    }
    *s = p->put[k];
}

static void pack_figure(Packing *p, Figure *f)
{
    Str *texts[TEXTS] = { &f->name, &f->label_vi, &f->label_en, &f->unit, &f->by, &f->value };
    for (int k = 0; k < TEXTS; k++)
        pack_text(p, k, texts[k]);
}

static void pack_group(Packing *p, EditionGroup *g)
{
    Str *texts[] = { &g->by, &g->value, &g->label[LANG_VI], &g->label[LANG_EN] };
    for (int k = 0; k < (int)COUNT_OF(texts); k++)
        pack_text(p, k, texts[k]);
}

/* Copies into block, or only counts its texts. */
static size_t pack(char *block, const Figures *f, const EditionGroups *g)
{
    size_t  room = f->len * sizeof *f->at + g->len * sizeof *g->at;
    Packing p    = { .to = block ? block + room : NULL };
    for (size_t i = 0; i < f->len; i++) {
        Figure x = f->at[i];
        pack_figure(&p, &x);
        if (block)
            ((Figure *)(void *)block)[i] = x;
    }
    for (size_t i = 0; i < g->len; i++) {
        EditionGroup x = g->at[i];
        pack_group(&p, &x);
        if (block)
            ((EditionGroup *)(void *)(block + f->len * sizeof *f->at))[i] = x;
    }
    return room + p.len;
}

/* Texts of a copy lie as far into it as those of the block into that one. */
static void move_text(Str *s, const char *from, char *to)
{
    if (s->len)
        s->at = to + (s->at - from);
}

static void unpack(char *to, const char *from, size_t figures, size_t groups, Figures *f, EditionGroups *g)
{
    *f = (Figures){ (Figure *)(void *)to, figures, figures };
    *g = (EditionGroups){ (EditionGroup *)(void *)(to + figures * sizeof(Figure)), groups, groups };
    for (size_t i = 0; i < figures; i++) {
        Figure *x = &f->at[i];
        Str    *texts[TEXTS] = { &x->name, &x->label_vi, &x->label_en, &x->unit, &x->by, &x->value };
        for (int k = 0; k < TEXTS; k++)
            move_text(texts[k], from, to);
    }
    for (size_t i = 0; i < groups; i++) {
        EditionGroup *x = &g->at[i];
        Str          *texts[] = { &x->by, &x->value, &x->label[LANG_VI], &x->label[LANG_EN] };
        for (size_t k = 0; k < COUNT_OF(texts); k++)
            move_text(texts[k], from, to);
    }
}

/* ---- Keeping ------------------------------------------------------------------------------------------------------------------- */

/* Room is taken from the arena without the lock, for an arena that is full does not come back here. */
bool figures_cached(Arena *a, Str sha, Figures *f, EditionGroups *g)
{
    pthread_rwlock_rdlock(&lock);
    Entry *e    = entry_of(sha);
    size_t room = e ? e->size : 0;
    pthread_rwlock_unlock(&lock);
    if (!room)
        return false;
    char       *to = arena_take(a, room, 1, _Alignof(max_align_t));
    const char *from = NULL;
    size_t      figures = 0, groups = 0;
    pthread_rwlock_rdlock(&lock);
    e = entry_of(sha);
    if (e && e->size == room) {
        from    = e->block;
        figures = e->figures;
        groups  = e->groups;
        memcpy(to, from, room);
        e->used = ++uses;
    }
    pthread_rwlock_unlock(&lock);
    if (from)
        unpack(to, from, figures, groups, f, g);
    return from != NULL;
}

static void drop(Entry *e)
{
    free(e->block);
    bytes_kept -= e->size;
    e->block = NULL;
    e->size  = 0;
}

/* An empty place, when the block fits beside the others; those not used for longest give way until it does. */
static Entry *place_for(size_t size)
{
    for (;;) {
        Entry *oldest = NULL, *empty = NULL;
        for (int i = 0; i < KEPT; i++) {
            if (!kept[i].block)
                empty = &kept[i];
            else if (!oldest || kept[i].used < oldest->used)
                oldest = &kept[i];
        }
        if (empty && bytes_kept + size <= BYTES_MOST)
            return empty;
        drop(oldest);
    }
}

void figures_cache(Str sha, const Figures *f, const EditionGroups *g)
{
    size_t size  = pack(NULL, f, g);
    char  *block = sha.len == SHA && f->len && size <= ONE_MOST ? malloc(size) : NULL;
    if (!block)
        return;
    pack(block, f, g);
    pthread_rwlock_wrlock(&lock);
    if (!entry_of(sha)) {
        Entry *e = place_for(size);
        memcpy(e->sha, sha.at, SHA);
        e->block    = block;
        e->size     = size;
        e->figures  = f->len;
        e->groups   = g->len;
        e->used     = ++uses;
        bytes_kept += size;
        block       = NULL;
    }
    pthread_rwlock_unlock(&lock);
    free(block);
}

size_t figures_cache_bytes(void)
{
    pthread_rwlock_rdlock(&lock);
    size_t n = bytes_kept;
    pthread_rwlock_unlock(&lock);
    return n;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The collector: one thread that saves everything waiting in one transaction and lets the replies go after the
 * commit. There is no timer: while one batch is being committed, the next one gathers. */
#include "store/store_driver.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_MOST = 1024, QUEUE_MOST = 16384 };

typedef struct Waiting { const CollectKind *kind; void *item; Err failed; } Waiting;
struct Collector {
    Store          *store;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  more;
    bool            stop;
    size_t          first, count;                  /* a ring */
    Waiting         ring[QUEUE_MOST];
    Waiting         batch[BATCH_MOST];             /* of the thread alone, as are the two below */
    void           *items[BATCH_MOST];
    Arena           arena;
};

/* ---- One batch ----------------------------------------------------------------------------- */
typedef struct Group { Collector *c; Db *db; const CollectKind *kind; size_t n; } Group;

static Err apply_group(void *at)
{
    Group *g = at;
    TRY(g->kind->apply(g->db, &g->c->arena, g->c->items, g->n));
    return db_flush(g->db);
}

/* What a group that failed has taken of the memory is given back: the others need it. */
static Err failure_alone(Arena *a, char *before, Err e)
{
    char detail[256];
    Str  said = str_take(e->detail, sizeof detail);
    memcpy(detail, said.at, said.len);
    a->at = before;
    return err_make(a, e->kind, (Str){ detail, said.len }, e->file, e->line);
}

/* Other groups share the transaction: this one leaves nothing behind when it fails. */
static Err apply_beside(Group *g, Err *out_failed)
{
    char *before = g->c->arena.at;
    TRY(db_savepoint(g->db));
    Err e = arena_guarded(&g->c->arena, apply_group, g);
    TRY(e ? db_savepoint_undo(g->db) : db_savepoint_keep(g->db));
    *out_failed = e ? failure_alone(&g->c->arena, before, e) : OK;
    return OK;
}

/* Of the items from the first on, those that stand or fall with it: they go into c->items, and are marked. */
static size_t gather(Collector *c, size_t from, size_t n, bool *done)
{
    const CollectKind *kind = c->batch[from].kind;
    size_t             many = 0;
    for (size_t i = from; i < n && !(kind->apart && many); i++)
        if (c->batch[i].kind == kind) {
            c->items[many++] = c->batch[i].item;
            done[i]          = true;
        }
    return many;
}

/* Gives each kind its items in the order they came. Kinds are taken in order of their first item. */
static Err apply_kinds(Collector *c, Db *db, size_t n)
{
    bool done[BATCH_MOST] = { 0 }, was[BATCH_MOST];
    for (size_t from = 0; from < n; from++) {
        if (done[from])
            continue;
        memcpy(was, done, n * sizeof *was);
        Group g      = { c, db, c->batch[from].kind, gather(c, from, n, done) };
        Err   failed = OK;
        if (g.n == n)
            return g.kind->apply(db, &c->arena, c->items, n);
        TRY(apply_beside(&g, &failed));
        for (size_t i = from; i < n; i++)
            if (done[i] && !was[i])
                c->batch[i].failed = failed;
    }
    return OK;
}

static Err save_batch(Collector *c, Db *db, size_t n)
{
    TRY(db_begin_write(db));
    TRY(apply_kinds(c, db, n));
    db->keeps_pages = true;
    Err e = db_commit(db);
    db->keeps_pages = false;
    return e;
}

typedef struct Batch { Collector *c; Db *db; size_t n; } Batch;

static Err save_batch_at(void *at)
{
    Batch *b = at;
    return save_batch(b->c, b->db, b->n);
}

static void finish_batch(Collector *c, Err outcome, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Waiting *w    = &c->batch[i];
        Err      said = outcome ? outcome : w->failed;
        if (!said)
            atomic_fetch_add(&c->store->items, 1);
        if (w->kind->finish)
            w->kind->finish(w->item, said);
    }
}

/* A connection of its own, kept from batch to batch and opened anew when it is lost. */
static Err open_own(Collector *c, Db **db)
{
    TRY(db_open(c->store, &c->arena, db));
    return c->store->driver->collecting ? db_exec(*db, c->store->driver->collecting) : OK;
}

static void run_batch(Collector *c, Db **db, size_t n)
{
    Err e = *db ? OK : open_own(c, db);
    if (!e) {
        (*db)->arena = &c->arena;
        e            = arena_guarded(&c->arena, save_batch_at, &(Batch){ c, *db, n });
        db_rollback(*db);
        db_close_statements(*db);
    }
    finish_batch(c, e, n);
    if (*db && !(*db)->driver->usable(*db)) {
        db_close(*db);
        *db = NULL;
    }
    arena_reset(&c->arena, 1 << 20);
}

/* ---- The thread ---------------------------------------------------------------------------- */
/* Waits for work; 0 when the store stops and nothing is left. */
static size_t take_batch(Collector *c)
{
    pthread_mutex_lock(&c->lock);
    while (!c->count && !c->stop)
        pthread_cond_wait(&c->more, &c->lock);
    size_t n = c->count < BATCH_MOST ? c->count : BATCH_MOST;
    for (size_t i = 0; i < n; i++)
        c->batch[i] = c->ring[(c->first + i) % QUEUE_MOST];
    c->first = (c->first + n) % QUEUE_MOST;
    c->count -= n;
    atomic_store(&c->store->queued, (int64_t)c->count);
    pthread_mutex_unlock(&c->lock);
    return n;
}

static void *collector_main(void *at)
{
    Collector *c  = at;
    Db        *db = NULL;
    for (size_t n; (n = take_batch(c));)
        run_batch(c, &db, n);
    if (db)
        db_close(db);
    return NULL;
}

/* Made with the first item: a command that only reads starts no thread. */
static Collector *collector_of(Store *s)
{
    pthread_mutex_lock(&s->lock);
    if (!s->collector && !s->stopping) {
        Collector *c = calloc(1, sizeof *c);
        if (!c)
            abort();
        c->store = s;
        c->arena = arena_open((size_t)1 << 28);
        pthread_mutex_init(&c->lock, NULL);
        pthread_cond_init(&c->more, NULL);
        if (pthread_create(&c->thread, NULL, collector_main, c))
            abort();
        s->collector = c;
    }
    Collector *c = s->stopping ? NULL : s->collector;
    pthread_mutex_unlock(&s->lock);
    return c;
}

bool collector_queue(Store *s, const CollectKind *kind, void *item)
{
    Collector *c = collector_of(s);
    if (!c)
        return false;
    pthread_mutex_lock(&c->lock);
    bool room = !c->stop && c->count < QUEUE_MOST;
    if (room) {
        c->ring[(c->first + c->count++) % QUEUE_MOST] = (Waiting){ kind, item, OK };
        atomic_store(&s->queued, (int64_t)c->count);
        if (c->count == 1)
            pthread_cond_signal(&c->more);
    }
    pthread_mutex_unlock(&c->lock);
    return room;
}

void collector_stop(Store *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping  = true;
    Collector *c = s->collector;
    pthread_mutex_unlock(&s->lock);
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->stop = true;
    pthread_cond_signal(&c->more);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    pthread_mutex_destroy(&c->lock);
    pthread_cond_destroy(&c->more);
    arena_close(&c->arena);
    s->collector = NULL;
    free(c);
}

/* ---- Waiting for one's own item ------------------------------------------------------------ */
typedef struct OwnItem {
    const CollectKind *real;
    void              *item;
    Arena             *arena;
    Err                outcome;
    bool               done;
    pthread_mutex_t    lock;
    pthread_cond_t     over;
} OwnItem;

static Err apply_own(Db *db, Arena *scratch, void **items, size_t n)
{
    OwnItem *own = items[0];
    return own->real->apply(db, scratch, &own->item, n);
}

/* A copy for the waiting thread, in its arena: that thread leaves the arena alone meanwhile. */
static Err copy_outcome(void *at)
{
    OwnItem *own = at;
    Err      e   = own->outcome;
    return err_make(own->arena, e->kind, e->detail, e->file, e->line);
}

static void finish_own(void *at, Err outcome)
{
    OwnItem *own = at;
    if (own->real->finish)
        own->real->finish(own->item, outcome);
    pthread_mutex_lock(&own->lock);
    own->outcome = outcome;
    if (outcome)
        own->outcome = arena_guarded(own->arena, copy_outcome, own);
    own->done = true;
    pthread_cond_signal(&own->over);
    pthread_mutex_unlock(&own->lock);
}

Err collector_run(Store *s, Arena *a, const CollectKind *kind, void *item)
{
    static const CollectKind own_kind = { "own", apply_own, finish_own, .apart = true };
    OwnItem own = { .real = kind, .item = item, .arena = a, .lock = PTHREAD_MUTEX_INITIALIZER,
                    .over = PTHREAD_COND_INITIALIZER };
    if (!collector_queue(s, &own_kind, &own))
        return err_new(a, ERR_BUSY, S("too many items are waiting to be saved"));
    pthread_mutex_lock(&own.lock);
    while (!own.done)
        pthread_cond_wait(&own.over, &own.lock);
    pthread_mutex_unlock(&own.lock);
    return own.outcome;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The check after the commit: one thread takes what waits, in small batches, and lets the collector save what it found.
 * What waits is said by the rows themselves, so that a stop or a crash loses no check. */
#include "openrosa/parts.h"

#include <pthread.h>

enum { BATCH = FIELD_CHECK_BATCH, GATHER_MS = 250, RETRY_S = 5, ARENA_BYTES = 1 << 30 };

/* ---- One batch ------------------------------------------------------------------------------------------------- */
typedef struct Batch { Derived at[BATCH]; size_t n; const CollectKeys *keys; } Batch;

static Err batch_apply(Db *db, Arena *scratch, void **items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Batch  *b = items[i];
        int64_t changed;
        TRY(derived_apply(db, scratch, b->keys, b->at, b->n, &changed));
    }
    return OK;
}

static void batch_finish(void *item UNUSED, Err outcome)
{
    if (outcome)
        submission_forget_counts();
}

static const CollectKind batch_kind = { "field check", batch_apply, batch_finish };

typedef struct Work { Db *db; Store *store; Arena *a; Batch *b; } Work;

static Err derive_batch(void *at)
{
    Work    *w = at;
    FieldIds ids;
    TRY(field_waiting_ids(w->db, w->a, &ids));
    for (size_t i = 0; i < ids.len; i++)
        TRY(field_derive(w->db, w->store, w->a, ids.at[i], &w->b->at[w->b->n++]));
    return OK;
}

static Err check_some(Store *s, Arena *a, const AppInfo *app, int64_t *out_checked)
{
    Db    *db;
    Batch *b = arena_new(a, Batch, 1);
    b->keys  = collect_keys(app);
    TRY(store_take(s, a, &db));
    Err e = db_begin_read(db);               /* one view and one lock for the batch */
    if (!e)
        e = arena_guarded(a, derive_batch, &(Work){ db, s, a, b });
    db_rollback(db);
    store_give(s, &db);
    TRY(e);
    if (b->n)
        TRY(collector_run(s, a, &batch_kind, b));
    *out_checked = (int64_t)b->n;
    return OK;
}

Err openrosa_check_waiting(Store *s, Arena *a, const AppInfo *app, int64_t *out_checked)
{
    AUTO(arena_close) Arena work = arena_open(ARENA_BYTES);
    *out_checked = 0;
    for (int64_t n = 1; n; *out_checked += n) {
        Err e = check_some(s, &work, app, &n);
        if (e)
            return err_make(a, e->kind, e->detail, e->file, e->line);
        arena_reset(&work, 1 << 20);
    }
    return OK;
}

/* ---- The thread -------------------------------------------------------------------------------------------------- */
static struct {
    pthread_mutex_t lock; pthread_cond_t more; pthread_t thread;
    const AppInfo *app; bool running, stop, asked;
    Arena arena;
} checker = { .lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER };

void openrosa_wake(void)
{
    pthread_mutex_lock(&checker.lock);
    checker.asked = true;
    pthread_cond_signal(&checker.more);
    pthread_mutex_unlock(&checker.lock);
}

/* Under the lock; ends early when it is time to stop. */
static void pause_for(int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000 + (until.tv_nsec + ms % 1000 * 1000000) / 1000000000;
    until.tv_nsec = (until.tv_nsec + ms % 1000 * 1000000) % 1000000000;
    while (!checker.stop && pthread_cond_timedwait(&checker.more, &checker.lock, &until) == 0)
        continue;
}

/* Until something has come and a little longer, so that a rush is checked in large batches; after a failure, for a
 * while. False when it is time to stop. */
static bool wait_for_work(bool failed)
{
    pthread_mutex_lock(&checker.lock);
    while (!checker.stop && !failed && !checker.asked)
        pthread_cond_wait(&checker.more, &checker.lock);
    pause_for(failed ? RETRY_S * 1000 : GATHER_MS);
    checker.asked = false;
    bool on = !checker.stop;
    pthread_mutex_unlock(&checker.lock);
    return on;
}

static Err check_all(void)
{
    int64_t n;
    do {
        TRY(check_some(checker.app->store, &checker.arena, checker.app, &n));
        arena_reset(&checker.arena, 1 << 20);
    } while (n == BATCH && !checker.stop);
    return OK;
}

static void *checker_main(void *at UNUSED)
{
    bool failed;
    do {
        Err e  = check_all();
        failed = e != OK;
        if (failed)
            LOG(LOG_ERROR, "field_check", LOG_STR("kind", err_kind_name(e->kind)), LOG_STR("detail", e->detail));
        arena_reset(&checker.arena, 1 << 20);
    } while (wait_for_work(failed));
    return NULL;
}

void openrosa_start(const AppInfo *app)
{
    checker.app   = app;
    checker.stop  = false;
    checker.asked = false;
    checker.arena = arena_open(ARENA_BYTES);
    checker.running = pthread_create(&checker.thread, NULL, checker_main, NULL) == 0;
}

void openrosa_stop(void)
{
    if (!checker.running)
        return;
    pthread_mutex_lock(&checker.lock);
    checker.stop = true;
    pthread_cond_signal(&checker.more);
    pthread_mutex_unlock(&checker.lock);
    pthread_join(checker.thread, NULL);
    arena_close(&checker.arena);
    checker.running = false;
}

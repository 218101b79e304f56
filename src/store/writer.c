/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The right to write, held by one thread at a time. It is handed to the one that waited longest:
 * a plain mutex would let the collector, which asks again at once, starve the console. */
#include "store/store_driver.h"

#include <errno.h>
#include <time.h>

void writer_init(Writer *w)
{
    pthread_mutex_init(&w->lock, NULL);
    w->taken = false;
    w->first = NULL;
    w->last  = &w->first;
}

static void forget(Writer *w, WriteWaiter *me)
{
    WriteWaiter **at = &w->first;
    while (*at != me)
        at = &(*at)->next;
    *at = me->next;
    if (w->last == &me->next)
        w->last = at;
}

static bool wait_turn(Writer *w, int wait_ms)
{
    WriteWaiter        me = { 0 };
    pthread_condattr_t monotonic;
    struct timespec    until;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&me.turn, &monotonic);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    *w->last = &me;
    w->last  = &me.next;
    int gone = 0;
    while (!me.mine && gone != ETIMEDOUT)
        gone = pthread_cond_timedwait(&me.turn, &w->lock, &until);
    if (!me.mine)
        forget(w, &me);
    pthread_cond_destroy(&me.turn);
    pthread_condattr_destroy(&monotonic);
    return me.mine;
}

bool writer_take(Writer *w, int wait_ms)
{
    pthread_mutex_lock(&w->lock);
    bool mine = true;
    if (w->taken)
        mine = wait_turn(w, wait_ms);
    else
        w->taken = true;
    pthread_mutex_unlock(&w->lock);
    return mine;
}

void writer_release(Writer *w)
{
    pthread_mutex_lock(&w->lock);
    WriteWaiter *next = w->first;
    if (next) {
        w->first = next->next;
        if (!w->first)
            w->last = &w->first;
        next->mine = true;                         /* stays taken: handed on */
        pthread_cond_signal(&next->turn);
    } else {
        w->taken = false;
    }
    pthread_mutex_unlock(&w->lock);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes typed on pages: an address that fails 30 times in ten minutes waits. Kept in memory only, apart from
 * everything else; loopback is not counted (a proxy's own checks, tests). */
#include "collect/respond.h"

#include <pthread.h>

enum { PLACES = 4096, TRIES = 30, WINDOW_MS = 10 * 60 * 1000 };

typedef struct Place { uint64_t address; int64_t from_ms; int failed; } Place;

static Place           places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool loopback(Str address)
{
    return str_starts(address, S("127.")) || str_eq(address, S("::1")) || address.len == 0;
}

/* Two addresses that share a place share its tries: rare, and only for ten minutes. */
static Place *place_of(const Ctx *c)
{
    uint64_t h = str_hash(c->req->client);
    Place   *p = &places[h % PLACES];
    if (p->address != h || c->now.ms - p->from_ms > WINDOW_MS)
        *p = (Place){ .address = h, .from_ms = c->now.ms };
    return p;
}

bool code_tries_left(const Ctx *c)
{
    if (loopback(c->req->client))
        return true;
    pthread_mutex_lock(&lock);
    bool left = place_of(c)->failed < TRIES;
    pthread_mutex_unlock(&lock);
    return left;
}

void code_try_failed(const Ctx *c)
{
    if (loopback(c->req->client))
        return;
    pthread_mutex_lock(&lock);
    place_of(c)->failed++;
    pthread_mutex_unlock(&lock);
}

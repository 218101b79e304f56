/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Limits of tries on pages (trust.md 4): wrong codes and sends are counted in memory, apart from everything else and for
 * minutes only. Addresses in limits.exempt are not counted. */
#include "collect/respond.h"

#include <pthread.h>

enum { BUCKETS = 8192 };

typedef struct TryLimit { int kind, most; int64_t window_ms; } TryLimit;

static const TryLimit wrong_code  = { 1, 30, 10 * MS_MINUTE };      /* by address */
static const TryLimit device_send = { 2, 30, MS_MINUTE };           /* by the device's cookie */
static const TryLimit prefix_send = { 3, 600, MS_MINUTE };          /* by /24, /56 */

typedef struct Bucket { uint64_t key; int64_t from_ms; int count; } Bucket;

static Bucket          buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Two keys that share a bucket take it from each other: a count is lost, nobody is refused by mistake. */
static Bucket *bucket_of(const Ctx *c, const TryLimit *l, Str who)
{
    Time     now = c->now;
    uint64_t site, key;
    memcpy(&site, c->app->key, sizeof site);        /* several sites in one process only in tests */
    key = (str_hash(who) ^ site) * 31 + (uint64_t)l->kind;
    Bucket  *b   = &buckets[key % BUCKETS];
    if (b->key != key || now.ms - b->from_ms > l->window_ms)
        *b = (Bucket){ .key = key, .from_ms = now.ms };
    return b;
}

/* Counts add; false when there were as many as allowed before. */
static bool take(const Ctx *c, const TryLimit *l, Str who, int add)
{
    pthread_mutex_lock(&lock);
    Bucket *b    = bucket_of(c, l, who);
    bool    good = b->count < l->most;
    b->count += add;
    pthread_mutex_unlock(&lock);
    return good;
}

static bool exempt(const Ctx *c)
{
    return http_listed(*c->arena, &c->app->exempt, c->req->client);
}

/* "10.1.2" of 10.1.2.3; the first four groups (/64, closest to /56 at a colon) of an IPv6 address. */
static Str prefix_of(Str address)
{
    bool six   = str_has(address, S(":"));
    int  marks = 0;
    for (size_t i = 0; i < address.len; i++)
        if (address.at[i] == (six ? ':' : '.') && ++marks == (six ? 4 : 3))
            return str_take(address, i);
    return address;
}

bool code_tries_left(const Ctx *c)
{
    return exempt(c) || take(c, &wrong_code, c->req->client, 0);
}

void code_try_failed(const Ctx *c)
{
    if (!exempt(c))
        take(c, &wrong_code, c->req->client, 1);
}

bool sends_left(Ctx *c)
{
    if (exempt(c))
        return true;
    bool device = take(c, &device_send, device_cookie(c), 1);
    return take(c, &prefix_send, prefix_of(c->req->client), 1) && device;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Limits of tries, on pages and on the interface: wrong codes and sends are counted in memory, apart from
 * everything else and for minutes only. Addresses in limits.exempt are not counted. An address that guessed too often is
 * never shut out: one try goes through every CODE_PAUSE_S seconds, and a right code lets the next one through at once. */
#include "collect/respond.h"

#include <pthread.h>

enum { BUCKETS = 8192 };

typedef struct TryLimit { int kind, most; int64_t window_ms; } TryLimit;

enum { WRONG_CODE = 1, DEVICE_SEND, PREFIX_SEND, PREFIX_FILE };
static const TryLimit wrong_code = { WRONG_CODE, 30, 10 * MS_MINUTE };      /* by address */

typedef struct Bucket { uint64_t key; int64_t from_ms, last_ms; int count; } Bucket;

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

/* A client has many IPv6 addresses, but one network. */
static Str guesser(const Ctx *c)
{
    return str_has(c->req->client, S(":")) ? prefix_of(c->req->client) : c->req->client;
}

bool code_tries_left(const Ctx *c)
{
    if (exempt(c))
        return true;
    pthread_mutex_lock(&lock);
    Bucket *b    = bucket_of(c, &wrong_code, guesser(c));
    bool    good = b->count < wrong_code.most || c->now.ms - b->last_ms >= CODE_PAUSE_S * MS_SECOND;
    if (good)
        b->last_ms = c->now.ms;        /* of many at once, one goes through */
    pthread_mutex_unlock(&lock);
    return good;
}

void code_try_ended(const Ctx *c, bool right)
{
    if (exempt(c))
        return;
    pthread_mutex_lock(&lock);
    Bucket *b = bucket_of(c, &wrong_code, guesser(c));
    b->count += !right;
    b->last_ms = right ? 0 : c->now.ms;
    pthread_mutex_unlock(&lock);
}

static bool prefix_left(const Ctx *c)
{
    TryLimit l = { PREFIX_SEND, c->app->submit_per_prefix ? c->app->submit_per_prefix : 600, MS_MINUTE };      /* by /24, /56 */
    return take(c, &l, prefix_of(c->req->client), 1);
}

bool sends_left(Ctx *c)
{
    TryLimit l = { DEVICE_SEND, c->app->submit_per_device ? c->app->submit_per_device : 30, MS_MINUTE };
    if (exempt(c))
        return true;
    bool device = take(c, &l, device_cookie(c), 1);
    return prefix_left(c) && device;
}

bool files_left(const Ctx *c)
{
    static const TryLimit l = { PREFIX_FILE, 240, MS_MINUTE };
    return exempt(c) || take(c, &l, prefix_of(c->req->client), 1);
}

bool api_sends_left(const Ctx *c)
{
    return exempt(c) || prefix_left(c);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whole answers of public pages. An entry lives until the next change of this process (store_generation) and never
 * longer than CACHE_MS, so that nodes sharing one database agree soon, and answers just collected show. */
#include "web/parts.h"

#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

#define CACHE_SLOTS 4096
#define CACHE_MS    (10 * MS_SECOND)
#define CACHE_MOST  (1 << 20)        /* larger answers are not kept */

typedef struct Slot { uint64_t hash, generation; int64_t made_ms; char *key; size_t key_len; SharedBody *body; } Slot;
static Slot             slots[CACHE_SLOTS];
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

Str cache_key(Arena *a, const HttpRequest *req)
{
    return str_join(a, (Str[]){ req->path, req->raw_query, http_field(&req->cookies, S("td-display")), req->host }, 4, S("\n"));
}

bool cache_serve(const AppInfo *app, HttpTask *task, Str key)
{
    uint64_t hash = str_hash(key);
    pthread_rwlock_rdlock(&lock);
    Slot *s = &slots[hash % CACHE_SLOTS];
    bool  hit = s->body && s->hash == hash && str_eq((Str){ s->key, s->key_len }, key) &&
               s->generation == store_generation(app->store) && monotonic_ms() - s->made_ms < CACHE_MS;
    if (hit) {
        shared_body_keep(s->body);
        task->res = (HttpResponse){ .status = 200, .shared = s->body };
    }
    pthread_rwlock_unlock(&lock);
    return hit;
}

static Str packed(Arena *a, Str plain)
{
    z_stream z = { 0 };
    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return S("");
    size_t room = deflateBound(&z, plain.len);
    char  *to   = arena_take(a, room, 1, 1);
    z.next_in   = (Bytef *)(uintptr_t)plain.at;
    z.avail_in  = (uInt)plain.len;
    z.next_out  = (Bytef *)to;
    z.avail_out = (uInt)room;
    bool whole  = deflate(&z, Z_FINISH) == Z_STREAM_END;
    Str  out    = { to, room - z.avail_out };
    deflateEnd(&z);
    return whole ? out : S("");
}

void cache_keep(HttpTask *task, Str key, uint64_t generation)
{
    if (task->res.status != 200 || http_has(&task->res.headers, S("set-cookie")) || task->res.body.len == 0 ||
        task->res.body.len > CACHE_MOST || key.len > 2048)
        return;
    Str         gzip = packed(task->arena, task->res.body);
    SharedBody *body = shared_body_new(task->res.body, gzip, task->res.type, &task->res.headers);
    char       *copy = malloc(key.len);
    if (!body || !copy) {
        free(copy);
        if (body)
            shared_body_drop(body);
        return;
    }
    memcpy(copy, key.at, key.len);
    shared_body_keep(body);              /* one reference is the slot's, one this answer's */
    uint64_t hash = str_hash(key);
    pthread_rwlock_wrlock(&lock);
    Slot *s = &slots[hash % CACHE_SLOTS], old = *s;
    *s = (Slot){ hash, generation, monotonic_ms(), copy, key.len, body };
    pthread_rwlock_unlock(&lock);
    free(old.key);
    if (old.body)
        shared_body_drop(old.body);
    task->res.shared  = body;            /* its head holds the headers */
    task->res.headers = (HttpFields){ 0 };
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signed checkpoints of the audit record in a second place: whoever holds the database alone can cut its tail or write it anew,
 * but not take back what stands there. */
#include "app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { FILE_MOST = 64 << 20 };
static _Atomic int64_t last_at;

static void keys(const AppInfo *info, uint8_t public_key[32], uint8_t secret[64])
{
    uint8_t seed[32];
    app_key(info, "audit-checkpoint", seed);
    crypto_sign_seed_keypair(public_key, secret, seed);
    sodium_memzero(seed, sizeof seed);
}

static Err append(Arena *a, Str path, Str line)
{
    Str     whole = str_concat(a, line, S("\n"));
    int     fd    = open(arena_c(a, path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ssize_t n     = fd >= 0 ? write(fd, whole.at, whole.len) : -1;
    bool    done  = n == (ssize_t)whole.len && fsync(fd) == 0;
    int     why   = errno;
    if (fd >= 0)
        close(fd);
    return done ? OK : err_fmt(a, ERR_IO, "%.*s: %s", STR_ARG(path), strerrordesc_np(why));
}

static Err make(Arena *a, const Instance *in, Str *out)
{
    uint8_t public_key[32], secret[64];
    Db     *db;
    TRY(store_take(in->store, a, &db));
    keys(&in->info, public_key, secret);
    Err e = db_begin_read(db);
    if (!e)
        e = audit_checkpoint(db, a, time_now(), secret, out);
    sodium_memzero(secret, sizeof secret);
    db_rollback(db);
    store_give(in->store, &db);
    return e;
}

void checkpoint_write(const Instance *in)
{
    static char last[160];             /* count and root of the one before: a quiet hour leaves no line */
    Arena a    = arena_open(1 << 20);
    Str   path = config_str(&in->config, "audit.checkpoint_file"), line = S("");
    Err   e    = make(&a, in, &line);
    Str   head = str_cut_last(str_cut_last(line, ' ').head, ' ').head;             /* without signature and time */
    bool  new  = !e && !str_eq(head, str_from_c(last));
    if (new && path.len)
        e = append(&a, path, line);
    else if (new)
        LOG(LOG_INFO, "audit_checkpoint", LOG_STR("line", line));
    if (new && !e)
        snprintf(last, sizeof last, "%.*s", STR_ARG(head));
    if (e)
        LOG(LOG_ERROR, "audit_checkpoint", LOG_STR("detail", e->detail));
    else
        atomic_store(&last_at, time_now().ms);
    arena_close(&a);
}

int64_t checkpoint_last(void)
{
    return atomic_load(&last_at);
}

Err checkpoint_check(Db *db, Arena *a, const Instance *in, StoreFaults *out)
{
    Str     path = config_str(&in->config, "audit.checkpoint_file"), text;
    uint8_t public_key[32], secret[64];
    if (!path.len)
        return OK;
    Err e = slurp(a, path, FILE_MOST, &text);
    if (e) {
        *list_add(a, out) = arena_fmt(a, "audit.checkpoint_file %.*s", STR_ARG(e->detail));
        return OK;
    }
    keys(&in->info, public_key, secret);
    sodium_memzero(secret, sizeof secret);
    for (int n = 1; text.len; n++) {
        StrPair p    = str_cut(text, '\n');
        bool    fits = true;
        text = p.tail;
        if (p.head.len)
            TRY(audit_checkpoint_check(db, a, p.head, public_key, &fits));
        if (!fits)
            *list_add(a, out) = arena_fmt(a, "%.*s:%d: the audit record is not the one that was signed here", STR_ARG(path), n);
    }
    return OK;
}

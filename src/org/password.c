/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* argon2id through libsodium, four at once: 19 MiB each is what a small server can give. */
#include "org/password.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  gate_free = PTHREAD_COND_INITIALIZER;
static int             running;
static _Atomic int64_t hashes;

static void gate_enter(void)
{
    pthread_mutex_lock(&gate_lock);
    while (running == PASSWORD_AT_ONCE)
        pthread_cond_wait(&gate_free, &gate_lock);
    running++;
    pthread_mutex_unlock(&gate_lock);
    hashes++;
}

static void gate_leave(void)
{
    pthread_mutex_lock(&gate_lock);
    running--;
    pthread_cond_signal(&gate_free);
    pthread_mutex_unlock(&gate_lock);
}

Err password_hash(Arena *a, Str password, Str *out)
{
    char *text = arena_take(a, crypto_pwhash_STRBYTES, 1, 1);
    gate_enter();
    int failed = crypto_pwhash_str_alg(text, password.at, password.len, PASSWORD_OPS, PASSWORD_MEM,
                                       crypto_pwhash_ALG_ARGON2ID13);
    gate_leave();
    if (failed)
        return err_new(a, ERR_LIMIT, S("no memory for a password hash"));
    *out = str_from_c(text);
    return OK;
}

/* libsodium wants a zero-terminated text of a fixed room. */
static bool stored_text(Str stored, char text[crypto_pwhash_STRBYTES])
{
    if (stored.len >= crypto_pwhash_STRBYTES)
        return false;
    memset(text, 0, crypto_pwhash_STRBYTES);
    memcpy(text, stored.at, stored.len);
    return true;
}

bool password_fits(Str stored, Str password)
{
    char text[crypto_pwhash_STRBYTES];
    if (!stored_text(stored, text))
        return false;
    gate_enter();
    bool fits = crypto_pwhash_str_verify(text, password.at, password.len) == 0;
    gate_leave();
    return fits;
}

bool password_stale(Str stored)
{
    char text[crypto_pwhash_STRBYTES];
    return stored_text(stored, text) && crypto_pwhash_str_needs_rehash(text, PASSWORD_OPS, PASSWORD_MEM) != 0;
}

Str password_nobody(void)
{
    return S("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

int64_t password_hash_count(void)
{
    return hashes;
}

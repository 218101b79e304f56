/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The keys of this module, derived once a process from the master key. */
#include "collect/keys.h"

#include <pthread.h>

static void keys_derive(const AppInfo *app, CollectKeys *k)
{
    app_key(app, "collect-instance", k->instance);
    app_key(app, "collect-record", k->record);
    app_key(app, "collect-answers", k->answers);
    app_key(app, "collect-code", k->code);
    app_key(app, "collect-draft", k->draft);
    app_key(app, "collect-resume", k->resume);
    app_key(app, "collect-device", k->device);
    app_key(app, "collect-sent", k->sent);
}

const CollectKeys *collect_keys(const AppInfo *app)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct { uint8_t master[32]; CollectKeys keys; } known[8];      /* one in a process, a few in tests */
    static _Atomic int count;
    int n = count;
    for (int i = 0; i < n && i < (int)COUNT_OF(known); i++)
        if (memcmp(known[i].master, app->key, 32) == 0)
            return &known[i].keys;
    pthread_mutex_lock(&lock);
    int at = count < (int)COUNT_OF(known) ? count : (int)COUNT_OF(known) - 1;
    memcpy(known[at].master, app->key, 32);
    keys_derive(app, &known[at].keys);
    count = at + 1;
    pthread_mutex_unlock(&lock);
    return &known[at].keys;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the editions of a round hide. An edition never changes, so what was read of one is kept in this process, by the sum of its figures. */
#include "edition/parts.h"

#include <pthread.h>
#include <stdlib.h>

enum { KEPT = 64, SHA = 64 };
/* text: lines of name, by and value. */
typedef struct Entry { char sha[SHA], *text; size_t len; uint64_t used; } Entry;
static Entry           kept[KEPT];
static uint64_t        uses;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static Entry *entry_of(Str sha)
{
    for (int i = 0; sha.len == SHA && i < KEPT; i++)
        if (kept[i].text && !memcmp(kept[i].sha, sha.at, SHA))
            return &kept[i];
    return NULL;
}

/* Room is taken from the arena without the lock, for an arena that is full does not come back here. */
static bool kept_text(Arena *a, Str sha, Str *out)
{
    pthread_mutex_lock(&lock);
    Entry *e    = entry_of(sha);
    size_t room = e ? e->len : 0;
    bool   hit  = e != NULL;
    pthread_mutex_unlock(&lock);
    if (!hit)
        return false;
    char *to = arena_take(a, room + 1, 1, 1);
    pthread_mutex_lock(&lock);
    e   = entry_of(sha);
    hit = e && e->len == room;
    if (hit) {
        memcpy(to, e->text, room);
        e->used = ++uses;
    }
    pthread_mutex_unlock(&lock);
    *out = (Str){ to, room };
    return hit;
}

static void keep_text(Str sha, Str text)
{
    char *own = sha.len == SHA ? malloc(text.len + 1) : NULL;
    if (!own)
        return;
    memcpy(own, text.at, text.len);
    pthread_mutex_lock(&lock);
    Entry *to = entry_of(sha);
    for (int i = 0; !to && i < KEPT; i++)
        to = kept[i].text ? NULL : &kept[i];
    for (int i = 0; !to && i < KEPT; i++) {
        bool oldest = true;
        for (int k = 0; k < KEPT; k++)
            oldest &= kept[i].used <= kept[k].used;
        to = oldest ? &kept[i] : NULL;
    }
    char *old = to->text;
    *to = (Entry){ .text = own, .len = text.len, .used = ++uses };
    memcpy(to->sha, sha.at, SHA);
    pthread_mutex_unlock(&lock);
    free(old);
}

/* Figures of items tell the cells that were hidden: of one item nothing else hides it. Names and codes hold no tabs. */
static Err hidden_text(Db *db, Arena *a, const AppInfo *app, const EditionRow *e, Str *out)
{
    Figures f;
    if (kept_text(a, e->figures_sha, out))
        return OK;
    TRY(edition_figures(db, app->store, a, e, &f));
    Buf b = buf_new(a, 4096);
    for (size_t i = 0; i < f.len; i++) {
        const Figure *x = &f.at[i];
        if (x->suppressed && (str_starts(x->name, S("satisfied.")) || str_starts(x->name, S("coded."))))
            buf_fmt(&b, "%.*s\t%.*s\t%.*s\n", STR_ARG(x->name), STR_ARG(x->by), STR_ARG(x->value));
    }
    *out = buf_str(&b);
    keep_text(e->figures_sha, *out);
    return OK;
}

Err editions_hidden(Db *db, Arena *a, const AppInfo *app, RoundId round, Figures *out)
{
    EditionRows rows;
    *out = (Figures){ 0 };
    TRY(edition_of_round(db, a, round, &rows));
    for (size_t e = 0; e < rows.len; e++) {
        Str text;
        TRY(hidden_text(db, a, app, &rows.at[e], &text));
        while (text.len) {
            StrPair line = str_cut(text, '\n'), name = str_cut(line.head, '\t'), by = str_cut(name.tail, '\t');
            text = line.tail;
            *list_add(a, out) = (Figure){ .name = name.head, .by = by.head, .value = by.tail, .suppressed = true };
        }
    }
    return OK;
}

bool hidden_earlier(const Figures *earlier, Str name, Str by, Str value)
{
    return figure_find(earlier, name, by, value) != NULL;
}

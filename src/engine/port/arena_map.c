/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Arenas in the memory of a page, which only grows: a reserve given back is used again for the next of its size or less. */
#include "base/arena.h"

#include <stdlib.h>

enum { PAGE = 65536, MOST = 48 << 20, SPARE = 8 };

static struct { char *at; size_t size; } spare[SPARE];

static char *spare_take(size_t *size)
{
    for (int i = 0; i < SPARE; i++)
        if (spare[i].at && spare[i].size >= *size) {
            char *at    = spare[i].at;
            *size       = spare[i].size;
            spare[i].at = NULL;
            return at;
        }
    return NULL;
}

/* Reserves of a server are address space; here they are at most MOST, which a browser commits as it is touched. */
bool arena_try(Arena *out, size_t size)
{
    size     = ((size > MOST ? MOST : size) + PAGE - 1) / PAGE * PAGE;
    char *at = spare_take(&size);
    if (!at) {
        size_t page = __builtin_wasm_memory_grow(0, size / PAGE);
        if (page == (size_t)-1)
            return false;
        at = (char *)(page * PAGE);
    }
    *out = (Arena){ .at = at, .end = at + size, .base = at };
    return true;
}

Arena arena_open(size_t size)
{
    Arena a;
    if (!arena_try(&a, size))
        abort();
    return a;
}

void arena_close(Arena *a)
{
    for (int i = 0; a->base && i < SPARE; i++)
        if (!spare[i].at) {
            spare[i].at   = a->base;
            spare[i].size = (size_t)(a->end - a->base);
            break;
        }
    *a = (Arena){ 0 };
}

void arena_reset(Arena *a, size_t keep)
{
    a->at = a->base;
}

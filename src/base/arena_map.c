/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Arenas: address space reserved once, touched as used, given back at once. */
#include "base/arena.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page_up(size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (n + page - 1) / page * page;
}

bool arena_try(Arena *out, size_t size)
{
    size     = page_up(size);
    char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        return false;
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
    if (a->base)
        munmap(a->base, (size_t)(a->end - a->base));
    *a = (Arena){ 0 };
}

void arena_reset(Arena *a, size_t keep)
{
    size_t used = page_up(arena_used(a));
    keep        = page_up(keep);
    if (used > keep)
        madvise(a->base + keep, used - keep, MADV_DONTNEED);
    a->at = a->base;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Memory that belongs to a task and is given back at once. An arena reserves address space and
 * touches pages as they are used, so it never moves: a scratch arena is passed BY VALUE, and what
 * the callee took is available again when it returns. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

#include <setjmp.h>

typedef struct Arena {
    char    *at, *end;       /* next free byte; end of the reserve */
    char    *base;
    jmp_buf *full;           /* where to go when the reserve is used up; NULL: abort */
} Arena;

/* Reserves size bytes of address space (rounded up to pages). */
Arena arena_open(size_t size);
bool  arena_try(Arena *out, size_t size);  /* false, *out untouched, when the system gives no address space */
void  arena_close(Arena *a);
/* Empties the arena; pages beyond keep bytes go back to the system. */
void  arena_reset(Arena *a, size_t keep);
size_t arena_used(const Arena *a);

/* Zeroed memory; always succeeds (else jumps to a->full, or aborts when there is none). */
void *arena_take(Arena *a, size_t count, size_t size, size_t align);
#define arena_new(a, type, count) ((type *)arena_take((a), (count), sizeof(type), _Alignof(type)))

Str   arena_str(Arena *a, Str s);                        /* a copy */
char *arena_c(Arena *a, Str s);                          /* a zero-terminated copy */
Str   arena_fmt(Arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str   str_join(Arena *a, const Str *parts, size_t n, Str between);
Str   str_concat(Arena *a, Str x, Str y);
Str   str_lower_ascii(Arena *a, Str s);
Str   str_replace(Arena *a, Str s, Str what, Str with);
Str   str_hex(Arena *a, const void *bytes, size_t n);    /* lower case */
bool  str_unhex(Str hex, void *out, size_t n);           /* exactly 2n digits */

/* A growable list: LIST(Row) rows = {0}; Row *r = list_add(a, &rows); Grows by copying inside the arena. */
#define LIST(type) struct { type *at; size_t len, cap; }
#define list_add(a, list)                                                                          \
    ((list)->len == (list)->cap                                                                    \
         ? (list_grow((a), (void **)&(list)->at, &(list)->cap, (list)->len, sizeof *(list)->at),   \
            &(list)->at[(list)->len++])                                                            \
         : &(list)->at[(list)->len++])
void list_grow(Arena *a, void **at, size_t *cap, size_t len, size_t size);
typedef LIST(Str) StrList;

#endif

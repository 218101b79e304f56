/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the fuzz targets of http/ share: an arena per run, and a check that ends the program. */
#ifndef HTTP_TESTS_FUZZ_H
#define HTTP_TESTS_FUZZ_H

#include "http/guard.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(x)                                                                                    \
    do {                                                                                           \
        if (!(x)) {                                                                                \
            fprintf(stderr, "%s:%d: %s\n", __FILE_NAME__, __LINE__, #x);                           \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static inline Arena *fuzz_arena(void)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    return &a;
}

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A film without traces is as long as it was and stays as it is when cleaned again. */
#include "base/base.h"
#include "base/file_kind.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    StrList      once, twice;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    if (!film_without_traces(&a, (Str){ (const char *)data, size }, &once))
        return 0;
    Str clean = str_join(&a, once.at, once.len, S(""));
    assert(clean.len == size);
    bool again = film_without_traces(&a, clean, &twice);
    assert(again && str_eq(str_join(&a, twice.at, twice.len, S("")), clean));
    return 0;
}

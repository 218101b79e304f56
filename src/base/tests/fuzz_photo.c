/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A photograph without traces is no longer than it was by more than a turn, and stays as it is when cleaned again. */
#include "base/base.h"
#include "base/file_kind.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    Photo        once, twice;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    if (!photo_without_traces(&a, (Str){ (const char *)data, size }, &once))
        return 0;
    Str clean = str_join(&a, once.pieces.at, once.pieces.len, S(""));
    assert(str_eq(file_type_sniffed(str_take(clean, 16)), file_type_sniffed((Str){ (const char *)data, size < 16 ? size : 16 })));
    bool again = photo_without_traces(&a, clean, &twice);
    assert(again && twice.width == once.width && twice.height == once.height);
    assert(str_eq(str_join(&a, twice.pieces.at, twice.pieces.len, S("")), clean));
    return 0;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Typed numbers: what is read is finite, and what is written of it reads back. */
#include "i18n/i18n.h"

#include <assert.h>
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    for (int l = 0; l < LANG_COUNT; l++) {
        double x, y;
        if (!real_parse_typed((Lang)l, (Str){ (const char *)data, size }, &x))
            continue;
        assert(isfinite(x));
        if (fabs(x) < 1e12) {     /* two decimals: never ambiguous */
            assert(real_parse_typed((Lang)l, real_text(&a, (Lang)l, x, 2), &y));
            assert(fabs(x - y) <= 0.005 + fabs(x) * 1e-12);
        }
    }
    return 0;
}

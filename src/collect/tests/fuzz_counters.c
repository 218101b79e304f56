/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Packed counters: what can be read packs to something that reads the same. */
#include "collect/counters.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    RoundCounts one = { 0 }, again = { 0 };
    if (!counts_unpack(&a, (Str){ (const char *)data, size }, &one))
        return 0;
    bool read = counts_unpack(&a, counts_pack(&a, &one), &again);
    assert(read && one.stored == again.stored && one.slots == again.slots && one.days.len == again.days.len);
    assert(one.slots == 0 || memcmp(one.options, again.options, (size_t)one.slots * sizeof *one.options) == 0);
    assert(memcmp(one.sum, again.sum, sizeof one.sum) == 0);
    for (size_t i = 0; i < one.days.len; i++)
        assert(one.days.at[i].day.day == again.days.at[i].day.day &&
               memcmp(one.days.at[i].n, again.days.at[i].n, sizeof one.days.at[i].n) == 0);
    return 0;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Carry-out files of strangers: read or refused. */
#include "offline/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    CarryRecords records;
    if (!a.base)
        a = arena_open(256 << 20);
    if (!carry_read(&a, (Str){ (const char *)data, size }, &records))
        for (size_t i = 0; i < records.len; i++)
            if (records.at[i].xml.box.len > size || records.at[i].instance.len > 200)
                __builtin_trap();
    arena_reset(&a, 1 << 20);
    return 0;
}

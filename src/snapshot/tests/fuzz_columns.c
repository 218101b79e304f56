/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file of columns as it may lie on a disk: opened or refused. The bytes after the first 64 are summed anew when the first byte is 's', so that
 * what lies behind the sum is reached too; every column of a file that opens is read to its end. */
#include "snapshot/columns.h"

#include <assert.h>
#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The sum of the head as the writer makes it, over the directory and note the head tells of. */
static void sum_anew(uint8_t *bytes, size_t size)
{
    uint32_t columns, note;
    crypto_generichash_state state;
    uint8_t head[64];
    if (size < 64)
        return;
    memcpy(&columns, bytes + 24, 4);
    memcpy(&note, bytes + 28, 4);
    uint64_t rest = (uint64_t)columns * 32 + note;
    memcpy(bytes, "TDCOLS1\n", 8);
    memcpy(bytes + 8, &(uint64_t){ size }, 8);
    memcpy(head, bytes, 64);
    memset(head + 32, 0, 32);
    crypto_generichash_init(&state, NULL, 0, 32);
    crypto_generichash_update(&state, head, 64);
    crypto_generichash_update(&state, bytes + 64, rest > size - 64 ? size - 64 : rest);
    crypto_generichash_final(&state, bytes + 32, 32);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    ColumnFile   f;
    uint64_t     sum = 0;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    if (size < 1)
        return 0;
    uint8_t *bytes = arena_take(&a, size, 1, 64);
    memcpy(bytes, data + 1, size - 1);
    if (data[0] == 's')
        sum_anew(bytes, size - 1);
    if (columns_parse(&a, (Str){ (const char *)bytes, size - 1 }, &f))
        return 0;
    assert(f.count <= COLUMNS_MOST);
    for (size_t i = 0; i < f.count; i++) {
        const void *x;
        ColumnType  t = column_type(&f, (int)i);
        if (!column_read(&a, &f, (int)i, t, &x) && f.rows)
            sum += ((const uint8_t *)x)[f.rows * column_width(t) - 1];
    }
    return sum == UINT64_MAX;
}

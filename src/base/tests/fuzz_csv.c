/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is read and written again reads the same; the guarded form differs by apostrophes alone. */
#include "base/base.h"
#include "base/csv.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    CsvTable  table  = { 0 };
    CsvLimits limits = { .rows = 50, .columns = 20, .cell_bytes = 1000 }, wider = { 50, 20, 4000 };
    if (csv_read(&a, (Str){ (const char *)data, size }, limits, &table))
        return 0;
    Buf plain = buf_new(&a, size), safe = buf_new(&a, size);
    for (size_t r = 0; r < table.len; r++) {
        for (size_t c = 0; c < table.at[r].len; c++) {
            if (c)
                buf_byte(&plain, ',');
            if (table.at[r].len == 1 && !table.at[r].at[0].len)
                buf_lit(&plain, "\"\"");
            buf_csv(&plain, table.at[r].at[c]);
            csv_field(&safe, table.at[r].at[c]);
        }
        buf_lit(&plain, "\n");
        csv_end(&safe);
    }
    if (str_starts(buf_str(&plain), S("\xEF\xBB\xBF")))     /* a text that begins with the mark reads as one */
        return 0;
    CsvReader x = csv_open(buf_str(&plain), ','), y = csv_open(buf_str(&safe), ',');
    x.limits = y.limits = wider;
    for (size_t r = 0; r < table.len; r++) {
        CsvRow one, two;
        bool   ok = csv_next(&x, &a, &one) && csv_next(&y, &a, &two);
        assert(ok && one.len == table.at[r].len && two.len == one.len);
        for (size_t c = 0; c < one.len; c++) {
            assert(str_eq(one.at[c], table.at[r].at[c]));
            assert(str_ends(two.at[c], one.at[c]) && two.at[c].len <= one.at[c].len + 1);
            assert(!two.at[c].len || !strchr("=+-@\t\r\n", two.at[c].at[0]));
        }
    }
    return 0;
}

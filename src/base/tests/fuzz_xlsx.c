/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Archives and workbooks: limits hold, and a book that was read can be written and read again. */
#include "base/base.h"
#include "base/xlsx.h"
#include "base/zip.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const XlsxLimits limits = { .file_bytes = 1 << 20, .rows = 100, .columns = 30, .cell_bytes = 1000, .places = 2000, .text_bytes = 100000 };

static void archive_read(Arena *a, Str bytes)
{
    AUTO_ZIP z = { 0 };
    if (zip_reader_open(a, bytes, (ZipLimits){ .entries = 50, .unpacked = 4 << 20, .ratio = 100 }, &z))
        return;
    assert(z.len <= 50);
    for (size_t i = 0; i < z.len; i++) {
        Str part;
        assert(z.at[i].name.len && z.at[i].name.at[0] != '/' && !str_has(z.at[i].name, S("\\")));
        if (!zip_reader_load(&z, a, i, &part))
            assert(part.len == z.at[i].size);
    }
}

static void sheet_write(Arena *a, const XlsxSheet *sheet)
{
    XlsxCells *rows = arena_new(a, XlsxCells, sheet->len);
    for (size_t r = 0; r < sheet->len; r++) {
        XlsxCell *cells = arena_new(a, XlsxCell, sheet->at[r].len);
        assert(sheet->at[r].len <= 30 && sheet->at[r].at[sheet->at[r].len - 1].len);
        for (size_t c = 0; c < sheet->at[r].len; c++)
            cells[c] = XLSX_TEXT(sheet->at[r].at[c]);
        rows[r] = (XlsxCells){ cells, sheet->at[r].len };
    }
    Str      bytes;
    XlsxBook again;
    Err      e = xlsx_write(a, &(XlsxOut){ S("s"), rows, sheet->len }, 1, &bytes);
    assert(!e);
    XlsxLimits wider = XLSX_LIMITS;
    e                = xlsx_read(a, bytes, wider, &again, NULL);
    assert(!e && again.len == 1 && again.at[0].len == sheet->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    Str       bytes = { (const char *)data, size };
    XlsxBook  book;
    XlsxFault fault;
    archive_read(&a, bytes);
    Err e = xlsx_read(&a, bytes, limits, &book, &fault);
    assert((e == OK) == (fault.kind == XLSX_FINE));
    for (size_t i = 0; !e && i < book.len; i++)
        sheet_write(&a, &book.at[i]);
    return 0;
}

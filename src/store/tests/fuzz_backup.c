/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A damaged or forged archive: read to its first fault, within its own length; values read and written again are equal. */
#include "store/archive.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Err touch_row(void *self, const Value *values, size_t n)
{
    Buf *b = self;
    b->len = 0;
    for (size_t i = 0; i < n; i++)
        value_write(b, values[i]);
    return OK;
}

static Err touch_table(void *self, Str name, const Str *columns, size_t n)
{
    Buf *b = self;
    b->len = 0;
    buf_add(b, name);
    for (size_t i = 0; i < n; i++)
        buf_add(b, columns[i]);
    return OK;
}

static Err touch_header(void *self, const ArchiveHeader *h)
{
    Buf *b = self;
    for (size_t i = 0; i < h->migrations.len; i++)
        buf_add(b, h->migrations.at[i].name);
    return OK;
}

static Err touch_bytes(void *self, Str piece)
{
    Buf *b = self;
    b->len = 0;
    buf_add(b, piece);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 21);
    Str            all = { (const char *)data, size }, rest = all;
    Buf            b   = buf_new(&a, 4096);
    ArchiveIn      in  = { .a = &a, .fd = -1, .path = S("fuzz"), .memory = all, .left = (int64_t)size,
                           .room = buf_new(&a, 4096) };
    ArchiveVisitor v   = { .self = &b, .header = touch_header, .table = touch_table, .row = touch_row, .bytes = touch_bytes };
    Err            e   = archive_read(&in, &v);
    assert(!e || e->kind == ERR_INVALID);
    assert(in.at + in.left == (int64_t)size && in.room.cap < 2 * size + 8192);
    b.len = 0;
    for (Value one; value_read(&rest, &one);)
        value_write(&b, one);
    assert(b.len + rest.len == size && (!b.len || !memcmp(b.at, data, b.len)));
    return 0;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Archives larger than memory: local headers without sums, which follow each part in a descriptor (APPNOTE 4.3.9). */
#include "base/zip.h"

#include <stdlib.h>
#include <zlib.h>

enum { PIECE = 1 << 16, LEVEL = 3, DAY_1980 = 0x21, DEFLATED = 8, SUMS_FOLLOW_UTF8 = 0x0808, VERSION = 20 };

static void le(Buf *b, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++, v >>= 8)        /* more than eight: zeros follow */
        buf_byte(b, (char)v);
}

static void put(ZipStream *z, Str bytes)
{
    z->put(z->with, bytes);
    z->at += bytes.len;
}

/* What a part's header and its entry in the directory have in common. */
static void fields(Buf *b, Str name, uint32_t crc, uint64_t packed, uint64_t plain)
{
    le(b, VERSION, 2);
    le(b, SUMS_FOLLOW_UTF8, 2);
    le(b, DEFLATED, 2);
    le(b, 0, 2);
    le(b, DAY_1980, 2);
    le(b, crc, 4);
    le(b, packed, 4);
    le(b, plain, 4);
    le(b, name.len, 2);
    le(b, 0, 2);
}

void zip_stream_open(ZipStream *z, Arena *a, void (*put_bytes)(void *with, Str bytes), void *with)
{
    *z = (ZipStream){ .with = with, .put = put_bytes, .directory = buf_new(a, 1024) };
    z_stream *d = calloc(1, sizeof *d);
    z->failed   = !d || deflateInit2(d, LEVEL, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK;
    z->deflater = d;
}

static void pack(ZipStream *z, Str bytes, int flush)
{
    static _Thread_local unsigned char out[PIECE];
    z_stream *d = z->deflater;
    d->next_in  = (z_const Bytef *)(uintptr_t)bytes.at;
    d->avail_in = (uInt)bytes.len;
    do {
        d->next_out  = out;
        d->avail_out = PIECE;
        z->failed |= deflate(d, flush) == Z_STREAM_ERROR;
        size_t n = PIECE - d->avail_out;
        z->packed += n;
        put(z, (Str){ (const char *)out, n });
    } while (d->avail_out == 0 && !z->failed);
}

static void part_end(ZipStream *z)
{
    if (!z->open || z->failed)
        return;
    z->open = false;
    pack(z, S(""), Z_FINISH);
    z->failed |= deflateReset(z->deflater) != Z_OK;
    Buf *b = &z->directory;
    size_t entry = b->len;
    le(b, 0x08074B50, 4);
    le(b, z->crc, 4);
    le(b, z->packed, 4);
    le(b, z->plain, 4);
    put(z, str_skip(buf_str(b), entry));
    b->len = entry;
    z->failed |= z->packed > UINT32_MAX || z->plain > UINT32_MAX || z->at > UINT32_MAX || ++z->parts > UINT16_MAX;
    le(b, 0x02014B50, 4);
    le(b, VERSION, 2);
    fields(b, z->name, z->crc, z->packed, z->plain);
    le(b, 0, 10);                 /* comment, disk, attributes */
    le(b, z->from, 4);
    buf_add(b, z->name);
}

void zip_stream_part(ZipStream *z, Str name)
{
    part_end(z);
    z->name   = name;
    z->from   = z->at;
    z->packed = z->plain = 0;
    z->crc    = (uint32_t)crc32(0, NULL, 0);
    z->open   = true;
    Buf *b = &z->directory;
    size_t entry = b->len;
    le(b, 0x04034B50, 4);
    fields(b, name, 0, 0, 0);
    buf_add(b, name);
    put(z, str_skip(buf_str(b), entry));
    b->len = entry;
}

void zip_stream_add(ZipStream *z, Str bytes)
{
    while (bytes.len && !z->failed) {
        Str piece = str_take(bytes, (size_t)1 << 30);
        z->crc    = (uint32_t)crc32(z->crc, (const Bytef *)piece.at, (uInt)piece.len);
        z->plain += piece.len;
        pack(z, piece, Z_NO_FLUSH);
        bytes = str_skip(bytes, piece.len);
    }
}

Err zip_stream_end(ZipStream *z, Arena *a)
{
    part_end(z);
    uint64_t from = z->at;
    size_t   size = z->directory.len;
    put(z, buf_str(&z->directory));
    Buf *b = &z->directory;
    b->len = 0;
    le(b, 0x06054B50, 4);
    le(b, 0, 4);
    le(b, z->parts, 2);
    le(b, z->parts, 2);
    le(b, size, 4);
    le(b, from, 4);
    le(b, 0, 2);
    put(z, buf_str(b));
    bool failed = z->failed;
    zip_stream_close(z);
    return failed ? err_new(a, ERR_TOO_LARGE, S("zip: a part or the archive is larger than 4 GiB")) : OK;
}

void zip_stream_close(ZipStream *z)
{
    if (z->deflater)
        deflateEnd(z->deflater);
    free(z->deflater);
    z->deflater = NULL;
    z->failed   = true;
}

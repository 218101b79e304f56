/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ZIP archives in memory: read under limits that stop bombs and odd names, written so that the same parts give
 * the same bytes. */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* ratio: unpacked to packed, looked at from ZIP_RATIO_FROM unpacked bytes on. */
typedef struct ZipLimits { size_t entries; uint64_t unpacked; unsigned ratio; } ZipLimits;
#define ZIP_LIMITS ((ZipLimits){ .entries = 1000, .unpacked = 200u << 20, .ratio = 100 })
enum { ZIP_RATIO_FROM = 1 << 20 };

typedef struct ZipEntry { Str name; uint64_t size; bool folder; } ZipEntry;
typedef struct ZipReader { void *handle; ZipEntry *at; size_t len; } ZipReader;

/* Reads and checks the whole directory; bytes must live as long as the reader. ERR_INVALID: damaged, encrypted,
 * methods other than stored and deflate, links, a name twice, absolute names or "..", backslashes, controls or no
 * UTF-8 in a name, parts that overlap. ERR_TOO_LARGE: past a limit. Close it with AUTO_ZIP. */
MUST_USE Err zip_reader_open(Arena *a, Str bytes, ZipLimits limits, ZipReader *out);
void zip_reader_close(ZipReader *z);
#define AUTO_ZIP AUTO(zip_reader_close) ZipReader
bool zip_reader_find(const ZipReader *z, Str name, size_t *out_at);
/* One entry unpacked; its checksum is verified. */
MUST_USE Err zip_reader_load(const ZipReader *z, Arena *a, size_t at, Str *out);
/* The same piece by piece, without holding it; an Err of piece_do ends the reading. */
typedef Err (*ZipPieceDo)(void *with, Str piece, bool last);
MUST_USE Err zip_reader_each(const ZipReader *z, Arena *a, size_t at, ZipPieceDo piece_do, void *with);

typedef struct ZipPart { Str name, bytes; bool stored; } ZipPart;   /* stored: not deflated */
/* Parts in the order given, all dated 1980-01-01. Names are checked as in reading. */
MUST_USE Err zip_write(Arena *a, const ZipPart *parts, size_t n, Str *out);

/* An archive written part after part in bounded memory; put is called with its bytes in order. Parts are deflated, dated
 * 1980-01-01, and at most 4 GiB each, as is the whole. The stream itself is the caller's and stays where it is while open. */
typedef struct ZipStream {
    void *with; void (*put)(void *with, Str bytes);
    void *deflater; uint64_t at, from, packed, plain; uint32_t crc; Str name; Buf directory; unsigned parts; bool open, failed;
} ZipStream;
void zip_stream_open(ZipStream *z, Arena *a, void (*put)(void *with, Str bytes), void *with);
void zip_stream_part(ZipStream *z, Str name);             /* ends the part before; name lives until the end */
void zip_stream_add(ZipStream *z, Str bytes);
/* Ends the last part and writes the directory. ERR_TOO_LARGE past 4 GiB. */
MUST_USE Err zip_stream_end(ZipStream *z, Arena *a);
void zip_stream_close(ZipStream *z);                      /* frees, also after a failure; ending closes too */

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file of columns: one array a variable, mapped read only. A head that names and sums the columns, checked when it is opened; each
 * column is checked against its sum when it is first read. Little-endian, as the processors this program runs on. */
#ifndef SNAPSHOT_COLUMNS_H
#define SNAPSHOT_COLUMNS_H

#include "base/json.h"

typedef enum ColumnType { COLUMN_U8, COLUMN_U16, COLUMN_U32, COLUMN_U64, COLUMN_F64, COLUMN_TYPE_COUNT } ColumnType;
size_t column_width(ColumnType t);               /* bytes of one value */

/* An open file. note: the JSON object its writer gave, with the names of the columns as "columns". */
typedef struct ColumnFile {
    const uint8_t *at; size_t size;
    uint64_t    rows;
    size_t      count;
    Str        *name;                /* of each column */
    const Json *note;
    uint8_t     id[16];              /* of the head: other contents, another id */
    uint64_t    place;               /* of the file on its disk; 0: bytes in memory */
    bool        mapped;
} ColumnFile;

enum { COLUMNS_MOST = 20000 };
/* The file at path, mapped. What is not small lives in the file; close it after the last look at a column. ERR_NOT_FOUND; ERR_INVALID: broken;
 * ERR_IO: it cannot be read now. */
MUST_USE Err columns_open(Arena *a, Str path, ColumnFile *out);
void columns_close(ColumnFile *f);               /* also after a failed open */
/* The same of bytes in memory, which must be aligned to 8 and outlive it. */
MUST_USE Err columns_parse(Arena *a, Str bytes, ColumnFile *out);
int  column_find(const ColumnFile *f, Str name); /* -1: none */
ColumnType column_type(const ColumnFile *f, int at);
/* The rows of one column. ERR_INVALID: another type, or its bytes do not fit its sum. at < 0: ERR_NOT_FOUND. */
MUST_USE Err column_read(Arena *a, const ColumnFile *f, int at, ColumnType type, const void **out);

typedef struct ColumnOut { Str name; ColumnType type; const void *data; } ColumnOut;
/* members: of the note, JSON text without braces ("\"round\":7"); may be empty. Written under another name, synced, then moved to path, so that a
 * reader sees the old file or the new one. ERR_IO, ERR_FULL. */
MUST_USE Err columns_write(Arena *a, Str path, Str members, uint64_t rows, const ColumnOut *columns, size_t n);

#endif

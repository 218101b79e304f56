/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Comma-separated text (RFC 4180): rows cut from bytes in memory, and cells written back. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/buf.h"
#include "base/err.h"

/* Why reading stopped. */
typedef enum CsvFault { CSV_FINE, CSV_QUOTE_OPEN, CSV_QUOTE_INSIDE, CSV_TOO_MANY_CELLS, CSV_CELL_TOO_LONG, CSV_NUL } CsvFault;
enum { CSV_CELLS_MAX = 256, CSV_CELL_BYTES_MAX = 64 * 1024 };

typedef struct CsvRow { Str *at; size_t len; int line; } CsvRow;   /* line: where the row starts, from 1 */
typedef struct CsvReader { Str rest; char mark; int line; CsvFault fault; int fault_line; } CsvReader;

/* Starts at the beginning of bytes, after a UTF-8 byte order mark. mark 0: ',' unless the first line holds
 * more ';' or tabs outside quotes, as spreadsheets of some countries write. */
CsvReader csv_open(Str bytes, char mark);
/* Next row that is not empty; cells are slices of the bytes, or copies in a where quotes were doubled.
 * False at the end, or when the text is broken: then fault and fault_line say what and where. */
bool csv_next(CsvReader *r, Arena *a, CsvRow *out);
Str  csv_cell(const CsvRow *row, size_t at);                       /* empty beyond the last cell */

/* Adds a cell, quoted where the text needs it. Cells of a row are separated by the caller. */
void buf_csv(Buf *b, Str cell);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Comma-separated text (RFC 4180): rows cut from bytes in memory under limits, and cells written so that no
 * spreadsheet takes one for a formula. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/buf.h"
#include "base/err.h"

/* Why reading stopped. */
typedef enum CsvFault {
    CSV_FINE,
    CSV_QUOTE_OPEN,          /* a quoted cell has no end */
    CSV_QUOTE_INSIDE,        /* a quote inside a plain cell, or something after a closing quote */
    CSV_TOO_MANY_CELLS,
    CSV_CELL_TOO_LONG,
    CSV_NUL,
    CSV_NOT_UTF8,
    CSV_TOO_MANY_ROWS,
    CSV_FAULT_COUNT
} CsvFault;

typedef struct CsvLimits { size_t rows, columns, cell_bytes; } CsvLimits;
#define CSV_LIMITS ((CsvLimits){ .rows = 200000, .columns = 200, .cell_bytes = 131072 })

typedef struct CsvRow { Str *at; size_t len; int line; } CsvRow;   /* line: where the row starts, from 1 */
typedef struct CsvReader {
    Str       rest;
    char      mark;
    int       line;
    CsvFault  fault;
    int       fault_line, fault_column;      /* from 1; columns count cells */
    size_t    rows;
    CsvLimits limits;
} CsvReader;

/* Starts at the beginning of bytes, after a UTF-8 byte order mark. mark 0: ',' unless the first line holds
 * more ';' or tabs outside quotes, as spreadsheets of some countries write. Limits are CSV_LIMITS; set
 * reader.limits for others. */
CsvReader csv_open(Str bytes, char mark);
/* Next row that is not empty; cells are slices of the bytes, or copies in a where quotes were doubled.
 * False at the end, or when the text is broken: then fault, fault_line and fault_column say what and where. */
bool csv_next(CsvReader *r, Arena *a, CsvRow *out);
/* "quote_open", "not_utf8" …; the catalogue has files.csv.<name> with places {line} and {column}. */
Str  csv_fault_name(CsvFault fault);
Str  csv_cell(const CsvRow *row, size_t at);                       /* empty beyond the last cell */
/* Where a heading stands, blanks and ASCII case aside; -1: nowhere. */
int  csv_column(const CsvRow *header, Str name);

typedef struct CsvTable { CsvRow *at; size_t len; } CsvTable;
/* All rows at once; they may differ in length. ERR_INVALID, or ERR_TOO_LARGE past a limit; the detail names
 * line and column. */
MUST_USE Err csv_read(Arena *a, Str bytes, CsvLimits limits, CsvTable *out);

/* ---- Writing ----------------------------------------------------------------------------------- */

/* One cell; the commas of a row are put by themselves. A text that a spreadsheet could take for a formula gets a
 * leading apostrophe; typed numbers go through csv_num and csv_real and get none. */
void csv_field(Buf *b, Str text);
void csv_num(Buf *b, int64_t n);
void csv_real(Buf *b, double x);                                   /* shortest that reads back equal; NAN: empty */
void csv_typed(Buf *b, Str number);                                /* a number in its own digits, "-0.5"; anything else: as csv_field */
void csv_end(Buf *b);                                              /* ends the row: CRLF */
void csv_bom(Buf *b);                                              /* first of all, for spreadsheets that want it */
/* A cell without guard, quoted where the text needs it; commas are the caller's. Only for files that no person
 * opens in a spreadsheet. */
void buf_csv(Buf *b, Str cell);

#endif

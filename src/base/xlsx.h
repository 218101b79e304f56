/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Workbooks (.xlsx): cells read as the texts a person sees, and simple sheets written. */
#ifndef BASE_XLSX_H
#define BASE_XLSX_H

#include "base/arena.h"
#include "base/err.h"

typedef enum XlsxFaultKind {
    XLSX_FINE,
    XLSX_NOT_XLSX,             /* something else than a workbook */
    XLSX_OLD_XLS,              /* the format before 2007 */
    XLSX_PASSWORD,
    XLSX_MACROS,               /* .xlsm and the like */
    XLSX_DAMAGED,
    XLSX_TOO_LARGE,            /* the file, what it unpacks to, or the sum of its texts */
    XLSX_TOO_MANY_ROWS,
    XLSX_TOO_MANY_COLUMNS,
    XLSX_CELL_TOO_LONG,
    XLSX_FAULT_COUNT
} XlsxFaultKind;
typedef struct XlsxFault { XlsxFaultKind kind; Str sheet; size_t row, column; } XlsxFault;   /* 0: not of one cell */

/* rows: with something in them, of one sheet. places and text_bytes: of the whole book; places are the cells of
 * its rows up to the last that is not empty. */
typedef struct XlsxLimits { size_t file_bytes, rows, columns, cell_bytes, places, text_bytes; } XlsxLimits;
#define XLSX_LIMITS                                                                                \
    ((XlsxLimits){ .file_bytes = 10 << 20, .rows = 60000, .columns = 200, .cell_bytes = 131072,     \
                   .places = 1500000, .text_bytes = 32 << 20 })

/* number: as the spreadsheet counts, from 1. Empty cells are empty texts, none at the end. Empty rows are left out. */
typedef struct XlsxRow { size_t number; Str *at; size_t len; } XlsxRow;
typedef struct XlsxSheet { Str name; XlsxRow *at; size_t len; bool hidden; } XlsxSheet;
typedef struct XlsxBook { XlsxSheet *at; size_t len; } XlsxBook;

/* Texts as they are; numbers in shortest form, 1.0 as "1"; TRUE and FALSE; days by the style of their cell as
 * 2026-11-22, with a time 2026-11-22T17:05:00, times alone as 17:05:00; formulas as the value kept with them.
 * Merged cells are not spread. On failure *out_fault (may be NULL) says what to tell the person who sent it.
 * ERR_INVALID, or ERR_TOO_LARGE past a limit. */
MUST_USE Err xlsx_read(Arena *a, Str bytes, XlsxLimits limits, XlsxBook *out, XlsxFault *out_fault);
/* "old_xls", "password" …; the catalogue has files.xlsx.<name> with places {sheet} {row} {column}. */
Str xlsx_fault_name(XlsxFaultKind kind);
const XlsxSheet *xlsx_sheet(const XlsxBook *book, Str name);       /* ASCII case and blanks aside; NULL: none */
Str xlsx_cell(const XlsxRow *row, size_t column);                  /* from 0; empty past the end */
Str xlsx_column_name(Arena *a, size_t column);                     /* 0 is A, 26 is AA */

/* ---- Writing ----------------------------------------------------------------------------------- */
/* How a cell looks: whole and real numbers in the reader's own marks, words that wrap. */
typedef enum XlsxLook { XLSX_PLAIN, XLSX_HEAD, XLSX_WHOLE, XLSX_ONE, XLSX_TWO, XLSX_WRAP, XLSX_STRONG } XlsxLook;
/* formula: of our own making, without "="; num is the value kept with it. Words are never taken for formulas. */
typedef struct XlsxCell { Str text; double num; bool is_num; XlsxLook look; Str formula; } XlsxCell;
#define XLSX_TEXT(s) ((XlsxCell){ .text = (s) })
#define XLSX_NUM(n)  ((XlsxCell){ .num = (n), .is_num = true })    /* NAN: an empty cell */
typedef struct XlsxCells { const XlsxCell *at; size_t len; } XlsxCells;
/* The first row is a heading: bold and kept in sight. Names of at most 31 letters without []:*?/\ widths: of the first columns, in letters. */
typedef struct XlsxOut { Str name; const XlsxCells *rows; size_t len; const double *widths; size_t width_count; } XlsxOut;
/* The same cells give the same bytes. Characters XML cannot hold become U+FFFD. */
MUST_USE Err xlsx_write(Arena *a, const XlsxOut *sheets, size_t n, Str *out);

#endif

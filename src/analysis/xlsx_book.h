/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Workbooks of any length: sheet after sheet, row after row, in bounded memory (ECMA-376, SpreadsheetML). */
#ifndef ANALYSIS_XLSX_BOOK_H
#define ANALYSIS_XLSX_BOOK_H

#include "analysis/parts.h"
#include "base/zip.h"

typedef enum BookStyle { BOOK_PLAIN, BOOK_HEAD, BOOK_DAY, BOOK_QUOTED } BookStyle;      /* QUOTED: chosen by book_text itself */
typedef struct XlsxBookOut { ZipStream zip; Arena *a; Buf buf; StrList sheets; bool in_sheet; } XlsxBookOut;

void book_open(XlsxBookOut *b, Arena *a, Sink *sink);
void book_sheet(XlsxBookOut *b, Str name);               /* ends the sheet before; the first row stays in sight */
void book_row(XlsxBookOut *b);
void book_text(XlsxBookOut *b, Str text, BookStyle style);
void book_number(XlsxBookOut *b, double x, BookStyle style);
void book_empty(XlsxBookOut *b);
void book_row_end(XlsxBookOut *b);
MUST_USE Err book_end(XlsxBookOut *b, Arena *a);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of the workbook reader share. */
#ifndef BASE_XLSX_PARTS_H
#define BASE_XLSX_PARTS_H

#include "base/base.h"
#include "base/xlsx.h"
#include "base/xml.h"
#include "base/zip.h"

typedef struct XlsxPack {
    Arena     *a;
    ZipReader  zip;
    XlsxLimits limits;
    XlsxFault *fault;              /* never NULL */
    StrList    shared;             /* shared texts by number */
    uint8_t   *styles;             /* kind of each cell style */
    size_t     style_count;
    bool       days_from_1904;
    size_t     places, text_bytes; /* so far; places: cells of rows, empty ones before the last included */
} XlsxPack;

typedef enum XlsxStyle { STYLE_PLAIN, STYLE_DAY, STYLE_TIME, STYLE_DAY_TIME } XlsxStyle;

/* Notes the fault and makes its Err. */
Err xlsx_fail(XlsxPack *p, XlsxFaultKind kind, Str sheet, size_t row, size_t column);
/* A copy that counts towards the limits; XLSX_CELL_TOO_LONG or XLSX_TOO_LARGE. */
Err xlsx_keep(XlsxPack *p, Str text, Str sheet, size_t row, size_t column, Str *out);
/* Walks a part of the archive as XML. */
Err xlsx_walk(XlsxPack *p, size_t part, const XmlEvents *events);
/* Decodes _x000D_ and the like. */
Str xlsx_unescape(Arena *a, Str s);
Err xlsx_sheet_read(XlsxPack *p, size_t part, XlsxSheet *sheet);
/* Kind of a number format: its number, or its code when it is a custom one. */
XlsxStyle xlsx_format_kind(int64_t id, Str code);
/* A serial number as a day or time; false when it is none. */
bool xlsx_day_text(Arena *a, double serial, XlsxStyle style, bool from_1904, Str *out);
Str  xlsx_number_text(Arena *a, Str raw, double x);

#endif

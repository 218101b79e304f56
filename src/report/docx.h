/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* WordprocessingML (ECMA-376) being written: body, relations, pictures. Private to report. */
#ifndef REPORT_DOCX_H
#define REPORT_DOCX_H

#include "report/parts.h"

#include "base/xml.h"
#include "base/zip.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define WORD_NS  "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define REL_NS   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACK_NS  "http://schemas.openxmlformats.org/package/2006/"

typedef LIST(ZipPart) ZipParts;
typedef struct Docx {
    Arena *a; Lang lang;
    Buf    body, rels;
    ZipParts media;
    StrList hrefs;                   /* relation "h1" is the first */
    Str    own;                      /* before the id of each relation and the name of each picture; empty in a document of our own */
    size_t pictures;
    int    tables, charts;
} Docx;

void docx_paragraph(Docx *d, const char *style, const ReportRuns *runs);
void docx_line(Docx *d, const char *style, Str text);
void docx_table(Docx *d, const ReportTable *t);
/* A picture as SVG with its PNG for programs that know no SVG, at most wide_mm wide; said: for those who hear the document. */
MUST_USE Err docx_picture(Docx *d, Str svg, double wide_mm, Str said);
MUST_USE Err docx_chart(Docx *d, const ReportChart *c);
MUST_USE Err docx_parts(Docx *d, const Report *r);  /* body of the whole report */
/* <Relationship> elements of all pictures and addresses. */
Str  docx_relations(Docx *d);
Str  docx_styles(void);
Str  docx_header(void);                           /* the page number, in the top margin */

#endif

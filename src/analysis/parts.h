/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of analysis share; nobody else includes this. */
#ifndef ANALYSIS_PARTS_H
#define ANALYSIS_PARTS_H

#include "analysis/analysis.h"

/* ---- sink.c: a file written through a buffer. The first failure is kept and returned by sink_end. --- */
typedef struct Sink { int fd; Buf buf; uint64_t flushed; int error; } Sink;
Sink     sink_open(Arena *a, int fd);
void     sink_breathe(Sink *s);                  /* at the end of a row: hands on what is waiting when there is much */
void     sink_flush(Sink *s);
void     sink_put(void *sink, Str bytes);        /* as zip_stream wants it */
uint64_t sink_at(const Sink *s);                 /* bytes so far */
void     sink_zero(Sink *s, size_t n);
void     sink_le(Sink *s, uint64_t v, int bytes);
void     sink_f64(Sink *s, double x);
void     sink_padded(Sink *s, Str text, size_t width, char pad);      /* exactly width bytes */
void     sink_patch(Sink *s, uint64_t at, Str bytes);                 /* over bytes already written */
MUST_USE Err sink_end(Sink *s, Arena *a);

/* ---- A writer of one format ------------------------------------------------------------------------- */
/* t: the table to write; XLSX and DDI hold all of tables in one file. */
typedef struct Export { AnalysisTable *t; AnalysisTables tables; Db *db; Arena *a; const ExportOptions *o; Sink sink; } Export;
Err export_csv(Export *x);
Err export_xlsx(Export *x);
Err export_sav(Export *x);
Err export_dta(Export *x);
Err export_ddi(Export *x);

Str  label_of(const Str label[LANG_COUNT], Lang l);                     /* falls back to the other language */
const Category *category_find(const Variable *v, Str name);
Str  cut_utf8(Str s, size_t most_bytes);                                /* never inside a character */
/* The category's text when labels are asked for; of several, labels joined by "; ". Else the cell as it is. */
Str  cell_label(Arena *a, const Variable *v, Str cell, Lang l);
bool cell_number(const Variable *v, Str cell, double *out);             /* NAN is not a number */
bool cell_day(Str cell, Date *out);
Str  table_file(Arena *a, const AnalysisTable *t);                      /* "mot-cua", of a repeat "mot-cua-nha" */
Str  table_label(const AnalysisTable *t, Lang l);                       /* a repeat's label, or its name */
Str  table_title(Arena *a, const AnalysisTable *t, Lang l);

#endif

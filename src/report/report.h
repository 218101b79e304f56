/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reports of editions: one tree of parts, made once, written as HTML, PDF, DOCX, XLSX or CSV. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "edition/edition.h"
#include "pdf/pdf.h"
#include "template/template.h"
#include "view/chart.h"

/* ---- The model ------------------------------------------------------------------------------------------------------ */
/* A run of words. href: absolute address, of figures that of the edition. */
typedef PdfRun ReportRun;
typedef LIST(ReportRun) ReportRuns;

typedef enum ReportCellKind { CELL_TEXT, CELL_REAL, CELL_COUNT, CELL_RANGE, CELL_HIDDEN, CELL_NONE } ReportCellKind;
/* HIDDEN: too few answers; NONE: no figure. RANGE: low and high, two columns where cells are single values. */
typedef struct ReportCell { ReportCellKind kind; Str text, href; double x, low, high; int decimals; } ReportCell;
typedef enum ReportSum { SUM_NONE, SUM_ABOVE, SUM_ROW } ReportSum;
/* unit: "%"; sum: ABOVE: the last row adds the column up; ROW: each cell adds the `across` columns before it up. width: share of the table. */
typedef struct ReportColumn { Str label, unit; ReportCellKind kind; ReportSum sum; int across; double width; } ReportColumn;
typedef struct ReportRow { ReportCell *at; bool strong, sum; } ReportRow;     /* as many cells as columns */
typedef struct ReportTable { Str name, caption, note; LIST(ReportColumn) columns; LIST(ReportRow) rows; } ReportTable;

typedef enum ReportChartKind { CHART_LIKERT, CHART_RANK, CHART_TILES, CHART_SLOPE, CHART_BARS } ReportChartKind;
typedef struct ReportChart {
    ReportChartKind kind;
    union { LikertChart likert; RankChart rank; TileChart tiles; SlopeChart slope; BarChart bars; };
} ReportChart;

/* A headline figure: "84,35 %", what it is, its interval and n. */
typedef struct ReportFact { Str value, name, note, href; } ReportFact;
/* What stands above an administrative document (Decree 30/2020/NĐ-CP) and below it. Empty number: a draft. */
typedef struct ReportHead { Str superior, agency, number, place, kind, about; Date on; bool draft; } ReportHead;
typedef struct ReportSign { StrList to; Str office, name; } ReportSign;        /* nơi nhận; "KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG" */

typedef enum ReportPartKind {
    PART_HEAD, PART_TITLE, PART_HEADING, PART_TEXT, PART_ITEM, PART_FACTS, PART_TABLE, PART_CHART, PART_NOTE, PART_SIGN, PART_PAGE
} ReportPartKind;
typedef struct ReportPart {
    ReportPartKind kind;
    int level;                                        /* of a heading: 1, 2 */
    ReportRuns runs;                                  /* TITLE, HEADING, TEXT, ITEM, NOTE */
    ReportHead *head; ReportSign *sign; ReportTable *table; ReportChart *chart;
    LIST(ReportFact) facts;
} ReportPart;

typedef struct Report {
    Lang lang;
    Str  title, subject, agency;
    Str  source;                                      /* "Ấn bản 1, công bố 22/11/2026, có gia quyền": under every table and chart */
    Str  href;                                        /* absolute address of the edition */
    Time made_at;
    bool simulated;
    LIST(ReportPart) parts;
} Report;

/* ---- What is asked for ---------------------------------------------------------------------------------------------- */
typedef enum ReportKind { REPORT_YEAR, REPORT_PROVINCE, REPORT_PRESS, REPORT_INFOGRAPHIC, REPORT_BOOK, REPORT_KIND_COUNT } ReportKind;
typedef enum ReportFormat { REPORT_HTML, REPORT_PDF, REPORT_DOCX, REPORT_XLSX, REPORT_CSV, REPORT_FORMAT_COUNT } ReportFormat;
Str  report_kind_code(ReportKind k);                  /* "year": in addresses and on the command line */
bool report_kind_parse(Str code, ReportKind *out);
Str  report_format_code(ReportFormat f);              /* "pdf" */
bool report_format_parse(Str code, ReportFormat *out);
Str  report_format_type(ReportFormat f);              /* media type */

/* province: official code, for REPORT_PROVINCE. site: "https://host" before addresses. Letterhead and signature are empty for
 * reports that nobody signs.
 * form: a template of officials that is filled in place of the built-in report; NULL: none. */
typedef struct ReportOrder { ReportKind kind; Lang lang; Str province, site; ReportHead head; ReportSign sign; Time now; const Template *form; } ReportOrder;
/* The figures of an edition, laid out for many reports at once. */
typedef struct ReportSource ReportSource;
MUST_USE Err report_source(Db *db, Store *s, Arena *a, const EditionRow *e, ReportSource **out);
/* ERR_NOT_FOUND: no such province in the edition. */
MUST_USE Err report_build(Arena *a, const ReportSource *s, const ReportOrder *order, Report *out);
/* The whole file. Alone HTML is a page body, written by report_html inside a frame. */
MUST_USE Err report_write(Arena *a, const Report *r, ReportFormat f, Str *out);
void report_html(Out *o, const Report *r);
/* The file that was ordered: a built-in report in that format, or the order's form filled, which is always DOCX. */
MUST_USE Err report_file(Arena *a, const ReportSource *s, const ReportOrder *order, ReportFormat f, Str *out);
/* A .zip of one file a province, by the order (its province is not looked at). Ticks the job this thread is at, if any, once a province;
 * ERR_BUSY when that was halted. */
MUST_USE Err report_each_province(Arena *a, const ReportSource *s, const ReportOrder *order, ReportFormat f, Str *out);
/* Official codes of the provinces the edition has figures of, in Vietnamese order of their names. */
void report_provinces(Arena *a, const ReportSource *s, StrList *out);

/* ---- Templates by officials (names.c, form.c) ---------------------------------------------------------------------------- */
/* What a template of reports may name. */
TemplateNames report_names(void);
/* The name's value in an edition as a report would say it; empty for lists and blocks. */
MUST_USE Err report_name_value(Arena *a, const ReportSource *s, const ReportOrder *order, const TemplateName *n, Str *out);
/* A template to begin with, in the language asked for. */
MUST_USE Err report_form_example(Arena *a, Lang l, Str *out);

extern const Route report_public_routes[], report_console_routes[], kept_console_routes[];
extern const JobKind report_make_job;

#endif

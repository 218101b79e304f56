/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reports in the console: rows, the form that asks for one. Private to report. */
#ifndef REPORT_CONSOLE_H
#define REPORT_CONSOLE_H

#include "org/scope_page.h"
#include "report/parts.h"
#include "view/component.h"

typedef struct MadeReport {
    int64_t id; UnitId unit; EditionId edition;
    ReportKind kind; Str province; Lang lang; ReportFormat format; bool draft;
    Str sha256; int64_t size; PersonId by; Str by_name; Time at;
    Str round_code; int number; Str title_vi, title_en;              /* of the edition */
} MadeReport;
typedef LIST(MadeReport) MadeReports;

MUST_USE Err made_list(Db *db, Arena *a, ScopePage *p, MadeReports *out);     /* newest first */
MUST_USE Err made_load(Db *db, Arena *a, int64_t id, MadeReport *out);       /* ERR_NOT_FOUND */
MUST_USE Err made_insert(Db *db, const MadeReport *r);
Str  made_file_name(Arena *a, const MadeReport *r);                          /* "sipas-2026-1-year.pdf" */
bool made_is_archive(const MadeReport *r);

/* What was typed, as it stands in the boxes and in the job. */
typedef struct ReportForm {
    int64_t edition, unit;
    Str kind, province, lang, format, superior, agency, number, place, office, name, to;
    TypedDate on; Date day;
} ReportForm;
Str  asked_args(Arena *a, const ReportForm *f);                                /* JSON of the job */
bool asked_from_args(const Json *args, ReportForm *f);
void asked_order(Arena *a, const ReportForm *f, const AppInfo *app, Time now, ReportOrder *out);

typedef struct ReportsPage {
    const MadeReports *made; ReportForm f; const FieldErrors *errors; Str token; bool may_make; Pager pager;
    Choices editions, units, provinces, kinds, formats, langs;
} ReportsPage;
typedef struct MadePage { const MadeReport *r; Str file_href, edition_href, unit, province; } MadePage;

#endif

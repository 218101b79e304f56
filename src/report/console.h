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
    int64_t template_id, version; Str template_title;                /* 0: a built-in report */
    Str round_code; int number; Str title_vi, title_en;              /* of the edition */
} MadeReport;
typedef LIST(MadeReport) MadeReports;

MUST_USE Err made_list(Db *db, Arena *a, ScopePage *p, MadeReports *out);     /* newest first */
MUST_USE Err made_load(Db *db, Arena *a, int64_t id, MadeReport *out);       /* ERR_NOT_FOUND */
MUST_USE Err made_insert(Db *db, const MadeReport *r);
Str  made_file_name(Arena *a, const MadeReport *r);                          /* "sipas-2026-1-year.pdf" */
bool made_is_archive(const MadeReport *r);
Str  made_kind(Lang l, const MadeReport *r);                                 /* "Báo cáo năm", or the title of its template */

/* ---- Templates of agencies (kept_store.c, kept_pages.c) ------------------------------------------------------------------------- */
/* A template in one of its versions. */
typedef struct KeptTemplate {
    int64_t id, version; UnitId unit; Str title; bool retired;
    Str file_name, sha256; int64_t size; PersonId by; Str by_name; Time at;
} KeptTemplate;
typedef LIST(KeptTemplate) KeptTemplates;
MUST_USE Err kept_list(Db *db, Arena *a, RightScope *scope, KeptTemplates *out);      /* newest versions, those the scope reaches, by title */
MUST_USE Err kept_load(Db *db, Arena *a, int64_t id, int64_t version, KeptTemplate *out);        /* version 0: the newest; ERR_NOT_FOUND */
MUST_USE Err kept_versions(Db *db, Arena *a, int64_t id, KeptTemplates *out);         /* newest first */
MUST_USE Err kept_add(Db *db, KeptTemplate *t);                                       /* with its first version; id and version are written */
/* The version after t->version. ERR_CONFLICT: there is one by now. */
MUST_USE Err kept_add_version(Db *db, Arena *a, KeptTemplate *t);
MUST_USE Err kept_retire(Db *db, int64_t id, bool retired);
/* "t12": how a kind of report says that it is a template. */
bool kept_parse(Str kind, int64_t *out_id);
/* The bytes of a version read; ERR_INVALID when today's checks refuse them. */
MUST_USE Err kept_template(Store *s, Arena *a, const KeptTemplate *t, const Template **out);

typedef struct NameLine { Str name, other, value; TemplateKind kind; int depth; } NameLine;
typedef struct KeptView {
    const KeptTemplates *all; const KeptTemplate *t; KeptTemplates versions;
    FieldErrors errors; StrList faults; size_t fault_count; Str token, title, unit, seen; bool may_add, may_change;
    Choices owners, editions; LIST(NameLine) names; StrList units, used;
} KeptView;

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

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of report share; nobody else includes this. */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include "edition/look.h"
#include "report/report.h"

enum { LIKERT = 5 };

struct ReportSource {
    EditionRow e;
    Str  method[LANG_COUNT];                              /* its title */
    Look look;
    Str *rank[LANG_COUNT];                                /* "hạng 3–9" of each province; empty: none */
    EditionRow before; Look was; StatsChange *moved;      /* the round before and what changed by look.provinces; only when compared */
    bool compared;
};

/* source.c */
ReportSource *source_make(Arena *a, const EditionRow *e, const Figures *figures, const SurveyMethod *how, const Units *provinces);
Str  topic_label(const LookNode *t, Lang l);
Str  province_label(const Unit *u, Lang l);               /* "TP. Hồ Chí Minh" */
const Unit *province_of(const ReportSource *s, Str code); /* NULL: none */

/* charts.c: rows of charts, their titles and findings. */
typedef struct Build { Arena *a; const ReportSource *s; const ReportOrder *o; Report *r; int charts; } Build;
ChartHead chart_head_of(Build *b, Str title, Str finding);
ReportChart *chart_new(Build *b, ReportChartKind kind);
ReportChart *chart_of_topic(Build *b, int topic);         /* the topic together, then what is right below it; NULL: no figures */
ReportChart *chart_of_question(Build *b, int topic);
ReportChart *chart_of_provinces(Build *b, Str mine);
ReportChart *chart_of_map(Build *b);
ReportChart *chart_of_codes(Build *b, const Figure *question);

/* changes.c: since the round before; nothing when there is none. province NULL: of everybody. */
void part_changes(Build *b, const Unit *province, bool every);       /* every: with lines and a table of all provinces */
Str  change_note(const Build *b, const StatsChange *c);               /* "; tăng 0,86 điểm % so với 2025"; empty: no clear change */

/* kinds.c */
void report_begin(Build *b);                              /* language, address and source of the report */
/* Highest and lowest of the contents with questions right below them, of everybody or one province; -1: none. */
void extremes(Build *b, Str province, int *out_best, int *out_worst);
MUST_USE Err report_form_fill(Arena *a, const ReportSource *s, const ReportOrder *o, Str *out);       /* form.c */

/* tables.c */
ReportTable *table_of_topics(Build *b, int topic, Str province);   /* the topic and all below it, but questions */
ReportTable *table_of_steps(Build *b, int topic);         /* shares of the five steps of the questions right below */
ReportTable *table_of_question(Build *b, int topic);      /* the answers of one question, a row each */
ReportTable *table_of_provinces(Build *b);
ReportTable *table_of_codes(Build *b, const Figure *question);

/* words.c: parts and runs. */
/* One where the index is the share of the satisfied, the other where the method has an index of its own. */
Str  words_of_index(const Build *b, Str satisfied, Str method);
ReportPart *part_add(Build *b, ReportPartKind kind);
void part_words(Build *b, ReportPartKind kind, Str text);
void part_heading(Build *b, int level, Str text);
void part_table(Build *b, ReportTable *t);                /* nothing for NULL */
void part_chart(Build *b, ReportChart *c);
/* The pattern's {name} places filled with runs: figures are bold links. */
typedef struct RunArg { const char *name; Str text, href; bool bold; } RunArg;
void part_sentence(Build *b, ReportPartKind kind, Str pattern, const RunArg *args, size_t n);
/* "84,35% (KTC 95%: 83,9–84,8; n = 36.525)"; without interval only n; "không đủ số liệu". */
Str  figure_words(Build *b, const Figure *f, int decimals);
Str  figure_href(const Build *b, const Figure *f);
ReportCell cell_text(Str text);
ReportCell cell_value(Build *b, const Figure *f, int decimals);
ReportCell cell_count(Build *b, const Figure *f);
ReportCell cell_range(Build *b, const Figure *f);

/* Writers. */
Str  cell_words(Arena *a, Lang l, const ReportCell *c);   /* as people read it */
Str  runs_text(Arena *a, const ReportRuns *runs);
Str  chart_svg(Arena *a, Lang l, const ReportChart *c);
const ChartHead *chart_head(const ReportChart *c);
MUST_USE Err report_pdf(Arena *a, const Report *r, Str *out);
MUST_USE Err report_docx(Arena *a, const Report *r, Str *out);
MUST_USE Err report_xlsx(Arena *a, const Report *r, Str *out);
Str  report_csv(Arena *a, const Report *r);
/* Plain texts of the head of an administrative document, in order: for every writer. */
typedef struct HeadLines { Str superior, agency, nation, motto, number, place; } HeadLines;
HeadLines head_lines(Arena *a, Lang l, const ReportHead *h);

/* Pages. Files: links of one report in every format but the page itself, which is `read`. */
typedef struct ReportFile { Str label, href; } ReportFile;
typedef struct ReportFiles { Str read, name; ReportFile at[REPORT_FORMAT_COUNT]; size_t n; } ReportFiles;
typedef struct ReportEntry { Str code, name, about; bool provinces; ReportFiles files; } ReportEntry;
typedef struct ReportList { const EditionRow *e; Str title, edition_href; ReportEntry at[REPORT_KIND_COUNT]; size_t n; Choices provinces; } ReportList;

#endif

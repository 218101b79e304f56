/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From stored answers to data an analyst can work with: one table of variables, and its files. */
#ifndef ANALYSIS_ANALYSIS_H
#define ANALYSIS_ANALYSIS_H

#include "collect/collect.h"
#include "jobs/jobs.h"

/* ---- One table: a row a record, a column a variable ------------------------------------------------ */
typedef enum VariableKind {
    VAR_TEXT, VAR_NUMBER, VAR_DAY,
    VAR_CHOICE,                          /* the name of one category */
    VAR_SEVERAL,                         /* names joined by blanks; its marks follow it */
    VAR_MARK                             /* 1 or 0: one category of the several before was chosen; empty: not answered */
} VariableKind;

typedef struct Category { Str name; Str label[LANG_COUNT]; double number; bool missing; } Category;   /* number: its code where codes are numbers */
typedef LIST(Category) Categories;

typedef struct Variable {
    Str name;                            /* in CSV and XLSX: the question's name, "kenh/web" for a mark */
    Str plain;                           /* in SPSS and Stata: ASCII letters, digits, '_'; at most 32; unique whatever the case */
    Str label[LANG_COUNT];
    VariableKind kind;
    Categories categories;               /* VAR_CHOICE, VAR_SEVERAL */
    bool whole;                          /* every category's name is a whole number in plain digits: "1", never "01" */
    bool numbered;                       /* every name is digits and Category.number their value; else the place from 1 */
    int of, mark;                        /* VAR_MARK: index of the several, and of its category; else -1 */
    size_t widest;                       /* bytes of the longest text; set by measuring */
    int decimals;                        /* digits behind the point at most; set by measuring */
} Variable;
typedef LIST(Variable) Variables;

/* The rounds of one table: the first ones' questions first, later versions' new ones beside their neighbours. */
/* repeat: its node in this version, -1 for the record itself. variable_of: by FormNode.cell its variable. coded: the open questions
 * that were coded in this round. */
typedef struct TableRound { Round round; const FormProgram *program; int repeat; const int *variable_of; struct TableCoded *coded; size_t coded_count;
    struct TableDesign *design; } TableRound;
typedef struct AnalysisTable {
    Str repeat, label[LANG_COUNT];       /* rows are the entries of this repeat; empty: rows are records */
    Variables variables;
    int own_count;                       /* variables that every table begins with, before the questions */
    TableRound *rounds; size_t round_count;
    Lang lang;                           /* of titles */
    int64_t rows;                        /* set by measuring; -1 before */
} AnalysisTable;
typedef LIST(AnalysisTable) AnalysisTables;

/* The table of records first, then one of each repeat of any version, outer ones before those inside them; columns are the union
 * over the versions of all rounds. Lives in a. */
MUST_USE Err analysis_tables(Db *db, Store *s, Arena *a, const RoundId *rounds, size_t n, AnalysisTables *out);
/* Calls row with one text for each variable (canonical as stored; empty: none), valid until it returns. Order: rounds as given,
 * records by their random ids. Records that do not count are left out. */
typedef Err (*TableRowDo)(void *self, const Str *cells);
MUST_USE Err analysis_each(const AnalysisTable *t, Db *db, TableRowDo row, void *self);
/* A first pass over the rows for formats that state widths and counts ahead: sets rows and widest, and adds what was answered outside
 * the list to a choice's categories, so that every answer has a code; with more than 200 such the variable holds texts. Lives in a. */
MUST_USE Err analysis_measure(AnalysisTable *t, Arena *a, Db *db);

/* ---- Files ------------------------------------------------------------------------------------------ */
typedef enum ExportFormat { EXPORT_CSV, EXPORT_XLSX, EXPORT_SAV, EXPORT_DTA, EXPORT_DDI, EXPORT_FORMAT_COUNT } ExportFormat;
Str  export_code(ExportFormat f);                                       /* "csv": also the file's ending; DDI ends in ".xml" */
Str  export_ending(ExportFormat f);
Str  export_type(ExportFormat f);                                       /* media type */
bool export_parse(Str code, ExportFormat *out);

typedef struct ExportOptions {
    ExportFormat format;
    Lang lang;                           /* of labels in SPSS, Stata and DDI */
    bool labels;                         /* CSV, XLSX: labels in place of the names of choices */
    bool bom;                            /* CSV: begins with a byte order mark */
    Str table;                           /* one table alone: a repeat's name, "-" the records; empty: all tables */
    Time now;
} ExportOptions;
/* What was written: CSV, SPSS and Stata hold one table a file, so that several are an archive (.zip) of such files. */
typedef struct ExportMade { size_t tables; bool archive; } ExportMade;
Str export_made_ending(ExportFormat f, bool archive);                   /* ".csv", ".csv.zip" */
Str export_made_type(ExportFormat f, bool archive);
/* Writes the file to fd, which must be seekable for SPSS and Stata, in bounded memory. Inside a read transaction, so that both
 * passes see the same rows. ERR_IO, ERR_FULL; ERR_TOO_LARGE when the format cannot hold it; ERR_INVALID: there is no such table. */
MUST_USE Err analysis_export(Db *db, Store *s, Arena *a, const RoundId *rounds, size_t n, const ExportOptions *o, int fd, ExportMade *out);

/* ---- Findings of cleaning rules, for the console of findings (module quality) ---------------------------- */
/* The round's rules, compiled once a page. */
typedef struct CleaningShow { const FormProgram *p; struct RuleSet *set; } CleaningShow;
MUST_USE Err cleaning_show_open(Ctx *c, const Round *r, CleaningShow *out);
size_t cleaning_show_count(const CleaningShow *s);
Str cleaning_show_code(const CleaningShow *s, size_t at);
Str cleaning_rule_text(const CleaningShow *s, Str rule);                /* what is wrong; the code of a rule that is gone */
/* "tuoi = 119": the answers the rule is about, as they count now. */
MUST_USE Err cleaning_values(Ctx *c, const CleaningShow *s, Str rule, SubmissionId id, Str *out);
/* One decision of the signed-in person: the record stays ("kept"), is left out ("left_out"), or both are taken back ("open"; hold: another
 * finding wants the record out). A record that was withdrawn is passed over. The caller records the batch. */
MUST_USE Err cleaning_settle(Ctx *c, const Round *r, Str rule, SubmissionId id, Str state, Str reason, int64_t batch, bool hold);

/* ---- coded_counts.c: answers of open questions by the code that both coders chose or a third settled, as frames list them --- */
typedef struct CodedCount { Str question, code, parent; Str label[LANG_COUNT]; int64_t n; } CodedCount;
typedef LIST(CodedCount) CodedCounts;
/* ids: the records to count, rising. */
MUST_USE Err coded_counts(Db *db, Arena *a, RoundId round, const SubmissionId *ids, size_t n, CodedCounts *out);

/* Open questions that a person was chosen to code, as soon as there are codes; coded: answers the person has coded so far. */
typedef struct CodingTask { int64_t frame; RoundId round; int64_t coded; } CodingTask;
typedef LIST(CodingTask) CodingTasks;
MUST_USE Err coding_tasks(Db *db, Arena *a, PersonId coder, CodingTasks *out);

/* Demonstration: open answers of a question coded by their very words (coding_demo.c). In a write transaction. */
typedef struct DemoCode { Str text, code; Str label[LANG_COUNT]; } DemoCode;
typedef struct CodingDemo { RoundId round; Str question; PersonId coder[2], settles; Time now; const DemoCode *at; size_t n; } CodingDemo;
MUST_USE Err coding_demo(Db *db, Arena *a, const CodingDemo *d);

extern const Route analysis_export_routes[], analysis_cleaning_routes[], analysis_coding_routes[], analysis_frozen_routes[];
extern const JobKind analysis_export_job, analysis_clean_job, analysis_freeze_job;
extern const RecordFollower analysis_follower;                          /* codes of open answers */

/* The newest frozen set that holds the round's answers as they are now; 0: none. */
MUST_USE Err frozen_current(Db *db, Arena *a, RoundId round, int64_t *out);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of paper share; nobody else includes this. */
#ifndef PAPER_PARTS_H
#define PAPER_PARTS_H

#include "paper/paper.h"

/* ---- One entry of one form (entry.c): rules, no SQL ------------------------------------------------------------- */
/* x: what could be read; typed: what could not, as it was typed. A question has one of them or neither. */
typedef struct Keyed { FormAnswers x, typed; } Keyed;
Keyed keyed_new(Arena *a, const FormProgram *p);
/* A box: a question, and in a repeat its row from 1 (0: it lies in none). Its key: "tuoi", "tuoi:2". */
typedef struct PaperCell { int node, row; } PaperCell;
typedef LIST(PaperCell) PaperCells;
enum { ROWS_TYPED = 1000 };                                             /* at most, as everywhere */
Str  paper_cell_key(Arena *a, const FormProgram *p, PaperCell at);
bool paper_cell_find(const FormProgram *p, Str key, PaperCell *out);
Str  paper_cell_number(Arena *a, const PaperMap *m, PaperCell at);            /* "7"; in row 2 "7.2" */
/* Boxes of the nodes first … end - 1 as they are typed, a repeat row by row: the rows that x or y (NULL: none) has, and so many more. */
void keyed_cells(Arena *a, const PaperMap *m, int first, int end, const Keyed *x, const Keyed *y, int more, PaperCells *out);
int  keyed_rows(const Keyed *k, int repeat);
/* Rows without anything in them go, those behind them move up. */
void keyed_pack(Arena *a, const PaperMap *m, Keyed *k);
/* Where each row from 1 on will stand then; 0: it goes. A free one beyond had, the rows there were, stands behind the last filled. */
int *keyed_packed_rows(Arena *a, const PaperMap *m, const Keyed *k, int repeat, int rows, int had);
void keyed_clear_rows(Arena *a, int repeat, Keyed *k);
/* Takes what a clerk typed for one question: codes of choices, numbers, days (22/11/2026 or 22112026), text; "?" is illegible. */
void  keyed_read(Arena *a, const PaperMap *m, PaperCell at, Lang l, Str text, Keyed *k);
/* The same as it stands in the box. */
Str   keyed_text(Arena *a, const PaperMap *m, PaperCell at, const Keyed *k, Lang l);
/* The same as a person reads it: "2. Không hài lòng"; empty: nothing on paper. */
Str   keyed_words(Arena *a, const PaperMap *m, PaperCell at, const Keyed *k, Lang l);
/* One text that is equal when two entries say the same. */
Str   keyed_value(Arena *a, const FormProgram *p, PaperCell at, const Keyed *k);
void  keyed_set(Arena *a, const FormProgram *p, PaperCell at, Str value, Keyed *k);    /* the reverse */
Str   keyed_json(Arena *a, const FormProgram *p, const FormAnswers *x);  /* {question: text, repeat: [{question: text}]} */
MUST_USE Err keyed_load(Arena *a, const FormProgram *p, Str answers, Str typed, Keyed *out);

/* Rules of the questionnaire that the entry breaks. fault: required, type, choice, constraint, limit, skip, illegible,
 * rows (fewer than another answer says; told at the first box that is missing). */
typedef struct PaperIssue { PaperCell at; Str fault, message; } PaperIssue;
typedef LIST(PaperIssue) PaperIssues;
void  keyed_faults(Arena *a, const PaperMap *m, const Keyed *k, Time now, Lang l, PaperIssues *out);
/* Boxes in which they differ, row against row. */
PaperCells keyed_differences(Arena *a, const PaperMap *m, const Keyed *x, const Keyed *y);

/* Sections of the entry page: the top groups, and the questions between them. */
typedef struct Section { int first, end; Str title; } Section;        /* nodes first … end - 1 */
typedef struct Sections { Section *at; size_t len, cap; } Sections;
Sections paper_sections(Arena *a, const PaperMap *m, Lang l);

/* ---- Batches and forms (batch_store.c) --------------------------------------------------------------------------- */
typedef enum PaperState { PAPER_REGISTERED, PAPER_FIRST, PAPER_SECOND, PAPER_SETTLED, PAPER_ACCEPTED, PAPER_VOID, PAPER_STATE_COUNT } PaperState;
Str  paper_state_code(PaperState s);
bool paper_state_parse(Str code, PaperState *out);

typedef struct PaperBatch {
    int64_t id; RoundId round; UnitId unit; Str label, handed_by; int64_t first, last, stated;
    PersonId received_by; Time received_at;
    int64_t n[PAPER_STATE_COUNT], forms, duplicates, incomplete;      /* incomplete: forms with missing pages */
} PaperBatch;
typedef LIST(PaperBatch) PaperBatches;
/* Batches of every round within the scope, newest first. */
MUST_USE Err batch_list(Db *db, Arena *a, RightScope *scope, int64_t first, int64_t most, PaperBatches *out);
MUST_USE Err batch_load(Db *db, Arena *a, int64_t id, PaperBatch *out);
MUST_USE Err batch_save(Db *db, PaperBatch *b);                                    /* new; id is set */

typedef struct PaperForm {
    int64_t id, batch; RoundId round; int64_t serial; PaperState state; Str missing_pages;
    PersonId settled_by; Time settled_at; Str final_answers; PersonId accepted_by; Time accepted_at; SubmissionId submission;
    Str void_reason; int64_t revision;
    PersonId keyed_by[2]; bool keyed_done[2];                         /* of the entries; 0: none, or released */
} PaperForm;
typedef LIST(PaperForm) PaperForms;
MUST_USE Err paper_form_load(Db *db, Arena *a, int64_t id, PaperForm *out);
MUST_USE Err paper_form_by_serial(Db *db, Arena *a, RoundId round, int64_t serial, PaperForm *out);   /* ERR_NOT_FOUND */
MUST_USE Err paper_forms_of(Db *db, Arena *a, int64_t batch, PaperForms *out);     /* by serial */
MUST_USE Err paper_forms_settled(Db *db, Arena *a, int64_t batch, int most, PaperForms *out);      /* those that wait for acceptance, by number */
/* Forms of any round with this serial number. */
MUST_USE Err paper_forms_find(Db *db, Arena *a, int64_t serial, PaperForms *out);
/* A form of the batch; a serial number that is there already becomes a duplicate. */
MUST_USE Err paper_form_add(Db *db, const PaperBatch *b, int64_t serial, bool *out_new);
/* State, missing pages, reasons, settling and accepting. ERR_CONFLICT: changed since f was read. */
MUST_USE Err paper_form_save(Db *db, PaperForm *f);
MUST_USE Err paper_duplicates_of(Db *db, Arena *a, int64_t batch, PaperForms *out);  /* the forms that were there before */

typedef struct PaperRun { int64_t id; RoundId round; UnitId unit; int64_t first, last; Lang lang; PersonId by; Time at; } PaperRun;
typedef LIST(PaperRun) PaperRuns;
MUST_USE Err run_list(Db *db, Arena *a, RoundId round, PaperRuns *out);            /* newest first */
MUST_USE Err run_load(Db *db, Arena *a, int64_t id, PaperRun *out);
/* The next count serial numbers of the round; id, first and last are set. ERR_INVALID: they are used up. */
MUST_USE Err run_make(Db *db, Arena *a, int64_t count, PaperRun *r);

/* ---- Entries (entry_store.c) ---------------------------------------------------------------------------------------- */
typedef struct PaperEntry {
    int64_t form; int pass; PersonId person; bool done; Str answers, typed; int64_t section; Time started_at, saved_at, done_at;
    int64_t revision;
} PaperEntry;
/* ERR_NOT_FOUND when nobody has begun this pass. */
MUST_USE Err entry_load(Db *db, Arena *a, int64_t form, int pass, PaperEntry *out);
MUST_USE Err entry_breaks_rules(Db *db, int64_t form, bool *out);           /* an answer was kept although it broke a rule */
MUST_USE Err entry_begin(Db *db, PaperEntry *e);                     /* new, or a released one taken over */
MUST_USE Err entry_save(Db *db, PaperEntry *e);                      /* ERR_CONFLICT: changed since it was read */
MUST_USE Err entry_release(Db *db, int64_t form, int pass);          /* a draft goes to the next clerk as it is */
MUST_USE Err entry_drafts(Db *db, Arena *a, PersonId person, PaperForms *out);     /* forms in which the person has a draft */

typedef struct PaperKeep { Str question, fault, reason; PersonId person; } PaperKeep;
typedef LIST(PaperKeep) PaperKeeps;
MUST_USE Err keeps_load(Db *db, Arena *a, int64_t form, int pass, PaperKeeps *out);
MUST_USE Err keeps_save(Db *db, int64_t form, int pass, const PaperKeeps *keeps);  /* in place of those there */
const PaperKeep *keep_find(const PaperKeeps *keeps, Str question);

typedef struct PaperDifference { Str question, first, second, final; bool settled; int wrong; } PaperDifference;
typedef LIST(PaperDifference) PaperDifferences;
MUST_USE Err differences_load(Db *db, Arena *a, int64_t form, PaperDifferences *out);
MUST_USE Err differences_save(Db *db, int64_t form, const PaperDifferences *d, PersonId by, Time at);

/* ---- Who may type what (pass.c) ---------------------------------------------------------------------------------------- */
typedef enum PassGate { PASS_OPEN, PASS_ANOTHER, PASS_SAME_PERSON, PASS_OVER, PASS_VOID } PassGate;
/* The pass this person may begin or go on with. PASS_ANOTHER: somebody else is at it; PASS_SAME_PERSON: the second pass waits
 * for somebody else. */
PassGate pass_gate(const PaperForm *f, PersonId who, int *out_pass);
/* Compares both entries when the second is done: settled when they agree, else the differences are stored. */
MUST_USE Err passes_compare(Db *db, Arena *a, const PaperMap *m, PaperForm *f, Time now);
/* A settled form becomes an answer of channel paper; its id follows from round and serial number. */
MUST_USE Err paper_accept(Db *db, Store *s, Arena *a, const AppInfo *app, PaperForm *f, PersonId by, Time now);

/* ---- Report (report_store.c) --------------------------------------------------------------------------------------------- */
typedef struct PaperRate { Str name; PersonId person; int64_t compared, differing, wrong; } PaperRate;   /* questions compared; wrong: after settling */
typedef LIST(PaperRate) PaperRates;
MUST_USE Err rates_by_clerk(Db *db, Arena *a, int64_t batch, int64_t questions, PaperRates *out);
MUST_USE Err rates_by_question(Db *db, Arena *a, int64_t batch, PaperRates *out);

#endif

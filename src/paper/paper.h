/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The paper channel: questionnaires printed with serial numbers, batches of forms that came back, entry typed twice. */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H

#include "collect/collect.h"
#include "jobs/jobs.h"

/* ---- Serial numbers (serial.c) ------------------------------------------------------------------------------- */
enum { SERIAL_DIGITS = 7, SERIAL_MOST = 9999999 };
/* "0000123-4": seven digits and the check digit. */
Str  serial_text(Arena *a, int64_t serial);
/* With its check digit; blanks, dots and dashes are passed over, leading zeros may be missing. False: not a serial number. */
bool serial_parse(Str typed, int64_t *out);

/* ---- What stands on paper (map.c): the same on printed sheets and on the entry page --------------------------- */
/* Questions are numbered through the form; a question that nobody answers on paper (calculated, hidden) has number 0. */
/* Questions of a repeat have one number and a row for each answer; a repeat within a repeat has no place on paper. */
typedef struct PaperMap { const FormProgram *p; int *number; Str **code; } PaperMap;      /* code[list][choice] */
PaperMap paper_map(Arena *a, const FormProgram *p);
/* The choice with this code, leading zeros aside; NULL when there is none. */
const FormChoice *paper_choice(const PaperMap *m, int node, Str code);
Str paper_code(const PaperMap *m, int node, Str choice_name);        /* empty when there is no such choice */
Str paper_label(Arena *a, const PaperMap *m, int node, Lang l);      /* ${name} reads "[câu 3]" */
/* "Chỉ trả lời nếu câu 3 chọn “Có”": empty when the node has no condition of its own. */
Str paper_condition(Arena *a, const PaperMap *m, int node, Lang l);
/* Questions that stand in one table: how many from this one on (1: no table). They share group, choices and condition. */
int paper_grid(const PaperMap *m, int node, int *out_end);           /* out_end: the node after the last of them */
bool paper_rows_at(const PaperMap *m, int node);                     /* a repeat that stands on paper as a table of rows */
int paper_rows_end(const PaperMap *m, int repeat);                   /* the node behind all that lies in it */

/* ---- Printing (print.c) ------------------------------------------------------------------------------------------ */
typedef struct PaperPrint {
    const FormProgram *p; Lang lang; Str agency;
    int64_t first, count;                /* serial numbers first … first + count - 1; count 0: one blank copy without number */
    int64_t rows;                        /* of the table of a repeat; 0: ROWS_USUAL */
} PaperPrint;
enum { PRINT_MOST = 5000, ROWS_USUAL = 8, ROWS_MOST = 100 };
/* PDF of count copies; out_pages: sheets of one copy. ERR_INVALID: a number beyond SERIAL_MOST, or count over PRINT_MOST. */
MUST_USE Err paper_print(Arena *a, const PaperPrint *print, Str *out, int *out_pages);

/* ---- Demonstration (paper_demo.c): one batch of n forms, typed with these answers; inside a write transaction ------------- */
typedef struct PaperDemo {
    RoundId round; const FormProgram *p; UnitId unit; PersonId clerks[2], supervisor; const FormAnswers *answers; size_t n; Time now;
} PaperDemo;
MUST_USE Err paper_demo(Db *db, Arena *a, const PaperDemo *d);

extern const JobKind paper_accept_job;
extern const Route paper_console_routes[];

#endif

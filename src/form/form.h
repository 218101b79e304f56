/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Form model, XLSForm reading, program, checking of answers, rendering of question pages. */
#ifndef FORM_FORM_H
#define FORM_FORM_H

#include "expr/expr.h"
#include "web/web.h"

typedef enum QuestionType {
    Q_NOTE, Q_TEXT, Q_INTEGER, Q_DECIMAL, Q_DATE, Q_SELECT_ONE, Q_SELECT_MULTIPLE, Q_CALCULATE, Q_HIDDEN, Q_GROUP, Q_TYPE_COUNT
} QuestionType;

typedef enum QuestionRole { QR_NONE, QR_SATISFACTION, QR_PERCEPTION, QR_EXPECTATION, QR_PROFILE, QR_FILTER, QR_OPEN } QuestionRole;

typedef struct FormChoice { Str name; Str label[LANG_COUNT]; double value; enum { CHOICE_PLAIN, CHOICE_MISSING, CHOICE_NA } missing; } FormChoice;
typedef struct FormList { Str name; LIST(FormChoice) choices; } FormList;

typedef struct FormNode {
    Str name, type_word;                 /* "select_one muc5" as written */
    QuestionType type;
    QuestionRole role;
    int parent;                          /* index of the group; -1 at the top */
    int depth, row;                      /* row in the survey sheet, from 1 */
    int list;                            /* index into lists; -1 */
    Str label[LANG_COUNT], hint[LANG_COUNT];
    Str required_src, relevant_src, constraint_src;   /* as written */
    Str required_message[LANG_COUNT], constraint_message[LANG_COUNT];
    Str appearance, code;                /* td_code, default name */
    int required, relevant, constraint;  /* expression ids; -1: none */
    int answer;                          /* index of its answer; -1 for groups and notes */
} FormNode;

/* Read-only after compilation; shared by all threads. Nodes are in sheet order; 0 is the first row. */
typedef struct FormProgram {
    FormId id;
    Str form_id, version, title[LANG_COUNT], default_language;
    LIST(FormNode) nodes;
    LIST(FormList) lists;
    int answer_count;
    const struct FormCode *code;         /* compiled expressions */
} FormProgram;
int form_find(const FormProgram *p, Str name);                       /* node index or -1 */
const FormChoice *form_choice(const FormProgram *p, int node, Str name);
Str form_label(const FormProgram *p, int node, Lang l);              /* falls back to Vietnamese */
/* Condition of a node joined with those of its groups: "(a) and (b)", as shown by the API. */
Str form_relevant_joined(Arena *a, const FormProgram *p, int node);

/* ---- Reading ---------------------------------------------------------------------------------- */
typedef struct FormIssue { Str sheet, column, code, message_vi, message_en; int row; bool warning; } FormIssue;
typedef LIST(FormIssue) FormIssues;
/* .xlsx bytes → program in keep. All issues at once; *out is NULL when any issue is an error. */
MUST_USE Err form_read_xlsx(Arena *keep, Arena scratch, Str bytes, FormIssues *issues, FormProgram **out);

/* ---- Answers ---------------------------------------------------------------------------------- */
/* One text per answer node: choice name, names joined by one space, number in canonical form, text. Empty: none. */
typedef struct FormAnswers { Str *at; } FormAnswers;                 /* program->answer_count texts */
FormAnswers form_answers_new(Arena *a, const FormProgram *p);
typedef enum AnswerFault { ANSWER_OK, ANSWER_REQUIRED, ANSWER_TYPE, ANSWER_CHOICE, ANSWER_CONSTRAINT, ANSWER_TOO_LONG, ANSWER_UNKNOWN, ANSWER_LIMIT } AnswerFault;
typedef struct AnswerIssue { int node; Str name; AnswerFault fault; Str message[LANG_COUNT]; } AnswerIssue;
typedef LIST(AnswerIssue) AnswerIssues;
bool form_relevant(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node);
/* Canonical text of one typed value; ANSWER_OK or what is wrong. */
AnswerFault form_answer_read(Arena *a, const FormProgram *p, int node, Lang typed_in, Str typed, Str *out);
/* Checks one node (page) or, node < 0, the whole form. Irrelevant answers are not checked. */
void form_check(const FormProgram *p, Arena *a, const FormAnswers *x, Time now, int node, AnswerIssues *out);
/* Empties what is not relevant: what is left is the record. */
void form_strip_irrelevant(const FormProgram *p, Arena scratch, FormAnswers *x, Time now);
/* Next and previous question page (note, question; field-list groups count as one) after node; -1: none. Start with node -1. */
int form_next_page(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node);
int form_prev_page(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node);

/* ---- Store: versions of forms; bytes are kept for ever ------------------------------------------ */
typedef struct FormRow { FormId id; Str form_id, version, title, state; UnitId owner; Time published_at, created_at; int questions, rounds; } FormRow;
typedef LIST(FormRow) FormRows;
MUST_USE Err form_list(Db *db, Arena *a, FormRows *out);
MUST_USE Err form_save_xlsx(Db *db, Store *s, Arena *a, Str bytes, UnitId owner, PersonId by, Time now, FormIssues *issues, FormId *out); /* stores and publishes a version; ERR_CONFLICT: same key, other bytes */
MUST_USE Err form_bytes(Db *db, Store *s, Arena *a, FormId id, Str *out);
/* The compiled program from a process-wide cache; lives as long as the process. */
MUST_USE Err form_program(Db *db, Store *s, Arena *a, FormId id, const FormProgram **out);

/* ---- Rendering: the question inside the respondent page's form ---------------------------------- */
void form_render_question(Out *o, const FormProgram *p, const FormAnswers *x, int node, Str typed, const AnswerIssues *issues);

extern const Route form_routes[];        /* console */

#endif

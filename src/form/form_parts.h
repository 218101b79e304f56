/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of form share; other modules include form.h only. */
#ifndef FORM_FORM_PARTS_H
#define FORM_FORM_PARTS_H

#include "base/xml.h"
#include "form/book.h"

/* ---- The spreadsheet as texts (book.c) ---------------------------------------------------------------- */
/* An XForm; what it holds goes to facts, which may be NULL, also when *out is. */
MUST_USE Err form_read_xform(Arena *keep, Arena scratch, Str bytes, const FormFinder *files, FormIssues *issues, FormFacts *facts,
                             FormProgram **out);

/* ---- Columns as the reader keeps them ---------------------------------------------------------------------- */
enum { LANG_OTHER = LANG_COUNT, LANG_NONE, LANG_SLOTS };     /* beside LANG_VI, LANG_EN: a third language; no language */

/* language: index into the form's languages, -1 without one. attr: of bind, body and instance, and the name of a filter. */
typedef struct Column { ColumnId id; int lang, language; Str header, attr; } Column;
typedef struct Columns { SheetId sheet; Column *at; size_t len; int first[COL_COUNT][LANG_SLOTS]; bool translated; } Columns;

/* Texts numbered in the order they came, found by hash. */
typedef struct NameSet { int *slots; uint32_t mask; Str *names; int len; } NameSet;
NameSet name_set_new(Arena *a, size_t room);                     /* for at most room texts */
int     name_set_find(const NameSet *s, Str name);               /* -1: none */
bool    name_set_add(NameSet *s, Str name);                      /* false: it is there already */

/* ---- The reader's state --------------------------------------------------------------------------------- */
typedef struct Place { SheetId sheet; int row; int column; Str header; } Place;

typedef struct RowRef { const Columns *c; const FormRowCells *row; } RowRef;

/* An expression of a node, to be compiled once all names are known. */
typedef struct Pending { int node; ColumnId column; Str source; Place at; } Pending;

typedef struct Reader {
    Arena       *keep, *scratch;
    FormIssues  *issues;
    FormProgram *p;
    Columns      survey, choices, settings;
    LIST(Pending) pending;
    bool         duplicates_allowed;
    int          default_lang;           /* Lang of the language texts are required in, or LANG_OTHER */
    int          main_language;          /* the same as an index into p->languages; -1: the column without a language */
    NameSet      lists;                  /* numbers are p->lists */
    int          list_room;
    bool         named_default;          /* the language of columns without one is also named in a header */
    const FormFinder *files;             /* beside the workbook; NULL: none */
    uint64_t     languages_told;         /* bits of the languages warned about for want of a code */
    int          hints;                  /* near names searched so far */
} Reader;

void  form_issue(Reader *r, Place at, const char *code, Str vi, Str en);
#define SAY(...) arena_fmt(r->keep, __VA_ARGS__)
Place place_of(const RowRef *row, ColumnId id);                  /* the column, or the row's first when it is missing */
Place place_column(const RowRef *row, size_t column);
Str   cell_at(const RowRef *row, ColumnId id);                   /* of a column without language, else of the first */
Str   cell_in(const RowRef *row, ColumnId id, int lang);
bool  columns_read(Reader *r, SheetId sheet, const FormRowCells *header, Columns *out);
void  columns_check_rows(Reader *r, const Columns *c, const FormSheet *sheet);   /* cells of columns that are refused */
/* Languages of all headers, in order; before any column is read. The one of the settings, or "default", is among them. */
void  languages_find(Reader *r, const FormRowCells *const headers[], size_t n);
const FormText *row_texts(Reader *r, const RowRef *row);         /* all texts of a row; NULL: none */
Str   sheet_name(SheetId sheet);
int   lang_of_name(Str name, bool *out_coded);                   /* "Tiếng Việt (vi)" */

Str type_nearest(Arena *a, Str word);

/* ---- Parts of a row (read_labels.c, read_cells.c, read_lists.c, read_files.c) ------------------------------- */
void read_labels(Reader *r, const RowRef *row, FormNode *n);
void settle_language(Reader *r);
Str  text_of_kind(const FormText *text, FormTextKind kind, int language);
bool yes_no(Str s, bool *out);
Str  straight_quotes(Reader *r, Str s);
Str  read_expression(Reader *r, const RowRef *row, ColumnId id, int node);
void expression_later(Reader *r, int node, ColumnId id, Str source, Place at);
void read_default(Reader *r, const RowRef *row, FormNode *n, int node);
void read_params(Reader *r, const RowRef *row, FormNode *n);
void read_attrs(Reader *r, const RowRef *row, FormNode *n);
void read_role(Reader *r, const RowRef *row, FormNode *n);
void read_appearance(Reader *r, const RowRef *row, FormNode *n);
void check_name(Reader *r, Place at, FormNode *n);
void read_list(Reader *r, const RowRef *row, const TypeCell *t, FormNode *n);
FormList *list_named(Reader *r, Str name);                       /* made when it is not there */
int  list_column(Arena *keep, FormList *list, Str name);         /* made when it is not there; -1: too many */
/* The list of a file, named as expressions name it; -1 after a fault. */
int  file_list(Reader *r, Place at, Str name, Str file, bool needed, Str value_column, Str label_column);
void read_file_choices(Reader *r, Place at, FormList *list);     /* E-LIST when the file is missing or broken */
void read_pulldata(Reader *r);                                   /* files that expressions name */
void other_texts(Reader *r, const FormNode *of, FormNode *n);    /* label of the text question behind "other" */
void read_triggers(Reader *r, const struct FormCode *code);      /* names in the column trigger, once all are known */

/* ---- Reading (read_*.c), compiling (program.c, order.c) ------------------------------------------------------ */
void read_settings(Reader *r, const FormSheet *sheet);
void read_choices(Reader *r, const FormSheet *sheet);
void read_survey(Reader *r, const FormSheet *sheet);
void form_compile(Reader *r);
void form_order(Reader *r, struct FormCode *code);
void form_issues_sort(Arena scratch, FormIssues *issues);

/* ---- The program -------------------------------------------------------------------------------------------- */
/* Counted over the nodes of the form (blocks[0]) or of one repeat (blocks[repeat + 1]), outside the repeats in it. */
typedef struct FormBlock { int nodes, answers, repeats; } FormBlock;
typedef struct FormTree {
    int *first_child, *next;             /* of node n at n + 1, of the form at 0; siblings in order; -1: no more */
    int *depth;                          /* repeats around a node, itself counted … */
    const int **around;                  /* … those repeats, outermost first */
    int *slot;                           /* place of a node among those of its block */
    int *repeat_number;                  /* place of a repeat among those of its parent's block */
    FormBlock *blocks;
    int  repeats;
} FormTree;
struct FormCode {
    ExprCode  *exprs; int expr_count;
    int       *order;                    /* nodes, each after what it depends on */
    int       *behind, *behind_first;    /* nodes that depend on node n: behind[behind_first[n]] … [behind_first[n + 1] - 1] */
    int       *triggered, *triggered_first;          /* nodes whose calculation runs when node n changes, likewise */
    NameSet    names;                    /* numbers are nodes */
    NameSet    shared;                   /* names that two groups hold */
    NameSet   *lists;                    /* numbers are choices */
    ExprTable *tables;                   /* of lists */
    FormTree   tree;
    int        instance_name;            /* expression id; -1: none */
    bool       plain;                    /* nothing has a condition or a calculation, nothing repeats */
    int       *page;                     /* node → the page that shows it, -1 for none; relevance aside */
};
void form_tree(Arena *keep, FormProgram *p, struct FormCode *code);
int  form_outer_repeat(const FormProgram *p, int repeat);            /* around a repeat; -1: none */
int  form_first_child(const struct FormCode *code, int node);        /* node -1: of the form; -1: none */
int  form_child(const FormProgram *p, const struct FormCode *code, int node, Str name);

/* ---- Names in expressions (names.c) -------------------------------------------------------------------------- */
typedef struct FormScope { const FormProgram *p; struct FormCode *code; int node; int *hints; } FormScope;
ExprNames form_names(FormScope *s);
extern const ExprLibrary form_library;
void form_tables(Arena *keep, const FormProgram *p, struct FormCode *code);
/* The node of ${name}; -1: *f says why not. */
int  form_variable(FormScope *s, Arena *a, Str name, ExprFault *f);

/* ---- Store -------------------------------------------------------------------------------------------------------- */
MUST_USE Err form_xform_keep(Db *db, Store *s, Arena *a, FormId id, Str xform);
/* older: newest first. */
void form_check_meaning(Arena *a, const FormProgram *p, const FormProgram *const *older, size_t count, FormIssues *issues);

/* ---- Answers ---------------------------------------------------------------------------------------------------- */
enum { FORM_MAX_INSTANCES = 1000, FORM_MAX_CELLS = 20000 };          /* of a repeat in one parent; of a set of answers */
/* Instances while answers are evaluated: place 0 is the form. */
typedef struct FormRange { int first, total, shown, wanted; } FormRange;   /* in sorted; wanted -1: no repeat_count */
typedef struct FormPlace { int level; bool there; bool *relevant; Str *calculated; FormRange *kids; } FormPlace;
struct FormPlaces { FormPlace *at; int32_t *sorted; int32_t **of_repeat; int *of_repeat_count; };

ExprHost form_host(FormState *s, int instance);
/* An expression's truth, or otherwise when the work limit was reached. Constants cost nothing. */
bool form_is_true(FormState *s, Arena *a, int expr, int instance, bool otherwise);
/* Text of an expression as an answer holds it; false: the work limit was reached. */
bool form_eval_text(FormState *s, Arena *a, int expr, int instance, Str *out);
void form_check_by(FormState *s, Arena *a, int node, AnswerIssues *out);    /* form_check with a state at hand */
AnswerFault form_check_at(FormState *s, Arena *a, int node, int instance);
bool form_type_asks(QuestionType t);                                      /* a person answers it, or it is hidden */
AnswerFault form_answer_fault(const FormProgram *p, int node, Str text);   /* of a stored text */
FormState form_state_sent(const FormProgram *p, Arena *a, const FormAnswers *x, Time now);  /* as_sent */
Str  form_canonical(Arena *a, QuestionType t, Str text);                   /* numbers without zeros to spare */
Str  form_time_text(Arena *a, Time t);                                    /* "2026-11-22T08:30:15.250+07:00" */
Str  form_default_text(Arena *a, const FormNode *n);                      /* a fixed default as an answer holds it */
bool form_calculates(const FormNode *n);                                  /* its value comes from an expression alone */
double form_param_number(const FormNode *n, Str name, double otherwise);     /* number among the parameters */
bool form_field_list(const FormProgram *p, int node);                    /* a group that is one page */

/* ---- Pages ------------------------------------------------------------------------------------------------------ */
/* Relevant nodes of a page in order, notes before the question too. */
typedef struct PageNodes { int *at; size_t len; } PageNodes;
PageNodes form_entry_nodes(const FormProgram *p, Arena *a, const FormState *s, int instance);
PageNodes form_page_nodes(const FormProgram *p, Arena *a, const FormState *s, int page);

#endif

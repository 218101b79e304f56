/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of form share; other modules include form.h only. */
#ifndef FORM_FORM_PARTS_H
#define FORM_FORM_PARTS_H

#include "form/form.h"

enum {
    FORM_MAX_ROWS = 5000, FORM_MAX_CHOICES = 50000, FORM_MAX_COLUMNS = 200, FORM_MAX_CELL = 32767, FORM_MAX_LEVELS = 8,
    FORM_MAX_LANGUAGES = 16, FORM_MAX_ERRORS = 200, FORM_MAX_TEXT = 5000, FORM_MAX_FILE = 10 << 20, FORM_SELECT_FROM = 16,
};

/* ---- The spreadsheet as texts (book.c) -------------------------------------------------------------- */
typedef struct FormRowCells { int row; const Str *cells; size_t len; } FormRowCells;   /* row: as the spreadsheet counts, from 1 */
typedef struct FormSheet { Str name; LIST(FormRowCells) rows; } FormSheet;
typedef struct FormBook { LIST(FormSheet) sheets; } FormBook;
/* Cells trimmed, U+00A0 to a blank, NFC; empty rows left out. A fault of the file is an issue and *out has no sheets. */
MUST_USE Err form_book_read(Arena *keep, Arena scratch, Str bytes, FormIssues *issues, FormBook *out);
/* One cell as every cell is read; false: not clean text. */
bool form_cell_clean(Arena *a, Str raw, Str *out);

/* ---- Sheets and columns (columns.c) ------------------------------------------------------------------- */
typedef enum SheetId { SHEET_SURVEY, SHEET_CHOICES, SHEET_SETTINGS, SHEET_OTHER } SheetId;
typedef enum ColumnId {
    COL_TYPE, COL_NAME, COL_LABEL, COL_HINT, COL_REQUIRED, COL_RELEVANT, COL_CONSTRAINT, COL_REQUIRED_MESSAGE,
    COL_CONSTRAINT_MESSAGE, COL_CALCULATION, COL_READ_ONLY, COL_CHOICE_FILTER, COL_REPEAT_COUNT, COL_DEFAULT, COL_TRIGGER, COL_APPEARANCE,
    COL_DISABLED, COL_TD_CODE, COL_TD_ROLE,
    COL_LIST_NAME, COL_TD_VALUE, COL_TD_MISSING,
    COL_FORM_ID, COL_VERSION, COL_FORM_TITLE, COL_DEFAULT_LANGUAGE, COL_TD_KIND, COL_TD_LAYOUT, COL_TD_CHANNELS,
    COL_ALLOW_CHOICE_DUPLICATES,
    COL_LATER,                   /* known, changes nothing here yet: warned about where it is filled */
    COL_BLOCKING,                /* known, not supported yet, and leaving it out would change the questionnaire */
    COL_IGNORED,                 /* known and without effect, or a filter column of choices */
    COL_COUNT
} ColumnId;
enum { LANG_OTHER = LANG_COUNT, LANG_NONE, LANG_SLOTS };     /* beside LANG_VI, LANG_EN: a third language; no language */

typedef struct Column { ColumnId id; int lang; Str header; } Column;
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
    bool         duplicates_allowed, field, channels_named;
    int          default_lang;
    NameSet      lists;                  /* numbers are p->lists */
    int          hints;                  /* near names searched so far */
} Reader;

void  form_issue(Reader *r, Place at, const char *code, Str vi, Str en);
#define SAY(...) arena_fmt(r->keep, __VA_ARGS__)
Place place_of(const RowRef *row, ColumnId id);                  /* the column, or the row's first when it is missing */
Place place_column(const RowRef *row, size_t column);
Str   cell_at(const RowRef *row, ColumnId id);                   /* of a column without language, else of the first */
Str   cell_in(const RowRef *row, ColumnId id, int lang);
bool  columns_read(Reader *r, SheetId sheet, const FormRowCells *header, Columns *out);
void  columns_check_rows(Reader *r, const Columns *c, const FormSheet *sheet);   /* cells of columns not supported yet */
Str   sheet_name(SheetId sheet);
int   lang_of_name(Str name, bool *out_coded);                   /* "Tiếng Việt (vi)" */

/* ---- Types (types.c) -------------------------------------------------------------------------------------- */
typedef enum TypeFate { TYPE_READY, TYPE_LATER, TYPE_NEVER } TypeFate;
typedef struct TypeWord {
    const char  *word;
    QuestionType type;
    TypeFate     fate;
    enum { TYPE_PLAIN, TYPE_LIST, TYPE_BEGIN, TYPE_END } shape;
    const char  *advice_vi, *advice_en;                          /* of TYPE_NEVER */
} TypeWord;
/* Splits "select_one muc5 or_other"; NULL for an unknown word. */
typedef struct TypeCell { const TypeWord *word; Str list; bool or_other; Str shown; } TypeCell;
TypeCell type_read(Arena *a, Str cell);
Str      type_nearest(Arena *a, Str word);

/* ---- Reading (read_*.c), compiling (program.c, order.c) ------------------------------------------------------ */
void read_settings(Reader *r, const FormSheet *sheet);
void read_choices(Reader *r, const FormSheet *sheet);
void read_survey(Reader *r, const FormSheet *sheet);
/* A checked book to a program; NULL when an issue is an error. */
FormProgram *form_compile_book(Arena *keep, Arena scratch, const FormBook *book, FormIssues *issues);
void form_compile(Reader *r);
void form_order(Reader *r, struct FormCode *code);
void form_issues_sort(Arena scratch, FormIssues *issues);

/* ---- The program -------------------------------------------------------------------------------------------- */
struct FormCode {
    ExprCode  *exprs; int expr_count;
    int       *order;                    /* nodes, each after what it depends on */
    NameSet    names;                    /* numbers are nodes */
    NameSet    shared;                   /* names that two groups hold */
    NameSet   *lists;                    /* numbers are choices */
    bool       plain;                    /* nothing has a condition or a calculation */
    int       *page;                     /* node → the page that shows it, -1 for none; relevance aside */
};

/* ---- Answers ---------------------------------------------------------------------------------------------------- */
ExprHost form_host(FormState *s);
void form_check_by(FormState *s, Arena *a, int node, AnswerIssues *out);    /* form_check with a state at hand */
void form_strip_by(const FormState *s, FormAnswers *x);
AnswerFault form_answer_fault(const FormProgram *p, int node, Str text);   /* of a stored text */
bool form_field_list(const FormProgram *p, int node);                    /* a group that is one page */

/* ---- Pages ------------------------------------------------------------------------------------------------------ */
/* Relevant nodes of a page in order, notes before the question too. */
typedef struct PageNodes { int *at; size_t len; } PageNodes;
PageNodes form_page_nodes(const FormProgram *p, Arena *a, const FormState *s, int page);

#endif

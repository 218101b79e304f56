/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A questionnaire as the sheets of its workbook: for modules that show and change its rows. form.h is for all others. */
#ifndef FORM_BOOK_H
#define FORM_BOOK_H

#include "form/form.h"

enum {
    FORM_MAX_ROWS = 5000, FORM_MAX_CHOICES = 50000, FORM_MAX_COLUMNS = 200, FORM_MAX_CELL = 32767, FORM_MAX_LEVELS = 8,
    FORM_MAX_LANGUAGES = 16, FORM_MAX_ERRORS = 200, FORM_MAX_TEXT = 5000, FORM_MAX_FILE = 10 << 20, FORM_SELECT_FROM = 16,
    FORM_MAX_FILES = 100, FORM_MAX_MEDIA = 50 << 20,
};

/* ---- The spreadsheet as texts (book.c) -------------------------------------------------------------- */
typedef struct FormRowCells { int row; const Str *cells; size_t len; } FormRowCells;   /* row: as the spreadsheet counts, from 1 */
typedef struct FormSheet { Str name; LIST(FormRowCells) rows; } FormSheet;
typedef struct FormBook { LIST(FormSheet) sheets; } FormBook;
/* Cells trimmed, U+00A0 to a blank, NFC; empty rows left out. A fault of the file is an issue and *out has no sheets. */
MUST_USE Err form_book_read(Arena *keep, Arena scratch, Str bytes, FormIssues *issues, FormBook *out);
/* The same for a .csv. */
void form_csv_read(Arena *keep, Arena scratch, Str bytes, FormIssues *issues, FormBook *out);
bool form_is_csv(Str bytes);                             /* text, whatever it says */
bool form_is_xml(Str bytes);
/* One cell as every cell is read; false: not clean text. */
bool form_cell_clean(Arena *a, Str raw, Str *out);
bool form_file_name(Arena *a, Str raw, Str *out);          /* base name, NFC; false: no name for a file */
/* A checked book to a program; NULL when an issue is an error. */
FormProgram *form_compile_book(Arena *keep, Arena scratch, const FormBook *book, const FormFinder *files, FormIssues *issues);

/* ---- Sheets and columns (columns.c) ------------------------------------------------------------------- */
typedef enum SheetId { SHEET_SURVEY, SHEET_CHOICES, SHEET_SETTINGS, SHEET_OTHER } SheetId;
typedef enum ColumnId {
    COL_TYPE, COL_NAME, COL_REQUIRED, COL_RELEVANT, COL_CONSTRAINT, COL_CALCULATION, COL_READ_ONLY, COL_CHOICE_FILTER, COL_REPEAT_COUNT,
    COL_DEFAULT, COL_TRIGGER, COL_APPEARANCE, COL_PARAMETERS, COL_DISABLED, COL_TD_CODE, COL_TD_ROLE,
    COL_LABEL, COL_HINT, COL_GUIDANCE, COL_REQUIRED_MESSAGE, COL_CONSTRAINT_MESSAGE,         /* in the order of FormTextKind … */
    COL_IMAGE, COL_BIG_IMAGE, COL_AUDIO, COL_VIDEO,                                           /* … to here */
    COL_LIST_NAME, COL_TD_VALUE, COL_TD_MISSING,
    COL_FILTER,                  /* another column of choices */
    COL_FORM_ID, COL_VERSION, COL_FORM_TITLE, COL_DEFAULT_LANGUAGE, COL_TD_KIND, COL_TD_LAYOUT, COL_TD_CHANNELS,
    COL_ALLOW_CHOICE_DUPLICATES, COL_INSTANCE_NAME, COL_STYLE, COL_NAMESPACES, COL_SUBMISSION_URL, COL_PUBLIC_KEY, COL_AUTO_SEND,
    COL_AUTO_DELETE, COL_CLIENT_EDITABLE, COL_ROOT_NAME,
    COL_BIND, COL_BODY, COL_INSTANCE,      /* attribute of that name */
    COL_LATER,                   /* known, changes nothing here: warned about where it is filled */
    COL_BLOCKING,                /* known, refused where it is filled */
    COL_IGNORED,                 /* without effect */
    COL_COUNT
} ColumnId;

/* What a header means: "label::English (en)" is COL_LABEL in "English (en)"; "bind::x" is COL_BIND with attr x. COL_COUNT: unknown. */
typedef struct FormHeader { ColumnId id; Str language, attr; bool translated; } FormHeader;
FormHeader form_header(Arena *a, SheetId sheet, Str header);

/* ---- Types (types.c) -------------------------------------------------------------------------------------- */
typedef enum TypeFate { TYPE_READY, TYPE_LATER, TYPE_NEVER } TypeFate;
typedef struct TypeWord {
    const char  *word;
    QuestionType type;
    TypeFate     fate;
    enum { TYPE_PLAIN, TYPE_LIST, TYPE_FILE, TYPE_BEGIN, TYPE_END } shape;     /* TYPE_FILE: its list is a file */
    const char  *advice_vi, *advice_en;                          /* of TYPE_NEVER */
} TypeWord;
/* Splits "select_one muc5 or_other"; NULL for an unknown word. */
typedef struct TypeCell { const TypeWord *word; Str list; bool or_other; Str shown; } TypeCell;
TypeCell type_read(Arena *a, Str cell);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rows of a questionnaire's workbook while they are being changed: the same cells as in the file, each row with a number of
 * its own that stays when rows move. No SQL, no HTTP. */
#ifndef BUILDER_GRID_H
#define BUILDER_GRID_H

#include "form/book.h"

enum { GRID_MAX_CELLS = 100000, GRID_MAX_BYTES = 3 << 20 };      /* more is work for a spreadsheet */

typedef struct GridColumn { Str header; FormHeader is; } GridColumn;
typedef struct GridRow { int64_t id; Str *cells; } GridRow;                  /* a cell for each column */
typedef struct GridSheet { Str name; SheetId which; LIST(GridColumn) columns; LIST(GridRow) rows; } GridSheet;
/* survey, choices and settings are always there. */
typedef struct Grid { LIST(GridSheet) sheets; int64_t next; } Grid;

/* ---- In and out ------------------------------------------------------------------------------------------------ */
Grid *grid_bare(Arena *a);                               /* the three sheets with the columns nothing can do without */
Grid *grid_new(Arena *a, Str language);                  /* an empty questionnaire: "Tiếng Việt (vi)" */
/* NULL: more cells than GRID_MAX_CELLS. */
Grid *grid_of_book(Arena *a, const FormBook *book);
/* Rows numbered as in the workbook that grid_xlsx writes: the header is row 1. */
FormBook grid_book(Arena *a, const Grid *g);
MUST_USE Err grid_xlsx(Arena *a, const Grid *g, Str *out);
Str  grid_json(Arena *a, const Grid *g);
/* What grid_json wrote; the tree of the text is held apart from a. */
MUST_USE Err grid_parse(Arena *a, Str json, Grid **out);

/* ---- Cells ------------------------------------------------------------------------------------------------------- */
GridSheet *grid_sheet(const Grid *g, SheetId which);
/* language "": the column without one. -1: there is none. */
int  grid_column(const GridSheet *s, ColumnId id, Str language);
int  grid_header(const GridSheet *s, Str header);        /* by its letters */
/* The column of that meaning, made behind the others when it is missing. */
int  grid_column_need(Arena *a, GridSheet *s, ColumnId id, Str language);
int  grid_header_need(Arena *a, GridSheet *s, Str header);
Str  grid_cell(const GridSheet *s, const GridRow *row, ColumnId id, Str language);
/* No column is made for an empty text. */
void grid_put(Arena *a, GridSheet *s, GridRow *row, ColumnId id, Str language, Str text);
void grid_put_header(Arena *a, GridSheet *s, GridRow *row, Str header, Str text);

/* ---- Rows ---------------------------------------------------------------------------------------------------------- */
int  grid_row_at(const GridSheet *s, int64_t id);        /* -1: none */
GridRow *grid_row(const GridSheet *s, int64_t id);       /* NULL: none */
GridRow *grid_insert(Arena *a, Grid *g, GridSheet *s, size_t at);
GridRow *grid_copy_row(Arena *a, Grid *g, GridSheet *s, size_t from, size_t at);
void grid_remove(GridSheet *s, size_t from, size_t n);
void grid_move(Arena *a, GridSheet *s, size_t from, size_t n, size_t to);    /* to: as rows lie now, outside of from … from + n */
bool grid_row_same(const GridSheet *s, const GridRow *x, const GridSheet *t, const GridRow *y);     /* the same cells by header */

/* ---- The questionnaire -------------------------------------------------------------------------------------------- */
/* Languages of the columns with texts, "" for columns without one; one at least. */
StrList grid_languages(Arena *a, const Grid *g);
Str  grid_language_name(const Grid *g, Str language);    /* of "": the default language, or empty */
/* Texts of a row in the reader's language, else in the first that has one. */
Str  grid_text(const Grid *g, const GridSheet *s, const GridRow *row, ColumnId id, Lang l);
Str  grid_setting(const Grid *g, ColumnId id, Str language);
void grid_set_setting(Arena *a, Grid *g, ColumnId id, Str language, Str text);
Str  grid_title(const Grid *g, Lang l);                  /* form_title, else form_id, else empty */
void grid_rename(Arena *a, Grid *g, Str from, Str to);   /* ${from} becomes ${to} in every cell */
/* The next ${name} of a text, which then begins behind it; false: there is none. */
bool grid_next_name(Str *text, Str *out);
/* Every ${from[i]} becomes ${to[i]}, all at once. */
Str  grid_renamed(Arena *a, Str text, const StrList *from, const StrList *to);
Str  grid_free_name(Arena *a, const Grid *g, Str wish);  /* a name no row of survey has */
StrList grid_list_names(Arena *a, const Grid *g);        /* lists of choices, in order */

#endif

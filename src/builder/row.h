/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One row of a draft in a request. */
#ifndef BUILDER_ROW_H
#define BUILDER_ROW_H

#include "builder/console.h"

/* stale: somebody else changed this row since the page was made; gone: it was deleted and is brought back with what was typed. */
typedef struct RowWork { Work w; GridSheet *s; GridRow *row; int64_t id; TypeCell type; Clashes clashes; bool stale, gone; } RowWork;
MUST_USE Err row_open(Ctx *c, RowWork *r);
void row_type(Ctx *c, RowWork *r);                       /* reads the type again */
MUST_USE Err row_head(Ctx *c, RowWork *r, int tab, DraftHead *head, RowHead *out);
MUST_USE Err row_saved(Ctx *c, RowWork *r, const char *act, const char *tab);
void lang_boxes(Ctx *c, const Grid *g, const GridSheet *s, const GridRow *row, LangBoxes *out);
Str  field_part(const Ctx *c, const char *name, size_t n);            /* field "name_3" */
/* Fields "name_0", "name_1" … into the column of each language. */
void texts_put(Ctx *c, RowWork *r, const char *name, ColumnId id);
/* Lines "mã | lời | lời ngôn ngữ thứ hai" or just "lời" to the end of a list. Returns how many. */
int  choices_paste(Arena *a, Grid *g, Str list, Str text);

#endif

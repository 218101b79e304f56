/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One row of a draft in a request. */
#ifndef BUILDER_ROW_H
#define BUILDER_ROW_H

#include "builder/bank.h"
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

/* ---- The bank (bank_pages.c, bank_keep_pages.c) ---- */
bool bank_may_see(Ctx *c, const BankItem *x);
Str  bank_path(Ctx *c, int64_t id);
void bank_once(Ctx *c, Choices *out, Str value, Str label, Str chosen);    /* a choice of that value, unless it is there */
Err  bank_keep_page(Ctx *c);
Err  bank_keep_action(Ctx *c);

#endif

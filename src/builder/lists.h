/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of choices in the rows of a questionnaire: adding lines, renaming, where they are used. */
#ifndef BUILDER_LISTS_H
#define BUILDER_LISTS_H

#include "builder/grid.h"

bool list_row(const GridSheet *s, size_t at, Str list);  /* whether that row of choices belongs to it */
/* Behind the last row of the list, so that lists stay together. */
size_t list_end(const GridSheet *s, Str list);
/* Lines "mã | lời | lời ngôn ngữ thứ hai" or just "lời" to the end of a list. Returns how many. */
int  choices_paste(Arena *a, Grid *g, Str list, Str text);
Str  list_uses(Arena *a, const Grid *g, Str list);       /* names of the questions that ask from it: "a, b" */
void list_rename(Arena *a, Grid *g, Str from, Str to);   /* in choices and in the types of questions */
Str  list_free(Arena *a, const Grid *g, Str wish);       /* a name no list has */
Str  list_type(Arena *a, const TypeCell *t, Str list);   /* "select_one muc5 or_other" with another list */

#endif

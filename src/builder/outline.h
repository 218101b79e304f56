/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How the rows of a survey lie in groups and repeats, and what moving, copying and taking away means there. */
#ifndef BUILDER_OUTLINE_H
#define BUILDER_OUTLINE_H

#include "builder/grid.h"

/* One row but the ends of groups. at … end: its rows, for a group those in it and its end too. previous, next: siblings; -1: none. */
typedef struct OutlineItem { size_t at, end; int64_t id; int depth, parent, previous, next; TypeCell type; bool holds; } OutlineItem;
typedef struct Outline { LIST(OutlineItem) items; bool broken; } Outline;    /* broken: a begin without its end, or the reverse */
Outline outline_of(Arena *a, const Grid *g);
int  outline_find(const Outline *o, int64_t id);         /* -1: none */

typedef enum OutlineMove { MOVE_UP, MOVE_DOWN, MOVE_IN, MOVE_OUT } OutlineMove;
/* in: to the end of the group before it, else to the front of the one behind; out: behind its group. */
bool outline_may(const Outline *o, int item, OutlineMove move);
void outline_move(Arena *a, Grid *g, const Outline *o, int item, OutlineMove move);
/* Where a row stands that comes behind item, or at the end of the group when inside, or at the end (item -1). */
size_t outline_place(const Outline *o, const Grid *g, int item, bool inside);
/* Behind item, or at the end of the group when inside, or at the end (item -1). A group gets its end too. Gives the row's number. */
int64_t outline_add(Arena *a, Grid *g, const Outline *o, int item, bool inside, Str type, Str name);
/* The copy stands behind; names in it are new, and what names them inside the copy follows. */
int64_t outline_copy(Arena *a, Grid *g, const Outline *o, int item);
void outline_remove(Grid *g, const Outline *o, int item);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of snapshot share; nobody else includes this. */
#ifndef SNAPSHOT_PARTS_H
#define SNAPSHOT_PARTS_H

#include "snapshot/snapshot.h"

#include <math.h>
#include <stdlib.h>

/* Choices of several that get a column each; questions beyond the second number are left out. */
enum { MARKS_MOST = 64, VARIABLES_MOST = 15000 };

typedef struct ChoicePlace { Str name; uint16_t place; } ChoicePlace;    /* place: from 1 */
/* A question and its columns: variables first … first + count - 1. */
typedef struct Question { Str name; size_t first, count; SnapKind kind; ChoicePlace *places; size_t place_count; } Question;
typedef LIST(Question) Questions;
Questions questions_of(Arena *a, const FormProgram *p, const SnapVariables *v);
/* Sets every column of the row from the answers of a record; what is not answered is missing. */
void put_answers(const Questions *questions, const SnapVariables *v, uint8_t **column, size_t row, const Json *answers);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The index of a table's column, for table.c and path.c. */
#ifndef EXPR_TABLE_H
#define EXPR_TABLE_H

#include "expr/expr_parts.h"

/* One text of the column: a row that has it, its rows from first on. count 0: free. */
typedef struct ExprSlot { int32_t sample, first, count; } ExprSlot;
typedef struct ExprIndex {
    ExprSlot *slots;
    uint32_t  mask;
    int32_t  *rows;              /* grouped by text, each group in order */
    double   *numbers;           /* of each row */
    bool      unique;            /* no text twice */
} ExprIndex;

static inline Str expr_table_cell(const ExprTable *t, int row, int column)
{
    return t->cells[(size_t)row * (size_t)t->column_count + (size_t)column];
}

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables: lists of choices and files. A column's index groups the rows of each text, so that "column = text" is a slice. */
#include "expr/table.h"

#include <math.h>

int expr_table_column(const ExprTable *t, Str name)
{
    for (int i = 0; i < t->column_count; i++)
        if (str_eq(t->columns[i], name))
            return i;
    return -1;
}

/* The slot of a text, or the free one where it would go. */
static ExprSlot *slot_of(const ExprIndex *x, const ExprTable *t, int column, Str text)
{
    uint32_t slot = (uint32_t)str_hash(text) & x->mask;
    while (x->slots[slot].count && !str_eq(expr_table_cell(t, x->slots[slot].sample, column), text))
        slot = (slot + 1) & x->mask;
    return &x->slots[slot];
}

static ExprIndex *index_new(Arena *keep, int rows)
{
    ExprIndex *x    = arena_new(keep, ExprIndex, 1);
    uint32_t   size = 4;
    while (size < (uint32_t)rows * 2)
        size *= 2;
    x->mask    = size - 1;
    x->slots   = arena_new(keep, ExprSlot, size);
    x->rows    = arena_new(keep, int32_t, (size_t)rows);
    x->numbers = arena_new(keep, double, (size_t)rows);
    x->unique  = true;
    return x;
}

void expr_table_index(Arena *keep, ExprTable *t, int column)
{
    if (!t->index)
        t->index = arena_new(keep, ExprIndex *, (size_t)t->column_count);
    if (t->index[column])
        return;
    ExprIndex *x = index_new(keep, t->row_count);
    for (int i = 0; i < t->row_count; i++) {
        Str       cell = expr_table_cell(t, i, column);
        ExprSlot *s    = slot_of(x, t, column, cell);
        s->sample      = s->count++ ? s->sample : i;
        x->unique     &= s->count == 1;
        x->numbers[i]  = expr_number_read(cell);
    }
    int32_t next = 0;
    for (uint32_t i = 0; i <= x->mask; i++) {
        x->slots[i].first = next;
        next += x->slots[i].count;
    }
    for (int i = 0; i < t->row_count; i++)
        x->rows[slot_of(x, t, column, expr_table_cell(t, i, column))->first++] = i;
    for (uint32_t i = 0; i <= x->mask; i++)
        x->slots[i].first -= x->slots[i].count;
    t->index[column] = x;
}

int expr_table_rows(const ExprTable *t, int column, Str text, const int32_t **out)
{
    const ExprIndex *x = t->index[column];
    const ExprSlot  *s = slot_of(x, t, column, text);
    *out = x->rows + s->first;
    return s->count;
}

/* ---- While it runs ------------------------------------------------------------------------------------ */

/* A number or a truth is compared with every row, as "=" does it. */
static ExprValue lookup_by_value(ExprRun *run, const ExprTable *t, int column, const ExprValue *key)
{
    const double *numbers = t->index[column]->numbers;
    int32_t      *at      = arena_new(run->a, int32_t, (size_t)t->row_count);
    int           found   = 0;
    expr_run_work(run, (size_t)t->row_count / 8 + 1);
    for (int i = 0; i < t->row_count; i++) {
        bool same = key->kind == EXPR_BOOLEAN ? (expr_table_cell(t, i, column).len > 0) == (key->number != 0)
                                              : fabs(numbers[i] - key->number) < 1e-12;
        at[found] = i;
        found += same;
    }
    return expr_set_new(run, (ExprSet){ .table = t, .column = -1, .count = found, .at = at });
}

ExprValue expr_set_lookup(ExprRun *run, const ExprTable *t, int column, const ExprValue *key)
{
    ExprSet set = { .table = t, .column = -1 };
    if (key->kind != EXPR_STRING)
        return lookup_by_value(run, t, column, key);
    set.count = expr_table_rows(t, column, key->text, &set.at);
    return expr_set_new(run, set);
}

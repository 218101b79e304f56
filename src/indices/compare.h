/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Indices side by side: units of one year as rows, an index a column. Nothing is filled in where nothing was published. */
#ifndef INDICES_COMPARE_H
#define INDICES_COMPARE_H

#include "indices/parts.h"
#include "view/component.h"

/* cells: one a column, NULL for a gap. change: points since the year before; NAN when either is missing, covers part of a
 * year, or new rules were issued in this year. */
typedef struct CompareRow { const PublishedValue *any, **cells; double *change; } CompareRow;
typedef struct CompareTable {
    int year;
    LIST(const PublishedIndex *) indices;
    LIST(CompareRow) rows;
} CompareTable;

typedef LIST(int) Years;
/* Years with a figure of a unit for an index of that kind of units, newest first. */
Years compare_years(Arena *a, const PublishedIndices *indices, const PublishedValues *v, Str unit_kind);
/* Units that are known by id and have a figure in that year, in the order of the alphabet; only indices with figures then. */
CompareTable compare_table(Arena *a, const PublishedIndices *indices, const PublishedValues *v, const PublishedFacts *schemes,
                           Str unit_kind, int year, Lang l);
/* Highest score of that column first; without a score by rank, then those without a figure; equal ones stay in their order. */
void compare_sort(CompareTable *t, size_t column);
/* "PAR INDEX" of "Chỉ số … (PAR INDEX)": the words in brackets at the end of the name, else the name. */
Str index_short_name(Str name);

typedef struct ComparePage {
    const CompareTable *table;
    Years years;
    Str   by, action, csv_href, unit_base, index_base;
    const TableColumn *columns;
    UsedSources sources;
} ComparePage;

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From columns to figures: rows are gathered into groups of one sampling unit and one cell, and the estimator works on the groups. A ratio's
 * influence values add up within a group, so that the figures are those of the rows (docs/statistics.md, sections 2 to 4). Knows nothing of rounds. */
#ifndef DESK_ENGINE_H
#define DESK_ENGINE_H

#include "base/base.h"
#include "stats/suppress.h"

/* Rows of a sample, a sampling unit one run of rows. cell: row and column of the table, row * columns + column; 0 of a breakdown that there is, is no
 * place of a row: places run from 1 to levels, levels + 1 is "not known". Without a breakdown every row stands at 0. */
typedef struct DeskRows {
    size_t n;
    const double *weight; const uint32_t *stratum, *unit; const uint16_t *post;
    bool probability, adjusted;
    const uint16_t *cell;
    const uint8_t  *left_out;        /* 1: a filter leaves it out; NULL: none does */
    const uint8_t  *show;            /* StatsShow of each figure and place, as desk_at counts them, decided before (secret.h) */
    size_t levels[2];                /* of the breakdowns; 0: there is none */
    /* What is measured, one of three. cat: category from 1, 0 none. num, den: counts of items. value: NAN none. */
    const uint8_t  *cat; const uint16_t *num, *den;
    const double   *value;
    /* Rows that stand for several places, by shares of a unit: entries in the order of rows. NULL: each row once, at its cell. */
    size_t entries; const uint32_t *row; const uint16_t *entry_cell; const double *share;
} DeskRows;

/* One figure is sum of coefficient over categories; SHARE is 0..1 and has intervals of shares. Without categories one of coefficient NULL. */
typedef struct DeskWanted { const double *coefficient; bool share; } DeskWanted;      /* by category; [0] is not looked at */

typedef struct DeskFigure {
    double    x, se, low, high, df, deff, n_eff;         /* NAN: undefined, or hidden */
    uint32_t  n, n_psu, n_strata, flags;                 /* n: persons who answered; flags of stats/design.h */
    bool      alike;                                     /* everybody said the same */
    StatsShow show;                                      /* n is 0 where it may not be shown */
    uint64_t  above;                                     /* levels (bit 0: the first) that this one is clearly above */
} DeskFigure;

typedef struct DeskTest { bool done; double statistic, df1, df2, p; uint32_t rows, columns; } DeskTest;
typedef struct DeskUnitRow { uint32_t stratum, unit, n; double weight; } DeskUnitRow;

/* Figure f of wanted at row i and column j: at[(f * rows + i) * columns + j]; rows and columns are 1 without a breakdown, else levels + 2. */
typedef struct DeskResult {
    size_t wanted, rows, columns;
    DeskFigure *at;
    DeskTest    test;                /* independence of rows and categories, where that is asked */
    size_t      groups, psu, strata;
    double      weight_sum, weight_min, weight_max, kish; uint64_t sample;     /* of all rows of the sample */
} DeskResult;
static inline DeskFigure *desk_at(const DeskResult *r, size_t wanted, size_t i, size_t j)
{
    return &r->at[(wanted * r->rows + i) * r->columns + j];
}

/* categories: how many there are (cat). test: of independence between rows and categories. The result is one block without pointers beside at.
 * Errors: those of the estimator. rows->show is kept to, and nothing under the limits of stats_suppress is left in the result. */
MUST_USE Err desk_compute(Arena *keep, const DeskRows *rows, size_t categories, const DeskWanted *wanted, size_t n_wanted, bool test, DeskResult *out);
/* Strata and sampling units that hold rows of one place of the table (i, j as above), with how many answered. */
MUST_USE Err desk_units(Arena *keep, const DeskRows *rows, size_t i, size_t j, DeskUnitRow **out, size_t *out_n);

#endif

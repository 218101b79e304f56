/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of the engine share; nobody else includes this. */
#ifndef DESK_ENGINE_PARTS_H
#define DESK_ENGINE_PARTS_H

#include "desk/engine.h"
#include "stats/design.h"

/* Rows of one sampling unit, one place and one category. rows: how many; answered: of these; s, d: sums of weight times what stands above and below the
 * line; ss, sd, dd: of weight times their products. cat 0 and out: no part of a figure, but of the sample. */
typedef struct Group {
    uint32_t stratum, unit; uint16_t post, i, j, cat;
    bool     out;
    double   w, rows, answered, s, d, ss, sd, dd;
} Group;
typedef struct Groups {
    Group *at; size_t len, cap;
    size_t rows, columns, categories;
    double  sum, squares, least, most; uint64_t n;
    StatsDesign design;
    const double *weight;
} Groups;
MUST_USE Err groups_gather(Arena *a, const DeskRows *rows, size_t categories, Groups *out);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of the desk show. */
#ifndef DESK_DESK_VIEW_H
#define DESK_DESK_VIEW_H

#include "desk/desk_parts.h"
#include "view/chart.h"
#include "view/component.h"

typedef struct DeskPage {
    const DeskTable *t;              /* NULL: no round with answers that the reader may see */
    Choices rounds, things, measures, axes[DESK_AXES], questions[DESK_FILTERS], choices[DESK_FILTERS], views, with;
    TabItem *filters; size_t filter_count;     /* what is filtered, each link takes one away */
    Str query, clear, token;         /* query: text of the address */
    Str finding, refresh;            /* refresh: where the copy is made anew; empty: not needed */
    bool figures;                    /* t has a table */
} DeskPage;

/* A figure as the page writes it. */
typedef struct DeskCellView { Str value, interval, letters, why, href; int64_t n; bool counted; double deff; const DeskChange *change; } DeskCellView;
DeskCellView desk_cell(Arena *a, Lang l, const DeskTable *t, size_t wanted, size_t i, size_t j, Str query);
Str  desk_change_text(Arena *a, Lang l, const DeskTable *t, const DeskChange *c);
Icon desk_change_icon(const DeskChange *c);
Str  desk_test_text(Arena *a, Lang l, const DeskTest *test);
bool desk_has_chart(const DeskTable *t);                          /* it says the finding */
void desk_chart(Out *o, const DeskTable *t, Str csv);
Str  desk_finding(Arena *a, Lang l, const DeskTable *t);
Str  desk_heading(Arena *a, Lang l, const DeskTable *t);         /* "Tỷ lệ hài lòng theo Tỉnh, thành phố" */
Str  desk_figure_text(Arena *a, Lang l, const DeskTable *t, double x);       /* 84,35% or 4,12 */

#endif

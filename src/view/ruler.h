/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The ruler, the product's signature: baseline, ticks, bar = interval, line = estimate, hollow diamond = last year.
 * Used for measures only. */
#ifndef VIEW_RULER_H
#define VIEW_RULER_H

#include "view/view.h"

typedef struct RulerSpec {
    Str id;                          /* unique on the page; letters and digits */
    Str title;                       /* name of the drawing */
    Str description;                 /* the finding; empty: made from the values */
    double from, to;                 /* ends of the scale */
    double step, label_step;         /* small ticks and labelled ticks; 0: chosen from the length */
    double value, low, high, last;   /* NAN: not drawn */
    int decimals;
    const double *marks; size_t n;   /* each unit as a thin line (the rug) */
    Str value_label;                 /* above the line: "Cả nước 84,35" */
    Str least_label, most_label;     /* beside the least and the greatest mark */
} RulerSpec;
/* 254 units wide, for a tile. */
void ruler_mini(Out *o, const RulerSpec *r);
/* A headline scale in two drawings, 880 and 328 units wide. */
void ruler(Out *o, const RulerSpec *r);

#endif

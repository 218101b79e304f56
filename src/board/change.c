/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When a change may be called one. */
#include "board/parts.h"

#include "stats/rank.h"

#include <math.h>

static const double Z95 = 1.959963984540054;

Change change_of(double before, double before_se, double after, double after_se)
{
    Change c = { after - before, NAN, NAN, 0 };
    if (isnan(c.x) || isnan(before_se) || isnan(after_se))
        return c;
    double half = Z95 * sqrt(before_se * before_se + after_se * after_se);
    c.low  = c.x - half;
    c.high = c.x + half;
    c.sign = c.low > 0 ? 1 : c.high < 0 ? -1 : 0;
    return c;
}

void changes_hold(Arena scratch, Change *x, size_t n)
{
    double *p = arena_new(&scratch, double, n + 1), *adjusted = arena_new(&scratch, double, n + 1);
    for (size_t i = 0; i < n; i++)
        p[i] = isnan(x[i].low) ? NAN : x[i].high > x[i].low ? erfc(fabs(x[i].x) * 2 * Z95 / (x[i].high - x[i].low) / sqrt(2)) : x[i].x == 0;
    stats_holm(scratch, n, p, adjusted);
    for (size_t i = 0; i < n; i++)
        x[i].sign = isnan(adjusted[i]) || adjusted[i] >= 0.05 ? 0 : x[i].sign;
}

int province_then(const Units *then, const Unit *u)
{
    for (size_t i = 0; i < then->len; i++)
        if (then->at[i].id.v == u->id.v)
            return (int)i;
    return -1;
}

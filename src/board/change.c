/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When a change may be called one. */
#include "board/parts.h"

#include <math.h>

Change change_of(double before, double before_se, double after, double after_se)
{
    Change c = { after - before, NAN, NAN, 0 };
    if (isnan(c.x) || isnan(before_se) || isnan(after_se))
        return c;
    double half = 1.959963984540054 * sqrt(before_se * before_se + after_se * after_se);
    c.low  = c.x - half;
    c.high = c.x + half;
    c.sign = c.low > 0 ? 1 : c.high < 0 ? -1 : 0;
    return c;
}

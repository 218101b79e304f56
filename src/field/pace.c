/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Is work on time? Values in, values out. */
#include "field/parts.h"

#include <math.h>

/* Work may lag this much behind an even pace before it is called behind: a share of its cases, and one case at least. */
#define PACE_SLACK 0.15

double field_even_share(Date from, Date due, Date today)
{
    double days = (double)(due.day - from.day) + 1, gone = (double)(today.day - from.day);
    return gone <= 0 ? 0 : gone >= days ? 1 : gone / days;
}

Pace field_pace(int64_t cases, int64_t final, double even, bool over)
{
    if (final >= cases)
        return PACE_DONE;
    if (over)
        return PACE_LATE;
    return (double)final + fmax(1, PACE_SLACK * (double)cases) < even * (double)cases ? PACE_BEHIND : PACE_ON;
}

int field_share_step(int64_t cases, int64_t final)
{
    if (final <= 0 || cases <= 0)
        return 0;
    return final >= cases ? 4 : 1 + (int)(3 * final / cases);
}

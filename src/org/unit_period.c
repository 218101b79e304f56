/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Open beginnings are the smallest number, open ends are read as the largest. */
#include "org/unit_period.h"

static int32_t end_day(Period p)
{
    return date_is_none(p.to) ? INT32_MAX : p.to.day;
}

static Date end_date(int32_t day)
{
    return day == INT32_MAX ? DATE_NONE : (Date){ day };
}

bool period_valid(Period p)
{
    return p.from.day < end_day(p);
}

bool period_has(Period p, Date on)
{
    return p.from.day <= on.day && on.day < end_day(p);
}

bool period_overlaps(Period x, Period y)
{
    return x.from.day < end_day(y) && y.from.day < end_day(x);
}

bool period_inside(Period inner, Period outer)
{
    return outer.from.day <= inner.from.day && end_day(inner) <= end_day(outer);
}

Period period_common(Period x, Period y)
{
    int32_t end = end_day(x) < end_day(y) ? end_day(x) : end_day(y);
    return (Period){ x.from.day > y.from.day ? x.from : y.from, end_date(end) };
}

Date period_nearest(Period p, Date on)
{
    if (on.day < p.from.day) return p.from;
    if (!date_is_none(p.to) && on.day >= p.to.day) return (Date){ p.to.day - 1 };
    return on;
}

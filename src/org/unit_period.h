/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Half-open periods of days: from is the first day, to the first day after; DATE_NONE leaves an end open. */
#ifndef ORG_UNIT_PERIOD_H
#define ORG_UNIT_PERIOD_H

#include "base/base.h"

typedef struct Period { Date from, to; } Period;

bool period_valid(Period p);                          /* holds at least one day */
bool period_has(Period p, Date on);
bool period_overlaps(Period x, Period y);
bool period_inside(Period inner, Period outer);
Period period_common(Period x, Period y);             /* not valid when they do not overlap */
/* on itself, or the nearest day of p when on lies outside it. */
Date period_nearest(Period p, Date on);

#endif

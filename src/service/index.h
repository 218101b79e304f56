/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The index of Decision 766 from counters. Criteria, points and formulas are data, versioned by the day they hold from. */
#ifndef SERVICE_INDEX_H
#define SERVICE_INDEX_H

#include "service/service.h"

/* A group (without parent) or a criterion; numerator and denominator are sums of measures, a bit each. ours: the points are this
 * program's, for no source gives them. */
typedef struct ServiceCriterion { Str code, parent, name[LANG_COUNT]; double points; bool ours; uint64_t numerator, denominator; } ServiceCriterion;
typedef struct ServiceIndex { Str version, file, basis[LANG_COUNT]; LIST(ServiceCriterion) criteria; } ServiceIndex;
MUST_USE Err service_index(Arena *a, Date on, ServiceIndex *out);       /* the version of that day */

/* share 0..1 and points NAN: nothing to measure. Of a group: points of its criteria, measured: how many points these could give. */
typedef struct ServiceScoreRow { const ServiceCriterion *k; int64_t numerator, denominator; double share, points, measured; } ServiceScoreRow;
/* value: 0..100, the points of what was measured for each 100 of its points; NAN: nothing was. measured: of 100. */
typedef struct ServiceScore { ServiceScoreRow *rows; size_t len; double value, measured; } ServiceScore;
void service_score(Arena *a, const ServiceIndex *x, const ServiceCounts *c, ServiceScore *out);

void service_counts_add(ServiceCounts *sum, const ServiceCounts *more);
/* The sums of a month for a unit with everything below it, and for each unit right below it that has events. */
MUST_USE Err service_below(Db *db, Arena *a, const ServiceUnits *units, UnitId top, Date on, ServiceCounts *out_all, ServiceUnits *out_children);

/* now.c. The last day of a month; months with events that have begun, newest first. */
Date service_month_end(int month);
MUST_USE Err service_months_past(Db *db, Arena *a, Date today, ServiceMonths *out);
/* The index of a unit with everything below it in the newest of these months. */
MUST_USE Err service_now(Db *db, Arena *a, UnitId top, Date today, int *out_month, ServiceScore *out);

#endif

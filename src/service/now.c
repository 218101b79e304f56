/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The index as it stands: its month, without what is only due later. */
#include "service/index.h"

Date service_month_end(int month)
{
    int next = month % 100 == 12 ? month + 89 : month + 1;
    return (Date){ month_start(next).day - 1 };
}

Err service_months_past(Db *db, Arena *a, Date today, ServiceMonths *out)
{
    ServiceMonths all;
    size_t        future = 0;
    TRY(service_months(db, a, &all));
    while (future < all.len && all.at[future] > month_of(today))
        future++;                                    /* files are due there, nothing has happened */
    all.at += future;
    all.len -= future;
    *out = all;
    return OK;
}

Err service_now(Db *db, Arena *a, UnitId top, Date today, int *out_month, ServiceScore *out)
{
    ServiceMonths months;
    ServiceUnits  units, below;
    ServiceCounts all;
    ServiceIndex *x = arena_new(a, ServiceIndex, 1);
    TRY(service_months_past(db, a, today, &months));
    int month = months.len ? months.at[0] : month_of(today);
    TRY(service_index(a, month_start(month), x));
    TRY(service_month_till(db, a, month, today, &units));
    TRY(service_below(db, a, &units, top, service_month_end(month), &all, &below));
    service_score(a, x, &all, out);
    *out_month = month;
    return OK;
}

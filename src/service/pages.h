/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of this module show. */
#ifndef SERVICE_PAGES_H
#define SERVICE_PAGES_H

#include "service/index.h"
#include "view/chart.h"
#include "view/component.h"

#include <math.h>

typedef struct TokenRow { const ServiceToken *t; Str unit, revoke_href; } TokenRow;
typedef LIST(TokenRow) TokenRows;
typedef struct TokenListView { TokenRows rows; Str add_href; } TokenListView;
typedef struct TokenNewView { Str name, action, back_href, token; int64_t unit; Choices units; FieldErrors errors; } TokenNewView;
typedef struct TokenShownView { Str name, unit, key, url, back_href; } TokenShownView;

/* A file of events: what came of it. */
typedef struct EventFileView {
    Str action, token, template_href, name, unit_name, broken;
    int64_t unit;
    Choices units;
    ServiceImport done;
    bool sent;
    FieldErrors errors;
} EventFileView;

/* ---- The leader's page: of the month; change NAN where there is no month before --------------------------------------- */
/* Files past their day and open; handled late, and of these without explanation, without apology. */
typedef struct LeadWork { int64_t open, late, unexplained, unapologised; } LeadWork;
typedef struct LeadRow { Str name, href; double value, change; LeadWork work; } LeadRow;
typedef struct LeadWeak { Str name; double share, lost, points, change; } LeadWeak;
typedef struct LeadMonth { Str text, href; double value; int64_t handled; LeadWork work; } LeadMonth;
typedef struct LeadView {
    Str name, month, change, public_href;
    double value, rated;
    LeadWork work;
    LIST(LeadRow) rows; int64_t more;
    LIST(LeadWeak) weak;
    LIST(LeadMonth) months;
    bool any, demo;
} LeadView;

/* ---- Public pages ---------------------------------------------------------------------------------------------------- */
typedef struct MonthLink { Str text, href; bool current; } MonthLink;
typedef LIST(MonthLink) MonthLinks;
typedef struct ServiceRow { UnitId unit; Str name, href, code; UnitKind kind; ServiceCounts counts; ServiceScore score; } ServiceRow;
typedef LIST(ServiceRow) ServiceRows;
typedef struct PeriodRow { Str text; ServiceCounts counts; ServiceScore score; } PeriodRow;
typedef LIST(PeriodRow) PeriodRows;
typedef struct DeskRow { Str code; ServiceCounts counts; } DeskRow;
typedef LIST(DeskRow) DeskRows;
typedef struct ServicePage {
    const ServiceIndex *x;
    Str title, month_text, csv_href, late_href, home_href;
    MonthLinks months;
    ServiceRow all;
    ServiceRows rows;                /* right below, best first */
    PeriodRows periods;              /* of a unit, newest first */
    DeskRows desks;                  /* of a unit's own files */
    TabItem steps[4];
    bool whole, demo;                /* whole: the country; demo: there are simulated events */
    bool late;                       /* the list of who is late */
    TileChart tiles;
} ServicePage;
int64_t service_open_late(const ServiceCounts *c);           /* files past their day that are not handled */
#endif

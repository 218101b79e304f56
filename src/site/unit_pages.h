/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Models of the public pages about units: what the views show, with every address made. */
#ifndef SITE_UNIT_PAGES_H
#define SITE_UNIT_PAGES_H

#include "indices/indices.h"
#include "site/site.h"

typedef struct UnitLine { Unit u; Str href, open_href, title, note, parent, parent_href; bool open; Units children; } UnitLine;
typedef LIST(UnitLine) UnitLines;

typedef struct UnitGroup { UnitKind kind; Str title, count; UnitLines lines; bool open; } UnitGroup;   /* open: one of its lines is */

typedef struct UnitDay { Str href, label; bool current; } UnitDay;

typedef struct UnitTreePage {
    Str action, q, on_typed, on_error, csv_href, base;     /* base: "/units/" or "/en/units/" */
    Date on; bool today;
    Str lead, search_title;
    LIST(UnitDay) days;
    UnitLines found;
    LIST(UnitGroup) groups;
} UnitTreePage;

typedef struct UnitDayEvents { Str title; StrList texts; StrList sources; } UnitDayEvents;
typedef struct UnitKin { Str name, code, href, on, share, source; } UnitKin;
typedef LIST(UnitKin) UnitKins;
typedef struct UnitHolder { Str name, href, from, to; bool here; } UnitHolder;

typedef struct UnitProfilePage {
    Unit u;
    Str title, lead, action, on_typed, ended, base;
    Date on; bool today;
    struct { Str kind, subtype, code, above, above_href, lives, name_en; } facts;
    LIST(UnitDayEvents) events;
    UnitKins before, after;                                 /* made of; went into */
    LIST(UnitHolder) holders;
    LIST(UnitGroup) groups;
    UnitFigures figures;
} UnitProfilePage;

/* ?on=: today without one. False when it is no day; then out is today. */
bool unit_page_day(const Ctx *c, Date *out);
Str unit_day_text(Ctx *c, Date day);                        /* "22/11/2026", as typed into the form */
Str unit_href(Ctx *c, UnitId id, Date on);

#endif

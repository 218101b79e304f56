/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Handlers that stand in other files than the table of routes. */
#ifndef DESK_PAGES_H
#define DESK_PAGES_H

#include "desk/desk_view.h"

DeskAsk desk_ask(Ctx *c);
MUST_USE Err desk_may_compare(Ctx *c, const DeskQuery *q);              /* the right on the round compared with, if any */
MUST_USE Err desk_asked(Ctx *c, DeskQuery *q, Round *r);
Err desk_why_page(Ctx *c);

#endif

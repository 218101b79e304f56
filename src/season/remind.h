/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reminders before the last day of a card: by the server, counted in working days, and by whoever runs the season. Each is a line of the card's timeline. */
#ifndef SEASON_REMIND_H
#define SEASON_REMIND_H

#include "season/tell.h"

/* Steps of season_events. */
#define REMIND_BY_HAND S("remind")
/* Which reminder is due on a day: 5, 1 (working days before the last one, or fewer left), 0: none. Nothing on days off and after the last day. */
int season_remind_stage(const SchemeCalendar *k, Date today, Date due);
/* Units that have something to send: their card is open to them now. */
bool card_awaited(const Season *s, const Card *card, Date today);
/* ERR_CONFLICT: another step was faster. *out_done false: reminded by hand today already. */
MUST_USE Err card_remind(const Teller *t, const Season *s, Card *card, bool *out_done);

typedef struct Reminded { CardId card; Str step; Date until; PersonId by; Time at; } Reminded;
typedef LIST(Reminded) RemindedList;
MUST_USE Err season_reminded(Db *db, Arena *a, SeasonId season, RemindedList *out);     /* oldest first */
/* The line of the timeline. */
MUST_USE Err card_reminded_add(Db *db, const Card *card, Str step, Date until, PersonId by, Time at);
const Reminded *card_reminded_last(const RemindedList *all, CardId card);               /* NULL: never */

MUST_USE Err season_remind_page(Ctx *c);
MUST_USE Err season_remind_action(Ctx *c);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is told of what happens to a card or a season, in the transaction of the act. */
#ifndef SEASON_TELL_H
#define SEASON_TELL_H

#include "notice/notice.h"
#include "season/work.h"

/* by: whose act it is, and who is not told of it; 0: the server's. */
typedef struct Teller { Db *db; Arena *a; PersonId by; Time at; } Teller;
Teller teller_of(Ctx *c);
/* About a card: its address, season, unit and last day. */
Notice card_notice(const Teller *t, const Season *s, const Card *card, NoticeTopic topic, int64_t n);
MUST_USE Err card_tell_people(const Teller *t, const Card *card, const Notice *n);         /* who scores or signs for the unit and works there */
/* Everybody assigned to the card, in the domain where one is named, who may judge it. */
MUST_USE Err card_tell_appraisers(const Teller *t, const Season *s, const Card *card, Str domain, const Notice *n);
MUST_USE Err card_tell_council(const Teller *t, const Season *s, const Notice *n);

/* After the step: w->card stands in its new state. */
MUST_USE Err card_tell_step(Ctx *c, const CardWork *w, CardStep step);
MUST_USE Err card_tell_extended(Ctx *c, const Season *s, const Card *card);
/* A large change waits for another pair of eyes: to the other appraisers of the criterion, once a round. */
MUST_USE Err card_tell_second(Ctx *c, const CardWork *w, int at);
MUST_USE Err season_tell_open(Ctx *c, const Season *s);
MUST_USE Err season_tell_assigned(Ctx *c, const Season *s, PersonId who);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is told of what happens to a card or a season, in the transaction of the act. */
#ifndef SEASON_TELL_H
#define SEASON_TELL_H

#include "notice/notice.h"
#include "season/work.h"

/* After the step: w->card stands in its new state. */
MUST_USE Err card_tell_step(Ctx *c, const CardWork *w, CardStep step);
/* To who scores or signs for the unit and works there. */
MUST_USE Err card_tell_unit(Ctx *c, const Season *s, const Card *card, NoticeTopic topic, int64_t n);
/* A large change waits for another pair of eyes: to the other appraisers of the criterion, once a round. */
MUST_USE Err card_tell_second(Ctx *c, const CardWork *w, int at);
MUST_USE Err season_tell_open(Ctx *c, const Season *s);
MUST_USE Err season_tell_assigned(Ctx *c, const Season *s, PersonId who);

#endif

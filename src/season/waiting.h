/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What of seasons waits for a person, for the first page of the console. */
#ifndef SEASON_WAITING_H
#define SEASON_WAITING_H

#include "season/season.h"
#include "view/component.h"

typedef struct SeasonWait { Str title, note, href, from, next, state; Date due; TagKind kind; Icon icon; } SeasonWait;
typedef LIST(SeasonWait) SeasonWaits;
/* Cards of the reader's own unit to be scored, explained or looked at; cards to appraise, season by season; objections before the council. */
MUST_USE Err season_waits(Ctx *c, SeasonWaits *out);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of the demonstration share. */
#ifndef SEASON_DEMO_H
#define SEASON_DEMO_H

#include "season/inputs.h"

/* Cards at every stage of appraisal, appraisers, evidence. */
MUST_USE Err season_demo_lives(Db *db, Store *store, Arena *a, const Season *s, const Scheme *scheme, const SchemeCalendar *calendar, Cards *cards, Time now);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of league share. */
#ifndef LEAGUE_PARTS_H
#define LEAGUE_PARTS_H

#include "league/store.h"

#include "base/csv.h"
#include "view/chart.h"
#include "view/component.h"

/* league_store.c. ERR_CONFLICT: an edition of that number is there. */
MUST_USE Err league_edition_add(Db *db, Arena *a, LeagueEdition *e);
/* league_package.c: tables of the package, and pages. */
Str league_counts(const Scheme *s, size_t at);            /* "base", "extra" or empty: how a criterion enters the total */
Str league_points_csv(Arena *a, const LeagueBook *b);
Str league_ranking_csv(Arena *a, const LeagueBook *b);

#endif

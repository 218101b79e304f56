/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A season of one unit in a database, for tests of pages and rights. */
#ifndef SEASON_TESTS_FIXTURE_H
#define SEASON_TESTS_FIXTURE_H

#include "season/season.h"

/* Under that scheme of that unit, which has the one card; in the open write transaction. Failures fail the test. */
Season season_fixture(Db *db, Arena *a, int64_t scheme, UnitId unit, Card *out_card);

#endif

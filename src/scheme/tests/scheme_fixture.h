/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A small scheme in a database, for tests of pages and rights. */
#ifndef SCHEME_TESTS_FIXTURE_H
#define SCHEME_TESTS_FIXTURE_H

#include "scheme/store.h"

/* Of that unit, in the open write transaction; 0 after a failure, which fails the test. */
int64_t scheme_fixture(Db *db, Arena *a, UnitId unit);
/* Pages of the nation's schemes that everybody may see who reads indices. */
bool    scheme_fixture_open(Str route);

#endif

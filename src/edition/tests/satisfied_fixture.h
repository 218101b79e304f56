/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A round that can be published: one satisfaction item in five steps, the province, and answers from two provinces in turn. */
#ifndef EDITION_TESTS_SATISFIED_FIXTURE_H
#define EDITION_TESTS_SATISFIED_FIXTURE_H

#include "collect/tests/round_fixture.h"

/* In state open. The connection is free of transactions. */
RoundFixture satisfied_round(Store *store, Arena *a, int answers);

#endif

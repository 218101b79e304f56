/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A round for tests: three levels, a list of several choices, a text, and the province the answer speaks of. */
#ifndef COLLECT_TESTS_ROUND_FIXTURE_H
#define COLLECT_TESTS_ROUND_FIXTURE_H

#include "collect/parts.h"
#include "store/test_store.h"

typedef struct RoundFixture { AppInfo app; Store *store; Db *db; Round round; const RoundInfo *info; Time now; } RoundFixture;
/* Its questionnaire: hai_long, kenh (several), ly_do (when not satisfied), gop_y, tuoi, tinh (01, 24). */
FormId fixture_form(Db *db, Store *s, Arena *a);
/* In state open, closing in 30 days. The connection is free of transactions. */
RoundFixture round_fixture(Store *store, Arena *a, RoundIdentity identity);
RoundFixture round_fixture_at(Store *store, Arena *a, RoundIdentity identity, Time now);
RoundFixture round_fixture_of(Store *store, Arena *a, const char *book);      /* open to all, now, of another questionnaire (form_test_book.h) */
NewCode *fixture_codes(RoundFixture *f, Arena *a, int n, Date valid_to);
void fixture_step(RoundFixture *f, Arena *a, RoundState to);
void fixture_whole(RoundFixture *f, Arena *a);               /* fails the test with each fault of collect_check */
int64_t fixture_stored(RoundFixture *f, Arena *a);
/* An answer on its way, checked and sealed; n varies the answers. */
Submission *fixture_answer(RoundFixture *f, Arena *a, Str uuid, int n);

#endif

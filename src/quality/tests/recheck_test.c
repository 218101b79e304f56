/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The draw, error rates, and a planted fraud: three of thirty interviewers invent their forms. */
#include "collect/tests/round_fixture.h"
#include "quality/recheck.h"

#include <math.h>

enum { INTERVIEWERS = 30, EACH = 40, QUESTIONS = 10 };

static uint64_t seed;
static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return seed % below;
}

static QualityData interviews(Arena *a)
{
    QualityData d = { .n = INTERVIEWERS * EACH };
    d.id          = arena_new(a, SubmissionId, d.n);
    d.interviewer = arena_new(a, int32_t, d.n);
    for (int i = 0; i < INTERVIEWERS; i++)
        *list_add(a, &d.names) = arena_fmt(a, "dtv-%02d", i);
    for (size_t i = 0; i < d.n; i++) {
        d.id[i]          = (SubmissionId){ (int64_t)(i * 7919 + 13) };
        d.interviewer[i] = (int32_t)(i % INTERVIEWERS);
    }
    return d;
}

TEST(recheck_draws_the_same_share_of_every_interviewer)
{
    QualityData d = interviews(a), e = d;
    DrawnRows   rows = { 0 }, again = { 0 }, other = { 0 };
    int         each[INTERVIEWERS] = { 0 }, same = 0;
    recheck_draw(a, &d, 0.1, 42, &rows);
    CHECK_INT(rows.len, INTERVIEWERS * EACH / 10);
    for (size_t i = 0; i < rows.len; i++)
        each[d.interviewer[rows.at[i]]]++;
    for (int i = 0; i < INTERVIEWERS; i++)
        CHECK_INT(each[i], EACH / 10);
    /* The order of reading does not matter, the seed does. */
    e.id          = arena_new(a, SubmissionId, d.n);
    e.interviewer = arena_new(a, int32_t, d.n);
    for (size_t i = 0; i < d.n; i++) {
        e.id[i]          = d.id[d.n - 1 - i];
        e.interviewer[i] = d.interviewer[d.n - 1 - i];
    }
    recheck_draw(a, &e, 0.1, 42, &again);
    recheck_draw(a, &d, 0.1, 43, &other);
    for (size_t i = 0; i < rows.len; i++) {
        CHECK_INT(e.id[again.at[i]].v, d.id[rows.at[i]].v);
        same += d.id[other.at[i]].v == d.id[rows.at[i]].v;
    }
    CHECK(same < (int)rows.len / 2);
    DrawnRows one = { 0 };
    d.n = 3;
    d.interviewer[0] = d.interviewer[1] = d.interviewer[2] = 0;
    recheck_draw(a, &d, 0.1, 1, &one);
    CHECK_INT(one.len, 1);                           /* somebody of everybody */
}

TEST(recheck_ranks_three_planted_inventors_first)
{
    static const int inventors[] = { 4, 17, 29 };
    QualityData  d = interviews(a);
    DrawnRows    rows = { 0 };
    RecheckRates rates = { 0 };
    seed = 88172645463325252u;
    recheck_draw(a, &d, 0.1, 7, &rows);
    for (size_t i = 0; i < rows.len; i++)
        for (int k = 0; k < QUESTIONS; k++) {
            int  who = d.interviewer[rows.at[i]], truth = (int)draw(5);
            bool invented = who == inventors[0] || who == inventors[1] || who == inventors[2];
            int  first  = invented || draw(100) < 8 ? (int)draw(5) : truth;      /* honest people and papers err, too */
            int  second = draw(100) < 8 ? (int)draw(5) : truth;
            recheck_tally(a, &rates, d.names.at[who], arena_fmt(a, "%d", first), arena_fmt(a, "%d", second));
        }
    recheck_rates_done(&rates);
    CHECK_INT(rates.len, INTERVIEWERS);
    for (int i = 0; i < 3; i++) {
        bool one = false;
        for (int k = 0; k < 3; k++)
            one |= str_eq(rates.at[i].name, d.names.at[inventors[k]]);
        CHECK(one);
        CHECK(rates.at[i].ci.low > rates.at[3].share);
    }
}

TEST(recheck_compares_what_was_answered_twice)
{
    RecheckRates r = { 0 };
    recheck_tally(a, &r, S("An"), S("1"), S("1"));
    recheck_tally(a, &r, S("An"), S("1"), S("2"));
    recheck_tally(a, &r, S("An"), S("1"), S(""));
    recheck_tally(a, &r, S("An"), S(""), S("2"));
    recheck_rates_done(&r);
    CHECK_INT(r.at[0].compared, 3);
    CHECK_INT(r.at[0].differing, 2);
    CHECK_NEAR(r.at[0].ci.low, 0.0943, 1e-4);
    CHECK_NEAR(r.at[0].ci.high, 0.9916, 1e-4);
}

TEST_EACH_STORE(recheck_cases_are_kept)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    QualityData  d = interviews(a);
    DrawnRows    rows = { 0 };
    Rechecks     list;
    RecheckCases cases;
    Recheck      r = { .round = f.round.id, .share = 0.05, .seed = 9, .mode = RECHECK_VISIT, .questions = S("hai_long tuoi"), .population = (int64_t)d.n,
                       .at = f.now };
    recheck_draw(a, &d, r.share, r.seed, &rows);
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(recheck_save(f.db, &r, &d, &rows));
    CHECK_OK(case_list(f.db, a, r.id, 0, 1000, &cases));
    CHECK_INT(cases.len, 60);
    CHECK_INT(cases.at[0].number, 1);
    cases.at[0].state   = CASE_DRAFT;
    cases.at[0].checker = (PersonId){ 8 };
    cases.at[0].answers = S("{\"hai_long\":\"1\"}");
    RecheckCase old = cases.at[0];
    CHECK_OK(case_save(f.db, &cases.at[0]));
    CHECK_ERR(case_save(f.db, &old), ERR_CONFLICT);
    CHECK_OK(case_load(f.db, a, old.id, &old));
    CHECK_INT(old.state, CASE_DRAFT);
    CHECK_STR(old.answers, S("{\"hai_long\":\"1\"}"));
    CHECK_INT(old.unit.v, f.round.owner.v);          /* there is no such answer: the round's owner */
    CHECK_ERR(case_load(f.db, a, 1, &old), ERR_NOT_FOUND);
    CHECK_OK(recheck_list(f.db, a, f.round.id, &list));
    CHECK_INT(list.len, 1);
    CHECK_INT(list.at[0].n[CASE_OPEN], 59);
    CHECK_INT(list.at[0].n[CASE_DRAFT], 1);
    CHECK_INT(list.at[0].mode, RECHECK_VISIT);
    RightScope all = { .all = true }, none = { .db = f.db, .a = a };
    CHECK_OK(case_waiting(f.db, a, &(Checker){ { 8 }, S(""), S("") }, &all, 0, 100, &cases));
    CHECK_INT(cases.len, 60);
    CHECK_OK(case_waiting(f.db, a, &(Checker){ { 9 }, S(""), S("") }, &all, 0, 100, &cases));
    CHECK_INT(cases.len, 59);
    CHECK_OK(case_waiting(f.db, a, &(Checker){ { 9 }, S(""), S("") }, &all, 50, 5, &cases));
    CHECK_INT(cases.len, 5);
    CHECK_INT(cases.at[4].number, 56);               /* 2 is the first: 1 is in somebody else's hands */
    CHECK_OK(case_waiting(f.db, a, &(Checker){ { 9 }, S(""), old.interviewer }, &all, 0, 100, &cases));
    CHECK_INT(cases.len, 58);                        /* without the other interview of their own */
    CHECK_OK(case_waiting(f.db, a, &(Checker){ { 9 }, S(""), S("") }, &none, 0, 100, &cases));
    CHECK_INT(cases.len, 0);
    db_rollback(f.db);
}

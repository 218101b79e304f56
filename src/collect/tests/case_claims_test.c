/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which answer is a case's: who decides, who is next in line, what comes back. */
#include "round_fixture.h"

enum { THE_CASE = 7 };

static Err find_case(Db *db, Arena *a, RoundId round, Str code, int64_t *out_case, CaseClaim *out)
{
    (void)a, (void)round, (void)code;
    SubmissionId held;
    *out_case = THE_CASE;
    TRY(case_answer(db, THE_CASE, &held));
    *out = held.v ? CLAIM_TAKEN : CLAIM_FREE;
    return OK;
}

static void fine(Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

static Submission *stored(RoundFixture *f, Arena *a, int n)
{
    Submission *x = fixture_answer(f, a, uuid_v4(a), n);
    fine(collector_run(f->store, a, &submit_kind, x));
    return x;
}

static Submission *claimed(RoundFixture *f, Arena *a, int n)
{
    static const CaseFinder finder = { find_case };
    Submission *x = fixture_answer(f, a, uuid_v4(a), n);
    x->cases     = &finder;
    x->case_code = S("00007-0");
    fine(collector_run(f->store, a, &submit_kind, x));
    return x;
}

/* An interview that came with a right: tied, or in line behind the one that is. */
static Submission *interview(RoundFixture *f, Arena *a, int n)
{
    Submission *x = stored(f, a, n);
    CasePlace   place;
    fine(db_begin_write(f->db));
    fine(case_link_add(f->db, THE_CASE, f->round.id, x->key.id, &place));
    if (place != CASE_HELD)
        fine(case_mark(f->db, f->store, a, &f->app, x->key.id, S("case_twice")));
    fine(db_commit(f->db));
    return x;
}

static SubmissionId held(RoundFixture *f)
{
    SubmissionId id = { -1 };
    fine(case_answer(f->db, THE_CASE, &id));
    return id;
}

static Str marked(RoundFixture *f, Arena *a, const Submission *x)
{
    SealedRecord r = { 0 };
    fine(sealed_load(f->db, a, x->key.id, &r));
    return r.flagged == (r.flag_reason.len > 0) ? r.flag_reason : S("a flag without a reason");
}

static Err settle(RoundFixture *f, Arena *a, const Submission *x, ClaimState to)
{
    Claim c;
    fine(db_begin_write(f->db));
    fine(claim_load(f->db, a, x->key.id, &c));
    c.by     = (PersonId){ 9 };
    c.at     = f->now;
    c.reason = S("đã gọi lại");
    Err e = claim_settle(f->db, f->store, a, &f->app, &c, to);
    if (e)
        db_rollback(f->db);
    else
        fine(db_commit(f->db));
    return e;
}

static void count(RoundFixture *f, Arena *a, const Submission *x, bool in)
{
    RecordAct act = { .value = in ? S("in") : S("out"), .reason = S("xem lại"), .person = { 9 }, .person_name = S("lan"), .at = f->now };
    fine(db_begin_write(f->db));
    fine(record_act(f->db, f->store, a, &f->app, x->key.id, &act));
    fine(db_commit(f->db));
}

static void withdraw(RoundFixture *f, Arena *a, const Submission *x)
{
    fine(db_begin_write(f->db));
    fine(receipt_withdraw(f->db, f->store, a, &f->app, x->key.receipt));
    fine(db_commit(f->db));
}

TEST_EACH_STORE(a_person_ties_an_answer_of_the_open_interface_and_takes_that_back)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = claimed(&f, a, 0), *y = claimed(&f, a, 1);
    Claim        c;
    CHECK_STR(marked(&f, a, x), S("case_claimed"));
    CHECK_INT(held(&f).v, 0);
    CHECK_OK(settle(&f, a, x, CLAIM_TIED));
    CHECK_INT(held(&f).v, x->key.id.v);
    CHECK_STR(marked(&f, a, x), S(""));
    CHECK_OK(claim_load(f.db, a, x->key.id, &c));
    CHECK(c.state == CLAIM_TIED && c.by.v == 9 && c.open);
    CHECK_STR(c.reason, S("đã gọi lại"));
    CHECK_ERR(settle(&f, a, x, CLAIM_TIED), ERR_CONFLICT);
    CHECK_ERR(settle(&f, a, y, CLAIM_TIED), ERR_CONFLICT);             /* a case has one answer */
    CHECK_OK(settle(&f, a, y, CLAIM_REFUSED));
    CHECK_STR(marked(&f, a, y), S("case_claimed"));
    CHECK_OK(settle(&f, a, x, CLAIM_WAITING));
    CHECK_INT(held(&f).v, 0);
    CHECK_STR(marked(&f, a, x), S("case_claimed"));
    CHECK_ERR(settle(&f, a, x, CLAIM_WAITING), ERR_CONFLICT);
    CHECK_OK(settle(&f, a, y, CLAIM_WAITING));
    CHECK_OK(settle(&f, a, y, CLAIM_TIED));
    CHECK_INT(held(&f).v, y->key.id.v);
    fixture_whole(&f, a);
}

TEST_EACH_STORE(a_second_interview_moves_up_when_the_first_is_withdrawn)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = interview(&f, a, 0), *open = claimed(&f, a, 1), *y = interview(&f, a, 2), *z = interview(&f, a, 3);
    CHECK_STR(marked(&f, a, open), S("case_twice"));
    CHECK_STR(marked(&f, a, y), S("case_twice"));
    withdraw(&f, a, x);
    Submission *first = y->key.id.v < z->key.id.v ? y : z, *last = first == y ? z : y;       /* of one day: by place */
    CHECK_INT(held(&f).v, first->key.id.v);
    CHECK_STR(marked(&f, a, first), S(""));
    CHECK_STR(marked(&f, a, last), S("case_twice"));
    CHECK_OK(settle(&f, a, last, CLAIM_REFUSED));
    withdraw(&f, a, first);
    CHECK_INT(held(&f).v, 0);                          /* nor a refused one, nor one of the open interface */
    CHECK_OK(settle(&f, a, last, CLAIM_WAITING));
    CHECK_INT(held(&f).v, last->key.id.v);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM case_claims k JOIN submissions s ON s.id = k.submission_id WHERE s.withdrawn = 1")), 0);
    fixture_whole(&f, a);
}

TEST_EACH_STORE(what_is_left_out_is_no_answer_of_its_case_until_it_is_taken_in_again)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = interview(&f, a, 0);
    CasePlace    place;
    count(&f, a, x, false);
    CHECK_INT(held(&f).v, 0);
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(case_link_add(f.db, THE_CASE, f.round.id, x->key.id, &place));     /* its code alone brings it back to nothing */
    CHECK_INT(place, CASE_HELD);
    CHECK_OK(db_commit(f.db));
    count(&f, a, x, true);
    CHECK_INT(held(&f).v, x->key.id.v);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM case_claims")), 0);
    Submission *y = interview(&f, a, 1);
    count(&f, a, x, false);
    CHECK_INT(held(&f).v, y->key.id.v);
    CHECK_STR(marked(&f, a, y), S(""));
    count(&f, a, x, true);                             /* the first is the case's answer again */
    CHECK_INT(held(&f).v, x->key.id.v);
    CHECK_STR(marked(&f, a, y), S("case_twice"));
    CHECK_STR(marked(&f, a, x), S(""));
    fixture_whole(&f, a);
}

TEST_EACH_STORE(an_answer_taken_in_again_finds_a_new_interview_in_its_place_and_waits)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = interview(&f, a, 0);
    count(&f, a, x, false);
    Submission *y = interview(&f, a, 1);
    CHECK_INT(held(&f).v, y->key.id.v);
    count(&f, a, x, true);
    CHECK_INT(held(&f).v, y->key.id.v);
    CHECK_STR(marked(&f, a, x), S("case_twice"));
    withdraw(&f, a, y);
    CHECK_INT(held(&f).v, x->key.id.v);
    CHECK_STR(marked(&f, a, x), S(""));
    fixture_whole(&f, a);
}

static CasePlace place_again(RoundFixture *f, const Submission *x)
{
    CasePlace place = CASE_HELD;
    fine(db_begin_write(f->db));
    fine(case_link_add(f->db, THE_CASE, f->round.id, x->key.id, &place));
    fine(db_commit(f->db));
    return place;
}

/* Bytes that are looked at again change nothing a person decided, nor the mark of who waits. */
TEST_EACH_STORE(looked_at_again_an_answer_keeps_its_place)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = interview(&f, a, 0), *y = interview(&f, a, 1), *z = interview(&f, a, 2);
    CHECK_INT(place_again(&f, x), CASE_HELD);
    CHECK_INT(place_again(&f, y), CASE_BEHIND);
    count(&f, a, y, false);
    CHECK_INT(place_again(&f, y), CASE_ASIDE);
    Claim c;
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(claim_load(f.db, a, z->key.id, &c));
    CHECK_OK(claim_settle(f.db, f.store, a, &f.app, &c, CLAIM_REFUSED));
    CHECK_OK(db_commit(f.db));
    CHECK_INT(place_again(&f, z), CASE_ASIDE);
    CHECK_INT(held(&f).v, x->key.id.v);
    fixture_whole(&f, a);
}

/* A newer revision of the answer has what was decided of the older one. */
TEST_EACH_STORE(a_place_taken_goes_with_the_newer_revision)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = interview(&f, a, 0), *y = interview(&f, a, 1);
    count(&f, a, x, false);
    CHECK_INT(held(&f).v, y->key.id.v);
    Submission *newer = interview(&f, a, 2);
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(case_link_move(f.db, THE_CASE, newer->key.id));
    CHECK_OK(db_commit(f.db));
    CHECK_INT(held(&f).v, newer->key.id.v);
    count(&f, a, x, true);                             /* who only took its place gives it back */
    CHECK_INT(held(&f).v, x->key.id.v);
    fixture_whole(&f, a);
}

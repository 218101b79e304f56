/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Verdicts, answers and objections that are kept, and the points that come out of them. */
#include "base/test.h"
#include "scheme/tests/scheme_fixture.h"
#include "season/appraise.h"
#include "season/final.h"
#include "season/tests/season_fixture.h"
#include "store/test_store.h"

#include <math.h>

typedef struct World { Season s; Card card; Scheme scheme; } World;

static World world(Db *db, Arena *a)
{
    static char room[1 << 20];
    World       w    = { 0 };
    Arena       work = { .at = room, .end = room + sizeof room, .base = room, .full = a->full };
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    w.s = season_fixture(db, a, scheme_fixture(db, a, (UnitId){ 1 }), (UnitId){ 1 }, &w.card);
    CHECK(!scheme_definition(db, a, work, w.s.scheme, 1, &w.scheme));
    return w;
}

static CardVerdict lowered(int round, double points)
{
    return (CardVerdict){ .code = S("1"), .round = round, .kind = VERDICT_POINTS, .points = points, .claimed = 0.9, .reason = S("thiếu"), .score_revision = 1,
                          .by = { 8 }, .at = { 10 } };
}

static FinalCard final(Db *db, Arena *a, const World *w)
{
    FinalCard f = { 0 };
    CHECK(!card_final_load(db, a, &w->scheme, NULL, (SchemeWords){ .lang = LANG_VI }, &w->card, &f));
    return f;
}

TEST_EACH_STORE(points_are_the_units_then_the_appraisers_then_the_councils)
{
    Db *db = test_take(store, a);
    CHECK_OK(db_begin_write(db));
    World       w = world(db, a);
    FinalCard   f = final(db, a, &w);
    CHECK(isnan(f.result.total) && f.faults.len && f.stage[0] == FINAL_SELF && !f.settled);
    CardScore   x = { .code = S("1"), .inputs = S("{}"), .manual = 0.9, .points = 0.9, .by = { 7 }, .at = { 9 } };
    CHECK_OK(card_score_save(db, a, w.card.id, &x, 0));
    CHECK(final(db, a, &w).result.total == 0.9);
    CardVerdict v = lowered(1, 0.25);
    CHECK_OK(card_verdict_save(db, a, w.card.id, &v, 0));
    f = final(db, a, &w);
    CHECK(f.result.total == 0.25 && f.stage[0] == FINAL_APPRAISED && f.result.at[0].trace.len == 1);
    v.kind   = VERDICT_ASK;
    v.points = NAN;
    CHECK_OK(card_verdict_save(db, a, w.card.id, &v, 1));
    CHECK(final(db, a, &w).result.total == 0.9);
    v = lowered(2, 0.5);
    CHECK_OK(card_verdict_save(db, a, w.card.id, &v, 0));
    CHECK(final(db, a, &w).result.total == 0.5);
    CardObjection o = { .code = S("1"), .reason = S("sai"), .by = { 7 }, .at = { 12 } };
    CHECK_OK(card_objection_save(db, a, w.card.id, &o, 0));
    CHECK(final(db, a, &w).result.total == 0.5);
    o.decision   = DECISION_REJECT;
    o.decided_at = (Time){ 13 };
    CHECK_OK(card_objection_decide(db, a, w.card.id, &o, 1));
    CHECK(final(db, a, &w).result.total == 0.5 && final(db, a, &w).stage[0] == FINAL_APPRAISED);
    o.decision = DECISION_POINTS;
    o.points   = 0.75;
    CHECK_OK(card_objection_decide(db, a, w.card.id, &o, 2));
    CHECK(final(db, a, &w).result.total == 0.75 && final(db, a, &w).stage[0] == FINAL_COUNCIL);
    o.decision = DECISION_ACCEPT;
    o.points   = NAN;
    CHECK_OK(card_objection_decide(db, a, w.card.id, &o, 3));
    CHECK_ERR(card_objection_decide(db, a, w.card.id, &o, 3), ERR_CONFLICT);
    CHECK(final(db, a, &w).result.total == 0.9);
    CHECK_OK(db_commit(db));
}

TEST_EACH_STORE(a_verdict_counts_once_confirmed_and_while_the_unit_says_the_same)
{
    Db *db = test_take(store, a);
    CardVerdicts all;
    CHECK_OK(db_begin_write(db));
    World       w = world(db, a);
    CardScore   x = { .code = S("1"), .inputs = S("{}"), .manual = 0.9, .points = 0.9, .by = { 7 }, .at = { 9 } };
    CardVerdict v = lowered(1, 0.25);
    v.large = true;
    CHECK_OK(card_score_save(db, a, w.card.id, &x, 0));
    CHECK_OK(card_verdict_save(db, a, w.card.id, &v, 0));
    CHECK(final(db, a, &w).result.total == 0.9);
    CHECK_ERR(card_verdict_confirm(db, a, w.card.id, &v, (PersonId){ 8 }, (Time){ 11 }), ERR_CONFLICT);
    CHECK_OK(card_verdict_confirm(db, a, w.card.id, &v, (PersonId){ 9 }, (Time){ 11 }));
    CHECK(final(db, a, &w).result.total == 0.25);
    CHECK_ERR(card_verdict_save(db, a, w.card.id, &v, 1), ERR_CONFLICT);
    CHECK_OK(card_score_save(db, a, w.card.id, &x, 1));
    CHECK(final(db, a, &w).result.total == 0.9);
    v.score_revision = 2;
    CHECK_OK(card_verdict_save(db, a, w.card.id, &v, 2));
    CHECK_OK(card_verdicts(db, a, w.card.id, &all));
    CHECK(all.len == 1 && all.at[0].revision == 3 && all.at[0].confirmed_at.ms == 0 && all.at[0].large);
    CHECK(verdict_last(&all, S("1")) == &all.at[0] && !verdict_find(&all, S("1"), 2) && !verdict_last(&all, S("2")));
    CHECK_OK(db_commit(db));
}

TEST_EACH_STORE(points_for_what_was_said_not_to_apply_make_it_apply)
{
    Db *db = test_take(store, a);
    FinalCards all;
    CHECK_OK(db_begin_write(db));
    World       w = world(db, a);
    CardScore   x = { .code = S("1"), .inputs = S("{}"), .manual = NAN, .points = NAN, .not_applicable = true, .by = { 7 }, .at = { 9 } };
    CardVerdict v = { .code = S("1"), .round = 1, .kind = VERDICT_POINTS, .points = 0, .claimed = NAN, .score_revision = 1, .by = { 8 }, .at = { 10 } };
    CHECK_OK(card_score_save(db, a, w.card.id, &x, 0));
    CHECK(final(db, a, &w).result.at[0].state == STATE_NOT_APPLICABLE);
    CHECK_OK(card_verdict_save(db, a, w.card.id, &v, 0));
    CHECK(final(db, a, &w).result.total == 0);
    CHECK_OK(season_final(db, a, &w.s, &w.scheme, NULL, (SchemeWords){ .silent = true }, &all));
    CHECK_INT(all.len, 1);
    CHECK_OK(card_step(db, a, &w.card, CARD_STEP_WITHDRAW, S("x"), (PersonId){ 0 }, (Time){ 12 }));
    CHECK_OK(season_final(db, a, &w.s, &w.scheme, NULL, (SchemeWords){ .silent = true }, &all));
    CHECK_INT(all.len, 0);
    CHECK_OK(db_commit(db));
}

/* What waits for a second appraiser has its reason already: it is not accepted along with the rest. */
TEST(what_was_judged_is_not_accepted_along_with_the_rest)
{
    SchemeCriterion leaf  = { .code = S("1") };
    SchemeScore     score = { .state = STATE_SCORED, .points = 0.9 };
    CardWork        w     = { .scheme = { .at = &leaf, .len = 1 }, .result = { .at = &score, .len = 1 } };
    *list_add(a, &w.scores)   = (CardScore){ .code = S("1"), .revision = 1, .manual = NAN, .points = 0.9 };
    *list_add(a, &w.evidence) = (CardEvidence){ S("1"), EVIDENCE_FILE, 5 };
    CHECK(card_leaf_fits(&w, 0));
    CardVerdict *v = list_add(a, &w.verdicts);
    *v       = lowered(1, 0.25);
    v->large = true;
    CHECK(!card_leaf_judged(&w, S("1"), 1) && !card_leaf_fits(&w, 0));
    w.scores.at[0].revision = 2;                                        /* returned and scored anew */
    CHECK(card_leaf_fits(&w, 0));
}

/* A card that came back from withdrawal is judged and decided anew where people say something else now. */
TEST_EACH_STORE(nothing_of_an_earlier_pass_overrules_a_card_that_came_back)
{
    Db *db = test_take(store, a);
    CardVerdicts   all;
    CardObjections said;
    CHECK_OK(db_begin_write(db));
    World         w = world(db, a);
    CardScore     x = { .code = S("1"), .inputs = S("{}"), .manual = 0.9, .points = 0.9, .by = { 7 }, .at = { 9 } };
    CardVerdict   v = { .code = S("1"), .round = 1, .kind = VERDICT_ASK, .points = NAN, .claimed = 0.9, .score_revision = 1, .by = { 8 }, .at = { 10 } };
    CardVerdict   second = lowered(2, 0.5);
    CardObjection o = { .code = S("1"), .reason = S("sai"), .points = NAN, .by = { 7 }, .at = { 12 } };
    CHECK_OK(card_score_save(db, a, w.card.id, &x, 0));
    CHECK_OK(card_verdict_save(db, a, w.card.id, &v, 0));
    CHECK_OK(card_verdict_save(db, a, w.card.id, &second, 0));
    CHECK(final(db, a, &w).result.total == 0.5);
    CHECK_OK(card_objection_save(db, a, w.card.id, &o, 0));
    o.decision   = DECISION_POINTS;
    o.points     = 0.75;
    o.decided_by = (PersonId){ 9 };
    o.decided_at = (Time){ 13 };
    CHECK_OK(card_objection_decide(db, a, w.card.id, &o, 1));
    CHECK(final(db, a, &w).result.total == 0.75);
    CHECK_OK(card_step(db, a, &w.card, CARD_STEP_WITHDRAW, S("x"), (PersonId){ 0 }, (Time){ 13 }));
    CHECK_OK(card_step(db, a, &w.card, CARD_STEP_REJOIN, S("x"), (PersonId){ 0 }, (Time){ 14 }));
    CHECK_OK(card_objections(db, a, w.card.id, &said));
    CHECK(said.len == 1 && said.at[0].decision == DECISION_NONE && isnan(said.at[0].points) && !said.at[0].decided_by.v);
    CHECK_INT(said.at[0].revision, 3);
    CHECK(str_eq(said.at[0].reason, S("sai")));
    CHECK(final(db, a, &w).result.total == 0.5);
    v.kind = VERDICT_ACCEPT;
    CHECK_OK(card_verdict_save(db, a, w.card.id, &v, 1));
    CHECK_OK(card_verdicts(db, a, w.card.id, &all));
    CHECK_INT(verdict_last(&all, S("1"))->round, 1);
    CHECK(final(db, a, &w).result.total == 0.9);
    CHECK_OK(db_commit(db));
}

TEST(a_change_of_half_a_point_waits_for_a_second_appraiser)
{
    CHECK(verdict_large(VERDICT_POINTS, 0.3, 0.8, false, 0.5));
    CHECK(!verdict_large(VERDICT_POINTS, 0.31, 0.8, false, 0.5));
    CHECK(verdict_large(VERDICT_POINTS, 0.5, NAN, false, 0.5));
    CHECK(verdict_large(VERDICT_POINTS, 0, NAN, true, 0.5));
    CHECK(!verdict_large(VERDICT_ACCEPT, NAN, 0.8, false, 0.5) && !verdict_large(VERDICT_ASK, NAN, 0.8, false, 0.5));
    CHECK(!verdict_large(VERDICT_POINTS, 0.5, -0.5, false, 0.5));       /* a penalty claims negative points */
}

TEST(who_judged_a_criterion_decides_no_objection_to_it)
{
    CardVerdicts all = { 0 };
    *list_add(a, &all) = lowered(1, 0.25);
    *list_add(a, &all) = lowered(2, 0.25);
    all.at[1].confirmed_by = (PersonId){ 9 };
    CHECK(verdict_made_by(&all, S("1"), (PersonId){ 8 }) && verdict_made_by(&all, S("1"), (PersonId){ 9 }));
    CHECK(!verdict_made_by(&all, S("1"), (PersonId){ 7 }) && !verdict_made_by(&all, S("2"), (PersonId){ 8 }));
}

TEST(assignments_reach_their_domain_and_unit)
{
    Assignments all = { 0 };
    *list_add(a, &all) = (Assignment){ { 1 }, S("3"), { 0 } };
    *list_add(a, &all) = (Assignment){ { 2 }, S(""), { 5 } };
    CHECK(assignments_cover(&all, (PersonId){ 1 }, S("3"), (UnitId){ 9 }) && !assignments_cover(&all, (PersonId){ 1 }, S("4"), (UnitId){ 9 }));
    CHECK(assignments_cover(&all, (PersonId){ 2 }, S("4"), (UnitId){ 5 }) && !assignments_cover(&all, (PersonId){ 2 }, S("4"), (UnitId){ 6 }));
}

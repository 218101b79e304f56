/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Seasons that are kept: opening locks the scheme, cards step once, timelines tell everything. */
#include "scheme/tests/scheme_fixture.h"
#include "season/tests/season_fixture.h"
#include "store/test_store.h"

static int64_t scheme_of_unit(Db *db, Arena *a)
{
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    return scheme_fixture(db, a, (UnitId){ 1 });
}

TEST_EACH_STORE(an_opened_season_locks_its_scheme_and_has_a_card_a_unit)
{
    Db       *db = test_take(store, a);
    Card      card, again;
    SchemeRow scheme;
    Seasons   all;
    CHECK_OK(db_begin_write(db));
    int64_t id = scheme_of_unit(db, a);
    Season  s  = season_fixture(db, a, id, (UnitId){ 1 }, &card), read;
    CHECK_OK(scheme_load(db, a, (SchemeId){ id }, &scheme));
    CHECK(scheme.locked_at.ms == 1);
    CHECK_OK(season_load(db, a, s.id, &read));
    CHECK_INT(read.scheme_version, 1);
    CHECK_INT(read.cards, 1);
    CHECK_INT(read.calendar.starts.day, 20000);
    CHECK_INT(read.calendar.until[WINDOW_COUNCIL].day, s.calendar.until[WINDOW_COUNCIL].day);
    CHECK_OK(season_list(db, a, &all));
    CHECK_INT(all.len, 1);
    CHECK_OK(card_load(db, a, card.id, &again));
    CHECK(again.state == CARD_DRAFT && date_is_none(again.extended) && again.unit.v == 1);
    CHECK_ERR(card_load(db, a, (CardId){ 5 }, &again), ERR_NOT_FOUND);
    CHECK_ERR(season_load(db, a, (SeasonId){ 5 }, &read), ERR_NOT_FOUND);
    CHECK_OK(db_commit(db));
}

TEST_EACH_STORE(a_card_steps_once_and_its_timeline_says_so)
{
    Db        *db = test_take(store, a);
    Card       card, late;
    CardEvents events;
    CHECK_OK(db_begin_write(db));
    season_fixture(db, a, scheme_of_unit(db, a), (UnitId){ 1 }, &card);
    CHECK_OK(card_extend(db, a, &card, (Date){ 20040 }, S("bão lụt"), (PersonId){ 7 }, (Time){ 8 }));
    late = card;
    CHECK_OK(card_step(db, a, &card, CARD_STEP_WITHDRAW, S("sáp nhập"), (PersonId){ 7 }, (Time){ 9 }));
    CHECK(card.state == CARD_WITHDRAWN && date_is_none(card.extended) && card.changed_at.ms == 9);
    CHECK_ERR(card_step(db, a, &late, CARD_STEP_WITHDRAW, S("x"), (PersonId){ 8 }, (Time){ 10 }), ERR_CONFLICT);
    CHECK_ERR(card_extend(db, a, &late, (Date){ 20050 }, S("x"), (PersonId){ 8 }, (Time){ 10 }), ERR_CONFLICT);
    CHECK_ERR(card_step(db, a, &card, CARD_STEP_WITHDRAW, S("x"), (PersonId){ 8 }, (Time){ 10 }), ERR_CONFLICT);
    CHECK_OK(card_step(db, a, &card, CARD_STEP_REJOIN, S("nhầm"), (PersonId){ 7 }, (Time){ 11 }));
    CHECK_OK(card_events(db, a, card.id, &events));
    CHECK_INT(events.len, 4);
    CHECK_STR(events.at[0].step, S("open"));
    CHECK(str_eq(events.at[1].step, S("extend")) && events.at[1].until.day == 20040 && str_eq(events.at[1].reason, S("bão lụt")));
    CHECK(str_eq(events.at[2].step, S("withdraw")) && events.at[2].to == CARD_WITHDRAWN && events.at[2].by.v == 7);
    CHECK(str_eq(events.at[3].step, S("rejoin")) && events.at[3].to == CARD_DRAFT && events.at[3].at.ms == 11);
    CHECK_OK(db_commit(db));
}

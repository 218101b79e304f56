/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The table of steps, role by role and state by state, against a second table; calendars. */
#include "base/test.h"
#include "season/season.h"

#define R(role) (1u << ROLE_##role)
#define MANAGERS (R(NATIONAL_ANALYST) | R(UNIT_ADMIN))

/* What is allowed, written down a second time: everything else is refused. */
static const struct { CardState from; CardStep step; CardState to; unsigned roles; } allowed[] = {
    { CARD_DRAFT,      CARD_STEP_SIGN,     CARD_SUBMITTED,  R(LEADER) },
    { CARD_SUBMITTED,  CARD_STEP_ASK,      CARD_EXPLAINING, MANAGERS },
    { CARD_SUBMITTED,  CARD_STEP_ANNOUNCE, CARD_APPRAISED,  MANAGERS },
    { CARD_SUBMITTED,  CARD_STEP_RETURN,   CARD_DRAFT,      MANAGERS },
    { CARD_EXPLAINING, CARD_STEP_ANSWER,   CARD_SECOND,     R(LEADER) },
    { CARD_EXPLAINING, CARD_STEP_CLOSE,    CARD_SECOND,     MANAGERS },
    { CARD_SECOND,     CARD_STEP_ANNOUNCE, CARD_APPRAISED,  MANAGERS },
    { CARD_APPRAISED,  CARD_STEP_ACCEPT,   CARD_SETTLED,    R(LEADER) },
    { CARD_APPRAISED,  CARD_STEP_OBJECT,   CARD_OBJECTED,   R(LEADER) },
    { CARD_APPRAISED,  CARD_STEP_SETTLE,   CARD_SETTLED,    MANAGERS },
    { CARD_OBJECTED,   CARD_STEP_SETTLE,   CARD_SETTLED,    MANAGERS },
    { CARD_SETTLED,    CARD_STEP_LOCK,     CARD_LOCKED,     MANAGERS },
    { CARD_WITHDRAWN,  CARD_STEP_REJOIN,   CARD_DRAFT,      MANAGERS },
    { CARD_DRAFT,      CARD_STEP_WITHDRAW, CARD_WITHDRAWN,  MANAGERS },
    { CARD_SUBMITTED,  CARD_STEP_WITHDRAW, CARD_WITHDRAWN,  MANAGERS },
    { CARD_EXPLAINING, CARD_STEP_WITHDRAW, CARD_WITHDRAWN,  MANAGERS },
    { CARD_SECOND,     CARD_STEP_WITHDRAW, CARD_WITHDRAWN,  MANAGERS },
    { CARD_APPRAISED,  CARD_STEP_WITHDRAW, CARD_WITHDRAWN,  MANAGERS },
    { CARD_OBJECTED,   CARD_STEP_WITHDRAW, CARD_WITHDRAWN,  MANAGERS },
};

TEST(every_step_of_a_card_by_role_and_state)
{
    int tried = 0, fits = 0;
    for (int from = 0; from < CARD_STATE_COUNT; from++)
        for (int step = 0; step < CARD_STEP_COUNT; step++)
            for (int role = ROLE_NONE; role < ROLE_COUNT; role++) {
                const CardRule *rule = card_rule((CardState)from, (CardStep)step);
                bool            may  = rule && role_holds((Role)role, rule->right), want = false;
                for (size_t i = 0; i < COUNT_OF(allowed); i++)
                    if ((int)allowed[i].from == from && (int)allowed[i].step == step && allowed[i].roles >> role & 1u) {
                        want = true;
                        CHECK(rule && rule->to == allowed[i].to);
                    }
                if (may != want)
                    test_fail(__FILE_NAME__, __LINE__, "%.*s from %.*s as %.*s: %d", STR_ARG(card_step_code((CardStep)step)),
                              STR_ARG(card_state_code((CardState)from)), STR_ARG(role_code((Role)role)), may);
                tried++;
                fits += may;
            }
    CHECK_INT(tried, CARD_STATE_COUNT * CARD_STEP_COUNT * ROLE_COUNT);
    CHECK(fits > 0);
}

TEST(states_and_steps_have_codes_and_words)
{
    for (int s = 0; s < CARD_STATE_COUNT; s++) {
        CardState back;
        CHECK(card_state_parse(card_state_code((CardState)s), &back) && (int)back == s);
        for (int l = 0; l < LANG_COUNT; l++)
            CHECK(text_find((Lang)l, str_concat(a, S("season.state."), card_state_code((CardState)s))).len > 0);
    }
    for (int s = 0; s < CARD_STEP_COUNT; s++)
        for (int l = 0; l < LANG_COUNT; l++) {
            CHECK(text_find((Lang)l, str_concat(a, S("season.step."), card_step_code((CardStep)s))).len > 0);
            CHECK(text_find((Lang)l, str_concat(a, S("season.event."), card_step_code((CardStep)s))).len > 0);
            CHECK(text_find((Lang)l, str_concat(a, S("audit.action.card."), card_step_code((CardStep)s))).len > 0);
        }
    CardState s;
    CHECK(!card_state_parse(S("khac"), &s));
}

TEST(windows_of_a_season_follow_each_other)
{
    SeasonCalendar k = season_calendar_from((Date){ 100 });
    SeasonWindow   w;
    CHECK_INT(season_calendar_fault(&k), WINDOW_COUNT);
    CHECK_INT(k.until[WINDOW_SELF].day, 129);
    CHECK_INT(season_window_from(&k, WINDOW_APPRAISAL).day, 130);
    CHECK(!season_window_on(&k, (Date){ 99 }, &w));
    CHECK(season_window_on(&k, (Date){ 100 }, &w) && w == WINDOW_SELF);
    CHECK(season_window_on(&k, (Date){ 129 }, &w) && w == WINDOW_SELF);
    CHECK(season_window_on(&k, (Date){ 130 }, &w) && w == WINDOW_APPRAISAL);
    CHECK(season_window_on(&k, k.until[WINDOW_COUNCIL], &w) && w == WINDOW_COUNCIL);
    CHECK(!season_window_on(&k, (Date){ k.until[WINDOW_COUNCIL].day + 1 }, &w));
    k.until[WINDOW_OBJECTION] = k.until[WINDOW_EXPLANATION];
    CHECK_INT(season_calendar_fault(&k), WINDOW_OBJECTION);
    k.starts = DATE_NONE;
    CHECK_INT(season_calendar_fault(&k), WINDOW_SELF);
}

TEST(a_card_is_late_after_its_own_day)
{
    Season s    = { .calendar = season_calendar_from((Date){ 100 }) };
    Card   card = { .state = CARD_DRAFT, .extended = DATE_NONE };
    CHECK(!card_late(&s, &card, (Date){ 129 }));
    CHECK(card_late(&s, &card, (Date){ 130 }));
    card.extended = (Date){ 140 };
    CHECK(!card_late(&s, &card, (Date){ 140 }));
    CHECK(card_late(&s, &card, (Date){ 141 }));
    card.state = CARD_WITHDRAWN;
    CHECK(!card_late(&s, &card, (Date){ 999 }));
    CHECK(date_is_none(card_due(&s, &card)));
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reminders: counted in working days, each once however often the server looks, by hand once a day. */
#include "scheme/tests/scheme_fixture.h"
#include "season/remind.h"
#include "season/tests/season_fixture.h"
#include "store/test_store.h"

static SchemeCalendar days(Arena *a)
{
    SchemeCalendar k = { 0 };
    CHECK(!scheme_calendar_load(a, &k));
    return k;
}

static Date day(int year, int month, int d)
{
    return date_from_ymd(year, month, d);
}

TEST(reminders_count_working_days_and_keep_to_them)
{
    SchemeCalendar k = days(a);
    Date due = day(2026, 12, 2);                          /* a Wednesday */
    CHECK_INT(season_remind_stage(&k, day(2026, 11, 24), due), 0);
    CHECK_INT(season_remind_stage(&k, day(2026, 11, 25), due), 5);
    CHECK_INT(season_remind_stage(&k, day(2026, 11, 28), due), 0);       /* a Saturday */
    CHECK_INT(season_remind_stage(&k, day(2026, 11, 30), due), 5);
    CHECK_INT(season_remind_stage(&k, day(2026, 12, 1), due), 1);
    CHECK_INT(season_remind_stage(&k, due, due), 1);
    CHECK_INT(season_remind_stage(&k, day(2026, 12, 3), due), 0);
    CHECK_INT(season_remind_stage(&k, day(2026, 9, 1), day(2026, 9, 8)), 0);      /* the National Day holidays count for nothing */
    CHECK_INT(season_remind_stage(&k, day(2026, 9, 4), day(2026, 9, 8)), 5);
}

static int64_t told(Db *db, PersonId who)
{
    int64_t n = -1;
    CHECK(!notice_unread(db, who, &n));
    return n;
}

static PersonId officer(Db *db, Arena *a, Date from)
{
    PersonId    id = { 0 };
    GrantId     grant;
    PersonDraft p = { .login = S("canbo"), .name = S("Cán bộ"), .unit = { 1 } };
    test_sql(db, SQL("INSERT INTO unit_versions (unit_id, from_day, to_day, parent_id, code, name_vi, name_en, full_name_vi, subtype, source) "
                     "VALUES (1, '0001-01-01', '9999-12-31', NULL, 'VN', 'Việt Nam', 'Viet Nam', '', '', 'test')"));
    CHECK(!person_create(db, a, &p, (PersonId){ 0 }, (Time){ 1 }, &id));
    GrantDraft g = { .person = id, .role = ROLE_OFFICER, .unit = { 1 }, .from = from, .to = DATE_NONE };
    CHECK(!grant_give(db, a, (PersonId){ 0 }, &g, from, (Time){ 1 }, &grant));
    return id;
}

/* Noon of a day in Viet Nam. */
static Time noon(Date d)
{
    return (Time){ date_start(d).ms + 12 * MS_HOUR };
}

TEST_EACH_STORE(each_reminder_is_sent_once_and_stands_on_the_timeline)
{
    Db            *db = test_take(store, a);
    Card           card;
    SchemeCalendar k = days(a);
    RemindedList   all;
    int64_t        n;
    bool           done;
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    Season   s   = season_fixture(db, a, scheme_fixture(db, a, (UnitId){ 1 }), (UnitId){ 1 }, &card);
    Date     due = card_due(&s, &card), early = { due.day - 7 };
    PersonId who = officer(db, a, s.calendar.starts);
    while (season_remind_stage(&k, early, due) != 5)
        early.day++;
    CHECK_OK(season_remind(db, a, &k, noon((Date){ due.day - 14 }), &n));
    CHECK_INT(n, 1);                                      /* self-scoring begins: the season was opened before */
    CHECK_INT(told(db, who), 1);
    for (int i = 0; i < 3; i++) {
        CHECK_OK(season_remind(db, a, &k, (Time){ noon(early).ms + i * MS_HOUR }, &n));
        CHECK_INT(n, i == 0);
    }
    CHECK_INT(told(db, who), 2);
    CHECK_OK(season_remind(db, a, &k, (Time){ date_start(due).ms + 6 * MS_HOUR }, &n));
    CHECK_INT(n, 0);                                      /* nobody is told at night */
    Date last = due;
    while (season_remind_stage(&k, last, due) != 1)
        last.day--;
    CHECK_OK(season_remind(db, a, &k, noon(last), &n));
    CHECK_INT(n, 1);
    Teller t = { .db = db, .a = a, .by = { 7 }, .at = noon(last) };
    CHECK(card_awaited(&s, &card, last) && !card_awaited(&s, &card, (Date){ s.calendar.starts.day - 1 }));
    CHECK_OK(card_remind(&t, &s, &card, &done));
    CHECK(done);
    CHECK_OK(card_remind(&t, &s, &card, &done));
    CHECK(!done);
    CHECK_INT(told(db, who), 4);
    CHECK_OK(season_reminded(db, a, s.id, &all));
    CHECK(all.len == 4 && str_eq(all.at[1].step, S("remind.5")) && str_eq(all.at[3].step, S("remind")));
    CHECK(all.at[3].by.v == 7 && all.at[3].until.day == due.day);
    CHECK(card_reminded_last(&all, card.id) == &all.at[3]);
    /* More time: the new last day is reminded of anew. */
    CHECK_OK(card_extend(db, a, &card, (Date){ due.day + 14 }, S("mưa lũ"), (PersonId){ 0 }, noon(last)));
    Date later = { due.day + 14 };
    while (season_remind_stage(&k, later, card.extended) != 1)
        later.day--;
    CHECK_OK(season_remind(db, a, &k, noon(later), &n));
    CHECK_INT(n, 1);
    CHECK_OK(db_commit(db));
}

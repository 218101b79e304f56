/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Notices on both databases: to whom, once, unread first, read, kept; sentences of every topic in both languages. */
#include "notice/parts.h"
#include "org/unit_store.h"
#include "store/test_store.h"

static void fine(Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

typedef struct World { Arena *a; Db *db; Time now; PersonId leader, officer, other, away; } World;

static PersonId person(World *w, Str login, Role role, int64_t works_in, int64_t grant_on)
{
    PersonId    id = { 0 };
    GrantId     grant;
    PersonDraft p = { .login = login, .name = login, .unit = { works_in } };
    fine(person_create(w->db, w->a, &p, (PersonId){ 0 }, w->now, &id));
    GrantDraft  g = { .person = id, .role = role, .unit = { grant_on }, .from = date_of(w->now), .to = DATE_NONE };
    fine(grant_give(w->db, w->a, (PersonId){ 0 }, &g, date_of(w->now), w->now, &grant));
    return id;
}

/* A nation with two provinces, 2 and 3. */
static World world_new(Arena *a, Store *store)
{
    World w = { .a = a, .db = test_take(store, a), .now = time_now() };
    fine(db_begin_write(w.db));
    test_sql(w.db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', ''), "
                       "(2, 'province', '0001-01-01', '9999-12-31', ''), (3, 'province', '0001-01-01', '9999-12-31', '')"));
    test_sql(w.db, SQL("INSERT INTO unit_versions (unit_id, from_day, to_day, parent_id, code, name_vi, name_en, full_name_vi, subtype, source) VALUES "
                       "(1, '0001-01-01', '9999-12-31', NULL, 'VN', 'Việt Nam', 'Viet Nam', '', '', 'test'), "
                       "(2, '0001-01-01', '9999-12-31', 1, '01', 'Hà Nội', 'Ha Noi', '', '', 'test'), "
                       "(3, '0001-01-01', '9999-12-31', 1, '04', 'Cao Bằng', 'Cao Bang', '', '', 'test')"));
    fine(unit_stamp_renew(w.db));
    w.leader  = person(&w, S("lanhdao"), ROLE_LEADER, 2, 2);
    w.officer = person(&w, S("canbo"), ROLE_OFFICER, 2, 2);
    w.other   = person(&w, S("tinhkhac"), ROLE_LEADER, 3, 3);
    w.away    = person(&w, S("trunguong"), ROLE_LEADER, 1, 1);
    fine(db_commit(w.db));
    fine(db_begin_write(w.db));
    return w;
}

static int64_t unread(World *w, PersonId who)
{
    int64_t n = -1;
    fine(notice_unread(w->db, who, &n));
    return n;
}

static NoticeRows list(World *w, PersonId who, bool unread_only)
{
    NoticeRows rows = { 0 };
    fine(notice_list(w->db, w->a, &(NoticeFilter){ .who = who, .group = NOTICE_GROUP_COUNT, .unread = unread_only, .most = 100 }, &rows));
    return rows;
}

static const Notice asked = { .topic = TOPIC_CARD_ASKED, .href = S_INIT("/console/cards/7"), .title = S_INIT("PAR INDEX 2026"), .unit = { 2 }, .n = 3 };

TEST_EACH_STORE(a_notice_reaches_who_works_in_the_unit_and_nobody_else)
{
    World w = world_new(a, store);
    NoticeAudience to = { .right = RIGHT_CARD_SIGN, .other = RIGHT_CARD_SCORE, .unit = { 2 }, .working = true };
    CHECK_OK(notice_add_all(w.db, a, &to, &asked, w.now));
    CHECK_INT(unread(&w, w.leader), 1);
    CHECK_INT(unread(&w, w.officer), 1);
    CHECK_INT(unread(&w, w.other), 0);
    CHECK_INT(unread(&w, w.away), 0);                    /* holds the right on the nation, works elsewhere */
    to.by = w.leader;
    CHECK_OK(notice_add_all(w.db, a, &to, &asked, w.now));
    CHECK_INT(unread(&w, w.leader), 1);                  /* did it */
    CHECK_INT(unread(&w, w.officer), 2);
    to = (NoticeAudience){ .right = RIGHT_CARD_SIGN, .unit = { 2 } };
    CHECK_OK(notice_add_all(w.db, a, &to, &asked, w.now));
    CHECK_INT(unread(&w, w.away), 1);
    CHECK_OK(notice_add(w.db, (PersonId){ 0 }, &asked, w.now));          /* a command: nobody */
}

TEST_EACH_STORE(what_is_told_once_is_told_once_to_each)
{
    World  w = world_new(a, store);
    Notice n = asked;
    n.once = S("second:7:1");
    for (int i = 0; i < 3; i++) {
        CHECK_OK(notice_add(w.db, w.leader, &n, w.now));
        CHECK_OK(notice_add(w.db, w.officer, &n, w.now));
        CHECK_OK(notice_add(w.db, w.other, &asked, w.now));
    }
    CHECK_INT(unread(&w, w.leader), 1);
    CHECK_INT(unread(&w, w.officer), 1);
    CHECK_INT(unread(&w, w.other), 3);
}

TEST_EACH_STORE(unread_notices_come_first_and_marks_are_ones_own)
{
    World      w = world_new(a, store);
    Notice     n = asked;
    NoticeRow  x;
    int64_t    marked = 0;
    NoticeCounts counts;
    for (n.n = 1; n.n <= 3; n.n++)
        CHECK_OK(notice_add(w.db, w.leader, &n, w.now));
    CHECK_OK(notice_add(w.db, w.leader, &(Notice){ .topic = TOPIC_JOB_DONE, .href = S("/console/jobs/1"), .word = S("job.kind.report.make") }, w.now));
    NoticeRows rows = list(&w, w.leader, false);
    CHECK(rows.len == 4 && rows.at[1].n.n == 3 && rows.at[3].n.n == 1 && rows.at[1].n.unit.v == 2);
    CHECK(err_is(notice_load(w.db, a, w.other, rows.at[1].id, &x), ERR_NOT_FOUND));
    CHECK_OK(notice_mark(w.db, w.other, rows.at[1].id, true, w.now));
    CHECK_INT(unread(&w, w.leader), 4);                                  /* another's mark does nothing */
    CHECK_OK(notice_mark(w.db, w.leader, rows.at[1].id, true, w.now));
    rows = list(&w, w.leader, false);
    CHECK(rows.len == 4 && rows.at[3].n.n == 3 && rows.at[3].read_at.ms > 0);
    CHECK_INT(list(&w, w.leader, true).len, 3);
    CHECK_OK(notice_counts(w.db, w.leader, &counts));
    CHECK(counts.all == 4 && counts.unread == 3 && counts.of[NOTICE_SEASON] == 3 && counts.of[NOTICE_JOB] == 1);
    CHECK_OK(notice_list(w.db, a, &(NoticeFilter){ .who = w.leader, .group = NOTICE_JOB, .most = 10 }, &rows));
    CHECK(rows.len == 1 && str_eq(rows.at[0].n.word, S("job.kind.report.make")));
    CHECK_OK(notice_mark(w.db, w.leader, list(&w, w.leader, false).at[3].id, false, w.now));
    CHECK_OK(notice_mark_all(w.db, w.leader, w.now, &marked));
    CHECK_INT(marked, 4);
    CHECK_INT(unread(&w, w.leader), 0);
}

TEST_EACH_STORE(read_notices_are_forgotten_before_unread_ones)
{
    World w = world_new(a, store);
    int64_t marked;
    CHECK_OK(notice_add(w.db, w.leader, &asked, w.now));
    CHECK_OK(notice_add(w.db, w.officer, &asked, w.now));
    CHECK_OK(notice_mark_all(w.db, w.leader, w.now, &marked));
    CHECK_OK(notice_tidy(w.db, (Time){ w.now.ms + 89 * MS_DAY }));
    CHECK_INT(list(&w, w.leader, false).len, 1);
    CHECK_OK(notice_tidy(w.db, (Time){ w.now.ms + 91 * MS_DAY }));
    CHECK_INT(list(&w, w.leader, false).len, 0);
    CHECK_INT(list(&w, w.officer, false).len, 1);
    CHECK_OK(notice_tidy(w.db, (Time){ w.now.ms + 366 * MS_DAY }));
    CHECK_INT(list(&w, w.officer, false).len, 0);
}

TEST(every_topic_has_a_sentence_in_both_languages)
{
    NoticeTopic back;
    for (int t = 0; t < TOPIC_COUNT; t++) {
        Notice n = { .topic = (NoticeTopic)t, .title = S("<b>Đợt</b>"), .word = S("job.kind.report.make"), .unit = { 2 },
                     .day = date_from_ymd(2026, 11, 30), .n = 2 };
        CHECK(notice_topic_code(n.topic).len && notice_topic_parse(notice_topic_code(n.topic), &back) && back == n.topic);
        for (int l = 0; l < LANG_COUNT; l++) {
            Str  s = notice_sentence(a, (Lang)l, &n, S("Hà Nội"));
            bool filled = !str_has(s, S("{")) && str_has(s, S("Đợt"));
            if (s.len < 20 || !filled)
                test_fail(__FILE_NAME__, __LINE__, "%.*s: %.*s", STR_ARG(notice_topic_code(n.topic)), STR_ARG(s));
        }
    }
    for (int g = 0; g < NOTICE_GROUP_COUNT; g++)
        for (int l = 0; l < LANG_COUNT; l++)
            CHECK(text_find((Lang)l, str_concat(a, S("notice.group."), notice_group_code((NoticeGroup)g))).len > 0);
}

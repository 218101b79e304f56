/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The machine at a desk: one tap is one answer, however often it comes; reasons join it; what nobody goes on with is sent by itself. */
#include "browse.h"
#include "collect/desk.h"

static const char *const at_desk =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|required|relevant\n"
    "hidden|quay|||\n"
    "select_one muc|muc|Ông/bà hài lòng không?|yes|\n"
    "select_multiple vi|vi|Vì sao chưa hài lòng?|yes|${muc} < 3\n"
    "integer|phut|Chờ bao nhiêu phút?|no|\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|td_value|td_missing\nmuc|1|Không hài lòng|1|\nmuc|3|Hài lòng|3|\nmuc|9|Không có ý kiến||yes\n"
    "vi|lau|Chờ lâu||\nvi|kho|Khó hiểu||\n"
    "[settings]\nform_id|version|form_title|default_language\nquay|1|Tại quầy|Tiếng Việt (vi)\n";

static const Mount desk_mounts[] = { { "", collect_desk_routes }, { "", collect_respondent_routes } };

typedef struct DeskSite { Site *x; Desk d; Str start, visit; Browser b; } DeskSite;

static DeskSite desk_site(Store *store, Arena *a, const char *follow)
{
    Str      key = S("");
    DeskSite s   = { .x = site_with(a, round_fixture_of(store, a, at_desk)) };
    s.x->f.app.mounts      = desk_mounts;
    s.x->f.app.mount_count = COUNT_OF(desk_mounts);
    s.d = (Desk){ .round = s.x->f.round.id, .name = S("Quầy 3"), .rating = S("muc"), .follow = str_from_c(follow), .given = S("{\"quay\":\"Quầy 3\"}") };
    Err e = db_begin_write(s.x->f.db);
    if (!e) e = desk_add(s.x->f.db, a, collect_keys(&s.x->f.app), &s.d, (PersonId){ 1 }, time_now(), &key);
    if (!e) e = db_commit(s.x->f.db);
    CHECK(!e);
    s.b     = browser(s.x, a);
    s.start = str_concat(a, S("/k/"), key);
    return s;
}

static const char *at(DeskSite *s, const char *rest)
{
    return arena_c(s->b.a, str_concat(s->b.a, s->start, str_from_c(rest)));
}

static void tap(DeskSite *s, const char *value)
{
    get(&s->b, at(s, ""));
    CHECK_INT(s->b.status, 200);
    s->visit = value_of(s->b.page, "visit", s->b.a);
    post(&s->b, at(s, "/tap"), arena_c(s->b.a, arena_fmt(s->b.a, "visit=%.*s&value=%s", STR_ARG(s->visit), value)));
}

static Str stored(DeskSite *s)
{
    Str       text = S("");
    AUTO_STMT q    = db_prepare(s->x->f.db, SQL("SELECT answers FROM submissions ORDER BY id"));
    while (db_row(q))
        text = arena_str(s->b.a, col_str(q, 0));
    CHECK(!db_done(q));
    return text;
}

static int64_t drafts(DeskSite *s)
{
    return test_sql_int(s->x->f.db, SQL("SELECT COUNT(*) FROM drafts"));
}

static void due(DeskSite *s, int64_t later_s)
{
    int64_t sent;
    CHECK_OK(desks_due(s->x->f.db, s->x->f.store, s->b.a, &s->x->f.app, (Time){ time_now().ms + later_s * MS_SECOND }, &sent));
}

TEST_EACH_STORE(desk_a_tap_and_its_reasons_are_one_answer)
{
    DeskSite s = desk_site(store, a, "vi phut");
    tap(&s, "1");
    CHECK(str_has(s.b.location, S("/more?v=")));
    CHECK(str_has(s.b.page, S("Không hài lòng")) && str_has(s.b.page, S("Chờ lâu")) && str_has(s.b.page, S("http-equiv=\"refresh\"")));
    CHECK(!s.b.cookies.len);                                              /* nothing stays on the machine */
    CHECK_INT(drafts(&s), 1);
    CHECK_INT(fixture_stored(&s.x->f, a), 0);
    due(&s, 10);
    CHECK_INT(fixture_stored(&s.x->f, a), 0);                             /* the visitor is still there */
    post(&s.b, at(&s, "/more"), arena_c(a, arena_fmt(a, "visit=%.*s&q.vi=lau&q.phut=nhieu", STR_ARG(s.visit))));
    CHECK(str_has(s.b.location, S("e=1")) && str_has(s.b.page, S("error-summary")) && str_has(s.b.page, S("nhieu")));
    post(&s.b, at(&s, "/more"), arena_c(a, arena_fmt(a, "visit=%.*s&q.vi=lau&q.vi=kho&q.phut=25", STR_ARG(s.visit))));
    CHECK(str_ends(s.b.location, S("/thanks")));
    CHECK_STR(stored(&s), S("{\"quay\":\"Quầy 3\",\"muc\":\"1\",\"vi\":\"lau kho\",\"phut\":\"25\"}"));
    CHECK_INT(fixture_stored(&s.x->f, a), 1);
    CHECK_INT(drafts(&s), 0);
    CHECK_INT(test_sql_int(s.x->f.db, SQL("SELECT by_machine * 10 + today FROM desks")), 11);
    CHECK_INT(test_sql_int(s.x->f.db, SQL("SELECT COUNT(*) FROM submissions WHERE channel = 'kiosk'")), 1);
    post(&s.b, at(&s, "/more"), arena_c(a, arena_fmt(a, "visit=%.*s&q.vi=lau", STR_ARG(s.visit))));
    CHECK(str_ends(s.b.location, S("late=1")));                           /* and said so */
    CHECK_INT(fixture_stored(&s.x->f, a), 1);
    http_stop(s.x->server);
    fixture_whole(&s.x->f, a);
}

TEST_EACH_STORE(desk_the_same_tap_again_is_the_same_answer)
{
    DeskSite s = desk_site(store, a, "");
    tap(&s, "3");
    CHECK(str_ends(s.b.location, S("/thanks")));                          /* nothing follows: sent at once */
    for (int i = 0; i < 3; i++) {
        post(&s.b, at(&s, "/tap"), arena_c(a, arena_fmt(a, "visit=%.*s&value=%d&now=1", STR_ARG(s.visit), i % 2 ? 1 : 3)));
        CHECK(str_ends(s.b.location, S("/thanks")));
    }
    CHECK_INT(fixture_stored(&s.x->f, a), 1);
    CHECK_STR(stored(&s), S("{\"quay\":\"Quầy 3\",\"muc\":\"3\"}"));
    post(&s.b, at(&s, "/tap"), "visit=00000000-0000-4000-8000-000000000001&value=7");
    CHECK_STR(s.b.location, s.start);                                     /* no such choice */
    post(&s.b, at(&s, "/tap"), "visit=1&value=3");
    CHECK_STR(s.b.location, s.start);
    CHECK_INT(fixture_stored(&s.x->f, a), 1);
    CHECK_INT(test_sql_int(s.x->f.db, SQL("SELECT COUNT(*) FROM device_marks")), 0);
    http_stop(s.x->server);
    fixture_whole(&s.x->f, a);
}

TEST_EACH_STORE(desk_what_nobody_goes_on_with_is_sent_by_itself)
{
    DeskSite s = desk_site(store, a, "vi");
    tap(&s, "1");
    tap(&s, "3");                                                         /* the satisfied are asked nothing more */
    CHECK(str_ends(s.b.location, S("/thanks")));
    tap(&s, "1");
    post(&s.b, at(&s, "/tap"), arena_c(a, arena_fmt(a, "visit=%.*s&value=3", STR_ARG(s.visit))));
    CHECK(str_has(s.b.location, S("/more?v=")));                          /* the first tap stands */
    CHECK_INT(fixture_stored(&s.x->f, a), 1);
    due(&s, DESK_DUE_S + 5);
    due(&s, DESK_DUE_S + 5);
    CHECK_INT(fixture_stored(&s.x->f, a), 3);
    CHECK_INT(drafts(&s), 0);
    CHECK_INT(test_sql_int(s.x->f.db, SQL("SELECT by_machine FROM desks")), 3);
    CHECK_INT(test_sql_int(s.x->f.db, SQL("SELECT COUNT(*) FROM submissions WHERE flagged = 1")), 0);
    http_stop(s.x->server);
    fixture_whole(&s.x->f, a);
}

TEST_EACH_STORE(desk_its_poster_knows_the_desk_and_a_stopped_one_is_gone)
{
    DeskSite s = desk_site(store, a, "vi");
    const char *poster = arena_c(a, arena_fmt(a, "/s/thu-2026?d=%.*s", STR_ARG(s.d.poster)));
    get(&s.b, poster);
    CHECK(str_has(s.b.page, S("name=\"c\" value=\"qr\"")));
    post(&s.b, "/s/thu-2026", arena_c(a, arena_fmt(a, "consent=yes&c=qr&d=%.*s", STR_ARG(s.d.poster))));
    CHECK_STR(s.b.location, S("/s/thu-2026/question/muc"));
    post(&s.b, "/s/thu-2026/question/muc", "q.muc=3");
    post(&s.b, "/s/thu-2026/question/phut", "q.phut=5");
    post(&s.b, "/s/thu-2026/check", "");
    CHECK_STR(s.b.location, S("/s/thu-2026/sent"));
    CHECK_STR(stored(&s), S("{\"quay\":\"Quầy 3\",\"muc\":\"3\",\"phut\":\"5\"}"));
    CHECK_INT(test_sql_int(s.x->f.db, SQL("SELECT by_phone * 10 + by_machine FROM desks")), 10);
    Err e = db_begin_write(s.x->f.db);
    if (!e) e = desk_revoke(s.x->f.db, s.d.id, (PersonId){ 1 }, time_now());
    if (!e) e = db_commit(s.x->f.db);
    CHECK_OK(e);
    get(&s.b, at(&s, ""));
    CHECK_INT(s.b.status, 404);
    post(&s.b, at(&s, "/tap"), "visit=00000000-0000-4000-8000-000000000001&value=3");
    CHECK_INT(s.b.status, 404);
    CHECK_INT(fixture_stored(&s.x->f, a), 1);
    http_stop(s.x->server);
}

TEST_EACH_STORE(desk_says_when_the_round_takes_nothing)
{
    DeskSite s = desk_site(store, a, "vi");
    tap(&s, "1");
    fixture_step(&s.x->f, a, ROUND_PAUSED);
    get(&s.b, at(&s, ""));
    CHECK_INT(s.b.status, 503);
    CHECK(str_has(s.b.page, S("data-desk=\"shut\"")) && str_has(s.b.page, S("data-waiting")) && str_has(s.b.page, S("data-refused")));
    due(&s, DESK_DUE_S + 5);
    CHECK_INT(drafts(&s), 1);                                             /* kept, and sent when the round goes on */
    fixture_step(&s.x->f, a, ROUND_OPEN);
    due(&s, DESK_DUE_S + 5);
    CHECK_INT(fixture_stored(&s.x->f, a), 1);
    CHECK_INT(drafts(&s), 0);
    http_stop(s.x->server);
}

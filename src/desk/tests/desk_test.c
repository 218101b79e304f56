/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Queries as texts, letters, units of another day, kept tables. */
#include "base/test.h"
#include "desk/saved.h"
#include "store/test_store.h"

TEST(desk_queries_are_texts_and_back)
{
    DeskQuery q = { .round = S("dot-1"), .what = S("q.câu hỏi"), .measure = DESK_MEAN, .by = { S("tinh"), S("td.channel") },
                    .filter = { { S("gioi"), S("nu&nam") } }, .view = S("2024"), .with = S("dot-0") }, again;
    Str text = desk_query_text(a, &q);
    CHECK_OK(desk_query_parse(a, text, &again));
    CHECK_STR(desk_query_text(a, &again), text);
    CHECK_STR(again.what, q.what);
    CHECK_STR(again.filter[0].choice, S("nu&nam"));
    CHECK_INT(again.measure, DESK_MEAN);
    CHECK_OK(desk_query_parse(a, S("by=tinh&by2=tinh&m=zz&f=chi-co-ten&%zz=1&x"), &again));
    CHECK_STR(again.by[1], S(""));
    CHECK_INT(again.measure, DESK_SATISFIED);
    CHECK_STR(desk_query_text(a, &again), S("by=tinh"));
    CHECK_ERR(desk_query_parse(a, S("what=%ff%fe"), &again), ERR_INVALID);
    CHECK_OK(desk_query_parse(a, S("by2=tinh"), &again));     /* the second alone is the first */
    CHECK_STR(again.by[0], S("tinh"));
}

TEST(desk_letters_go_past_z)
{
    CHECK_STR(desk_letter(a, 1), S("A"));
    CHECK_STR(desk_letter(a, 26), S("Z"));
    CHECK_STR(desk_letter(a, 27), S("AA"));
    CHECK_STR(desk_letter(a, 34), S("AH"));
    CHECK_STR(desk_letters(a, UINT64_C(5) | UINT64_C(1) << 26), S("A C AA"));
}

TEST(desk_views_are_days)
{
    Date on, today = date_from_ymd(2026, 11, 22);
    CHECK(desk_view_day(S(""), today, &on) && date_is_none(on));
    CHECK(desk_view_day(S("now"), today, &on) && on.day == today.day);
    CHECK(desk_view_day(S("2024"), today, &on) && on.day == date_from_ymd(2024, 12, 31).day);
    CHECK(!desk_view_day(S("20240"), today, &on));
    CHECK(!desk_view_day(S("xx"), today, &on));
}

static const DeskLevel *level_named(const DeskAxis *axis, const char *label)
{
    for (size_t i = 0; i < axis->levels; i++)
        if (str_eq(axis->at[i].label, str_from_c(label)))
            return &axis->at[i];
    return NULL;
}

/* A round of before the mergers of 2025-07-01, seen in the units of today; one of today, seen in those of 2024. */
TEST_EACH_STORE(desk_units_follow_successions)
{
    Db *db = test_take(store, a);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(unit_load_reference(db, a, NULL, NULL));
    CHECK_OK(db_commit(db));
    FormProgram p = { 0 };
    FormList   *list = list_add(a, &p.lists);
    *list = (FormList){ .name = S("tinh") };
    *list_add(a, &list->choices) = (FormChoice){ .name = S("24"), .label = { S("Bắc Giang") } };
    *list_add(a, &list->choices) = (FormChoice){ .name = S("27"), .label = { S("Bắc Ninh") } };
    *list_add(a, &list->choices) = (FormChoice){ .name = S("01"), .label = { S("Hà Nội") } };
    *list_add(a, &p.nodes) = (FormNode){ .name = S("tinh"), .type = Q_SELECT_ONE, .list = 0, .answer = 0, .repeat = -1 };
    DeskMenu m = { .p = &p };
    *list_add(a, &m.variables) = (SnapVariable){ SNAP_CHOICE, 0, -1, S("q.tinh"), COLUMN_U8 };
    *list_add(a, &m.axes) = (DeskThing){ S("tinh"), S("Tỉnh"), DESK_CHOICE, 0, -1 };
    Round    r = { .unit_question = S("tinh"), .opens_at = date_start(date_from_ymd(2024, 3, 1)) };
    DeskAsk  x = { .db = db, .store = store, .a = a, .lang = LANG_VI, .today = date_from_ymd(2026, 11, 22) };
    DeskAxis axis;
    AxisMap  map;
    CHECK_OK(desk_axis(&x, &m, &r, S("tinh"), S(""), &axis, &map));
    CHECK_INT(axis.levels, 3);
    CHECK_OK(desk_axis(&x, &m, &r, S("tinh"), S("now"), &axis, &map));
    CHECK_INT(axis.levels, 34);
    CHECK(level_named(&axis, "Bắc Ninh") && !level_named(&axis, "Bắc Giang"));
    CHECK(map.target[1].len == 1 && map.target[2].len == 1 && !map.divided);
    CHECK_INT(map.target[1].at[0].level, map.target[2].at[0].level);
    CHECK(map.target[3].at[0].level != map.target[1].at[0].level);
    CHECK_INT(map.lost.len, 0);
    r.opens_at = date_start(date_from_ymd(2026, 3, 1));
    list->choices.len = 1;                       /* "24" is the new Bắc Ninh, made of two provinces: nobody knows which one an answer was of */
    CHECK_OK(desk_axis(&x, &m, &r, S("tinh"), S("2024"), &axis, &map));
    CHECK_INT(axis.levels, 63);
    CHECK_INT(map.target[1].len, 0);
    CHECK(map.lost.len > 0);
    CHECK_ERR(desk_axis(&x, &m, &r, S("nobody"), S(""), &axis, &map), ERR_INVALID);
}

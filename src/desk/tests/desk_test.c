/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Queries as texts, letters, units of another day, kept tables. */
#include "base/test.h"
#include "collect/tests/round_fixture.h"
#include "desk/desk_parts.h"
#include "desk/saved.h"
#include "edition/weighting.h"
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

static Str recipe_key(const RoundFixture *f, Arena *a)
{
    Str key = S("?");
    return desk_recipe_key(f->db, a, f->round.id, &key) ? S("?") : key;
}

/* An interview is refused, then the supervisor corrects it: no answer changes, but weights do. */
TEST_EACH_STORE(desk_copies_follow_outcomes_that_weights_go_by)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Weighting    w = { .design = SOURCE_SAMPLE, .made_at = { 1 } };
    CHECK_OK(db_begin_write(f.db));
    CHECK_STR(recipe_key(&f, a), S(""));
    test_sql(f.db, SQL("INSERT INTO frames (id, owner_unit, title, file_name, upload_sha, state, made_at, made_by) "
                       "VALUES (2, 1, 'x', 'x', 'x', 'ready', 1, 1)"));
    test_sql(f.db, SQL("INSERT INTO samples (id, frame_id, owner_unit, title, design, seed, program, design_sha, frame_sha, list_sha, sha256, document_sha, "
                       "list_file, main_count, reserve_count, drawn_at, drawn_by) "
                       "VALUES (3, 2, 1, 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 1, 1, 1, 1)"));
    test_sql(f.db, SQL("INSERT INTO field_rounds (round_id, sample_id, due_day, erase_days, opened_at, opened_by) "
                       "SELECT id, 3, '2026-01-01', 30, 1, 1 FROM rounds"));
    test_sql(f.db, SQL("INSERT INTO field_cases (id, round_id, number, code, cell, place, reserve, active, weight) "
                       "SELECT 101, id, 1, 'x', 'x', 'x', 0, 1, 2.5 FROM rounds UNION ALL SELECT 102, id, 2, 'x', 'x', 'x', 1, 0, 2.5 FROM rounds"));
    CHECK_OK(weighting_add(f.db, a, f.round.id, &w));
    Str plain = recipe_key(&f, a);
    test_sql(f.db, SQL("INSERT INTO field_attempts (id, case_id, person_id, at, mode, disposition) VALUES (1, 101, 1, 5, 'visit', 'refused')"));
    CHECK_STR(recipe_key(&f, a), plain);                     /* nothing of it goes by outcomes */
    w.response = S("stratum");
    CHECK_OK(weighting_add(f.db, a, f.round.id, &w));
    Str before = recipe_key(&f, a);
    CHECK_STR(recipe_key(&f, a), before);
    test_sql(f.db, SQL("INSERT INTO field_attempts (id, case_id, person_id, at, mode, disposition) VALUES (2, 101, 1, 5, 'desk', 'vacant')"));
    Str corrected = recipe_key(&f, a);
    CHECK(!str_eq(corrected, before));
    test_sql(f.db, SQL("UPDATE field_cases SET active = 1 WHERE id = 102"));
    CHECK(!str_eq(recipe_key(&f, a), corrected));
    db_rollback(f.db);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Dashboards that leaders put together: thresholds, and rows on both databases. */
#include "base/test.h"
#include "board/panel.h"
#include "store/test_store.h"

#include <math.h>

static PanelTile tile(double target, double amber, double red)
{
    return (PanelTile){ .target = target, .amber = amber, .red = red };
}

TEST(a_value_is_judged_by_the_thresholds_that_are_set)
{
    PanelTile all = tile(90, 80, 70), some = tile(NAN, 80, NAN), none = tile(NAN, NAN, NAN);
    CHECK_INT(panel_state(&all, 69.99), PANEL_RED);
    CHECK_INT(panel_state(&all, 70), PANEL_AMBER);
    CHECK_INT(panel_state(&all, 80), PANEL_FINE);
    CHECK_INT(panel_state(&all, 90), PANEL_MET);
    CHECK_INT(panel_state(&all, NAN), PANEL_NONE);
    CHECK_INT(panel_state(&some, 10), PANEL_AMBER);
    CHECK_INT(panel_state(&some, 99), PANEL_FINE);
    CHECK_INT(panel_state(&none, 99), PANEL_NONE);
}

TEST(thresholds_stand_in_their_order_and_within_bounds)
{
    PanelTile good[] = { tile(90, 80, 70), tile(NAN, NAN, NAN), tile(80, 80, 80), tile(0, NAN, NAN), tile(NAN, NAN, 1000) };
    PanelTile order[] = { tile(70, 80, NAN), tile(90, 70, 80), tile(60, NAN, 70) };
    PanelTile range[] = { tile(-1, NAN, NAN), tile(NAN, 1001, NAN), tile(NAN, NAN, INFINITY) };
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK_STR(panel_bounds_fault(&good[i]), S(""));
    for (size_t i = 0; i < COUNT_OF(order); i++)
        CHECK_STR(panel_bounds_fault(&order[i]), S("panel.error.order"));
    for (size_t i = 0; i < COUNT_OF(range); i++)
        CHECK_STR(panel_bounds_fault(&range[i]), S("panel.error.range"));
}

TEST_EACH_STORE(a_panel_keeps_its_tiles_in_order_and_is_seen_by_others_when_shared)
{
    Db *db = test_take(store, a);
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    Panel      p = { .unit = { 1 }, .owner = { 5 }, .name = S("Bảng tuần"), .changed_at = { 1000 } }, read;
    PanelTile  first = { .position = 1, .kind = PANEL_PUBLISHED, .source = S("PAR"), .unit = { 1 }, .target = 90, .amber = NAN, .red = 0 }, second = first;
    Panels     mine, others;
    PanelTiles tiles;
    CHECK_OK(panel_insert(db, &p));
    CHECK_OK(panel_tile_insert(db, p.id, &first));
    second.position = 2;
    second.kind     = PANEL_RANKING;
    second.wide     = true;
    CHECK_OK(panel_tile_insert(db, p.id, &second));
    CHECK_OK(panel_list(db, a, (PersonId){ 5 }, &mine));
    CHECK_OK(panel_list(db, a, (PersonId){ 6 }, &others));
    CHECK_INT((int)mine.len, 1);
    CHECK_INT((int)others.len, 0);
    p.shared = true;
    CHECK_OK(panel_update(db, &p));
    CHECK_OK(panel_list(db, a, (PersonId){ 6 }, &others));
    CHECK_INT((int)others.len, 1);
    first.position = 3;
    CHECK_OK(panel_tile_update(db, &first));
    CHECK_OK(panel_tiles(db, a, p.id, &tiles));
    CHECK_INT((int)tiles.len, 2);
    CHECK(tiles.at[0].kind == PANEL_RANKING && tiles.at[0].wide && tiles.at[1].kind == PANEL_PUBLISHED && !tiles.at[1].wide);
    CHECK_STR(tiles.at[1].source, S("PAR"));
    CHECK_NEAR(tiles.at[1].target, 90, 0);
    CHECK(isnan(tiles.at[1].amber) && tiles.at[1].red == 0);             /* none is not zero */
    CHECK_OK(panel_tile_remove(db, second.id));
    CHECK_OK(panel_remove(db, p.id));
    CHECK_ERR(panel_load(db, a, p.id, &read), ERR_NOT_FOUND);
    db_rollback(db);
}

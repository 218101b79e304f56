/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "season/tests/season_fixture.h"

#include "base/test.h"

Season season_fixture(Db *db, Arena *a, int64_t scheme, UnitId unit, Card *out_card)
{
    Season    s = { .title = S("Đợt chấm"), .made_at = { 1 }, .calendar = season_calendar_from((Date){ 20000 }) };
    SchemeRow row;
    Units     units = { 0 };
    Cards     cards = { 0 };
    *list_add(a, &units) = (Unit){ .id = unit };
    CHECK(!scheme_load(db, a, (SchemeId){ scheme }, &row));
    CHECK(!season_open(db, a, &row, &units, &s));
    CHECK(!season_cards(db, a, s.id, &cards));
    *out_card = cards.len ? cards.at[0] : (Card){ 0 };
    return s;
}

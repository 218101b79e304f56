/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The running season of the demonstration: the shipped scheme for provinces, opened some weeks ago; one has more time, one takes no part. */
#include "season/parts.h"

Err season_demo(Db *db, Arena *a, Time now)
{
    SchemeRows schemes;
    Units      units;
    Cards      cards;
    bool       known;
    Time       opened = { now.ms - 20 * MS_DAY };
    TRY(scheme_list(db, a, &schemes));
    for (size_t i = 0; i < schemes.len; i++) {
        const SchemeRow *row = &schemes.at[i];
        if (row->unit.v != UNIT_ROOT || !str_eq(row->unit_kind, S("province")))
            continue;
        Season s = { .title = S("Chấm chỉ số cải cách hành chính cấp tỉnh năm 2026 (minh họa)"), .made_at = opened,
                     .calendar = season_calendar_from(date_of(opened)) };
        TRY(season_units(db, a, row, date_of(now), &known, &units));
        TRY(season_open(db, a, row, &units, &s));
        TRY(season_cards(db, a, s.id, &cards));
        if (cards.len < 3)
            return OK;
        TRY(card_extend(db, a, &cards.at[1], (Date){ s.calendar.until[WINDOW_SELF].day + 7 },
                        S("Minh họa: đang hợp nhất số liệu sau sắp xếp đơn vị hành chính"), (PersonId){ 0 }, now));
        return card_step(db, a, &cards.at[2], CARD_STEP_WITHDRAW, S("Minh họa: chưa tham gia đợt thử"), (PersonId){ 0 }, now);
    }
    return OK;
}

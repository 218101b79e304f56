/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When a change may be called one. */
#include "base/test.h"
#include "board/parts.h"

#include <math.h>

TEST(a_change_is_told_only_where_its_interval_leaves_zero_out)
{
    Change up = change_of(80, 0.5, 82, 0.5), same = change_of(80, 1, 82, 1), down = change_of(80, 0.3, 78, 0.4);
    CHECK_INT(up.sign, 1);
    CHECK_INT(same.sign, 0);
    CHECK_INT(down.sign, -1);
    CHECK_NEAR(up.low, 2 - 1.959963984540054 * sqrt(0.5), 1e-12);
    CHECK_NEAR(up.high, 2 + 1.959963984540054 * sqrt(0.5), 1e-12);
    CHECK_INT(change_of(10, 0, 90, NAN).sign, 0);          /* no error is known: nothing is claimed */
    CHECK(isnan(change_of(10, 0, 90, NAN).low));
    CHECK_INT(change_of(NAN, 1, 90, 1).sign, 0);
}

/* z of 2.4 alone is clear (p = 0.016); beside four others it is not (4 × 0.016), and one of z = 4 still is. */
TEST(changes_told_side_by_side_must_hold_for_all_of_them)
{
    Change one[] = { change_of(80, 0, 82.4, 1) };
    changes_hold(*a, one, 1);
    CHECK_INT(one[0].sign, 1);
    Change five[] = { change_of(80, 0, 82.4, 1), change_of(80, 0, 80.1, 1), change_of(80, 0, 79.8, 1), change_of(80, 0, 80.3, 1), change_of(80, 0, 76, 1),
                      change_of(80, NAN, 90, 1) };
    CHECK_INT(five[0].sign, 1);
    changes_hold(*a, five, 6);
    CHECK_INT(five[0].sign, 0);
    CHECK_INT(five[4].sign, -1);
    CHECK_INT(five[5].sign, 0);
}

/* Code 24 was Bắc Giang's and is Bắc Ninh's. */
TEST(a_province_of_another_day_is_known_by_what_it_is_not_by_its_code)
{
    Unit  then[] = { { .id = { 5 }, .code = S_INIT("01") }, { .id = { 7 }, .code = S_INIT("24") } };
    Units all    = { .at = then, .len = 2 };
    CHECK_INT(province_then(&all, &(Unit){ .id = { 9 }, .code = S("24") }), -1);
    CHECK_INT(province_then(&all, &(Unit){ .id = { 7 }, .code = S("27") }), 1);
}

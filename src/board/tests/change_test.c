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

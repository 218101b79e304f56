/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The table of factors of a round. */
#include "base/test.h"
#include "edition/parts.h"

TEST(a_method_that_is_not_shipped_groups_nothing)
{
    Dataset known = { 0 }, unknown = { 0 };
    CHECK_OK(method_load(a, S("sipas-2023"), &known));
    CHECK(known.nodes.len > 5 && dataset_node_of(&known, S("B2.1")) >= 0);
    CHECK_OK(method_load(a, S("khong-co"), &unknown));        /* its rounds have results all the same: each question alone */
    CHECK_INT(unknown.nodes.len, 0);
    CHECK_INT(dataset_node_of(&unknown, S("B2.1")), -1);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The key design.adjust: weights changed so that totals meet known ones. */
#include "stats/case_parts.h"

Err case_adjust(Case *c)
{
    const Json *list = json_get(c->design_json, S("adjust"));
    if (!list || json_is(list, JSON_NULL) || (json_is(list, JSON_ARRAY) && !list->len))
        return OK;
    return case_fail(c, "bad_value", S("design.adjust"), "no such adjustment");
}

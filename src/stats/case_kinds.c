/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The kinds of statistics, by group. */
#include "stats/case_parts.h"

static const CaseKind *const kinds_all[] = {
    case_kinds_compare,
    case_kinds_estimate,
    case_kinds_glm,
    case_kinds_quality,
    case_kinds_scale,
    case_kinds_share,
    case_kinds_tests,
    case_kinds_weights,
};

const CaseKind *case_kind_find(Str name)
{
    for (size_t t = 0; t < COUNT_OF(kinds_all); t++)
        for (const CaseKind *k = kinds_all[t]; k->name; k++)
            if (str_eq(name, str_from_c(k->name)))
                return k;
    return NULL;
}

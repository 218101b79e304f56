/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The document of cases and its tables; private to the case reader. */
#ifndef STATS_CASE_SET_H
#define STATS_CASE_SET_H

#include "stats/case_parts.h"

enum { CASE_TABLES_MOST = 256, CASE_VALUES_MOST = 4000000 };

struct CaseSet {
    const Json *const *at;           /* len cases */
    size_t      len;
    const bool *repeated;            /* len: an earlier case has the same id */
    double      level;               /* confidence_default */
    CaseTable  *table;
    size_t      n_tables;
};

/* The table a case names; its fault, or missing_file, becomes the case's. */
MUST_USE Err case_table_find(Case *c, const Json *name, Str path, const CaseTable **out);
MUST_USE Err case_design_read(Case *c);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the files of the plan: checks and the small edits that acts are made of. */
#ifndef ORG_UNIT_RULES_H
#define ORG_UNIT_RULES_H

#include "org/unit_plan.h"
#include "org/unit_tree.h"

void plan_fault(UnitPlan *p, UnitFaultKind kind, Str field, Str value, Str other, Date date);
bool check_day(UnitPlan *p, Date on);
/* ending: units whose codes become free on that day. self 0: a new unit. */
void check_draft(UnitPlan *p, UnitKind kind, const UnitDraft *d, Period when, UnitId self, const UnitId *ending, size_t n);
/* The unit, living the day before and on that day; else a fault and NULL. */
UnitLife *check_living(UnitPlan *p, UnitId id, Date on, Str field);

#endif

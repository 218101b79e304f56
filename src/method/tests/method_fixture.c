/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "method/tests/method_fixture.h"

#include "base/test.h"

int64_t method_fixture(Db *db, Arena *a, UnitId unit)
{
    MethodFaults faults = { 0 };
    SurveyMethod m;
    MethodRow    row = { .unit = unit, .made_at = { 1 } };
    method_read(a, S("code,parent,kind,name_vi\nthu,,method,Thử\nB,,index,Chung\nb1,B,item,\n"), &m, &faults);
    if (faults.len || method_add(db, a, &m, &row))
        test_fail(__FILE_NAME__, __LINE__, "method");
    return row.id;
}

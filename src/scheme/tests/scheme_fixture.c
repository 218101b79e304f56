/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "scheme/tests/scheme_fixture.h"

#include "base/test.h"

int64_t scheme_fixture(Db *db, Arena *a, UnitId unit)
{
    AUTO(arena_close) Arena work = arena_open(1 << 24);
    const Json  *json   = NULL;
    Scheme       s      = { 0 };
    SchemeFaults faults = { 0 };
    SchemeRow    row    = { .unit = unit, .made_at = { 1 } };
    CHECK(!json_parse(a, S("{\"code\":\"S\",\"max\":1,\"criteria\":[{\"code\":\"1\",\"max\":1}]}"), &json));
    CHECK(scheme_read(a, work, json, &s, &faults));
    CHECK(!scheme_save(db, a, &s, S(""), &row));
    return row.id.v;
}

bool scheme_fixture_open(Str route)
{
    return !str_ends(route, S("/copy")) && !str_ends(route, S("/lock")) && !str_ends(route, S("/import")) && !str_ends(route, S("/confirm"));
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes that are kept: versions, codes, lock, copies for another year, what changed. */
#include "scheme/store.h"
#include "store/test_store.h"

static const char one[]   = "{\"code\":\"PAR-2026\",\"title\":\"Chỉ số 2026\",\"year\":2026,\"max\":3,\"criteria\":[{\"code\":\"1\",\"max\":1,"
                            "\"name\":\"A\",\"rule\":"
                            "{\"kind\":\"deadline\",\"of\":\"d\",\"due\":\"2026-01-30\",\"each\":0.1}},{\"code\":\"2\",\"max\":2,\"name\":\"B\"}]}";
static const char other[] = "{\"code\":\"PAR-2026\",\"title\":\"Chỉ số 2026\",\"year\":2026,\"max\":3,\"criteria\":[{\"code\":\"1\",\"max\":1.5,"
                            "\"name\":\"A\",\"rule\":"
                            "{\"kind\":\"deadline\",\"of\":\"d\",\"due\":\"2026-01-30\",\"each\":0.1}},{\"code\":\"3\",\"max\":1.5,\"name\":\"C\"}]}";

static Scheme scheme_of(Arena *a, Arena work, const char *text)
{
    Scheme       s      = { 0 };
    SchemeFaults faults = { 0 };
    const Json  *json   = NULL;
    CHECK(!json_parse(a, str_from_c(text), &json));
    CHECK(scheme_read(a, work, json, &s, &faults));
    return s;
}

static void unit_one(Db *db)
{
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
}

TEST_EACH_STORE(scheme_versions_are_kept_and_a_lock_stays)
{
    Db    *db   = test_take(store, a);
    AUTO(arena_close) Arena work = arena_open(1 << 24);
    Scheme s    = scheme_of(a, work, one), t = scheme_of(a, work, other), read;
    SchemeRow row = { .unit = { 1 }, .made_at = { 5 } }, again;
    SchemeRows rows;
    SchemeVersions versions;
    CHECK_OK(db_begin_write(db));
    unit_one(db);
    CHECK_OK(scheme_save(db, a, &s, S(""), &row));
    CHECK_OK(scheme_save(db, a, &t, S("vì sao"), &row));
    SchemeRow twin = { .unit = { 1 }, .made_at = { 5 } };
    CHECK_ERR(scheme_save(db, a, &s, S(""), &twin), ERR_CONFLICT);
    CHECK_OK(scheme_lock(db, row.id, (PersonId){ 7 }, (Time){ 9 }));
    CHECK_OK(scheme_lock(db, row.id, (PersonId){ 8 }, (Time){ 10 }));
    CHECK_OK(scheme_load(db, a, row.id, &again));
    CHECK_INT(again.version, 2);
    CHECK_INT(again.locked_at.ms, 9);
    CHECK_INT(again.locked_by.v, 7);
    CHECK_INT(again.leaves, 2);
    CHECK_OK(scheme_versions(db, a, row.id, &versions));
    CHECK_INT(versions.len, 2);
    CHECK_STR(versions.at[0].reason, S("vì sao"));
    CHECK_OK(scheme_definition(db, a, work, row.id, 1, &read));
    CHECK_STR(read.at[1].code, S("2"));
    CHECK_OK(scheme_definition(db, a, work, row.id, 0, &read));
    CHECK_STR(read.at[1].code, S("3"));
    CHECK_OK(scheme_list(db, a, &rows));
    CHECK_INT(rows.len, 1);
    CHECK_ERR(scheme_load(db, a, (SchemeId){ 1 }, &again), ERR_NOT_FOUND);
    CHECK_OK(db_commit(db));
}

TEST_EACH_STORE(a_scheme_kept_with_faults_is_told_with_them)
{
    Db    *db   = test_take(store, a);
    AUTO(arena_close) Arena work = arena_open(1 << 24);
    Scheme s    = scheme_of(a, work, one), read;
    SchemeRow row = { .unit = { 1 }, .made_at = { 5 } };
    SchemeFaults faults = { 0 };
    Str text;
    CHECK_OK(db_begin_write(db));
    unit_one(db);
    CHECK_OK(scheme_save(db, a, &s, S(""), &row));
    test_sql(db, SQL("UPDATE scheme_versions SET definition = '{\"code\":\"X\",\"max\":1,\"criteria\":[{\"code\":\"1\",\"max\":1,\"rule\":"
                     "{\"kind\":\"thresholds\",\"of\":\"x\",\"steps\":[[80,0.5],[100,1]]}}]}'"));
    CHECK_OK(scheme_definition_read(db, a, work, row.id, 0, &read, &faults));
    CHECK_INT(faults.len, 1);
    CHECK(faults.len == 1 && faults.at[0].kind == SCHEME_FAULT_STEPS && str_eq(faults.at[0].code, S("1")));
    CHECK_ERR(scheme_definition(db, a, work, row.id, 0, &read), ERR_CONFLICT);
    CHECK_OK(scheme_definition_text(db, a, row.id, 0, &text));
    CHECK(str_has(text, S("thresholds")));
    CHECK_OK(db_commit(db));
}

TEST(scheme_changes_are_told_and_a_copy_moves_its_days)
{
    AUTO(arena_close) Arena work = arena_open(1 << 24);
    Scheme s = scheme_of(a, work, one), t = scheme_of(a, work, other), u = scheme_of(a, work, one);
    SchemeChanges changes = { 0 }, moved = { 0 };
    scheme_changes(a, LANG_VI, &s, &t, &changes);
    const SchemeChangeKind kinds[] = { SCHEME_POINTS, SCHEME_RULE, SCHEME_ADDED, SCHEME_REMOVED };
    CHECK_INT(changes.len, COUNT_OF(kinds));
    for (size_t i = 0; i < COUNT_OF(kinds) && i < changes.len; i++)
        CHECK_INT(changes.at[i].kind, kinds[i]);
    CHECK_STR(changes.at[3].code, S("2"));
    scheme_for_year(a, &u, 2028);
    CHECK_STR(u.code, S("PAR-2028"));
    CHECK_STR(u.title, S("Chỉ số 2028"));
    CHECK_STR(u.at[0].rule.due, S("2028-01-30"));
    scheme_changes(a, LANG_VI, &s, &u, &moved);
    CHECK_INT(moved.len, 1);
    CHECK(str_has(moved.at[0].after, S("30/01/2028")));
}

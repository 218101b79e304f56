/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Acts on units: what they leave behind, and what they refuse. */
#include "org/unit_plan.h"
#include "store/test_store.h"

static Date day(int y, int m, int d)
{
    return date_from_ymd(y, m, d);
}

#define ON (day(2027, 1, 1))

static Db *units_db(Store *store, Arena *a)
{
    Db *db = test_take(store, a);
    if (db_begin_write(db) || unit_load_reference(db, a, NULL, NULL))
        test_fail(__FILE_NAME__, __LINE__, "reference units");
    return db;
}

static UnitId by_code(Db *db, Arena *a, UnitKind kind, Str code, Date on)
{
    Unit u = { 0 };
    if (unit_by_code(db, a, kind, code, on, &u)) test_fail(__FILE_NAME__, __LINE__, "no %.*s", STR_ARG(code));
    return u.id;
}

static UnitPlan plan(Db *db, Arena *a)
{
    UnitPlan p = { 0 };
    if (unit_plan_open(db, a, &p)) test_fail(__FILE_NAME__, __LINE__, "plan");
    return p;
}

static bool has_fault(const UnitPlan *p, UnitFaultKind kind)
{
    for (size_t i = 0; i < p->faults.len; i++)
        if (p->faults.at[i].kind == kind) return true;
    return false;
}

TEST_EACH_STORE(unit_created_and_renamed)
{
    Db       *db = units_db(store, a);
    UnitId    id = { 0 };
    Unit      u  = { 0 };
    UnitDraft d = { .kind = UNIT_DEPARTMENT,
                    .parent = by_code(db, a, UNIT_PROVINCE, S("24"), ON),
                    .name_vi = S("Sở Nội vụ"),
                    .source = S("Quyết định 1/QĐ") };
    CHECK_OK(unit_create(db, a, &d, ON, &id));
    CHECK_OK(unit_load(db, a, id, ON, &u));
    CHECK_STR(u.full_name_vi, S("Sở Nội vụ"));
    CHECK_OK(unit_rename(db, a, id, &(UnitDraft){ .name_vi = S("Sở Tổ chức và Nội vụ") }, day(2028, 1, 1)));
    CHECK_OK(unit_load(db, a, id, day(2027, 12, 31), &u));
    CHECK_STR(u.name_vi, S("Sở Nội vụ"));
    CHECK_OK(unit_load(db, a, id, day(2028, 1, 1), &u));
    CHECK_STR(u.name_vi, S("Sở Tổ chức và Nội vụ"));
    CHECK_ERR(unit_rename(db, a, id, &(UnitDraft){ .name_vi = S("X") }, day(2028, 1, 1)), ERR_INVALID);
    UnitEvents events = { 0 };
    CHECK_OK(unit_history(db, a, id, &events));
    CHECK_INT(events.len, 2);
    CHECK_STR(events.at[1].before, S("Sở Nội vụ"));
}

/* A change between two periods splits the one it falls into and leaves the later one alone. */
TEST_EACH_STORE(unit_change_between_periods)
{
    Db    *db = units_db(store, a);
    Unit   u  = { 0 };
    UnitId id = by_code(db, a, UNIT_PROVINCE, S("75"), day(2026, 1, 1));
    CHECK_OK(unit_rename(db, a, id, &(UnitDraft){ .name_en = S("Dong Nai province") }, day(2026, 1, 1)));
    CHECK_OK(unit_load(db, a, id, day(2025, 12, 31), &u));
    CHECK_STR(u.name_en, S("Dong Nai"));
    CHECK_OK(unit_load(db, a, id, day(2026, 4, 29), &u));
    CHECK_STR(u.name_en, S("Dong Nai province"));
    CHECK_OK(unit_load(db, a, id, day(2026, 4, 30), &u));
    CHECK_STR(u.name_en, S("Dong Nai"));
    CHECK_STR(u.subtype, S("thành phố trực thuộc trung ương"));
}

TEST_EACH_STORE(unit_merge_ends_the_old_and_keeps_their_past)
{
    Db    *db = units_db(store, a);
    Unit   u  = { 0 };
    Units  children = { 0 };
    UnitId old[2] = { by_code(db, a, UNIT_PROVINCE, S("04"), ON), by_code(db, a, UNIT_PROVINCE, S("20"), ON) },
           into = { 0 };
    UnitDraft d = { .parent = { UNIT_ROOT },
                    .code = S("20"),
                    .name_vi = S("Cao Lạng"),
                    .subtype = S("tỉnh"),
                    .source = S("Thử nghiệm") };
    CHECK_OK(unit_merge(db, a, old, 2, &d, (UnitId){ 0 }, ON, &into));
    CHECK_INT(by_code(db, a, UNIT_PROVINCE, S("20"), ON).v, into.v);
    CHECK_INT(by_code(db, a, UNIT_PROVINCE, S("20"), day(2026, 12, 31)).v, old[1].v);
    CHECK_OK(unit_children(db, a, into, ON, &children));
    CHECK_INT(children.len, 56 + 65);
    CHECK_OK(unit_children(db, a, old[0], day(2026, 12, 31), &children));
    CHECK_INT(children.len, 56);
    CHECK_OK(unit_load(db, a, old[0], ON, &u));
    CHECK_STR(u.full_name_vi, S("Tỉnh Cao Bằng"));
    CHECK_INT(u.to.day, ON.day);
    Successions list = { 0 };
    CHECK_OK(unit_successions(db, a, UNIT_PROVINCE, ON, &list));
    CHECK_INT(list.len, 2);
    CHECK_NEAR(list.at[0].share + list.at[1].share, 2, 0);
    int64_t n[UNIT_KIND_COUNT];
    CHECK_OK(unit_counts(db, ON, n));
    CHECK_INT(n[UNIT_PROVINCE], 33);
    CHECK_INT(n[UNIT_COMMUNE], 3321);
}

TEST_EACH_STORE(unit_merge_into_one_that_lives_on)
{
    Db       *db = units_db(store, a);
    Unit      u  = { 0 };
    UnitId old = by_code(db, a, UNIT_MINISTRY, S("byt"), ON), into = by_code(db, a, UNIT_MINISTRY, S("bnv"), ON),
           out = { 0 };
    UnitDraft d   = { .source = S("Thử nghiệm") };
    CHECK_OK(unit_merge(db, a, &old, 1, &d, into, ON, &out));
    CHECK_INT(out.v, into.v);
    CHECK_OK(unit_load(db, a, into, ON, &u));
    CHECK_STR(u.name_vi, S("Bộ Nội vụ"));
    CHECK(date_is_none(u.to));
    CHECK_ERR(unit_merge(db, a, &old, 1, &d, into, day(2028, 1, 1), &out), ERR_INVALID);      /* it has ended */
}

TEST_EACH_STORE(unit_split_shares_and_children)
{
    Db       *db  = units_db(store, a);
    UnitId    old = by_code(db, a, UNIT_PROVINCE, S("04"), ON), ids[3];
    Units     children = { 0 };
    UnitDraft parts[3] = {
        { .parent = { UNIT_ROOT }, .code = S("04"), .name_vi = S("Cao Bằng Đông"), .subtype = S("tỉnh") },
        { .parent = { UNIT_ROOT }, .code = S("05"), .name_vi = S("Cao Bằng Tây"), .subtype = S("tỉnh") },
        { .parent = { UNIT_ROOT }, .code = S("06"), .name_vi = S("Cao Bằng Nam"), .subtype = S("tỉnh") }
    };
    double    shares[3] = { 0.1, 0.2, 0.7 };
    CHECK_ERR(unit_split(db, a, old, parts, shares, 3, ON, ids), ERR_INVALID);                /* communes have no home */
    CHECK_OK(unit_children(db, a, old, ON, &children));
    size_t *home = arena_new(a, size_t, children.len);
    for (size_t i = 0; i < children.len; i++) home[i] = i % 3;
    UnitPlan  p = plan(db, a);
    UnitSplit s = { .old = old,
                    .parts = parts,
                    .shares = shares,
                    .n = 3,
                    .basis = S("population"),
                    .home = home,
                    .homes = children.len };
    CHECK(unit_plan_split(&p, &s, ON, ids));
    CHECK_OK(unit_plan_save(db, &p));
    Successions list = { 0 };
    CHECK_OK(unit_successions(db, a, UNIT_PROVINCE, ON, &list));
    CHECK_INT(list.len, 3);
    double sum = 0;
    for (size_t i = 0; i < list.len; i++) sum += list.at[i].share;
    CHECK_NEAR(sum, 1, 0);                                                                    /* exactly */
    int64_t total = 0;
    for (int i = 0; i < 3; i++) {
        Unit u = { 0 };
        CHECK_OK(unit_load(db, a, ids[i], ON, &u));
        total += u.children;
    }
    CHECK_INT(total, 56);
}

TEST_EACH_STORE(unit_split_refuses_wrong_shares)
{
    Db       *db  = units_db(store, a);
    UnitId    old = by_code(db, a, UNIT_MINISTRY, S("byt"), ON), ids[2];
    UnitDraft parts[2] = { { .parent = { UNIT_ROOT }, .code = S("b1"), .name_vi = S("Bộ Một") },
                           { .parent = { UNIT_ROOT }, .code = S("b2"), .name_vi = S("Bộ Hai") } };
    const struct { double shares[2]; UnitFaultKind fault; } cases[] = {
        { { 0.5, 0.4 }, UNIT_FAULT_SHARES_SUM },   { { 0.5, 0.6 }, UNIT_FAULT_SHARES_SUM },
        { { 1.2, -0.2 }, UNIT_FAULT_SHARE_RANGE }, { { 1, 0 }, UNIT_FAULT_SHARE_RANGE },
        { { NAN, 1 }, UNIT_FAULT_SHARE_RANGE },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        UnitPlan  p = plan(db, a);
        UnitSplit s = { .old = old, .parts = parts, .shares = cases[i].shares, .n = 2, .basis = S("stated") };
        CHECK(!unit_plan_split(&p, &s, ON, ids));
        CHECK(has_fault(&p, cases[i].fault));
        CHECK_INT(p.edits.len, 0);
    }
}

TEST_EACH_STORE(unit_abolish_asks_for_children)
{
    Db    *db = units_db(store, a);
    UnitId id = by_code(db, a, UNIT_PROVINCE, S("04"), ON);
    CHECK_ERR(unit_abolish(db, a, id, ON, S("Thử nghiệm")), ERR_INVALID);
    UnitPlan p = plan(db, a);
    CHECK(unit_plan_abolish(&p, id, ON, S("Thử nghiệm"), true));
    CHECK_OK(unit_plan_save(db, &p));
    int64_t n[UNIT_KIND_COUNT];
    CHECK_OK(unit_counts(db, ON, n));
    CHECK_INT(n[UNIT_PROVINCE], 33);
    CHECK_INT(n[UNIT_COMMUNE], 3321 - 56);
    CHECK_ERR(unit_abolish(db, a, (UnitId){ UNIT_ROOT }, day(2030, 1, 1), S("")), ERR_INVALID);
    CHECK_ERR(unit_abolish(db, a, id, day(2028, 1, 1), S("")), ERR_INVALID);                  /* ended already */
}

TEST_EACH_STORE(unit_drafts_are_checked)
{
    Db    *db = units_db(store, a);
    UnitId nation = { UNIT_ROOT }, province = by_code(db, a, UNIT_PROVINCE, S("24"), ON),
           commune = by_code(db, a, UNIT_COMMUNE, S("00004"), ON),
           gone = by_code(db, a, UNIT_PROVINCE, S("27"), day(2025, 1, 1));
    char long_name[801];
    memset(long_name, 'a', sizeof long_name);
    const struct { UnitDraft d; UnitFaultKind fault; } cases[] = {
        { { .kind = UNIT_PROVINCE, .parent = nation, .code = S("98") }, UNIT_FAULT_NAME_MISSING },
        { { .kind = UNIT_PROVINCE, .parent = nation, .name_vi = S("X") }, UNIT_FAULT_CODE_MISSING },
        { { .kind = UNIT_PROVINCE, .parent = nation, .name_vi = S("X"), .code = S("1") }, UNIT_FAULT_CODE_DIGITS },
        { { .kind = UNIT_PROVINCE, .parent = nation, .name_vi = S("X"), .code = S("24") }, UNIT_FAULT_CODE_TAKEN },
        { { .kind = UNIT_PROVINCE, .parent = province, .name_vi = S("X"), .code = S("98") }, UNIT_FAULT_PARENT_KIND },
        { { .kind = UNIT_COMMUNE, .parent = gone, .name_vi = S("X"), .code = S("99999") }, UNIT_FAULT_PARENT_ENDED },
        { { .kind = UNIT_COMMUNE, .parent = { 77 }, .name_vi = S("X"), .code = S("99999") }, UNIT_FAULT_PARENT_UNKNOWN },
        { { .kind = UNIT_DEPARTMENT, .name_vi = S("X") }, UNIT_FAULT_PARENT_MISSING },
        { { .kind = UNIT_NATION, .name_vi = S("X"), .code = S("XX") }, UNIT_FAULT_ROOT },
        { { .kind = UNIT_OTHER, .parent = commune, .name_vi = S("X"), .code = S("a b") }, UNIT_FAULT_CODE_BAD },
        { { .kind = UNIT_OTHER, .parent = commune, .name_vi = S("X\x01") }, UNIT_FAULT_TEXT_BAD },
        { { .kind = UNIT_OTHER, .parent = commune, .name_vi = S("X\xff") }, UNIT_FAULT_TEXT_BAD },
        { { .kind = UNIT_OTHER, .parent = commune, .name_vi = { long_name, 800 } }, UNIT_FAULT_TEXT_LONG },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        UnitPlan p = plan(db, a);
        UnitId   id;
        CHECK(!unit_plan_create(&p, &cases[i].d, ON, &id));
        if (!has_fault(&p, cases[i].fault)) test_fail(__FILE_NAME__, __LINE__, "case %zu", i);
        CHECK_INT(p.edits.len, 0);
    }
    UnitPlan p = plan(db, a);
    UnitId   id;
    CHECK(!unit_plan_create(&p, &cases[0].d, DATE_NONE, &id) && has_fault(&p, UNIT_FAULT_DATE_MISSING));
    CHECK(!unit_plan_create(&p, &cases[0].d, day(1800, 1, 1), &id) && has_fault(&p, UNIT_FAULT_DATE_BAD));
}

TEST_EACH_STORE(unit_parents_make_no_circle)
{
    Db    *db = units_db(store, a);
    UnitId x = { 0 }, y = { 0 };
    UnitDraft d = { .kind = UNIT_OTHER,
                    .parent = by_code(db, a, UNIT_COMMUNE, S("00004"), ON),
                    .name_vi = S("Trường A") };
    CHECK_OK(unit_create(db, a, &d, ON, &x));
    d.parent = x;
    CHECK_OK(unit_create(db, a, &d, ON, &y));
    UnitPlan p = plan(db, a);
    CHECK(!unit_plan_change(&p, x, &(UnitDraft){ .parent = y }, day(2028, 1, 1)));
    CHECK(has_fault(&p, UNIT_FAULT_PARENT_CYCLE));
    p = plan(db, a);
    CHECK(!unit_plan_change(&p, x, &(UnitDraft){ .parent = x }, day(2028, 1, 1)));
    CHECK(has_fault(&p, UNIT_FAULT_PARENT_CYCLE));
    p = plan(db, a);
    CHECK(!unit_plan_change(&p, x, &(UnitDraft){ .name_vi = S("Trường A") }, day(2028, 1, 1)));
    CHECK(has_fault(&p, UNIT_FAULT_NOTHING));
    CHECK(!unit_plan_change(&p, x, &(UnitDraft){ .name_vi = S("Trường B") }, day(2026, 1, 1)));
    CHECK(has_fault(&p, UNIT_FAULT_DATE_BEFORE));
}

TEST_EACH_STORE(unit_rollback_shows_the_old_tree)
{
    Db    *db = units_db(store, a);
    Unit   u  = { 0 };
    UnitId id = by_code(db, a, UNIT_PROVINCE, S("04"), ON);
    CHECK_OK(db_commit(db));
    CHECK_OK(db_begin_write(db));
    CHECK_OK(unit_rename(db, a, id, &(UnitDraft){ .name_vi = S("Cao Bằng Mới") }, ON));
    CHECK_OK(unit_load(db, a, id, ON, &u));
    CHECK_STR(u.name_vi, S("Cao Bằng Mới"));
    db_rollback(db);
    CHECK_OK(unit_load(db, a, id, ON, &u));
    CHECK_STR(u.name_vi, S("Cao Bằng"));
}

TEST(unit_every_fault_has_its_text)
{
    for (int k = 0; k < UNIT_FAULT_COUNT; k++)
        for (int l = 0; l < LANG_COUNT; l++)
            if (!text_find((Lang)l, unit_fault_key((UnitFaultKind)k)).len)
                test_fail(__FILE_NAME__, __LINE__, "fault %d has no text", k);
}

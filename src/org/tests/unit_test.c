/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The reference data and the acts on units, on both databases; period algebra. */
#include "org/unit_plan.h"
#include "org/unit_period.h"
#include "store/test_store.h"

#include <pthread.h>

static Date day(int y, int m, int d)
{
    return date_from_ymd(y, m, d);
}

/* A database with the reference units, in an open write transaction. */
static Db *units_db(Store *store, Arena *a)
{
    Db *db = test_take(store, a);
    if (db_begin_write(db) || unit_load_reference(db, a, NULL, NULL))
        test_fail(__FILE_NAME__, __LINE__, "reference units");
    return db;
}

TEST(unit_periods)
{
    Period until = { DATE_NONE, day(2025, 7, 1) }, since = { day(2025, 7, 1), DATE_NONE },
           always = { DATE_NONE, DATE_NONE };
    CHECK(!period_overlaps(until, since));
    CHECK(period_overlaps(until, always) && period_overlaps(always, since));
    CHECK(period_has(until, day(2025, 6, 30)) && !period_has(until, day(2025, 7, 1)));
    CHECK(period_has(since, day(2025, 7, 1)) && !period_has(since, day(2025, 6, 30)));
    CHECK(period_inside(since, always) && !period_inside(always, since));
    CHECK(!period_valid(period_common(until, since)) && period_valid(period_common(until, always)));
    CHECK_INT(period_nearest(until, day(2026, 1, 1)).day, day(2025, 6, 30).day);
    CHECK_INT(period_nearest(since, day(2020, 1, 1)).day, day(2025, 7, 1).day);
    CHECK_INT(period_nearest(always, (Date){ INT32_MAX }).day, INT32_MAX);
    CHECK(!period_valid((Period){ day(2025, 7, 1), day(2025, 7, 1) }));
}

TEST_EACH_STORE(unit_reference_counts)
{
    Db     *db = units_db(store, a);
    int64_t n[UNIT_KIND_COUNT];
    CHECK_OK(unit_counts(db, day(2025, 2, 28), n));
    CHECK_INT(n[UNIT_MINISTRY], 22);
    CHECK_INT(n[UNIT_PROVINCE], 63);
    CHECK_INT(n[UNIT_DISTRICT], 696);
    CHECK_INT(n[UNIT_COMMUNE], 0);
    CHECK_OK(unit_counts(db, day(2025, 6, 30), n));
    CHECK_INT(n[UNIT_MINISTRY], 17);
    CHECK_INT(n[UNIT_PROVINCE], 63);
    CHECK_OK(unit_counts(db, day(2025, 7, 1), n));
    CHECK_INT(n[UNIT_PROVINCE], 34);
    CHECK_INT(n[UNIT_DISTRICT], 0);
    CHECK_INT(n[UNIT_COMMUNE], 3321);
    CHECK_INT(n[UNIT_NATION], 1);
}

static int64_t count_subtype(Db *db, Arena *a, UnitKind kind, Date on, Str subtype)
{
    Units   units = { 0 };
    int64_t n     = 0;
    if (unit_list(db, a, kind, on, &units)) return -1;
    for (size_t i = 0; i < units.len; i++) n += str_eq(units.at[i].subtype, subtype);
    return n;
}

TEST_EACH_STORE(unit_subtypes_change_with_the_day)
{
    Db *db = units_db(store, a);
    Str city = S("thành phố trực thuộc trung ương");
    CHECK_INT(count_subtype(db, a, UNIT_PROVINCE, day(2024, 12, 31), city), 5);
    CHECK_INT(count_subtype(db, a, UNIT_PROVINCE, day(2025, 1, 1), city), 6);
    CHECK_INT(count_subtype(db, a, UNIT_PROVINCE, day(2026, 4, 29), city), 6);
    CHECK_INT(count_subtype(db, a, UNIT_PROVINCE, day(2026, 4, 30), city), 7);
    CHECK_INT(count_subtype(db, a, UNIT_COMMUNE, day(2026, 4, 29), S("phường")), 687);
    CHECK_INT(count_subtype(db, a, UNIT_COMMUNE, day(2026, 4, 30), S("phường")), 697);
    CHECK_INT(count_subtype(db, a, UNIT_COMMUNE, day(2026, 4, 30), S("đặc khu")), 13);
}

TEST_EACH_STORE(unit_codes_are_reused)
{
    Db  *db = units_db(store, a);
    Unit u  = { 0 };
    CHECK_OK(unit_by_code(db, a, UNIT_PROVINCE, S("24"), day(2025, 6, 30), &u));
    CHECK_STR(u.full_name_vi, S("Tỉnh Bắc Giang"));
    CHECK_OK(unit_by_code(db, a, UNIT_PROVINCE, S("24"), day(2025, 7, 1), &u));
    CHECK_STR(u.full_name_vi, S("Tỉnh Bắc Ninh"));
    CHECK_INT(u.children, 99);
    CHECK_ERR(unit_by_code(db, a, UNIT_PROVINCE, S("27"), day(2025, 7, 1), &u), ERR_NOT_FOUND);
    CodeHolders holders = { 0 };
    CHECK_OK(unit_code_holders(db, a, UNIT_PROVINCE, S("24"), &holders));
    CHECK_INT(holders.len, 2);
    CHECK_STR(holders.at[0].name, S("Tỉnh Bắc Giang"));
    CHECK_INT(holders.at[0].to.day, day(2025, 7, 1).day);
    CHECK_STR(holders.at[1].name, S("Tỉnh Bắc Ninh"));
    CHECK_OK(unit_code_holders(db, a, UNIT_PROVINCE, S("75"), &holders));
    CHECK_INT(holders.len, 2);                     /* old and new Đồng Nai; a change of subtype is no new holder */
}

/* Every old province goes whole into one of the new ones, and every new one is made of two or more. */
TEST_EACH_STORE(unit_totals_are_conserved_63_to_34)
{
    Db         *db   = units_db(store, a);
    Date        on   = day(2025, 7, 1);
    Successions list = { 0 };
    Units       old = { 0 }, now = { 0 };
    CHECK_OK(unit_successions(db, a, UNIT_PROVINCE, on, &list));
    CHECK_OK(unit_list(db, a, UNIT_PROVINCE, day(2025, 6, 30), &old));
    CHECK_OK(unit_list(db, a, UNIT_PROVINCE, on, &now));
    CHECK_INT(list.len, 52);
    double total = 0;
    size_t fresh = 0;
    for (size_t i = 0; i < now.len; i++) {
        double into = 0;
        for (size_t s = 0; s < list.len; s++)
            if (list.at[s].new_unit.v == now.at[i].id.v) into += list.at[s].share;
        bool made = now.at[i].from.day == on.day;
        fresh += made;
        CHECK(made ? into >= 2 : into == 0);
        total += made ? into : 1;
    }
    CHECK_INT(fresh, 23);
    CHECK_NEAR(total, 63, 1e-12);
    for (size_t i = 0; i < old.len; i++) {
        double out = 0;
        for (size_t s = 0; s < list.len; s++)
            if (list.at[s].old_unit.v == old.at[i].id.v) out += list.at[s].share;
        CHECK_NEAR(out, old.at[i].to.day == on.day ? 1 : 0, 1e-12);
    }
}

TEST_EACH_STORE(unit_history_tells_the_code)
{
    Db        *db = units_db(store, a);
    Unit       u  = { 0 };
    UnitEvents events = { 0 };
    CHECK_OK(unit_by_code(db, a, UNIT_PROVINCE, S("24"), day(2026, 1, 1), &u));
    CHECK_OK(unit_history(db, a, u.id, &events));
    CHECK_INT(events.len, 4);
    CHECK_INT(events.at[0].kind, UNIT_EVENT_CREATED);
    CHECK_INT(events.at[1].kind, UNIT_EVENT_CODED);
    CHECK_STR(events.at[1].before, S("27"));
    CHECK_STR(events.at[1].after, S("24"));
    CHECK_STR(events.at[1].other_name, S("Tỉnh Bắc Giang"));
    CHECK_INT(events.at[2].kind, UNIT_EVENT_SUCCEEDS);
    CHECK_STR(events.at[2].other_name, S("Tỉnh Bắc Giang"));
    CHECK_STR(events.at[3].other_name, S("Tỉnh Bắc Ninh"));
    CHECK_STR(events.at[3].source, S("Nghị quyết 202/2025/QH15"));
    CHECK_OK(unit_by_code(db, a, UNIT_PROVINCE, S("46"), day(2026, 1, 1), &u));
    CHECK_OK(unit_history(db, a, u.id, &events));
    CHECK_INT(events.len, 2);
    CHECK_STR(events.at[0].before, S("Tỉnh Thừa Thiên Huế"));
    CHECK_STR(events.at[0].after, S("Thành phố Huế"));
    CHECK_INT(events.at[1].kind, UNIT_EVENT_KIND);
}

TEST_EACH_STORE(unit_search_ranks)
{
    Db   *db = units_db(store, a);
    Units found = { 0 };
    Date  on    = day(2026, 11, 22);
    CHECK_OK(unit_search(db, a, S("bac ninh"), on, 5, &found));
    CHECK(found.len >= 2);
    CHECK_STR(found.at[0].full_name_vi, S("Tỉnh Bắc Ninh"));
    CHECK_STR(found.at[0].code, S("24"));              /* the living one first, then the ended one */
    CHECK_STR(found.at[1].code, S("27"));
    CHECK_OK(unit_search(db, a, S("Tỉnh Bắc Giang"), on, 5, &found));
    CHECK_STR(found.at[0].full_name_vi, S("Tỉnh Bắc Giang"));
    CHECK_OK(unit_search(db, a, S("Thừa Thiên Huế"), on, 5, &found));
    CHECK_STR(found.at[0].name_vi, S("Huế"));
    CHECK_STR(found.at[0].found_as, S("Thừa Thiên Huế"));
    CHECK_OK(unit_search(db, a, S("Hanoi"), on, 50, &found));
    CHECK(found.len && str_eq(found.at[0].full_name_vi, S("Thành phố Hà Nội")));
    CHECK_OK(unit_search(db, a, S("hoabin"), on, 50, &found));
    CHECK_INT(found.len, 0);                            /* whole names only: "hoabinh" */
    CHECK_OK(unit_search(db, a, S("đường"), on, 50, &found));
    CHECK(found.len > 0);
    for (size_t i = 0; i < found.len; i++) CHECK(!str_has(found.at[i].name_vi, S("Dương")));
    CHECK_OK(unit_search(db, a, S("hoà bình"), on, 50, &found));
    bool province = false;
    for (size_t i = 0; i < found.len; i++) province |= str_eq(found.at[i].full_name_vi, S("Tỉnh Hòa Bình"));
    CHECK(found.len > 2 && province);                   /* either place of the tone */
    CHECK_OK(unit_search(db, a, S("ministry of finance"), on, 5, &found));
    CHECK_STR(found.at[0].name_vi, S("Bộ Tài chính"));
    CHECK_OK(unit_search(db, a, S("00004"), on, 5, &found));
    CHECK_STR(found.at[0].full_name_vi, S("Phường Ba Đình"));
    CHECK_OK(unit_search(db, a, S("không có đơn vị nào"), on, 5, &found));
    CHECK_INT(found.len, 0);
    CHECK_OK(unit_search(db, a, S("   "), on, 5, &found));
    CHECK_INT(found.len, 0);
}

TEST_EACH_STORE(unit_tree_walks)
{
    Db   *db = units_db(store, a);
    Unit  u  = { 0 };
    Units path = { 0 }, children = { 0 };
    bool  yes = false;
    CHECK_OK(unit_by_code(db, a, UNIT_COMMUNE, S("00004"), day(2026, 1, 1), &u));
    CHECK_OK(unit_path(db, a, u.id, day(2026, 1, 1), &path));
    CHECK_INT(path.len, 3);
    CHECK_STR(path.at[0].name_vi, S("Việt Nam"));
    CHECK_STR(path.at[1].name_vi, S("Hà Nội"));
    CHECK_OK(unit_within(db, u.id, path.at[1].id, day(2026, 1, 1), &yes));
    CHECK(yes);
    CHECK_OK(unit_within(db, path.at[1].id, u.id, day(2026, 1, 1), &yes));
    CHECK(!yes);
    CHECK_OK(unit_within(db, u.id, u.id, day(2026, 1, 1), &yes));
    CHECK(yes);
    CHECK_OK(unit_by_code(db, a, UNIT_DISTRICT, S("001"), day(2024, 1, 1), &u));
    CHECK_OK(unit_within(db, u.id, (UnitId){ UNIT_ROOT }, day(2026, 1, 1), &yes));    /* ended: as on its last day */
    CHECK(yes);
    CHECK_OK(unit_list(db, a, UNIT_PROVINCE, day(2026, 1, 1), &children));
    CHECK_STR(children.at[0].name_vi, S("An Giang"));
    CHECK_STR(children.at[1].name_vi, S("Bắc Ninh"));
    CHECK_STR(children.at[children.len - 1].name_vi, S("Vĩnh Long"));
    CHECK_OK(unit_children(db, a, (UnitId){ 0 }, day(2026, 1, 1), &children));
    CHECK_INT(children.len, 1);
    CHECK_INT(children.at[0].children, 34 + 17);
    CHECK_ERR(unit_load(db, a, (UnitId){ 999999999 }, day(2026, 1, 1), &u), ERR_NOT_FOUND);
}

TEST_EACH_STORE(unit_reference_loads_once_and_fast)
{
    Db     *db = test_take(store, a);
    int64_t start = monotonic_ms(), n[UNIT_KIND_COUNT];
    CHECK_OK(db_begin_write(db));
    CHECK_OK(unit_load_reference(db, a, NULL, NULL));
    CHECK(monotonic_ms() - start < 5000);
    CHECK_OK(unit_load_reference(db, a, NULL, NULL));
    CHECK_OK(unit_counts(db, day(2026, 1, 1), n));
    CHECK_INT(n[UNIT_COMMUNE], 3321);
}

/* Readers in other threads see one whole state or the next, never a mixture, while the units change. */
typedef struct Reader { Store *store; _Atomic int *stop; int seen[2], odd; } Reader;

static void read_names(Reader *r, Arena *a, Db *db)
{
    Unit  u = { 0 };
    Units path = { 0 };
    if (db_begin_read(db)) return;
    if (unit_load(db, a, (UnitId){ 2004 }, day(2030, 1, 1), &u) || unit_path(db, a, (UnitId){ 2004 }, day(2030, 1, 1), &path)) r->odd++;
    else if (!str_eq(u.name_vi, path.at[path.len - 1].name_vi)) r->odd++;
    else r->seen[str_starts(u.name_vi, S("Lần"))]++;
    db_rollback(db);
}

static void *reader_run(void *arg)
{
    Reader *r = arg;
    AUTO(arena_close) Arena a = arena_open(1 << 24);
    while (!*r->stop) {
        Db *db;
        if (store_take(r->store, &a, &db)) break;
        read_names(r, &a, db);
        store_give(r->store, &db);
        arena_reset(&a, 1 << 16);
    }
    return NULL;
}

static Err rename_often(Db *db, Arena scratch)
{
    for (int i = 0; i < 20; i++) {
        Arena     a = scratch;
        UnitDraft d = { .name_vi = arena_fmt(&a, "Lần %d", i) };
        TRY(db_begin_write(db));
        TRY(unit_rename(db, &a, (UnitId){ 2004 }, &d, (Date){ day(2027, 1, 1).day + i }));
        TRY(db_commit(db));
    }
    return OK;
}

TEST_EACH_STORE(unit_readers_beside_a_writer)
{
    Db         *db = units_db(store, a);
    _Atomic int stop = 0;
    pthread_t   threads[2];
    Reader      readers[2] = { { .store = store, .stop = &stop }, { .store = store, .stop = &stop } };
    CHECK_OK(db_commit(db));
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, reader_run, &readers[i]);
    Err e = rename_often(db, *a);
    stop = 1;
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(readers[i].odd, 0);
        CHECK(readers[i].seen[0] + readers[i].seen[1] > 0);
    }
    CHECK_OK(e);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Events and counters: what one file adds, packing, what is refused, and storms with duplicates, disorder and corrections after
 * which the counters are what a recount from the events gives. */
#include "service/parts.h"

#include "base/test.h"
#include "store/test_store.h"

static const Date today = { 20780 };                 /* 2026-11-23 */
static const uint8_t key[32] = { 7 };

static void fine(Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

static Db *world(Arena *a, Store *store)
{
    Db *db = test_take(store, a);
    fine(db_begin_write(db));
    fine(unit_load_reference(db, a, NULL, NULL));
    fine(db_commit(db));
    return db;
}

static Intake read_lines(Arena *a, Str text)
{
    Intake x = { .today = today, .a = a };
    (void)event_lines_read(a, text, today, &x.lines, &x.faults);
    return x;
}

static Intake send(Arena *a, Db *db, Str text)
{
    Intake x = read_lines(a, text);
    fine(db_begin_write(db));
    fine(intake_prepare(db, &x, (UnitId){ UNIT_ROOT }, key));
    fine(intake_apply(db, &x));
    intake_end(&x);
    fine(db_commit(db));
    return x;
}

static ServiceCounts month_sum(Arena *a, Db *db, int month)
{
    ServiceUnits  units;
    ServiceCounts sum = { 0 };
    fine(service_month(db, a, month, &units));
    for (size_t i = 0; i < units.len; i++)
        service_counts_add(&sum, &units.at[i].counts);
    return sum;
}

TEST(lines_are_refused_by_number_and_name)
{
    static const struct { const char *line, *name; } bad[] = {
        { "x", "" }, { "[]", "" }, { "{}", "kind" }, { "{\"kind\":\"sent\"}", "kind" },
        { "{\"kind\":\"handled\",\"file\":\"a\",\"on\":\"2026-11-01\"}", "key" },
        { "{\"kind\":\"handled\",\"key\":\"1\",\"on\":\"2026-11-01\"}", "file" },
        { "{\"kind\":\"handled\",\"key\":\"1\",\"file\":\"a\"}", "on" },
        { "{\"kind\":\"handled\",\"key\":\"1\",\"file\":\"a\",\"on\":\"2026-11-31\"}", "on" },
        { "{\"kind\":\"handled\",\"key\":\"1\",\"file\":\"a\",\"on\":\"2026-11-24\"}", "on" },
        { "{\"kind\":\"handled\",\"key\":\"1\",\"file\":\"a\",\"on\":\"2026-11-01\",\"score\":4}", "score" },
        { "{\"kind\":\"handled\",\"key\":\"1\",\"file\":\"a\",\"on\":\"2026-11-01\",\"electronic\":1}", "electronic" },
        { "{\"kind\":\"rated\",\"key\":\"1\",\"file\":\"a\",\"on\":\"2026-11-01\",\"score\":6}", "score" },
        { "{\"kind\":\"rated\",\"key\":\"1\",\"file\":\"a\",\"on\":\"2026-11-01\"}", "score" },
        { "{\"kind\":\"due\",\"key\":\"1\",\"file\":\"a\",\"on\":\"2026-11-01\"}", "due" },
        { "{\"kind\":\"paid\",\"key\":\"1\",\"file\":\"a\",\"on\":\"2026-11-01\",\"void\":true}", "void" },
        { "{\"kind\":\"paid\",\"key\":\"1\",\"file\":\"a\",\"on\":\"2026-11-01\",\"name\":\"An\"}", "name" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Intake x = read_lines(a, arena_fmt(a, "\n%s\n", bad[i].line));
        CHECK_INT(x.lines.len, 0);
        CHECK_INT(x.faults.len, 1);
        CHECK_INT(x.faults.at[0].line, 2);
        CHECK_STR(x.faults.at[0].name, str_from_c(bad[i].name));
        for (int l = 0; l < LANG_COUNT; l++)
            CHECK(text_find((Lang)l, x.faults.at[0].reason).len > 0);
    }
}

TEST_EACH_STORE(a_late_file_counts_on_its_days_and_a_correction_moves_it)
{
    Db    *db = world(a, store);
    Intake x  = send(a, db, S("{\"kind\":\"handled\",\"key\":\"h\",\"file\":\"a\",\"unit\":\"24\",\"on\":\"2026-10-12\",\"electronic\":true}\n"
                              "{\"kind\":\"received\",\"key\":\"r\",\"file\":\"a\",\"unit\":\"24\",\"on\":\"2026-09-30\","
                              "\"due\":\"2026-10-09\",\"online\":true,\"desk\":\"01\"}\n"
                              "{\"kind\":\"apologised\",\"key\":\"x\",\"file\":\"a\",\"unit\":\"24\",\"on\":\"2026-10-13\"}\n"
                              "{\"kind\":\"rated\",\"key\":\"s\",\"file\":\"a\",\"unit\":\"nowhere\",\"on\":\"2026-10-13\",\"score\":5}\n"));
    CHECK_INT(x.accepted, 3);
    CHECK_INT(x.faults.len, 1);
    CHECK_STR(x.faults.at[0].name, S("unit"));
    ServiceCounts sep = month_sum(a, db, 202609), oct = month_sum(a, db, 202610);
    CHECK_INT(sep.n[M_RECEIVED], 1);
    CHECK_INT(sep.n[M_ONLINE], 1);
    CHECK_INT(oct.n[M_HANDLED], 1);
    CHECK_INT(oct.n[M_LATE], 1);
    CHECK_INT(oct.n[M_ON_TIME], 0);
    CHECK_INT(oct.n[M_DUE_LATE], 1);
    CHECK_INT(oct.n[M_APOLOGISED], 1);
    CHECK_INT(oct.n[M_DAYS], 12);
    x = send(a, db, S("{\"kind\":\"handled\",\"key\":\"h\",\"file\":\"a\",\"unit\":\"24\",\"on\":\"2026-10-08\",\"electronic\":true}\n"));
    CHECK_INT(x.faults.len, 1);
    CHECK_INT(x.faults.at[0].status, 409);
    x = send(a, db, S("{\"kind\":\"handled\",\"key\":\"h\",\"revision\":1,\"file\":\"a\",\"unit\":\"24\",\"on\":\"2026-10-08\",\"electronic\":true}\n"));
    CHECK_INT(x.accepted, 1);
    oct = month_sum(a, db, 202610);
    CHECK_INT(oct.n[M_LATE], 0);
    CHECK_INT(oct.n[M_ON_TIME], 1);
    CHECK_INT(oct.n[M_APOLOGISED], 0);
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM service_corrections")), 2);     /* September and October, told in November */
    x = send(a, db, S("{\"kind\":\"handled\",\"key\":\"h\",\"revision\":2,\"file\":\"a\",\"unit\":\"24\",\"on\":\"2026-10-08\",\"void\":true}\n"));
    oct = month_sum(a, db, 202610);
    CHECK_INT(oct.n[M_HANDLED], 0);
    CHECK_INT(oct.n[M_DUE], 1);
    CHECK_INT(oct.n[M_DUE_MET], 0);
}

/* What has weeks left lowers no share of today. */
TEST_EACH_STORE(a_petition_counts_once_its_last_day_has_come)
{
    Db    *db = world(a, store);
    Intake x  = send(a, db, S("{\"kind\":\"petition\",\"key\":\"p\",\"file\":\"a\",\"unit\":\"24\",\"on\":\"2026-09-28\",\"due\":\"2026-10-09\"}\n"
                              "{\"kind\":\"petition\",\"key\":\"q\",\"file\":\"b\",\"unit\":\"24\",\"on\":\"2026-09-28\"}\n"
                              "{\"kind\":\"petition\",\"key\":\"o\",\"file\":\"c\",\"unit\":\"24\",\"on\":\"2026-09-28\"}\n"
                              "{\"kind\":\"answered\",\"key\":\"w\",\"file\":\"a\",\"unit\":\"24\",\"on\":\"2026-10-08\"}\n"
                              "{\"kind\":\"answered\",\"key\":\"v\",\"file\":\"b\",\"unit\":\"24\",\"on\":\"2026-09-30\"}\n"));
    ServiceCounts sep = month_sum(a, db, 202609), oct = month_sum(a, db, 202610);
    CHECK_INT(x.accepted, 5);
    CHECK_INT(sep.n[M_PETITIONS], 3);
    CHECK_INT(sep.n[M_PETITIONS_DUE], 1);               /* b, answered without a last day; c is open and has none */
    CHECK_INT(sep.n[M_PETITIONS_MET], 1);
    CHECK_INT(oct.n[M_PETITIONS], 0);
    CHECK_INT(oct.n[M_PETITIONS_DUE], 1);
    CHECK_INT(oct.n[M_PETITIONS_GOOD], 1);
}

/* ---- Storms ------------------------------------------------------------------------------------------------------------ */
static uint64_t chance(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static Str storm_line(Arena *a, uint64_t *s)
{
    static const char *const kinds[] = { "received", "handled", "due", "paid", "rated", "explained", "apologised", "petition", "answered" };
    static const char *const units[] = { "24", "01", "00004", "00008", "52" };
    unsigned file = (unsigned)(chance(s) % 120), kind = (unsigned)(chance(s) % COUNT_OF(kinds)), revision = (unsigned)(chance(s) % 4);
    unsigned mix  = file * 31 + kind * 7 + revision * 131;     /* a key and a revision always say the same */
    Str      more = S("");
    if (kind == 0 || kind == 2 || kind == 7)
        more = arena_fmt(a, ",\"due\":\"2026-%02u-%02u\"", 8 + mix % 4, 1 + mix % 28);
    if (kind == 4)
        more = arena_fmt(a, ",\"score\":%u", 1 + mix % 5);
    if (kind == 0)
        more = arena_fmt(a, "%.*s,\"online\":%s,\"desk\":\"Q%u\"", STR_ARG(more), mix % 2 ? "true" : "false", mix % 3);
    if (revision && mix % 11 == 0)
        more = str_concat(a, more, S(",\"void\":true"));
    return arena_fmt(a, "{\"kind\":\"%s\",\"key\":\"%u\",\"revision\":%u,\"file\":\"F%u\",\"unit\":\"%s\",\"on\":\"2026-%02u-%02u\"%.*s}\n", kinds[kind], kind,
                     revision, file, units[file % COUNT_OF(units)], 8 + mix % 3, 1 + mix % 28, STR_ARG(more));
}

static Str all_counters(Arena *a, Db *db)
{
    ServiceMonths months;
    Buf           b = buf_new(a, 4096);
    fine(service_months(db, a, &months));
    for (size_t i = 0; i < months.len; i++) {
        ServiceUnits units;
        fine(service_month(db, a, months.at[i], &units));
        for (size_t u = 0; u < units.len; u++) {
            ServiceCells cells;
            fine(days_load(db, a, units.at[u].unit, months.at[i], &cells));
            buf_fmt(&b, "%d %lld ", months.at[i], (long long)units.at[u].unit.v);
            for (size_t k = 0; k < cells.len; k++)
                for (int m = 0; m < M_COUNT; m++)
                    buf_fmt(&b, "%d:%d:%lld ", cells.at[k].day.day, 0, (long long)cells.at[k].counts.n[m]);
        }
    }
    return buf_str(&b);
}

TEST_EACH_STORE(a_storm_in_any_order_gives_the_counters_of_a_recount)
{
    enum { LINES = 2000, BATCHES = 20 };
    Db            *db    = world(a, store);
    uint64_t       state = 42;
    Str            lines[LINES];
    ServiceRecount r;
    int            accepted = 0, duplicate = 0;
    for (int i = 0; i < LINES; i++)
        lines[i] = i > 100 && chance(&state) % 10 < 3 ? lines[chance(&state) % (unsigned)i] : storm_line(a, &state);
    for (int i = 0; i < BATCHES; i++) {
        Intake x = send(a, db, str_join(a, lines + i * (LINES / BATCHES), LINES / BATCHES, S("")));
        CHECK_INT(x.faults.len, 0);
        accepted += x.accepted;
        duplicate += x.duplicate;
    }
    CHECK_INT(accepted + duplicate, LINES);
    CHECK(duplicate > LINES / 4);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(service_recompute(db, a, true, &r));
    CHECK_INT(r.events, accepted);
    CHECK_INT(r.differing, 0);
    Str live = all_counters(a, db);
    CHECK(live.len > 1000);
    test_sql(db, SQL("DELETE FROM service_months WHERE month = 202609"));
    CHECK_OK(service_recompute(db, a, true, &r));
    CHECK(r.differing > 0);
    CHECK_OK(service_recompute(db, a, false, &r));
    CHECK_STR(all_counters(a, db), live);
    test_sql(db, SQL("DELETE FROM service_files"));
    test_sql(db, SQL("DELETE FROM service_days"));
    test_sql(db, SQL("DELETE FROM service_months"));
    CHECK_OK(db_commit(db));
    for (int i = BATCHES - 1; i >= 0; i--)               /* the last first */
        (void)send(a, db, str_join(a, lines + i * (LINES / BATCHES), LINES / BATCHES, S("")));
    CHECK_STR(all_counters(a, db), live);
}

TEST_EACH_STORE(a_key_opens_until_it_is_revoked)
{
    Db          *db = world(a, store);
    ServiceToken t  = { .name = S("cổng"), .unit = { UNIT_ROOT }, .made_at = { 1 } }, found;
    Str          secret;
    CHECK_OK(db_begin_write(db));
    CHECK_OK(service_token_add(db, a, &t, (PersonId){ 0 }, &secret));
    CHECK_OK(service_token_by_key(db, a, secret, &found));
    CHECK_INT(found.id, t.id);
    CHECK(err_is(service_token_by_key(db, a, S("khac"), &found), ERR_NOT_FOUND));
    CHECK_OK(service_token_revoke(db, a, t.id, (PersonId){ 0 }, S("thay"), (Time){ 2 }));
    CHECK(err_is(service_token_by_key(db, a, secret, &found), ERR_NOT_FOUND));
    CHECK(err_is(service_token_revoke(db, a, t.id, (PersonId){ 0 }, S("thay"), (Time){ 2 }), ERR_CONFLICT));
    CHECK_OK(db_commit(db));
}

/* Of ten months, all communes of a province and eight desks: what a batch needs does not grow with what is there already. */
typedef struct Sending { Db *db; Intake *x; } Sending;

static Err apply_sent(void *with)
{
    Sending *s = with;
    Err e = intake_apply(s->db, s->x);
    intake_end(s->x);
    return e;
}

TEST_EACH_STORE(a_batch_over_many_units_and_months_needs_little_memory)
{
    enum { LINES = 3000, BATCHES = 6 };
    Db            *db    = world(a, store);
    uint64_t       state = 7;
    Units          units;
    ServiceRecount r;
    CHECK_OK(unit_list(db, a, UNIT_COMMUNE, today, &units));
    for (int b = 0; b < BATCHES; b++) {
        Arena  own   = arena_open(8 << 20);
        Intake x     = { .today = today, .a = &own };
        Buf    lines = buf_new(a, LINES * 120);
        for (int i = 0; i < LINES; i++) {
            int32_t on = today.day - 1 - (int32_t)(chance(&state) % 300);
            buf_fmt(&lines, "{\"key\":\"r\",\"unit\":%lld,\"file\":\"%d-%d\",\"kind\":\"received\",\"on\":\"%.*s\",\"due\":\"%.*s\",\"desk\":\"Q%d\"}\n",
                    (long long)units.at[chance(&state) % 100].id.v, b, i, STR_ARG(date_iso(a, (Date){ on })), STR_ARG(date_iso(a, (Date){ on + 5 })),
                    (int)(chance(&state) % 8));
        }
        CHECK(event_lines_read(&own, buf_str(&lines), today, &x.lines, &x.faults));
        CHECK_OK(db_begin_write(db));
        CHECK_OK(intake_prepare(db, &x, (UnitId){ UNIT_ROOT }, key));
        Err e = arena_guarded(&own, apply_sent, &(Sending){ db, &x });
        CHECK_OK(e);
        CHECK_INT(x.accepted, LINES);
        CHECK_OK(db_commit(db));
        arena_close(&own);
    }
    CHECK_OK(db_begin_write(db));
    CHECK_OK(service_recompute(db, a, true, &r));
    CHECK_INT(r.differing, 0);
    CHECK_OK(db_commit(db));
}

/* As many desks as a unit may have, each day of a month: a request's memory is enough for every batch of them. */
TEST_EACH_STORE(a_thousand_desks_of_a_unit_fit_a_request)
{
    enum { BATCHES = 3 };
    Db            *db = world(a, store);
    Units          units;
    ServiceRecount r;
    CHECK_OK(unit_list(db, a, UNIT_COMMUNE, today, &units));
    for (int b = 0; b < BATCHES; b++) {
        Arena  own   = arena_open((size_t)32 << 20);
        Intake x     = { .today = today, .a = &own };
        Buf    lines = buf_new(a, EVENT_LINES_MOST * 120);
        Date   begin = date_from_ymd(2026, 10, 1);
        for (int i = 0; i < EVENT_LINES_MOST; i++) {
            Date on = { begin.day + (i / DESKS_MOST + b * 10) % 31 };
            buf_fmt(&lines, "{\"key\":\"r\",\"unit\":%lld,\"file\":\"%d-%d\",\"kind\":\"received\",\"on\":\"%.*s\",\"due\":\"%.*s\",\"desk\":\"Q%d\"}\n",
                    (long long)units.at[0].id.v, b, i, STR_ARG(date_iso(a, on)), STR_ARG(date_iso(a, on)), i % DESKS_MOST);
        }
        CHECK(event_lines_read(&own, buf_str(&lines), today, &x.lines, &x.faults));
        CHECK_OK(db_begin_write(db));
        CHECK_OK(intake_prepare(db, &x, (UnitId){ UNIT_ROOT }, key));
        CHECK_OK(arena_guarded(&own, apply_sent, &(Sending){ db, &x }));
        CHECK_INT(x.accepted, EVENT_LINES_MOST);
        CHECK_OK(db_commit(db));
        arena_close(&own);
    }
    CHECK_OK(db_begin_write(db));
    CHECK_OK(service_recompute(db, a, true, &r));
    CHECK_INT(r.differing, 0);
    CHECK_OK(db_commit(db));
}

static int64_t due_till(Arena *a, Db *db, Date on)
{
    ServiceUnits  units;
    ServiceCounts sum = { 0 };
    fine(service_month_till(db, a, month_of(today), on, &units));
    for (size_t i = 0; i < units.len; i++)
        service_counts_add(&sum, &units.at[i].counts);
    return sum.n[M_DUE];
}

/* Also of rows that hold the sum of the month alone, as earlier versions wrote them. */
TEST_EACH_STORE(what_is_due_later_is_not_overdue_in_the_running_month)
{
    Db *db = world(a, store);
    (void)send(a, db, S("{\"key\":\"r\",\"unit\":\"52\",\"file\":\"1\",\"kind\":\"received\",\"on\":\"2026-11-02\",\"due\":\"2026-11-20\",\"desk\":\"A\"}\n"
                       "{\"key\":\"r\",\"unit\":\"52\",\"file\":\"2\",\"kind\":\"received\",\"on\":\"2026-11-02\",\"due\":\"2026-11-23\"}\n"
                       "{\"key\":\"r\",\"unit\":\"52\",\"file\":\"3\",\"kind\":\"received\",\"on\":\"2026-11-02\",\"due\":\"2026-11-29\",\"desk\":\"A\"}\n"));
    CHECK_INT(month_sum(a, db, 202611).n[M_DUE], 3);
    CHECK_INT(due_till(a, db, today), 1);
    CHECK_INT(due_till(a, db, (Date){ today.day + 1 }), 2);
    CHECK_INT(due_till(a, db, (Date){ today.day - 3 }), 0);
    ServiceCell  sum = { .day = DATE_NONE, .counts = month_sum(a, db, 202611) };
    CHECK_OK(db_begin_write(db));
    AUTO_STMT q = db_prepare(db, SQL("UPDATE service_months SET total = $1"));
    bind_blob(q, 1, cells_pack(a, &(ServiceCells){ &sum, 1, 1 }));
    CHECK_OK(db_run(q));
    CHECK_OK(db_commit(db));
    CHECK_INT(due_till(a, db, today), 1);
    CHECK_INT(due_till(a, db, (Date){ today.day - 3 }), 0);
}

static Intake read_csv(Arena *a, Str text, EventsCsv *csv)
{
    Intake x = { .today = today, .a = a };
    if (events_csv_open(a, text, csv))
        while (events_csv_next(csv, a, today, 2, &x.lines, &x.faults)) {}
    return x;
}

TEST(rows_of_a_spreadsheet_are_events)
{
    EventsCsv csv;
    Intake    x = read_csv(a, S("\xEF\xBB\xBFMã đơn vị;Số hồ sơ;Việc;Ngày;Hạn;Quầy;Điểm đánh giá;Trực tuyến;Lần sửa;Rút lại\r\n"
                                "52;A-1;Tiếp nhận;02/11/2026;12/11/2026;Q1;;Có;;\r\n"
                                ";A-1;rated;2026-11-12;;;5;;;\r\n"
                                "52;A-2;Đánh giá;31/11/2026;;;5;;;\r\n"
                                "52;A-3;Tiếp nhận;02/11/2026;;;;có lẽ;;\r\n"
                                "52;'=A-4;Tiếp nhận;02/11/2026;;;;;1;x\r\n"), &csv);
    CHECK_INT(x.lines.len, 3);
    CHECK_INT(x.lines.at[0].e.flags, F_ONLINE);
    CHECK_STR(x.lines.at[0].desk_code, S("Q1"));
    CHECK(x.lines.at[1].unit.v == 0 && !x.lines.at[1].unit_code.len);
    CHECK_INT(x.lines.at[1].e.value, 5);
    CHECK_STR(x.lines.at[2].number, S("=A-4"));
    CHECK(x.lines.at[2].e.flags & F_VOID);
    CHECK_INT(x.faults.len, 2);
    CHECK_INT(x.faults.at[0].line, 4);
    CHECK_STR(x.faults.at[0].name, S("on"));
    CHECK_STR(x.faults.at[1].name, S("online"));
    CHECK(!events_csv_open(a, S("Số hồ sơ,Việc,Ngày,Màu\n"), &csv));
    CHECK_STR(csv.unknown.at[0], S("Màu"));
    CHECK(!events_csv_open(a, S("Việc\n"), &csv));
    CHECK_INT(csv.missing.len, 2);
    (void)read_csv(a, S("Số hồ sơ,Việc,Ngày\nA,received,02/11/2026\n\"B,received,02/11/2026\n"), &csv);
    CHECK_INT(csv.csv.fault, CSV_QUOTE_OPEN);
    Buf b = buf_new(a, 1024);
    events_csv_template(LANG_VI, &b);
    x = read_csv(a, buf_str(&b), &csv);
    CHECK_INT(x.lines.len, 3);
    CHECK_INT(x.faults.len, 0);
}

TEST_EACH_STORE(a_file_sent_twice_counts_once)
{
    Db           *db   = world(a, store);
    Arena         work = arena_open(1 << 24);
    ServiceImport done = { 0 };
    EventsCsv    *csv;
    Str           why;
    Buf           b    = buf_new(a, 1 << 20);
    buf_lit(&b, "unit,file,kind,on,due\n");
    for (int i = 0; i < 12000; i++)
        buf_fmt(&b, "%s,F%d,received,2026-11-%02d,2026-11-20\n", i == 7000 ? "999999" : "52", i, 1 + i % 20);
    for (int sent = 0; sent < 2; sent++) {
        CHECK(service_csv_open(a, LANG_VI, buf_str(&b), &csv, &why));
        for (bool more = true; more; arena_reset(&work, 0)) {
            CHECK_OK(db_begin_write(db));
            CHECK_OK(service_import_some(db, a, &work, csv, (UnitId){ UNIT_ROOT }, key, today, &done, &more));
            CHECK_OK(db_commit(db));
        }
    }
    CHECK_INT(done.accepted, 11999);
    CHECK_INT(done.duplicate, 11999);
    CHECK_INT(done.rejected, 2);
    CHECK_INT(done.faults.at[0].line, 7002);
    CHECK_INT(month_sum(a, db, 202611).n[M_RECEIVED], 11999);
    arena_close(&work);
}

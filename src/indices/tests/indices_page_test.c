/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages over a real server, in both languages: figures, gaps, sources, units of their year, the file. */
#include "base/csv.h"
#include "http/tests/client.h"
#include "indices/parts.h"
#include "store/test_store.h"

#include <unistd.h>

typedef struct Site { AppInfo app; HttpServer *server; } Site;

static Site *site_open(Store *store, Arena *a)
{
    static const Mount mounts[] = { { "", indices_compare_routes }, { "", indices_public_routes } };
    Site              *s        = arena_new(a, Site, 1);
    Db                *db       = test_take(store, a);
    Err                e        = db_begin_write(db);
    if (!e) e = unit_load_reference(db, a, NULL, NULL);
    if (!e) e = indices_load_published(db, a);
    if (!e) e = db_commit(db);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
    s->app    = (AppInfo){ .store = store, .plain_http = true, .mounts = mounts, .mount_count = COUNT_OF(mounts) };
    s->server = test_server(a, (HttpConfig){ .handle = web_handle, .fast = web_fast, .app = &s->app, .workers = 2 });
    return s;
}

static Str get(Site *s, Arena *a, const char *path)
{
    int fd = client_open(s->server);
    client_send(fd, arena_fmt(a, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path));
    Str answer = client_answer(a, fd, false);
    close(fd);
    return answer;
}

TEST_EACH_STORE(indices_pages_show_figures_with_sources)
{
    Site *s    = site_open(store, a);
    Str   list = get(s, a, "/indices");
    CHECK_INT(answer_status(list), 200);
    CHECK(str_has(list, S("href=\"/indices/sipas\"")) && str_has(list, S("83,94")));
    Str page = get(s, a, "/indices/par-index-provinces");
    CHECK_INT(answer_status(page), 200);
    CHECK(str_has(page, S("Bình quân tăng từ 74,64 (năm 2016) lên 88,37")));
    CHECK(str_has(page, S("href=\"/units/2024?on=2023-12-31\">Bắc Giang</a>")));     /* as it was, not Bắc Ninh of today */
    CHECK(str_has(page, S("chưa có số liệu")) && !str_has(page, S(">0,00<")));
    CHECK(str_has(page, S("id=\"source-1\"")));
    Str english = get(s, a, "/en/indices/par-index-provinces");
    CHECK(str_has(english, S("The average rose from 74.64 (2016) to 88.37")) && str_has(english, S("href=\"/en/units/2024?on=2023-12-31\"")));
}

TEST_EACH_STORE(indices_year_pages_rank_and_note)
{
    Site *s    = site_open(store, a);
    Str   year = get(s, a, "/indices/par-index-provinces/2023");
    size_t first, second;
    CHECK_INT(answer_status(year), 200);
    CHECK(str_find(year, S(">Quảng Ninh</a>"), &first) && str_find(year, S(">Hải Phòng</a>"), &second) && first < second);
    CHECK(str_has(year, S("một nguồn khác ghi 91,81")) && str_has(year, S("2 trên 63")));
    CHECK(str_has(year, S("Tây Nguyên")) && str_has(year, S("Thẩm định")));
    CHECK(str_has(get(s, a, "/indices/sipas/2022"), S("(nguồn không ghi tên)")));
    CHECK(str_has(get(s, a, "/indices/766/2025"), S("sáu tháng cuối năm 2025")));
    CHECK_INT(answer_status(get(s, a, "/indices/par-index-provinces/2011")), 404);
    CHECK_INT(answer_status(get(s, a, "/indices/par-index-provinces/x")), 404);
    CHECK_INT(answer_status(get(s, a, "/indices/none")), 404);
}

TEST_EACH_STORE(indices_file_keeps_gaps_and_sources)
{
    Site *s      = site_open(store, a);
    Str   answer = get(s, a, "/indices/par-index-provinces/figures.csv");
    CHECK_INT(answer_status(answer), 200);
    CHECK(str_has(answer_field(answer, S("Content-Type")), S("text/csv")));
    CsvTable t = { 0 };
    CHECK_OK(csv_read(a, answer_body(answer), CSV_LIMITS, &t));
    int year = csv_column(&t.at[0], S("year")), unit = csv_column(&t.at[0], S("unit")), score = csv_column(&t.at[0], S("score")),
        rank = csv_column(&t.at[0], S("rank")), source = csv_column(&t.at[0], S("source"));
    bool seen = false;
    for (size_t i = 1; i < t.len; i++) {
        CHECK(csv_cell(&t.at[i], (size_t)source).len > 0);
        if (!str_eq(csv_cell(&t.at[i], (size_t)unit), S("Cao Bằng")) || !str_eq(csv_cell(&t.at[i], (size_t)year), S("2024")))
            continue;
        seen = true;
        CHECK_STR(csv_cell(&t.at[i], (size_t)score), S(""));
        CHECK_STR(csv_cell(&t.at[i], (size_t)rank), S("63"));
    }
    CHECK(seen && t.len == 162);
}

TEST_EACH_STORE(indices_stand_side_by_side)
{
    Site  *s    = site_open(store, a);
    Str    page = get(s, a, "/indices/compare?year=2023");
    size_t low, high;
    CHECK_INT(answer_status(page), 200);
    CHECK(str_has(page, S("by=sipas")) && str_has(page, S("href=\"/units/2024?on=2023-12-31\">Bắc Giang</a>")));
    CHECK(str_has(page, S("PAR INDEX")) && !str_has(page, S("Bộ Tư pháp")) && str_has(page, S("id=\"source-1\"")));
    CHECK(str_find(page, S(">An Giang</a>"), &low) && str_find(page, S(">Quảng Ninh</a>"), &high) && low < high);
    page = get(s, a, "/indices/compare?year=2023&by=par-index-provinces");
    CHECK(str_find(page, S(">An Giang</a>"), &low) && str_find(page, S(">Quảng Ninh</a>"), &high) && high < low);
    CHECK(str_has(page, S("aria-sort=\"descending\"")));
    Str english = get(s, a, "/en/indices/compare");
    CHECK_INT(answer_status(english), 200);
    CHECK(str_has(english, S("Provinces in 2024")));     /* 2025 has one index: nothing to compare */
    CHECK(str_has(get(s, a, "/indices/compare?year=2025"), S("sáu tháng cuối năm 2025")));
    CHECK_INT(answer_status(get(s, a, "/indices/compare?year=1999")), 404);
    Str file = get(s, a, "/indices/compare.csv?year=2023");
    CHECK_INT(answer_status(file), 200);
    CHECK(str_has(file, S("Quảng Ninh,par-index-provinces,2023,,92.18,1,63,")));
}

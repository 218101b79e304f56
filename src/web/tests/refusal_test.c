/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a person sees whom the server refuses before any page: our page, both languages, a remedy, nothing to fetch. */
#include "http/tests/client.h"
#include "store/test_store.h"
#include "web/parts.h"

#include <sodium.h>
#include <unistd.h>

static void answer_nothing(void *app, HttpTask *t)
{
    (void)app;
    t->res.status = 204;
}

typedef struct Refused { int status; Str bytes; const char *vi, *en; } Refused;

static HttpServer *server(Arena *a, AppInfo *app)
{
    HttpConfig c = { .handle = answer_nothing, .json_under = S("/api/"), .refusal_headers = web_refusal_headers(app, a),
                     .refusal_pages = web_refusal_pages(app, a), .limits = { .header_ms = 200, .body_grace_ms = 200 } };
    *list_add(a, &c.hosts) = S("thuocdo.example");
    return test_server(a, c);
}

/* The policy names the one sheet by its hash. */
static void check_sheet(Arena *a, Str answer)
{
    uint8_t sum[32];
    char    text[64];
    size_t  from, to;
    Str     page = answer_body(answer);
    CHECK(str_find(page, S("<style>"), &from) && str_find(page, S("</style>"), &to));
    crypto_hash_sha256(sum, (const uint8_t *)page.at + from + 7, to - from - 7);
    sodium_bin2base64(text, sizeof text, sum, sizeof sum, sodium_base64_VARIANT_ORIGINAL);
    CHECK(str_has(answer_field(answer, S("content-security-policy")), arena_fmt(a, "style-src 'sha256-%s'", text)));
    CHECK(!str_has(page, S("<script")) && !str_has(page, S("<link")) && !str_has(page, S("src=")) && !str_has(page, S(" style=")));
}

TEST(refusals_below_all_pages_are_pages_in_both_languages)
{
    AppInfo     app  = { .plain_http = true, .public_url = S("https://thuocdo.example"), .help_phone = S("1800 0000") };
    HttpServer *s    = server(a, &app);
    Buf         long_line = buf_new(a, 1 << 16), wide = buf_new(a, 1 << 16);
    buf_lit(&long_line, "GET /");
    buf_lit(&wide, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
    for (int i = 0; i < 40000; i++) {
        buf_byte(&long_line, 'x');
        buf_byte(&wide, 'x');
    }
    const Refused rows[] = {
        { 400, S("GET / HTTP/1.1\r\nHost : localhost\r\n\r\n"), "Không đọc được yêu cầu", "The request could not be read" },
        { 408, S("GET / HTTP/1.1\r\nHo"), "Đường truyền quá chậm", "The connection was too slow" },
        { 413, S("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n"), "Nội dung quá lớn", "Too large" },
        { 414, buf_str(&long_line), "Địa chỉ quá dài", "The address is too long" },
        { 421, S("GET / HTTP/1.1\r\nHost: other.example\r\n\r\n"), "Tên trang không đúng", "This site has another name" },
        { 431, buf_str(&wide), "Trình duyệt gửi quá nhiều thông tin", "The browser sent too much" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int fd = client_open(s);
        client_send(fd, rows[i].bytes);
        Str r = client_answer(a, fd, false);
        CHECK_INT(answer_status(r), rows[i].status);
        CHECK_STR(answer_field(r, S("Content-Type")), S("text/html; charset=utf-8"));
        CHECK(str_has(answer_body(r), str_from_c(rows[i].vi)) && str_has(answer_body(r), str_from_c(rows[i].en)));
        CHECK(str_has(answer_body(r), S("tel:18000000")));
        CHECK(str_has(answer_body(r), rows[i].status == 421 ? S("href=\"https://thuocdo.example\"") : S("href=\"/\"")));
        check_sheet(a, r);
        close(fd);
    }
    Str api = exchange(a, s, S("GET /api/v1/x HTTP/1.1\r\nHost: other.example\r\n\r\n"));
    CHECK_STR(answer_field(api, S("Content-Type")), S("application/json"));
    http_stop(s);
}

static Err say(Ctx *c)
{
    return answer_json(c, 200, S("{}"));
}

/* All connections to the database are held: people see a page, programs JSON, both a time to come back, and then it goes on. */
TEST_EACH_STORE(no_connection_to_the_database_is_a_page_too)
{
    static const Route rows[]   = { { GET, "/x", RIGHT_PUBLIC, say, 0 }, { GET, "/api/v1/x", RIGHT_PUBLIC, say, ROUTE_API }, { 0 } };
    static const Mount mounts[] = { { "", rows } };
    AppInfo     app = { .mounts = mounts, .mount_count = 1, .store = store, .plain_http = true };
    HttpServer *s   = test_server(a, (HttpConfig){ .handle = web_handle, .app = &app, .json_under = S("/api/"),
                                                   .refusal_headers = web_refusal_headers(&app, a), .refusal_pages = web_refusal_pages(&app, a) });
    Db *held[64];
    int n = 0;
    test_take_wait(store, 20);
    log_set(LOG_ERROR, false);
    while (n < 64 && !store_take(store, a, &held[n]))
        n++;
    Str page = exchange(a, s, S("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    Str json = exchange(a, s, S("GET /api/v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    while (n > 0)
        store_give(store, &held[--n]);
    log_set(LOG_INFO, false);
    CHECK_INT(answer_status(page), 503);
    CHECK(str_has(answer_body(page), S("Hệ thống đang bận")));
    check_sheet(a, page);
    CHECK_STR(answer_field(page, S("retry-after")), S("5"));
    CHECK_INT(answer_status(json), 503);
    CHECK_STR(answer_field(json, S("Content-Type")), S("application/json"));
    CHECK_STR(answer_field(json, S("retry-after")), S("5"));
    CHECK_INT(answer_status(exchange(a, s, S("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"))), 200);
    http_stop(s);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The server as a client sees it: answers, order, caching, later replies, many at once. */
#include "base/json.h"
#include "http/tests/client.h"

#include <sys/socket.h>
#include <unistd.h>

#define GET_ECHO "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n"

TEST(http_answers_a_get_and_keeps_the_connection)
{
    HttpServer *s = test_server(a, (HttpConfig){ 0 });
    int fd = client_open(s);
    for (int i = 0; i < 3; i++) {
        client_send(fd, S("GET /echo/a%20b?x=1&y=%E1%BB%87+z HTTP/1.1\r\nHost: LocalHost:80\r\nCookie: k=v; n=\"w\"\r\n\r\n"));
        Str r = client_answer(a, fd, false);
        CHECK_INT(answer_status(r), 200);
        CHECK(str_has(r, S("path=/echo/a b\nhost=localhost:80\nclient=127.0.0.1\n")));
        CHECK(str_has(r, S("query x=1\nquery y=ệ z\ncookie k=v\ncookie n=w\n")));
        CHECK(answer_field(r, S("Date")).len == 29);
        CHECK(!str_has(r, S("Server:")));
    }
    close(fd);
    http_stop(s);
}

TEST(http_refusals_under_a_path_are_json)
{
    static const struct { int status; const char *bytes; } bad[] = {
        { 400, "GET /api/v1/x HTTP/1.1\r\nHost : localhost\r\n\r\n" },
        { 413, "POST /api/v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n" },
        { 415, "POST /api/v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc" },
        { 408, "POST /api/v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc" },
        { 408, "POST /api/v1/x HTTP/1.1\r\nHo" },
    };
    HttpServer *s = test_server(a, (HttpConfig){ .json_under = S("/api/"), .limits = { .header_ms = 200, .body_grace_ms = 200 } });
    Buf         wide = buf_new(a, 1 << 16);
    buf_lit(&wide, "GET /api/v1/x HTTP/1.1\r\nHost: localhost\r\nX: ");
    for (int i = 0; i < 40000; i++)
        buf_byte(&wide, 'x');
    for (size_t i = 0; i <= COUNT_OF(bad); i++) {
        int fd = client_open(s);
        client_send(fd, i < COUNT_OF(bad) ? str_from_c(bad[i].bytes) : buf_str(&wide));
        Str r = client_answer(a, fd, false), reason = { 0 };
        const Json *tree;
        CHECK_INT(answer_status(r), i < COUNT_OF(bad) ? bad[i].status : 431);
        CHECK_STR(answer_field(r, S("Content-Type")), S("application/json"));
        CHECK_OK(json_parse(a, str_trim(answer_body(r)), &tree));
        CHECK(json_str(json_get(json_get(tree, S("errors"))->first, S("reason")), &reason) && reason.len > 3);
        close(fd);
    }
    Str page = exchange(a, s, S("GET /apis HTTP/1.1\r\nHost : localhost\r\n\r\n"));
    CHECK(str_starts(answer_field(page, S("Content-Type")), S("text/plain")));
    http_stop(s);
}

TEST(http_reads_forms_and_bodies)
{
    HttpServer *s = test_server(a, (HttpConfig){ 0 });
    Str r = exchange(a, s, S("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                             "Content-Length: 13\r\n\r\na=1&b=%C3%A9+"));
    CHECK(str_has(r, S("form a=1\nform b=é \n")));
    r = exchange(a, s, S("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: Application/JSON; charset=utf-8\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nX-T: 1\r\n\r\n"));
    CHECK(str_has(r, S("type=application/json\nbody={\"a\":1}\n")));
    http_stop(s);
}

TEST(http_answers_pipelined_requests_in_order)
{
    HttpServer *s = test_server(a, (HttpConfig){ .workers = 4, .fast = test_fast });
    int fd = client_open(s);
    client_send(fd, S("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\nGET /fast HTTP/1.1\r\nHost: localhost\r\n\r\n"
                      "GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n" GET_ECHO));
    CHECK_STR(answer_body(client_answer(a, fd, false)), S("slow\n"));
    CHECK_STR(answer_body(client_answer(a, fd, false)), S("plain text"));
    CHECK_STR(answer_body(client_answer(a, fd, false)), S("later\n"));
    CHECK(str_has(client_answer(a, fd, false), S("path=/echo")));
    close(fd);
    http_stop(s);
}

TEST(http_head_has_the_length_and_no_body)
{
    HttpServer *s = test_server(a, (HttpConfig){ .fast = test_fast });
    int fd = client_open(s);
    client_send(fd, S("HEAD /fast HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /slow HTTP/1.1\r\nHost: localhost\r\n\r\n" GET_ECHO));
    CHECK_STR(answer_field(client_answer(a, fd, true), S("Content-Length")), S("10"));
    CHECK_STR(answer_field(client_answer(a, fd, true), S("Content-Length")), S("5"));
    CHECK_INT(answer_status(client_answer(a, fd, false)), 200);
    close(fd);
    http_stop(s);
}

TEST(http_shared_bodies_are_sent_compressed_or_not_at_all)
{
    HttpServer *s = test_server(a, (HttpConfig){ .fast = test_fast });
    Str zip = exchange(a, s, S("GET /fast HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br, gzip\r\n\r\n"));
    CHECK_STR(answer_body(zip), S("\x1f\x8b gzip"));
    CHECK_STR(answer_field(zip, S("Content-Encoding")), S("gzip"));
    CHECK_STR(answer_field(zip, S("Vary")), S("Accept-Encoding"));
    Str plain = exchange(a, s, S("GET /fast HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip;q=0\r\n\r\n"));
    CHECK_STR(answer_body(plain), S("plain text"));
    CHECK_STR(answer_field(plain, S("Cache-Control")), S("max-age=60"));
    Str tag = answer_field(plain, S("ETag"));
    CHECK(tag.len > 10);
    Str same = exchange(a, s, arena_fmt(a, "GET /fast HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"x\", %.*s\r\n\r\n", STR_ARG(tag)));
    CHECK_INT(answer_status(same), 304);
    CHECK_STR(answer_body(same), S(""));
    CHECK_STR(answer_field(same, S("ETag")), tag);
    http_stop(s);
}

TEST(http_answers_two_hundred_connections_at_once)
{
    HttpServer *s = test_server(a, (HttpConfig){ .io_threads = 2, .workers = 4 });
    int fd[200];
    for (int i = 0; i < 200; i++)
        fd[i] = client_open(s);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 200; i++)
            client_send(fd[i], arena_fmt(a, "GET /%s?n=%d HTTP/1.1\r\nHost: localhost\r\n\r\n", i % 2 ? "later" : "echo", i));
        for (int i = 0; i < 200; i++) {
            Str r = client_answer(a, fd[i], false);
            CHECK(i % 2 ? str_has(r, S("later")) : str_has(r, arena_fmt(a, "query n=%d\n", i)));
        }
    }
    CHECK_INT(http_stats(s).connections, 200);
    CHECK_INT(http_stats(s).requests, 600);
    for (int i = 0; i < 200; i++)
        close(fd[i]);
    http_stop(s);
}

TEST(http_a_used_up_arena_is_answered_with_503)
{
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .arena_bytes = 1 << 20 } });
    CHECK_INT(answer_status(exchange(a, s, S("GET /fill HTTP/1.1\r\nHost: localhost\r\n\r\n"))), 503);
    CHECK_INT(answer_status(exchange(a, s, S(GET_ECHO))), 200);
    http_stop(s);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bodies and responses through the whole server. */
#include "http/tests/client.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define H "Host: localhost\r\n"

static Str temp_dir(Arena *a)
{
    const char *top = getenv("TMPDIR");
    return str_from_c(mkdtemp(arena_c(a, str_concat(a, str_from_c(top && *top ? top : "/tmp"), S("/http-test-XXXXXX")))));
}

static size_t files_in(Str dir)
{
    DIR   *d = opendir(dir.at);
    size_t n = 0;
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n - 2;
}

static Str run_of(Arena *a, char c, size_t n)
{
    return (Str){ memset(arena_new(a, char, n + 1), c, n), n };
}

static Str post(Arena *a, const char *type, Str body)
{
    return str_concat(a, arena_fmt(a, "POST /echo HTTP/1.1\r\n" H "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n", type, body.len), body);
}

TEST(http_uploads_lie_on_disk_while_the_request_lasts)
{
    Str         dir  = temp_dir(a);
    close(open(arena_c(a, str_concat(a, dir, S("/part-killed"))), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    HttpServer *s    = test_server(a, (HttpConfig){ .temp_dir = dir });
    CHECK_INT(files_in(dir), 0);
    Str         part = S("--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\nContent-Type: application/x-y\r\n\r\n");
    Str         text = S("\r\n--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nsome text\r\n--B--\r\n");
    Str         body = str_join(a, (Str[]){ part, run_of(a, 'x', 300000), text }, 3, S(""));
    Str r = exchange(a, s, post(a, "multipart/form-data; boundary=B", body));
    CHECK(str_has(r, S("form t=some text\nfile f=a.bin application/x-y 300000 on disk\n")));
    CHECK_INT(files_in(dir), 0);
    int fd = client_open(s);                    /* a client that leaves in the middle leaves nothing behind */
    client_send(fd, str_take(post(a, "multipart/form-data; boundary=B", body), 200000));
    for (int i = 0; i < 500 && files_in(dir) == 0; i++)
        usleep(10000);
    CHECK_INT(files_in(dir), 1);
    close(fd);
    for (int i = 0; i < 500 && files_in(dir) > 0; i++)
        usleep(10000);
    CHECK_INT(files_in(dir), 0);
    CHECK_INT(answer_status(exchange(a, s, post(a, "multipart/form-data; boundary=B", str_take(body, 1000)))), 400);
    http_stop(s);
    rmdir(dir.at);
}

TEST(http_bodies_at_the_edge)
{
    HttpLimits  limits = { .form_bytes = 5000, .form_fields = 7, .value_bytes = 900, .request_bytes = 8000, .file_bytes = 6000 };
    HttpServer *s      = test_server(a, (HttpConfig){ .limits = limits });
    const char *form = "application/x-www-form-urlencoded";
    for (int d = -1; d <= 1; d++) {
        CHECK_INT(answer_status(exchange(a, s, post(a, "text/csv", run_of(a, 'x', (size_t)(5000 + d))))), d > 0 ? 413 : 200);
        CHECK_INT(answer_status(exchange(a, s, post(a, form, str_concat(a, S("a="), run_of(a, 'x', (size_t)(900 + d)))))), d > 0 ? 400 : 200);
        Buf fields = buf_new(a, 256);
        for (int i = 0; i < 7 + d; i++)
            buf_fmt(&fields, "a%d=x&", i);
        CHECK_INT(answer_status(exchange(a, s, post(a, form, buf_str(&fields)))), d > 0 ? 413 : 200);
        CHECK_INT(answer_status(exchange(a, s, arena_fmt(a, "GET /echo?%.*s HTTP/1.1\r\n" H "\r\n", STR_ARG(buf_str(&fields))))), d > 0 ? 414 : 200);
        size_t frame = sizeof "--B\r\n\r\n--B--\r\n" - 1;
        Str    part  = S("Content-Disposition: form-data; name=f; filename=x\r\n\r\n");
        Str    big   = str_join(a, (Str[]){ S("--B\r\n"), part, run_of(a, 'x', 3000), S("\r\n--B\r\n"), part }, 5, S(""));
        Str    whole = str_join(a, (Str[]){ big, run_of(a, 'x', 8000 + (size_t)d - big.len - frame + 5), S("\r\n--B--\r\n") }, 3, S(""));
        CHECK_INT(whole.len, 8000 + d);
        CHECK_INT(answer_status(exchange(a, s, post(a, "multipart/form-data; boundary=B", whole))), d > 0 ? 413 : 200);
        CHECK_INT(answer_status(exchange(a, s, arena_fmt(a, "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n%x\r\n%.*s\r\n0\r\n\r\n",
                                                         5000 + d, STR_ARG(run_of(a, 'x', (size_t)(5000 + d)))))), d > 0 ? 413 : 200);
    }
    CHECK_INT(answer_status(exchange(a, s, post(a, form, S("a=%zz")))), 400);
    CHECK_INT(answer_status(exchange(a, s, post(a, form, S("a=%ff")))), 400);
    CHECK_INT(answer_status(exchange(a, s, post(a, form, S("a=%00")))), 400);
    CHECK_INT(answer_status(exchange(a, s, post(a, "multipart/form-data", S("x")))), 400);
    http_stop(s);
}

TEST(http_waits_to_be_asked_for_a_body)
{
    HttpServer *s = test_server(a, (HttpConfig){ 0 });
    int fd = client_open(s);
    client_send(fd, S("POST /echo HTTP/1.1\r\n" H "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
    CHECK_INT(answer_status(client_answer(a, fd, false)), 100);
    client_send(fd, S("ab"));
    CHECK(str_has(client_answer(a, fd, false), S("body=ab\n")));
    client_send(fd, S("POST /echo HTTP/1.1\r\n" H "Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n"));
    CHECK_INT(answer_status(client_answer(a, fd, false)), 413);
    CHECK(client_at_end(fd));
    close(fd);
    http_stop(s);
}

TEST(http_a_refusal_reaches_a_client_that_goes_on_sending)
{
    HttpServer *s = test_server(a, (HttpConfig){ 0 });
    int fd = client_open(s);
    client_send(fd, S("POST /echo HTTP/1.1\r\n" H "Content-Length: 20000000\r\n\r\n"));
    for (int i = 0; i < 1000; i++)
        client_send(fd, run_of(a, 'x', 20000));
    CHECK_INT(answer_status(client_rest(a, fd)), 413);
    close(fd);
    http_stop(s);
}

static void admit_by_path(void *app, HttpTask *t, HttpLimits *l)
{
    if (str_eq(t->req.path, S("/echo/large")))
        l->form_bytes = 3000000;
    if (str_eq(t->req.path, S("/echo/closed")))
        t->res.status = 403;
}

TEST(http_admission_changes_limits_by_path)
{
    HttpServer *s = test_server(a, (HttpConfig){ .admit = admit_by_path });
    Str body = run_of(a, 'x', 2000000);
    Str head = S(" HTTP/1.1\r\n" H "Content-Length: 2000000\r\n\r\n");
    CHECK_INT(answer_status(exchange(a, s, str_join(a, (Str[]){ S("POST /echo/large"), head, body }, 3, S("")))), 200);
    CHECK_INT(answer_status(exchange(a, s, str_join(a, (Str[]){ S("POST /echo/other"), head, str_take(body, 1000) }, 3, S("")))), 413);
    CHECK_INT(answer_status(exchange(a, s, str_join(a, (Str[]){ S("POST /echo/closed"), head, str_take(body, 1000) }, 3, S("")))), 403);
    http_stop(s);
}

/* ---- Responses ------------------------------------------------------------------------------------------ */

static Str file_path;

static void answer_variants(void *app, HttpTask *t)
{
    Str p         = t->req.path;
    t->res.status = 200;
    t->res.type   = S("text/plain");
    t->res.body   = S("body");
    if (str_eq(p, S("/file")))
        t->res.file = file_path;
    else if (str_eq(p, S("/missing")))
        t->res.file = S("/nonexistent/file");
    else if (str_eq(p, S("/tagged"))) {
        t->res.file = file_path;
        http_set(t, S("ETag"), S("\"own\""));
    }
    else if (str_eq(p, S("/none")))
        t->res.status = 204;
    else if (str_eq(p, S("/nothing")))
        t->res.status = 0;
    else if (str_eq(p, S("/headers"))) {
        http_set(t, S("Location"), S("/a"));
        http_set(t, S("location"), S("/b"));
        http_set(t, S("Set-Cookie"), S("a=1"));
        http_set(t, S("Set-Cookie"), S("b=2"));
        http_set(t, S("X-Split"), S("a\r\nX-Evil: 1"));
        http_set(t, S("X-Bad\r\nX-Evil"), S("1"));
        http_set(t, S("Content-Length"), S("99"));
        http_set(t, S("Transfer-Encoding"), S("chunked"));
        http_set(t, S("Connection"), S("upgrade"));
    }
}

TEST(http_responses_of_every_kind)
{
    Str dir = temp_dir(a);
    file_path = str_concat(a, dir, S("/served"));
    int out = open(arena_c(a, file_path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK(write(out, run_of(a, 'f', 3000000).at, 3000000) == 3000000);
    close(out);
    HttpField   more[] = { { S("X-Content-Type-Options"), S("nosniff") } };
    HttpServer *s = test_server(a, (HttpConfig){ .handle = answer_variants, .refusal_headers = { .at = more, .len = 1 } });
    int fd = client_open(s);
    client_send(fd, S("GET /file HTTP/1.1\r\n" H "\r\nHEAD /file HTTP/1.1\r\n" H "\r\nGET /none HTTP/1.1\r\n" H "\r\n"
                      "GET /headers HTTP/1.1\r\n" H "\r\nGET /nothing HTTP/1.1\r\n" H "\r\n"));
    Str r = client_answer(a, fd, false);
    CHECK_INT(answer_body(r).len, 3000000);
    CHECK_STR(str_take(answer_body(r), 3), S("fff"));
    CHECK_STR(answer_field(client_answer(a, fd, true), S("Content-Length")), S("3000000"));
    r = client_answer(a, fd, false);
    CHECK_INT(answer_status(r), 204);
    CHECK_STR(answer_field(r, S("Content-Length")), S(""));
    r = client_answer(a, fd, false);
    CHECK_STR(answer_field(r, S("Location")), S("/b"));
    CHECK(str_has(r, S("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n")));
    CHECK(!str_has(r, S("Evil")) && !str_has(r, S("chunked")) && !str_has(r, S("upgrade")));
    CHECK_STR(answer_field(r, S("Content-Length")), S("4"));
    r = client_answer(a, fd, false);
    CHECK_INT(answer_status(r), 500);
    CHECK_STR(answer_field(r, S("X-Content-Type-Options")), S("nosniff"));
    close(fd);
    CHECK_INT(answer_status(exchange(a, s, S("GET /missing HTTP/1.1\r\n" H "\r\n"))), 500);
    r = exchange(a, s, S("HEAD /tagged HTTP/1.1\r\n" H "\r\n"));
    CHECK_STR(answer_field(r, S("ETag")), S("\"own\""));
    size_t first;
    CHECK(str_find(r, S("ETag:"), &first) && !str_has(str_skip(r, first + 5), S("ETag:")));
    CHECK_INT(answer_status(exchange(a, s, S("GET /tagged HTTP/1.1\r\n" H "If-None-Match: \"own\"\r\n\r\n"))), 304);
    r = exchange(a, s, S("HEAD /missing HTTP/1.1\r\n" H "\r\n"));
    CHECK_INT(answer_body(r).len, 0);
    http_stop(s);
    unlink(arena_c(a, file_path));
    rmdir(dir.at);
}

static Str ranged(Arena *a, HttpServer *s, const char *method, const char *headers)
{
    return exchange(a, s, arena_fmt(a, "%s /file HTTP/1.1\r\n" H "%s\r\n", method, headers));
}

static void check_piece(Arena *a, HttpServer *s, const char *range, int status, const char *body, const char *said)
{
    Str r = ranged(a, s, "GET", arena_c(a, arena_fmt(a, "Range: %s\r\n", range)));
    CHECK_INT(answer_status(r), status);
    CHECK_STR(answer_body(r), str_from_c(body));
    CHECK_STR(answer_field(r, S("Content-Range")), str_from_c(said));
    CHECK_STR(answer_field(r, S("Content-Length")), arena_fmt(a, "%zu", strlen(body)));
}

TEST(http_pieces_of_files)
{
    static const struct { const char *range; int status; const char *body, *said; } cases[] = {
        { "bytes=0-3", 206, "0123", "bytes 0-3/10" }, { "bytes=4-", 206, "456789", "bytes 4-9/10" }, { "bytes=-2", 206, "89", "bytes 8-9/10" },
        { "bytes=7-99", 206, "789", "bytes 7-9/10" }, { "bytes=-99", 206, "0123456789", "bytes 0-9/10" }, { "Bytes = 9-9", 206, "9", "bytes 9-9/10" },
        { "bytes=10-", 416, "", "bytes */10" }, { "bytes=-0", 416, "", "bytes */10" }, { "bytes=5-2", 200, "0123456789", "" },
        { "bytes=0-1,4-5", 200, "0123456789", "" }, { "lines=0-1", 200, "0123456789", "" }, { "bytes=a-b", 200, "0123456789", "" },
        { "bytes=-", 200, "0123456789", "" }, { "bytes=0--1", 200, "0123456789", "" }, { "bytes=99999999999999999999-", 200, "0123456789", "" } };
    Str dir = temp_dir(a);
    file_path = str_concat(a, dir, S("/served"));
    int out = open(arena_c(a, file_path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CHECK(write(out, "0123456789", 10) == 10);
    close(out);
    HttpServer *s = test_server(a, (HttpConfig){ .handle = answer_variants });
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_piece(a, s, cases[i].range, cases[i].status, cases[i].body, cases[i].said);
    Str whole = ranged(a, s, "GET", ""), etag = answer_field(whole, S("ETag"));
    CHECK_STR(answer_field(whole, S("Accept-Ranges")), S("bytes"));
    CHECK(etag.len > 4 && etag.at[0] == '"');
    Str r = ranged(a, s, "GET", arena_c(a, arena_fmt(a, "Range: bytes=1-2\r\nIf-Range: %.*s\r\n", STR_ARG(etag))));
    CHECK_INT(answer_status(r), 206);
    CHECK_STR(answer_body(r), S("12"));
    CHECK_INT(answer_status(ranged(a, s, "GET", "Range: bytes=1-2\r\nIf-Range: \"other\"\r\n")), 200);      /* another file meanwhile: all of it */
    CHECK_INT(answer_status(ranged(a, s, "GET", "Range: bytes=1-2\r\nIf-Range: Sun, 22 Nov 2026 10:00:00 GMT\r\n")), 200);
    r = ranged(a, s, "GET", arena_c(a, arena_fmt(a, "If-None-Match: %.*s\r\nRange: bytes=1-2\r\n", STR_ARG(etag))));
    CHECK_INT(answer_status(r), 304);
    CHECK_INT(answer_body(r).len, 0);
    r = exchange(a, s, S("HEAD /file HTTP/1.1\r\n" H "Range: bytes=1-2\r\n\r\n"));
    CHECK_INT(answer_status(r), 200);                                  /* ranges are asked for by GET alone */
    CHECK_STR(answer_field(r, S("Content-Length")), S("10"));
    http_stop(s);
    unlink(arena_c(a, file_path));
    rmdir(dir.at);
}

TEST(url_coding_there_and_back)
{
    char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    Str coded = url_encode(a, (Str){ all, 256 }), back;
    CHECK(url_decode(a, coded, true, &back) && str_eq(back, (Str){ all, 256 }));
    CHECK_STR(url_encode(a, S("a b/ệ~")), S("a%20b%2F%E1%BB%87~"));
    CHECK(!url_decode(a, S("%"), false, &back) && !url_decode(a, S("%1"), false, &back) && !url_decode(a, S("%1x"), false, &back));
    CHECK(url_decode(a, S("a+b"), false, &back) && str_eq(back, S("a+b")));
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a request may take: memory, and files on the routes that say so. */
#include "http/tests/client.h"
#include "store/test_store.h"
#include "web/parts.h"

static Err fill(Ctx *c)
{
    TRY(db_run(db_prepare(c->db, SQL("CREATE TABLE left_over (x BIGINT)"))));
    for (;;)
        arena_new(c->arena, char, 65536);
}

static Err keep(Ctx *c)
{
    TRY(db_run(db_prepare(c->db, SQL("CREATE TABLE kept (x BIGINT)"))));
    return answer_json(c, 200, S("{}"));
}

static Err keep_file(Ctx *c)
{
    return answer_json(c, c->req->body_fault ? c->req->body_fault : 200, arena_fmt(c->arena, "%zu", c->req->files.len));
}

static const Route rows[] = {
    { POST, "/fill", RIGHT_PUBLIC, fill, ROUTE_API },
    { POST, "/write", RIGHT_PUBLIC, keep, ROUTE_API },
    { POST, "/upload", RIGHT_PUBLIC, keep_file, ROUTE_API | ROUTE_UPLOAD },
    { POST, "/openrosa/upload", RIGHT_PUBLIC, keep_file, ROUTE_API | ROUTE_UPLOAD | ROUTE_FIELD },
    { 0 },
};
static const Mount mounts[] = { { "", rows } };

TEST_EACH_STORE(web_used_up_memory_gives_back_what_was_held)
{
    AppInfo     app = { .mounts = mounts, .mount_count = 1, .store = store, .plain_http = true };
    HttpServer *s   = test_server(a, (HttpConfig){ .handle = web_handle, .app = &app, .workers = 1, .limits = { .arena_bytes = 1 << 20 } });
    log_set(LOG_ERROR, false);
    for (int i = 0; i < 40; i++)               /* more than there are connections to the database */
        CHECK_INT(answer_status(exchange(a, s, S("POST /fill HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"))), 503);
    CHECK_INT(answer_status(exchange(a, s, S("POST /write HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"))), 200);
    log_set(LOG_INFO, false);
    http_stop(s);
    Db *db = test_take(store, a);
    test_sql(db, SQL("CREATE TABLE left_over (x BIGINT)"));     /* it is not there */
}

/* A multipart body of n files of size bytes each. */
static Str upload(Arena *a, const char *path, int n, size_t size)
{
    Buf b = buf_new(a, 4096);
    for (int i = 0; i < n; i++) {
        buf_lit(&b, "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n");
        buf_room(&b, size);
        memset(b.at + b.len, 'x', size);
        b.len += size;
        buf_lit(&b, "\r\n");
    }
    buf_lit(&b, "--B--\r\n");
    Str head = arena_fmt(a, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=B\r\n"
                            "Content-Length: %zu\r\n\r\n", path, b.len);
    return str_concat(a, head, buf_str(&b));
}

TEST(web_takes_files_on_upload_routes_only)
{
    Store      *store = test_store(a);
    AppInfo     app   = { .mounts = mounts, .mount_count = 1, .store = store, .plain_http = true };
    HttpServer *s     = test_server(a, (HttpConfig){ .handle = web_handle, .admit = web_admit, .app = &app,
                                                     .refusal_headers = web_refusal_headers(&app, a) });
    CHECK_INT(answer_status(exchange(a, s, upload(a, "/upload", 1, 2000000))), 200);
    Str refused = exchange(a, s, upload(a, "/write", 1, 2000000));
    CHECK_INT(answer_status(refused), 413);
    CHECK_STR(answer_field(refused, S("x-content-type-options")), S("nosniff"));
    CHECK_INT(answer_status(exchange(a, s, upload(a, "/nowhere", 1, 2000000))), 413);
    CHECK_INT(answer_status(exchange(a, s, upload(a, "/upload", 20, 10))), 200);
    CHECK_INT(answer_status(exchange(a, s, upload(a, "/upload", 21, 10))), 413);
    CHECK_STR(answer_body(exchange(a, s, upload(a, "/openrosa/upload", 101, 10))), S("101"));
    Str own = exchange(a, s, upload(a, "/openrosa/upload", 102, 10));      /* the handler says no, after the last byte */
    CHECK_INT(answer_status(own), 413);
    CHECK_STR(answer_body(own), S("101"));
    http_stop(s);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Raw sockets against a server in this process. */
#include "http/tests/client.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

HttpServer *test_server(Arena *a, HttpConfig config)
{
    HttpServer *s = NULL;
    config.listen = config.listen.len ? config.listen : S("127.0.0.1:0");
    config.handle = config.handle ? config.handle : test_app;
    config.workers = config.workers ? config.workers : 2;
    Err e = http_start(a, &config, &s);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "http_start: %.*s", STR_ARG(e->detail));
    return s;
}

int client_open(const HttpServer *s)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(s)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&at, sizeof at))
        test_fail(__FILE_NAME__, __LINE__, "cannot connect");
    return fd;
}

void client_send(int fd, Str bytes)
{
    while (bytes.len) {
        ssize_t n = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        bytes = str_skip(bytes, (size_t)n);
    }
}

static bool readable(int fd, int ms)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    return poll(&p, 1, ms) > 0;
}

Str client_rest(Arena *a, int fd)
{
    Buf b = buf_new(a, 4096);
    while (readable(fd, 3000)) {
        buf_room(&b, 4096);
        ssize_t n = recv(fd, b.at + b.len, b.cap - b.len, 0);
        if (n <= 0)
            break;
        b.len += (size_t)n;
    }
    return buf_str(&b);
}

bool client_at_end(int fd)
{
    char c;
    return readable(fd, 5000) && recv(fd, &c, 1, 0) <= 0;
}

Str answer_field(Str answer, Str name)
{
    size_t end;
    if (str_find(answer, S("\r\n\r\n"), &end))
        answer = str_take(answer, end + 2);
    while (answer.len) {
        size_t n;
        if (!str_find(answer, S("\r\n"), &n))
            break;
        Str line = str_take(answer, n);
        if (str_starts(line, name) && line.len > name.len && line.at[name.len] == ':')
            return str_trim(str_skip(line, name.len + 1));
        answer = str_skip(answer, n + 2);
    }
    return S("");
}

Str client_answer(Arena *a, int fd, bool head_only)
{
    Buf     b = buf_new(a, 4096);
    size_t  end;
    int64_t length;
    while (!str_find(buf_str(&b), S("\r\n\r\n"), &end)) {   /* byte by byte: what follows belongs to the next answer */
        buf_room(&b, 1);
        if (!readable(fd, 5000) || recv(fd, b.at + b.len, 1, 0) <= 0)
            return S("");
        b.len++;
    }
    if (head_only || !str_to_i64(answer_field(buf_str(&b), S("Content-Length")), &length))
        return buf_str(&b);
    buf_room(&b, (size_t)length);
    for (size_t all = b.len + (size_t)length; b.len < all;) {
        ssize_t n = readable(fd, 5000) ? recv(fd, b.at + b.len, all - b.len, 0) : -1;
        if (n <= 0)
            return S("");
        b.len += (size_t)n;
    }
    return buf_str(&b);
}

int answer_status(Str answer)
{
    int64_t n = 0;
    if (!str_starts(answer, S("HTTP/1.1 ")) || answer.len < 12 || !str_to_i64((Str){ answer.at + 9, 3 }, &n))
        return 0;
    return (int)n;
}

Str answer_body(Str answer)
{
    size_t end;
    return str_find(answer, S("\r\n\r\n"), &end) ? str_skip(answer, end + 4) : S("");
}

size_t answer_count(Str answers)
{
    size_t n = 0, at;
    for (; str_find(answers, S("HTTP/1.1 "), &at); n++)
        answers = str_skip(answers, at + 9);
    return n;
}

Str exchange(Arena *a, const HttpServer *s, Str bytes)
{
    int fd = client_open(s);
    client_send(fd, bytes);
    shutdown(fd, SHUT_WR);
    Str all = client_rest(a, fd);
    close(fd);
    return all;
}

/* ---- The application ---------------------------------------------------------------------------------- */

static void fields_add(Buf *b, const char *kind, const HttpFields *f)
{
    for (size_t i = 0; i < f->len; i++)
        buf_fmt(b, "%s %.*s=%.*s\n", kind, STR_ARG(f->at[i].name), STR_ARG(f->at[i].value));
}

static void echo(HttpTask *t)
{
    const HttpRequest *r = &t->req;
    Buf                b = buf_new(t->arena, 1024);
    buf_fmt(&b, "method=%d\npath=%.*s\nhost=%.*s\nclient=%.*s\nhttps=%d\nignored=%d\ntype=%.*s\nbody=%.*s\n", r->method,
            STR_ARG(r->path), STR_ARG(r->host), STR_ARG(r->client), r->https, r->forwarded_ignored, STR_ARG(r->content_type), STR_ARG(r->body));
    fields_add(&b, "query", &r->query);
    fields_add(&b, "cookie", &r->cookies);
    fields_add(&b, "form", &r->form);
    for (size_t i = 0; i < r->files.len; i++) {
        const HttpPart *p = &r->files.at[i];
        buf_fmt(&b, "file %.*s=%.*s %.*s %lld %s\n", STR_ARG(p->name), STR_ARG(p->file_name), STR_ARG(p->type),
                (long long)p->size, p->path.len && access(p->path.at, R_OK) == 0 ? "on disk" : p->path.len ? "lost" : "in memory");
    }
    t->res = (HttpResponse){ .status = 200, .type = S("text/plain; charset=utf-8"), .body = buf_str(&b) };
}

static void *reply_later(void *arg)
{
    HttpTask *t   = arg;
    t->res.status = 200;
    t->res.body   = S("later\n");
    http_reply(t);
    return NULL;
}

void test_app(void *app, HttpTask *t)
{
    t->res.type = S("text/plain; charset=utf-8");
    if (str_eq(t->req.path, S("/echo")) || str_starts(t->req.path, S("/echo/"))) {
        echo(t);
    } else if (str_eq(t->req.path, S("/later"))) {
        pthread_t thread;
        t->res.later   = true;
        t->arena->full = NULL;
        pthread_create(&thread, NULL, reply_later, t);
        pthread_detach(thread);
    } else if (str_eq(t->req.path, S("/slow"))) {
        usleep(300000);
        t->res.status = 200;
        t->res.body   = S("slow\n");
    } else if (str_eq(t->req.path, S("/big"))) {
        t->res.status = 200;
        t->res.body   = (Str){ memset(arena_new(t->arena, char, 4 << 20), 'x', 4 << 20), 4 << 20 };
    } else if (str_eq(t->req.path, S("/fill"))) {
        for (;;)
            arena_new(t->arena, char, 1 << 16);
    } else {
        t->res.status = 404;
        t->res.body   = S("404\n");
    }
}

static SharedBody *shared;

bool test_fast(void *app, HttpTask *t)
{
    if (!str_eq(t->req.path, S("/fast")))
        return false;
    if (!shared) {
        HttpField  list[] = { { S("Cache-Control"), S("max-age=60") } };
        HttpFields h      = { .at = list, .len = 1 };
        shared = shared_body_new(S("plain text"), S("\x1f\x8b gzip"), S("text/plain; charset=utf-8"), &h);
    }
    shared_body_keep(shared);
    t->res = (HttpResponse){ .status = 200, .shared = shared };
    return true;
}

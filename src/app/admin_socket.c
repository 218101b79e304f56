/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The admin socket DIR/admin.sock (mode 0600): metrics for the monitor, commands for the command line.
 * One request a connection, HTTP/1.0, so that curl --unix-socket can read it. */
#include "app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct { int fd, stop[2]; pthread_t thread; Instance *in; HttpServer *http; char path[108]; bool running; } admin = { .fd = -1 };

static bool send_all(int fd, Str s)
{
    while (s.len) {
        ssize_t n = send(fd, s.at, s.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_skip(s, (size_t)n);
    }
    return true;
}

/* Reads until the other side has sent everything: head, then content-length bytes. */
static Str receive(Arena *a, int fd, int timeout_ms)
{
    Buf b = buf_new(a, 8192);
    for (;;) {
        struct pollfd p = { fd, POLLIN, 0 };
        if (b.len > 4 << 20 || poll(&p, 1, timeout_ms) <= 0)
            break;
        buf_room(&b, 8192);
        ssize_t n = recv(fd, b.at + b.len, b.cap - b.len, 0);
        if (n <= 0)
            break;
        b.len += (size_t)n;
    }
    return buf_str(&b);
}

/* Words are sent as lines; a line cannot hold a newline, so one is written as a NUL. */
static void answer_command(Arena *a, int fd, Str body)
{
    StrList words = { 0 };
    while (body.len) {
        StrPair p = str_cut(body, '\n');
        body      = p.tail;
        *list_add(a, &words) = p.head;
    }
    Buf out = buf_new(a, 4096), err = buf_new(a, 512);
    int code = cli_run_inside(a, admin.in, &words, &out, &err);
    Buf head = buf_new(a, 256);
    buf_fmt(&head, "HTTP/1.0 200 OK\r\nx-exit: %d\r\nx-out: %zu\r\ncontent-length: %zu\r\n\r\n", code, out.len, out.len + err.len);
    if (send_all(fd, buf_str(&head)) && send_all(fd, buf_str(&out)))
        (void)send_all(fd, buf_str(&err));
}

static void answer_metrics(Arena *a, int fd)
{
    Buf b = buf_new(a, 8192), head = buf_new(a, 256);
    metrics_write(&b, admin.in, admin.http);
    buf_fmt(&head, "HTTP/1.0 200 OK\r\ncontent-type: text/plain; version=0.0.4\r\ncontent-length: %zu\r\n\r\n", b.len);
    if (send_all(fd, buf_str(&head)))
        (void)send_all(fd, buf_str(&b));
}

static void serve_one(Arena *a, int fd)
{
    struct pollfd p = { fd, POLLIN, 0 };
    char          first[16] = { 0 };
    if (poll(&p, 1, 5000) <= 0 || recv(fd, first, sizeof first - 1, MSG_PEEK) <= 0)
        return;
    if (str_starts(str_from_c(first), S("GET /metrics"))) {
        answer_metrics(a, fd);
        return;
    }
    Str request = receive(a, fd, 5000);
    size_t at;
    if (str_starts(request, S("POST /command ")) && str_find(request, S("\r\n\r\n"), &at))
        answer_command(a, fd, str_skip(request, at + 4));
    else
        (void)send_all(fd, S("HTTP/1.0 404 Not Found\r\ncontent-length: 0\r\n\r\n"));
}

static void *admin_run(void *unused)
{
    (void)unused;
    Arena a = arena_open((size_t)1 << 34);
    struct pollfd p[2] = { { admin.fd, POLLIN, 0 }, { admin.stop[0], POLLIN, 0 } };
    while (poll(p, 2, -1) >= 0 || errno == EINTR) {
        if (p[1].revents)
            break;
        int fd = accept4(admin.fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        serve_one(&a, fd);
        close(fd);
        arena_reset(&a, 1 << 20);
    }
    arena_close(&a);
    return NULL;
}

static bool address(Str dir, struct sockaddr_un *out)
{
    *out  = (struct sockaddr_un){ .sun_family = AF_UNIX };
    int n = snprintf(out->sun_path, sizeof out->sun_path, "%.*s/admin.sock", STR_ARG(dir));
    return n > 0 && (size_t)n < sizeof out->sun_path;
}

Err admin_socket_start(Arena *a, Instance *in, HttpServer *http)
{
    struct sockaddr_un at;
    if (!address(in->dir, &at))
        return err_fmt(a, ERR_CONFIG, "%.*s: the path of the data folder is too long for its admin socket", STR_ARG(in->dir));
    unlink(at.sun_path);               /* left by a server that was killed; the lock says it is gone */
    int    fd  = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t was = umask(0177);
    bool   ok  = fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 16) == 0;
    umask(was);
    admin.in   = in;
    admin.http = http;
    admin.fd   = fd;
    memcpy(admin.path, at.sun_path, sizeof admin.path);
    if (!ok || pipe2(admin.stop, O_CLOEXEC) || pthread_create(&admin.thread, NULL, admin_run, NULL))
        return err_fmt(a, ERR_IO, "%s: %s", at.sun_path, strerrordesc_np(errno));
    admin.running = true;
    return OK;
}

void admin_socket_stop(void)
{
    if (!admin.running)
        return;
    admin.running = false;
    if (write(admin.stop[1], "x", 1) == 1)
        pthread_join(admin.thread, NULL);
    close(admin.fd);
    unlink(admin.path);
}

bool admin_ask(Arena *a, Str dir, const StrList *words, Str *out, Str *err, int *exit_code)
{
    struct sockaddr_un at;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || !address(dir, &at) || connect(fd, (struct sockaddr *)&at, sizeof at)) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    Str body = str_join(a, words->at, words->len, S("\n"));
    Buf head = buf_new(a, 128);
    buf_fmt(&head, "POST /command HTTP/1.0\r\ncontent-length: %zu\r\n\r\n", body.len);
    bool sent = send_all(fd, buf_str(&head)) && send_all(fd, body);
    shutdown(fd, SHUT_WR);
    Str answer = sent ? receive(a, fd, -1) : S("");
    close(fd);
    size_t  head_end, x;
    int64_t code = 70, n = 0;
    if (!str_find(answer, S("\r\n\r\n"), &head_end))
        return false;
    Str lines = str_take(answer, head_end), rest = str_skip(answer, head_end + 4);
    if (str_find(lines, S("x-exit: "), &x))
        (void)str_to_i64(str_cut(str_skip(lines, x + 8), '\r').head, &code);
    if (str_find(lines, S("x-out: "), &x))
        (void)str_to_i64(str_cut(str_skip(lines, x + 7), '\r').head, &n);
    *out       = str_take(rest, (size_t)n);
    *err       = str_skip(rest, (size_t)n);
    *exit_code = (int)code;
    return true;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An HTTP client that costs little: the request is one prepared text, the answer is read up to its length. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 512 << 10, IDS_MOST = 8, UUID_LEN = 36 };

typedef struct Conn { int fd; char *request; size_t sent; char *answer; size_t got; int64_t began_us; } Conn;
typedef struct Load {
    const LoadPlan *plan;
    LoadResult      result;
    int             epoll;
    size_t          ids[IDS_MOST], id_count, request_len;
    Conn           *conns;
    int32_t        *times_us;
    int64_t         begun;
} Load;

Str load_request(Arena *a, Str host, Str path, Str body)
{
    if (!body.len)
        return arena_fmt(a, "GET %.*s HTTP/1.1\r\nHost: %.*s\r\nAccept-Encoding: gzip\r\n\r\n", STR_ARG(path), STR_ARG(host));
    size_t len = str_replace(a, body, S("{id}"), S("123456789012345678901234567890123456")).len;
    /* A body of parts begins with its boundary. */
    Str type = str_starts(body, S("--")) ? str_concat(a, S("multipart/form-data; boundary="), str_trim(str_skip(str_cut(body, '\n').head, 2)))
                                         : S("application/json");
    return arena_fmt(a, "POST %.*s HTTP/1.1\r\nHost: %.*s\r\nContent-Type: %.*s\r\nContent-Length: %zu\r\n\r\n%.*s",
                     STR_ARG(path), STR_ARG(host), STR_ARG(type), len, STR_ARG(body));
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void new_uuid(char *to)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t           r[16];
    random_bytes(r, sizeof r);
    for (int i = 0, k = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            to[k++] = '-';
        to[k++] = digits[r[i] >> 4];
        to[k++] = digits[r[i] & 15];
    }
    to[14] = '4';
    to[19] = '8';
}

/* ---- One connection ------------------------------------------------------------------------ */
static bool conn_open(Load *l, Conn *c)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)l->plan->port) };
    inet_pton(AF_INET, l->plan->address.at, &at.sin_addr);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&at, sizeof at))
        return false;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
    return !epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e);
}

static bool conn_send(Load *l, Conn *c)
{
    if (l->begun == l->plan->count)
        return true;
    l->begun++;
    for (size_t i = 0; i < l->id_count; i++)
        new_uuid(c->request + l->ids[i]);
    c->got      = 0;
    c->began_us = now_us();
    for (c->sent = 0; c->sent < l->request_len;) {       /* small enough for the socket's buffer: blocks never for long */
        ssize_t n = send(c->fd, c->request + c->sent, l->request_len - c->sent, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        c->sent += (size_t)n;
    }
    return true;
}

/* The server closes after this answer (it has served the connection's share of requests). */
static bool is_last(const Conn *c, size_t len)
{
    const char *end = memmem(c->answer, len, "\r\n\r\n", 4);
    return memmem(c->answer, (size_t)(end + 2 - c->answer), "\r\nConnection: close\r\n", 21) != NULL;
}

/* Length of the whole answer; 0 while its head is not whole. */
static size_t answer_len(const Conn *c)
{
    const char *end = memmem(c->answer, c->got, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t head = (size_t)(end - c->answer) + 4, body = 0;
    for (const char *line = c->answer; line < end; line = (const char *)memmem(line, (size_t)(end + 2 - line), "\r\n", 2) + 2)
        if (!strncasecmp(line, "content-length:", 15))
            body = strtoul(line + 15, NULL, 10);
    return head + body;
}

static bool conn_read(Load *l, Conn *c)
{
    ssize_t n = recv(c->fd, c->answer + c->got, ROOM - c->got - 1, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (n <= 0)
        return false;
    c->got += (size_t)n;
    c->answer[c->got] = 0;
    size_t len        = answer_len(c);
    if (!len || c->got < len)
        return c->got < ROOM - 1;
    l->times_us[l->result.answered++] = (int32_t)(now_us() - c->began_us);
    if (c->answer[9] == '2')
        l->result.good++;
    else
        l->result.refused++;
    if (is_last(c, len)) {
        close(c->fd);
        if (!conn_open(l, c))
            return false;
    }
    return conn_send(l, c);
}

/* ---- The run ------------------------------------------------------------------------------- */
static Str find_ids(Arena *a, Load *l)
{
    Str    text = l->plan->request, out = S("");
    size_t at;
    while (l->id_count < IDS_MOST && str_find(text, S("{id}"), &at)) {
        out                    = str_concat(a, out, str_take(text, at));
        l->ids[l->id_count++] = out.len;
        out                    = str_concat(a, out, S("123456789012345678901234567890123456"));
        text                   = str_skip(text, at + 4);
    }
    return str_concat(a, out, text);
}

static int by_size(const void *x, const void *y)
{
    int32_t a = *(const int32_t *)x, b = *(const int32_t *)y;
    return (a > b) - (a < b);
}

static void sum_up(Load *l, int64_t began_us)
{
    LoadResult *r = &l->result;
    r->seconds    = (double)(now_us() - began_us) / 1e6;
    if (!r->answered)
        return;
    qsort(l->times_us, (size_t)r->answered, sizeof *l->times_us, by_size);
    r->p50_ms = l->times_us[r->answered / 2] / 1e3;
    r->p99_ms = l->times_us[r->answered * 99 / 100] / 1e3;
}

static void serve_events(Load *l)
{
    struct epoll_event events[256];
    while (l->result.answered + l->result.broken < l->plan->count) {
        int n = epoll_wait(l->epoll, events, COUNT_OF(events), 30000);
        if (n == 0)
            break;
        for (int i = 0; i < n; i++) {
            Conn *c = events[i].data.ptr;
            if (conn_read(l, c))
                continue;
            l->result.broken++;
            close(c->fd);
            if (conn_open(l, c) && !conn_send(l, c))
                l->result.broken++;
        }
    }
}

Err load_run(Arena *a, const LoadPlan *plan, LoadResult *out)
{
    Load l        = { .plan = plan, .epoll = epoll_create1(EPOLL_CLOEXEC) };
    Str  request  = find_ids(a, &l);
    l.request_len = request.len;
    l.conns       = arena_new(a, Conn, plan->connections);
    l.times_us    = arena_new(a, int32_t, plan->count + plan->connections);
    int64_t began = now_us();
    for (int i = 0; i < plan->connections; i++) {
        Conn *c    = &l.conns[i];
        c->request = arena_c(a, request);
        c->answer  = arena_new(a, char, ROOM);
        if (!conn_open(&l, c) || !conn_send(&l, c))
            return err_fmt(a, ERR_IO, "connection %d: %s", i, strerror(errno));
    }
    serve_events(&l);
    sum_up(&l, began);
    for (int i = 0; i < plan->connections; i++)
        close(l.conns[i].fd);
    close(l.epoll);
    *out = l.result;
    return OK;
}

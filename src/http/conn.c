/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One connection. Requests are taken one at a time, in order: while one is being answered the next stays unread, in
 * the socket or in held. An idle connection owns no buffer. */
#include "http/server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#define LINGER_MS   2000      /* without a byte */
#define LINGER_MOST 30000     /* in all: somebody is sending us a large file that was refused */

void conn_until(Conn *c, int64_t ms)
{
    c->deadline = c->io->now + ms;
    if (c->deadline < c->io->due)
        c->io->due = c->deadline;
}

static void conn_watch(Conn *c, uint32_t events)
{
    if (c->events == events)
        return;
    struct epoll_event e = { .events = events, .data.ptr = c };
    c->events            = events;
    epoll_ctl(c->io->epoll, EPOLL_CTL_MOD, c->fd, &e);
}

void conn_open(Io *io, int fd, Address peer, bool counted)
{
    Conn              *c = calloc(1, sizeof *c);
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
    if (!c || epoll_ctl(io->epoll, EPOLL_CTL_ADD, fd, &e)) {
        free(c);
        close(fd);
        if (counted)
            peer_drop(&io->server->peers, peer);
        return;
    }
    *c = (Conn){ .fd = fd, .file = -1, .events = EPOLLIN, .counted = counted, .io = io, .next = io->conns, .peer = peer };
    address_text(peer, c->peer_text);
    if (io->conns)
        io->conns->prev = c;
    io->conns = c;
    atomic_fetch_add(&io->open, 1);
    conn_until(c, limits_of(c)->header_ms);    /* a new connection must bring a request */
}

/* The task goes back, or to nobody while a worker has it. */
static void task_part(Conn *c)
{
    Task *t = c->task;
    c->task = NULL;
    if (!t)
        return;
    t->conn = NULL;
    if (c->phase == PHASE_HANDLE)
        atomic_store(&t->abandoned, true);
    else
        task_drop(t);
}

static void output_done(Conn *c)
{
    if (c->file >= 0)
        close(c->file);
    c->file      = -1;
    c->file_left = 0;
    free(c->note);
    c->note = NULL;
    memset(c->out, 0, sizeof c->out);
}

void conn_close(Conn *c)
{
    Io *io = c->io;
    if (c->phase == PHASE_CLOSED)
        return;
    task_part(c);
    output_done(c);
    free(c->held);
    c->held = NULL;
    close(c->fd);
    if (c->counted)
        peer_drop(&io->server->peers, c->peer);
    *(c->prev ? &c->prev->next : &io->conns) = c->next;
    if (c->next)
        c->next->prev = c->prev;
    c->phase = PHASE_CLOSED;
    c->next  = io->dead;
    io->dead = c;
    atomic_fetch_sub(&io->open, 1);
    for (int i = 0; i < io->server->io_started; i++)
        if (atomic_load(&io->server->io[i].parked))
            io_wake(&io->server->io[i]);
}

/* ---- Sending --------------------------------------------------------------------------------------- */

/* Closing with unread input would reset the connection and could destroy the answer on its way, so the sending side
 * is shut first and what the peer still sends is read away for a while. */
static void linger(Conn *c)
{
    c->phase = PHASE_LINGER;
    if (shutdown(c->fd, SHUT_WR)) {
        conn_close(c);
        return;
    }
    c->linger_ends = c->io->now + LINGER_MOST;
    conn_until(c, LINGER_MS);
    conn_watch(c, EPOLLIN);
}

static void conn_sent(Conn *c)
{
    task_part(c);
    output_done(c);
    if (c->close_after) {
        linger(c);
        return;
    }
    c->phase = PHASE_IDLE;
    conn_until(c, limits_of(c)->idle_ms);
}

/* Each byte taken buys time, up to the whole grace: a peer that stays under the least rate runs out of it. */
static void earn(Conn *c, size_t bytes, int64_t grace)
{
    int64_t most = c->io->now + grace;
    c->deadline += (int64_t)bytes * 1000 / limits_of(c)->body_min_bytes_s;
    if (c->deadline > most)
        c->deadline = most;
}

static void out_advance(Conn *c, size_t n)
{
    earn(c, n, limits_of(c)->write_ms);
    for (int i = 0; i < 3; i++) {
        size_t part = n < c->out[i].len ? n : c->out[i].len;
        c->out[i]   = str_skip(c->out[i], part);
        n -= part;
    }
}

/* One piece; true when the peer took some. */
static bool send_piece(Conn *c)
{
    struct iovec iov[3];
    int          n = 0;
    for (int i = 0; i < 3; i++)
        if (c->out[i].len)
            iov[n++] = (struct iovec){ (void *)(uintptr_t)c->out[i].at, c->out[i].len };
    ssize_t sent;
    if (n) {
        struct msghdr m = { .msg_iov = iov, .msg_iovlen = (size_t)n };
        sent            = sendmsg(c->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT | (c->file_left ? MSG_MORE : 0));
    } else {
        sent = sendfile(c->fd, c->file, NULL, (size_t)(c->file_left < (1 << 20) ? c->file_left : 1 << 20));
    }
    if (sent > 0) {
        if (n)
            out_advance(c, (size_t)sent);
        else {
            c->file_left -= sent;
            earn(c, (size_t)sent, limits_of(c)->write_ms);
        }
        return true;
    }
    if (sent < 0 && errno == EINTR)
        return true;
    if (sent < 0 && errno == EAGAIN)
        conn_watch(c, EPOLLOUT);
    else
        conn_close(c);                          /* gone, or the file has become shorter */
    return false;
}

static void conn_send(Conn *c)
{
    while (c->out[0].len || c->out[1].len || c->out[2].len || c->file_left)
        if (!send_piece(c))
            return;
    conn_sent(c);
}

void conn_answer(Conn *c)
{
    Io *io = c->io;
    c->close_after |= c->task->close || io->draining || c->requests >= limits_of(c)->connection_requests;
    c->phase   = PHASE_WRITE;
    int status = reply_make(c);
    if (status) {
        conn_refuse(c, status);
        return;
    }
    conn_until(c, limits_of(c)->write_ms);
    conn_send(c);
}

void conn_refuse(Conn *c, int status)
{
    bool head = c->task && c->task->pub.req.method == HEAD;
    task_part(c);
    output_done(c);
    c->phase       = PHASE_WRITE;
    c->close_after = true;
    c->out[0]      = reply_refusal(c->io, status, !head, c->json);
    c->note        = (char *)(uintptr_t)c->out[0].at;
    atomic_fetch_add_explicit(status == 408 ? &c->io->timeouts : &c->io->refused, 1, memory_order_relaxed);
    conn_until(c, limits_of(c)->write_ms);
    if (c->out[0].len)
        conn_send(c);
    else
        conn_close(c);
}

/* ---- Reading --------------------------------------------------------------------------------------- */

/* From the request line alone: the answer to a head that cannot be read, or never ends, has the form its asker reads. */
static bool asks_json(const HttpServer *s, Str head)
{
    Str under = s->config.json_under;
    return under.len && str_starts(str_cut(str_take(head, under.len + 20), ' ').tail, under);
}

static size_t head_take(Conn *c, Str in)
{
    c->json = asks_json(c->io->server, in);
    if (c->phase == PHASE_IDLE) {
        c->phase = PHASE_HEAD;
        c->scan  = (HeadScan){ 0 };
        if (c->requests)
            conn_until(c, limits_of(c)->header_ms);
    }
    size_t end;
    int    bad = head_scan(&c->scan, in, limits_of(c), &end);
    if (bad)
        conn_refuse(c, bad);
    else if (end)
        request_begin(c, str_take(in, end));
    return bad ? in.len : end;
}

static size_t consume(Conn *c, Str in)
{
    size_t used = 0;
    while (c->phase <= PHASE_BODY && used < in.len) {
        Str    rest = str_skip(in, used);
        size_t n    = c->phase == PHASE_BODY ? body_take(c, rest) : head_take(c, rest);
        if (!n)
            break;
        if (c->phase == PHASE_BODY)
            earn(c, n, limits_of(c)->body_grace_ms);
        used += n;
    }
    return used;
}

static bool hold(Conn *c, Str s)
{
    if (c->held_len + s.len > c->held_cap) {
        size_t cap = c->held_len + s.len + (c->held_len ? c->held_cap : 0);
        char  *at  = realloc(c->held, cap);
        if (!at)
            return false;
        c->held     = at;
        c->held_cap = cap;
    }
    memcpy(c->held + c->held_len, s.at, s.len);
    c->held_len += s.len;
    return true;
}

static void held_drop(Conn *c, size_t n)
{
    if (c->held_len > n)
        memmove(c->held, c->held + n, c->held_len - n);
    c->held_len -= n;
    if (c->held_len == 0) {
        free(c->held);
        c->held     = NULL;
        c->held_cap = 0;
    }
}

void conn_resume(Conn *c)
{
    if (c->phase <= PHASE_BODY && c->held_len) {
        size_t used = consume(c, (Str){ c->held, c->held_len });
        if (c->phase == PHASE_CLOSED)
            return;
        held_drop(c, used);
    }
    if (c->phase <= PHASE_BODY)
        conn_watch(c, EPOLLIN);
}

static void conn_receive(Conn *c)
{
    Io     *io = c->io;
    ssize_t n  = recv(c->fd, io->scratch, SCRATCH_BYTES, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0 || (c->phase == PHASE_LINGER && io->now > c->linger_ends)) {
        conn_close(c);
        return;
    }
    if (c->phase == PHASE_LINGER) {
        c->deadline = io->now + LINGER_MS;
        return;
    }
    Str in = { io->scratch, (size_t)n };
    if (!c->held_len) {
        in = str_skip(in, consume(c, in));
        if (in.len && c->phase != PHASE_CLOSED && !hold(c, in))
            conn_close(c);
    } else if (hold(c, in)) {
        conn_resume(c);
    } else {
        conn_close(c);
    }
}

void conn_event(Conn *c, uint32_t events)
{
    if (c->phase == PHASE_WRITE) {
        conn_send(c);
        if (c->phase != PHASE_CLOSED)
            conn_resume(c);
    } else if (c->phase != PHASE_HANDLE) {
        conn_receive(c);
    } else if (events & (EPOLLERR | EPOLLHUP)) {
        conn_close(c);
    } else {
        conn_watch(c, 0);                       /* the next request has come early: it waits in the socket */
    }
}

void conn_late(Conn *c)
{
    switch (c->phase) {
    case PHASE_IDLE:
        conn_receive(c);                        /* a request may have come in this very moment */
        if (c->phase == PHASE_IDLE)
            conn_close(c);
        break;
    case PHASE_HEAD:
    case PHASE_BODY:
        conn_refuse(c, 408);
        break;
    case PHASE_HANDLE:
        atomic_fetch_add_explicit(&c->io->timeouts, 1, memory_order_relaxed);
        conn_refuse(c, 503);
        break;
    default:
        conn_close(c);
    }
}

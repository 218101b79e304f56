/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An io thread: waits for sockets, accepts, takes replies from workers, and looks after deadlines. */
#include "http/server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define EVENTS        128
#define POOL_BYTES    65536    /* kept resident by a pooled arena */
#define DRAIN_IDLE_MS 300
#define RETRY_MS      1000

void io_wake(Io *io)
{
    uint64_t one = 1;
    ssize_t  n UNUSED = write(io->wake, &one, sizeof one);
}

/* ---- Tasks ------------------------------------------------------------------------------------------ */

Task *task_take(Io *io)
{
    Task *t = io->pool;
    if (t) {
        io->pool = t->next;
        io->pooled--;
    } else {
        if (!(t = calloc(1, sizeof *t)))
            return NULL;
        if (!arena_try(&t->arena, (size_t)io->server->config.limits.arena_bytes)) {
            free(t);
            return NULL;
        }
        t->next_all = io->all;
        if (io->all)
            io->all->prev_all = t;
        io->all = t;
    }
    t->io         = io;
    t->next       = NULL;
    t->pub.arena  = &t->arena;
    t->arena.full = &io->full;
    return t;
}

static void task_free(Task *t)
{
    Io *io = t->io;
    *(t->prev_all ? &t->prev_all->next_all : &io->all) = t->next_all;
    if (t->next_all)
        t->next_all->prev_all = t->prev_all;
    arena_close(&t->arena);
    free(t);
}

void task_drop(Task *t)
{
    Io *io = t->io;
    if (t->is_multipart) {
        multipart_close(&t->multipart);
        parts_remove(&t->pub.req);
    }
    if (t->pub.res.shared)
        shared_body_drop(t->pub.res.shared);
    if (io->pooled < POOL_CROWD) {
        Arena a = t->arena;
        arena_reset(&a, POOL_BYTES);
        *t = (Task){ .io = io, .arena = a, .prev_all = t->prev_all, .next_all = t->next_all, .next = io->pool };
        io->pool = t;
        io->pooled++;
        return;
    }
    task_free(t);
}

/* What a crowd needed goes back when the last of it has gone. */
static void pool_trim(Io *io)
{
    while (io->pooled > POOL_TASKS) {
        Task *t  = io->pool;
        io->pool = t->next;
        io->pooled--;
        task_free(t);
    }
}

void task_done(Task *t)
{
    Io *io  = t->io;
    t->next = NULL;
    pthread_mutex_lock(&io->lock);
    bool first     = io->done == NULL;
    *io->done_last = t;
    io->done_last  = &t->next;
    if (first)
        io_wake(io);                            /* under the lock: http_stop waits for it before it closes wake */
    pthread_mutex_unlock(&io->lock);
}

/* Runs one step for a connection; when the request's arena is used up the answer is 503. */
static void step(Conn *c, void (*run)(Conn *, uint32_t), uint32_t events)
{
    if (setjmp(c->io->full) == 0)
        run(c, events);
    else
        conn_refuse(c, 503);
}

static void answer_step(Conn *c, uint32_t events UNUSED)
{
    conn_answer(c);
    if (c->phase != PHASE_CLOSED)
        conn_resume(c);
}

static void late_step(Conn *c, uint32_t events UNUSED)
{
    conn_late(c);
}

static void done_take(Io *io)
{
    pthread_mutex_lock(&io->lock);
    Task *t       = io->done;
    io->done      = NULL;
    io->done_last = &io->done;
    pthread_mutex_unlock(&io->lock);
    for (Task *next; t; t = next) {
        next          = t->next;
        t->arena.full = &io->full;
        if (t->conn)
            step(t->conn, answer_step, 0);
        else
            task_drop(t);
    }
}

static void todo_give(Io *io)
{
    if (io->todo)
        work_add(io->server, io->todo, io->todo_last);
    io->todo      = NULL;
    io->todo_last = &io->todo;
}

/* ---- Accepting --------------------------------------------------------------------------------------- */

static void listen_watch(Io *io, bool on)
{
    struct epoll_event e = { .events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = io };
    if (on != io->listening && epoll_ctl(io->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, io->server->listen, &e) == 0)
        io->listening = on;
}

static void park(Io *io)
{
    listen_watch(io, false);
    atomic_store(&io->parked, true);
    io->retry = io->now + RETRY_MS;
}

static int64_t connections_open(const HttpServer *s)
{
    int64_t n = 0;
    for (int i = 0; i < s->io_started; i++)
        n += atomic_load(&s->io[i].open);
    return n;
}

static void admit(Io *io, int fd, const struct sockaddr_storage *from)
{
    HttpServer       *s = io->server;
    const HttpLimits *l = &s->config.limits;
    Address           peer = address_of(from);
    bool              count = !prefixes_hold(&s->exempt, peer) && !prefixes_hold(&s->proxies, peer);
    if (connections_open(s) >= l->connections || (count && !peer_add(&s->peers, peer, l->connections_per_address))) {
        atomic_fetch_add_explicit(&io->refused, 1, memory_order_relaxed);
        close(fd);
        return;
    }
    conn_open(io, fd, peer, count);
}

static void accept_some(Io *io, int most)
{
    while (most-- > 0) {
        struct sockaddr_storage from;
        socklen_t               len = sizeof from;
        atomic_fetch_add_explicit(&io->accept_tries, 1, memory_order_relaxed);
        int fd = accept4(io->server->listen, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            admit(io, fd, &from);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            park(io);
            return;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

/* A parked thread tries again when a connection has closed anywhere, or, with none open, each second. */
static bool retry_due(const Io *io)
{
    return atomic_load(&io->parked) && connections_open(io->server) == 0;
}

static void unpark(Io *io)
{
    if (!atomic_load(&io->parked) || io->draining)
        return;
    atomic_store(&io->parked, false);
    listen_watch(io, true);
}

/* ---- Deadlines ---------------------------------------------------------------------------------------- */

static void drain_begin(Io *io)
{
    io->draining = true;
    accept_some(io, 1000);                      /* what the system has already accepted for us gets its answer */
    listen_watch(io, false);
    atomic_store(&io->parked, false);
    if (atomic_fetch_add(&io->server->drained, 1) + 1 == io->server->io_started && !io->server->listen_given)
        shutdown(io->server->listen, SHUT_RD);  /* the proxy is told at once to go elsewhere */
    for (Conn *c = io->conns; c; c = c->next)
        if (c->phase == PHASE_IDLE && c->deadline > io->now + DRAIN_IDLE_MS)
            conn_until(c, DRAIN_IDLE_MS);
}

/* The list is walked only when a deadline may have passed, and with many connections not more often than their
 * number allows: 40 a millisecond. */
static void reap(Io *io)
{
    int64_t count = 0;
    io->due       = INT64_MAX;
    for (Conn *c = io->conns, *next; c; c = next, count++) {
        next = c->next;
        if (c->deadline <= io->now)
            step(c, late_step, 0);
        if (c->phase != PHASE_CLOSED && c->deadline < io->due)
            io->due = c->deadline;
    }
    int64_t soonest = io->now + 10 + count / 40;
    if (io->due < soonest)
        io->due = soonest;
}

static int wait_ms(const Io *io)
{
    int64_t until = io->due;
    if (retry_due(io) && io->retry < until)
        until = io->retry;
    if (until == INT64_MAX)
        return -1;
    return until <= io->now ? 0 : until - io->now > 60000 ? 60000 : (int)(until - io->now);
}

static void bury(Io *io)
{
    for (Conn *c = io->dead, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    io->dead = NULL;
}

void *io_main(void *arg)
{
    Io                *io = arg;
    struct epoll_event events[EVENTS];
    io->now = monotonic_ms();
    listen_watch(io, true);
    while (!atomic_load_explicit(&io->server->stop, memory_order_acquire)) {
        int n = epoll_wait(io->epoll, events, EVENTS, wait_ms(io));
        atomic_fetch_add_explicit(&io->wakeups, 1, memory_order_relaxed);
        io->now = monotonic_ms();
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == io)
                accept_some(io, 16);
            else if (events[i].data.ptr == &io->wake)
                unpark(io);
            else
                step(events[i].data.ptr, conn_event, events[i].events);
        }
        done_take(io);
        if (!io->draining && atomic_load(&io->server->drain))
            drain_begin(io);
        if (io->now >= io->due)
            reap(io);
        if (io->now >= io->retry && retry_due(io))
            unpark(io);
        todo_give(io);
        bury(io);
        if (!io->conns)
            pool_trim(io);
    }
    while (io->conns)
        conn_close(io->conns);
    bury(io);
    return NULL;
}

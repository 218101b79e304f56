/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Start, workers, drain and stop. */
#include "http/server.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define BACKLOG    1024
#define SEND_BYTES 131072      /* the system doubles it: at most 256 KB lie unsent for a slow reader */

/* ---- Workers ------------------------------------------------------------------------------------------ */

/* One lock and at most one wake-up for all that came in one turn of an io thread; a worker that leaves work
 * behind wakes the next. Most handlers are shorter than a wake-up. */
void work_add(HttpServer *s, Task *first, Task **last)
{
    pthread_mutex_lock(&s->lock);
    *s->queue_last = first;
    s->queue_last  = last;
    bool wake      = s->idle > 0;
    pthread_mutex_unlock(&s->lock);
    if (wake)
        pthread_cond_signal(&s->more);
}

static Task *work_take(HttpServer *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->queue && !s->stopping) {
        s->idle++;
        pthread_cond_wait(&s->more, &s->lock);
        s->idle--;
    }
    Task *t = s->stopping ? NULL : s->queue;
    if (t && !(s->queue = t->next))
        s->queue_last = &s->queue;
    bool wake = t && s->queue && s->idle > 0;
    pthread_mutex_unlock(&s->lock);
    if (wake)
        pthread_cond_signal(&s->more);
    return t;
}

/* The handler's return and http_reply come in either order; the second of them hands the task back. */
void http_reply(HttpTask *pub)
{
    Task *t = (Task *)pub;
    if (atomic_fetch_add(&t->halves, 1) == 1)
        task_done(t);
}

/* Whether the handler left the answer to somebody else. A handler that cannot answer at all jumps out as a full arena does: 503. */
static bool handle(HttpServer *s, Task *t)
{
    jmp_buf full;
    t->arena.full = &full;
    if (setjmp(full) == 0) {
        s->config.handle(s->config.app, &t->pub);
        return t->pub.res.later;
    }
    if (t->pub.res.shared)
        shared_body_drop(t->pub.res.shared);
    bool json = s->config.json_under.len && str_starts(t->pub.req.path, s->config.json_under);
    Refusal r = refusal_make(s, 503, json, t->last, sizeof t->last);
    t->pub.res = (HttpResponse){ .status = 503, .type = r.type, .headers = s->busy_headers, .body = r.body };
    return false;
}

static void *worker_main(void *arg)
{
    HttpServer *s = arg;
    for (Task *t; (t = work_take(s));) {
        if (atomic_load(&t->abandoned))
            task_done(t);
        else if (!handle(s, t) || atomic_fetch_add(&t->halves, 1) == 1)
            task_done(t);
    }
    return NULL;
}

/* ---- Start -------------------------------------------------------------------------------------------- */

static int listen_on(const struct addrinfo *at)
{
    int one = 1, room = SEND_BYTES, zero = 0;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    /* Accepted sockets inherit all of these. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    if (at->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if (bind(fd, at->ai_addr, at->ai_addrlen) || listen(fd, BACKLOG)) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

/* "host:port", or "fd:3" for a socket that the service manager has opened. */
static Err listen_open(Arena *a, Str where, int *out)
{
    StrPair p = str_cut_last(where, ':');
    Str     host = p.head;
    int64_t port;
    if (p.head.len == where.len || !str_to_i64(p.tail, &port) || port < 0 || port > 65535)
        return err_fmt(a, ERR_CONFIG, "not ADDRESS:PORT: %.*s", STR_ARG(where));
    if (str_eq(host, S("fd"))) {
        *out = (int)port;
        return OK;
    }
    if (host.len >= 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
        host = (Str){ host.at + 1, host.len - 2 };
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found;
    int wrong = getaddrinfo(host.len ? arena_c(a, host) : NULL, arena_c(a, p.tail), &hints, &found);
    if (wrong)
        return err_fmt(a, ERR_CONFIG, "%.*s: %s", STR_ARG(where), gai_strerror(wrong));
    int fd = listen_on(found), why = errno;
    freeaddrinfo(found);
    if (fd < 0)
        return err_fmt(a, why == EADDRINUSE ? ERR_BUSY : ERR_CONFIG, "cannot listen on %.*s: %s", STR_ARG(where),
                       strerror(why));
    *out = fd;
    return OK;
}

static int port_of(int fd)
{
    struct sockaddr_storage at;
    socklen_t               len = sizeof at;
    if (getsockname(fd, (struct sockaddr *)&at, &len))
        return 0;
    bool six = at.ss_family == AF_INET6;
    return ntohs(six ? ((struct sockaddr_in6 *)&at)->sin6_port : ((struct sockaddr_in *)&at)->sin_port);
}

static StrList list_copy(Arena *a, const StrList *list)
{
    StrList copy = { 0 };
    for (size_t i = 0; i < list->len; i++)
        *list_add(a, &copy) = arena_str(a, list->at[i]);
    return copy;
}

static Err config_copy(HttpServer *s, const HttpConfig *config)
{
    static const Str loopback[] = { S_INIT("127.0.0.0/8"), S_INIT("::1") };
    Arena           *a = &s->arena;
    HttpConfig      *c = &s->config;
    *c          = *config;
    c->listen   = arena_str(a, c->listen);
    c->temp_dir = arena_str(a, c->temp_dir);
    c->json_under = arena_str(a, c->json_under);
    c->proxies  = list_copy(a, &c->proxies);
    c->exempt   = list_copy(a, &c->exempt);
    c->hosts    = list_copy(a, &c->hosts);
    for (size_t i = 0; i < COUNT_OF(loopback) && !config->exempt.len; i++)
        *list_add(a, &c->exempt) = loopback[i];
    HttpFields more = c->refusal_headers;
    c->refusal_headers = (HttpFields){ 0 };
    for (size_t i = 0; i < more.len; i++)
        *list_add(a, &s->busy_headers) = *list_add(a, &c->refusal_headers) =
            (HttpField){ arena_str(a, more.at[i].name), arena_str(a, more.at[i].value) };
    *list_add(a, &s->busy_headers) = (HttpField){ S("retry-after"), S("5") };
    HttpPages pages = c->refusal_pages;
    c->refusal_pages = (HttpPages){ 0 };
    for (size_t i = 0; i < pages.len; i++)
        *list_add(a, &c->refusal_pages) = (HttpPage){ pages.at[i].status, arena_str(a, pages.at[i].html) };
    http_limits_default(&c->limits);
    c->io_threads = c->io_threads > 0 ? c->io_threads : 1;
    c->workers    = c->workers > 0 ? c->workers : 1;
    TRY(prefixes_parse(a, &c->proxies, &s->proxies));
    return prefixes_parse(a, &c->exempt, &s->exempt);
}

static bool io_open(HttpServer *s, Io *io)
{
    io->server    = s;
    io->epoll     = epoll_create1(EPOLL_CLOEXEC);
    io->wake      = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    io->due       = INT64_MAX;
    io->done_last = &io->done;
    io->todo_last = &io->todo;
    io->arena     = arena_open(65536);
    pthread_mutex_init(&io->lock, NULL);
    struct epoll_event e = { .events = EPOLLIN | EPOLLET, .data.ptr = &io->wake };
    return io->epoll >= 0 && io->wake >= 0 && epoll_ctl(io->epoll, EPOLL_CTL_ADD, io->wake, &e) == 0;
}

static bool threads_start(HttpServer *s)
{
    s->io      = calloc((size_t)s->config.io_threads, sizeof *s->io);
    s->workers = calloc((size_t)s->config.workers, sizeof *s->workers);
    if (!s->io || !s->workers)
        return false;
    for (int i = 0; i < s->config.io_threads; i++)
        if (!io_open(s, &s->io[i]))
            return false;
    for (; s->workers_started < s->config.workers; s->workers_started++)
        if (pthread_create(&s->workers[s->workers_started], NULL, worker_main, s))
            return false;
    s->io_started = s->config.io_threads;
    for (int i = 0; i < s->io_started; i++)
        if (pthread_create(&s->io[i].thread, NULL, io_main, &s->io[i])) {
            s->io_started = i;
            return false;
        }
    return true;
}

/* Descriptors up to the hard limit, and no signal when a peer has gone. */
static void process_prepare(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
}

Err http_start(Arena *a, const HttpConfig *config, HttpServer **out)
{
    HttpServer *s = calloc(1, sizeof *s);
    if (!s)
        return err_new(a, ERR_INTERNAL, S("no memory for the server"));
    s->arena      = arena_open(1 << 20);
    s->listen     = -1;
    s->queue_last = &s->queue;
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->peers.lock, NULL);
    pthread_cond_init(&s->more, NULL);
    process_prepare();
    Err e = config_copy(s, config);
    if (!e)
        e = listen_open(&s->arena, s->config.listen, &s->listen);
    if (!e)
        s->port = port_of(s->listen);
    s->listen_given = str_starts(s->config.listen, S("fd:"));
    if (!e && s->config.temp_dir.len) {
        Arena scratch = s->arena;
        parts_sweep(&scratch, s->config.temp_dir);
    }
    if (!e && !threads_start(s))
        e = err_new(a, ERR_INTERNAL, S("cannot start the server's threads"));
    if (e) {
        Err kept = err_make(a, e->kind, e->detail, e->file, e->line);
        http_stop(s);
        return kept;
    }
    *out = s;
    return OK;
}

int http_port(const HttpServer *s)
{
    return s->port;
}

/* ---- Stop --------------------------------------------------------------------------------------------- */

static void io_wake_all(HttpServer *s)
{
    for (int i = 0; i < s->io_started; i++)
        io_wake(&s->io[i]);
}

void http_drain(HttpServer *s, int64_t ms)
{
    int64_t end = monotonic_ms() + ms;
    atomic_store(&s->drain, true);
    io_wake_all(s);
    while (http_stats(s).connections > 0 && monotonic_ms() < end)
        usleep(10000);
}

static void io_close(Io *io)
{
    pthread_mutex_lock(&io->lock);              /* whoever replied last is out of task_done */
    pthread_mutex_unlock(&io->lock);
    pthread_mutex_destroy(&io->lock);
    while (io->all) {
        io->pooled = POOL_CROWD;           /* so that it is freed, not kept */
        task_drop(io->all);
    }
    arena_close(&io->arena);
    close(io->epoll);
    close(io->wake);
}

void http_stop(HttpServer *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->more);
    pthread_mutex_unlock(&s->lock);
    for (int i = 0; i < s->workers_started; i++)
        pthread_join(s->workers[i], NULL);
    atomic_store(&s->stop, true);
    io_wake_all(s);
    for (int i = 0; i < s->io_started; i++)
        pthread_join(s->io[i].thread, NULL);
    for (int i = 0; s->io && i < s->config.io_threads && s->io[i].server; i++)
        io_close(&s->io[i]);
    if (s->listen >= 0)
        close(s->listen);
    peers_close(&s->peers);
    arena_close(&s->arena);
    free(s->io);
    free(s->workers);
    free(s);
}

HttpStats http_stats(const HttpServer *s)
{
    HttpStats x = { 0 };
    for (int i = 0; i < s->io_started; i++) {
        const Io *io = &s->io[i];
        x.connections += atomic_load(&io->open);
        x.requests += atomic_load(&io->requests);
        x.refused += atomic_load(&io->refused);
        x.timeouts += atomic_load(&io->timeouts);
        x.accept_tries += atomic_load(&io->accept_tries);
        x.wakeups += atomic_load(&io->wakeups);
    }
    return x;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The yardstick for pages: a hello-world on libmicrohttpd, and what src/http costs for the same answer from its cache
 * (fast), through a worker (handle), and for a cached page of 12 KB. CPU time of the server's process per request.
 *     bench-hello [count [connections]]      the table, each server in a process of its own
 *     bench-hello --serve PORT               the hello-world alone, until its standard input closes */
#include "http/http.h"
#include "load.h"

#include <microhttpd.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Rival { const char *name; Str path; bool ours; } Rival;
static const Rival rivals[] = {
    { "libmicrohttpd", S_INIT("/hello"), false }, { "http_cached", S_INIT("/hello"), true },
    { "http_worker", S_INIT("/worker"), true },   { "libmicrohttpd_page", S_INIT("/page"), false },
    { "http_cached_page", S_INIT("/page"), true },
};

static const char hello_text[] = "hello, world\n";
static char       page_text[12000];

/* ---- libmicrohttpd ---------------------------------------------------------------------------- */
static enum MHD_Result on_request(void *cls UNUSED, struct MHD_Connection *conn, const char *url, const char *method UNUSED,
                                  const char *version UNUSED, const char *data UNUSED, size_t *size UNUSED, void **own)
{
    static int seen;
    if (!*own) {                       /* the first call is for the head */
        *own = &seen;
        return MHD_YES;
    }
    bool page = url[1] == 'p';
    struct MHD_Response *r = MHD_create_response_from_buffer(page ? sizeof page_text : sizeof hello_text - 1,
                                                             page ? (void *)page_text : (void *)(uintptr_t)hello_text, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(r, "Content-Type", "text/html; charset=utf-8");
    enum MHD_Result ok = MHD_queue_response(conn, 200, r);
    MHD_destroy_response(r);
    return ok;
}

static struct MHD_Daemon *yardstick(int port)
{
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)port, NULL, NULL, on_request, NULL, MHD_OPTION_THREAD_POOL_SIZE, 2,
                            MHD_OPTION_END);
}

/* ---- src/http ----------------------------------------------------------------------------------- */
static SharedBody *hello_body, *page_body;

static bool fast(void *app UNUSED, HttpTask *t)
{
    if (str_eq(t->req.path, S("/worker")))
        return false;
    t->res.status = 200;
    t->res.shared = t->req.path.at[1] == 'p' ? page_body : hello_body;
    shared_body_keep(t->res.shared);
    return true;
}

static void handle(void *app UNUSED, HttpTask *t)
{
    t->res.status = 200;
    t->res.type   = S("text/html; charset=utf-8");
    t->res.body   = (Str){ hello_text, sizeof hello_text - 1 };
}

static HttpServer *ours(Arena *a)
{
    HttpServer *s    = NULL;
    Str         html = S("text/html; charset=utf-8");
    hello_body       = shared_body_new((Str){ hello_text, sizeof hello_text - 1 }, S(""), html, NULL);
    page_body        = shared_body_new((Str){ page_text, sizeof page_text }, S(""), html, NULL);
    Err e = http_start(a, &(HttpConfig){ .listen = S("127.0.0.1:0"), .io_threads = 2, .workers = 4, .fast = fast, .handle = handle }, &s);
    if (e)
        fprintf(stderr, "bench-hello: %.*s\n", STR_ARG(e->detail));
    return s;
}

/* ---- The run ------------------------------------------------------------------------------------ */

/* The child: tells its port, serves until the pipe closes. */
static int serve(Arena *a, bool own, int tell, int until)
{
    char end;
    int  port = 0;
    memset(page_text, 'x', sizeof page_text);
    HttpServer        *s = own ? ours(a) : NULL;
    struct MHD_Daemon *d = own ? NULL : yardstick(0);
    if (!s && !d)
        return 70;
    port      = s ? http_port(s) : MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
    ssize_t n = write(tell, &port, sizeof port);
    n         = read(until, &end, 1);
    return n == 0 ? 0 : 70;            /* the system cleans up; stopping is not measured */
}

static double cpu_us(const struct rusage *u)
{
    return 1e6 * (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) + (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec);
}

static double measure(Arena *a, const Rival *x, int64_t count, int connections)
{
    int to_child[2], from_child[2], port = 0, status;
    if (pipe(to_child) || pipe(from_child))
        exit(70);
    pid_t child = fork();
    if (child == 0) {
        close(to_child[1]);
        _exit(serve(a, x->ours, from_child[1], to_child[0]));
    }
    close(to_child[0]);
    close(from_child[1]);
    if (read(from_child[0], &port, sizeof port) != sizeof port)
        exit(70);
    LoadPlan      plan = { S("127.0.0.1"), port, connections, count, load_request(a, S("localhost"), x->path, S("")) };
    LoadResult    r    = { 0 };
    struct rusage used;
    Err           e = load_run(a, &plan, &r);
    close(to_child[1]);
    close(from_child[0]);
    wait4(child, &status, 0, &used);
    if (e || r.good != count)
        fprintf(stderr, "bench-hello: %s: %lld of %lld answered\n", x->name, (long long)r.good, (long long)count);
    double each = cpu_us(&used) / (double)(r.good ? r.good : 1);
    printf("hello server=%s requests=%lld connections=%d per_second=%.0f cpu_us=%.2f p50_ms=%.2f p99_ms=%.2f", x->name, (long long)r.good,
           connections, (double)r.good / r.seconds, each, r.p50_ms, r.p99_ms);
    return each;
}

int main(int argc, char **argv)
{
    Arena   a     = arena_open((size_t)1 << 31);
    int64_t count = 200000, connections = 64;
    double  yard[2] = { 0 };
    signal(SIGPIPE, SIG_IGN);
    int64_t port = 0;
    if (argc == 3 && !strcmp(argv[1], "--serve") && str_to_i64(str_from_c(argv[2]), &port)) {
        char               end;
        struct MHD_Daemon *d = yardstick((int)port);
        return d && read(0, &end, 1) == 0 ? 0 : 70;
    }
    if ((argc > 1 && !str_to_i64(str_from_c(argv[1]), &count)) || (argc > 2 && !str_to_i64(str_from_c(argv[2]), &connections)) ||
        sodium_init() < 0)
        return 64;
    for (size_t i = 0; i < COUNT_OF(rivals); i++) {
        bool   page = str_eq(rivals[i].path, S("/page"));
        double each = measure(&a, &rivals[i], count, (int)connections);
        if (rivals[i].ours)
            printf(" ratio=%.2f\n", each / yard[page]);
        else
            printf("\n");
        yard[page] = rivals[i].ours ? yard[page] : each;
        fflush(stdout);
        arena_reset(&a, 0);
    }
    return 0;
}

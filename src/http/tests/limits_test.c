/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Slow, many and stubborn clients. Deadlines are short here; nothing asserts how long anything took. */
#include "http/tests/client.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define H         "Host: localhost\r\n"
#define GET_ECHO  "GET /echo HTTP/1.1\r\n" H "\r\n"
#define WAIT_STEP 10000
#define WAIT_MOST 1000

static bool has_input(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    return poll(&p, 1, 0) > 0;
}

/* One byte each 10 ms until the server says something. */
static Str drip(Arena *a, int fd, Str bytes)
{
    for (size_t i = 0; i < bytes.len && !has_input(fd); i++) {
        client_send(fd, (Str){ bytes.at + i, 1 });
        usleep(WAIT_STEP);
    }
    return client_rest(a, fd);
}

static bool connections_become(const HttpServer *s, int64_t want)
{
    for (int i = 0; i < WAIT_MOST && http_stats(s).connections != want; i++)
        usleep(WAIT_STEP);
    return http_stats(s).connections == want;
}

static Str long_text(Arena *a, const char *before, size_t n)
{
    char *at = arena_new(a, char, n);
    memset(at, 'a', n);
    return str_concat(a, str_from_c(before), (Str){ at, n });
}

TEST(http_a_slow_header_ends_though_bytes_keep_coming)
{
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .header_ms = 120 } });
    int fd = client_open(s);
    CHECK_INT(answer_status(drip(a, fd, long_text(a, "GET /echo HTTP/1.1\r\nX: ", 3000))), 408);
    close(fd);
    fd = client_open(s);                       /* the second request of a connection has the same time */
    client_send(fd, S(GET_ECHO));
    CHECK_INT(answer_status(client_answer(a, fd, false)), 200);
    CHECK_INT(answer_status(drip(a, fd, long_text(a, "GET /echo HTTP/1.1\r\nX: ", 3000))), 408);
    close(fd);
    fd = client_open(s);                       /* a connection that says nothing is closed without a word */
    CHECK(client_at_end(fd));
    close(fd);
    CHECK_INT(http_stats(s).timeouts, 2);
    CHECK_INT(http_stats(s).requests, 1);
    http_stop(s);
}

TEST(http_a_slow_body_ends_and_a_steady_one_does_not)
{
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .body_grace_ms = 200, .body_min_bytes_s = 1000 } });
    int fd = client_open(s);
    client_send(fd, S("POST /echo HTTP/1.1\r\n" H "Content-Length: 3000\r\n\r\n"));
    CHECK_INT(answer_status(drip(a, fd, long_text(a, "", 3000))), 408);
    close(fd);
    http_stop(s);
    s  = test_server(a, (HttpConfig){ .limits = { .body_grace_ms = 1000, .body_min_bytes_s = 1000 } });
    fd = client_open(s);
    client_send(fd, S("POST /echo HTTP/1.1\r\n" H "Content-Length: 150000\r\n\r\n"));
    for (int i = 0; i < 150; i++) {            /* far above the least rate, for longer than the grace */
        client_send(fd, long_text(a, "", 1000));
        usleep(WAIT_STEP);
    }
    CHECK_INT(answer_status(client_answer(a, fd, false)), 200);
    close(fd);
    http_stop(s);
}

TEST(http_a_body_has_an_end_in_time)
{
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .body_grace_ms = 1000, .body_min_bytes_s = 1, .upload_ms = 150 } });
    int fd = client_open(s);
    client_send(fd, S("POST /echo HTTP/1.1\r\n" H "Content-Length: 3000\r\n\r\n"));
    CHECK_INT(answer_status(drip(a, fd, long_text(a, "", 3000))), 408);
    close(fd);
    http_stop(s);
}

TEST(http_a_reader_that_does_not_read_is_dropped)
{
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .write_ms = 100 } });
    int fd = client_open(s), small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    client_send(fd, S("GET /big HTTP/1.1\r\n" H "\r\n"));
    CHECK(connections_become(s, 1));
    CHECK(connections_become(s, 0));
    close(fd);
    fd = client_open(s);                       /* one that reads gets all of it */
    client_send(fd, S("GET /big HTTP/1.1\r\n" H "\r\n"));
    CHECK_INT(answer_body(client_answer(a, fd, false)).len, 4 << 20);
    close(fd);
    http_stop(s);
}

TEST(http_a_handler_over_the_wall_limit_is_answered_once)
{
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .wall_ms = 60 } });
    Str all = exchange(a, s, S("GET /slow HTTP/1.1\r\n" H "\r\n" GET_ECHO));
    CHECK_INT(answer_status(all), 503);
    CHECK_INT(answer_count(all), 1);
    usleep(400000);                            /* the handler comes back to nobody */
    CHECK_INT(answer_status(exchange(a, s, S(GET_ECHO))), 200);
    http_stop(s);
}

TEST(http_an_idle_connection_is_closed)
{
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .idle_ms = 50 } });
    int fd = client_open(s);
    client_send(fd, S(GET_ECHO));
    CHECK_INT(answer_status(client_answer(a, fd, false)), 200);
    CHECK(client_at_end(fd));
    close(fd);
    http_stop(s);
}

/* Opens limit+1 connections: the last is turned away, and let in when another has gone. */
static void crowd(Arena *a, HttpConfig config, int limit)
{
    HttpServer *s = test_server(a, config);
    int fd[8];
    for (int i = 0; i < limit; i++) {
        fd[i] = client_open(s);
        client_send(fd[i], S(GET_ECHO));
        CHECK_INT(answer_status(client_answer(a, fd[i], false)), 200);
    }
    int over = client_open(s);
    client_send(over, S(GET_ECHO));
    CHECK_INT(answer_status(client_answer(a, over, false)), 0);
    CHECK_INT(http_stats(s).refused, 1);
    close(over);
    close(fd[0]);
    CHECK(connections_become(s, limit - 1));
    CHECK_INT(answer_status(exchange(a, s, S(GET_ECHO))), 200);
    for (int i = 1; i < limit; i++)
        close(fd[i]);
    http_stop(s);
}

TEST(http_connections_are_limited_per_address_and_in_all)
{
    Str nobody[] = { S("none") }, proxy[] = { S("127.0.0.1") };
    StrList none = { .at = nobody, .len = 1 };
    crowd(a, (HttpConfig){ .exempt = none, .limits = { .connections_per_address = 3 } }, 3);
    crowd(a, (HttpConfig){ .limits = { .connections = 4 } }, 4);
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .connections_per_address = 1 } });   /* loopback is exempt */
    int one = client_open(s);
    CHECK(connections_become(s, 1));
    CHECK_INT(answer_status(exchange(a, s, S(GET_ECHO))), 200);
    close(one);
    http_stop(s);
    s = test_server(a, (HttpConfig){ .exempt = none, .proxies = { .at = proxy, .len = 1 }, .limits = { .connections_per_address = 1 } });
    one = client_open(s);
    CHECK(connections_become(s, 1));
    CHECK_INT(answer_status(exchange(a, s, S(GET_ECHO))), 200);                                   /* and so are proxies */
    close(one);
    http_stop(s);
}

TEST(http_a_connection_serves_so_many_requests)
{
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .connection_requests = 3 } });
    int fd = client_open(s);
    client_send(fd, S(GET_ECHO GET_ECHO GET_ECHO GET_ECHO GET_ECHO));
    CHECK_STR(answer_field(client_answer(a, fd, false), S("Connection")), S(""));
    CHECK_STR(answer_field(client_answer(a, fd, false), S("Connection")), S(""));
    CHECK_STR(answer_field(client_answer(a, fd, false), S("Connection")), S("close"));
    CHECK(client_at_end(fd));
    CHECK_INT(http_stats(s).requests, 3);
    close(fd);
    http_stop(s);
}

TEST(http_accepting_rests_while_no_descriptor_is_free)
{
    enum { CLIENTS = 20, FREE = 5 };
    struct rlimit before, tight;
    HttpServer *s = test_server(a, (HttpConfig){ .io_threads = 2 });
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(s)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd[CLIENTS], highest = 0;
    for (int i = 0; i < CLIENTS; i++) {
        fd[i]   = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        highest = fd[i] > highest ? fd[i] : highest;
    }
    getrlimit(RLIMIT_NOFILE, &before);
    tight = (struct rlimit){ (rlim_t)highest + 1 + FREE, before.rlim_max };
    setrlimit(RLIMIT_NOFILE, &tight);
    for (int i = 0; i < CLIENTS; i++)
        CHECK_INT(connect(fd[i], (struct sockaddr *)&at, sizeof at), 0);
    int64_t open = 0, tries = -1;
    for (int i = 0; i < 100 && (http_stats(s).accept_tries != tries || !open); i++) {     /* until it has come to rest */
        tries = http_stats(s).accept_tries;
        open  = http_stats(s).connections;
        usleep(50000);
    }
    CHECK(open > 0 && open < CLIENTS);
    HttpStats rest = http_stats(s);
    usleep(300000);
    CHECK_INT(http_stats(s).accept_tries, rest.accept_tries);
    CHECK_INT(http_stats(s).wakeups, rest.wakeups);
    int answered = 0;
    for (int i = 0; i < CLIENTS; i++) {        /* each that leaves lets the next one in */
        client_send(fd[i], S(GET_ECHO));
        answered += answer_status(client_answer(a, fd[i], false)) == 200;
        shutdown(fd[i], SHUT_WR);
        CHECK(client_at_end(fd[i]));
    }
    CHECK_INT(answered, CLIENTS);
    setrlimit(RLIMIT_NOFILE, &before);
    for (int i = 0; i < CLIENTS; i++)
        close(fd[i]);
    http_stop(s);
}

TEST(http_no_address_space_is_answered_with_503)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    test_skip("sanitizers take address space of their own");
#else
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .arena_bytes = (int64_t)1 << 30 } });
    FILE       *f = fopen("/proc/self/statm", "r");
    long        pages = 0;
    CHECK(f && fscanf(f, "%ld", &pages) == 1);
    fclose(f);
    struct rlimit before, tight;
    getrlimit(RLIMIT_AS, &before);
    tight = (struct rlimit){ (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (64 << 20), before.rlim_max };
    setrlimit(RLIMIT_AS, &tight);
    CHECK_INT(answer_status(exchange(a, s, S(GET_ECHO))), 503);
    setrlimit(RLIMIT_AS, &before);
    CHECK_INT(answer_status(exchange(a, s, S(GET_ECHO))), 200);
    http_stop(s);
#endif
}

TEST(http_draining_answers_what_was_taken)
{
    HttpServer *s = test_server(a, (HttpConfig){ .io_threads = 2, .workers = 4 });
    int idle = client_open(s), busy[4];
    client_send(idle, S(GET_ECHO));
    CHECK_INT(answer_status(client_answer(a, idle, false)), 200);
    for (int i = 0; i < 4; i++) {
        busy[i] = client_open(s);
        client_send(busy[i], S("GET /slow HTTP/1.1\r\n" H "\r\n"));
    }
    for (int i = 0; i < WAIT_MOST && http_stats(s).requests < 5; i++)
        usleep(WAIT_STEP);
    http_drain(s, 5000);
    for (int i = 0; i < 4; i++) {
        Str r = client_answer(a, busy[i], false);
        CHECK_INT(answer_status(r), 200);
        CHECK_STR(answer_field(r, S("Connection")), S("close"));
        close(busy[i]);
    }
    CHECK(client_at_end(idle));
    close(idle);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(s)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(connect(late, (struct sockaddr *)&at, sizeof at) != 0);
    close(late);
    http_stop(s);
}

TEST(http_a_second_server_on_the_port_is_told_so)
{
    HttpServer *s = test_server(a, (HttpConfig){ 0 }), *other;
    CHECK_ERR(http_start(a, &(HttpConfig){ .listen = arena_fmt(a, "127.0.0.1:%d", http_port(s)), .handle = test_app }, &other), ERR_BUSY);
    CHECK_ERR(http_start(a, &(HttpConfig){ .listen = S("8080"), .handle = test_app }, &other), ERR_CONFIG);
    CHECK_ERR(http_start(a, &(HttpConfig){ .listen = S("127.0.0.1:70000"), .handle = test_app }, &other), ERR_CONFIG);
    http_stop(s);
}

/* ---- Draining under load -------------------------------------------------------------------------------- */

typedef struct Caller { HttpServer *server; int pause_us; int answered, lost; } Caller;

/* Asks again and again on one connection until the server says close or closes between two requests. */
static void *call_on(void *arg)
{
    Caller *c   = arg;
    Arena   own = arena_open(1 << 26);
    int     fd  = client_open(c->server);
    for (;;) {
        client_send(fd, S(GET_ECHO));
        Str r = client_answer(&own, fd, false);
        if (answer_status(r) != 200) {
            c->lost++;
            break;
        }
        c->answered++;
        if (answer_field(r, S("Connection")).len)
            break;
        arena_reset(&own, 65536);
        usleep((useconds_t)c->pause_us);
    }
    close(fd);
    arena_close(&own);
    return NULL;
}

TEST(http_draining_under_load_loses_no_request)
{
    enum { CALLERS = 12 };
    HttpServer *s = test_server(a, (HttpConfig){ .io_threads = 2, .workers = 2, .limits = { .connection_requests = 1000000 } });
    Caller    callers[CALLERS];
    pthread_t threads[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (Caller){ s, i * 500, 0, 0 };
        pthread_create(&threads[i], NULL, call_on, &callers[i]);
    }
    for (int i = 0; i < WAIT_MOST && http_stats(s).requests < 500; i++)
        usleep(WAIT_STEP);
    http_drain(s, 10000);
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(callers[i].answered > 0);
        CHECK_INT(callers[i].lost, 0);
    }
    CHECK_INT(http_stats(s).connections, 0);
    http_stop(s);
}

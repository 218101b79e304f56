/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The yardstick for durable submissions: the least that takes a POST, keeps its bytes under a unique key together with
 * one packed row of counters, and answers after the commit. No checks, no rights, no audit; the same HTTP library,
 * the same database settings and the same batches as the program. It prints what one submission costs in CPU time.
 *     bench-bare-commit [count [connections]]         server and load in two processes, figures at the end
 *     bench-bare-commit --direct [count [waiting]]    the commits alone, without HTTP */
#include "load.h"

#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BATCH_MOST = 1024, BODY_MOST = 16 << 10, COUNTERS = 2048 };

typedef struct Submission {
    char                   body[BODY_MOST];
    size_t                 len;
    uint8_t                key[16];
    bool                   done;
    struct MHD_Connection *conn;                   /* NULL: counted only */
    struct Submission     *next;
} Submission;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  more = PTHREAD_COND_INITIALIZER, fewer = PTHREAD_COND_INITIALIZER;
static Submission     *first, **last = &first;
static size_t          waiting, committed, batches;
static bool            stop;
static uint8_t         counters[COUNTERS];

static void must(int code, sqlite3 *db)
{
    if (code == SQLITE_OK || code == SQLITE_DONE)
        return;
    fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
    abort();
}

static sqlite3 *open_database(const char *folder)
{
    char     path[256];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/bare.db", folder);
    must(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL), db);
    must(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=8000; PRAGMA cache_size=-16000;"
                          "CREATE TABLE submissions (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, body BLOB NOT NULL);"
                          "CREATE TABLE counters (round INTEGER PRIMARY KEY, packed BLOB NOT NULL)", NULL, NULL, NULL), db);
    return db;
}

/* ---- The collector ------------------------------------------------------------------------- */
static size_t take_batch(Submission **batch)
{
    pthread_mutex_lock(&lock);
    while (!first && !stop)
        pthread_cond_wait(&more, &lock);
    size_t n = 0;
    while (first && n < BATCH_MOST) {
        batch[n++] = first;
        first      = first->next;
    }
    if (!first)
        last = &first;
    waiting -= n;
    pthread_cond_broadcast(&fewer);
    pthread_mutex_unlock(&lock);
    return n;
}

static void run(sqlite3 *db, sqlite3_stmt *q)
{
    must(sqlite3_step(q), db);
    must(sqlite3_reset(q), db);
}

static void save(sqlite3 *db, sqlite3_stmt *insert, sqlite3_stmt *count, Submission **batch, size_t n)
{
    must(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), db);
    for (size_t i = 0; i < n; i++) {
        sqlite3_bind_int64(insert, 1, id_random());
        sqlite3_bind_blob(insert, 2, batch[i]->key, sizeof batch[i]->key, SQLITE_STATIC);
        sqlite3_bind_blob(insert, 3, batch[i]->body, (int)batch[i]->len, SQLITE_STATIC);
        run(db, insert);
        counters[batch[i]->key[0]]++;
    }
    sqlite3_bind_blob(count, 1, counters, sizeof counters, SQLITE_STATIC);
    run(db, count);
    must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
}

static void *collect(void *folder)
{
    static Submission *batch[BATCH_MOST];
    sqlite3           *db = open_database(folder);
    sqlite3_stmt      *insert, *count;
    must(sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO submissions (id, key, body) VALUES (?1, ?2, ?3)", -1, &insert, NULL), db);
    must(sqlite3_prepare_v2(db, "INSERT INTO counters (round, packed) VALUES (1, ?1)"
                                " ON CONFLICT (round) DO UPDATE SET packed = excluded.packed", -1, &count, NULL), db);
    for (size_t n; (n = take_batch(batch));) {
        save(db, insert, count, batch, n);
        committed += n;
        batches++;
        for (size_t i = 0; i < n; i++) {
            batch[i]->done = true;
            if (batch[i]->conn)
                MHD_resume_connection(batch[i]->conn);
            else
                free(batch[i]);
        }
    }
    sqlite3_finalize(insert);
    sqlite3_finalize(count);
    sqlite3_close(db);
    return NULL;
}

static void queue(Submission *s)
{
    pthread_mutex_lock(&lock);
    s->next = NULL;
    *last   = s;
    last    = &s->next;
    waiting++;
    pthread_cond_signal(&more);
    pthread_mutex_unlock(&lock);
}

static void end_collector(pthread_t thread)
{
    pthread_mutex_lock(&lock);
    stop = true;
    pthread_cond_signal(&more);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
}

/* ---- HTTP ---------------------------------------------------------------------------------- */
static enum MHD_Result answer(struct MHD_Connection *conn)
{
    static char          text[] = "{\"receipt\": \"0123456789abcdef\"}";
    struct MHD_Response *r      = MHD_create_response_from_buffer(sizeof text - 1, text, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(r, "Content-Type", "application/json");
    enum MHD_Result ok = MHD_queue_response(conn, 201, r);
    MHD_destroy_response(r);
    return ok;
}

static void read_key(Submission *s)
{
    static const char mark[] = "\"instance_id\": \"";
    const char       *at     = memmem(s->body, s->len, mark, sizeof mark - 1);
    size_t            n      = 0;
    if (at)
        sodium_hex2bin(s->key, sizeof s->key, at + sizeof mark - 1, 36, "-", &n, NULL);
}

static enum MHD_Result on_request(void *cls UNUSED, struct MHD_Connection *conn, const char *url UNUSED,
                                  const char *method UNUSED, const char *version UNUSED, const char *data, size_t *size,
                                  void **own)
{
    Submission *s = *own;
    if (!s) {
        *own = s = malloc(sizeof *s);
        s->len = 0;
        s->done = false;
        return MHD_YES;
    }
    if (*size) {
        size_t n = *size < BODY_MOST - s->len ? *size : BODY_MOST - s->len;
        memcpy(s->body + s->len, data, n);
        s->len += n;
        *size = 0;
        return MHD_YES;
    }
    if (s->done)
        return answer(conn);
    read_key(s);
    s->conn = conn;
    MHD_suspend_connection(conn);
    queue(s);
    return MHD_YES;
}

static void on_end(void *cls UNUSED, struct MHD_Connection *conn UNUSED, void **own, enum MHD_RequestTerminationCode why UNUSED)
{
    free(*own);
    *own = NULL;
}

/* poll and not epoll: libmicrohttpd 0.9.75 sometimes loses a request on an epoll connection that was suspended before.
 * The child: tells its port, serves until its standard input closes. */
static int serve(const char *folder, int tell, int until)
{
    pthread_t thread;
    pthread_create(&thread, NULL, collect, (void *)(uintptr_t)folder);
    struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request,
        NULL, MHD_OPTION_THREAD_POOL_SIZE, 2, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
    if (!d)
        return 70;
    int     port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
    char    end;
    ssize_t n = write(tell, &port, sizeof port);
    n         = read(until, &end, 1);
    end_collector(thread);
    MHD_stop_daemon(d);
    size_t report[2] = { committed, batches };
    return n >= 0 && write(tell, report, sizeof report) == sizeof report ? 0 : 70;
}

static double cpu_seconds(int who)
{
    struct rusage u;
    getrusage(who, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static Str body_text(Arena *a)
{
    Buf b = buf_new(a, 2048);
    buf_lit(&b, "{\"instance_id\": \"{id}\", \"answers\": {");
    for (int i = 1; i <= 30; i++)
        buf_fmt(&b, "%s\"question_%d\": \"%d\"", i > 1 ? ", " : "", i, 1 + i % 5);
    buf_lit(&b, "}}");
    return buf_str(&b);
}

static int bench_http(Arena *a, const char *folder, int64_t count, int connections)
{
    int to_child[2], from_child[2], port = 0, status;
    if (pipe(to_child) || pipe(from_child))
        return 70;
    pid_t child = fork();
    if (child == 0) {
        close(to_child[1]);
        _exit(serve(folder, from_child[1], to_child[0]));
    }
    close(to_child[0]);
    if (read(from_child[0], &port, sizeof port) != sizeof port)
        return 70;
    LoadPlan   plan = { S("127.0.0.1"), port, connections, count, load_request(a, S("localhost"), S("/submissions"), body_text(a)) };
    LoadResult r    = { 0 };
    Err        e    = load_run(a, &plan, &r);
    size_t     report[2] = { 0, 1 };
    close(to_child[1]);
    if (e || read(from_child[0], report, sizeof report) != sizeof report)
        return 70;
    waitpid(child, &status, 0);
    printf("bare_commit http=1 submissions=%lld connections=%d per_second=%.0f cpu_us=%.1f batch=%.0f p50_ms=%.2f p99_ms=%.2f\n",
           (long long)r.good, connections, (double)r.good / r.seconds, 1e6 * cpu_seconds(RUSAGE_CHILDREN) / (double)r.good,
           (double)report[0] / (double)report[1], r.p50_ms, r.p99_ms);
    return r.good == count && (int64_t)report[0] == count ? 0 : 1;
}

/* ---- Without HTTP -------------------------------------------------------------------------- */
static int bench_direct(Arena *a, const char *folder, int64_t count, size_t most)
{
    Str       body = body_text(a);
    double    cpu  = cpu_seconds(RUSAGE_SELF);
    int64_t   from = monotonic_ms();
    pthread_t thread;
    pthread_create(&thread, NULL, collect, (void *)(uintptr_t)folder);
    for (int64_t i = 0; i < count; i++) {
        Submission *s = malloc(sizeof *s);
        memcpy(s->body, body.at, body.len);
        s->len  = body.len;
        s->conn = NULL;
        random_bytes(s->key, sizeof s->key);
        pthread_mutex_lock(&lock);
        while (waiting >= most)
            pthread_cond_wait(&fewer, &lock);
        pthread_mutex_unlock(&lock);
        queue(s);
    }
    end_collector(thread);
    printf("bare_commit http=0 submissions=%lld per_second=%.0f cpu_us=%.1f batch=%.0f\n", (long long)count,
           1e3 * (double)count / (double)(monotonic_ms() - from), 1e6 * (cpu_seconds(RUSAGE_SELF) - cpu) / (double)count,
           (double)committed / (double)batches);
    return (int64_t)committed == count ? 0 : 1;
}

int main(int argc, char **argv)
{
    Arena   a      = arena_open((size_t)1 << 31);
    bool    direct = argc > 1 && !strcmp(argv[1], "--direct");
    int64_t count = 100000, second = 250;
    char    folder[] = "bare-commit-XXXXXX", command[64];
    signal(SIGPIPE, SIG_IGN);
    if (argc > 1 + direct)
        str_to_i64(str_from_c(argv[1 + direct]), &count);
    if (argc > 2 + direct)
        str_to_i64(str_from_c(argv[2 + direct]), &second);
    if (sodium_init() < 0 || !mkdtemp(folder))     /* in the current folder: its disk is the one to measure */
        return 70;
    int code = direct ? bench_direct(&a, folder, count, (size_t)second) : bench_http(&a, folder, count, (int)second);
    static const char *const names[] = { "bare.db", "bare.db-wal", "bare.db-shm" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        snprintf(command, sizeof command, "%s/%s", folder, names[i]);
        unlink(command);
    }
    rmdir(folder);
    return code;
}

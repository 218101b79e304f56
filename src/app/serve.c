/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The server: opens the folder, listens, tells the service manager, drains on SIGTERM. */
#include "app/app.h"

#include "openrosa/openrosa.h"
#include "jobs/jobs.h"
#include "notice/mail.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <unistd.h>

extern char **environ;
static atomic_bool draining;

bool server_draining(void)
{
    return atomic_load(&draining);
}

/* systemd's notification protocol: one datagram to NOTIFY_SOCKET. */
static void notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    if (!path || (path[0] != '/' && path[0] != '@'))
        return;
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    size_t             n  = strlen(path);
    if (n >= sizeof at.sun_path)
        return;
    memcpy(at.sun_path, path, n);
    if (path[0] == '@')
        at.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    (void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&at,
                  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
    close(fd);
}

/* -1: the database does not answer. */
static int64_t jobs_pending(const Instance *in)
{
    Arena   a = arena_open(1 << 20);
    Db     *db = NULL;
    int64_t n  = -1;
    Err     e  = store_take(in->store, &a, &db);
    if (!e)
        e = job_pending(db, &n);
    store_give(in->store, &db);
    arena_close(&a);
    return e ? -1 : n;
}

void metrics_write(Buf *b, Instance *in, HttpServer *http)
{
    StoreStats s = store_stats(in->store);
    HttpStats  h = http_stats(http);
    struct statvfs disk = { 0 };
    char dir[4096];
    snprintf(dir, sizeof dir, "%.*s", STR_ARG(in->dir));
    (void)!statvfs(dir, &disk);
#define METRIC(name, kind, help, value)                                                            \
    buf_fmt(b, "# HELP thuocdo_" name " " help "\n# TYPE thuocdo_" name " " kind "\nthuocdo_" name " %lld\n", (long long)(value))
    buf_lit(b, "# HELP thuocdo_build_info Version\n# TYPE thuocdo_build_info gauge\nthuocdo_build_info{version=\"" THUOCDO_VERSION "\"} 1\n");
    METRIC("connections", "gauge", "Open connections", h.connections);
    METRIC("http_requests_total", "counter", "Requests answered", h.requests);
    METRIC("http_refused_total", "counter", "Requests refused by guard or limits", h.refused);
    METRIC("http_timeouts_total", "counter", "Connections closed by a deadline", h.timeouts);
    METRIC("db_commits_total", "counter", "Commits of the collector", s.commits);
    METRIC("collector_items_total", "counter", "Items committed by the collector", s.items);
    METRIC("collector_queue", "gauge", "Items waiting for a commit", s.queued);
    METRIC("db_fsync_errors_total", "counter", "Failed syncs", s.fsync_errors);
    METRIC("wal_bytes", "gauge", "Write-ahead log", s.wal_bytes);
    METRIC("jobs_pending", "gauge", "Jobs waiting or running", jobs_pending(in));
    METRIC("audit_last_checkpoint_timestamp_seconds", "gauge", "When the audit record was last seen to be signed; 0: not yet", checkpoint_last() / 1000);
    METRIC("disk_free_bytes", "gauge", "Free space of the data folder", (int64_t)disk.f_bavail * (int64_t)disk.f_frsize);
#undef METRIC
}

static StrList hosts_of(Arena *a, const Config *c)
{
    StrList hosts = config_list(a, c, "http.hosts");
    *list_add(a, &hosts) = S("localhost");          /* so that the list is never empty, which would accept every name */
    Str     url   = config_str(c, "http.public_url");
    size_t  at;
    if (str_find(url, S("://"), &at))
        *list_add(a, &hosts) = str_cut(str_skip(url, at + 3), '/').head;
    return hosts;
}

/* An empty setting means nobody; http takes an empty list for its own default. */
static StrList exempt_of(Arena *a, const Config *c)
{
    StrList list = config_list(a, c, "limits.exempt");
    if (!list.len)
        *list_add(a, &list) = S("none");
    return list;
}

static Err start_http(Cli *c, Instance *in, HttpServer **out)
{
    const Config *cfg = &in->config;
    int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
    int io = (int)config_int(cfg, "http.io_threads"), workers = (int)config_int(cfg, "http.workers");
    HttpConfig h = { .listen = config_str(cfg, "http.listen"), .io_threads = io ? io : cores,
                     .workers = workers ? workers : 2 * cores, .limits = config_limits(cfg),
                     .temp_dir = str_concat(c->a, in->dir, S("/tmp")), .proxies = config_list(c->a, cfg, "http.proxies"),
                     .exempt = exempt_of(c->a, cfg), .hosts = hosts_of(c->a, cfg),
                     .refusal_headers = web_refusal_headers(&in->info, c->a), .refusal_pages = web_refusal_pages(&in->info, c->a),
                     .json_under = S("/api/"), .admit = web_admit,
                     .fast = web_fast, .handle = web_handle, .app = &in->info };
    return http_start(c->a, &h, out);
}

static void raise_descriptors(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
        r.rlim_cur = r.rlim_max;
        (void)!setrlimit(RLIMIT_NOFILE, &r);
    }
}

static void apply_log(const Config *c)
{
    Str level = config_str(c, "log.level");
    log_set(str_eq(level, S("debug")) ? LOG_DEBUG : str_eq(level, S("warn")) ? LOG_WARN
            : str_eq(level, S("error")) ? LOG_ERROR : LOG_INFO, str_eq(config_str(c, "log.format"), S("json")));
}

/* The log settings are the keys that change safely while running; the others wait for a restart. */
static void reload(const Cli *cli, const Instance *in)
{
    Arena   a     = arena_open(16 << 20);
    StrList files = { 0 };
    Config  fresh;
    for (size_t i = 0; i < cli->config_files.len; i++)
        *list_add(&a, &files) = cli->config_files.at[i];
    *list_add(&a, &files) = str_concat(&a, in->dir, S("/thuocdo.conf"));
    Err e = config_load(&a, &files, environ, &cli->flags, &fresh);
    if (e)
        LOG(LOG_ERROR, "reload", LOG_STR("detail", e->detail));
    else
        apply_log(&fresh);
    LOG(LOG_INFO, "reload", LOG_NUM("ok", !e));
    arena_close(&a);
}

static void wait_for_signal(const sigset_t *set, const Cli *cli, const Instance *in)
{
    struct timespec beat = { .tv_sec = 10 };
    int64_t         due  = 0, tidy = 0;
    for (;;) {
        desks_send_due(in);
        if (monotonic_ms() >= tidy) {
            tidy_due(in);
            remind_people(in);
            tidy = monotonic_ms() + 60 * MS_MINUTE;
        }
        if (monotonic_ms() >= due) {
            checkpoint_write(in);
            due = monotonic_ms() + 10 * MS_MINUTE;
        }
        int sig = sigtimedwait(set, NULL, &beat);
        if (sig == SIGTERM || sig == SIGINT)
            return;
        if (sig == SIGHUP)
            reload(cli, in);
        else
            notify("WATCHDOG=1");
    }
}

/* Before any thread is made: all inherit the mask. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, NULL);
}

Err command_serve(Cli *c)
{
    sigset_t set;
    block_signals(&set);
    raise_descriptors();
    static Instance in;
    int applied = 0;
    TRY(instance_open(c->a, c->dir, &c->config_files, &c->flags, USE_ALONE, &in));
    apply_log(&in.config);
    HttpServer *http = NULL;
    Err e = store_migrate(in.store, c->a, &applied);
    if (!e)
        e = instance_fill(c->a, &in);
    if (!e)
        e = start_http(c, &in, &http);
    if (!e)
        e = admin_socket_start(c->a, &in, http);
    if (!e)
        e = jobs_start(c->a, &in.info);
    if (!e)
        e = mail_start(c->a, &in.info);
    if (e) {
        instance_close(&in);
        return e;
    }
    openrosa_start(&in.info);
    LOG(LOG_INFO, "start", LOG_STR("version", S(THUOCDO_VERSION)), LOG_STR("listen", config_str(&in.config, "http.listen")),
        LOG_NUM("port", http_port(http)), LOG_NUM("migrations", applied));
    notify("READY=1");
    wait_for_signal(&set, c, &in);
    atomic_store(&draining, true);
    notify("STOPPING=1");
    http_drain(http, config_int(&in.config, "http.drain"));
    admin_socket_stop();
    jobs_stop();
    mail_stop();
    http_stop(http);
    openrosa_stop();
    checkpoint_write(&in);
    instance_close(&in);
    LOG(LOG_INFO, "stop", LOG_NUM("ok", 1));
    return OK;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One request from route to answer: session, right, form token, transaction, failure and log in one place. */
#include "web/parts.h"

#include <stdatomic.h>

#define FIELD_FILES 101      /* the form and a hundred attachments */
#define BULK_BYTES  (INT64_C(4) << 20)
#define LARGE_BYTES (INT64_C(1) << 31)
#define LATER_ROOM 65536      /* bytes of the arena kept for an answer made after the commit */

/* "/en/results" is "/results" read in English; the console and interfaces have no language in the address. */
static Str take_language(const HttpRequest *req, Lang *out)
{
    *out = LANG_VI;
    if (str_eq(req->path, S("/en"))) {
        *out = LANG_EN;
        return S("/");
    }
    if (!str_starts(req->path, S("/en/")))
        return req->path;
    *out = LANG_EN;
    return str_skip(req->path, 3);
}

static PageKind page_kind_of(const RouteHit *hit)
{
    if (hit->route && hit->route->flags & ROUTE_EMBED)
        return PAGE_EMBED;
    if (hit->route && hit->route->flags & ROUTE_RESPONDENT)
        return PAGE_RESPONDENT;
    return hit->mount && str_eq(str_from_c(hit->mount->prefix), S("/console")) ? PAGE_CONSOLE : PAGE_PUBLIC;
}

static void ctx_init(Ctx *c, const AppInfo *app, HttpTask *task, const RouteHit *hit, Lang lang)
{
    *c = (Ctx){ .arena = task->arena, .store = app->store, .req = &task->req, .task = task, .route = hit->route, .mount = hit->mount,
                .params = hit->params, .lang = lang, .now = time_now(), .app = app };
    c->today               = date_of(c->now);
    c->page.kind           = page_kind_of(hit);
    c->page.site_url       = app->public_url;
    c->page.agency         = app->agency;
    c->page.agency_address = app->agency_address;
    c->page.agency_phone   = app->agency_phone;
    c->page.help_phone     = app->help_phone;
    if (!(hit->route && hit->route->flags & (ROUTE_API | ROUTE_EMBED)))
        display_read(c);
}

/* Who is signed in, in which role and unit, for the console's head. */
static void head_of_console(Ctx *c)
{
    Unit u = { 0 };
    c->page.user_name = c->session.who.name;
    if (c->session.step != SESSION_FULL || c->page.kind != PAGE_CONSOLE)
        return;
    if (c->session.main_role != ROLE_NONE)
        c->page.user_role = text_find(c->lang, str_concat(c->arena, S("role."), role_code(c->session.main_role)));
    c->page.has_inbox = c->app->unread && c->app->unread(c->db, c->session.person, &c->page.unread) == OK;
    if (unit_load(c->db, c->arena, c->session.main_unit, c->today, &u) == OK)
        c->page.unit_name = c->lang == LANG_VI && u.full_name_vi.len ? u.full_name_vi : unit_name(&u, c->lang);
}

/* Public cached pages and interfaces read no session. */
static Err load_session(Ctx *c)
{
    if (c->route && c->route->flags & (ROUTE_API | ROUTE_EMBED | ROUTE_CACHED | ROUTE_RESPONDENT))
        return OK;
    Str cookie = session_cookie(c);
    if (cookie.len)
        TRY(session_load(c->db, c->arena, cookie, c->now, &c->session));
    if (c->session.step != SESSION_NONE && c->page.kind == PAGE_CONSOLE)
        c->lang = c->session.who.lang;
    head_of_console(c);
    token_for_session(c);
    notice_take(c);
    return OK;
}

/* Steps between password and full sign-in have pages of their own; everything else waits for them. */
static bool sign_in_unfinished(const Ctx *c)
{
    return c->route->right != RIGHT_PUBLIC && c->session.step != SESSION_NONE && c->session.step != SESSION_FULL;
}

static bool confirm_is_old(const Ctx *c)
{
    return c->route->flags & ROUTE_CONFIRM && c->now.ms - c->session.confirmed_at.ms > 10 * MS_MINUTE;
}

/* The page asked for, or the one whose form was sent: its own address answers no GET. */
static Str page_to_return(const Ctx *c)
{
    Str    referer = http_field(&c->req->headers, S("referer"));
    size_t at;
    if (c->req->method == GET || c->req->method == HEAD)
        return c->req->raw_query.len ? str_join(c->arena, (Str[]){ c->req->path, c->req->raw_query }, 2, S("?")) : c->req->path;
    if (!str_find(referer, S("://"), &at))
        return S("/console");
    Str rest = str_skip(referer, at + 3);
    return str_find(rest, S("/"), &at) ? local_path(str_skip(rest, at)) : S("/console");
}

/* An old confirmation sends the person to /confirm; *out_done says that the answer is complete. */
static Err allow(Ctx *c, bool *out_done)
{
    *out_done = false;
    if (sign_in_unfinished(c)) {
        *out_done = true;
        return redirect_plain(c, S("/sign-in/code"));
    }
    TRY(right_need(c, c->route->right, (UnitId){ 0 }));
    bool changes = c->req->method != GET && c->req->method != HEAD;
    if (changes && !(c->route->flags & ROUTE_API) && !token_fits(c))
        return err_new(c->arena, ERR_FORBIDDEN, TOKEN_FAULT);
    if (confirm_is_old(c)) {
        *out_done = true;
        return redirect_plain(c, str_concat(c->arena, S("/confirm?back="), url_encode(c->arena, page_to_return(c))));
    }
    return OK;
}

static Err run(Ctx *c)
{
    bool read_only = c->req->method == GET || c->req->method == HEAD, done;
    bool own_tx    = c->route->flags & ROUTE_NO_TX;
    if (!own_tx)
        TRY(read_only ? db_begin_read(c->db) : db_begin_write(c->db));
    TRY(load_session(c));
    TRY(allow(c, &done));
    if (!done)
        TRY(c->route->handler(c));
    return own_tx ? OK : db_commit(c->db);
}

/* The session was used: written at most once a minute, after the request's own transaction. A failure costs nothing
 * but an earlier end of an idle session. */
static void touch_session(Ctx *c)
{
    if (!session_touch_due(&c->session, c->now) || db_begin_write(c->db))
        return;
    if (session_touch(c->db, &c->session, c->now) || db_commit(c->db))
        db_rollback(c->db);
}

/* Addresses that carry a key, a code or a receipt are written by their beginning only. */
static Str path_to_write(const Ctx *c)
{
    static const Str secret[] = { S_INIT("/openrosa/"), S_INIT("/reset/"), S_INIT("/q/"), S_INIT("/k/"), S_INIT("/api/v1/receipts/") };
    Lang lang;
    Str  path = take_language(c->req, &lang);
    for (size_t i = 0; i < COUNT_OF(secret); i++)
        if (str_starts(path, secret[i]))
            return secret[i];
    return c->req->path;
}

/* A signed-in person was refused for want of a right: recorded on its own, the act itself was rolled back. */
static void record_refusal(Ctx *c)
{
    if (c->session.step == SESSION_NONE || db_begin_write(c->db))
        return;
    AuditEvent e = { .at = c->now, .actor = c->session.person, .actor_name = c->session.who.login, .role = role_code(c->session.main_role),
                     .address = c->req->client, .request = arena_fmt(c->arena, "%lld", (long long)c->req->id),
                     .action = S("access.refused"), .object = str_take(path_to_write(c), 200), .failed = true };
    if (audit_append(c->db, c->arena, &e) || db_commit(c->db))
        db_rollback(c->db);
}

static void no_store(Ctx *c)
{
    bool cached = c->route && c->route->flags & ROUTE_CACHED && c->task->res.status == 200;
    if (!http_has(&c->task->res.headers, S("cache-control")))
        answer_header(c, S("cache-control"), cached ? S("no-cache") : S("no-store"));
}

static void finish(Ctx *c, Err e)
{
    if (e) {
        c->later_kind = NULL;
        db_rollback(c->db);
        if (err_is(e, ERR_FORBIDDEN))
            record_refusal(c);
        error_answer(c, e);
    }
    no_store(c);
    headers_set(&c->task->res.headers, c->arena, c->app, c->route ? c->route->flags : 0, c->task->res.type);
}

/* A path that knows other methods names them. */
static void allow_header(Ctx *c, unsigned methods)
{
    static const struct { Method m; Str name; } names[] = { { GET, S_INIT("GET, HEAD") }, { POST, S_INIT("POST") },
                                                                   { PUT, S_INIT("PUT") }, { DELETE, S_INIT("DELETE") } };
    StrList list = { 0 };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (methods >> names[i].m & 1u)
            *list_add(c->arena, &list) = names[i].name;
    answer_header(c, S("allow"), str_join(c->arena, list.at, list.len, S(", ")));
}

static void handle_without_route(Ctx *c, unsigned methods)
{
    Err e = load_session(c);
    if (e)
        LOG(LOG_WARN, "session", LOG_STR("detail", e->detail));
    bool console = str_eq(c->req->path, S("/console")) || str_starts(c->req->path, S("/console/"));
    if (console && c->session.step == SESSION_FULL) {        /* its people stay in it, with its menu */
        c->page.kind = PAGE_CONSOLE;
        c->lang      = c->session.who.lang;
        head_of_console(c);
    }
    error_status(c, methods ? 405 : 404);
    if (methods)
        allow_header(c, methods);
    finish(c, OK);
}

/* Said once: every address limit and record then names the proxy instead of the person. */
static void warn_of_proxy(const HttpRequest *req)
{
    static atomic_flag said = ATOMIC_FLAG_INIT;
    if (req->forwarded_ignored && !atomic_flag_test_and_set(&said))
        LOG(LOG_WARN, "forwarded_ignored", LOG_STR("setting", S("http.proxies")), LOG_STR("peer", req->client));
}

static void log_request(const Ctx *c, int64_t began_ms)
{
    Str path = path_to_write(c);
    LOG(c->task->res.status >= 500 ? LOG_WARN : LOG_DEBUG, "request", LOG_NUM("id", c->req->id), LOG_STR("path", path),
        LOG_NUM("status", c->task->res.status), LOG_NUM("ms", monotonic_ms() - began_ms));
}

/* Whether the collector has taken the request over; it answers on its own thread, where nobody catches a used-up arena,
 * so there must be room for the answer. */
static bool left_to_collector(Ctx *c)
{
    HttpTask *task = c->task;
    if (!c->later_kind)
        return false;
    if ((size_t)(task->arena->end - task->arena->at) >= LATER_ROOM) {
        jmp_buf *full     = task->arena->full;
        task->arena->full = NULL;
        task->res.later   = true;
        if (collector_queue(c->app->store, c->later_kind, c->later_item))
            return true;
        task->res.later   = false;
        task->arena->full = full;
    }
    error_status(c, 503);
    return false;
}

/* False when the arena is used up: then all that is held has been given back and nothing was written. */
static bool run_with_store(Ctx *c, const RouteHit *hit)
{
    jmp_buf full, *outer = c->arena->full;
    bool    whole = setjmp(full) == 0;
    if (whole) {
        c->arena->full = &full;
        if (hit->route)
            finish(c, run(c));
        else
            handle_without_route(c, hit->methods);
        touch_session(c);
    }
    c->arena->full = outer;
    store_give(c->app->store, &c->db);
    return whole;
}

void web_handle(void *app_, HttpTask *task)
{
    const AppInfo *app   = app_;
    int64_t        began = monotonic_ms();
    Lang           lang;
    Str            path       = take_language(&task->req, &lang);
    RouteHit       hit        = route_find(app, task->arena, task->req.method, path);
    uint64_t       generation = store_generation(app->store);
    Ctx           *c          = arena_new(task->arena, Ctx, 1);
    ctx_init(c, app, task, &hit, lang);
    warn_of_proxy(&task->req);
    task->own = c;
    Err e = store_take(app->store, task->arena, &c->db);
    if (e) {
        c->db = NULL;
        LOG(LOG_ERROR, "store", LOG_STR("detail", e->detail));
        if (!c->mount || !c->mount->fail)
            longjmp(*task->arena->full, 1);        /* pages need the database: the server's own refusal, page or JSON */
        answer_header(c, S("retry-after"), S("5"));
        c->mount->fail(c, 503);
        return;
    }
    if (!run_with_store(c, &hit)) {
        LOG(LOG_WARN, "memory_limit", LOG_NUM("id", task->req.id), LOG_STR("path", path_to_write(c)));
        longjmp(*task->arena->full, 1);
    }
    if (left_to_collector(c))
        return;                    /* the answer belongs to the collector from here on */
    if (hit.route && hit.route->flags & ROUTE_CACHED && task->req.method == GET)
        cache_keep(task, cache_key(task->arena, &task->req), generation);
    log_request(c, began);
}

/* Files are taken by routes that say so; every other body is as small as a form. */
void web_admit(void *app, HttpTask *task, HttpLimits *limits)
{
    Lang lang;
    if (task->req.method != POST && task->req.method != PUT)
        return;
    RouteHit hit = route_find(app, task->arena, task->req.method, take_language(&task->req, &lang));
    if (hit.route && hit.route->flags & ROUTE_BULK)
        limits->form_bytes = BULK_BYTES;
    if (!hit.route || !(hit.route->flags & ROUTE_UPLOAD))
        limits->request_bytes = limits->form_bytes;
    else if (hit.route->flags & ROUTE_LARGE)
        limits->file_bytes = limits->request_bytes = LARGE_BYTES;
    else if (hit.route->flags & ROUTE_FIELD) {
        limits->files      = FIELD_FILES;
        task->keep_refused = true;
    }
}

static bool serve_asset(HttpTask *task)
{
    const Asset *asset = asset_find(str_skip(task->req.path, 8));
    if (!asset)
        return false;
    task->res.status = 200;
    task->res.type   = asset->type;
    bool gzip = asset->gzip.len && str_has(http_field(&task->req.headers, S("accept-encoding")), S("gzip"));
    task->res.body = gzip ? asset->gzip : asset->plain;
    if (gzip)
        http_set(task, S("content-encoding"), S("gzip"));
    http_set(task, S("vary"), S("accept-encoding"));
    http_set(task, S("cache-control"), S("public, max-age=31536000, immutable"));
    http_set(task, S("x-content-type-options"), S("nosniff"));
    http_set(task, S("cross-origin-resource-policy"), S("same-origin"));
    return true;
}

bool web_fast(void *app, HttpTask *task)
{
    if (task->req.method != GET && task->req.method != HEAD)
        return false;
    if (str_starts(task->req.path, S("/assets/")))
        return serve_asset(task);
    return cache_serve(app, task, cache_key(task->arena, &task->req));
}

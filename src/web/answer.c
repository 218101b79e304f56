/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answering: pages, redirects, files, JSON, audit records of this request. */
#include "web/parts.h"

void answer_header(Ctx *c, Str name, Str value)
{
    http_set(c->task, name, value);
}

Str site_base(Ctx *c)
{
    Str url = c->app->public_url;
    while (str_ends(url, S("/")))
        url = str_take(url, url.len - 1);
    return url.len ? url : arena_fmt(c->arena, "%s://%.*s", c->req->https ? "https" : "http", STR_ARG(c->req->host));
}

Str site_path(Ctx *c, Str path)
{
    bool console = str_starts(c->req->path, S("/console"));
    return c->lang == LANG_EN && !console && !str_starts(path, S("/console")) && !str_starts(path, S("/en/"))
               ? str_concat(c->arena, S("/en"), path) : path;
}

Out page_begin(Ctx *c, Str title)
{
    c->page.title = title;
    return out_new(c->arena, c->lang, 16 << 10);
}

/* The same page in the other language: public pages only, the console follows the person's setting. */
static void language_links(Ctx *c)
{
    Str path = c->req->path;
    Str query = c->req->raw_query.len ? str_concat(c->arena, S("?"), c->req->raw_query) : S("");
    c->page.here = str_concat(c->arena, path, query);
    if (c->page.kind == PAGE_CONSOLE)
        return;
    if (str_starts(path, S("/en/")))
        path = str_skip(path, 3);
    else if (str_eq(path, S("/en")))
        path = S("/");
    /* A refused form stays readable in the other language where its address can be asked for again. */
    if (c->req->method == POST && !route_find(c->app, c->arena, GET, path).route)
        return;
    Str here = str_concat(c->arena, path, query);
    c->page.path_vi = here;
    c->page.path_en = str_concat(c->arena, S("/en"), here);
    if (!c->page.canonical.len)
        c->page.canonical = c->lang == LANG_EN ? str_concat(c->arena, S("/en"), path) : path;
}

Err page_end_status(Ctx *c, Out *o, int status)
{
    language_links(c);
    nav_fill(c);
    c->page.made_at = c->now;
    c->page.error   = c->page.error || status == 422;
    Str  body  = out_text(o);
    Out  whole = out_new(c->arena, c->lang, body.len + (16 << 10));
    page_open(&whole, &c->page);
    out_raw(&whole, body);
    page_close(&whole, &c->page);
    return answer_bytes(c, status, S("text/html; charset=utf-8"), out_text(&whole));
}

Err page_end(Ctx *c, Out *o)
{
    return page_end_status(c, o, 200);
}

void page_crumb(Ctx *c, Str label, Str href)
{
    *list_add(c->arena, &c->page.crumbs) = (Crumb){ label, href.len ? site_path(c, href) : href };
}

Err redirect_plain(Ctx *c, Str path)
{
    answer_header(c, S("location"), path);
    return answer_bytes(c, 303, S("text/plain; charset=utf-8"), S(""));
}

Err redirect(Ctx *c, Str path)
{
    return redirect_plain(c, site_path(c, path));
}

void notice_next(Ctx *c, NoticeKind kind, Str text)
{
    Str value = arena_fmt(c->arena, "%d%.*s", (int)kind, STR_ARG(url_encode(c->arena, text)));
    cookie_set(c, S("td-notice"), value, 120, true);
}

Err redirect_notice(Ctx *c, Str path, NoticeKind kind, Str text)
{
    notice_next(c, kind, text);
    return redirect(c, path);
}

Err answer_bytes(Ctx *c, int status, Str type, Str body)
{
    c->task->res.status = status;
    c->task->res.type   = type;
    c->task->res.body   = body;
    return OK;
}

Err answer_file(Ctx *c, Str type, Str file_name, Str body)
{
    Str plain = text_slug(c->arena, str_cut_last(file_name, '.').head);
    Str ext   = str_cut_last(file_name, '.').tail;
    answer_header(c, S("content-disposition"),
                  arena_fmt(c->arena, "attachment; filename=\"%.*s.%.*s\"; filename*=UTF-8''%.*s", STR_ARG(plain),
                            STR_ARG(text_slug(c->arena, ext)), STR_ARG(url_encode(c->arena, file_name))));
    return answer_bytes(c, 200, type, body);
}

Err answer_json(Ctx *c, int status, Str body)
{
    return answer_bytes(c, status, S("application/json; charset=utf-8"), body);
}

Err answer_after_commit(Ctx *c, const CollectKind *kind, void *item)
{
    c->later_kind = kind;
    c->later_item = item;
    return OK;
}

Err right_need(Ctx *c, Right right, UnitId unit)
{
    bool yes = right == RIGHT_PUBLIC;
    if (!yes && c->session.step == SESSION_FULL) {
        yes = right == RIGHT_SIGNED_IN;
        if (!yes)
            TRY(may(c->db, c->arena, c->session.person, right, unit, c->today, &yes));
    }
    return yes ? OK : err_new(c->arena, c->session.step == SESSION_FULL ? ERR_FORBIDDEN : ERR_SIGN_IN, right_code(right));
}

bool right_has(Ctx *c, Right right, UnitId unit)
{
    return right_need(c, right, unit) == OK;
}

Err right_scope(Ctx *c, Right right, RightScope *out)
{
    return scope_open(c->db, c->arena, c->session.person, right, (UnitId){ 0 }, c->today, out);
}

Err audit_add(Ctx *c, Str action, Str noun, int64_t id, UnitId unit, Str detail)
{
    AuditEvent e = {
        .at = c->now, .actor = c->session.person, .actor_name = c->session.who.login,
        .role = role_code(c->session.main_role), .unit = unit, .address = c->req->client,
        .request = arena_fmt(c->arena, "%lld", (long long)c->req->id), .action = action,
        .object = arena_fmt(c->arena, "%.*s:%lld", STR_ARG(noun), (long long)id), .detail = detail,
    };
    return audit_append(c->db, c->arena, &e);
}

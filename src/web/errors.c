/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Failures as people and programs read them: what happened, what to do, and a number to quote. Never a path,
 * a statement or a stack. */
#include "web/parts.h"

#include "web_error.html.h"

typedef struct ErrorText { int status; const char *title, *advice, *reason; } ErrorText;

/* reason: the API's word. */
static const ErrorText texts[] = {
    { 400, "web.error.400.title", "web.error.400.advice", "bad request" },
    { 401, "web.error.401.title", "web.error.401.advice", "sign-in needed" },
    { 403, "web.error.403.title", "web.error.403.advice", "not allowed" },
    { 404, "web.error.404.title", "web.error.404.advice", "not found" },
    { 405, "web.error.405.title", "web.error.405.advice", "method not allowed" },
    { 409, "web.error.409.title", "web.error.409.advice", "conflict" },
    { 410, "web.error.410.title", "web.error.410.advice", "gone" },
    { 413, "web.error.413.title", "web.error.413.advice", "too large" },
    { 429, "web.error.429.title", "web.error.429.advice", "too many requests" },
    { 500, "web.error.500.title", "web.error.500.advice", "internal error" },
    { 503, "web.error.503.title", "web.error.503.advice", "temporarily unavailable" },
};

static const int status_of[ERR_KIND_COUNT] = {
    [ERR_NOT_FOUND] = 404, [ERR_GONE] = 410, [ERR_SIGN_IN] = 401, [ERR_FORBIDDEN] = 403, [ERR_CONFLICT] = 409,
    [ERR_INVALID] = 400,   [ERR_TOO_LARGE] = 413, [ERR_TOO_MANY] = 429, [ERR_LIMIT] = 503, [ERR_FULL] = 503,
    [ERR_BUSY] = 503,      [ERR_IO] = 500, [ERR_CONFIG] = 500, [ERR_INTERNAL] = 500,
};

static const ErrorText *text_for(int status)
{
    const ErrorText *t = &texts[COUNT_OF(texts) - 2];
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i].status == status)
            t = &texts[i];
    return t;
}

static void answer_api(Ctx *c, const ErrorText *t)
{
    Buf b = buf_new(c->arena, 128);
    buf_lit(&b, "{\"errors\":[{\"reason\":");
    buf_json_str(&b, str_from_c(t->reason));
    buf_lit(&b, "}]}");
    (void)!answer_json(c, t->status, buf_str(&b));
}

/* A form that waited too long, or whose page was opened before signing in: nobody did what they may not. */
static const ErrorText token_text = { 403, "web.error.token.title", "web.error.token.advice", "not allowed" };

static void answer_page(Ctx *c, const ErrorText *t)
{
    if (c->page.kind == PAGE_EMBED)
        c->page.kind = PAGE_BARE;
    c->page.no_index = true;
    Out o = page_begin(c, text_find(c->lang, str_from_c(t->title)));
    bool console = c->page.kind == PAGE_CONSOLE && c->session.person.v, survey = c->page.kind == PAGE_RESPONDENT && t->status == 404;
    ErrorPage p = { .status = t->status, .title = c->page.title, .advice = text_find(c->lang, str_from_c(t->advice)),
                    .home_href = console ? S("/console") : site_path(c, S("/")),
                    .home = text_find(c->lang, console ? S("web.error.console") : S("web.error.home")),
                    .request = c->req->id, .phone = c->app->help_phone };
    if (console && t->status == 404)
        p.advice = text_of(c->lang, "web.error.404.console");
    if (survey) {
        p.advice    = text_of(c->lang, "web.error.404.survey");
        p.home_href = site_path(c, S("/surveys"));
        p.home      = text_of(c->lang, "web.error.surveys");
    }
    web_error_view(&o, &p);
    (void)!page_end_status(c, &o, t->status);
    c->page.error = false;
}

static void answer_error(Ctx *c, const ErrorText *t)
{
    c->task->res.body = S("");
    if (t->status == 503)
        answer_header(c, S("retry-after"), S("10"));
    if (c->mount && c->mount->fail)
        c->mount->fail(c, t->status);
    else if ((c->route && c->route->flags & ROUTE_API) || str_starts(c->req->path, S("/api/")))
        answer_api(c, t);
    else
        answer_page(c, t);
}

void error_status(Ctx *c, int status)
{
    answer_error(c, text_for(status));
}

/* Where to sign in, coming back to the page that was asked for. */
static void ask_sign_in(Ctx *c)
{
    Str here = c->req->raw_query.len
                   ? str_join(c->arena, (Str[]){ c->req->path, c->req->raw_query }, 2, S("?")) : c->req->path;
    (void)!redirect_plain(c, str_concat(c->arena, S("/sign-in?back="), url_encode(c->arena, here)));
}

void error_answer(Ctx *c, Err e)
{
    int status = status_of[e->kind] ? status_of[e->kind] : 500;
    LOG(status >= 500 ? LOG_ERROR : LOG_INFO, "refused", LOG_NUM("request", c->req->id), LOG_NUM("status", status),
        LOG_STR("kind", err_kind_name(e->kind)), LOG_STR("detail", e->detail), LOG_STR("file", str_from_c(e->file)),
        LOG_NUM("line", e->line));
    bool page = c->req->method == GET && !(c->route && c->route->flags & ROUTE_API);
    if (e->kind == ERR_SIGN_IN && page)
        ask_sign_in(c);
    else
        answer_error(c, e->kind == ERR_FORBIDDEN && str_eq(e->detail, TOKEN_FAULT) ? &token_text : text_for(status));
}

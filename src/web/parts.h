/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of web share; nobody else includes this. */
#ifndef WEB_PARTS_H
#define WEB_PARTS_H

#include "web/web.h"

/* router.c: the row for a path, with its parameters. methods: bits of those the path has when it has not the asked one. */
typedef struct RouteHit { const Mount *mount; const Route *route; HttpFields params; unsigned methods; } RouteHit;
RouteHit route_find(const AppInfo *app, Arena *a, Method method, Str path);

/* headers.c: policy headers for every answer. */
void headers_set(HttpFields *to, Arena *a, const AppInfo *app, unsigned flags, Str type);

/* token.c. TOKEN_FAULT: the detail of the failure, which has a page of its own. */
#define TOKEN_FAULT S("form token")
bool token_fits(Ctx *c);                        /* form token and same-site origin of a changing request */
void token_for_session(Ctx *c);                 /* fills page.form_token of a signed-in person */

/* cookies.c */
Str  cookie_name(const Ctx *c, Str bare);       /* "__Host-td" or, on plain HTTP, "td" */
void cookie_set(Ctx *c, Str bare, Str value, int64_t max_age_s, bool strict);
void display_read(Ctx *c);                      /* theme, text size, contrast from the display cookie */
void notice_take(Ctx *c);                       /* the notice of the request before, shown once */

/* nav.c */
void nav_fill(Ctx *c);

/* errors.c: turns a failure into a page or, on the API, into JSON. */
void error_answer(Ctx *c, Err e);
void error_status(Ctx *c, int status);
/* refusal.c: what one page says in one language. home empty: nowhere to go. */
typedef struct RefusalPage { int status; Str title, advice, phone, home; SafeHtml sheet; } RefusalPage;
typedef struct ErrorPage { int status; Str title, advice, phone, home_href, home; int64_t request; } ErrorPage;

/* cache.c: whole answers of public pages, kept until the next change and for a short time at most. */
bool cache_serve(const AppInfo *app, HttpTask *task, Str key);
/* Keeps the answer and sends the kept bytes, packed for whom takes that. generation: as it was before the page was made,
 * so that a change meanwhile makes the entry stale. */
void cache_keep(HttpTask *task, Str key, uint64_t generation);
Str  cache_key(Arena *a, const HttpRequest *req);

#endif

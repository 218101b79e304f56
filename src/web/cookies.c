/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cookies: names, flags, display settings and the notice shown after a redirect. */
#include "web/parts.h"

Str cookie_name(const Ctx *c, Str bare)
{
    return c->app->plain_http ? bare : str_concat(c->arena, S("__Host-"), bare);
}

void cookie_set(Ctx *c, Str bare, Str value, int64_t max_age_s, bool strict)
{
    Buf b = buf_new(c->arena, 160);
    buf_add(&b, cookie_name(c, bare));
    buf_byte(&b, '=');
    buf_add(&b, value);
    buf_add(&b, strict ? S("; Path=/; HttpOnly; SameSite=Strict") : S("; Path=/; HttpOnly; SameSite=Lax"));
    if (!c->app->plain_http)
        buf_lit(&b, "; Secure");
    if (max_age_s >= 0)
        buf_fmt(&b, "; Max-Age=%lld", (long long)max_age_s);
    answer_header(c, S("set-cookie"), buf_str(&b));
}

Str device_cookie(Ctx *c)
{
    return http_field(&c->req->cookies, cookie_name(c, S("td")));
}

Str device_cookie_need(Ctx *c)
{
    Str value = device_cookie(c);
    if (value.len == 43)
        return value;
    for (size_t i = 0; i < c->task->res.headers.len; i++) {      /* set earlier in this request */
        HttpField *h = &c->task->res.headers.at[i];
        Str        start = str_concat(c->arena, cookie_name(c, S("td")), S("="));
        if (str_eq(h->name, S("set-cookie")) && str_starts(h->value, start))
            return str_cut(str_skip(h->value, start.len), ';').head;
    }
    value = random_token(c->arena);
    cookie_set(c, S("td"), value, 180 * 86400, false);
    return value;
}

Str session_cookie(const Ctx *c)
{
    return http_field(&c->req->cookies, cookie_name(c, S("td-console")));
}

void session_cookie_set(Ctx *c, Str token)
{
    cookie_set(c, S("td-console"), token, token.len ? -1 : 0, true);
}

/* "dark.a2.high": one word a setting, anything unknown is left out. */
void display_read(Ctx *c)
{
    Str rest = http_field(&c->req->cookies, S("td-display"));
    while (rest.len) {
        StrPair p = str_cut(rest, '.');
        rest      = p.tail;
        if (str_eq(p.head, S("dark")))  c->page.theme = S("dark");
        if (str_eq(p.head, S("light"))) c->page.theme = S("light");
        if (str_eq(p.head, S("a2")))    c->page.text_size = S("a2");
        if (str_eq(p.head, S("a3")))    c->page.text_size = S("a3");
        if (str_eq(p.head, S("high")))  c->page.contrast = S("high");
    }
}

/* Only a path of this site: never another host, never a scheme. */
Str local_path(Str path)
{
    bool local = path.len && path.at[0] == '/' && !str_starts(path, S("//")) && !str_has(path, S("\\"));
    for (size_t i = 0; local && i < path.len; i++)
        local = (unsigned char)path.at[i] > ' ' && path.at[i] != 0x7F;
    return local ? path : S("/");
}

static Err display_page(Ctx *c)
{
    static const Str themes[] = { S_INIT("dark"), S_INIT("light"), S_INIT("auto") };
    static const Str sizes[]  = { S_INIT("a1"), S_INIT("a2"), S_INIT("a3") };
    Str theme = query_str(c, "theme"), size = query_str(c, "size"), contrast = query_str(c, "contrast");
    StrList words = { 0 };
    for (size_t i = 0; i < COUNT_OF(themes); i++)
        if (str_eq(theme, themes[i]))
            c->page.theme = i == 2 ? S("") : themes[i];
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        if (str_eq(size, sizes[i]))
            c->page.text_size = i == 0 ? S("") : sizes[i];
    if (contrast.len)
        c->page.contrast = str_eq(contrast, S("high")) ? S("high") : S("");
    if (c->page.theme.len)     *list_add(c->arena, &words) = c->page.theme;
    if (c->page.text_size.len) *list_add(c->arena, &words) = c->page.text_size;
    if (c->page.contrast.len)  *list_add(c->arena, &words) = c->page.contrast;
    Str value = str_join(c->arena, words.at, words.len, S("."));
    answer_header(c, S("set-cookie"), arena_fmt(c->arena, "td-display=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000%s",
                                                STR_ARG(value), c->app->plain_http ? "" : "; Secure"));
    return redirect_plain(c, local_path(query_str(c, "back")));
}

const Route web_routes[] = {
    { GET, "/display", RIGHT_PUBLIC, display_page, 0 },
    { 0 },
};

void notice_take(Ctx *c)
{
    Str raw = http_field(&c->req->cookies, cookie_name(c, S("td-notice"))), text, clean;
    if (raw.len < 2 || raw.at[0] < '0' || raw.at[0] > '3' || !url_decode(c->arena, str_skip(raw, 1), false, &text) ||
        !text_clean(c->arena, text, &clean))
        return;
    c->page.notice_kind = (NoticeKind)(raw.at[0] - '0');
    c->page.notice      = clean;
    cookie_set(c, S("td-notice"), S(""), 0, true);
}

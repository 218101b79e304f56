/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Form tokens: a changing request carries a token made from its session (or device) and comes from this site. */
#include "web/parts.h"

#include <sodium.h>

void app_key(const AppInfo *app, const char *purpose, uint8_t out[32])
{
    crypto_generichash(out, 32, (const uint8_t *)purpose, strlen(purpose), app->key, sizeof app->key);
}

static Str token_of(Ctx *c, Str secret)
{
    uint8_t key[32], sum[24];
    app_key(c->app, "form-token", key);
    crypto_generichash(sum, sizeof sum, (const uint8_t *)secret.at, secret.len, key, sizeof key);
    return str_hex(c->arena, sum, sizeof sum);
}

static Str secret_now(Ctx *c)
{
    return c->session.step != SESSION_NONE ? session_cookie(c) : device_cookie(c);
}

void token_for_session(Ctx *c)
{
    if (c->session.step != SESSION_NONE)
        c->page.form_token = token_of(c, session_cookie(c));
}

Str form_token(Ctx *c)
{
    if (!c->page.form_token.len)
        c->page.form_token = token_of(c, device_cookie_need(c));
    return c->page.form_token;
}

/* The request's own site by Sec-Fetch-Site, else by Origin; a client that sends neither is judged by the token alone. */
static bool same_site(const Ctx *c)
{
    Str site = http_field(&c->req->headers, S("sec-fetch-site"));
    if (site.len)
        return str_eq(site, S("same-origin")) || str_eq(site, S("none"));
    Str origin = http_field(&c->req->headers, S("origin"));
    if (!origin.len)
        return true;
    size_t at;
    return str_find(origin, S("://"), &at) && str_eq_ascii_nocase(str_skip(origin, at + 3), c->req->host);
}

bool token_fits(Ctx *c)
{
    Str sent = http_field(&c->req->form, S("token")), secret = secret_now(c);
    if (!same_site(c) || secret.len == 0)
        return false;
    Str want = token_of(c, secret);
    return sent.len == want.len && sodium_memcmp(sent.at, want.at, want.len) == 0;
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Policy headers on every answer. */
#include "web/parts.h"

/* 'wasm-unsafe-eval' lets the page compile the engine it has fetched from here, no script (ADR 0023). */
static Str offline_policy(void)
{
    return S("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
             "media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'");
}

/* A drawing and a link, without script, form or anything to press by mistake: any site may show it. */
static Str open_frame_policy(void)
{
    return S("default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'none'; frame-ancestors *; base-uri 'none'");
}

static Str policy(Arena *a, const AppInfo *app, bool embed, bool framed)
{
    Str frames = S("'none'");
    if (framed)
        frames = S("'self'");
    if (embed && app->embed_hosts.len)
        frames = str_join(a, app->embed_hosts.at, app->embed_hosts.len, S(" "));
    return arena_fmt(a,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; media-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors %.*s; base-uri 'none'; "
        "object-src 'none'", STR_ARG(frames));
}

static Str policy_of(Arena *a, const AppInfo *app, unsigned flags)
{
    if (flags & ROUTE_OFFLINE)
        return offline_policy();
    return flags & ROUTE_EMBED && flags & ROUTE_OPEN ? open_frame_policy() : policy(a, app, flags & ROUTE_EMBED, flags & ROUTE_FRAMED);
}

void headers_set(HttpFields *to, Arena *a, const AppInfo *app, unsigned flags, Str type)
{
#define ADD(n, v) *list_add(a, to) = (HttpField){ S(n), (v) }
    ADD("x-content-type-options", S("nosniff"));
    ADD("referrer-policy", S("same-origin"));
    ADD("cross-origin-opener-policy", S("same-origin"));
    ADD("cross-origin-resource-policy", flags & (ROUTE_EMBED | ROUTE_OPEN) ? S("cross-origin") : S("same-origin"));
    ADD("permissions-policy", flags & ROUTE_OFFLINE ? S("camera=(self), microphone=(self), geolocation=(self)")
                              : flags & ROUTE_PLACE ? S("camera=(), microphone=(), geolocation=(self)") : S("camera=(), microphone=(), geolocation=()"));
    if (flags & ROUTE_OPEN) {
        ADD("access-control-allow-origin", S("*"));
        ADD("access-control-expose-headers", S("etag, link"));
    }
    if (str_starts(type, S("text/html")))
        ADD("content-security-policy", policy_of(a, app, flags));
    if (!app->plain_http)
        ADD("strict-transport-security", S("max-age=31536000; includeSubDomains"));
#undef ADD
}

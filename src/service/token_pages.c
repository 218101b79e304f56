/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keys of sending systems in the console: list, making (the key is the answer to the request that makes it, and is shown never
 * again), revoking; the route table. */
#include "service/pages.h"

#include "base/utf8.h"

#include "service_token_new.html.h"
#include "service_tokens.html.h"

static Str list_path(Ctx *c)
{
    return site_path(c, S("/console/service/tokens"));
}

static Err tokens_page(Ctx *c)
{
    ServiceTokens all;
    RightScope    scope;
    TokenListView v = { .add_href = site_path(c, S("/console/service/tokens/new")) };
    TRY(service_tokens(c->db, c->arena, &all));
    TRY(right_scope(c, RIGHT_SERVICE_MANAGE, &scope));
    for (size_t i = 0; i < all.len; i++) {
        const ServiceToken *t = &all.at[i];
        if (!scope_has(&scope, t->unit))
            continue;
        Str href = arena_fmt(c->arena, "/console/service/tokens/%lld/revoke", (long long)t->id);
        *list_add(c->arena, &v.rows) = (TokenRow){ t, unit_name_today(c, t->unit), t->revoked_at.ms ? S("") : site_path(c, href) };
    }
    Out o = page_begin(c, text_of(c->lang, "service.tokens.title"));
    page_crumb(c, c->page.title, S(""));
    service_tokens_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Making ---------------------------------------------------------------------------------------------------------- */
static Err new_view(Ctx *c, TokenNewView *v, int status)
{
    v->token     = c->page.form_token;
    v->action    = site_path(c, S("/console/service/tokens/new"));
    v->back_href = list_path(c);
    TRY(owner_choices(c, RIGHT_SERVICE_MANAGE, (UnitId){ v->unit }, &v->units));
    Out o = page_begin(c, text_of(c->lang, "service.token.new"));
    page_crumb(c, text_of(c->lang, "service.tokens.title"), S("/console/service/tokens"));
    page_crumb(c, c->page.title, S(""));
    service_token_new_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err token_new_page(Ctx *c)
{
    return new_view(c, &(TokenNewView){ 0 }, 200);
}

static Err token_new_action(Ctx *c)
{
    TokenNewView   v = { .name = form_str(c, "name") };
    ServiceToken   t = { .name = v.name, .made_at = c->now };
    TokenShownView shown = { .name = v.name, .back_href = list_path(c) };
    if (!v.name.len || utf8_count(v.name) > 100)
        field_error(c, &v.errors, S("name"), text_of(c->lang, "service.fault.name"));
    if (!str_to_i64(form_str(c, "unit"), &v.unit) || !right_has(c, RIGHT_SERVICE_MANAGE, (UnitId){ v.unit }) || v.unit <= 0)
        field_error(c, &v.errors, S("unit"), text_of(c->lang, "service.fault.owner"));
    if (v.errors.len)
        return new_view(c, &v, 422);
    t.unit = (UnitId){ v.unit };
    TRY(service_token_add(c->db, c->arena, &t, c->session.person, &shown.key));
    TRY(audit_add(c, S("service_token.add"), S("service_token"), t.id, t.unit, S("")));
    shown.unit = unit_name_today(c, t.unit);
    shown.url  = str_concat(c->arena, site_base(c), S("/api/v1/service/events"));
    Out o = page_begin(c, text_of(c->lang, "service.token.shown"));
    page_crumb(c, text_of(c->lang, "service.tokens.title"), S("/console/service/tokens"));
    page_crumb(c, c->page.title, S(""));
    service_token_shown_view(&o, &shown);
    return page_end(c, &o);
}

/* ---- Revoking --------------------------------------------------------------------------------------------------------- */
static Err token_of_path(Ctx *c, ServiceToken *t)
{
    TRY(service_token_load(c->db, c->arena, path_int(c, "id"), t));
    return right_need(c, RIGHT_SERVICE_MANAGE, t->unit);
}

static Err revoke_view(Ctx *c, const ServiceToken *t, const FieldErrors *errors, int status)
{
    SummaryRow rows[] = { { .key = text_of(c->lang, "service.token.name"), .value = t->name },
                          { .key = text_of(c->lang, "service.token.unit"), .value = unit_name_today(c, t->unit) } };
    ConfirmPage v = {
        .title = text_of(c->lang, "service.revoke.title"), .text = text_of(c->lang, "service.revoke.text"),
        .warning = text_of(c->lang, "service.revoke.warning"),
        .rows = rows, .n = COUNT_OF(rows), .token = c->page.form_token, .back_href = list_path(c), .button = text_of(c->lang, "service.token.revoke"),
        .action = site_path(c, arena_fmt(c->arena, "/console/service/tokens/%lld/revoke", (long long)t->id)), .danger = true, .ask_reason = true,
        .reason = form_str(c, "reason"), .errors = errors,
    };
    Out o = page_begin(c, v.title);
    page_crumb(c, text_of(c->lang, "service.tokens.title"), S("/console/service/tokens"));
    page_crumb(c, v.title, S(""));
    confirm_page(&o, &v);
    return page_end_status(c, &o, status);
}

static Err token_revoke_page(Ctx *c)
{
    ServiceToken t;
    TRY(token_of_path(c, &t));
    return revoke_view(c, &t, NULL, 200);
}

static Err token_revoke_action(Ctx *c)
{
    ServiceToken t;
    FieldErrors  errors = { 0 };
    Str          reason = form_str(c, "reason");
    TRY(token_of_path(c, &t));
    if (!reason.len || utf8_count(reason) > 1000) {
        field_error(c, &errors, S("reason"), text_of(c->lang, "service.fault.why"));
        return revoke_view(c, &t, &errors, 422);
    }
    TRY(service_token_revoke(c->db, c->arena, t.id, c->session.person, reason, c->now));
    TRY(audit_add(c, S("service_token.revoke"), S("service_token"), t.id, t.unit, S("")));
    return redirect_notice(c, S("/console/service/tokens"), NOTICE_OK, text_fmt(c->arena, c->lang, "service.revoke.done", ARG_S("name", t.name)));
}

const Route service_console_routes[] = {
    { GET,  "/service/tokens",             RIGHT_SERVICE_MANAGE, tokens_page,         0 },
    { GET,  "/service/tokens/new",         RIGHT_SERVICE_MANAGE, token_new_page,      0 },
    { POST, "/service/tokens/new",         RIGHT_SERVICE_MANAGE, token_new_action,    0 },
    { GET,  "/service/tokens/{id}/revoke", RIGHT_SERVICE_MANAGE, token_revoke_page,   0 },
    { POST, "/service/tokens/{id}/revoke", RIGHT_SERVICE_MANAGE, token_revoke_action, 0 },
    { 0 },
};

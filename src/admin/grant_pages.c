/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Giving and revoking: a form, a page that says what the grant opens to whom, and only then the act. */
#include "admin/grant_pages.h"

#include "admin_grant.html.h"
#include "admin_rights.html.h"

/* Roles that the signed-in person may give anywhere. */
static Err offered_roles(Ctx *c, GrantPage *p)
{
    Grants held = { 0 };
    TRY(person_grants(c->db, c->arena, c->session.person, &held));
    for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++)
        for (size_t i = 0; i < held.len; i++)
            if (grant_active(&held.at[i], c->today) && role_gives(held.at[i].role, (Role)r)) {
                p->offered[p->offered_count++] = (Role)r;
                break;
            }
    return OK;
}

static Err grant_start(Ctx *c, GrantPage *p)
{
    TRY(person_of_path(c, &p->p));
    p->token        = c->page.form_token;
    p->back         = person_path(c, p->p.id);
    p->action       = str_concat(c->arena, p->back, S("/grants/check"));
    p->d.person     = p->p.id;
    p->unit.name    = S("unit");
    p->unit.label   = text_of(c->lang, "grant.unit");
    p->unit.hint    = text_of(c->lang, "grant.unit_hint");
    if (p->p.disabled)
        return err_new(c->arena, ERR_CONFLICT, S("the account is disabled"));
    page_crumb(c, text_of(c->lang, "people.title"), S("/console/users"));
    page_crumb(c, p->p.name, p->back);
    return offered_roles(c, p);
}

static Err grant_form_show(Ctx *c, GrantPage *p, int status)
{
    Str title = text_of(c->lang, "grant.title");
    page_crumb(c, title, S(""));
    Out o = page_begin(c, title);
    admin_grant_form(&o, p);
    return page_end_status(c, &o, status);
}

/* What was typed, in address or form; read says which. */
static Err grant_read(Ctx *c, FieldReader read, GrantPage *p)
{
    p->reason = str_take(read(c, "reason"), 1500);
    if (!role_parse(read(c, "role"), &p->d.role))
        field_error(c, &p->errors, S("role"), text_of(c->lang, "grant.role_missing"));
    if (!date_typed(c, read, "from", &p->from, &p->d.from) || date_is_none(p->d.from))
        field_error(c, &p->errors, S("from"), text_of(c->lang, "grant.from_missing"));
    if (!date_typed(c, read, "to", &p->to, &p->d.to))
        field_error(c, &p->errors, S("to"), text_of(c->lang, "grant.to_wrong"));
    TRY(unit_pick(c, read, RIGHT_GRANT_GIVE, &p->unit, &p->errors, &p->d.unit));
    p->d.reason = p->reason;
    return OK;
}

static Err grant_judge(Ctx *c, GrantPage *p)
{
    GrantCheck check;
    if (p->errors.len)
        return OK;
    TRY(grant_check(c->db, c->arena, c->session.person, &p->d, c->today, &check, &p->latest));
    switch (check) {
    case GRANT_FITS:   break;
    case GRANT_SELF:   field_error(c, &p->errors, S("role"), text_of(c->lang, "grant.self")); break;
    case GRANT_BEYOND: field_error(c, &p->errors, S("role"), text_of(c->lang, "grant.beyond")); break;
    case GRANT_TWICE:  field_error(c, &p->errors, S("role"), text_of(c->lang, "grant.twice")); break;
    case GRANT_PERIOD:
        field_error(c, &p->errors, S("to"), date_is_none(p->latest) ? text_of(c->lang, "grant.period")
                    : text_fmt(c->arena, c->lang, "grant.latest", ARG_S("date", date_text(c->arena, c->lang, p->latest))));
        break;
    }
    return OK;
}

static Err grant_new_page(Ctx *c)
{
    GrantPage p = { 0 };
    TRY(grant_start(c, &p));
    p.from       = date_boxes(c->arena, c->today);
    p.unit.typed = unit_place(c, p.p.unit);
    return grant_form_show(c, &p, 200);
}

static Err grant_check_show(Ctx *c, GrantPage *p, int status)
{
    Unit u = { 0 };
    TRY(unit_load(c->db, c->arena, p->d.unit, c->today, &u));
    p->action      = str_concat(c->arena, p->back, S("/grants/new"));
    p->unit_name   = unit_place(c, p->d.unit);
    p->units_below = u.children;
    Str title      = text_of(c->lang, "grant.check_title");
    page_crumb(c, title, S(""));
    Out o = page_begin(c, title);
    admin_grant_check(&o, p);
    return page_end_status(c, &o, status);
}

static Err grant_check_page(Ctx *c)
{
    GrantPage p = { 0 };
    TRY(grant_start(c, &p));
    TRY(grant_read(c, query_str, &p));
    TRY(grant_judge(c, &p));
    return p.errors.len ? grant_form_show(c, &p, 422) : grant_check_show(c, &p, 200);
}

static Err grant_new_action(Ctx *c)
{
    GrantPage p = { 0 };
    GrantId   id;
    TRY(grant_start(c, &p));
    TRY(grant_read(c, form_str, &p));
    TRY(grant_judge(c, &p));
    if (p.errors.len)
        return grant_form_show(c, &p, 422);
    if (!p.reason.len) {
        field_error(c, &p.errors, S("reason"), text_of(c->lang, "people.reason_missing"));
        return grant_check_show(c, &p, 422);
    }
    TRY(grant_give(c->db, c->arena, c->session.person, &p.d, c->today, c->now, &id));
    Buf b = buf_new(c->arena, 200);
    buf_fmt(&b, "{\"person\":%lld,\"role\":\"%.*s\",\"from\":\"%.*s\",\"to\":\"%.*s\",\"reason\":", (long long)p.p.id.v,
            STR_ARG(role_code(p.d.role)), STR_ARG(date_iso(c->arena, p.d.from)), STR_ARG(date_iso(c->arena, p.d.to)));
    buf_json_str(&b, p.reason);
    buf_lit(&b, "}");
    TRY(audit_add(c, S("grant.give"), S("grant"), id.v, p.d.unit, buf_str(&b)));
    return redirect_notice(c, p.back, NOTICE_OK, text_of(c->lang, "grant.done"));
}

/* ---- Revoking ----------------------------------------------------------------------------------------- */

static Err revoke_load(Ctx *c, Grant *g, ActPage *page)
{
    Person p = { 0 };
    bool   yes;
    TRY(person_of_path(c, &p));
    TRY(grant_load(c->db, c->arena, (GrantId){ path_int(c, "grant") }, g));
    if (g->person.v != p.id.v)
        return err_new(c->arena, ERR_NOT_FOUND, S("a grant of somebody else"));
    TRY(grant_may_revoke(c->db, c->arena, c->session.person, g, c->today, &yes));
    if (!yes)
        return err_new(c->arena, g->revoked_at.ms ? ERR_CONFLICT : ERR_FORBIDDEN, S("this grant may not be revoked"));
    page->action     = c->req->path;
    page->back       = person_path(c, p.id);
    page->title      = text_of(c->lang, "grant.revoke_title");
    page->what = text_fmt(c->arena, c->lang, "grant.revoke_what", ARG_S("name", p.name),
                          ARG_S("role", role_name(c->lang, g->role)), ARG_S("unit", unit_place(c, g->unit)));
    page->button     = text_of(c->lang, "grant.revoke");
    page->ask_reason = page->danger = true;
    return OK;
}

static Err grant_revoke_page(Ctx *c)
{
    Grant   g    = { 0 };
    ActPage page = { 0 };
    TRY(revoke_load(c, &g, &page));
    return act_show(c, &page, 200);
}

static Err grant_revoke_action(Ctx *c)
{
    Grant   g    = { 0 };
    ActPage page = { .reason = str_take(form_str(c, "reason"), 1500) };
    TRY(revoke_load(c, &g, &page));
    if (!page.reason.len) {
        page.reason_error = text_of(c->lang, "people.reason_missing");
        field_error(c, &page.errors, S("reason"), page.reason_error);
        return act_show(c, &page, 422);
    }
    TRY(grant_revoke(c->db, c->arena, g.id, c->session.person, page.reason, c->now));
    TRY(audit_add(c, S("grant.revoke"), S("grant"), g.id.v, g.unit, reason_detail(c, page.reason)));
    return redirect_notice(c, page.back, NOTICE_OK, text_of(c->lang, "grant.revoked"));
}

/* ---- Who can what, and what was delegated ---------------------------------------------------------------- */

static Err rights_page(Ctx *c)
{
    RightsPage p = { .right = RIGHT_UNIT_READ };
    UnitId     unit;
    p.unit = (UnitPick){ .name = S("unit"),
                         .label = text_of(c->lang, "people.unit"),
                         .hint = text_of(c->lang, "rights.unit_hint") };
    p.asked = query_str(c, "right").len > 0;
    if (p.asked && (!right_parse(query_str(c, "right"), &p.right) || p.right <= RIGHT_SIGNED_IN))
        return err_new(c->arena, ERR_INVALID, S("unknown right"));
    if (p.asked) {
        TRY(unit_pick(c, query_str, RIGHT_PERSON_READ, &p.unit, &p.errors, &unit));
        if (!p.errors.len)
            TRY(right_holders(c->db, c->arena, p.right, unit, c->today, &p.holders));
    }
    p.places = arena_new(c->arena, Str, p.holders.len + 1);
    for (size_t i = 0; i < p.holders.len; i++)
        p.places[i] = unit_place(c, p.holders.at[i].unit);
    Out o = page_begin(c, text_of(c->lang, "rights.title"));
    admin_rights_view(&o, &p);
    return page_end_status(c, &o, p.errors.len ? 422 : 200);
}

static Err delegations_page(Ctx *c)
{
    DelegationsPage p      = { 0 };
    UnitIds         within = { 0 };
    Grants          list   = { 0 };
    TRY(may_where(c->db, c->arena, c->session.person, RIGHT_PERSON_READ, c->today, &within));
    TRY(grant_list(c->db, c->arena, &within, c->today, 1000, &list));
    for (size_t i = 0; i < list.len; i++) {
        GrantLine *line = list_add(c->arena, &p.lines);
        *line = (GrantLine){ .g = list.at[i],
                             .unit = unit_place(c, list.at[i].unit),
                             .active = grant_active(&list.at[i], c->today) };
        TRY(person_load(c->db, c->arena, list.at[i].person, &line->who));
        TRY(grant_may_revoke(c->db, c->arena, c->session.person, &list.at[i], c->today, &line->may_revoke));
    }
    Out o = page_begin(c, text_of(c->lang, "delegations.title"));
    admin_delegations_view(&o, &p);
    return page_end(c, &o);
}

/* ---- Sessions of others ------------------------------------------------------------------------------------ */

static Err sessions_page(Ctx *c)
{
    SessionsPage p      = { .token = c->page.form_token };
    UnitIds      within = { 0 };
    Sessions     list   = { 0 };
    TRY(may_where(c->db, c->arena, c->session.person, RIGHT_PERSON_MANAGE, c->today, &within));
    TRY(session_list_within(c->db, c->arena, &within, c->now, &list));
    for (size_t i = 0; i < list.len; i++)
        *list_add(c->arena, &p.lines) = (SessionLine){ .s = list.at[i], .unit = unit_place(c, list.at[i].who.unit),
            .current = str_eq(list.at[i].token_hash, c->session.token_hash) };
    Out o = page_begin(c, text_of(c->lang, "sessions.title"));
    admin_sessions_view(&o, &p);
    return page_end(c, &o);
}

/* One session of an account that the person manages, or of their own. */
static Err session_end_action(Ctx *c)
{
    Str      hash = form_str(c, "session");
    UnitIds  within = { 0 };
    Sessions list   = { 0 };
    int64_t  ended  = 0;
    TRY(may_where(c->db, c->arena, c->session.person, RIGHT_PERSON_MANAGE, c->today, &within));
    TRY(session_list_within(c->db, c->arena, &within, c->now, &list));
    for (size_t i = 0; i < list.len; i++) {
        bool yes = false;
        if (!str_eq(list.at[i].token_hash, hash))
            continue;
        TRY(person_may_manage(c->db, c->arena, c->session.person, &list.at[i].who, c->today, &yes));
        if (!yes)
            return err_new(c->arena, ERR_FORBIDDEN, S("a session beyond what the person may manage"));
        TRY(session_end(c->db, hash, &ended));
        TRY(audit_add(c, S("session.ended_by_other"), S("person"), list.at[i].person.v, list.at[i].who.unit, S("")));
    }
    return redirect_notice(c, S("/console/sessions"), ended ? NOTICE_OK : NOTICE_WARN,
                           ended ? text_of(c->lang, "sessions.ended") : text_of(c->lang, "sessions.gone"));
}

const Route admin_grant_routes[] = {
    { GET,  "/users/{id}/grants/new",            RIGHT_GRANT_GIVE,    grant_new_page,      ROUTE_CONFIRM },
    { GET,  "/users/{id}/grants/check",          RIGHT_GRANT_GIVE,    grant_check_page,    ROUTE_CONFIRM },
    { POST, "/users/{id}/grants/new",            RIGHT_GRANT_GIVE,    grant_new_action,    ROUTE_CONFIRM },
    { GET,  "/users/{id}/grants/{grant}/revoke", RIGHT_GRANT_GIVE,    grant_revoke_page,   ROUTE_CONFIRM },
    { POST, "/users/{id}/grants/{grant}/revoke", RIGHT_GRANT_GIVE,    grant_revoke_action, ROUTE_CONFIRM },
    { GET,  "/rights",                           RIGHT_PERSON_READ,   rights_page,         0 },
    { GET,  "/delegations",                      RIGHT_PERSON_READ,   delegations_page,    0 },
    { GET,  "/sessions",                         RIGHT_PERSON_MANAGE, sessions_page,       0 },
    { POST, "/sessions",                         RIGHT_PERSON_MANAGE, session_end_action,  0 },
    { 0 },
};

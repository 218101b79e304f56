/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* My account: what I may do, my sessions, password, second factor, language, contact. */
#include "admin/grant_pages.h"

#include "admin_account.html.h"
#include "admin_act.html.h"
#include "admin_enrol.html.h"

static Err account_show(Ctx *c, AccountPage *p, int status)
{
    Sessions list   = { 0 };
    Grants   grants = { 0 };
    TRY(person_load(c->db, c->arena, c->session.person, &p->p));
    TRY(session_list(c->db, c->arena, c->session.person, c->now, &list));
    TRY(person_grants(c->db, c->arena, c->session.person, &grants));
    TRY(recovery_left(c->db, c->session.person, &p->recovery));
    for (size_t i = 0; i < list.len; i++)
        *list_add(c->arena, &p->sessions) = (SessionLine){ .s = list.at[i], .own = true,
            .current = str_eq(list.at[i].token_hash, c->session.token_hash) };
    for (size_t i = 0; i < grants.len; i++)
        if (grant_active(&grants.at[i], c->today))
            *list_add(c->arena, &p->grants) =
                (GrantLine){ .g = grants.at[i], .unit = unit_place(c, grants.at[i].unit), .active = true };
    p->token = c->page.form_token;
    p->unit  = unit_place(c, p->p.unit);
    TRY(contact_load(c, p->p.id, &p->contact));
    Out o = page_begin(c, text_of(c->lang, "account.title"));
    admin_account_view(&o, p);
    return page_end_status(c, &o, status);
}

static Err account_page(Ctx *c)
{
    return account_show(c, &(AccountPage){ 0 }, 200);
}

static Err account_language_action(Ctx *c)
{
    Lang lang;
    if (!lang_parse(form_str(c, "lang"), &lang))
        return err_new(c->arena, ERR_INVALID, S("unknown language"));
    TRY(person_lang_save(c->db, c->session.person, lang));
    c->lang = lang;
    return redirect_notice(c, S("/console/account"), NOTICE_OK, text_of(lang, "common.saved"));
}

static Err contact_show(Ctx *c, AccountPage *p, int status)
{
    p->token = c->page.form_token;
    page_crumb(c, text_of(c->lang, "account.title"), S("/console/account"));
    page_crumb(c, text_of(c->lang, "account.contact"), S(""));
    Out o = page_begin(c, text_of(c->lang, "account.contact"));
    admin_contact_view(&o, p);
    return page_end_status(c, &o, status);
}

static Err account_contact_page(Ctx *c)
{
    AccountPage p = { 0 };
    TRY(contact_load(c, c->session.person, &p.contact));
    return contact_show(c, &p, 200);
}

static Err account_contact_action(Ctx *c)
{
    const Person *me = &c->session.who;
    AccountPage   p  = { 0 };
    contact_read(c, &p.contact, &p.errors);
    if (p.errors.len)
        return contact_show(c, &p, 422);
    TRY(contact_save(c, me->id, &p.contact));
    TRY(audit_add(c, S("person.contact"), S("person"), me->id.v, me->unit, S("")));
    return redirect_notice(c, S("/console/account"), NOTICE_OK, text_of(c->lang, "common.saved"));
}

/* One session by its hash, or all but this one. */
static Err account_sessions_action(Ctx *c)
{
    Str      hash = form_str(c, "session");
    int64_t  ended = 0;
    Sessions mine  = { 0 };
    if (!hash.len)
        TRY(session_end_all(c->db, c->session.person, c->session.token_hash, &ended));
    else {
        TRY(session_list(c->db, c->arena, c->session.person, c->now, &mine));
        for (size_t i = 0; i < mine.len; i++)
            if (str_eq(mine.at[i].token_hash, hash))
                TRY(session_end(c->db, hash, &ended));
    }
    TRY(audit_add(c, S("session.end"), S("person"), c->session.person.v, c->session.who.unit, S("")));
    return redirect_notice(c, S("/console/account"), NOTICE_OK, text_of(c->lang, "sessions.ended"));
}

/* ---- Second factor --------------------------------------------------------------------------------------- */

static Err second_factor_page(Ctx *c)
{
    if (!c->session.who.has_totp)
        return redirect_plain(c, S("/sign-in/enrol?back=%2Fconsole%2Faccount"));
    ActPage p = { .action = S("/console/account/second-factor"), .back = S("/console/account"), .token = c->page.form_token,
                  .title = text_of(c->lang, "account.codes_title"), .what = text_of(c->lang, "account.codes_what"),
                  .button = text_of(c->lang, "account.codes_button") };
    page_crumb(c, text_of(c->lang, "account.title"), S("/console/account"));
    page_crumb(c, p.title, S(""));
    Out o = page_begin(c, p.title);
    admin_act_view(&o, &p);
    return page_end(c, &o);
}

static Err second_factor_action(Ctx *c)
{
    uint8_t key[32];
    StrList codes = { 0 };
    if (!c->session.who.has_totp)
        return err_new(c->arena, ERR_CONFLICT, S("no second factor yet"));
    app_key(c->app, "totp", key);
    TRY(recovery_renew(c->db, c->arena, c->session.person, key, &codes));
    TRY(audit_add(c, S("person.recovery_codes"), S("person"), c->session.person.v, c->session.who.unit, S("")));
    CodesPage p = { &codes, S("/console/account") };
    Out       o = page_begin(c, text_of(c->lang, "signin.codes_title"));
    admin_codes_view(&o, &p);
    return page_end(c, &o);
}

const Route admin_account_routes[] = {
    { GET,  "/account",               RIGHT_SIGNED_IN, account_page,            0 },
    { POST, "/account/language",      RIGHT_SIGNED_IN, account_language_action, 0 },
    { GET,  "/account/contact",       RIGHT_SIGNED_IN, account_contact_page,    ROUTE_CONFIRM },
    { POST, "/account/contact",       RIGHT_SIGNED_IN, account_contact_action,  ROUTE_CONFIRM },
    { POST, "/account/sessions",      RIGHT_SIGNED_IN, account_sessions_action, 0 },
    { GET,  "/account/second-factor", RIGHT_SIGNED_IN, second_factor_page,      ROUTE_CONFIRM },
    { POST, "/account/second-factor", RIGHT_SIGNED_IN, second_factor_action,    ROUTE_CONFIRM },
    { GET,  "/sign-out",              RIGHT_PUBLIC,    signout_page,            0 },
    { POST, "/sign-out",              RIGHT_PUBLIC,    signout_action,          0 },
    { 0 },
};

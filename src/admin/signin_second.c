/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The steps after the password: code, enrolment of the second factor, change of password. */
#include "admin/signin_pages.h"

#include "admin_signin.html.h"
#include "admin_enrol.html.h"
#include "admin_password.html.h"

static Str back_query(const Ctx *c)
{
    return c->req->method == GET || c->req->method == HEAD ? query_str(c, "back") : form_str(c, "back");
}

static Str step_path(Ctx *c, const char *path)
{
    return arena_fmt(c->arena, "%s?back=%.*s", path, STR_ARG(url_encode(c->arena, back_query(c))));
}

/* The page of the step the session stands at. */
static Err to_step(Ctx *c)
{
    switch (c->session.step) {
    case SESSION_NONE:            return redirect(c, step_path(c, "/sign-in"));
    case SESSION_SECOND_FACTOR:   return redirect(c, step_path(c, "/sign-in/code"));
    case SESSION_ENROL_TOTP:      return redirect(c, step_path(c, "/sign-in/enrol"));
    case SESSION_CHANGE_PASSWORD: return redirect(c, step_path(c, "/sign-in/password"));
    default:                      return redirect_plain(c, back_query(c).len ? local_path(back_query(c)) : S("/console"));
    }
}

static Err code_show(Ctx *c, SignInPage *p, int status)
{
    p->token         = form_token(c);
    p->action        = site_path(c, S("/sign-in/code"));
    p->back          = back_query(c);
    c->page.no_index = true;
    Out o            = page_begin(c, text_of(c->lang, "signin.code_title"));
    admin_code_view(&o, p);
    return page_end_status(c, &o, status);
}

Err signin_code_page(Ctx *c)
{
    if (c->session.step != SESSION_SECOND_FACTOR)
        return to_step(c);
    return code_show(c, &(SignInPage){ 0 }, 200);
}

Err signin_code_action(Ctx *c)
{
    uint8_t    key[32];
    CodeCheck  check = { 0 };
    SignInPage p     = { 0 };
    Str        token = S("");
    if (c->session.step != SESSION_SECOND_FACTOR)
        return to_step(c);
    app_key(c->app, "totp", key);
    TRY(code_check(c->db, c->arena, c->session.person, form_str(c, "code"), key, &c->app->sign_in.code, c->now, &check));
    TRY(audit_sign_in(c, check.by_recovery ? S("session.recovery") : S("session.code"), c->session.person,
                      check.state != SIGN_IN_PASSED, S("")));
    if (check.state == SIGN_IN_WAIT) {
        p.message = wait_message(c, check.wait_until);
        return code_show(c, &p, 429);
    }
    if (check.state != SIGN_IN_PASSED) {
        field_error(c, &p.errors, S("code"), text_of(c->lang, "signin.code_wrong"));
        return code_show(c, &p, 422);
    }
    TRY(session_pass(c->db, c->arena, &c->session, true, c->now, &token));
    if (check.by_recovery)
        notice_next(c, check.recovery_left < 3 ? NOTICE_WARN : NOTICE_INFO,
                    text_fmt(c->arena, c->lang, "signin.recovery_used", ARG_N("n", check.recovery_left)));
    return signin_finish(c, token, form_str(c, "back"));
}

/* ---- Enrolment: the secret is derived from the session, so showing the page changes nothing ---------- */

static bool may_enrol(const Ctx *c)
{
    return c->session.step == SESSION_ENROL_TOTP || (c->session.step == SESSION_FULL && !c->session.who.has_totp);
}

static Str offered_secret(Ctx *c)
{
    uint8_t key[32];
    app_key(c->app, "totp-offer", key);
    return totp_offer(c->arena, key, c->session.token_hash);
}

static Err enrol_show(Ctx *c, EnrolPage *p, int status)
{
    Str secret       = offered_secret(c);
    p->token         = form_token(c);
    p->action        = site_path(c, S("/sign-in/enrol"));
    p->back          = back_query(c);
    p->secret_text   = totp_base32(c->arena, secret);
    p->uri           = totp_uri(c->arena, secret, S("thuocdo"), c->session.who.login);
    c->page.no_index = true;
    Out o            = page_begin(c, text_of(c->lang, "signin.enrol_title"));
    admin_enrol_view(&o, p);
    return page_end_status(c, &o, status);
}

/* Changing the second factor of a complete session asks for a fresh confirmation (C5). */
static bool confirm_first(const Ctx *c)
{
    return c->session.step == SESSION_FULL && c->now.ms - c->session.confirmed_at.ms > 10 * MS_MINUTE;
}

Err signin_enrol_page(Ctx *c)
{
    if (confirm_first(c))
        return redirect_plain(c, S("/console/account/second-factor"));
    return may_enrol(c) ? enrol_show(c, &(EnrolPage){ 0 }, 200) : to_step(c);
}

Err signin_enrol_action(Ctx *c)
{
    uint8_t   key[32];
    EnrolPage p      = { 0 };
    int64_t   step   = 0;
    StrList   codes  = { 0 };
    Str       secret, token = S(""), back = form_str(c, "back");
    if (confirm_first(c) || !may_enrol(c))
        return signin_enrol_page(c);
    secret = offered_secret(c);
    if (!totp_fits(secret, code_digits(c->arena, form_str(c, "code")), c->now, 0, &step)) {
        field_error(c, &p.errors, S("code"), text_of(c->lang, "signin.enrol_wrong"));
        return enrol_show(c, &p, 422);
    }
    app_key(c->app, "totp", key);
    TRY(totp_enrol(c->db, c->arena, c->session.person, secret, key, step, c->now, &codes));
    TRY(session_pass(c->db, c->arena, &c->session, true, c->now, &token));
    TRY(audit_sign_in(c, S("person.second_factor_on"), c->session.person, false, S("")));
    session_cookie_set(c, token);
    Str next = back.len ? site_path(c, str_concat(c->arena, S("/sign-in/code?back="), url_encode(c->arena, back)))
                        : S("/console");
    CodesPage done = { &codes, next };
    c->page.no_index = true;
    Out o = page_begin(c, text_of(c->lang, "signin.codes_title"));
    admin_codes_view(&o, &done);
    return page_end(c, &o);
}

/* ---- Change of password: asked for after a reset by somebody else, or wished in the account page -------- */

Err new_password(Ctx *c, const Person *who, FieldErrors *errors, Str *out_hash)
{
    Str           typed = typed_password(c, "new");
    PasswordFault fault = password_check(*c->arena, typed, who->login, who->name);
    *out_hash           = S("");
    if (fault != PASSWORD_GOOD)
        field_error(c, errors, S("new"), password_message(c->lang, fault));
    else if (!str_eq(typed, typed_password(c, "again")))
        field_error(c, errors, S("again"), text_of(c->lang, "signin.password_differs"));
    return errors->len ? OK : password_hash(c->arena, typed, out_hash);
}

static Err password_show(Ctx *c, PasswordPage *p, int status)
{
    c->lang          = c->session.who.lang;
    p->token         = form_token(c);
    p->action        = site_path(c, S("/sign-in/password"));
    p->login         = c->session.who.login;
    p->ask_old       = true;
    p->may_leave     = c->session.step == SESSION_FULL;
    c->page.no_index = true;
    Out o            = page_begin(c, text_of(c->lang, "signin.password_title"));
    admin_password_view(&o, p);
    return page_end_status(c, &o, status);
}

static bool may_change(const Ctx *c)
{
    return c->session.step == SESSION_CHANGE_PASSWORD || c->session.step == SESSION_FULL;
}

Err signin_password_page(Ctx *c)
{
    return may_change(c) ? password_show(c, &(PasswordPage){ 0 }, 200) : to_step(c);
}

/* Every other session ends, and this one goes on under a new token. */
static Err password_store(Ctx *c, Str hash, Str *out_token)
{
    int64_t ended;
    TRY(password_save(c->db, c->session.person, hash, c->now));
    TRY(session_end_all(c->db, c->session.person, c->session.token_hash, &ended));
    TRY(audit_sign_in(c, S("person.password"), c->session.person, false, S("")));
    return session_pass(c->db, c->arena, &c->session, false, c->now, out_token);
}

Err signin_password_action(Ctx *c)
{
    PasswordPage p = { 0 };
    Str          token = S(""), hash = S("");
    SignIn       s = signin_try(c, c->session.who.login);
    s.confirm_only = true;
    if (!may_change(c))
        return to_step(c);
    TRY(sign_in_load(c->db, c->arena, &s));
    bool fits = s.state == SIGN_IN_OPEN && password_fits(s.stored, typed_password(c, "old"));
    if (fits)
        TRY(new_password(c, &c->session.who, &p.errors, &hash));
    TRY(db_begin_write(c->db));
    TRY(sign_in_done(c->db, c->arena, &s, fits, S("")));
    if (s.state == SIGN_IN_PASSED && hash.len)
        TRY(password_store(c, hash, &token));
    TRY(db_commit(c->db));
    if (s.state == SIGN_IN_WAIT)
        field_error(c, &p.errors, S("old"), wait_message(c, s.wait_until));
    else if (s.state != SIGN_IN_PASSED)
        field_error(c, &p.errors, S("old"), form_str(c, "old").len ? text_of(c->lang, "signin.password_wrong") : text_of(c->lang, "signin.password_missing"));
    if (p.errors.len)
        return password_show(c, &p, 422);
    session_cookie_set(c, token);
    return redirect_notice(c, S("/console/account"), NOTICE_OK, text_of(c->lang, "signin.password_done"));
}

/* ---- One-time links: invitation and reset ------------------------------------------------------------ */

static Err link_show(Ctx *c, const SignInLink *l, PasswordPage *p, int status)
{
    p->token         = form_token(c);
    p->action        = c->req->path;
    p->login         = l->who.login;
    p->intro = l->purpose == LINK_INVITE ? text_fmt(c->arena, c->lang, "signin.link_invite", ARG_S("name", l->who.name))
                                         : text_fmt(c->arena, c->lang, "signin.link_reset", ARG_S("name", l->who.name));
    c->page.no_index = true;
    Out o            = page_begin(c, text_of(c->lang, "signin.link_title"));
    admin_password_view(&o, p);
    return page_end_status(c, &o, status);
}

static Err link_gone(Ctx *c)
{
    c->page.no_index = true;
    Out o            = page_begin(c, text_of(c->lang, "signin.link_gone_title"));
    admin_link_gone_view(&o);
    return page_end_status(c, &o, 410);
}

Err signin_link_page(Ctx *c)
{
    SignInLink l = { 0 };
    Err        e = link_load(c->db, c->arena, path_str(c, "token"), c->now, &l);
    if (err_is(e, ERR_GONE))
        return link_gone(c);
    TRY(e);
    return link_show(c, &l, &(PasswordPage){ 0 }, 200);
}

Err signin_link_action(Ctx *c)
{
    SignInLink   l    = { 0 };
    PasswordPage p    = { 0 };
    Str          hash = S("");
    Err          e    = link_load(c->db, c->arena, path_str(c, "token"), c->now, &l);
    if (err_is(e, ERR_GONE))
        return link_gone(c);
    TRY(e);
    TRY(new_password(c, &l.who, &p.errors, &hash));
    if (p.errors.len)
        return link_show(c, &l, &p, 422);
    TRY(db_begin_write(c->db));
    TRY(link_use(c->db, c->arena, &l, hash, c->now));
    TRY(audit_sign_in(c, l.purpose == LINK_INVITE ? S("person.invitation_taken") : S("person.password_reset"), l.person,
                      false, S("")));
    TRY(db_commit(c->db));
    return redirect_notice(c, S("/sign-in"), NOTICE_OK, text_of(c->lang, "signin.link_done"));
}

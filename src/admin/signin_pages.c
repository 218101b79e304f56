/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing in with name and password, signing out, confirming before a dangerous act. Comparing a password takes
 * tens of milliseconds, so it runs outside the write transaction. */
#include "admin/signin_pages.h"

#include "admin_signin.html.h"

/* Where to go on: the page asked for, else the console. Never a page of signing in itself. */
static Str back_of(Str raw)
{
    Str path = local_path(raw);
    bool loops = str_starts(path, S("/sign-")) || str_starts(path, S("/confirm")) || str_starts(path, S("/reset/"));
    return raw.len == 0 || loops || str_eq(path, S("/")) ? S("/console") : path;
}

SignIn signin_try(Ctx *c, Str login)
{
    SignIn s = { .limits = c->app->sign_in, .login = login, .address = c->req->client, .now = c->now };
    s.exempt = http_listed(*c->arena, &c->app->exempt, c->req->client);
    if (!text_clean(c->arena, http_field(&c->req->headers, S("user-agent")), &s.agent))
        s.agent = S("");
    return s;
}

static Err signin_show(Ctx *c, SignInPage *p, int status)
{
    p->token  = form_token(c);
    p->action = site_path(c, S("/sign-in"));
    c->page.no_index = true;
    Out o = page_begin(c, text_of(c->lang, "signin.title"));
    admin_signin_view(&o, p);
    return page_end_status(c, &o, status);
}

static Err signin_page(Ctx *c)
{
    Str back = back_of(query_str(c, "back"));
    if (c->session.step == SESSION_FULL)
        return redirect_plain(c, back);
    if (c->session.step != SESSION_NONE)
        return redirect(c, str_concat(c->arena, S("/sign-in/code?back="), url_encode(c->arena, back)));
    return signin_show(c, &(SignInPage){ .back = back }, 200);
}

Err signin_finish(Ctx *c, Str token, Str back)
{
    Session s = { 0 };
    session_cookie_set(c, token);
    TRY(session_load(c->db, c->arena, token, c->now, &s));
    c->session = s;
    if (s.step == SESSION_FULL)
        return redirect_plain(c, back_of(back));
    return redirect(c, str_concat(c->arena, S("/sign-in/code?back="), url_encode(c->arena, back_of(back))));
}

/* One try: counted, recorded and, when it fits, made a session, in one short write transaction. */
static Err signin_save(Ctx *c, SignIn *s, bool fits, Str rehashed)
{
    int64_t ended;
    TRY(db_begin_write(c->db));
    TRY(sign_in_done(c->db, c->arena, s, fits, rehashed));
    if (s->state == SIGN_IN_PASSED && c->session.step != SESSION_NONE)
        TRY(session_end(c->db, c->session.token_hash, &ended));
    bool passed = s->state == SIGN_IN_PASSED;
    TRY(audit_sign_in(c,
                      passed                     ? S("session.password")
                      : s->state == SIGN_IN_WAIT ? S("session.wait")
                                                 : S("session.refused"),
                      s->person, !passed, S("")));
    return db_commit(c->db);
}

static Err signin_wait(Ctx *c, SignInPage *p, const SignIn *s)
{
    int64_t seconds = (s->wait_until.ms - c->now.ms) / 1000 + 1;
    answer_header(c, S("retry-after"), arena_fmt(c->arena, "%lld", (long long)seconds));
    p->message = wait_message(c, s->wait_until);
    return signin_show(c, p, 429);
}

static Err signin_action(Ctx *c)
{
    Str        password = typed_password(c, "password"), rehashed = S("");
    SignInPage p        = { .login = form_str(c, "login"), .back = back_of(form_str(c, "back")) };
    SignIn s = signin_try(c, p.login);
    if (!p.login.len)
        field_error(c, &p.errors, S("login"), text_of(c->lang, "signin.login_missing"));
    if (!password.len)
        field_error(c, &p.errors, S("password"), text_of(c->lang, "signin.password_missing"));
    if (p.errors.len)
        return signin_show(c, &p, 422);
    TRY(sign_in_load(c->db, c->arena, &s));
    if (s.state == SIGN_IN_WAIT)                       /* nothing is compared or written: a flood costs a read each */
        return signin_wait(c, &p, &s);
    bool fits = password_fits(s.stored, password);
    if (fits && password_stale(s.stored))
        TRY(password_hash(c->arena, password, &rehashed));
    TRY(signin_save(c, &s, fits, rehashed));
    if (s.state == SIGN_IN_PASSED)
        return signin_finish(c, s.token, p.back);
    if (s.state == SIGN_IN_WAIT)
        return signin_wait(c, &p, &s);
    field_error(c, &p.errors, S("password"), text_of(c->lang, "signin.wrong"));
    return signin_show(c, &p, 422);
}

/* ---- Signing out ---------------------------------------------------------------------------------- */

Err signout_page(Ctx *c)
{
    if (c->session.step == SESSION_NONE)
        return redirect(c, S("/sign-in"));
    c->page.no_index = true;
    Out o = page_begin(c, text_of(c->lang, "signin.out_title"));
    admin_signout_view(&o, form_token(c), c->session.who.name);
    return page_end(c, &o);
}

Err signout_action(Ctx *c)
{
    int64_t ended;
    if (c->session.step != SESSION_NONE) {
        TRY(session_end(c->db, c->session.token_hash, &ended));
        TRY(audit_sign_in(c, S("session.end"), c->session.person, false, S("")));
    }
    session_cookie_set(c, S(""));
    answer_header(c, S("clear-site-data"), S("\"cache\", \"storage\""));
    return redirect_notice(c, S("/sign-in"), NOTICE_OK, text_of(c->lang, "signin.out_done"));
}

/* ---- Confirming ----------------------------------------------------------------------------------- */

static Err confirm_show(Ctx *c, SignInPage *p, int status)
{
    p->token     = form_token(c);
    p->action    = S("/confirm");
    p->login     = c->session.who.login;
    p->with_code = c->session.who.has_totp;
    c->page.no_index = true;
    Out o = page_begin(c, text_of(c->lang, "signin.confirm_title"));
    admin_confirm_view(&o, p);
    return page_end_status(c, &o, status);
}

static Err confirm_again_page(Ctx *c)
{
    c->lang = c->session.who.lang;
    return confirm_show(c, &(SignInPage){ .back = back_of(query_str(c, "back")) }, 200);
}

/* Password first; the code is looked at only when the password fits, so that it is not used up for nothing. */
static Err confirm_save(Ctx *c, SignIn *s, bool fits, CodeCheck *code)
{
    uint8_t key[32];
    app_key(c->app, "totp", key);
    TRY(db_begin_write(c->db));
    TRY(sign_in_done(c->db, c->arena, s, fits, S("")));
    code->state = s->state;
    if (s->state == SIGN_IN_PASSED && c->session.who.has_totp)
        TRY(code_check(c->db, c->arena, c->session.person, form_str(c, "code"), key, &c->app->sign_in.code, c->now, code));
    if (code->state == SIGN_IN_PASSED)
        TRY(session_confirm(c->db, &c->session, c->now));
    TRY(audit_sign_in(c, S("session.confirm"), c->session.person, code->state != SIGN_IN_PASSED, S("")));
    return db_commit(c->db);
}

static Err confirm_again_action(Ctx *c)
{
    c->lang              = c->session.who.lang;
    Str        password  = typed_password(c, "password");
    SignInPage p         = { .back = back_of(form_str(c, "back")) };
    SignIn     s         = signin_try(c, c->session.who.login);
    CodeCheck  code      = { 0 };
    s.confirm_only       = true;
    TRY(sign_in_load(c->db, c->arena, &s));
    bool fits = s.state == SIGN_IN_OPEN && password_fits(s.stored, password);
    TRY(confirm_save(c, &s, fits, &code));
    if (code.state == SIGN_IN_PASSED)
        return redirect_plain(c, p.back);
    if (code.state == SIGN_IN_WAIT) {
        p.message = wait_message(c, code.wait_until.ms ? code.wait_until : s.wait_until);
        return confirm_show(c, &p, 429);
    }
    if (s.state == SIGN_IN_PASSED)
        field_error(c, &p.errors, S("code"), text_of(c->lang, "signin.code_wrong"));
    else
        field_error(c, &p.errors, S("password"), text_of(c->lang, "signin.password_wrong"));
    return confirm_show(c, &p, 422);
}

const Route admin_signin_routes[] = {
    { GET,  "/sign-in",          RIGHT_PUBLIC,    signin_page,            0 },
    { POST, "/sign-in",          RIGHT_PUBLIC,    signin_action,          ROUTE_NO_TX },
    { GET,  "/sign-in/code",     RIGHT_PUBLIC,    signin_code_page,       0 },
    { POST, "/sign-in/code",     RIGHT_PUBLIC,    signin_code_action,     0 },
    { GET,  "/sign-in/enrol",    RIGHT_PUBLIC,    signin_enrol_page,      0 },
    { POST, "/sign-in/enrol",    RIGHT_PUBLIC,    signin_enrol_action,    0 },
    { GET,  "/sign-in/password", RIGHT_PUBLIC,    signin_password_page,   0 },
    { POST, "/sign-in/password", RIGHT_PUBLIC,    signin_password_action, ROUTE_NO_TX },
    { GET,  "/sign-out",         RIGHT_PUBLIC,    signout_page,           0 },
    { POST, "/sign-out",         RIGHT_PUBLIC,    signout_action,         0 },
    { GET,  "/confirm",          RIGHT_SIGNED_IN, confirm_again_page,           0 },
    { POST, "/confirm",          RIGHT_SIGNED_IN, confirm_again_action,         ROUTE_NO_TX },
    { GET,  "/reset/{token}",    RIGHT_PUBLIC,    signin_link_page,       0 },
    { POST, "/reset/{token}",    RIGHT_PUBLIC,    signin_link_action,     ROUTE_NO_TX },
    { 0 },
};

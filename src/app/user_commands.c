/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts from the command line: whoever may read the data folder may do this, and every change is recorded. */
#include "app/app.h"

static Err named(Cli *c, Db *db, Person *out)
{
    Err e = person_by_login(db, c->a, cli_arg(c, 0), out);
    return err_is(e, ERR_NOT_FOUND) ? err_fmt(c->a, ERR_NOT_FOUND, "no account %.*s", STR_ARG(cli_arg(c, 0))) : e;
}

static Err print_link(Cli *c, Str login, Str token)
{
    Str url = cli_base(c);
    buf_fmt(&c->out, c->json ? "{\"login\":\"%.*s\",\"link\":\"%.*s/reset/%.*s\"}\n" : "%.*s: %.*s/reset/%.*s\n",
            STR_ARG(login), STR_ARG(url), STR_ARG(token));
    return OK;
}

static Err print_done(Cli *c, const char *what)
{
    if (c->json)
        buf_lit(&c->out, "{\"ok\":true}\n");
    else
        buf_fmt(&c->out, "%.*s: %s\n", STR_ARG(cli_arg(c, 0)), what);
    return OK;
}

Err cli_unit_option(Cli *c, Db *db, Date today, UnitId *out)
{
    Str      text = cli_option(c, "unit");
    StrPair  p    = str_cut(text, ':');
    UnitKind kind;
    Unit     u = { .id = { UNIT_ROOT } };
    if (text.len && !unit_kind_parse(p.head, &kind))
        return err_fmt(c->a, ERR_INVALID, "--unit is KIND:CODE, for instance province:52, not %.*s", STR_ARG(text));
    if (text.len)
        TRY(unit_by_code(db, c->a, kind, p.tail, today, &u));
    *out = u.id;
    return OK;
}

static Err add(Cli *c, Db *db)
{
    Time        now  = time_now();
    Role        role = ROLE_NONE;
    PersonDraft d    = { .login = cli_arg(c, 0), .name = cli_option(c, "name") };
    PersonId    id;
    GrantId     grant;
    Str         token, name;
    if (!login_valid(d.login))
        return err_new(c->a, ERR_INVALID, S("LOGIN is 3 to 64 of a-z 0-9 . _ - @ and begins with a letter"));
    if (!text_clean(c->a, d.name.len ? d.name : d.login, &name))
        return err_new(c->a, ERR_INVALID, S("--name is no clean text"));
    if (cli_has(c, "role") && !role_parse(cli_option(c, "role"), &role))
        return err_fmt(c->a, ERR_INVALID, "unknown role %.*s", STR_ARG(cli_option(c, "role")));
    d.name = name;
    TRY(cli_unit_option(c, db, date_of(now), &d.unit));
    TRY(person_create(db, c->a, &d, (PersonId){ 0 }, now, &id));
    TRY(cli_audit(c, db, S("person.create"), S("person"), id.v, d.unit));
    if (role != ROLE_NONE) {
        GrantDraft g = { .person = id, .role = role, .unit = d.unit, .from = date_of(now), .to = DATE_NONE };
        TRY(grant_give(db, c->a, (PersonId){ 0 }, &g, date_of(now), now, &grant));
        TRY(cli_audit(c, db, S("grant.give"), S("person"), id.v, d.unit));
    }
    TRY(link_make(db, c->a, id, LINK_INVITE, (PersonId){ 0 }, now, &token));
    return print_link(c, d.login, token);
}

static Err list_roles(Cli *c, Db *db, PersonId id, Str *out)
{
    Grants  grants = { 0 };
    StrList codes  = { 0 };
    TRY(person_grants(db, c->a, id, &grants));
    for (size_t i = 0; i < grants.len; i++)
        if (grant_active(&grants.at[i], date_of(time_now())))
            *list_add(c->a, &codes) = role_code(grants.at[i].role);
    *out = str_join(c->a, codes.at, codes.len, S(" "));
    return OK;
}

static Err list(Cli *c, Db *db)
{
    UnitIds      all    = { 0 };
    People       people = { 0 };
    int64_t      n;
    PersonFilter f = { .within = &all, .today = date_of(time_now()), .limit = 1000000 };
    *list_add(c->a, &all) = (UnitId){ UNIT_ROOT };
    TRY(person_list(db, c->a, &f, &people, &n));
    if (c->json)
        buf_lit(&c->out, "[");
    for (size_t i = 0; i < people.len; i++) {
        const Person *p = &people.at[i];
        Str           roles;
        const char   *state = p->disabled ? "disabled" : p->has_password ? "active" : "invited";
        TRY(list_roles(c, db, p->id, &roles));
        if (!c->json) {
            buf_fmt(&c->out, "%-20.*s %-9s %-40.*s %.*s\n", STR_ARG(p->login), state, STR_ARG(roles), STR_ARG(p->name));
            continue;
        }
        buf_fmt(&c->out, "%s{\"login\":\"%.*s\",\"name\":", i ? "," : "", STR_ARG(p->login));
        buf_json_str(&c->out, p->name);
        buf_fmt(&c->out, ",\"state\":\"%s\",\"roles\":\"%.*s\",\"second_factor\":%s,\"demo\":%s}", state, STR_ARG(roles),
                p->has_totp ? "true" : "false", p->demo ? "true" : "false");
    }
    if (c->json)
        buf_lit(&c->out, "]\n");
    return OK;
}

static Err reset(Cli *c, Db *db)
{
    Person p = { 0 };
    Str    token;
    TRY(named(c, db, &p));
    TRY(link_make(db, c->a, p.id, p.has_password ? LINK_RESET : LINK_INVITE, (PersonId){ 0 }, time_now(), &token));
    TRY(cli_audit(c, db, p.has_password ? S("person.reset_link") : S("person.invite_link"), S("person"), p.id.v, p.unit));
    return print_link(c, p.login, token);
}

static Err mfa_reset(Cli *c, Db *db)
{
    Person  p = { 0 };
    int64_t ended;
    TRY(named(c, db, &p));
    TRY(totp_remove(db, p.id));
    TRY(session_end_all(db, p.id, S(""), &ended));
    TRY(cli_audit(c, db, S("person.second_factor_off"), S("person"), p.id.v, p.unit));
    return print_done(c, "second factor reset, sessions ended");
}

static Err disable(Cli *c, Db *db)
{
    Person p = { 0 };
    TRY(named(c, db, &p));
    TRY(person_disable(db, p.id, time_now()));
    TRY(cli_audit(c, db, S("person.disable"), S("person"), p.id.v, p.unit));
    return print_done(c, "disabled, sessions ended");
}

static Err enable(Cli *c, Db *db)
{
    Person p = { 0 };
    TRY(named(c, db, &p));
    TRY(person_enable(db, p.id));
    TRY(cli_audit(c, db, S("person.enable"), S("person"), p.id.v, p.unit));
    return print_done(c, "enabled");
}

/* A used code is refused, so that of the next step is printed, which is taken already now. */
static Err code(Cli *c, Db *db)
{
    Person  p = { 0 };
    uint8_t key[32];
    Str     secret;
    int64_t now = totp_step(time_now()), last;
    TRY(named(c, db, &p));
    if (!p.demo)
        return err_new(c->a, ERR_FORBIDDEN, S("codes are printed for demonstration accounts only"));
    app_key(&c->in->info, "totp", key);
    TRY(totp_secret_load(db, c->a, p.id, key, &secret));
    TRY(totp_last_step(db, p.id, &last));
    if (last > now)
        return err_new(c->a, ERR_BUSY, S("this code and the next were used; try again in half a minute"));
    buf_fmt(&c->out, c->json ? "{\"code\":\"%.*s\"}\n" : "%.*s\n",
            STR_ARG(totp_code(c->a, secret, last == now ? now + 1 : now)));
    return OK;
}

Err command_user_add(Cli *c)       { return cli_db(c, true, add); }
Err command_user_list(Cli *c)      { return cli_db(c, false, list); }
Err command_user_reset(Cli *c)     { return cli_db(c, true, reset); }
Err command_user_mfa_reset(Cli *c) { return cli_db(c, true, mfa_reset); }
Err command_user_disable(Cli *c)   { return cli_db(c, true, disable); }
Err command_user_enable(Cli *c)    { return cli_db(c, true, enable); }
Err command_user_code(Cli *c)      { return cli_db(c, false, code); }

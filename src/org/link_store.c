/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-time links: invitation and password reset. */
#include "org/org.h"

static Str purpose_code(LinkPurpose p)
{
    return p == LINK_INVITE ? S("invite") : S("reset");
}

static Err links_lately(Db *db, PersonId person, Time now, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM sign_in_links WHERE person_id = $1 AND created_at > $2"));
    bind_int(q, 1, person.v);
    bind_int(q, 2, now.ms - MS_HOUR);
    int64_t n = db_row(q) ? col_int(q, 0) : 0;
    TRY(db_done(q));
    *out = n;
    return OK;
}

Err link_make(Db *db, Arena *a, PersonId person, LinkPurpose purpose, PersonId by, Time now, Str *out_token)
{
    Person  p = { 0 };
    int64_t lately;
    TRY(person_load(db, a, person, &p));
    if (p.disabled)
        return err_new(a, ERR_CONFLICT, S("the account is disabled"));
    if (p.has_password != (purpose == LINK_RESET))
        return err_new(a, ERR_CONFLICT,
                       p.has_password ? S("the invitation was taken") : S("the invitation was never taken"));
    TRY(links_lately(db, person, now, &lately));
    if (lately >= LINKS_PER_HOUR)
        return err_new(a, ERR_TOO_MANY, S("three links in an hour"));
    AUTO_STMT kill = db_prepare(db, SQL("UPDATE sign_in_links SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL"));
    bind_int(kill, 1, person.v);
    bind_time(kill, 2, now);
    TRY(db_run(kill));
    Str       token = random_token(a);
    AUTO_STMT q = db_prepare(
        db, SQL("INSERT INTO sign_in_links (token_hash, person_id, purpose, created_at, expires_at, made_by) "
                "VALUES ($1, $2, $3, $4, $5, $6)"));
    bind_str(q, 1, sha256_hex(a, token));
    bind_int(q, 2, person.v);
    bind_str(q, 3, purpose_code(purpose));
    bind_time(q, 4, now);
    bind_int(q, 5, now.ms + (purpose == LINK_INVITE ? LINK_INVITE_MS : LINK_RESET_MS));
    if (by.v)
        bind_int(q, 6, by.v);
    else
        bind_null(q, 6);
    TRY(db_run(q));
    *out_token = token;
    return OK;
}

Err link_load(Db *db, Arena *a, Str token, Time now, SignInLink *out)
{
    SignInLink l = { .token_hash = sha256_hex(a, token) };
    AUTO_STMT q = db_prepare(
        db, SQL("SELECT l.person_id, l.purpose, l.expires_at FROM sign_in_links l JOIN people p ON p.id = l.person_id "
                "WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND p.disabled_at IS NULL"));
    bind_str(q, 1, l.token_hash);
    bind_time(q, 2, now);
    bool found = db_row(q);
    if (found) {
        l.person     = (PersonId){ col_int(q, 0) };
        l.purpose    = str_eq(col_str(q, 1), S("invite")) ? LINK_INVITE : LINK_RESET;
        l.expires_at = col_time(q, 2);
    }
    TRY(db_done(q));
    if (!found)
        return err_new(a, ERR_GONE, S("the link is unknown, used or expired"));
    TRY(person_load(db, a, l.person, &l.who));
    *out = l;
    return OK;
}

Err link_use(Db *db, Arena *a, const SignInLink *l, Str hash, Time now)
{
    AUTO_STMT q = db_prepare(
        db, SQL("UPDATE sign_in_links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2"));
    bind_str(q, 1, l->token_hash);
    bind_time(q, 2, now);
    TRY(db_run(q));
    if (db_changes(q) != 1)
        return err_new(a, ERR_GONE, S("the link is used or expired"));
    TRY(password_save(db, l->person, hash, now));
    int64_t ended;
    return session_end_all(db, l->person, S(""), &ended);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sessions in the database: the cookie's value is kept only as its SHA-256. */
#include "org/org.h"

/* The person's first role by rank, and whether any role asks for a second factor. */
static Err roles_of(Db *db, PersonId person, Date today, Role *out_main, UnitId *out_unit, bool *out_needs)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT role, unit_id, from_day, to_day FROM grants WHERE person_id = $1 AND "
                                     "revoked_at IS NULL ORDER BY given_at, id"));
    bind_int(q, 1, person.v);
    *out_main  = ROLE_NONE;
    *out_unit  = (UnitId){ 0 };
    *out_needs = false;
    while (db_row(q)) {
        Grant g = { .from = col_date(q, 2), .to = col_date(q, 3) };
        if (!role_parse(col_str(q, 0), &g.role) || !grant_active(&g, today))
            continue;
        *out_needs = *out_needs || role_needs_second_factor(g.role);
        if (*out_main == ROLE_NONE || g.role < *out_main) {
            *out_main = g.role;
            *out_unit = (UnitId){ col_int(q, 1) };
        }
    }
    return db_done(q);
}

static bool session_alive(Time created, Time seen, Time now)
{
    return now.ms - seen.ms < SESSION_IDLE_MS && now.ms - created.ms < SESSION_ABSOLUTE_MS;
}

/* The row of a hash; person 0 when there is none or it has run out. */
static Err session_row(Db *db, Arena *a, Str hash, Time now, Session *s, bool *second_passed)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT person_id, second_passed, created_at, seen_at, confirmed_at, address, agent "
                                     "FROM sessions WHERE token_hash = $1"));
    bind_str(q, 1, hash);
    if (db_row(q) && session_alive(col_time(q, 2), col_time(q, 3), now)) {
        s->person       = (PersonId){ col_int(q, 0) };
        *second_passed  = col_int(q, 1) != 0;
        s->created_at   = col_time(q, 2);
        s->seen_at      = col_time(q, 3);
        s->confirmed_at = col_time(q, 4);
        s->address      = arena_str(a, col_str(q, 5));
        s->agent        = arena_str(a, col_str(q, 6));
        s->token_hash   = hash;
    }
    return db_done(q);
}

Err session_load(Db *db, Arena *a, Str token, Time now, Session *out)
{
    Session s = { 0 };
    bool    second_passed = false, needs = false;
    *out = s;
    if (token.len == 0)
        return OK;
    TRY(session_row(db, a, sha256_hex(a, token), now, &s, &second_passed));
    if (s.person.v == 0)
        return OK;
    TRY(person_load(db, a, s.person, &s.who));
    if (s.who.disabled)
        return OK;
    TRY(roles_of(db, s.person, date_of(now), &s.main_role, &s.main_unit, &needs));
    if (s.main_unit.v == 0)
        s.main_unit = s.who.unit;
    s.step = session_step(second_passed, s.who.has_totp, needs, s.who.must_change);
    *out   = s;
    return OK;
}

bool session_touch_due(const Session *s, Time now)
{
    return s->step != SESSION_NONE && now.ms - s->seen_at.ms >= SESSION_TOUCH_MS;
}

Err session_touch(Db *db, const Session *s, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE sessions SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2"));
    bind_str(q, 1, s->token_hash);
    bind_time(q, 2, now);
    return db_run(q);
}

static Err session_insert(Db *db, Arena *a, const Session *s, bool second_passed, Str *out_token)
{
    Str       token = random_token(a);
    AUTO_STMT q = db_prepare(
        db, SQL("INSERT INTO sessions (token_hash, person_id, second_passed, created_at, seen_at, confirmed_at, "
                "address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    bind_str(q, 1, sha256_hex(a, token));
    bind_int(q, 2, s->person.v);
    bind_int(q, 3, second_passed);
    bind_time(q, 4, s->created_at);
    bind_time(q, 5, s->seen_at);
    bind_int(q, 6, s->confirmed_at.ms);
    bind_str(q, 7, s->address);
    bind_str(q, 8, str_take(s->agent, 200));
    TRY(db_run(q));
    *out_token = token;
    return OK;
}

/* Rows that nobody can use any more; a few at every sign-in keep the table small. */
static Err session_sweep(Db *db, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM sessions WHERE created_at <= $1 OR seen_at <= $2"));
    bind_int(q, 1, now.ms - SESSION_ABSOLUTE_MS);
    bind_int(q, 2, now.ms - SESSION_IDLE_MS);
    return db_run(q);
}

Err session_open(Db *db, Arena *a, PersonId person, Str address, Str agent, Time now, Str *out_token)
{
    Person p = { 0 };
    TRY(session_sweep(db, now));
    TRY(person_load(db, a, person, &p));
    Session s = { .person = person, .created_at = now, .seen_at = now, .address = address, .agent = agent };
    if (!p.has_totp)                                   /* nothing more to confirm with than the password */
        s.confirmed_at = now;
    return session_insert(db, a, &s, false, out_token);
}

Err session_pass(Db *db, Arena *a, const Session *s, bool confirmed, Time now, Str *out_token)
{
    int64_t ended;
    Person  p = { 0 };
    TRY(session_end(db, s->token_hash, &ended));
    if (ended != 1)
        return err_new(a, ERR_SIGN_IN, S("the session has ended"));
    TRY(person_load(db, a, s->person, &p));
    Session next = *s;
    next.seen_at = now;
    if (confirmed)
        next.confirmed_at = now;
    return session_insert(db, a, &next, p.has_totp, out_token);
}

Err session_confirm(Db *db, const Session *s, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE sessions SET confirmed_at = $2, seen_at = $2 WHERE token_hash = $1"));
    bind_str(q, 1, s->token_hash);
    bind_time(q, 2, now);
    return db_run(q);
}

Err session_end(Db *db, Str token_hash, int64_t *out_ended)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM sessions WHERE token_hash = $1"));
    bind_str(q, 1, token_hash);
    TRY(db_run(q));
    *out_ended = db_changes(q);
    return OK;
}

Err session_end_all(Db *db, PersonId person, Str except_hash, int64_t *out_ended)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM sessions WHERE person_id = $1 AND token_hash <> $2"));
    bind_int(q, 1, person.v);
    bind_str(q, 2, except_hash);
    TRY(db_run(q));
    *out_ended = db_changes(q);
    return OK;
}

Err session_list(Db *db, Arena *a, PersonId person, Time now, Sessions *out)
{
    Sessions  list = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL("SELECT token_hash, created_at, seen_at, address, agent FROM sessions "
                                        "WHERE person_id = $1 ORDER BY seen_at DESC, token_hash"));
    bind_int(q, 1, person.v);
    while (db_row(q)) {
        if (!session_alive(col_time(q, 1), col_time(q, 2), now))
            continue;
        *list_add(a, &list) = (Session){ .person = person,
                                         .token_hash = arena_str(a, col_str(q, 0)),
                                         .created_at = col_time(q, 1),
                                         .seen_at = col_time(q, 2),
                                         .address = arena_str(a, col_str(q, 3)),
                                         .agent = arena_str(a, col_str(q, 4)) };
    }
    TRY(db_done(q));
    *out = list;
    return OK;
}

Err session_list_within(Db *db, Arena *a, const UnitIds *within, Time now, Sessions *out)
{
    Sessions all = { 0 }, list = { 0 };
    AUTO_STMT q = db_prepare(
        db,
        SQL("SELECT s.token_hash, s.person_id, s.created_at, s.seen_at, s.address, s.agent, p.unit_id, p.name, p.login "
            "FROM sessions s JOIN people p ON p.id = s.person_id ORDER BY s.seen_at DESC, s.token_hash"));
    while (db_row(q)) {
        if (!session_alive(col_time(q, 2), col_time(q, 3), now))
            continue;
        Session *s = list_add(a, &all);
        *s = (Session){ .token_hash = arena_str(a, col_str(q, 0)),
                        .person = { col_int(q, 1) },
                        .created_at = col_time(q, 2),
                        .seen_at = col_time(q, 3),
                        .address = arena_str(a, col_str(q, 4)),
                        .agent = arena_str(a, col_str(q, 5)) };
        s->who = (Person){ .id = s->person,
                           .unit = { col_int(q, 6) },
                           .name = arena_str(a, col_str(q, 7)),
                           .login = arena_str(a, col_str(q, 8)) };
    }
    TRY(db_done(q));
    for (size_t i = 0; i < all.len; i++) {
        bool inside;
        TRY(unit_within_any(db, all.at[i].who.unit, within, date_of(now), &inside));
        if (inside)
            *list_add(a, &list) = all.at[i];
    }
    *out = list;
    return OK;
}

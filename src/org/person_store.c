/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts in the database. */
#include "org/org.h"

#define PERSON_COLUMNS                                                                             \
    "p.id, p.login, p.name, p.unit_id, p.disabled_at, CASE WHEN p.totp_box IS NULL THEN 0 ELSE 1 END, "  \
    "p.must_change, p.created_at, p.last_sign_in, p.lang, CASE WHEN p.password_hash IS NULL THEN 0 ELSE 1 END, p.demo "

/* The columns of PERSON_COLUMNS from the first one on. */
static Person person_row(Stmt *q, Arena *a)
{
    Person p = {
        .id = { col_int(q, 0) }, .login = arena_str(a, col_str(q, 1)), .name = arena_str(a, col_str(q, 2)),
        .unit = { col_int(q, 3) }, .disabled = !col_null(q, 4), .has_totp = col_int(q, 5) != 0,
        .must_change = col_int(q, 6) != 0, .created_at = col_time(q, 7), .last_sign_in = col_time(q, 8),
        .has_password = col_int(q, 10) != 0, .demo = col_int(q, 11) != 0,
    };
    if (!lang_parse(col_str(q, 9), &p.lang))
        p.lang = LANG_VI;
    return p;
}

static Err person_one(Stmt *q, Arena *a, Person *out)
{
    if (!db_row(q)) {
        TRY(db_done(q));
        return err_new(a, ERR_NOT_FOUND, S("no such account"));
    }
    Person p = person_row(q, a);
    TRY(db_done(q));
    *out = p;
    return OK;
}

Err person_load(Db *db, Arena *a, PersonId id, Person *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " PERSON_COLUMNS "FROM people p WHERE p.id = $1"));
    bind_int(q, 1, id.v);
    return person_one(q, a, out);
}

Err person_by_login(Db *db, Arena *a, Str login, Person *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " PERSON_COLUMNS "FROM people p WHERE p.login = $1"));
    bind_str(q, 1, str_lower_ascii(a, login));
    return person_one(q, a, out);
}

Str person_search_text(Arena *a, Str login, Str name)
{
    return text_fold(a, arena_fmt(a, "%.*s %.*s", STR_ARG(name), STR_ARG(login)));
}

Err person_create(Db *db, Arena *a, const PersonDraft *d, PersonId by, Time now, PersonId *out)
{
    PersonId  id = { id_new() };
    AUTO_STMT q  = db_prepare(db, SQL(
        "INSERT INTO people (id, login, name, search, unit_id, lang, demo, created_at, created_by, name_key) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (login) DO NOTHING"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, d->login);
    bind_str(q, 3, d->name);
    bind_str(q, 4, person_search_text(a, d->login, d->name));
    bind_int(q, 5, d->unit.v);
    bind_str(q, 6, lang_code(d->lang));
    bind_int(q, 7, d->demo);
    bind_time(q, 8, now);
    if (by.v)
        bind_int(q, 9, by.v);
    else
        bind_null(q, 9);
    bind_blob(q, 10, text_sort_key(a, LANG_VI, d->name));
    TRY(db_run(q));
    if (db_changes(q) == 0)
        return err_new(a, ERR_CONFLICT, S("an account with this login exists"));
    *out = id;
    return OK;
}

Err person_save(Db *db, Arena *a, PersonId id, const PersonDraft *d)
{
    Person old = { 0 };
    TRY(person_load(db, a, id, &old));
    AUTO_STMT q = db_prepare(
        db, SQL("UPDATE people SET name = $2, search = $3, unit_id = $4, lang = $5, name_key = $6 WHERE id = $1"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, d->name);
    bind_str(q, 3, person_search_text(a, old.login, d->name));
    bind_int(q, 4, d->unit.v);
    bind_str(q, 5, lang_code(d->lang));
    bind_blob(q, 6, text_sort_key(a, LANG_VI, d->name));
    return db_run(q);
}

Err person_lang_save(Db *db, PersonId id, Lang lang)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE people SET lang = $2 WHERE id = $1"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, lang_code(lang));
    return db_run(q);
}

static Err links_kill(Db *db, PersonId id, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE sign_in_links SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL"));
    bind_int(q, 1, id.v);
    bind_time(q, 2, now);
    return db_run(q);
}

Err person_disable(Db *db, PersonId id, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE people SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL"));
    bind_int(q, 1, id.v);
    bind_time(q, 2, now);
    TRY(db_run(q));
    TRY(links_kill(db, id, now));
    int64_t ended;
    return session_end_all(db, id, S(""), &ended);
}

Err person_enable(Db *db, PersonId id)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE people SET disabled_at = NULL WHERE id = $1"));
    bind_int(q, 1, id.v);
    return db_run(q);
}

/* ---- The list ------------------------------------------------------------------------------------- */

/* Every account that fits text, role and state, by name; units are judged by the caller. */
static Err person_rows(Db *db, Arena *a, const PersonFilter *f, People *out)
{
    People    list = { 0 };
    Str like =
        f->text.len ? arena_fmt(a, "%%%.*s%%", STR_ARG(str_replace(a, text_fold(a, f->text), S("%"), S("")))) : S("%");
    AUTO_STMT q    = db_prepare(db, SQL(
        "SELECT " PERSON_COLUMNS "FROM people p WHERE (p.search LIKE $1 OR p.email_key = $5) "
        "AND ($2 = '' OR EXISTS (SELECT 1 FROM grants g WHERE g.person_id = p.id AND g.role = $2 AND g.revoked_at IS NULL "
        "AND g.from_day <= $3 AND (g.to_day IS NULL OR g.to_day > $3))) "
        "AND ($4 = 0 OR p.disabled_at IS NOT NULL) ORDER BY p.name_key, p.id"));
    bind_str(q, 1, like);
    bind_str(q, 2, f->role == ROLE_NONE ? S("") : role_code(f->role));
    bind_date(q, 3, f->today);
    bind_int(q, 4, f->only_disabled);
    bind_blob(q, 5, f->email_key);
    while (db_row(q))
        *list_add(a, &list) = person_row(q, a);
    TRY(db_done(q));
    *out = list;
    return OK;
}

Err person_list(Db *db, Arena *a, const PersonFilter *f, People *out, int64_t *out_all)
{
    People  rows = { 0 }, list = { 0 };
    int64_t all = 0;
    TRY(person_rows(db, a, f, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        bool inside = true;
        if (f->unit.v)
            TRY(unit_within(db, rows.at[i].unit, f->unit, f->today, &inside));
        if (inside)
            TRY(unit_within_any(db, rows.at[i].unit, f->within, f->today, &inside));
        if (!inside)
            continue;
        if (all++ >= f->offset && (int)list.len < f->limit)
            *list_add(a, &list) = rows.at[i];
    }
    *out     = list;
    *out_all = all;
    return OK;
}

/* ---- Sign-in data -------------------------------------------------------------------------------- */

Err password_stored(Db *db, Arena *a, PersonId person, Str *out)
{
    AUTO_STMT q      = db_prepare(db, SQL("SELECT password_hash FROM people WHERE id = $1 AND disabled_at IS NULL"));
    Str       stored = password_nobody();
    bind_int(q, 1, person.v);
    if (db_row(q) && !col_null(q, 0))
        stored = arena_str(a, col_str(q, 0));
    TRY(db_done(q));
    *out = stored;
    return OK;
}

Err password_save(Db *db, PersonId person, Str hash, Time now)
{
    AUTO_STMT q =
        db_prepare(db, SQL("UPDATE people SET password_hash = $2, password_at = $3, must_change = 0 WHERE id = $1"));
    bind_int(q, 1, person.v);
    bind_str(q, 2, hash);
    bind_time(q, 3, now);
    TRY(db_run(q));
    return links_kill(db, person, now);
}

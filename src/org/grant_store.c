/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Grants: role × unit subtree × period × giver. Nobody can give more than they hold. */
#include "org/grant_store.h"

#define GRANT_COLUMNS                                                                              \
    "g.id, g.person_id, g.role, g.unit_id, g.from_day, g.to_day, g.giver_id, g.given_at, g.revoked_at, g.reason, " \
    "(SELECT name FROM people WHERE people.id = g.giver_id) "

static Grant grant_row(Stmt *q, Arena *a)
{
    Grant g = { .id = { col_int(q, 0) }, .person = { col_int(q, 1) }, .unit = { col_int(q, 3) }, .from = col_date(q, 4),
        .to = col_date(q, 5), .giver = { col_int(q, 6) }, .given_at = col_time(q, 7), .revoked_at = col_time(q, 8),
        .reason = arena_str(a, col_str(q, 9)), .giver_name = arena_str(a, col_str(q, 10)) };
    if (!role_parse(col_str(q, 2), &g.role))
        g.role = ROLE_NONE;
    return g;
}

Err person_grants(Db *db, Arena *a, PersonId id, Grants *out)
{
    Grants    list = { 0 };
    AUTO_STMT q = db_prepare(
        db, SQL("SELECT " GRANT_COLUMNS "FROM grants g WHERE g.person_id = $1 ORDER BY g.given_at DESC, g.id DESC"));
    bind_int(q, 1, id.v);
    while (db_row(q))
        *list_add(a, &list) = grant_row(q, a);
    TRY(db_done(q));
    *out = list;
    return OK;
}

Err grant_load(Db *db, Arena *a, GrantId id, Grant *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " GRANT_COLUMNS "FROM grants g WHERE g.id = $1"));
    bind_int(q, 1, id.v);
    if (!db_row(q)) {
        TRY(db_done(q));
        return err_new(a, ERR_NOT_FOUND, S("no such grant"));
    }
    Grant g = grant_row(q, a);
    TRY(db_done(q));
    *out = g;
    return OK;
}

Err grant_list(Db *db, Arena *a, const UnitIds *within, Date today, int limit, Grants *out)
{
    Grants    all = { 0 }, list = { 0 };
    AUTO_STMT q = db_prepare(
        db,
        SQL("SELECT " GRANT_COLUMNS "FROM grants g JOIN people p ON p.id = g.person_id "
            "WHERE g.revoked_at IS NULL AND (g.to_day IS NULL OR g.to_day > $1) ORDER BY g.given_at DESC, g.id DESC"));
    bind_date(q, 1, today);
    while (db_row(q))
        *list_add(a, &all) = grant_row(q, a);
    TRY(db_done(q));
    for (size_t i = 0; i < all.len && (int)list.len < limit; i++) {
        bool inside;
        TRY(unit_within_any(db, all.at[i].unit, within, today, &inside));
        if (inside)
            *list_add(a, &list) = all.at[i];
    }
    *out = list;
    return OK;
}

/* ---- Who may give and revoke ---------------------------------------------------------------------- */

/* The latest end among the grants by which the giver could give role in unit from the day on; false: none. */
static Err giver_reach(Db *db, Arena *a, PersonId giver, Role role, UnitId unit, Date from, Date today, bool *out_may,
                       Date *out_latest)
{
    Grants held = { 0 };
    Person p    = { 0 };
    *out_may    = false;
    *out_latest = DATE_NONE;
    TRY(person_load(db, a, giver, &p));
    TRY(person_grants(db, a, giver, &held));
    for (size_t i = 0; i < held.len && !p.disabled; i++) {
        const Grant *g = &held.at[i];
        bool         inside;
        if (!grant_active(g, today) || !grant_active(g, from) || !role_holds(g->role, RIGHT_GRANT_GIVE) ||
            !role_gives(g->role, role))
            continue;
        TRY(unit_within(db, unit, g->unit, today, &inside));
        if (!inside)
            continue;
        if (!*out_may)
            *out_latest = g->to;
        else if (!date_is_none(*out_latest) && (date_is_none(g->to) || g->to.day > out_latest->day))
            *out_latest = g->to;
        *out_may = true;
    }
    return OK;
}

static Err held_already(Db *db, Arena *a, const GrantDraft *d, bool *out)
{
    Grants held = { 0 };
    *out        = false;
    TRY(person_grants(db, a, d->person, &held));
    for (size_t i = 0; i < held.len; i++) {
        const Grant *g = &held.at[i];
        bool covers_end = date_is_none(g->to) || (!date_is_none(d->to) && d->to.day <= g->to.day);
        *out = *out || (g->role == d->role && g->unit.v == d->unit.v && grant_active(g, d->from) && covers_end);
    }
    return OK;
}

Err grant_check(Db *db, Arena *a, PersonId giver, const GrantDraft *d, Date today, GrantCheck *out, Date *out_latest)
{
    bool reach, twice;
    *out        = GRANT_FITS;
    *out_latest = DATE_NONE;
    if (giver.v == d->person.v) {
        *out = GRANT_SELF;
        return OK;
    }
    if (date_is_none(d->from) || d->from.day < today.day || (!date_is_none(d->to) && d->to.day <= d->from.day)) {
        *out = GRANT_PERIOD;
        return OK;
    }
    TRY(held_already(db, a, d, &twice));
    if (twice) {
        *out = GRANT_TWICE;
        return OK;
    }
    if (giver.v == 0)                                  /* a command of the machine's owner */
        return OK;
    TRY(giver_reach(db, a, giver, d->role, d->unit, d->from, today, &reach, out_latest));
    if (!reach)
        *out = GRANT_BEYOND;
    else if (!date_is_none(*out_latest) && (date_is_none(d->to) || d->to.day > out_latest->day))
        *out = GRANT_PERIOD;
    return OK;
}

Err grant_give(Db *db, Arena *a, PersonId giver, const GrantDraft *d, Date today, Time now, GrantId *out)
{
    GrantCheck check;
    Date       latest;
    GrantId    id = { id_new() };
    TRY(grant_check(db, a, giver, d, today, &check, &latest));
    if (check == GRANT_TWICE)
        return err_new(a, ERR_CONFLICT, S("the person holds this role there already"));
    if (check != GRANT_FITS)
        return err_new(a, ERR_FORBIDDEN, S("a grant beyond what the giver holds"));
    AUTO_STMT q = db_prepare(
        db, SQL("INSERT INTO grants (id, person_id, role, unit_id, from_day, to_day, giver_id, given_at, reason) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"));
    bind_int(q, 1, id.v);
    bind_int(q, 2, d->person.v);
    bind_str(q, 3, role_code(d->role));
    bind_int(q, 4, d->unit.v);
    bind_date(q, 5, d->from);
    bind_date(q, 6, d->to);
    if (giver.v)
        bind_int(q, 7, giver.v);
    else
        bind_null(q, 7);
    bind_time(q, 8, now);
    bind_str(q, 9, d->reason);
    TRY(db_run(q));
    *out = id;
    return OK;
}

Err grant_may_revoke(Db *db, Arena *a, PersonId who, const Grant *g, Date today, bool *out)
{
    Date latest;
    if (g->revoked_at.ms || who.v == g->person.v) {    /* stepping down is asked of somebody else: it stands in the log */
        *out = false;
        return OK;
    }
    return giver_reach(db, a, who, g->role, g->unit, today, today, out, &latest);
}

Err grant_revoke(Db *db, Arena *a, GrantId id, PersonId by, Str reason, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE grants SET revoked_at = $2, revoked_by = $3, revoke_reason = $4 WHERE id "
                                     "= $1 AND revoked_at IS NULL"));
    bind_int(q, 1, id.v);
    bind_time(q, 2, now);
    if (by.v)
        bind_int(q, 3, by.v);
    else
        bind_null(q, 3);
    bind_str(q, 4, reason);
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("the grant is revoked already"));
}

Err person_may_manage(Db *db, Arena *a, PersonId manager, const Person *p, Date today, bool *out)
{
    Grants held = { 0 };
    bool   yes;
    *out = false;
    if (manager.v == p->id.v)
        return OK;
    TRY(may(db, a, manager, RIGHT_PERSON_MANAGE, p->unit, today, &yes));
    TRY(person_grants(db, a, p->id, &held));
    for (size_t i = 0; i < held.len && yes; i++) {
        Date latest;
        if (held.at[i].revoked_at.ms || (!date_is_none(held.at[i].to) && held.at[i].to.day <= today.day))
            continue;
        TRY(giver_reach(db, a, manager, held.at[i].role, held.at[i].unit, today, today, &yes, &latest));
    }
    *out = yes;
    return OK;
}

Err active_grants(Db *db, Arena *a, PersonId person, Date today, Grants *out)
{
    Grants    list = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL("SELECT g.id, g.role, g.unit_id, g.from_day, g.to_day FROM grants g "
                                        "JOIN people p ON p.id = g.person_id "
                                        "WHERE g.person_id = $1 AND p.disabled_at IS NULL AND g.revoked_at IS NULL"));
    bind_int(q, 1, person.v);
    while (db_row(q)) {
        Grant g = { .id = { col_int(q, 0) },
                    .person = person,
                    .unit = { col_int(q, 2) },
                    .from = col_date(q, 3),
                    .to = col_date(q, 4) };
        if (role_parse(col_str(q, 1), &g.role) && grant_active(&g, today))
            *list_add(a, &list) = g;
    }
    TRY(db_done(q));
    *out = list;
    return OK;
}

Err unit_holders(Db *db, Arena *a, UnitId unit, Right right, Date today, Holders *add)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT g.id, g.person_id, p.name, p.login, g.role, g.unit_id, g.from_day, g.to_day "
                                     "FROM grants g JOIN people p ON p.id = g.person_id "
                                     "WHERE g.unit_id = $1 AND g.revoked_at IS NULL AND p.disabled_at IS NULL ORDER BY p.search, g.id"));
    bind_int(q, 1, unit.v);
    while (db_row(q)) {
        Grant g = { .from = col_date(q, 6), .to = col_date(q, 7) };
        if (!role_parse(col_str(q, 4), &g.role) || !grant_active(&g, today) || !role_holds(g.role, right))
            continue;
        *list_add(a, add) = (Holder){ .grant = { col_int(q, 0) }, .person = { col_int(q, 1) }, .name = arena_str(a, col_str(q, 2)),
                                      .login = arena_str(a, col_str(q, 3)), .role = g.role, .unit = { col_int(q, 5) }, .to = g.to };
    }
    return db_done(q);
}

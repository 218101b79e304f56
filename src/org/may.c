/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The one decision: may a person use a right in a unit. Pages, lists, counts and exports all ask here. */
#include "org/org.h"

/* Active grants of a person who may sign in; none for a disabled account. */
static Err active_grants(Db *db, Arena *a, PersonId person, Date today, Grants *out)
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

Err may(Db *db, Arena *a, PersonId person, Right right, UnitId unit, Date today, bool *out)
{
    Arena  scratch = *a;
    Grants grants  = { 0 };
    bool   yes     = false;
    if (right == RIGHT_PUBLIC) {
        *out = true;
        return OK;
    }
    Err e = active_grants(db, &scratch, person, today, &grants);
    if (e)
        return err_make(a, e->kind, e->detail, e->file, e->line);
    for (size_t i = 0; i < grants.len && !yes; i++) {
        if (!role_holds(grants.at[i].role, right))
            continue;
        if (unit.v == 0)
            yes = true;
        else
            TRY(unit_within(db, unit, grants.at[i].unit, today, &yes));
    }
    *out = yes;
    return OK;
}

Err may_where(Db *db, Arena *a, PersonId person, Right right, Date today, UnitIds *out)
{
    Grants  grants = { 0 };
    UnitIds tops   = { 0 };
    TRY(active_grants(db, a, person, today, &grants));
    for (size_t i = 0; i < grants.len; i++) {
        bool known = !role_holds(grants.at[i].role, right);
        for (size_t j = 0; j < tops.len && !known; j++)
            TRY(unit_within(db, grants.at[i].unit, tops.at[j], today, &known));
        if (!known)
            *list_add(a, &tops) = grants.at[i].unit;
    }
    *out = tops;
    return OK;
}

/* Is the unit in one of the subtrees? */
Err unit_within_any(Db *db, UnitId unit, const UnitIds *tops, Date today, bool *out)
{
    bool yes = false;
    for (size_t i = 0; i < tops->len && !yes; i++)
        TRY(unit_within(db, unit, tops->at[i], today, &yes));
    *out = yes;
    return OK;
}

Err right_holders(Db *db, Arena *a, Right right, UnitId unit, Date today, Holders *out)
{
    Holders list = { 0 };
    Units   path = { 0 };
    TRY(unit_path(db, a, unit, today, &path));
    for (size_t i = path.len; i-- > 0;) {              /* the nearest grants first */
        AUTO_STMT q =
            db_prepare(db, SQL("SELECT g.id, g.person_id, p.name, p.login, g.role, g.unit_id, g.from_day, g.to_day "
                               "FROM grants g JOIN people p ON p.id = g.person_id "
                               "WHERE g.unit_id = $1 AND g.revoked_at IS NULL AND p.disabled_at IS NULL "
                               "ORDER BY p.search, g.id"));
        bind_int(q, 1, path.at[i].id.v);
        while (db_row(q)) {
            Grant g = { .from = col_date(q, 6), .to = col_date(q, 7) };
            if (!role_parse(col_str(q, 4), &g.role) || !grant_active(&g, today) || !role_holds(g.role, right))
                continue;
            *list_add(a, &list) = (Holder){ .grant = { col_int(q, 0) }, .person = { col_int(q, 1) },
                .name = arena_str(a, col_str(q, 2)), .login = arena_str(a, col_str(q, 3)), .role = g.role,
                .unit = { col_int(q, 5) }, .to = g.to };
        }
        TRY(db_done(q));
    }
    *out = list;
    return OK;
}

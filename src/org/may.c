/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The one decision: may a person use a right in a unit. Pages, lists, counts and exports all ask here. */
#include "org/grant_store.h"

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
    for (size_t i = path.len; i-- > 0;)                /* the nearest grants first */
        TRY(unit_holders(db, a, path.at[i].id, right, today, &list));
    *out = list;
    return OK;
}

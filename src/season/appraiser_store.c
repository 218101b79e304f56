/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who appraises what in a season, and who stays away from whom. */
#include "season/verdicts.h"

Err season_assignments(Db *db, Arena *a, SeasonId season, Assignments *out)
{
    Assignments rows = { 0 };
    AUTO_STMT   q    = db_prepare(db, SQL("SELECT person_id, domain, unit_id FROM season_appraisers WHERE season_id = $1 ORDER BY person_id, domain, unit_id"));
    bind_int(q, 1, season.v);
    while (db_row(q))
        *list_add(a, &rows) = (Assignment){ { col_int(q, 0) }, arena_str(a, col_str(q, 1)), { col_int(q, 2) } };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err season_assign(Db *db, SeasonId season, const Assignment *x, PersonId by, Time at)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO season_appraisers (season_id, person_id, domain, unit_id, added_by, added_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"));
    bind_int(q, 1, season.v);
    bind_int(q, 2, x->person.v);
    bind_str(q, 3, x->domain);
    bind_int(q, 4, x->unit.v);
    bind_int(q, 5, by.v);
    bind_time(q, 6, at);
    return db_run(q);
}

Err season_unassign(Db *db, SeasonId season, const Assignment *x)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM season_appraisers WHERE season_id = $1 AND person_id = $2 AND domain = $3 AND unit_id = $4"));
    bind_int(q, 1, season.v);
    bind_int(q, 2, x->person.v);
    bind_str(q, 3, x->domain);
    bind_int(q, 4, x->unit.v);
    return db_run(q);
}

bool assignments_cover(const Assignments *all, PersonId person, Str domain, UnitId unit)
{
    for (size_t i = 0; i < all->len; i++) {
        const Assignment *x = &all->at[i];
        if (x->person.v == person.v && (!x->domain.len || str_eq(x->domain, domain)) && (!x->unit.v || x->unit.v == unit.v))
            return true;
    }
    return false;
}

Err season_four_eyes_save(Db *db, SeasonId season, double points)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE seasons SET four_eyes = $2 WHERE id = $1"));
    bind_int(q, 1, season.v);
    bind_real(q, 2, points);
    return db_run(q);
}

Err season_verdicts_done(Db *db, Arena *a, SeasonId season, VerdictsDone *out)
{
    VerdictsDone rows = { 0 };
    AUTO_STMT    q    = db_prepare(db, SQL(
        "SELECT v.code, v.kind, v.points, v.claimed, v.made_by, v.confirmed_by, v.made_at, (SELECT MAX(e.made_at) FROM season_events e "
        "WHERE e.card_id = v.card_id AND e.step = 'sign' AND e.made_at <= v.made_at) FROM card_verdicts v JOIN season_cards c ON c.id = v.card_id "
        "WHERE c.season_id = $1 ORDER BY v.made_by"));
    bind_int(q, 1, season.v);
    while (db_row(q)) {
        VerdictDone x = { .code = arena_str(a, col_str(q, 0)), .points = col_real(q, 2), .claimed = col_real(q, 3), .by = { col_int(q, 4) },
                          .confirmed_by = { col_int(q, 5) }, .at = col_time(q, 6), .sent_at = col_time(q, 7) };
        if (verdict_parse(col_str(q, 1), &x.kind))
            *list_add(a, &rows) = x;
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* ---- Conflicts of interest -------------------------------------------------------------------------------------------- */

Err season_conflicts(Db *db, Arena *a, SeasonId season, Conflicts *out)
{
    Conflicts rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL("SELECT person_id, unit_id, reason, declared_at FROM season_conflicts WHERE season_id = $1 "
                                       "ORDER BY declared_at, person_id, unit_id"));
    bind_int(q, 1, season.v);
    while (db_row(q))
        *list_add(a, &rows) = (Conflict){ { col_int(q, 0) }, { col_int(q, 1) }, arena_str(a, col_str(q, 2)), col_time(q, 3) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err season_conflict_add(Db *db, SeasonId season, const Conflict *x)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO season_conflicts (season_id, person_id, unit_id, reason, declared_at) VALUES ($1, $2, $3, $4, $5) "
                                     "ON CONFLICT DO NOTHING"));
    bind_int(q, 1, season.v);
    bind_int(q, 2, x->person.v);
    bind_int(q, 3, x->unit.v);
    bind_str(q, 4, x->reason);
    bind_time(q, 5, x->at);
    return db_run(q);
}

Err season_conflicted(Db *db, Arena *a, const Season *s, PersonId person, UnitId works_in, UnitId unit, Date today, bool *out)
{
    Conflicts all;
    bool      below, above;
    TRY(season_conflicts(db, a, s->id, &all));
    *out = false;
    for (size_t i = 0; i < all.len; i++)
        *out |= all.at[i].person.v == person.v && all.at[i].unit.v == unit.v;
    TRY(unit_within(db, works_in, unit, today, &below));
    *out |= below;
    if (*out || works_in.v == s->owner.v)
        return OK;
    TRY(unit_within(db, works_in, s->owner, today, &below));
    TRY(unit_within(db, unit, works_in, today, &above));
    *out = below && above;
    return OK;
}

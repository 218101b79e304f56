/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Units in the database: every SQL statement about them but imports. Reading goes through a tree kept in memory
 * per stamp (unit_snapshot.c); writing saves the edits of a plan. */
#include "org/unit_store.h"

static const Date FIRST_DAY = { -719162 };      /* 0001-01-01: older than the records */
static const Date LAST_DAY  = { 2932896 };      /* 9999-12-31: still so */

void bind_from_day(Stmt *q, int at, Date d)
{
    bind_date(q, at, date_is_none(d) ? FIRST_DAY : d);
}

void bind_to_day(Stmt *q, int at, Date d)
{
    bind_date(q, at, date_is_none(d) ? LAST_DAY : d);
}

static Period col_period(Stmt *q, int i)
{
    Date from = col_date(q, i), to = col_date(q, i + 1);
    return (Period){ from.day == FIRST_DAY.day ? DATE_NONE : from, to.day == LAST_DAY.day ? DATE_NONE : to };
}

Err unit_stamp(Db *db, int64_t *out)
{
    int64_t   stamp = 0;
    AUTO_STMT q     = db_prepare(db, SQL("SELECT stamp FROM unit_stamps WHERE id = 1"));
    while (db_row(q)) stamp = col_int(q, 0);
    TRY(db_done(q));
    *out = stamp;
    return OK;
}

Err unit_stamp_renew(Db *db)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE unit_stamps SET stamp = $1 WHERE id = 1"));
    bind_int(q, 1, id_random());
    return db_run(q);
}

/* ---- Reading everything ----------------------------------------------------------------------------- */
static Err read_lives(Db *db, Arena *a, UnitTree *t)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, kind, from_day, to_day, end_source FROM units ORDER BY id"));
    while (db_row(q)) {
        UnitKind kind = UNIT_OTHER;
        unit_kind_parse(col_str(q, 1), &kind);
        UnitLife *life   = tree_add_life(a, t, (UnitId){ col_int(q, 0) }, kind, col_period(q, 2));
        life->end_source = arena_str(a, col_str(q, 4));
    }
    return db_done(q);
}

/* work is emptied after each row. */
static Err read_versions(Db *db, Arena *a, Arena work, UnitTree *t)
{
    AUTO_STMT q = db_prepare(
        db, SQL("SELECT from_day, to_day, unit_id, parent_id, code, name_vi, name_en, full_name_vi, subtype, source "
                "FROM unit_versions ORDER BY unit_id, from_day"));
    while (db_row(q)) {
        UnitLife *life = tree_life(t, (UnitId){ col_int(q, 2) });
        if (!life) continue;
        Arena       row = work;
        UnitVersion v   = { .when = col_period(q, 0), .parent = { col_int(q, 3) }, .code = arena_str(a, col_str(q, 4)),
                            .name_vi = arena_str(a, col_str(q, 5)), .name_en = arena_str(a, col_str(q, 6)),
                            .full_name_vi = arena_str(a, col_str(q, 7)), .subtype = arena_str(a, col_str(q, 8)),
                            .source = arena_str(a, col_str(q, 9)) };
        tree_add_version(a, &row, t, life, &v);
    }
    return db_done(q);
}

static Err read_successions(Db *db, Arena *a, UnitTree *t)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT old_unit, new_unit, on_day, share, basis, source FROM unit_successions "
                                     "ORDER BY on_day, old_unit, new_unit"));
    while (db_row(q))
        *list_add(a, &t->successions) =
            (Succession){ { col_int(q, 0) }, { col_int(q, 1) }, col_date(q, 2), col_real(q, 3),
                          arena_str(a, col_str(q, 4)), arena_str(a, col_str(q, 5)) };
    return db_done(q);
}

Err unit_tree_read(Db *db, Arena *a, UnitTree *out)
{
    UnitTree t = { 0 };
    AUTO(arena_close) Arena work = arena_open(1 << 20);
    TRY(read_lives(db, a, &t));
    TRY(read_versions(db, a, work, &t));
    TRY(read_successions(db, a, &t));
    *out = t;
    return OK;
}

/* ---- Saving ------------------------------------------------------------------------------------------ */
/* New rows go out without waiting for each: thousands come in one plan. unit_edits_save waits for them at its end. */
static Err save_create(Db *db, const UnitEdit *e)
{
    AUTO_STMT q =
        db_prepare(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES ($1, $2, $3, $4, $5)"));
    bind_int(q, 1, e->unit.v);
    bind_str(q, 2, unit_kind_code(e->unit_kind));
    bind_from_day(q, 3, e->from);
    bind_to_day(q, 4, e->to);
    bind_str(q, 5, e->source);
    db_send(q, NULL);
    return OK;
}

static Err save_open(Db *db, const UnitEdit *e)
{
    const UnitDraft *v = &e->version;
    AUTO_STMT q =
        db_prepare(db, SQL("INSERT INTO unit_versions (unit_id, from_day, to_day, parent_id, code, name_vi, name_en, "
                           "full_name_vi, subtype, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"));
    bind_int(q, 1, e->unit.v);
    bind_from_day(q, 2, e->from);
    bind_to_day(q, 3, e->to);
    if (v->parent.v) bind_int(q, 4, v->parent.v);
    else bind_null(q, 4);
    bind_str(q, 5, v->code);
    bind_str(q, 6, v->name_vi);
    bind_str(q, 7, v->name_en);
    bind_str(q, 8, v->full_name_vi);
    bind_str(q, 9, v->subtype);
    bind_str(q, 10, v->source);
    db_send(q, NULL);
    return OK;
}

/* One row must change: otherwise somebody was faster. */
static Err run_one(Db *db, Stmt *q)
{
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(db_arena(db), ERR_CONFLICT, S("the unit was changed meanwhile"));
}

static Err save_close(Db *db, const UnitEdit *e)
{
    AUTO_STMT q = db_prepare(
        db, SQL("UPDATE unit_versions SET to_day = $1 WHERE unit_id = $2 AND from_day = $3 AND to_day > $1"));
    bind_to_day(q, 1, e->to);
    bind_int(q, 2, e->unit.v);
    bind_from_day(q, 3, e->from);
    return run_one(db, q);
}

static Err save_end(Db *db, const UnitEdit *e)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE units SET to_day = $1, end_source = $2 WHERE id = $3 AND to_day > $1"));
    bind_to_day(q, 1, e->to);
    bind_str(q, 2, e->source);
    bind_int(q, 3, e->unit.v);
    return run_one(db, q);
}

static Err save_succession(Db *db, const UnitEdit *e)
{
    const Succession *s = &e->succession;
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO unit_successions (old_unit, new_unit, on_day, share, basis, source) "
                                     "VALUES ($1, $2, $3, $4, $5, $6)"));
    bind_int(q, 1, s->old_unit.v);
    bind_int(q, 2, s->new_unit.v);
    bind_date(q, 3, s->on);
    bind_real(q, 4, s->share);
    bind_str(q, 5, s->basis);
    bind_str(q, 6, s->source);
    db_send(q, NULL);
    return OK;
}

Err unit_edits_save(Db *db, const UnitEdits *edits)
{
    static Err (*const save[])(Db *, const UnitEdit *) = {
        [UNIT_EDIT_CREATE] = save_create, [UNIT_EDIT_OPEN] = save_open, [UNIT_EDIT_CLOSE] = save_close,
        [UNIT_EDIT_END] = save_end, [UNIT_EDIT_SUCCESSION] = save_succession,
    };
    for (size_t i = 0; i < edits->len; i++) TRY(save[edits->at[i].kind](db, &edits->at[i]));
    return unit_stamp_renew(db);
}

/* ---- Plans -------------------------------------------------------------------------------------------- */
Err unit_plan_lock(Db *db)
{
    return unit_stamp_renew(db);         /* the one row of stamps is what they wait for */
}

Err unit_plan_open(Db *db, Arena *a, UnitPlan *out)
{
    UnitTree *tree = arena_new(a, UnitTree, 1);
    TRY(unit_tree_read(db, a, tree));
    *out = (UnitPlan){ .a = a, .tree = tree };
    return OK;
}

Err unit_plan_save(Db *db, UnitPlan *p)
{
    if (p->faults.len)
        return err_new(p->a, ERR_INVALID, unit_fault_text(p->a, LANG_EN, &p->faults.at[0]));
    return unit_edits_save(db, &p->edits);
}

Err unit_create(Db *db, Arena *a, const UnitDraft *d, Date on, UnitId *out)
{
    UnitPlan p;
    UnitId   id = { 0 };
    TRY(unit_plan_lock(db));
    TRY(unit_plan_open(db, a, &p));
    unit_plan_create(&p, d, on, &id);
    TRY(unit_plan_save(db, &p));
    *out = id;
    return OK;
}

Err unit_rename(Db *db, Arena *a, UnitId id, const UnitDraft *d, Date on)
{
    UnitPlan p;
    TRY(unit_plan_lock(db));
    TRY(unit_plan_open(db, a, &p));
    unit_plan_change(&p, id, d, on);
    return unit_plan_save(db, &p);
}

Err unit_merge(Db *db, Arena *a, const UnitId *old, size_t n, const UnitDraft *into, UnitId into_existing, Date on,
               UnitId *out)
{
    UnitPlan p;
    UnitId   id = { 0 };
    TRY(unit_plan_lock(db));
    TRY(unit_plan_open(db, a, &p));
    unit_plan_merge(&p, old, n, into, into_existing, on, &id);
    TRY(unit_plan_save(db, &p));
    *out = id;
    return OK;
}

Err unit_split(Db *db, Arena *a, UnitId old, const UnitDraft *parts, const double *shares, size_t n, Date on,
               UnitId *out_ids)
{
    UnitPlan p;
    TRY(unit_plan_lock(db));
    TRY(unit_plan_open(db, a, &p));
    UnitSplit split = { .old = old, .parts = parts, .shares = shares, .n = n, .basis = S("stated") };
    unit_plan_split(&p, &split, on, out_ids);
    return unit_plan_save(db, &p);
}

Err unit_abolish(Db *db, Arena *a, UnitId id, Date on, Str reason)
{
    UnitPlan p;
    TRY(unit_plan_lock(db));
    TRY(unit_plan_open(db, a, &p));
    unit_plan_abolish(&p, id, on, reason, false);
    return unit_plan_save(db, &p);
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The tree kept in memory, one for each stamp that is in use. A reader asks the database for the stamp (one small
 * query inside its own transaction), so it always sees the units of its own view, also those it has just changed. */
#include "org/unit_store.h"

#include <pthread.h>
#include <stdlib.h>

enum { KEPT = 3 };
static const size_t RESERVE = (size_t)1 << 31;      /* address space; pages are touched as needed */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static UnitSnapshot *kept[KEPT];                        /* under lock, as are refs and used */
static uint64_t  uses;

void unit_snapshot_drop(UnitSnapshot **s)
{
    if (!*s) return;
    pthread_mutex_lock(&lock);
    bool last = --(*s)->refs == 0;
    pthread_mutex_unlock(&lock);
    if (last) {
        arena_close(&(*s)->arena);
        free(*s);
    }
    *s = NULL;
}

static UnitSnapshot *snapshot_find(int64_t stamp)
{
    UnitSnapshot *hit = NULL;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < KEPT && !hit; i++)
        if (kept[i] && kept[i]->stamp == stamp) hit = kept[i];
    if (hit) {
        hit->refs++;
        hit->used = ++uses;
    }
    pthread_mutex_unlock(&lock);
    return hit;
}

/* Keeps s in the place that was used longest ago. */
static void snapshot_keep(UnitSnapshot *s)
{
    pthread_mutex_lock(&lock);
    int at = 0;
    for (int i = 1; i < KEPT; i++)
        if (kept[at] && (!kept[i] || kept[i]->used < kept[at]->used)) at = i;
    UnitSnapshot *out = kept[at];
    kept[at]      = s;
    s->refs++;
    s->used = ++uses;
    pthread_mutex_unlock(&lock);
    unit_snapshot_drop(&out);
}

static Err snapshot_fill(Db *db, UnitSnapshot *s)
{
    int64_t after = 0;
    Err     e     = OK;
    for (int tries = 0; !e && tries < 5; tries++) {
        arena_reset(&s->arena, 0);
        s->tree = (UnitTree){ 0 };
        e       = unit_stamp(db, &s->stamp);
        if (!e) e = unit_tree_read(db, &s->arena, &s->tree);
        if (!e) e = unit_stamp(db, &after);
        if (!e && after == s->stamp) break;          /* else another session changed units in between */
    }
    return e;
}

Err unit_snapshot_take(Db *db, UnitSnapshot **out)
{
    int64_t stamp = 0;
    TRY(unit_stamp(db, &stamp));
    UnitSnapshot *s = snapshot_find(stamp);
    if (!s) {
        s        = calloc(1, sizeof *s);
        if (!s) abort();
        s->arena = arena_open(RESERVE);
        s->refs  = 1;
        Err e    = snapshot_fill(db, s);
        if (e) {
            unit_snapshot_drop(&s);
            return e;
        }
        snapshot_keep(s);
    }
    *out = s;
    return OK;
}

static Err life_need(const UnitTree *tree, Arena *a, UnitId id, const UnitLife **out)
{
    const UnitLife *life = tree_life(tree, id);
    if (!life || !life->versions.len) return err_fmt(a, ERR_NOT_FOUND, "no unit %lld", (long long)id.v);
    *out = life;
    return OK;
}

Err unit_load(Db *db, Arena *a, UnitId id, Date on, Unit *out)
{
    UNIT_TREE(db);
    const UnitLife *life;
    TRY(life_need(tree, a, id, &life));
    *out = tree_unit(tree, a, life, on);
    return OK;
}

Err unit_by_code(Db *db, Arena *a, UnitKind kind, Str code, Date on, Unit *out)
{
    UNIT_TREE(db);
    const UnitLife *life = tree_by_code(tree, kind, code, on);
    if (!life)
        return err_fmt(a, ERR_NOT_FOUND, "no %.*s carries code %.*s", STR_ARG(unit_kind_code(kind)),
                       STR_ARG(str_take(code, 40)));
    *out = tree_unit(tree, a, life, on);
    return OK;
}

Err unit_children(Db *db, Arena *a, UnitId parent, Date on, Units *out)
{
    UNIT_TREE(db);
    tree_children(tree, a, parent, on, out);
    return OK;
}

Err unit_path(Db *db, Arena *a, UnitId id, Date on, Units *out)
{
    UNIT_TREE(db);
    const UnitLife *life;
    TRY(life_need(tree, a, id, &life));
    tree_path(tree, a, id, on, out);
    return OK;
}

Err unit_list(Db *db, Arena *a, UnitKind kind, Date on, Units *out)
{
    UNIT_TREE(db);
    tree_list(tree, a, kind, on, out);
    return OK;
}

Err unit_search(Db *db, Arena *a, Str q, Date on, int limit, Units *out)
{
    UNIT_TREE(db);
    tree_search(tree, a, q, on, limit, out);
    return OK;
}

Err unit_branches(Db *db, const UnitId *units, size_t n, UnitId top, Date on, UnitId *out)
{
    UNIT_TREE(db);
    for (size_t i = 0; i < n; i++)
        out[i] = tree_branch(tree, units[i], top, on);
    return OK;
}

Err unit_within(Db *db, UnitId unit, UnitId ancestor, Date on, bool *out)
{
    UNIT_TREE(db);
    *out = tree_within(tree, unit, ancestor, on);
    return OK;
}

Err unit_history(Db *db, Arena *a, UnitId id, UnitEvents *out)
{
    UNIT_TREE(db);
    const UnitLife *life;
    TRY(life_need(tree, a, id, &life));
    tree_history(tree, a, life, out);
    return OK;
}

Err unit_code_holders(Db *db, Arena *a, UnitKind kind, Str code, CodeHolders *out)
{
    UNIT_TREE(db);
    tree_code_holders(tree, a, kind, code, out);
    return OK;
}

Err unit_successions(Db *db, Arena *a, UnitKind kind, Date on, Successions *out)
{
    UNIT_TREE(db);
    Successions list = { 0 };
    for (size_t i = 0; i < tree->successions.len; i++) {
        const Succession *s   = &tree->successions.at[i];
        const UnitLife   *old = tree_life(tree, s->old_unit);
        if (!old || old->kind != kind || s->on.day != on.day) continue;
        Succession *row = list_add(a, &list);
        *row        = *s;
        row->basis  = arena_str(a, s->basis);
        row->source = arena_str(a, s->source);
    }
    *out = list;
    return OK;
}

Err unit_counts(Db *db, Date on, int64_t out[UNIT_KIND_COUNT])
{
    UNIT_TREE(db);
    memset(out, 0, sizeof *out * UNIT_KIND_COUNT);
    for (size_t i = 0; i < tree->lives.len; i++)
        if (period_has(tree->lives.at[i].when, on)) out[tree->lives.at[i].kind]++;
    return OK;
}

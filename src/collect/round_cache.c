/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rounds in use, with program, counter slots and units, so that an answer costs no query for them. An entry is
 * believed until the next commit of this process and for a second at most (another node may have changed the round);
 * the collector looks at the round's row again inside its transaction. */
#include "collect/parts.h"

#include <pthread.h>
#include <stdatomic.h>

enum { CACHE_ROUNDS = 1024, CACHE_MS = 1000 };

typedef struct Entry {
    RoundInfo  info;
    uint64_t   hash;                   /* of the round's code */
    Store     *store;
    uint64_t   generation, epoch;
    int64_t    checked_ms;
} Entry;

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static Entry           *entries[CACHE_ROUNDS];
static size_t           count;
static Arena            keep;            /* never emptied: readers hold pointers into it */
static Arena            work;            /* used and emptied under the write lock: a full request arena must not leave it locked */
static _Atomic uint64_t epoch = 1;

void rounds_changed(void)
{
    atomic_fetch_add(&epoch, 1);
}

/* The place of a code: its entry, or a free one (any, when all are taken). */
static Entry **place_of(Str code)
{
    uint64_t hash = str_hash(code);
    for (size_t i = 0; i < count; i++)
        if (entries[i]->hash == hash && str_eq(entries[i]->info.round.code, code))
            return &entries[i];
    return &entries[count < CACHE_ROUNDS ? count : hash % CACHE_ROUNDS];
}

static bool fresh(const Entry *e, const Store *s, Str code)
{
    return e && e->store == s && str_eq(e->info.round.code, code) && e->generation == store_generation(s) &&
           e->epoch == atomic_load(&epoch) && monotonic_ms() - e->checked_ms < CACHE_MS;
}

static Str kept(Str s)
{
    return arena_str(&keep, s);
}

static void keep_round(Round *r)
{
    r->code          = kept(r->code);
    r->title_vi      = kept(r->title_vi);
    r->title_en      = kept(r->title_en);
    r->intro_vi      = kept(r->intro_vi);
    r->intro_en      = kept(r->intro_en);
    r->method        = kept(r->method);
    r->unit_question = kept(r->unit_question);
}

/* The units that the choices of the unit question name, on the round's first day. */
static Err units_find(Db *db, Arena *a, RoundInfo *i)
{
    i->unit_answer = -1;
    i->unit_node   = i->round.unit_question.len ? form_find(i->program, i->round.unit_question) : -1;
    if (i->unit_node < 0 || i->program->nodes.at[i->unit_node].list < 0)
        return OK;
    const FormNode *node = &i->program->nodes.at[i->unit_node];
    const FormList *list = &i->program->lists.at[node->list];
    Date on = round_day(&i->round);
    i->unit_answer = node->answer;
    i->units       = arena_new(&keep, UnitId, list->choices.len ? list->choices.len : 1);
    for (size_t k = 0; k < list->choices.len; k++) {
        Unit unit;
        Err  e = unit_by_code(db, a, UNIT_PROVINCE, list->choices.at[k].name, on, &unit);
        if (e && !err_is(e, ERR_NOT_FOUND))
            return e;
        if (!e)
            i->units[k] = unit.id;
    }
    return OK;
}

static Err entry_make(Db *db, Store *s, Round r, Entry **out)
{
    RoundInfo i = { .round = r };
    TRY(form_program(db, s, &work, r.form, &i.program));
    keep_round(&i.round);
    i.slots = count_slots(&keep, i.program);
    TRY(units_find(db, &work, &i));
    *out         = arena_new(&keep, Entry, 1);
    (*out)->info = i;
    (*out)->hash = str_hash(i.round.code);
    return OK;
}

/* Under the write lock. A round that has not changed keeps its entry. */
static Err entry_load(Db *db, Store *s, Str code, Entry **at)
{
    uint64_t generation = store_generation(s), now_epoch = atomic_load(&epoch);
    int64_t  now = monotonic_ms();
    Round    r;
    TRY(round_by_code(db, &work, code, &r));
    Entry *e = *at;
    if (!e || e->store != s || e->info.round.id.v != r.id.v || e->info.round.revision != r.revision) {
        TRY(entry_make(db, s, r, &e));
        if (at == &entries[count] && count < CACHE_ROUNDS)
            count++;
        *at = e;
    }
    e->store      = s;
    e->generation = generation;
    e->epoch      = now_epoch;
    e->checked_ms = now;
    return OK;
}

typedef struct Load { Db *db; Store *store; Arena *a; Str code; Entry **at; } Load;

static Err load_entry(void *at)
{
    Load *l = at;
    Err   e = entry_load(l->db, l->store, l->code, l->at);
    return e ? err_make(l->a, e->kind, e->detail, e->file, e->line) : OK;
}

Err round_info(Db *db, Store *s, Arena *a, Str code, const RoundInfo **out)
{
    if (!round_code_valid(code))
        return err_new(a, ERR_NOT_FOUND, S("round"));
    pthread_rwlock_rdlock(&lock);
    const Entry *known = *place_of(code);
    bool good = fresh(known, s, code);
    if (good)
        *out = &known->info;
    pthread_rwlock_unlock(&lock);
    if (good)
        return OK;
    pthread_rwlock_wrlock(&lock);
    if (!keep.base) {
        keep = arena_open((size_t)1 << 32);
        work = arena_open((size_t)1 << 30);
    }
    Entry **at = place_of(code);
    Err     e  = fresh(*at, s, code) ? OK : arena_guarded(a, load_entry, &(Load){ db, s, a, code, at });
    if (!e)
        *out = &(*at)->info;
    arena_reset(&work, 1 << 16);
    pthread_rwlock_unlock(&lock);
    return e;
}

UnitId round_unit_of(const RoundInfo *i, const FormAnswers *x)
{
    if (i->unit_answer < 0 || x->at[i->unit_answer].len == 0)
        return (UnitId){ 0 };
    const FormList *list = &i->program->lists.at[i->program->nodes.at[i->unit_node].list];
    for (size_t k = 0; k < list->choices.len; k++)
        if (str_eq(list->choices.at[k].name, x->at[i->unit_answer]))
            return i->units[k];
    return (UnitId){ 0 };
}

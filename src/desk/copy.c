/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The copy of a round's answers that the desk reads: made by a request where that is quick, by a job else; one at a time, and of a round that runs in steps. */
#include "desk/desk_parts.h"

#include "field/field.h"

#include <pthread.h>
#include <time.h>

/* ---- Making ----------------------------------------------------------------------------------------------------------------- */

typedef struct RecipeMaker { const AppInfo *app; const FormProgram *p; const Round *r; } RecipeMaker;

static Err make_weights(void *self, Db *db, Arena *a, SnapWeights *out)
{
    RecipeMaker  *m = self;
    RecordWeights w;
    TRY(edition_record_weights(db, a, m->app, m->p, m->r, &w));
    *out = (SnapWeights){ w.n, w.id, w.weight, w.stratum, w.unit, w.post, w.probability, w.adjusted };
    return OK;
}

/* "RECIPE", or "RECIPE/OUTCOMES" where weights go by outcomes of fieldwork, which come and are corrected without any answer changing. */
Err desk_recipe_key(Db *db, Arena *a, RoundId round, Str *out)
{
    RecipeFacts f;
    int64_t     outcomes;
    TRY(edition_recipe(db, a, round, 0, &f));
    *out = f.version ? arena_fmt(a, "%lld", (long long)f.id) : S("");
    if (!f.version || !f.response.len)
        return OK;
    TRY(outcomes_noted(db, round, &outcomes));
    *out = arena_fmt(a, "%.*s/%lld", STR_ARG(*out), (long long)outcomes);
    return OK;
}

static bool same_recipe(Str x, Str y)
{
    return str_eq(str_cut(x, '/').head, str_cut(y, '/').head);
}

static Err renew(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, Str key)
{
    RecipeMaker m = { app, p, r };
    SnapBuilt   built;
    return snapshot_build(db, a, app, p, r, &(SnapRecipe){ key, make_weights, &m }, &built);
}

/* ---- One at a time ---------------------------------------------------------------------------------------------------------- */

/* Copies that are being made in this process. Who made one and was thrown off is forgotten after a while. */
enum { MAKING_MOST = 8, MAKING_MS = 120000, WAIT_MS = 20, WAITS_MOST = 500 };
typedef struct Making { int64_t round, till_ms; uint64_t turn; } Making;      /* turn 0: a free place */
static Making          making[MAKING_MOST];
static uint64_t        turns;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* 0: somebody else makes it now, or many others are being made. */
static uint64_t take_turn(RoundId round)
{
    Making  *free_place = NULL;
    bool     taken      = false;
    uint64_t turn       = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAKING_MOST; i++) {
        bool over  = !making[i].turn || making[i].till_ms < monotonic_ms();
        taken     |= !over && making[i].round == round.v;
        free_place = over ? &making[i] : free_place;
    }
    if (!taken && free_place) {
        turn        = ++turns;
        *free_place = (Making){ round.v, monotonic_ms() + MAKING_MS, turn };
    }
    pthread_mutex_unlock(&lock);
    return turn;
}

static void end_turn(uint64_t turn)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MAKING_MOST; i++)
        if (making[i].turn == turn)
            making[i] = (Making){ 0 };
    pthread_mutex_unlock(&lock);
}

typedef struct Renewing { const DeskAsk *x; Arena *a; const FormProgram *p; const Round *r; Str key; } Renewing;

static Err renew_guarded(void *self)
{
    Renewing *n = self;
    return renew(n->x->db, n->a, n->x->app, n->p, n->r, n->key);
}

static Err renew_now(const DeskAsk *x, const FormProgram *p, const Round *r, Str key)
{
    Arena work = arena_open((size_t)1 << 32);
    Err   e    = arena_guarded(&work, renew_guarded, &(Renewing){ x, &work, p, r, key });
    if (e)
        e = err_make(x->a, e->kind, arena_str(x->a, e->detail), e->file, e->line);
    arena_close(&work);
    return e;
}

/* Answers of a round that runs, and outcomes with them, come into the copy some at a time: two looks in a row show the same, or differ by many. */
static bool may_renew(const DeskAsk *x, const Round *r, const Snapshot *s, Str key)
{
    RoundState state = round_state_at(r, x->now);
    int64_t    more = r->submissions - (int64_t)s->rows, step = (int64_t)s->rows / 50;
    bool       runs = state == ROUND_OPEN || state == ROUND_PAUSED, fits = s->form == r->form.v && same_recipe(s->recipe, key);
    step = step < DESK_STEP ? DESK_STEP : step;
    return r->submissions <= DESK_NOW && (!runs || !fits || more >= step || more <= -step);
}

/* The copy as it lies there. */
static Err open_copy(const DeskAsk *x, const Round *r, Str key, Snapshot *s, bool *old, bool *none)
{
    bool current = false;
    Err  e = snapshot_open(x->a, x->app, r->id, s);
    *none  = e != OK;
    if (e && e->kind != ERR_NOT_FOUND)
        return e;
    if (!e)
        TRY(snapshot_current(x->db, x->a, s, r, key, &current));
    *old = !current;
    return OK;
}

Err desk_snapshot(const DeskAsk *x, const Round *r, const FormProgram *p, Snapshot *s, bool *old, bool *none)
{
    Str      key;
    uint64_t turn;
    TRY(desk_recipe_key(x->db, x->a, r->id, &key));
    TRY(open_copy(x, r, key, s, old, none));
    if (!*old && !*none)
        return OK;
    if (*none ? r->submissions > DESK_NOW : !may_renew(x, r, s, key))
        return OK;
    for (int n = 0; !(turn = take_turn(r->id)); n++) {
        if (!*none || n == WAITS_MOST)                   /* an older copy serves; without one the page says that none is there yet */
            return OK;
        nanosleep(&(struct timespec){ .tv_nsec = WAIT_MS * 1000000L }, NULL);
        TRY(open_copy(x, r, key, s, old, none));
        if (!*old && !*none)
            return OK;
    }
    snapshot_close(s);
    Err e = renew_now(x, p, r, key);
    end_turn(turn);
    TRY(e);
    *none = *old = false;
    return snapshot_open(x->a, x->app, r->id, s);
}

static Err job_build(JobRun *run)
{
    Round r;
    const FormProgram *p;
    Str     key;
    RoundId id = { 0 };
    if (!json_int(json_get(run->args, S("round")), &id.v))
        return err_new(run->arena, ERR_INVALID, S("a snapshot without a round"));
    TRY(db_begin_read(run->db));
    Err e = round_load(run->db, run->arena, id, &r);
    if (!e)
        e = form_program(run->db, run->store, run->arena, r.form, &p);
    if (!e)
        e = desk_recipe_key(run->db, run->arena, id, &key);
    if (!e) {
        job_total(r.submissions * (key.len ? 2 : 1));
        e = renew(run->db, run->arena, run->app, p, &r, key);
    }
    db_rollback(run->db);
    if (!e && job_halted())
        return job_halt(run);
    TRY(e);
    TRY(db_begin_write(run->db));
    TRY(job_done(run, arena_fmt(run->arena, "/console/analysis?round=%.*s", STR_ARG(r.code))));
    return db_commit(run->db);
}

const JobKind desk_snapshot_job = { "desk.snapshot", RIGHT_ANALYSIS_READ, job_build };

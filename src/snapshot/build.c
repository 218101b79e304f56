/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From records to columns. Every record is looked at, for nothing else tells which ones changed (no time of arrival is kept), but only new
 * and changed ones are taken apart: the others' values are copied from the snapshot before. */
#include "snapshot/parts.h"

#include "jobs/jobs.h"

#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>

/* The snapshot before: its rows by id, and its columns as variables. */
typedef struct Before { Snapshot s; const uint64_t *id, *hash; uint32_t *order; const uint8_t **column; size_t next; bool usable; } Before;
typedef struct Building {
    Arena *a, work;
    SnapVariables v; Questions questions;
    uint8_t   key[32];
    size_t    cap, n, read;
    uint8_t **column;                /* of each variable */
    uint64_t *id, *hash; uint8_t *channel;
    Before    before;
} Building;

static uint64_t record_hash(const Building *b, const SubmissionRow *row)
{
    uint64_t parts[3] = { 0, (uint64_t)row->channel, (uint64_t)row->id.v }, hash;
    uint8_t  out[crypto_shorthash_BYTES];
    crypto_shorthash(out, (const uint8_t *)row->answers_json.at, row->answers_json.len, b->key);
    memcpy(&parts[0], out, sizeof parts[0]);
    crypto_shorthash(out, (const uint8_t *)parts, sizeof parts, b->key);
    memcpy(&hash, out, sizeof hash);
    return hash;
}

/* The row of the same record that says the same in the snapshot before; -1: none. Ids come rising. */
static int64_t row_before(Before *x, uint64_t id, uint64_t hash)
{
    while (x->usable && x->next < x->s.rows && x->id[x->order[x->next]] < id)
        x->next++;
    if (!x->usable || x->next == x->s.rows)
        return -1;
    uint32_t row = x->order[x->next];
    return x->id[row] == id && x->hash[row] == hash ? (int64_t)row : -1;
}

static Err read_row(void *self, const SubmissionRow *row)
{
    Building *b = self;
    if (b->n == b->cap)
        return err_new(b->a, ERR_BUSY, S("answers arrived while reading"));
    size_t at = b->n++;
    b->id[at]      = (uint64_t)row->id.v;
    b->hash[at]    = record_hash(b, row);
    b->channel[at] = (uint8_t)(row->channel + 1);
    int64_t old = row_before(&b->before, b->id[at], b->hash[at]);
    for (size_t i = 0; i < b->v.len && old >= 0; i++) {
        size_t width = column_width(b->v.at[i].type);
        memcpy(b->column[i] + at * width, b->before.column[i] + (size_t)old * width, width);
    }
    if (old < 0) {
        Arena       work = b->work;
        const Json *answers;
        TRY(json_parse(&work, row->answers_json, &answers));
        put_answers(&b->questions, &b->v, b->column, at, answers);
        b->read++;
    }
    job_tick(1);
    return job_halted() ? err_new(b->a, ERR_BUSY, S("stopped")) : OK;
}

/* ---- The snapshot before ---------------------------------------------------------------------------------------------- */

typedef struct IdPlace { uint64_t id; uint32_t row; } IdPlace;

static int by_id(const void *x, const void *y)
{
    const IdPlace *p = x, *q = y;
    return (p->id > q->id) - (p->id < q->id);
}

static Err order_before(Arena *a, Before *x)
{
    Arena    work  = arena_open(x->s.rows * sizeof(IdPlace) + 4096);
    IdPlace *place = arena_new(&work, IdPlace, x->s.rows + 1);
    x->order = arena_new(a, uint32_t, x->s.rows + 1);
    for (size_t i = 0; i < x->s.rows; i++)
        place[i] = (IdPlace){ x->id[i], (uint32_t)i };
    qsort(place, x->s.rows, sizeof *place, by_id);
    for (size_t i = 0; i < x->s.rows; i++)
        x->order[i] = place[i].row;
    arena_close(&work);
    return OK;
}

static Err read_before(Building *b, const AppInfo *app, const Round *r)
{
    Before *x = &b->before;
    TRY(snapshot_open(b->a, app, r->id, &x->s));
    if (x->s.form != r->form.v)
        return err_new(b->a, ERR_NOT_FOUND, S("another questionnaire"));
    TRY(column_read(b->a, &x->s.file, column_find(&x->s.file, S(SNAP_ID)), COLUMN_U64, (const void **)&x->id));
    TRY(column_read(b->a, &x->s.file, column_find(&x->s.file, S(SNAP_HASH)), COLUMN_U64, (const void **)&x->hash));
    x->column = arena_new(b->a, const uint8_t *, b->v.len + 1);
    for (size_t i = 0; i < b->v.len; i++)
        TRY(column_read(b->a, &x->s.file, column_find(&x->s.file, b->v.at[i].column), b->v.at[i].type, (const void **)&x->column[i]));
    return order_before(b->a, x);
}

/* ---- Writing ------------------------------------------------------------------------------------------------------------ */

typedef struct RowKey { uint32_t stratum, unit; uint64_t id; uint32_t row; } RowKey;

static int by_key(const void *x, const void *y)
{
    const RowKey *p = x, *q = y;
    if (p->stratum != q->stratum)
        return p->stratum < q->stratum ? -1 : 1;
    if (p->unit != q->unit)
        return p->unit < q->unit ? -1 : 1;
    return (p->id > q->id) - (p->id < q->id);
}

enum { ALONE = 1u << 31 };           /* sampling unit of a record by itself: this and its row */

typedef struct Placed { double *weight; uint32_t *stratum, *unit, *order; uint16_t *post; } Placed;

/* Rows by stratum, unit and id, with their weights in that order. */
static Err place_rows(Building *b, const SnapWeights *w, Placed *out)
{
    size_t  n = b->n;
    Placed  p = { arena_new(b->a, double, n + 1), arena_new(b->a, uint32_t, n + 1), arena_new(b->a, uint32_t, n + 1), arena_new(b->a, uint32_t, n + 1),
                  arena_new(b->a, uint16_t, n + 1) };
    RowKey *key = arena_new(b->a, RowKey, n + 1);
    if (w && w->n != n)
        return err_new(b->a, ERR_BUSY, S("weights are of other answers"));
    for (size_t i = 0; i < n; i++) {
        if (w && (uint64_t)w->id[i] != b->id[i])
            return err_new(b->a, ERR_BUSY, S("weights are of other answers"));
        uint32_t unit = w && w->unit[i] ? w->unit[i] : (uint32_t)ALONE;
        key[i] = (RowKey){ w ? w->stratum[i] : 0, unit, b->id[i], (uint32_t)i };
    }
    qsort(key, n, sizeof *key, by_key);
    for (size_t i = 0; i < n; i++) {
        size_t row   = p.order[i] = key[i].row;
        p.weight[i]  = w ? w->weight[row] : 1;
        p.stratum[i] = key[i].stratum;
        p.unit[i]    = key[i].unit == (uint32_t)ALONE ? (uint32_t)ALONE | (uint32_t)i : key[i].unit;
        p.post[i]    = w ? w->post[row] : 0;
    }
    *out = p;
    return OK;
}

static const void *reordered(Arena *a, const void *column, size_t width, const uint32_t *order, size_t n)
{
    uint8_t       *to   = arena_take(a, n * width + 1, 1, 8);
    const uint8_t *from = column;
    for (size_t i = 0; i < n; i++)
        memcpy(to + i * width, from + order[i] * width, width);
    return to;
}

static void add_column(Building *b, ColumnOut *list, size_t *n, Str name, ColumnType type, const void *data, const uint32_t *order)
{
    list[(*n)++] = (ColumnOut){ name, type, order ? reordered(b->a, data, column_width(type), order, b->n) : data };
}

static Err write_file(Building *b, const AppInfo *app, const Round *r, const RoundCounts *counts, Str recipe, const SnapWeights *w)
{
    Placed     p    = { 0 };
    size_t     n    = 0;
    ColumnOut *list = arena_new(b->a, ColumnOut, b->v.len + 16);
    TRY(place_rows(b, w, &p));
    add_column(b, list, &n, S(SNAP_ID), COLUMN_U64, b->id, p.order);
    add_column(b, list, &n, S(SNAP_HASH), COLUMN_U64, b->hash, p.order);
    add_column(b, list, &n, S(SNAP_CHANNEL), COLUMN_U8, b->channel, p.order);
    add_column(b, list, &n, S(SNAP_WEIGHT), COLUMN_F64, p.weight, NULL);
    add_column(b, list, &n, S(SNAP_STRATUM), COLUMN_U32, p.stratum, NULL);
    add_column(b, list, &n, S(SNAP_UNIT), COLUMN_U32, p.unit, NULL);
    add_column(b, list, &n, S(SNAP_POST), COLUMN_U16, p.post, NULL);
    for (size_t i = 0; i < b->v.len; i++)
        add_column(b, list, &n, b->v.at[i].column, b->v.at[i].type, b->column[i], p.order);
    Buf note = buf_new(b->a, 512);
    buf_fmt(&note, "\"round\":%lld,\"form\":%lld,\"made\":%lld,\"withdrawn\":%lld,\"weighted\":%s,\"probability\":%s,\"adjusted\":%s,"
            "\"sum\":\"%.*s\",\"recipe\":", (long long)r->id.v, (long long)r->form.v, (long long)time_now().ms, (long long)counts->withdrawn,
            w ? "true" : "false", w && w->probability ? "true" : "false",
            w && w->adjusted ? "true" : "false", STR_ARG(str_hex(b->a, counts->sum, sizeof counts->sum)));
    buf_json_str(&note, recipe);
    return columns_write(b->a, snapshot_path(b->a, app, r->id), buf_str(&note), b->n, list, n);
}

static void make_room(Building *b, size_t cap)
{
    b->cap     = cap;
    b->id      = arena_new(b->a, uint64_t, cap + 1);
    b->hash    = arena_new(b->a, uint64_t, cap + 1);
    b->channel = arena_new(b->a, uint8_t, cap + 1);
    b->column  = arena_new(b->a, uint8_t *, b->v.len + 1);
    for (size_t i = 0; i < b->v.len; i++)
        b->column[i] = arena_take(b->a, cap + 1, column_width(b->v.at[i].type), 8);
}

typedef struct Asked { Db *db; Building *b; const AppInfo *app; const FormProgram *p; const Round *r; const SnapRecipe *recipe; } Asked;

static Err build(void *self)
{
    Asked      *x = self;
    Building   *b = x->b;
    Round       now;
    RoundCounts counts;
    SnapWeights w = { 0 };
    char       *folder = arena_c(b->a, str_concat(b->a, x->app->data_dir, S("/snapshots")));
    if (mkdir(folder, 0700) && errno != EEXIST)
        return err_fmt(b->a, ERR_IO, "the folder of snapshots cannot be made: %s", strerror(errno));
    TRY(round_load(x->db, b->a, x->r->id, &now));
    TRY(round_counts(x->db, b->a, x->r->id, (UnitId){ 0 }, &counts));
    app_key(x->app, "snapshot", b->key);
    b->v         = snapshot_variables(b->a, x->p);
    b->questions = questions_of(b->a, x->p, &b->v);
    make_room(b, (size_t)now.submissions);
    b->before.usable = read_before(b, x->app, &now) == OK;
    Arena scratch = arena_open(1 << 20);
    b->work = arena_open((size_t)1 << 28);
    Err e = submission_each(x->db, scratch, x->r->id, read_row, b);
    arena_close(&b->work);
    arena_close(&scratch);
    TRY(e);
    if (x->recipe->key.len)
        TRY(x->recipe->make(x->recipe->self, x->db, b->a, &w));
    return write_file(b, x->app, &now, &counts, x->recipe->key, w.n ? &w : NULL);
}

Err snapshot_build(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, const SnapRecipe *recipe, SnapBuilt *out)
{
    Arena    mine = arena_open((size_t)1 << 34);
    Building b    = { .a = &mine };
    Err      e    = arena_guarded(&mine, build, &(Asked){ db, &b, app, p, r, recipe });
    snapshot_close(&b.before.s);
    if (e)
        e = err_make(a, e->kind, arena_str(a, e->detail), e->file, e->line);
    arena_close(&mine);
    *out = (SnapBuilt){ b.n, b.read };
    return e;
}

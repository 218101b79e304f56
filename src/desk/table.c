/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a query to its table: its figures, those of the round compared with. */
#include "desk/desk_parts.h"

#include "stats/compare.h"

/* ---- Figures --------------------------------------------------------------------------------------------------------------- */

typedef struct Computing { Arena *a, *keep; const Snapshot *s; const DeskPlan *p; DeskResult *out; } Computing;

static Err compute(void *self)
{
    Computing *x = self;
    DeskRows   rows;
    TRY(desk_rows(x->a, x->s, x->p, &rows));
    TRY(desk_decide(x->a, x->s, x->p, &rows));
    bool test = x->p->axis[0].levels && !x->p->axis[1].levels;
    return desk_compute(x->keep, &rows, x->p->categories, x->p->wanted, x->p->n_wanted, test, x->out);
}

Err desk_result(const DeskAsk *x, const Snapshot *s, const DeskPlan *p, DeskResult *out)
{
    DeskKey key = desk_key(s, p);
    if (desk_cached(x->a, &key, out))
        return OK;
    Arena work = arena_open((size_t)1 << 32);
    Err   e    = arena_guarded(&work, compute, &(Computing){ &work, x->a, s, p, out });
    if (e)
        e = err_make(x->a, e->kind, arena_str(x->a, e->detail), e->file, e->line);
    arena_close(&work);
    if (!e)
        desk_cache(&key, out);
    return e;
}

/* ---- The round compared with ------------------------------------------------------------------------------------------------ */

static size_t level_like(const DeskAxis *axis, const DeskLevel *wanted)
{
    for (size_t i = 0; i < axis->levels; i++)
        if (wanted->unit.v ? axis->at[i].unit.v == wanted->unit.v : str_eq(axis->at[i].key, wanted->key))
            return i + 1;
    return 0;
}

/* Place of t in the other table; false: it has none. */
static bool place_like(const DeskAxis *mine, const DeskAxis *other, size_t at, size_t *out)
{
    *out = at == 0 ? 0 : at <= mine->levels ? level_like(other, &mine->at[at - 1]) : 0;
    return at == 0 || *out;
}

/* Rounds are taken as independent samples: no covariance. Source: docs/statistics.md, section 7. */
static StatsChange change_of(const DeskFigure *now, const DeskFigure *before)
{
    bool any = now->show == STATS_SHOWN && before->show == STATS_SHOWN;
    return any ? stats_change(before->x, before->se, now->x, now->se, now->df + before->df) : (StatsChange){ NAN, NAN, NAN, NAN, NAN, 0 };
}

/* The cells of a table are tested together; the whole, where its rows and columns meet, alone (docs/adr/0056). */
static void changes_fill(const DeskAsk *x, DeskTable *t, StatsChange *all)
{
    size_t n = t->result.rows * t->result.columns;
    stats_changes_hold(*x->a, all + 1, n - 1);
    t->change = arena_new(x->a, DeskChange, n);
    for (size_t i = 0; i < n; i++)
        t->change[i] = (DeskChange){ .any = !isnan(all[i].x), .clear = all[i].sign != 0, .before = t->scale * all[i].before, .diff = t->scale * all[i].x,
                                     .low = t->scale * all[i].low, .high = t->scale * all[i].high };
}

static Err table_of(const DeskAsk *x, const DeskQuery *q, DeskTable *out);

static Err compare_with(const DeskAsk *x, DeskTable *t)
{
    DeskTable before;
    DeskQuery q = t->query;
    q.round = t->query.with;
    q.with  = S("");
    Err e = table_of(x, &q, &before);
    if (e && e->kind != ERR_NOT_FOUND)
        return e;
    if (e || before.problem.len || before.n_wanted != t->n_wanted) {
        *list_add(x->a, &t->notes) = text_of(x->lang, "desk.note.not-compared");
        return OK;
    }
    t->before = before.round;
    StatsChange *all = arena_new(x->a, StatsChange, t->result.rows * t->result.columns);
    for (size_t i = 0; i < t->result.rows; i++)
        for (size_t j = 0; j < t->result.columns; j++) {
            size_t k, l;
            bool   both = place_like(&t->axis[0], &before.axis[0], i, &k) && place_like(&t->axis[1], &before.axis[1], j, &l);
            all[i * t->result.columns + j] = both ? change_of(desk_at(&t->result, 0, i, j), desk_at(&before.result, 0, k, l))
                                                  : (StatsChange){ NAN, NAN, NAN, NAN, NAN, 0 };
        }
    changes_fill(x, t, all);
    *list_add(x->a, &t->notes) = text_of(x->lang, "desk.note.change");
    if (!str_eq(t->round.method, before.round.method))
        *list_add(x->a, &t->notes) = text_of(x->lang, "desk.note.method-break");
    return OK;
}

/* ---- The table -------------------------------------------------------------------------------------------------------------- */

static void add_notes(const DeskAsk *x, DeskTable *t, const AxisMap map[DESK_AXES])
{
    if (t->round.simulated)
        *list_add(x->a, &t->notes) = text_of(x->lang, "desk.note.simulated");
    if (!t->weighted)
        *list_add(x->a, &t->notes) = text_of(x->lang, "desk.note.not-representative");
    else if (!t->probability)
        *list_add(x->a, &t->notes) = text_of(x->lang, "desk.note.values");
    for (int k = 0; k < DESK_AXES; k++) {
        if (map[k].divided)
            *list_add(x->a, &t->notes) = text_of(x->lang, "desk.note.estimated");
        if (map[k].lost.len)
            *list_add(x->a, &t->notes) = text_fmt(x->a, x->lang, "desk.note.lost", ARG_S("units", map[k].lost));
    }
    Str made = time_text(x->a, x->lang, t->made_at);
    if (t->old && t->newer > 0)
        *list_add(x->a, &t->notes) = text_fmt(x->a, x->lang, "desk.note.newer", ARG_S("time", made), ARG_N("n", t->newer));
    else if (t->old)
        *list_add(x->a, &t->notes) = text_fmt(x->a, x->lang, "desk.note.old", ARG_S("time", made));
}

static Err fill_figures(const DeskAsk *x, const DeskMenu *m, DeskTable *t)
{
    AxisMap  map[DESK_AXES];
    Snapshot s = { 0 };
    DeskPlan p;
    bool     none;
    for (int k = 0; k < DESK_AXES; k++)
        TRY(desk_axis(x, m, &t->round, t->query.by[k], t->query.view, &t->axis[k], &map[k]));
    TRY(desk_plan(x, m, &t->query, &p));
    p.axis = t->axis;
    p.map  = map;
    p.method = t->round.method;
    TRY(desk_splits(x, &t->round, &p));
    t->title    = p.thing->label;
    t->measure  = p.thing->kind == DESK_MARK ? text_of(x->lang, "desk.measure.chosen")
                                             : text_find(x->lang, str_concat(x->a, S("desk.measure."), desk_measure_code(t->query.measure)));
    t->unit     = t->query.measure == DESK_MEAN ? S("") : S("%");
    t->scale    = t->query.measure == DESK_MEAN ? 1 : 100;
    t->steps    = p.thing->kind == DESK_ITEM && t->query.measure == DESK_SPREAD;
    t->wanted   = p.names;
    t->n_wanted = p.n_wanted;
    Err e = desk_snapshot(x, &t->round, m->p, &s, &t->old, &none);
    if (!e && !none)
        e = desk_result(x, &s, &p, &t->result);
    if (e && e->kind == ERR_INVALID) {               /* a column does not fit its sum: the copy is thrown away and made anew */
        snapshot_drop(x->a, x->app, t->round.id, &s);
        e = desk_snapshot(x, &t->round, m->p, &s, &t->old, &none);
        if (!e && !none)
            e = desk_result(x, &s, &p, &t->result);
    }
    if (!e && none)
        t->problem = text_of(x->lang, "desk.problem.no-snapshot");
    t->weighted    = s.weighted;
    t->probability = s.probability;
    t->adjusted    = s.adjusted;
    t->made_at     = s.made_at;
    t->newer       = t->round.submissions - (int64_t)s.rows;
    snapshot_close(&s);
    TRY(e);
    add_notes(x, t, map);
    return OK;
}

static Err table_of(const DeskAsk *x, const DeskQuery *q, DeskTable *out)
{
    DeskTable t = { .query = *q };
    DeskMenu  m;
    TRY(round_by_code(x->db, x->a, q->round, &t.round));
    TRY(edition_recipe(x->db, x->a, t.round.id, 0, &t.recipe));
    TRY(desk_menu(x, &t.round, &m));
    Err e = t.round.submissions ? fill_figures(x, &m, &t) : OK;
    if (!t.round.submissions)
        t.problem = text_of(x->lang, "desk.problem.no-answers");
    else if (e && (e->kind == ERR_INVALID || e->kind == ERR_NOT_FOUND))
        t.problem = text_of(x->lang, "desk.problem.query");
    else if (e && e->kind == ERR_CONFLICT)
        t.problem = text_of(x->lang, "desk.problem.suppression");
    else if (e && e->kind == ERR_TOO_LARGE)
        t.problem = text_of(x->lang, "desk.problem.large");
    else
        TRY(e);
    *out = t;
    return OK;
}

Err desk_table(const DeskAsk *x, const DeskQuery *q, DeskTable *out)
{
    TRY(table_of(x, q, out));
    return q->with.len && !out->problem.len ? compare_with(x, out) : OK;
}

/* ---- Words ------------------------------------------------------------------------------------------------------------------- */

Str desk_row_label(const DeskTable *t, Lang l, int axis, size_t at)
{
    const DeskAxis *x = &t->axis[axis];
    return at == 0 ? text_of(l, "desk.all") : at <= x->levels ? x->at[at - 1].label : text_of(l, "desk.unknown");
}

size_t desk_rows_shown(const DeskTable *t, int axis)
{
    size_t levels = t->axis[axis].levels;
    if (!levels)
        return 0;
    const DeskFigure *f = axis ? desk_at(&t->result, 0, 0, levels + 1) : desk_at(&t->result, 0, levels + 1, 0);
    return f->show == STATS_NO_DATA ? levels : levels + 1;
}

Str desk_letter(Arena *a, size_t level)
{
    char c = (char)('A' + (level - 1) % 26);
    return level > 26 ? arena_fmt(a, "%c%c", 'A' + (int)((level - 1) / 26) - 1, c) : arena_fmt(a, "%c", c);
}

Str desk_letters(Arena *a, uint64_t above)
{
    StrList out = { 0 };
    for (size_t k = 1; k <= 64; k++)
        if (above >> (k - 1) & 1)
            *list_add(a, &out) = desk_letter(a, k);
    return str_join(a, out.at, out.len, S(" "));
}

Str desk_show_text(Lang l, const DeskFigure *f)
{
    switch (f->show) {
    case STATS_SHOWN: return S("");
    case STATS_NO_DATA: return text_of(l, "desk.show.none");
    case STATS_UNRELIABLE: return text_of(l, "desk.show.unreliable");
    default: return text_of(l, "desk.show.hidden");
    }
}

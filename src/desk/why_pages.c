/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Handlers of "why this number": of the desk, down to sampling units by their codes; of an edition, for everybody. */
#include "desk/why.h"

#include "desk_why.html.h"
#include "method/method.h"

enum { UNITS_LISTED = 2000 };

static void fact(Arena *a, WhyFacts *list, Str key, Str value)
{
    *list_add(a, list) = (SummaryRow){ .key = key, .value = value };
}

static Str formula_key(const DeskTable *t, const DeskThing *thing)
{
    if (thing->kind == DESK_NODE)
        return t->query.measure == DESK_MEAN ? S("node-mean") : S("node");
    return t->query.measure == DESK_MEAN ? S("mean") : S("share");
}

static void numbers(Arena *a, Lang l, const DeskTable *t, const DeskFigure *f, WhyPage *v)
{
    fact(a, &v->sample, text_of(l, "desk.why.n"), num_text(a, l, f->n));
    if (isnan(f->se) && isnan(f->low))
        return;
    fact(a, &v->sample, text_of(l, "desk.why.se"), real_text(a, l, t->scale * f->se, 3));
    fact(a, &v->sample, text_of(l, "desk.why.interval"),
         str_join(a, (Str[]){ desk_figure_text(a, l, t, f->low), desk_figure_text(a, l, t, f->high) }, 2, S(" – ")));
    fact(a, &v->sample, text_of(l, "desk.why.deff"), real_text(a, l, f->deff, 2));
    fact(a, &v->sample, text_of(l, "desk.why.neff"), real_text(a, l, f->n_eff, 0));
    fact(a, &v->sample, text_of(l, "desk.why.df"), text_fmt(a, l, "desk.why.df-value", ARG_S("df", real_text(a, l, f->df, 0)),
         ARG_N("psu", f->n_psu), ARG_N("strata", f->n_strata)));
}

static void recipe(Arena *a, Lang l, const RecipeFacts *r, bool adjusted, WhyPage *v)
{
    if (!r->version) {
        fact(a, &v->design, text_of(l, "desk.why.recipe"), text_of(l, "desk.why.no-recipe"));
        return;
    }
    fact(a, &v->design, text_of(l, "desk.why.recipe"), text_fmt(a, l, "desk.why.recipe-value",
         ARG_N("version", r->version), ARG_S("time", time_text(a, l, r->made_at))));
    fact(a, &v->design, text_of(l, "desk.why.design"), text_find(l, str_concat(a, S("weights.design."), r->design)));
    if (adjusted)
        fact(a, &v->design, text_of(l, "desk.why.margins"), text_fmt(a, l, "desk.why.margins-value",
             ARG_N("n", (int64_t)r->margins), ARG_S("source", r->source)));
    if (r->cap > 0)
        fact(a, &v->design, text_of(l, "desk.why.cap"), real_text(a, l, r->cap, 1));
}

static void design(Arena *a, Lang l, const DeskTable *t, WhyPage *v)
{
    const DeskResult *r = &t->result;
    recipe(a, l, &t->recipe, t->adjusted, v);
    if (t->probability)
        fact(a, &v->design, text_of(l, "desk.why.whole"), text_fmt(a, l, "desk.why.whole-value", ARG_N("n", (int64_t)r->sample), ARG_N("psu", (int64_t)r->psu),
             ARG_N("strata", (int64_t)r->strata)));
    if (t->weighted) {
        fact(a, &v->design, text_of(l, "desk.why.weights"), text_fmt(a, l, "desk.why.weights-value", ARG_S("sum", real_text(a, l, r->weight_sum, 0)),
             ARG_S("min", real_text(a, l, r->weight_min, 2)), ARG_S("max", real_text(a, l, r->weight_max, 2))));
        fact(a, &v->design, text_of(l, "desk.why.kish"), real_text(a, l, r->kish, 3));
    }
    fact(a, &v->design, text_of(l, "desk.why.made"), time_text(a, l, t->made_at));
}

/* ---- Sampling units -------------------------------------------------------------------------------------------------------- */

typedef struct Listing { const DeskAsk *x; DeskTable *t; Arena *work; size_t i, j; DeskUnitRow *units; size_t n; } Listing;

static Err list_units(void *self)
{
    Listing *u = self;
    DeskMenu m;
    DeskPlan p;
    DeskRows rows;
    Snapshot s = { 0 };
    DeskAsk  x = *u->x;
    AxisMap  map[DESK_AXES];
    DeskAxis axis[DESK_AXES];
    bool     old, none;
    x.a = u->work;
    TRY(desk_menu(&x, &u->t->round, &m));
    for (int k = 0; k < DESK_AXES; k++)
        TRY(desk_axis(&x, &m, &u->t->round, u->t->query.by[k], u->t->query.view, &axis[k], &map[k]));
    TRY(desk_plan(&x, &m, &u->t->query, &p));
    p.axis = axis;
    p.map  = map;
    Err e = desk_snapshot(&x, &u->t->round, m.p, &s, &old, &none);
    if (!e && !none)
        e = desk_rows(u->work, &s, &p, &rows);
    if (!e && !none)
        e = desk_units(u->work, &rows, u->i, u->j, &u->units, &u->n);
    snapshot_close(&s);
    return e;
}

/* Not how many answered, but about how many: from a figure and one of its parts the rest of a unit could be counted. */
static Str answered_text(Lang l, uint32_t n)
{
    return n < 5 ? text_of(l, "desk.why.few") : n < 10 ? text_of(l, "desk.why.under-10") : n < 20 ? text_of(l, "desk.why.under-20")
                                                                                                     : text_of(l, "desk.why.many");
}

/* Codes alone: which place a code is stands with the sample. Units of people by themselves are counted, not listed. */
static Err fill_units(Ctx *c, const DeskAsk *x, DeskTable *t, size_t i, size_t j, WhyPage *v)
{
    Arena   work = arena_open((size_t)1 << 32);
    Listing u    = { .x = x, .t = t, .work = &work, .i = i, .j = j };
    Err     e    = arena_guarded(&work, list_units, &u);
    if (e)
        e = err_make(c->arena, e->kind, arena_str(c->arena, e->detail), e->file, e->line);
    v->units = arena_new(c->arena, WhyUnit, UNITS_LISTED);
    for (size_t k = 0; !e && k < u.n; k++) {
        if (u.units[k].unit >> 31)
            continue;
        v->unit_all++;
        if (v->unit_count < UNITS_LISTED)
            v->units[v->unit_count++] = (WhyUnit){ u.units[k].stratum, u.units[k].unit, answered_text(c->lang, u.units[k].n) };
    }
    arena_close(&work);
    return e;
}

static Err show(Ctx *c, WhyPage *v)
{
    page_crumb(c, text_of(c->lang, "desk.why.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "desk.why.title"));
    desk_why_view(&o, v);
    return page_end(c, &o);
}

static Err asked_place(Ctx *c, const DeskTable *t, size_t *k, size_t *i, size_t *j)
{
    int64_t asked[3] = { query_int(c, "k", 0), query_int(c, "i", 0), query_int(c, "j", 0) };
    if (t->problem.len || asked[0] < 0 || (size_t)asked[0] >= t->n_wanted || asked[1] < 0 || (size_t)asked[1] >= t->result.rows || asked[2] < 0
        || (size_t)asked[2] >= t->result.columns)
        return err_new(c->arena, ERR_NOT_FOUND, S("figure"));
    *k = (size_t)asked[0];
    *i = (size_t)asked[1];
    *j = (size_t)asked[2];
    return OK;
}

/* "Tiếp cận dịch vụ – Tỷ lệ hài lòng – Giới tính: Nữ" */
static Str subject_of(Ctx *c, const DeskTable *t, size_t k, size_t i, size_t j)
{
    StrList parts = { 0 };
    *list_add(c->arena, &parts) = t->title;
    *list_add(c->arena, &parts) = t->wanted[k].len ? str_join(c->arena, (Str[]){ t->measure, t->wanted[k] }, 2, S(": ")) : t->measure;
    if (i)
        *list_add(c->arena, &parts) = str_join(c->arena, (Str[]){ t->axis[0].label, desk_row_label(t, c->lang, 0, i) }, 2, S(": "));
    if (j)
        *list_add(c->arena, &parts) = str_join(c->arena, (Str[]){ t->axis[1].label, desk_row_label(t, c->lang, 1, j) }, 2, S(": "));
    for (int f = 0; f < DESK_FILTERS; f++)
        if (t->query.filter[f].choice.len)
            *list_add(c->arena, &parts) = str_join(c->arena, (Str[]){ t->query.filter[f].question, t->query.filter[f].choice }, 2, S(" = "));
    return str_join(c->arena, parts.at, parts.len, S(" – "));
}

Err desk_why_page(Ctx *c)
{
    DeskQuery q;
    DeskTable t;
    DeskMenu  m;
    Round     r;
    WhyPage   v = { 0 };
    size_t    k, i, j;
    if (!query_str(c, "round").len)
        return redirect(c, S("/console/analysis"));
    TRY(desk_asked(c, &q, &r));
    DeskAsk x = desk_ask(c);
    q.with = S("");
    TRY(desk_table(&x, &q, &t));
    TRY(asked_place(c, &t, &k, &i, &j));
    TRY(desk_menu(&x, &r, &m));
    const DeskFigure *f = desk_at(&t.result, k, i, j);
    v.query_text = desk_query_text(c->arena, &q);
    v.query_href = v.back = str_concat(c->arena, S("/console/analysis?"), v.query_text);
    v.subject    = subject_of(c, &t, k, i, j);
    v.notes.at   = t.notes.at;
    v.notes.len  = t.notes.len;
    v.hidden     = f->show != STATS_SHOWN;
    v.value      = v.hidden ? desk_show_text(c->lang, f) : desk_figure_text(c->arena, c->lang, &t, f->x);
    Str key      = formula_key(&t, desk_thing(&m, q.what));
    v.formula    = text_find(c->lang, str_concat(c->arena, S("desk.formula."), key));
    v.symbols    = text_find(c->lang, str_join(c->arena, (Str[]){ S("desk.formula."), key, S(".symbols") }, 3, S("")));
    if (!v.hidden) {
        numbers(c->arena, c->lang, &t, f, &v);
        if (t.probability)
            TRY(fill_units(c, &x, &t, i, j, &v));
    }
    design(c->arena, c->lang, &t, &v);
    fact(c->arena, &v.facts, text_of(c->lang, "desk.field.round"), round_title(&r, c->lang));
    c->page.simulated = r.simulated;
    page_crumb(c, text_of(c->lang, "desk.title"), v.back);
    return show(c, &v);
}

/* ---- Editions --------------------------------------------------------------------------------------------------------------- */

/* Values of different questions may be the same codes. Reports of before named no question where they meant provinces: place. */
static const Figure *figure_asked(Ctx *c, const Figures *f, Str place)
{
    Str by = query_str(c, "by"), value = query_str(c, "value");
    return figure_find(f, query_str(c, "name"), !value.len ? S("") : by.len ? by : place, value);
}

static Str edition_value(Arena *a, Lang l, const Figure *f, double x)
{
    return str_concat(a, real_text(a, l, x, 2), str_eq(f->unit, S("%")) ? S("%") : S(""));
}

static void edition_numbers(Arena *a, Lang l, const Figure *f, WhyPage *v)
{
    fact(a, &v->sample, text_of(l, "desk.why.opinions"), num_text(a, l, f->n));
    if (!isnan(f->low))
        fact(a, &v->sample, text_of(l, "desk.why.interval"),
             str_join(a, (Str[]){ edition_value(a, l, f, f->low), edition_value(a, l, f, f->high) }, 2, S(" – ")));
    if (!(f->se > 0))
        return;
    fact(a, &v->sample, text_of(l, "desk.why.se"), real_text(a, l, f->se, 3));
    if (str_eq(f->unit, S("%")) && f->x > 0 && f->x < 100)
        fact(a, &v->sample, text_of(l, "desk.why.neff-opinions"), real_text(a, l, f->x * (100 - f->x) / (f->se * f->se), 0));
}

static void edition_facts(Arena *a, Lang l, const EditionRow *e, Str method, const Figure *f, WhyPage *v)
{
    fact(a, &v->facts, text_of(l, "desk.field.round"), edition_title(e, l));
    fact(a, &v->facts, text_of(l, "desk.why.edition"), text_fmt(a, l, "desk.why.edition-value",
         ARG_N("number", e->number), ARG_S("date", date_text(a, l, date_of(e->published_at)))));
    fact(a, &v->facts, text_of(l, "desk.why.method"), method);
    fact(a, &v->facts, text_of(l, "desk.why.name"), f->value.len ? str_join(a, (Str[]){ f->name, f->by, f->value }, 3, S(", ")) : f->name);
    *list_add(a, &v->facts) = (SummaryRow){ .key = text_of(l, "desk.why.package"), .value = str_take(e->package_sha, 16), .href = edition_package_path(a, e),
                                            .link = text_of(l, "desk.why.package-get") };
}

static Str label_in(const EditionGroups *groups, Lang l, Str by, Str value)
{
    for (size_t i = 0; i < groups->len; i++)
        if (str_eq(groups->at[i].by, by) && str_eq(groups->at[i].value, value))
            return groups->at[i].label[l].len ? groups->at[i].label[l] : groups->at[i].label[LANG_VI];
    return value.len ? value : by;
}

/* "Tiếp cận dịch vụ – Cao Bằng", "Tiếp cận dịch vụ – Giới tính: Nữ": only answers to the question of the places are places. */
static Err edition_subject(Ctx *c, const EditionRow *e, const Figure *f, Str place, Str *out)
{
    Unit          u;
    EditionGroups groups;
    Arena        *a = c->arena;
    *out = c->lang == LANG_EN && f->label_en.len ? f->label_en : f->label_vi;
    if (!f->value.len)
        return OK;
    Str where = f->value;
    if (str_eq(f->by, place)) {
        Err none = unit_by_code(c->db, a, UNIT_PROVINCE, f->value, e->on, &u);
        where    = none ? where : unit_name(&u, c->lang);
    } else {
        TRY(edition_groups(c->db, c->store, a, e, &groups));
        where = str_join(a, (Str[]){ label_in(&groups, c->lang, f->by, S("")), label_in(&groups, c->lang, f->by, f->value) }, 2, S(": "));
    }
    *out = str_join(a, (Str[]){ *out, where }, 2, S(" – "));
    return OK;
}

static void formula(Ctx *c, const Figure *f, WhyPage *v)
{
    Str key    = str_starts(f->name, S("mean.")) ? S("node-mean") : str_starts(f->name, S("satisfied.")) ? S("node")
                 : str_starts(f->name, S("index.")) ? S("index") : S("share");
    v->formula = text_find(c->lang, str_concat(c->arena, S("desk.formula."), key));
    v->symbols = text_find(c->lang, str_join(c->arena, (Str[]){ S("desk.formula."), key, S(".symbols") }, 3, S("")));
}

static Err edition_why_page(Ctx *c)
{
    EditionRow  e;
    Figures     figures;
    RecipeFacts w = { 0 };
    WhyPage     v = { 0 };
    int64_t     number = path_int(c, "number");
    if (!number)
        return err_new(c->arena, ERR_NOT_FOUND, S("edition"));
    TRY(edition_by_number(c->db, c->arena, path_str(c, "round"), number, &e));
    TRY(edition_figures(c->db, c->store, c->arena, &e, &figures));
    Round r;
    TRY(round_load(c->db, c->arena, e.round, &r));
    const Figure *f = figure_asked(c, &figures, r.unit_question);
    if (!f)
        return err_new(c->arena, ERR_NOT_FOUND, S("figure"));
    if (e.weighting)
        TRY(edition_recipe(c->db, c->arena, e.round, e.weighting, &w));
    TRY(edition_subject(c, &e, f, r.unit_question, &v.subject));
    v.back    = edition_path(c->arena, &e);
    v.hidden  = f->suppressed || isnan(f->x);
    v.value   = v.hidden ? text_of(c->lang, "desk.show.hidden") : edition_value(c->arena, c->lang, f, f->x);
    formula(c, f, &v);
    if (!v.hidden)
        edition_numbers(c->arena, c->lang, f, &v);
    Str method;
    TRY(method_title_of(c->db, c->arena, c->lang, e.method, &method));
    edition_facts(c->arena, c->lang, &e, method, f, &v);
    recipe(c->arena, c->lang, &w, w.margins > 0, &v);
    if (e.simulated)
        *list_add(c->arena, &v.notes) = text_of(c->lang, "desk.note.simulated");
    c->page.simulated = e.simulated;
    c->page.no_index  = true;
    page_crumb(c, text_of(c->lang, "web.nav.home"), S("/"));
    page_crumb(c, text_of(c->lang, "results.list.title"), S("/results"));
    page_crumb(c, edition_title(&e, c->lang), v.back);
    page_crumb(c, text_of(c->lang, "desk.why.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "desk.why.title"));
    out_raw(&o, S("<div class=\"wrap\">\n"));
    desk_why_view(&o, &v);
    out_raw(&o, S("</div>\n"));
    return page_end(c, &o);
}

const Route desk_public_routes[] = {
    { GET, "/results/{round}/{number}/why", RIGHT_PUBLIC, edition_why_page, ROUTE_CACHED },
    { 0 },
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The desk in the console: the question, its table, files of it, and making the copy of a large round anew. */
#include "desk/saved.h"

#include "desk_page.html.h"
#include "desk_saved.html.h"

static Str query_field(const void *self, const char *name)
{
    return query_str(self, name);
}

DeskAsk desk_ask(Ctx *c)
{
    return (DeskAsk){ c->db, c->store, c->arena, c->app, c->lang, c->today, c->now };
}

/* ---- What can be chosen --------------------------------------------------------------------------------------------------- */

static Err rounds_of(Ctx *c, Rounds *out)
{
    Rounds     all;
    RightScope scope;
    TRY(round_list(c->db, c->arena, &all));
    TRY(right_scope(c, RIGHT_ANALYSIS_READ, &scope));
    for (size_t i = 0; i < all.len; i++)
        if (all.at[i].submissions && scope_has(&scope, all.at[i].owner))
            *list_add(c->arena, out) = all.at[i];
    return OK;
}

static void choice(Ctx *c, Choices *out, Str value, Str label, Str chosen)
{
    *list_add(c->arena, out) = (Choice){ .value = value, .label = label, .chosen = str_eq(value, chosen) };
}

static void things_of(Ctx *c, const DeskMenu *m, const DeskQuery *q, DeskPage *v)
{
    for (size_t i = 0; i < m->things.len; i++)
        choice(c, &v->things, m->things.at[i].key, m->things.at[i].label, q->what);
    for (int k = 0; k < DESK_MEASURE_COUNT; k++) {
        Str code = desk_measure_code((DeskMeasure)k);
        choice(c, &v->measures, code, text_find(c->lang, str_concat(c->arena, S("desk.measure."), code)), desk_measure_code(q->measure));
    }
    for (size_t i = 0; i < m->axes.len; i++) {
        for (int k = 0; k < DESK_AXES; k++)
            choice(c, &v->axes[k], m->axes.at[i].key, m->axes.at[i].label, q->by[k]);
        for (int k = 0; k < DESK_FILTERS; k++)
            choice(c, &v->questions[k], m->axes.at[i].key, m->axes.at[i].label, q->filter[k].question);
    }
}

static Str choice_text(const FormChoice *x, Lang l)
{
    return x->label[l].len ? x->label[l] : x->label[LANG_VI].len ? x->label[LANG_VI] : x->name;
}

static void filter_choices(Ctx *c, const DeskMenu *m, const DeskFilter *f, Choices *out)
{
    const DeskThing *thing = desk_axis_thing(m, f->question);
    for (int k = 0; thing && thing->variable < 0 && k < CHANNEL_COUNT; k++) {
        Str code = channel_code((Channel)k);
        choice(c, out, str_join(c->arena, (Str[]){ f->question, code }, 2, S(":")), text_find(c->lang, str_concat(c->arena, S("analysis.channel."), code)),
               str_join(c->arena, (Str[]){ f->question, f->choice }, 2, S(":")));
    }
    for (size_t k = 0; thing && thing->variable >= 0 && k < desk_choice_list(m, thing->variable)->choices.len; k++) {
        const FormChoice *x = &desk_choice_list(m, thing->variable)->choices.at[k];
        if (x->missing != CHOICE_PLAIN)
            continue;                    /* they stand together as "not known" */
        choice(c, out, str_join(c->arena, (Str[]){ f->question, x->name }, 2, S(":")), choice_text(x, c->lang),
               str_join(c->arena, (Str[]){ f->question, f->choice }, 2, S(":")));
    }
}

static Str choice_label_of(const Choices *x)
{
    for (size_t i = 0; i < x->len; i++)
        if (x->at[i].chosen)
            return x->at[i].label;
    return S("");
}

static void filter_tags(Ctx *c, const DeskQuery *q, DeskPage *v)
{
    v->filters = arena_new(c->arena, TabItem, DESK_FILTERS);
    for (int k = 0; k < DESK_FILTERS; k++) {
        if (!q->filter[k].choice.len)
            continue;
        DeskQuery less = *q;
        less.filter[k] = (DeskFilter){ 0 };
        Str label = str_join(c->arena, (Str[]){ choice_label_of(&v->questions[k]), choice_label_of(&v->choices[k]) }, 2, S(": "));
        v->filters[v->filter_count++] = (TabItem){ .label = label, .href = str_concat(c->arena, S("/console/analysis?"), desk_query_text(c->arena, &less)) };
    }
    DeskQuery none = *q;
    memset(none.filter, 0, sizeof none.filter);
    v->clear = str_concat(c->arena, S("/console/analysis?"), desk_query_text(c->arena, &none));
}

static void view_choices(Ctx *c, const DeskQuery *q, DeskPage *v)
{
    choice(c, &v->views, S("now"), text_of(c->lang, "desk.view.now"), q->view);
    for (int year = date_ymd(c->today).year; year > date_ymd(c->today).year - 5; year--) {
        Str text = arena_fmt(c->arena, "%d", year);
        choice(c, &v->views, text, text_fmt(c->arena, c->lang, "desk.view.year", ARG_S("year", text)), q->view);
    }
}

static Err fill_form(Ctx *c, const Rounds *rounds, const Round *r, const DeskQuery *q, DeskPage *v)
{
    DeskAsk  x = desk_ask(c);
    DeskMenu m;
    TRY(desk_menu(&x, r, &m));
    for (size_t i = 0; i < rounds->len; i++) {
        choice(c, &v->rounds, rounds->at[i].code, round_title(&rounds->at[i], c->lang), q->round);
        if (!str_eq(rounds->at[i].code, q->round))
            choice(c, &v->with, rounds->at[i].code, round_title(&rounds->at[i], c->lang), q->with);
    }
    things_of(c, &m, q, v);
    for (int k = 0; k < DESK_FILTERS; k++)
        filter_choices(c, &m, &q->filter[k], &v->choices[k]);
    filter_tags(c, q, v);
    view_choices(c, q, v);
    return OK;
}

/* ---- Without a question: what most look for first --------------------------------------------------------------------------- */

static const Round *first_round(const Rounds *rounds)
{
    for (size_t i = 0; i < rounds->len; i++)
        if (rounds->at[i].state == ROUND_PUBLISHED || rounds->at[i].state == ROUND_CLOSED)
            return &rounds->at[i];
    return rounds->len ? &rounds->at[0] : NULL;
}

static const Round *round_named(const Rounds *rounds, Str code)
{
    for (size_t i = 0; i < rounds->len; i++)
        if (str_eq(rounds->at[i].code, code))
            return &rounds->at[i];
    return NULL;
}

/* What is not asked, or does not fit the round that was chosen, becomes its first thing. */
static Err complete(Ctx *c, const Round *r, DeskQuery *q)
{
    DeskAsk  x = desk_ask(c);
    DeskMenu m;
    TRY(desk_menu(&x, r, &m));
    bool fresh = !q->round.len || !q->what.len;
    q->round = r->code;
    const DeskThing *thing = desk_thing(&m, q->what);
    if (!thing && m.things.len) {
        thing   = &m.things.at[0];
        q->what = thing->key;
    }
    for (int k = 0; thing && !desk_measure_fits(thing->kind, q->measure) && k < DESK_MEASURE_COUNT; k++)
        if (desk_measure_fits(thing->kind, (DeskMeasure)k))
            q->measure = (DeskMeasure)k;
    if (fresh && !q->by[0].len && desk_axis_thing(&m, r->unit_question))
        q->by[0] = r->unit_question;
    for (int k = 0; k < DESK_AXES; k++)
        if (!desk_axis_thing(&m, q->by[k]))
            q->by[k] = S("");
    if (!q->by[0].len) {
        q->by[0] = q->by[1];
        q->by[1] = S("");
    }
    for (int k = 0; k < DESK_FILTERS; k++)
        if (!desk_axis_thing(&m, q->filter[k].question))
            q->filter[k] = (DeskFilter){ 0 };
    return OK;
}

Err desk_may_compare(Ctx *c, const DeskQuery *q)
{
    Round with;
    if (!q->with.len)
        return OK;
    TRY(round_by_code(c->db, c->arena, q->with, &with));
    return right_need(c, RIGHT_ANALYSIS_READ, with.owner);
}

/* The query of the address when the reader may analyse its round. */
Err desk_asked(Ctx *c, DeskQuery *q, Round *r)
{
    desk_query_read(query_field, c, q);
    TRY(round_by_code(c->db, c->arena, q->round, r));
    TRY(right_need(c, RIGHT_ANALYSIS_READ, r->owner));
    TRY(desk_may_compare(c, q));
    return complete(c, r, q);
}

/* ---- Pages ------------------------------------------------------------------------------------------------------------------ */

static Err show(Ctx *c, DeskPage *v)
{
    page_crumb(c, text_of(c->lang, "desk.title"), S(""));
    v->token = form_token(c);
    Out o = page_begin(c, text_of(c->lang, "desk.title"));
    desk_page_view(&o, v);
    if (v->figures)
        desk_save_form_view(&o, v->query, v->token);
    return page_end(c, &o);
}

static Err desk_page(Ctx *c)
{
    DeskPage  v = { 0 };
    DeskQuery q;
    DeskTable t;
    Rounds    rounds = { 0 };
    TRY(rounds_of(c, &rounds));
    desk_query_read(query_field, c, &q);
    const Round *r = q.round.len ? round_named(&rounds, q.round) : first_round(&rounds);
    if (q.round.len && !r)
        return err_new(c->arena, ERR_NOT_FOUND, S("round"));
    if (!r)
        return show(c, &v);
    if (q.with.len && !round_named(&rounds, q.with))
        q.with = S("");
    TRY(complete(c, r, &q));
    TRY(fill_form(c, &rounds, r, &q, &v));
    DeskAsk x = desk_ask(c);
    TRY(desk_table(&x, &q, &t));
    v.t       = &t;
    v.query   = desk_query_text(c->arena, &q);
    v.figures = !t.problem.len;
    v.finding = v.figures ? desk_finding(c->arena, c->lang, &t) : S("");
    if (r->submissions > DESK_NOW && (t.old || !v.figures))
        v.refresh = S("/console/analysis/refresh");
    c->page.simulated = r->simulated;
    return show(c, &v);
}

/* Without a table the desk itself says what is missing. */
static Err table_file(Ctx *c, DeskTable *t, bool *out_none)
{
    DeskQuery q;
    Round     r;
    *out_none = true;
    if (!query_str(c, "round").len)
        return redirect(c, S("/console/analysis"));
    TRY(desk_asked(c, &q, &r));
    DeskAsk x = desk_ask(c);
    TRY(desk_table(&x, &q, t));
    *out_none = t->problem.len != 0;
    return *out_none ? redirect(c, str_concat(c->arena, S("/console/analysis?"), desk_query_text(c->arena, &q))) : OK;
}

static Err csv_page(Ctx *c)
{
    DeskTable t;
    bool      none;
    TRY(table_file(c, &t, &none));
    if (none)
        return OK;
    Buf b = buf_new(c->arena, 1 << 16);
    desk_csv(&b, &t, c->lang);
    return answer_file(c, S("text/csv; charset=utf-8"), str_concat(c->arena, t.round.code, S("-phan-tich.csv")), buf_str(&b));
}

static Err xlsx_page(Ctx *c)
{
    DeskTable t;
    Str       bytes;
    bool      none;
    TRY(table_file(c, &t, &none));
    if (none)
        return OK;
    TRY(desk_xlsx(c->arena, &t, c->lang, &bytes));
    return answer_file(c, S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                       str_concat(c->arena, t.round.code, S("-phan-tich.xlsx")), bytes);
}

static Err refresh_action(Ctx *c)
{
    Round r;
    JobId id;
    TRY(round_by_code(c->db, c->arena, form_str(c, "round"), &r));
    TRY(right_need(c, RIGHT_ANALYSIS_READ, r.owner));
    TRY(job_add(c, &(JobOrder){ .kind = desk_snapshot_job.name, .args = arena_fmt(c->arena, "{\"round\":%lld}", (long long)r.id.v),
                                .subject = round_title(&r, c->lang), .unit = r.owner }, &id));
    return job_show(c, id);
}

const Route desk_console_routes[] = {
    { GET,  "/analysis",            RIGHT_ANALYSIS_READ, desk_page, 0 },
    { GET,  "/analysis/table.csv",  RIGHT_ANALYSIS_READ, csv_page, 0 },
    { GET,  "/analysis/table.xlsx", RIGHT_ANALYSIS_READ, xlsx_page, 0 },
    { GET,  "/analysis/why",        RIGHT_ANALYSIS_READ, desk_why_page, 0 },
    { POST, "/analysis/refresh",    RIGHT_ANALYSIS_READ, refresh_action, 0 },
    { GET,  "/analysis/tables",             RIGHT_ANALYSIS_READ, desk_saved_page, 0 },
    { POST, "/analysis/tables",             RIGHT_ANALYSIS_READ, desk_save_action, 0 },
    { GET,  "/analysis/tables/{id}",        RIGHT_ANALYSIS_READ, desk_saved_one_page, 0 },
    { POST, "/analysis/tables/{id}",        RIGHT_ANALYSIS_READ, desk_saved_one_action, 0 },
    { GET,  "/analysis/tables/{id}/remove", RIGHT_ANALYSIS_READ, desk_saved_remove_page, 0 },
    { POST, "/analysis/tables/{id}/remove", RIGHT_ANALYSIS_READ, desk_saved_remove_action, 0 },
    { 0 },
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Weights of a round in the console: the recipe in force, its preview, changing and removing it. */
#include "edition/weighting_view.h"

#include "edition_weights.html.h"

#include "field/field.h"

#include <math.h>

enum { PREVIEW_MOST = 100000 };      /* answers read in one request */
enum { CLASSES_SHOWN = 200 };

static Err load_round(Ctx *c, Right right, Round *out)
{
    TRY(round_load(c->db, c->arena, (RoundId){ path_int(c, "id") }, out));
    return right_need(c, right, out->owner);
}

/* Makes the weights of v->w without keeping them; what is shown of them is copied out of the working memory. */
static Err preview(Ctx *c, const FormProgram *p, WeightsView *v)
{
    Dataset      d;
    WeightReport r;
    Arena        work = arena_open((size_t)1 << 30);
    Err e = weighting_dataset(c->db, &work, c->app, p, v->round, &v->w, &d, &r);
    if (e) {
        e = err_new(c->arena, e->kind, e->detail);
    } else {
        v->report       = r;
        v->report.cells.at = arena_new(c->arena, WeightCell, r.cells.len + 1);
        if (r.cells.len)
            memcpy(v->report.cells.at, r.cells.at, r.cells.len * sizeof *r.cells.at);
        v->report.cells.cap = r.cells.len + 1;
        v->report.faults    = (MarginFaults){ 0 };
        for (size_t i = 0; i < r.faults.len; i++)
            *list_add(c->arena, &v->faults) = weighting_fault_text(c->arena, c->lang, &r.faults.at[i]);
        v->report.classes = (ResponseClasses){ 0 };
        for (size_t i = 0; i < r.classes.len && i < CLASSES_SHOWN; i++) {
            ResponseClass *x = list_add(c->arena, &v->report.classes);
            *x      = r.classes.at[i];
            x->name = arena_str(c->arena, x->name);
        }
        for (size_t i = 0; i < r.margins; i++)
            v->report.question[i] = arena_str(c->arena, r.question[i]);
        v->report.alike_text = arena_str(c->arena, r.alike_text);
        v->ready = r.faults.len == 0;
    }
    arena_close(&work);
    return e;
}

static void choices(Ctx *c, const FormProgram *p, WeightsView *v)
{
    for (int s = 0; s < SOURCE_COUNT; s++) {
        Str code = source_code((SampleSource)s);
        if (s == SOURCE_SIMULATED && !v->round->simulated)
            continue;
        Str key = str_concat(c->arena, S("weights.design."), code);
        *list_add(c->arena, &v->designs) = (Choice){ .value = code, .label = text_find(c->lang, key), .chosen = v->w.design == (SampleSource)s,
                                                     .hint = text_find(c->lang, str_concat(c->arena, key, S(".hint"))) };
    }
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        bool names = (n->type == Q_SELECT_ONE || n->type == Q_TEXT) && n->role != QR_SATISFACTION && !str_eq(n->name, v->round->unit_question);
        if (n->answer >= 0 && names)
            *list_add(c->arena, &v->units) = (Choice){ .value = n->name, .label = form_label_plain(c->arena, p, (int)i, c->lang),
                                                       .chosen = str_eq(n->name, v->w.units) };
    }
}

/* Classes of non-response that the round's sample can make; none without fieldwork. */
static Err response_choices(Ctx *c, WeightsView *v)
{
    StrList columns = { 0 };
    bool    any;
    TRY(case_columns(c->db, c->arena, v->round->id, &columns, &any));
    if (!any)
        return OK;
    for (size_t i = 0; i < columns.len + 2; i++) {
        Str value = i == 0 ? S("stratum") : i == 1 ? S("unit") : str_concat(c->arena, S("column:"), columns.at[i - 2]);
        Str label = i == 0 ? text_of(c->lang, "weights.response.stratum") : i == 1 ? text_of(c->lang, "weights.response.unit")
                          : text_fmt(c->arena, c->lang, "weights.response.column", ARG_S("name", columns.at[i - 2]));
        *list_add(c->arena, &v->responses) = (Choice){ .value = value, .label = label, .chosen = str_eq(value, v->w.response) };
    }
    return OK;
}

/* The plan with every question that weights can be raked to. */
static Err plan_groups(Ctx *c, const FormProgram *p, const Round *r, Dataset *out)
{
    TRY(dataset_plan(c->db, c->arena, p, r->method, r->unit_question, out));
    for (size_t i = 0; i < p->nodes.len; i++) {
        Breakdown b;
        if (p->nodes.at[i].name.len && !str_eq(p->nodes.at[i].name, r->unit_question) && breakdown_plan(c->arena, p, p->nodes.at[i].name, &b))
            *list_add(c->arena, &out->groups) = b;
    }
    return OK;
}

static Err show(Ctx *c, const FormProgram *p, WeightsView *v, int status)
{
    Dataset plan;
    Str     title = text_of(c->lang, "weights.title");
    TRY(weighting_published(c->db, c->arena, v->round->id, &v->published));
    TRY(weighting_versions(c->db, c->arena, v->round->id, &v->versions));
    TRY(plan_groups(c, p, v->round, &plan));
    v->domains    = &plan;
    v->action     = arena_fmt(c->arena, "/console/rounds/%lld/weights", (long long)v->round->id.v);
    v->back       = arena_fmt(c->arena, "/console/rounds/%lld", (long long)v->round->id.v);
    v->token      = form_token(c);
    v->may_change = right_has(c, RIGHT_ROUND_MANAGE, v->round->owner);
    choices(c, p, v);
    TRY(response_choices(c, v));
    page_crumb(c, text_of(c->lang, "web.nav.console.rounds"), S("/console/rounds"));
    page_crumb(c, round_title(v->round, c->lang), v->back);
    page_crumb(c, title, S(""));
    c->page.simulated = v->round->simulated;
    Out o = page_begin(c, title);
    edition_weights_view(&o, v);
    return page_end_status(c, &o, status);
}

/* Weighting stands on the provinces of a questionnaire with satisfaction items. */
static Str barred(Ctx *c, const FormProgram *p, const Round *r)
{
    Dataset plan;
    if (dataset_plan(c->db, c->arena, p, r->method, r->unit_question, &plan) || plan.domains.len < 2)
        return text_of(c->lang, "weights.barred");
    return S("");
}

static Err open_round(Ctx *c, Right right, Round *r, const FormProgram **p, Str *out_barred)
{
    TRY(load_round(c, right, r));
    TRY(form_program(c->db, c->store, c->arena, r->form, p));
    *out_barred = barred(c, *p, r);
    return OK;
}

static Err leave(Ctx *c, const Round *r, NoticeKind kind, Str text)
{
    return redirect_notice(c, arena_fmt(c->arena, "/console/rounds/%lld%s", (long long)r->id.v, kind == NOTICE_OK ? "/weights" : ""), kind, text);
}

static Err weights_page(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    Str                no;
    TRY(open_round(c, RIGHT_ROUND_READ, &r, &p, &no));
    if (no.len)
        return leave(c, &r, NOTICE_WARN, no);
    WeightsView v = { .round = &r };
    TRY(weighting_current(c->db, c->arena, r.id, &v.w));
    v.newest = v.w.version;
    if (query_int(c, "version", 0))
        TRY(weighting_version(c->db, c->arena, r.id, (int)query_int(c, "version", 0), &v.w));
    v.cap = v.w.cap > 0 ? real_text(c->arena, c->lang, v.w.cap, 1) : S("");
    v.large = r.submissions > PREVIEW_MOST;
    if (v.w.version && r.submissions && !v.large)
        TRY(preview(c, p, &v));
    return show(c, p, &v, 200);
}

/* An uploaded file stands in place of what was typed. */
static void read_margins(Ctx *c, const Dataset *plan, WeightsView *v, MarginFaults *faults)
{
    const HttpPart *part = form_file(c, "file");
    Str             text;
    if (part && part->size > 2 << 20) {
        field_error(c, &v->errors, S("file"), text_of(c->lang, "weights.error.long"));
        return;
    }
    if (part && part->size) {
        if (margins_file(c->arena, part_bytes(c->arena, part), &text)) {
            field_error(c, &v->errors, S("file"), text_of(c->lang, "weights.error.file"));
            return;
        }
        v->w.margins_csv = text;
    }
    if (v->w.margins_csv.len > 65536)
        field_error(c, &v->errors, S("margins"), text_of(c->lang, "weights.error.long"));
    else if (v->w.margins_csv.len)
        margins_parse(c->arena, v->w.margins_csv, plan, &v->w.margins, faults);
}

static Err read_form(Ctx *c, const FormProgram *p, WeightsView *v)
{
    Dataset      plan;
    MarginFaults faults = { 0 };
    TRY(plan_groups(c, p, v->round, &plan));
    v->w = (Weighting){ .version = 1, .units = form_str(c, "units"), .margins_csv = form_str(c, "margins"), .source = str_take(form_str(c, "source"), 400),
                        .made_at = c->now, .made_by = c->session.person };
    v->cap = form_str(c, "cap");
    if (!source_parse(form_str(c, "design"), &v->w.design) || (v->w.design == SOURCE_SIMULATED && !v->round->simulated))
        field_error(c, &v->errors, S("design"), text_of(c->lang, "weights.error.design"));
    if (v->cap.len && (!real_parse_typed(c->lang, v->cap, &v->w.cap) || !(v->w.cap > 1 && v->w.cap <= 1000)))
        field_error(c, &v->errors, S("cap"), text_of(c->lang, "weights.error.cap"));
    if (v->w.units.len && form_find(p, v->w.units) < 0)
        field_error(c, &v->errors, S("units"), text_of(c->lang, "weights.error.units"));
    if (v->w.design != SOURCE_STATED)
        v->w.units = S("");
    v->w.response = form_str(c, "response");
    if (v->w.response.len > 200 || (v->w.response.len && !str_eq(v->w.response, S("stratum")) && !str_eq(v->w.response, S("unit")) &&
                                    !str_starts(v->w.response, S("column:"))))
        field_error(c, &v->errors, S("response"), text_of(c->lang, "weights.error.response"));
    else if (v->w.response.len && v->w.design != SOURCE_SAMPLE)
        field_error(c, &v->errors, S("response"), text_of(c->lang, "weights.error.response-sample"));
    read_margins(c, &plan, v, &faults);
    if (v->w.margins.len && !v->w.source.len)
        field_error(c, &v->errors, S("source"), text_of(c->lang, "weights.error.source"));
    for (size_t i = 0; i < faults.len; i++)
        *list_add(c->arena, &v->faults) = weighting_fault_text(c->arena, c->lang, &faults.at[i]);
    if (faults.len)
        field_error(c, &v->errors, S("margins"), text_of(c->lang, "weights.error.margins"));
    return OK;
}

/* What was typed is checked and tried; *out_keep: it is fine and to be kept, else the page that shows it is the answer. */
static Err weights_try(Ctx *c, Round *r, WeightsView *v, bool *out_keep)
{
    const FormProgram *p;
    Str                no;
    TRY(open_round(c, RIGHT_ROUND_MANAGE, r, &p, &no));
    if (no.len)
        return leave(c, r, NOTICE_WARN, no);
    *v = (WeightsView){ .round = r, .typed = true, .large = r->submissions > PREVIEW_MOST };
    TRY(read_form(c, p, v));
    if (v->errors.len == 0 && r->submissions && !v->large)
        TRY(preview(c, p, v));
    if (v->faults.len && v->errors.len == 0)
        field_error(c, &v->errors, S("margins"), text_of(c->lang, "weights.error.margins"));
    *out_keep = !v->errors.len && !str_eq(form_str(c, "act"), S("preview"));
    return *out_keep ? OK : show(c, p, v, v->errors.len ? 422 : 200);
}

static Err weights_keep(Ctx *c, Weighting *w)
{
    Round r;
    TRY(load_round(c, RIGHT_ROUND_MANAGE, &r));
    TRY(weighting_add(c->db, c->arena, r.id, w));
    TRY(audit_add(c, S("weights.save"), S("round"), r.id.v, r.owner, arena_fmt(c->arena, "{\"version\":%d}", w->version)));
    return leave(c, &r, NOTICE_OK, text_of(c->lang, "weights.saved"));
}

/* Trying reads all answers of the round: answers go on being stored meanwhile. */
static Err weights_action(Ctx *c)
{
    Round       r;
    WeightsView v;
    bool        keep = false;
    TRY(db_begin_read(c->db));
    Err e = weights_try(c, &r, &v, &keep);
    db_rollback(c->db);
    if (e || !keep)
        return e;
    TRY(db_begin_write(c->db));
    TRY(weights_keep(c, &v.w));
    return db_commit(c->db);
}

static Err remove_action(Ctx *c)
{
    Round r;
    bool  published;
    TRY(load_round(c, RIGHT_ROUND_MANAGE, &r));
    TRY(weighting_published(c->db, c->arena, r.id, &published));
    if (published)
        return leave(c, &r, NOTICE_WARN, text_of(c->lang, "weights.kept"));
    TRY(weightings_remove(c->db, c->arena, r.id));
    TRY(audit_add(c, S("weights.remove"), S("round"), r.id.v, r.owner, S("")));
    return leave(c, &r, NOTICE_OK, text_of(c->lang, "weights.removed"));
}

const Route weighting_routes[] = {
    { GET, "/rounds/{id}/weights", RIGHT_ROUND_READ, weights_page, 0 },
    { POST, "/rounds/{id}/weights", RIGHT_ROUND_MANAGE, weights_action, ROUTE_NO_TX | ROUTE_UPLOAD },
    { POST, "/rounds/{id}/weights/remove", RIGHT_ROUND_MANAGE, remove_action, 0 },
    { 0 },
};

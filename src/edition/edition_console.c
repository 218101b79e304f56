/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Console pages of editions: live results of a round, publishing, correcting, the list. */
#include "edition/parts.h"
#include "view/component.h"

#include "edition_console.html.h"

static Str round_path(Ctx *c, const Round *r, const char *tail)
{
    return arena_fmt(c->arena, "/console/rounds/%lld%s", (long long)r->id.v, tail);
}

static Err load_round(Ctx *c, Right right, Round *out)
{
    TRY(round_load(c->db, c->arena, (RoundId){ path_int(c, "id") }, out));
    return right_need(c, right, out->owner);
}

static void crumbs(Ctx *c, const Round *r, Str title)
{
    page_crumb(c, text_of(c->lang, "web.nav.console.rounds"), S("/console/rounds"));
    page_crumb(c, round_title(r, c->lang), round_path(c, r, ""));
    page_crumb(c, title, S(""));
}

/* From packed counters only: this page never reads answers. */
static Err live_page(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    Dataset            d;
    ResultsView        v;
    TRY(load_round(c, RIGHT_ROUND_READ, &r));
    TRY(form_program(c->db, c->store, c->arena, r.form, &p));
    Err e = live_dataset(c->db, c->arena, c->app, p, &r, &d);
    if (err_is(e, ERR_CONFLICT))                            /* no item that figures are made of: nobody changed anything */
        return redirect_notice(c, round_path(c, &r, ""), NOTICE_WARN, text_of(c->lang, "editions.error.items"));
    TRY(e);
    Figures f;
    TRY(figures_compute(c->arena, &d, &f));
    Date    on   = round_day(&r);
    Str     note = text_of(c->lang, "results.note.live");
    TRY(results_view(c->db, c->arena, c->lang, &f, r.method, r.unit_question, on, NULL, note, round_path(c, &r, "/results.csv"), &v));
    v.simulated = c->page.simulated = r.simulated;
    crumbs(c, &r, text_of(c->lang, "editions.live.title"));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "editions.live.page", ARG_S("title", round_title(&r, c->lang))));
    LivePage page = { .round = &r, .publish_href = round_path(c, &r, "/publish"),
                      .may_publish = round_state_at(&r, c->now) == ROUND_CLOSED && right_has(c, RIGHT_ROUND_PUBLISH, r.owner) };
    edition_live_view(&o, &page, &v);
    if (r.submissions)
        results_charts(&o, &v);
    return page_end(c, &o);
}

static Err live_csv(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    Dataset            d;
    TRY(load_round(c, RIGHT_ROUND_READ, &r));
    TRY(form_program(c->db, c->store, c->arena, r.form, &p));
    TRY(live_dataset(c->db, c->arena, c->app, p, &r, &d));
    Figures f;
    TRY(figures_compute(c->arena, &d, &f));
    Buf     b = buf_new(c->arena, 1 << 18);
    csv_bom(&b);
    figures_csv(&b, &f);
    return answer_file(c, S("text/csv; charset=utf-8"), str_concat(c->arena, r.code, S("-live.csv")), buf_str(&b));
}

typedef struct PublishForm { const Round *round; const EditionRow *last; Str reason, typed, method; const FieldErrors *errors; } PublishForm;

/* One page serves the first edition and a correction: what happens, to how many, and that it cannot be undone. */
static Err publish_form(Ctx *c, PublishForm *x, int status)
{
    TRY(method_title_of(c->db, c->arena, c->lang, x->round->method, &x->method));
    const Round *r   = x->round;
    bool         fix = x->last != NULL;
    int          number = fix ? x->last->number + 1 : 1;
    Str title = fix ? text_of(c->lang, "editions.correct.title") : text_of(c->lang, "editions.publish.title");
    SummaryRow rows[] = {
        { .key = text_of(c->lang, "editions.round"), .value = round_title(r, c->lang) },
        { .key = text_of(c->lang, "results.n"), .value = num_text(c->arena, c->lang, r->submissions) },
        { .key = text_of(c->lang, "results.edition"), .value = text_fmt(c->arena, c->lang, "results.edition-n", ARG_N("number", number)) },
        { .key = text_of(c->lang, "results.method"), .value = x->method },
    };
    ConfirmPage p = {
        .title = title, .text = fix ? text_of(c->lang, "editions.correct.text") : text_of(c->lang, "editions.publish.text"),
        .warning = text_of(c->lang, "editions.forever"), .rows = rows, .n = COUNT_OF(rows),
        .action = fix ? arena_fmt(c->arena, "/console/editions/%lld/correct", (long long)x->last->id.v) : round_path(c, r, "/publish"),
        .token = form_token(c), .back_href = fix ? S("/console/editions") : round_path(c, r, ""),
        .button = fix ? text_of(c->lang, "editions.correct.button") : text_of(c->lang, "editions.publish.button"),
        .ask_reason = fix, .reason = x->reason, .type_name = r->code, .typed = x->typed, .errors = x->errors,
    };
    crumbs(c, r, title);
    Out o = page_begin(c, title);
    confirm_page(&o, &p);
    return page_end_status(c, &o, status);
}

static Err check_publish(Ctx *c, PublishForm *x, FieldErrors *errors)
{
    x->reason = form_str(c, "reason");
    x->typed  = form_str(c, "typed");
    if (x->last && x->reason.len == 0)
        field_error(c, errors, S("reason"), text_of(c->lang, "editions.error.reason"));
    if (!str_eq(x->typed, x->round->code))
        field_error(c, errors, S("typed"), text_fmt(c->arena, c->lang, "editions.error.typed", ARG_S("name", x->round->code)));
    x->errors = errors;
    return OK;
}

/* As a job: some hundred thousand answers are too much for a request. */
static Err do_publish(Ctx *c, const PublishForm *x)
{
    JobId id;
    Buf   args = buf_new(c->arena, 128);
    buf_fmt(&args, "{\"round\":%lld,\"reason\":", (long long)x->round->id.v);
    buf_json_str(&args, x->reason);
    buf_byte(&args, '}');
    JobOrder order = { .kind = x->last ? edition_correct_job.name : edition_publish_job.name, .args = buf_str(&args),
                       .subject = round_title(x->round, c->lang), .unit = x->round->owner };
    TRY(job_add(c, &order, &id));
    return job_show(c, id);
}

/* Why a round cannot be published for the first time; empty when it can. */
static Err publish_barred(Ctx *c, const Round *r, Str *out)
{
    const FormProgram *p;
    Dataset            d;
    *out = round_state_at(r, c->now) != ROUND_CLOSED ? text_of(c->lang, "editions.error.state")
         : !r->submissions ? text_of(c->lang, "editions.error.none") : S("");
    if (out->len)
        return OK;
    TRY(form_program(c->db, c->store, c->arena, r->form, &p));
    Err e = dataset_plan(c->db, c->arena, p, r->method, r->unit_question, &d);
    if (!err_is(e, ERR_CONFLICT))
        return e;
    *out = text_of(c->lang, "editions.error.items");
    return OK;
}

static Err publish_page(Ctx *c)
{
    Round r;
    TRY(load_round(c, RIGHT_ROUND_PUBLISH, &r));
    Str barred;
    TRY(publish_barred(c, &r, &barred));
    if (barred.len)
        return redirect_notice(c, round_path(c, &r, ""), NOTICE_WARN, barred);
    return publish_form(c, &(PublishForm){ .round = &r }, 200);
}

static Err publish_action(Ctx *c)
{
    Round       r;
    FieldErrors errors = { 0 };
    TRY(load_round(c, RIGHT_ROUND_PUBLISH, &r));
    Str barred;
    TRY(publish_barred(c, &r, &barred));
    if (barred.len)
        return redirect_notice(c, round_path(c, &r, ""), NOTICE_WARN, barred);
    PublishForm x = { .round = &r };
    TRY(check_publish(c, &x, &errors));
    return errors.len ? publish_form(c, &x, 422) : do_publish(c, &x);
}

static Err load_last(Ctx *c, EditionRow *e, Round *r)
{
    TRY(edition_load(c->db, c->arena, (EditionId){ path_int(c, "id") }, e));
    TRY(round_load(c->db, c->arena, e->round, r));
    TRY(right_need(c, RIGHT_EDITION_CORRECT, r->owner));
    return e->superseded_by.v ? err_new(c->arena, ERR_CONFLICT, S("a later edition stands already")) : OK;
}

static Err correct_page(Ctx *c)
{
    EditionRow e;
    Round      r;
    TRY(load_last(c, &e, &r));
    return publish_form(c, &(PublishForm){ .round = &r, .last = &e }, 200);
}

static Err correct_action(Ctx *c)
{
    EditionRow  e;
    Round       r;
    FieldErrors errors = { 0 };
    TRY(load_last(c, &e, &r));
    PublishForm x = { .round = &r, .last = &e };
    TRY(check_publish(c, &x, &errors));
    return errors.len ? publish_form(c, &x, 422) : do_publish(c, &x);
}

static Err list_page(Ctx *c)
{
    EditionRows all, mine = { 0 };
    TRY(edition_list(c->db, c->arena, &all));
    bool *fix = arena_new(c->arena, bool, all.len);
    for (size_t i = 0; i < all.len; i++) {
        Round r;
        TRY(round_load(c->db, c->arena, all.at[i].round, &r));
        if (!right_has(c, RIGHT_EDITION_READ, r.owner))
            continue;
        fix[mine.len] = !all.at[i].superseded_by.v && right_has(c, RIGHT_EDITION_CORRECT, r.owner);
        *list_add(c->arena, &mine) = all.at[i];
    }
    Out o = page_begin(c, text_of(c->lang, "web.nav.console.editions"));
    edition_console_view(&o, &mine, fix);
    return page_end(c, &o);
}

const Route edition_console_routes[] = {
    { GET, "/editions", RIGHT_EDITION_READ, list_page, 0 },
    { GET, "/editions/{id}/correct", RIGHT_EDITION_CORRECT, correct_page, ROUTE_CONFIRM },
    { POST, "/editions/{id}/correct", RIGHT_EDITION_CORRECT, correct_action, ROUTE_CONFIRM },
    { GET, "/rounds/{id}/results", RIGHT_ROUND_READ, live_page, 0 },
    { GET, "/rounds/{id}/results.csv", RIGHT_ROUND_READ, live_csv, 0 },
    { GET, "/rounds/{id}/publish", RIGHT_ROUND_PUBLISH, publish_page, ROUTE_CONFIRM },
    { POST, "/rounds/{id}/publish", RIGHT_ROUND_PUBLISH, publish_action, ROUTE_CONFIRM },
    { 0 },
};

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The machine at a desk: /k/{key}. One tap stores the rating, reasons may follow, then the start again. The key in the address is all
 * that is asked for; no cookie is read or set, so that nothing of a visitor stays on the machine. */
#include "collect/desk.h"
#include "desk_more.html.h"
#include "desk_shut.html.h"
#include "desk_start.html.h"
#include "desk_thanks.html.h"

static Str desk_path(const Ctx *c, const char *rest)
{
    return arena_fmt(c->arena, "/k/%.*s%s", STR_ARG(path_str(c, "key")), rest);
}

static Err desk_open(Ctx *c, Desk *d, Respond *r)
{
    Round round;
    TRY(desk_by_key(c->db, c->arena, collect_keys(c->app), path_str(c, "key"), d));
    TRY(round_load(c->db, c->arena, d->round, &round));
    *list_add(c->arena, &c->params) = (HttpField){ S("round"), round.code };
    TRY(respond_open(c, r));
    c->page.kind  = PAGE_DESK;
    c->page.theme = S("light");              /* whatever somebody chose on this machine before */
    return OK;
}

static bool gate_shut(const Respond *r)
{
    return round_gate(&r->info->round, CONTRIBUTION_START, r->c->now) != GATE_OPEN;
}

static Err shut(Respond *r)
{
    Ctx         *c = r->c;
    DeskShutView v = { .start = site_path(c, desk_path(c, "")), .paused = round_gate(&r->info->round, CONTRIBUTION_START, c->now) == GATE_PAUSED };
    c->page.reload = arena_fmt(c->arena, "60;url=%.*s", STR_ARG(v.start));
    if (v.paused)
        answer_header(c, S("retry-after"), S("600"));
    Out o = page_begin(c, v.paused ? text_of(c->lang, "collect.desk.shut.paused") : text_of(c->lang, "collect.desk.shut.closed"));
    desk_shut(&o, &v);
    answer_header(c, S("cache-control"), S("no-store"));
    return page_end_status(c, &o, v.paused ? 503 : 410);
}

/* ---- The start: one question, one tap ---------------------------------------------------------------------------------------- */

/* Faces for levels alone: they follow the values of the choices, or their order where they have none. */
static void rating_choices(Ctx *c, const FormProgram *p, int node, DeskView *v)
{
    const FormList *list = &p->lists.at[p->nodes.at[node].list];
    int    n = 0, at = 0;
    double low = 0, high = 0;
    for (size_t i = 0; i < list->choices.len; i++) {
        const FormChoice *k = &list->choices.at[i];
        n += k->missing == CHOICE_PLAIN;
        if (k->missing == CHOICE_PLAIN && (n == 1 || k->value < low)) low = k->value;
        if (k->missing == CHOICE_PLAIN && (n == 1 || k->value > high)) high = k->value;
    }
    QuestionRole role = p->nodes.at[node].role;
    v->faces = n >= 2 && n <= 5 && (role == QR_NONE ? high > low : role == QR_SATISFACTION || role == QR_PERCEPTION || role == QR_EXPECTATION);
    for (size_t i = 0; i < list->choices.len; i++) {
        const FormChoice *k     = &list->choices.at[i];
        DeskChoice        one   = { .value = k->name, .label = k->label[c->lang].len ? k->label[c->lang] : k->label[LANG_VI], .level = -1 };
        double            share = high > low ? (k->value - low) / (high - low) : n > 1 ? (double)at / (n - 1) : 0;
        if (k->missing != CHOICE_PLAIN) {
            *list_add(c->arena, &v->apart) = one;
            continue;
        }
        one.level = v->faces ? (int)(share * 4 + 0.5) : -1;
        *list_add(c->arena, &v->choices) = one;
        at++;
    }
}

static Err desk_start_page(Ctx *c)
{
    Respond r;
    Desk    d;
    TRY(desk_open(c, &d, &r));
    if (gate_shut(&r))
        return shut(&r);
    int node = form_find(r.program, d.rating);
    if (node < 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("rating"));
    DeskView v = { .r = &r, .desk = &d, .title = round_title(&r.info->round, c->lang), .question = form_label(r.program, node, c->lang),
                   .action = site_path(c, desk_path(c, "/tap")), .visit = uuid_v4(c->arena), .start = site_path(c, desk_path(c, "")),
                   .alive = desk_path(c, "/alive") };
    rating_choices(c, r.program, node, &v);
    Out o = page_begin(c, v.question);
    desk_start(&o, &v);
    answer_header(c, S("cache-control"), S("no-store"));
    return page_end(c, &o);
}

static Err make_draft(Ctx *c, Respond *r, const Desk *d, int node, Str visit, Str value, Draft *out)
{
    const CollectKeys *k = collect_keys(c->app);
    form_begin(r->program, c->arena, &r->x, c->now);
    desk_answers(c->arena, r->program, d, &r->x);
    form_put(r->program, c->arena, &r->x, c->now, node, 0, value);
    *out = (Draft){ .round = d->round, .form = r->info->round.form, .channel = CHANNEL_KIOSK, .started_at = c->now, .saved_at = c->now,
                    .answers_json = draft_json(c->arena, r->program, &r->x, &r->typed), .page = S(""), .desk = d->id, .visit = visit };
    return draft_create(c->db, c->arena, out, desk_draft_hash(k, d, visit), keyed_hash(k->resume, d->id, visit));
}

/* The rating is kept before anything else; a second tap of the same visit finds the first. */
static Err keep_tap(Ctx *c, Respond *r, const Desk *d, int node, Draft *out, bool *out_sent)
{
    const CollectKeys *k = collect_keys(c->app);
    Str         visit = form_str(c, "visit");
    Submission  probe = { .info = r->info, .keys = k, .key = instance_key(c->arena, k, &r->info->round, visit) };
    SubmitOutcome known = SUBMIT_WAITING;
    Err e = draft_of_visit(c->db, c->arena, k, d, visit, out);
    *out_sent = false;
    if (!err_is(e, ERR_NOT_FOUND))
        return e;
    TRY(submission_known(c->db, &probe, &known));
    *out_sent = known != SUBMIT_WAITING;
    return *out_sent ? OK : make_draft(c, r, d, node, visit, form_str(c, "value"), out);
}

/* Pages of the questions that follow and are asked now. */
static void follow_pages(Ctx *c, const Respond *r, const Desk *d, DeskMoreView *v)
{
    for (Str rest = d->follow; rest.len;) {
        StrPair cut  = str_cut(rest, ' ');
        int     node = form_find(r->program, cut.head), page = node < 0 ? -1 : form_page_of(r->program, node);
        rest         = cut.tail;
        bool have    = page < 0 || !form_relevant(r->program, *c->arena, &r->x, c->now, page);
        for (size_t i = 0; i < v->pages.len; i++)
            have |= v->pages.at[i] == page;
        if (!have)
            *list_add(c->arena, &v->pages) = page;
    }
}

static Err go(Ctx *c, const char *rest, Str visit)
{
    return redirect(c, arena_fmt(c->arena, "%.*s?v=%.*s", STR_ARG(desk_path(c, rest)), STR_ARG(visit)));
}

static Err send_now(Ctx *c, const Respond *r, const Draft *draft)
{
    SubmitOutcome outcome;
    TRY(desk_send(c->store, c->arena, c->app, r->info, draft, c->now, &outcome));
    return redirect(c, desk_path(c, "/thanks"));
}

static Err tap_locked(Ctx *c, Respond *r, Desk *d, Draft *draft, bool *out_sent, bool *out_shut)
{
    TRY(desk_open(c, d, r));
    int node  = form_find(r->program, d->rating);
    *out_shut = gate_shut(r) || node < 0 || !uuid_valid(form_str(c, "visit")) || !form_choice(r->program, node, form_str(c, "value"));
    if (*out_shut)
        return OK;
    TRY(desk_seen(c->db, d->id, c->now));
    TRY(keep_tap(c, r, d, node, draft, out_sent));
    if (!*out_sent)
        draft_read(c->arena, r->program, draft->answers_json, &r->x, &r->typed);
    return OK;
}

/* A tap that waited on the machine for the line comes with now=1: its visitor is gone, it is sent at once. */
static Err desk_tap_action(Ctx *c)
{
    Respond r;
    Desk    d;
    Draft   draft = { 0 };
    bool    sent = false, refused = false;
    DeskMoreView v = { 0 };
    if (!api_sends_left(c)) {
        answer_header(c, S("retry-after"), S("60"));
        return answer_json(c, 429, S("{\"error\":\"too_many\"}"));
    }
    TRY(db_begin_write(c->db));
    Err e = tap_locked(c, &r, &d, &draft, &sent, &refused);
    if (e) {
        db_rollback(c->db);
        return e;
    }
    TRY(db_commit(c->db));
    if (refused)
        return redirect(c, desk_path(c, ""));
    if (sent)
        return redirect(c, desk_path(c, "/thanks"));
    follow_pages(c, &r, &d, &v);
    return !v.pages.len || form_has(c, "now") ? send_now(c, &r, &draft) : go(c, "/more", form_str(c, "visit"));
}

/* ---- Reasons -------------------------------------------------------------------------------------------------------------------- */
static Err visit_open(Ctx *c, Respond *r, Desk *d, Str visit, Draft *draft, bool *out_gone)
{
    TRY(desk_open(c, d, r));
    Err e = draft_of_visit(c->db, c->arena, collect_keys(c->app), d, visit, draft);
    *out_gone = err_is(e, ERR_NOT_FOUND);
    if (*out_gone)
        return OK;
    TRY(e);
    draft_read(c->arena, r->program, draft->answers_json, &r->x, &r->typed);
    return OK;
}

/* After a refusal: what was typed and could not be read, and what is missing. */
static void more_faults(Ctx *c, const Respond *r, const DeskMoreView *v, AnswerIssues *issues)
{
    Str read;
    for (size_t i = 0; i < r->program->nodes.len; i++) {
        const FormNode *n     = &r->program->nodes.at[i];
        Str             typed = n->answer >= 0 ? r->typed.at[n->answer] : S("");
        AnswerFault     fault = typed.len ? form_answer_read(c->arena, r->program, (int)i, c->lang, typed, &read) : ANSWER_OK;
        if (fault != ANSWER_OK)
            form_issue_answer(r->program, c->arena, (int)i, fault, issues);
    }
    for (size_t i = 0; i < v->pages.len; i++)
        form_check(r->program, c->arena, &r->x, c->now, v->pages.at[i], issues);
}

static Err desk_more_page(Ctx *c)
{
    Respond      r;
    Desk         d;
    Draft        draft;
    bool         gone;
    AnswerIssues issues = { 0 };
    Str          visit  = query_str(c, "v");
    TRY(visit_open(c, &r, &d, visit, &draft, &gone));
    if (gone)
        return redirect(c, desk_path(c, "/thanks"));
    DeskMoreView v = { .r = &r, .visit = visit, .action = site_path(c, desk_path(c, "/more")), .start = site_path(c, desk_path(c, "")),
                       .alive = desk_path(c, "/alive"), .rated = form_answer_text(c->arena, r.program, form_find(r.program, d.rating), &r.x, c->lang) };
    follow_pages(c, &r, &d, &v);
    if (query_int(c, "e", 0))
        more_faults(c, &r, &v, &issues);
    for (size_t i = 0; i < issues.len; i++)
        field_error(c, &v.errors, form_control_id(c->arena, r.program, issues.at[i].node), issues.at[i].message[c->lang]);
    v.page        = respond_page_of(&r, &r.typed, &issues);
    v.page.files  = S("");
    v.page.inside = true;
    c->page.reload = arena_fmt(c->arena, "%d;url=%.*s", DESK_IDLE_S, STR_ARG(v.start));
    Out o = page_begin(c, text_of(c->lang, "collect.desk.more.title"));
    desk_more(&o, &v);
    answer_header(c, S("cache-control"), S("no-store"));
    return page_end(c, &o);
}

static Err more_locked(Ctx *c, Respond *r, Draft *draft, bool *out_gone, bool *out_faults)
{
    Desk         d;
    DeskMoreView v      = { 0 };
    AnswerIssues issues = { 0 };
    TRY(visit_open(c, r, &d, form_str(c, "visit"), draft, out_gone));
    *out_faults = false;
    if (*out_gone || form_has(c, "skip"))
        return OK;
    follow_pages(c, r, &d, &v);
    for (size_t i = 0; i < v.pages.len; i++)
        form_page_read(r->program, c->arena, c->lang, &c->req->form, c->now, v.pages.at[i], &r->x, &r->typed, &issues);
    *out_faults         = issues.len > 0;
    draft->answers_json = draft_json(c->arena, r->program, &r->x, &r->typed);
    draft->saved_at     = c->now;
    return draft_save(c->db, draft);
}

static Err desk_more_action(Ctx *c)
{
    Respond r;
    Draft   draft;
    bool    gone = false, faults = false;
    TRY(db_begin_write(c->db));
    Err e = more_locked(c, &r, &draft, &gone, &faults);
    if (e) {
        db_rollback(c->db);
        return e;
    }
    TRY(db_commit(c->db));
    if (gone)
        return redirect(c, desk_path(c, "/thanks?late=1"));
    if (faults)
        return redirect(c, arena_fmt(c->arena, "%.*s?e=1&v=%.*s", STR_ARG(desk_path(c, "/more")), STR_ARG(draft.visit)));
    return send_now(c, &r, &draft);
}

static Err desk_thanks_page(Ctx *c)
{
    Respond r;
    Desk    d;
    TRY(desk_open(c, &d, &r));
    DeskThanksView v = { .start = site_path(c, desk_path(c, "")), .late = query_int(c, "late", 0) != 0 };
    c->page.reload = arena_fmt(c->arena, "%d;url=%.*s", DESK_THANKS_S, STR_ARG(v.start));
    Out o = page_begin(c, text_of(c->lang, "collect.desk.thanks.title"));
    desk_thanks(&o, &v);
    return page_end(c, &o);
}

/* The machine is on, and perhaps somebody is writing. */
static Err desk_alive_action(Ctx *c)
{
    Desk  d;
    Draft draft;
    TRY(desk_by_key(c->db, c->arena, collect_keys(c->app), path_str(c, "key"), &d));
    TRY(desk_seen(c->db, d.id, c->now));
    if (uuid_valid(form_str(c, "visit"))) {
        Err e = draft_of_visit(c->db, c->arena, collect_keys(c->app), &d, form_str(c, "visit"), &draft);
        if (!e)
            e = draft_touch(c->db, draft.id, c->now);
        if (e && !err_is(e, ERR_NOT_FOUND))
            return e;
    }
    return answer_json(c, 200, S("{\"ok\":true}"));
}

const Route collect_desk_routes[] = {
    { GET,  "/k/{key}",        RIGHT_PUBLIC, desk_start_page,   ROUTE_RESPONDENT },
    { POST, "/k/{key}/tap",    RIGHT_PUBLIC, desk_tap_action,   ROUTE_RESPONDENT | ROUTE_API | ROUTE_NO_TX },
    { GET,  "/k/{key}/more",   RIGHT_PUBLIC, desk_more_page,    ROUTE_RESPONDENT },
    { POST, "/k/{key}/more",   RIGHT_PUBLIC, desk_more_action,  ROUTE_RESPONDENT | ROUTE_API | ROUTE_NO_TX },
    { GET,  "/k/{key}/thanks", RIGHT_PUBLIC, desk_thanks_page,  ROUTE_RESPONDENT },
    { POST, "/k/{key}/alive",  RIGHT_PUBLIC, desk_alive_action, ROUTE_RESPONDENT | ROUTE_API },
    { 0 },
};

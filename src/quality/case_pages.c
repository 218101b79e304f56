/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Re-checks for those who carry them out: what waits, and one case. The first answers are not loaded but for those that were
 * chosen to find the respondent by. */
#include "quality/console.h"
#include "recheck_case.html.h"
#include "recheck_cases.html.h"

enum { NOTE_MOST = 500, CHOICES_MOST = 100, CASES_A_PAGE = 100 };

typedef struct Desk { RecheckCase x; Recheck r; Round round; const FormProgram *p; FormAnswers answers, typed; } Desk;

static Checker checker_of(Ctx *c)
{
    return (Checker){ c->session.person, c->session.who.name, c->session.who.login };
}

/* ---- What waits ------------------------------------------------------------------------------------------------------- */

Err recheck_waiting(Ctx *c, int64_t most, int64_t *out)
{
    Checker      who = checker_of(c);
    RightScope   scope;
    RecheckCases rows;
    TRY(right_scope(c, RIGHT_RECHECK_DO, &scope));
    TRY(case_waiting(c->db, c->arena, &who, &scope, 0, most, &rows));
    *out = (int64_t)rows.len;
    return OK;
}

static Err cases_page(Ctx *c)
{
    CasesView    v     = { 0 };
    Checker      who   = checker_of(c);
    Recheck      r     = { 0 };
    Round        round = { 0 };
    RecheckCases rows;
    RightScope   scope;
    int64_t      page  = query_page(c);
    TRY(right_scope(c, RIGHT_RECHECK_DO, &scope));
    TRY(case_waiting(c->db, c->arena, &who, &scope, (page - 1) * CASES_A_PAGE, CASES_A_PAGE + 1, &rows));
    v.pager = (Pager){ S("/console/recheck?page="), page, page + (rows.len > CASES_A_PAGE) };
    for (size_t i = 0; i < rows.len && i < CASES_A_PAGE; i++) {
        const RecheckCase *x = &rows.at[i];
        if (x->recheck != r.id) {
            TRY(recheck_load(c->db, c->arena, x->recheck, &r));
            TRY(round_load(c->db, c->arena, r.round, &round));
        }
        *list_add(c->arena, &v.lines) = (CaseLine){ arena_fmt(c->arena, "%lld", (long long)x->number), round_title(&round, c->lang),
            unit_name_today(c, x->unit), arena_fmt(c->arena, "/console/recheck/cases/%lld", (long long)x->id), case_state_text(c->lang, x->state),
            recheck_mode_text(c->lang, r.mode), case_state_tag(x->state), case_state_icon(x->state) };
    }
    page_crumb(c, text_of(c->lang, "recheck.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "recheck.title"));
    recheck_cases_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One case ------------------------------------------------------------------------------------------------------------ */

static Err answers_load(Ctx *c, Desk *d)
{
    const Json *x, *t;
    TRY(json_parse(c->arena, d->x.answers, &x));
    TRY(json_parse(c->arena, d->x.typed, &t));
    form_answers_load(c->arena, d->p, x, &d->answers);
    form_answers_load(c->arena, d->p, t, &d->typed);
    return OK;
}

static Err desk_load(Ctx *c, Desk *d)
{
    TRY(case_load(c->db, c->arena, path_int(c, "id"), &d->x));
    TRY(recheck_load(c->db, c->arena, d->x.recheck, &d->r));
    TRY(round_load(c->db, c->arena, d->r.round, &d->round));
    TRY(right_need(c, RIGHT_RECHECK_DO, d->x.unit));
    Checker who = checker_of(c);
    if (!case_may_take(&d->x, &who))
        return err_new(c->arena, ERR_FORBIDDEN, S("somebody else checks this interview"));
    TRY(form_program(c->db, c->store, c->arena, d->round.form, &d->p));
    c->page.simulated = d->round.simulated;
    page_crumb(c, text_of(c->lang, "recheck.title"), S("/console/recheck"));
    return answers_load(c, d);
}

static Err shown_of(Ctx *c, const Desk *d, CaseView *v)
{
    RecordView  first;
    const Json *tree;
    FormAnswers x;
    Err         e = d->r.shown.len ? record_load(c->db, c->store, c->arena, d->x.submission, &first) : OK;
    if (!d->r.shown.len || err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    TRY(json_parse(c->arena, first.answers, &tree));
    form_answers_load(c->arena, d->p, tree, &x);
    for (Str rest = d->r.shown; rest.len;) {
        StrPair cut  = str_cut(rest, ' ');
        int     node = form_find(d->p, cut.head);
        if (node >= 0)
            *list_add(c->arena, &v->shown) = (SummaryRow){ .key = form_label_plain(c->arena, d->p, node, c->lang),
                                                           .value = form_answer_text(c->arena, d->p, node, &x, c->lang) };
        rest = cut.tail;
    }
    return OK;
}

static void question_of(Ctx *c, const Desk *d, int node, CaseView *v)
{
    const FormNode *n = &d->p->nodes.at[node];
    CaseQuestion   *q = list_add(c->arena, &v->questions);
    Str             x = d->answers.at[n->answer];
    *q = (CaseQuestion){ .f = { .name = arena_fmt(c->arena, "q.%.*s", STR_ARG(n->name)), .label = form_label_plain(c->arena, d->p, node, c->lang),
                                .optional = true },
                         .type = n->type, .value = x.len ? x : d->typed.at[n->answer] };
    q->f.error = field_error_of(&v->errors, q->f.name);
    for (size_t i = 0; n->list >= 0 && i < d->p->lists.at[n->list].choices.len && i < CHOICES_MOST; i++) {
        const FormChoice *k = &d->p->lists.at[n->list].choices.at[i];
        *list_add(c->arena, &q->choices) = (Choice){ .value = k->name, .label = k->label[c->lang].len ? k->label[c->lang] : k->label[LANG_VI],
                                                     .chosen = str_has_word(x, k->name) };
    }
}

static Err show(Ctx *c, const Desk *d, CaseView *v, int status)
{
    v->x        = &d->x;
    v->number   = arena_fmt(c->arena, "%lld", (long long)d->x.number);
    v->mode     = recheck_mode_text(c->lang, d->r.mode);
    v->token    = c->page.form_token;
    v->action   = arena_fmt(c->arena, "/console/recheck/cases/%lld", (long long)d->x.id);
    for (Str rest = d->r.questions; rest.len;) {
        StrPair cut  = str_cut(rest, ' ');
        int     node = form_find(d->p, cut.head);
        if (node >= 0 && d->p->nodes.at[node].answer >= 0)
            question_of(c, d, node, v);
        rest = cut.tail;
    }
    TRY(shown_of(c, d, v));
    c->page.error = v->errors.len > 0;
    page_crumb(c, text_fmt(c->arena, c->lang, "recheck.case.title", ARG_S("n", v->number)), S(""));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "recheck.case.title", ARG_S("n", v->number)));
    recheck_case_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err case_page(Ctx *c)
{
    Desk     d = { 0 };
    CaseView v = { 0 };
    TRY(desk_load(c, &d));
    v.note = d.x.note;
    return show(c, &d, &v, 200);
}

/* ---- Saving -------------------------------------------------------------------------------------------------------------- */

static Str sent_text(Ctx *c, const FormNode *n)
{
    StrList all;
    const char *name = arena_c(c->arena, arena_fmt(c->arena, "q.%.*s", STR_ARG(n->name)));
    if (n->type != Q_SELECT_MULTIPLE)
        return form_str(c, name);
    form_all(c, name, &all);
    return str_join(c->arena, all.at, all.len, S(" "));
}

/* What cannot be read stays as typed beside its question. */
static void read_questions(Ctx *c, Desk *d, CaseView *v)
{
    for (Str rest = d->r.questions; rest.len;) {
        StrPair cut  = str_cut(rest, ' ');
        int     node = form_find(d->p, cut.head);
        rest = cut.tail;
        if (node < 0 || d->p->nodes.at[node].answer < 0)
            continue;
        const FormNode *n    = &d->p->nodes.at[node];
        Str             text = sent_text(c, n), read = S("");
        bool            good = form_answer_read(c->arena, d->p, node, c->lang, text, &read) == ANSWER_OK;
        d->answers.at[n->answer] = good ? read : S("");
        d->typed.at[n->answer]   = good ? S("") : text;
        if (!good)
            field_error(c, &v->errors, arena_fmt(c->arena, "q.%.*s", STR_ARG(n->name)), text_of(c->lang, "recheck.fault.answer"));
    }
}

static Str texts_json(Ctx *c, const Desk *d, const FormAnswers *x)
{
    Buf b = buf_new(c->arena, 512);
    buf_byte(&b, '{');
    for (size_t i = 0; i < d->p->nodes.len; i++) {
        int answer = d->p->nodes.at[i].answer;
        if (answer < 0 || !x->at[answer].len)
            continue;
        buf_add(&b, b.len > 1 ? S(",") : S(""));
        buf_json_str(&b, d->p->nodes.at[i].name);
        buf_byte(&b, ':');
        buf_json_str(&b, x->at[answer]);
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

static Err save(Ctx *c, Desk *d, CaseState to)
{
    d->x.state    = to;
    d->x.checker  = c->session.person;
    d->x.answers  = texts_json(c, d, &d->answers);
    d->x.typed    = texts_json(c, d, &d->typed);
    d->x.saved_at = c->now;
    d->x.done_at  = to == CASE_DRAFT ? (Time){ 0 } : c->now;
    TRY(case_save(c->db, &d->x));
    return to == CASE_DRAFT ? OK : audit_add(c, to == CASE_DONE ? S("recheck.done") : S("recheck.not_reached"), S("recheck"), d->x.id, d->x.unit, S(""));
}

static Err case_action(Ctx *c)
{
    Desk     d = { 0 };
    CaseView v = { .note = form_str(c, "note") };
    Str      act = form_str(c, "act");
    TRY(desk_load(c, &d));
    if (d.x.state == CASE_DONE || d.x.state == CASE_NOT_REACHED)
        return redirect_notice(c, S("/console/recheck"), NOTICE_WARN, text_of(c->lang, "recheck.over"));
    read_questions(c, &d, &v);
    d.x.note = v.note;
    if (str_eq(act, S("not_reached")) && (!v.note.len || utf8_count(v.note) > NOTE_MOST)) {
        field_error(c, &v.errors, S("note"), text_of(c->lang, "recheck.fault.note"));
        return show(c, &d, &v, 422);
    }
    if (str_eq(act, S("done")) && v.errors.len)
        return show(c, &d, &v, 422);
    TRY(save(c, &d, str_eq(act, S("done")) ? CASE_DONE : str_eq(act, S("not_reached")) ? CASE_NOT_REACHED : CASE_DRAFT));
    return redirect_notice(c, S("/console/recheck"), NOTICE_OK, text_of(c->lang, "recheck.saved"));
}

const Route recheck_routes[] = {
    { GET,  "/recheck",            RIGHT_RECHECK_DO, cases_page },
    { GET,  "/recheck/cases/{id}", RIGHT_RECHECK_DO, case_page },
    { POST, "/recheck/cases/{id}", RIGHT_RECHECK_DO, case_action },
    { 0 },
};

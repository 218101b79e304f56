/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Walking a questionnaire before it is opened. Nothing is stored: the answers so far travel in the page itself. */
#include "collect/console.h"
#include "collect/respond.h"
#include "round_preview.html.h"

static Err preview_view(Ctx *c, const Round *r, const FormProgram *p, const FormAnswers *x, const FormAnswers *typed, int node, const AnswerIssues *issues)
{
    PreviewView v = {
        .page = { .p = p, .x = x, .typed = typed, .issues = issues, .now = c->now, .fields = &c->req->form, .find = form_find_choices },
        .node = node, .token = c->page.form_token, .done = node < 0,
        .action = round_console_path(c, r, "/preview"), .state = draft_json(c->arena, p, x, typed), .restart_href = round_console_path(c, r, "/preview"),
        .back_href = round_console_path(c, r, ""),
    };
    if (node >= 0)
        v.part = form_part(p, *c->arena, x, c->now, c->lang, node);
    for (int i = 0; i < p->answer_count; i++)
        v.given += x->at[i].len != 0;
    for (size_t i = 0; issues && i < issues->len; i++)
        field_error(c, &v.errors, form_control_id(c->arena, p, issues->at[i].node), issues->at[i].message[c->lang]);
    Out o = page_begin(c, text_of(c->lang, "collect.preview.title"));
    page_crumb(c, c->page.title, S(""));
    round_preview(&o, &v);
    return page_end_status(c, &o, v.errors.len ? 422 : 200);
}

static Err preview_open(Ctx *c, Round *r, const FormProgram **p)
{
    TRY(round_of_console(c, RIGHT_ROUND_READ, r));
    return form_program(c->db, c->store, c->arena, r->form, p);
}

Err round_preview_page(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    TRY(preview_open(c, &r, &p));
    FormAnswers x, typed = form_answers_new(c->arena, p);
    form_begin(p, c->arena, &x, c->now);
    x.mix = 1;
    return preview_view(c, &r, p, &x, &typed, form_next_page(p, *c->arena, &x, c->now, -1), NULL);
}

Err round_preview_action(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    AnswerIssues       issues = { 0 };
    TRY(preview_open(c, &r, &p));
    FormAnswers x = form_answers_new(c->arena, p), typed = form_answers_new(c->arena, p);
    draft_read(c->arena, p, form_str(c, "state"), &x, &typed);
    x.mix    = 1;                                        /* one order through all pages */
    int node = form_find(p, form_str(c, "page"));
    if (node < 0)
        return redirect(c, round_console_path(c, &r, "/preview"));
    node = form_page_of(p, node);
    if (form_has(c, "back")) {
        int before = form_prev_page(p, *c->arena, &x, c->now, node);
        return preview_view(c, &r, p, &x, &typed, before < 0 ? node : before, NULL);
    }
    form_page_read(p, c->arena, c->lang, &c->req->form, c->now, node, &x, &typed, &issues);
    if (form_page_looks(&c->req->form))
        return preview_view(c, &r, p, &x, &typed, node, NULL);
    if (issues.len)
        return preview_view(c, &r, p, &x, &typed, node, &issues);
    return preview_view(c, &r, p, &x, &typed, form_next_page(p, *c->arena, &x, c->now, node), NULL);
}

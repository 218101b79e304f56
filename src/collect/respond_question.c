/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One question a page, and the page where everything is checked before sending. */
#include "collect/respond.h"
#include "respond_check.html.h"
#include "respond_question.html.h"

HelpBox respond_help(const Respond *r)
{
    Time end = r->info->round.closes_at;
    return (HelpBox){ .resume_code = r->has_draft ? word_grouped(r->c->arena, r->carried.resume) : S(""),
                      .until = end.ms ? date_of(end) : DATE_NONE, .phone = r->c->app->help_phone };
}

static int64_t given(const Respond *r)
{
    int64_t n = 0;
    for (size_t i = 0; i < r->program->nodes.len; i++) {
        const FormNode *node = &r->program->nodes.at[i];
        n += node->answer >= 0 && form_node_asks(node) && r->x.at[node->answer].len != 0;
    }
    return n;
}

/* "17:05"; with the day when that was not today. */
static Str saved_time(const Respond *r)
{
    Hms at = time_of_day(r->draft.saved_at);
    if (date_of(r->draft.saved_at).day != r->c->today.day)
        return time_text(r->c->arena, r->c->lang, r->draft.saved_at);
    return arena_fmt(r->c->arena, "%02d:%02d", at.hour, at.minute);
}

/* ---- Question -------------------------------------------------------------------------------------- */
static Err question_view(Ctx *c, Respond *r, int node, const AnswerIssues *issues)
{
    bool checking = str_eq(query_str(c, "from"), S("check"));
    QuestionView v = {
        .program = r->program, .x = &r->x, .typed = &r->typed, .issues = issues, .now = c->now, .node = node,
        .part = form_part(r->program, *c->arena, &r->x, c->now, c->lang, node),
        .back_href = checking ? respond_href(r, "/check") : site_path(c, respond_before(r, node)),
        .action = str_concat(c->arena, site_path(c, respond_question_path(r, node)), checking ? S("?from=check") : S("")),
        .token = form_token(c), .saved = given(r), .saved_time = saved_time(r), .from_check = checking, .help = respond_help(r),
    };
    for (size_t i = 0; issues && i < issues->len; i++)
        field_error(c, &v.errors, form_control_id(c->arena, r->program, issues->at[i].node), issues->at[i].message[c->lang]);
    Out o = page_begin(c, form_label_filled(c->arena, r->program, node, &r->x, c->lang));
    respond_question(&o, &v);
    return page_end_status(c, &o, v.errors.len ? 422 : 200);
}

/* A page that is not asked now (an earlier answer changed) leads to the next one that is. */
static bool asked_now(Respond *r, int node)
{
    return node >= 0 && form_relevant(r->program, *r->c->arena, &r->x, r->c->now, node);
}

Err respond_question_page(Ctx *c)
{
    Respond r;
    bool    left;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    int node = respond_question_of(&r, path_str(c, "name"));
    if (node < 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("question"));
    return asked_now(&r, node) ? question_view(c, &r, node, NULL) : redirect(c, respond_after(&r, node));
}

Err respond_question_action(Ctx *c)
{
    Respond      r;
    bool         left;
    AnswerIssues issues = { 0 };
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    int node = respond_question_of(&r, path_str(c, "name"));
    if (node < 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("question"));
    bool later = form_has(c, "later");
    form_page_read(r.program, c->arena, c->lang, &c->req->form, c->now, node, &r.x, &r.typed, &issues);
    if (issues.len && !later) {
        TRY(respond_save(&r, respond_question_path(&r, node)));
        return question_view(c, &r, node, &issues);
    }
    bool checking = str_eq(query_str(c, "from"), S("check"));
    Str  next     = later ? respond_question_path(&r, node) : checking ? respond_path(&r, "/check") : respond_after(&r, node);
    TRY(respond_save(&r, next));
    return redirect(c, later ? respond_path(&r, "/resume?saved=1") : next);
}

/* ---- Check ------------------------------------------------------------------------------------------- */
static CheckRows check_rows(Ctx *c, Respond *r, const AnswerIssues *issues)
{
    CheckRows rows  = { 0 };
    FormState state = form_state(r->program, c->arena, &r->x, c->now);
    FormPart  last  = { 0 };
    for (int i = 0; i < (int)r->program->nodes.len; i++) {
        const FormNode *n = &r->program->nodes.at[i];
        if (!form_node_asks(n) || !state.relevant[i])
            continue;
        CheckRow *row  = list_add(c->arena, &rows);
        FormPart  part = form_part(r->program, *c->arena, &r->x, c->now, c->lang, i);
        *row = (CheckRow){
            .node  = i,
            .label = form_label_filled(c->arena, r->program, i, &r->x, c->lang),
            .value = form_answer_text(c->arena, r->program, i, &r->x, c->lang),
            .href  = str_concat(c->arena, site_path(c, respond_question_path(r, form_page_of(r->program, i))), S("?from=check")),
        };
        row->first = rows.len == 1 || part.number != last.number;
        if (row->first && part.total > 1)
            row->section = part.title;
        last = part;
        for (size_t k = 0; k < issues->len; k++)
            row->missing |= issues->at[k].node == i;
    }
    return rows;
}

Err respond_check_view(Ctx *c, Respond *r, bool tried)
{
    AnswerIssues issues = { 0 };
    form_check(r->program, c->arena, &r->x, c->now, -1, &issues);
    int last = form_prev_page(r->program, *c->arena, &r->x, c->now, (int)r->program->nodes.len);
    CheckView v = {
        .rows = check_rows(c, r, &issues), .action = respond_href(r, "/check"), .token = form_token(c), .help = respond_help(r),
        .back_href = last >= 0 ? site_path(c, respond_question_path(r, last)) : respond_href(r, ""),
    };
    for (size_t i = 0; tried && i < issues.len; i++) {
        Str label = form_label_filled(c->arena, r->program, issues.at[i].node, &r->x, c->lang);
        field_error(c, &v.errors, arena_fmt(c->arena, "cau-%d", issues.at[i].node),
                    arena_fmt(c->arena, "%.*s: %.*s", STR_ARG(label), STR_ARG(issues.at[i].message[c->lang])));
    }
    Out o = page_begin(c, text_of(c->lang, "collect.check.title"));
    respond_check(&o, &v);
    return page_end_status(c, &o, v.errors.len ? 422 : 200);
}

Err respond_check_page(Ctx *c)
{
    Respond r;
    bool    left;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    if (r.info->round.identity == IDENTITY_CODE && !r.carried.code.len)
        return redirect(c, respond_path(&r, "/code"));
    return respond_check_view(c, &r, false);
}
